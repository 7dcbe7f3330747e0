/* SPDX-License-Identifier: MIT */
/* dry-run: the pending files in a transaction that cannot be committed; the difference is read from inside it. */
#include <string.h>

#include "base/clock.h"
#include "base/error-keep.h"
#include "base/file.h"
#include "service/run.h"
#include "service/show.h"

static const char outside_why[] = "not rehearsed: it cannot run inside a transaction";
static const char setting_why[] = "not rehearsed: a session setting from outside the transaction";

static const char first_why[] = "not rehearsed: it writes outside the transaction";
static const char alone_hint[] = "apply the migrations before it, then rehearse it alone";

/* Settings from before the transaction can be made for the file that the rehearsal begins with. What the engine cannot take back
 * there is left out. */
static int rehearse_settings(struct dara_run *run)
{
    for (size_t i = 0; i < run->shapes[0].leading; i++) {
        int r = dara_run_statements(run, 0, i, i + 1);
        if (r < 0 && r != DARA_EUNSUPPORTED)
            return r;
        if (r < 0) {
            dara_error_clear();
            run->ran[run->ran_count - 1].failed = false;
            run->ran[run->ran_count - 1].skipped = first_why;
        }
    }
    return 0;
}

/* The one transaction of a rehearsal is not the several that apply-migration would make: where that can change the result, say
 * so. */
static void warn_of_settings(const struct dara_run *run)
{
    for (size_t i = 0; i < run->pending_count; i++) {
        const char *file = dara_file_base(run->pending[i]->path);
        if (run->shapes[i].leading == 0)
            continue;
        if (i > 0)
            dara_report_note(run->report, DARA_NOTE_WARN, "%s: rehearsed without the settings it begins with; %s", file,
                             alone_hint);
        else if (run->pending_count > 1)
            dara_report_note(run->report, DARA_NOTE_WARN,
                             "the files after %s: rehearsed with the settings it begins with, and applied without them",
                             file);
    }
}

/* Statements outside a transaction are left out. */
static int rehearse_journaled(struct dara_run *run, size_t index)
{
    const struct dara_migration *migration = run->pending[index];
    int r = 0;
    for (size_t i = 0; r == 0 && i < migration->script->count; i++) {
        if (dara_run_together(run->session, migration->facts[i]))
            r = dara_run_statements(run, index, i, i + 1);
        else
            dara_run_skip(run, index, i, outside_why);
    }
    return r < 0 ? r : dara_session_reset(run->session);
}

static int rehearse_file(struct dara_run *run, size_t index)
{
    const struct dara_gate_shape *shape = &run->shapes[index];
    if (shape->journaled)
        return rehearse_journaled(run, index);
    size_t count = run->pending[index]->script->count;
    if (shape->outside) {
        dara_run_skip(run, index, 0, outside_why);
        return 0;
    }
    for (size_t i = 0; index > 0 && i < shape->leading; i++)
        dara_run_skip(run, index, i, setting_why);
    int r = dara_run_statements(run, index, shape->leading, count - shape->trailing);
    if (r == 0)
        r = dara_session_reset(run->session);
    for (size_t i = count - shape->trailing; r == 0 && i < count; i++)
        dara_run_skip(run, index, i, setting_why);
    return r;
}

void dara_run_warn_drift(struct dara_run *run)
{
    const struct dara_history_entry *entry;
    if (!dara_run_drifted(run->history, run->before, &entry))
        return;
    dara_report_note(
        run->report, DARA_NOTE_WARN,
        "the schema is not what the last run left on %s: apply-migration will refuse without --allow drift",
        entry->applied_at ? entry->applied_at : "an unknown day");
}

int dara_run_observe(struct dara_run *run)
{
    bool known = false;
    run->observed = dara_observed_new();
    int r = dara_session_observe(run->session, 0, run->observed, &known);
    if (r < 0 || !known)
        run->observed = dara_observed_free(run->observed);
    return r;
}

static int rehearse_all(struct dara_run *run)
{
    int r;
    if ((r = rehearse_settings(run)) < 0 || (r = dara_session_begin(run->session, DARA_BEGIN_SCHEMA)) < 0 ||
        (r = dara_session_read(run->session, &run->before)) < 0 || (r = dara_rls_gate_begin(run)) < 0)
        return r;
    dara_run_warn_drift(run);
    warn_of_settings(run);
    if ((r = dara_run_observe(run)) < 0)
        return r;
    for (size_t i = 0; i < run->pending_count; i++)
        if ((r = rehearse_file(run, i)) < 0)
            return r;
    if ((r = dara_session_read(run->session, &run->after)) < 0)
        return r;
    if ((r = dara_session_validate(run->session)) < 0 || (r = dara_rls_gate_end(run)) < 0)
        return r;
    return dara_run_record(run, 0, run->pending_count); /* a trigger, or a full disk, may refuse that too */
}

/* ---- what is shown ------------------------------------------------------------------------------------------------ */

static void show_target(const struct dara_run *run)
{
    DARA_FREE char *line = dara_format("dry-run on %s: nothing below was kept\n", run->context->url->redacted);
    dara_report_text(run->report, "url", NULL, run->context->url->redacted);
    dara_report_bool(run->report, "kept", NULL, false);
    dara_report_block(run->report, NULL, NULL, "", line);
}

static int show_difference(const struct dara_run *run)
{
    DARA_DIFF_LOCAL diff = NULL;
    if (!run->before || !run->after)
        return 0;
    int r = dara_diff_new_of(run->before, run->after, DARA_SCOPE_ALL, &diff);
    if (r == 0)
        dara_show_diff(run->report, "What would change", diff);
    return r;
}

static void add_rule(void *context, const struct dara_gate_hazard *met)
{
    struct dara_text *notes = context;
    dara_text_format(notes, "%s%s", notes->length ? ", " : "", met->hazard->rule);
}

static void show_statement(const struct dara_run *run, struct dara_table *table, const struct dara_ran *ran,
                           bool has_locks)
{
    const struct dara_migration *migration = ran->migration;
    const struct dara_statement_facts *facts = migration->facts[ran->statement];
    DARA_TEXT_LOCAL notes = DARA_TEXT_INIT;
    dara_text_add(&notes, ran->failed ? "failed" : ran->skipped);
    dara_gate_hazards_at(run->context->project, migration, ran->statement, run->options->allow, add_rule, &notes);
    dara_table_row(table);
    dara_table_text(table, dara_file_base(migration->path));
    dara_table_int(table, migration->script->statements[ran->statement].line);
    dara_table_text(table, facts->flags & DARA_STATEMENT_UNREAD ? "unread" : facts->kind);
    dara_table_int(table, ran->duration_us);
    dara_table_int(table, (int64_t)ran->rows);
    if (has_locks)
        dara_table_text(table, facts->lock);
    dara_table_text(table, dara_text_string(&notes));
}

/* Whether the dialect tells locks at all. */
static bool tells_locks(const struct dara_run *run)
{
    for (size_t i = 0; i < run->ran_count; i++)
        if (run->ran[i].migration->facts[run->ran[i].statement]->lock)
            return true;
    return false;
}

static void show_statements(const struct dara_run *run)
{
    struct dara_table *table = dara_report_table(run->report, "statements", "Statements", NULL);
    dara_table_column(table, "file", "file", DARA_CELL_TEXT);
    dara_table_column(table, "line", "line", DARA_CELL_INT);
    dara_table_column(table, "kind", "statement", DARA_CELL_TEXT);
    dara_table_column(table, "duration_us", "time", DARA_CELL_DURATION);
    dara_table_column(table, "rows", "rows", DARA_CELL_INT);
    bool has_locks = tells_locks(run);
    if (has_locks)
        dara_table_column(table, "lock", "lock", DARA_CELL_TEXT);
    dara_table_column(table, "notes", "notes", DARA_CELL_TEXT);
    for (size_t i = 0; i < run->ran_count; i++)
        show_statement(run, table, &run->ran[i], has_locks);
}

static void warn_of_hazard(void *context, const struct dara_gate_hazard *met)
{
    const char *file = dara_file_base(met->migration->path);
    unsigned line = met->migration->script->statements[met->statement].line;
    dara_report_note(context, DARA_NOTE_WARN, "%s:%u: %s: %s%s", file, line, met->hazard->rule, met->hazard->message,
                     met->level < DARA_RULE_ERROR ? ""
                     : met->allowed               ? " (allowed)"
                                                  : " (apply-migration will refuse it without --allow)");
}

static size_t count_skipped(const struct dara_run *run)
{
    size_t count = 0;
    for (size_t i = 0; i < run->ran_count; i++)
        count += run->ran[i].skipped != NULL;
    return count;
}

/* Where the engine cannot take schema changes back. */
static bool on_scratch(const struct dara_run *run)
{
    return !dara_session_feature(run->session, DARA_FEATURE_TRANSACTIONAL_DDL);
}

static void show_verdict(const struct dara_run *run, int code)
{
    size_t skipped = count_skipped(run), ran = run->ran_count - skipped;
    dara_report_bool(run->report, "passed", NULL, code == 0);
    if (code < 0)
        return;
    if (skipped)
        dara_report_note(run->report, DARA_NOTE_WARN, "%zu statement%s could not be rehearsed", skipped,
                         skipped == 1 ? "" : "s");
    dara_report_note(run->report, DARA_NOTE_OK, "%zu migration%s, %zu statement%s: ran without an error, %s",
                     run->pending_count, run->pending_count == 1 ? "" : "s", ran, ran == 1 ? "" : "s",
                     on_scratch(run) ? "on a scratch copy" : "and rolled back");
}

static int show_all(const struct dara_run *run, int code)
{
    int r = show_difference(run);
    show_statements(run);
    dara_rehearse_show(run);
    for (size_t i = 0; i < run->pending_count; i++)
        dara_gate_hazards(run->context->project, run->pending[i], run->options->allow, warn_of_hazard, run->report);
    show_verdict(run, code);
    return r;
}

/* In a transaction of the database itself. */
static int rehearse_here(struct dara_run *run)
{
    int r = rehearse_all(run);
    return r < 0 ? dara_run_roll_back(run) : dara_session_rollback(run->session);
}

/* What is rehearsed elsewhere needs no right to write here, and no lock. */
static int open_run(struct dara_run *run)
{
    const struct dara_driver *driver;
    int r = dara_context_driver(run->context, &driver);
    if (r < 0)
        return r;
    bool here = driver->features & DARA_FEATURE_TRANSACTIONAL_DDL;
    return dara_run_open(run, here ? DARA_MODE_REHEARSE : DARA_MODE_READ);
}

static int rehearse(struct dara_run *run)
{
    int r;
    if ((r = open_run(run)) < 0)
        return r;
    show_target(run);
    if (run->pending_count == 0) {
        dara_report_note(run->report, DARA_NOTE_OK, "nothing to do: %s",
                         run->migrations->count ? "everything is applied" : "there are no migrations");
        return 0;
    }
    if ((r = dara_rls_gate_check(run, true)) < 0 ||
        (r = dara_gate_weigh(run->session, run->pending, run->pending_count)) < 0 ||
        (!on_scratch(run) && (r = dara_run_lock(run)) < 0))
        return r;
    r = on_scratch(run) ? dara_rehearse_scratch(run) : rehearse_here(run);
    struct dara_error *kept = r < 0 ? dara_error_keep() : NULL;
    if (run->locked)
        (void)dara_session_unlock(run->session);
    int shown = show_all(run, r);
    return kept ? dara_error_restore(kept) : shown;
}

int dara_migrate_rehearse(struct dara_context *context, const struct dara_migrate_options *options,
                          struct dara_report *report)
{
    struct dara_run run = {.context = context, .options = options, .report = report};
    int r = rehearse(&run);
    struct dara_error *kept = r < 0 ? dara_error_keep() : NULL;
    dara_run_done(&run);
    return kept ? dara_error_restore(kept) : r;
}
