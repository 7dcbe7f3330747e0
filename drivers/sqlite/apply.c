/* SPDX-License-Identifier: MIT */
/* Transactions, and the foreign keys that a migration may break until its end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"
#include "violations.h"

/* What was counted at the end of the last migration holds for the next one, unless another connection wrote between. */
static int count_before(struct dara_conn *conn)
{
    sqlite3_int64 version = 0;
    int code = sqlite_run_int(conn, "PRAGMA main.data_version", 0, &version);
    if (code || (conn->violations_known && version == conn->data_version))
        return code;
    struct sqlite_violations found;
    code = sqlite_violations_read(conn, &found);
    if (!code)
        code = sqlite_violations_keep(conn);
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

static int fail_violations(const struct dara_conn *conn, const struct sqlite_violations *found)
{
    if (conn->violations)
        dara_error_set(DARA_ESTATEMENT, "foreign keys: %lld new violation%s, besides those there before",
                       (long long)found->added, found->added == 1 ? "" : "s");
    else
        dara_error_set(DARA_ESTATEMENT, "foreign keys: %lld violation%s", (long long)found->added,
                       found->added == 1 ? "" : "s");
    dara_error_detail("%s%s", found->text, found->added > found->shown ? "; …" : "");
    dara_error_hint("give the rows a parent or remove them in the same migration");
    dara_error_native("SQLITE_CONSTRAINT_FOREIGNKEY");
    return DARA_ESTATEMENT;
}

static int validate_deferred(struct dara_conn *conn)
{
    int unresolved = 0, ignored = 0;
    struct sqlite_violations found;
    sqlite3_db_status(conn->db, SQLITE_DBSTATUS_DEFERRED_FKS, &unresolved, &ignored, 0);
    if (!unresolved)
        return 0;
    int code = sqlite_violations_read(conn, &found);
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
    struct sqlite_violations found;
    int code = check_rolled_back(conn);
    if (!code)
        code = validate_deferred(conn);
    if (code || !conn->schema_transaction)
        return code;
    code = sqlite_violations_compare(conn, &found);
    if (code)
        return code;
    conn->violations_now = found.count;
    return found.added > 0 ? fail_violations(conn, &found) : 0;
}

static void end_transaction(struct dara_conn *conn)
{
    conn->in_transaction = false;
    conn->schema_transaction = false;
    conn->foreign_keys_asked = false;
    conn->violations_now = -1;
}

/* A commit into a file that has lost its name would be kept by nobody, and its journal would be taken for another's. */
static int check_place(struct dara_conn *conn)
{
    int moved = 0;
    if (!conn->path || sqlite3_file_control(conn->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) != SQLITE_OK || !moved)
        return 0;
    dara_error_set(DARA_ECONNECT, "'%s' was removed or replaced while it was open", conn->path);
    dara_error_hint("put the file back; never move a database that is in use");
    return DARA_ECONNECT;
}

int sqlite_apply_commit(struct dara_conn *conn)
{
    int code = check_rolled_back(conn);
    if (!code)
        code = check_place(conn);
    if (!code && conn->mode == DARA_MODE_REHEARSE)
        code = dara_error_set(DARA_EINTERNAL, "a rehearsal is never committed");
    if (!code)
        code = sqlite_run(conn, "COMMIT", "cannot commit");
    if (code)
        return code;
    /* After a transaction that was counted at its end the count is known; after any other it is not. */
    conn->violations_known = conn->violations_known && conn->schema_transaction && conn->violations_now >= 0;
    if (conn->violations_known) {
        conn->violations = conn->violations_now;
        if (sqlite_violations_keep(conn)) { /* it is committed: the next begin reads them again */
            dara_error_clear();
            conn->violations_known = false;
        }
    }
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

/* ---- settings of one file ---------------------------------------------------------------------------------------------------- */

/* Only what changes what a statement does. foreign_keys is set by every begin anew, once nobody asks for it. */
int sqlite_apply_reset(struct dara_conn *conn)
{
    static const char settings[] =
        "PRAGMA query_only = OFF; PRAGMA recursive_triggers = OFF; PRAGMA ignore_check_constraints = OFF;"
        "PRAGMA case_sensitive_like = OFF; PRAGMA reverse_unordered_selects = OFF; PRAGMA read_uncommitted = OFF;"
        "PRAGMA full_column_names = OFF; PRAGMA short_column_names = ON; PRAGMA cell_size_check = OFF";
    if (!conn->in_transaction)
        conn->foreign_keys_asked = false;
    if (!conn->settings_made)
        return 0;
    sqlite3_db_config(conn->db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0, NULL);
    sqlite3_db_config(conn->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, conn->trusted_schema, NULL);
    sqlite_open_patience(conn);
    int code = sqlite_run(conn, settings, "cannot take back the settings of the script");
    if (!code && !conn->in_transaction)
        conn->settings_made = false;
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
