/* SPDX-License-Identifier: MIT */
/* What was run goes into the history. */
#include <dara/version.h>

#include "base/arena.h"
#include "base/clock.h"
#include "service/run.h"
#include "service/take-back.h"

/* The texts of all statements, one file behind the other. */
static const char **list_statements(const struct dara_run *run, size_t from, size_t to, struct dara_arena *arena)
{
    size_t count = 0;
    for (size_t i = from; i < to; i++)
        count += run->pending[i]->script->count;
    const char **texts = dara_arena_alloc(arena, (count + 1) * sizeof(*texts)), **at = texts;
    for (size_t i = from; i < to; i++)
        for (size_t k = 0; k < run->pending[i]->script->count; k++)
            *at++ = run->pending[i]->script->statements[k].text;
    return texts;
}

struct dara_history_entry *dara_run_entries(struct dara_run *run, size_t from, size_t to, const char *fingerprint,
                                            struct dara_arena *arena)
{
    char now[21];
    run->who = run->who ? run->who : dara_clock_whoami();
    dara_clock_iso(dara_clock_now(), now);
    const char *at = dara_arena_strdup(arena, now);
    const char **text = list_statements(run, from, to, arena);
    struct dara_history_entry *entries = dara_arena_alloc(arena, (to - from + 1) * sizeof(*entries));
    for (size_t i = from; i < to; text += run->pending[i++]->script->count)
        entries[i - from] = (struct dara_history_entry){
            .size = sizeof(*entries),
            .kind = "migration",
            .version = run->pending[i]->version,
            .name = run->pending[i]->name,
            .state = "applied",
            .checksum = run->pending[i]->checksum,
            .fingerprint = i + 1 == to ? fingerprint : NULL,
            .applied_at = at,
            .applied_by = run->who,
            .tool = "dara " DARA_VERSION,
            .duration_ms = run->durations_us[i] / 1000,
            .statements = text,
            .statement_count = run->pending[i]->script->count,
        };
    return entries;
}

int dara_run_record_as(struct dara_run *run, size_t from, size_t to, const char *fingerprint)
{
    struct dara_arena *arena = dara_arena_new();
    const struct dara_history_entry *entries = dara_run_entries(run, from, to, fingerprint, arena);
    int r = dara_session_history_record_all(run->session, entries, to - from);
    dara_arena_free(arena);
    return r;
}

int dara_run_read(struct dara_run *run, struct dara_model **model)
{
    int64_t began_us = dara_clock_monotonic_us();
    *model = dara_model_free(*model);
    int r = dara_session_read(run->session, model);
    run->read_at_us = dara_clock_monotonic_us();
    run->read_us = run->read_at_us - began_us;
    return r;
}

/* Many small files with a transaction each would do little else than read: a tenth of their time is enough. What goes through the
 * journal begins with the schema before it. */
static bool is_due(const struct dara_run *run, size_t to)
{
    return to == run->pending_count || run->shapes[to].journaled ||
           dara_clock_monotonic_us() - run->read_at_us >= 10 * run->read_us;
}

int dara_run_record(struct dara_run *run, size_t from, size_t to)
{
    char hash[65];
    bool due = is_due(run, to);
    int r = 0;
    run->after = dara_model_free(run->after);
    if ((due && (r = dara_run_read(run, &run->after)) < 0) || (r = dara_session_history_ensure(run->session)) < 0)
        return r;
    if (due)
        dara_model_fingerprint(run->after, hash);
    run->unread = !due;
    return dara_run_record_as(run, from, to, due ? hash : NULL);
}

int dara_run_settle(struct dara_run *run)
{
    int r;
    if (!run->unread)
        return 0;
    if ((r = dara_session_begin(run->session, DARA_BEGIN_SCHEMA)) < 0)
        return r;
    if ((r = dara_run_read(run, &run->after)) < 0 || (r = dara_take_back_close(run->session, NULL, run->after)) < 0 ||
        (r = dara_session_commit(run->session)) < 0) {
        run->after = dara_model_free(run->after);
        return dara_run_roll_back(run);
    }
    run->unread = false;
    return 0;
}
