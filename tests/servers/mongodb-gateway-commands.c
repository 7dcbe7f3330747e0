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
                     bool collection, bson_t *reply)
{
    struct value values[3];
    size_t count = 0;
    bson_t spec;
    command_spec(command, &spec);
    if (database)
        values[count++] = value_text(command->database);
    if (collection)
        values[count++] = value_text(command->collection);
    values[count++] = value_bson(&spec);
    answer(server_query(server_for(client, command), sql, count, values, reply), reply);
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

enum { WITH_DATABASE = 1, WITH_COLLECTION = 2, FREE = 4 };

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
    {"create", NULL, "SELECT documentdb_api.create_collection_view($1::text, $2" BSON ")", WITH_DATABASE},
    {"createIndexes", NULL,
     "SELECT documentdb_api_internal.create_indexes_non_concurrently($1::text, $2" BSON ", true)", WITH_DATABASE},
    {"dropIndexes", NULL, "CALL documentdb_api.drop_indexes($1::text, $2" BSON ", NULL)", WITH_DATABASE},
    {"deleteIndexes", NULL, "CALL documentdb_api.drop_indexes($1::text, $2" BSON ", NULL)", WITH_DATABASE},
    {"collMod", NULL, "SELECT documentdb_api.coll_mod($1::text, $2::text, $3" BSON ")",
     WITH_DATABASE | WITH_COLLECTION},
    {"listDatabases", NULL, "SELECT documentdb_api.list_databases($1" BSON ")", 0},
    {"renameCollection", NULL, "SELECT documentdb_api.rename_collection($1" BSON ")", 0},
    {"currentOp", NULL, "SELECT document FROM documentdb_api.current_op_command($1" BSON ")", 0},
    {"killOp", NULL, "SELECT documentdb_api.kill_op($1" BSON ")", 0},
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

void command_run(struct client *client, const struct command *command, bson_t *reply)
{
    const struct row *row = find_row(command->name);
    if (row == NULL)
        reply_fail(reply, 59, "no such command: '%s'", command->name);
    else if (!(row->flags & FREE) && client->port->login && client->user[0] == '\0')
        reply_fail(reply, 13, "Command %s requires authentication", command->name);
    else if (row->run != NULL)
        row->run(client, command, reply);
    else
        run_spec(client, command, row->sql, row->flags & WITH_DATABASE, row->flags & WITH_COLLECTION, reply);
}
