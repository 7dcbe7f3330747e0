/* SPDX-License-Identifier: MIT */
/*
 * The lock of a run: an advisory lock (flock) on a file beside the database, which also tells who holds it.
 *
 * Why not a row in the database: inside BEGIN IMMEDIATE nobody else can read it before the commit, so a waiting run could
 * not name the holder; committed beforehand it would be a write that a dry-run must not make, and one that outlives a killed
 * run. The kernel frees this lock with the process, whatever ends it.
 *
 * The file is removed while it is still locked. Whoever waited on the removed file, or opened it just before, sees that the
 * name leads elsewhere and begins again, so two can never hold locks on two files of one name.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver.h"

static int fail_lock(const char *path, int number)
{
    dara_error_set(DARA_EFILE, "cannot make the lock file '%s': %s", path, strerror(number));
    dara_error_hint("dara must be able to write in the folder of the database, as SQLite itself must");
    return DARA_EFILE;
}

static int set_path(struct dara_conn *conn)
{
    static const char suffix[] = "-dara-lock";
    if (conn->lock_path)
        return 0;
    size_t room = strlen(conn->path) + sizeof(suffix);
    conn->lock_path = malloc(room);
    if (!conn->lock_path)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    snprintf(conn->lock_path, room, "%s%s", conn->path, suffix);
    return 0;
}

/* Open, making it with the owner and permissions of the database, so that everyone who may write there can lock. */
static int open_lock(struct dara_conn *conn)
{
    struct stat database;
    mode_t mode = 0644;
    bool known = stat(conn->path, &database) == 0;
    if (known)
        mode = database.st_mode & 0666;
    int fd = open(conn->lock_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd >= 0) {
        if (known && geteuid() == 0 && fchown(fd, database.st_uid, database.st_gid) != 0)
            errno = 0; /* a file system without owners: the lock works all the same */
        if (fchmod(fd, mode) != 0)
            errno = 0;
        return fd;
    }
    if (errno != EEXIST)
        return -1;
    return open(conn->lock_path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
}

static bool is_current(int fd, const char *path)
{
    struct stat opened, named;
    return fstat(fd, &opened) == 0 && lstat(path, &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino;
}

/* One try: 0 with the lock held, EWOULDBLOCK when another holds it, ENOENT when the file went away meanwhile,
 * else an errno. */
static int try_lock(struct dara_conn *conn, int *ret_fd)
{
    int fd = open_lock(conn);
    if (fd < 0)
        return errno;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        int number = errno;
        close(fd);
        return number;
    }
    if (!is_current(fd, conn->lock_path)) {
        close(fd);
        return ENOENT;
    }
    *ret_fd = fd;
    return 0;
}

static int write_owner(int fd, const char *owner)
{
    size_t length = strlen(owner), done = 0;
    if (ftruncate(fd, 0) != 0)
        return errno;
    while (done < length) {
        ssize_t written = pwrite(fd, owner + done, length - done, (off_t)done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written < 0 ? errno : EIO;
        done += (size_t)written;
    }
    return 0;
}

static void read_owner(const char *path, struct dara_text *holder)
{
    char owner[512];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return;
    ssize_t length = read(fd, owner, sizeof(owner));
    close(fd);
    if (length > 0)
        dara_text_add_bytes(holder, owner, strnlen(owner, (size_t)length));
}

static int fail_held(const struct dara_conn *conn, struct dara_text *holder)
{
    read_owner(conn->lock_path, holder);
    const char *owner = holder ? dara_text_get(holder, NULL) : "";
    dara_error_set(DARA_ELOCKED, "the lock on '%s' is held by %s", conn->path, *owner ? owner : "another run");
    dara_error_detail("the lock file is '%s'", conn->lock_path);
    dara_error_hint("wait for the other run to end, or wait longer with --lock-timeout");
    dara_error_native("EWOULDBLOCK");
    return DARA_ELOCKED;
}

static int take(struct dara_conn *conn, int fd, const char *owner)
{
    int number = write_owner(fd, owner ? owner : "");
    if (!number) {
        conn->lock_fd = fd;
        return 0;
    }
    unlink(conn->lock_path);
    close(fd);
    return fail_lock(conn->lock_path, number);
}

int sqlite_apply_lock(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder)
{
    if (!conn->path || conn->lock_fd >= 0)
        return 0; /* a scratch database is nobody else's */
    int code = set_path(conn);
    if (code)
        return code;
    for (;;) {
        int fd = -1, number = try_lock(conn, &fd);
        if (!number)
            return take(conn, fd, request->owner);
        if (number == ENOENT && access(conn->path, F_OK) == 0)
            continue; /* the file was removed between two steps: its holder is gone */
        return number == EWOULDBLOCK || number == EINTR ? fail_held(conn, holder) : fail_lock(conn->lock_path, number);
    }
}

int sqlite_apply_unlock(struct dara_conn *conn)
{
    if (conn->lock_fd < 0)
        return 0;
    /* Removed while held, and only if it is still ours: somebody may have cleaned up by hand. */
    if (is_current(conn->lock_fd, conn->lock_path))
        unlink(conn->lock_path);
    close(conn->lock_fd);
    conn->lock_fd = -1;
    return 0;
}
