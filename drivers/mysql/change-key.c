/* SPDX-License-Identifier: MIT */
/* Foreign keys: which stand in the way of a change, and when they go and come. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "change.h"

bool mysql_is_foreign_key(const struct dara_object *object)
{
    return mysql_is(object, "constraint") && mysql_has_text(object, "type", "foreign key");
}

static const struct dara_object *target_of(const struct dara_model *model, const struct dara_object *key)
{
    const char *references = dara_object_text(key, "references");
    return references ? dara_model_find(model, "table", NULL, NULL, references) : NULL;
}

/* ---- what stands in the way ----------------------------------------------------------------------------------------------------- */

/* A change of a column that a server refuses while a foreign key is on it. */
static bool column_changes(const struct dara_diff *diff, const struct dara_object *table, const char *name)
{
    static const char *const properties[] = {"type",      "collation",      "not_null",
                                             "generated", "generated_kind", "mysql.auto_increment"};
    const struct dara_change *change = dara_diff_of(diff, table);
    for (size_t i = 0; change && i < change->part_count; i++) {
        const struct dara_change *part = change->parts[i];
        const struct dara_object *column = part->before ? part->before : part->after;
        if (!mysql_is(column, "column") || strcasecmp(dara_object_name(column), name) != 0)
            continue;
        if (part->op != DARA_CHANGE_ALTER)
            return true;
        for (size_t p = 0; p < sizeof(properties) / sizeof(properties[0]); p++)
            if (mysql_changed(part, properties[p]))
                return true;
    }
    return false;
}

/* Whether a key of the table begins with these columns. */
static bool serves(const struct dara_object *key, const char *const *columns, size_t count)
{
    const char *const *own = NULL;
    size_t own_count = dara_object_list(key, "columns", &own);
    if (own_count < count || mysql_is_foreign_key(key) || dara_object_has(key, "mysql.key_parts"))
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(own[i], columns[i]) != 0)
            return false;
    return true;
}

/* Whether some key that stays as it is serves the columns; a table without changes to its keys needs no look. */
static bool loses_key(const struct dara_diff *diff, const struct dara_object *table, const char *const *columns,
                      size_t count)
{
    const struct dara_object *part = NULL;
    bool changes = false;
    while ((part = dara_object_owned(table, NULL, part))) {
        bool key = mysql_is(part, "index") || mysql_has_text(part, "type", "primary key");
        if (!key || !serves(part, columns, count))
            continue;
        if (!mysql_part_change(diff, part))
            return false;
        changes = true;
    }
    return changes;
}

static bool table_changes(const struct dara_diff *diff, const struct dara_object *table, const char *const *columns,
                          size_t count)
{
    const struct dara_change *change = dara_diff_of(diff, table);
    if (!change)
        return false;
    if (change->op != DARA_CHANGE_ALTER || mysql_changed(change, "mysql.engine") ||
        mysql_changed(change, "mysql.partitioning"))
        return true;
    for (size_t i = 0; i < count; i++)
        if (column_changes(diff, table, columns[i]))
            return true;
    return loses_key(diff, table, columns, count);
}

/* Of the before model, on a table that stays. */
static bool is_in_the_way(const struct dara_diff *diff, const struct dara_object *key)
{
    const char *const *columns = NULL, *const *referenced = NULL;
    size_t count = dara_object_list(key, "columns", &columns);
    size_t referenced_count = dara_object_list(key, "referenced_columns", &referenced);
    const struct dara_object *target = target_of(dara_diff_before(diff), key);
    return table_changes(diff, dara_object_owner(key), columns, count) ||
           (target && table_changes(diff, target, referenced, referenced_count));
}

/* ---- going ------------------------------------------------------------------------------------------------------------------------ */

/* Whether `table` needs `wanted`, over any number of others. */
static bool reaches(const struct dara_object *table, const struct dara_object *wanted, size_t depth)
{
    const struct dara_object *part = NULL;
    if (depth > 64)
        return true; /* a circle that does not hold `wanted`: as if it did */
    while ((part = dara_object_owned(table, "constraint", part))) {
        const struct dara_object *const *needs = NULL;
        size_t count = dara_object_depends(part, &needs);
        for (size_t i = 0; i < count; i++)
            if (needs[i] == wanted || (needs[i] != table && reaches(needs[i], wanted, depth + 1)))
                return true;
    }
    return false;
}

static bool goes_early(const struct dara_diff *diff, const struct dara_object *key)
{
    const struct dara_object *table = dara_object_owner(key), *target = target_of(dara_diff_before(diff), key);
    if (!mysql_stays(diff, table))
        return target && target != table && !mysql_stays(diff, target) && reaches(target, table, 0);
    return mysql_part_change(diff, key) || is_in_the_way(diff, key);
}

static void drop_keys_of(struct mysql_planning *planning, const struct dara_object *table)
{
    const struct dara_object *key = NULL;
    bool first = true;
    planning->change = dara_diff_of(planning->diff, table);
    while ((key = dara_object_owned(table, "constraint", key))) {
        if (!mysql_is_foreign_key(key) || !goes_early(planning->diff, key))
            continue;
        if (first) {
            mysql_buffer_add(&planning->sql, "ALTER TABLE ");
            mysql_buffer_add_name(&planning->sql, dara_object_name(table));
        }
        mysql_buffer_add(&planning->sql, first ? " DROP FOREIGN KEY " : ", DROP FOREIGN KEY ");
        mysql_buffer_add_name(&planning->sql, dara_object_name(key));
        first = false;
    }
    if (!first)
        mysql_plan_step(planning, 0, NULL);
}

void mysql_plan_drop_keys(struct mysql_planning *planning)
{
    const struct dara_model *before = dara_diff_before(planning->diff);
    for (size_t i = 0; i < dara_model_count(before); i++)
        if (mysql_is(dara_model_at(before, i), "table"))
            drop_keys_of(planning, dara_model_at(before, i));
}

/* ---- coming ----------------------------------------------------------------------------------------------------------------------- */

bool mysql_keys_at_once(const struct dara_diff *diff, const struct dara_object *table)
{
    const struct dara_object *key = NULL;
    while ((key = dara_object_owned(table, "constraint", key))) {
        if (!mysql_is_foreign_key(key))
            continue;
        const struct dara_object *target = target_of(dara_diff_after(diff), key);
        /* A key to the table itself, too: rows that are put back come in one order, and may need another. */
        if (!target || target == table || reaches(target, table, 0))
            return false;
    }
    return true;
}

static bool comes_late(const struct dara_diff *diff, const struct dara_object *key)
{
    const struct dara_object *table = dara_object_owner(key);
    const struct dara_object *before = dara_model_same(dara_diff_before(diff), key);
    if (!mysql_stays(diff, table))
        return !mysql_keys_at_once(diff, table);
    return !before || goes_early(diff, before);
}

bool mysql_makes_key(const struct dara_diff *diff, const struct dara_object *key)
{
    return !mysql_stays(diff, dara_object_owner(key)) || comes_late(diff, key);
}

static bool is_new(const struct dara_diff *diff, const struct dara_object *key)
{
    const struct dara_object *before = dara_model_same(dara_diff_before(diff), key);
    return !before || mysql_part_change(diff, key);
}

/* The index that a server once made by itself for a foreign key without a name: it would take it away again for the new one. Made by us in
 * the same statement, it stays. */
static const struct dara_object *find_made_index(const struct mysql_planning *planning, const struct dara_object *key)
{
    const char *const *columns = NULL, *const *own = NULL;
    size_t count = dara_object_list(key, "columns", &columns);
    const struct dara_object *table = dara_object_owner(key), *index = NULL;
    while (count && mysql_stays(planning->diff, table) && (index = dara_object_owned(table, "index", index)))
        if (dara_object_list(index, "columns", &own) == count && serves(index, columns, count) &&
            !dara_object_bool(index, "unique", false) && !mysql_part_change(planning->diff, index) &&
            strncasecmp(dara_object_name(index), columns[0], strlen(columns[0])) == 0)
            return index;
    return NULL;
}

static void add_key(struct mysql_planning *planning, const struct dara_object *key, bool first)
{
    const struct dara_object *index = find_made_index(planning, key);
    if (first) {
        mysql_buffer_add(&planning->sql, "ALTER TABLE ");
        mysql_buffer_add_name(&planning->sql, dara_object_name(dara_object_owner(key)));
    }
    mysql_buffer_add(&planning->sql, first ? " " : ", ");
    if (index) {
        mysql_buffer_add(&planning->sql, "DROP KEY ");
        mysql_buffer_add_name(&planning->sql, dara_object_name(index));
        mysql_buffer_format(&planning->sql, ", ADD %s, ", dara_object_text(index, "sql"));
    }
    mysql_buffer_format(&planning->sql, "ADD %s", dara_object_text(key, "sql"));
}

static void add_keys_of(struct mysql_planning *planning, const struct dara_object *table)
{
    const struct dara_object *key = NULL;
    bool first = true, news = false, dangles = false;
    planning->change = dara_diff_of(planning->diff, table);
    while ((key = dara_object_owned(table, "constraint", key))) {
        if (!mysql_is_foreign_key(key) || !comes_late(planning->diff, key))
            continue;
        add_key(planning, key, first);
        news = news || (mysql_stays(planning->diff, table) && is_new(planning->diff, key));
        dangles = dangles || !target_of(dara_diff_after(planning->diff), key);
        first = false;
    }
    if (first)
        return;
    if (dangles) {
        /* A key to a table that is not there is taken only while keys are not looked at. */
        struct mysql_buffer add = planning->sql;
        planning->sql = (struct mysql_buffer){0};
        mysql_buffer_add(&planning->sql, "SET SESSION foreign_key_checks = 0");
        mysql_plan_step(planning, 0, NULL);
        mysql_buffer_free(&planning->sql);
        planning->sql = add;
    }
    mysql_plan_step(planning, news ? DARA_STEP_MAY_FAIL : 0u, news ? "fails where a row has none to point to" : NULL);
    if (dangles) {
        mysql_buffer_add(&planning->sql, "SET SESSION foreign_key_checks = 1");
        mysql_plan_step(planning, 0, NULL);
    }
}

void mysql_plan_add_keys(struct mysql_planning *planning)
{
    const struct dara_model *after = dara_diff_after(planning->diff);
    for (size_t i = 0; i < dara_model_count(after); i++)
        if (mysql_is(dara_model_at(after, i), "table"))
            add_keys_of(planning, dara_model_at(after, i));
}
