/* SPDX-License-Identifier: MIT */
/* What the files of this folder share; nobody else includes it. */
#ifndef DARA_MODEL_INTERNAL_H
#define DARA_MODEL_INTERNAL_H

#include "base/arena.h"
#include "model/model.h"

enum { DARA_OWNER_DEPTH = 32 }; /* objects inside objects; recursion relies on it */

enum value_type { VALUE_ABSENT = 0, VALUE_TEXT, VALUE_BOOL, VALUE_INT, VALUE_LIST };

/* Kept small: a model holds many times more of them than of anything else. */
struct value {
    enum value_type type;
    unsigned count; /* of a list */
    union {
        const char *text;
        bool flag;
        int64_t number;
        const char *const *items;
    };
};

/* A kind, with what is computed from it once. */
struct kind_slot {
    const struct dara_kind *kind;
    size_t property_count;
    size_t object_count, given_count;
};

/* The name of an object another one needs. */
struct need {
    struct need *next;
    const char *kind, *space, *key;
};

struct dara_object {
    struct dara_model *model;
    struct kind_slot *slot;
    const char *name, *key, *space, *comment;
    struct dara_object *owner;
    struct value *values; /* one for each property of the kind */
    struct need *needs;   /* once finished: sorted, without duplicates */
    uint64_t hash;        /* of the identity */
    struct dara_object *same_hash, *same_name;
    size_t serial; /* in the order of adding */
    size_t index;  /* in canonical order, once finished */
    unsigned depth;
    bool given;
    struct dara_object **owned; /* once finished: parts first */
    size_t owned_count;
    size_t place; /* among what its owner owns */
    const struct dara_object **depends;
    size_t depend_count;
    const char **missing;
    size_t missing_count;
};

struct family {
    const char *name, *why;
    enum dara_family_state state;
};

struct unrepresented {
    const char *family, *name, *why;
};

struct dara_model {
    struct dara_arena *arena;
    const char *engine;
    struct kind_slot *kinds; /* in order */
    size_t kind_count;
    bool finished;
    struct dara_object **objects; /* as added; once finished, in canonical order */
    size_t count, room;
    struct dara_object **buckets; /* by hash of the identity */
    struct dara_object **names;   /* by hash of space and key: what is not a part; once finished */
    size_t bucket_count;          /* a power of two */
    struct family *families;
    size_t family_count, family_room;
    struct unrepresented *unrepresented;
    size_t unrepresented_count, unrepresented_room;
};

/* kind.c: check and sort the kinds into model->kinds. */
int dara_kind_adopt(struct dara_model *model, const struct dara_kind *const *kinds);
struct kind_slot *dara_kind_slot(const struct dara_model *model, const char *name); /* or NULL */
bool dara_kind_may_own(const struct dara_kind *owner, const struct dara_kind *owned);
/* Place of a property in the kind's list, or -1. */
int dara_kind_property(const struct dara_kind *kind, const char *name);
static inline bool dara_is_part(const struct dara_object *object)
{
    return object->slot->kind->flags & DARA_KIND_PART;
}

/* What no scope covers. */
#define SCOPE_NEVER (DARA_SCOPE_ALL + 1u)
/* What of enum dara_scope must be asked for to compare objects of a kind, an object, or a property; 0 = always compared. INFO is not. */
static inline unsigned dara_kind_scope(const struct dara_kind *kind)
{
    return (kind->flags & DARA_KIND_PRIVILEGE ? DARA_SCOPE_PRIVILEGES : 0u) |
           (kind->flags & DARA_KIND_SESSION ? DARA_SCOPE_SETTINGS : 0u);
}
static inline unsigned dara_object_scope(const struct dara_object *object)
{
    return dara_kind_scope(object->slot->kind) | (object->given ? SCOPE_NEVER : 0u);
}
static inline bool dara_property_counts(const struct dara_property *property, unsigned scope)
{
    return property->mode != DARA_PROPERTY_INFO &&
           (property->mode != DARA_PROPERTY_OWNER || (scope & DARA_SCOPE_OWNER));
}

/* model.c: like dara_model_new(), over an arena the kinds may lie in; takes the arena over in any case. */
int dara_model_make(struct dara_arena *arena, const char *engine, const struct dara_kind *const *kinds,
                    struct dara_model **ret_model);

/* identity.c */
uint64_t dara_identity_hash(const char *kind, const char *space, const struct dara_object *owner, const char *key);
bool dara_identity_equal(const struct dara_object *a, const struct dara_object *b);
void dara_identity_insert(struct dara_model *model, struct dara_object *object);
void dara_identity_index_names(struct dara_model *model); /* at the end, over objects in canonical order */
/* First object that is not a part, of this kind (NULL: any), in canonical order; other than `except`. */
struct dara_object *dara_identity_by_name(const struct dara_model *model, const char *kind, const char *space,
                                          const char *key, const struct dara_object *except);
int dara_compare_strings(const char *a, const char *b); /* bytewise; NULL first */
/* Canonical order of two objects of any models: kind order, kind, space, owner, key. */
int dara_identity_compare(const struct dara_object *a, const struct dara_object *b);

/* object.c */
const struct value *dara_object_value(const struct dara_object *object, const char *property); /* never NULL */
bool dara_value_equal(const struct value *a, const struct value *b);
char *dara_value_text(const struct value *value); /* free(); NULL when absent */

/* Names of enums in the JSON form; NULL and -1 where there is none. */
const char *dara_mode_name(enum dara_property_mode mode);
const char *dara_flag_name(unsigned bit); /* of bit number 0, 1 … */
int dara_mode_parse(const char *name);
int dara_flag_parse(const char *name); /* the flag */
int dara_state_parse(const char *name);

#endif
