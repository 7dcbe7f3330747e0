/* SPDX-License-Identifier: MIT */
/* What was run goes into the history. */
#include <dara/version.h>

#include "base/arena.h"
#include "base/clock.h"
#include "service/run.h"

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

int dara_run_record(struct dara_run *run, size_t from, size_t to)
{
    char hash[65];
    int r;
    run->after = dara_model_free(run->after);
    if ((r = dara_session_read(run->session, &run->after)) < 0 || (r = dara_session_history_ensure(run->session)) < 0)
        return r;
    dara_model_fingerprint(run->after, hash);
    return dara_run_record_as(run, from, to, hash);
}
