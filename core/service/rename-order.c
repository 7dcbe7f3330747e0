/* SPDX-License-Identifier: MIT */
/*
 * In which order names change, so that each is free when it is given. What is inside is renamed before what it is in, where that can be. In a
 * circle one steps aside, to a name that nothing has, and takes its own when it is free.
 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "service/rename.h"

/* Where an item is on its way. */
enum place { BEFORE, ASIDE, THERE };

struct ordering {
    struct dara_renames *renames;
    const struct dara_model *before;
    enum place *places; /* of each item */
    unsigned aside;     /* names made up so far */
};

static const char *space_now(const struct ordering *ordering, const char *space);

/* The object as it is called now. What has an owner goes where that goes. */
static const struct dara_object *as_now(const struct ordering *ordering, const struct dara_object *object)
{
    const struct dara_renames *renames = ordering->renames;
    const struct dara_object *owner = dara_object_owner(object);
    const char *space = space_now(ordering, dara_object_space(object)), *name = dara_object_name(object);
    owner = owner ? as_now(ordering, owner) : NULL;
    if (owner && space && dara_object_space(owner))
        space = dara_object_space(owner);
    for (size_t i = 0; i < renames->count; i++) {
        const struct dara_rename *item = &renames->items[i];
        if (item->object != object || ordering->places[i] == BEFORE)
            continue;
        if (!owner)
            space = space_now(ordering, item->space);
        name = ordering->places[i] == ASIDE ? item->via : item->name;
    }
    if (owner == dara_object_owner(object) && dara_string_same(space, dara_object_space(object)) &&
        strcmp(name, dara_object_name(object)) == 0)
        return object;
    return dara_object_as(renames->arena, object, owner, space, name);
}

/* What a namespace of the model before is called now. */
static const char *space_now(const struct ordering *ordering, const char *space)
{
    const struct dara_renames *renames = ordering->renames;
    for (size_t i = 0; space && i < renames->count; i++) {
        const struct dara_rename *item = &renames->items[i];
        if (ordering->places[i] != BEFORE && !strcmp(dara_object_kind(item->object)->name, "namespace") &&
            !strcmp(dara_object_name(item->object), space))
            return ordering->places[i] == ASIDE ? item->via : item->name;
    }
    return space;
}

/* The namespace that an object is in, by itself or with its owner. */
static const char *root_space(const struct dara_object *object)
{
    while (object && !dara_object_space(object))
        object = dara_object_owner(object);
    return object ? dara_object_space(object) : NULL;
}

/* Whether `other` has the name that an item is to get. Some engines have one set of names for all that is in a namespace, whoever owns it. */
static bool is_in_the_way(const struct ordering *ordering, const struct dara_rename *item, size_t other)
{
    const struct dara_object *object = item->object, *there = ordering->renames->items[other].object;
    bool part = (dara_object_kind(object)->flags | dara_object_kind(there)->flags) & DARA_KIND_PART;
    if (ordering->places[other] == THERE || (part && dara_object_owner(object) != dara_object_owner(there)))
        return false;
    there = as_now(ordering, there);
    const char *space =
        dara_object_owner(object) ? root_space(as_now(ordering, object)) : space_now(ordering, item->space);
    return !strcmp(item->name, dara_object_name(there)) && (part || dara_string_same(space, root_space(there)));
}

static bool is_free(const struct ordering *ordering, size_t index)
{
    for (size_t other = 0; other < ordering->renames->count; other++)
        if (other != index && is_in_the_way(ordering, &ordering->renames->items[index], other))
            return false;
    return true;
}

static size_t depth(const struct dara_object *object)
{
    size_t depth = 0;
    while ((object = dara_object_owner(object)))
        depth++;
    return depth;
}

/* What is inside before what it is in. */
static bool is_before(const struct dara_rename *left, const struct dara_rename *right)
{
    size_t a = depth(left->object), b = depth(right->object);
    return a != b ? a > b : dara_object_kind(left->object)->order > dara_object_kind(right->object)->order;
}

/* The item to go next, the number of items where there is none: one whose name is free, or with `aside` one that can step aside. */
static size_t find_next(const struct ordering *ordering, bool aside)
{
    const struct dara_renames *renames = ordering->renames;
    size_t best = renames->count;
    for (size_t i = 0; i < renames->count; i++) {
        bool can = aside ? ordering->places[i] == BEFORE : ordering->places[i] != THERE && is_free(ordering, i);
        if (can && (best == renames->count || is_before(&renames->items[i], &renames->items[best])))
            best = i;
    }
    return best;
}

static bool is_taken(const struct ordering *ordering, const char *name)
{
    for (size_t i = 0; i < dara_model_count(ordering->before); i++)
        if (!strcmp(dara_object_name(dara_model_at(ordering->before, i)), name))
            return true;
    for (size_t i = 0; i < ordering->renames->count; i++)
        if (!strcmp(ordering->renames->items[i].name, name))
            return true;
    return false;
}

static void make_up(struct ordering *ordering, struct dara_rename *item)
{
    char name[32];
    do {
        snprintf(name, sizeof(name), "dara_between_%u", ++ordering->aside);
    } while (is_taken(ordering, name));
    item->via = dara_arena_strdup(ordering->renames->arena, name);
}

static void add_move(struct ordering *ordering, size_t index, const char *name)
{
    struct dara_renames *renames = ordering->renames;
    const struct dara_rename *item = &renames->items[index];
    const struct dara_object *object = as_now(ordering, item->object);
    const char *space = dara_object_owner(object) ? dara_object_space(object) : space_now(ordering, item->space);
    const char *option = item->option;
    const struct dara_path path = {.count = 1, .parts = {name}};
    if (option && (name != item->name || ordering->places[index] == ASIDE))
        option = dara_rename_option(renames->arena, object, space, &path);
    DARA_GROW(renames->moves, renames->move_count, renames->move_room);
    renames->moves[renames->move_count++] =
        (struct dara_rename_move){.object = object, .space = space, .name = name, .option = option};
}

/* What is shown is in the order of the last moves. */
static void sort_items(struct dara_renames *renames, size_t *ended)
{
    for (size_t i = 0; i < renames->count; i++)
        for (size_t k = i + 1; k < renames->count; k++)
            if (ended[k] < ended[i]) {
                struct dara_rename item = renames->items[i];
                size_t end = ended[i];
                renames->items[i] = renames->items[k];
                renames->items[k] = item;
                ended[i] = ended[k];
                ended[k] = end;
            }
}

void dara_renames_order(struct dara_renames *renames, const struct dara_model *before)
{
    DARA_FREE enum place *places = dara_alloc((renames->count + 1) * sizeof(*places));
    DARA_FREE size_t *ended = dara_alloc((renames->count + 1) * sizeof(*ended));
    struct ordering ordering = {.renames = renames, .before = before, .places = places};
    for (size_t done = 0; done < renames->count;) {
        size_t next = find_next(&ordering, false);
        bool aside = next == renames->count;
        if (aside)
            next = find_next(&ordering, true);
        struct dara_rename *item = &renames->items[next];
        if (aside && (!item->via || is_taken(&ordering, item->via)))
            make_up(&ordering, item);
        add_move(&ordering, next, aside ? item->via : item->name);
        places[next] = aside ? ASIDE : THERE;
        if (!aside)
            ended[next] = done++;
    }
    sort_items(renames, ended);
}
