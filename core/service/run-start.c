/* SPDX-License-Identifier: MIT */
/* What stands before the first statement: the schema as it is, compared with the history, and saved. */
#include "base/error-keep.h"
#include "service/run.h"
#include "service/stake.h"

static int refuse_drift(struct dara_run *run)
{
    const struct dara_history_entry *entry;
    if (run->resumed || !dara_run_drifted(run->history, run->before, &entry) ||
        dara_gate_listed(run->options->allow, "drift"))
        return 0;
    int r = dara_run_show_drift(run->context, entry, run->before, run->report);
    if (r < 0)
        return r;
    dara_error_set(DARA_EREFUSED, "the schema is not what the last run left on %s: it was changed by other means",
                   entry->applied_at ? entry->applied_at : "an unknown day");
    dara_error_hint("look at 'dara status --drift'; then make it a migration, or give --allow drift");
    return DARA_EREFUSED;
}

static int stop_export(void *context DARA_UNUSED, const char *bytes DARA_UNUSED, size_t length DARA_UNUSED)
{
    return DARA_EINTERRUPTED;
}

/* Whether the engine can write rows of this object: an index without the text it indexes, say, it cannot. */
static bool can_save(struct dara_run *run, const struct dara_object *object)
{
    uint64_t rows;
    int r = dara_session_export_rows(run->session, object, stop_export, NULL, &rows);
    if (r == DARA_EUNSUPPORTED)
        dara_report_note(run->report, DARA_NOTE_WARN, "not saved before: %s", dara_error_last()->message);
    dara_error_clear();
    return r != DARA_EUNSUPPORTED;
}

/* The snapshot before the run holds the rows of what its statements destroy, so that there is a way back. */
static int save_state(struct dara_run *run)
{
    DARA_STAKE_LOCAL stake = {.count = 0};
    for (size_t i = 0; i < run->pending_count; i++)
        for (size_t k = 0; k < run->pending[i]->script->count; k++)
            dara_stake_add(&stake, run->before, run->pending[i]->facts[k], false);
    DARA_FREE const char **tables = dara_alloc((stake.count + 1) * sizeof(*tables));
    bool can = !run->options->data && dara_driver_has_group(dara_session_driver(run->session), "bulk");
    size_t count = 0;
    for (size_t i = 0; can && i < stake.count; i++)
        if (can_save(run, stake.items[i].object))
            tables[count++] = dara_object_key(stake.items[i].object);
    return dara_run_snapshot(run, "pre", run->pending[0], run->before, count ? tables : NULL, &run->pre);
}

/* The state the run starts from: read once, compared with the history, saved. Inside a transaction. */
int dara_run_start(struct dara_run *run)
{
    int r;
    if (run->before)
        return 0;
    if ((r = dara_run_read(run, &run->before)) < 0 || (r = refuse_drift(run)) < 0)
        return r;
    return run->options->snapshots ? save_state(run) : 0;
}

int dara_run_start_apart(struct dara_run *run)
{
    if (run->before)
        return 0;
    int r = dara_session_begin(run->session, DARA_BEGIN_READ);
    if (r < 0)
        return r;
    if ((r = dara_run_start(run)) < 0 || (r = dara_session_rollback(run->session)) < 0)
        return dara_run_roll_back(run);
    return 0;
}
