/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into a process under test: something goes wrong at its N-th call that changes a file.
 *
 *   DARA_FAULT_AT=N      which call, from 1
 *   DARA_FAULT=kill      SIGKILL before the call
 *              torn      half of a write is done, then SIGKILL
 *              enospc    this call and every later write says that the disk is full
 *              eio       this one call fails with EIO
 *              lost      the socket is shut down before the call (with DARA_FAULT_ONLY=socket)
 *              deaf      the call is sent, and its answer is lost
 *              run       the shell command DARA_FAULT_COMMAND is run, and waited for, before the call
 *              after     the same, after the call: what was sent is being worked on
 *   DARA_FAULT_COUNT=F   write the number of calls seen to the file F at exit
 *   DARA_FAULT_ONLY=S    count only calls on files whose path holds S (writes and syncs; by /proc/self/fd); with "socket" only what
 *                        is sent to a server
 *   DARA_FAULT_TEXT=S    of what is sent, count only what begins with S behind the few bytes of the protocol, or with another statement and
 *                        ";S" behind it
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static long calls, at;
static enum { NONE, KILL, TORN, ENOSPACE, EIOFAULT, LOST, DEAF, RUN, AFTER } kind;
static bool full;
static const char *only;
static const char *begins;
static bool sockets; /* instead of files */

static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

__attribute__((constructor)) static void begin(void)
{
    const char *n = getenv("DARA_FAULT_AT"), *what = getenv("DARA_FAULT");
    at = n ? strtol(n, NULL, 10) : 0;
    only = getenv("DARA_FAULT_ONLY");
    begins = getenv("DARA_FAULT_TEXT");
    sockets = only && !strcmp(only, "socket");
    if (what)
        kind = !strcmp(what, "kill")     ? KILL
               : !strcmp(what, "torn")   ? TORN
               : !strcmp(what, "enospc") ? ENOSPACE
               : !strcmp(what, "eio")    ? EIOFAULT
               : !strcmp(what, "lost")   ? LOST
               : !strcmp(what, "deaf")   ? DEAF
               : !strcmp(what, "run")    ? RUN
               : !strcmp(what, "after")  ? AFTER
                                         : NONE;
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("DARA_FAULT_COUNT");
    FILE *file = path ? fopen(path, "we") : NULL;
    if (file) {
        fprintf(file, "%ld\n", calls);
        fclose(file);
    }
}

static bool counts(int fd)
{
    char link[64], path[4096];
    struct stat info;
    if (sockets || fstat(fd, &info) != 0 || !(S_ISREG(info.st_mode) || S_ISDIR(info.st_mode)))
        return false;
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof(path) - 1);
    if (length < 0)
        return false;
    path[length] = '\0';
    /* Where the test itself gathers output. */
    if (strstr(path, "/out") || strstr(path, "/err"))
        return false;
    return !only || strstr(path, only);
}

/* What is struck from outside: the command is no part of the process under test, so it is not preloaded into. */
static void run_command(void)
{
    char *arguments[] = {(char *)"sh", (char *)"-c", getenv("DARA_FAULT_COMMAND"), NULL};
    pid_t pid = arguments[2] ? fork() : -1;
    if (pid == 0) {
        unsetenv("LD_PRELOAD");
        execv("/bin/sh", arguments);
        _exit(127);
    }
    if (pid > 0)
        waitpid(pid, NULL, 0);
}

/* Returns an errno to fail with, 0 to go on, -1 to do half and die. */
static int strike(bool writes)
{
    calls++;
    if (full && writes)
        return ENOSPC;
    if (calls != at)
        return 0;
    switch (kind) {
    case KILL:
        raise(SIGKILL);
        return 0;
    case TORN:
        if (writes)
            return -1;
        raise(SIGKILL);
        return 0;
    case ENOSPACE:
        full = true;
        return writes ? ENOSPC : 0;
    case EIOFAULT:
        return EIO;
    case RUN:
        run_command();
        return 0;
    case LOST: /* see send() */
    case DEAF:
    case AFTER:
    case NONE:
        return 0;
    }
    return 0;
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    static ssize_t (*real)(int, const void *, size_t);
    if (!real)
        real = next("write");
    int fault = counts(fd) ? strike(true) : 0;
    if (fault > 0) {
        errno = fault;
        return -1;
    }
    if (fault < 0) {
        real(fd, bytes, length / 2);
        raise(SIGKILL);
    }
    return real(fd, bytes, length);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    if (!real)
        real = next("pwrite64");
    int fault = counts(fd) ? strike(true) : 0;
    if (fault > 0) {
        errno = fault;
        return -1;
    }
    if (fault < 0) {
        real(fd, bytes, length / 2, offset);
        raise(SIGKILL);
    }
    return real(fd, bytes, length, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
    return pwrite64(fd, bytes, length, offset);
}

#define SIMPLE_FD(name, parameters, arguments)      \
    int name parameters                             \
    {                                               \
        static int(*real) parameters;               \
        if (!real)                                  \
            real = next(#name);                     \
        int fault = counts(fd) ? strike(false) : 0; \
        if (fault > 0) {                            \
            errno = fault;                          \
            return -1;                              \
        }                                           \
        return real arguments;                      \
    }
SIMPLE_FD(fsync, (int fd), (fd))
SIMPLE_FD(fdatasync, (int fd), (fd))
SIMPLE_FD(ftruncate, (int fd, off_t length), (fd, length))
SIMPLE_FD(ftruncate64, (int fd, off64_t length), (fd, length))

#define SIMPLE_PATH(name, parameters, arguments)                                   \
    int name parameters                                                            \
    {                                                                              \
        static int(*real) parameters;                                              \
        if (!real)                                                                 \
            real = next(#name);                                                    \
        int fault = !sockets && (!only || strstr(path, only)) ? strike(false) : 0; \
        if (fault > 0) {                                                           \
            errno = fault;                                                         \
            return -1;                                                             \
        }                                                                          \
        return real arguments;                                                     \
    }
SIMPLE_PATH(unlink, (const char *path), (path))
SIMPLE_PATH(rename, (const char *path, const char *to), (path, to))

#define PROTOCOL_BYTES 16

static bool counts_sent(const void *bytes, size_t length)
{
    if (!sockets || !begins || !*begins)
        return sockets;
    const size_t size = strlen(begins), room = size + PROTOCOL_BYTES;
    const char *at_end = bytes, *end = at_end + length;
    if (memmem(bytes, length < room ? length : room, begins, size))
        return true;
    while ((at_end = memchr(at_end, ';', (size_t)(end - at_end))) != NULL) {
        at_end++;
        if ((size_t)(end - at_end) >= size && memcmp(at_end, begins, size) == 0)
            return true;
    }
    return false;
}

/* Client libraries send to their servers by send(), without TLS. */
ssize_t send(int fd, const void *bytes, size_t length, int flags)
{
    static ssize_t (*real)(int, const void *, size_t, int);
    if (!real)
        real = next("send");
    bool counted = counts_sent(bytes, length);
    if (counted && kind == LOST && calls + 1 == at)
        shutdown(fd, SHUT_RDWR);
    int fault = counted ? strike(true) : 0;
    if (fault > 0) {
        errno = fault;
        return -1;
    }
    if (fault < 0) {
        real(fd, bytes, length / 2, flags);
        raise(SIGKILL);
    }
    ssize_t sent = real(fd, bytes, length, flags);
    if (counted && kind == DEAF && calls == at)
        shutdown(fd, SHUT_RD);
    if (counted && kind == AFTER && calls == at)
        run_command();
    return sent;
}
