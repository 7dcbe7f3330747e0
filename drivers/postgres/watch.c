/* SPDX-License-Identifier: MIT */
/* For whom a statement waits, and how far the building of an index is: asked on a second connection, since the first one is waiting. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "observe.h"

/* After how long it is asked for the first time, and how seldom it becomes. */
#define FIRST_MS 1000
#define LAST_MS  10000

/* object, mode | process, user, application, state, since */
static const char blockers_sql[] =
    "SELECT (SELECT coalesce(n.nspname || '.' || c.relname, l.locktype) FROM pg_catalog.pg_locks l"
    " LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation LEFT JOIN pg_catalog.pg_namespace n ON n.oid = "
    "c.relnamespace"
    " WHERE l.pid = $1::pg_catalog.int4 AND NOT l.granted LIMIT 1),"
    " (SELECT l.mode FROM pg_catalog.pg_locks l WHERE l.pid = $1::pg_catalog.int4 AND NOT l.granted LIMIT 1), "
    "b.pid," POSTGRES_OTHER_COLUMNS
    " FROM (SELECT DISTINCT pid FROM unnest(pg_catalog.pg_blocking_pids($1::pg_catalog.int4)) AS u(pid)) AS b"
    " LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid ORDER BY a.xact_start NULLS LAST, b.pid LIMIT 20";

static long long now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Whether there is an answer, or nothing more to wait for, within so long. */
static bool answered(PGconn *pg, long long until)
{
    struct pollfd wait = {.fd = PQsocket(pg), .events = POLLIN};
    while (PQisBusy(pg)) {
        long long left = until - now_ms();
        if (left <= 0)
            return false;
        if (poll(&wait, 1, (int)left) < 0 && errno != EINTR)
            return true;
        if (wait.revents && !PQconsumeInput(pg))
            return true;
        wait.revents = 0;
    }
    return true;
}

static bool connect_second(struct dara_conn *conn)
{
    if (conn->watch && PQstatus(conn->watch) == CONNECTION_OK)
        return true;
    postgres_watch_end(conn);
    if (conn->watch_refused || postgres_connect_again(conn->pg, &conn->watch)) {
        /* It would be asked in vain each time; the statement itself will tell that it waited. */
        dara_error_clear();
        conn->watch_refused = true;
        return false;
    }
    return true;
}

/* words | done, total of what the phase counts */
static const char progress_sql[] =
    "SELECT pg_catalog.concat('index ', coalesce(nullif(p.index_relid, 0)::pg_catalog.regclass::text,"
    " 'on ' || p.relid::pg_catalog.regclass::text), ': ', p.phase),"
    " CASE WHEN p.lockers_total > 0 AND p.phase LIKE 'waiting%' THEN p.lockers_done"
    " WHEN p.tuples_total > 0 THEN p.tuples_done ELSE p.blocks_done END,"
    " CASE WHEN p.lockers_total > 0 AND p.phase LIKE 'waiting%' THEN p.lockers_total"
    " WHEN p.tuples_total > 0 THEN p.tuples_total ELSE p.blocks_total END"
    " FROM pg_catalog.pg_stat_progress_create_index p WHERE p.pid = $1::pg_catalog.int4";

/* Whether there is any to tell. */
static bool tell_progress(struct dara_conn *conn, const char *const *values, struct dara_result *reader)
{
    PGresult *result = postgres_ask(conn->watch, progress_sql, 1, values);
    bool builds = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
    if (builds)
        dara_result_progress(reader, PQgetvalue(result, 0, 0), strtoull(PQgetvalue(result, 0, 1), NULL, 10),
                             strtoull(PQgetvalue(result, 0, 2), NULL, 10));
    PQclear(result);
    return builds;
}

/* Whether it is worth asking again soon. */
static bool ask(struct dara_conn *conn, struct dara_result *reader)
{
    char process[16];
    struct dara_other other;
    const char *const values[] = {process};
    snprintf(process, sizeof(process), "%d", conn->backend ? conn->backend : PQbackendPID(conn->pg));
    if (!connect_second(conn))
        return false;
    PGresult *result = postgres_ask(conn->watch, blockers_sql, 1, values);
    for (int i = 0; PQresultStatus(result) == PGRES_TUPLES_OK && i < PQntuples(result); i++) {
        int mode = postgres_lock_mode(PQgetvalue(result, i, 1));
        postgres_watch_read(result, i, 2, &other);
        dara_result_waits(reader, &other, PQgetisnull(result, i, 0) ? NULL : PQgetvalue(result, i, 0),
                          mode >= 0 ? postgres_lock_name(mode) : NULL);
    }
    PQclear(result);
    return tell_progress(conn, values, reader);
}

/* A wait that the server ends by itself is looked at before it does. */
static long long first_ms(const struct dara_conn *conn)
{
    unsigned half = (conn->in_transaction ? conn->lock_step_ms : conn->lock_timeout_ms) / 2;
    return half < FIRST_MS ? half : FIRST_MS;
}

void postgres_watch(struct dara_conn *conn, struct dara_result *reader)
{
    if (conn->mode == DARA_MODE_READ || conn->scratch_database || (conn->pooled && !conn->in_transaction))
        return; /* nobody waits for it, or its process is not known */
    long long step = first_ms(conn);
    while (!answered(conn->pg, now_ms() + step)) {
        bool soon = ask(conn, reader);
        step = soon || step < FIRST_MS ? FIRST_MS : step * 2 < LAST_MS ? step * 2 : LAST_MS;
    }
}

void postgres_watch_end(struct dara_conn *conn)
{
    PQfinish(conn->watch);
    conn->watch = NULL;
}
