/* SPDX-License-Identifier: MIT */
/* ALTER TABLE. */
#include "change.h"

#include <stdlib.h>
#include <string.h>

static void begin_alter(struct postgres_planning *planning, bool only)
{
    postgres_write_alter(planning->writer, planning->change->after, only);
    postgres_write(planning->writer, " ");
}

static void simple(struct postgres_planning *planning, const char *words, unsigned flags)
{
    begin_alter(planning, false);
    postgres_write(planning->writer, words);
    postgres_step(planning, flags, NULL);
}

static void plan_name(struct postgres_planning *planning, const char *property, const char *words, const char *usual,
                      unsigned flags)
{
    const char *name = dara_object_text(planning->change->after, property);
    if (!postgres_changed(planning->change, property))
        return;
    begin_alter(planning, false);
    postgres_write(planning->writer, words);
    postgres_write_name(planning->writer, name ? name : usual);
    postgres_step(planning, flags, NULL);
}

/* A partitioned table has no rows: there it is what its partitions are made with, or nothing. */
static void plan_access_method(struct postgres_planning *planning)
{
    const struct dara_object *after = planning->change->after;
    bool partitioned = dara_object_has(after, "postgres.partition_key");
    if (!partitioned || dara_object_has(after, "postgres.access_method"))
        plan_name(planning, "postgres.access_method", "SET ACCESS METHOD ", "heap",
                  partitioned ? 0 : DARA_STEP_REWRITES);
    else if (postgres_changed(planning->change, "postgres.access_method"))
        simple(planning, "SET ACCESS METHOD DEFAULT", 0);
}

static bool has_value(const char *const *values, size_t count, const char *value, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(values[i], value, length) == 0 && (values[i][length] == '=' || values[i][length] == '\0'))
            return true;
    return false;
}

void postgres_plan_options(struct postgres_planning *planning, const char *property)
{
    const char *const *before = NULL, *const *after = NULL;
    const char *separator = " RESET (";
    if (!postgres_changed(planning->change, property))
        return;
    size_t old = dara_object_list(planning->change->before, property, &before);
    size_t new = dara_object_list(planning->change->after, property, &after);
    for (size_t i = 0; i < old; i++) {
        size_t length = strcspn(before[i], "=");
        if (has_value(after, new, before[i], length))
            continue;
        if (*separator == ' ')
            postgres_write_alter(planning->writer, planning->change->after, false);
        postgres_write_format(planning->writer, "%s%.*s", separator, (int)length, before[i]);
        separator = ", ";
    }
    if (*separator != ' ') {
        postgres_write(planning->writer, ")");
        postgres_step(planning, 0, NULL);
    }
    if (new) {
        postgres_write_alter(planning->writer, planning->change->after, false);
        postgres_write_options(planning->writer, " SET ", planning->change->after, property);
        postgres_step(planning, 0, NULL);
    }
}

/* ---- where the table belongs -------------------------------------------------------------------------------------------- */

static void plan_inherits(struct postgres_planning *planning)
{
    const char *const *after = NULL;
    if (!postgres_changed(planning->change, "postgres.inherits"))
        return;
    size_t count = dara_object_list(planning->change->after, "postgres.inherits", &after);
    for (size_t i = 0; i < count; i++) {
        if (postgres_keeps_parent(planning->change, after[i]))
            continue;
        begin_alter(planning, false);
        postgres_write_format(planning->writer, "INHERIT %s", after[i]);
        postgres_step(planning, 0, NULL);
    }
}

static void plan_partition(struct postgres_planning *planning)
{
    const struct dara_object *after = planning->change->after;
    if (!postgres_is_partition(after) || (!postgres_changed(planning->change, "postgres.partition_of") &&
                                          !postgres_changed(planning->change, "postgres.partition_bound")))
        return;
    postgres_write_format(planning->writer, "ALTER TABLE ONLY %s ATTACH PARTITION ",
                          dara_object_text(after, "postgres.partition_of"));
    postgres_write_object(planning->writer, after);
    postgres_write_format(planning->writer, " %s", dara_object_text(after, "postgres.partition_bound"));
    postgres_step(planning, DARA_STEP_MAY_FAIL, "fails if rows lie outside the bounds");
}

static void plan_of_type(struct postgres_planning *planning)
{
    const char *type = dara_object_text(planning->change->after, "postgres.of_type");
    if (!postgres_changed(planning->change, "postgres.of_type"))
        return;
    begin_alter(planning, false);
    postgres_write(planning->writer, type ? "OF " : "NOT OF");
    postgres_write(planning->writer, type);
    postgres_step(planning, 0, NULL);
}

static void plan_switch(struct postgres_planning *planning, const char *property, const char *on, const char *off)
{
    if (postgres_changed(planning->change, property))
        simple(planning, dara_object_bool(planning->change->after, property, false) ? on : off, 0);
}

/* ---- constraints but foreign keys, which the end of the plan adds ------------------------------------------------------- */

static void plan_constraint(struct postgres_planning *planning, const struct dara_change *part)
{
    const struct dara_object *after = part->after;
    if (!after || postgres_is_inherited(after) || postgres_is_foreign_key(after) || postgres_is_postponed(after))
        return;
    if (!part->before || postgres_is_taken_off(planning->diff, part->before)) {
        postgres_render_constraint(planning->writer, after);
        return;
    }
    if (postgres_changed(part, "validated")) {
        begin_alter(planning, false);
        postgres_write(planning->writer, "VALIDATE CONSTRAINT ");
        postgres_write_name(planning->writer, dara_object_name(after));
        postgres_step(planning, DARA_STEP_MAY_FAIL, "fails if rows do not satisfy the constraint");
    }
    if (postgres_changed(part, "comment"))
        postgres_render_comment(planning->writer, after, dara_object_comment(after));
    if (postgres_changed(part, "index_comment"))
        postgres_render_index_comment(planning->writer, after);
}

static void plan_constraints(struct postgres_planning *planning)
{
    const struct dara_change *change = planning->change;
    for (size_t i = 0; i < change->part_count; i++) {
        const struct dara_object *part = change->parts[i]->after ? change->parts[i]->after : change->parts[i]->before;
        if (postgres_is(part, "constraint"))
            plan_constraint(planning, change->parts[i]);
    }
}

void postgres_plan_table(struct postgres_planning *planning)
{
    plan_of_type(planning);
    if (postgres_changed(planning->change, "postgres.persistence"))
        simple(planning, postgres_is_unlogged(planning->change->after) ? "SET UNLOGGED" : "SET LOGGED",
               DARA_STEP_REWRITES);
    plan_access_method(planning);
    plan_name(planning, "postgres.tablespace", "SET TABLESPACE ", "pg_default", DARA_STEP_REWRITES);
    postgres_plan_options(planning, "postgres.options");
    postgres_plan_columns(planning);
    plan_constraints(planning);
    if (postgres_changed(planning->change, "foreign_options")) {
        postgres_write_alter(planning->writer, planning->change->after, false);
        postgres_write_foreign_changes(planning->writer, planning->change, "foreign_options");
        postgres_step(planning, 0, NULL);
    }
    plan_inherits(planning);
    plan_partition(planning);
    plan_switch(planning, "postgres.row_security", "ENABLE ROW LEVEL SECURITY", "DISABLE ROW LEVEL SECURITY");
    plan_switch(planning, "postgres.force_row_security", "FORCE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY");
}
