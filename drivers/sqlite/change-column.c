/* SPDX-License-Identifier: MIT */
/* ALTER TABLE … ADD COLUMN, where SQLite's rules allow it (https://www.sqlite.org/lang_altertable.html). */
#include <string.h>

#include "change.h"

/* A default that is not the same constant for all rows, or none that is not NULL, is left to the rebuild. */
static bool is_constant(const char *value)
{
    return !strchr(value, '(') && strncmp(value, "current_", 8) != 0;
}

static bool can_add(const struct dara_object *column)
{
    const char *value = dara_object_text(column, "default");
    bool null = !value || strcmp(value, "null") == 0;
    if (dara_object_bool(column, "sqlite.generated_stored", false) || (value && !is_constant(value)))
        return false;
    return dara_object_has(column, "generated") || !null || !dara_object_bool(column, "not_null", false);
}

/* The constraint of the text that became this object. */
static const struct sqlite_constraint *constraint_of(const struct sqlite_table *table, const struct dara_object *object)
{
    for (const struct sqlite_constraint *c = table->constraints; c; c = c->next)
        if (strcmp(c->key, dara_object_key(object)) == 0)
            return c;
    return NULL;
}

/* Whether a new constraint comes with a new column: SQLite takes CHECK, and REFERENCES where the default is NULL. */
static bool comes_with_column(const struct dara_change *change, const struct sqlite_table *table,
                              const struct dara_object *object)
{
    const struct sqlite_constraint *constraint = constraint_of(table, object);
    if (!constraint || !constraint->column)
        return false;
    const struct dara_object *column = NULL;
    for (size_t i = 0; i < change->part_count && !column; i++)
        if (strcmp(dara_object_kind(change->parts[i]->after)->name, "column") == 0 &&
            strcmp(dara_object_key(change->parts[i]->after), constraint->column->key) == 0)
            column = change->parts[i]->after;
    if (!column)
        return false;
    return strcmp(constraint->type, "check") == 0 ||
           (strcmp(constraint->type, "foreign key") == 0 && !dara_object_has(column, "default"));
}

static bool parts_fit(const struct dara_change *change, const struct sqlite_table *table)
{
    for (size_t i = 0; i < change->part_count; i++) {
        const struct dara_change *part = change->parts[i];
        if (part->op != DARA_CHANGE_CREATE)
            return false;
        bool column = strcmp(dara_object_kind(part->after)->name, "column") == 0;
        if (column ? !can_add(part->after) : !comes_with_column(change, table, part->after))
            return false;
    }
    return change->part_count > 0;
}

/* Whether the table's columns are those of before, in their order, followed by the new ones. */
static bool stand_at_end(const struct dara_change *change)
{
    const struct dara_object *before = dara_object_owned(change->before, "column", NULL);
    const struct dara_object *after = dara_object_owned(change->after, "column", NULL);
    for (; before; before = dara_object_owned(change->before, "column", before)) {
        if (!after || strcmp(dara_object_key(before), dara_object_key(after)) != 0)
            return false;
        after = dara_object_owned(change->after, "column", after);
    }
    return after != NULL;
}

static bool has_check(const struct dara_change *change)
{
    for (size_t i = 0; i < change->part_count; i++)
        if (strcmp(dara_object_kind(change->parts[i]->after)->name, "constraint") == 0 &&
            dara_object_has(change->parts[i]->after, "expression"))
            return true;
    return false;
}

static bool is_new(const struct dara_change *change, const char *key)
{
    const struct dara_object *column = NULL;
    while ((column = dara_object_owned(change->before, "column", column)))
        if (strcmp(dara_object_key(column), key) == 0)
            return false;
    return true;
}

bool sqlite_plan_add_columns(struct sqlite_planning *planning)
{
    const struct dara_change *change = planning->change;
    struct sqlite_table table;
    if (change->property_count || !stand_at_end(change) ||
        !sqlite_ddl_table(planning->pool, sqlite_render_object(planning->pool, change->after), &table) ||
        !parts_fit(change, &table))
        return false;
    for (const struct sqlite_column *c = table.columns; c; c = c->next) {
        if (!is_new(change, c->key))
            continue;
        struct sqlite_buffer text = {.pool = planning->pool};
        sqlite_buffer_add(&text, "ALTER TABLE ");
        sqlite_buffer_quote(&text, dara_object_name(change->before));
        sqlite_buffer_add(&text, " ADD COLUMN ");
        sqlite_buffer_add(&text, sqlite_span_text(planning->pool, c->text));
        bool tested = has_check(change) || (c->generated.count && c->not_null);
        sqlite_plan_step(planning, text.text, tested ? DARA_STEP_MAY_FAIL : 0,
                         tested ? "fails if rows do not satisfy the new constraint" : NULL);
    }
    return true;
}
