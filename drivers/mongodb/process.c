/* SPDX-License-Identifier: MIT */
#include "process.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The id of this start of the machine, and of the namespace that numbers its processes: only there a number means anything. */
static bool read_place(char *to, size_t room)
{
    char boot[64] = "", space[64] = "";
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    bool good = file && fscanf(file, "%60s", boot) == 1;
    if (file)
        fclose(file);
    ssize_t length = readlink("/proc/self/ns/pid", space, sizeof(space) - 1);
    if (!good || length <= 0)
        return false;
    snprintf(to, room, "%s %s", boot, space);
    return true;
}

/* When a process began, in ticks: the 22nd field, counted behind the name, which may hold anything. 0: there is none. */
static unsigned long long read_start(long pid, bool *ret_known)
{
    char path[64], line[1024] = "";
    unsigned long long start = 0;
    snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
    FILE *file = fopen(path, "re");
    bool there = file && fgets(line, sizeof(line), file);
    if (file)
        fclose(file);
    const char *at = there ? strrchr(line, ')') : NULL;
    *ret_known = !there || at;
    if (at)
        sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &start);
    return start;
}

void mongodb_process_name(char ret_name[MONGODB_PROCESS_MAX])
{
    char place[130];
    bool known = false;
    unsigned long long start = read_start((long)getpid(), &known);
    *ret_name = '\0';
    if (known && start && read_place(place, sizeof(place)))
        snprintf(ret_name, MONGODB_PROCESS_MAX, "%.100s %ld %llu", place, (long)getpid(), start);
}

bool mongodb_process_is_dead(const char *name)
{
    char place[130];
    size_t length;
    long pid = 0;
    unsigned long long start = 0;
    bool known = false;
    if (!read_place(place, sizeof(place)))
        return false;
    place[100] = '\0';
    length = strlen(place);
    if (strncmp(name, place, length) != 0 || sscanf(name + length, " %ld %llu", &pid, &start) != 2 || pid <= 0 ||
        !start)
        return false;
    unsigned long long now = read_start(pid, &known);
    return known && now != start;
}
