/* SPDX-License-Identifier: MIT */
/* Connections: made from a URL, made again, set up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "pg.h"

#define TIMEOUT_SECONDS "10"
#define NEAR_MS         5
#define NAME_SIZE       64 /* the server cuts longer application names */

static void ignore_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

/* Who holds the lock is read from this by those who wait for it. */
static void name_application(const char *application, char name[NAME_SIZE])
{
    char host[NAME_SIZE] = "";
    if (gethostname(host, sizeof(host) - 1))
        host[0] = '\0';
    snprintf(name, NAME_SIZE, "%.24s pid %d on %.19s", application ? application : "dara", (int)getpid(), host);
}

/* To the client library the first '@' ends the password, to dara the last: it gets them all but that as %40. Else part of a password would
 * be taken for a host, and shown. free(). */
static char *encode_password(const char *text)
{
    const char *authority = strstr(text, "://"), *last = NULL;
    authority = authority ? authority + 3 : text + strlen(text);
    for (size_t i = 0, end = strcspn(authority, "/?"); i < end; i++)
        if (authority[i] == '@')
            last = authority + i;
    char *encoded = malloc(3 * strlen(text) + 1), *to = encoded;
    for (const char *c = text; encoded && *c; c++)
        if (*c == '@' && last && c >= authority && c < last)
            to = stpcpy(to, "%40");
        else
            *to++ = *c;
    if (encoded)
        *to = '\0';
    return encoded;
}

int postgres_connect(const struct dara_open *request, const char *database, PGconn **ret_pg)
{
    char name[NAME_SIZE];
    char *text = encode_password(request->url->text);
    if (!text)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    name_application(request->application, name);
    /* What stands before `dbname` gives way to the URL, what stands after it does not. */
    const char *const keys[] = {"connect_timeout",          "dbname", "application_name", "client_encoding",
                                database ? "dbname" : NULL, NULL};
    const char *const values[] = {TIMEOUT_SECONDS, text, name, "UTF8", database, NULL};
    PGconn *pg = PQconnectdbParams(keys, values, 1);
    free(text);
    if (PQstatus(pg) != CONNECTION_OK) {
        int code = postgres_fail_connect(pg, request->url);
        PQfinish(pg);
        return code;
    }
    PQsetNoticeReceiver(pg, ignore_notice, NULL);
    *ret_pg = pg;
    return 0;
}

int postgres_connect_again(PGconn *like, PGconn **ret_pg)
{
    enum { MOST = 64 };
    const char *keys[MOST + 1], *values[MOST + 1];
    size_t count = 0;
    PQconninfoOption *options = PQconninfo(like);
    if (!options)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    for (PQconninfoOption *option = options; option->keyword && count < MOST; option++)
        if (option->val && *option->val) {
            /* What came of asking for encryption is known: not once more, it is a round trip. */
            bool plain = strcmp(option->keyword, "sslmode") == 0 && !PQsslInUse(like);
            keys[count] = option->keyword;
            values[count++] = plain ? "disable" : option->val;
        }
    keys[count] = values[count] = NULL;
    PGconn *pg = PQconnectdbParams(keys, values, 0);
    PQconninfoFree(options);
    if (PQstatus(pg) != CONNECTION_OK) {
        PQfinish(pg);
        return dara_error_set(DARA_ECONNECT, "cannot connect again");
    }
    PQsetNoticeReceiver(pg, ignore_notice, NULL);
    *ret_pg = pg;
    return 0;
}

/* ---- what a new connection needs ------------------------------------------------------------------------------------------------ */

static double now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

/* A pooler shows itself by another process behind the connection than the one that was announced, now or the next time. The settings
 * are made only where the process is still the same: through a pooler they would be left with somebody else's session. */
static int ask_backend(struct dara_conn *conn)
{
    char sql[768];
    PGresult *result;
    int announced = PQbackendPID(conn->pg);
    for (int asked = 0; asked < 2 && !conn->pooled; asked++) {
        double before = now_ms();
        if (asked == 0)
            snprintf(sql, sizeof(sql), "SELECT pg_catalog.pg_backend_pid(), current_user");
        else
            snprintf(
                sql, sizeof(sql),
                "SELECT pg_catalog.pg_backend_pid(), CASE WHEN pg_catalog.pg_backend_pid() = %d THEN"
                " pg_catalog.set_config('lock_timeout', '%u', false)"
                " || pg_catalog.set_config('statement_timeout', '%u', false)"
                " || pg_catalog.set_config('standard_conforming_strings', 'on', false)"
                "%s%s END",
                announced, conn->lock_timeout_ms ? conn->lock_timeout_ms : 1, conn->statement_timeout_ms,
                conn->mode == DARA_MODE_READ ? " || pg_catalog.set_config('default_transaction_read_only', 'on', false)"
                                             : "",
                conn->version >= 140000 ? " || pg_catalog.set_config('client_connection_check_interval', '100', false)"
                                        : "");
        int code = postgres_query(conn, sql, 0, NULL, "cannot ask the server for its state", &result);
        if (code)
            return code;
        conn->near = conn->near || now_ms() - before < NEAR_MS;
        conn->pooled = strtol(PQgetvalue(result, 0, 0), NULL, 10) != announced;
        if (asked == 0 && !conn->user)
            conn->user = strdup(PQgetvalue(result, 0, 1));
        PQclear(result);
    }
    return 0;
}

int postgres_connect_settle(struct dara_conn *conn)
{
    conn->version = PQserverVersion(conn->pg);
    if (conn->version < 130000)
        return dara_error_set(DARA_EUNSUPPORTED, "the server is PostgreSQL %s; dara needs 13 or newer",
                              PQparameterStatus(conn->pg, "server_version"));
    PQfreeCancel(conn->cancel);
    conn->cancel = PQgetCancel(conn->pg);
    conn->pooled = conn->near = false;
    return ask_backend(conn);
}
