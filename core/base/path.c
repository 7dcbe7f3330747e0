/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

static const char *errno_name(int number)
{
    static const struct {
        int number;
        const char *name;
    } rows[] = {
#define ROW(name) {name, #name}
        ROW(ENOENT), ROW(EACCES), ROW(EPERM),  ROW(ENOSPC),       ROW(EDQUOT), ROW(EROFS),  ROW(EISDIR), ROW(ENOTDIR),
        ROW(EEXIST), ROW(EIO),    ROW(EFBIG),  ROW(ENAMETOOLONG), ROW(ELOOP),  ROW(EMFILE), ROW(ENFILE), ROW(EBUSY),
        ROW(ENODEV), ROW(ENXIO),  ROW(EINVAL), ROW(ENOTEMPTY),    ROW(EXDEV),  ROW(ESTALE),
#undef ROW
    };
    for (size_t i = 0; i < DARA_COUNT(rows); i++)
        if (rows[i].number == number)
            return rows[i].name;
    return NULL;
}

int dara_file_fail(const char *doing, const char *path)
{
    int number = errno;
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    DARA_FREE char *why = dara_strdup(strerror(number));
    /* Within a sentence: "no such file", but "I/O". */
    if (why[0] >= 'A' && why[0] <= 'Z' && why[1] >= 'a' && why[1] <= 'z')
        why[0] = (char)(why[0] - 'A' + 'a');
    dara_text_add_visible(&shown, path);
    dara_error_set(DARA_EFILE, "cannot %s '%s': %s", doing, dara_text_string(&shown), why);
    const char *name = errno_name(number);
    if (name)
        dara_error_native("%s", name);
    else
        dara_error_native("errno %d", number);
    if (number == ENOSPC || number == EDQUOT)
        dara_error_hint("free some disk space and try again");
    return DARA_EFILE;
}

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* Make one folder; one that is there already, made by whomever, is fine. */
static int make_one(const char *folder, const char *path)
{
    if (mkdir(folder, 0777) == 0 || is_folder(folder))
        return 0;
    return dara_file_fail("make the folder", path);
}

int dara_file_make_folder(const char *path)
{
    if (is_folder(path))
        return 0;
    DARA_FREE char *part = dara_strdup(path);
    for (char *slash = strchr(*part ? part + 1 : part, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int result = is_folder(part) ? 0 : make_one(part, path);
        if (result)
            return result;
        *slash = '/';
    }
    return make_one(path, path);
}

bool dara_file_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

char *dara_file_join(const char *folder, const char *name)
{
    if (name[0] == '/' || !folder || !*folder || strcmp(folder, ".") == 0)
        return dara_strdup(name);
    return dara_format("%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name);
}

char *dara_file_shown(const char *path)
{
    DARA_FREE char *here = path[0] == '/' ? getcwd(NULL, 0) : NULL;
    size_t length = here ? strlen(here) : 0;
    if (length > 1 && strncmp(path, here, length) == 0 && path[length] == '/' && path[length + 1])
        return dara_strdup(path + length + 1);
    return dara_strdup(path);
}

const char *dara_file_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int dara_file_names(const char *folder, char ***ret_names, size_t *ret_count)
{
    DIR *open_folder = opendir(folder);
    if (!open_folder)
        return dara_file_fail("list the folder", folder);
    char **names = NULL;
    size_t count = 0, room = 0;
    const struct dirent *entry;
    DARA_GROW(names, count, room);
    while (errno = 0, (entry = readdir(open_folder))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        names[count++] = dara_strdup(entry->d_name);
        DARA_GROW(names, count, room);
    }
    names[count] = NULL;
    int failed = errno;
    closedir(open_folder);
    if (failed) {
        errno = failed;
        dara_file_names_free(names);
        return dara_file_fail("list the folder", folder);
    }
    qsort(names, count, sizeof(*names), by_bytes);
    *ret_names = names;
    if (ret_count)
        *ret_count = count;
    return 0;
}

void dara_file_names_free(char **names)
{
    for (size_t i = 0; names && names[i]; i++)
        free(names[i]);
    free(names);
}
