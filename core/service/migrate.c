/* SPDX-License-Identifier: MIT */
/* apply-migration: the pending files in one transaction (or one each), recorded in the same one. */
#include "service/migrate.h"

#include <string.h>

#include "base/error-keep.h"
#include "base/file.h"
#include "service/run.h"
#include "service/show.h"
#include "service/snapshot-parts.h"

/* `tables` NULL: rows as the options say, else those of these. */
int dara_run_snapshot(struct dara_run *run, const char *when, const struct dara_migration *migration,
                      const struct dara_model *model, const char *const *tables, struct dara_snapshot **ret_snapshot)
{
    DARA_FREE char *label = dara_format("%s_%s", when, migration->name);
    DARA_FREE char *purpose = dara_format("taken by apply-migration, %s migration %s",
                                          !strcmp(when, "pre") ? "before" : "after", migration->version);
    struct dara_snapshot_request request = {
        .label = label, .purpose = purpose, .data = run->options->data || tables, .tables = tables};
    return dara_snapshot_write(run->context, run->session, model, &request, ret_snapshot);
}

/* ---- groups: what shares a transaction ---------------------------------------------------------------------------- */

static bool is_solo(const struct dara_run *run, size_t index)
{
    const struct dara_gate_shape *shape = &run->shapes[index];
    return run->options->each || shape->outside || shape->journaled || shape->leading > 0 || shape->trailing > 0;
}

static size_t group_end(const struct dara_run *run, size_t first)
{
    size_t end = first + 1;
    while (run->shapes[first].journaled && end < run->pending_count && run->shapes[end].journaled)
        end++;
    while (!is_solo(run, first) && end < run->pending_count && !is_solo(run, end))
        end++;
    return end;
}

static int run_inside(struct dara_run *run, size_t first, size_t end)
{
    int r;
    if ((r = dara_session_begin(run->session, DARA_BEGIN_SCHEMA)) < 0 || (r = dara_run_start(run)) < 0 ||
        (r = dara_rls_gate_begin(run)) < 0 || (r = dara_run_files(run, first, end)) < 0 ||
        (r = dara_rls_gate_end(run)) < 0)
        return r;
    return (r = dara_run_record(run, first, end)) < 0 ? r : dara_session_commit(run->session);
}

/* A session setting after the commit changes nothing that was applied: its failure is only said. */
static void run_trailing(struct dara_run *run, size_t index)
{
    size_t count = run->pending[index]->script->count;
    if (dara_run_statements(run, index, count - run->shapes[index].trailing, count) == 0 &&
        dara_session_reset(run->session) == 0)
        return;
    dara_report_note(run->report, DARA_NOTE_WARN, "applied, but a setting after it failed: %s",
                     dara_error_last()->message);
    dara_error_clear();
}

static int attempt(struct dara_run *run, size_t first, size_t end)
{
    int r = dara_run_statements(run, first, 0, run->shapes[first].leading);
    if (r < 0 || (r = run_inside(run, first, end)) < 0)
        return dara_run_roll_back(run);
    return 0;
}

static int run_transaction(struct dara_run *run, size_t first, size_t end)
{
    struct dara_retry retry;
    int r;
    dara_retry_begin(run, &retry);
    while ((r = attempt(run, first, end)) < 0)
        if (!dara_retry_again(run, &retry, first, end, r))
            return r;
    dara_retry_show(run);
    run->committed = end;
    run_trailing(run, first);
    return 0;
}

/* The statement has taken effect and cannot be taken back. */
static int say_unrecorded(struct dara_run *run, size_t index)
{
    struct dara_error *kept = dara_error_keep();
    if (dara_session_in_transaction(run->session))
        (void)dara_session_rollback(run->session);
    dara_error_restore(kept);
    DARA_FREE char *why = dara_strdup(dara_error_last()->message);
    dara_error_set(DARA_EPARTIAL, "the statement took effect, but could not be recorded: %s", why);
    dara_error_hint("do not run it again: its effect is there; repair the history first");
    dara_error_at(run->pending[index]->path, (long)run->pending[index]->script->statements[0].line);
    return DARA_EPARTIAL;
}

static int run_outside(struct dara_run *run, size_t index)
{
    int r = dara_run_start_apart(run);
    if (r < 0)
        return r;
    if ((r = dara_run_statements(run, index, 0, run->pending[index]->script->count)) < 0 ||
        (r = dara_session_reset(run->session)) < 0)
        return dara_run_roll_back(run);
    if ((r = dara_session_begin(run->session, DARA_BEGIN_SCHEMA)) < 0 ||
        (r = dara_run_record(run, index, index + 1)) < 0 || (r = dara_session_commit(run->session)) < 0)
        return say_unrecorded(run, index);
    run->committed = index + 1;
    return 0;
}

static int run_groups(struct dara_run *run)
{
    for (size_t first = 0, end; first < run->pending_count; first = end) {
        end = group_end(run, first);
        int r = run->shapes[first].journaled ? dara_run_journaled(run, first, end)
                : run->shapes[first].outside ? run_outside(run, first)
                                             : run_transaction(run, first, end);
        if (r < 0)
            return r;
    }
    return 0;
}

/* ---- after it ----------------------------------------------------------------------------------------------------- */

static int snapshot_after(struct dara_run *run)
{
    if (!run->options->snapshots)
        return 0;
    int r = dara_run_snapshot(run, "post", run->pending[run->pending_count - 1], run->after, NULL, &run->post);
    if (r == 0)
        return 0;
    DARA_FREE char *why = dara_strdup(dara_error_last()->message);
    dara_report_note(run->report, DARA_NOTE_ERROR,
                     "the snapshot after the run could not be written; the run itself is applied");
    dara_error_set(DARA_EFILE, "applied, but the snapshot after it could not be written: %s", why);
    dara_error_hint("do not apply it again; make room, then run 'dara snapshot post_%s'",
                    run->pending[run->pending_count - 1]->name);
    return DARA_EFILE;
}

static void show_applied(const struct dara_run *run)
{
    struct dara_table *table = dara_report_table(run->report, "applied", "Applied", NULL);
    dara_table_column(table, "version", "version", DARA_CELL_TEXT);
    dara_table_column(table, "name", "name", DARA_CELL_TEXT);
    dara_table_column(table, "statements", "statements", DARA_CELL_INT);
    dara_table_column(table, "duration_us", "time", DARA_CELL_DURATION);
    for (size_t i = 0; i < run->committed; i++) {
        dara_table_row(table);
        dara_table_text(table, run->pending[i]->version);
        dara_table_text(table, run->pending[i]->name);
        dara_table_int(table, (int64_t)run->pending[i]->script->count);
        dara_table_int(table, run->durations_us[i]);
    }
}

static void say_saved(const struct dara_run *run)
{
    DARA_TEXT_LOCAL names = DARA_TEXT_INIT;
    for (size_t i = 0; i < run->pre->rows_count; i++) {
        dara_text_add(&names, i ? ", " : "");
        dara_text_add_visible(&names, run->pre->rows[i].key);
        dara_text_format(&names, " (%llu)", (unsigned long long)run->pre->rows[i].rows);
    }
    dara_report_note(
        run->report, DARA_NOTE_INFO,
        "rows that may be destroyed were saved in the snapshot before: %s; 'dara rollback %s' brings tables "
        "that were dropped back with them, and '%s' has those of tables that stay",
        dara_text_string(&names), run->pre->id, dara_file_base(run->pre->text_path));
}

static int show_result(const struct dara_run *run)
{
    DARA_DIFF_LOCAL diff = NULL;
    show_applied(run);
    if (run->committed == 0 || !run->after)
        return 0; /* a journaled run that stopped has not read the schema again */
    int r = dara_diff_new_of(run->before, run->after, DARA_SCOPE_ALL, &diff);
    if (r < 0)
        return r;
    dara_show_diff(run->report, "What changed", diff);
    if (run->pre)
        dara_show_snapshot(run->report, "snapshot_before", "snapshot before", run->pre);
    if (run->pre && run->pre->rows_count && !run->options->data)
        say_saved(run);
    if (run->post)
        dara_show_snapshot(run->report, "snapshot_after", "snapshot after", run->post);
    return 0;
}

static void say_nothing_to_do(const struct dara_run *run)
{
    show_applied(run);
    if (run->migrations->count == 0)
        dara_report_note(run->report, DARA_NOTE_INFO, "nothing to do: there are no migrations");
    else if (run->single)
        dara_report_note(run->report, DARA_NOTE_OK, "nothing to do: '%s' is applied already",
                         run->migrations->items[0].version);
    else
        dara_report_note(run->report, DARA_NOTE_OK, "nothing to do: all %zu migrations are applied",
                         run->migrations->count);
}

static int check_gate(struct dara_run *run)
{
    int r = dara_gate_weigh(run->session, run->pending, run->pending_count);
    return r < 0 ? r
                 : dara_gate_check(run->context, run->pending, run->pending_count, run->resume_from,
                                   run->options->allow, run->report);
}

/* How far an interrupted run got is known under the lock only; nothing has run before the gate all the same. */
static int apply_locked(struct dara_run *run)
{
    int r = dara_run_lock(run);
    if (r == 0 && run->options->resume)
        r = check_gate(run);
    if (r < 0)
        return r;
    if (run->pending_count == 0) {
        say_nothing_to_do(run);
        return 0;
    }
    const bool together =
        !run->shapes[0].journaled && !run->shapes[0].outside && group_end(run, 0) == run->pending_count;
    if ((r = dara_rls_gate_check(run, together)) < 0)
        return r;
    if ((r = dara_rehearse_before(run)) == 0 && (r = run_groups(run)) == 0)
        r = snapshot_after(run);
    struct dara_error *kept = r < 0 ? dara_error_keep() : NULL;
    if (kept && dara_run_settle(run) < 0)
        dara_error_clear(); /* then the history does not say what was left, and status says that */
    if (kept && run->pre && run->committed == 0) {
        /* It shows the state that is there still. */
        (void)dara_snapshot_remove(run->pre);
        run->pre = dara_snapshot_free(run->pre);
    }
    int shown = show_result(run);
    if (kept)
        return dara_error_restore(kept);
    if (shown == 0)
        dara_report_note(run->report, DARA_NOTE_OK, "applied %zu migration%s", run->pending_count,
                         run->pending_count == 1 ? "" : "s");
    return shown;
}

static int apply(struct dara_run *run)
{
    int r;
    if (run->options->snapshots && (r = dara_context_project(run->context)) < 0)
        return r; /* there would be no place for them */
    if ((r = dara_run_open(run, DARA_MODE_WRITE)) < 0)
        return r;
    dara_report_text(run->report, "url", "database", run->context->url->redacted);
    if (run->pending_count == 0 && !run->options->resume && !run->open_seen) {
        say_nothing_to_do(run);
        return 0;
    }
    if (!run->options->resume && (r = check_gate(run)) < 0)
        return r;
    r = apply_locked(run);
    if (run->locked) {
        struct dara_error *kept = r < 0 ? dara_error_keep() : NULL;
        (void)dara_session_unlock(run->session);
        if (kept)
            return dara_error_restore(kept);
    }
    return r;
}

int dara_migrate_apply(struct dara_context *context, const struct dara_migrate_options *options,
                       struct dara_report *report)
{
    struct dara_run run = {.context = context, .options = options, .report = report};
    int r = apply(&run);
    struct dara_error *kept = r < 0 ? dara_error_keep() : NULL;
    dara_run_done(&run);
    return kept ? dara_error_restore(kept) : r;
}
