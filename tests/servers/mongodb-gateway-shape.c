/* SPDX-License-Identifier: MIT */
/* DocumentDB's answers in the form of MongoDB's: the same facts under the same names and types. */
#include "mongodb-gateway.h"

#include <string.h>

static void move(bson_t *from, bson_t *to)
{
    bson_reinit(to);
    bson_concat(to, from);
    bson_destroy(from);
}

/* `ok` is a double. */
static void shape_ok(bson_t *reply)
{
    bson_iter_t iter;
    bson_t shaped = BSON_INITIALIZER;
    if (!bson_iter_init_find(&iter, reply, "ok") || BSON_ITER_HOLDS_DOUBLE(&iter))
        return;
    const bool ok = bson_iter_as_bool(&iter);
    bson_copy_to_excluding_noinit(reply, &shaped, "ok", NULL);
    BSON_APPEND_DOUBLE(&shaped, "ok", ok);
    move(&shaped, reply);
}

/* What a shard said, where there is one shard and no mongos. */
static void shape_raw(bson_t *reply)
{
    bson_iter_t iter, at;
    const uint8_t *data;
    uint32_t size;
    bson_t inner, shaped = BSON_INITIALIZER;
    if (!bson_iter_init(&iter, reply) || !bson_iter_find_descendant(&iter, "raw.defaultShard", &at) ||
        !BSON_ITER_HOLDS_DOCUMENT(&at))
        return;
    bson_iter_document(&at, &size, &data);
    if (bson_init_static(&inner, data, size))
        bson_concat(&shaped, &inner);
    move(&shaped, reply);
}

typedef void (*change)(const struct command *command, const bson_t *document, bson_t *changed);

/* How DocumentDB stores an index is nobody's option. */
static void change_index(const struct command *command, const bson_t *document, bson_t *changed)
{
    bson_iter_t iter, at;
    bson_t options;
    const bool own =
        bson_iter_init(&iter, document) && bson_iter_find_descendant(&iter, "storageEngine.enableOrderedIndex", &at);
    if (own)
        bson_copy_to_excluding_noinit(document, changed, "storageEngine", NULL);
    else
        bson_concat(changed, document);
    keep_options(command->database, command->collection, &options);
    if (bson_has_field(&options, "clusteredIndex") && bson_iter_init_find(&iter, document, "name") &&
        strcmp(bson_iter_utf8(&iter, NULL), "_id_") == 0) {
        BSON_APPEND_BOOL(changed, "unique", true);
        BSON_APPEND_BOOL(changed, "clustered", true);
    }
    bson_destroy(&options);
}

static void add_options(bson_iter_t *at, const bson_t *kept, bson_t *changed)
{
    const uint8_t *data;
    uint32_t size;
    bson_t options, own;
    bson_iter_document(at, &size, &data);
    BSON_APPEND_DOCUMENT_BEGIN(changed, "options", &options);
    bson_concat(&options, kept);
    if (bson_init_static(&own, data, size))
        bson_concat(&options, &own);
    bson_append_document_end(changed, &options);
}

/* A view has no index of its own, nor has a time series; what the gateway keeps is shown before the rest. */
static void change_collection(const struct command *command, const bson_t *document, bson_t *changed)
{
    bson_iter_t iter;
    bson_t kept;
    const char *name = bson_iter_init_find(&iter, document, "name") ? bson_iter_utf8(&iter, NULL) : "";
    keep_options(command->database, name, &kept);
    const bool series = bson_has_field(&kept, "timeseries");
    bson_iter_init(&iter, document);
    while (bson_iter_next(&iter)) {
        const char *key = bson_iter_key(&iter);
        if (strcmp(key, "options") == 0 && BSON_ITER_HOLDS_DOCUMENT(&iter))
            add_options(&iter, &kept, changed);
        else if (strcmp(key, "type") == 0 && series)
            BSON_APPEND_UTF8(changed, "type", "timeseries");
        else if (strcmp(key, "idIndex") != 0 || (!series && BSON_ITER_HOLDS_DOCUMENT(&iter)))
            bson_append_iter(changed, NULL, -1, &iter);
    }
    bson_destroy(&kept);
}

static void change_batch(const struct command *command, bson_iter_t *batch, change how, bson_t *cursor)
{
    bson_iter_t each;
    bson_t list;
    bson_append_array_begin(cursor, bson_iter_key(batch), -1, &list);
    bson_iter_recurse(batch, &each);
    while (bson_iter_next(&each)) {
        const uint8_t *data;
        uint32_t size;
        bson_t document, changed;
        bson_iter_document(&each, &size, &data);
        bson_append_document_begin(&list, bson_iter_key(&each), -1, &changed);
        if (bson_init_static(&document, data, size))
            how(command, &document, &changed);
        bson_append_document_end(&list, &changed);
    }
    bson_append_array_end(cursor, &list);
}

/* Change each document of the first batch. */
static void shape_batch(const struct command *command, bson_t *reply, change how)
{
    bson_iter_t iter, each;
    bson_t shaped = BSON_INITIALIZER, cursor;
    if (!bson_iter_init_find(&iter, reply, "cursor") || !bson_iter_recurse(&iter, &each))
        return;
    BSON_APPEND_DOCUMENT_BEGIN(&shaped, "cursor", &cursor);
    while (bson_iter_next(&each)) {
        if (BSON_ITER_HOLDS_ARRAY(&each))
            change_batch(command, &each, how, &cursor);
        else
            bson_append_iter(&cursor, NULL, -1, &each);
    }
    bson_append_document_end(&shaped, &cursor);
    bson_copy_to_excluding_noinit(reply, &shaped, "cursor", NULL);
    move(&shaped, reply);
}

void shape_reply(const struct client *client, const struct command *command, bson_t *reply)
{
    if (reply_failed(reply))
        return;
    if (strcmp(command->name, "listIndexes") == 0)
        shape_batch(command, reply, change_index);
    if (strcmp(command->name, "listCollections") == 0)
        shape_batch(command, reply, change_collection);
    if (strcmp(command->name, "createIndexes") == 0 && client->port->topology != TOPOLOGY_MONGOS)
        shape_raw(reply);
    shape_ok(reply);
}
