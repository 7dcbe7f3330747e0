/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "model/changes.h"

/* The property changes of one object, as they are found. */
struct found {
    struct dara_diff *diff;
    const struct dara_property_change **items;
    size_t count, room;
    bool recreate;
};

static void add(struct found *found, const char *name, const char *before, const char *after,
                enum dara_property_mode mode)
{
    struct dara_arena *arena = found->diff->arena;
    struct dara_property_change *change = dara_arena_alloc(arena, sizeof(*change));
    *change = (struct dara_property_change){.name = name,
                                            .before = dara_arena_strdup(arena, before),
                                            .after = dara_arena_strdup(arena, after),
                                            .mode = mode};
    DARA_GROW(found->items, found->count, found->room);
    found->items[found->count++] = change;
    found->recreate = found->recreate || mode == DARA_PROPERTY_RECREATE;
}

static void compare_value(struct found *found, const struct dara_property *property, const struct value *before,
                          const struct value *after)
{
    if (!dara_property_counts(property, found->diff->scope) || dara_value_equal(before, after))
        return;
    DARA_FREE char *old = dara_value_text(before);
    DARA_FREE char *new = dara_value_text(after);
    add(found, property->name, old, new, property->mode);
}

static void compare_properties(struct found *found, const struct dara_object *before, const struct dara_object *after)
{
    const struct dara_kind *old = before->slot->kind, *new = after->slot->kind;
    for (size_t i = 0; i < after->slot->property_count; i++) {
        const struct dara_property *property = &new->properties[i];
        compare_value(found, property, old == new ? &before->values[i] : dara_object_value(before, property->name),
                      &after->values[i]);
    }
    /* A model from a file may have properties that the driver of today has no more. */
    for (size_t i = 0; old != new &&i < before->slot->property_count; i++)
        if (dara_kind_property(new, old->properties[i].name) < 0)
            compare_value(found, &old->properties[i], &before->values[i],
                          dara_object_value(after, old->properties[i].name));
    if (dara_compare_strings(before->comment, after->comment) != 0)
        add(found, "comment", before->comment, after->comment, DARA_PROPERTY_ALTER);
}

/* ---- order of parts ---- */

static void list_names(struct dara_text *text, const struct dara_object *owner, const char *kind)
{
    const struct dara_object *part = NULL;
    while ((part = dara_object_owned(owner, kind, part))) {
        dara_text_add(text, text->length ? ", " : "");
        dara_text_add(text, part->name);
    }
}

/* Whether common parts stand in another order, or a new one before a common one. */
static bool order_differs(const struct dara_model *before, const struct dara_object *after, const char *kind)
{
    const struct dara_object *part = NULL, *last = NULL;
    bool fresh = false;
    while ((part = dara_object_owned(after, kind, part))) {
        const struct dara_object *twin = dara_model_same(before, part);
        if (twin && (fresh || (last && twin->place < last->place)))
            return true;
        fresh = fresh || !twin;
        last = twin ? twin : last;
    }
    return false;
}

static void compare_order(struct found *found, const struct dara_object *before, const struct dara_object *after)
{
    const struct dara_kind *seen = NULL;
    for (size_t i = 0; i < after->owned_count; i++) {
        const struct dara_kind *kind = after->owned[i]->slot->kind;
        if (kind == seen || !(kind->flags & DARA_KIND_ORDERED) || dara_is_unknown(found->diff, after->owned[i]))
            continue;
        seen = kind;
        if (!order_differs(before->model, after, kind->name))
            continue;
        DARA_TEXT_LOCAL old = DARA_TEXT_INIT;
        DARA_TEXT_LOCAL new = DARA_TEXT_INIT;
        list_names(&old, before, kind->name);
        list_names(&new, after, kind->name);
        add(found, "order", dara_text_string(&old), dara_text_string(&new), DARA_PROPERTY_ALTER);
    }
}

/* ---- parts ---- */

struct parts {
    const struct dara_change **items;
    size_t count, room;
    bool recreate; /* one of them has a difference that cannot be altered */
};

static bool must_recreate(const struct dara_change *change)
{
    for (size_t i = 0; i < change->property_count; i++)
        if (change->properties[i]->mode == DARA_PROPERTY_RECREATE)
            return true;
    for (size_t i = 0; i < change->part_count; i++)
        if (must_recreate(change->parts[i]))
            return true;
    return false;
}

static void add_part(struct parts *parts, const struct change *change)
{
    if (!change)
        return;
    DARA_GROW(parts->items, parts->count, parts->room);
    parts->items[parts->count++] = &change->public;
    parts->recreate = parts->recreate || must_recreate(&change->public);
}

static void compare_parts(struct dara_diff *diff, struct parts *parts, const struct dara_object *before,
                          const struct dara_object *after)
{
    for (size_t i = 0; i < before->owned_count && dara_is_part(before->owned[i]); i++)
        if (!dara_is_unknown(diff, before->owned[i]) && !dara_model_same(diff->after, before->owned[i]))
            add_part(parts, dara_compare(diff, before->owned[i], NULL));
    for (size_t i = 0; i < after->owned_count && dara_is_part(after->owned[i]); i++)
        if (!dara_is_unknown(diff, after->owned[i]))
            add_part(parts, dara_compare(diff, dara_model_same(diff->before, after->owned[i]), after->owned[i]));
}

/* ---- objects ---- */

static const void *keep(struct dara_diff *diff, const void *items, size_t count, size_t size)
{
    if (!count)
        return NULL;
    void *copy = dara_arena_alloc(diff->arena, count * size);
    memcpy(copy, items, count * size);
    return copy;
}

static enum dara_change_op choose(const struct dara_object *object, bool recreate, bool part_recreate)
{
    unsigned flags = object->slot->kind->flags;
    /* Dropping what holds rows because of a part would lose them: whether there is another way, the driver says. */
    bool whole = !(flags & DARA_KIND_PART) && (recreate || (part_recreate && !(flags & DARA_KIND_ROWS)));
    return whole ? DARA_CHANGE_RECREATE : DARA_CHANGE_ALTER;
}

static struct change *enter(struct dara_diff *diff, const struct dara_change *public)
{
    struct change *change = dara_arena_alloc(diff->arena, sizeof(*change));
    change->public = *public;
    if (public->before)
        diff->of_before[public->before->index] = change;
    if (public->after)
        diff->of_after[public->after->index] = change;
    return change;
}

struct change *dara_compare(struct dara_diff *diff, const struct dara_object *before, const struct dara_object *after)
{
    if (!before || !after)
        return enter(diff, &(struct dara_change){
                               .op = before ? DARA_CHANGE_DROP : DARA_CHANGE_CREATE, .before = before, .after = after});
    struct found found = {.diff = diff};
    struct parts parts = {0};
    struct change *change = NULL;
    compare_properties(&found, before, after);
    compare_order(&found, before, after);
    compare_parts(diff, &parts, before, after);
    if (found.count || parts.count)
        change = enter(diff, &(struct dara_change){
                                 .op = choose(after, found.recreate, parts.recreate),
                                 .before = before,
                                 .after = after,
                                 .property_count = found.count,
                                 .properties = keep(diff, found.items, found.count, sizeof(*found.items)),
                                 .part_count = parts.count,
                                 .parts = keep(diff, parts.items, parts.count, sizeof(*parts.items)),
                             });
    free(found.items);
    free(parts.items);
    return change;
}

bool dara_is_unknown(const struct dara_diff *diff, const struct dara_object *object)
{
    for (; diff->unknown_count && object; object = object->owner)
        for (size_t i = 0; i < diff->unknown_count; i++)
            if (strcmp(diff->unknown[i], object->slot->kind->name) == 0)
                return true;
    return false;
}
