/* SPDX-License-Identifier: MIT */
/* One command, its documents, its counts, its errors. */
#include <string.h>

#include "apply.h"
#include "command.h"
#include "json.h"

/* ---- what may run here -------------------------------------------------------------------------------------------------------------- */

static int refuse(int code, const char *why, const char *hint)
{
    dara_error_set(code, "%s", why);
    dara_error_hint("%s", hint);
    return code;
}

/* The server knows no connection that only reads: what is not known to read is not sent. */
static int check(const struct dara_conn *conn, const struct mongodb_command *command)
{
    unsigned flags = command->flags;
    bool alone = (flags & (DARA_STATEMENT_SCHEMA | DARA_STATEMENT_NO_TRANSACTION)) != 0;
    if (flags & DARA_STATEMENT_REFUSED)
        return refuse(DARA_ESTATEMENT, command->why, command->hint);
    if (conn->mode == DARA_MODE_READ && !(flags & (DARA_STATEMENT_READS | DARA_STATEMENT_SESSION)))
        return refuse(DARA_ESTATEMENT,
                      "this connection only reads, and the command does not, or dara cannot tell that it does",
                      "write with a command that writes");
    if (flags & DARA_STATEMENT_TRANSACTION)
        return refuse(DARA_ESTATEMENT, "transaction control is not run here: the transaction is dara's",
                      "take the command out");
    if (conn->mode == DARA_MODE_REHEARSE && (alone || flags & DARA_STATEMENT_UNREAD))
        return refuse(DARA_EUNSUPPORTED, "a rehearsal cannot run what takes effect by itself, or may",
                      "rehearse on a scratch database");
    if (conn->session && alone)
        return refuse(DARA_ESTATEMENT, "the server does not run it in a transaction", "put it into a migration");
    return 0;
}

/* ---- the options step --------------------------------------------------------------------------------------------------------------- */

static int take_options(struct dara_conn *conn, const struct mongodb_command *command)
{
    static const char *const known[] = {"writeConcern", "maxTimeMS", "comment"};
    bson_iter_t option;
    if (!BSON_ITER_HOLDS_DOCUMENT(&command->first) || bson_count_keys(command->document) != 1)
        return refuse(DARA_ESTATEMENT, "the step of options is a document of its own",
                      "write it as {\"dara\": {\"maxTimeMS\": 60000}}");
    for (bool any = bson_iter_recurse(&command->first, &option); any && bson_iter_next(&option);) {
        bool good = false;
        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
            good |= strcmp(bson_iter_key(&option), known[i]) == 0;
        if (good)
            continue;
        dara_error_set(DARA_ESTATEMENT, "'%s' is no option of a migration", bson_iter_key(&option));
        dara_error_hint("options are writeConcern, maxTimeMS and comment; they go to each command behind them");
        return DARA_ESTATEMENT;
    }
    uint32_t length = 0;
    const uint8_t *bytes = NULL;
    bson_iter_document(&command->first, &length, &bytes);
    mongodb_apply_reset(conn);
    conn->options = bson_new_from_data(bytes, length);
    return 0;
}

/* ---- documents and counts ----------------------------------------------------------------------------------------------------------- */

static int tell_document(const bson_t *document, struct dara_result *result)
{
    struct mongodb_buffer text = {0};
    mongodb_json_write(document, -1, &text);
    const struct dara_value value = {.type = DARA_TEXT, .bytes = mongodb_buffer_get(&text), .length = text.length};
    int code = dara_result_row(result, 1, &value);
    mongodb_buffer_free(&text);
    return code;
}

static void tell_columns(struct dara_result *result)
{
    static const char *const names[] = {"document"};
    dara_result_columns(result, 1, names);
}

static int run_cursor(struct dara_conn *conn, const bson_t *sent, unsigned flags, struct dara_result *result)
{
    mongoc_cursor_t *cursor = NULL;
    const bson_t *document = NULL;
    int code = mongodb_cursor(conn, NULL, sent, flags, NULL, &cursor);
    if (code)
        return code;
    tell_columns(result);
    while (!code && !conn->cancelled && mongoc_cursor_next(cursor, &document))
        code = tell_document(document, result);
    code = code ? code : mongodb_cursor_check(conn, cursor, NULL);
    mongoc_cursor_destroy(cursor);
    return code;
}

/* The reply without what is about the connection. */
static int tell_reply(const bson_t *reply, struct dara_result *result)
{
    static const char *const own[] = {"ok", "operationTime", "$clusterTime", "$configServerState"};
    bson_t shown = BSON_INITIALIZER;
    bson_iter_t field;
    for (bool any = bson_iter_init(&field, reply); any && bson_iter_next(&field);) {
        bool hidden = false;
        for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
            hidden |= strcmp(bson_iter_key(&field), own[i]) == 0;
        if (!hidden)
            bson_append_iter(&shown, NULL, 0, &field);
    }
    tell_columns(result);
    int code = tell_document(&shown, result);
    bson_destroy(&shown);
    return code;
}

static uint64_t number(const bson_t *reply, const char *path)
{
    bson_iter_t at, value;
    bool there = bson_iter_init(&at, reply) && bson_iter_find_descendant(&at, path, &value);
    int64_t found = there ? bson_iter_as_int64(&value) : 0;
    return found > 0 ? (uint64_t)found : 0;
}

static uint64_t upserted(const bson_t *reply)
{
    bson_iter_t value, item;
    uint64_t count = 0;
    bool any = bson_iter_init_find(&value, reply, "upserted") && BSON_ITER_HOLDS_ARRAY(&value) &&
               bson_iter_recurse(&value, &item);
    while (any && bson_iter_next(&item))
        count++;
    return count;
}

static void tell_count(const struct mongodb_command *command, const bson_t *reply, struct dara_result *result)
{
    static const char *const bulk[] = {"nInserted", "nUpserted", "nModified", "nDeleted"};
    uint64_t rows = 0;
    if (strcmp(command->kind, "insert") == 0 || strcmp(command->kind, "delete") == 0)
        rows = number(reply, "n");
    else if (strcmp(command->kind, "update") == 0)
        rows = number(reply, "nModified") + upserted(reply);
    else if (strcmp(command->kind, "find and modify") == 0)
        rows = number(reply, "lastErrorObject.n");
    else if (strcmp(command->kind, "bulk write") == 0)
        for (size_t i = 0; i < sizeof(bulk) / sizeof(bulk[0]); i++)
            rows += number(reply, bulk[i]);
    else
        return;
    dara_result_affected(result, rows);
}

static int run_plain(struct dara_conn *conn, const struct mongodb_command *command, const bson_t *sent, unsigned flags,
                     struct dara_result *result)
{
    bson_t reply;
    int code = mongodb_run(conn, command->admin ? "admin" : NULL, sent, flags, NULL, &reply);
    if (!code && command->flags & DARA_STATEMENT_READS)
        code = tell_reply(&reply, result);
    else if (!code)
        tell_count(command, &reply, result);
    bson_destroy(&reply);
    return code;
}

/* ---- the whole ---------------------------------------------------------------------------------------------------------------------- */

static bool gives_cursor(const struct mongodb_command *command)
{
    static const char *const names[] = {"find", "aggregate", "listCollections", "listIndexes"};
    bson_iter_t value;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(command->name, names[i]) == 0)
            return !bson_iter_init_find(&value, command->document, "explain");
    return false;
}

static int execute(struct dara_conn *conn, const bson_t *document, struct dara_result *result)
{
    struct mongodb_command command;
    bson_t *sent = NULL;
    mongodb_command_look(document, NULL, &command);
    int code = check(conn, &command);
    if (!code && command.flags & DARA_STATEMENT_SESSION)
        return take_options(conn, &command);
    code = code ? code : mongodb_confine(conn, &command, &sent);
    bool reads = (command.flags & DARA_STATEMENT_READS) != 0;
    if (!code && !reads)
        code = mongodb_lease_check(conn);
    unsigned flags = MONGODB_RUN_LIMITED | (reads ? 0 : MONGODB_RUN_WRITES);
    if (!code && gives_cursor(&command))
        code = run_cursor(conn, sent, flags, result);
    else if (!code)
        code = run_plain(conn, &command, sent, flags, result);
    if (sent)
        bson_destroy(sent);
    return code;
}

int mongodb_apply_execute(struct dara_conn *conn, const char *text, size_t length, struct dara_result *result)
{
    bson_t *document = NULL;
    if (conn->cancelled) {
        conn->cancelled = false;
        return dara_error_set(DARA_EINTERRUPTED, "interrupted");
    }
    int code = mongodb_json_parse(text, length, &document);
    if (code) {
        long line = dara_error_last()->line;
        code = dara_error_set(DARA_ESTATEMENT, "%s", dara_error_last()->message);
        dara_error_at(NULL, line);
        return code;
    }
    code = execute(conn, document, result);
    bson_destroy(document);
    if (conn->canceller)
        mongodb_canceller_wait(conn->canceller);
    if (!code && conn->cancelled) {
        conn->cancelled = false;
        return dara_error_set(DARA_EINTERRUPTED, "interrupted");
    }
    return code;
}
