/* SPDX-License-Identifier: MIT */
/*
 * Snapshots: <stamp>_<label>.<ext> (statements that restore it), .meta (JSON) and .model.json. The meta is written last: a
 * snapshot without a meta does not exist, so it is whole or absent.
 */
#ifndef DARA_SERVICE_SNAPSHOT_H
#define DARA_SERVICE_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "service/context.h"

/* Where the rows of one object stand in the snapshot's text. */
struct dara_snapshot_rows {
    const char *kind, *space, *key; /* space may be NULL */
    uint64_t offset, length, rows;
};

struct dara_snapshot {
    char *id; /* "20261120_093001_pre_add_orders" */
    char *label, *purpose, *created_at, *engine, *server, *url /* redacted */, *tool;
    char *text_path, *meta_path, *model_path;
    char *sha256;       /* of the text */
    char *model_sha256; /* of the model file */
    char *fingerprint;  /* of the model */
    uint64_t size;      /* bytes of the text */
    bool has_data;
    unsigned scope;            /* enum dara_scope: what of it the text holds; the model holds all */
    bool keep;                 /* --keep: prune leaves it */
    const char *const *spaces; /* the namespaces that it holds, NULL-ended; NULL = the whole database */
    size_t applied_count;
    char **applied; /* versions applied when it was taken */
    size_t rows_count;
    struct dara_snapshot_rows *rows;
    unsigned serial;           /* place among the snapshots of one second, from 1 */
    uint64_t objects;          /* number of objects, parts included */
    struct dara_arena *memory; /* holds every string above */
};

struct dara_snapshot_request {
    const char *label;   /* letters, digits, '_', '-', '.'; others become '_' in the file name, kept in the meta */
    const char *purpose; /* may be NULL */
    bool data;           /* rows of all objects that hold any */
    unsigned scope;      /* enum dara_scope: what of it the text holds */
    bool unowned;        /* owners stay out also where definitions name them */
    bool keep;
    const char *const *spaces; /* the namespaces that `model` was limited to, NULL-ended; NULL = all */
    const char *const *tables; /* only the rows of these (keys), NULL-ended; NULL = all */
};

/* Write a snapshot of `model` (just read from `session`), verify what was written, return it. Disk full and Ctrl-C leave nothing. */
int dara_snapshot_write(struct dara_context *context, struct dara_session *session, const struct dara_model *model,
                        const struct dara_snapshot_request *request, struct dara_snapshot **ret_snapshot);
/* All of the project's, oldest first; one with an unreadable meta is an error that names it. Free each. */
int dara_snapshot_list(struct dara_context *context, struct dara_snapshot ***ret_list, size_t *ret_count);
void dara_snapshot_list_free(struct dara_snapshot **list, size_t count);
/* By id, label (the newest with it), path of any of its files, or "latest" (of the whole database). */
int dara_snapshot_find(struct dara_context *context, const char *target, struct dara_snapshot **ret_snapshot);
struct dara_snapshot *dara_snapshot_free(struct dara_snapshot *snapshot); /* accepts NULL, returns NULL */
/* Check both hashes and read the model. */
int dara_snapshot_model(const struct dara_snapshot *snapshot, struct dara_model **ret_model);
/* Parse a meta (fuzzed). */
int dara_snapshot_parse_meta(const char *text, size_t length, struct dara_snapshot **ret_snapshot);

#endif
