/* SPDX-License-Identifier: MIT */
/* One command, and whether it did what it was to do. */
#include <string.h>

#include "mg.h"

static bool has(const bson_t *command, const char *name)
{
    bson_iter_t value;
    return bson_iter_init_find(&value, command, name);
}

/* What the options step says, unless the command says it itself. A command in a transaction has no write concern of its own. */
static void add_options(const struct dara_conn *conn, const bson_t *command, unsigned flags, bson_t *options)
{
    bson_iter_t option;
    bool inside = conn->session && !(flags & MONGODB_RUN_APART);
    bool any = (flags & MONGODB_RUN_LIMITED) && conn->options && bson_iter_init(&option, conn->options);
    while (any && bson_iter_next(&option)) {
        const char *name = bson_iter_key(&option);
        bool concern = strcmp(name, "writeConcern") == 0;
        if (!has(command, name) && !(concern && (inside || !(flags & MONGODB_RUN_WRITES))))
            bson_append_iter(options, name, -1, &option);
    }
    if ((flags & MONGODB_RUN_WRITES) && !inside && !has(command, "writeConcern") && !has(options, "writeConcern")) {
        bson_t concern;
        BSON_APPEND_DOCUMENT_BEGIN(options, "writeConcern", &concern);
        BSON_APPEND_UTF8(&concern, "w", "majority");
        bson_append_document_end(options, &concern);
    }
    if ((flags & MONGODB_RUN_LIMITED) && conn->statement_timeout_ms && !has(command, "maxTimeMS") &&
        !has(options, "maxTimeMS"))
        BSON_APPEND_INT64(options, "maxTimeMS", conn->statement_timeout_ms);
}

/* The command with what it lacks. bson_destroy() it. */
static bson_t *complete(const struct dara_conn *conn, const bson_t *command, unsigned flags)
{
    bson_t added = BSON_INITIALIZER, *whole = bson_new();
    bool inside = conn->session && !(flags & MONGODB_RUN_APART);
    bson_concat(whole, command);
    if (inside && has(command, "writeConcern")) {
        bson_reinit(whole);
        bson_copy_to_excluding_noinit(command, whole, "writeConcern", NULL);
    }
    add_options(conn, command, flags, &added);
    bson_concat(whole, &added);
    bson_destroy(&added);
    return whole;
}

/* A reply that is "ok" may still tell of documents that were refused, and of a majority that did not answer. */
static bool take_errors(const bson_t *reply, bson_error_t *error)
{
    static const char *const paths[] = {"writeErrors.0", "writeConcernError"};
    bson_iter_t at, value, inside;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        if (!bson_iter_init(&at, reply) || !bson_iter_find_descendant(&at, paths[i], &value) ||
            !BSON_ITER_HOLDS_DOCUMENT(&value))
            continue;
        int64_t number =
            bson_iter_recurse(&value, &inside) && bson_iter_find(&inside, "code") ? bson_iter_as_int64(&inside) : 0;
        const char *message =
            bson_iter_recurse(&value, &inside) && bson_iter_find(&inside, "errmsg") && BSON_ITER_HOLDS_UTF8(&inside)
                ? bson_iter_utf8(&inside, NULL)
                : "the server refuses a document";
        bson_set_error(error, MONGOC_ERROR_SERVER, (uint32_t)number, "%s", message);
        return true;
    }
    return false;
}

static bool send_command(struct dara_conn *conn, const char *database, const bson_t *command, unsigned flags,
                         uint32_t server, bson_t *reply, bson_error_t *error)
{
    bson_t options = BSON_INITIALIZER;
    bool good = true;
    if (conn->session && !(flags & MONGODB_RUN_APART))
        good = mongoc_client_session_append(conn->session, &options, error);
    if (server)
        BSON_APPEND_INT32(&options, "serverId", (int32_t)server);
    if (!good)
        bson_init(reply);
    else
        good = mongoc_client_command_with_opts(conn->client, database, command, NULL, &options, reply, error);
    bson_destroy(&options);
    return good;
}

static int run(struct dara_conn *conn, const char *database, const bson_t *command, unsigned flags, uint32_t server,
               const char *doing, bson_t *reply)
{
    bson_error_t error = {0};
    bson_t *whole = complete(conn, command, flags);
    bool good = send_command(conn, database ? database : conn->database, whole, flags, server, reply, &error);
    bson_destroy(whole);
    if (good && take_errors(reply, &error))
        good = false;
    return good ? 0 : mongodb_fail(conn, 0, doing, &error, reply);
}

int mongodb_run(struct dara_conn *conn, const char *database, const bson_t *command, unsigned flags, const char *doing,
                bson_t *ret_reply)
{
    bson_t reply;
    int code = run(conn, database, command, flags, 0, doing, ret_reply ? ret_reply : &reply);
    if (!ret_reply)
        bson_destroy(&reply);
    return code;
}

/* ---- cursors ------------------------------------------------------------------------------------------------------------------------ */

/* What follows is asked of the server that has the cursor. */
static int select_server(struct dara_conn *conn, const char *doing, uint32_t *ret_server)
{
    bson_error_t error = {0};
    mongoc_server_description_t *server = mongoc_client_select_server(conn->client, true, NULL, &error);
    if (!server)
        return mongodb_fail(conn, DARA_ECONNECT, doing, &error, NULL);
    *ret_server = mongoc_server_description_id(server);
    mongoc_server_description_destroy(server);
    return 0;
}

int mongodb_cursor(struct dara_conn *conn, const char *database, const bson_t *command, unsigned flags,
                   const char *doing, mongoc_cursor_t **ret_cursor)
{
    bson_t reply, options = BSON_INITIALIZER;
    bson_error_t error = {0};
    uint32_t server = 0;
    int code = select_server(conn, doing, &server);
    if (code)
        return code;
    code = run(conn, database, command, flags, server, doing, &reply);
    if (code) {
        bson_destroy(&reply);
        return code;
    }
    BSON_APPEND_INT32(&options, "serverId", (int32_t)server);
    if (conn->session && !(flags & MONGODB_RUN_APART))
        mongoc_client_session_append(conn->session, &options, &error);
    *ret_cursor = mongoc_cursor_new_from_command_reply_with_opts(conn->client, &reply, &options);
    bson_destroy(&options);
    return 0;
}

int mongodb_cursor_check(struct dara_conn *conn, mongoc_cursor_t *cursor, const char *doing)
{
    bson_error_t error = {0};
    const bson_t *reply = NULL;
    if (!mongoc_cursor_error_document(cursor, &error, &reply))
        return 0;
    return mongodb_fail(conn, 0, doing, &error, reply);
}
