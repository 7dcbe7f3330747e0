/* SPDX-License-Identifier: MIT */
/* Statements one by one, and what is said when one fails. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error-keep.h"
#include "base/file.h"
#include "base/signal.h"
#include "service/run.h"

#define SHOWN_MAX   120
#define PATIENCE_US 1000000

static struct dara_ran *note(struct dara_run *run, size_t index, size_t statement)
{
    DARA_GROW(run->ran, run->ran_count, run->ran_room);
    struct dara_ran *ran = &run->ran[run->ran_count++];
    *ran = (struct dara_ran){.migration = run->pending[index], .statement = statement};
    return ran;
}

void dara_run_skip(struct dara_run *run, size_t index, size_t statement, const char *why)
{
    note(run, index, statement)->skipped = why;
}

/* The first line of a statement, shortened, safe to print. */
static void add_first_line(struct dara_text *out, const char *text)
{
    size_t length = strcspn(text, "\r\n");
    bool cut = length > SHOWN_MAX;
    length = cut ? SHOWN_MAX : length;
    while (cut && length > 0 && ((unsigned char)text[length] & 0xc0u) == 0x80u)
        length--;
    DARA_FREE char *line = dara_strndup(text, length);
    dara_text_add_visible(out, line);
    if (cut || text[length])
        dara_text_add(out, " ...");
}

/* The driver told the line within the statement, where it knows it. */
static int say_where(const struct dara_migration *migration, const struct dara_statement *statement, int code)
{
    const struct dara_error *last = dara_error_last();
    long inside = last->line > 1 ? last->line - 1 : 0;
    DARA_TEXT_LOCAL detail = DARA_TEXT_INIT;
    if (last->detail)
        dara_text_format(&detail, "%s\n", last->detail);
    dara_text_add(&detail, "in: ");
    add_first_line(&detail, statement->text);
    dara_error_detail("%s", dara_text_string(&detail));
    dara_error_at(migration->path, (long)statement->line + inside);
    return code;
}

static void say_progress(const struct dara_run *run, const struct dara_migration *migration)
{
    if (run->context->verbose || dara_clock_monotonic_us() - run->started_us > PATIENCE_US)
        dara_context_say(run->context, "%s", dara_file_base(migration->path));
}

/* ---- many statements together ------------------------------------------------------------------------------------- */

/* Where an item stands: a statement of a pending migration, or the end of its file. */
struct place {
    size_t index, statement;
    bool reset;
};

/* Items for the driver, where each stands, and how far it is. */
struct batch {
    struct dara_run *run;
    struct dara_batch_item *items;
    struct place *places;
    size_t count, room, place_room, at;
};

static void batch_done(struct batch *batch)
{
    free(batch->items);
    free(batch->places);
}

static void add_item(struct batch *batch, size_t index, size_t statement, const struct dara_statement *text)
{
    size_t count = batch->count;
    DARA_GROW(batch->items, batch->count, batch->room);
    DARA_GROW(batch->places, count, batch->place_room);
    batch->places[batch->count] = (struct place){.index = index, .statement = statement, .reset = !text};
    batch->items[batch->count++] = text ? (struct dara_batch_item){.text = text->text, .length = text->length}
                                        : (struct dara_batch_item){.text = NULL};
}

static void add_statements(struct batch *batch, size_t index, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        add_item(batch, index, i, &batch->run->pending[index]->script->statements[i]);
}

static void begin_item(struct batch *batch)
{
    struct dara_run *run = batch->run;
    const struct place *place = &batch->places[batch->at];
    dara_attempts_statement(&run->attempts);
    if (place->reset)
        return;
    if (batch->at == 0 || place[-1].index != place->index)
        say_progress(run, run->pending[place->index]);
    dara_clock_iso(dara_clock_now(), note(run, place->index, place->statement)->started_at);
}

static struct dara_ran *end_item(struct batch *batch)
{
    struct dara_run *run = batch->run;
    const struct place *place = &batch->places[batch->at];
    if (place->reset)
        return NULL;
    struct dara_ran *ran = &run->ran[run->ran_count - 1];
    ran->duration_us = dara_clock_monotonic_us() - run->attempts.since_us;
    run->durations_us[place->index] += ran->duration_us;
    return ran;
}

static void next_item(void *context, uint64_t affected)
{
    struct batch *batch = context;
    if (batch->at == batch->count)
        return;
    struct dara_ran *ran = end_item(batch);
    if (ran)
        ran->rows = affected;
    if (++batch->at < batch->count)
        begin_item(batch);
}

static int fail_item(struct batch *batch, int code)
{
    struct dara_run *run = batch->run;
    struct dara_ran *ran = batch->at < batch->count ? end_item(batch) : NULL;
    if (!ran)
        return code;
    ran->failed = true;
    return say_where(ran->migration, &ran->migration->script->statements[ran->statement],
                     dara_attempts_blame(&run->attempts, run->session, code));
}

static void pass_wait(void *context, const struct dara_other *other, const char *object, const char *mode)
{
    dara_attempts_waits(&((struct batch *)context)->run->attempts, other, object, mode);
}

static void pass_progress(void *context, const char *what, uint64_t done, uint64_t total)
{
    dara_attempts_progress(&((struct batch *)context)->run->attempts, what, done, total);
}

/* The one statement of the batch, and before it the records of the run's step. */
static int run_step(struct batch *batch, const struct dara_reader *reader)
{
    struct dara_run *run = batch->run;
    uint64_t affected = 0;
    int r = dara_session_journal_step(run->session, run->step, reader, &run->recorded, &affected);
    if (r == 0)
        next_item(batch, affected);
    else if (!run->recorded && r != DARA_EINTERRUPTED)
        batch->at = batch->count; /* it did not run: the failure is not its */
    return r;
}

static int run_batch(struct batch *batch)
{
    const struct dara_reader reader = {
        .context = batch, .waits = pass_wait, .progress = pass_progress, .next = next_item};
    if (!batch->count)
        return 0;
    begin_item(batch);
    int r = batch->run->step ? run_step(batch, &reader)
                             : dara_session_execute_all(batch->run->session, batch->items, batch->count, &reader);
    return r < 0 ? fail_item(batch, r) : 0;
}

static int run_range(struct dara_run *run, size_t index, size_t from, size_t to)
{
    struct batch batch = {.run = run};
    add_statements(&batch, index, from, to);
    int r = run_batch(&batch);
    batch_done(&batch);
    return r;
}

/* After each statement it is asked what it did to others. */
static int run_observed(struct dara_run *run, size_t index, size_t from, size_t to)
{
    int r = 0;
    bool known;
    for (size_t i = from; i < to && r == 0; i++) {
        r = run_range(run, index, i, i + 1);
        if (r == 0 && (r = dara_session_observe(run->session, run->ran_count - 1, run->observed, &known)) < 0)
            r = say_where(run->pending[index], &run->pending[index]->script->statements[i], r);
    }
    return r;
}

int dara_run_statements(struct dara_run *run, size_t index, size_t from, size_t to)
{
    return run->observed ? run_observed(run, index, from, to) : run_range(run, index, from, to);
}

int dara_run_files(struct dara_run *run, size_t first, size_t end)
{
    struct batch batch = {.run = run};
    for (size_t i = first; i < end; i++) {
        const size_t count = run->pending[i]->script->count;
        add_statements(&batch, i, run->shapes[i].leading, count - run->shapes[i].trailing);
        add_item(&batch, i, count, NULL);
    }
    int r = run_batch(&batch);
    batch_done(&batch);
    return r;
}

/* ---- after a failure ---------------------------------------------------------------------------------------------- */

static void add_outcome(const struct dara_run *run, struct dara_text *out)
{
    if (dara_session_mode(run->session) == DARA_MODE_REHEARSE)
        dara_text_add(out, "the rehearsal was rolled back: nothing was changed");
    else if (run->committed == 0)
        dara_text_add(out, "rolled back: nothing was changed");
    else
        dara_text_format(out,
                         "rolled back; the %zu migration%s before it in this run stay%s applied, the last one is '%s'",
                         run->committed, run->committed == 1 ? "" : "s", run->committed == 1 ? "s" : "",
                         run->pending[run->committed - 1]->version);
}

int dara_run_roll_back(struct dara_run *run)
{
    struct dara_error *kept = dara_error_keep();
    int failed = dara_session_in_transaction(run->session) ? dara_session_rollback(run->session) : 0;
    DARA_FREE char *why = failed < 0 ? dara_strdup(dara_error_last()->message) : NULL;
    int code = dara_error_restore(kept);
    const struct dara_error *last = dara_error_last();
    DARA_TEXT_LOCAL detail = DARA_TEXT_INIT;
    if (last->detail)
        dara_text_format(&detail, "%s\n", last->detail);
    if (why)
        dara_text_format(&detail, "the rollback failed too, and the engine will do it when the connection closes: %s",
                         why);
    else
        add_outcome(run, &detail);
    dara_error_detail("%s", dara_text_string(&detail));
    return code;
}
