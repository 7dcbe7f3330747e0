/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "model/internal.h"

static int canonical(const void *a, const void *b)
{
    return dara_identity_compare(*(struct dara_object *const *)a, *(struct dara_object *const *)b);
}

/* Among what one object owns: parts first, by kind; siblings of an ordered kind as they were added. */
static int among_owned(const void *a, const void *b)
{
    const struct dara_object *left = *(struct dara_object *const *)a, *right = *(struct dara_object *const *)b;
    if (dara_is_part(left) != dara_is_part(right))
        return dara_is_part(left) ? -1 : 1;
    if (left->slot == right->slot && (left->slot->kind->flags & DARA_KIND_ORDERED))
        return left->serial < right->serial ? -1 : 1;
    return dara_identity_compare(left, right);
}

static void gather_owned(struct dara_model *model)
{
    for (size_t i = 0; i < model->count; i++)
        if (model->objects[i]->owner)
            model->objects[i]->owner->owned_count++;
    for (size_t i = 0; i < model->count; i++) {
        struct dara_object *object = model->objects[i];
        if (object->owned_count)
            object->owned = dara_arena_alloc(model->arena, object->owned_count * sizeof(struct dara_object *));
        object->owned_count = 0;
    }
    for (size_t i = 0; i < model->count; i++) {
        struct dara_object *owner = model->objects[i]->owner;
        if (owner)
            owner->owned[owner->owned_count++] = model->objects[i];
    }
    for (size_t i = 0; i < model->count; i++) {
        struct dara_object *object = model->objects[i];
        if (!object->owned_count)
            continue;
        qsort(object->owned, object->owned_count, sizeof(struct dara_object *), among_owned);
        for (size_t place = 0; place < object->owned_count; place++)
            object->owned[place]->place = place;
    }
}

static size_t append(struct dara_object **list, size_t count, struct dara_object *object)
{
    object->index = count;
    list[count++] = object;
    for (size_t i = 0; i < object->owned_count && dara_is_part(object->owned[i]); i++)
        count = append(list, count, object->owned[i]);
    return count;
}

static void sort(struct dara_model *model)
{
    size_t wholes = 0, count = 0;
    struct dara_object **list = dara_realloc_array(NULL, model->count, sizeof(*list));
    DARA_FREE struct dara_object **whole = dara_realloc_array(NULL, model->count, sizeof(*whole));
    for (size_t i = 0; i < model->count; i++)
        if (!dara_is_part(model->objects[i]))
            whole[wholes++] = model->objects[i];
    qsort(whole, wholes, sizeof(*whole), canonical);
    for (size_t i = 0; i < wholes; i++)
        count = append(list, count, whole[i]);
    free(model->objects);
    model->objects = list;
    model->room = model->count;
}

/* ---- dependencies ---- */

static int compare_needs(const struct need *a, const struct need *b)
{
    int result = dara_compare_strings(a->space, b->space);
    if (!result)
        result = strcmp(a->key, b->key);
    return result ? result : dara_compare_strings(a->kind, b->kind);
}

static int by_need(const void *a, const void *b)
{
    return compare_needs(*(struct need *const *)a, *(struct need *const *)b);
}

/* Sort an object's needs and drop what is there twice; their number. */
static size_t sort_needs(struct dara_object *object)
{
    size_t count = 0, room = 0, kept = 0;
    DARA_FREE struct need **list = NULL;
    for (struct need *need = object->needs; need; need = need->next) {
        DARA_GROW(list, count, room);
        list[count++] = need;
    }
    if (!count)
        return 0;
    qsort(list, count, sizeof(struct need *), by_need);
    for (size_t i = 0; i < count; i++)
        if (!kept || compare_needs(list[kept - 1], list[i]) != 0)
            list[kept++] = list[i];
    object->needs = list[0];
    for (size_t i = 0; i < kept; i++)
        list[i]->next = i + 1 < kept ? list[i + 1] : NULL;
    return kept;
}

static int by_index(const void *a, const void *b)
{
    const struct dara_object *left = *(struct dara_object *const *)a, *right = *(struct dara_object *const *)b;
    return (left->index > right->index) - (left->index < right->index);
}

static void resolve(struct dara_object *object)
{
    struct dara_model *model = object->model;
    size_t count = sort_needs(object) + (object->owner ? 1 : 0), kept = 0;
    if (!count)
        return;
    object->depends = dara_arena_alloc(model->arena, count * sizeof(*object->depends));
    object->missing = dara_arena_alloc(model->arena, count * sizeof(*object->missing));
    if (object->owner)
        object->depends[object->depend_count++] = object->owner;
    for (const struct need *need = object->needs; need; need = need->next) {
        const struct dara_object *found = dara_identity_by_name(model, need->kind, need->space, need->key, object);
        if (found)
            object->depends[object->depend_count++] = found;
        else if (!dara_identity_by_name(model, need->kind, need->space, need->key, NULL)) /* itself is not missing */
            object->missing[object->missing_count++] = need->key;
    }
    qsort(object->depends, object->depend_count, sizeof(*object->depends), by_index);
    for (size_t i = 0; i < object->depend_count; i++)
        if (!kept || object->depends[kept - 1] != object->depends[i])
            object->depends[kept++] = object->depends[i];
    object->depend_count = kept;
}

static int by_unrepresented(const void *a, const void *b)
{
    const struct unrepresented *left = a, *right = b;
    int result = strcmp(left->family, right->family);
    if (!result)
        result = strcmp(left->name, right->name);
    return result ? result : dara_compare_strings(left->why, right->why);
}

int dara_model_finish(struct dara_model *model)
{
    if (model->finished)
        return dara_error_set(DARA_EINTERNAL, "the model is finished already");
    gather_owned(model);
    sort(model);
    dara_identity_index_names(model);
    for (size_t i = 0; i < model->count; i++)
        resolve(model->objects[i]);
    if (model->unrepresented_count)
        qsort(model->unrepresented, model->unrepresented_count, sizeof(*model->unrepresented), by_unrepresented);
    model->finished = true;
    return 0;
}

size_t dara_model_count(const struct dara_model *model)
{
    return model->finished ? model->count : 0;
}

const struct dara_object *dara_model_at(const struct dara_model *model, size_t index)
{
    return index < dara_model_count(model) ? model->objects[index] : NULL;
}
