/* SPDX-License-Identifier: MIT */
/* The history: one document for each kind and version. */
#include <string.h>

#include "apply.h"
#include "own.h"

int mongodb_apply_history_ensure(struct dara_conn *conn)
{
    return mongodb_own_ensure(conn, MONGODB_HISTORY);
}

static void add_entry(struct dara_history *history, const bson_t *document)
{
#define TEXT(path) (mongodb_own_text(document, path) ? mongodb_own_text(document, path) : "")
    dara_history_add(history, &(struct dara_history_entry){
                                  .size = sizeof(struct dara_history_entry),
                                  .kind = TEXT("_id.kind"),
                                  .version = TEXT("_id.version"),
                                  .name = TEXT("name"),
                                  .state = TEXT("state"),
                                  .checksum = TEXT("checksum"),
                                  .fingerprint = mongodb_own_text(document, "fingerprint"),
                                  .applied_at = TEXT("applied_at"),
                                  .applied_by = TEXT("applied_by"),
                                  .tool = TEXT("tool"),
                                  .duration_ms = mongodb_own_number(document, "duration_ms"),
                              });
#undef TEXT
}

int mongodb_apply_history_list(struct dara_conn *conn, struct dara_history *history)
{
    bson_t *command = BCON_NEW("find", BCON_UTF8(MONGODB_HISTORY), "sort", "{", "place", BCON_INT32(1), "}");
    mongoc_cursor_t *cursor = NULL;
    const bson_t *document = NULL;
    int code = mongodb_cursor(conn, NULL, command, 0, "cannot read the history", &cursor);
    bson_destroy(command);
    if (code)
        return code;
    while (mongoc_cursor_next(cursor, &document))
        add_entry(history, document);
    code = mongodb_cursor_check(conn, cursor, "cannot read the history");
    mongoc_cursor_destroy(cursor);
    return code;
}

/* ---- writing ------------------------------------------------------------------------------------------------------------------------ */

/* What is there of an entry already. */
static int find_old(struct dara_conn *conn, const struct dara_history_entry *entry, bool *ret_applied,
                    int64_t *ret_place)
{
    bson_t *command = BCON_NEW("find", BCON_UTF8(MONGODB_HISTORY), "filter", "{", "_id", "{", "kind",
                               BCON_UTF8(entry->kind), "version", BCON_UTF8(entry->version), "}", "}");
    mongoc_cursor_t *cursor = NULL;
    const bson_t *document = NULL;
    int code = mongodb_cursor(conn, NULL, command, 0, "cannot read the history", &cursor);
    bson_destroy(command);
    if (code)
        return code;
    if (mongoc_cursor_next(cursor, &document)) {
        const char *state = mongodb_own_text(document, "state");
        *ret_applied = state && strcmp(state, "applied") == 0;
        *ret_place = mongodb_own_number(document, "place");
    }
    code = mongodb_cursor_check(conn, cursor, "cannot read the history");
    mongoc_cursor_destroy(cursor);
    return code;
}

static void append_entry(bson_t *list, const char *key, const struct dara_history_entry *entry, int64_t place)
{
    bson_t update, query, id, document;
    BSON_APPEND_DOCUMENT_BEGIN(list, key, &update);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "q", &query);
    BSON_APPEND_DOCUMENT_BEGIN(&query, "_id", &id);
    BSON_APPEND_UTF8(&id, "kind", entry->kind);
    BSON_APPEND_UTF8(&id, "version", entry->version);
    bson_append_document_end(&query, &id);
    bson_append_document_end(&update, &query);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "u", &document);
    const char *const fields[][2] = {{"name", entry->name},
                                     {"state", entry->state},
                                     {"checksum", entry->checksum},
                                     {"fingerprint", entry->fingerprint},
                                     {"applied_at", entry->applied_at},
                                     {"applied_by", entry->applied_by},
                                     {"tool", entry->tool}};
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        mongodb_own_append(&document, fields[i][0], fields[i][1]);
    BSON_APPEND_INT64(&document, "duration_ms", entry->duration_ms);
    BSON_APPEND_INT64(&document, "place", place);
    bson_append_document_end(&update, &document);
    BSON_APPEND_BOOL(&update, "upsert", true);
    bson_append_document_end(list, &update);
}

/* `place` gives the order: an entry keeps its place when its state changes, and goes to the end when it is applied again. */
static int append_all(struct dara_conn *conn, const struct dara_history_entry *entries, size_t count, bson_t *list)
{
    int64_t last = 0;
    int code = mongodb_own_largest(conn, MONGODB_HISTORY, "place", &last);
    for (size_t i = 0; !code && i < count; i++) {
        char room[16];
        const char *key = NULL;
        bool was_applied = false;
        int64_t place = 0;
        code = find_old(conn, &entries[i], &was_applied, &place);
        bool again = place && !was_applied && strcmp(entries[i].state, "applied") == 0;
        bson_uint32_to_string((uint32_t)i, &key, room, sizeof(room));
        if (!code)
            append_entry(list, key, &entries[i], !place || again ? ++last : place);
    }
    return code;
}

int mongodb_apply_history_record_all(struct dara_conn *conn, const struct dara_history_entry *entries, size_t count)
{
    bson_t command = BSON_INITIALIZER, list;
    if (!count)
        return 0;
    int code = mongodb_lease_check(conn);
    BSON_APPEND_UTF8(&command, "update", MONGODB_HISTORY);
    BSON_APPEND_ARRAY_BEGIN(&command, "updates", &list);
    code = code ? code : append_all(conn, entries, count, &list);
    bson_append_array_end(&command, &list);
    code = code ? code : mongodb_run(conn, NULL, &command, MONGODB_RUN_WRITES, "cannot write the history", NULL);
    bson_destroy(&command);
    return code;
}

int mongodb_apply_history_record(struct dara_conn *conn, const struct dara_history_entry *entry)
{
    return mongodb_apply_history_record_all(conn, entry, 1);
}
