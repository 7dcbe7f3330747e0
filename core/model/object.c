/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "model/internal.h"

/* ---- setting ---- */

static int settable(struct dara_object *object, const char *property, struct value **ret_value)
{
    if (object->model->finished)
        return dara_error_set(DARA_EINTERNAL, "an object of a finished model cannot be changed");
    int place = dara_kind_property(object->slot->kind, property);
    if (place < 0) {
        DARA_FREE char *what = dara_object_describe(object);
        return dara_error_set(DARA_EDRIVER, "%s: its kind has no property '%s'", what, property);
    }
    *ret_value = &object->values[place];
    return 0;
}

static int not_utf8(const struct dara_object *object, const char *property)
{
    DARA_FREE char *what = dara_object_describe(object);
    return dara_error_set(DARA_EDRIVER, "%s: property '%s' is not UTF-8", what, property);
}

int dara_object_set_text(struct dara_object *object, const char *property, const char *text)
{
    struct value *value = NULL;
    int result = settable(object, property, &value);
    if (result)
        return result;
    if (text && !dara_utf8_valid(text, strlen(text)))
        return not_utf8(object, property);
    *value =
        (struct value){.type = text ? VALUE_TEXT : VALUE_ABSENT, .text = dara_arena_strdup(object->model->arena, text)};
    return 0;
}

int dara_object_set_bool(struct dara_object *object, const char *property, bool flag)
{
    struct value *value = NULL;
    int result = settable(object, property, &value);
    if (!result)
        *value = (struct value){.type = VALUE_BOOL, .flag = flag};
    return result;
}

int dara_object_set_int(struct dara_object *object, const char *property, int64_t number)
{
    struct value *value = NULL;
    int result = settable(object, property, &value);
    if (!result)
        *value = (struct value){.type = VALUE_INT, .number = number};
    return result;
}

int dara_object_set_list(struct dara_object *object, const char *property, const char *const *values, size_t count)
{
    struct value *value = NULL;
    int result = settable(object, property, &value);
    if (result)
        return result;
    if (count > UINT_MAX)
        return dara_error_set(DARA_EDRIVER, "a list is too long");
    for (size_t i = 0; i < count; i++)
        if (!values[i] || !dara_utf8_valid(values[i], strlen(values[i])))
            return not_utf8(object, property);
    const char **items = dara_arena_alloc(object->model->arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        items[i] = dara_arena_strdup(object->model->arena, values[i]);
    *value = (struct value){.type = VALUE_LIST, .count = (unsigned)count, .items = items};
    return 0;
}

int dara_object_depend(struct dara_object *object, const char *kind, const char *space, const char *key)
{
    struct dara_model *model = object->model;
    const struct kind_slot *slot = kind ? dara_kind_slot(model, kind) : NULL;
    if (model->finished)
        return dara_error_set(DARA_EINTERNAL, "an object of a finished model cannot be changed");
    DARA_FREE char *what = NULL;
    if (!key || (kind && (!slot || (slot->kind->flags & DARA_KIND_PART)))) {
        what = dara_object_describe(object);
        return dara_error_set(DARA_EDRIVER, "%s depends on something without a name, of unknown kind, or a part", what);
    }
    if (!dara_utf8_valid(key, strlen(key)) || (space && !dara_utf8_valid(space, strlen(space)))) {
        what = dara_object_describe(object);
        return dara_error_set(DARA_EDRIVER, "%s depends on a name that is not UTF-8", what);
    }
    struct need *need = dara_arena_alloc(model->arena, sizeof(*need));
    *need = (struct need){.next = object->needs,
                          .kind = slot ? slot->kind->name : NULL,
                          .space = dara_arena_strdup(model->arena, space),
                          .key = dara_arena_strdup(model->arena, key)};
    object->needs = need;
    return 0;
}

int dara_object_set_given(struct dara_object *object)
{
    if (object->model->finished)
        return dara_error_set(DARA_EINTERNAL, "an object of a finished model cannot be changed");
    object->slot->given_count += !object->given;
    object->given = true;
    return 0;
}

/* ---- reading ---- */

bool dara_object_is_given(const struct dara_object *object)
{
    return object->given;
}

const struct value *dara_object_value(const struct dara_object *object, const char *property)
{
    static const struct value absent;
    int place = dara_kind_property(object->slot->kind, property);
    return place < 0 ? &absent : &object->values[place];
}

bool dara_model_is_owned(const struct dara_object *object)
{
    for (size_t i = 0; i < object->slot->property_count; i++)
        if (object->slot->kind->properties[i].mode == DARA_PROPERTY_OWNER && object->values[i].type != VALUE_ABSENT)
            return true;
    return false;
}

unsigned dara_model_scope(const struct dara_object *object)
{
    return dara_object_scope(object);
}

const struct dara_kind *dara_object_kind(const struct dara_object *object)
{
    return object->slot->kind;
}

size_t dara_object_index(const struct dara_object *object)
{
    return object->index;
}

const char *dara_object_name(const struct dara_object *object)
{
    return object->name;
}

const char *dara_object_key(const struct dara_object *object)
{
    return object->key;
}

const char *dara_object_space(const struct dara_object *object)
{
    return object->space;
}

const char *dara_object_comment(const struct dara_object *object)
{
    return object->comment;
}

const struct dara_object *dara_object_owner(const struct dara_object *object)
{
    return object->owner;
}

const char *dara_object_text(const struct dara_object *object, const char *property)
{
    const struct value *value = dara_object_value(object, property);
    return value->type == VALUE_TEXT ? value->text : NULL;
}

bool dara_object_bool(const struct dara_object *object, const char *property, bool fallback)
{
    const struct value *value = dara_object_value(object, property);
    return value->type == VALUE_BOOL ? value->flag : fallback;
}

int64_t dara_object_int(const struct dara_object *object, const char *property, int64_t fallback)
{
    const struct value *value = dara_object_value(object, property);
    return value->type == VALUE_INT ? value->number : fallback;
}

size_t dara_object_list(const struct dara_object *object, const char *property, const char *const **ret_values)
{
    const struct value *value = dara_object_value(object, property);
    if (value->type != VALUE_LIST)
        return 0;
    if (ret_values)
        *ret_values = value->items;
    return value->count;
}

bool dara_object_has(const struct dara_object *object, const char *property)
{
    return dara_object_value(object, property)->type != VALUE_ABSENT;
}

const struct dara_object *dara_object_owned(const struct dara_object *object, const char *kind,
                                            const struct dara_object *after)
{
    for (size_t i = after ? after->place + 1 : 0; i < object->owned_count; i++)
        if (!kind || strcmp(object->owned[i]->slot->kind->name, kind) == 0)
            return object->owned[i];
    return NULL;
}

size_t dara_object_depends(const struct dara_object *object, const struct dara_object *const **ret_objects)
{
    if (ret_objects)
        *ret_objects = object->depends;
    return object->depend_count;
}

size_t dara_object_missing(const struct dara_object *object, const char *const **ret_keys)
{
    if (ret_keys)
        *ret_keys = object->missing;
    return object->missing_count;
}

/* ---- values ---- */

bool dara_value_equal(const struct value *a, const struct value *b)
{
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case VALUE_TEXT:
        return strcmp(a->text, b->text) == 0;
    case VALUE_BOOL:
        return a->flag == b->flag;
    case VALUE_INT:
        return a->number == b->number;
    case VALUE_LIST:
        if (a->count != b->count)
            return false;
        for (size_t i = 0; i < a->count; i++)
            if (strcmp(a->items[i], b->items[i]) != 0)
                return false;
        return true;
    default:
        return true;
    }
}

char *dara_value_text(const struct value *value)
{
    struct dara_text text = DARA_TEXT_INIT;
    switch (value->type) {
    case VALUE_TEXT:
        return dara_strdup(value->text);
    case VALUE_BOOL:
        return dara_strdup(value->flag ? "yes" : "no");
    case VALUE_INT:
        return dara_format("%" PRId64, value->number);
    case VALUE_LIST:
        for (size_t i = 0; i < value->count; i++) {
            dara_text_add(&text, i ? ", " : "");
            dara_text_add(&text, value->items[i]);
        }
        return dara_text_steal(&text);
    default:
        return NULL;
    }
}

char *dara_object_property_text(const struct dara_object *object, const char *property)
{
    return dara_value_text(dara_object_value(object, property));
}

char *dara_object_describe(const struct dara_object *object)
{
    struct dara_text text = DARA_TEXT_INIT;
    for (const struct dara_object *at = object; at; at = at->owner) {
        dara_text_add(&text, at == object ? "" : " of ");
        dara_text_add_words(&text, at->slot->kind->name);
        dara_text_add(&text, " '");
        if (at->space) {
            dara_text_add_visible(&text, at->space);
            dara_text_add(&text, ".");
        }
        dara_text_add_visible(&text, at->name);
        dara_text_add(&text, "'");
    }
    return dara_text_steal(&text);
}

const struct dara_object *dara_object_as(struct dara_arena *arena, const struct dara_object *object,
                                         const struct dara_object *owner, const char *space, const char *name)
{
    struct dara_object *as = dara_arena_alloc(arena, sizeof(*as));
    size_t length = strlen(object->name);
    *as = *object;
    as->owner = (struct dara_object *)owner;
    as->space = space ? dara_arena_strdup(arena, space) : NULL;
    as->name = dara_arena_strdup(arena, name);
    /* Behind the name, a key tells those of one name apart. */
    as->key = dara_arena_format(arena, "%s%s", name, strlen(object->key) > length ? object->key + length : "");
    as->hash = dara_identity_hash(as->slot->kind->name, as->space, owner, as->key);
    return as;
}
