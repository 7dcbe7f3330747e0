/* SPDX-License-Identifier: MIT */
/* What the files that compare and order share; nobody else includes it. */
#ifndef DARA_MODEL_CHANGES_H
#define DARA_MODEL_CHANGES_H

#include "model/internal.h"

struct change {
    struct dara_change public;       /* first: a dara_change handed out is one of these */
    struct dara_change drop, create; /* the two halves of RECREATE */
    bool spread;                     /* what it owns has been made again, too */
};

struct dara_diff {
    struct dara_arena *arena;
    const struct dara_model *before, *after;
    unsigned scope;          /* enum dara_scope */
    struct change **changes; /* in canonical order */
    size_t count, room;
    struct change **of_before, **of_after; /* by the index of the object; parts included */
    bool *kept; /* by the index of the object before: not covered, and to be given back as it was */
    const char **unknown;
    size_t unknown_count;
    struct dara_action *actions; /* NULL until they are ordered */
    size_t action_count;
};

/* compare.c. The change from `before` to `after`, either of which may be NULL; NULL where they are equal. Changes to parts are
 * in it, and all are entered in of_before and of_after. */
struct change *dara_compare(struct dara_diff *diff, const struct dara_object *before, const struct dara_object *after);
/* Whether the object's kind, or that of something it lies in, was not read on one side. */
bool dara_is_unknown(const struct dara_diff *diff, const struct dara_object *object);
/* Whether the difference does not cover the object. */
static inline bool dara_is_apart(const struct dara_diff *diff, const struct dara_object *object)
{
    return (dara_object_scope(object) & ~diff->scope) != 0;
}

#endif
