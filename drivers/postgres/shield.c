/* SPDX-License-Identifier: MIT */
/*
 * Statements of the driver's own see pg_catalog and nothing else: whoever may create functions or operators in a schema of the search path
 * could make dara call them, with the rights of its role. And they see all rows or fail: a history of which a policy hides rows is none. Both
 * are set in the statement's own round trip and for it alone.
 */
#include "pg.h"

#define SET(name, value) "pg_catalog.set_config('" name "', " value ", true)"
#define CURRENT(name)    "pg_catalog.current_setting('" name "')"

/* What the path is without us is kept for the few statements that want to know: dara.schemas, an array. */
static const char hide_sql[] =
    "SELECT " SET("dara.schemas", "CAST(pg_catalog.current_schemas(false) AS pg_catalog.text)") ", " SET(
        "dara.path",
        CURRENT("search_path")) ", " SET("dara.rows",
                                         CURRENT(
                                             "row_security")) ", " SET("search_path",
                                                                       "'pg_catalog, pg_temp'") ", " SET("row_security",
                                                                                                         "'off'");
static const char show_sql[] =
    "SELECT " SET("search_path", CURRENT("dara.path")) ", " SET("row_security", CURRENT("dara.rows"));

static bool send(PGconn *pg, const char *sql, int count, const char *const *values)
{
    return PQsendQueryParams(pg, sql, count, NULL, values, NULL, NULL, 0) == 1;
}

/* The result of the next statement of the pipeline. */
static PGresult *take(PGconn *pg)
{
    PGresult *result = PQgetResult(pg), *more = result ? PQgetResult(pg) : NULL;
    for (; more; more = PQgetResult(pg))
        PQclear(more);
    return result;
}

/* A connection that was last read row by row still gives the first result so. */
static bool failed(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status != PGRES_TUPLES_OK && status != PGRES_SINGLE_TUPLE && status != PGRES_COMMAND_OK &&
           status != PGRES_EMPTY_QUERY;
}

/* The first that failed tells why the others did. */
static PGresult *take_all(PGconn *pg, bool inside)
{
    PGresult *hidden = take(pg), *result = take(pg), *shown = inside ? take(pg) : NULL;
    if (failed(hidden)) {
        PQclear(result);
        PQclear(shown);
        return hidden;
    }
    PQclear(hidden);
    if (inside && !failed(result) && failed(shown)) {
        PQclear(result);
        return shown;
    }
    PQclear(shown);
    return result;
}

bool postgres_send_hide(PGconn *pg)
{
    return send(pg, hide_sql, 0, NULL);
}

bool postgres_send_show(PGconn *pg, bool inside)
{
    /* Outside a transaction the pipeline is one, and what is local to it ends with it. */
    return !inside || send(pg, show_sql, 0, NULL);
}

PGresult *postgres_ask(PGconn *pg, const char *sql, int count, const char *const *values)
{
    PGTransactionStatusType state = PQtransactionStatus(pg);
    bool inside = state == PQTRANS_INTRANS;
    if ((!inside && state != PQTRANS_IDLE) || !PQenterPipelineMode(pg))
        return PQexecParams(pg, sql, count, NULL, values, NULL, NULL, 0);
    PGresult *result = NULL, *end;
    if (postgres_send_hide(pg) && send(pg, sql, count, values) && postgres_send_show(pg, inside) && PQpipelineSync(pg))
        result = take_all(pg, inside);
    while ((end = PQgetResult(pg)) && PQresultStatus(end) != PGRES_PIPELINE_SYNC && PQstatus(pg) == CONNECTION_OK)
        PQclear(end);
    PQclear(end);
    PQexitPipelineMode(pg);
    return result;
}
