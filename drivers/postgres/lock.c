/* SPDX-License-Identifier: MIT */
/*
 * dara's lock: an advisory lock on a fixed key, which the server keeps for each database by itself. On a direct connection the
 * session holds it. Through a transaction pooler a session is nobody's, so a transaction on a connection of its own holds it: the
 * lock then covers all transactions of the run, and ends with the process as well. It is tried, never waited for: who waits inside
 * the server stands in the way of CREATE INDEX CONCURRENTLY.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pg.h"

#define POLL_NS      50000000L
#define RETAKE_TRIES 200
#define KEY          "1684107873, 1" /* "dara" as a number */

const char postgres_lock_holder_sql[] =
    "SELECT pg_catalog.concat(coalesce(nullif(a.application_name, ''), 'a session'), ' (',"
    " coalesce(a.usename, 'another role'), ' from ', coalesce(pg_catalog.host(a.client_addr), 'this machine'),"
    " ', server process ', l.pid, ', since ', coalesce(pg_catalog.to_char(coalesce(a.xact_start, a.backend_start)"
    " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), 'unknown'), ')'), l.pid"
    " FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.classid = 1684107873 AND l.objid = 1 AND l.objsubid = 2 AND l.granted"
    " AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";

/* Returns the holder's server process, 0 if it is unknown. */
static long read_holder(struct dara_conn *conn, struct dara_text *holder)
{
    PGresult *result;
    long pid = 0;
    if (postgres_query(conn, postgres_lock_holder_sql, 0, NULL, "cannot see who holds the lock", &result)) {
        dara_error_clear();
        return 0;
    }
    if (PQntuples(result) > 0) {
        dara_text_add(holder, PQgetvalue(result, 0, 0));
        pid = strtol(PQgetvalue(result, 0, 1), NULL, 10);
    }
    PQclear(result);
    return pid;
}

static int fail_held(struct dara_conn *conn, struct dara_text *holder)
{
    long pid = holder ? read_holder(conn, holder) : 0;
    const char *owner = holder ? dara_text_get(holder, NULL) : "";
    dara_error_set(DARA_ELOCKED, "the lock on '%s' is held by %s", conn->database, *owner ? owner : "another run");
    if (pid && conn->version <
                   140000) /* such a server does not look whether the client of a running statement is still there */
        dara_error_hint(
            "wait for the other run to end, or wait longer with --lock-timeout; if that run is dead, end what it "
            "left: SELECT pg_terminate_backend(%ld)",
            pid);
    else
        dara_error_hint("wait for the other run to end, or wait longer with --lock-timeout");
    return DARA_ELOCKED;
}

/* ---- one try --------------------------------------------------------------------------------------------------------------------- */

static int try_direct(struct dara_conn *conn, bool *ret_got)
{
    PGresult *result;
    int code = postgres_query(conn, "SELECT pg_catalog.pg_try_advisory_lock(" KEY ")", 0, NULL, "cannot lock", &result);
    if (code)
        return code;
    *ret_got = !strcmp(PQgetvalue(result, 0, 0), "t");
    PQclear(result);
    return 0;
}

static int fail_guard(PGconn *guard)
{
    dara_error_set(DARA_ECONNECT, "cannot lock: the connection that holds the lock failed");
    dara_error_detail("%s", PQerrorMessage(guard));
    return DARA_ECONNECT;
}

/* A run that does not get the lock gives its place at the pooler back while it waits. */
static int try_pooled(struct dara_conn *conn, bool *ret_got)
{
    int code = conn->guard ? 0 : postgres_connect_again(conn->pg, &conn->guard);
    if (code)
        return code;
    PGresult *result =
        PQexec(conn->guard, "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0;"
                            " SELECT pg_catalog.pg_try_advisory_xact_lock(" KEY ")");
    bool good = PQresultStatus(result) == PGRES_TUPLES_OK;
    *ret_got = good && !strcmp(PQgetvalue(result, 0, 0), "t");
    PQclear(result);
    if (good && *ret_got)
        return 0;
    code = good ? 0 : fail_guard(conn->guard);
    PQclear(PQexec(conn->guard, "ROLLBACK"));
    if (code) {
        PQfinish(conn->guard);
        conn->guard = NULL;
    }
    return code;
}

/* ---- operations -------------------------------------------------------------------------------------------------------------------- */

static int take(struct dara_conn *conn, struct dara_text *holder)
{
    bool got = false;
    int code = conn->pooled ? try_pooled(conn, &got) : try_direct(conn, &got);
    conn->lock_held = !code && got;
    return code || got ? code : fail_held(conn, holder);
}

int postgres_apply_lock(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder)
{
    if (conn->scratch_database || conn->lock_held)
        return 0; /* a scratch database is nobody else's */
    int code = take(conn, request->again ? NULL : holder);
    if (code)
        return code;
    free(conn->lock_owner);
    conn->lock_owner = postgres_strdup(request->owner ? request->owner : "");
    return conn->lock_owner ? 0 : DARA_EINTERNAL;
}

int postgres_apply_unlock(struct dara_conn *conn)
{
    int code = 0;
    if (conn->guard) {
        PQclear(PQexec(conn->guard, "ROLLBACK"));
        PQfinish(conn->guard);
        conn->guard = NULL;
    } else if (conn->lock_held && PQstatus(conn->pg) == CONNECTION_OK) {
        code = postgres_run(conn, "SELECT pg_catalog.pg_advisory_unlock(" KEY ")", "cannot give the lock back");
    }
    conn->lock_held = false;
    free(conn->lock_owner);
    conn->lock_owner = NULL;
    return code;
}

int postgres_lock_check(struct dara_conn *conn)
{
    if (!conn->lock_owner)
        return 0;
    if (conn->guard) {
        PGresult *result = PQexec(conn->guard, "SELECT 1");
        bool alive = PQresultStatus(result) == PGRES_TUPLES_OK;
        PQclear(result);
        return alive ? 0 : fail_guard(conn->guard);
    }
    /* A new connection in place of one that was lost: the server may not have noticed yet that its client is gone. */
    const struct timespec nap = {.tv_nsec = POLL_NS};
    int code = conn->lock_held ? 0 : take(conn, NULL);
    for (unsigned tries = 0; code == DARA_ELOCKED && tries < RETAKE_TRIES && !conn->cancelled; tries++) {
        nanosleep(&nap, NULL);
        code = take(conn, NULL);
    }
    return code;
}
