/* SPDX-License-Identifier: MIT */
#include "violations.h"

#include <stdio.h>
#include <string.h>

/* ---- the private database ----------------------------------------------------------------------------------------------------- */

static int fail_store(const struct dara_conn *conn)
{
    return dara_error_set(DARA_EINTERNAL, "cannot note foreign key violations: %s",
                          conn->noted ? sqlite3_errmsg(conn->noted) : "out of memory");
}

static int run_store(const struct dara_conn *conn, const char *sql)
{
    return sqlite3_exec(conn->noted, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail_store(conn);
}

/* An empty name is a file without a name, which SQLite makes when its cache is full and which goes with the connection. */
static int open_store(struct dara_conn *conn)
{
    if (conn->noted)
        return 0;
    if (sqlite3_open_v2("", &conn->noted, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK)
        return fail_store(conn);
    return run_store(conn, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                           "CREATE TABLE noted(generation, child, row, parent, columns, count INTEGER,"
                           " PRIMARY KEY(generation, child, row, parent, columns)) WITHOUT ROWID");
}

/* Step a statement that gives no rows, and free it. */
static int finish(const struct dara_conn *conn, sqlite3_stmt *statement)
{
    sqlite3_step(statement);
    return sqlite3_finalize(statement) == SQLITE_OK ? 0 : fail_store(conn);
}

static int forget(struct dara_conn *conn, sqlite3_int64 generation)
{
    sqlite3_stmt *statement = NULL;
    if (!conn->noted)
        return 0;
    if (sqlite3_prepare_v2(conn->noted, "DELETE FROM noted WHERE generation = ?1", -1, &statement, NULL) != SQLITE_OK)
        return fail_store(conn);
    sqlite3_bind_int64(statement, 1, generation);
    return finish(conn, statement);
}

void sqlite_violations_close(struct dara_conn *conn)
{
    sqlite3_close(conn->noted);
    conn->noted = NULL;
}

/* ---- reading ---------------------------------------------------------------------------------------------------------------------- */

static void show(struct sqlite_violations *found, const char *text)
{
    if (found->shown == SQLITE_SHOWN_VIOLATIONS || found->length >= sizeof(found->text) - 1)
        return;
    int written = snprintf(found->text + found->length, sizeof(found->text) - found->length, "%s%s",
                           found->shown ? "; " : "", text);
    if (written > 0)
        found->length += (size_t)written;
    found->shown++;
}

/* A row of: child, row ('' where there is no rowid), parent ('' where it cannot be checked), columns or the reason. */
static void show_row(struct sqlite_violations *found, sqlite3_stmt *row)
{
    char text[300];
    const char *table = (const char *)sqlite3_column_text(row, 0), *parent = (const char *)sqlite3_column_text(row, 2);
    if (sqlite3_column_type(row, 1) == SQLITE_INTEGER)
        snprintf(text, sizeof(text), "row %lld of table '%s' has no parent in '%s'",
                 (long long)sqlite3_column_int64(row, 1), table, parent);
    else if (parent && *parent)
        snprintf(text, sizeof(text), "a row of table '%s' has no parent in '%s'", table, parent);
    else
        snprintf(text, sizeof(text), "%s", (const char *)sqlite3_column_text(row, 3));
    show(found, text);
}

static int prepare_note(struct dara_conn *conn, sqlite3_stmt **ret_note)
{
    int code = open_store(conn);
    if (!code && sqlite3_prepare_v2(conn->noted,
                                    "INSERT INTO noted VALUES (?1, ?2, ?3, ?4, ?5, 1)"
                                    " ON CONFLICT DO UPDATE SET count = count + 1",
                                    -1, ret_note, NULL) != SQLITE_OK)
        code = fail_store(conn);
    if (!code)
        sqlite3_bind_int64(*ret_note, 1, conn->generation + 1);
    return code;
}

/* The reason is noted with the connection's own words. */
static int note_unchecked(struct dara_conn *conn, sqlite3_stmt *note, const char *table)
{
    sqlite3_bind_text(note, 2, table, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(note, 3, "", 0, SQLITE_STATIC);
    sqlite3_bind_text(note, 4, "", 0, SQLITE_STATIC);
    sqlite3_bind_text(note, 5, sqlite3_errmsg(conn->db), -1, SQLITE_TRANSIENT);
    sqlite3_step(note);
    return sqlite3_reset(note) == SQLITE_OK ? 0 : fail_store(conn);
}

static int note_row(struct dara_conn *conn, sqlite3_stmt *note, sqlite3_stmt *row)
{
    for (int i = 0; i < 4; i++)
        sqlite3_bind_value(note, i + 2, sqlite3_column_value(row, i));
    sqlite3_step(note);
    return sqlite3_reset(note) == SQLITE_OK ? 0 : fail_store(conn);
}

/* A table whose foreign key fits no unique key of its parent cannot be checked at all: SQLite reports that as an error. It
 * counts as one violation, so that a migration may neither add one nor be blamed for one that was there. */
static int read_table(struct dara_conn *conn, const char *table, struct sqlite_violations *found)
{
    sqlite3_stmt *check = NULL, *note = NULL;
    if (sqlite3_prepare_v2(conn->db,
                           "SELECT \"table\", ifnull(c.rowid, ''), parent,"
                           " ifnull((SELECT group_concat(quote(\"from\")) FROM pragma_foreign_key_list(?1)"
                           " WHERE id = c.fkid), '') FROM pragma_foreign_key_check(?1) AS c",
                           -1, &check, NULL) != SQLITE_OK)
        return sqlite_fail(conn, 0, "cannot check the foreign keys");
    sqlite3_bind_text(check, 1, table, -1, SQLITE_STATIC);
    int result, code = 0;
    while (!code && (result = sqlite3_step(check)) == SQLITE_ROW) {
        found->count++;
        show_row(found, check);
        code = note ? 0 : prepare_note(conn, &note);
        if (!code)
            code = note_row(conn, note, check);
    }
    if (!code && result != SQLITE_DONE) {
        if ((result & 0xff) != SQLITE_ERROR) {
            code = sqlite_fail(conn, 0, "cannot check the foreign keys");
        } else {
            found->count++;
            show(found, sqlite3_errmsg(conn->db));
            code = note ? 0 : prepare_note(conn, &note);
            if (!code)
                code = note_unchecked(conn, note, table);
        }
    }
    sqlite3_finalize(note);
    sqlite3_finalize(check);
    return code;
}

/* Only tables that declare a foreign key are looked at: where there is none this reads the schema and no row. */
int sqlite_violations_read(struct dara_conn *conn, struct sqlite_violations *ret_found)
{
    sqlite3_stmt *tables = NULL;
    *ret_found = (struct sqlite_violations){.count = 0};
    int code = forget(conn, conn->generation + 1);
    if (code)
        return code;
    if (sqlite3_prepare_v2(conn->db,
                           "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%references%'"
                           " ORDER BY name",
                           -1, &tables, NULL) != SQLITE_OK)
        return sqlite_fail(conn, 0, "cannot check the foreign keys");
    while (!code && sqlite3_step(tables) == SQLITE_ROW)
        code = read_table(conn, (const char *)sqlite3_column_text(tables, 0), ret_found);
    if (sqlite3_finalize(tables) != SQLITE_OK && !code)
        code = sqlite_fail(conn, 0, "cannot check the foreign keys");
    ret_found->added = ret_found->count;
    return code;
}

/* ---- comparing -------------------------------------------------------------------------------------------------------------------- */

static int find_added(struct dara_conn *conn, struct sqlite_violations *found)
{
    sqlite3_stmt *added = NULL;
    if (sqlite3_prepare_v2(conn->noted,
                           "SELECT n.child, n.row, n.parent, n.columns, n.count - ifnull(o.count, 0) AS more"
                           " FROM noted AS n LEFT JOIN noted AS o ON o.generation = ?1 AND o.child = n.child"
                           " AND o.row = n.row AND o.parent = n.parent AND o.columns = n.columns"
                           " WHERE n.generation = ?1 + 1 AND more > 0",
                           -1, &added, NULL) != SQLITE_OK)
        return fail_store(conn);
    sqlite3_bind_int64(added, 1, conn->generation);
    found->added = found->shown = 0;
    found->length = 0;
    while (sqlite3_step(added) == SQLITE_ROW) {
        found->added += sqlite3_column_int64(added, 4);
        show_row(found, added);
    }
    return sqlite3_finalize(added) == SQLITE_OK ? 0 : fail_store(conn);
}

int sqlite_violations_compare(struct dara_conn *conn, struct sqlite_violations *ret_found)
{
    int code = sqlite_violations_read(conn, ret_found);
    if (!code && ret_found->count && conn->violations)
        code = find_added(conn, ret_found);
    return code;
}

int sqlite_violations_keep(struct dara_conn *conn)
{
    return forget(conn, conn->generation++);
}
