/* SPDX-License-Identifier: MIT */
/* Files: read whole, written whole or not at all. Errors are DARA_EFILE with the path. */
#ifndef DARA_BASE_FILE_H
#define DARA_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <dara/error.h>

/* DARA_EFILE from errno: "cannot <doing> '<path>': <why>", with errno's name as the native code. Returns the code. */
int dara_file_fail(const char *doing, const char *path);

/* Read a regular file whole. `*ret_bytes` ends in a NUL that does not count; free(). A folder, a device, an unreadable file
 * and one above 1 GiB are errors. */
int dara_file_read(const char *path, char **ret_bytes, size_t *ret_length);

/* Write beside, sync, rename, sync the folder: afterwards `path` has all the bytes, or what it had before. A symbolic link is
 * followed; a folder or device at `path` is an error. `mode` is that of open(2): the umask applies. */
int dara_file_write(const char *path, const void *bytes, size_t length, mode_t mode);

/* The same in pieces, for what does not fit in memory. Nothing is at `path` before dara_file_commit(). */
struct dara_file;
int dara_file_begin(const char *path, mode_t mode, struct dara_file **ret_file);
int dara_file_append(struct dara_file *file, const void *bytes, size_t length); /* also feeds a sha-256 */
uint64_t dara_file_offset(const struct dara_file *file);                        /* bytes appended so far */
/* Sync and rename; `*ret_sha256` (65 bytes, may be NULL) gets the hash of the content. Frees `file` in any case. */
int dara_file_commit(struct dara_file *file, char *ret_sha256);
/* The same without syncing the folder: for one of several files in it, before dara_file_sync_folder() of the last. */
int dara_file_place(struct dara_file *file, char *ret_sha256);
/* Make the renames in the folder of `path` last. */
int dara_file_sync_folder(const char *path);
struct dara_file *dara_file_abandon(struct dara_file *file); /* removes what was written; accepts NULL, returns NULL */

/* Remove what processes that are dead now left of files they were writing into `folder`; returns how many. What a live process,
 * of this machine or another, is writing stays. Never fails: what cannot be removed stays. */
size_t dara_file_sweep(const char *folder);

/* Make a folder and its parents. One that is there is fine. */
int dara_file_make_folder(const char *path);
bool dara_file_exists(const char *path);
/* `folder`/`name`, or `name` alone when it is absolute or folder is NULL, "" or ".". free(). */
char *dara_file_join(const char *folder, const char *name);
/* The path as people read it: relative to the current folder when inside it, else as it is. free(). */
char *dara_file_shown(const char *path);
/* Last component without folder. Borrowed. */
const char *dara_file_base(const char *path);
/* Names in a folder (without . and ..), sorted bytewise, NULL-ended; free with dara_file_names_free(). */
int dara_file_names(const char *folder, char ***ret_names, size_t *ret_count);
void dara_file_names_free(char **names);

/* sha-256 as 64 hex digits and NUL. */
void dara_sha256(const void *bytes, size_t length, char ret_hex[65]);
int dara_sha256_file(const char *path, char ret_hex[65], uint64_t *ret_size);

#endif
