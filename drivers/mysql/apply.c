/* SPDX-License-Identifier: MIT */
/* Transactions. Only rows are in them: every change of the schema commits what is open. */
#include "apply.h"
#include "queue.h"

static bool in_transaction(const struct dara_conn *conn)
{
    return (conn->mysql->server_status & SERVER_STATUS_IN_TRANS) != 0;
}

/* ---- begin ------------------------------------------------------------------------------------------------------------------ */

/* A rehearsal is taken back by its rollback, and what these engines store is not. */
static int check_engines(struct dara_conn *conn)
{
    static const char sql[] =
        "SELECT t.TABLE_NAME, t.ENGINE FROM information_schema.TABLES t JOIN information_schema.ENGINES e"
        " ON e.ENGINE = t.ENGINE WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE = 'BASE TABLE'"
        " AND e.TRANSACTIONS <> 'YES' LIMIT 1";
    MYSQL_RES *result = NULL;
    int code = mysql_rows(conn, sql, "cannot look at the engines of the tables", &result);
    if (code)
        return code;
    MYSQL_ROW row = mysql_fetch_row(result);
    if (row) {
        code = dara_error_set(
            DARA_EUNSUPPORTED,
            "a rehearsal could not take back what it does to the table '%s': %s knows no transactions", row[0], row[1]);
        dara_error_hint("make it a table of InnoDB, or go without the rehearsal");
    }
    mysql_free_result(result);
    return code;
}

static int refuse_rehearsal(void)
{
    dara_error_set(DARA_EUNSUPPORTED, "the server commits every change of the schema by itself, so none can be "
                                      "rehearsed on the database itself");
    dara_error_hint("rehearse on a scratch database");
    return DARA_EUNSUPPORTED;
}

int mysql_apply_begin(struct dara_conn *conn, enum dara_begin_purpose purpose)
{
    bool reads = purpose == DARA_BEGIN_READ || conn->mode == DARA_MODE_READ;
    int code = 0;
    if (!reads && conn->mode == DARA_MODE_REHEARSE)
        code = purpose == DARA_BEGIN_SCHEMA ? refuse_rehearsal() : check_engines(conn);
    /* What dara records in it by itself goes as one packet. */
    if (!code && !reads && conn->mode == DARA_MODE_WRITE && purpose == DARA_BEGIN_DATA)
        code = mysql_queue_begin(conn);
    else if (!code)
        code = mysql_run(conn, reads ? "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY" : "START TRANSACTION",
                         "cannot begin");
    if (code)
        return code;
    conn->in_transaction = true;
    conn->purpose = reads ? DARA_BEGIN_READ : purpose;
    return 0;
}

/* ---- the end ---------------------------------------------------------------------------------------------------------------- */

int mysql_apply_commit(struct dara_conn *conn)
{
    if (conn->mode == DARA_MODE_REHEARSE && conn->purpose != DARA_BEGIN_READ)
        return dara_error_set(DARA_EINTERNAL, "a rehearsal is never committed");
    bool reads = conn->purpose == DARA_BEGIN_READ;
    bool packet = !reads && (mysql_queue_waits(conn) || conn->beat);
    int code = packet ? mysql_queue_commit(conn) : mysql_run(conn, "COMMIT", "cannot commit");
    if (code == DARA_ECONNECT) {
        dara_error_set(DARA_ECONNECT, "the connection was lost during COMMIT, and whether it took effect is not known");
        dara_error_hint("see 'dara status' once the server can be reached: the history is part of the transaction");
    }
    if (!code || code == DARA_ECONNECT)
        conn->in_transaction = conn->moved = false;
    return code;
}

int mysql_apply_rollback(struct dara_conn *conn)
{
    int code = 0;
    bool sent = !mysql_queue_waits(conn);
    mysql_queue_drop(conn);
    if (sent && (conn->in_transaction || in_transaction(conn)))
        code = mysql_run(conn, "ROLLBACK", "cannot roll back");
    conn->carries = conn->carries || conn->moved;
    conn->moved = false;
    if (!code || code == DARA_ECONNECT)
        conn->in_transaction = false;
    return code;
}

/* ---- savepoints ------------------------------------------------------------------------------------------------------------- */

static int run_named(struct dara_conn *conn, const char *words, const char *name, const char *doing)
{
    struct mysql_buffer sql = {0};
    mysql_buffer_add(&sql, words);
    mysql_buffer_add_name(&sql, name);
    return mysql_buffer_run(conn, &sql, doing);
}

int mysql_apply_savepoint(struct dara_conn *conn, const char *name)
{
    return run_named(conn, "SAVEPOINT ", name, "cannot set a savepoint");
}

int mysql_apply_release(struct dara_conn *conn, const char *name)
{
    return run_named(conn, "RELEASE SAVEPOINT ", name, "cannot release the savepoint");
}

int mysql_apply_rollback_to(struct dara_conn *conn, const char *name)
{
    return run_named(conn, "ROLLBACK TO SAVEPOINT ", name, "cannot go back to the savepoint");
}
