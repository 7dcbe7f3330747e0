/* SPDX-License-Identifier: MIT */
/* Another name for a table or a column: SQLite changes it in whatever mentions it. */
#include <string.h>

#include "change.h"

struct renaming {
    const struct dara_object *object;
    const char *name;
    struct dara_plan *plan;
};

static int plan(struct sqlite_pool *pool, void *context)
{
    const struct renaming *renaming = context;
    struct sqlite_planning planning = {.pool = pool, .plan = renaming->plan};
    struct sqlite_buffer text = {.pool = pool};
    bool column = strcmp(dara_object_kind(renaming->object)->name, "column") == 0;
    sqlite_buffer_add(&text, "ALTER TABLE ");
    sqlite_buffer_quote(&text, dara_object_name(column ? dara_object_owner(renaming->object) : renaming->object));
    sqlite_buffer_add(&text, " RENAME ");
    if (column) {
        sqlite_buffer_add(&text, "COLUMN ");
        sqlite_buffer_quote(&text, dara_object_name(renaming->object));
        sqlite_buffer_add(&text, " ");
    }
    sqlite_buffer_add(&text, "TO ");
    sqlite_buffer_quote(&text, renaming->name);
    sqlite_plan_step(&planning, text.text, 0, NULL);
    return 0;
}

int sqlite_dialect_rename(const struct dara_object *object, const char *space, const char *name,
                          struct dara_plan *plan_)
{
    const char *kind = dara_object_kind(object)->name;
    struct renaming renaming = {object, name, plan_};
    (void)space;
    if (strcmp(kind, "table") == 0 || strcmp(kind, "column") == 0)
        return sqlite_pool_run(plan, &renaming);
    dara_error_set(DARA_EUNSUPPORTED, "the engine cannot rename a %s", kind);
    dara_error_hint("leave the --rename out: it is dropped and made again");
    return DARA_EUNSUPPORTED;
}
