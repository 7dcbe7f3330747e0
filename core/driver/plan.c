/* SPDX-License-Identifier: MIT */
/* The statements that turn one model into another: core orders, the dialect words. */
#include <string.h>

#include "driver/internal.h"

/* ---- filled by the driver ----------------------------------------------------------------------------------------------- */

void dara_plan_add(struct dara_plan *plan, const struct dara_step *step)
{
    struct dara_step known = {0};
    memcpy(&known, step, step->size < sizeof(known) ? step->size : sizeof(known));
    if (!known.text || !*known.text) {
        plan->broken = true;
        return;
    }
    DARA_GROW(plan->steps, plan->count, plan->room);
    plan->steps[plan->count++] = (struct dara_planned){
        .text = dara_arena_strdup(plan->arena, known.text),
        .flags = known.flags,
        .change = known.change,
        .note = dara_arena_strdup(plan->arena, known.note),
    };
}

void dara_plan_cannot(struct dara_plan *plan, const struct dara_change *change, const char *why)
{
    DARA_GROW(plan->cannots, plan->cannot_count, plan->cannot_room);
    plan->cannots[plan->cannot_count++] = (struct dara_cannot){
        .change = change,
        .why = dara_arena_strdup(plan->arena, why ? why : "the engine cannot do it"),
    };
}

/* ---- made and read by dara ---------------------------------------------------------------------------------------------- */

struct dara_plan *dara_plan_free(struct dara_plan *plan)
{
    if (!plan)
        return NULL;
    dara_arena_free(plan->arena);
    free(plan->steps);
    free(plan->cannots);
    free(plan);
    return NULL;
}

size_t dara_plan_count(const struct dara_plan *plan)
{
    return plan->count;
}

const struct dara_planned *dara_plan_at(const struct dara_plan *plan, size_t index)
{
    return index < plan->count ? &plan->steps[index] : NULL;
}

size_t dara_plan_cannot_count(const struct dara_plan *plan)
{
    return plan->cannot_count;
}

const struct dara_cannot *dara_plan_cannot_at(const struct dara_plan *plan, size_t index)
{
    return index < plan->cannot_count ? &plan->cannots[index] : NULL;
}

/* "table 'a': why" */
static void add_cannot(struct dara_text *text, const struct dara_cannot *cannot)
{
    const struct dara_change *change = cannot->change;
    if (change) {
        DARA_FREE char *object = dara_object_describe(change->after ? change->after : change->before);
        dara_text_format(text, "%s: ", object);
    }
    dara_text_add(text, cannot->why);
}

int dara_plan_runnable(const struct dara_plan *plan)
{
    if (!plan->cannot_count)
        return 0;
    DARA_TEXT_LOCAL first = DARA_TEXT_INIT, others = DARA_TEXT_INIT;
    add_cannot(&first, &plan->cannots[0]);
    for (size_t i = 1; i < plan->cannot_count; i++) {
        dara_text_add(&others, i > 1 ? "; " : "");
        add_cannot(&others, &plan->cannots[i]);
    }
    dara_error_set(DARA_EUNSUPPORTED, "the engine cannot make this change: %s", dara_text_string(&first));
    if (others.length)
        dara_error_detail("nor these: %s", others.bytes);
    return DARA_EUNSUPPORTED;
}

void dara_plan_write(const struct dara_plan *plan, const struct dara_driver *driver, struct dara_text *out)
{
    for (size_t i = 0; i < plan->count; i++) {
        dara_text_add(out, plan->steps[i].text);
        dara_text_add(out, driver->dialect ? driver->dialect->delimiter : "\n");
    }
}
