/* SPDX-License-Identifier: MIT */
/* The life of a connection, and small helpers to run statements of the driver's own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "observe.h"

int postgres_query(struct dara_conn *conn, const char *sql, int count, const char *const *values, const char *doing,
                   PGresult **ret_result)
{
    conn->row_view_used = true;
    PGresult *result = postgres_ask(conn->pg, sql, count, values);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        return postgres_fail(conn, result, 0, doing, NULL);
    *ret_result = result;
    return 0;
}

int postgres_query_open(struct dara_conn *conn, const char *sql, int count, const char *const *values,
                        const char *doing, PGresult **ret_result)
{
    PGresult *result = PQexecParams(conn->pg, sql, count, NULL, values, NULL, NULL, 0);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        return postgres_fail(conn, result, 0, doing, NULL);
    *ret_result = result;
    return 0;
}

int postgres_write_own(struct dara_conn *conn, const char *sql, int count, const char *const *values, const char *doing)
{
    PGresult *result = postgres_ask(conn->pg, sql, count, values);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        return postgres_fail(conn, result, 0, doing, NULL);
    PQclear(result);
    return 0;
}

int postgres_run(struct dara_conn *conn, const char *sql, const char *doing)
{
    PGresult *result = PQexec(conn->pg, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
        return postgres_fail(conn, result, 0, doing, NULL);
    PQclear(result);
    return 0;
}

/* ---- notices ------------------------------------------------------------------------------------------------------------------ */

static void take_notice(void *context, const PGresult *result)
{
    struct dara_conn *conn = context;
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (conn->notices && message)
        dara_result_notice(conn->notices, PQresultErrorField(result, PG_DIAG_SQLSTATE), message);
}

/* ---- open, close ------------------------------------------------------------------------------------------------------------------ */

static int set_texts(struct dara_conn *conn)
{
    char client[64];
    int library = PQlibVersion();
    const char *version = PQparameterStatus(conn->pg, "server_version");
    snprintf(client, sizeof(client), "libpq %d.%d", library / 10000, library % 10000);
    conn->database = postgres_strdup(PQdb(conn->pg) ? PQdb(conn->pg) : "");
    conn->version_text = postgres_strdup(version ? version : "unknown");
    conn->client_text = postgres_strdup(client);
    return conn->database && conn->version_text && conn->client_text ? 0 : DARA_EINTERNAL;
}

static int settle(struct dara_conn *conn)
{
    PQsetNoticeReceiver(conn->pg, take_notice, conn);
    int code = postgres_connect_settle(conn);
    return code ? code : set_texts(conn);
}

int postgres_session_attach(const struct dara_open *request, PGconn *pg, struct dara_conn **ret_conn)
{
    struct dara_conn *conn = calloc(1, sizeof(*conn));
    if (!conn) {
        PQfinish(pg);
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    }
    conn->pg = pg;
    conn->mode = request->mode;
    conn->lock_timeout_ms = conn->lock_step_ms = request->lock_timeout_ms;
    if (request->size >= offsetof(struct dara_open, lock_step_ms) + sizeof(request->lock_step_ms))
        conn->lock_step_ms = request->lock_step_ms;
    conn->statement_timeout_ms = request->statement_timeout_ms;
    int code = settle(conn);
    if (code) {
        postgres_session_close(conn);
        return code;
    }
    *ret_conn = conn;
    return 0;
}

int postgres_session_open(const struct dara_open *request, struct dara_conn **ret_conn)
{
    PGconn *pg = NULL;
    int code = postgres_connect(request, NULL, &pg);
    return code ? code : postgres_session_attach(request, pg, ret_conn);
}

void postgres_session_close(struct dara_conn *conn)
{
    if (!conn)
        return;
    postgres_scratch_drop(conn);
    PQfreeCancel(conn->cancel);
    /* The server rolls back and frees locks by itself when a connection ends; saying so first does not leave it to find out. */
    if (PQtransactionStatus(conn->pg) == PQTRANS_INTRANS || PQtransactionStatus(conn->pg) == PQTRANS_INERROR)
        PQclear(PQexec(conn->pg, "ROLLBACK"));
    PQfinish(conn->guard);
    postgres_observe_end(conn);
    postgres_watch_end(conn);
    PQfinish(conn->pg);
    free(conn->database);
    free(conn->user);
    free(conn->version_text);
    free(conn->client_text);
    free(conn->lock_owner);
    PQfreemem(conn->journal_schema);
    free(conn->scratch_database);
    free(conn);
}

/* ---- the rest --------------------------------------------------------------------------------------------------------------------- */

int postgres_session_describe(struct dara_conn *conn, struct dara_server *ret_server)
{
    ret_server->engine = "PostgreSQL";
    ret_server->version = conn->version_text;
    ret_server->client = conn->client_text;
    ret_server->database = conn->database;
    ret_server->user = conn->user;
    postgres_pooler_find(conn);
    ret_server->pooler = !conn->pooled ? NULL : conn->pooler_session ? "session" : "transaction";
    return 0;
}

int postgres_session_ping(struct dara_conn *conn)
{
    return postgres_run(conn, "SELECT 1", "the server does not answer");
}

void postgres_session_cancel(struct dara_conn *conn)
{
    char ignored[256];
    conn->cancelled = true;
    if (conn->cancel)
        (void)PQcancel(conn->cancel, ignored, sizeof(ignored));
    if (conn->apart_cancel)
        (void)PQcancel(conn->apart_cancel, ignored, sizeof(ignored));
}

/* Where databases are made from: the one that every server has, or its template where that was dropped. */
int postgres_session_maintenance(const struct dara_open *request, PGconn **ret_pg)
{
    int code = postgres_connect(request, "postgres", ret_pg);
    if (code && postgres_connect(request, "template1", ret_pg) == 0) {
        dara_error_clear();
        return 0;
    }
    return code;
}

static int create_database(struct dara_conn *conn, const char *name)
{
    char sql[300], *quoted = PQescapeIdentifier(conn->pg, name, strlen(name));
    if (!quoted)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    snprintf(sql, sizeof(sql), "CREATE DATABASE %s", quoted);
    PQfreemem(quoted);
    PGresult *result = PQexec(conn->pg, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        return postgres_fail(conn, result, 0, "cannot create the database", NULL);
    PQclear(result);
    return 0;
}

int postgres_session_create(const struct dara_open *request, bool *ret_existed)
{
    struct dara_conn conn = {.mode = DARA_MODE_WRITE};
    int code = postgres_connect(request, NULL, &conn.pg);
    PQfinish(conn.pg);
    conn.pg = NULL;
    if (!code) {
        *ret_existed = true;
        return 0;
    }
    const char *detail = dara_error_last()->detail, *name = request->url->path;
    if (!name || strlen(name) > 63 || !detail || !strstr(detail, "database \""))
        return code;
    code = postgres_session_maintenance(request, &conn.pg);
    if (!code)
        code = create_database(&conn, name);
    PQfinish(conn.pg);
    if (!code)
        *ret_existed = false;
    return code;
}
