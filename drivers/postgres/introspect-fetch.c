/* SPDX-License-Identifier: MIT */
/*
 * All queries of a reading in one round trip: a pipeline of "begin, settings, queries, end". Inside a transaction of the caller, a
 * savepoint takes the place of the transaction, and going back to it gives the settings back. What changes under the reading (an object
 * dropped between two functions that look it up) makes it fail and start again; a catalog that the role may not read is left out.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "introspect.h"

#define REPEATS  9 /* when objects come and go under the reading: with growing pauses, two seconds in all */
#define ATTEMPTS (POSTGRES_QUERY_COUNT + REPEATS + 1)

/* Everything that changes how the server writes expressions and names; for this transaction only, so that nothing leaks through a
 * pooler. With pg_catalog alone in the path, every other name is qualified. */
static const char settings[] =
    "SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)"
    ", pg_catalog.set_config('DateStyle', 'ISO, MDY', true), pg_catalog.set_config('IntervalStyle', 'postgres', true)"
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

static int send(struct dara_conn *conn, const char *sql)
{
    return PQsendQueryParams(conn->pg, sql, 0, NULL, NULL, NULL, NULL, 0) ? 0 : -1;
}

static int send_all(struct dara_conn *conn, const struct frame *frame, const struct postgres_query *const *queries,
                    const struct postgres_fetched *fetched)
{
    int failed = send(conn, frame->begin) || send(conn, settings);
    for (size_t i = 0; !failed && i < POSTGRES_QUERY_COUNT; i++) {
        if (fetched->denied[i])
            continue;
        char *sql = for_version(queries[i]->sql, conn->version);
        if (!sql)
            return dara_error_set(DARA_EINTERNAL, "out of memory");
        failed = send(conn, sql);
        free(sql);
    }
    failed = failed || send(conn, frame->end[0]) || (frame->end[1] && send(conn, frame->end[1]));
    if (failed || !PQpipelineSync(conn->pg))
        return postgres_fail(conn, NULL, 0, "reading the schema", NULL);
    return 0;
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

/* Read up to the end of the pipeline. The first result that is bad is kept in `*ret_bad`, with the number of its query (or -1). */
static void receive_all(struct dara_conn *conn, struct postgres_fetched *fetched, PGresult **ret_bad, int *ret_query)
{
    int query = -1, before = 2; /* begin and the settings */
    for (PGresult *result; (result = next_result(conn));) {
        if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
            PQclear(result);
            return;
        }
        if (before > 0) {
            before--;
        } else {
            do
                query++;
            while (query < POSTGRES_QUERY_COUNT && fetched->denied[query]);
        }
        if (is_bad(result) && !*ret_bad) {
            *ret_bad = result;
            *ret_query = before > 0 || query >= POSTGRES_QUERY_COUNT ? -1 : query;
        } else if (query >= 0 && query < POSTGRES_QUERY_COUNT && PQresultStatus(result) == PGRES_TUPLES_OK) {
            fetched->results[query] = result;
        } else {
            PQclear(result);
        }
        if (PQstatus(conn->pg) == CONNECTION_BAD)
            return;
    }
}

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
    if (!PQenterPipelineMode(conn->pg))
        return postgres_fail(conn, NULL, 0, "reading the schema", NULL);
    int code = send_all(conn, frame, queries, fetched);
    if (!code)
        receive_all(conn, fetched, ret_bad, ret_query);
    if (!PQexitPipelineMode(conn->pg) && !code && !*ret_bad)
        code = postgres_fail(conn, NULL, 0, "reading the schema", NULL);
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
