/* SPDX-License-Identifier: MIT */
/* Back by a hand-written file of rollback/: rehearsed first, so that what it does is shown and not guessed. */
#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "base/file.h"
#include "service/journal.h"
#include "service/migration.h"
#include "service/rollback-run.h"
#include "service/stake.h"

#define VERSION_LENGTH 14

/* ---- which file ------------------------------------------------------------------------------------------------------- */

static bool is_version(const char *operand)
{
    return strspn(operand, "0123456789") == VERSION_LENGTH &&
           (operand[VERSION_LENGTH] == '\0' || operand[VERSION_LENGTH] == '_');
}

static bool in_folder(const char *path, const char *folder)
{
    DARA_FREE char *real = realpath(path, NULL);
    DARA_FREE char *real_folder = realpath(folder, NULL);

    if (!real || !real_folder)
        return false;
    size_t length = strlen(real_folder);
    return strncmp(real, real_folder, length) == 0 && real[length] == '/' && !strchr(real + length + 1, '/');
}

/* Whether a file name is that of `operand`: VERSION, VERSION_NAME, either with the extension, or NAME. */
static bool matches(const char *file, const char *operand, const char *extension)
{
    DARA_FREE char *end = dara_format(".%s", extension);
    size_t length = strlen(file), tail = strlen(end);

    if (!is_version(file) || length <= tail || strcmp(file + length - tail, end) != 0)
        return false;
    DARA_FREE char *stem = dara_strndup(file, length - tail);
    return strcmp(file, operand) == 0 || strcmp(stem, operand) == 0 ||
           (stem[VERSION_LENGTH] == '_' && strcmp(stem + VERSION_LENGTH + 1, operand) == 0) ||
           (strlen(operand) == VERSION_LENGTH && strncmp(stem, operand, VERSION_LENGTH) == 0);
}

static int search(const char *folder, const char *operand, const char *extension, char **ret_path)
{
    char **names = NULL;
    size_t count = 0, found = 0;
    DARA_FREE char *path = NULL;

    if (!dara_file_exists(folder))
        return 0;
    int code = dara_file_names(folder, &names, &count);
    if (code < 0)
        return code;
    for (size_t i = 0; i < count; i++) {
        if (!matches(names[i], operand, extension))
            continue;
        free(path);
        path = dara_file_join(folder, names[i]);
        found++;
    }
    dara_file_names_free(names);
    if (found > 1) {
        code = dara_error_set(DARA_EUSAGE, "'%s' means more than one file in '%s'", operand, folder);
        dara_error_hint("give the file's whole name");
        return code;
    }
    *ret_path = path;
    path = NULL;
    return 0;
}

/* A name alone means a snapshot before it means a file. */
static bool is_snapshot(struct dara_context *context, const char *operand)
{
    struct dara_snapshot *snapshot = NULL;

    if (dara_snapshot_find(context, operand, &snapshot) < 0) {
        dara_error_clear(); /* it is looked for again, with its error, once it is known to be no file */
        return false;
    }
    dara_snapshot_free(snapshot);
    return true;
}

int dara_rollback_file_find(struct dara_context *context, const struct dara_driver *driver, const char *operand,
                            char **ret_path)
{
    DARA_FREE char *folder = dara_project_path(context->project, "rollback");
    DARA_FREE char *path = NULL;

    *ret_path = NULL;
    if (!driver->dialect)
        return 0;
    if (dara_file_exists(operand) && in_folder(operand, folder)) {
        *ret_path = dara_strdup(operand);
        return 0;
    }
    if (strchr(operand, '/') || (!is_version(operand) && is_snapshot(context, operand)))
        return 0;
    int code = search(folder, operand, driver->dialect->extension, &path);
    if (code < 0)
        return code;
    if (!path && is_version(operand) && !is_snapshot(context, operand)) {
        code = dara_error_set(DARA_EFILE, "no file in '%s' takes back version '%s'", folder, operand);
        dara_error_hint("go back to the snapshot from before it instead: dara snapshot list");
        return code;
    }
    *ret_path = path;
    path = NULL;
    return 0;
}

/* ---- running ---------------------------------------------------------------------------------------------------------- */

static int at_line(int code, const struct dara_migration *file, unsigned line)
{
    const struct dara_error *error = dara_error_last();
    long inside = error ? error->line : 0;

    dara_error_at(file->path, (long)line + (inside > 0 ? inside - 1 : 0));
    return code;
}

/* Run the statements that belong before the transaction, or those inside it. */
static int run(struct dara_session *session, const struct dara_migration *file, bool before,
               struct dara_attempts *attempts)
{
    for (size_t i = 0; i < file->script->count; i++) {
        const struct dara_statement *statement = &file->script->statements[i];
        bool is_before = file->facts[i]->flags & DARA_STATEMENT_BEFORE_TRANSACTION;
        if (is_before != before)
            continue;
        int code = dara_attempts_execute(attempts, session, statement->text, statement->length, NULL);
        if (code < 0)
            return at_line(code, file, statement->line);
    }
    return 0;
}

/* Settings from before the transaction, and what no rollback takes back, are made once. */
static bool is_once(const struct dara_migration *file)
{
    for (size_t i = 0; i < file->script->count; i++)
        if ((file->facts[i]->flags & DARA_STATEMENT_BEFORE_TRANSACTION) || dara_facts_last(file->facts[i]))
            return true;
    return false;
}

static int check(const struct dara_migration *file)
{
    for (size_t i = 0; i < file->script->count; i++) {
        if (!(file->facts[i]->flags & DARA_STATEMENT_NO_TRANSACTION))
            continue;
        int code = dara_error_set(DARA_EUNSUPPORTED, "this statement cannot run in a transaction, as a rollback does");
        dara_error_hint("apply it as a migration");
        return at_line(code, file, file->script->statements[i].line);
    }
    return 0;
}

struct file_call {
    struct dara_context *context;
    const struct dara_rollback_request *request;
    struct dara_report *report;
    const struct dara_migration *file;
};

static int lock(const struct file_call *call, struct dara_session *session, struct dara_attempts *attempts)
{
    int code = dara_rollback_lock(call->context, session);

    return code < 0 ? code : run(session, call->file, true, attempts);
}

/* The models alone cannot show what a DELETE does. */
void dara_rollback_file_losses(struct dara_rollback_way *way, const struct dara_migration *file, size_t first)
{
    DARA_STAKE_LOCAL stake = {.count = 0};

    for (size_t i = first; i < file->script->count; i++)
        dara_stake_add(&stake, way->live, file->facts[i], true);
    for (size_t i = 0; i < stake.count; i++)
        dara_rollback_loss_add(way, stake.items[i].object, stake.items[i].message)->may_survive = stake.items[i].schema;
}

/* A table that is dropped and made again under its name with all its rows is no loss: a rebuild. */
static void drop_survivors(struct dara_rollback_way *way, struct dara_session *session, const struct dara_model *after)
{
    size_t kept = 0;

    for (size_t i = 0; i < way->loss_count; i++) {
        const struct dara_rollback_loss *loss = &way->losses[i];
        const struct dara_object *now = loss->may_survive ? dara_model_same(after, loss->object) : NULL;
        uint64_t rows = 0;
        bool survives = now && loss->counted && dara_session_count_rows(session, now, &rows) == 0 && rows >= loss->rows;
        if (!survives)
            way->losses[kept++] = *loss;
    }
    way->loss_count = kept;
}

/* Execute inside the transaction and read what came out. */
static int execute(const struct file_call *call, struct dara_session *session, struct dara_attempts *attempts,
                   struct dara_model **ret_after)
{
    int code = run(session, call->file, false, attempts);

    if (code == 0)
        code = dara_session_validate(session);
    return code < 0 ? code : dara_session_read(session, ret_after);
}

/* Run the file and note what is lost on the way. */
static int try_file(const struct file_call *call, struct dara_session *session, struct dara_attempts *attempts,
                    struct dara_rollback_way *way, struct dara_model **ret_after)
{
    int code = dara_session_read(session, &way->live);

    if (code < 0)
        return code;
    way->scope = DARA_SCOPE_ALL; /* whatever differs, the file did */
    dara_model_fingerprint_of(way->live, way->scope, way->fingerprint);
    dara_rollback_file_losses(way, call->file, 0);
    dara_rollback_losses_count(way, session);
    code = execute(call, session, attempts, ret_after);
    if (code == 0)
        code = dara_diff_new_of(way->live, *ret_after, way->scope, &way->diff);
    if (code < 0)
        return code;
    drop_survivors(way, session, *ret_after);
    dara_rollback_losses_of(way, way->diff);
    return 0;
}

struct rehearsal {
    const struct file_call *call;
    struct dara_session *session;
    struct dara_attempts *attempts;
    struct dara_rollback_way *way;
    struct dara_rollback_marks *marks;
    struct dara_model *after;
};

static void forget(struct rehearsal *rehearsal)
{
    dara_rollback_way_free(rehearsal->way);
    dara_rollback_marks_free(rehearsal->marks);
    rehearsal->way = NULL;
    rehearsal->marks = NULL;
    rehearsal->after = dara_model_free(rehearsal->after);
}

static int attempt_rehearsal(void *context)
{
    struct rehearsal *rehearsal = context;
    struct dara_session *session = rehearsal->session;

    forget(rehearsal);
    rehearsal->way = dara_alloc(sizeof(*rehearsal->way));
    int code = dara_rollback_way_runnable(rehearsal->way, session, rehearsal->call->report);
    if (code == 0)
        code = dara_session_begin(session, DARA_BEGIN_SCHEMA);
    if (code == 0)
        code = dara_rollback_marks_version(session, rehearsal->call->file->version, &rehearsal->marks);
    if (code == 0)
        code = try_file(rehearsal->call, session, rehearsal->attempts, rehearsal->way, &rehearsal->after);
    return code < 0 ? code : dara_session_rollback(session);
}

/* Find out what the file does, and take it back. */
static int rehearse(const struct file_call *call, struct dara_rollback_way **ret_way, struct dara_model **ret_after,
                    struct dara_rollback_marks **ret_marks)
{
    DARA_SESSION_LOCAL session = NULL;
    DARA_ATTEMPTS_LOCAL attempts = {.context = call->context};
    DARA_CLEANUP(forget) struct rehearsal rehearsal = {.call = call, .attempts = &attempts};
    dara_attempts_step(call->context);
    int code = dara_context_open(call->context, DARA_MODE_REHEARSE, &session);

    rehearsal.session = session;
    if (code == 0)
        code = lock(call, session, &attempts);
    if (code == 0)
        code = dara_rollback_patiently(&attempts, session, attempt_rehearsal, &rehearsal, is_once(call->file), NULL);
    if (code < 0)
        return code;
    dara_rollback_losses_count(rehearsal.way, session);
    *ret_way = rehearsal.way;
    *ret_marks = rehearsal.marks;
    *ret_after = rehearsal.after;
    rehearsal = (struct rehearsal){.call = call};
    return 0;
}

struct change {
    const struct file_call *call;
    struct dara_session *session;
    const struct dara_rollback_way *shown; /* what was rehearsed */
    const struct dara_model *rehearsed;
    struct dara_attempts *attempts;
    struct dara_snapshot *saved;
    struct dara_model *after;
};

static int record(struct change *change, const struct dara_rollback_marks *marks)
{
    char wanted[65], got[65];

    dara_model_fingerprint_of(change->rehearsed, change->shown->scope, wanted);
    dara_model_fingerprint_of(change->after, change->shown->scope, got);
    if (strcmp(wanted, got) != 0)
        return dara_error_set(DARA_ESTATEMENT, "the result is not what was rehearsed; nothing was changed");
    dara_model_fingerprint(change->after, got);
    int code = dara_rollback_marks_record(change->session, marks, got);
    return code < 0 ? code : dara_session_commit(change->session);
}

/* From begin to commit. */
static int attempt(void *context)
{
    struct change *change = context;
    struct dara_session *session = change->session;
    DARA_MODEL_LOCAL live = NULL;
    DARA_ROLLBACK_MARKS_LOCAL marks = NULL;
    int code = dara_session_begin(session, DARA_BEGIN_SCHEMA);

    change->after = dara_model_free(change->after);
    if (code == 0)
        code = dara_session_read(session, &live);
    if (code == 0)
        code = dara_rollback_unchanged(change->shown, live);
    if (code == 0)
        code = dara_rollback_marks_version(session, change->call->file->version, &marks);
    if (code == 0)
        code = dara_rollback_save(change->call->context, session, change->shown, change->call->request->no_snapshot,
                                  NULL, &change->saved);
    if (code == 0)
        code = execute(change->call, session, change->attempts, &change->after);
    return code < 0 ? code : record(change, marks);
}

static int change_locked(struct change *change)
{
    const struct file_call *call = change->call;
    int code = lock(call, change->session, change->attempts);

    if (code == 0)
        code = dara_rollback_patiently(change->attempts, change->session, attempt, change, is_once(call->file),
                                       &change->saved);
    if (code == 0)
        dara_attempts_show(change->attempts, call->report);
    if (change->saved)
        dara_rollback_say_saved(call->report, change->saved);
    change->saved = dara_snapshot_free(change->saved);
    return code;
}

static int write_session(const struct file_call *call, const struct dara_rollback_way *shown,
                         const struct dara_model *rehearsed)
{
    DARA_SESSION_LOCAL session = NULL;
    DARA_MODEL_LOCAL after = NULL;
    DARA_ATTEMPTS_LOCAL attempts = {.context = call->context};
    dara_attempts_step(call->context);
    int code = dara_context_open(call->context, DARA_MODE_WRITE, &session);
    struct change change = {
        .call = call, .session = session, .shown = shown, .rehearsed = rehearsed, .attempts = &attempts};

    if (code == 0)
        code = change_locked(&change);
    after = change.after;
    if (code < 0)
        return code; /* closing the session rolls back and unlocks */
    dara_report_bool(call->report, "done", NULL, true);
    dara_report_note(call->report, DARA_NOTE_OK, "migration %s is rolled back", call->file->version);
    if (!call->request->no_snapshot)
        code = dara_rollback_save_after(call->context, session, after, call->report);
    if (code < 0)
        dara_error_hint("the rollback itself is done; take the snapshot again: dara snapshot post_rollback");
    return code;
}

int dara_rollback_file(struct dara_context *context, const struct dara_rollback_request *request, const char *path,
                       struct dara_report *report)
{
    const struct dara_driver *driver;
    DARA_MIGRATIONS_LOCAL files = NULL;
    DARA_ROLLBACK_WAY_LOCAL way = NULL;
    DARA_MODEL_LOCAL after = NULL;
    DARA_ROLLBACK_MARKS_LOCAL marks = NULL;

    if (request->rebuild)
        return dara_error_set(DARA_EUSAGE, "--rebuild goes back to a snapshot, not by a file");
    int code = dara_context_driver(context, &driver);
    if (code == 0)
        code = dara_migrations_read(driver, path, &files);
    if (code == 0 && !(driver->features & DARA_FEATURE_TRANSACTIONAL_DDL))
        return dara_rollback_file_apart(context, request, &files->items[0], report);
    if (code == 0)
        code = check(&files->items[0]);
    if (code < 0)
        return code;
    const struct file_call call = {.context = context, .request = request, .report = report, .file = &files->items[0]};
    code = rehearse(&call, &way, &after, &marks);
    if (code < 0)
        return code;
    DARA_FREE char *title = dara_format("before %s_%s", call.file->version, call.file->name);
    if (!request->dry_run) {
        code = dara_rollback_confirm(context, report, way, NULL, marks, title);
        return code < 0 ? code : write_session(&call, way, after);
    }
    dara_report_text(report, "target", "back to", title);
    dara_rollback_show(report, way, NULL, marks);
    dara_report_bool(report, "done", NULL, false);
    dara_report_note(report, DARA_NOTE_OK, "rehearsed in a transaction that was taken back; nothing was changed");
    return 0;
}
