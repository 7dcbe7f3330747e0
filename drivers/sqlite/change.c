/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "change.h"

void sqlite_plan_step(struct sqlite_planning *planning, const char *text, unsigned flags, const char *note)
{
    const struct dara_step step = {
        .size = sizeof(step), .text = text, .flags = flags, .change = planning->change, .note = note};
    dara_plan_add(planning->plan, &step);
}

static void plan_create(struct sqlite_planning *planning)
{
    const struct dara_object *object = planning->change->after;
    const char *text = sqlite_render_object(planning->pool, object);
    bool unique = strcmp(dara_object_kind(object)->name, "index") == 0 && dara_object_bool(object, "unique", false);
    /* an index on a table that is new is checked against no rows */
    const struct dara_object *owner = dara_object_owner(object);
    bool rows = owner && dara_model_same(dara_diff_before(planning->diff), owner);
    if (text)
        sqlite_plan_step(planning, text, unique && rows ? DARA_STEP_MAY_FAIL : 0,
                         unique && rows ? "fails if rows have equal values" : NULL);
}

static void plan_drop(struct sqlite_planning *planning)
{
    static const struct {
        const char *kind, *statement, *note;
        unsigned flags;
    } drops[] = {
        {"table", "DROP TABLE ", "the table and all its rows are lost", DARA_STEP_DESTROYS},
        {"virtual_table", "DROP TABLE ", "the virtual table and all its rows are lost", DARA_STEP_DESTROYS},
        {"index", "DROP INDEX ", NULL, 0},
        {"view", "DROP VIEW ", NULL, 0},
        {"trigger", "DROP TRIGGER ", NULL, 0},
    };
    const struct dara_object *object = planning->change->before;
    for (size_t i = 0; i < sizeof(drops) / sizeof(drops[0]); i++) {
        if (strcmp(drops[i].kind, dara_object_kind(object)->name) != 0)
            continue;
        struct sqlite_buffer text = {.pool = planning->pool};
        sqlite_buffer_add(&text, drops[i].statement);
        sqlite_buffer_quote(&text, dara_object_name(object));
        sqlite_plan_step(planning, text.text, drops[i].flags, drops[i].note);
        return;
    }
}

static void plan_setting(struct sqlite_planning *planning)
{
    const struct dara_change *change = planning->change;
    const char *name = dara_object_name(change->after ? change->after : change->before);
    const char *text = change->after ? sqlite_render_setting(planning->pool, change->after) : NULL;
    if (text)
        sqlite_plan_step(planning, text, 0, NULL);
    else if (strcmp(name, "encoding") == 0)
        dara_plan_cannot(planning->plan, change, "the encoding of a file is fixed once it holds a table");
    else
        dara_plan_cannot(planning->plan, change, "no statement changes this setting");
}

static int plan(struct sqlite_pool *pool, void *context)
{
    struct sqlite_planning *planning = context;
    const struct dara_change *change = planning->change;
    planning->pool = pool;
    const char *kind = dara_object_kind(change->after ? change->after : change->before)->name;
    if (strcmp(kind, "setting") == 0) {
        plan_setting(planning);
    } else if (change->op == DARA_CHANGE_CREATE) {
        plan_create(planning);
    } else if (change->op == DARA_CHANGE_DROP) {
        plan_drop(planning);
    } else if (strcmp(kind, "table") == 0) {
        if (!sqlite_plan_add_columns(planning))
            sqlite_plan_rebuild(planning);
    } else { /* nothing else has a property that can be altered */
        dara_plan_cannot(planning->plan, change, "SQLite cannot alter it");
    }
    return 0;
}

int sqlite_dialect_change(const struct dara_diff *diff, const struct dara_change *change, struct dara_plan *plan_)
{
    struct sqlite_planning planning = {.diff = diff, .change = change, .plan = plan_};
    return sqlite_pool_run(plan, &planning);
}

/* A rebuild makes the equal indexes and triggers of its table again by itself, and nothing else stands in a change's way:
 * SQLite does not hold a table because a view or a foreign key names it. */
int sqlite_dialect_prepare(struct dara_diff *diff)
{
    (void)diff;
    return 0;
}
