/* SPDX-License-Identifier: MIT */
/* The life of a connection. */
#include <stdlib.h>
#include <string.h>

#include "apply.h"

static int need_database(const struct dara_url *url)
{
    if (url->path && !strpbrk(url->path, "/\\. \"$"))
        return 0;
    if (url->path)
        dara_error_set(DARA_ECONNECT, "'%s' in the URL '%s' is not the name of a database", url->path, url->redacted);
    else
        dara_error_set(DARA_ECONNECT, "the URL '%s' names no database", url->redacted);
    dara_error_hint("write it as mongodb://USER@HOST/DATABASE; the database that knows the user is ?authSource=NAME");
    return DARA_ECONNECT;
}

int mongodb_session_open(const struct dara_open *request, struct dara_conn **ret_conn)
{
    int code = need_database(request->url);
    return code ? code : mongodb_attach(request, request->url->path, ret_conn);
}

void mongodb_session_close(struct dara_conn *conn)
{
    if (!conn)
        return;
    mongodb_canceller_free(conn->canceller);
    mongodb_session_end(conn);
    mongodb_lease_free(conn);
    mongodb_scratch_drop(conn);
    if (conn->options)
        bson_destroy(conn->options);
    if (conn->client)
        mongoc_client_destroy(conn->client);
    if (conn->uri)
        mongoc_uri_destroy(conn->uri);
    free(conn->database);
    free(conn->user);
    free(conn->version);
    free(conn->client_text);
    free(conn->application);
    free(conn->scratch_home);
    free(conn);
}

int mongodb_session_describe(struct dara_conn *conn, struct dara_server *ret_server)
{
    ret_server->engine = "MongoDB";
    ret_server->version = conn->version;
    ret_server->client = conn->client_text;
    ret_server->database = conn->database;
    ret_server->user = conn->user;
    ret_server->pooler = NULL;
    return 0;
}

int mongodb_session_ping(struct dara_conn *conn)
{
    bson_t command = BSON_INITIALIZER;
    BSON_APPEND_INT32(&command, "ping", 1);
    int code = mongodb_run(conn, NULL, &command, MONGODB_RUN_APART, "the server does not answer", NULL);
    bson_destroy(&command);
    return code;
}

void mongodb_session_cancel(struct dara_conn *conn)
{
    conn->cancelled = true;
    if (conn->canceller)
        mongodb_canceller_wake(conn->canceller);
}
