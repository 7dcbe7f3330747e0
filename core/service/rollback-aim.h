/* SPDX-License-Identifier: MIT */
/*
 * Where a journaled rollback goes, and where it comes from: what the journal keeps of it, so that anybody, on any machine, can go on with
 * it or back. It has no script: what is left to do is the difference between the schema that is there and the aim.
 */
#ifndef DARA_SERVICE_ROLLBACK_AIM_H
#define DARA_SERVICE_ROLLBACK_AIM_H

#include "service/journal.h"
#include "service/rollback-way.h"
#include "service/snapshot.h"

struct dara_rollback_aim {
    struct dara_arena *arena; /* holds every string */
    const char *snapshot;     /* the id of the snapshot that it goes to; by a file: the version that it takes back */
    const char *file;         /* the name of the file in rollback/, NULL where it goes by plan */
    const char *label;
    const char *emergency; /* the id of the snapshot that holds the rows destroyed on the way; NULL: none were */
    const char *sha256;    /* of the text of each of the two, or NULL */
    const char *emergency_sha256;
    unsigned scope; /* enum dara_scope */
    bool rebuild;
    size_t applied_count;
    char **applied;                          /* versions applied at the aim */
    size_t rows_count, emergency_rows_count; /* what the two snapshots have rows of; offsets and lengths are 0 */
    struct dara_snapshot_rows *rows, *emergency_rows;
    size_t rename_count;
    const char **renames; /* "OLD=NEW", in the order they run */
    struct dara_model *before, *target;
};

/* As text for the journal. The models may be borrowed. */
void dara_rollback_aim_write(const struct dara_rollback_aim *aim, struct dara_text *out);
/* And back. DARA_EFILE where it is malformed. */
int dara_rollback_aim_read(const char *text, struct dara_rollback_aim **ret_aim);
/* Only the model before. */
int dara_rollback_aim_before(const char *text, struct dara_model **ret_model);
struct dara_rollback_aim *dara_rollback_aim_free(struct dara_rollback_aim *aim); /* accepts NULL, returns NULL */
static inline void dara_rollback_aim_free_local(struct dara_rollback_aim **aim)
{
    dara_rollback_aim_free(*aim);
}
#define DARA_ROLLBACK_AIM_LOCAL DARA_CLEANUP(dara_rollback_aim_free_local) struct dara_rollback_aim *

#endif
