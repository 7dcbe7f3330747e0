/* SPDX-License-Identifier: MIT */
/* Making a plan: the dialect prepares the diff, core orders it, the dialect words each change. */
#include "driver/internal.h"

static int fill(const struct dara_driver *driver, struct dara_diff *diff, struct dara_plan *plan)
{
    const struct dara_action *actions;
    size_t count;
    int code = dara_dialect_prepare(driver, diff);
    if (!code)
        code = dara_diff_order(diff, &actions, &count);
    if (!code)
        code = dara_dialect_begin_plan(driver, diff, plan);
    for (size_t i = 0; !code && i < count; i++)
        code = dara_dialect_change(driver, diff, actions[i].change, plan);
    if (!code)
        code = dara_dialect_end_plan(driver, diff, plan);
    if (!code && plan->broken)
        code = dara_error_set(DARA_EDRIVER, "the '%s' driver broke its contract: a step of its plan has no text",
                              driver->name);
    return code;
}

int dara_plan_new(const struct dara_driver *driver, struct dara_diff *diff, struct dara_plan **ret_plan)
{
    int code = dara_driver_require(driver, "dialect", "plan changes");
    if (code)
        return code;
    struct dara_plan *plan = dara_alloc(sizeof(*plan));
    plan->arena = dara_arena_new();
    code = fill(driver, diff, plan);
    if (code)
        dara_plan_free(plan);
    else
        *ret_plan = plan;
    return code;
}

int dara_plan_rename(const struct dara_driver *driver, const struct dara_object *object, const char *space,
                     const char *name, struct dara_plan **plan)
{
    struct dara_dispatch call;
    int code = dara_driver_require(driver, "dialect", "rename objects");
    if (code)
        return code;
    if (!DARA_HAS(driver->dialect, rename))
        return dara_dispatch_absent(driver, "dialect", "rename", "rename objects");
    if (!*plan) {
        *plan = dara_alloc(sizeof(**plan));
        (*plan)->arena = dara_arena_new();
    }
    dara_dispatch_begin(&call, driver, NULL, "dialect", "rename");
    return dara_dispatch_end(&call, driver->dialect->rename(object, space, name, *plan));
}
