/* SPDX-License-Identifier: MIT */
/* Commands that write documents. */
#include "mongodb-gateway.h"

#include <string.h>

/* One write error, with MongoDB's code in the place of the packed SQLSTATE. */
static void fix_error(const bson_t *error, bson_t *fixed)
{
    bson_iter_t iter;
    char state[6];
    bson_iter_init(&iter, error);
    while (bson_iter_next(&iter)) {
        if (strcmp(bson_iter_key(&iter), "code") == 0) {
            error_unpack(bson_iter_as_int64(&iter), state);
            BSON_APPEND_INT32(fixed, "code", error_code(state).code);
        } else {
            bson_append_iter(fixed, NULL, -1, &iter);
        }
    }
}

static void fix_errors(bson_iter_t *errors, bson_t *reply)
{
    bson_iter_t each;
    bson_t list;
    BSON_APPEND_ARRAY_BEGIN(reply, "writeErrors", &list);
    bson_iter_recurse(errors, &each);
    while (bson_iter_next(&each)) {
        const uint8_t *data;
        uint32_t size;
        bson_t error, fixed;
        bson_iter_document(&each, &size, &data);
        bson_init_static(&error, data, size);
        bson_append_document_begin(&list, bson_iter_key(&each), -1, &fixed);
        fix_error(&error, &fixed);
        bson_append_document_end(&list, &fixed);
    }
    bson_append_array_end(reply, &list);
}

/* Not to be allowed to write is the command's error, not a document's. */
static bool refused(const bson_t *answer, bson_t *reply)
{
    bson_iter_t iter, at;
    char state[6];
    if (!bson_iter_init(&iter, answer) || !bson_iter_find_descendant(&iter, "writeErrors.0.code", &at))
        return false;
    error_unpack(bson_iter_as_int64(&at), state);
    if (error_code(state).code != 13)
        return false;
    reply_fail(reply, 13, "not authorized to execute the command");
    return true;
}

static void fix(const bson_t *answer, bson_t *reply)
{
    bson_iter_t iter;
    if (refused(answer, reply))
        return;
    bson_iter_init(&iter, answer);
    while (bson_iter_next(&iter)) {
        if (strcmp(bson_iter_key(&iter), "writeErrors") == 0)
            fix_errors(&iter, reply);
        else
            bson_append_iter(reply, NULL, -1, &iter);
    }
}

static struct value retry_of(const struct command *command)
{
    return command->retry[0] != '\0' ? value_text(command->retry) : (struct value){.data = NULL};
}

static struct value documents_of(const struct command *command)
{
    if (command->sequence_count == 0)
        return (struct value){.data = NULL};
    return value_bytes(command->sequences[0].data, command->sequences[0].size);
}

void write_documents(struct client *client, const struct command *command, bson_t *reply)
{
    char sql[256];
    bson_t spec, answer;
    command_spec(command, &spec);
    snprintf(sql, sizeof sql,
             "SELECT p_result FROM documentdb_api.%s($1::text, $2::documentdb_core.bson, "
             "documentdb_core.bsonsequence_from_bytea($3::bytea), $4::text)",
             command->name);
    const struct value values[] = {value_text(command->database), value_bson(&spec), documents_of(command),
                                   retry_of(command)};
    PGresult *result = server_query(server_for(client, command), sql, 4, values, reply);
    if (result != NULL && server_document(result, 0, &answer))
        fix(&answer, reply);
    PQclear(result);
    bson_destroy(&spec);
}

void write_find_and_modify(struct client *client, const struct command *command, bson_t *reply)
{
    bson_t spec, answer;
    command_spec(command, &spec);
    const struct value values[] = {value_text(command->database), value_bson(&spec), retry_of(command)};
    PGresult *result = server_query(
        server_for(client, command),
        "SELECT p_result FROM documentdb_api.find_and_modify($1::text, $2::documentdb_core.bson, $3::text)", 3, values,
        reply);
    if (result != NULL && server_document(result, 0, &answer))
        fix(&answer, reply);
    PQclear(result);
    bson_destroy(&spec);
}
