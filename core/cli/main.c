/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <dara/version.h>

#include "base/signal.h"
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

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        return puts("dara " DARA_VERSION) == EOF || fflush(stdout) ? 9 : 0;
    fill_descriptors();
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away is an error of write() */
    dara_signal_install();
    if (argc <= 1)
        return dara_prompt();
    return dara_run((size_t)argc - 1, (const char *const *)(argv + 1), false);
}
