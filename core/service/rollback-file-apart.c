/* SPDX-License-Identifier: MIT */
/* Back by a file of rollback/ where no transaction holds it: rehearsed on a scratch copy, then statement by statement through the journal. */
#include <string.h>

#include "base/file.h"
#include "service/doubt.h"
#include "service/rollback-run.h"

struct file_call {
    struct dara_context *context;
    const struct dara_rollback_request *request;
    struct dara_report *report;
    const struct dara_migration *file;
};

/* ---- looking ------------------------------------------------------------------------------------------------------ */

/* What the file makes of the schema; what it does to rows cannot be seen there. */
static int try_file(const struct file_call *call, const struct dara_model *live, struct dara_model **ret_after)
{
    DARA_SESSION_LOCAL scratch = NULL;
    const struct dara_migration *file = call->file;
    int code = dara_rollback_copy(call->context, live, &scratch);
    if (code < 0) {
        DARA_FREE char *why = dara_strdup(dara_error_last()->message);
        code = dara_error_set(DARA_EUNSUPPORTED, "the file cannot be rehearsed on a scratch copy: %s", why);
        dara_error_hint("apply it as a migration");
        return code;
    }
    for (size_t i = 0; code == 0 && i < file->script->count; i++)
        if (!dara_facts_only_rows(file->facts[i]))
            code = dara_target_replay_statement(scratch, file->path, &file->script->statements[i], file->facts[i]);
    if (code == 0 && dara_session_in_transaction(scratch))
        code = dara_session_commit(scratch);
    return code < 0 ? code : dara_session_read(scratch, ret_after);
}

static int read_state(const struct file_call *call, struct dara_session *session, struct dara_rollback_way *way,
                      struct dara_rollback_marks **ret_marks)
{
    int code = dara_session_begin(session, DARA_BEGIN_READ);
    if (code == 0)
        code = dara_session_read(session, &way->live);
    if (code == 0)
        code = dara_rollback_marks_version(session, call->file->version, ret_marks);
    if (code == 0)
        dara_model_fingerprint_of(way->live, way->scope, way->fingerprint);
    return code;
}

static int look(const struct file_call *call, struct dara_rollback_way *way, struct dara_model **ret_after,
                struct dara_rollback_marks **ret_marks)
{
    DARA_SESSION_LOCAL session = NULL;
    int code = dara_context_open(call->context, DARA_MODE_READ, &session);
    if (code == 0)
        code = dara_rollback_way_runnable(way, session, call->report);
    if (code == 0)
        code = dara_rollback_look_past(call->context, session);
    if (code == 0)
        code = read_state(call, session, way, ret_marks);
    if (code == 0)
        code = try_file(call, way->live, ret_after);
    if (code == 0)
        code = dara_diff_new_of(way->live, *ret_after, way->scope, &way->diff);
    if (code < 0)
        return code;
    dara_rollback_file_losses(way, call->file, 0);
    dara_rollback_losses_of(way, way->diff);
    dara_rollback_losses_count(way, session);
    return 0;
}

/* ---- running ------------------------------------------------------------------------------------------------------ */

static void free_snapshot(struct dara_snapshot **snapshot)
{
    dara_snapshot_free(*snapshot);
}

static int change(const struct file_call *call, struct dara_session *session, const struct dara_rollback_way *shown,
                  const struct dara_model *rehearsed, struct dara_model **ret_after)
{
    DARA_ROLLBACK_WAY_LOCAL way = dara_alloc(sizeof(*way));
    DARA_ROLLBACK_MARKS_LOCAL marks = NULL;
    DARA_CLEANUP(free_snapshot) struct dara_snapshot *emergency = NULL;
    int code = read_state(call, session, way, &marks);
    if (code == 0)
        code = dara_rollback_unchanged(shown, way->live);
    if (code == 0)
        code = dara_rollback_save(call->context, session, shown, call->request->no_snapshot, call->report, &emergency);
    if (code == 0)
        code = dara_session_rollback(session);
    if (code < 0)
        return code;
    const struct dara_rollback_aim aim = {
        .snapshot = call->file->version,
        .file = dara_file_base(call->file->path),
        .label = call->file->name,
        .emergency = emergency ? emergency->id : NULL,
        .emergency_sha256 = emergency ? emergency->sha256 : NULL,
        .emergency_rows = emergency ? emergency->rows : NULL,
        .emergency_rows_count = emergency ? emergency->rows_count : 0,
        .before = way->live,
        .target = (struct dara_model *)rehearsed,
    };
    DARA_CLEANUP(dara_rollback_run_done)
    struct dara_rollback_run run = {.context = call->context,
                                    .report = call->report,
                                    .session = session,
                                    .aim = &aim,
                                    .way = way,
                                    .target = rehearsed,
                                    .marks = marks,
                                    .file = call->file};
    code = dara_rollback_open_journal(&run);
    return code < 0 ? code : dara_rollback_run_journaled(&run, ret_after);
}

static int write_session(const struct file_call *call, const struct dara_rollback_way *shown,
                         const struct dara_model *rehearsed)
{
    DARA_SESSION_LOCAL session = NULL;
    DARA_MODEL_LOCAL after = NULL;
    dara_attempts_step(call->context);
    int code = dara_context_open(call->context, DARA_MODE_WRITE, &session);
    if (code == 0)
        code = dara_rollback_lock(call->context, session);
    if (code == 0)
        code = change(call, session, shown, rehearsed, &after);
    if (code < 0)
        return code;
    dara_report_bool(call->report, "done", NULL, true);
    dara_report_note(call->report, DARA_NOTE_OK, "migration %s is rolled back", call->file->version);
    return call->request->no_snapshot ? 0 : dara_rollback_save_after(call->context, session, after, call->report);
}

int dara_rollback_file_apart(struct dara_context *context, const struct dara_rollback_request *request,
                             const struct dara_migration *file, struct dara_report *report)
{
    const struct file_call call = {.context = context, .request = request, .report = report, .file = file};
    DARA_ROLLBACK_WAY_LOCAL way = dara_alloc(sizeof(*way));
    DARA_MODEL_LOCAL after = NULL;
    DARA_ROLLBACK_MARKS_LOCAL marks = NULL;
    int code = look(&call, way, &after, &marks);
    if (code < 0)
        return code;
    DARA_FREE char *title = dara_format("before %s_%s", file->version, file->name);
    if (!request->dry_run) {
        code = dara_rollback_confirm(context, report, way, NULL, marks, title);
        return code < 0 ? code : write_session(&call, way, after);
    }
    dara_report_text(report, "target", "back to", title);
    dara_rollback_show(report, way, NULL, marks);
    dara_report_bool(report, "done", NULL, false);
    dara_report_note(report, DARA_NOTE_OK, "rehearsed on a scratch copy without rows; nothing was changed");
    return 0;
}

/* ---- going on ----------------------------------------------------------------------------------------------------- */

static int refuse_edited(const struct dara_migration *file, unsigned statement)
{
    dara_error_set(DARA_EREFUSED, "statement %u of the interrupted rollback's file was edited after it ran", statement);
    dara_error_hint("take the edit back (only statements that have not run may change), or give --abandon");
    dara_error_at(file->path, 0);
    return DARA_EREFUSED;
}

static bool is_same(const struct dara_migration *file, const struct dara_journal_entry *entry)
{
    char hash[65];
    if (entry->statement == 0 || entry->statement > file->script->count)
        return false;
    dara_sha256(file->script->statements[entry->statement - 1].text,
                file->script->statements[entry->statement - 1].length, hash);
    return dara_string_same(entry->checksum, hash);
}

static int settle(struct dara_rollback_run *run, const struct dara_interrupted *interrupted,
                  const struct dara_journal_entry *entry)
{
    enum dara_outcome outcome;
    int code = dara_doubt_settle(run->context, run->session, interrupted, entry, &outcome);
    if (code < 0)
        return code;
    if (outcome == DARA_OUTCOME_UNKNOWN) {
        code = dara_error_set(DARA_EPARTIAL, "whether statement %u took effect cannot be told", entry->statement);
        dara_error_detail("%.400s", entry->text ? entry->text : "");
        dara_error_hint("'dara rollback --abandon' goes back to the schema before the rollback");
        return code;
    }
    run->first += outcome == DARA_OUTCOME_DONE;
    return 0;
}

/* Statements that are done, from the first on; then the one that may be. */
static int find_first(struct dara_rollback_run *run, const struct dara_interrupted *interrupted)
{
    for (size_t i = 0; i < interrupted->count; i++) {
        const struct dara_journal_entry *entry = &interrupted->statements[i];
        if (!dara_string_same(entry->kind, "file") || entry->statement != run->first + 1 ||
            dara_string_same(entry->state, "failed"))
            continue;
        if (!is_same(run->file, entry))
            return refuse_edited(run->file, entry->statement);
        if (!dara_string_same(entry->state, "done"))
            return settle(run, interrupted, entry);
        run->first++;
    }
    return 0;
}

static int set_again(struct dara_rollback_run *run)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < run->first; i++) {
        const struct dara_statement *statement = &run->file->script->statements[i];
        if (run->file->facts[i]->flags & (DARA_STATEMENT_SESSION | DARA_STATEMENT_BEFORE_TRANSACTION))
            code = dara_session_execute(run->session, statement->text, statement->length, NULL, NULL);
    }
    return code;
}

int dara_rollback_file_reopen(struct dara_rollback_run *run, const struct dara_interrupted *interrupted,
                              struct dara_migrations **ret_files)
{
    DARA_FREE char *folder = dara_project_path(run->context->project, "rollback");
    DARA_FREE char *path = dara_file_join(folder, run->aim->file);
    int code = dara_migrations_read(dara_session_driver(run->session), path, ret_files);
    if (code < 0)
        return code;
    run->file = &(*ret_files)->items[0];
    code = find_first(run, interrupted);
    return code < 0 ? code : set_again(run);
}
