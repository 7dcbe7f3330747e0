/* SPDX-License-Identifier: MIT */
/* The includes that cmocka wants, in the order it wants them. */
#ifndef DARA_TESTS_UNIT_H
#define DARA_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka's header comes last: it needs those above. */
#include <cmocka.h>

#endif
