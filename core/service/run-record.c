/* SPDX-License-Identifier: MIT */
/* What was run goes into the history. */
#include <dara/version.h>

#include "base/clock.h"
#include "service/run.h"

/* The texts of all statements, one file behind the other. free(). */
static const char **list_statements(const struct dara_run *run, size_t from, size_t to)
{
    size_t count = 0;
    for (size_t i = from; i < to; i++)
        count += run->pending[i]->script->count;
    const char **texts = dara_realloc_array(NULL, count + 1, sizeof(*texts)), **at = texts;
    for (size_t i = from; i < to; i++)
        for (size_t k = 0; k < run->pending[i]->script->count; k++)
            *at++ = run->pending[i]->script->statements[k].text;
    return texts;
}

int dara_run_record_as(struct dara_run *run, size_t from, size_t to, const char *fingerprint)
{
    char now[21];
    DARA_FREE char *who = dara_clock_whoami();
    dara_clock_iso(dara_clock_now(), now);
    DARA_FREE const char **texts = list_statements(run, from, to);
    const char **text = texts;
    DARA_FREE struct dara_history_entry *entries = dara_realloc_array(NULL, to - from + 1, sizeof(*entries));
    for (size_t i = from; i < to; text += run->pending[i++]->script->count)
        entries[i - from] = (struct dara_history_entry){
            .size = sizeof(*entries),
            .kind = "migration",
            .version = run->pending[i]->version,
            .name = run->pending[i]->name,
            .state = "applied",
            .checksum = run->pending[i]->checksum,
            .fingerprint = i + 1 == to ? fingerprint : NULL,
            .applied_at = now,
            .applied_by = who,
            .tool = "dara " DARA_VERSION,
            .duration_ms = run->durations_us[i] / 1000,
            .statements = text,
            .statement_count = run->pending[i]->script->count,
        };
    return dara_session_history_record_all(run->session, entries, to - from);
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
