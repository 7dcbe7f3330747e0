/* SPDX-License-Identifier: MIT */
/* The snapshots around a rollback. */
#include <string.h>

#include "service/rollback-way.h"
#include "service/show.h"
#include "service/snapshot-parts.h"

#define EMERGENCY "emergency_before_rollback"
#define BEFORE    "pre_rollback"
#define AFTER     "post_rollback"

/* The keys of everything whose rows are saved, each once, NULL-ended. free() the array. */
static const char **holders(const struct dara_rollback_way *way)
{
    const char **keys = dara_alloc((way->loss_count + 1) * sizeof(*keys));
    size_t count = 0;

    for (size_t i = 0; i < way->loss_count; i++) {
        const char *key = dara_object_key(way->losses[i].holder);
        bool there = !(dara_object_kind(way->losses[i].holder)->flags & DARA_KIND_ROWS);
        for (size_t j = 0; j < count && !there; j++)
            there = strcmp(keys[j], key) == 0;
        if (!there)
            keys[count++] = key;
    }
    return keys;
}

static int take(struct dara_context *context, struct dara_session *session, const struct dara_model *model,
                const struct dara_snapshot_request *request, const char *json, const char *heading,
                struct dara_report *report, struct dara_snapshot **ret_snapshot)
{
    struct dara_snapshot *snapshot = NULL;
    int code = dara_snapshot_write(context, session, model, request, &snapshot);

    if (code == 0 && report)
        dara_show_snapshot(report, json, heading, snapshot);
    if (code < 0 || !ret_snapshot)
        dara_snapshot_free(snapshot);
    else
        *ret_snapshot = snapshot;
    return code;
}

int dara_rollback_save(struct dara_context *context, struct dara_session *session, const struct dara_rollback_way *way,
                       bool no_snapshot, struct dara_report *report, struct dara_snapshot **ret_emergency)
{
    DARA_FREE const char **tables = holders(way);

    if (!tables[0]) {
        const struct dara_snapshot_request request = {.label = BEFORE, .purpose = "before a rollback"};
        return no_snapshot ? 0
                           : take(context, session, way->live, &request, "snapshot_before", "snapshot before", report,
                                  report ? NULL : ret_emergency);
    }
    int code = dara_session_require(session, "bulk", "save the rows that a rollback destroys");
    if (code < 0)
        return code;
    const struct dara_snapshot_request request = {
        .label = EMERGENCY, .purpose = "rows that a rollback destroys", .data = true, .keep = true, .tables = tables};
    dara_context_say(context, "saving what will be destroyed ...");
    return take(context, session, way->live, &request, "emergency_snapshot", "destroyed rows saved in", report,
                ret_emergency);
}

void dara_rollback_say_saved(struct dara_report *report, const struct dara_snapshot *snapshot)
{
    bool emergency = dara_string_same(snapshot->label, EMERGENCY);

    dara_show_snapshot(report, emergency ? "emergency_snapshot" : "snapshot_before",
                       emergency ? "destroyed rows saved in" : "snapshot before", snapshot);
}

int dara_rollback_patiently(struct dara_attempts *attempts, struct dara_session *session, int (*attempt)(void *context),
                            void *context, bool once, struct dara_snapshot **saved)
{
    int code;

    dara_attempts_begin(attempts, attempts->context);
    while ((code = attempt(context)) < 0) {
        if (once || !dara_attempts_worth(session, code) || !dara_attempts_roll_back(session) ||
            !dara_attempts_again(attempts, session, "rolled back, and ", code))
            return code;
        if (saved && *saved) {
            (void)dara_snapshot_remove(*saved); /* rows may be others by then */
            *saved = dara_snapshot_free(*saved);
        }
    }
    return 0;
}

int dara_rollback_save_after(struct dara_context *context, struct dara_session *session, const struct dara_model *model,
                             struct dara_report *report)
{
    const struct dara_snapshot_request request = {.label = AFTER, .purpose = "after a rollback"};

    return take(context, session, model, &request, "snapshot_after", "snapshot after", report, NULL);
}
