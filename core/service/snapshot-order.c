/* SPDX-License-Identifier: MIT */
/* The order in which the objects of a snapshot can be restored. */
#include <string.h>

#include "service/snapshot-parts.h"

struct mark {
    const struct dara_object *object;
    bool early;
};

static int by_pointer(const void *left, const void *right)
{
    uintptr_t a = (uintptr_t)((const struct mark *)left)->object, b = (uintptr_t)((const struct mark *)right)->object;
    return (a > b) - (a < b);
}

struct walk {
    struct mark *marks;
    size_t count;
    const struct dara_object **stack;
    size_t depth, room;
};

/* Mark the object that `object` is or is part of, and remember to look at what it needs. */
static void want(struct walk *walk, const struct dara_object *object)
{
    while ((dara_object_kind(object)->flags & DARA_KIND_PART) && dara_object_owner(object))
        object = dara_object_owner(object);
    struct mark key = {object, false};
    struct mark *mark = bsearch(&key, walk->marks, walk->count, sizeof(key), by_pointer);
    if (!mark || mark->early)
        return;
    mark->early = true;
    DARA_GROW(walk->stack, walk->depth, walk->room);
    walk->stack[walk->depth++] = object;
}

static void want_needs(struct walk *walk, const struct dara_object *object)
{
    const struct dara_object *const *needs;
    size_t count = dara_object_depends(object, &needs);
    for (size_t i = 0; i < count; i++)
        want(walk, needs[i]);
    if (dara_object_owner(object))
        want(walk, dara_object_owner(object));
}

int dara_snapshot_order_new(const struct dara_model *model, struct dara_snapshot_order *ret_order)
{
    struct dara_snapshot_order order = {NULL, 0, 0};
    int r = dara_model_order(model, &order.objects, &order.count);
    if (r < 0)
        return r;
    struct walk walk = {dara_alloc((order.count + 1) * sizeof(*walk.marks)), order.count, NULL, 0, 0};
    for (size_t i = 0; i < order.count; i++)
        walk.marks[i] = (struct mark){order.objects[i], false};
    qsort(walk.marks, walk.count, sizeof(*walk.marks), by_pointer);
    for (size_t i = 0; i < order.count; i++)
        if (dara_object_kind(order.objects[i])->flags & DARA_KIND_ROWS)
            want(&walk, order.objects[i]);
    while (walk.depth > 0) {
        const struct dara_object *object = walk.stack[--walk.depth];
        want_needs(&walk, object);
        for (const struct dara_object *part = dara_object_owned(object, NULL, NULL); part;
             part = dara_object_owned(object, NULL, part))
            if (dara_object_kind(part)->flags & DARA_KIND_PART)
                want_needs(&walk, part);
    }
    const struct dara_object **sorted = dara_alloc((order.count + 1) * sizeof(*sorted));
    size_t late = 0;
    for (int pass = 1; pass >= 0; pass--)
        for (size_t i = 0; i < order.count; i++) {
            struct mark key = {order.objects[i], false};
            const struct mark *mark = bsearch(&key, walk.marks, walk.count, sizeof(key), by_pointer);
            if (mark->early == (pass == 1))
                sorted[late++] = order.objects[i];
            order.early += mark->early && pass == 1;
        }
    free(walk.marks);
    free(walk.stack);
    free(order.objects);
    order.objects = sorted;
    *ret_order = order;
    return 0;
}
