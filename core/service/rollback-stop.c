/* SPDX-License-Identifier: MIT */
/* What becomes of a journaled rollback that failed: back where that destroys nothing, else stopped, and said where. */
#include <string.h>

#include "base/error-keep.h"
#include "base/signal.h"
#include "service/rollback-run.h"
#include "service/take-back.h"

struct stop {
    struct dara_rollback_run *run;
    struct dara_error *why;
    char *not_back; /* why the schema was not taken back; NULL: it was */
};

/* ---- the journal -------------------------------------------------------------------------------------------------- */

static int note_failed(const struct stop *stop)
{
    struct dara_rollback_run *run = stop->run;
    if (run->failed >= run->count)
        return 0;
    const struct dara_rollback_item *item = &run->items[run->failed];
    const struct dara_journal_statement statement = {.kind = item->kind,
                                                     .version = run->aim->snapshot,
                                                     .name = item->name,
                                                     .text = item->text,
                                                     .length = strlen(item->text),
                                                     .statement = (unsigned)(run->first + run->failed) + 1,
                                                     .total = (unsigned)(run->done_before + run->count)};
    dara_journal_add_end(&run->journal, &statement, &(struct dara_journal_outcome){.error = stop->why->message},
                         item->facts != NULL);
    enum dara_outcome outcome;
    int r = item->rows ? 0 : dara_session_settle(run->session, item->text, strlen(item->text), &outcome);
    return r < 0 ? r : dara_journal_flush(&run->journal);
}

/* ---- back --------------------------------------------------------------------------------------------------------- */

static bool held(void *context, const struct dara_object *object)
{
    return dara_rollback_losses_hold(context, object);
}

/* A step that is done and destroyed rows or values. */
static bool bars(struct stop *stop)
{
    const struct dara_rollback_run *run = stop->run;
    for (size_t i = 0; i < run->done; i++) {
        const struct dara_planned *step = run->items[i].step;
        const char *bar =
            run->items[i].facts ? dara_take_back_bar(run->items[i].facts, (int64_t)run->items[i].affected) : NULL;
        if (bar) {
            stop->not_back = dara_format("statement %zu %s", i + 1, bar);
            return true;
        }
        if (!step || !(step->flags & DARA_STEP_DESTROYS) || !step->change || !step->change->before ||
            !dara_rollback_losses_hold(run->way, step->change->before))
            continue;
        stop->not_back = dara_format("statement %zu destroyed what no change of the schema brings back", i + 1);
        return true;
    }
    return false;
}

static int go_back(struct stop *stop)
{
    struct dara_rollback_run *run = stop->run;
    const struct dara_take_back_came came = {
        .target = run->target, .held = run->file ? NULL : held, .context = (struct dara_rollback_way *)run->way};
    int r = dara_session_reset(run->session);
    return r < 0 ? r
                 : dara_take_back(run->session, &run->journal, &came, run->way->live, run->aim->scope, NULL, NULL,
                                  &stop->not_back);
}

static bool has_renamed(const struct dara_rollback_run *run)
{
    for (size_t i = 0; i < run->done; i++)
        if (!strcmp(run->items[i].kind, "rename"))
            return true;
    return false;
}

/* What an earlier try destroyed is not known here. */
static bool take_back(struct stop *stop)
{
    struct dara_rollback_run *run = stop->run;
    if (run->resumed || run->abandons)
        stop->not_back = dara_strdup("an earlier try was interrupted");
    else if (has_renamed(run))
        stop->not_back = dara_strdup("objects have their new names already");
    else if (!bars(stop)) {
        int r = go_back(stop);
        if (r == 0 && !stop->not_back)
            r = dara_journal_close_taken_back(&run->journal);
        if (r < 0)
            stop->not_back = dara_strdup(dara_error_last()->message);
    }
    return !stop->not_back;
}

/* ---- what is said ------------------------------------------------------------------------------------------------- */

static const char *state_of(const struct dara_rollback_run *run, size_t i, bool back)
{
    if (i == run->failed)
        return "failed";
    return i >= run->done ? "left" : back ? "taken back" : "done";
}

static void show(const struct stop *stop, bool back)
{
    const struct dara_rollback_run *run = stop->run;
    struct dara_report *report = run->report;
    dara_report_section(report, "interrupted", "Where it stopped");
    dara_report_text(report, "version", NULL, run->aim->snapshot);
    dara_report_bool(report, "taken_back", NULL, back);
    dara_report_int(report, "done", NULL, back ? 0 : (int64_t)(run->done_before + run->done));
    dara_report_int(report, "total", NULL, (int64_t)(run->done_before + run->count));
    struct dara_table *table = dara_report_table(report, "statements", NULL, NULL);
    dara_table_column(table, "statement", "statement", DARA_CELL_INT);
    dara_table_column(table, "kind", "what", DARA_CELL_TEXT);
    dara_table_column(table, "object", "object", DARA_CELL_TEXT);
    dara_table_column(table, "state", "state", DARA_CELL_STATUS);
    for (size_t i = 0; i < run->count; i++) {
        dara_table_row(table);
        dara_table_int(table, (int64_t)(run->first + i) + 1);
        dara_table_text(table, run->items[i].kind);
        dara_table_text(table, run->items[i].name);
        dara_table_text(table, state_of(run, i, back));
    }
    dara_report_end(report);
}

static void say_line(const struct dara_rollback_run *run)
{
    if (run->file && run->failed < run->count)
        dara_error_at(run->file->path, (long)run->file->script->statements[run->first + run->failed].line);
}

static int say(const struct stop *stop, int code, const char *message, const char *outcome, const char *hint)
{
    const struct dara_error *why = stop->why;
    const struct dara_rollback_run *run = stop->run;
    DARA_TEXT_LOCAL detail = DARA_TEXT_INIT;
    if (run->failed < run->count && !run->items[run->failed].rows)
        dara_text_format(&detail, "in: %.400s\n", run->items[run->failed].text);
    if (why->detail)
        dara_text_format(&detail, "%s\n", why->detail);
    dara_text_add(&detail, outcome);
    dara_error_set(code, "%s", message);
    dara_error_detail("%s", dara_text_string(&detail));
    if (hint)
        dara_error_hint("%s", hint);
    if (why->native)
        dara_error_native("%s", why->native);
    say_line(run);
    return code;
}

static int say_back(const struct stop *stop)
{
    int code = stop->why->code == DARA_EPARTIAL || stop->why->code == 0 ? DARA_ESTATEMENT : stop->why->code;
    return say(stop, code, stop->why->message,
               stop->run->done ? "taken back: the schema is what it was before the rollback"
                               : "nothing was changed: the schema is what it was before the rollback",
               stop->why->hint);
}

static int say_partial(const struct stop *stop)
{
    const struct dara_rollback_run *run = stop->run;
    DARA_TEXT_LOCAL outcome = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL hint = DARA_TEXT_INIT;
    DARA_FREE char *message =
        run->failed < run->count
            ? dara_format("stopped at step %zu of %zu: %s", run->failed + 1, run->count, stop->why->message)
            : dara_format("stopped after the last of %zu steps: %s", run->count, stop->why->message);
    dara_text_format(&outcome, "the schema is neither what it was nor that of the target; not taken back: %s",
                     stop->not_back);
    if (run->aim->emergency)
        dara_text_format(&outcome, "\nthe rows that it destroys are in the snapshot '%s'", run->aim->emergency);
    if (stop->why->hint)
        dara_text_format(&hint, "%s; ", stop->why->hint);
    dara_text_add(&hint,
                  "mend the cause, then 'dara rollback --resume' goes on, or 'dara rollback --abandon' goes back "
                  "to the schema before the rollback");
    return say(stop, DARA_EPARTIAL, message, dara_text_string(&outcome), dara_text_string(&hint));
}

/* ---- all of it ---------------------------------------------------------------------------------------------------- */

static bool is_alive(struct dara_session *session)
{
    if (dara_session_in_transaction(session) && dara_session_rollback(session) < 0)
        return false;
    return dara_session_ping(session) == 0;
}

int dara_rollback_stop(struct dara_rollback_run *run)
{
    struct stop stop = {.run = run, .why = dara_error_keep()};
    bool back = false;
    if (!is_alive(run->session))
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
