/* SPDX-License-Identifier: MIT */
#include "model/changes.h"

/* Whether an object goes away because what it lies in is dropped. */
static bool falls(const struct dara_diff *diff, const struct dara_object *object)
{
    while ((object = object->owner)) {
        const struct change *change = diff->of_before[object->index];
        if (change && (change->public.op == DARA_CHANGE_DROP || change->public.op == DARA_CHANGE_RECREATE))
            return true;
    }
    return false;
}

static void add(struct dara_diff *diff, enum dara_action_op op, const struct dara_change *change)
{
    diff->actions[diff->action_count++] = (struct dara_action){.op = op, .change = change};
}

static void add_drop(struct dara_diff *diff, const struct dara_object *before)
{
    struct change *change = diff->of_before[before->index];
    if (!change || falls(diff, before))
        return;
    if (change->public.op == DARA_CHANGE_DROP) {
        add(diff, DARA_ACTION_DROP, &change->public);
    } else if (change->public.op == DARA_CHANGE_RECREATE) {
        change->drop = (struct dara_change){.op = DARA_CHANGE_DROP, .before = before, .reason = change->public.reason};
        add(diff, DARA_ACTION_DROP, &change->drop);
    }
}

static void add_making(struct dara_diff *diff, const struct dara_object *after)
{
    struct change *change = diff->of_after[after->index];
    if (!change)
        return;
    if (change->public.op == DARA_CHANGE_RECREATE) {
        change->create =
            (struct dara_change){.op = DARA_CHANGE_CREATE, .after = after, .reason = change->public.reason};
        add(diff, DARA_ACTION_CREATE, &change->create);
    } else {
        add(diff, change->public.op == DARA_CHANGE_CREATE ? DARA_ACTION_CREATE : DARA_ACTION_ALTER, &change->public);
    }
}

/* What is not covered and fell with what was made again: given back as it was, if there is still something to give it to. */
static void add_kept(struct dara_diff *diff, const struct dara_object *before)
{
    if (!diff->kept[before->index] || (before->owner && !dara_model_same(diff->after, before->owner)))
        return;
    struct dara_change *change = dara_arena_alloc(diff->arena, sizeof(*change));
    *change = (struct dara_change){.op = DARA_CHANGE_CREATE, .after = before, .reason = "what it is on is made again"};
    add(diff, DARA_ACTION_CREATE, change);
}

int dara_diff_order(struct dara_diff *diff, const struct dara_action **ret_actions, size_t *ret_count)
{
    DARA_FREE const struct dara_object **before = NULL;
    DARA_FREE const struct dara_object **after = NULL;
    size_t before_count = 0, after_count = 0;
    if (!diff->actions) {
        /* The whole models are ordered, not only what changes: what is equal carries dependencies, too. */
        int result = dara_model_order(diff->before, &before, &before_count);
        if (!result)
            result = dara_model_order(diff->after, &after, &after_count);
        if (result)
            return result;
        diff->actions = dara_arena_alloc(diff->arena, (diff->count * 2 + before_count) * sizeof(*diff->actions));
        diff->action_count = 0;
        for (size_t i = before_count; i-- > 0;)
            add_drop(diff, before[i]);
        for (size_t i = 0; i < after_count; i++)
            add_making(diff, after[i]);
        for (size_t i = 0; i < before_count; i++)
            add_kept(diff, before[i]);
    }
    *ret_actions = diff->actions;
    *ret_count = diff->action_count;
    return 0;
}
