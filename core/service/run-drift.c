/* SPDX-License-Identifier: MIT */
/* Whether the live schema is what the last run left. */
#include <string.h>

#include "service/run.h"
#include "service/show.h"
#include "service/snapshot-parts.h"

bool dara_run_drifted(const struct dara_history_list *history, const struct dara_model *live,
                      const struct dara_history_entry **ret_entry)
{
    char hash[65];
    *ret_entry = dara_run_last_state(history);
    if (!*ret_entry)
        return false;
    dara_model_fingerprint(live, hash);
    return strcmp(hash, (*ret_entry)->fingerprint) != 0;
}

static int find_snapshot(struct dara_context *context, const char *fingerprint, struct dara_snapshot **ret_snapshot)
{
    if (dara_context_project(context) < 0) {
        dara_error_clear();
        return 0;
    }
    return dara_snapshot_with_fingerprint(context, fingerprint, ret_snapshot);
}

/* What was recorded, as far as a snapshot has it, against what is there. */
static int compare(const struct dara_context *context, const struct dara_snapshot *snapshot,
                   const struct dara_model *live, struct dara_model **ret_expected, struct dara_diff **ret_diff)
{
    int r = dara_snapshot_model(snapshot, ret_expected);
    return r < 0 ? r : dara_diff_new_of(*ret_expected, live, context->scope, ret_diff);
}

int dara_run_drifted_asked(struct dara_context *context, const struct dara_history_entry *entry,
                           const struct dara_model *live, struct dara_report *report, bool *ret_drifted)
{
    struct dara_snapshot *snapshot = NULL;
    DARA_MODEL_LOCAL expected = NULL;
    DARA_DIFF_LOCAL diff = NULL;
    int r = find_snapshot(context, entry->fingerprint, &snapshot);
    if (r < 0)
        return r;
    if (!snapshot) {
        dara_report_note(report, DARA_NOTE_WARN,
                         "owners, privileges and settings are not compared: no snapshot of the schema that was left on "
                         "%s is here",
                         entry->applied_at ? entry->applied_at : "an unknown day");
        return 0;
    }
    r = compare(context, snapshot, live, &expected, &diff);
    dara_snapshot_free(snapshot);
    if (r == 0)
        *ret_drifted = dara_diff_count(diff) > 0;
    return r;
}

static int show_against(const struct dara_context *context, const struct dara_snapshot *snapshot,
                        const struct dara_model *live, struct dara_report *report)
{
    DARA_MODEL_LOCAL expected = NULL;
    DARA_DIFF_LOCAL diff = NULL;
    int r = compare(context, snapshot, live, &expected, &diff);
    if (r < 0)
        return r;
    dara_show_snapshot(report, "snapshot", NULL, snapshot);
    DARA_FREE char *heading = dara_format("Drift from snapshot %s to the live schema", snapshot->id);
    dara_show_diff(report, heading, diff);
    return 0;
}

int dara_run_show_drift(struct dara_context *context, const struct dara_history_entry *entry,
                        const struct dara_model *live, struct dara_report *report)
{
    struct dara_snapshot *snapshot = NULL;
    int r = find_snapshot(context, entry->fingerprint, &snapshot);
    if (r < 0)
        return r;
    dara_report_section(report, "drift", NULL);
    dara_report_text(report, "since", NULL, entry->applied_at);
    if (snapshot)
        r = show_against(context, snapshot, live, report);
    else
        dara_report_note(report, DARA_NOTE_INFO,
                         "the schema differs from the one recorded on %s; no snapshot of that one is here to show how",
                         entry->applied_at ? entry->applied_at : "an unknown day");
    dara_report_end(report);
    dara_snapshot_free(snapshot);
    return r;
}
