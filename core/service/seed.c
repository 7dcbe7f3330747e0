/* SPDX-License-Identifier: MIT */
#include "service/seed.h"

#include <string.h>
#include <sys/stat.h>

#include <dara/version.h>

#include "base/clock.h"
#include "base/file.h"
#include "service/attempt.h"
#include "service/journal.h"
#include "service/run-sql-source.h"

struct seed_file {
    struct dara_source *source;
    bool done;  /* its content was run before, or stands in an earlier file of this run */
    int64_t us; /* time it took */
};

/* A table that the seeds write to. */
struct seed_table {
    const char *space, *key; /* borrowed from the facts */
    bool filled;             /* rows are inserted: --truncate empties it */
    uint64_t affected;
    const struct dara_object *object; /* of the model, where --truncate needs it */
    uint64_t rows;                    /* in it before, where --truncate counted them */
};

struct seed {
    struct dara_context *context;
    const struct dara_seed_request *request;
    struct dara_report *report;
    const struct dara_driver *driver;
    struct seed_file *files;
    size_t file_count, file_room;
    struct seed_table *tables;
    size_t table_count, table_room;
    struct dara_model *model;
    struct dara_attempts attempts;
};

static void seed_done(struct seed *seed)
{
    for (size_t i = 0; i < seed->file_count; i++)
        dara_source_free(seed->files[i].source);
    free(seed->files);
    free(seed->tables);
    dara_model_free(seed->model);
    dara_attempts_done(&seed->attempts);
}

/* ---- files ------------------------------------------------------------------------------------------------------------ */

static int add_file(struct seed *seed, const char *path)
{
    struct dara_source *source = NULL;
    int code = dara_source_read(seed->driver, path, &source);
    if (code)
        return code;
    DARA_GROW(seed->files, seed->file_count, seed->file_room);
    seed->files[seed->file_count++] = (struct seed_file){.source = source};
    return dara_source_check(source, DARA_STATEMENT_REFUSED | DARA_STATEMENT_TRANSACTION | DARA_STATEMENT_SCHEMA |
                                         DARA_STATEMENT_NO_TRANSACTION | DARA_STATEMENT_BEFORE_TRANSACTION);
}

static bool is_script(const char *name, const char *extension)
{
    const char *dot = strrchr(name, '.');
    return *name != '.' && dot && !strcmp(dot + 1, extension);
}

static int add_folder(struct seed *seed, const char *folder)
{
    char **names = NULL;
    size_t count = 0;
    int code = dara_file_names(folder, &names, &count);
    if (code)
        return code;
    for (size_t i = 0; !code && i < count; i++) {
        DARA_FREE char *path = dara_file_join(folder, names[i]);
        if (is_script(names[i], seed->driver->dialect->extension))
            code = add_file(seed, path);
    }
    dara_file_names_free(names);
    if (!code && !seed->file_count) {
        code = dara_error_set(DARA_EFILE, "there is no seed in the folder");
        dara_error_at(folder, 0);
        dara_error_hint("a seed is a file that ends in .%s", seed->driver->dialect->extension);
    }
    return code;
}

static int read_files(struct seed *seed)
{
    struct stat info;
    if (stat(seed->request->path, &info) == 0 && S_ISDIR(info.st_mode))
        return add_folder(seed, seed->request->path);
    return add_file(seed, seed->request->path);
}

/* ---- which are to run ------------------------------------------------------------------------------------------------- */

static bool ran_before(const struct dara_history_list *history, const char *checksum)
{
    for (size_t i = 0; i < history->count; i++)
        if (!strcmp(history->entries[i].kind, "seed") && !strcmp(history->entries[i].version, checksum))
            return true;
    return false;
}

static bool stands_before(const struct seed *seed, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (!strcmp(seed->files[i].source->checksum, seed->files[index].source->checksum))
            return true;
    return false;
}

static int mark_done(struct seed *seed, struct dara_session *session, size_t *ret_pending)
{
    DARA_HISTORY_LOCAL history = NULL;
    bool again = seed->request->again || seed->request->truncate;
    int code = dara_session_history_list(session, &history);
    if (code)
        return code;
    *ret_pending = 0;
    for (size_t i = 0; i < seed->file_count; i++) {
        struct seed_file *file = &seed->files[i];
        file->done = stands_before(seed, i) || (!again && ran_before(history, file->source->checksum));
        *ret_pending += !file->done;
    }
    return 0;
}

/* ---- tables ----------------------------------------------------------------------------------------------------------- */

static bool same_space(const char *a, const char *b)
{
    return !a || !b || !strcmp(a, b);
}

/* The object whose rows the statement changes: the one said to change, else the first it names. */
static const struct dara_fact_object *target_of(const struct dara_statement_facts *facts)
{
    for (size_t i = 0; i < facts->object_count; i++)
        if (facts->objects[i].role == DARA_ROLE_CHANGES)
            return &facts->objects[i];
    return facts->object_count ? &facts->objects[0] : NULL;
}

static struct seed_table *table_of(struct seed *seed, const struct dara_statement_facts *facts)
{
    const struct dara_fact_object *target = target_of(facts);
    bool fills = facts->kind && (!strncmp(facts->kind, "insert", 6) || !strncmp(facts->kind, "replace", 7));
    size_t at = 0;
    if (!target || !(facts->flags & DARA_STATEMENT_DATA))
        return NULL;
    while (at < seed->table_count &&
           (strcmp(seed->tables[at].key, target->key) != 0 || !same_space(seed->tables[at].space, target->space)))
        at++;
    if (at == seed->table_count) {
        DARA_GROW(seed->tables, seed->table_count, seed->table_room);
        seed->tables[seed->table_count++] = (struct seed_table){.space = target->space, .key = target->key};
    }
    seed->tables[at].filled = seed->tables[at].filled || fills;
    return &seed->tables[at];
}

static void find_tables(struct seed *seed)
{
    for (size_t i = 0; i < seed->file_count; i++)
        for (size_t j = 0; !seed->files[i].done && j < seed->files[i].source->script->count; j++)
            table_of(seed, seed->files[i].source->facts[j]);
}

static const struct dara_object *find_object(const struct dara_model *model, const struct seed_table *table)
{
    for (size_t i = 0; i < dara_model_count(model); i++) {
        const struct dara_object *object = dara_model_at(model, i);
        if ((dara_object_kind(object)->flags & DARA_KIND_ROWS) && !strcmp(dara_object_key(object), table->key) &&
            same_space(table->space, dara_object_space(object)))
            return object;
    }
    return NULL;
}

/* What --truncate would destroy, counted. */
static int count_tables(struct seed *seed, struct dara_session *session)
{
    int code = dara_session_begin(session, DARA_BEGIN_READ);
    if (!code)
        code = dara_session_read(session, &seed->model);
    for (size_t i = 0; !code && i < seed->table_count; i++) {
        struct seed_table *table = &seed->tables[i];
        table->object = table->filled ? find_object(seed->model, table) : NULL;
        if (table->object)
            code = dara_session_count_rows(session, table->object, &table->rows);
    }
    return code ? code : dara_session_rollback(session);
}

static int ask_truncate(struct seed *seed)
{
    DARA_TEXT_LOCAL what = DARA_TEXT_INIT;
    uint64_t rows = 0;
    dara_text_format(&what, "Every row of these tables of %s will be deleted before the seeds run:\n",
                     seed->context->url->redacted);
    for (size_t i = 0; i < seed->table_count; i++)
        if (seed->tables[i].object) {
            dara_text_add(&what, "  ");
            dara_text_add_visible(&what, dara_object_name(seed->tables[i].object));
            dara_text_format(&what, ": %llu rows\n", (unsigned long long)seed->tables[i].rows);
            rows += seed->tables[i].rows;
        }
    return rows ? dara_context_ask_word(seed->context, "TRUNCATE", "this deletes rows", dara_text_string(&what)) : 0;
}

static int empty_table(struct seed *seed, struct dara_session *session, const struct dara_object *object)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    int code = dara_dialect_delete_rows(seed->driver, object, &text);
    return code ? code : dara_attempts_execute(&seed->attempts, session, dara_text_string(&text), text.length, NULL);
}

/* Those that refer to others first. */
static int empty_tables(struct seed *seed, struct dara_session *session)
{
    const struct dara_object **order = NULL;
    size_t count = 0;
    int code = dara_model_order(seed->model, &order, &count);
    while (!code && count--)
        for (size_t i = 0; !code && i < seed->table_count; i++)
            if (seed->tables[i].object == order[count])
                code = empty_table(seed, session, order[count]);
    free(order);
    return code;
}

/* ---- running ------------------------------------------------------------------------------------------------------------ */

static int record(struct seed *seed, struct dara_session *session, const struct seed_file *file)
{
    char now[21];
    DARA_FREE char *who = dara_clock_whoami();
    (void)seed;
    dara_clock_iso(dara_clock_now(), now);
    return dara_session_history_record(session, &(struct dara_history_entry){.size = sizeof(struct dara_history_entry),
                                                                             .kind = "seed",
                                                                             .version = file->source->checksum,
                                                                             .name = dara_file_base(file->source->path),
                                                                             .state = "applied",
                                                                             .checksum = file->source->checksum,
                                                                             .applied_at = now,
                                                                             .applied_by = who,
                                                                             .tool = "dara " DARA_VERSION,
                                                                             .duration_ms = file->us / 1000});
}

static int run_file(struct seed *seed, struct dara_session *session, struct seed_file *file)
{
    int64_t start = dara_clock_monotonic_us();
    for (size_t i = 0; i < file->source->script->count; i++) {
        const struct dara_statement *statement = &file->source->script->statements[i];
        uint64_t affected = 0;
        int code = dara_attempts_execute(&seed->attempts, session, statement->text, statement->length, &affected);
        if (code)
            return code == DARA_ESTATEMENT || code == DARA_ELOCKED ? dara_source_at(file->source, i, code) : code;
        struct seed_table *table = table_of(seed, file->source->facts[i]);
        if (table)
            table->affected += affected;
    }
    file->us = dara_clock_monotonic_us() - start;
    int code = dara_session_reset(session);
    return code ? code : record(seed, session, file);
}

static int attempt(struct seed *seed, struct dara_session *session)
{
    bool rehearse = seed->request->dry_run;
    for (size_t i = 0; i < seed->table_count; i++)
        seed->tables[i].affected = 0;
    int code = dara_session_begin(session, DARA_BEGIN_DATA);
    if (!code)
        code = dara_session_history_ensure(session);
    if (!code && seed->request->truncate)
        code = empty_tables(seed, session);
    for (size_t i = 0; !code && i < seed->file_count; i++)
        if (!seed->files[i].done)
            code = run_file(seed, session, &seed->files[i]);
    if (!code && rehearse)
        code = dara_session_validate(session);
    if (code)
        return code;
    return rehearse ? dara_session_rollback(session) : dara_session_commit(session);
}

/* What no rollback takes back is done once. */
static bool is_once(const struct seed *seed)
{
    for (size_t i = 0; i < seed->file_count; i++)
        for (size_t k = 0; !seed->files[i].done && k < seed->files[i].source->script->count; k++)
            if (dara_facts_last(seed->files[i].source->facts[k]))
                return true;
    return false;
}

/* Closing the session rolls back what is not committed. */
static int run_files(struct seed *seed, struct dara_session *session)
{
    bool once = seed->request->dry_run || is_once(seed);
    int code;
    dara_attempts_begin(&seed->attempts, seed->context);
    while ((code = attempt(seed, session)) < 0)
        if (once || !dara_attempts_worth(session, code) || !dara_attempts_roll_back(session) ||
            !dara_attempts_again(&seed->attempts, session, "rolled back, and ", code))
            return code;
    dara_attempts_show(&seed->attempts, seed->report);
    return 0;
}

/* The history is read again under the lock: another run may have been first. */
static int run_locked(struct seed *seed)
{
    DARA_SESSION_LOCAL session = NULL;
    DARA_FREE char *owner = dara_context_owner(seed->context);
    size_t pending = 0;
    enum dara_mode mode = seed->request->dry_run ? DARA_MODE_REHEARSE : DARA_MODE_WRITE;
    if (!seed->request->dry_run)
        dara_attempts_step(seed->context);
    int code = dara_context_open(seed->context, mode, &session);
    if (!code)
        code = dara_session_lock(session, owner, seed->context->lock_timeout_ms);
    if (!code)
        code = dara_interrupted_refuse(session, "seeds run");
    if (!code)
        code = mark_done(seed, session, &pending);
    return code || !pending ? code : run_files(seed, session);
}

/* ---- report ------------------------------------------------------------------------------------------------------------- */

static void report_files(const struct seed *seed)
{
    json_t *seeds = json_array();
    struct dara_table *table = dara_report_table(seed->report, NULL, "Seeds", NULL);
    dara_table_column(table, NULL, "file", DARA_CELL_TEXT);
    dara_table_column(table, NULL, "state", DARA_CELL_STATUS);
    dara_table_column(table, NULL, "statements", DARA_CELL_INT);
    for (size_t i = 0; i < seed->file_count; i++) {
        const struct dara_source *source = seed->files[i].source;
        const char *state = seed->files[i].done ? "already there" : seed->request->dry_run ? "would run" : "applied";
        dara_table_row(table);
        dara_table_text(table, source->path);
        dara_table_text(table, state);
        dara_table_int(table, (int64_t)source->script->count);
        json_array_append_new(seeds,
                              json_pack("{s:s, s:s, s:I, s:s}", "file", source->path, "state", state, "statements",
                                        (json_int_t)source->script->count, "checksum", source->checksum));
    }
    dara_report_json(seed->report, "seeds", seeds);
}

static void report_tables(const struct seed *seed)
{
    struct dara_table *table = dara_report_table(seed->report, "tables", "Rows", NULL);
    dara_table_column(table, "table", "table", DARA_CELL_TEXT);
    dara_table_column(table, "rows", "rows", DARA_CELL_INT);
    dara_table_column(table, "deleted", "deleted before", DARA_CELL_INT);
    for (size_t i = 0; i < seed->table_count; i++) {
        dara_table_row(table);
        dara_table_text(table, seed->tables[i].key);
        dara_table_int(table, (int64_t)seed->tables[i].affected);
        dara_table_int(table, (int64_t)seed->tables[i].rows);
    }
}

static void report(const struct seed *seed, size_t pending)
{
    report_files(seed);
    report_tables(seed);
    dara_report_bool(seed->report, "dry_run", NULL, seed->request->dry_run);
    if (!pending)
        dara_report_note(seed->report, DARA_NOTE_OK,
                         "every seed was run before; nothing was changed (--again runs them)");
    else if (seed->request->dry_run)
        dara_report_note(seed->report, DARA_NOTE_OK, "it works; taken back, nothing is changed");
}

static int prepare(struct seed *seed, size_t *ret_pending)
{
    DARA_SESSION_LOCAL session = NULL;
    int code = dara_context_open(seed->context, DARA_MODE_READ, &session);
    if (!code)
        code = dara_session_require(session, "apply", "run seeds");
    if (!code)
        code = mark_done(seed, session, ret_pending);
    if (code)
        return code;
    find_tables(seed);
    return seed->request->truncate ? count_tables(seed, session) : 0;
}

int dara_seed(struct dara_context *context, const struct dara_seed_request *request, struct dara_report *out)
{
    DARA_CLEANUP(seed_done) struct seed seed = {.context = context, .request = request, .report = out};
    size_t pending = 0;
    int code = dara_context_url(context);
    if (!code)
        code = dara_context_driver(context, &seed.driver);
    if (!code)
        code = read_files(&seed);
    if (!code)
        code = prepare(&seed, &pending);
    if (!code && pending)
        code = dara_context_guard(context);
    if (!code && pending && request->truncate && !request->dry_run)
        code = ask_truncate(&seed);
    if (!code && pending)
        code = run_locked(&seed);
    if (!code)
        report(&seed, pending);
    return code;
}
