/* SPDX-License-Identifier: MIT */
/* Commands that write documents. */
#include "mongodb-gateway.h"

#include <stdio.h>
#include <string.h>

/* The document at this place of an insert, from the list beside the command or in it. */
static bool inserted(const struct command *command, int64_t index, bson_t *ret_document)
{
    bson_iter_t iter, at;
    char path[48];
    const uint8_t *data;
    uint32_t size;
    if (command->sequence_count == 0) {
        snprintf(path, sizeof path, "documents.%lld", (long long)index);
        if (!bson_iter_init(&iter, &command->body) || !bson_iter_find_descendant(&iter, path, &at) ||
            !BSON_ITER_HOLDS_DOCUMENT(&at))
            return false;
        bson_iter_document(&at, &size, &data);
        return bson_init_static(ret_document, data, size);
    }
    size_t left = command->sequences[0].size;
    for (data = command->sequences[0].data; left >= 5; data += size, left -= size) {
        memcpy(&size, data, sizeof size);
        size = BSON_UINT32_FROM_LE(size);
        if (size < 5 || size > left)
            return false;
        if (index-- == 0)
            return bson_init_static(ret_document, data, size);
    }
    return false;
}

static void add_values(const bson_t *key, const bson_t *document, bson_t *fixed)
{
    bson_t values;
    bson_iter_t each, iter, at;
    BSON_APPEND_DOCUMENT_BEGIN(fixed, "keyValue", &values);
    bson_iter_init(&each, key);
    while (bson_iter_next(&each)) {
        if (bson_iter_init(&iter, document) && bson_iter_find_descendant(&iter, bson_iter_key(&each), &at))
            bson_append_iter(&values, bson_iter_key(&each), -1, &at);
        else
            BSON_APPEND_NULL(&values, bson_iter_key(&each));
    }
    bson_append_document_end(fixed, &values);
}

/* Which key is there twice: DocumentDB names the index only. */
static void add_duplicate(PGconn *pg, const struct command *command, const char *message, const bson_t *document,
                          bson_t *fixed)
{
    char name[256] = "";
    bson_t key;
    const char *at = strstr(message, "Index '");
    if (at == NULL || sscanf(at, "Index '%255[^']", name) != 1)
        return;
    PGresult *result = server_index_key(pg, command->database, command->collection, name);
    if (result != NULL && server_document(result, 0, &key)) {
        BSON_APPEND_DOCUMENT(fixed, "keyPattern", &key);
        if (document != NULL)
            add_values(&key, document, fixed);
    }
    PQclear(result);
}

static void add_failing(const bson_t *document, bson_t *fixed)
{
    bson_t information;
    bson_iter_t iter;
    if (document == NULL || !bson_iter_init_find(&iter, document, "_id"))
        return;
    BSON_APPEND_DOCUMENT_BEGIN(fixed, "errInfo", &information);
    bson_append_iter(&information, "failingDocumentId", -1, &iter);
    bson_append_document_end(fixed, &information);
}

/* One write error, with MongoDB's code in the place of the packed SQLSTATE, and what an insert tells of its document. */
static void fix_error(PGconn *pg, const struct command *command, const bson_t *error, bson_t *fixed)
{
    bson_iter_t iter;
    bson_t document;
    const char *message = "";
    int64_t index = 0;
    int code = 0;
    char state[6];
    bson_iter_init(&iter, error);
    while (bson_iter_next(&iter)) {
        if (strcmp(bson_iter_key(&iter), "code") == 0) {
            error_unpack(bson_iter_as_int64(&iter), state);
            code = error_code(state).code;
            BSON_APPEND_INT32(fixed, "code", code);
            continue;
        }
        if (strcmp(bson_iter_key(&iter), "errmsg") == 0 && BSON_ITER_HOLDS_UTF8(&iter))
            message = bson_iter_utf8(&iter, NULL);
        if (strcmp(bson_iter_key(&iter), "index") == 0)
            index = bson_iter_as_int64(&iter);
        bson_append_iter(fixed, NULL, -1, &iter);
    }
    const bool known = strcmp(command->name, "insert") == 0 && inserted(command, index, &document);
    if (code == 11000 && command->session == NULL)
        add_duplicate(pg, command, message, known ? &document : NULL, fixed);
    if (code == 121)
        add_failing(known ? &document : NULL, fixed);
}

static void fix_errors(PGconn *pg, const struct command *command, bson_iter_t *errors, bson_t *reply)
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
        fix_error(pg, command, &error, &fixed);
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

static void fix(PGconn *pg, const struct command *command, const bson_t *answer, bson_t *reply)
{
    bson_iter_t iter;
    if (refused(answer, reply))
        return;
    bson_iter_init(&iter, answer);
    while (bson_iter_next(&iter)) {
        if (strcmp(bson_iter_key(&iter), "writeErrors") == 0)
            fix_errors(pg, command, &iter, reply);
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
        fix(server_for(client, command), command, &answer, reply);
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
        fix(server_for(client, command), command, &answer, reply);
    PQclear(result);
    bson_destroy(&spec);
}
