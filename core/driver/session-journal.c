/* SPDX-License-Identifier: MIT */
/* The journal of a session. Long texts are cut into pieces for the driver and joined again here, so that no engine's limit on one
 * value or one packet is met, and nobody else knows of pieces. */
#include <string.h>

#include "driver/internal.h"

#define BATCH 4 /* pieces of full length in one call of the driver */

bool dara_session_has_journal(const struct dara_session *session)
{
    return DARA_HAS(session->driver->apply, journal_record);
}

static int gate(const struct dara_session *session, bool writes, const char *what)
{
    int code = dara_session_gate(session, writes, what);
    if (!code && !dara_session_has_journal(session))
        return dara_dispatch_absent(session->driver, "apply", "journal_record", what);
    return code;
}

int dara_session_journal_ensure(struct dara_session *session)
{
    int code = gate(session, true, "make the journal");
    if (!code && session->in_transaction)
        code = dara_error_set(DARA_EINTERNAL, "the journal is made inside a transaction");
    return code ? code : dara_session_run_plain(session, "journal_ensure", session->driver->apply->journal_ensure);
}

/* ---- recording ---------------------------------------------------------------------------------------------------- */

/* Entries on their way to the driver. */
struct batch {
    struct dara_session *session;
    struct dara_journal_entry items[64];
    char *texts[64]; /* owned; NULL where none */
    size_t count, bytes;
};

static int send(struct batch *batch)
{
    if (batch->count == 0)
        return 0;
    struct dara_dispatch call;
    dara_session_begin_call(batch->session, &call, "journal_record");
    int code = batch->session->driver->apply->journal_record(batch->session->conn, batch->items, batch->count);
    code = dara_dispatch_end(&call, code);
    for (size_t i = 0; i < batch->count; i++)
        free(batch->texts[i]);
    batch->count = batch->bytes = 0;
    return code;
}

static int put(struct batch *batch, struct dara_journal_entry entry, const char *text, size_t length)
{
    char *copy = text ? dara_strndup(text, length) : NULL;
    entry.text = copy;
    batch->items[batch->count] = entry;
    batch->texts[batch->count++] = copy;
    batch->bytes += length;
    bool full = batch->count == DARA_COUNT(batch->items) || batch->bytes >= BATCH * (size_t)DARA_JOURNAL_TEXT_MAX;
    return full ? send(batch) : 0;
}

/* How much of a text fits into one piece without cutting a character in two. */
static size_t piece_of(const char *text, size_t left)
{
    if (left <= DARA_JOURNAL_TEXT_MAX)
        return left;
    size_t length = DARA_JOURNAL_TEXT_MAX;
    while (length > 0 && ((unsigned char)text[length] & 0xc0u) == 0x80u)
        length--;
    return length;
}

static int put_whole(struct batch *batch, const struct dara_journal_entry *entry)
{
    const char *text = entry->text;
    size_t left = text ? strlen(text) : 0, length = 0;
    struct dara_journal_entry more = {.size = sizeof(more), .run = entry->run, .place = entry->place, .rows = -1};
    /* The run's own text, the model, is all in pieces: who lists without them is spared it. */
    bool apart = entry->place == 0;
    if (!apart)
        length = piece_of(text, left);
    int code = put(batch, *entry, apart ? NULL : text, length);
    for (left -= length; !code && left > 0; left -= length) {
        text += length;
        length = piece_of(text, left);
        more.piece++;
        code = put(batch, more, text, length);
    }
    return code;
}

int dara_session_journal_record(struct dara_session *session, const struct dara_journal_entry *entries, size_t count)
{
    int code = gate(session, true, "write the journal");
    struct batch batch = {.session = session};
    for (size_t i = 0; !code && i < count; i++)
        code = put_whole(&batch, &entries[i]);
    if (!code)
        return send(&batch);
    for (size_t i = 0; i < batch.count; i++)
        free(batch.texts[i]);
    return code;
}

int dara_session_journal_forget(struct dara_session *session, const char *run)
{
    int code = gate(session, true, "clear the journal");
    if (code)
        return code;
    struct dara_dispatch call;
    dara_session_begin_call(session, &call, "journal_forget");
    return dara_dispatch_end(&call, session->driver->apply->journal_forget(session->conn, run));
}

/* ---- listing ------------------------------------------------------------------------------------------------------ */

struct dara_journal {
    struct dara_arena *arena;
    struct dara_journal_entry *items;
    struct dara_text *texts; /* of each item, while pieces come */
    size_t count, room, text_room;
};

static void add_piece(struct dara_journal *journal, const struct dara_journal_entry *piece)
{
    const struct dara_journal_entry *last = journal->count ? &journal->items[journal->count - 1] : NULL;
    if (last && piece->text && last->place == piece->place && !strcmp(last->run, piece->run))
        dara_text_add(&journal->texts[journal->count - 1], piece->text);
}

void dara_journal_add(struct dara_journal *journal, const struct dara_journal_entry *entry)
{
    struct dara_arena *arena = journal->arena;
    struct dara_journal_entry known = {.rows = -1};
    memcpy(&known, entry, entry->size < sizeof(known) ? entry->size : sizeof(known));
    if (known.piece > 0) {
        add_piece(journal, &known);
        return;
    }
    DARA_GROW(journal->texts, journal->count, journal->text_room);
    DARA_GROW(journal->items, journal->count, journal->room);
    journal->texts[journal->count] = (struct dara_text)DARA_TEXT_INIT;
    if (known.text)
        dara_text_add(&journal->texts[journal->count], known.text);
    known.size = sizeof(known);
    known.run = dara_arena_strdup(arena, known.run ? known.run : "");
    known.kind = dara_arena_strdup(arena, known.kind);
    known.version = dara_arena_strdup(arena, known.version);
    known.name = dara_arena_strdup(arena, known.name);
    known.checksum = dara_arena_strdup(arena, known.checksum);
    known.text = NULL;
    known.state = dara_arena_strdup(arena, known.state ? known.state : "");
    known.error = dara_arena_strdup(arena, known.error);
    known.started_at = dara_arena_strdup(arena, known.started_at);
    known.finished_at = dara_arena_strdup(arena, known.finished_at);
    known.owner = dara_arena_strdup(arena, known.owner);
    known.tool = dara_arena_strdup(arena, known.tool);
    journal->items[journal->count++] = known;
}

struct list {
    struct dara_journal_list list; /* first: what the caller holds */
    struct dara_arena *arena;
};

struct dara_journal_list *dara_journal_list_free(struct dara_journal_list *list)
{
    if (!list)
        return NULL;
    dara_arena_free(((struct list *)list)->arena);
    free(list->entries);
    free(list);
    return NULL;
}

static struct dara_journal_list *finish(struct dara_journal *journal)
{
    for (size_t i = 0; i < journal->count; i++) {
        if (journal->texts[i].length)
            journal->items[i].text = dara_arena_strdup(journal->arena, dara_text_string(&journal->texts[i]));
        dara_text_done(&journal->texts[i]);
    }
    free(journal->texts);
    struct list *list = dara_alloc(sizeof(*list));
    *list = (struct list){.list = {.count = journal->count, .entries = journal->items}, .arena = journal->arena};
    return &list->list;
}

int dara_session_journal_list(struct dara_session *session, bool texts, struct dara_journal_list **ret_list)
{
    int code = dara_session_gate(session, false, "keep a journal");
    if (code)
        return code;
    struct dara_journal journal = {.arena = dara_arena_new()};
    if (dara_session_has_journal(session)) {
        struct dara_dispatch call;
        dara_session_begin_call(session, &call, "journal_list");
        code = dara_dispatch_end(&call, session->driver->apply->journal_list(session->conn, texts, &journal));
    }
    struct dara_journal_list *list = finish(&journal);
    if (code)
        dara_journal_list_free(list);
    else
        *ret_list = list;
    return code;
}

/* ---- the statement in doubt --------------------------------------------------------------------------------------- */

int dara_session_settle(struct dara_session *session, const char *text, size_t length, enum dara_outcome *ret_outcome)
{
    int code = dara_session_gate(session, true, "settle a statement");
    enum dara_outcome outcome = DARA_OUTCOME_UNKNOWN;
    if (code)
        return code;
    if (session->in_transaction)
        return dara_error_set(DARA_EINTERNAL, "a statement is settled inside a transaction");
    if (DARA_HAS(session->driver->apply, settle)) {
        struct dara_dispatch call;
        dara_session_begin_call(session, &call, "settle");
        code = dara_dispatch_end(&call, session->driver->apply->settle(session->conn, text, length, &outcome));
    }
    if (!code)
        *ret_outcome = outcome;
    return code;
}
