/* SPDX-License-Identifier: MIT */
/* Transactions. Only documents are in them: every change of the schema takes effect by itself. */
#include "apply.h"

enum { COMMITS = 5 };

/* ---- begin -------------------------------------------------------------------------------------------------------------------------- */

static int refuse_rehearsal(void)
{
    dara_error_set(DARA_EUNSUPPORTED, "every change of the schema takes effect by itself, so none can be rehearsed on "
                                      "the database itself");
    dara_error_hint("rehearse on a scratch database");
    return DARA_EUNSUPPORTED;
}

static int refuse_alone(void)
{
    dara_error_set(DARA_EUNSUPPORTED, "the server stands alone, and such a one has no transactions");
    dara_error_hint("make it a replica set of one member: start it with --replSet NAME, and run rs.initiate() once");
    return DARA_EUNSUPPORTED;
}

static int start(struct dara_conn *conn)
{
    bson_error_t error = {0};
    mongoc_transaction_opt_t *options = mongoc_transaction_opts_new();
    mongoc_write_concern_t *concern = mongoc_write_concern_new();
    mongoc_write_concern_set_w(concern, MONGOC_WRITE_CONCERN_W_MAJORITY);
    mongoc_transaction_opts_set_write_concern(options, concern);
    conn->session = mongoc_client_start_session(conn->client, NULL, &error);
    bool good = conn->session && mongoc_client_session_start_transaction(conn->session, options, &error);
    mongoc_write_concern_destroy(concern);
    mongoc_transaction_opts_destroy(options);
    if (good)
        return 0;
    int code = mongodb_fail(conn, 0, "cannot begin", &error, NULL);
    mongodb_session_end(conn);
    return code;
}

int mongodb_apply_begin(struct dara_conn *conn, enum dara_begin_purpose purpose)
{
    bool reads = purpose == DARA_BEGIN_READ || conn->mode == DARA_MODE_READ;
    int code = 0;
    if (!reads && purpose == DARA_BEGIN_SCHEMA && conn->mode == DARA_MODE_REHEARSE)
        return refuse_rehearsal();
    if (!reads && purpose == DARA_BEGIN_DATA)
        code = conn->replica_set || conn->sharded ? start(conn) : refuse_alone();
    if (code)
        return code;
    conn->in_transaction = true;
    conn->purpose = reads ? DARA_BEGIN_READ : purpose;
    return 0;
}

/* ---- the end ------------------------------------------------------------------------------------------------------------------------ */

void mongodb_session_end(struct dara_conn *conn)
{
    if (conn->session)
        mongoc_client_session_destroy(conn->session); /* ends its transaction */
    conn->session = NULL;
    conn->in_transaction = false;
}

/* The library asks once more by itself; whoever still does not know asks again: the server answers a repeated commit as it did the first. */
static int commit(struct dara_conn *conn)
{
    bson_error_t error = {0};
    bool unknown = false;
    for (int i = 0; i < COMMITS; i++) {
        bson_t reply;
        bool good = mongoc_client_session_commit_transaction(conn->session, &reply, &error);
        unknown = !good && mongoc_error_has_label(&reply, "UnknownTransactionCommitResult");
        int code = good ? 0 : mongodb_fail(conn, 0, "cannot commit", &error, &reply);
        bson_destroy(&reply);
        if (!unknown)
            return code;
    }
    dara_error_set(DARA_ECONNECT, "the connection was lost during the commit, and whether it took effect is not known");
    dara_error_detail("%s", error.message);
    dara_error_hint("see 'dara status' once the server can be reached: the history is part of the transaction");
    return DARA_ECONNECT;
}

int mongodb_apply_commit(struct dara_conn *conn)
{
    if (conn->mode == DARA_MODE_REHEARSE && conn->purpose != DARA_BEGIN_READ)
        return dara_error_set(DARA_EINTERNAL, "a rehearsal is never committed");
    int code = conn->session ? commit(conn) : 0;
    if (!code || code == DARA_ECONNECT)
        mongodb_session_end(conn);
    return code;
}

int mongodb_apply_rollback(struct dara_conn *conn)
{
    bson_error_t error = {0};
    bool good = !conn->session || !mongoc_client_session_in_transaction(conn->session) ||
                mongoc_client_session_abort_transaction(conn->session, &error);
    int code = good ? 0 : mongodb_fail(conn, 0, "cannot roll back", &error, NULL);
    mongodb_session_end(conn); /* a transaction that nobody ends is ended by the server */
    return code;
}

int mongodb_apply_reset(struct dara_conn *conn)
{
    if (conn->options)
        bson_destroy(conn->options);
    conn->options = NULL;
    return 0;
}
