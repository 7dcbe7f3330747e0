/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"

time_t dara_clock_now(void)
{
    const char *fixed = getenv("DARA_TEST_NOW");
    if (fixed && *fixed) {
        char *end;
        errno = 0;
        long long seconds = strtoll(fixed, &end, 10);
        if (!errno && !*end && seconds >= 0)
            return (time_t)seconds;
    }
    return time(NULL);
}

int64_t dara_clock_monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static struct tm parts_of(time_t when)
{
    struct tm parts;
    /* A year of five digits would not fit: such a time is a mistake, shown as the last that does. */
    static const time_t last = 253402300799; /* 9999-12-31T23:59:59Z */
    if (when < 0)
        when = 0;
    if (when > last)
        when = last;
    gmtime_r(&when, &parts);
    return parts;
}

void dara_clock_iso(time_t when, char ret[21])
{
    struct tm parts = parts_of(when);
    strftime(ret, 21, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

void dara_clock_version(time_t when, char ret[15])
{
    struct tm parts = parts_of(when);
    strftime(ret, 15, "%Y%m%d%H%M%S", &parts);
}

void dara_clock_stamp(time_t when, char ret[16])
{
    struct tm parts = parts_of(when);
    strftime(ret, 16, "%Y%m%d_%H%M%S", &parts);
}

static int digits(const char *text, int count)
{
    int number = 0;
    for (int i = 0; i < count; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

int dara_clock_parse_iso(const char *text, time_t *ret_when)
{
    static const char shape[] = "0000-00-00T00:00:00Z";
    if (!text || strlen(text) != sizeof(shape) - 1)
        return -1;
    for (size_t i = 0; shape[i]; i++)
        if (shape[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
            return -1;
    struct tm parts = {.tm_year = digits(text, 4) - 1900,
                       .tm_mon = digits(text + 5, 2) - 1,
                       .tm_mday = digits(text + 8, 2),
                       .tm_hour = digits(text + 11, 2),
                       .tm_min = digits(text + 14, 2),
                       .tm_sec = digits(text + 17, 2)};
    time_t when = timegm(&parts);
    /* timegm() takes 31 February for 3 March: what it made must read as it was written. */
    char again[21];
    dara_clock_iso(when, again);
    if (strcmp(again, text) != 0)
        return -1;
    *ret_when = when;
    return 0;
}

void dara_clock_duration(int64_t us, char *ret, size_t room)
{
    if (us < 0)
        us = 0;
    int64_t ms = us / 1000 + (us % 1000 >= 500), tenths = us / 100000 + (us % 100000 >= 50000);
    int64_t seconds = us / 1000000 + (us % 1000000 >= 500000);
    if (us < 10000 && us % 1000 != 0 && us / 100 + (us % 100 >= 50) < 100)
        snprintf(ret, room, "%" PRId64 ".%d ms", us / 1000, (int)(us % 1000 / 100));
    else if (ms < 1000)
        snprintf(ret, room, "%" PRId64 " ms", ms);
    else if (tenths < 600)
        snprintf(ret, room, "%" PRId64 ".%d s", tenths / 10, (int)(tenths % 10));
    else if (seconds < 3600)
        snprintf(ret, room, "%" PRId64 " min %d s", seconds / 60, (int)(seconds % 60));
    else
        snprintf(ret, room, "%" PRId64 " h %d min", seconds / 3600, (int)(seconds % 3600 / 60));
}

char *dara_clock_whoami(void)
{
    char host[256] = "", room[4096];
    struct passwd entry, *found = NULL;
    if (gethostname(host, sizeof(host) - 1) != 0 || !*host)
        snprintf(host, sizeof(host), "localhost");
    if (getpwuid_r(geteuid(), &entry, room, sizeof(room), &found) == 0 && found)
        return dara_format("%s@%s", found->pw_name, host);
    return dara_format("uid%lu@%s", (unsigned long)geteuid(), host);
}
