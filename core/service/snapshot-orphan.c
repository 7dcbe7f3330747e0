/* SPDX-License-Identifier: MIT */
/* Files of snapshots that never became one: the run was killed before it wrote the meta, or is still at it. */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "service/snapshot-parts.h"

/* No run takes so many seconds between the first file of a snapshot and its meta. */
#define STALE 3600

/* Whether a name is one that dara gives: "YYYYMMDD_HHMMSS_label" with the ending of a text or a model. */
static bool is_ours(const char *name)
{
    static const char stamp[] = "dddddddd_dddddd_";
    for (size_t i = 0; stamp[i]; i++)
        if (stamp[i] == '_' ? name[i] != '_' : !isdigit((unsigned char)name[i]))
            return false;
    const char *dot = strrchr(name, '.');
    return dot && (!strcmp(dot, ".sql") || !strcmp(dot, ".json"));
}

static bool is_stale(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && time(NULL) - info.st_mtime > STALE;
}

int dara_snapshot_orphans(struct dara_context *context, struct dara_orphan **ret_list, size_t *ret_count)
{
    DARA_FREE char *folder = NULL;
    char **names = NULL;
    size_t name_count = 0, count = 0;
    int r = dara_snapshot_folder(context, &folder);
    if (r == 0 && dara_file_exists(folder))
        r = dara_file_names(folder, &names, &name_count);
    if (r < 0)
        return r;
    struct dara_orphan *list = dara_alloc((name_count + 1) * sizeof(*list));
    for (size_t i = 0; i < name_count; i++) {
        char *path = is_ours(names[i]) ? dara_file_join(folder, names[i]) : NULL;
        DARA_FREE char *meta = path ? dara_snapshot_meta_beside(path) : NULL;
        if (path && !meta)
            list[count++] = (struct dara_orphan){.path = path, .stale = is_stale(path)};
        else
            free(path);
    }
    dara_file_names_free(names);
    *ret_list = list;
    *ret_count = count;
    return 0;
}

void dara_snapshot_orphans_free(struct dara_orphan *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(list[i].path);
    free(list);
}

int dara_snapshot_orphan_remove(const struct dara_orphan *orphan)
{
    if (unlink(orphan->path) < 0 && errno != ENOENT)
        return dara_error_set(DARA_EFILE, "cannot remove '%s': %s", orphan->path, strerror(errno));
    return 0;
}
