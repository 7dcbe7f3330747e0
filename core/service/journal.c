/* SPDX-License-Identifier: MIT */
/* What a run writes. */
#include "service/journal.h"

#include <dara/version.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error-keep.h"
#include "base/file.h"

#define TOOL "dara " DARA_VERSION

static void now(char ret[21])
{
    dara_clock_iso(dara_clock_now(), ret);
}

/* ---- open --------------------------------------------------------------------------------------------------------- */

static void prepare(struct dara_journal_run *journal, struct dara_context *context, struct dara_session *session)
{
    dara_journal_done_with(journal);
    journal->session = session;
    journal->arena = dara_arena_new();
    journal->owner = dara_context_owner(context);
}

/* Sorts by time, differs by machine and process. */
static void make_id(const struct dara_journal_run *journal, char ret_id[41])
{
    char stamp[16], hash[65];
    DARA_FREE char *seed = dara_format("%s %lld", journal->owner, (long long)dara_clock_monotonic_us());
    dara_clock_stamp(dara_clock_now(), stamp);
    dara_sha256(seed, strlen(seed), hash);
    stamp[8] = '-';
    snprintf(ret_id, 41, "%s-%.8s", stamp, hash);
}

static struct dara_journal_entry run_entry(const struct dara_journal_run *journal, const char *state)
{
    return (struct dara_journal_entry){
        .size = sizeof(struct dara_journal_entry),
        .run = journal->id,
        .kind = journal->kind,
        .version = journal->version,
        .name = journal->name,
        .checksum = journal->fingerprint,
        .state = state,
        .started_at = journal->started_at,
        .owner = journal->owner,
        .tool = TOOL,
        .rows = -1,
    };
}

static int forget_closed(struct dara_session *session)
{
    DARA_JOURNAL_LOCAL list = NULL;
    int r = dara_session_journal_list(session, false, &list);
    for (size_t i = 0; r == 0 && i < list->count; i++)
        if (list->entries[i].place == 0 && !strcmp(list->entries[i].state, "taken back"))
            r = dara_session_journal_forget(session, list->entries[i].run);
    return r;
}

/* Ends a transaction of the journal: commits where all went well, else rolls back and keeps the error. */
static int end(struct dara_session *session, int r)
{
    if (r == 0)
        r = dara_session_commit(session);
    if (r == 0)
        return 0;
    struct dara_error *kept = dara_error_keep();
    if (dara_session_in_transaction(session))
        (void)dara_session_rollback(session);
    return dara_error_restore(kept);
}

/* In one transaction: a run is there with its whole text, or not at all. */
static int record_run(struct dara_journal_run *journal, const char *text)
{
    struct dara_journal_entry entry = run_entry(journal, "started");
    entry.text = text;
    int r = dara_session_begin(journal->session, DARA_BEGIN_DATA);
    if (r < 0)
        return r;
    if ((r = forget_closed(journal->session)) == 0)
        r = dara_session_journal_record(journal->session, &entry, 1);
    return end(journal->session, r);
}

int dara_journal_open_as(struct dara_journal_run *journal, struct dara_context *context, struct dara_session *session,
                         const struct dara_journal_begin *begin)
{
    prepare(journal, context, session);
    journal->kind = dara_arena_strdup(journal->arena, begin->kind);
    journal->version = dara_arena_strdup(journal->arena, begin->version);
    journal->name = dara_arena_strdup(journal->arena, begin->name);
    now(journal->started_at);
    snprintf(journal->fingerprint, sizeof(journal->fingerprint), "%s", begin->fingerprint);
    int r = dara_session_journal_ensure(session);
    if (r < 0)
        return r;
    make_id(journal, journal->id);
    r = record_run(journal, begin->text);
    if (r < 0)
        journal->id[0] = '\0';
    return r;
}

int dara_journal_open(struct dara_journal_run *journal, struct dara_context *context, struct dara_session *session,
                      const struct dara_model *before, const struct dara_migration *first)
{
    char fingerprint[65];
    DARA_TEXT_LOCAL json = DARA_TEXT_INIT;
    dara_model_fingerprint(before, fingerprint);
    dara_model_write_json(before, &json);
    const struct dara_journal_begin begin = {.kind = "migration",
                                             .version = first->version,
                                             .name = first->name,
                                             .fingerprint = fingerprint,
                                             .text = dara_text_string(&json)};
    return dara_journal_open_as(journal, context, session, &begin);
}

void dara_journal_reopen(struct dara_journal_run *journal, struct dara_context *context, struct dara_session *session,
                         const struct dara_journal_entry *entry)
{
    prepare(journal, context, session);
    journal->kind = dara_arena_strdup(journal->arena, entry->kind);
    journal->version = dara_arena_strdup(journal->arena, entry->version);
    journal->name = dara_arena_strdup(journal->arena, entry->name);
    snprintf(journal->id, sizeof(journal->id), "%s", entry->run);
    snprintf(journal->fingerprint, sizeof(journal->fingerprint), "%s", entry->checksum ? entry->checksum : "");
    snprintf(journal->started_at, sizeof(journal->started_at), "%s", entry->started_at ? entry->started_at : "");
}

void dara_journal_done_with(struct dara_journal_run *journal)
{
    if (journal->arena)
        dara_arena_free(journal->arena);
    free(journal->owner);
    free(journal->entries);
    *journal = (struct dara_journal_run){.session = NULL};
}

/* ---- statements --------------------------------------------------------------------------------------------------- */

/* Rows of a long INSERT change no schema: what a replay or a reader needs of it is its beginning. */
static const char *text_of(struct dara_journal_run *journal, const struct dara_journal_statement *statement)
{
    size_t length = DARA_JOURNAL_TEXT_MAX;
    if (!statement->cut || statement->length <= length)
        return statement->text;
    while (length > 0 && ((unsigned char)statement->text[length] & 0xc0u) == 0x80u)
        length--;
    return dara_arena_strndup(journal->arena, statement->text, length);
}

static struct dara_journal_entry *add(struct dara_journal_run *journal, const struct dara_journal_statement *statement,
                                      const char *state)
{
    char hash[65];
    dara_sha256(statement->text, statement->length, hash);
    DARA_GROW(journal->entries, journal->waiting, journal->room);
    struct dara_journal_entry *entry = &journal->entries[journal->waiting++];
    *entry = (struct dara_journal_entry){
        .size = sizeof(*entry),
        .run = journal->id,
        .place = journal->base + statement->statement,
        .kind = statement->kind,
        .version = statement->version,
        .name = statement->name,
        .statement = statement->statement,
        .total = statement->total,
        .checksum = dara_arena_strdup(journal->arena, hash),
        .state = state,
        .owner = journal->owner,
        .tool = TOOL,
        .rows = -1,
    };
    return entry;
}

void dara_journal_add_start(struct dara_journal_run *journal, const struct dara_journal_statement *statement)
{
    char at[21];
    now(at);
    struct dara_journal_entry *entry = add(journal, statement, "started");
    entry->started_at = dara_arena_strdup(journal->arena, at);
    entry->text = text_of(journal, statement);
}

void dara_journal_add_end(struct dara_journal_run *journal, const struct dara_journal_statement *statement,
                          const struct dara_journal_outcome *outcome, bool text)
{
    char at[21];
    now(at);
    struct dara_journal_entry *entry = add(journal, statement, outcome->error ? "failed" : "done");
    entry->started_at = dara_arena_strdup(journal->arena, outcome->started_at);
    entry->finished_at = dara_arena_strdup(journal->arena, at);
    entry->error = dara_arena_strdup(journal->arena, outcome->error);
    entry->rows = outcome->error ? -1 : (int64_t)outcome->rows;
    entry->duration_us = outcome->duration_us;
    if (text)
        entry->text = text_of(journal, statement);
}

static struct dara_journal_statement statement_of(const struct dara_migration *migration, size_t index)
{
    const struct dara_statement *statement = &migration->script->statements[index];
    return (struct dara_journal_statement){
        .kind = "migration",
        .version = migration->version,
        .name = migration->name,
        .text = statement->text,
        .length = statement->length,
        .statement = (unsigned)index + 1,
        .total = (unsigned)migration->script->count,
        .cut = !(migration->facts[index]->flags & DARA_STATEMENT_SCHEMA),
    };
}

void dara_journal_starts(struct dara_journal_run *journal, const struct dara_migration *migration, size_t index)
{
    const struct dara_journal_statement statement = statement_of(migration, index);
    dara_journal_add_start(journal, &statement);
}

void dara_journal_ends(struct dara_journal_run *journal, const struct dara_migration *migration, size_t index,
                       const struct dara_journal_outcome *outcome, bool text)
{
    const struct dara_journal_statement statement = statement_of(migration, index);
    dara_journal_add_end(journal, &statement, outcome, text);
}

int dara_journal_flush(struct dara_journal_run *journal)
{
    if (journal->waiting == 0)
        return 0;
    int r = dara_session_journal_record(journal->session, journal->entries, journal->waiting);
    if (r == 0)
        dara_journal_drop(journal);
    return r;
}

void dara_journal_drop(struct dara_journal_run *journal)
{
    journal->waiting = 0;
}

/* ---- the way back ------------------------------------------------------------------------------------------------- */

int dara_journal_mark(struct dara_journal_run *journal, const char *state)
{
    struct dara_journal_entry entry = run_entry(journal, state);
    return dara_session_journal_record(journal->session, &entry, 1);
}

/* All of its entries again, each "taken back"; without the model. */
static int record_taken_back(struct dara_journal_run *journal)
{
    char at[21];
    DARA_JOURNAL_LOCAL list = NULL;
    int r = dara_session_journal_list(journal->session, false, &list);
    now(at);
    if (r == 0)
        r = dara_session_journal_forget(journal->session, journal->id);
    for (size_t i = 0; r == 0 && i < list->count; i++) {
        struct dara_journal_entry *entry = &list->entries[i];
        if (strcmp(entry->run, journal->id) != 0)
            continue;
        if (strcmp(entry->state, "failed") != 0)
            entry->state = "taken back";
        entry->finished_at = entry->finished_at ? entry->finished_at : at;
        entry->text = entry->place == 0 ? NULL : entry->text;
        r = dara_session_journal_record(journal->session, entry, 1);
    }
    return r;
}

int dara_journal_close_taken_back(struct dara_journal_run *journal)
{
    int r = dara_session_begin(journal->session, DARA_BEGIN_DATA);
    if (r < 0)
        return r;
    return end(journal->session, record_taken_back(journal));
}
