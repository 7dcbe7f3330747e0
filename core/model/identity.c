/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "model/internal.h"

static uint64_t mix(uint64_t hash, const char *string)
{
    /* FNV-1a; the NUL counts, so that "a","bc" and "ab","c" differ, and no string at all is a byte of its own. */
    if (!string)
        return (hash ^ 0xffu) * 0x100000001b3u;
    do
        hash = (hash ^ (unsigned char)*string) * 0x100000001b3u;
    while (*string++);
    return hash;
}

uint64_t dara_identity_hash(const char *kind, const char *space, const struct dara_object *owner, const char *key)
{
    uint64_t hash = owner ? owner->hash : 0xcbf29ce484222325u;
    hash = mix(mix(mix(hash, kind), space), key);
    return hash ^ hash >> 29;
}

static uint64_t name_hash(const char *space, const char *key)
{
    uint64_t hash = mix(mix(0xcbf29ce484222325u, space), key);
    return hash ^ hash >> 29;
}

int dara_compare_strings(const char *a, const char *b)
{
    if (a == b)
        return 0;
    return !a ? -1 : !b ? 1 : strcmp(a, b);
}

bool dara_identity_equal(const struct dara_object *a, const struct dara_object *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->hash != b->hash)
        return false;
    return strcmp(a->key, b->key) == 0 && strcmp(a->slot->kind->name, b->slot->kind->name) == 0 &&
           dara_compare_strings(a->space, b->space) == 0 && dara_identity_equal(a->owner, b->owner);
}

int dara_identity_compare(const struct dara_object *a, const struct dara_object *b)
{
    if (a == b)
        return 0;
    if (!a || !b)
        return a ? 1 : -1;
    const struct dara_kind *left = a->slot->kind, *right = b->slot->kind;
    if (left->order != right->order)
        return left->order < right->order ? -1 : 1;
    int result = left == right ? 0 : strcmp(left->name, right->name);
    if (!result)
        result = dara_compare_strings(a->space, b->space);
    if (!result)
        result = dara_identity_compare(a->owner, b->owner);
    return result ? result : strcmp(a->key, b->key);
}

static void grow(struct dara_model *model)
{
    size_t count = model->bucket_count ? model->bucket_count * 2 : 64;
    free(model->buckets);
    model->buckets = dara_alloc(count * sizeof(*model->buckets));
    model->bucket_count = count;
    for (size_t i = 0; i < model->count; i++) {
        struct dara_object **bucket = &model->buckets[model->objects[i]->hash & (count - 1)];
        model->objects[i]->same_hash = *bucket;
        *bucket = model->objects[i];
    }
}

/* Called before the object joins model->objects. */
void dara_identity_insert(struct dara_model *model, struct dara_object *object)
{
    if (model->count >= model->bucket_count)
        grow(model);
    struct dara_object **bucket = &model->buckets[object->hash & (model->bucket_count - 1)];
    object->same_hash = *bucket;
    *bucket = object;
}

void dara_identity_index_names(struct dara_model *model)
{
    if (!model->bucket_count)
        grow(model);
    model->names = dara_alloc(model->bucket_count * sizeof(*model->names));
    /* Backwards, so that each chain is in canonical order. */
    for (size_t i = model->count; i-- > 0;) {
        struct dara_object *object = model->objects[i];
        if (dara_is_part(object))
            continue;
        struct dara_object **bucket = &model->names[name_hash(object->space, object->key) & (model->bucket_count - 1)];
        object->same_name = *bucket;
        *bucket = object;
    }
}

struct dara_object *dara_identity_by_name(const struct dara_model *model, const char *kind, const char *space,
                                          const char *key, const struct dara_object *except)
{
    if (!model->names)
        return NULL;
    struct dara_object *object = model->names[name_hash(space, key) & (model->bucket_count - 1)];
    for (; object; object = object->same_name)
        if (object != except && strcmp(object->key, key) == 0 && dara_compare_strings(object->space, space) == 0 &&
            (!kind || strcmp(object->slot->kind->name, kind) == 0))
            return object;
    return NULL;
}

const struct dara_object *dara_model_find(const struct dara_model *model, const char *kind, const char *space,
                                          const struct dara_object *owner, const char *key)
{
    uint64_t hash = dara_identity_hash(kind, space, owner, key);
    const struct dara_object *object = model->bucket_count ? model->buckets[hash & (model->bucket_count - 1)] : NULL;
    for (; object; object = object->same_hash)
        if (object->hash == hash && strcmp(object->key, key) == 0 && strcmp(object->slot->kind->name, kind) == 0 &&
            dara_compare_strings(object->space, space) == 0 && dara_identity_equal(object->owner, owner))
            return object;
    return owner ? NULL : dara_identity_by_name(model, kind, space, key, NULL);
}

const struct dara_object *dara_model_same(const struct dara_model *model, const struct dara_object *object)
{
    const struct dara_object *twin =
        model->bucket_count ? model->buckets[object->hash & (model->bucket_count - 1)] : NULL;
    for (; twin; twin = twin->same_hash)
        if (dara_identity_equal(twin, object))
            return twin;
    return NULL;
}
