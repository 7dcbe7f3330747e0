/* SPDX-License-Identifier: MIT */
/*
 * Circles: objects that need each other. They are cut at views, which are first made with their columns alone, and at defaults and checks
 * of tables, which are added when all is there. Foreign keys never stand in a circle: all of them are added at the end.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "render.h"

/* What was met on a walk, and what is still to be looked at. */
struct walk {
    const struct dara_object **slots, **stack;
    size_t count, room, depth, stack_room;
};

static size_t slot_of(const struct walk *walk, const struct dara_object *object)
{
    size_t at = (size_t)((uint64_t)(uintptr_t)object * 0x9e3779b97f4a7c15u >> 20) & (walk->room - 1);
    while (walk->slots[at] && walk->slots[at] != object)
        at = (at + 1) & (walk->room - 1);
    return at;
}

static void grow(struct walk *walk)
{
    const struct dara_object **old = walk->slots;
    size_t room = walk->room;
    walk->room = room ? room * 2 : 32;
    walk->slots = calloc(walk->room, sizeof(*walk->slots));
    if (!walk->slots)
        dara_error_out_of_memory();
    for (size_t i = 0; i < room; i++)
        if (old[i])
            walk->slots[slot_of(walk, old[i])] = old[i];
    free(old);
}

static void visit(struct walk *walk, const struct dara_object *object)
{
    while ((dara_object_kind(object)->flags & DARA_KIND_PART) && dara_object_owner(object))
        object = dara_object_owner(object);
    if (walk->count * 2 >= walk->room)
        grow(walk);
    size_t at = slot_of(walk, object);
    if (walk->slots[at])
        return;
    walk->slots[at] = object;
    walk->count++;
    if (walk->depth == walk->stack_room) {
        walk->stack_room = walk->stack_room ? walk->stack_room * 2 : 32;
        walk->stack = realloc(walk->stack, walk->stack_room * sizeof(*walk->stack));
        if (!walk->stack)
            dara_error_out_of_memory();
    }
    walk->stack[walk->depth++] = object;
}

static void visit_needs(struct walk *walk, const struct dara_object *object)
{
    const struct dara_object *const *needs = NULL, *part = NULL;
    size_t count = dara_object_depends(object, &needs);
    for (size_t i = 0; i < count; i++)
        visit(walk, needs[i]);
    while ((part = dara_object_owned(object, NULL, part)) && (dara_object_kind(part)->flags & DARA_KIND_PART)) {
        count = postgres_is_foreign_key(part) ? 0 : dara_object_depends(part, &needs);
        for (size_t i = 0; i < count; i++)
            visit(walk, needs[i]);
    }
}

static bool leads_to(struct walk *walk, const struct dara_object *goal)
{
    bool found = false;
    while (walk->depth && !found) {
        const struct dara_object *object = walk->stack[--walk->depth];
        found = object == goal;
        if (!found)
            visit_needs(walk, object);
    }
    free(walk->slots);
    free(walk->stack);
    return found;
}

bool postgres_is_in_circle(const struct dara_object *view)
{
    const struct dara_object *const *needs = NULL;
    struct walk walk = {.slots = NULL};
    size_t count = postgres_is(view, "view") ? dara_object_depends(view, &needs) : 0;
    for (size_t i = 0; i < count; i++)
        visit(&walk, needs[i]);
    return count && leads_to(&walk, view);
}

bool postgres_is_postponed(const struct dara_object *part)
{
    const struct dara_object *const *needs = NULL;
    struct walk walk = {.slots = NULL};
    bool can = postgres_is(part, "column") ? dara_object_has(part, "default")
                                           : postgres_has_text(part, "type", "check") && !postgres_is_inherited(part);
    size_t count = can ? dara_object_depends(part, &needs) : 0;
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        if (!postgres_is(needs[i], "routine"))
            continue;
        visit(&walk, needs[i]);
        any = true;
    }
    return any && leads_to(&walk, dara_object_owner(part));
}

/* "name type": the length of the name. */
static size_t name_length(const char *column)
{
    const char *at = column;
    if (*at != '"')
        return strcspn(at, " ");
    for (at++; *at && !(*at == '"' && at[1] != '"'); at++)
        at += *at == '"';
    return (size_t)(at - column) + (*at == '"');
}

void postgres_render_stub(struct postgres_writer *writer, const struct dara_object *view, const char *create)
{
    const char *const *columns = NULL;
    size_t count = dara_object_list(view, "columns", &columns);
    postgres_write_format(writer, "%s ", create);
    postgres_write_object(writer, view);
    postgres_write(writer, " AS\nSELECT");
    for (size_t i = 0; i < count; i++) {
        size_t length = name_length(columns[i]);
        postgres_write_format(writer, "%s NULL::%s AS %.*s", i ? "," : "", columns[i] + length + 1, (int)length,
                              columns[i]);
    }
    postgres_write_end(writer, 0, NULL);
}
