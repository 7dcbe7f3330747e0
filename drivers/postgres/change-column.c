/* SPDX-License-Identifier: MIT */
/* Columns of a table that stays. */
#include "change.h"

#include <stdlib.h>
#include <string.h>

static void plan_add(struct postgres_planning *planning, const struct dara_object *column)
{
    bool value = dara_object_has(column, "default") || dara_object_has(column, "identity") ||
                 dara_object_has(column, "generated");
    bool required = dara_object_bool(column, "not_null", false) && !value;
    bool rewrites = dara_object_has(column, "identity") || dara_object_has(column, "generated");
    postgres_write_alter(planning->writer, dara_object_owner(column), false);
    postgres_write(planning->writer, " ADD COLUMN ");
    postgres_write_column(planning->writer, column);
    postgres_step(planning, (required ? DARA_STEP_MAY_FAIL : 0u) | (rewrites ? DARA_STEP_REWRITES : 0u),
                  required ? "fails if the table has rows: the column has no value for them" : NULL);
    postgres_render_column_rest(planning->writer, column);
}

/* Whether a table that inherits the column keeps it as its own. */
static bool is_kept_below(const struct dara_diff *diff, const struct dara_object *column)
{
    const struct dara_model *before = dara_diff_before(diff), *after = dara_diff_after(diff);
    for (size_t i = 0; i < dara_model_count(before); i++) {
        const struct dara_object *table = dara_model_at(before, i);
        const char *const *parents = NULL;
        size_t count = postgres_is_table(table) ? dara_object_list(table, "postgres.inherits", &parents) : 0;
        for (size_t p = 0; p < count; p++) {
            if (postgres_find_relation(before, parents[p], NULL) != dara_object_owner(column))
                continue;
            const struct dara_object *own = postgres_find_part(table, "column", dara_object_key(column));
            const struct dara_object *kept = own ? dara_model_same(after, own) : NULL;
            if (kept && postgres_stays(diff, table) && !postgres_is_inherited(kept))
                return true;
        }
    }
    return false;
}

static void plan_drop(struct postgres_planning *planning, const struct dara_object *column, bool remade)
{
    bool generated = dara_object_has(column, "generated");
    postgres_write_alter(planning->writer, dara_object_owner(column), is_kept_below(planning->diff, column));
    postgres_write(planning->writer, " DROP COLUMN ");
    postgres_write_name(planning->writer, dara_object_name(column));
    if (generated)
        postgres_step(planning, 0, remade ? "its values are computed again" : NULL);
    else
        postgres_step(planning, DARA_STEP_DESTROYS, "the column's values are lost");
}

static void plan_default(struct postgres_planning *planning, const struct dara_object *column)
{
    const char *value = dara_object_text(column, "default");
    if (postgres_is_postponed(column))
        return;
    postgres_write_alter_column(planning->writer, column, true);
    postgres_write(planning->writer, value ? "SET DEFAULT " : "DROP DEFAULT");
    postgres_write(planning->writer, value);
    postgres_step(planning, 0, NULL);
}

/* ---- type --------------------------------------------------------------------------------------------------------------- */

static bool is_enum(const struct dara_object *column)
{
    const struct dara_object *const *needs;
    size_t count = dara_object_depends(column, &needs);
    for (size_t i = 0; i < count; i++)
        if (postgres_is(needs[i], "type") && postgres_has_text(needs[i], "type", "enum"))
            return true;
    return false;
}

static void plan_type(struct postgres_planning *planning, const struct dara_change *part)
{
    const char *from = dara_object_text(part->before, "type"), *to = dara_object_text(part->after, "type");
    const char *collation = dara_object_text(part->after, "collation");
    struct postgres_cast cast = postgres_cast_find(from, to);
    postgres_write_alter_column(planning->writer, part->after, false);
    postgres_write_format(planning->writer, "TYPE %s", to);
    if (collation)
        postgres_write_format(planning->writer, " COLLATE %s", collation);
    if (cast.using && !dara_object_has(part->after, "generated")) { /* what is computed is computed again */
        postgres_write(planning->writer, " USING ");
        postgres_write_name(planning->writer, dara_object_name(part->after));
        postgres_write_format(planning->writer, "%s::%s",
                              cast.text ? strstr(from, "[]") && strstr(to, "[]") ? "::text[]" : "::text" : "",
                              cast.target ? cast.target : to);
    }
    if (is_enum(part->after) || is_enum(part->before))
        cast.loss = NULL; /* a label is one of the new type's, or it fails */
    unsigned flags = (cast.rewrites ? DARA_STEP_REWRITES : 0u) | (cast.lossless ? 0u : DARA_STEP_MAY_FAIL) |
                     (cast.loss ? DARA_STEP_DESTROYS : 0u);
    postgres_step(planning, flags,
                  cast.loss       ? cast.loss
                  : cast.lossless ? NULL
                                  : "fails if a value does not fit the new type");
}

/* A default is of the old type, and an identity is a sequence of it: both are taken off while the type changes. */
static void plan_retype(struct postgres_planning *planning, const struct dara_change *part)
{
    bool had = dara_object_has(part->before, "default");
    if (had) {
        postgres_write_alter_column(planning->writer, part->after, true);
        postgres_write(planning->writer, "DROP DEFAULT");
        postgres_step(planning, 0, NULL);
    }
    plan_type(planning, part);
    if (dara_object_has(part->after, "default"))
        plan_default(planning, part->after);
}

/* ---- the rest ----------------------------------------------------------------------------------------------------------- */

/* A parent that lets go of it takes it from its children too. */
static bool falls_with_parent(const struct postgres_planning *planning, const struct dara_object *after)
{
    const struct dara_object *before = dara_model_same(dara_diff_before(planning->diff), after);
    return before && postgres_inherits_not_null(before) && !postgres_inherits_not_null(after);
}

static void plan_not_null(struct postgres_planning *planning, const struct dara_object *after)
{
    bool not_null = dara_object_bool(after, "not_null", false);
    if (!not_null && postgres_is_inherited(after) && falls_with_parent(planning, after))
        return;
    if (not_null && postgres_is_special_not_null(after)) {
        postgres_render_not_null(planning->writer, after);
        return;
    }
    postgres_write_alter_column(planning->writer, after, false);
    postgres_write(planning->writer, not_null ? "SET NOT NULL" : "DROP NOT NULL");
    postgres_step(planning, not_null ? DARA_STEP_MAY_FAIL : 0, not_null ? "fails if a row has NULL there" : NULL);
}

static void begin_constraint(struct postgres_planning *planning, const struct dara_object *column, const char *words)
{
    postgres_write_alter(planning->writer, dara_object_owner(column), false);
    postgres_write(planning->writer, words);
    postgres_write_not_null_name(planning->writer, column);
}

/* The constraint behind a NOT NULL that stays. */
static void plan_not_null_constraint(struct postgres_planning *planning, const struct dara_change *part)
{
    if (postgres_changed(part, "not_null_unvalidated") &&
        dara_object_bool(part->after, "not_null_unvalidated", false)) {
        postgres_write_alter_column(planning->writer, part->after, false);
        postgres_write(planning->writer, "DROP NOT NULL");
        postgres_step(planning, 0, NULL);
        postgres_render_not_null(planning->writer, part->after);
        return;
    }
    if (postgres_changed(part, "not_null_name")) {
        begin_constraint(planning, part->before, " RENAME CONSTRAINT ");
        postgres_write(planning->writer, " TO ");
        postgres_write_not_null_name(planning->writer, part->after);
        postgres_step(planning, 0, NULL);
    }
    if (postgres_changed(part, "not_null_no_inherit")) {
        begin_constraint(planning, part->after, " ALTER CONSTRAINT ");
        postgres_write(planning->writer,
                       dara_object_bool(part->after, "not_null_no_inherit", false) ? " NO INHERIT" : " INHERIT");
        postgres_step(planning, 0, NULL);
    }
    if (postgres_changed(part, "not_null_unvalidated")) {
        begin_constraint(planning, part->after, " VALIDATE CONSTRAINT ");
        postgres_step(planning, DARA_STEP_MAY_FAIL, "fails if a row has NULL there");
    }
}

/* Absent is what the engine makes by itself; for storage that depends on the type, which is asked in the catalog's words. */
static void plan_setting(struct postgres_planning *planning, const struct dara_change *part, const char *property,
                         const char *words, const char *usual)
{
    if (!postgres_changed(part, property))
        return;
    postgres_write_alter_column(planning->writer, part->after, true);
    postgres_write_format(planning->writer, "SET %s ", words);
    if (dara_object_has(part->after, property))
        postgres_write_value(planning->writer, part->after, property);
    else
        postgres_write(planning->writer, usual);
    postgres_step(planning, 0, NULL);
}

/* The storage that a type has by itself. */
static const char *usual_storage(const char *type)
{
    static const char *const plain[] = {"smallint", "integer", "bigint", "boolean", "real", "double precision",
                                        "date",     "uuid",    "money",  "oid",     "name"};
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
        if (strcmp(type, plain[i]) == 0)
            return "PLAIN";
    if (strncmp(type, "time", 4) == 0)
        return "PLAIN";
    return strncmp(type, "numeric", 7) == 0 || strcmp(type, "inet") == 0 || strcmp(type, "cidr") == 0 ? "MAIN"
                                                                                                      : "EXTENDED";
}

static void plan_options(struct postgres_planning *planning, const struct dara_change *part)
{
    const char *const *options = NULL;
    if (!postgres_changed(part, "options"))
        return;
    size_t count = dara_object_list(part->before, "options", &options);
    if (count) {
        postgres_write_alter_column(planning->writer, part->after, true);
        for (size_t i = 0; i < count; i++)
            postgres_write_format(planning->writer, "%s%.*s", i ? ", " : "RESET (", (int)strcspn(options[i], "="),
                                  options[i]);
        postgres_write(planning->writer, ")");
        postgres_step(planning, 0, NULL);
    }
    if (dara_object_list(part->after, "options", &options)) {
        postgres_write_alter_column(planning->writer, part->after, true);
        postgres_write_options(planning->writer, "SET ", part->after, "options");
        postgres_step(planning, 0, NULL);
    }
}

static void plan_generated(struct postgres_planning *planning, const struct dara_change *part)
{
    if (!dara_object_has(part->before, "generated") || dara_object_has(part->after, "generated"))
        return;
    postgres_write_alter_column(planning->writer, part->after, false);
    postgres_write(planning->writer, "DROP EXPRESSION");
    postgres_step(planning, 0, NULL);
}

/* What comes from a parent is not altered by itself, but while the table hangs on none: it was taken off before, and is hung up behind. */
static bool hangs_elsewhere(const struct postgres_planning *planning)
{
    static const char *const properties[] = {"postgres.inherits", "postgres.partition_of", "postgres.partition_bound"};
    for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++)
        if (postgres_changed(planning->change, properties[i]))
            return true;
    return false;
}

static void plan_alter(struct postgres_planning *planning, const struct dara_change *part)
{
    bool inherited = postgres_is_inherited(part->after);
    bool retyped = postgres_column_fate(planning->diff, part->before) == POSTGRES_RETYPED;
    bool identity = postgres_changed(part, "identity") || postgres_changed(part, "identity_options");
    if (!inherited)
        plan_generated(planning, part);
    if (identity && !dara_object_has(part->after, "identity"))
        postgres_plan_identity(planning, part);
    if (retyped && !inherited)
        plan_retype(planning, part);
    else if (postgres_changed(part, "default"))
        plan_default(planning, part->after);
    if (postgres_changed(part, "not_null"))
        plan_not_null(planning, part->after);
    else if (!inherited || hangs_elsewhere(planning))
        plan_not_null_constraint(planning, part);
    if (postgres_changed(part, "not_null_comment") && dara_object_bool(part->after, "not_null", false))
        postgres_render_not_null_comment(planning->writer, part->after);
    if (identity && dara_object_has(part->after, "identity"))
        postgres_plan_identity(planning, part);
    if (retyped && dara_object_has(part->after, "storage") && !postgres_changed(part, "storage")) {
        postgres_write_alter_column(planning->writer, part->after, true); /* a new type brings its own */
        postgres_write_format(planning->writer, "SET STORAGE %s", dara_object_text(part->after, "storage"));
        postgres_step(planning, 0, NULL);
    }
    plan_setting(planning, part, "storage", "STORAGE", usual_storage(dara_object_text(part->after, "type")));
    plan_setting(planning, part, "compression", "COMPRESSION", "DEFAULT");
    plan_setting(planning, part, "statistics", "STATISTICS", "-1");
    plan_options(planning, part);
    if (postgres_changed(part, "foreign_options")) {
        postgres_write_alter(planning->writer, dara_object_owner(part->after), false);
        postgres_write(planning->writer, " ALTER COLUMN ");
        postgres_write_name(planning->writer, dara_object_name(part->after));
        postgres_write_foreign_changes(planning->writer, part, "foreign_options");
        postgres_step(planning, 0, NULL);
    }
    if (postgres_changed(part, "comment"))
        postgres_render_comment(planning->writer, part->after, dara_object_comment(part->after));
}

/* ---- all columns of a table --------------------------------------------------------------------------------------------- */

/* A typed table has the columns of its type: they come and go with its attributes. */
static bool is_of_type(const struct postgres_planning *planning)
{
    const struct dara_change *change = planning->change;
    return dara_object_has(change->before, "postgres.of_type") && dara_object_has(change->after, "postgres.of_type");
}

static void plan_given(struct postgres_planning *planning, const struct dara_object *column)
{
    if (dara_object_has(column, "default"))
        plan_default(planning, column);
    if (dara_object_bool(column, "not_null", false))
        plan_not_null(planning, column);
}

static void plan_lost(struct postgres_planning *planning, bool generated)
{
    const struct dara_object *column = NULL;
    while ((column = dara_object_owned(planning->change->before, "column", column))) {
        const struct dara_change *change = postgres_change_of(planning->diff, column);
        if (postgres_is_inherited(column) || dara_object_has(column, "generated") != generated ||
            postgres_column_fate(planning->diff, column) != POSTGRES_LOST)
            continue;
        plan_drop(planning, column, !change || change->after);
    }
}

static void plan_made(struct postgres_planning *planning, bool generated)
{
    const struct dara_object **columns = NULL;
    size_t count = postgres_columns(planning->change->after, &columns);
    for (size_t i = 0; i < count; i++) {
        const struct dara_object *before = dara_model_same(dara_diff_before(planning->diff), columns[i]);
        if (postgres_is_inherited(columns[i]) || dara_object_has(columns[i], "generated") != generated)
            continue;
        if (before && postgres_column_fate(planning->diff, before) != POSTGRES_LOST)
            continue;
        if (is_of_type(planning))
            plan_given(planning, columns[i]);
        else
            plan_add(planning, columns[i]);
    }
    free(columns);
}

void postgres_plan_columns(struct postgres_planning *planning)
{
    const struct dara_change *change = planning->change;
    if (!is_of_type(planning)) {
        plan_lost(planning, true);
        plan_lost(planning, false);
    }
    for (size_t i = 0; i < change->part_count; i++) {
        const struct dara_change *part = change->parts[i];
        if (part->op == DARA_CHANGE_ALTER && postgres_is(part->after, "column") &&
            postgres_column_fate(planning->diff, part->before) != POSTGRES_LOST)
            plan_alter(planning, part);
    }
    plan_made(planning, false);
    plan_made(planning, true);
}
