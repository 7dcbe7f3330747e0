/* SPDX-License-Identifier: MIT */
/* The library's side of models: making, finishing, storing, comparing. Builders and readers are in <dara/model.h>. */
#ifndef DARA_MODEL_MODEL_H
#define DARA_MODEL_MODEL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include <dara/model.h>

#include "base/text.h"

#define DARA_MODEL_FORMAT 1 /* "format" of the JSON form */

/* An empty model over a NULL-ended list of kinds, which must outlive it. Kinds are checked (names, owners, orders):
 * DARA_EDRIVER. Free with dara_model_free(). `engine` is the driver's name. */
int dara_model_new(const char *engine, const struct dara_kind *const *kinds, struct dara_model **ret_model);
struct dara_model *dara_model_free(struct dara_model *model); /* accepts NULL, returns NULL */
static inline void dara_model_free_local(struct dara_model **model)
{
    dara_model_free(*model);
}
#define DARA_MODEL_LOCAL DARA_CLEANUP(dara_model_free_local) struct dara_model *

/* Resolve, check, sort. After it the model is immutable: adding or setting is DARA_EINTERNAL. O(n log n). */
int dara_model_finish(struct dara_model *model);

/* Name of the driver that read it, borrowed; its kinds live as long as the process. */
const char *dara_model_engine(const struct dara_model *model);
const struct dara_kind *dara_model_kind(const struct dara_model *model, const char *name); /* or NULL */
size_t dara_model_kind_count(const struct dara_model *model);
const struct dara_kind *dara_model_kind_at(const struct dara_model *model, size_t index); /* in `order` */
/* Objects of one kind; given ones do not count. */
size_t dara_model_count_of(const struct dara_model *model, const char *kind);

/* Families in the order they were recorded; `*ret_why` may be NULL. */
size_t dara_model_family_count(const struct dara_model *model);
const char *dara_model_family_at(const struct dara_model *model, size_t index, enum dara_family_state *ret_state,
                                 const char **ret_why);
/* "read", "denied" … as in every JSON form; NULL for what is no state. */
const char *dara_state_name(enum dara_family_state state);
size_t dara_model_unrepresented_count(const struct dara_model *model);
void dara_model_unrepresented_at(const struct dara_model *model, size_t index, const char **ret_family,
                                 const char **ret_name, const char **ret_why);

/* The canonical JSON form: self-describing (kinds and modes are in it), keys and objects in fixed order, so that equal
 * models give equal bytes. Text ends in a newline. */
void dara_model_write_json(const struct dara_model *model, struct dara_text *out);
/* The same in pieces, for files: memory does not grow with the model. What `put` returns other than 0 ends it and is returned. */
int dara_model_stream_json(const struct dara_model *model, int (*put)(void *context, const char *bytes, size_t length),
                           void *context);
/* The place of an object among those of its finished model: dara_model_at() gives it back. */
size_t dara_object_index(const struct dara_object *object);
/* The model as one jansson value (new reference), for reports. */
json_t *dara_model_to_json(const struct dara_model *model);
/* Read it back, finished. The kinds are those of the file. Errors: DARA_EFILE with what is wrong and where. */
int dara_model_read_json(const char *text, size_t length, struct dara_model **ret_model);
/* sha-256 over identities and compared properties only (not INFO): equal exactly when the diff is empty. */
void dara_model_fingerprint(const struct dara_model *model, char ret_hex[65]);
/* The same over what of enum dara_scope is given, too. The history records the one above: that a role was given a right is no drift
 * of the schema. */
void dara_model_fingerprint_of(const struct dara_model *model, unsigned scope, char ret_hex[65]);
/* What of enum dara_scope is asked for to compare this object; 0 = it always is. A given one has a bit that no scope has. */
unsigned dara_model_scope(const struct dara_object *object);
/* Whether a property of mode OWNER is set. */
bool dara_model_is_owned(const struct dara_object *object);

/* Text of a property for people ("a, b" for lists, "yes"/"no"); free(); NULL when absent. */
char *dara_object_property_text(const struct dara_object *object, const char *property);
/* "column 'total' of table 'orders'", on one line whatever the names hold. free(). */
char *dara_object_describe(const struct dara_object *object);

/* The same object as it is called otherwise: with another owner, namespace or name, and all else of `object`, which must outlive it. For reading;
 * no model finds it. In the arena. */
struct dara_arena;
const struct dara_object *dara_object_as(struct dara_arena *arena, const struct dara_object *object,
                                         const struct dara_object *owner, const char *space, const char *name);

/* ---- diff --------------------------------------------------------------------------------------------------------- */

/* Both must be finished, outlive the diff, and be of one engine (else DARA_EUSAGE). A family that was DENIED on a side, or
 * SKIPPED on one side only, is left out of the comparison and listed by dara_diff_unknown(). */
int dara_diff_new(const struct dara_model *before, const struct dara_model *after, struct dara_diff **ret_diff);
/* The same with what of enum dara_scope it shall cover; dara_diff_new() covers none of it. */
int dara_diff_new_of(const struct dara_model *before, const struct dara_model *after, unsigned scope,
                     struct dara_diff **ret_diff);
struct dara_diff *dara_diff_free(struct dara_diff *diff); /* accepts NULL, returns NULL */
static inline void dara_diff_free_local(struct dara_diff **diff)
{
    dara_diff_free(*diff);
}
#define DARA_DIFF_LOCAL DARA_CLEANUP(dara_diff_free_local) struct dara_diff *

/* Families that one side could not read, so that they are left out of the diff; names borrowed from it. Returns how many. */
size_t dara_diff_unknown(const struct dara_diff *diff, const char *const **ret_families);

/* One thing to do, in an order that runs. */
enum dara_action_op { DARA_ACTION_DROP, DARA_ACTION_ALTER, DARA_ACTION_CREATE };
struct dara_action {
    enum dara_action_op op;
    const struct dara_change *change; /* what to pass to the dialect: op is DROP, ALTER or CREATE, never RECREATE */
};
/* Order the changes: drops (dependants first), then alterations and creations (what is needed first). Objects that fall with
 * a dropped owner are left out. A cycle is broken at the edge between the two kinds furthest apart in `order`, else by key.
 * `*ret_actions` belongs to the diff. */
int dara_diff_order(struct dara_diff *diff, const struct dara_action **ret_actions, size_t *ret_count);
/* All objects of a model that are not parts, in an order in which they can be made. `*ret_objects`: free(). */
int dara_model_order(const struct dara_model *model, const struct dara_object ***ret_objects, size_t *ret_count);

#endif
