/* SPDX-License-Identifier: MIT */
/* Time. DARA_TEST_NOW (seconds since 1970) fixes the wall clock for tests with expected output. */
#ifndef DARA_BASE_CLOCK_H
#define DARA_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* The time of day, in seconds; that of DARA_TEST_NOW where it is set. */
time_t dara_clock_now(void);
/* Microseconds of a clock that never goes back. */
int64_t dara_clock_monotonic_us(void);
void dara_clock_iso(time_t when, char ret[21]);     /* "2026-11-20T09:30:00Z" */
void dara_clock_version(time_t when, char ret[15]); /* "20261120093000" */
void dara_clock_stamp(time_t when, char ret[16]);   /* "20261120_093000" */
/* Parse the iso form. 0, or -1. */
int dara_clock_parse_iso(const char *text, time_t *ret_when);
/* "850 ms", "1.2 s", "3 min 4 s". */
void dara_clock_duration(int64_t us, char *ret, size_t room);
/* user@host of this process. free(). */
char *dara_clock_whoami(void);

#endif
