/* SPDX-License-Identifier: MIT */
/* The life of a connection. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "ask.h"
#include "lease.h"
#include "login.h"
#include "queue.h"

/* ---- open, close ------------------------------------------------------------------------------------------------------------------ */

static int settle(struct dara_conn *conn)
{
    char client[64];
#ifdef MARIADB_PACKAGE_VERSION
    snprintf(client, sizeof(client), "MariaDB Connector/C %s", mysql_get_client_info());
#else
    snprintf(client, sizeof(client), "libmysqlclient %s", mysql_get_client_info());
#endif
    int code = mysql_connect_settle(conn);
    if (code)
        return code;
    conn->client_text = mysql_copy(client);
    conn->canceller = mysql_canceller_new(conn->login, mysql_thread_id(conn->mysql));
    return conn->client_text ? 0 : DARA_EINTERNAL;
}

int mysql_session_attach(const struct dara_open *request, const char *database, struct dara_conn **ret_conn)
{
    struct dara_conn *conn = calloc(1, sizeof(*conn));
    if (!conn)
        return mysql_out_of_memory();
    conn->mode = request->mode;
    conn->lock_step_ms = request->lock_step_ms ? request->lock_step_ms : request->lock_timeout_ms;
    conn->statement_timeout_ms = request->statement_timeout_ms;
    int code = mysql_login_new(request, &conn->login);
    code = code ? code : mysql_connect(conn->login, request->url, database, &conn->mysql);
    code = code ? code : settle(conn);
    if (code) {
        mysql_session_close(conn);
        return code;
    }
    *ret_conn = conn;
    return 0;
}

static int need_database(const struct dara_url *url)
{
    if (url->path)
        return 0;
    dara_error_set(DARA_ECONNECT, "the URL '%s' names no database", url->redacted);
    dara_error_hint("write it as mysql://USER@HOST/DATABASE");
    return DARA_ECONNECT;
}

int mysql_session_open(const struct dara_open *request, struct dara_conn **ret_conn)
{
    int code = need_database(request->url);
    return code ? code : mysql_session_attach(request, request->url->path, ret_conn);
}

void mysql_session_close(struct dara_conn *conn)
{
    if (!conn)
        return;
    mysql_canceller_free(conn->canceller);
    mysql_beat_stop(conn->beat);
    mysql_scratch_drop(conn);
    mysql_settings_free(conn);
    /* The server rolls back and frees locks by itself when a connection ends. */
    if (conn->mysql)
        mysql_close(conn->mysql);
    mysql_login_free(conn->login);
    free(conn->database);
    free(conn->user);
    free(conn->version_text);
    free(conn->client_text);
    free(conn->lock_name);
    free(conn->scratch_database);
    mysql_confine_free(conn->confine);
    mysql_queue_free(conn->queue);
    mysql_ask_free(conn->ask);
    free(conn);
}

/* ---- the rest --------------------------------------------------------------------------------------------------------------------- */

int mysql_session_describe(struct dara_conn *conn, struct dara_server *ret_server)
{
    ret_server->engine = conn->mariadb ? "MariaDB" : "MySQL";
    ret_server->version = conn->version_text;
    ret_server->client = conn->client_text;
    ret_server->database = conn->database;
    ret_server->user = conn->user;
    ret_server->pooler = conn->pooled ? "transaction" : NULL;
    return 0;
}

int mysql_session_ping(struct dara_conn *conn)
{
    return mysql_ping(conn->mysql) ? mysql_fail(conn, DARA_ECONNECT, "the server does not answer") : 0;
}

void mysql_session_cancel(struct dara_conn *conn)
{
    conn->cancelled = true;
    if (conn->canceller)
        mysql_canceller_wake(conn->canceller);
}

/* The server's own character set may not hold every text. */
static int create_database(struct dara_conn *conn, const char *name)
{
    char sql[600] = "CREATE DATABASE `";
    size_t length = strlen(sql);
    for (const char *at = name; *at; at++) {
        if (*at == '`')
            sql[length++] = '`';
        sql[length++] = *at;
    }
    snprintf(sql + length, sizeof(sql) - length, "` CHARACTER SET utf8mb4");
    return mysql_run(conn, sql, "cannot create the database");
}

int mysql_session_create(const struct dara_open *request, bool *ret_existed)
{
    struct dara_conn *conn = NULL;
    int code = need_database(request->url);
    if (code)
        return code;
    const char *name = request->url->path;
    code = mysql_session_attach(request, name, &conn);
    mysql_session_close(conn);
    if (!code) {
        *ret_existed = true;
        return 0;
    }
    const char *native = dara_error_last()->native;
    if (!native || strncmp(native, "1049 ", 5) != 0 || strlen(name) > 256)
        return code;
    conn = NULL;
    code = mysql_session_attach(request, NULL, &conn);
    if (!code)
        code = create_database(conn, name);
    mysql_session_close(conn);
    if (!code)
        *ret_existed = false;
    return code;
}
