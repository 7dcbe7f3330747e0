/* SPDX-License-Identifier: MIT */
/* The journal: one document for each run, place and piece. */
#include <string.h>

#include "apply.h"
#include "own.h"

enum { BATCH = 32 }; /* entries in one command, of which each may have a text of a quarter of a mebibyte */

int mongodb_apply_journal_ensure(struct dara_conn *conn)
{
    return mongodb_own_ensure(conn, MONGODB_JOURNAL);
}

/* ---- reading ------------------------------------------------------------------------------------------------------------------------ */

static void add_entry(struct dara_journal *journal, const bson_t *document)
{
    dara_journal_add(journal, &(struct dara_journal_entry){
                                  .size = sizeof(struct dara_journal_entry),
                                  .run = mongodb_own_text(document, "_id.run"),
                                  .place = (unsigned)mongodb_own_number(document, "_id.place"),
                                  .piece = (unsigned)mongodb_own_number(document, "_id.piece"),
                                  .kind = mongodb_own_text(document, "kind"),
                                  .version = mongodb_own_text(document, "version"),
                                  .name = mongodb_own_text(document, "name"),
                                  .statement = (unsigned)mongodb_own_number(document, "statement"),
                                  .total = (unsigned)mongodb_own_number(document, "total"),
                                  .checksum = mongodb_own_text(document, "checksum"),
                                  .text = mongodb_own_text(document, "text"),
                                  .state = mongodb_own_text(document, "state"),
                                  .error = mongodb_own_text(document, "error"),
                                  .started_at = mongodb_own_text(document, "started_at"),
                                  .finished_at = mongodb_own_text(document, "finished_at"),
                                  .owner = mongodb_own_text(document, "owner"),
                                  .tool = mongodb_own_text(document, "tool"),
                                  .rows = mongodb_own_number(document, "rows"),
                                  .duration_us = mongodb_own_number(document, "duration_us"),
                              });
}

/* Each document that a find gives. */
static int each(struct dara_conn *conn, bson_t *command, void (*put)(void *context, const bson_t *document),
                void *context)
{
    static const char doing[] = "cannot read the journal";
    mongoc_cursor_t *cursor = NULL;
    const bson_t *document = NULL;
    int code = mongodb_cursor(conn, NULL, command, 0, doing, &cursor);
    bson_destroy(command);
    if (code)
        return code;
    while (mongoc_cursor_next(cursor, &document))
        put(context, document);
    code = mongodb_cursor_check(conn, cursor, doing);
    mongoc_cursor_destroy(cursor);
    return code;
}

static void put_entry(void *context, const bson_t *document)
{
    if (mongodb_own_text(document, "_id.run"))
        add_entry(context, document);
}

static void put_run(void *context, const bson_t *document)
{
    bson_t *runs = context;
    const char *run = mongodb_own_text(document, "_id.run");
    if (run)
        BSON_APPEND_UTF8(runs, "run", run);
}

/* Runs in the order they began; the document's field "run" as often as there are some. */
static int list_runs(struct dara_conn *conn, bson_t *runs)
{
    return each(conn,
                BCON_NEW("find", BCON_UTF8(MONGODB_JOURNAL), "filter", "{", "_id.place", BCON_INT64(0), "_id.piece",
                         BCON_INT64(0), "}", "projection", "{", "began", BCON_INT32(1), "}", "sort", "{", "began",
                         BCON_INT32(1), "_id", BCON_INT32(1), "}"),
                put_run, runs);
}

static bson_t *find_run(const char *run, bool pieces)
{
    bson_t *command = bson_new(), filter;
    BSON_APPEND_UTF8(command, "find", MONGODB_JOURNAL);
    BSON_APPEND_DOCUMENT_BEGIN(command, "filter", &filter);
    BSON_APPEND_UTF8(&filter, "_id.run", run);
    if (!pieces)
        BSON_APPEND_INT64(&filter, "_id.piece", 0);
    bson_append_document_end(command, &filter);
    BCON_APPEND(command, "sort", "{", "_id", BCON_INT32(1), "}");
    return command;
}

int mongodb_apply_journal_list(struct dara_conn *conn, bool pieces, struct dara_journal *journal)
{
    bson_t runs = BSON_INITIALIZER;
    bson_iter_t run;
    int code = list_runs(conn, &runs);
    for (bool any = !code && bson_iter_init(&run, &runs); !code && any && bson_iter_next(&run);)
        code = each(conn, find_run(bson_iter_utf8(&run, NULL), pieces), put_entry, journal);
    bson_destroy(&runs);
    return code;
}

/* ---- writing ------------------------------------------------------------------------------------------------------------------------ */

static void append_fields(bson_t *set, const struct dara_journal_entry *entry)
{
    const char *const fields[][2] = {{"kind", entry->kind},
                                     {"version", entry->version},
                                     {"name", entry->name},
                                     {"checksum", entry->checksum},
                                     {"state", entry->state},
                                     {"error", entry->error},
                                     {"started_at", entry->started_at},
                                     {"finished_at", entry->finished_at},
                                     {"owner", entry->owner},
                                     {"tool", entry->tool}};
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        mongodb_own_append(set, fields[i][0], fields[i][1]);
    if (entry->text)
        BSON_APPEND_UTF8(set, "text", entry->text);
    BSON_APPEND_INT64(set, "statement", entry->statement);
    BSON_APPEND_INT64(set, "total", entry->total);
    BSON_APPEND_INT64(set, "rows", entry->rows);
    BSON_APPEND_INT64(set, "duration_us", entry->duration_us);
}

static void append_entry(bson_t *list, const char *key, const struct dara_journal_entry *entry, int64_t began)
{
    bson_t update, query, id, change, set, first;
    BSON_APPEND_DOCUMENT_BEGIN(list, key, &update);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "q", &query);
    BSON_APPEND_DOCUMENT_BEGIN(&query, "_id", &id);
    BSON_APPEND_UTF8(&id, "run", entry->run);
    BSON_APPEND_INT64(&id, "place", entry->place);
    BSON_APPEND_INT64(&id, "piece", entry->piece);
    bson_append_document_end(&query, &id);
    bson_append_document_end(&update, &query);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "u", &change);
    BSON_APPEND_DOCUMENT_BEGIN(&change, "$set", &set);
    append_fields(&set, entry);
    bson_append_document_end(&change, &set);
    BSON_APPEND_DOCUMENT_BEGIN(&change, "$setOnInsert", &first);
    BSON_APPEND_INT64(&first, "began", began);
    bson_append_document_end(&change, &first);
    bson_append_document_end(&update, &change);
    BSON_APPEND_BOOL(&update, "upsert", true);
    bson_append_document_end(list, &update);
}

static int record_some(struct dara_conn *conn, const struct dara_journal_entry *entries, size_t count, int64_t began)
{
    bson_t command = BSON_INITIALIZER, list;
    BSON_APPEND_UTF8(&command, "update", MONGODB_JOURNAL);
    BSON_APPEND_ARRAY_BEGIN(&command, "updates", &list);
    for (size_t i = 0; i < count; i++) {
        char room[16];
        const char *key = NULL;
        bson_uint32_to_string((uint32_t)i, &key, room, sizeof(room));
        append_entry(&list, key, &entries[i], began);
    }
    bson_append_array_end(&command, &list);
    int code = mongodb_run(conn, NULL, &command, MONGODB_RUN_WRITES, "cannot write the journal", NULL);
    bson_destroy(&command);
    return code;
}

int mongodb_apply_journal_record(struct dara_conn *conn, const struct dara_journal_entry *entries, size_t count)
{
    int64_t began = 0;
    int code = count ? mongodb_lease_check(conn) : 0;
    /* Only the run itself is looked at for when it began. */
    if (!code && count && entries[0].place == 0)
        code = mongodb_own_largest(conn, MONGODB_JOURNAL, "began", &began);
    for (size_t i = 0; !code && i < count; i += BATCH)
        code = record_some(conn, entries + i, count - i < BATCH ? count - i : BATCH, began + 1);
    return code;
}

int mongodb_apply_journal_forget(struct dara_conn *conn, const char *run)
{
    bson_t *command = BCON_NEW("delete", BCON_UTF8(MONGODB_JOURNAL), "deletes", "[", "{", "q", "{", "_id.run",
                               BCON_UTF8(run), "}", "limit", BCON_INT32(0), "}", "]");
    int code = mongodb_lease_check(conn);
    code = code ? code : mongodb_run(conn, NULL, command, MONGODB_RUN_WRITES, "cannot clear the journal", NULL);
    bson_destroy(command);
    return code;
}
