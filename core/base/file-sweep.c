/* SPDX-License-Identifier: MIT */
/* What a killed process left of a file it was writing. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

/* The process of a name `.dara-PID-SERIAL.tmp`, or 0 for other names. */
static pid_t writer_of(const char *name)
{
    static const char begin[] = ".dara-";
    char *end;
    if (strncmp(name, begin, strlen(begin)) != 0)
        return 0;
    name += strlen(begin);
    errno = 0;
    long process = strtol(name, &end, 10);
    if (errno || process <= 0 || (pid_t)process != process || *name < '1' || *name > '9' || *end != '-')
        return 0;
    name = end + 1;
    size_t digits = strspn(name, "0123456789");
    return digits && strcmp(name + digits, ".tmp") == 0 ? (pid_t)process : 0;
}

/* The number may be that of another machine's process, or of another container's: whoever writes holds a lock, too. */
static bool is_left(int folder, const char *name)
{
    pid_t writer = writer_of(name);
    struct stat info;
    if (!writer || kill(writer, 0) == 0 || errno != ESRCH)
        return false;
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool left = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && flock(fd, LOCK_EX | LOCK_NB) == 0;
    close(fd);
    return left;
}

size_t dara_file_sweep(const char *folder)
{
    char **names;
    size_t count = 0, removed = 0;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    if (dara_file_names(folder, &names, &count) < 0) {
        dara_error_clear(); /* who needs the folder is told by what he does next */
        close(fd);
        return 0;
    }
    for (size_t i = 0; i < count; i++)
        if (is_left(fd, names[i]))
            removed += unlinkat(fd, names[i], 0) == 0;
    dara_file_names_free(names);
    close(fd);
    return removed;
}
