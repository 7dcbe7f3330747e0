/* SPDX-License-Identifier: MIT */
/* A migration file for SQLite. */
#define FUZZ_DRIVER "sqlite"
#define FUZZ_ADDED  0
#include "script.h"
