/* SPDX-License-Identifier: MIT */
/* The order in which the objects of a snapshot can be restored. */
#include <string.h>

#include "service/snapshot-parts.h"

struct walk {
    bool *early; /* for each object of the model, by its index */
    const struct dara_object **stack;
    size_t depth, room;
};

/* Mark the object that `object` is or is part of, and remember to look at what it needs. */
static void want(struct walk *walk, const struct dara_object *object)
{
    while ((dara_object_kind(object)->flags & DARA_KIND_PART) && dara_object_owner(object))
        object = dara_object_owner(object);
    bool *early = &walk->early[dara_object_index(object)];
    if (*early)
        return;
    *early = true;
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

/* Mark what holds rows, and what that needs. */
static void mark(struct walk *walk, const struct dara_snapshot_order *order)
{
    for (size_t i = 0; i < order->count; i++)
        if (dara_object_kind(order->objects[i])->flags & DARA_KIND_ROWS)
            want(walk, order->objects[i]);
    while (walk->depth > 0) {
        const struct dara_object *object = walk->stack[--walk->depth];
        want_needs(walk, object);
        for (const struct dara_object *part = dara_object_owned(object, NULL, NULL); part;
             part = dara_object_owned(object, NULL, part))
            if (dara_object_kind(part)->flags & DARA_KIND_PART)
                want_needs(walk, part);
    }
}

int dara_snapshot_order_new(const struct dara_model *model, struct dara_snapshot_order *ret_order)
{
    struct dara_snapshot_order order = {NULL, 0, 0};
    DARA_FREE const struct dara_object **made = NULL;
    int r = dara_model_order(model, &made, &order.count);
    if (r < 0)
        return r;
    struct walk walk = {.early = dara_alloc(dara_model_count(model) + 1)};
    order.objects = made;
    mark(&walk, &order);
    const struct dara_object **sorted = dara_alloc((order.count + 1) * sizeof(*sorted));
    for (size_t i = 0; i < order.count; i++)
        if (walk.early[dara_object_index(made[i])])
            sorted[order.early++] = made[i];
    size_t late = order.early;
    for (size_t i = 0; i < order.count; i++)
        if (!walk.early[dara_object_index(made[i])])
            sorted[late++] = made[i];
    free(walk.early);
    free(walk.stack);
    order.objects = sorted;
    *ret_order = order;
    return 0;
}
