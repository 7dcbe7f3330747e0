/* SPDX-License-Identifier: MIT */
/* A migration file for MySQL and MariaDB. */
#define FUZZ_DRIVER "mysql"
#define FUZZ_ADDED  0
#include "script.h"
