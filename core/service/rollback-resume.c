/* SPDX-License-Identifier: MIT */
/*
 * --resume and --abandon of a rollback that was interrupted. Whoever goes on may be another person on another machine: all that is needed
 * is in the journal, but for the rows that come back, which are in a snapshot. What is left is planned from the schema that is there, shown
 * and asked for like any rollback.
 */
#include <string.h>

#include "base/error-keep.h"
#include "service/compare.h"
#include "service/restore.h"
#include "service/rollback-run.h"

struct resume {
    struct dara_context *context;
    const struct dara_rollback_request *request;
    struct dara_report *report;
    struct dara_session *session;
    struct dara_interrupted interrupted;
    struct dara_rollback_aim *aim;
    struct dara_migrations *files;  /* the one that it goes by */
    struct dara_snapshot *snapshot; /* that has the rows which come back */
    char *title;
    struct dara_rollback_run run;
};

static const struct dara_journal_entry *entry_at(const struct resume *resume, size_t i)
{
    return &resume->interrupted.statements[i];
}

static bool is_state(const struct dara_journal_entry *entry, const char *state)
{
    return dara_string_same(entry->state, state);
}

/* ---- rows --------------------------------------------------------------------------------------------------------- */

/* The snapshot may be gone, never have been on this machine, or be another one of that name: then there is none. */
static void find_snapshot(struct resume *resume)
{
    const struct dara_rollback_aim *aim = resume->aim;
    const char *id = resume->request->abandon ? aim->emergency : aim->snapshot;
    const char *sha256 = resume->request->abandon ? aim->emergency_sha256 : aim->sha256;
    if (!id)
        return;
    if (dara_snapshot_find(resume->context, id, &resume->snapshot) < 0) {
        dara_error_clear(); /* it is said where its rows are needed */
        return;
    }
    if (!dara_string_same(resume->snapshot->id, id) || !dara_string_same(resume->snapshot->sha256, sha256))
        resume->snapshot = dara_snapshot_free(resume->snapshot);
}

static const struct dara_snapshot_rows *rows_of(const struct resume *resume, const struct dara_object *object)
{
    const struct dara_rollback_aim *aim = resume->aim;
    return resume->request->abandon ? dara_restore_find_in(aim->emergency_rows, aim->emergency_rows_count, object)
                                    : dara_restore_find_in(aim->rows, aim->rows_count, object);
}

/* What the last word of the journal says of the rows of an object: that they were to come, and did not. */
static bool is_unfilled(const struct resume *resume, const struct dara_object *object, const char *snapshot)
{
    DARA_FREE char *name = dara_object_describe(object);
    for (size_t i = resume->interrupted.count; i-- > 0;) {
        const struct dara_journal_entry *entry = entry_at(resume, i);
        if (dara_string_same(entry->kind, "rows") && dara_string_same(entry->name, name))
            return !is_state(entry, "done") && dara_string_same(entry->text, snapshot);
    }
    return false;
}

/* Objects of the live model that were made, and not filled. */
static void find_pending(struct resume *resume, const struct dara_model *live)
{
    struct dara_rollback_run *run = &resume->run;
    const char *id = resume->request->abandon ? resume->aim->emergency : resume->aim->snapshot;
    for (size_t i = 0; i < dara_model_count(live); i++) {
        const struct dara_object *object = dara_model_at(live, i);
        if (!(dara_object_kind(object)->flags & DARA_KIND_ROWS) || !rows_of(resume, object) ||
            !is_unfilled(resume, object, id))
            continue;
        DARA_GROW(run->pending, run->pending_count, run->pending_room);
        run->pending[run->pending_count++] = object;
    }
}

/* Without the snapshot nothing is guessed at: whoever goes on has it, or says that it does not matter. */
static int check_rows(struct resume *resume, const struct dara_rollback_way *way)
{
    struct dara_rollback_run *run = &resume->run;
    const char *id = resume->request->abandon ? resume->aim->emergency : resume->aim->snapshot;
    const struct dara_diff *last = way->stages[way->stage_count - 1].diff;
    size_t wanted = run->pending_count;
    for (size_t i = 0; i < dara_diff_count(last); i++) {
        const struct dara_change *change = dara_diff_at(last, i);
        wanted += (change->op == DARA_CHANGE_CREATE || change->op == DARA_CHANGE_RECREATE) &&
                  rows_of(resume, change->after) != NULL;
    }
    if (wanted == 0 || resume->snapshot)
        return 0;
    if (resume->request->without_rows) {
        dara_report_note(resume->report, DARA_NOTE_WARN, "%zu object%s without the rows that the snapshot '%s' has",
                         wanted, wanted == 1 ? " stays" : "s stay", id);
        run->pending_count = 0;
        return 0;
    }
    dara_error_set(DARA_EFILE, "rows of %zu object%s come from the snapshot '%s', which is not here", wanted,
                   wanted == 1 ? "" : "s", id);
    dara_error_detail("the rollback was begun by %s",
                      resume->interrupted.run->owner ? resume->interrupted.run->owner : "an unknown owner");
    dara_error_hint("copy its three files into the folder of snapshots, or give --without-rows: what comes back is "
                    "empty then");
    return DARA_EFILE;
}

/* ---- names -------------------------------------------------------------------------------------------------------- */

static bool is_there(const struct dara_model *live, const char *option)
{
    struct dara_path old, new;
    const struct dara_object *object;
    struct dara_arena *arena = dara_arena_new();
    bool there = dara_path_split(arena, option, &old, &new) == 0 && dara_path_find(live, &old, option, &object) == 0;
    if (!there)
        dara_error_clear(); /* renamed */
    dara_arena_free(arena);
    return there;
}

static const struct dara_journal_entry *find_rename(const struct resume *resume, const char *option)
{
    for (size_t i = resume->interrupted.count; i-- > 0;)
        if (dara_string_same(entry_at(resume, i)->kind, "rename") &&
            dara_string_same(entry_at(resume, i)->name, option))
            return entry_at(resume, i);
    return NULL;
}

/* Those of the renames that have not been made, in their order. Each waits until its new name is free: the one in doubt took effect if the
 * old name is not there any more. */
static void find_renames(struct resume *resume, const struct dara_model *live)
{
    const struct dara_rollback_aim *aim = resume->aim;
    size_t made = 0;
    while (made < aim->rename_count) {
        const struct dara_journal_entry *entry = find_rename(resume, aim->renames[made]);
        if (!entry || (!is_state(entry, "done") && is_there(live, aim->renames[made])))
            break;
        made++;
    }
    resume->context->renames = aim->renames + made;
    resume->context->rename_count = aim->rename_count - made;
}

/* ---- the rest of the way ------------------------------------------------------------------------------------------ */

/* Whether everything was dropped already that a rebuild drops. */
static bool is_dropped(const struct resume *resume)
{
    for (size_t i = 0; i < resume->interrupted.count; i++)
        if (dara_string_same(entry_at(resume, i)->kind, "rollback") ||
            dara_string_same(entry_at(resume, i)->kind, "rows"))
            return true;
    return false;
}

static int plan(struct resume *resume, const struct dara_model *empty, struct dara_rollback_way **ret_way)
{
    DARA_MODEL_LOCAL live = NULL;
    const struct dara_rollback_aim *aim = resume->aim;
    bool abandons = resume->request->abandon;
    int code = dara_session_read(resume->session, &live);
    if (code < 0)
        return code;
    resume->context->rename_count = 0;
    if (!abandons)
        find_renames(resume, live);
    code = dara_rollback_way_new(resume->context, resume->session, aim->scope, abandons ? aim->before : aim->target,
                                 empty, ret_way);
    if (code == 0 && resume->run.file)
        dara_rollback_file_losses(*ret_way, resume->run.file, resume->run.first);
    return code;
}

/* What renaming took part in cannot be told from a difference: the names would go and come. */
static int check_renamed(const struct resume *resume)
{
    if (!resume->request->abandon || !resume->aim->rename_count || !find_rename(resume, resume->aim->renames[0]))
        return 0;
    int code = dara_error_set(DARA_EUNSUPPORTED, "the rollback renamed objects, and is gone on with only forwards");
    dara_error_hint("'dara rollback --resume' goes on; then 'dara rollback' with --rename goes to any snapshot");
    return code;
}

static struct dara_rollback_rows rows_back(const struct resume *resume)
{
    const struct dara_rollback_aim *aim = resume->aim;
    if (!resume->snapshot)
        return (struct dara_rollback_rows){.count = 0};
    if (resume->request->abandon)
        return (struct dara_rollback_rows){.items = aim->emergency_rows, .count = aim->emergency_rows_count};
    return (struct dara_rollback_rows){.items = aim->rows, .count = aim->rows_count};
}

static int confirm(struct resume *resume, struct dara_rollback_way *way, const struct dara_rollback_marks *marks)
{
    const struct dara_rollback_rows rows = rows_back(resume);
    dara_rollback_losses_count(way, resume->session);
    int code = dara_rollback_way_runnable(way, resume->session, resume->report);
    if (code == 0)
        code = check_rows(resume, way);
    if (code == 0)
        code = dara_rollback_confirm(resume->context, resume->report, way, &rows, marks, resume->title);
    if (code == 0)
        code = dara_rollback_save(resume->context, resume->session, way, resume->request->no_snapshot, resume->report,
                                  NULL);
    return code;
}

static int run_rest(struct resume *resume, const struct dara_rollback_way *way, const struct dara_rollback_marks *marks,
                    struct dara_model **ret_after)
{
    struct dara_rollback_run *run = &resume->run;
    const struct dara_interrupted *interrupted = &resume->interrupted;
    bool abandons = resume->request->abandon;
    run->way = way;
    run->marks = marks;
    run->snapshot = resume->snapshot;
    run->target = abandons ? resume->aim->before : resume->aim->target;
    dara_journal_reopen(&run->journal, resume->context, resume->session, interrupted->run);
    run->done_before = run->first;
    for (size_t i = 0; !run->file && i < interrupted->count; i++) {
        run->journal.base = entry_at(resume, i)->place;
        run->done_before += is_state(entry_at(resume, i), "done");
    }
    int code = dara_journal_mark(&run->journal, abandons ? "taking back" : "started");
    return code < 0 ? code : dara_rollback_run_journaled(run, ret_after);
}

static int settle(const struct resume *resume)
{
    enum dara_outcome outcome;
    for (size_t i = 0; i < resume->interrupted.count; i++) {
        const struct dara_journal_entry *entry = entry_at(resume, i);
        if (!is_state(entry, "started") || !entry->text || dara_string_same(entry->kind, "rows"))
            continue;
        int code = dara_session_settle(resume->session, entry->text, strlen(entry->text), &outcome);
        if (code < 0)
            return code;
    }
    return 0;
}

static int look(struct resume *resume, const struct dara_model *empty, struct dara_rollback_way **ret_way,
                struct dara_rollback_marks **ret_marks)
{
    const struct dara_rollback_aim *aim = resume->aim;
    DARA_ROLLBACK_WAY_LOCAL way = NULL;
    DARA_ROLLBACK_MARKS_LOCAL marks = NULL;
    int code = dara_session_begin(resume->session, DARA_BEGIN_READ);
    if (code == 0)
        code = plan(resume, empty, &way);
    if (code == 0)
        code = resume->request->abandon
                   ? dara_rollback_marks_none(resume->session, &marks)
                   : dara_rollback_marks_of(resume->context, resume->session, aim->applied, aim->applied_count, &marks);
    if (code < 0)
        return code;
    find_pending(resume, way->live);
    code = confirm(resume, way, marks);
    if (code == 0)
        code = dara_session_rollback(resume->session);
    if (code < 0)
        return code;
    *ret_way = way;
    way = NULL;
    *ret_marks = marks;
    marks = NULL;
    return 0;
}

static int go_on(struct resume *resume)
{
    DARA_ROLLBACK_WAY_LOCAL way = NULL;
    DARA_ROLLBACK_MARKS_LOCAL marks = NULL;
    DARA_MODEL_LOCAL empty = NULL;
    DARA_MODEL_LOCAL after = NULL;
    bool abandons = resume->request->abandon;
    int code = dara_rollback_aim_read(resume->interrupted.run->text, &resume->aim);
    if (code == 0)
        code = check_renamed(resume);
    if (code < 0)
        return code;
    resume->run.aim = resume->aim;
    resume->context->scope = resume->aim->scope;
    resume->title = abandons            ? dara_format("the schema before the rollback to %s", resume->aim->snapshot)
                    : resume->aim->file ? dara_format("before %s", resume->aim->file)
                                        : dara_format("snapshot %s", resume->aim->snapshot);
    find_snapshot(resume);
    if (!abandons && resume->aim->rebuild && !is_dropped(resume))
        code = dara_target_empty(resume->context, &empty);
    if (code == 0)
        code = settle(resume);
    if (code == 0 && resume->aim->file && !abandons)
        code = dara_rollback_file_reopen(&resume->run, &resume->interrupted, &resume->files);
    if (code == 0)
        code = look(resume, empty, &way, &marks);
    if (code == 0)
        code = run_rest(resume, way, marks, &after);
    if (code < 0)
        return code;
    dara_report_bool(resume->report, "done", NULL, true);
    dara_rollback_say_restored(resume->report, resume->run.restored);
    dara_report_note(resume->report, DARA_NOTE_OK, abandons ? "abandoned: back to %s" : "rolled back to %s",
                     resume->title);
    return resume->request->no_snapshot
               ? 0
               : dara_rollback_save_after(resume->context, resume->session, after, resume->report);
}

/* ---- all of it ---------------------------------------------------------------------------------------------------- */

static int say_nothing(const struct resume *resume)
{
    dara_report_bool(resume->report, "done", NULL, false);
    dara_report_note(resume->report, DARA_NOTE_OK, "there is nothing to %s: no rollback was interrupted",
                     resume->request->abandon ? "abandon" : "resume");
    return 0;
}

static int run_locked(struct resume *resume)
{
    int code = dara_interrupted_find(resume->session, true, &resume->interrupted);
    if (code < 0)
        return code;
    if (!resume->interrupted.run)
        return say_nothing(resume);
    if (!dara_interrupted_is_rollback(&resume->interrupted))
        return dara_interrupted_say(&resume->interrupted, "anything is rolled back");
    return go_on(resume);
}

int dara_rollback_resume(struct dara_context *context, const struct dara_rollback_request *request,
                         struct dara_report *report)
{
    struct resume resume = {.context = context, .request = request, .report = report};
    DARA_FREE char *owner = dara_context_owner(context);
    dara_attempts_step(context);
    int code = dara_context_open(context, DARA_MODE_WRITE, &resume.session);
    if (code == 0)
        code = dara_session_require(resume.session, "apply", "roll back");
    if (code == 0)
        code = dara_session_lock(resume.session, owner, context->lock_timeout_ms);
    resume.run = (struct dara_rollback_run){
        .context = context, .report = report, .session = resume.session, .abandons = request->abandon, .resumed = true};
    if (code == 0)
        code = run_locked(&resume);
    struct dara_error *kept = code < 0 ? dara_error_keep() : NULL;
    dara_rollback_run_done(&resume.run);
    dara_rollback_aim_free(resume.aim);
    dara_snapshot_free(resume.snapshot);
    dara_migrations_free(resume.files);
    dara_interrupted_done(&resume.interrupted);
    dara_session_close(resume.session);
    free(resume.title);
    return kept ? dara_error_restore(kept) : code;
}
