/* SPDX-License-Identifier: MIT */
/*
 * The schema model: all objects of a database, read once, finished, and immutable from then on.
 *
 * A driver describes its kinds of objects as data (struct dara_kind), then adds objects and properties to a model that
 * the library owns. Nothing the driver passes is kept: strings are copied. After dara_model_finish() (the library calls
 * it) objects are in canonical order, references are resolved, and nothing changes any more.
 *
 *   identity    (kind, namespace, owner, key): two objects of two models are "the same" when these are equal.
 *   properties  ordered as the kind lists them; each is a text, a boolean, an integer or a list of texts; absent is a
 *               value of its own, different from the empty text. A property's mode says what a difference means.
 *   parts       objects that exist only inside their owner (columns, constraints): a change to one is a change of the
 *               owner, and the owner's definition includes them.
 *   families    for each kind, whether it was read. Unknown is not empty: a kind never mentioned by the driver counts as
 *               "unsupported".
 */
#ifndef DARA_MODEL_H
#define DARA_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <dara/error.h>

#ifdef __cplusplus
extern "C" {
#endif

struct dara_model;
struct dara_object;

/* ---- kinds ---------------------------------------------------------------------------------------------------- */

/* What a difference in a property means for the plan. */
enum dara_property_mode {
    DARA_PROPERTY_INFO = 0,     /* shown and stored, never compared (the author's text, native ids, observed values) */
    DARA_PROPERTY_ALTER = 1,    /* can be altered in place */
    DARA_PROPERTY_REPLACE = 2,  /* the object is replaced as a whole without dropping what depends on it */
    DARA_PROPERTY_RECREATE = 3, /* the object must be dropped and made again */
    DARA_PROPERTY_FIXED = 4,    /* cannot be changed on this engine: a plan that would need it is refused */
    DARA_PROPERTY_OWNER =
        5, /* since 1.1: who owns the object. Altered in place; compared, planned and written only where
                                   DARA_SCOPE_OWNER was asked for */
};

struct dara_property {
    const char *name; /* lower_snake_case, not "comment" or "order"; engine peculiarities carry the engine's
                         name: "sqlite.strict" */
    enum dara_property_mode mode;
};

enum dara_kind_flag {
    DARA_KIND_ROWS = 1u << 0,    /* holds rows: dropping one destroys data */
    DARA_KIND_PART = 1u << 1,    /* exists only inside its owner, which renders it */
    DARA_KIND_ORDERED = 1u << 2, /* (parts only) the order among siblings has meaning: a change of order is a change */
    DARA_KIND_VALUES =
        1u << 3, /* (parts only) holds values of the owner's rows: dropping one destroys data (a column) */
    DARA_KIND_SETTING = 1u << 4, /* always there, never made or dropped: only its properties change */
    DARA_KIND_PRIVILEGE =
        1u << 5, /* since 1.1: what a role may do. Compared, planned and written only with DARA_SCOPE_PRIVILEGES */
    DARA_KIND_SESSION =
        1u << 6, /* since 1.1: what sessions begin with (settings of the database and of roles in it). Compared, planned
                    and written only with DARA_SCOPE_SETTINGS */
    DARA_KIND_LATER =
        1u << 7, /* can be made without what it needs, and completed when that is there: where objects need each
                                  other in a circle, it is cut here */
};

/* Since 1.1: what is in every model, and compared, planned and written only where it was asked for: it belongs to a place (its
 * roles) as much as to the schema. */
enum dara_scope {
    DARA_SCOPE_OWNER = 1u << 0,      /* properties of mode OWNER */
    DARA_SCOPE_PRIVILEGES = 1u << 1, /* kinds flagged PRIVILEGE */
    DARA_SCOPE_SETTINGS = 1u << 2,   /* kinds flagged SESSION */
    DARA_SCOPE_ALL = 7u,
};

/* One kind of object. `name` and `plural` are English, lowercase ("table", "tables"). The kinds shared by engines have
 * well-known names, which neutral rules and documents read: namespace, table, collection, column, field, constraint,
 * index, view, routine, trigger, policy, sequence, type, role, setting. A driver adds kinds of its own the same way.
 *
 * Well-known properties:
 *   table, view, trigger, index …  "sql": the author's text (INFO)
 *   column      "type", "not_null" (bool), "default", "generated", "collation"; "position" (int, INFO) where the kind is not
 *               ordered: the order people see
 *   constraint  "type" (primary key | unique | check | foreign key | exclude), "columns" (list), "expression",
 *               "references" (table key), "referenced_columns" (list), "on_delete", "on_update", "deferrable"
 *   index       "table" (key of the table, INFO: it is the owner), "columns" (list), "unique" (bool), "where"
 *   view        "definition"
 *   any         "owner": the role that owns it (OWNER)
 *   privilege   its name is the grantee; "privileges" (list), "grantable" (list of those it may pass on)
 */
struct dara_kind {
    size_t size; /* sizeof(struct dara_kind) */
    const char *name;
    const char *plural;
    const char *owner; /* kinds of its owner, separated by '|' ("table|view"), or NULL where it stands by itself; an
                           object with an owner falls when its owner is dropped */
    int order;      /* place among kinds when objects are made; dropping goes the other way. Dependencies come first */
    unsigned flags; /* enum dara_kind_flag */
    const struct dara_property *properties; /* ends with a NULL name; setting a property not listed here is an error */
};

/* ---- building (drivers) --------------------------------------------------------------------------------------- */

struct dara_object_desc {
    size_t size;               /* sizeof(struct dara_object_desc) */
    const char *kind;          /* must: name of one of the driver's kinds */
    const char *name;          /* must: as the author wrote it; any bytes that are valid UTF-8 without NUL */
    const char *key;           /* identity, where it is not the name itself (folded case, signature); NULL = name */
    const char *space;         /* namespace (schema), or NULL */
    struct dara_object *owner; /* where the kind has an owner */
    const char *comment;       /* the database's comment, or NULL */
};

/* Add an object. `*ret_object` (may be NULL) is owned by the model. Errors: an unknown kind, an owner of the wrong kind,
 * the same identity twice, bytes that are not UTF-8 (DARA_EDRIVER, with the object's name). */
int dara_model_add(struct dara_model *model, const struct dara_object_desc *desc, struct dara_object **ret_object);

/* Set a property; a NULL text leaves it absent. An unknown property name is DARA_EDRIVER. */
int dara_object_set_text(struct dara_object *object, const char *property, const char *value);
int dara_object_set_bool(struct dara_object *object, const char *property, bool value);
int dara_object_set_int(struct dara_object *object, const char *property, int64_t value);
int dara_object_set_list(struct dara_object *object, const char *property, const char *const *values, size_t count);

/* Say that `object` needs another object to exist before it. `kind` NULL means any kind that is not a part; a name with
 * no object behind it is kept as an unresolved reference (dara_object_missing), not an error: engines allow it. */
int dara_object_depend(struct dara_object *object, const char *kind, const char *space, const char *key);

/* Since 1.1: say that the object is given: it comes with the place and not from the schema's author (a table of the platform that
 * holds one of the author's triggers). It is never compared, planned, counted or written; what it owns is. */
int dara_object_set_given(struct dara_object *object);

enum dara_family_state {
    DARA_FAMILY_UNSUPPORTED = 0, /* this engine has no such thing */
    DARA_FAMILY_READ = 1,        /* read completely: absence means there is none */
    DARA_FAMILY_DENIED = 2,      /* could not be read; `why` says so */
    DARA_FAMILY_SKIPPED = 3,     /* not asked for */
};

/* Record how a kind (or a family of objects the driver has no kind for, such as "extension") was read. */
int dara_model_family(struct dara_model *model, const char *family, enum dara_family_state state, const char *why);

/* Record an object the model cannot represent (whole or in part): it is named in snapshots, diffs and audits. */
int dara_model_unrepresented(struct dara_model *model, const char *family, const char *name, const char *why);

/* ---- reading (everyone, finished models only) ------------------------------------------------------------------- */

/* All objects in canonical order: kind order, then namespace, owner, key; parts follow their owner. */
size_t dara_model_count(const struct dara_model *model);
const struct dara_object *dara_model_at(const struct dara_model *model, size_t index);

/* The object with this identity, or NULL. `owner` and `space` may be NULL. In a finished model, owner NULL also finds an
 * object that has one and is not a part (an index by its name alone), the first in canonical order. */
const struct dara_object *dara_model_find(const struct dara_model *model, const char *kind, const char *space,
                                          const struct dara_object *owner, const char *key);

/* The object with the same identity as `object` (of another model), or NULL. */
const struct dara_object *dara_model_same(const struct dara_model *model, const struct dara_object *object);

/* What an object is. Borrowed from the model; kind, name and key are never NULL. */
const struct dara_kind *dara_object_kind(const struct dara_object *object);
const char *dara_object_name(const struct dara_object *object);
const char *dara_object_key(const struct dara_object *object);
const char *dara_object_space(const struct dara_object *object);               /* NULL where it has none */
const char *dara_object_comment(const struct dara_object *object);             /* NULL where it has none */
const struct dara_object *dara_object_owner(const struct dara_object *object); /* NULL where it has none */

/* Properties. Text: NULL when absent or not a text. Bool and int: `fallback` when absent or of another type.
 * List: number of values (0 when absent); `*ret_values` borrowed from the model. */
const char *dara_object_text(const struct dara_object *object, const char *property);
bool dara_object_bool(const struct dara_object *object, const char *property, bool fallback);
int64_t dara_object_int(const struct dara_object *object, const char *property, int64_t fallback);
size_t dara_object_list(const struct dara_object *object, const char *property, const char *const **ret_values);
bool dara_object_has(const struct dara_object *object, const char *property);

/* Objects owned by this one, parts first; siblings of an ordered kind in the order they were added, others in canonical
 * order. `kind` NULL means all. Start with `after` NULL, then pass what was returned; NULL at the end. */
const struct dara_object *dara_object_owned(const struct dara_object *object, const char *kind,
                                            const struct dara_object *after);

/* Resolved dependencies, and the names that resolved to nothing. */
size_t dara_object_depends(const struct dara_object *object, const struct dara_object *const **ret_objects);
bool dara_object_is_given(const struct dara_object *object);
size_t dara_object_missing(const struct dara_object *object, const char *const **ret_keys);

/* ---- differences ------------------------------------------------------------------------------------------------ */

struct dara_diff;

enum dara_change_op {
    DARA_CHANGE_CREATE = 1,
    DARA_CHANGE_DROP = 2,
    DARA_CHANGE_ALTER = 3,    /* properties or parts differ; all can be altered, or replaced in place */
    DARA_CHANGE_RECREATE = 4, /* drop, then create */
};

struct dara_property_change {
    const char *name;   /* a property, or "order" for a change in the order of ordered parts, or "comment" */
    const char *before; /* as text for people; NULL = absent */
    const char *after;
    enum dara_property_mode mode;
};

/* One change to one object. Arrays are of pointers so that the struct may grow. All borrowed from the diff. */
struct dara_change {
    enum dara_change_op op;
    const struct dara_object *before; /* NULL for CREATE */
    const struct dara_object *after;  /* NULL for DROP */
    size_t property_count;
    const struct dara_property_change *const *properties;
    size_t part_count;
    const struct dara_change *const *parts; /* changes to parts; only where the owner is in both models */
    const char *reason; /* why an equal object is made again (it depends on something that is), or NULL */
};

/* Changes to objects that are not parts, in canonical order. */
size_t dara_diff_count(const struct dara_diff *diff);
const struct dara_change *dara_diff_at(const struct dara_diff *diff, size_t index);

/* The change that concerns `object` (from either model), or NULL when it is equal in both. */
const struct dara_change *dara_diff_of(const struct dara_diff *diff, const struct dara_object *object);

/* What the difference covers beyond what every one does (enum dara_scope). Since 1.1. */
unsigned dara_diff_scope(const struct dara_diff *diff);

/* The two sides. */
const struct dara_model *dara_diff_before(const struct dara_diff *diff);
const struct dara_model *dara_diff_after(const struct dara_diff *diff);

/* For a dialect's `prepare`: also drop and make again an object that did not change by itself (or was only to be
 * ALTERed), because the engine demands it. `object` is from the before model and must exist in both.
 *
 * What the difference does not cover (enum dara_scope) stays as it is: where it falls with what is made again it is given back
 * as it was, by a CREATE whose `after` is of the model before. For such an object this function asks for just that, whether it
 * is in the model after or not. */
int dara_diff_recreate(struct dara_diff *diff, const struct dara_object *object, const char *reason);

#ifdef __cplusplus
}
#endif
#endif
