/* SPDX-License-Identifier: MIT */
/*
 * All queries of a reading in two round trips: a pipeline of "begin, path, probe, settings, usual queries", and, as soon as the probe has
 * told which rare kinds there are, "their queries, end". The server is busy with the usual ones by then, so that the second trip costs
 * time only where the way is long. Inside a transaction of the caller, a savepoint takes the place of the transaction, and going back to it
 * gives the settings back. What changes under the reading (an object dropped between two functions that look it up) makes it fail and
 * start again; a catalog that the role may not read is left out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "introspect.h"

#define REPEATS  9 /* when objects come and go under the reading: with growing pauses, two seconds in all */
#define ATTEMPTS (POSTGRES_QUERY_COUNT + REPEATS + 1)

/* With pg_catalog alone in the path, every name elsewhere is written qualified, and nothing can stand before a catalog. */
static const char path[] = "SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)";

/* Everything that changes how the server writes expressions and names; for this transaction only, so that nothing leaks through a
 * pooler. */
static const char settings[] =
    "SELECT pg_catalog.set_config('DateStyle', 'ISO, MDY', true), pg_catalog.set_config('IntervalStyle', 'postgres', "
    "true)"
    ", pg_catalog.set_config('TimeZone', 'UTC', true), pg_catalog.set_config('extra_float_digits', '3', true)"
    ", pg_catalog.set_config('bytea_output', 'hex', true), pg_catalog.set_config('quote_all_identifiers', 'off', true)"
    ", pg_catalog.set_config('standard_conforming_strings', 'on', true), pg_catalog.set_config('jit', 'off', true)"
    /* The joins stand in a good order as they are written (planning is half of the time of a small database), and most rows of a
     * catalog are wanted: hash joins, whatever the statistics of the catalogs make of it. */
    ", pg_catalog.set_config('join_collapse_limit', '1', true), pg_catalog.set_config('from_collapse_limit', '1', true)"
    ", pg_catalog.set_config('enable_nestloop', 'off', true), pg_catalog.set_config('enable_mergejoin', 'off', true)";

struct frame {
    const char *begin, *end[2];
    const char *undo; /* after a failure */
};
static const struct frame own_transaction = {
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", {"COMMIT", NULL}, "ROLLBACK"};
static const struct frame inside = {"SAVEPOINT dara_introspect",
                                    {"ROLLBACK TO SAVEPOINT dara_introspect", "RELEASE SAVEPOINT dara_introspect"},
                                    "ROLLBACK TO SAVEPOINT dara_introspect; RELEASE SAVEPOINT dara_introspect"};

/* The text of a query for a version of the server: {150000;A;B} is A or B. The caller frees it; NULL when out of memory. */
static char *for_version(const char *sql, int version)
{
    char *text = malloc(strlen(sql) + 1), *to = text;
    while (text && *sql) {
        if (sql[0] != '{' || sql[1] < '0' || sql[1] > '9') {
            *to++ = *sql++;
            continue;
        }
        char *from = NULL;
        bool first = version >= strtol(sql + 1, &from, 10);
        for (int part = 0; *from && part < 2; part++) {
            size_t length = strcspn(++from, part == 0 ? ";" : "}");
            if (first == (part == 0)) {
                memcpy(to, from, length);
                to += length;
            }
            from += length;
        }
        sql = *from ? from + 1 : from;
    }
    if (text)
        *to = '\0';
    return text;
}

/* ---- one pipeline ---- */

/* What a statement of the pipeline is, where it is not the number of a query. */
enum { CONTROL = -1, PROBE = -2 };

struct line {
    struct dara_conn *conn;
    const struct postgres_query *const *queries;
    struct postgres_fetched *fetched;
    int sent[POSTGRES_QUERY_COUNT + 8]; /* CONTROL, PROBE or the number of a query */
    size_t sent_count, received;
    bool wanted[POSTGRES_QUERY_COUNT]; /* rare kinds that are there, as the probe said */
    PGresult *bad;                     /* the first result that is an error … */
    int bad_query;                     /* … and what it was of */
};

static int send(struct line *line, const char *sql, int what)
{
    line->sent[line->sent_count++] = what;
    return PQsendQueryParams(line->conn->pg, sql, 0, NULL, NULL, NULL, NULL, 0) ? 0 : -1;
}

static int send_version(struct line *line, const char *sql, int what)
{
    char *text = for_version(sql, line->conn->version);
    int failed = text ? send(line, text, what) : -1;
    free(text);
    return failed;
}

/* One row of booleans: for each rare query, whether the database has any of its kind. */
static int send_probe(struct line *line)
{
    size_t length = 16;
    for (size_t i = 0; line->queries[i]; i++)
        length += line->queries[i]->probe ? strlen(line->queries[i]->probe) + 3 : 0;
    char *sql = malloc(length), *at = sql;
    if (!sql)
        return -1;
    at += snprintf(at, length, "SELECT");
    for (size_t i = 0; line->queries[i]; i++)
        if (line->queries[i]->probe)
            at += snprintf(at, length - (size_t)(at - sql), "%s %s", at == sql + 6 ? "" : ",", line->queries[i]->probe);
    int failed = send_version(line, sql, PROBE);
    free(sql);
    return failed || !PQsendFlushRequest(line->conn->pg) ? -1 : 0;
}

static int send_queries(struct line *line, bool rare)
{
    int failed = 0;
    for (int i = 0; !failed && line->queries[i]; i++)
        if (!line->fetched->denied[i] && rare == (line->queries[i]->probe != NULL) && (!rare || line->wanted[i]))
            failed = send_version(line, line->queries[i]->sql, i);
    return failed;
}

/* The result of the next statement of the pipeline, NULL when there is none. The caller clears it. */
static PGresult *next_result(struct dara_conn *conn)
{
    PGresult *result = PQgetResult(conn->pg);
    if (!result)
        return NULL;
    if (PQresultStatus(result) == PGRES_PIPELINE_SYNC)
        return result;
    for (PGresult *more; (more = PQgetResult(conn->pg));)
        PQclear(more);
    return result;
}

static bool is_bad(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_PIPELINE_ABORTED;
}

static void read_probe(struct line *line, const PGresult *result)
{
    int column = 0;
    for (size_t i = 0; line->queries[i]; i++)
        if (line->queries[i]->probe)
            line->wanted[i] = PQntuples(result) == 1 && PQgetvalue(result, 0, column++)[0] == 't';
}

static void take(struct line *line, PGresult *result, int what)
{
    if (is_bad(result) && !line->bad) {
        line->bad = result;
        line->bad_query = what;
        return;
    }
    bool rows = PQresultStatus(result) == PGRES_TUPLES_OK;
    if (rows && what == PROBE)
        read_probe(line, result);
    if (rows && what >= 0)
        line->fetched->results[what] = result;
    else
        PQclear(result);
}

/* Read what was sent, up to the end of the pipeline or, with `probe`, up to the probe's result. */
static void receive(struct line *line, bool probe)
{
    for (PGresult *result; (result = next_result(line->conn));) {
        if (PQresultStatus(result) == PGRES_PIPELINE_SYNC || line->received >= line->sent_count) {
            PQclear(result);
            return;
        }
        int what = line->sent[line->received++];
        take(line, result, what);
        if (PQstatus(line->conn->pg) == CONNECTION_BAD || (probe && what == PROBE))
            return;
    }
}

static int run_line(struct line *line, const struct frame *frame)
{
    int failed = send(line, frame->begin, CONTROL) || send(line, path, CONTROL) || send_probe(line) ||
                 send(line, settings, CONTROL) || send_queries(line, false);
    if (!failed)
        receive(line, true);
    failed = failed || send_queries(line, true) || send(line, frame->end[0], CONTROL) ||
             (frame->end[1] && send(line, frame->end[1], CONTROL)) || !PQpipelineSync(line->conn->pg);
    if (failed)
        return postgres_fail(line->conn, NULL, 0, "reading the schema", NULL);
    receive(line, false);
    return 0;
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

/* One try. 0 with `*ret_bad` NULL: all is there. */
static int attempt(struct dara_conn *conn, const struct frame *frame, const struct postgres_query *const *queries,
                   struct postgres_fetched *fetched, PGresult **ret_bad, int *ret_query)
{
    struct line line = {.conn = conn, .queries = queries, .fetched = fetched};
    if (!PQenterPipelineMode(conn->pg))
        return postgres_fail(conn, NULL, 0, "reading the schema", NULL);
    int code = run_line(&line, frame);
    if (!PQexitPipelineMode(conn->pg) && !code && !line.bad)
        code = postgres_fail(conn, NULL, 0, "reading the schema", NULL);
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
    if (!is_passing(state) || --*left < 0)
        return postgres_fail(conn, bad, 0, "reading the schema", NULL);
    PQclear(bad);
    struct timespec pause = {.tv_nsec = 3000000L << (REPEATS - 1 - *left)};
    nanosleep(&pause, NULL);
    return 0;
}

int postgres_fetch(struct dara_conn *conn, const struct postgres_query *const *queries,
                   struct postgres_fetched *fetched)
{
    const struct frame *frame = PQtransactionStatus(conn->pg) == PQTRANS_IDLE ? &own_transaction : &inside;
    int left = REPEATS, code = 0;
    for (int tries = 0; tries < ATTEMPTS; tries++) {
        PGresult *bad = NULL;
        int query = -1;
        code = attempt(conn, frame, queries, fetched, &bad, &query);
        if (code || !bad)
            break;
        clear_results(fetched);
        code = consider(conn, fetched, bad, query, &left);
        /* Not in a transaction that had failed before: there the savepoint was never made. */
        PGTransactionStatusType now = PQtransactionStatus(conn->pg);
        if (now == PQTRANS_INTRANS || now == PQTRANS_INERROR)
            PQclear(PQexec(conn->pg, frame->undo));
        if (code)
            break;
    }
    if (code)
        postgres_fetched_clear(fetched);
    return code;
}
