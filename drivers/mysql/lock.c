/* SPDX-License-Identifier: MIT */
/*
 * dara's lock: a named lock of the server, which commits leave alone and which ends with the connection. It is tried, not waited for: who
 * waits inside the server cannot be interrupted. Who holds it stands in a table of dara's own, since the server tells only a connection, its user
 * and host. Where a connection's lock is worth nothing the row in that table is the lock: lease.h. The two keep each other out: who has the
 * named lock gives it back where a lease is alive, and who took a lease gives that back where the named lock is held.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "lease.h"
#include "login.h"

#define LONGEST_NAME 59 /* of a database, in a lock's name of 64 characters */

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

/* What the table says of the connection that holds it. */
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

/* `holder` says who has a lease, where it is one. */
static int fail_held(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder)
{
    if (!request->again && !*dara_text_get(holder, NULL))
        read_holder(conn, holder);
    const char *owner = dara_text_get(holder, NULL);
    dara_error_set(DARA_ELOCKED, "the lock on '%s' is held by %s", conn->database, *owner ? owner : "another run");
    dara_error_hint("wait for the other run to end, or wait longer with --lock-timeout");
    return DARA_ELOCKED;
}

/* ---- what a lock is worth here ---------------------------------------------------------------------------------------------------------- */

/* Servers of which each knows its own locks alone, and which all take writes. The variables are there only where such a thing is. */
static bool tells_cluster(const char *name, const char *value)
{
    return strcmp(name, "wsrep_on") == 0 ? strcmp(value, "ON") == 0 : strcmp(value, "OFF") == 0;
}

/* A proxy shows itself by another number than it greeted us with. One that hands its connections round may give the right one now and then:
 * it is asked twice in a row, and wherever the lock is looked for. */
static int look_for_proxy(struct dara_conn *conn)
{
    int code = 0;
    for (unsigned asked = 0; !code && !conn->pooled && asked < 2; asked++) {
        MYSQL_RES *result = NULL;
        code = mysql_rows(conn, "SELECT CONNECTION_ID()", "cannot look for a proxy", &result);
        MYSQL_ROW row = code ? NULL : mysql_fetch_row(result);
        conn->pooled = row && row[0] && !mysql_is_connection(conn, row[0]);
        mysql_free_result(result);
    }
    return code;
}

int mysql_lock_look(struct dara_conn *conn, bool *ret_holds)
{
    static const char sql[] =
        "SHOW VARIABLES WHERE Variable_name IN ('wsrep_on', 'group_replication_single_primary_mode')";
    MYSQL_RES *result = NULL;
    MYSQL_ROW row;
    int code = conn->looked ? 0 : mysql_rows(conn, sql, "cannot ask for a cluster", &result);
    while (result && (row = mysql_fetch_row(result)))
        conn->cluster = conn->cluster || tells_cluster(row[0], row[1] ? row[1] : "");
    mysql_free_result(result);
    if (!code && !conn->looked)
        code = look_for_proxy(conn);
    if (code)
        return code;
    conn->looked = true;
    *ret_holds = !conn->pooled && !conn->cluster && !conn->login->lease;
    return 0;
}

/* ---- the lock of a connection ------------------------------------------------------------------------------------------------------------ */

/* "1": got; "0": somebody has it; "": this is not the connection that we were greeted on. */
static int get_lock(struct dara_conn *conn, bool *ret_got)
{
    char start[96], *got = NULL;
    snprintf(start, sizeof(start), "SELECT IF(CONNECTION_ID() & 4294967295 = %lu, GET_LOCK(",
             mysql_thread_id(conn->mysql) & 0xffffffffUL);
    int code = ask(conn, start, ", 0), NULL)", "cannot lock", &got);
    if (code)
        return code;
    conn->pooled = conn->pooled || !*got;
    *ret_got = strcmp(got, "1") == 0;
    free(got);
    return 0;
}

static int release_lock(struct dara_conn *conn)
{
    char *freed = NULL;
    int code = ask(conn, "SELECT RELEASE_LOCK(", ")", "cannot give the lock back", &freed);
    free(freed);
    return code;
}

/* Leave our name, where nobody's lease is alive. A user who may not write here holds the lock all the same: the others then see connection,
 * user and host alone. */
static int leave_name(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder)
{
    struct mysql_holding seen = {0};
    unsigned long long token = 0;
    int code = mysql_holding_read(conn, &seen);
    if (!code && !seen.owner && conn->mode == DARA_MODE_WRITE) {
        code = mysql_holding_ensure(conn);
        code = code ? code : mysql_holding_read(conn, &seen);
    }
    bool writes = !code && seen.owner && !seen.alive && conn->mode == DARA_MODE_WRITE;
    if (writes)
        code = mysql_holding_take(conn, &seen, request->owner, 0, &token);
    if (seen.alive)
        mysql_holding_describe(&seen, holder);
    bool beaten = seen.alive || (writes && !code && !token);
    mysql_holding_free(&seen);
    if (code && code != DARA_ECONNECT) {
        dara_error_clear();
        code = 0;
    }
    return code ? code : beaten ? DARA_ELOCKED : 0;
}

static int take_connection(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder)
{
    bool got = false;
    int code = get_lock(conn, &got);
    if (code || conn->pooled)
        return code;
    if (!got)
        return fail_held(conn, request, holder);
    code = leave_name(conn, request, holder);
    if (!code)
        return 0;
    if (code == DARA_ELOCKED && !release_lock(conn))
        return fail_held(conn, request, holder);
    return code;
}

/* ---- the lease --------------------------------------------------------------------------------------------------------------------------- */

/* Whether a connection holds the named lock of this server. */
static int is_used(struct dara_conn *conn, bool *ret_used)
{
    char *id = NULL;
    int code = ask(conn, "SELECT IS_USED_LOCK(", ")", "cannot see whether the lock is held", &id);
    if (code)
        return code;
    *ret_used = *id != '\0';
    free(id);
    return 0;
}

static int fail_lease(struct dara_conn *conn, int code)
{
    unsigned number = mysql_errno(conn->mysql);
    if (number == 1142 || number == 1044 || number == 1143)
        dara_error_hint("here the lock is a row in the table " MYSQL_LEASE_TABLE
                        ": have the rights to make and write it granted");
    return code;
}

/* It is ours, unless the named lock turns out to be held: then it goes back. */
static int keep_lease(struct dara_conn *conn, unsigned long long token, long long since_ms, bool *ret_ours)
{
    bool used = false;
    int code = is_used(conn, &used);
    if (!code && !used)
        code = mysql_beat_start(conn, token, conn->login->lease_ms, since_ms);
    *ret_ours = !code && !used;
    return *ret_ours ? 0 : code ? code : mysql_holding_release(conn, token);
}

static int take_rows(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder, bool *ret_ours)
{
    struct mysql_holding seen = {0};
    unsigned long long token = 0;
    const long long since_ms = mysql_beat_now();
    int code = mysql_holding_read(conn, &seen);
    if (!code && !seen.owner && conn->mode == DARA_MODE_WRITE) {
        code = mysql_holding_ensure(conn);
        code = code ? code : mysql_holding_read(conn, &seen);
    }
    if (!code && seen.alive)
        mysql_holding_describe(&seen, holder);
    else if (!code && conn->mode == DARA_MODE_WRITE)
        code = mysql_holding_take(conn, &seen, request->owner, conn->login->lease_ms, &token);
    *ret_ours = !code && !seen.alive && conn->mode != DARA_MODE_WRITE;
    mysql_holding_free(&seen);
    return code || !token ? code : keep_lease(conn, token, since_ms, ret_ours);
}

/* A rehearsal leaves nothing behind, and so takes nothing: it begins where nobody is at it. */
static int take_lease(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder)
{
    bool used = false, ours = false;
    int code = is_used(conn, &used);
    if (!code && !used)
        code = take_rows(conn, request, holder, &ours);
    if (code)
        return fail_lease(conn, code);
    return ours ? 0 : fail_held(conn, request, holder);
}

/* ---- operations -------------------------------------------------------------------------------------------------------------------------- */

int mysql_apply_lock(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder)
{
    bool holds = false;
    if (conn->scratch_database || conn->lock_name)
        return 0; /* a scratch database is nobody else's */
    int code = mysql_lock_look(conn, &holds);
    if (!code && holds) {
        code = take_connection(conn, request, holder);
        holds = !conn->pooled; /* which may have come out only now */
    }
    if (!code && !holds)
        code = take_lease(conn, request, holder);
    if (code || (!holds && !conn->beat))
        return code;
    conn->lock_name = mysql_copy(conn->database);
    if (!conn->lock_name)
        return DARA_EINTERNAL;
    return conn->mode == DARA_MODE_WRITE ? mysql_carried_settle(conn) : 0;
}

int mysql_apply_unlock(struct dara_conn *conn)
{
    if (!conn->lock_name)
        return 0;
    if (conn->carries && mysql_carried_settle(conn))
        dara_error_clear(); /* then they stay where they are: whoever reads the history finds them there */
    free(conn->lock_name);
    conn->lock_name = NULL;
    if (!conn->beat)
        return release_lock(conn);
    unsigned long long token = mysql_beat_token(conn->beat);
    conn->beat = mysql_beat_stop(conn->beat);
    return mysql_holding_release(conn, token);
}

void mysql_lock_condition(struct dara_conn *conn, struct mysql_buffer *sql, const char *before)
{
    if (!conn->lock_name)
        return;
    mysql_buffer_add(sql, before);
    if (conn->beat) {
        mysql_buffer_format(sql, "EXISTS (SELECT * FROM " MYSQL_LEASE_TABLE " WHERE name = 'lock' AND token = %llu)",
                            mysql_beat_token(conn->beat));
        return;
    }
    mysql_buffer_format(sql, "CONNECTION_ID() & 4294967295 = %lu AND IS_USED_LOCK(",
                        mysql_thread_id(conn->mysql) & 0xffffffffUL);
    add_name(conn, sql);
    mysql_buffer_add(sql, ") = CONNECTION_ID()");
}

/* The server frees the lock when the connection ends, and that is noticed by the next statement; a statement of a file may have freed it,
 * too, or a proxy may have given the connection to somebody else. */
int mysql_lock_check(struct dara_conn *conn)
{
    struct mysql_buffer sql = {0};
    MYSQL_RES *result = NULL;
    if (!conn->lock_name || conn->beat)
        return mysql_fence_check(conn);
    mysql_buffer_add(&sql, "SELECT 1 FROM DUAL");
    mysql_lock_condition(conn, &sql, " WHERE ");
    int code = mysql_buffer_rows(conn, &sql, "cannot see whether the lock is held", &result);
    if (code)
        return code;
    bool ours = mysql_fetch_row(result) != NULL;
    mysql_free_result(result);
    return ours ? 0 : mysql_lease_lost(conn);
}
