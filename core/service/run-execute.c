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

/* ---- for whom a statement waits ------------------------------------------------------------------------------------ */

struct waiting {
    struct dara_run *run;
    int64_t since_us;
    char phase[96]; /* of its progress */
    int64_t phase_us;
    uint64_t phase_from;
};

/* The time that is left, at the pace of this phase so far. */
static void add_left(const struct waiting *waiting, uint64_t done, uint64_t total, struct dara_text *out)
{
    char left[32];
    int64_t passed_us = dara_clock_monotonic_us() - waiting->phase_us;
    if (done <= waiting->phase_from || passed_us < PATIENCE_US)
        return;
    double each = (double)passed_us / (double)(done - waiting->phase_from);
    dara_clock_duration((int64_t)(each * (double)(total - done)), left, sizeof(left));
    dara_text_format(out, ", about %s left", left);
}

static void note_progress(void *context, const char *what, uint64_t done, uint64_t total)
{
    struct waiting *waiting = context;
    DARA_TEXT_LOCAL line = DARA_TEXT_INIT;
    if (strncmp(waiting->phase, what, sizeof(waiting->phase) - 1) != 0) {
        snprintf(waiting->phase, sizeof(waiting->phase), "%s", what);
        waiting->phase_us = dara_clock_monotonic_us();
        waiting->phase_from = done;
    }
    dara_text_add_visible(&line, what);
    if (total > 0 && done <= total) {
        dara_text_format(&line, ", %d %%", (int)((double)done * 100 / (double)total));
        add_left(waiting, done, total, &line);
    }
    dara_context_say(waiting->run->context, "%s", dara_text_string(&line));
}

/* Told again and again while it lasts, and kept once. */
static void note_wait(void *context, const struct dara_other *other, const char *object, const char *mode)
{
    struct waiting *waiting = context;
    struct dara_run *run = waiting->run;
    DARA_TEXT_LOCAL line = DARA_TEXT_INIT;
    dara_other_add(other, &line);
    if (!strstr(dara_text_string(&run->blockers), dara_text_string(&line)))
        dara_text_format(&run->blockers, "%s%s", run->blockers.length ? "\n" : "", dara_text_string(&line));
    if (object) {
        dara_text_add(&line, " to lock ");
        dara_text_add_visible(&line, object);
        dara_text_format(&line, "%s%s", mode ? " in mode " : "", mode ? mode : "");
    }
    int64_t waited_us = run->waited_us + dara_clock_monotonic_us() - waiting->since_us;
    if ((waited_us < PATIENCE_US && !isatty(STDERR_FILENO)) ||
        strstr(dara_text_string(&run->told), dara_text_string(&line)))
        return;
    dara_text_format(&run->told, "%s\n", dara_text_string(&line));
    dara_context_tell(run->context, "waiting for %s", dara_text_string(&line));
}

static int say_blockers(const struct dara_run *run, int code)
{
    if (code != DARA_ELOCKED || !run->blockers.length)
        return code;
    const struct dara_error *last = dara_error_last();
    DARA_FREE char *detail = last->detail ? dara_strdup(last->detail) : NULL;
    dara_error_detail("%s%s%s %s", detail ? detail : "", detail ? "\n" : "",
                      dara_session_mode(run->session) == DARA_MODE_REHEARSE ? "would have waited for" : "waited for",
                      dara_text_string(&run->blockers));
    return code;
}

static int observe(struct dara_run *run)
{
    bool known;
    return dara_session_observe(run->session, run->ran_count - 1, run->observed, &known);
}

static int execute(struct dara_run *run, const struct dara_statement *statement, uint64_t *ret_rows)
{
    struct waiting waiting = {.run = run, .since_us = dara_clock_monotonic_us()};
    const struct dara_reader reader = {.context = &waiting, .waits = note_wait, .progress = note_progress};
    dara_text_clear(&run->blockers);
    return say_blockers(run, dara_session_execute(run->session, statement->text, statement->length, &reader, ret_rows));
}

int dara_run_statements(struct dara_run *run, size_t index, size_t from, size_t to)
{
    const struct dara_migration *migration = run->pending[index];
    if (from < to)
        say_progress(run, migration);
    for (size_t i = from; i < to; i++) {
        const struct dara_statement *statement = &migration->script->statements[i];
        struct dara_ran *ran = note(run, index, i);
        dara_clock_iso(dara_clock_now(), ran->started_at);
        int64_t start = dara_clock_monotonic_us();
        int r = execute(run, statement, &ran->rows);
        ran->duration_us = dara_clock_monotonic_us() - start;
        run->durations_us[index] += ran->duration_us;
        ran->failed = r < 0;
        if (r == 0 && run->observed)
            r = observe(run);
        if (r < 0)
            return say_where(migration, statement, r);
    }
    return 0;
}

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
