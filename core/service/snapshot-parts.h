/* SPDX-License-Identifier: MIT */
/* What the files of the snapshot service share; others use service/snapshot.h. */
#ifndef DARA_SERVICE_SNAPSHOT_PARTS_H
#define DARA_SERVICE_SNAPSHOT_PARTS_H

#include <jansson.h>
#include <time.h>

#include "base/arena.h"
#include "service/snapshot.h"

#define DARA_SNAPSHOT_FORMAT 1

/* An empty snapshot with its own memory. */
struct dara_snapshot *dara_snapshot_new(void);

/* The meta of a snapshot as text, newline at the end. Counts, families and what is not represented come from `model`. */
void dara_snapshot_write_meta(const struct dara_snapshot *snapshot, const struct dara_model *model,
                              struct dara_text *out);

/* Objects in an order that can be restored: what holds rows and what that needs, then (after the rows) the rest, so that no
 * trigger fires and indexes are built once. */
struct dara_snapshot_order {
    const struct dara_object **objects; /* free() */
    size_t count, early;                /* the first `early` come before the rows */
};
/* A circle is broken as in dara_model_order(), whose errors it has. O(n log n). */
int dara_snapshot_order_new(const struct dara_model *model, struct dara_snapshot_order *ret_order);

/* Begin to write the model's JSON form to `path` (borrowed until the end), where it pays in a second thread. */
struct dara_portrait *dara_portrait_begin(const struct dara_model *model, const char *path, mode_t mode);
/* Wait for it, or write it now, unless `result` says that the rest failed already, which is then returned. The file was read
 * back; `ret_sha256` is the hash of its content. Frees `portrait`. */
int dara_portrait_end(struct dara_portrait *portrait, int result, char ret_sha256[65]);
/* DARA_EFILE when a file read back does not have the hash of what was written. */
int dara_snapshot_same(const char *path, const char *hash, const char *wanted);

/* Folder of the project's snapshots; free(). The folder need not be there. DARA_ECONFIG without a project. */
int dara_snapshot_folder(struct dara_context *context, char **ret_folder);

/* The newest snapshot whose model has this fingerprint. `*ret_snapshot` is NULL when there is none. */
int dara_snapshot_with_fingerprint(struct dara_context *context, const char *fingerprint,
                                   struct dara_snapshot **ret_snapshot);

/* ---- prune -------------------------------------------------------------------------------------------------------- */

struct dara_prune {
    time_t now;
    long keep_days;          /* all of these are kept; 7 */
    const char *const *keep; /* labels, ids, and versions (last one applied) kept for ever; NULL-ended or NULL */
};

enum dara_prune_reason {
    DARA_PRUNE_REMOVE = 0,
    DARA_PRUNE_RECENT, /* within keep_days, or in the future */
    DARA_PRUNE_DAILY,  /* the newest of its day, within 30 days */
    DARA_PRUNE_MONTHLY /* the newest of its month, within a year */,
    DARA_PRUNE_KEPT,  /* made with --keep, or named by the caller */
    DARA_PRUNE_NEWEST /* the newest of all */
};

/* Decide for each of `list` (oldest first). Pure. Days and months are those of UTC. A time that cannot be read is kept. */
void dara_snapshot_prune_select(struct dara_snapshot *const *list, size_t count, const struct dara_prune *policy,
                                enum dara_prune_reason *ret_reasons);
/* "daily", "monthly" … */
const char *dara_prune_reason_name(enum dara_prune_reason reason);

/* Remove what killed runs left in the folder: files half written. DARA_ECONFIG without a project. */
int dara_snapshot_sweep(struct dara_context *context);

/* The meta beside any file of a snapshot; free(); NULL where there is none. */
char *dara_snapshot_meta_beside(const char *path);

/* A text or a model without a meta. `stale`: older than an hour, so that no run can be at work on it. */
struct dara_orphan {
    char *path;
    bool stale;
};

/* Those in the project's folder, by name; dara_snapshot_orphans_free(). DARA_ECONFIG without a project. */
int dara_snapshot_orphans(struct dara_context *context, struct dara_orphan **ret_list, size_t *ret_count);
void dara_snapshot_orphans_free(struct dara_orphan *list, size_t count);
/* One that is gone is no error; DARA_EFILE when it cannot be removed. */
int dara_snapshot_orphan_remove(const struct dara_orphan *orphan);

/* Remove a snapshot's files: the meta first, so that what is left by a crash is no snapshot. */
int dara_snapshot_remove(const struct dara_snapshot *snapshot);

/* ---- verify ------------------------------------------------------------------------------------------------------- */

/* Restore the text into a scratch database and compare the fingerprint. `*ret_why` gets why it was not tried (borrowed), or
 * NULL. DARA_EDIFFERENT when the restored schema is another; DARA_EFILE when a statement of the text fails. */
int dara_snapshot_restore_check(struct dara_context *context, const struct dara_snapshot *snapshot,
                                const char **ret_why);

#endif
