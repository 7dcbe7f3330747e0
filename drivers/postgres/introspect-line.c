/* SPDX-License-Identifier: MIT */
/* One pipeline of queries: what is sent, and whose result comes next. */
#include "introspect-line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of pg_class; a table with its key and an index takes about a kilobyte. */
#define LARGE 400000

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

int postgres_line_send(struct postgres_line *line, const char *sql, int what)
{
    line->sent[line->sent_count++] = what;
    return PQsendQueryParams(line->pg, sql, 0, NULL, NULL, NULL, NULL, 0) ? 0 : -1;
}

static int send_version(struct postgres_line *line, const char *sql, int what)
{
    char *text = for_version(sql, line->version);
    int failed = text ? postgres_line_send(line, text, what) : -1;
    free(text);
    return failed;
}

int postgres_line_probe(struct postgres_line *line)
{
    size_t length = 80;
    for (size_t i = 0; line->queries[i]; i++)
        length += line->queries[i]->probe ? strlen(line->queries[i]->probe) + 3 : 0;
    char *sql = malloc(length), *at = sql;
    if (!sql)
        return -1;
    at += snprintf(at, length, "SELECT");
    for (size_t i = 0; line->queries[i]; i++)
        if (line->queries[i]->probe)
            at += snprintf(at, length - (size_t)(at - sql), "%s %s", at == sql + 6 ? "" : ",", line->queries[i]->probe);
    snprintf(at, length - (size_t)(at - sql), ", pg_relation_size('pg_class') > %d", LARGE);
    int failed = send_version(line, sql, POSTGRES_LINE_PROBE);
    free(sql);
    return failed || !PQsendFlushRequest(line->pg) ? -1 : 0;
}

/* What a second connection may take: about half of the server's work. The server looks up each table once for all expressions on it, in
 * each process: what has those is together. */
static bool is_apart(const struct postgres_query *query)
{
    static const struct postgres_query *const apart[] = {
        &postgres_query_constraint, &postgres_query_index,  &postgres_query_policy,
        &postgres_query_trigger,    &postgres_query_depend, &postgres_query_unrepresented,
    };
    for (size_t i = 0; i < sizeof(apart) / sizeof(apart[0]); i++)
        if (query == apart[i])
            return true;
    return false;
}

int postgres_line_queries(struct postgres_line *line, unsigned shares)
{
    int failed = 0;
    for (int i = 0; !failed && line->queries[i]; i++) {
        unsigned share = line->queries[i]->probe      ? POSTGRES_SHARE_RARE
                         : is_apart(line->queries[i]) ? POSTGRES_SHARE_APART
                                                      : POSTGRES_SHARE_USUAL;
        bool wanted = share != POSTGRES_SHARE_RARE || line->wanted[i];
        if ((shares & share) && wanted && !line->fetched->denied[i])
            failed = send_version(line, line->queries[i]->sql, i);
    }
    return failed;
}

/* The result of the next statement of the pipeline, NULL when there is none. The caller clears it. */
static PGresult *next_result(PGconn *pg)
{
    PGresult *result = PQgetResult(pg);
    if (!result)
        return NULL;
    if (PQresultStatus(result) == PGRES_PIPELINE_SYNC)
        return result;
    for (PGresult *more; (more = PQgetResult(pg));)
        PQclear(more);
    return result;
}

static bool is_bad(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_PIPELINE_ABORTED;
}

static void read_probe(struct postgres_line *line, const PGresult *result)
{
    int column = 0;
    if (PQntuples(result) != 1)
        return;
    for (size_t i = 0; line->queries[i]; i++)
        if (line->queries[i]->probe)
            line->wanted[i] = PQgetvalue(result, 0, column++)[0] == 't';
    line->large = PQgetvalue(result, 0, column)[0] == 't';
}

static void take(struct postgres_line *line, PGresult *result, int what)
{
    if (is_bad(result) && !line->bad) {
        line->bad = result;
        line->bad_query = what;
        return;
    }
    bool rows = PQresultStatus(result) == PGRES_TUPLES_OK;
    if (rows && what == POSTGRES_LINE_PROBE)
        read_probe(line, result);
    if (rows && what == POSTGRES_LINE_EXPORT && PQntuples(result) == 1)
        snprintf(line->snapshot, sizeof(line->snapshot), "%s", PQgetvalue(result, 0, 0));
    if (rows && what >= 0)
        line->fetched->results[what] = result;
    else
        PQclear(result);
}

void postgres_line_receive(struct postgres_line *line, bool probe)
{
    for (PGresult *result; (result = next_result(line->pg));) {
        if (PQresultStatus(result) == PGRES_PIPELINE_SYNC || line->received >= line->sent_count) {
            PQclear(result);
            return;
        }
        int what = line->sent[line->received++];
        take(line, result, what);
        if (PQstatus(line->pg) == CONNECTION_BAD || (probe && what == POSTGRES_LINE_PROBE))
            return;
    }
}
