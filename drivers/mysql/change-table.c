/* SPDX-License-Identifier: MIT */
/* One ALTER TABLE: a server does all of it or nothing. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"

struct mysql_buffer *mysql_alter_clause(struct mysql_alter *alter)
{
    mysql_buffer_add(&alter->planning->sql, alter->clauses++ ? ",\n  " : "\n  ");
    return &alter->planning->sql;
}

void mysql_alter_risk(struct mysql_alter *alter, unsigned flags, const char *format, ...)
{
    char words[400];
    va_list arguments;
    alter->flags |= flags;
    va_start(arguments, format);
    vsnprintf(words, sizeof(words), format, arguments);
    va_end(arguments);
    if (strstr(mysql_buffer_get(&alter->note), words))
        return;
    mysql_buffer_add(&alter->note, alter->note.length ? "; " : "");
    mysql_buffer_add(&alter->note, words);
}

/* ---- keys and checks ---------------------------------------------------------------------------------------------------------- */

static bool is_key(const struct dara_object *part)
{
    return (mysql_is(part, "index") || mysql_is(part, "constraint")) && !mysql_is_foreign_key(part);
}

static void drop_keys(struct mysql_alter *alter)
{
    const struct dara_change *change = alter->planning->change;
    for (size_t i = 0; i < change->part_count; i++) {
        const struct dara_object *before = change->parts[i]->before;
        if (!before || !is_key(before))
            continue;
        struct mysql_buffer *sql = mysql_alter_clause(alter);
        if (mysql_has_text(before, "type", "primary key")) {
            mysql_buffer_add(sql, "DROP PRIMARY KEY");
            alter->flags |= DARA_STEP_REWRITES;
        } else {
            mysql_buffer_add(sql, mysql_is(before, "index") ? "DROP KEY " : "DROP CONSTRAINT ");
            mysql_buffer_add_name(sql, dara_object_name(before));
        }
    }
}

static void add_key(struct mysql_alter *alter, const struct dara_object *key)
{
    mysql_buffer_format(mysql_alter_clause(alter), "ADD %s", dara_object_text(key, "sql"));
    if (mysql_has_text(key, "type", "primary key"))
        mysql_alter_risk(alter, DARA_STEP_REWRITES | DARA_STEP_MAY_FAIL, "fails where rows have equal or no values");
    else if (mysql_has_text(key, "type", "check"))
        mysql_alter_risk(alter, DARA_STEP_MAY_FAIL, "fails where a row breaks the check");
    else if (dara_object_bool(key, "unique", false))
        mysql_alter_risk(alter, DARA_STEP_MAY_FAIL, "fails where rows have equal values");
}

static void add_keys(struct mysql_alter *alter)
{
    size_t count = 0;
    const struct dara_object **list = mysql_render_keys(alter->planning->change->after, &count);
    alter->planning->failed = alter->planning->failed || !list;
    for (size_t i = 0; i < count; i++)
        if (is_key(list[i]) && mysql_part_change(alter->planning->diff, list[i]))
            add_key(alter, list[i]);
    free(list);
}

/* ---- system-versioned tables, periods ------------------------------------------------------------------------------------------- */

static bool is_versioned(const struct dara_object *table)
{
    return dara_object_bool(table, "mysql.system_versioned", false);
}

static void alter_versioning(struct mysql_alter *alter, bool adds)
{
    const struct dara_change *change = alter->planning->change;
    if (!mysql_changed(change, "mysql.system_versioned") || is_versioned(change->after) != adds)
        return;
    mysql_buffer_add(mysql_alter_clause(alter), adds ? "ADD SYSTEM VERSIONING" : "DROP SYSTEM VERSIONING");
    if (adds)
        alter->flags |= DARA_STEP_REWRITES;
    else
        mysql_alter_risk(alter, DARA_STEP_DESTROYS | DARA_STEP_REWRITES, "what rows were before is lost");
}

static bool has_period(const struct dara_object *table, const char *period)
{
    const char *const *periods = NULL;
    size_t count = dara_object_list(table, "mysql.periods", &periods);
    for (size_t i = 0; i < count; i++)
        if (strcmp(periods[i], period) == 0)
            return true;
    return false;
}

/* "PERIOD FOR SYSTEM_TIME (`a`, `b`)"; dropped by its name alone. */
static void alter_periods(struct mysql_alter *alter, bool adds)
{
    const struct dara_change *change = alter->planning->change;
    const struct dara_object *from = adds ? change->after : change->before,
                             *other = adds ? change->before : change->after;
    const char *const *periods = NULL;
    size_t count = dara_object_list(from, "mysql.periods", &periods);
    for (size_t i = 0; i < count; i++) {
        if (has_period(other, periods[i]))
            continue;
        struct mysql_buffer *sql = mysql_alter_clause(alter);
        mysql_buffer_add(sql, adds ? "ADD " : "DROP ");
        mysql_buffer_add_bytes(sql, periods[i], adds ? strlen(periods[i]) : strcspn(periods[i], "("));
    }
}

/* ---- the whole ------------------------------------------------------------------------------------------------------------------ */

static void plan_history(struct mysql_planning *planning, const char *value)
{
    struct mysql_buffer kept = planning->sql;
    planning->sql = (struct mysql_buffer){0};
    mysql_buffer_format(&planning->sql, "SET SESSION system_versioning_alter_history = %s", value);
    mysql_plan_step(planning, 0, NULL);
    mysql_buffer_free(&planning->sql);
    planning->sql = kept;
}

void mysql_plan_table(struct mysql_planning *planning)
{
    const struct dara_change *change = planning->change;
    struct mysql_alter alter = {.planning = planning};
    mysql_buffer_add(&planning->sql, "ALTER TABLE ");
    mysql_buffer_add_name(&planning->sql, dara_object_name(change->after));
    alter_versioning(&alter, false);
    alter_periods(&alter, false);
    drop_keys(&alter);
    mysql_alter_drop_columns(&alter);
    mysql_alter_columns(&alter);
    add_keys(&alter);
    alter_periods(&alter, true);
    alter_versioning(&alter, true);
    mysql_alter_options(&alter);
    mysql_alter_partitions(&alter);
    bool keeps_history = is_versioned(change->before) && is_versioned(change->after);
    if (alter.clauses) {
        if (keeps_history)
            plan_history(planning, "KEEP");
        bool zeros = mysql_begin_zero_dates(planning, change->after);
        mysql_plan_step(planning, alter.flags, mysql_buffer_get(&alter.note));
        if (zeros)
            mysql_end_zero_dates(planning);
        if (keeps_history)
            plan_history(planning, "DEFAULT");
    }
    mysql_buffer_clear(&planning->sql);
    mysql_buffer_free(&alter.note);
}
