/* SPDX-License-Identifier: MIT */
/* Between the files that read the schema. */
#ifndef DARA_MONGODB_INTROSPECT_H
#define DARA_MONGODB_INTROSPECT_H

#include "mg.h"

/* One entry of listCollections, and what listIndexes says of it. */
struct mongodb_found {
    bson_t *entry;
    const char *name, *type; /* in the entry: "collection", "view", "timeseries" */
    bson_t **indexes;
    size_t index_count, index_room;
    struct dara_object *object;
    bool gone;    /* dropped since it was listed */
    char *denied; /* why its indexes could not be read; or NULL */
};

struct mongodb_sweep {
    struct mongodb_found *items;
    size_t count, room;
};

/* listCollections: everything of the database but what is the system's and dara's own. `*ret_denied` tells that the server refuses it, and
 * the error is left set. */
int mongodb_sweep_collections(struct dara_conn *conn, struct mongodb_sweep *sweep, bool *ret_denied);
/* listIndexes of all collections, over several connections at once where there are many. */
int mongodb_sweep_indexes(struct dara_conn *conn, struct mongodb_sweep *sweep);
void mongodb_sweep_free(struct mongodb_sweep *sweep);

/* ---- introspect-collection.c, introspect-index.c ---- */
int mongodb_add_collection(struct dara_model *model, struct mongodb_found *found);
int mongodb_add_view(struct dara_model *model, struct mongodb_found *found);
int mongodb_add_index(struct dara_model *model, const struct mongodb_found *found, const bson_t *spec);

#endif
