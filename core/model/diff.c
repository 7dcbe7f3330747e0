/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "model/changes.h"

/* ---- families that cannot be compared ---- */

static enum dara_family_state state_of(const struct dara_model *model, const char *family)
{
    for (size_t i = 0; i < model->family_count; i++)
        if (strcmp(model->families[i].name, family) == 0)
            return model->families[i].state;
    return DARA_FAMILY_UNSUPPORTED;
}

static void add_unknown(struct dara_diff *diff, const char *family, size_t *room)
{
    enum dara_family_state before = state_of(diff->before, family), after = state_of(diff->after, family);
    bool denied = before == DARA_FAMILY_DENIED || after == DARA_FAMILY_DENIED;
    bool skipped = (before == DARA_FAMILY_SKIPPED) != (after == DARA_FAMILY_SKIPPED);
    const struct dara_kind *kind = dara_model_kind(diff->after, family);
    if (!kind)
        kind = dara_model_kind(diff->before, family);
    for (size_t i = 0; i < diff->unknown_count; i++)
        if (strcmp(diff->unknown[i], family) == 0)
            return;
    if ((!denied && !skipped) || (kind && (dara_kind_scope(kind) & ~diff->scope)))
        return;
    DARA_GROW(diff->unknown, diff->unknown_count, *room);
    diff->unknown[diff->unknown_count++] = family;
}

static void find_unknown(struct dara_diff *diff)
{
    size_t room = 0;
    for (size_t i = 0; i < diff->before->family_count; i++)
        add_unknown(diff, diff->before->families[i].name, &room);
    for (size_t i = 0; i < diff->after->family_count; i++)
        add_unknown(diff, diff->after->families[i].name, &room);
}

size_t dara_diff_unknown(const struct dara_diff *diff, const char *const **ret_families)
{
    if (ret_families)
        *ret_families = diff->unknown;
    return diff->unknown_count;
}

/* ---- changes in canonical order ---- */

static const struct dara_object *subject(const struct change *change)
{
    return change->public.after ? change->public.after : change->public.before;
}

static int canonical(const void *a, const void *b)
{
    return dara_identity_compare(subject(*(struct change *const *)a), subject(*(struct change *const *)b));
}

static void append(struct dara_diff *diff, struct change *change)
{
    if (!change)
        return;
    DARA_GROW(diff->changes, diff->count, diff->room);
    diff->changes[diff->count++] = change;
}

/* Into its place among those that are sorted. */
static void insert(struct dara_diff *diff, struct change *change)
{
    size_t low = 0, high = diff->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (dara_identity_compare(subject(diff->changes[middle]), subject(change)) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    append(diff, change);
    memmove(&diff->changes[low + 1], &diff->changes[low], (diff->count - 1 - low) * sizeof(*diff->changes));
    diff->changes[low] = change;
}

/* ---- making again ---- */

static void make_again(struct dara_diff *diff, const struct dara_object *before, const char *reason);

/* What an object owns falls with it, so what is in both models must be made again with it. */
static void spread(struct dara_diff *diff, const struct dara_object *before, const char *reason)
{
    for (size_t i = 0; i < before->owned_count; i++) {
        const struct dara_object *owned = before->owned[i];
        if (dara_is_apart(diff, owned))
            diff->kept[owned->index] = true;
        else if (dara_is_part(owned))
            spread(diff, owned, reason);
        else if (dara_model_same(diff->after, owned) && !dara_is_unknown(diff, owned))
            make_again(diff, owned, reason);
    }
}

static void spread_change(struct dara_diff *diff, struct change *change)
{
    if (change->spread)
        return;
    change->spread = true;
    DARA_FREE char *what = dara_object_describe(change->public.before);
    spread(diff, change->public.before, dara_arena_format(diff->arena, "%s is made again", what));
}

/* `before` is in both models; `reason` lives as long as the diff. */
static void make_again(struct dara_diff *diff, const struct dara_object *before, const char *reason)
{
    struct change *change = diff->of_before[before->index];
    if (!change) {
        const struct dara_object *after = dara_model_same(diff->after, before);
        change = dara_arena_alloc(diff->arena, sizeof(*change));
        change->public = (struct dara_change){.before = before, .after = after};
        diff->of_before[before->index] = diff->of_after[after->index] = change;
        insert(diff, change);
    }
    if (change->public.op != DARA_CHANGE_RECREATE) {
        change->public.op = DARA_CHANGE_RECREATE;
        change->public.reason = reason;
    }
    spread_change(diff, change);
}

int dara_diff_recreate(struct dara_diff *diff, const struct dara_object *object, const char *reason)
{
    DARA_FREE char *what = dara_object_describe(object);
    if (object->model != diff->before || dara_is_part(object))
        return dara_error_set(DARA_EDRIVER, "%s cannot be made again: it is a part, or not of the model before", what);
    if (dara_is_apart(diff, object)) {
        diff->kept[object->index] = true;
        diff->actions = NULL;
        return 0;
    }
    if (!dara_model_same(diff->after, object))
        return dara_error_set(DARA_EDRIVER, "%s cannot be made again: it is only in the model before", what);
    make_again(diff, object, dara_arena_strdup(diff->arena, reason));
    diff->actions = NULL;
    return 0;
}

/* ---- making, reading ---- */

static void compare_all(struct dara_diff *diff)
{
    for (size_t i = 0; i < diff->before->count; i++) {
        const struct dara_object *object = diff->before->objects[i];
        if (!dara_is_part(object) && !dara_is_apart(diff, object) && !dara_is_unknown(diff, object))
            append(diff, dara_compare(diff, object, dara_model_same(diff->after, object)));
    }
    for (size_t i = 0; i < diff->after->count; i++) {
        const struct dara_object *object = diff->after->objects[i];
        if (!dara_is_part(object) && !dara_is_apart(diff, object) && !dara_is_unknown(diff, object) &&
            !dara_model_same(diff->before, object))
            append(diff, dara_compare(diff, NULL, object));
    }
    if (diff->count)
        qsort(diff->changes, diff->count, sizeof(*diff->changes), canonical);
}

int dara_diff_new(const struct dara_model *before, const struct dara_model *after, struct dara_diff **ret_diff)
{
    return dara_diff_new_of(before, after, 0, ret_diff);
}

int dara_diff_new_of(const struct dara_model *before, const struct dara_model *after, unsigned scope,
                     struct dara_diff **ret_diff)
{
    if (!before->finished || !after->finished)
        return dara_error_set(DARA_EINTERNAL, "only finished models can be compared");
    if (strcmp(before->engine, after->engine) != 0) {
        dara_error_set(DARA_EUSAGE, "a schema of '%s' cannot be compared with one of '%s'", before->engine,
                       after->engine);
        dara_error_hint("compare two schemas of one engine");
        return DARA_EUSAGE;
    }
    struct dara_diff *diff = dara_alloc(sizeof(*diff));
    *diff = (struct dara_diff){.arena = dara_arena_new(),
                               .before = before,
                               .after = after,
                               .scope = scope,
                               .kept = dara_alloc(before->count * sizeof(bool)),
                               .of_before = dara_alloc(before->count * sizeof(struct change *)),
                               .of_after = dara_alloc(after->count * sizeof(struct change *))};
    find_unknown(diff);
    compare_all(diff);
    /* Spreading adds changes, so look at each object, not at each change. */
    for (size_t i = 0; i < before->count; i++) {
        struct change *change = diff->of_before[i];
        if (change && change->public.op == DARA_CHANGE_RECREATE)
            spread_change(diff, change);
    }
    *ret_diff = diff;
    return 0;
}

struct dara_diff *dara_diff_free(struct dara_diff *diff)
{
    if (!diff)
        return NULL;
    dara_arena_free(diff->arena);
    free(diff->changes);
    free(diff->of_before);
    free(diff->of_after);
    free(diff->kept);
    free(diff->unknown);
    free(diff);
    return NULL;
}

size_t dara_diff_count(const struct dara_diff *diff)
{
    return diff->count;
}

const struct dara_change *dara_diff_at(const struct dara_diff *diff, size_t index)
{
    return index < diff->count ? &diff->changes[index]->public : NULL;
}

const struct dara_change *dara_diff_of(const struct dara_diff *diff, const struct dara_object *object)
{
    struct change *change = NULL;
    if (object->model == diff->before)
        change = diff->of_before[object->index];
    /* A model may be compared with itself: then both sides are it, and nothing differs but what is made again. */
    if (!change && object->model == diff->after)
        change = diff->of_after[object->index];
    return change ? &change->public : NULL;
}

unsigned dara_diff_scope(const struct dara_diff *diff)
{
    return diff->scope;
}

const struct dara_model *dara_diff_before(const struct dara_diff *diff)
{
    return diff->before;
}

const struct dara_model *dara_diff_after(const struct dara_diff *diff)
{
    return diff->after;
}
