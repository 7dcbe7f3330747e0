/* SPDX-License-Identifier: MIT */
/* Transactions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "execute.h"
#include "observe.h"

#define OUTCOME_SECONDS 10

/* ---- begin ------------------------------------------------------------------------------------------------------------------ */

/* What every transaction, or the session, is to have. lock_timeout 0 would mean to wait for ever. A server that does not look after
 * its client would go on with the statement of a run that was killed, and hold its locks. Strings are what they were split as. */
static void settings_text(const struct dara_conn *conn, const char *scope, char *sql, size_t size)
{
    unsigned wait_ms = *scope ? conn->lock_step_ms : conn->lock_timeout_ms;
    int length = snprintf(
        sql, size, "SET %s lock_timeout = %u; SET %s statement_timeout = %u; SET %s standard_conforming_strings = on",
        scope, wait_ms ? wait_ms : 1, scope, conn->statement_timeout_ms, scope);
    if (conn->version >= 140000)
        snprintf(sql + length, size - (size_t)length, "; SET %s client_connection_check_interval = 100", scope);
}

/* A transaction that has done its first query cannot leave the read-only mode any more. */
static void begin_text(const struct dara_conn *conn, enum dara_begin_purpose purpose, char *sql, size_t size)
{
    char settings[256];
    bool reads = purpose == DARA_BEGIN_READ || conn->mode == DARA_MODE_READ;
    settings_text(conn, "LOCAL", settings, sizeof(settings));
    snprintf(sql, size, "BEGIN%s; %s%s", reads ? " ISOLATION LEVEL REPEATABLE READ READ ONLY" : "", settings,
             reads ? "; SELECT 1" : "");
}

/* Until its end the transaction has one process, which only it can tell. */
static int begin_pooled(struct dara_conn *conn, char *sql)
{
    char with[600];
    snprintf(with, sizeof(with), "%s; SELECT pg_catalog.pg_backend_pid()", sql);
    PGresult *result = PQexec(conn->pg, with);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        return postgres_fail(conn, result, 0, "cannot begin", NULL);
    conn->backend = (int)strtol(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return 0;
}

int postgres_apply_begin(struct dara_conn *conn, enum dara_begin_purpose purpose)
{
    char sql[512];
    int code = purpose == DARA_BEGIN_READ ? 0 : postgres_lock_check(conn);
    if (code)
        return code;
    begin_text(conn, purpose, sql, sizeof(sql));
    code = conn->pooled ? begin_pooled(conn, sql) : postgres_run(conn, sql, "cannot begin");
    if (code)
        return code;
    postgres_observe_end(conn);
    conn->in_transaction = true;
    conn->row_view = purpose == DARA_BEGIN_READ;
    conn->row_view_used = false;
    return 0;
}

/* ---- commit ----------------------------------------------------------------------------------------------------------------- */

static int read_transaction_id(struct dara_conn *conn, char *ret_id, size_t size)
{
    PGresult *result;
    int code = postgres_query(conn, "SELECT pg_catalog.pg_current_xact_id_if_assigned()::text", 0, NULL,
                              "cannot commit", &result);
    if (code)
        return code;
    snprintf(ret_id, size, "%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    return 0;
}

static int fail_unknown(const char *id, const char *why)
{
    dara_error_set(DARA_ECONNECT, "the connection was lost during COMMIT, and whether it took effect is not known");
    dara_error_detail("%s%s%s", why, *id ? "; the transaction was " : "", id);
    dara_error_hint("see 'dara status' once the server can be reached: the history is part of the same transaction");
    return DARA_ECONNECT;
}

/* "committed", "aborted", "in progress", or "" where the server does not know. Waits while the server has not yet seen that we are gone. */
static int ask_outcome(struct dara_conn *conn, const char *id, char *ret_state, size_t size)
{
    const struct timespec nap = {.tv_nsec = 100000000L};
    const char *const values[] = {id};
    for (int tries = 0;; tries++) {
        PGresult *result;
        int code = postgres_query(conn, "SELECT pg_catalog.pg_xact_status($1::pg_catalog.xid8)", 1, values,
                                  "cannot ask for the outcome", &result);
        if (code)
            return code;
        snprintf(ret_state, size, "%s", PQgetvalue(result, 0, 0));
        PQclear(result);
        if (strcmp(ret_state, "in progress") != 0 || tries >= OUTCOME_SECONDS * 10)
            return 0;
        nanosleep(&nap, NULL);
    }
}

/* The connection was lost after COMMIT was sent: the server knows what became of the transaction. */
static int find_outcome(struct dara_conn *conn, const char *id)
{
    PGconn *again = NULL;
    char state[32] = "";
    if (!*id)
        return 0; /* it had changed nothing */
    if (postgres_connect_again(conn->pg, &again))
        return fail_unknown(id, "the server cannot be reached");
    PQfinish(conn->pg);
    conn->pg = again;
    conn->lock_held = false;
    if (postgres_connect_settle(conn) || ask_outcome(conn, id, state, sizeof(state)))
        return fail_unknown(id, "the server does not answer");
    if (!strcmp(state, "committed")) {
        dara_error_clear();
        return 0;
    }
    if (strcmp(state, "aborted") != 0)
        return fail_unknown(id, "the server cannot tell");
    dara_error_set(DARA_ECONNECT, "the connection was lost during COMMIT; the server has rolled the transaction back");
    dara_error_hint("nothing was changed: run the command again");
    return DARA_ECONNECT;
}

int postgres_apply_commit(struct dara_conn *conn)
{
    char id[32] = "";
    if (conn->mode == DARA_MODE_REHEARSE && !conn->row_view)
        return dara_error_set(DARA_EINTERNAL, "a rehearsal is never committed");
    int code = conn->row_view ? 0 : postgres_lock_check(conn);
    if (!code)
        code = read_transaction_id(conn, id, sizeof(id));
    if (code)
        return code;
    PGresult *result = PQexec(conn->pg, "COMMIT");
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        bool lost = PQstatus(conn->pg) == CONNECTION_BAD;
        code = postgres_fail(conn, result, 0, "cannot commit", NULL);
        if (lost)
            code = find_outcome(conn, id);
        conn->in_transaction = PQtransactionStatus(conn->pg) == PQTRANS_INERROR;
        return code;
    }
    bool refused = !strcmp(PQcmdStatus(result), "ROLLBACK");
    PQclear(result);
    conn->in_transaction = false;
    return refused ? dara_error_set(DARA_ESTATEMENT, "the transaction had failed before, so the server rolled it back")
                   : 0;
}

int postgres_apply_rollback(struct dara_conn *conn)
{
    int code = 0;
    postgres_observe_end(conn);
    PGTransactionStatusType status = PQtransactionStatus(conn->pg);
    if (status == PQTRANS_INTRANS || status == PQTRANS_INERROR)
        code = postgres_run(conn, "ROLLBACK", "cannot roll back");
    else
        code = postgres_check_alive(conn, "cannot roll back");
    if (!code)
        conn->in_transaction = false;
    return code;
}

/* ---- before the commit --------------------------------------------------------------------------------------------------------- */

int postgres_apply_validate(struct dara_conn *conn)
{
    PGresult *result = PQexec(conn->pg, "SAVEPOINT dara_validate; SET CONSTRAINTS ALL IMMEDIATE;"
                                        " RELEASE SAVEPOINT dara_validate");
    if (PQresultStatus(result) == PGRES_COMMAND_OK) {
        PQclear(result);
        return 0;
    }
    int code = postgres_fail(conn, result, 0, "the commit would be refused", NULL);
    if (PQtransactionStatus(conn->pg) == PQTRANS_INERROR)
        PQclear(PQexec(conn->pg, "ROLLBACK TO SAVEPOINT dara_validate; RELEASE SAVEPOINT dara_validate"));
    return code;
}

/* ---- settings of one file -------------------------------------------------------------------------------------------------------- */

const char postgres_reset_doing[] = "cannot take back the settings of the script";

/* Inside a transaction the timeouts come back with what the file changed, so they are set again. */
void postgres_reset_text(const struct dara_conn *conn, bool inside, char ret_sql[POSTGRES_RESET_MAX])
{
    char settings[256];
    settings_text(conn, inside ? "LOCAL" : "", settings, sizeof(settings));
    snprintf(ret_sql, POSTGRES_RESET_MAX,
             "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; SET %s client_encoding = 'UTF8'; %s; DEALLOCATE ALL;"
             " DISCARD SEQUENCES%s%s",
             inside ? "LOCAL" : "", settings, inside ? "" : "; DISCARD TEMP",
             conn->mode == DARA_MODE_READ && !inside ? "; SET default_transaction_read_only = on" : "");
}

int postgres_apply_reset(struct dara_conn *conn)
{
    char sql[POSTGRES_RESET_MAX];
    bool inside = PQtransactionStatus(conn->pg) == PQTRANS_INTRANS;
    bool shared = conn->pooled && !conn->pooler_session;
    if (!inside && (shared || PQtransactionStatus(conn->pg) != PQTRANS_IDLE))
        return 0; /* the session is somebody else's by now */
    postgres_reset_text(conn, inside, sql);
    return postgres_run(conn, sql, postgres_reset_doing);
}

/* ---- savepoints ------------------------------------------------------------------------------------------------------------------ */

static int run_named(struct dara_conn *conn, const char *verb, const char *name)
{
    char sql[256], *quoted = PQescapeIdentifier(conn->pg, name, strlen(name));
    if (!quoted)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    int length = snprintf(sql, sizeof(sql), "%s %s", verb, quoted);
    PQfreemem(quoted);
    if (length < 0 || (size_t)length >= sizeof(sql))
        return dara_error_set(DARA_EINTERNAL, "the name of a savepoint is too long");
    return postgres_run(conn, sql, NULL);
}

int postgres_apply_savepoint(struct dara_conn *conn, const char *name)
{
    return run_named(conn, "SAVEPOINT", name);
}

int postgres_apply_release(struct dara_conn *conn, const char *name)
{
    return run_named(conn, "RELEASE SAVEPOINT", name);
}

int postgres_apply_rollback_to(struct dara_conn *conn, const char *name)
{
    return run_named(conn, "ROLLBACK TO SAVEPOINT", name);
}
