/* SPDX-License-Identifier: MIT */
/* A migration file for PostgreSQL. */
#define FUZZ_DRIVER "postgres"
#define FUZZ_ADDED  3 /* "\n\\." behind rows of COPY */
#include "script.h"
