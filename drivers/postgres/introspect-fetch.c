/* SPDX-License-Identifier: MIT */
/*
 * All queries of a reading in two round trips: a pipeline of "begin, path, probe, settings, usual queries", and, as soon as the probe has
 * told which rare kinds there are, "their queries, end". The server is busy with the usual ones by then, so that the second trip costs
 * time only where the way is long. Inside a transaction of the caller, a savepoint takes the place of the transaction, and going back to it
 * gives the settings back. What changes under the reading (an object dropped between two functions that look it up) makes it fail and
 * start again; a catalog that the role may not read is left out.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "introspect-line.h"

#define REPEATS  25 /* when objects come and go under the reading: two seconds of pauses in all */
#define GROWING  5  /* pauses; the chance of the next try is no better for a longer one */
#define ATTEMPTS (POSTGRES_QUERY_COUNT + REPEATS + 1)

/* With pg_catalog alone in the path, every name elsewhere is written qualified, and nothing can stand before a catalog. */
const char postgres_line_path[] = "SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true), "
                                  "pg_catalog.set_config('jit', 'off', true)";

/* Everything that changes how the server writes expressions and names; for this transaction only, so that nothing leaks through a
 * pooler. */
const char postgres_line_settings[] =
    "SELECT pg_catalog.set_config('DateStyle', 'ISO, MDY', true), pg_catalog.set_config('IntervalStyle', 'postgres', "
    "true)"
    ", pg_catalog.set_config('TimeZone', 'UTC', true), pg_catalog.set_config('extra_float_digits', '3', true)"
    ", pg_catalog.set_config('bytea_output', 'hex', true), pg_catalog.set_config('quote_all_identifiers', 'off', true)"
    ", pg_catalog.set_config('standard_conforming_strings', 'on', true)"
    /* The joins stand in a good order as they are written (planning is half of the time of a small database), and most rows of a
     * catalog are wanted: hash joins, whatever the statistics of the catalogs make of it. */
    ", pg_catalog.set_config('join_collapse_limit', '1', true), pg_catalog.set_config('from_collapse_limit', '1', true)"
    ", pg_catalog.set_config('enable_nestloop', 'off', true), pg_catalog.set_config('enable_mergejoin', 'off', true)"
    /* So that they are in memory for ten thousand tables, too. */
    ", pg_catalog.set_config('work_mem', '64MB', true)";

struct frame {
    const char *begin, *end[2];
    const char *undo; /* after a failure */
};
static const struct frame own_transaction = {
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", {"COMMIT", NULL}, "ROLLBACK"};
static const struct frame inside = {"SAVEPOINT dara_introspect",
                                    {"ROLLBACK TO SAVEPOINT dara_introspect", "RELEASE SAVEPOINT dara_introspect"},
                                    "ROLLBACK TO SAVEPOINT dara_introspect; RELEASE SAVEPOINT dara_introspect"};

/* Up to the probe. A snapshot cannot be exported from within a savepoint. */
static int begin(struct postgres_line *line, const struct frame *frame, bool export)
{
    static const char export_sql[] = "SELECT pg_catalog.pg_export_snapshot()";
    int failed = export && frame == &inside && postgres_line_send(line, export_sql, POSTGRES_LINE_EXPORT);
    failed = failed || postgres_line_send(line, frame->begin, POSTGRES_LINE_CONTROL) ||
             (export && frame != &inside && postgres_line_send(line, export_sql, POSTGRES_LINE_EXPORT));
    return failed || postgres_line_send(line, postgres_line_path, POSTGRES_LINE_CONTROL) || postgres_line_probe(line) ||
                   postgres_line_send(line, postgres_line_settings, POSTGRES_LINE_CONTROL)
               ? -1
               : 0;
}

/* With `apart` NULL the usual queries do not wait for the probe: the way may be long. */
static int run_line(struct dara_conn *conn, struct postgres_line *line, const struct frame *frame,
                    struct postgres_apart *apart)
{
    int failed = begin(line, frame, apart != NULL);
    if (!failed && !apart)
        failed = postgres_line_queries(line, POSTGRES_SHARE_USUAL | POSTGRES_SHARE_APART);
    if (!failed)
        postgres_line_receive(line, true);
    if (!failed && apart) {
        failed = postgres_line_queries(line, POSTGRES_SHARE_USUAL) || !PQsendFlushRequest(line->pg);
        if (!failed && (!line->large || line->bad || !postgres_apart_begin(conn, line, apart)))
            failed = postgres_line_queries(line, POSTGRES_SHARE_APART);
    }
    failed = failed || postgres_line_queries(line, POSTGRES_SHARE_RARE) ||
             postgres_line_send(line, frame->end[0], POSTGRES_LINE_CONTROL) ||
             (frame->end[1] && postgres_line_send(line, frame->end[1], POSTGRES_LINE_CONTROL)) ||
             !PQpipelineSync(line->pg);
    if (!failed)
        postgres_line_receive(line, false);
    if (apart && apart->running)
        postgres_apart_end(conn, apart);
    return failed ? postgres_fail(conn, NULL, 0, "reading the schema", NULL) : 0;
}

/* ---- trying ---- */

static void clear_results(struct postgres_fetched *fetched)
{
    for (size_t i = 0; i < POSTGRES_QUERY_COUNT; i++) {
        PQclear(fetched->results[i]);
        fetched->results[i] = NULL;
    }
}

void postgres_fetched_clear(struct postgres_fetched *fetched)
{
    clear_results(fetched);
    for (size_t i = 0; i < POSTGRES_QUERY_COUNT; i++) {
        free(fetched->denied[i]);
        fetched->denied[i] = NULL;
    }
}

/* One try. 0 with `*ret_bad` NULL and not `*ret_again`: all is there. */
static int attempt(struct dara_conn *conn, const struct frame *frame, const struct postgres_query *const *queries,
                   struct postgres_fetched *fetched, PGresult **ret_bad, int *ret_query, bool *ret_again)
{
    struct postgres_line line = {.pg = conn->pg, .version = conn->version, .queries = queries, .fetched = fetched};
    struct postgres_apart apart = {0};
    if (!PQenterPipelineMode(conn->pg))
        return postgres_fail(conn, NULL, 0, "reading the schema", NULL);
    int code = run_line(conn, &line, frame, postgres_apart_possible(conn) ? &apart : NULL);
    if (!PQexitPipelineMode(conn->pg) && !code && !line.bad)
        code = postgres_fail(conn, NULL, 0, "reading the schema", NULL);
    if (!code && !line.bad && apart.line.bad && apart.line.bad_query < 0) {
        conn->alone = *ret_again = true; /* not what was asked, but the second connection went wrong */
    } else if (!line.bad && apart.line.bad) {
        line.bad = apart.line.bad;
        line.bad_query = apart.line.bad_query;
        apart.line.bad = NULL;
    }
    PQclear(apart.line.bad);
    if (code)
        PQclear(line.bad);
    *ret_bad = code ? NULL : line.bad;
    *ret_query = line.bad_query;
    return code;
}

/* Whether an error comes from what another session did meanwhile: an object named by an oid that is gone, or a conflict. */
static bool is_passing(const char *state)
{
    static const char *const states[] = {"XX000", "42P01", "42703", "42704", "42883", "3F000", "40001", "40P01"};
    for (size_t i = 0; state && i < sizeof(states) / sizeof(states[0]); i++)
        if (strcmp(state, states[i]) == 0)
            return true;
    return false;
}

/* What to do about a result that is bad: 0 = try again. Clears it. */
static int consider(struct dara_conn *conn, struct postgres_fetched *fetched, PGresult *bad, int query, int *left)
{
    const char *state = PQresultErrorField(bad, PG_DIAG_SQLSTATE);
    if (state && strcmp(state, "42501") == 0 && query >= 0) {
        const char *why = PQresultErrorField(bad, PG_DIAG_MESSAGE_PRIMARY);
        fetched->denied[query] = strdup(why ? why : "permission denied");
        PQclear(bad);
        return fetched->denied[query] ? 0 : dara_error_set(DARA_EINTERNAL, "out of memory");
    }
    bool passing = is_passing(state);
    if (!passing || --*left < 0) {
        int code = postgres_fail(conn, bad, 0, "reading the schema", NULL);
        if (passing)
            dara_error_hint("other sessions change the schema all the time: run it again when they are done");
        return code;
    }
    PQclear(bad);
    int tried = REPEATS - 1 - *left;
    struct timespec pause = {.tv_nsec = 3000000L << (tried < GROWING ? tried : GROWING)};
    nanosleep(&pause, NULL);
    return 0;
}

/* A view of one moment stays what it is: what is gone since would make every try fail. Nothing was read in it yet, so it may as well be of a
 * later moment. Not in a transaction that had failed before: there the savepoint was never made. */
static int start_over(struct dara_conn *conn, const struct frame *frame)
{
    PGTransactionStatusType now = PQtransactionStatus(conn->pg);
    if (now != PQTRANS_INTRANS && now != PQTRANS_INERROR)
        return 0;
    if (frame != &inside || !conn->row_view || conn->row_view_used) {
        PQclear(PQexec(conn->pg, frame->undo));
        return 0;
    }
    PQclear(PQexec(conn->pg, "ROLLBACK"));
    return postgres_apply_begin(conn, DARA_BEGIN_READ);
}

int postgres_fetch(struct dara_conn *conn, const struct postgres_query *const *queries,
                   struct postgres_fetched *fetched)
{
    const struct frame *frame = PQtransactionStatus(conn->pg) == PQTRANS_IDLE ? &own_transaction : &inside;
    int left = REPEATS, code = 0;
    for (int tries = 0; tries < ATTEMPTS; tries++) {
        PGresult *bad = NULL;
        int query = -1;
        bool again = false;
        code = attempt(conn, frame, queries, fetched, &bad, &query, &again);
        if (code || (!bad && !again))
            break;
        clear_results(fetched);
        if (bad)
            code = consider(conn, fetched, bad, query, &left);
        int undone = start_over(conn, frame);
        code = code ? code : undone;
        if (code)
            break;
    }
    if (code)
        postgres_fetched_clear(fetched);
    conn->row_view_used = true;
    return code;
}
