/* SPDX-License-Identifier: MIT */
/* One change after another. */
#include "change.h"

#include <stdlib.h>
#include <string.h>

void mysql_plan_step(struct mysql_planning *planning, unsigned flags, const char *note)
{
    const struct dara_step step = {.size = sizeof(step),
                                   .text = mysql_buffer_get(&planning->sql),
                                   .flags = flags,
                                   .change = planning->change,
                                   .note = note && *note ? note : NULL};
    if (!planning->sql.failed)
        dara_plan_add(planning->plan, &step);
    planning->failed = planning->failed || planning->sql.failed;
    mysql_buffer_clear(&planning->sql);
}

int mysql_planning_end(struct mysql_planning *planning)
{
    mysql_buffer_free(&planning->sql);
    return planning->failed ? mysql_out_of_memory() : 0;
}

bool mysql_stays(const struct dara_diff *diff, const struct dara_object *object)
{
    for (; object; object = dara_object_owner(object)) {
        const struct dara_change *change = dara_diff_of(diff, object);
        if (change && change->op != DARA_CHANGE_ALTER)
            return false;
    }
    return true;
}

const struct dara_property_change *mysql_changed(const struct dara_change *change, const char *property)
{
    for (size_t i = 0; i < change->property_count; i++)
        if (strcmp(change->properties[i]->name, property) == 0)
            return change->properties[i];
    return NULL;
}

const struct dara_change *mysql_part_change(const struct dara_diff *diff, const struct dara_object *part)
{
    const struct dara_change *table = dara_diff_of(diff, dara_object_owner(part));
    for (size_t i = 0; table && i < table->part_count; i++)
        if (table->parts[i]->before == part || table->parts[i]->after == part)
            return table->parts[i];
    return NULL;
}

/* ---- what has a body -------------------------------------------------------------------------------------------------------- */

/* What a body is made under is part of it: sql_mode decides how it is read each time it runs. */
static bool begin_made_under(struct mysql_planning *planning, const struct dara_object *object)
{
    static const char set[] = "SET SESSION ";
    struct mysql_buffer settings = {0};
    bool needed = mysql_render_made_under(&settings, object);
    const char *client = dara_object_text(object, "mysql.character_set_client");
    if (needed && mysql_is(object, "view") && strncmp(client, "utf8mb4", 7) == 0)
        needed = false;
    if (needed) {
        mysql_buffer_add(&planning->sql,
                         "SET @dara_sql_mode = @@sql_mode, @dara_time_zone = @@time_zone, @dara_client = "
                         "@@character_set_client, @dara_collation = @@collation_connection, SESSION ");
        mysql_buffer_add(&planning->sql, mysql_buffer_get(&settings) + strlen(set));
        planning->sql.failed = planning->sql.failed || settings.failed;
        mysql_plan_step(planning, 0, NULL);
    }
    mysql_buffer_free(&settings);
    return needed;
}

static void end_made_under(struct mysql_planning *planning)
{
    mysql_buffer_add(&planning->sql, "SET SESSION sql_mode = @dara_sql_mode, time_zone = @dara_time_zone, "
                                     "character_set_client = @dara_client, collation_connection = @dara_collation");
    mysql_plan_step(planning, 0, NULL);
}

/* A default of a zero date is refused under the modes that servers have by themselves; it was made under others. */
static bool has_zero_date(const struct dara_object *table)
{
    const struct dara_object *column = NULL;
    while (mysql_is(table, "table") && (column = dara_object_owned(table, "column", column))) {
        const char *type = dara_object_text(column, "type"), *value = dara_object_text(column, "default");
        bool moment = strncmp(type, "date", 4) == 0 || strncmp(type, "timestamp", 9) == 0;
        if (moment && value && strstr(value, "-00"))
            return true;
    }
    return false;
}

bool mysql_begin_zero_dates(struct mysql_planning *planning, const struct dara_object *table)
{
    if (!has_zero_date(table))
        return false;
    struct mysql_buffer kept = planning->sql;
    planning->sql = (struct mysql_buffer){0};
    mysql_buffer_add(&planning->sql,
                     "SET @dara_sql_mode = @@sql_mode, SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_AUTO_VALUE_ON_ZERO'");
    mysql_plan_step(planning, 0, NULL);
    mysql_buffer_free(&planning->sql);
    planning->sql = kept;
    return true;
}

void mysql_end_zero_dates(struct mysql_planning *planning)
{
    mysql_buffer_add(&planning->sql, "SET SESSION sql_mode = @dara_sql_mode");
    mysql_plan_step(planning, 0, NULL);
}

/* The object that has the definer which this one is made with: who it was stays, unless owners are compared, too. */
static const struct dara_object *whose(const struct mysql_planning *planning, const struct dara_object *object)
{
    const struct dara_object *before = dara_diff_scope(planning->diff) & DARA_SCOPE_OWNER
                                           ? NULL
                                           : dara_model_same(dara_diff_before(planning->diff), object);
    return before ? before : object;
}

static void make(struct mysql_planning *planning, const struct dara_object *object)
{
    if (mysql_is_broken(object))
        return; /* no server would; the model has told so */
    bool wrapped = begin_made_under(planning, object), zeros = mysql_begin_zero_dates(planning, object);
    bool at_once = !mysql_is(object, "table") || mysql_keys_at_once(planning->diff, object);
    mysql_render_create(&planning->sql, object, at_once, whose(planning, object));
    mysql_plan_step(planning, 0, NULL);
    if (zeros)
        mysql_end_zero_dates(planning);
    if (wrapped)
        end_made_under(planning);
}

/* ---- drop ---------------------------------------------------------------------------------------------------------------------- */

static const char *word_of(const struct dara_object *object)
{
    if (mysql_is(object, "routine"))
        return mysql_has_text(object, "type", "procedure") ? "PROCEDURE" : "FUNCTION";
    return mysql_is(object, "package_body") ? "PACKAGE BODY"
           : mysql_is(object, "table")      ? "TABLE"
           : mysql_is(object, "view")       ? "VIEW"
           : mysql_is(object, "sequence")   ? "SEQUENCE"
           : mysql_is(object, "trigger")    ? "TRIGGER"
           : mysql_is(object, "event")      ? "EVENT"
                                            : "PACKAGE";
}

/* What else goes, or may go. */
static const char *loss_of(const struct mysql_planning *planning, const struct dara_object *object)
{
    if (mysql_is(object, "table"))
        return "the table and all its rows are lost";
    if (dara_object_bool(object, "mysql.grants_unseen", false))
        return "rights given on it by itself fall with it, and this user may not see them: give them again";
    if (dara_object_has(object, "mysql.grants") && planning->change->op == DARA_CHANGE_DROP)
        return "the rights given on it by itself fall with it";
    return NULL;
}

static void drop(struct mysql_planning *planning, const struct dara_object *object)
{
    bool rows = mysql_is(object, "table");
    /* Only Oracle's mode knows packages. */
    bool package = mysql_is(object, "package") || mysql_is(object, "package_body");
    bool wrapped = package && begin_made_under(planning, object);
    mysql_buffer_format(&planning->sql, "DROP %s ", word_of(object));
    mysql_buffer_add_name(&planning->sql, dara_object_name(object));
    mysql_plan_step(planning, rows ? DARA_STEP_DESTROYS : 0u, loss_of(planning, object));
    if (wrapped)
        end_made_under(planning);
}

/* ---- alter --------------------------------------------------------------------------------------------------------------------- */

static void plan_setting(struct mysql_planning *planning)
{
    const struct dara_object *after = planning->change->after;
    const char *value = dara_object_text(after, "value");
    if (strcmp(dara_object_key(after), "comment") == 0) {
        mysql_buffer_add(&planning->sql, "ALTER DATABASE COMMENT ");
        mysql_buffer_add_string(&planning->sql, value ? value : "", value ? strlen(value) : 0);
    } else {
        mysql_render_create(&planning->sql, after, true, NULL);
    }
    mysql_plan_step(planning, 0, NULL);
}

static void add_option(struct mysql_buffer *sql, const struct dara_object *sequence, const char *property,
                       const char *words)
{
    const char *text = dara_object_text(sequence, property);
    if (text)
        mysql_buffer_format(sql, " %s %s", words, text);
    else if (dara_object_has(sequence, property))
        mysql_buffer_format(sql, " %s %lld", words, (long long)dara_object_int(sequence, property, 0));
}

static void plan_sequence(struct mysql_planning *planning)
{
    static const char *const options[][2] = {{"type", "AS"},          {"increment", "INCREMENT BY"},
                                             {"minimum", "MINVALUE"}, {"maximum", "MAXVALUE"},
                                             {"start", "START WITH"}, {"cache", "CACHE"}};
    const struct dara_change *change = planning->change;
    mysql_buffer_add(&planning->sql, "ALTER SEQUENCE ");
    mysql_buffer_add_name(&planning->sql, dara_object_name(change->after));
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        if (mysql_changed(change, options[i][0]))
            add_option(&planning->sql, change->after, options[i][0], options[i][1]);
    if (mysql_changed(change, "cycle"))
        mysql_buffer_add(&planning->sql, dara_object_bool(change->after, "cycle", false) ? " CYCLE" : " NOCYCLE");
    if (mysql_changed(change, "mysql.engine")) {
        mysql_buffer_clear(&planning->sql);
        mysql_buffer_add(&planning->sql, "ALTER TABLE ");
        mysql_buffer_add_name(&planning->sql, dara_object_name(change->after));
        mysql_buffer_format(&planning->sql, " ENGINE=%s", dara_object_text(change->after, "mysql.engine"));
    }
    mysql_plan_step(planning, DARA_STEP_MAY_FAIL, "fails if the number it stands at lies outside the new limits");
}

/* Only views can be replaced where both servers know how. */
static void plan_view(struct mysql_planning *planning)
{
    static const char create[] = "CREATE ";
    struct mysql_buffer text = {0};
    bool wrapped = begin_made_under(planning, planning->change->after);
    mysql_render_create(&text, planning->change->after, true, whose(planning, planning->change->after));
    mysql_buffer_add(&planning->sql, "CREATE OR REPLACE ");
    mysql_buffer_add(&planning->sql, text.failed ? "" : mysql_buffer_get(&text) + strlen(create));
    planning->sql.failed = planning->sql.failed || text.failed;
    mysql_plan_step(planning, 0, NULL);
    mysql_buffer_free(&text);
    if (wrapped)
        end_made_under(planning);
}

/* Rights on a routine fall with it, and it is only made again. */
static void give_back(struct mysql_planning *planning, const struct dara_object *before)
{
    const char *const *grants = NULL;
    size_t count = dara_object_list(before, "mysql.grants", &grants);
    for (size_t i = 0; i < count; i++) {
        mysql_buffer_add(&planning->sql, grants[i]);
        mysql_plan_step(planning, 0, NULL);
    }
}

static void plan_alter(struct mysql_planning *planning)
{
    const struct dara_object *after = planning->change->after;
    if (mysql_is(after, "table")) {
        mysql_plan_table(planning);
    } else if (mysql_is(after, "setting")) {
        plan_setting(planning);
    } else if (mysql_is(after, "sequence")) {
        plan_sequence(planning);
    } else if (mysql_is(after, "view")) {
        plan_view(planning);
    } else {
        drop(planning, planning->change->before);
        make(planning, after);
        give_back(planning, planning->change->before);
    }
}

/* ---- operations ------------------------------------------------------------------------------------------------------------------ */

int mysql_dialect_change(const struct dara_diff *diff, const struct dara_change *change, struct dara_plan *plan)
{
    struct mysql_planning planning = {.diff = diff, .change = change, .plan = plan};
    if (change->op == DARA_CHANGE_DROP)
        drop(&planning, change->before);
    else if (change->op == DARA_CHANGE_CREATE)
        make(&planning, change->after);
    else
        plan_alter(&planning);
    return mysql_planning_end(&planning);
}

/* One that is made again stands behind the others of its table, timing and event: those are made again, too. */
static int prepare_trigger(struct dara_diff *diff, const struct dara_object *trigger)
{
    const struct dara_change *change = dara_diff_of(diff, trigger);
    bool altered = mysql_is(trigger, "trigger") && change && change->op == DARA_CHANGE_ALTER;
    return altered ? dara_diff_recreate(diff, trigger, "it gets another definer") : 0;
}

/* A package that is made again takes its body along. */
int mysql_dialect_prepare(struct dara_diff *diff)
{
    const struct dara_model *before = dara_diff_before(diff);
    int code = 0;
    for (size_t i = 0; !code && i < dara_model_count(before); i++) {
        const struct dara_object *object = dara_model_at(before, i);
        const struct dara_object *owner = dara_object_owner(object);
        const struct dara_change *change = owner ? dara_diff_of(diff, owner) : NULL;
        if (mysql_is(object, "package_body") && change && change->op == DARA_CHANGE_ALTER &&
            dara_model_same(dara_diff_after(diff), object))
            code = dara_diff_recreate(diff, object, "its package is made again");
        code = code ? code : prepare_trigger(diff, object);
    }
    return code;
}

int mysql_dialect_begin_plan(const struct dara_diff *diff, struct dara_plan *plan)
{
    struct mysql_planning planning = {.diff = diff, .plan = plan};
    mysql_plan_loose_keys(&planning, true);
    mysql_plan_drop_keys(&planning);
    return mysql_planning_end(&planning);
}

int mysql_dialect_end_plan(const struct dara_diff *diff, struct dara_plan *plan)
{
    struct mysql_planning planning = {.diff = diff, .plan = plan};
    mysql_plan_add_keys(&planning);
    mysql_plan_loose_keys(&planning, false);
    return mysql_planning_end(&planning);
}
