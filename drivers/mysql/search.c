/* SPDX-License-Identifier: MIT */
/*
 * Rows on which a change of a table would fail: what to look for, from the difference, not from the statement. The table is looked at as it
 * will be: a column that is new has the value there that its rows will get, one whose character set changes is converted. A column that
 * comes where another goes may be that one under a new name: what would need it is not told.
 */
#include "search.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "apply.h"
#include "type.h"

/* ---- telling ------------------------------------------------------------------------------------------------------------------------ */

static void write_count(const struct mysql_searching *searching, const struct mysql_buffer *rows,
                        struct mysql_buffer *sql)
{
    const unsigned timeout = searching->limits->timeout_ms;
    if (searching->conn->mariadb)
        mysql_buffer_format(sql, "SET STATEMENT max_statement_time=%u.%03u FOR SELECT COUNT(*) FROM (", timeout / 1000,
                            timeout % 1000);
    else
        mysql_buffer_format(sql, "SELECT /*+ MAX_EXECUTION_TIME(%u) */ COUNT(*) FROM (", timeout);
    mysql_buffer_add(sql, mysql_buffer_get(rows));
    mysql_buffer_format(sql, " LIMIT %llu) AS `dara_found`", (unsigned long long)searching->limits->rows);
}

void mysql_search_add(struct mysql_searching *searching, const struct mysql_buffer *rows, const char *why, bool passes,
                      const char *format, ...)
{
    struct mysql_buffer sql = {0};
    char what[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof(what), format, arguments);
    va_end(arguments);
    if (rows)
        write_count(searching, rows, &sql);
    const struct dara_search search = {.size = sizeof(search),
                                       .object = searching->change->after,
                                       .what = what,
                                       .text = rows ? mysql_buffer_get(&sql) : NULL,
                                       .why = why,
                                       .passes = passes};
    searching->failed = searching->failed || sql.failed || (rows && rows->failed);
    if (!searching->failed)
        dara_searches_add(searching->searches, &search);
    mysql_buffer_free(&sql);
}

/* ---- the table as it will be ----------------------------------------------------------------------------------------------------------- */

static const struct dara_object *find_column(const struct dara_object *table, const char *name)
{
    const struct dara_object *column = NULL;
    while ((column = dara_object_owned(table, "column", column)))
        if (strcasecmp(dara_object_name(column), name) == 0)
            return column;
    return NULL;
}

static bool loses_column(const struct dara_change *table)
{
    for (size_t i = 0; i < table->part_count; i++)
        if (!table->parts[i]->after && mysql_is(table->parts[i]->before, "column"))
            return true;
    return false;
}

static bool is_generated(const struct dara_object *column)
{
    return dara_object_has(column, "generated");
}

/* The value that rows get for a column without a default that takes no NULL; NULL: none, or not known. */
static const char *implicit_value(const struct dara_object *column)
{
    switch (mysql_type_read(dara_object_text(column, "type")).family) {
    case MYSQL_FAMILY_INTEGER:
    case MYSQL_FAMILY_DECIMAL:
    case MYSQL_FAMILY_REAL:
        return "0";
    case MYSQL_FAMILY_TEXT:
    case MYSQL_FAMILY_BYTES:
        return "''";
    default:
        return NULL;
    }
}

/* The value of a new column; NULL: not known. */
static const char *new_value(const struct dara_object *column)
{
    const char *value = dara_object_text(column, "default");
    if (dara_object_bool(column, "mysql.auto_increment", false))
        return NULL;
    if (value)
        return value;
    return dara_object_bool(column, "not_null", false) ? implicit_value(column) : "NULL";
}

static enum mysql_fate fate_of(const struct mysql_searching *searching, const struct dara_object *column)
{
    const struct dara_change *part = mysql_part_change(searching->diff, column);
    if (!part)
        return MYSQL_FATE_SAME;
    if (is_generated(column) && (!part->before || mysql_changed(part, "generated")))
        return MYSQL_FATE_CHANGED;
    if (part->before)
        return mysql_changed(part, "type") || mysql_changed(part, "collation") ? MYSQL_FATE_CHANGED : MYSQL_FATE_SAME;
    return new_value(column) && !loses_column(searching->change) ? MYSQL_FATE_NEW : MYSQL_FATE_UNKNOWN;
}

enum mysql_fate mysql_search_fate(const struct mysql_searching *searching, const char *name)
{
    const struct dara_object *column = find_column(searching->change->after, name);
    return column ? fate_of(searching, column) : MYSQL_FATE_UNKNOWN;
}

static void add_value(const struct mysql_searching *searching, const struct dara_object *column, enum mysql_fate fate,
                      struct mysql_buffer *sql)
{
    const struct dara_change *part = mysql_part_change(searching->diff, column);
    const char *collation = dara_object_text(column, "collation");
    if (is_generated(column) && fate == MYSQL_FATE_CHANGED) {
        mysql_buffer_format(sql, "(%s)", dara_object_text(column, "generated"));
    } else if (fate == MYSQL_FATE_NEW) {
        mysql_buffer_add(sql, new_value(column));
    } else if (fate == MYSQL_FATE_CHANGED && collation && mysql_changed(part, "collation")) {
        mysql_buffer_add(sql, "CONVERT(");
        mysql_buffer_add_name(sql, dara_object_name(part->before));
        mysql_buffer_format(sql, " USING %.*s) COLLATE %s", (int)strcspn(collation, "_"), collation, collation);
    } else {
        mysql_buffer_add_name(sql, dara_object_name(part ? part->before : column));
    }
}

void mysql_search_from(struct mysql_searching *searching, const char *alias, struct mysql_buffer *sql)
{
    const struct dara_object *table = searching->change->after, *column = NULL;
    const char *name = dara_object_name(searching->change->before);
    bool changes = false;
    while ((column = dara_object_owned(table, "column", column)))
        changes = changes || fate_of(searching, column) != MYSQL_FATE_SAME;
    mysql_buffer_add(sql, changes ? " FROM (SELECT " : " FROM ");
    for (size_t count = 0; changes && (column = dara_object_owned(table, "column", column));) {
        enum mysql_fate fate = fate_of(searching, column);
        if (fate == MYSQL_FATE_UNKNOWN)
            continue;
        mysql_buffer_add(sql, count++ ? ", " : "");
        add_value(searching, column, fate, sql);
        mysql_buffer_add(sql, " AS ");
        mysql_buffer_add_name(sql, dara_object_name(column));
    }
    mysql_buffer_add(sql, changes ? " FROM " : "");
    mysql_buffer_add_name(sql, name);
    mysql_buffer_add(sql, changes ? ") AS " : " AS ");
    mysql_buffer_add_name(sql, alias ? alias : name);
}

/* ---- columns ---------------------------------------------------------------------------------------------------------------------------- */

static void search_nulls(struct mysql_searching *searching, const struct dara_object *column)
{
    struct mysql_buffer sql = {0};
    mysql_buffer_add(&sql, "SELECT 1");
    mysql_search_from(searching, NULL, &sql);
    mysql_buffer_add(&sql, " WHERE ");
    mysql_buffer_add_name(&sql, dara_object_name(column));
    mysql_buffer_add(&sql, " IS NULL");
    mysql_search_add(searching, &sql, NULL, !searching->strict, "NULL in the column '%s', which takes none",
                     dara_object_name(column));
    mysql_buffer_free(&sql);
}

/* A date of zeros is what rows would get, and a strict server takes none. */
static void search_rows(struct mysql_searching *searching, const struct dara_object *column)
{
    struct mysql_buffer sql = {0};
    mysql_buffer_add(&sql, "SELECT 1");
    mysql_search_from(searching, NULL, &sql);
    mysql_search_add(searching, &sql, NULL, !searching->strict || searching->zero_dates,
                     "rows that have no date for the new column '%s'", dara_object_name(column));
    mysql_buffer_free(&sql);
}

static void search_check(struct mysql_searching *searching, const char *expression, const char *name)
{
    struct mysql_buffer sql = {0};
    mysql_buffer_add(&sql, "SELECT 1");
    mysql_search_from(searching, NULL, &sql);
    mysql_buffer_format(&sql, " WHERE NOT (%s)", expression);
    mysql_search_add(searching, &sql, NULL, !searching->checks, "rows that break the check '%s'", name);
    mysql_buffer_free(&sql);
}

static void search_column(struct mysql_searching *searching, const struct dara_change *part)
{
    const struct dara_object *column = part->after;
    const char *check = dara_object_text(column, "mysql.check");
    enum mysql_family family = mysql_type_read(dara_object_text(column, "type")).family;
    bool takes_none = dara_object_bool(column, "not_null", false);
    bool date = family == MYSQL_FAMILY_DATE || family == MYSQL_FAMILY_MOMENT || family == MYSQL_FAMILY_CLOCK;
    if (part->before && takes_none && mysql_changed(part, "not_null"))
        search_nulls(searching, column);
    if (!part->before && takes_none && date && !dara_object_has(column, "default") && !is_generated(column) &&
        !loses_column(searching->change))
        search_rows(searching, column);
    if (part->before && !is_generated(column))
        mysql_search_values(searching, part);
    if (check && (!part->before || mysql_changed(part, "mysql.check")) &&
        fate_of(searching, column) != MYSQL_FATE_UNKNOWN)
        search_check(searching, check, dara_object_name(column));
}

/* ---- keys ------------------------------------------------------------------------------------------------------------------------------- */

static bool is_unique(const struct dara_object *key)
{
    return mysql_has_text(key, "type", "primary key") ||
           (mysql_is(key, "index") && dara_object_bool(key, "unique", false));
}

/* One part of a key as an expression: a functional one, a column, or the beginning of its values. */
static void add_part(const struct dara_object *key, size_t at, struct mysql_buffer *sql)
{
    const char *const *columns = NULL, *const *parts = NULL;
    dara_object_list(key, "columns", &columns);
    size_t count = dara_object_list(key, "mysql.key_parts", &parts);
    const char *column = columns[at];
    size_t length = strlen(column);
    const char *prefix =
        at < count && strlen(parts[at]) > length && parts[at][length] == '(' ? parts[at] + length + 1 : NULL;
    if (*column == '(') {
        mysql_buffer_add(sql, column);
        return;
    }
    mysql_buffer_add(sql, prefix ? "LEFT(" : "");
    mysql_buffer_add_name(sql, column);
    if (prefix)
        mysql_buffer_format(sql, ", %lu)", strtoul(prefix, NULL, 10));
}

static void write_duplicates(struct mysql_searching *searching, const struct dara_object *key, size_t count,
                             struct mysql_buffer *sql)
{
    mysql_buffer_add(sql, "SELECT 1");
    mysql_search_from(searching, NULL, sql);
    for (size_t i = 0; i < count; i++) {
        mysql_buffer_add(sql, i ? " AND " : " WHERE ");
        add_part(key, i, sql);
        mysql_buffer_add(sql, " IS NOT NULL");
    }
    for (size_t i = 0; i < count; i++) {
        mysql_buffer_add(sql, i ? ", " : " GROUP BY ");
        add_part(key, i, sql);
    }
    mysql_buffer_add(sql, " HAVING COUNT(*) > 1");
}

/* Whether values of the key may be equal now that were not before. */
static bool needs_search(const struct mysql_searching *searching, const struct dara_object *key, bool *ret_unknown)
{
    const struct dara_change *part = mysql_part_change(searching->diff, key);
    const char *const *columns = NULL;
    size_t count = dara_object_list(key, "columns", &columns);
    bool needs = part && (!part->before || mysql_changed(part, "columns") || mysql_changed(part, "mysql.key_parts") ||
                          mysql_changed(part, "unique"));
    bool unknown = false;
    for (size_t i = 0; i < count; i++) {
        const struct dara_object *column = find_column(searching->change->after, columns[i]);
        enum mysql_fate fate = column ? fate_of(searching, column) : MYSQL_FATE_SAME; /* a functional part */
        if (fate == MYSQL_FATE_UNKNOWN && dara_object_bool(column, "mysql.auto_increment", false))
            return false;
        unknown = unknown || fate == MYSQL_FATE_UNKNOWN;
        needs = needs || fate == MYSQL_FATE_CHANGED;
    }
    *ret_unknown = unknown;
    return needs;
}

static void search_key(struct mysql_searching *searching, const struct dara_object *key)
{
    static const char renamed[] = "it is on a column that is new, or another under a new name";
    const char *const *columns = NULL;
    size_t count = dara_object_list(key, "columns", &columns);
    bool unknown = false;
    struct mysql_buffer sql = {0};
    if (count == 0 || !needs_search(searching, key, &unknown))
        return;
    bool primary = mysql_has_text(key, "type", "primary key");
    if (!unknown)
        write_duplicates(searching, key, count, &sql);
    mysql_search_add(searching, unknown ? NULL : &sql, renamed, false, "duplicates for the %s%s%s%s",
                     primary ? "primary key" : "unique key", primary ? "" : " '", primary ? "" : dara_object_name(key),
                     primary ? "" : "'");
    mysql_buffer_free(&sql);
}

/* ---- foreign keys ----------------------------------------------------------------------------------------------------------------------- */

/* Why orphans cannot be looked for; NULL: they can. */
static const char *cannot_search(const struct mysql_searching *searching, const struct dara_object *key)
{
    const char *const *columns = NULL, *const *referenced = NULL;
    size_t count = dara_object_list(key, "columns", &columns);
    size_t referenced_count = dara_object_list(key, "referenced_columns", &referenced);
    const char *name = dara_object_text(key, "references");
    const struct dara_object *target =
        name ? dara_model_find(dara_diff_before(searching->diff), "table", NULL, NULL, name) : NULL;
    if (!target || count != referenced_count)
        return "the table that it references is not there yet";
    for (size_t i = 0; i < count; i++) {
        if (mysql_search_fate(searching, columns[i]) == MYSQL_FATE_UNKNOWN)
            return "it is on a column that is new, or another under a new name";
        if (!find_column(target, referenced[i]))
            return "a column that it references is not there yet";
    }
    return NULL;
}

void mysql_search_orphans(const struct dara_object *key, struct mysql_buffer *sql)
{
    const char *const *columns = NULL, *const *referenced = NULL;
    size_t count = dara_object_list(key, "columns", &columns);
    dara_object_list(key, "referenced_columns", &referenced);
    mysql_buffer_add(sql, " LEFT JOIN ");
    mysql_buffer_add_name(sql, dara_object_text(key, "references"));
    mysql_buffer_add(sql, " AS `dara_parent`");
    for (size_t i = 0; i < count; i++) {
        mysql_buffer_add(sql, i ? " AND `dara_child`." : " ON `dara_child`.");
        mysql_buffer_add_name(sql, columns[i]);
        mysql_buffer_add(sql, " = `dara_parent`.");
        mysql_buffer_add_name(sql, referenced[i]);
    }
    mysql_buffer_add(sql, " WHERE `dara_parent`.");
    mysql_buffer_add_name(sql, referenced[0]);
    mysql_buffer_add(sql, " IS NULL");
    for (size_t i = 0; i < count; i++) {
        mysql_buffer_add(sql, " AND `dara_child`.");
        mysql_buffer_add_name(sql, columns[i]);
        mysql_buffer_add(sql, " IS NOT NULL");
    }
}

static void search_orphans(struct mysql_searching *searching, const struct dara_object *key)
{
    const char *why = cannot_search(searching, key);
    struct mysql_buffer sql = {0};
    if (!why) {
        mysql_buffer_add(&sql, "SELECT 1");
        mysql_search_from(searching, "dara_child", &sql);
        mysql_search_orphans(key, &sql);
    }
    mysql_search_add(searching, why ? NULL : &sql, why, !searching->keys, "orphans for the foreign key '%s'",
                     dara_object_name(key));
    mysql_buffer_free(&sql);
}

static void search_constraint(struct mysql_searching *searching, const struct dara_object *part)
{
    const struct dara_change *change = mysql_part_change(searching->diff, part);
    bool check = mysql_has_text(part, "type", "check");
    if (!change || (!check && !mysql_is_foreign_key(part)))
        return;
    if (mysql_is_foreign_key(part))
        search_orphans(searching, part);
    else if (!dara_object_bool(part, "mysql.not_enforced", false))
        search_check(searching, dara_object_text(part, "expression"), dara_object_name(part));
}

/* ---- the operation ---------------------------------------------------------------------------------------------------------------------- */

/* What the statements of the file set decides what the server sees to. */
static int read_session(struct mysql_searching *searching)
{
    MYSQL_RES *result = NULL;
    int code =
        mysql_rows(searching->conn,
                   searching->conn->mariadb ? "SELECT @@sql_mode, @@foreign_key_checks, @@check_constraint_checks"
                                            : "SELECT @@sql_mode, @@foreign_key_checks, 1",
                   "cannot read the settings of the session", &result);
    if (code)
        return code;
    MYSQL_ROW row = mysql_fetch_row(result);
    const char *mode = row && row[0] ? row[0] : "";
    searching->strict = strstr(mode, "STRICT_") != NULL;
    searching->zero_dates = strstr(mode, "NO_ZERO_DATE") == NULL;
    searching->keys = !row || !row[1] || *row[1] != '0';
    searching->checks = !row || !row[2] || *row[2] != '0';
    mysql_free_result(result);
    return 0;
}

int mysql_apply_search(struct dara_conn *conn, const struct dara_diff *diff, const struct dara_change *change,
                       const struct dara_search_limits *limits, struct dara_searches *searches)
{
    struct mysql_searching searching = {
        .conn = conn, .diff = diff, .change = change, .limits = limits, .searches = searches};
    const struct dara_object *part = NULL;
    if (!mysql_is(change->after, "table"))
        return 0;
    int code = read_session(&searching);
    if (code)
        return code;
    for (size_t i = 0; i < change->part_count; i++)
        if (change->parts[i]->after && mysql_is(change->parts[i]->after, "column"))
            search_column(&searching, change->parts[i]);
    while ((part = dara_object_owned(change->after, NULL, part))) {
        if (is_unique(part))
            search_key(&searching, part);
        else if (mysql_is(part, "constraint"))
            search_constraint(&searching, part);
    }
    return searching.failed ? mysql_out_of_memory() : 0;
}
