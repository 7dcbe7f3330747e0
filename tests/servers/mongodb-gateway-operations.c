/* SPDX-License-Identifier: MIT */
/* What the clients are at: currentOp and killOp. */
#include "mongodb-gateway.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SHOWN = 16384 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct client *clients;

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void operations_enter(struct client *client)
{
    pthread_mutex_lock(&lock);
    client->next = clients;
    clients = client;
    pthread_mutex_unlock(&lock);
}

void operations_leave(struct client *client)
{
    pthread_mutex_lock(&lock);
    struct client **at = &clients;
    while (*at != client)
        at = &(*at)->next;
    *at = client->next;
    pthread_mutex_unlock(&lock);
}

void operations_begin(struct client *client, const struct command *command)
{
    static int32_t last;
    pthread_mutex_lock(&lock);
    client->running = command;
    client->operation = ++last;
    client->since = now_us();
    client->killed = false;
    pthread_mutex_unlock(&lock);
}

void operations_end(struct client *client)
{
    pthread_mutex_lock(&lock);
    client->running = NULL;
    pthread_mutex_unlock(&lock);
}

static const char *kind(const char *name)
{
    static const char *const same[] = {"insert", "update", "getMore"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (strcmp(name, same[i]) == 0)
            return strcmp(name, "getMore") == 0 ? "getmore" : same[i];
    return strcmp(name, "find") == 0 ? "query" : strcmp(name, "delete") == 0 ? "remove" : "command";
}

/* How far an index is, and whether it waits for a lock: what PostgreSQL says of this backend. */
static void add_progress(PGconn *pg, int backend, bson_t *entry)
{
    char pid[16], text[256];
    bson_t ignored = BSON_INITIALIZER, progress;
    snprintf(pid, sizeof pid, "%d", backend);
    const struct value values[] = {value_text(pid)};
    PGresult *result = server_query(
        pg,
        "SELECT (a.wait_event_type = 'Lock')::int::text, p.phase, greatest(p.tuples_done, p.blocks_done)::text, "
        "greatest(p.tuples_total, p.blocks_total)::text FROM pg_stat_activity a LEFT JOIN "
        "pg_stat_progress_create_index p USING (pid) "
        "WHERE a.pid = $1::text::int",
        1, values, &ignored);
    bson_destroy(&ignored);
    BSON_APPEND_BOOL(entry, "waitingForLock",
                     result != NULL && PQntuples(result) == 1 && PQgetvalue(result, 0, 0)[0] == '1');
    if (result != NULL && PQntuples(result) == 1 && !PQgetisnull(result, 0, 1)) {
        const long long done = strtoll(PQgetvalue(result, 0, 2), NULL, 10),
                        total = strtoll(PQgetvalue(result, 0, 3), NULL, 10);
        snprintf(text, sizeof text, "Index Build: %s: %lld/%lld %lld%%", PQgetvalue(result, 0, 1), done, total,
                 total > 0 ? 100 * done / total : 0);
        BSON_APPEND_UTF8(entry, "msg", text);
        BSON_APPEND_DOCUMENT_BEGIN(entry, "progress", &progress);
        BSON_APPEND_INT64(&progress, "done", done);
        BSON_APPEND_INT64(&progress, "total", total);
        bson_append_document_end(entry, &progress);
    }
    PQclear(result);
}

/* Without a password, and cut where it is long: as MongoDB does. It goes through an aggregation: what has a '$' there is literal. */
static void add_command(const struct command *command, bson_t *entry)
{
    bson_t shown = BSON_INITIALIZER, literal;
    if (command->body.len > SHOWN)
        BSON_APPEND_UTF8(&shown, "$truncated", command->name);
    else
        bson_copy_to_excluding_noinit(&command->body, &shown, "pwd", "payload", NULL);
    BSON_APPEND_DOCUMENT_BEGIN(entry, "command", &literal);
    BSON_APPEND_DOCUMENT(&literal, "$literal", &shown);
    bson_append_document_end(entry, &literal);
    bson_destroy(&shown);
}

static void add_entry(PGconn *pg, const struct client *client, bson_t *entry)
{
    char text[1024];
    bson_iter_t iter;
    const struct command *command = client->running;
    BSON_APPEND_UTF8(entry, "type", "op");
    snprintf(text, sizeof text, "127.0.0.1:%d", client->port->number);
    BSON_APPEND_UTF8(entry, "host", text);
    snprintf(text, sizeof text, "conn%lld", (long long)client->id);
    BSON_APPEND_UTF8(entry, "desc", text);
    BSON_APPEND_INT64(entry, "connectionId", client->id);
    if (client->application[0] != '\0')
        BSON_APPEND_UTF8(entry, "appName", client->application);
    BSON_APPEND_BOOL(entry, "active", command != NULL);
    if (command == NULL)
        return;
    BSON_APPEND_INT32(entry, "opid", client->operation);
    if (bson_iter_init_find(&iter, &command->body, "lsid"))
        bson_append_iter(entry, NULL, -1, &iter);
    BSON_APPEND_INT64(entry, "secs_running", (now_us() - client->since) / 1000000);
    BSON_APPEND_INT64(entry, "microsecs_running", now_us() - client->since);
    BSON_APPEND_UTF8(entry, "op", kind(command->name));
    snprintf(text, sizeof text, "%s.%s", command->database,
             command->collection[0] != '\0' ? command->collection : "$cmd");
    BSON_APPEND_UTF8(entry, "ns", text);
    add_command(command, entry);
    add_progress(pg, PQbackendPID(server_for(client, command)), entry);
}

/* What is at work; with `idle`, also who is not. */
static void list(PGconn *pg, bool idle, bson_t *entries)
{
    uint32_t count = 0;
    char key[16];
    bson_t entry;
    pthread_mutex_lock(&lock);
    for (const struct client *client = clients; client != NULL; client = client->next) {
        if (client->running == NULL && !idle)
            continue;
        snprintf(key, sizeof key, "%u", count++);
        bson_append_document_begin(entries, key, -1, &entry);
        add_entry(pg, client, &entry);
        bson_append_document_end(entries, &entry);
    }
    pthread_mutex_unlock(&lock);
}

static bool flag(const bson_t *document, const char *path)
{
    bson_iter_t iter, at;
    return bson_iter_init(&iter, document) && bson_iter_find_descendant(&iter, path, &at) && bson_iter_as_bool(&at);
}

/* The stages after the first, with the list of operations in the place of that. */
static void add_pipeline(const bson_t *entries, bson_iter_t *stages, const bson_t *filter, bson_t *spec)
{
    bson_t pipeline, stage;
    BSON_APPEND_ARRAY_BEGIN(spec, "pipeline", &pipeline);
    BSON_APPEND_DOCUMENT_BEGIN(&pipeline, "0", &stage);
    BSON_APPEND_ARRAY(&stage, "$documents", entries);
    bson_append_document_end(&pipeline, &stage);
    if (filter != NULL) {
        BSON_APPEND_DOCUMENT_BEGIN(&pipeline, "1", &stage);
        BSON_APPEND_DOCUMENT(&stage, "$match", filter);
        bson_append_document_end(&pipeline, &stage);
    }
    while (stages != NULL && bson_iter_next(stages))
        bson_append_iter(&pipeline, NULL, -1, stages);
    bson_append_array_end(spec, &pipeline);
}

static PGresult *select_from(PGconn *pg, const bson_t *entries, bson_iter_t *stages, const bson_t *filter,
                             bson_t *reply)
{
    bson_t spec = BSON_INITIALIZER, cursor;
    BSON_APPEND_INT32(&spec, "aggregate", 1);
    add_pipeline(entries, stages, filter, &spec);
    BSON_APPEND_DOCUMENT_BEGIN(&spec, "cursor", &cursor);
    BSON_APPEND_INT32(&cursor, "batchSize", 100000);
    bson_append_document_end(&spec, &cursor);
    const struct value values[] = {value_bson(&spec)};
    PGresult *result = server_query(
        pg, "SELECT cursorpage FROM documentdb_api.aggregate_cursor_first_page('admin', $1::documentdb_core.bson)", 1,
        values, reply);
    bson_destroy(&spec);
    return result;
}

void operations_current(struct client *client, const struct command *command, bson_t *reply)
{
    bson_t entries = BSON_INITIALIZER, filter = BSON_INITIALIZER, page;
    bson_iter_t iter, at;
    list(client->pg, flag(&command->body, "$all"), &entries);
    bson_copy_to_excluding_noinit(&command->body, &filter, "currentOp", "$all", "$ownOps", "$db", "lsid", "comment",
                                  "$clusterTime", "$readPreference", "maxTimeMS", NULL);
    PGresult *result = select_from(client->pg, &entries, NULL, &filter, reply);
    if (result != NULL && server_document(result, 0, &page) && bson_iter_init(&iter, &page) &&
        bson_iter_find_descendant(&iter, "cursor.firstBatch", &at)) {
        bson_append_iter(reply, "inprog", -1, &at);
        reply_ok(reply);
    }
    PQclear(result);
    bson_destroy(&entries);
    bson_destroy(&filter);
}

bool operations_aggregate(struct client *client, const struct command *command, bson_t *reply)
{
    bson_iter_t iter, stages;
    bson_t entries = BSON_INITIALIZER, page;
    if (!bson_iter_init(&iter, &command->body) || !bson_iter_find_descendant(&iter, "pipeline.0.$currentOp", &stages))
        return false;
    list(client->pg, flag(&command->body, "pipeline.0.$currentOp.idleConnections"), &entries);
    bson_iter_init_find(&iter, &command->body, "pipeline");
    bson_iter_recurse(&iter, &stages);
    bson_iter_next(&stages);
    PGresult *result = select_from(client->pg, &entries, &stages, NULL, reply);
    if (result != NULL && server_document(result, 0, &page))
        bson_concat(reply, &page);
    PQclear(result);
    bson_destroy(&entries);
    return true;
}

void operations_kill(struct client *client, const struct command *command, bson_t *reply)
{
    char reason[256];
    const int64_t operation = command_number(command, "op", 0);
    (void)client;
    pthread_mutex_lock(&lock);
    for (struct client *other = clients; other != NULL; other = other->next) {
        if (other->running == NULL || other->operation != operation)
            continue;
        PGcancel *cancel = PQgetCancel(server_for(other, other->running));
        other->killed = true;
        if (cancel != NULL)
            PQcancel(cancel, reason, sizeof reason);
        PQfreeCancel(cancel);
    }
    pthread_mutex_unlock(&lock);
    BSON_APPEND_UTF8(reply, "info", "attempting to kill op");
    reply_ok(reply);
}
