/* SPDX-License-Identifier: MIT */
/*
 * dara's lock: a named lock of the server, which commits leave alone and which ends with the connection. It is tried, not waited for: who
 * waits inside the server cannot be interrupted. Who holds it stands in a table of dara's own, since the server tells only a connection, its user and host.
 */
#include <stdlib.h>
#include <string.h>

#include "apply.h"

#define LONGEST_NAME 59 /* of a database, in a lock's name of 64 characters */

static const struct mysql_own_table table = {
    .name = MYSQL_LEASE_TABLE,
    .columns = "  name varchar(32) NOT NULL,\n"
               "  owner text NOT NULL,\n"
               "  connection bigint unsigned NOT NULL,\n"
               "  token varchar(64) NOT NULL,\n"
               "  renewed_at datetime(6) NOT NULL,\n"
               "  lease_ms int unsigned NOT NULL,\n"
               "  PRIMARY KEY (name)",
    .count = 6,
};

/* The lock's name as an expression. */
static void add_name(struct dara_conn *conn, struct mysql_buffer *sql)
{
    mysql_buffer_add(sql, "CONCAT('dara:', IF(CHAR_LENGTH(");
    mysql_value_add(conn, sql, conn->database);
    mysql_buffer_format(sql, ") > %d, SHA2(", LONGEST_NAME);
    mysql_value_add(conn, sql, conn->database);
    mysql_buffer_add(sql, ", 224), ");
    mysql_value_add(conn, sql, conn->database);
    mysql_buffer_add(sql, "))");
}

/* One query with one value; "" where it is NULL or there is no row. free(). */
static int ask(struct dara_conn *conn, const char *before, const char *after, const char *doing, char **ret_value)
{
    struct mysql_buffer sql = {0};
    MYSQL_RES *result = NULL;
    mysql_buffer_add(&sql, before);
    add_name(conn, &sql);
    mysql_buffer_add(&sql, after);
    int code = mysql_buffer_rows(conn, &sql, doing, &result);
    if (code)
        return code;
    MYSQL_ROW row = mysql_fetch_row(result);
    char *value = mysql_copy(row && row[0] ? row[0] : "");
    mysql_free_result(result);
    if (!value)
        return DARA_EINTERNAL;
    *ret_value = value;
    return 0;
}

/* ---- who holds it ------------------------------------------------------------------------------------------------------------------- */

/* What the table says of the connection that holds it; "" when it says nothing. */
static void read_owner(struct dara_conn *conn, unsigned long long id, struct dara_text *holder)
{
    struct mysql_buffer sql = {0};
    MYSQL_RES *result = NULL;
    mysql_buffer_format(&sql, "SELECT owner FROM " MYSQL_LEASE_TABLE " WHERE name = 'lock' AND connection = %llu", id);
    int code = mysql_buffer_check(&sql);
    code = code ? code : mysql_own_table_rows(conn, mysql_buffer_get(&sql), "cannot see who holds the lock", &result);
    mysql_buffer_free(&sql);
    MYSQL_ROW row = result ? mysql_fetch_row(result) : NULL;
    dara_text_add(holder, row && row[0] ? row[0] : "another run");
    mysql_free_result(result);
    if (code)
        dara_error_clear(); /* what is told then is less, and true */
}

static void read_session(struct dara_conn *conn, unsigned long long id, struct dara_text *holder)
{
    struct mysql_buffer sql = {0};
    MYSQL_RES *result = NULL;
    mysql_buffer_format(&sql, "SELECT USER, HOST FROM information_schema.PROCESSLIST WHERE ID = %llu", id);
    int code = mysql_buffer_rows(conn, &sql, "cannot see who holds the lock", &result);
    MYSQL_ROW row = result ? mysql_fetch_row(result) : NULL;
    dara_text_format(holder, " (connection %llu", id);
    if (row)
        dara_text_format(holder, " of '%s' from '%s'", row[0] ? row[0] : "", row[1] ? row[1] : "");
    dara_text_add(holder, ")");
    mysql_free_result(result);
    if (code)
        dara_error_clear(); /* other users' sessions are not everybody's to see */
}

static void read_holder(struct dara_conn *conn, struct dara_text *holder)
{
    char *value = NULL;
    if (ask(conn, "SELECT IS_USED_LOCK(", ")", "cannot see who holds the lock", &value)) {
        dara_error_clear();
        return;
    }
    if (*value) {
        unsigned long long id = strtoull(value, NULL, 10);
        read_owner(conn, id, holder);
        read_session(conn, id, holder);
    }
    free(value);
}

static int fail_held(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder)
{
    if (!request->again)
        read_holder(conn, holder);
    const char *owner = dara_text_get(holder, NULL);
    dara_error_set(DARA_ELOCKED, "the lock on '%s' is held by %s", conn->database, *owner ? owner : "another run");
    dara_error_hint("wait for the other run to end, or wait longer with --lock-timeout");
    return DARA_ELOCKED;
}

/* ---- operations ---------------------------------------------------------------------------------------------------------------------- */

/* A user who may not write here holds the lock all the same: the others then see connection, user and host alone. */
static void leave_name(struct dara_conn *conn, const char *owner)
{
    struct mysql_buffer sql = {0};
    if (conn->mode != DARA_MODE_WRITE || mysql_own_table_ensure(conn, &table)) {
        dara_error_clear();
        return;
    }
    mysql_buffer_add(&sql, "REPLACE INTO " MYSQL_LEASE_TABLE " VALUES ('lock', ");
    mysql_value_add(conn, &sql, owner ? owner : "");
    mysql_buffer_add(&sql, ", CONNECTION_ID(), '', UTC_TIMESTAMP(6), 0)");
    if (mysql_buffer_run(conn, &sql, "cannot write who holds the lock"))
        dara_error_clear();
}

static int take(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder)
{
    char *got = NULL;
    int code = ask(conn, "SELECT GET_LOCK(", ", 0)", "cannot lock", &got);
    if (code)
        return code;
    bool held = strcmp(got, "1") == 0;
    free(got);
    return held ? 0 : fail_held(conn, request, holder);
}

int mysql_apply_lock(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder)
{
    if (conn->scratch_database || conn->lock_name)
        return 0; /* a scratch database is nobody else's */
    int code = take(conn, request, holder);
    if (code)
        return code;
    conn->lock_name = mysql_copy(conn->database);
    if (!conn->lock_name)
        return DARA_EINTERNAL;
    leave_name(conn, request->owner);
    return conn->mode == DARA_MODE_WRITE ? mysql_carried_settle(conn) : 0;
}

int mysql_apply_unlock(struct dara_conn *conn)
{
    char *freed = NULL;
    if (!conn->lock_name)
        return 0;
    if (conn->carries && mysql_carried_settle(conn))
        dara_error_clear(); /* then they stay where they are: whoever reads the history finds them there */
    free(conn->lock_name);
    conn->lock_name = NULL;
    int code = ask(conn, "SELECT RELEASE_LOCK(", ")", "cannot give the lock back", &freed);
    free(freed);
    return code;
}

void mysql_lock_condition(struct dara_conn *conn, struct mysql_buffer *sql, const char *before)
{
    if (!conn->lock_name)
        return;
    mysql_buffer_add(sql, before);
    mysql_buffer_add(sql, "IS_USED_LOCK(");
    add_name(conn, sql);
    mysql_buffer_add(sql, ") = CONNECTION_ID()");
}

/* The server frees the lock when the connection ends, and that is noticed by the next statement; a statement of a file may have freed it,
 * too, or a proxy may have given the connection to somebody else. */
int mysql_lock_check(struct dara_conn *conn)
{
    char *held = NULL;
    if (!conn->lock_name)
        return 0;
    int code = ask(conn, "SELECT IS_USED_LOCK(", ") = CONNECTION_ID()", "cannot see whether the lock is held", &held);
    bool ours = !code && strcmp(held, "1") == 0;
    free(held);
    if (code || ours)
        return code;
    dara_error_set(DARA_ELOCKED, "the lock on '%s' was lost on the way: another run may have begun", conn->database);
    dara_error_hint("see 'dara status', then run the command again");
    return DARA_ELOCKED;
}
