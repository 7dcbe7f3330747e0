/* SPDX-License-Identifier: MIT */
/* Columns: what goes, and what comes, changes or moves, in the order of the table to be. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "change.h"
#include "walk.h"

/* ---- what happens to one ---------------------------------------------------------------------------------------------------------- */

static bool is_virtual(const struct dara_object *column)
{
    return mysql_has_text(column, "generated_kind", "virtual");
}

static bool is_generated(const struct dara_object *column)
{
    return dara_object_has(column, "generated_kind");
}

/* What is stored becomes virtual, or the other way: no server alters that. Neither does one turn a stored expression into an ordinary
 * value by force where that has another expression. */
bool mysql_column_is_remade(const struct dara_change *change)
{
    if (!change || change->op != DARA_CHANGE_ALTER)
        return change && change->op == DARA_CHANGE_RECREATE;
    if (!mysql_changed(change, "generated_kind") && !mysql_changed(change, "generated"))
        return false;
    return is_virtual(change->before) != is_virtual(change->after) ||
           is_generated(change->before) != is_generated(change->after);
}

static bool goes(const struct dara_change *change)
{
    return change && change->before && (!change->after || mysql_column_is_remade(change));
}

static void tell_loss(struct mysql_alter *alter, const struct dara_object *column)
{
    if (!is_generated(column))
        mysql_alter_risk(alter, DARA_STEP_DESTROYS, "the values of the column '%s' are lost", dara_object_name(column));
}

void mysql_alter_drop_columns(struct mysql_alter *alter)
{
    const struct dara_change *change = alter->planning->change;
    for (size_t i = 0; i < change->part_count; i++) {
        const struct dara_object *before = change->parts[i]->before;
        if (!before || !mysql_is(before, "column") || !goes(change->parts[i]))
            continue;
        struct mysql_buffer *sql = mysql_alter_clause(alter);
        mysql_buffer_add(sql, "DROP COLUMN ");
        mysql_buffer_add_name(sql, dara_object_name(before));
        tell_loss(alter, before);
    }
}

/* Its definition, with the collation where the text leaves it to the table whose own changes in the same statement. Only then: MySQL
 * remembers that it was written, and prints it from then on. */
static void add_definition(const struct dara_change *table, struct mysql_buffer *sql, const struct dara_object *column)
{
    const char *text = dara_object_text(column, "sql"), *collation = dara_object_text(column, "collation");
    struct mysql_walk walk;
    struct mysql_slice inside;
    mysql_walk_begin(&walk, mysql_slice_of(text), 0);
    mysql_walk_next(&walk); /* the name */
    mysql_walk_next(&walk); /* the type */
    mysql_walk_group(&walk, &inside);
    const char *behind = walk.passed;
    bool charset = mysql_walk_is(&walk, "character");
    for (size_t i = 0; charset && i < 3; i++)
        mysql_walk_next(&walk);
    if (!collation || !mysql_changed(table, "mysql.collation") || mysql_walk_is(&walk, "collate")) {
        mysql_buffer_add(sql, text);
        return;
    }
    behind = charset ? walk.passed : behind;
    mysql_buffer_add_bytes(sql, text, (size_t)(behind - text));
    mysql_buffer_format(sql, " COLLATE %s%s", collation, behind);
}

static size_t charset_length(const char *collation)
{
    return collation ? strcspn(collation, "_") : 0;
}

static void tell_charset(struct mysql_alter *alter, const struct dara_change *part)
{
    const char *before = dara_object_text(part->before, "collation"),
               *after = dara_object_text(part->after, "collation");
    size_t length = charset_length(after);
    if (!before || !after || (length == charset_length(before) && strncmp(before, after, length) == 0))
        return;
    alter->flags |= DARA_STEP_REWRITES;
    if (strncmp(after, "utf8mb4_", 8) != 0)
        mysql_alter_risk(alter, DARA_STEP_MAY_FAIL, "fails where a letter of '%s' is not in the new character set",
                         dara_object_name(part->after));
}

static void tell_change(struct mysql_alter *alter, const struct dara_change *part)
{
    const char *name = dara_object_name(part->after);
    if (mysql_changed(part, "type")) {
        unsigned flags = mysql_type_risk(dara_object_text(part->before, "type"), dara_object_text(part->after, "type"));
        alter->flags |= flags;
        if (flags & DARA_STEP_DESTROYS && !is_generated(part->after))
            mysql_alter_risk(alter, 0, "values of '%s' may be rounded, cut or refused", name);
        else if (flags & DARA_STEP_MAY_FAIL)
            mysql_alter_risk(alter, 0, "fails where a value of '%s' does not fit", name);
        if (is_generated(part->after))
            alter->flags &= ~(unsigned)DARA_STEP_DESTROYS;
    }
    if (mysql_changed(part, "not_null") && dara_object_bool(part->after, "not_null", false))
        mysql_alter_risk(alter, DARA_STEP_REWRITES | DARA_STEP_MAY_FAIL, "fails where '%s' is NULL", name);
    if (mysql_changed(part, "mysql.check") && dara_object_has(part->after, "mysql.check"))
        mysql_alter_risk(alter, DARA_STEP_MAY_FAIL, "fails where a row breaks the check");
    tell_charset(alter, part);
}

/* ---- order ------------------------------------------------------------------------------------------------------------------------ */

/* A column of the table to be. */
struct place {
    const struct dara_object *column;
    const struct dara_change *part;
    long was;       /* its place in the table that is; -1: it is not there */
    size_t longest; /* of the rising sequences that end here */
    long before;    /* in that sequence */
    bool stays;     /* where it is, among those that stay */
};

static long place_before(const struct dara_object *table, const struct dara_object *wanted)
{
    const struct dara_object *column = NULL;
    for (long place = 0; (column = dara_object_owned(table, "column", column)); place++)
        if (strcmp(dara_object_key(column), dara_object_key(wanted)) == 0)
            return place;
    return -1;
}

/* The longest sequence of columns whose order is the same before and after stays; only the others move. */
static void find_staying(struct place *places, size_t count)
{
    long best = -1;
    for (size_t i = 0; i < count; i++) {
        struct place *it = &places[i];
        it->longest = it->was >= 0;
        it->before = -1;
        for (size_t k = 0; it->was >= 0 && k < i; k++) {
            if (places[k].was < 0 || places[k].was > it->was || places[k].longest < it->longest)
                continue;
            it->longest = places[k].longest + 1;
            it->before = (long)k;
        }
        if (it->was >= 0 && (best < 0 || it->longest > places[best].longest))
            best = (long)i;
    }
    for (; best >= 0; best = places[best].before)
        places[best].stays = true;
}

static struct place *list_places(struct mysql_alter *alter, size_t *ret_count)
{
    const struct dara_change *change = alter->planning->change;
    const struct dara_object *column = NULL;
    size_t count = 0;
    while ((column = dara_object_owned(change->after, "column", column)))
        count++;
    struct place *places = calloc(count + 1, sizeof(*places));
    if (!places)
        return NULL;
    count = 0;
    while ((column = dara_object_owned(change->after, "column", column))) {
        struct place *it = &places[count++];
        it->column = column;
        it->part = mysql_part_change(alter->planning->diff, column);
        it->was = goes(it->part) ? -1 : place_before(change->before, column);
    }
    find_staying(places, count);
    *ret_count = count;
    return places;
}

static void add_place(struct mysql_buffer *sql, const struct place *places, size_t at)
{
    if (at == 0) {
        mysql_buffer_add(sql, " FIRST");
        return;
    }
    mysql_buffer_add(sql, " AFTER ");
    mysql_buffer_add_name(sql, dara_object_name(places[at - 1].column));
}

/* What MySQL takes in a column that is there, and in a new table, but not in a column that is added where a binary log is kept. */
static bool is_unsafe(const char *value)
{
    static const char *const functions[] = {"uuid", "uuid_short", "rand", "random_bytes", "sysdate", "connection_id"};
    for (size_t i = 0; value && i < sizeof(functions) / sizeof(functions[0]); i++) {
        size_t length = strlen(functions[i]);
        for (const char *at = value; (at = strstr(at, functions[i])); at += length)
            if (at[length] == '(' && at > value && !strchr("_`'", at[-1]) && !(at[-1] >= 'a' && at[-1] <= 'z'))
                return true;
    }
    return false;
}

static void tell_new(struct mysql_alter *alter, const struct dara_object *column)
{
    static const char *const picky[] = {"date", "datetime", "timestamp", "geometry", "point", "json"};
    const char *type = dara_object_text(column, "type");
    if (mysql_has_text(column, "generated_kind", "stored"))
        mysql_alter_risk(alter, DARA_STEP_REWRITES | DARA_STEP_MAY_FAIL,
                         "fails where the expression of '%s' has no value for a row", dara_object_name(column));
    if (is_unsafe(dara_object_text(column, "default")))
        mysql_alter_risk(alter, DARA_STEP_MAY_FAIL,
                         "MySQL with a binary log takes '%s' only without its default, which can be set afterwards",
                         dara_object_name(column));
    if (!dara_object_bool(column, "not_null", false) || dara_object_has(column, "default") || is_generated(column))
        return;
    for (size_t i = 0; i < sizeof(picky) / sizeof(picky[0]); i++)
        if (strncmp(type, picky[i], strlen(picky[i])) == 0)
            mysql_alter_risk(alter, DARA_STEP_MAY_FAIL, "fails where there are rows: '%s' has no value for them",
                             dara_object_name(column));
}

static void add_column(struct mysql_alter *alter, const struct place *places, size_t at, bool last)
{
    const struct place *it = &places[at];
    struct mysql_buffer *sql = mysql_alter_clause(alter);
    mysql_buffer_add(sql, "ADD COLUMN ");
    add_definition(alter->planning->change, sql, it->column);
    if (!last)
        add_place(sql, places, at);
    tell_new(alter, it->column);
}

void mysql_alter_columns(struct mysql_alter *alter)
{
    size_t count = 0, kept = 0;
    struct place *places = list_places(alter, &count);
    bool moves = false;
    if (!places) {
        alter->planning->failed = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        moves = moves || (places[i].was >= 0 && !places[i].stays);
        if (places[i].was >= 0)
            kept = i + 1;
    }
    for (size_t i = 0; i < count; i++) {
        const struct place *it = &places[i];
        if (it->was < 0) {
            add_column(alter, places, i, i >= kept && !moves);
        } else if (it->part || !it->stays) {
            struct mysql_buffer *sql = mysql_alter_clause(alter);
            mysql_buffer_add(sql, "MODIFY COLUMN ");
            add_definition(alter->planning->change, sql, it->column);
            if (!it->stays)
                add_place(sql, places, i);
            if (it->part)
                tell_change(alter, it->part);
        }
    }
    free(places);
}
