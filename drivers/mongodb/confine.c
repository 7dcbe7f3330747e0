/* SPDX-License-Identifier: MIT */
/* Where a command says itself in which database something lies. */
#include <string.h>

#include "apply.h"
#include "command.h"
#include "json.h"

/* The database that files speak of. */
static const char *home_of(const struct dara_conn *conn)
{
    return conn->scratch_home ? conn->scratch_home : conn->database;
}

/* "users" and "home.users" are both the collection users of the database that is connected to. */
static void add_whole(const struct dara_conn *conn, const char *name, struct mongodb_buffer *out)
{
    const char *home = home_of(conn);
    size_t length = strlen(home);
    if (strncmp(name, home, length) == 0 && name[length] == '.')
        name += length + 1;
    mongodb_buffer_format(out, "%s.%s", conn->database, name);
}

static void append_whole(const struct dara_conn *conn, const char *key, const bson_iter_t *name, bson_t *to)
{
    struct mongodb_buffer whole = {0};
    add_whole(conn, bson_iter_utf8(name, NULL), &whole);
    BSON_APPEND_UTF8(to, key, mongodb_buffer_get(&whole));
    mongodb_buffer_free(&whole);
}

static void build_rename(const struct dara_conn *conn, const bson_t *from, bson_t *to)
{
    bson_iter_t field;
    for (bool any = bson_iter_init(&field, from); any && bson_iter_next(&field);) {
        const char *key = bson_iter_key(&field);
        bool name = strcmp(key, "renameCollection") == 0 || strcmp(key, "to") == 0;
        if (name && BSON_ITER_HOLDS_UTF8(&field))
            append_whole(conn, key, &field, to);
        else
            bson_append_iter(to, NULL, 0, &field);
    }
}

/* {"ns": "database.collection", …} */
static void build_space(const struct dara_conn *conn, bson_iter_t *space, bson_t *to)
{
    bson_iter_t field;
    for (bool any = bson_iter_recurse(space, &field); any && bson_iter_next(&field);) {
        if (strcmp(bson_iter_key(&field), "ns") == 0 && BSON_ITER_HOLDS_UTF8(&field))
            append_whole(conn, "ns", &field, to);
        else
            bson_append_iter(to, NULL, 0, &field);
    }
}

static void build_bulk(const struct dara_conn *conn, const bson_t *from, bson_t *to)
{
    bson_iter_t field, item;
    bson_t list, space;
    for (bool any = bson_iter_init(&field, from); any && bson_iter_next(&field);) {
        if (strcmp(bson_iter_key(&field), "nsInfo") != 0 || !BSON_ITER_HOLDS_ARRAY(&field)) {
            bson_append_iter(to, NULL, 0, &field);
            continue;
        }
        BSON_APPEND_ARRAY_BEGIN(to, "nsInfo", &list);
        for (bool more = bson_iter_recurse(&field, &item); more && bson_iter_next(&item);) {
            BSON_APPEND_DOCUMENT_BEGIN(&list, bson_iter_key(&item), &space);
            build_space(conn, &item, &space);
            bson_append_document_end(&list, &space);
        }
        bson_append_array_end(to, &list);
    }
}

/* ---- scratch ------------------------------------------------------------------------------------------------------------------------ */

static int refuse(const char *why)
{
    dara_error_set(DARA_EUNSUPPORTED, "it is not rehearsed on a scratch database: %s", why);
    return DARA_EUNSUPPORTED;
}

/* Whether a stage of a pipeline writes to a database that it names. */
static bool names_database(const bson_t *command)
{
    bson_iter_t pipeline, stage, field, inside;
    bool any = bson_iter_init_find(&pipeline, command, "pipeline") && BSON_ITER_HOLDS_ARRAY(&pipeline) &&
               bson_iter_recurse(&pipeline, &stage);
    while (any && bson_iter_next(&stage)) {
        if (!BSON_ITER_HOLDS_DOCUMENT(&stage) || !bson_iter_recurse(&stage, &field))
            continue;
        while (bson_iter_next(&field)) {
            bool writes = strcmp(bson_iter_key(&field), "$out") == 0 || strcmp(bson_iter_key(&field), "$merge") == 0;
            if (!writes || !BSON_ITER_HOLDS_DOCUMENT(&field))
                continue;
            if (bson_iter_recurse(&field, &inside) && bson_iter_find(&inside, "db"))
                return true;
            if (bson_iter_recurse(&field, &inside) && bson_iter_find(&inside, "into") &&
                BSON_ITER_HOLDS_DOCUMENT(&inside))
                return true;
        }
    }
    return false;
}

static int check_scratch(const struct mongodb_command *command)
{
    bool reads = (command->flags & DARA_STATEMENT_READS) != 0;
    bool known = strcmp(command->name, "renameCollection") == 0 || strcmp(command->name, "bulkWrite") == 0;
    if (command->flags & DARA_STATEMENT_UNREAD)
        return refuse("what the command does is not known");
    if (command->flags & DARA_STATEMENT_ELSEWHERE || (command->admin && !known && !reads))
        return refuse("the command is about the server");
    if (names_database(command->document))
        return refuse("the command names the database that it writes to");
    if (strncmp(command->name, "mapReduce", 3) == 0 && !reads)
        return refuse("the command names the database that it writes to, or may");
    return 0;
}

int mongodb_confine(const struct dara_conn *conn, const struct mongodb_command *command, bson_t **ret_sent)
{
    int code = conn->scratch ? check_scratch(command) : 0;
    if (code)
        return code;
    bson_t *sent = bson_new();
    bson_iter_t cursor;
    if (strcmp(command->name, "renameCollection") == 0)
        build_rename(conn, command->document, sent);
    else if (strcmp(command->name, "bulkWrite") == 0)
        build_bulk(conn, command->document, sent);
    else
        bson_concat(sent, command->document);
    if (strcmp(command->name, "aggregate") == 0 && !bson_iter_init_find(&cursor, sent, "cursor") &&
        !bson_iter_init_find(&cursor, sent, "explain")) {
        bson_t empty = BSON_INITIALIZER;
        BSON_APPEND_DOCUMENT(sent, "cursor", &empty);
    }
    *ret_sent = sent;
    return 0;
}
