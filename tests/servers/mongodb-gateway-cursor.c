/* SPDX-License-Identifier: MIT */
/* Cursors: what comes first, and what comes more. Where a cursor stands is a document that DocumentDB wants to have back. */
#include "mongodb-gateway.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

struct cursor {
    int64_t id;
    bson_t *continuation;
    struct cursor *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct cursor *cursors;

static void remember(int64_t id, const bson_t *continuation)
{
    struct cursor *cursor = malloc(sizeof *cursor);
    if (cursor == NULL)
        return;
    cursor->id = id;
    cursor->continuation = bson_copy(continuation);
    pthread_mutex_lock(&lock);
    cursor->next = cursors;
    cursors = cursor;
    pthread_mutex_unlock(&lock);
}

/* Take a cursor out: one getMore at a time has it. NULL: there is none. */
static bson_t *take(int64_t id)
{
    bson_t *continuation = NULL;
    pthread_mutex_lock(&lock);
    for (struct cursor **at = &cursors; *at != NULL; at = &(*at)->next) {
        struct cursor *cursor = *at;
        if (cursor->id != id)
            continue;
        *at = cursor->next;
        continuation = cursor->continuation;
        free(cursor);
        break;
    }
    pthread_mutex_unlock(&lock);
    return continuation;
}

static const char *first_page(const char *name)
{
    if (strcmp(name, "find") == 0)
        return "find_cursor_first_page";
    if (strcmp(name, "aggregate") == 0)
        return "aggregate_cursor_first_page";
    if (strcmp(name, "listCollections") == 0)
        return "list_collections_cursor_first_page";
    return "list_indexes_cursor_first_page";
}

/* The page is the reply; where it is not the last one, the rest is remembered. */
static void answer(const PGresult *result, int64_t id, bson_t *reply)
{
    bson_t page, continuation;
    if (server_document(result, 0, &page))
        bson_concat(reply, &page);
    if (id != 0 && server_document(result, 1, &continuation))
        remember(id, &continuation);
}

void cursor_first(struct client *client, const struct command *command, bson_t *reply)
{
    char sql[256];
    bson_t spec;
    int64_t id = 0;
    if (strcmp(command->name, "aggregate") == 0 && operations_aggregate(client, command, reply))
        return;
    command_spec(command, &spec);
    snprintf(sql, sizeof sql,
             "SELECT cursorpage, continuation, cursorid FROM documentdb_api.%s($1::text, $2::documentdb_core.bson)",
             first_page(command->name));
    const struct value values[] = {value_text(command->database), value_bson(&spec)};
    PGresult *result = server_query(server_for(client, command), sql, 2, values, reply);
    if (result != NULL) {
        if (!PQgetisnull(result, 0, 2))
            memcpy(&id, PQgetvalue(result, 0, 2), sizeof id);
        answer(result, (int64_t)be64toh((uint64_t)id), reply);
        PQclear(result);
    }
    bson_destroy(&spec);
}

void cursor_more(struct client *client, const struct command *command, bson_t *reply)
{
    const int64_t id = command_number(command, "getMore", 0);
    bson_t *continuation = take(id);
    if (continuation == NULL) {
        reply_fail(reply, 43, "cursor id %lld not found", (long long)id);
        return;
    }
    bson_t spec;
    command_spec(command, &spec);
    const struct value values[] = {value_text(command->database), value_bson(&spec), value_bson(continuation)};
    PGresult *result = server_query(server_for(client, command),
                                    "SELECT cursorpage, continuation FROM documentdb_api.cursor_get_more($1::text, "
                                    "$2::documentdb_core.bson, $3::documentdb_core.bson)",
                                    3, values, reply);
    if (result != NULL)
        answer(result, id, reply);
    PQclear(result);
    bson_destroy(continuation);
    bson_destroy(&spec);
}

void cursor_kill(struct client *client, const struct command *command, bson_t *reply)
{
    bson_iter_t iter, each;
    bson_t killed = BSON_INITIALIZER, missing = BSON_INITIALIZER, none = BSON_INITIALIZER;
    (void)client;
    if (bson_iter_init_find(&iter, &command->body, "cursors") && bson_iter_recurse(&iter, &each)) {
        while (bson_iter_next(&each)) {
            bson_t *continuation = take(bson_iter_as_int64(&each));
            bson_t *list = continuation != NULL ? &killed : &missing;
            char key[16];
            snprintf(key, sizeof key, "%u", bson_count_keys(list));
            BSON_APPEND_INT64(list, key, bson_iter_as_int64(&each));
            if (continuation != NULL)
                bson_destroy(continuation);
        }
    }
    BSON_APPEND_ARRAY(reply, "cursorsKilled", &killed);
    BSON_APPEND_ARRAY(reply, "cursorsNotFound", &missing);
    BSON_APPEND_ARRAY(reply, "cursorsAlive", &none);
    BSON_APPEND_ARRAY(reply, "cursorsUnknown", &none);
    reply_ok(reply);
    bson_destroy(&killed);
    bson_destroy(&missing);
    bson_destroy(&none);
}
