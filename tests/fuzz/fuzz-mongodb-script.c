/* SPDX-License-Identifier: MIT */
/* A migration file for MongoDB. */
#define FUZZ_DRIVER "mongodb"
#define FUZZ_ADDED  0
#include "script.h"
