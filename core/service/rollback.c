/* SPDX-License-Identifier: MIT */
/* Back to a snapshot. */
#include <string.h>

#include "service/compare.h"
#include "service/journal.h"
#include "service/restore.h"
#include "service/rollback-run.h"

int dara_rollback_lock(struct dara_context *context, struct dara_session *session)
{
    DARA_FREE char *owner = dara_context_owner(context);
    int code = dara_session_lock(session, owner, context->lock_timeout_ms);

    return code < 0 ? code : dara_interrupted_refuse(session, "anything is rolled back");
}

int dara_rollback_look_past(struct dara_context *context, struct dara_session *session)
{
    DARA_SESSION_LOCAL other = NULL;
    int code = dara_interrupted_refuse(session, "anything is rolled back");

    if (code != DARA_EPARTIAL)
        return code;
    dara_error_clear();
    code = dara_context_open(context, DARA_MODE_REHEARSE, &other);
    return code < 0 ? code : dara_rollback_lock(context, other);
}

int dara_rollback_begin(struct dara_context *context, struct dara_session *session)
{
    int code = dara_rollback_lock(context, session);

    return code < 0 ? code : dara_session_begin(session, DARA_BEGIN_SCHEMA);
}

int dara_rollback_unchanged(const struct dara_rollback_way *shown, const struct dara_model *now)
{
    char fingerprint[65];

    dara_model_fingerprint_of(now, shown->scope, fingerprint);
    if (strcmp(fingerprint, shown->fingerprint) == 0)
        return 0;
    int code = dara_error_set(DARA_EREFUSED, "the schema changed while you were deciding; nothing was done");
    dara_error_hint("run rollback again and read what it would do now");
    return code;
}

/* ---- running -------------------------------------------------------------------------------------------------------- */

struct run {
    struct dara_session *session;
    const struct dara_target *target;
    const struct dara_rollback_way *way;
    struct dara_attempts *attempts;
    uint64_t restored; /* rows put back */
};

/* Put the rows back as soon as their table is there: before its triggers are, which must not run for them. */
static int fill(struct run *run, const struct dara_object *made)
{
    const struct dara_snapshot_rows *rows = made ? dara_restore_find(run->target->snapshot, made) : NULL;
    if (!rows)
        return 0;
    run->restored += rows->rows;
    return dara_restore_rows(run->session, run->target->snapshot, rows);
}

static int run_stage(struct run *run, const struct dara_plan *plan)
{
    size_t count = dara_plan_count(plan);

    for (size_t i = 0; i < count; i++) {
        const struct dara_planned *step = dara_plan_at(plan, i);
        int code = dara_attempts_execute(run->attempts, run->session, step->text, strlen(step->text), NULL);
        if (code < 0) {
            const char *detail = dara_error_last()->detail;
            DARA_FREE char *kept = detail ? dara_format("%s\n", detail) : NULL;
            dara_error_detail("%sstatement %zu of %zu on the way back: %s", kept ? kept : "", i + 1, count, step->text);
            return code;
        }
        code = fill(run, dara_rollback_made_at(plan, i));
        if (code < 0)
            return code;
    }
    return 0;
}

/* Execute the way and look at what came out, inside the transaction. */
static int run_way(struct run *run, struct dara_model **ret_model)
{
    DARA_MODEL_LOCAL after = NULL;
    DARA_DIFF_LOCAL diff = NULL;
    int code = run->way->renames ? run_stage(run, run->way->renames->plan) : 0;

    for (size_t i = 0; code == 0 && i < run->way->stage_count; i++)
        code = run_stage(run, run->way->stages[i].plan);
    if (code == 0)
        code = dara_session_validate(run->session);
    if (code == 0)
        code = dara_session_read(run->session, &after);
    if (code == 0)
        code = dara_diff_new_of(after, run->target->model, run->way->scope, &diff);
    if (code < 0)
        return code;
    if (dara_diff_count(diff) > 0) {
        DARA_TEXT_LOCAL words = DARA_TEXT_INIT;
        dara_compare_words(diff, &words);
        code = dara_error_set(DARA_ESTATEMENT, "the result would not equal the target; nothing was changed");
        dara_error_detail("still to do: %s", dara_text_string(&words));
        return code;
    }
    dara_model_free(*ret_model); /* of an attempt before this one */
    *ret_model = after;
    after = NULL;
    return 0;
}

/* ---- the commands --------------------------------------------------------------------------------------------------- */

void dara_rollback_say_restored(struct dara_report *report, uint64_t rows)
{
    dara_report_int(report, "rows_restored", NULL, (int64_t)rows);
    if (rows)
        dara_report_note(report, DARA_NOTE_INFO, "%llu rows came back from the snapshot", (unsigned long long)rows);
}

struct change {
    const struct dara_rollback_call *call;
    const struct dara_rollback_way *shown;
    struct dara_session *session;
    struct dara_attempts *attempts;
    struct dara_snapshot *saved;
    struct dara_model *after;
};

/* From begin to commit. */
static int attempt(void *context)
{
    struct change *change = context;
    const struct dara_rollback_call *call = change->call;
    struct dara_session *session = change->session;
    DARA_ROLLBACK_WAY_LOCAL way = NULL;
    DARA_ROLLBACK_MARKS_LOCAL marks = NULL;
    int code = dara_session_begin(session, DARA_BEGIN_SCHEMA);

    if (code == 0)
        code =
            dara_rollback_way_new(call->context, session, call->context->scope, call->target->model, call->empty, &way);

    if (code == 0)
        code = dara_rollback_unchanged(change->shown, way->live);
    if (code == 0)
        code = dara_rollback_marks_of(call->context, session, call->target->snapshot->applied,
                                      call->target->snapshot->applied_count, &marks);
    if (code == 0 && !dara_rollback_is_there(call, way))
        code = dara_rollback_save(call->context, session, way, call->request->no_snapshot, NULL, &change->saved);
    if (code < 0)
        return code;
    struct run run = {.session = session, .target = call->target, .way = way, .attempts = change->attempts};
    char fingerprint[65];
    code = run_way(&run, &change->after);
    if (code < 0)
        return code;
    dara_model_fingerprint(change->after, fingerprint);
    code = dara_rollback_marks_record(session, marks, fingerprint);
    if (code == 0)
        code = dara_session_commit(session);
    if (code == 0)
        dara_rollback_say_restored(call->report, run.restored);
    return code;
}

static int change_locked(const struct dara_rollback_call *call, const struct dara_rollback_way *shown,
                         struct dara_session *session, struct dara_model **ret_after)
{
    DARA_ATTEMPTS_LOCAL attempts = {.context = call->context};
    struct change change = {.call = call, .shown = shown, .session = session, .attempts = &attempts};
    int code = dara_rollback_lock(call->context, session);

    if (code == 0 && dara_rollback_is_journaled(session))
        return dara_rollback_change_journaled(call, shown, session, ret_after);
    if (code == 0)
        code = dara_rollback_patiently(&attempts, session, attempt, &change, false, &change.saved);
    if (code == 0)
        dara_attempts_show(&attempts, call->report);
    if (change.saved)
        dara_rollback_say_saved(call->report, change.saved);
    dara_snapshot_free(change.saved);
    if (code == 0)
        *ret_after = change.after;
    else
        dara_model_free(change.after);
    return code;
}

/* ---- the command ------------------------------------------------------------------------------------------------------ */

static int write_session(const struct dara_rollback_call *call, const struct dara_rollback_way *shown)
{
    DARA_SESSION_LOCAL session = NULL;
    DARA_MODEL_LOCAL after = NULL;
    dara_attempts_step(call->context);
    int code = dara_context_open(call->context, DARA_MODE_WRITE, &session);

    if (code == 0)
        code = change_locked(call, shown, session, &after);
    if (code < 0)
        return code; /* closing the session rolls back and unlocks */
    dara_report_bool(call->report, "done", NULL, true);
    dara_report_note(call->report, DARA_NOTE_OK, "rolled back to %s", call->target->title);
    if (!call->request->no_snapshot && !dara_rollback_is_there(call, shown))
        code = dara_rollback_save_after(call->context, session, after, call->report);
    if (code < 0)
        dara_error_hint("the rollback itself is done; take the snapshot again: dara snapshot post_rollback");
    return code;
}

static int rehearse_inside(const struct dara_rollback_call *call, const struct dara_snapshot *snapshot)
{
    DARA_SESSION_LOCAL session = NULL;
    DARA_ROLLBACK_WAY_LOCAL way = NULL;
    DARA_ROLLBACK_MARKS_LOCAL marks = NULL;
    DARA_MODEL_LOCAL after = NULL;
    int code = dara_context_open(call->context, DARA_MODE_REHEARSE, &session);

    if (code == 0)
        code = dara_rollback_begin(call->context, session);
    if (code == 0)
        code =
            dara_rollback_way_new(call->context, session, call->context->scope, call->target->model, call->empty, &way);
    if (code == 0)
        code = dara_rollback_marks_of(call->context, session, snapshot->applied, snapshot->applied_count, &marks);
    if (code == 0)
        code = dara_rollback_way_runnable(way, session, call->report);
    if (code < 0)
        return code;
    dara_rollback_losses_count(way, session);
    dara_report_text(call->report, "target", "back to", call->target->title);
    dara_rollback_show(call->report, way, &call->rows, marks);
    DARA_ATTEMPTS_LOCAL attempts = {.context = call->context};
    struct run run = {.session = session, .target = call->target, .way = way, .attempts = &attempts};
    code = run_way(&run, &after);
    if (code == 0)
        code = dara_session_rollback(session);
    if (code < 0)
        return code;
    dara_report_bool(call->report, "done", NULL, false);
    dara_report_note(
        call->report, DARA_NOTE_OK,
        "rehearsed in a transaction that was taken back: the result equals the target; nothing was changed");
    return 0;
}

/* Look first, with a session that cannot write. */
static int look(const struct dara_rollback_call *call, struct dara_rollback_way **ret_way,
                struct dara_rollback_marks **ret_marks, bool *ret_tried)
{
    DARA_SESSION_LOCAL session = NULL;
    int code = dara_context_open(call->context, DARA_MODE_READ, &session);

    if (code == 0)
        code = dara_session_begin(session, DARA_BEGIN_READ); /* model, history and counts of one moment */
    if (code == 0)
        code = dara_rollback_way_new(call->context, session, call->context->scope, call->target->model, call->empty,
                                     ret_way);
    if (code == 0)
        code = dara_rollback_way_runnable(*ret_way, session, call->report);
    if (code == 0)
        code = dara_rollback_marks_of(call->context, session, call->target->snapshot->applied,
                                      call->target->snapshot->applied_count, ret_marks);
    if (code == 0)
        dara_rollback_losses_count(*ret_way, session);
    if (code == 0 && dara_rollback_is_journaled(session) && !dara_rollback_is_there(call, *ret_way)) {
        code = dara_rollback_look_past(call->context, session);
        if (code == 0)
            code =
                dara_rollback_rehearse_scratch(call->context, *ret_way, call->target->model, call->report, ret_tried);
    }
    return code;
}

/* Where no transaction holds it: on a scratch copy, which the real run has to pass as well. */
static int rehearse_apart(const struct dara_rollback_call *call)
{
    DARA_ROLLBACK_WAY_LOCAL way = NULL;
    DARA_ROLLBACK_MARKS_LOCAL marks = NULL;
    bool tried = true;
    int code = look(call, &way, &marks, &tried);

    if (code < 0)
        return code;
    dara_report_text(call->report, "target", "back to", call->target->title);
    dara_rollback_show(call->report, way, &call->rows, marks);
    dara_report_bool(call->report, "done", NULL, false);
    if (tried)
        dara_report_note(call->report, DARA_NOTE_OK,
                         "rehearsed on a scratch copy without rows: the result equals the target; nothing was changed");
    return tried ? 0 : dara_error_set(DARA_EUNSUPPORTED, "the way back could not be rehearsed; nothing was changed");
}

static int rehearse(const struct dara_rollback_call *call, const struct dara_snapshot *snapshot)
{
    const struct dara_driver *driver;
    int code = dara_context_driver(call->context, &driver);

    if (code < 0)
        return code;
    return driver->features & DARA_FEATURE_TRANSACTIONAL_DDL ? rehearse_inside(call, snapshot) : rehearse_apart(call);
}

static int to_snapshot(const struct dara_rollback_call *call)
{
    DARA_ROLLBACK_WAY_LOCAL way = NULL;
    DARA_ROLLBACK_MARKS_LOCAL marks = NULL;

    if (call->request->dry_run)
        return rehearse(call, call->target->snapshot);
    bool tried = true; /* where it was not the report says so, and the user decides */
    int code = look(call, &way, &marks, &tried);
    if (code < 0)
        return code;
    if (!dara_rollback_is_there(call, way)) {
        code = dara_rollback_confirm(call->context, call->report, way, &call->rows, marks, call->target->title);
        return code < 0 ? code : write_session(call, way);
    }
    dara_report_text(call->report, "target", "back to", call->target->title);
    dara_rollback_show(call->report, way, &call->rows, marks);
    if (marks->count == 0) {
        dara_report_bool(call->report, "done", NULL, false);
        dara_report_note(call->report, DARA_NOTE_OK, "the schema is that of %s already: nothing to do",
                         call->target->title);
        return 0;
    }
    dara_report_note(call->report, DARA_NOTE_INFO, "the schema is that of the target; the history is brought in line");
    code = dara_context_guard(call->context);
    return code < 0 ? code : write_session(call, way);
}

int dara_rollback(struct dara_context *context, const struct dara_rollback_request *request, struct dara_report *report)
{
    const struct dara_driver *driver;
    DARA_FREE char *path = NULL;
    int code = dara_context_project(context);

    if (code == 0 && (request->resume || request->abandon))
        return dara_rollback_resume(context, request, report);
    if (code == 0)
        code = dara_context_driver(context, &driver);
    if (code == 0)
        code = dara_rollback_file_find(context, driver, request->target, &path);
    if (code < 0)
        return code;
    if (path)
        return dara_rollback_file(context, request, path, report);
    if (dara_target_type(driver, request->target) != DARA_TARGET_SNAPSHOT) {
        DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
        DARA_FREE char *plain = dara_url_shown(request->target);
        dara_text_add_visible(&shown, plain);
        code =
            dara_error_set(DARA_EUSAGE, "'%s' is neither a snapshot nor a file in rollback/", dara_text_string(&shown));
        dara_error_hint("see the snapshots: dara snapshot list");
        return code;
    }
    DARA_TARGET_LOCAL target = NULL;
    DARA_MODEL_LOCAL empty = NULL;
    code = dara_target_open(context, request->target, &target);
    if (code == 0 && target->snapshot->spaces) {
        code = dara_error_set(DARA_EUNSUPPORTED, "the snapshot holds some schemas of the database only");
        dara_error_hint("write the way as a migration: dara create-migration NAME --to TARGET");
    }
    if (code == 0 && request->rebuild && context->rename_count)
        code = dara_error_set(DARA_EUSAGE, "--rename goes not with --rebuild: that drops everything");
    if (code == 0 && request->rebuild)
        code = dara_target_empty(context, &empty);
    if (code < 0)
        return code;
    const struct dara_rollback_call call = {
        .context = context,
        .request = request,
        .report = report,
        .target = target,
        .empty = empty,
        .rows = {.items = target->snapshot->rows, .count = target->snapshot->rows_count}};
    return to_snapshot(&call);
}
