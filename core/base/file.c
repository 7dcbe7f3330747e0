/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/text.h"

enum { LARGEST = 1 << 30, BUFFER = 1 << 16 };

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

/* ---- reading ---- */

static ssize_t read_some(int fd, void *bytes, size_t room)
{
    ssize_t got;
    do
        got = read(fd, bytes, room);
    while (got < 0 && errno == EINTR);
    return got;
}

static int not_regular(const char *doing, const char *path, mode_t mode)
{
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    errno = EISDIR;
    if (S_ISDIR(mode))
        return dara_file_fail(doing, path);
    dara_text_add_visible(&shown, path);
    return dara_error_set(DARA_EFILE, "cannot %s '%s': not a regular file", doing, dara_text_string(&shown));
}

/* Open a regular file; its size as far as the file system tells it. */
static int open_regular(const char *path, int *ret_fd, size_t *ret_size)
{
    struct stat info;
    /* O_NONBLOCK: a named pipe without a writer must not hang. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return dara_file_fail("read", path);
    if (fstat(fd, &info) != 0) {
        dara_file_fail("read", path);
        close(fd);
        return DARA_EFILE;
    }
    if (!S_ISREG(info.st_mode)) {
        close(fd);
        return not_regular("read", path, info.st_mode);
    }
    *ret_fd = fd;
    *ret_size = info.st_size > 0 ? (size_t)info.st_size : 0;
    return 0;
}

static int too_large(const char *path)
{
    errno = EFBIG;
    return dara_file_fail("read", path);
}

int dara_file_read(const char *path, char **ret_bytes, size_t *ret_length)
{
    DARA_CLEANUP(close_fd) int fd = -1;
    DARA_FREE char *bytes = NULL;
    size_t size, length = 0;
    int result = open_regular(path, &fd, &size);
    if (result)
        return result;
    if (size > LARGEST)
        return too_large(path);
    size_t room = size + 2; /* one more than the file, to see its end, and the NUL */
    bytes = dara_realloc(NULL, room);
    for (;;) {
        if (length + 1 == room)
            bytes = dara_realloc(bytes, room *= 2);
        ssize_t got = read_some(fd, bytes + length, room - 1 - length);
        if (got < 0)
            return dara_file_fail("read", path);
        if (got == 0)
            break;
        length += (size_t)got;
        if (length > LARGEST)
            return too_large(path);
    }
    bytes[length] = '\0';
    *ret_bytes = bytes;
    *ret_length = length;
    bytes = NULL;
    return 0;
}

/* Give a file to `take` in pieces until its end, or until `take` returns false. */
static int read_pieces(const char *path, bool (*take)(void *context, const char *bytes, size_t length), void *context)
{
    DARA_CLEANUP(close_fd) int fd = -1;
    size_t size;
    int result = open_regular(path, &fd, &size);
    if (result)
        return result;
    DARA_FREE char *buffer = dara_realloc(NULL, BUFFER);
    ssize_t got;
    do
        got = read_some(fd, buffer, BUFFER);
    while (got > 0 && take(context, buffer, (size_t)got));
    return got < 0 ? dara_file_fail("read", path) : 0;
}

struct hashing {
    struct dara_hash *hash;
    uint64_t total;
};

static bool hash_piece(void *context, const char *bytes, size_t length)
{
    struct hashing *hashing = context;
    dara_hash_add(hashing->hash, bytes, length);
    hashing->total += length;
    return true;
}

int dara_sha256_file(const char *path, char ret_hex[65], uint64_t *ret_size)
{
    struct hashing hashing = {dara_hash_new(), 0};
    int result = read_pieces(path, hash_piece, &hashing);
    if (result) {
        dara_hash_free(hashing.hash);
        return result;
    }
    dara_hash_end(hashing.hash, ret_hex);
    if (ret_size)
        *ret_size = hashing.total;
    return 0;
}

/* ---- writing ---- */

struct dara_file {
    char *path;      /* where it goes; for messages, too */
    char *temporary; /* beside it */
    int fd;
    uint64_t offset;
    struct dara_hash *hash;
    size_t waiting; /* bytes in the buffer */
    char buffer[BUFFER];
};

struct dara_file *dara_file_abandon(struct dara_file *file)
{
    if (!file)
        return NULL;
    int saved = errno;
    close_fd(&file->fd);
    if (file->temporary)
        unlink(file->temporary);
    dara_hash_free(file->hash);
    free(file->temporary);
    free(file->path);
    free(file);
    errno = saved;
    return NULL;
}

/* The folder a path lies in; free(). */
static char *folder_of(const char *path)
{
    const char *base = dara_file_base(path);
    if (base == path)
        return dara_strdup(".");
    size_t length = (size_t)(base - path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    return dara_strndup(path, length);
}

/* Writing through a symbolic link changes what it points to, as it would without the detour of the temporary file. */
static char *behind_link(const char *path)
{
    struct stat info;
    char *real = NULL;
    if (lstat(path, &info) == 0 && S_ISLNK(info.st_mode))
        real = realpath(path, NULL);
    return real ? real : dara_strdup(path);
}

int dara_file_begin(const char *path, mode_t mode, struct dara_file **ret_file)
{
    static atomic_uint serial;
    struct stat info;
    if (!*path) {
        errno = ENOENT;
        return dara_file_fail("write", path);
    }
    /* Renaming onto a device, as root, would take it away. */
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
        return not_regular("write", path, info.st_mode);
    struct dara_file *file = dara_realloc(NULL, sizeof(*file)); /* the buffer need not be zeroed */
    memset(file, 0, offsetof(struct dara_file, buffer));
    file->path = behind_link(path);
    DARA_FREE char *folder = folder_of(file->path);
    do {
        /* The name is short, so that it fits wherever the target's does; one a killed process left is stepped over. */
        free(file->temporary);
        file->temporary = dara_format("%s/.dara-%ld-%u.tmp", folder, (long)getpid(), atomic_fetch_add(&serial, 1) + 1);
        file->fd = open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    } while (file->fd < 0 && errno == EEXIST);
    if (file->fd < 0) {
        dara_file_fail("write", path);
        free(file->temporary);
        file->temporary = NULL;
        dara_file_abandon(file);
        return DARA_EFILE;
    }
    (void)flock(file->fd, LOCK_EX | LOCK_NB); /* for dara_file_sweep() */
    file->hash = dara_hash_new();
    *ret_file = file;
    return 0;
}

static int write_all(struct dara_file *file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t put = write(file->fd, bytes, length);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return dara_file_fail("write", file->path);
        bytes += put;
        length -= (size_t)put;
    }
    return 0;
}

static int flush(struct dara_file *file)
{
    size_t length = file->waiting;
    file->waiting = 0;
    return write_all(file, file->buffer, length);
}

int dara_file_append(struct dara_file *file, const void *bytes, size_t length)
{
    int result = 0;
    if (length == 0)
        return 0;
    dara_hash_add(file->hash, bytes, length);
    file->offset += length;
    if (length > sizeof(file->buffer) - file->waiting)
        result = flush(file);
    if (result)
        return result;
    if (length > sizeof(file->buffer))
        return write_all(file, bytes, length);
    memcpy(file->buffer + file->waiting, bytes, length);
    file->waiting += length;
    return 0;
}

uint64_t dara_file_offset(const struct dara_file *file)
{
    return file->offset;
}

int dara_file_sync_folder(const char *path)
{
    DARA_FREE char *folder = folder_of(path);
    DARA_CLEANUP(close_fd) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == EACCES ? 0 : dara_file_fail("open", folder); /* a folder one may write to but not read */
    /* Some file systems cannot sync a folder. */
    if (fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS)
        return dara_file_fail("sync", folder);
    return 0;
}

/* Bytes on disk, under the temporary name. close() can report what write() put off (quota, network). */
static int settle(struct dara_file *file)
{
    int result = flush(file);
    if (!result && fsync(file->fd) != 0 && errno != EINVAL && errno != ENOTSUP)
        result = dara_file_fail("write", file->path);
    int fd = file->fd;
    file->fd = -1;
    if (close(fd) != 0 && !result && errno != EINTR)
        result = dara_file_fail("write", file->path);
    if (!result && rename(file->temporary, file->path) != 0)
        result = dara_file_fail("write", file->path);
    return result;
}

int dara_file_place(struct dara_file *file, char *ret_sha256)
{
    int result = settle(file);
    if (!result) {
        char hex[65];
        free(file->temporary);
        file->temporary = NULL;
        dara_hash_end(file->hash, hex);
        file->hash = NULL;
        if (ret_sha256)
            memcpy(ret_sha256, hex, sizeof(hex));
    }
    dara_file_abandon(file);
    return result;
}

int dara_file_commit(struct dara_file *file, char *ret_sha256)
{
    char hex[65];
    DARA_FREE char *path = dara_strdup(file->path);
    int result = dara_file_place(file, hex);
    if (!result)
        result = dara_file_sync_folder(path);
    if (!result && ret_sha256)
        memcpy(ret_sha256, hex, sizeof(hex));
    return result;
}

int dara_file_write(const char *path, const void *bytes, size_t length, mode_t mode)
{
    struct dara_file *file;
    int result = dara_file_begin(path, mode, &file);
    if (result)
        return result;
    result = dara_file_append(file, bytes, length);
    if (result) {
        dara_file_abandon(file);
        return result;
    }
    return dara_file_commit(file, NULL);
}
