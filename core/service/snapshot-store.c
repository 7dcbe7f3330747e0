/* SPDX-License-Identifier: MIT */
/* The snapshots on disk: listing, finding, checking, removing. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/suggest.h"
#include "service/snapshot-parts.h"

#define META ".meta"

int dara_snapshot_folder(struct dara_context *context, char **ret_folder)
{
    int r = dara_context_project(context);
    if (r < 0)
        return r;
    *ret_folder = dara_project_path(context->project, "snapshots");
    return 0;
}

int dara_snapshot_sweep(struct dara_context *context)
{
    DARA_FREE char *folder = NULL;
    int r = dara_snapshot_folder(context, &folder);
    if (r == 0)
        (void)dara_file_sweep(folder);
    return r;
}

static char *in_folder(struct dara_arena *memory, const char *folder, const char *name)
{
    DARA_FREE char *path = dara_file_join(folder, name);
    return dara_arena_strdup(memory, path);
}

/* Read one meta file and resolve its paths. DARA_EFILE names the file. */
static int load(const char *meta_path, struct dara_snapshot **ret_snapshot)
{
    DARA_FREE char *text = NULL;
    size_t length;
    struct dara_snapshot *snapshot;
    int r = dara_file_read(meta_path, &text, &length);
    if (r < 0)
        return r;
    r = dara_snapshot_parse_meta(text, length, &snapshot);
    if (r < 0) {
        dara_error_at(meta_path, 0);
        return r;
    }
    const char *base = dara_file_base(meta_path);
    DARA_FREE char *folder = dara_strndup(meta_path, (size_t)(base - meta_path));
    if (strncmp(base, snapshot->id, strlen(snapshot->id)) || strcmp(base + strlen(snapshot->id), META)) {
        r = dara_error_set(DARA_EFILE, "malformed snapshot meta: it belongs to '%s'", snapshot->text_path);
        dara_error_at(meta_path, 0);
        dara_snapshot_free(snapshot);
        return r;
    }
    snapshot->meta_path = dara_arena_strdup(snapshot->memory, meta_path);
    snapshot->text_path = in_folder(snapshot->memory, folder, snapshot->text_path);
    snapshot->model_path = in_folder(snapshot->memory, folder, snapshot->model_path);
    *ret_snapshot = snapshot;
    return 0;
}

/* By second, then by the order in which they were made. */
static int by_age(const void *left, const void *right)
{
    const struct dara_snapshot *a = *(struct dara_snapshot *const *)left, *b = *(struct dara_snapshot *const *)right;
    int order = strncmp(a->id, b->id, strlen("YYYYMMDD_HHMMSS"));
    if (order == 0)
        order = (a->serial > b->serial) - (a->serial < b->serial);
    return order ? order : strcmp(a->id, b->id);
}

static bool is_meta(const char *name)
{
    size_t length = strlen(name);
    return *name != '.' && length > strlen(META) && !strcmp(name + length - strlen(META), META);
}

int dara_snapshot_list(struct dara_context *context, struct dara_snapshot ***ret_list, size_t *ret_count)
{
    DARA_FREE char *folder = NULL;
    char **names;
    size_t name_count, count = 0;
    int r = dara_snapshot_folder(context, &folder);
    if (r < 0)
        return r;
    struct dara_snapshot **list = NULL;
    if (!dara_file_exists(folder)) {
        *ret_list = dara_alloc(sizeof(*list));
        *ret_count = 0;
        return 0;
    }
    r = dara_file_names(folder, &names, &name_count);
    if (r < 0)
        return r;
    list = dara_alloc((name_count + 1) * sizeof(*list));
    for (size_t i = 0; i < name_count && r == 0; i++) {
        if (!is_meta(names[i]))
            continue;
        DARA_FREE char *path = dara_file_join(folder, names[i]);
        r = load(path, &list[count]);
        count += r == 0;
    }
    dara_file_names_free(names);
    if (r < 0) {
        dara_snapshot_list_free(list, count);
        return r;
    }
    qsort(list, count, sizeof(*list), by_age);
    *ret_list = list;
    *ret_count = count;
    return 0;
}

void dara_snapshot_list_free(struct dara_snapshot **list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        dara_snapshot_free(list[i]);
    free(list);
}

/* `list` (may be NULL) is what there is. */
static int not_found(const char *target, struct dara_snapshot *const *list, size_t count)
{
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL nearest = DARA_TEXT_INIT;
    struct dara_suggestion suggestion;
    dara_suggest_begin(&suggestion, target);
    for (size_t i = 0; i < count; i++)
        dara_suggest_offer(&suggestion, list[i]->label);
    bool any = dara_suggest_text(&suggestion, "", &nearest);
    DARA_FREE char *plain = dara_url_shown(target);
    dara_text_add_visible(&shown, plain);
    dara_error_set(DARA_EFILE, "no snapshot '%s'", dara_text_string(&shown));
    dara_error_hint("%s%srun 'dara snapshot list' to see what there is", dara_text_string(&nearest), any ? " " : "");
    return DARA_EFILE;
}

char *dara_snapshot_meta_beside(const char *path)
{
    static const char *const model = ".model.json";
    size_t length = strlen(path), cut = length;
    const char *dot = strrchr(dara_file_base(path), '.');
    if (length > strlen(model) && !strcmp(path + length - strlen(model), model))
        cut = length - strlen(model);
    else if (dot)
        cut = (size_t)(dot - path);
    char *meta = dara_format("%.*s" META, (int)cut, path);
    if (dara_file_exists(meta))
        return meta;
    free(meta);
    return NULL;
}

/* Take the newest that fits out of the list, which is then freed. */
static struct dara_snapshot *take(struct dara_snapshot **list, size_t count,
                                  bool (*fits)(const struct dara_snapshot *, const char *), const char *wanted)
{
    struct dara_snapshot *found = NULL;
    for (size_t i = count; i-- > 0;) {
        if (!found && fits(list[i], wanted)) {
            found = list[i];
            list[i] = NULL;
        }
    }
    dara_snapshot_list_free(list, count);
    return found;
}

static bool has_label(const struct dara_snapshot *snapshot, const char *wanted)
{
    return !strcmp(snapshot->label, wanted) || !strcmp(snapshot->id, wanted);
}

static bool has_fingerprint(const struct dara_snapshot *snapshot, const char *wanted)
{
    return !strcmp(snapshot->fingerprint, wanted);
}

int dara_snapshot_find(struct dara_context *context, const char *target, struct dara_snapshot **ret_snapshot)
{
    struct dara_snapshot **list;
    size_t count;
    if (strchr(target, '/') || dara_file_exists(target)) {
        DARA_FREE char *meta = dara_snapshot_meta_beside(target);
        if (meta)
            return load(meta, ret_snapshot);
        if (strchr(target, '/'))
            return not_found(target, NULL, 0);
    }
    int r = dara_snapshot_list(context, &list, &count);
    if (r < 0)
        return r;
    bool newest = !strcmp(target, "latest");
    size_t at = count;
    while (at > 0 && (newest ? list[at - 1]->spaces != NULL : !has_label(list[at - 1], target)))
        at--;
    if (at > 0) {
        *ret_snapshot = list[at - 1];
        list[at - 1] = NULL;
    } else {
        r = not_found(target, list, count);
    }
    dara_snapshot_list_free(list, count);
    return r;
}

int dara_snapshot_with_fingerprint(struct dara_context *context, const char *fingerprint,
                                   struct dara_snapshot **ret_snapshot)
{
    struct dara_snapshot **list;
    size_t count;
    int r = dara_snapshot_list(context, &list, &count);
    if (r < 0)
        return r;
    *ret_snapshot = take(list, count, has_fingerprint, fingerprint);
    return 0;
}

static int damaged(const struct dara_snapshot *snapshot, const char *path)
{
    dara_error_set(DARA_EFILE, "snapshot '%s' is damaged: '%s' is not what was written", snapshot->id,
                   dara_file_base(path));
    dara_error_hint("take it from version control or a backup; do not restore from it as it is");
    return DARA_EFILE;
}

int dara_snapshot_model(const struct dara_snapshot *snapshot, struct dara_model **ret_model)
{
    DARA_FREE char *text = NULL;
    size_t length;
    uint64_t size;
    char hash[65];
    int r = dara_sha256_file(snapshot->text_path, hash, &size);
    if (r < 0)
        return r;
    if (size != snapshot->size || strcmp(hash, snapshot->sha256))
        return damaged(snapshot, snapshot->text_path);
    if ((r = dara_file_read(snapshot->model_path, &text, &length)) < 0)
        return r;
    dara_sha256(text, length, hash);
    if (strcmp(hash, snapshot->model_sha256))
        return damaged(snapshot, snapshot->model_path);
    DARA_MODEL_LOCAL model = NULL;
    if ((r = dara_model_read_json(text, length, &model)) < 0) {
        dara_error_at(snapshot->model_path, 0);
        return r;
    }
    dara_model_fingerprint(model, hash);
    if (strcmp(hash, snapshot->fingerprint))
        return damaged(snapshot, snapshot->model_path);
    *ret_model = model;
    model = NULL;
    return 0;
}

int dara_snapshot_remove(const struct dara_snapshot *snapshot)
{
    const char *const paths[] = {snapshot->meta_path, snapshot->text_path, snapshot->model_path};
    for (size_t i = 0; i < DARA_COUNT(paths); i++)
        if (unlink(paths[i]) < 0 && errno != ENOENT)
            return dara_error_set(DARA_EFILE, "cannot remove '%s': %s", paths[i], strerror(errno));
    return 0;
}
