/* SPDX-License-Identifier: MIT */
/*
 * A driver for tests: an engine that commits each change of the schema by itself and keeps a journal, in the memory of the process.
 *
 *   make NAME · drop NAME        a table comes or goes at once (drop destroys)
 *   empty NAME                   the same, and destroys nothing
 *   write N                      rows, in the transaction; without one at once
 *   call N                       rows at once, and nobody can read what it does
 *   upkeep                       changes nothing of the schema
 *   set N                        sets something of the session
 *   needs N                      fails unless the session has set N
 *   fail                         fails
 *   count                        says how many rows there are
 *   reset everything             forgets all there is
 *
 * Options of the URL: lose=before-N or after-N: the connection is lost around the N-th statement; lose=record-N: instead of the N-th
 * record of the journal. scratch=no: there is none. settle=done, nothing: what `settle` says.
 */
#include <dara/dara.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX 64

struct database {
    size_t count;
    char names[MAX][32];
    long rows;
};

struct record {
    char run[41], state[16], version[32], name[32], checksum[65], error[128], kind[16];
    unsigned place, piece, statement, total;
    long long rows;
    char *text; /* lives as long as the process: transactions copy the pointer */
};

struct dara_conn {
    enum dara_mode mode;
    struct database *database;
    struct database own; /* of a scratch connection */
    bool in_transaction, locked, lost;
    long rows_before;
    size_t record_count_before, entry_count_before;
    char lose[16], settle[16];
    long lose_at, executed, recorded, set;
};

static struct database shared;
static char *texts[8192]; /* all there ever were */
static size_t text_count;
static struct record records[MAX * 4], records_before[MAX * 4];
static size_t record_count;
static struct {
    char version[32], name[32], state[16], fingerprint[65], checksum[65];
} entries[MAX], entries_before[MAX];
static size_t entry_count;
static bool locked;

/* ---- session -------------------------------------------------------------------------------------------------------- */

static const char *option(const struct dara_url *url, const char *name)
{
    for (size_t i = 0; i < url->option_count; i++)
        if (strcmp(url->option_names[i], name) == 0)
            return url->option_values[i];
    return NULL;
}

static int journaled_session_open(const struct dara_open *request, struct dara_conn **ret_conn)
{
    struct dara_conn *conn = calloc(1, sizeof(*conn));
    const char *lose = option(request->url, "lose"), *settle = option(request->url, "settle");
    if (!conn)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    conn->mode = request->mode;
    conn->database = &shared;
    if (lose) {
        snprintf(conn->lose, sizeof(conn->lose), "%.*s", (int)strcspn(lose, "-"), lose);
        conn->lose_at = strtol(strchr(lose, '-') + 1, NULL, 10);
    }
    snprintf(conn->settle, sizeof(conn->settle), "%s", settle ? settle : "");
    *ret_conn = conn;
    return 0;
}

static int journaled_scratch_open(const struct dara_open *request, struct dara_conn **ret_conn)
{
    const char *wanted = option(request->url, "scratch");
    if (wanted && strcmp(wanted, "no") == 0)
        return dara_error_set(DARA_EUNSUPPORTED, "no scratch");
    int code = journaled_session_open(request, ret_conn);
    if (code)
        return code;
    (*ret_conn)->mode = DARA_MODE_WRITE;
    (*ret_conn)->database = &(*ret_conn)->own;
    (*ret_conn)->lose_at = 0;
    return 0;
}

static int journaled_apply_rollback(struct dara_conn *conn);

static void journaled_session_close(struct dara_conn *conn)
{
    if (!conn)
        return;
    conn->lost = false;
    journaled_apply_rollback(conn);
    if (conn->locked)
        locked = false;
    free(conn);
}

static int journaled_session_describe(struct dara_conn *conn, struct dara_server *ret_server)
{
    (void)conn;
    ret_server->engine = "Journaled";
    ret_server->version = "1";
    ret_server->database = "memory";
    return 0;
}

static int check(const struct dara_conn *conn)
{
    return conn->lost ? dara_error_set(DARA_ECONNECT, "the connection is lost") : 0;
}

static int journaled_session_ping(struct dara_conn *conn)
{
    return check(conn);
}

/* ---- introspect ----------------------------------------------------------------------------------------------------- */

static const struct dara_property properties[] = {{NULL, DARA_PROPERTY_INFO}};
static const struct dara_kind table_kind = {.size = sizeof(table_kind),
                                            .name = "table",
                                            .plural = "tables",
                                            .order = 10,
                                            .flags = DARA_KIND_ROWS,
                                            .properties = properties};
static const struct dara_kind *const journaled_kinds[] = {&table_kind, NULL};

static int journaled_introspect_read(struct dara_conn *conn, const struct dara_read *request, struct dara_model *model)
{
    (void)request;
    int code = check(conn);
    for (size_t i = 0; !code && i < conn->database->count; i++) {
        struct dara_object_desc desc = {.size = sizeof(desc), .kind = "table", .name = conn->database->names[i]};
        code = dara_model_add(model, &desc, NULL);
    }
    return code ? code : dara_model_family(model, "table", DARA_FAMILY_READ, NULL);
}

/* All rows are everybody's. */
static int journaled_introspect_count_rows(struct dara_conn *conn, const struct dara_object *object, uint64_t *ret_rows)
{
    (void)object;
    *ret_rows = (uint64_t)conn->database->rows;
    return check(conn);
}

/* ---- dialect -------------------------------------------------------------------------------------------------------- */

static int journaled_dialect_quote(struct dara_conn *conn, const char *name, struct dara_text *out)
{
    (void)conn;
    dara_text_add(out, name);
    return 0;
}

static int journaled_dialect_split(struct dara_conn *conn, const char *script, size_t length,
                                   struct dara_statements *statements)
{
    (void)conn, (void)length;
    unsigned line = 1;
    for (const char *at = script; *at; line++) {
        size_t size = strcspn(at, "\n");
        if (size)
            dara_statements_add(statements, at, size, line);
        at += size + (at[size] == '\n');
    }
    return 0;
}

static const char *after(const char *text, const char *word)
{
    size_t length = strlen(word);
    return strncmp(text, word, length) == 0 ? text + length : NULL;
}

static int journaled_dialect_classify(struct dara_conn *conn, const char *text, size_t length, struct dara_facts *facts)
{
    (void)conn, (void)length;
    const char *name;
    if ((name = after(text, "make ")) != NULL) {
        dara_facts_kind(facts, "make", DARA_STATEMENT_SCHEMA);
        dara_facts_object(facts, DARA_ROLE_MAKES, "table", NULL, name);
    } else if ((name = after(text, "drop ")) != NULL || (name = after(text, "empty ")) != NULL) {
        dara_facts_kind(facts, "drop", DARA_STATEMENT_SCHEMA);
        dara_facts_object(facts, DARA_ROLE_DROPS, "table", NULL, name);
        if (*text == 'd')
            dara_facts_hazard(facts, "drop-table", true, "the rows are lost");
    } else if (after(text, "write ")) {
        dara_facts_kind(facts, "write", DARA_STATEMENT_DATA);
    } else if (after(text, "call ")) {
        dara_facts_kind(facts, "call", DARA_STATEMENT_DATA | DARA_STATEMENT_UNREAD);
    } else if (after(text, "set ")) {
        dara_facts_kind(facts, "set", DARA_STATEMENT_SESSION);
    } else {
        dara_facts_kind(facts, text, DARA_STATEMENT_SCHEMA);
    }
    return 0;
}

static int journaled_dialect_render(const struct dara_object *object, struct dara_text *out)
{
    dara_text_format(out, "make %s\n", dara_object_name(object));
    return 0;
}

static int journaled_dialect_change(const struct dara_diff *diff, const struct dara_change *change,
                                    struct dara_plan *plan)
{
    (void)diff;
    char text[64];
    bool makes = change->op == DARA_CHANGE_CREATE;
    snprintf(text, sizeof(text), "%s %s", makes ? "make" : "drop",
             dara_object_name(makes ? change->after : change->before));
    dara_plan_add(plan, &(struct dara_step){.size = sizeof(struct dara_step),
                                            .text = text,
                                            .change = change,
                                            .flags = makes ? 0 : DARA_STEP_DESTROYS});
    return 0;
}

/* ---- apply ---------------------------------------------------------------------------------------------------------- */

static int journaled_apply_lock(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder)
{
    (void)request;
    if (locked) {
        dara_text_add(holder, "another");
        return dara_error_set(DARA_ELOCKED, "the lock is held by another run");
    }
    locked = conn->locked = true;
    return check(conn);
}

static int journaled_apply_unlock(struct dara_conn *conn)
{
    if (conn->locked)
        locked = false;
    conn->locked = false;
    return 0;
}

static int journaled_apply_begin(struct dara_conn *conn, enum dara_begin_purpose purpose)
{
    (void)purpose;
    conn->in_transaction = true;
    conn->rows_before = conn->database->rows;
    conn->record_count_before = record_count;
    conn->entry_count_before = entry_count;
    memcpy(records_before, records, sizeof(records));
    memcpy(entries_before, entries, sizeof(entries));
    return check(conn);
}

static int journaled_apply_rollback(struct dara_conn *conn)
{
    if (conn->in_transaction) {
        conn->database->rows = conn->rows_before;
        record_count = conn->record_count_before;
        entry_count = conn->entry_count_before;
        memcpy(records, records_before, sizeof(records));
        memcpy(entries, entries_before, sizeof(entries));
    }
    conn->in_transaction = false;
    return check(conn);
}

static int journaled_apply_commit(struct dara_conn *conn)
{
    int code = check(conn);
    if (!code)
        conn->in_transaction = false;
    return code;
}

static int make_table(struct database *database, const char *name)
{
    for (size_t i = 0; i < database->count; i++)
        if (strcmp(database->names[i], name) == 0)
            return dara_error_set(DARA_ESTATEMENT, "there is a table '%s'", name);
    snprintf(database->names[database->count++], sizeof(database->names[0]), "%s", name);
    return 0;
}

static int drop_table(struct database *database, const char *name)
{
    for (size_t i = 0; i < database->count; i++) {
        if (strcmp(database->names[i], name) != 0)
            continue;
        memmove(database->names[i], database->names[i + 1], (--database->count - i) * sizeof(database->names[0]));
        return 0;
    }
    return dara_error_set(DARA_ESTATEMENT, "there is no table '%s'", name);
}

static int run(struct dara_conn *conn, const char *text, struct dara_result *result)
{
    const char *rest;
    if ((rest = after(text, "make ")) != NULL)
        return make_table(conn->database, rest);
    if ((rest = after(text, "drop ")) != NULL || (rest = after(text, "empty ")) != NULL)
        return drop_table(conn->database, rest);
    if ((rest = after(text, "write ")) != NULL || (rest = after(text, "call ")) != NULL) {
        conn->database->rows += strtol(rest, NULL, 10);
        dara_result_affected(result, strtoul(rest, NULL, 10));
        return 0;
    }
    if ((rest = after(text, "set ")) != NULL) {
        conn->set = strtol(rest, NULL, 10);
        return 0;
    }
    if ((rest = after(text, "needs ")) != NULL && conn->set != strtol(rest, NULL, 10))
        return dara_error_set(DARA_ESTATEMENT, "the session has %ld", conn->set);
    if (strcmp(text, "count") == 0)
        dara_result_affected(result, (uint64_t)conn->database->rows);
    if (strcmp(text, "fail") == 0)
        return dara_error_set(DARA_ESTATEMENT, "it fails");
    if (strcmp(text, "reset everything") == 0) {
        memset(&shared, 0, sizeof(shared));
        record_count = entry_count = 0;
        while (text_count)
            free(texts[--text_count]);
    }
    return 0;
}

static bool loses(const struct dara_conn *conn, const char *where, long count)
{
    return conn->lose_at == count && strcmp(conn->lose, where) == 0;
}

static int journaled_apply_execute(struct dara_conn *conn, const char *text, size_t length, struct dara_result *result)
{
    (void)length;
    int code = check(conn);
    if (code)
        return code;
    conn->executed++;
    conn->lost = loses(conn, "before", conn->executed);
    if (!conn->lost)
        code = run(conn, text, result);
    conn->lost = conn->lost || loses(conn, "after", conn->executed);
    return conn->lost ? check(conn) : code;
}

static int journaled_apply_history_ensure(struct dara_conn *conn)
{
    return check(conn);
}

static int journaled_apply_history_list(struct dara_conn *conn, struct dara_history *history)
{
    for (size_t i = 0; i < entry_count; i++)
        dara_history_add(history, &(struct dara_history_entry){.size = sizeof(struct dara_history_entry),
                                                               .kind = "migration",
                                                               .version = entries[i].version,
                                                               .name = entries[i].name,
                                                               .state = entries[i].state,
                                                               .checksum = entries[i].checksum,
                                                               .fingerprint = entries[i].fingerprint});
    return check(conn);
}

static int journaled_apply_history_record(struct dara_conn *conn, const struct dara_history_entry *entry)
{
    size_t i = 0;
    while (i < entry_count && strcmp(entries[i].version, entry->version) != 0)
        i++;
    entry_count += i == entry_count;
    snprintf(entries[i].version, sizeof(entries[i].version), "%s", entry->version);
    snprintf(entries[i].name, sizeof(entries[i].name), "%s", entry->name);
    snprintf(entries[i].state, sizeof(entries[i].state), "%s", entry->state);
    snprintf(entries[i].checksum, sizeof(entries[i].checksum), "%s", entry->checksum);
    snprintf(entries[i].fingerprint, sizeof(entries[i].fingerprint), "%s",
             entry->fingerprint ? entry->fingerprint : "");
    return check(conn);
}

static int journaled_apply_journal_ensure(struct dara_conn *conn)
{
    if (conn->in_transaction)
        abort(); /* dara promises that there is none */
    return check(conn);
}

static int journaled_apply_journal_list(struct dara_conn *conn, bool pieces, struct dara_journal *journal)
{
    for (size_t i = 0; i < record_count; i++) {
        const struct record *it = &records[i];
        if (it->piece && !pieces)
            continue;
        dara_journal_add(journal, &(struct dara_journal_entry){.size = sizeof(struct dara_journal_entry),
                                                               .run = it->run,
                                                               .place = it->place,
                                                               .piece = it->piece,
                                                               .kind = it->kind,
                                                               .version = it->version,
                                                               .name = it->name,
                                                               .statement = it->statement,
                                                               .total = it->total,
                                                               .checksum = it->checksum,
                                                               .text = it->text,
                                                               .state = it->state,
                                                               .error = *it->error ? it->error : NULL,
                                                               .rows = it->rows});
    }
    return check(conn);
}

static int compare(const struct record *it, const struct dara_journal_entry *entry)
{
    int order = strcmp(it->run, entry->run);
    if (!order)
        order = it->place < entry->place ? -1 : it->place > entry->place;
    if (!order)
        order = it->piece < entry->piece ? -1 : it->piece > entry->piece;
    return order;
}

static void put(const struct dara_journal_entry *entry)
{
    size_t at = 0;
    while (at < record_count && compare(&records[at], entry) < 0)
        at++;
    if (at == record_count || compare(&records[at], entry) != 0) {
        memmove(&records[at + 1], &records[at], (record_count++ - at) * sizeof(records[0]));
        records[at] = (struct record){.place = entry->place, .piece = entry->piece};
    }
    struct record *it = &records[at];
    snprintf(it->run, sizeof(it->run), "%s", entry->run);
    snprintf(it->kind, sizeof(it->kind), "%s", entry->kind ? entry->kind : "");
    snprintf(it->version, sizeof(it->version), "%s", entry->version ? entry->version : "");
    snprintf(it->name, sizeof(it->name), "%s", entry->name ? entry->name : "");
    snprintf(it->checksum, sizeof(it->checksum), "%s", entry->checksum ? entry->checksum : "");
    snprintf(it->state, sizeof(it->state), "%s", entry->state ? entry->state : "");
    snprintf(it->error, sizeof(it->error), "%s", entry->error ? entry->error : "");
    it->statement = entry->statement;
    it->total = entry->total;
    it->rows = entry->rows;
    if (entry->text)
        it->text = texts[text_count++] = strdup(entry->text);
}

static int journaled_apply_journal_record(struct dara_conn *conn, const struct dara_journal_entry *written,
                                          size_t count)
{
    int code = check(conn);
    if (code)
        return code;
    conn->recorded++;
    conn->lost = loses(conn, "record", conn->recorded);
    for (size_t i = 0; !conn->lost && i < count; i++) {
        if (written[i].text && strlen(written[i].text) > DARA_JOURNAL_TEXT_MAX)
            abort(); /* dara promises pieces */
        put(&written[i]);
    }
    return check(conn);
}

static int journaled_apply_journal_forget(struct dara_conn *conn, const char *name)
{
    size_t kept = 0;
    for (size_t i = 0; i < record_count; i++)
        if (strcmp(records[i].run, name) != 0)
            records[kept++] = records[i];
    record_count = kept;
    return check(conn);
}

static int journaled_apply_settle(struct dara_conn *conn, const char *text, size_t length,
                                  enum dara_outcome *ret_outcome)
{
    (void)text, (void)length;
    *ret_outcome = strcmp(conn->settle, "done") == 0      ? DARA_OUTCOME_DONE
                   : strcmp(conn->settle, "nothing") == 0 ? DARA_OUTCOME_NOTHING
                                                          : DARA_OUTCOME_UNKNOWN;
    return check(conn);
}

/* ---- the descriptor ------------------------------------------------------------------------------------------------- */

static const struct dara_session_ops session = {.size = sizeof(session),
                                                .open = journaled_session_open,
                                                .close = journaled_session_close,
                                                .describe = journaled_session_describe,
                                                .ping = journaled_session_ping};
static const struct dara_introspect_ops introspect = {.size = sizeof(introspect),
                                                      .kinds = journaled_kinds,
                                                      .read = journaled_introspect_read,
                                                      .count_rows = journaled_introspect_count_rows};
static const struct dara_dialect_ops dialect = {.size = sizeof(dialect),
                                                .extension = "steps",
                                                .delimiter = "\n",
                                                .quote = journaled_dialect_quote,
                                                .split = journaled_dialect_split,
                                                .classify = journaled_dialect_classify,
                                                .render = journaled_dialect_render,
                                                .change = journaled_dialect_change};
static const struct dara_apply_ops apply = {.size = sizeof(apply),
                                            .lock = journaled_apply_lock,
                                            .unlock = journaled_apply_unlock,
                                            .begin = journaled_apply_begin,
                                            .execute = journaled_apply_execute,
                                            .commit = journaled_apply_commit,
                                            .rollback = journaled_apply_rollback,
                                            .history_ensure = journaled_apply_history_ensure,
                                            .history_list = journaled_apply_history_list,
                                            .history_record = journaled_apply_history_record,
                                            .journal_ensure = journaled_apply_journal_ensure,
                                            .journal_list = journaled_apply_journal_list,
                                            .journal_record = journaled_apply_journal_record,
                                            .journal_forget = journaled_apply_journal_forget,
                                            .settle = journaled_apply_settle};
static const struct dara_scratch_ops scratch = {.size = sizeof(scratch), .open = journaled_scratch_open};
static const char *const schemes[] = {"journaled", NULL};

DARA_DRIVER_DEFINE(journaled, .version = "1.0", .description = "keeps a journal, for tests", .schemes = schemes,
                   .url_help = "journaled:ANYTHING", .session = &session, .introspect = &introspect,
                   .dialect = &dialect, .apply = &apply, .scratch = &scratch);
