/* SPDX-License-Identifier: MIT */
/* Transactions, and the foreign keys that a migration may break until its end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"

#define SHOWN_VIOLATIONS 5

/* ---- counting violations ----------------------------------------------------------------------------------------------- */

struct violations {
    sqlite3_int64 count;
    int shown;
    size_t length;
    char text[1024]; /* the first few, in words */
};

static void show(struct violations *found, const char *text)
{
    if (found->shown == SHOWN_VIOLATIONS || found->length >= sizeof(found->text) - 1)
        return;
    int written = snprintf(found->text + found->length, sizeof(found->text) - found->length, "%s%s",
                           found->shown ? "; " : "", text);
    if (written > 0)
        found->length += (size_t)written;
    found->shown++;
}

static void show_row(struct violations *found, sqlite3_stmt *row)
{
    char text[300];
    const char *table = (const char *)sqlite3_column_text(row, 0), *parent = (const char *)sqlite3_column_text(row, 2);
    if (sqlite3_column_type(row, 1) == SQLITE_NULL)
        snprintf(text, sizeof(text), "a row of table '%s' has no parent in '%s'", table, parent);
    else
        snprintf(text, sizeof(text), "row %lld of table '%s' has no parent in '%s'",
                 (long long)sqlite3_column_int64(row, 1), table, parent);
    show(found, text);
}

/* A table whose foreign key fits no unique key of its parent cannot be checked at all: SQLite reports that as an error. It
 * counts as one violation, so that a migration may neither add one nor be blamed for one that was there. */
static int count_table(struct dara_conn *conn, const char *table, struct violations *found)
{
    sqlite3_stmt *check = NULL;
    if (sqlite3_prepare_v2(conn->db, "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check(?1)", -1, &check,
                           NULL) != SQLITE_OK)
        return sqlite_fail(conn, 0, "cannot check the foreign keys");
    sqlite3_bind_text(check, 1, table, -1, SQLITE_STATIC);
    int result, code = 0;
    while ((result = sqlite3_step(check)) == SQLITE_ROW) {
        found->count++;
        if (found->shown < SHOWN_VIOLATIONS)
            show_row(found, check);
    }
    if (result != SQLITE_DONE) {
        if ((result & 0xff) == SQLITE_ERROR) {
            found->count++;
            show(found, sqlite3_errmsg(conn->db));
        } else {
            code = sqlite_fail(conn, 0, "cannot check the foreign keys");
        }
    }
    sqlite3_finalize(check);
    return code;
}

/* Only tables that declare a foreign key are looked at: where there is none this reads the schema and no row. */
static int count_violations(struct dara_conn *conn, struct violations *ret_found)
{
    sqlite3_stmt *tables = NULL;
    *ret_found = (struct violations){.count = 0};
    if (sqlite3_prepare_v2(conn->db,
                           "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%references%'"
                           " ORDER BY name",
                           -1, &tables, NULL) != SQLITE_OK)
        return sqlite_fail(conn, 0, "cannot check the foreign keys");
    int code = 0;
    while (!code && sqlite3_step(tables) == SQLITE_ROW)
        code = count_table(conn, (const char *)sqlite3_column_text(tables, 0), ret_found);
    if (sqlite3_finalize(tables) != SQLITE_OK && !code)
        code = sqlite_fail(conn, 0, "cannot check the foreign keys");
    return code;
}

/* What was counted at the end of the last migration holds for the next one, unless another connection wrote between. */
static int count_before(struct dara_conn *conn)
{
    sqlite3_int64 version = 0;
    int code = sqlite_run_int(conn, "PRAGMA main.data_version", 0, &version);
    if (code || (conn->violations_known && version == conn->data_version))
        return code;
    struct violations found;
    code = count_violations(conn, &found);
    if (code)
        return code;
    conn->violations = found.count;
    conn->data_version = version;
    conn->violations_known = true;
    return 0;
}

/* ---- begin --------------------------------------------------------------------------------------------------------------- */

/* A migration may leave rows without parents half-way (a rebuild of the parent): its foreign keys are checked once, before
 * the commit. A script that set PRAGMA foreign_keys itself keeps what it set. */
static int set_foreign_keys(struct dara_conn *conn, enum dara_begin_purpose purpose)
{
    if (conn->foreign_keys_asked) {
        sqlite3_int64 on = 0;
        int code = sqlite_run_int(conn, "PRAGMA foreign_keys", 0, &on);
        conn->schema_transaction = purpose == DARA_BEGIN_SCHEMA || !on;
        return code;
    }
    conn->schema_transaction = purpose == DARA_BEGIN_SCHEMA;
    return sqlite_run(conn, purpose == DARA_BEGIN_SCHEMA ? "PRAGMA foreign_keys = OFF" : "PRAGMA foreign_keys = ON",
                      NULL);
}

static int begin_reading(struct dara_conn *conn)
{
    int code = sqlite_run(conn, "BEGIN", "cannot begin");
    if (code)
        return code;
    /* The view of the data is taken by the first read, not by BEGIN. */
    sqlite3_int64 ignored = 0;
    code = sqlite_run_int(conn, "SELECT count(*) FROM sqlite_schema", 0, &ignored);
    if (code)
        sqlite_apply_rollback(conn);
    return code;
}

int sqlite_apply_begin(struct dara_conn *conn, enum dara_begin_purpose purpose)
{
    conn->schema_transaction = false;
    conn->violations_now = -1;
    int code = 0;
    if (purpose == DARA_BEGIN_READ) {
        code = begin_reading(conn);
    } else {
        code = set_foreign_keys(conn, purpose);
        if (!code)
            code = sqlite_run(conn, "BEGIN IMMEDIATE", "cannot begin");
        if (!code && conn->schema_transaction)
            code = count_before(conn);
        if (code)
            sqlite_apply_rollback(conn);
    }
    if (!code)
        conn->in_transaction = true;
    return code;
}

/* ---- end ------------------------------------------------------------------------------------------------------------------ */

static int check_rolled_back(struct dara_conn *conn)
{
    if (!conn->in_transaction || !sqlite3_get_autocommit(conn->db))
        return 0;
    dara_error_set(DARA_ESTATEMENT, "SQLite has rolled the transaction back");
    dara_error_native("SQLITE_ABORT_ROLLBACK");
    return DARA_ESTATEMENT;
}

static int fail_violations(const struct dara_conn *conn, const struct violations *found)
{
    if (conn->violations)
        dara_error_set(DARA_ESTATEMENT, "foreign keys: %lld violations, %lld before", (long long)found->count,
                       (long long)conn->violations);
    else
        dara_error_set(DARA_ESTATEMENT, "foreign keys: %lld violation%s", (long long)found->count,
                       found->count == 1 ? "" : "s");
    dara_error_detail("%s%s", found->text, found->count > found->shown ? "; …" : "");
    dara_error_hint("give the rows a parent or remove them in the same migration");
    dara_error_native("SQLITE_CONSTRAINT_FOREIGNKEY");
    return DARA_ESTATEMENT;
}

static int validate_deferred(struct dara_conn *conn)
{
    int unresolved = 0, ignored = 0;
    struct violations found;
    sqlite3_db_status(conn->db, SQLITE_DBSTATUS_DEFERRED_FKS, &unresolved, &ignored, 0);
    if (!unresolved)
        return 0;
    int code = count_violations(conn, &found);
    if (code)
        return code;
    dara_error_set(DARA_ESTATEMENT, "deferred foreign keys are not satisfied");
    if (found.count)
        dara_error_detail("%s%s", found.text, found.count > found.shown ? "; …" : "");
    dara_error_native("SQLITE_CONSTRAINT_FOREIGNKEY");
    return DARA_ESTATEMENT;
}

int sqlite_apply_validate(struct dara_conn *conn)
{
    struct violations found;
    int code = check_rolled_back(conn);
    if (!code)
        code = validate_deferred(conn);
    if (code || !conn->schema_transaction)
        return code;
    code = count_violations(conn, &found);
    if (code)
        return code;
    conn->violations_now = found.count;
    return found.count > conn->violations ? fail_violations(conn, &found) : 0;
}

static void end_transaction(struct dara_conn *conn)
{
    conn->in_transaction = false;
    conn->schema_transaction = false;
    conn->foreign_keys_asked = false;
    conn->violations_now = -1;
}

int sqlite_apply_commit(struct dara_conn *conn)
{
    int code = check_rolled_back(conn);
    if (!code && conn->mode == DARA_MODE_REHEARSE)
        code = dara_error_set(DARA_EINTERNAL, "a rehearsal is never committed");
    if (!code)
        code = sqlite_run(conn, "COMMIT", "cannot commit");
    if (code)
        return code;
    /* After a transaction that was counted at its end the count is known; after any other it is not. */
    conn->violations_known = conn->violations_known && conn->schema_transaction && conn->violations_now >= 0;
    if (conn->violations_known)
        conn->violations = conn->violations_now;
    end_transaction(conn);
    return 0;
}

int sqlite_apply_rollback(struct dara_conn *conn)
{
    int code = 0;
    /* After an error as grave as a full disk SQLite has done it already. */
    if (!sqlite3_get_autocommit(conn->db))
        code = sqlite_run(conn, "ROLLBACK", "cannot roll back");
    if (!code)
        end_transaction(conn);
    return code;
}

/* ---- savepoints -------------------------------------------------------------------------------------------------------------- */

static int run_named(struct dara_conn *conn, const char *format, const char *name)
{
    int code = check_rolled_back(conn);
    if (code)
        return code;
    char *sql = sqlite3_mprintf(format, name);
    if (!sql)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    code = sqlite_run(conn, sql, NULL);
    sqlite3_free(sql);
    return code;
}

int sqlite_apply_savepoint(struct dara_conn *conn, const char *name)
{
    return run_named(conn, "SAVEPOINT \"%w\"", name);
}

int sqlite_apply_release(struct dara_conn *conn, const char *name)
{
    return run_named(conn, "RELEASE \"%w\"", name);
}

int sqlite_apply_rollback_to(struct dara_conn *conn, const char *name)
{
    return run_named(conn, "ROLLBACK TO \"%w\"", name);
}
