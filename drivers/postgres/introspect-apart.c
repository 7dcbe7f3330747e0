/* SPDX-License-Identifier: MIT */
/*
 * Half of a large reading goes over a second connection, that is, through a second process of the server: nearly all the time of a reading
 * is the server's. Both see one snapshot of the database. A thread reads what comes, so that neither process waits for us.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "introspect-line.h"

bool postgres_apart_possible(const struct dara_conn *conn)
{
    return conn->near && !conn->pooled && !conn->alone && (conn->mode == DARA_MODE_READ || conn->row_view);
}

static void *read_share(void *context)
{
    struct postgres_apart *apart = context;
    struct postgres_line *line = &apart->line;
    int failed = postgres_line_send(line, apart->timeouts, POSTGRES_LINE_CONTROL) ||
                 postgres_line_send(line, postgres_line_path, POSTGRES_LINE_CONTROL) ||
                 postgres_line_send(line, postgres_line_settings, POSTGRES_LINE_CONTROL) ||
                 postgres_line_queries(line, POSTGRES_SHARE_APART) ||
                 postgres_line_send(line, "COMMIT", POSTGRES_LINE_CONTROL) || !PQpipelineSync(line->pg);
    if (!failed)
        postgres_line_receive(line, false);
    return NULL;
}

/* Those of the first connection, as a transaction of its own has them there. */
static void write_timeouts(const struct dara_conn *conn, char *sql, size_t size)
{
    snprintf(sql, size,
             "SELECT pg_catalog.set_config('lock_timeout', '%u', true), pg_catalog.set_config('statement_timeout', "
             "'%u', true)%s",
             conn->lock_timeout_ms ? conn->lock_timeout_ms : 1, conn->statement_timeout_ms,
             conn->version >= 140000 ? ", pg_catalog.set_config('client_connection_check_interval', '100', true)" : "");
}

static bool start(struct postgres_apart *apart)
{
    sigset_t all, before;
    /* Signals are the first thread's, which cancels both. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    apart->running = pthread_create(&apart->thread, NULL, read_share, apart) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return apart->running;
}

/* Before the first connection is told to end its transaction: the snapshot is there to be had only as long as that lasts. */
static bool import(PGconn *pg, const char *snapshot)
{
    char sql[160];
    snprintf(sql, sizeof(sql), "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '%s'",
             snapshot);
    PGresult *result = PQexec(pg, sql);
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    return good;
}

bool postgres_apart_begin(struct dara_conn *conn, const struct postgres_line *line, struct postgres_apart *apart)
{
    PGconn *pg = NULL;
    if (!*line->snapshot || strspn(line->snapshot, "0123456789ABCDEFabcdef-") != strlen(line->snapshot))
        return false;
    if (postgres_connect_again(conn->pg, &pg)) {
        dara_error_clear(); /* no more connections for this role: one will do */
        conn->alone = true;
        return false;
    }
    if (!import(pg, line->snapshot)) {
        PQfinish(pg);
        return false;
    }
    apart->line =
        (struct postgres_line){.pg = pg, .version = line->version, .queries = line->queries, .fetched = line->fetched};
    memcpy(apart->line.snapshot, line->snapshot, sizeof(line->snapshot));
    write_timeouts(conn, apart->timeouts, sizeof(apart->timeouts));
    conn->apart_cancel = PQgetCancel(pg);
    if (conn->apart_cancel && PQenterPipelineMode(pg) && start(apart))
        return true;
    postgres_apart_end(conn, apart);
    return false;
}

void postgres_apart_end(struct dara_conn *conn, struct postgres_apart *apart)
{
    if (apart->running)
        pthread_join(apart->thread, NULL);
    /* All that was sent has been answered, or it was not all: the connection was lost. */
    if (apart->running && !apart->line.bad && apart->line.received < apart->line.sent_count) {
        apart->line.bad = PQmakeEmptyPGresult(NULL, PGRES_FATAL_ERROR);
        apart->line.bad_query = POSTGRES_LINE_CONTROL;
    }
    apart->running = false;
    PGcancel *cancel = conn->apart_cancel;
    conn->apart_cancel = NULL;
    PQfreeCancel(cancel);
    PQfinish(apart->line.pg);
    apart->line.pg = NULL;
}
