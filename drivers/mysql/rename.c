/* SPDX-License-Identifier: MIT */
/* Another name for what both servers can rename. Who mentions it is not looked after here. */
#include "change.h"

static void add_part(struct mysql_planning *planning, const struct dara_object *object, const char *word,
                     const char *name)
{
    mysql_buffer_add(&planning->sql, "ALTER TABLE ");
    mysql_buffer_add_name(&planning->sql, dara_object_name(dara_object_owner(object)));
    mysql_buffer_format(&planning->sql, " RENAME %s ", word);
    mysql_buffer_add_name(&planning->sql, dara_object_name(object));
    mysql_buffer_add(&planning->sql, " TO ");
    mysql_buffer_add_name(&planning->sql, name);
}

/* Views and sequences share the names of tables, and are renamed like them. */
static bool is_like_table(const struct dara_object *object)
{
    return mysql_is(object, "table") || mysql_is(object, "view") || mysql_is(object, "sequence");
}

int mysql_dialect_rename(const struct dara_object *object, const char *space, const char *name, struct dara_plan *plan)
{
    struct mysql_planning planning = {.plan = plan};
    (void)space; /* there is none in a database */
    if (is_like_table(object)) {
        mysql_buffer_add(&planning.sql, "RENAME TABLE ");
        mysql_buffer_add_name(&planning.sql, dara_object_name(object));
        mysql_buffer_add(&planning.sql, " TO ");
        mysql_buffer_add_name(&planning.sql, name);
    } else if (mysql_is(object, "column")) {
        add_part(&planning, object, "COLUMN", name);
    } else if (mysql_is(object, "index")) {
        add_part(&planning, object, "INDEX", name);
    } else {
        dara_error_set(DARA_EUNSUPPORTED, "the server cannot rename a %s", dara_object_kind(object)->name);
        dara_error_hint("without --rename it is dropped and made again, which costs no rows");
        return DARA_EUNSUPPORTED;
    }
    mysql_plan_step(&planning, 0, NULL);
    return mysql_planning_end(&planning);
}
