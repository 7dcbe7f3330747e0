/* SPDX-License-Identifier: MIT */
/* The table of commands: what each is passed to. */
#include "mongodb-gateway.h"

#include <string.h>

#define BSON "::documentdb_core.bson"

void command_spec(const struct command *command, bson_t *ret_spec)
{
    bson_init(ret_spec);
    bson_copy_to_excluding_noinit(&command->body, ret_spec, "lsid", "$clusterTime", "txnNumber", "autocommit",
                                  "startTransaction", "$readPreference", "readConcern", "writeConcern", "commitQuorum",
                                  NULL);
}

int64_t command_number(const struct command *command, const char *field, int64_t other)
{
    bson_iter_t iter;
    return bson_iter_init_find(&iter, &command->body, field) && BSON_ITER_HOLDS_NUMBER(&iter)
               ? bson_iter_as_int64(&iter)
               : other;
}

/* The one document that a function answers is the reply. */
static void answer(PGresult *result, bson_t *reply)
{
    bson_t document;
    if (result == NULL)
        return;
    if (server_document(result, 0, &document))
        bson_concat(reply, &document);
    if (!bson_has_field(reply, "ok"))
        reply_ok(reply);
    PQclear(result);
}

static void run_spec(const struct client *client, const struct command *command, const char *sql, bool database,
                     bson_t *reply)
{
    struct value values[2];
    size_t count = 0;
    bson_t spec;
    command_spec(command, &spec);
    if (database)
        values[count++] = value_text(command->database);
    values[count++] = value_bson(&spec);
    answer(server_query(server_for(client, command), sql, count, values, reply), reply);
    bson_destroy(&spec);
}

static void create(struct client *client, const struct command *command, bson_t *reply)
{
    bson_t spec, kept;
    command_spec(command, &spec);
    keep_create(client, command, &spec, &kept);
    const struct value values[] = {value_text(command->database), value_bson(&spec)};
    answer(server_query(server_for(client, command),
                        "SELECT documentdb_api.create_collection_view($1::text, $2" BSON ")", 2, values, reply),
           reply);
    if (!reply_failed(reply))
        keep_remember(command, &kept);
    bson_destroy(&kept);
    bson_destroy(&spec);
}

static void modify(struct client *client, const struct command *command, bson_t *reply)
{
    bson_t spec;
    command_spec(command, &spec);
    keep_modify(command, &spec);
    const struct value values[] = {value_text(command->database), value_text(command->collection), value_bson(&spec)};
    answer(server_query(server_for(client, command), "SELECT documentdb_api.coll_mod($1::text, $2::text, $3" BSON ")",
                        3, values, reply),
           reply);
    bson_destroy(&spec);
}

static void drop(struct client *client, const struct command *command, bson_t *reply)
{
    const struct value values[] = {value_text(command->database), value_text(command->collection)};
    PGresult *result = server_query(server_for(client, command),
                                    "SELECT documentdb_api.drop_collection($1::text, $2::text)", 2, values, reply);
    if (result == NULL)
        return;
    if (PQgetvalue(result, 0, 0)[0] == 0) {
        reply_fail(reply, 26, "ns not found");
    } else {
        char space[1024];
        snprintf(space, sizeof space, "%s.%s", command->database, command->collection);
        BSON_APPEND_UTF8(reply, "ns", space);
        reply_ok(reply);
    }
    PQclear(result);
}

static void drop_database(struct client *client, const struct command *command, bson_t *reply)
{
    const struct value values[] = {value_text(command->database)};
    PGresult *result =
        server_query(server_for(client, command), "SELECT documentdb_api.drop_database($1::text)", 1, values, reply);
    if (result == NULL)
        return;
    BSON_APPEND_UTF8(reply, "dropped", command->database);
    reply_ok(reply);
    PQclear(result);
}

/* Statistics in bytes, divided by `scale`. */
static void statistics(struct client *client, const struct command *command, bson_t *reply)
{
    char scale[32];
    const bool whole = strcasecmp(command->name, "dbStats") == 0;
    snprintf(scale, sizeof scale, "%lld", (long long)command_number(command, "scale", 1));
    const struct value values[] = {value_text(command->database), value_text(scale), value_text(command->collection)};
    answer(server_query(server_for(client, command),
                        whole ? "SELECT documentdb_api.db_stats($1::text, $2::float8)"
                              : "SELECT documentdb_api.coll_stats($1::text, $3::text, $2::float8)",
                        whole ? 2 : 3, values, reply),
           reply);
}

/* An index without the wish that it be hidden; its name, where it wishes that. */
static const char *add_visible(bson_iter_t *at, bson_t *indexes)
{
    const uint8_t *data;
    uint32_t size;
    bson_t index, visible;
    bson_iter_t iter;
    const char *name = NULL;
    bson_iter_document(at, &size, &data);
    if (!bson_init_static(&index, data, size))
        return NULL;
    if (bson_iter_init_find(&iter, &index, "hidden") && bson_iter_as_bool(&iter) &&
        bson_iter_init_find(&iter, &index, "name") && BSON_ITER_HOLDS_UTF8(&iter))
        name = bson_iter_utf8(&iter, NULL);
    bson_append_document_begin(indexes, bson_iter_key(at), -1, &visible);
    bson_copy_to_excluding_noinit(&index, &visible, "hidden", NULL);
    bson_append_document_end(indexes, &visible);
    return name;
}

static void hide(const struct client *client, const struct command *command, const char *name)
{
    bson_t spec = BSON_INITIALIZER, index, ignored = BSON_INITIALIZER;
    BSON_APPEND_UTF8(&spec, "collMod", command->collection);
    BSON_APPEND_DOCUMENT_BEGIN(&spec, "index", &index);
    BSON_APPEND_UTF8(&index, "name", name);
    BSON_APPEND_BOOL(&index, "hidden", true);
    bson_append_document_end(&spec, &index);
    const struct value values[] = {value_text(command->database), value_text(command->collection), value_bson(&spec)};
    PQclear(server_query(server_for(client, command), "SELECT documentdb_api.coll_mod($1::text, $2::text, $3" BSON ")",
                         3, values, &ignored));
    bson_destroy(&spec);
    bson_destroy(&ignored);
}

/* DocumentDB makes no hidden index, but it can hide one. */
static void create_indexes(struct client *client, const struct command *command, bson_t *reply)
{
    enum { HIDDEN = 64 };
    const char *hidden[HIDDEN];
    size_t count = 0;
    bson_t whole, spec = BSON_INITIALIZER, indexes;
    bson_iter_t iter, each;
    command_spec(command, &whole);
    bson_copy_to_excluding_noinit(&whole, &spec, "indexes", NULL);
    BSON_APPEND_ARRAY_BEGIN(&spec, "indexes", &indexes);
    if (bson_iter_init_find(&iter, &command->body, "indexes") && BSON_ITER_HOLDS_ARRAY(&iter) &&
        bson_iter_recurse(&iter, &each)) {
        while (bson_iter_next(&each)) {
            const char *name = BSON_ITER_HOLDS_DOCUMENT(&each) ? add_visible(&each, &indexes) : NULL;
            if (name != NULL && count < HIDDEN)
                hidden[count++] = name;
        }
    }
    bson_append_array_end(&spec, &indexes);
    const struct value values[] = {value_text(command->database), value_bson(&spec)};
    answer(server_query(server_for(client, command),
                        "SELECT documentdb_api_internal.create_indexes_non_concurrently($1::text, $2" BSON ", true)", 2,
                        values, reply),
           reply);
    for (size_t i = 0; i < count && !reply_failed(reply); i++)
        hide(client, command, hidden[i]);
    bson_destroy(&whole);
    bson_destroy(&spec);
}

enum { WITH_DATABASE = 1, FREE = 2 };

static const struct row {
    const char *name;
    handler run;
    const char *sql; /* without a handler: the function that has the specification and answers one document */
    unsigned flags;  /* FREE: also without a login */
} rows[] = {
    {"hello", own_hello, NULL, FREE},
    {"isMaster", own_hello, NULL, FREE},
    {"ismaster", own_hello, NULL, FREE},
    {"ping", own_ok, NULL, FREE},
    {"buildInfo", own_build_info, NULL, FREE},
    {"buildinfo", own_build_info, NULL, FREE},
    {"endSessions", session_end, NULL, FREE},
    {"saslStart", login_start, NULL, FREE},
    {"saslContinue", login_continue, NULL, FREE},
    {"connectionStatus", login_status, NULL, FREE},
    {"getParameter", own_parameter, NULL, 0},
    {"serverStatus", own_status, NULL, 0},
    {"insert", write_documents, NULL, 0},
    {"update", write_documents, NULL, 0},
    {"delete", write_documents, NULL, 0},
    {"findAndModify", write_find_and_modify, NULL, 0},
    {"findandmodify", write_find_and_modify, NULL, 0},
    {"find", cursor_first, NULL, 0},
    {"aggregate", cursor_first, NULL, 0},
    {"listCollections", cursor_first, NULL, 0},
    {"listIndexes", cursor_first, NULL, 0},
    {"explain", explain, NULL, 0},
    {"getMore", cursor_more, NULL, 0},
    {"killCursors", cursor_kill, NULL, 0},
    {"commitTransaction", session_commit, NULL, 0},
    {"abortTransaction", session_abort, NULL, 0},
    {"drop", drop, NULL, 0},
    {"dropDatabase", drop_database, NULL, 0},
    {"collStats", statistics, NULL, 0},
    {"dbStats", statistics, NULL, 0},
    {"dbstats", statistics, NULL, 0},
    {"count", NULL, "SELECT document FROM documentdb_api.count_query($1::text, $2" BSON ")", WITH_DATABASE},
    {"distinct", NULL, "SELECT document FROM documentdb_api.distinct_query($1::text, $2" BSON ")", WITH_DATABASE},
    {"validate", NULL, "SELECT document FROM documentdb_api.validate($1::text, $2" BSON ")", WITH_DATABASE},
    {"create", create, NULL, 0},
    {"createIndexes", create_indexes, NULL, 0},
    {"dropIndexes", NULL, "CALL documentdb_api.drop_indexes($1::text, $2" BSON ", NULL)", WITH_DATABASE},
    {"deleteIndexes", NULL, "CALL documentdb_api.drop_indexes($1::text, $2" BSON ", NULL)", WITH_DATABASE},
    {"collMod", modify, NULL, 0},
    {"listDatabases", NULL, "SELECT documentdb_api.list_databases($1" BSON ")", 0},
    {"renameCollection", NULL, "SELECT documentdb_api.rename_collection($1" BSON ")", 0},
    {"currentOp", operations_current, NULL, 0},
    {"killOp", operations_kill, NULL, 0},
    {"createUser", NULL, "SELECT documentdb_api.create_user($1" BSON ")", 0},
    {"updateUser", NULL, "SELECT documentdb_api.update_user($1" BSON ")", 0},
    {"dropUser", NULL, "SELECT documentdb_api.drop_user($1" BSON ")", 0},
    {"usersInfo", NULL, "SELECT documentdb_api.users_info($1" BSON ")", 0},
    {"createRole", NULL, "SELECT documentdb_api.create_role($1" BSON ")", 0},
    {"updateRole", NULL, "SELECT documentdb_api.update_role($1" BSON ")", 0},
    {"dropRole", NULL, "SELECT documentdb_api.drop_role($1" BSON ")", 0},
    {"rolesInfo", NULL, "SELECT documentdb_api.roles_info($1" BSON ")", 0},
    {"compact", NULL, "SELECT documentdb_api.compact($1" BSON ")", 0},
};

static const struct row *find_row(const char *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

/* A limit on the time of what runs next; none at 0. */
static void limit_time(PGconn *pg, int64_t ms)
{
    char text[32];
    bson_t ignored = BSON_INITIALIZER;
    snprintf(text, sizeof text, "%lld", (long long)ms);
    const struct value values[] = {value_text(text)};
    PQclear(server_query(pg, "SELECT set_config('statement_timeout', $1::text, false)", 1, values, &ignored));
    bson_destroy(&ignored);
}

static void run_row(struct client *client, const struct row *row, const struct command *command, bson_t *reply)
{
    const int64_t limit = command_number(command, "maxTimeMS", 0);
    if (limit > 0)
        limit_time(server_for(client, command), limit);
    if (row->run != NULL)
        row->run(client, command, reply);
    else
        run_spec(client, command, row->sql, row->flags & WITH_DATABASE, reply);
    if (limit > 0)
        limit_time(server_for(client, command), 0);
    if (client->killed && reply_failed(reply))
        reply_fail(reply, 11601, "operation was interrupted");
    if (!reply_failed(reply))
        keep_follow(command);
    shape_reply(client, command, reply);
}

void command_run(struct client *client, const struct command *command, bson_t *reply)
{
    const struct row *row = find_row(command->name);
    if (row == NULL)
        reply_fail(reply, 59, "no such command: '%s'", command->name);
    else if (!(row->flags & FREE) && client->port->login && client->user[0] == '\0')
        reply_fail(reply, 13, "Command %s requires authentication", command->name);
    else
        run_row(client, row, command, reply);
}
