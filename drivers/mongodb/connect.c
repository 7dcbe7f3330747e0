/* SPDX-License-Identifier: MIT */
/* New connections, and what to know of a server. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "mg.h"

enum { TIMEOUT_MS = 10000, WIRE_VERSION = 9 };

/* ---- the library --------------------------------------------------------------------------------------------------------------------- */

/* It would write its remarks to standard error, and leave a file of counters in /dev/shm when the process is killed. */
static void begin_library(void)
{
    setenv("MONGOC_DISABLE_SHM", "1", 0);
    mongoc_log_set_handler(NULL, NULL);
    mongoc_init();
}

static void need_library(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, begin_library);
}

/* ---- the URL ------------------------------------------------------------------------------------------------------------------------- */

/* The library's own words may quote a part of the URL: none of it is shown. */
static int read_uri(const struct dara_url *url, mongoc_uri_t **ret_uri)
{
    bson_error_t error = {0};
    mongoc_uri_t *uri = mongoc_uri_new_with_error(url->text, &error);
    if (!uri) {
        dara_error_set(DARA_ECONNECT, "the URL '%s' is not one that the client library takes", url->redacted);
        dara_error_hint("write it as mongodb://USER:PASSWORD@HOST:PORT/DATABASE?OPTION=VALUE; options are those of "
                        "every MongoDB driver");
        return DARA_ECONNECT;
    }
    static const char *const timeouts[] = {MONGOC_URI_CONNECTTIMEOUTMS, MONGOC_URI_SERVERSELECTIONTIMEOUTMS};
    for (size_t i = 0; i < sizeof(timeouts) / sizeof(timeouts[0]); i++)
        if (!mongoc_uri_has_option(uri, timeouts[i]))
            mongoc_uri_set_option_as_int32(uri, timeouts[i], TIMEOUT_MS);
    *ret_uri = uri;
    return 0;
}

mongoc_client_t *mongodb_client_new(const struct dara_conn *conn)
{
    bson_error_t error = {0};
    mongoc_client_t *client = mongoc_client_new_from_uri_with_error(conn->uri, &error);
    if (!client) {
        mongodb_fail(NULL, DARA_ECONNECT, "cannot make a connection", &error, NULL);
        return NULL;
    }
    mongoc_client_set_error_api(client, MONGOC_ERROR_API_VERSION_2);
    mongoc_client_set_appname(client, conn->application);
    return client;
}

/* ---- the server ---------------------------------------------------------------------------------------------------------------------- */

static bool is_true(const bson_t *document, const char *name)
{
    bson_iter_t value;
    return bson_iter_init_find(&value, document, name) && bson_iter_as_bool(&value);
}

static const char *text(const bson_t *document, const char *name)
{
    bson_iter_t value;
    bool there = bson_iter_init_find(&value, document, name) && BSON_ITER_HOLDS_UTF8(&value);
    return there ? bson_iter_utf8(&value, NULL) : NULL;
}

static int64_t number(const bson_t *document, const char *name)
{
    bson_iter_t value;
    return bson_iter_init_find(&value, document, name) ? bson_iter_as_int64(&value) : 0;
}

/* The first command of a connection: what goes wrong here is about connecting. */
static int first(struct dara_conn *conn, const struct dara_url *url, const char *name, bson_t *reply)
{
    bson_t command = BSON_INITIALIZER;
    bson_error_t error = {0};
    BSON_APPEND_INT32(&command, name, 1);
    bool good = mongoc_client_command_simple(conn->client, "admin", &command, NULL, reply, &error);
    bson_destroy(&command);
    return good ? 0 : mongodb_fail_connect(url, &error);
}

static int refuse_old(const char *version)
{
    dara_error_set(DARA_EUNSUPPORTED, "the server is too old: MongoDB %s", version);
    dara_error_hint("use MongoDB 4.4 or a newer one");
    return DARA_EUNSUPPORTED;
}

static int refuse_secondary(const bson_t *hello)
{
    const char *primary = text(hello, "primary");
    dara_error_set(DARA_ECONNECT, "the server takes no writes: it is not the primary of its replica set");
    if (primary)
        dara_error_detail("the primary is '%s'", primary);
    dara_error_hint("give all members and replicaSet=NAME in the URL, so that the primary is found");
    return DARA_ECONNECT;
}

static int look(struct dara_conn *conn, const struct dara_url *url)
{
    bson_t hello, build;
    const char *set, *kind;
    int code = first(conn, url, "hello", &hello);
    if (!code) {
        set = text(&hello, "setName");
        kind = text(&hello, "msg");
        conn->replica_set = set != NULL;
        conn->sharded = kind && strcmp(kind, "isdbgrid") == 0;
        conn->primary = is_true(&hello, "isWritablePrimary") || is_true(&hello, "ismaster");
        code = first(conn, url, "buildInfo", &build);
        const char *version = code ? NULL : text(&build, "version");
        conn->version = code ? NULL : mongodb_copy(version ? version : "unknown");
        if (!code && !conn->version)
            code = DARA_EINTERNAL;
        bson_destroy(&build);
    }
    if (!code && number(&hello, "maxWireVersion") < WIRE_VERSION)
        code = refuse_old(conn->version);
    if (!code && number(&hello, "connectionId") > 0)
        conn->canceller = mongodb_canceller_new(conn, number(&hello, "connectionId"));
    if (!code && conn->mode != DARA_MODE_READ && !conn->primary)
        code = refuse_secondary(&hello);
    bson_destroy(&hello);
    return code;
}

int mongodb_attach(const struct dara_open *request, const char *database, struct dara_conn **ret_conn)
{
    need_library();
    struct dara_conn *conn = calloc(1, sizeof(*conn));
    if (!conn)
        return mongodb_out_of_memory();
    conn->mode = request->mode;
    conn->statement_timeout_ms = request->statement_timeout_ms;
    conn->database = mongodb_copy(database);
    conn->user = mongodb_copy(request->url->user);
    conn->client_text = mongodb_copy("libmongoc " MONGOC_VERSION_S);
    conn->application = mongodb_copy(request->application ? request->application : "dara");
    int code = conn->database && conn->client_text && conn->application ? 0 : DARA_EINTERNAL;
    code = code ? code : read_uri(request->url, &conn->uri);
    if (!code) {
        conn->client = mongodb_client_new(conn);
        code = conn->client ? look(conn, request->url) : DARA_ECONNECT;
    }
    if (code) {
        mongodb_session_close(conn);
        return code;
    }
    *ret_conn = conn;
    return 0;
}
