/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <dara/version.h>

#include "base/signal.h"
#include "base/url.h"
#include "cli/call.h"

/* With one of the first three descriptors closed, the next file opened (a database) would take its place and get our output.
 * Reading from and writing to what stands in for them fails. */
static void fill_descriptors(void)
{
    int descriptor;
    do
        descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
    while (descriptor >= 0 && descriptor <= STDERR_FILENO);
    if (descriptor >= 0)
        close(descriptor);
}

/* The kernel gives memory out in pages of 4 KiB, at a microsecond and a half each: an eighth of the time of a snapshot of 500 tables.
 * Here it is asked for large pages for the first of the heap, but for a little before them, which is all that small schemas take. The
 * address space costs nothing until it is used, and where the kernel gives no such pages all goes as it would have. */
static void use_large_pages(void)
{
#if defined(__GLIBC__) && defined(MADV_HUGEPAGE)
    enum { SMALL = 256 << 10, PAGE = 2 << 20, HEAP = 8 * PAGE };
    mallopt(M_TOP_PAD, HEAP);
    mallopt(M_TRIM_THRESHOLD, 4 * HEAP);
    mallopt(M_MMAP_THRESHOLD, HEAP / 2);
    (void)sbrk((intptr_t)((0 - (uintptr_t)sbrk(0) - SMALL) % PAGE));
    char *start = sbrk(0);
    void *volatile first = malloc(1); /* now the heap is there; volatile, or the compiler leaves it out */
    free(first);
    (void)madvise(start, (size_t)((char *)sbrk(0) - start), MADV_HUGEPAGE);
#endif
}

/* Whoever lists processes sees their arguments: the secret of a URL stands there no longer than it takes to read it. */
static const char *hide_secret(char *argument)
{
    char *url = strncmp(argument, "--", 2) == 0 && strchr(argument, '=') ? strchr(argument, '=') + 1 : argument;
    DARA_FREE char *shown = strchr(url, ':') ? dara_url_shown(url) : NULL;
    if (!shown || strcmp(shown, url) == 0)
        return argument;
    char *kept = dara_strdup(argument);
    size_t room = strlen(url), length = strlen(shown) < room ? strlen(shown) : room;
    memset(url, 0, room);
    memcpy(url, shown, length);
    return kept;
}

int main(int argc, char **argv)
{
    static const char **arguments; /* lasts as long as the process */
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        return puts("dara " DARA_VERSION) == EOF || fflush(stdout) ? 9 : 0;
    fill_descriptors();
    use_large_pages();
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away is an error of write() */
    dara_signal_install();
    if (argc <= 1)
        return dara_prompt();
    arguments = dara_alloc((size_t)argc * sizeof(*arguments));
    for (int i = 1; i < argc; i++)
        arguments[i - 1] = hide_secret(argv[i]);
    return dara_run((size_t)argc - 1, arguments, false);
}
