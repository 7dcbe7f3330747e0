/* SPDX-License-Identifier: MIT */
/* What the server lists: one sweep over the collections, one pass over their indexes. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "introspect.h"

/* Connections that ask for indexes at once, and how many collections make another one worth its login. */
enum { CONNECTIONS = 6, EACH = 12, UNAUTHORIZED = 13, NOT_FOUND = 26 };

/* ---- collections -------------------------------------------------------------------------------------------------------------------- */

static const char *text(const bson_t *document, const char *name)
{
    bson_iter_t value;
    bool there = bson_iter_init_find(&value, document, name) && BSON_ITER_HOLDS_UTF8(&value);
    return there ? bson_iter_utf8(&value, NULL) : NULL;
}

static bool is_hidden(const char *name)
{
    return strncmp(name, "system.", 7) == 0 || strcmp(name, MONGODB_HISTORY) == 0 ||
           strcmp(name, MONGODB_JOURNAL) == 0 || strcmp(name, MONGODB_LOCK) == 0;
}

static void *larger(void *items, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return items;
    *room = *room ? *room * 2 : 16;
    return bson_realloc(items, *room * size);
}

static void add_entry(struct mongodb_sweep *sweep, const bson_t *entry)
{
    const char *name = text(entry, "name");
    if (!name || is_hidden(name))
        return;
    sweep->items = larger(sweep->items, sweep->count, &sweep->room, sizeof(*sweep->items));
    struct mongodb_found *found = &sweep->items[sweep->count++];
    *found = (struct mongodb_found){.entry = bson_copy(entry)};
    found->name = text(found->entry, "name");
    found->type = text(found->entry, "type");
    if (!found->type)
        found->type = "collection";
}

int mongodb_sweep_collections(struct dara_conn *conn, struct mongodb_sweep *sweep, bool *ret_denied)
{
    static const char doing[] = "cannot list the collections";
    bson_t *command = BCON_NEW("listCollections", BCON_INT32(1), "cursor", "{", "}");
    mongoc_cursor_t *cursor = NULL;
    const bson_t *entry = NULL;
    int code = mongodb_cursor(conn, NULL, command, MONGODB_RUN_APART, doing, &cursor);
    bson_destroy(command);
    while (!code && mongoc_cursor_next(cursor, &entry))
        add_entry(sweep, entry);
    code = code ? code : mongodb_cursor_check(conn, cursor, doing);
    if (cursor)
        mongoc_cursor_destroy(cursor);
    *ret_denied = code && mongodb_error_number() == UNAUTHORIZED;
    return code;
}

void mongodb_sweep_free(struct mongodb_sweep *sweep)
{
    for (size_t i = 0; i < sweep->count; i++) {
        struct mongodb_found *found = &sweep->items[i];
        for (size_t k = 0; k < found->index_count; k++)
            bson_destroy(found->indexes[k]);
        bson_free(found->indexes);
        free(found->denied);
        bson_destroy(found->entry);
    }
    bson_free(sweep->items);
    *sweep = (struct mongodb_sweep){0};
}

/* ---- indexes ------------------------------------------------------------------------------------------------------------------------ */

static int take_failure(struct mongodb_found *found, int code)
{
    int number = mongodb_error_number();
    if (number == NOT_FOUND) {
        found->gone = true;
    } else if (number == UNAUTHORIZED) {
        found->denied = mongodb_copy(dara_error_last()->message);
        if (!found->denied)
            return DARA_EINTERNAL;
    } else {
        return code;
    }
    dara_error_clear();
    return 0;
}

static int read_indexes(struct dara_conn *conn, struct mongodb_found *found)
{
    static const char doing[] = "cannot list the indexes";
    bson_t *command = BCON_NEW("listIndexes", BCON_UTF8(found->name), "cursor", "{", "}");
    mongoc_cursor_t *cursor = NULL;
    const bson_t *spec = NULL;
    int code = mongodb_cursor(conn, NULL, command, MONGODB_RUN_APART, doing, &cursor);
    bson_destroy(command);
    while (!code && mongoc_cursor_next(cursor, &spec)) {
        found->indexes = larger(found->indexes, found->index_count, &found->index_room, sizeof(*found->indexes));
        found->indexes[found->index_count++] = bson_copy(spec);
    }
    code = code ? code : mongodb_cursor_check(conn, cursor, doing);
    if (cursor)
        mongoc_cursor_destroy(cursor);
    return code ? take_failure(found, code) : 0;
}

/* What the threads share. Each takes the next collection that nobody has taken; the first that fails stops all. */
struct work {
    struct dara_conn *conn;
    struct mongodb_sweep *sweep;
    atomic_size_t next;
    atomic_bool stopped;
};

/* Errors belong to a thread: what a helper finds is kept here and set again by the one that waits for it. */
struct helper {
    struct work *work;
    pthread_t thread;
    int code;
    char message[512], native[64];
};

static int work_on(struct work *work, struct dara_conn *conn)
{
    int code = 0;
    while (!code && !atomic_load(&work->stopped) && !work->conn->cancelled) {
        size_t at = atomic_fetch_add(&work->next, 1);
        if (at >= work->sweep->count)
            break;
        if (strcmp(work->sweep->items[at].type, "view") != 0)
            code = read_indexes(conn, &work->sweep->items[at]);
    }
    if (code)
        atomic_store(&work->stopped, true);
    return code;
}

/* Over a client of its own: one is never used by two threads. */
static void *help(void *argument)
{
    struct helper *helper = argument;
    const struct dara_conn *conn = helper->work->conn;
    struct dara_conn own = {
        .uri = conn->uri, .application = conn->application, .database = conn->database, .mode = DARA_MODE_READ};
    own.client = mongodb_client_new(&own);
    helper->code = own.client ? work_on(helper->work, &own) : DARA_ECONNECT;
    const struct dara_error *error = helper->code ? dara_error_last() : NULL;
    if (error) {
        snprintf(helper->message, sizeof(helper->message), "%s", error->message);
        snprintf(helper->native, sizeof(helper->native), "%s", error->native ? error->native : "");
    }
    if (own.client)
        mongoc_client_destroy(own.client);
    return NULL;
}

int mongodb_sweep_indexes(struct dara_conn *conn, struct mongodb_sweep *sweep)
{
    struct work work = {.conn = conn, .sweep = sweep};
    struct helper helpers[CONNECTIONS - 1];
    size_t wanted = sweep->count / EACH, begun = 0;
    wanted = wanted < CONNECTIONS - 1 ? wanted : CONNECTIONS - 1;
    for (; begun < wanted; begun++) {
        helpers[begun] = (struct helper){.work = &work};
        if (pthread_create(&helpers[begun].thread, NULL, help, &helpers[begun]))
            break; /* those that there are do all of it */
    }
    int code = work_on(&work, conn);
    for (size_t i = 0; i < begun; i++) {
        pthread_join(helpers[i].thread, NULL);
        if (code || !helpers[i].code)
            continue;
        code = dara_error_set(helpers[i].code, "%s", helpers[i].message);
        if (*helpers[i].native)
            dara_error_native("%s", helpers[i].native);
    }
    if (!code && conn->cancelled)
        return dara_error_set(DARA_EINTERRUPTED, "interrupted");
    return code;
}
