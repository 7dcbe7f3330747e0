/* SPDX-License-Identifier: MIT */
/* What becomes of a journaled file that failed: back where that destroys nothing, else stopped, and said where. */
#include <string.h>

#include "base/error-keep.h"
#include "base/signal.h"
#include "service/replay.h"
#include "service/rollback-way.h"
#include "service/run.h"
#include "service/take-back.h"

struct stop {
    struct dara_run *run;
    const struct dara_migration *migration;
    size_t done;
    size_t failed; /* index of the statement; `total` where none failed */
    struct dara_error *why;
    char *not_back; /* why the schema was not taken back */
};

static size_t total_of(const struct stop *stop)
{
    return stop->migration->script->count;
}

/* ---- the journal -------------------------------------------------------------------------------------------------- */

static void find_failed(struct stop *stop)
{
    const struct dara_run *run = stop->run;
    const struct dara_ran *last = run->ran_count ? &run->ran[run->ran_count - 1] : NULL;
    stop->failed = total_of(stop);
    if (last && last->failed && last->migration == stop->migration)
        stop->failed = last->statement;
    else if (stop->done < total_of(stop))
        stop->failed = stop->done; /* a commit was refused: its stretch begins here */
}

/* Take away what a statement outside a transaction left half done. */
static int settle(const struct stop *stop)
{
    enum dara_outcome outcome;
    const struct dara_statement *statement = &stop->migration->script->statements[stop->failed];
    if (dara_run_together(stop->run->session, stop->migration->facts[stop->failed]))
        return 0;
    return dara_session_settle(stop->run->session, statement->text, statement->length, &outcome);
}

static int note_failed(const struct stop *stop)
{
    struct dara_run *run = stop->run;
    int r = 0;
    if (stop->failed < total_of(stop)) {
        const struct dara_ran *last = run->ran_count ? &run->ran[run->ran_count - 1] : NULL;
        dara_journal_ends(&run->journal, stop->migration, stop->failed,
                          &(struct dara_journal_outcome){.error = stop->why->message,
                                                         .started_at = last ? last->started_at : NULL,
                                                         .duration_us = last ? last->duration_us : 0},
                          true);
        r = settle(stop);
    }
    return r < 0 ? r : dara_journal_flush(&run->journal);
}

/* ---- back --------------------------------------------------------------------------------------------------------- */

/* Something that is done stands in the way, or (0) nothing does. */
static bool bars(struct stop *stop, const struct dara_interrupted *interrupted)
{
    for (size_t i = 0; i < interrupted->count; i++) {
        const struct dara_journal_entry *entry = &interrupted->statements[i];
        if (!entry->version || strcmp(entry->version, stop->migration->version) != 0 ||
            strcmp(entry->state, "done") != 0 || entry->statement == 0 || entry->statement > total_of(stop))
            continue;
        const char *bar = dara_take_back_bar(stop->migration->facts[entry->statement - 1], entry->rows);
        if (!bar)
            continue;
        stop->not_back = dara_format("statement %u %s", entry->statement, bar);
        return true;
    }
    return false;
}

/* Part of the transaction that ends the way back: the history tells the schema that is there now. */
static int finish(void *context, const struct dara_model *live)
{
    struct stop *stop = context;
    if (stop->run->journal.base == 0 && stop->run->committed == 0)
        return 0;
    return dara_take_back_close(stop->run->session, NULL, live);
}

/* 0: the schema is what it was before the file. What cannot be done is no error here: the run stops where it is. */
static bool take_back(struct stop *stop)
{
    DARA_INTERRUPTED_LOCAL interrupted = {.list = NULL};
    DARA_MODEL_LOCAL before = NULL;
    unsigned scope = 0;
    int r = dara_interrupted_find(stop->run->session, true, &interrupted);
    if (r == 0 && !interrupted.run)
        r = dara_error_set(DARA_EINTERNAL, "the journal has no open run");
    if (r == 0 && bars(stop, &interrupted))
        return false;
    if (r == 0)
        r = dara_replay_before(stop->run->context, &interrupted, stop->migration->version, &before, &scope);
    if (r == 0)
        r = dara_take_back(stop->run->session, &stop->run->journal,
                           &(struct dara_take_back_came){.migration = stop->migration}, before, scope, finish, stop,
                           &stop->not_back);
    if (r == 0 && !stop->not_back)
        r = dara_journal_close_taken_back(&stop->run->journal);
    if (r < 0)
        stop->not_back = dara_strdup(dara_error_last()->message);
    return !stop->not_back;
}

/* ---- what is said ------------------------------------------------------------------------------------------------- */

static const char *state_of(const struct stop *stop, size_t i, bool back)
{
    if (i == stop->failed)
        return "failed";
    if (i < stop->done)
        return back ? "taken back" : "done";
    return i < stop->failed ? "rolled back" : "left";
}

static void show(const struct stop *stop, bool back)
{
    struct dara_report *report = stop->run->report;
    dara_report_section(report, "interrupted", "Where it stopped");
    dara_report_text(report, "version", "migration", stop->migration->version);
    dara_report_bool(report, "taken_back", NULL, back);
    dara_report_int(report, "done", NULL, back ? 0 : (int64_t)stop->done);
    dara_report_int(report, "total", NULL, (int64_t)total_of(stop));
    struct dara_table *table = dara_report_table(report, "statements", NULL, NULL);
    dara_table_column(table, "statement", "statement", DARA_CELL_INT);
    dara_table_column(table, "line", "line", DARA_CELL_INT);
    dara_table_column(table, "kind", "what", DARA_CELL_TEXT);
    dara_table_column(table, "state", "state", DARA_CELL_STATUS);
    for (size_t i = 0; i < total_of(stop); i++) {
        dara_table_row(table);
        dara_table_int(table, (int64_t)i + 1);
        dara_table_int(table, stop->migration->script->statements[i].line);
        dara_table_text(table, stop->migration->facts[i]->kind);
        dara_table_text(table, state_of(stop, i, back));
    }
    dara_report_end(report);
}

static void add_range(struct dara_text *out, const char *what, size_t from, size_t to)
{
    if (from >= to)
        return;
    dara_text_format(out, "%s%s: ", out->length ? "; " : "", what);
    if (to - from == 1)
        dara_text_format(out, "statement %zu", to);
    else
        dara_text_format(out, "statements %zu to %zu", from + 1, to);
}

/* The reason again, as the error of the run. */
static int say(const struct stop *stop, int code, const char *message, const char *outcome, const char *hint)
{
    const struct dara_error *why = stop->why;
    DARA_TEXT_LOCAL detail = DARA_TEXT_INIT;
    if (why->detail)
        dara_text_format(&detail, "%s\n", why->detail);
    dara_text_add(&detail, outcome);
    dara_error_set(code, "%s", message);
    dara_error_detail("%s", dara_text_string(&detail));
    if (hint)
        dara_error_hint("%s", hint);
    if (why->native)
        dara_error_native("%s", why->native);
    if (why->file)
        dara_error_at(why->file, why->line);
    return code;
}

static int say_back(const struct stop *stop)
{
    const struct dara_run *run = stop->run;
    DARA_TEXT_LOCAL outcome = DARA_TEXT_INIT;
    dara_text_add(&outcome, stop->done ? "taken back: the schema is what it was before the file"
                                       : "nothing was changed: the schema is what it was before the file");
    if (run->committed)
        dara_text_format(&outcome, "; the %zu migration%s before it in this run stay%s applied, the last one is '%s'",
                         run->committed, run->committed == 1 ? "" : "s", run->committed == 1 ? "s" : "",
                         run->pending[run->committed - 1]->version);
    int code = stop->why->code == DARA_EPARTIAL || stop->why->code == 0 ? DARA_ESTATEMENT : stop->why->code;
    return say(stop, code, stop->why->message, dara_text_string(&outcome), stop->why->hint);
}

static int say_partial(const struct stop *stop)
{
    DARA_TEXT_LOCAL outcome = DARA_TEXT_INIT;
    DARA_FREE char *message = NULL;
    size_t total = total_of(stop), failed = stop->failed;
    if (failed < total)
        message = dara_format("stopped at statement %zu of %zu: %s", failed + 1, total, stop->why->message);
    else
        message = dara_format("stopped after statement %zu of %zu: %s", stop->done, total, stop->why->message);
    add_range(&outcome, "done", 0, stop->done);
    add_range(&outcome, "rolled back", stop->done, failed < total ? failed : stop->done);
    add_range(&outcome, "failed", failed, failed < total ? failed + 1 : failed);
    add_range(&outcome, "left", failed + 1, total);
    if (stop->not_back)
        dara_text_format(&outcome, "\nnot taken back: %s", stop->not_back);
    return say(stop, DARA_EPARTIAL, message, dara_text_string(&outcome),
               "mend the cause (statements that have not run may be edited) and go on with 'dara apply-migration "
               "--resume', or go back with 'dara apply-migration --abandon'");
}

/* ---- all of it ---------------------------------------------------------------------------------------------------- */

/* Without a connection nothing can be looked at: the next run does. */
static bool is_alive(struct dara_run *run)
{
    if (dara_session_in_transaction(run->session) && dara_session_rollback(run->session) < 0)
        return false;
    return dara_session_ping(run->session) == 0;
}

int dara_run_stop(struct dara_run *run, size_t index, size_t done)
{
    struct stop stop = {.run = run, .migration = run->pending[index], .done = done, .why = dara_error_keep()};
    bool back = false;
    find_failed(&stop);
    if (!is_alive(run))
        stop.not_back = dara_strdup("the connection was lost");
    else if (note_failed(&stop) < 0)
        stop.not_back = dara_strdup(dara_error_last()->message);
    else if (dara_signal_pending())
        stop.not_back = dara_strdup("interrupted");
    else
        back = take_back(&stop);
    show(&stop, back);
    int code = back ? say_back(&stop) : say_partial(&stop);
    dara_error_drop(stop.why);
    free(stop.not_back);
    return code;
}
