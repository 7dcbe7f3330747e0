/* SPDX-License-Identifier: MIT */
/* How a rollback that no transaction holds begins: what the journal has to know before the first step. */
#include "service/rollback-run.h"

bool dara_rollback_is_there(const struct dara_rollback_call *call, const struct dara_rollback_way *way)
{
    return !call->request->rebuild && dara_diff_count(way->diff) == 0 && !way->renames;
}

/* Under the lock: look again, save, and write down where the run goes. */
static int start(const struct dara_rollback_call *call, const struct dara_rollback_way *shown,
                 struct dara_rollback_run *run, struct dara_rollback_way **ret_way,
                 struct dara_rollback_marks **ret_marks, struct dara_snapshot **ret_emergency)
{
    const struct dara_snapshot *snapshot = call->target->snapshot;
    int code = dara_session_begin(run->session, DARA_BEGIN_READ);
    if (code == 0)
        code = dara_rollback_way_new(call->context, run->session, call->context->scope, call->target->model,
                                     call->empty, ret_way);
    if (code == 0)
        code = dara_rollback_unchanged(shown, (*ret_way)->live);
    if (code == 0)
        code =
            dara_rollback_marks_of(call->context, run->session, snapshot->applied, snapshot->applied_count, ret_marks);
    if (code == 0)
        dara_rollback_losses_count(*ret_way, run->session);
    if (code == 0 && !dara_rollback_is_there(call, *ret_way))
        code = dara_rollback_save(call->context, run->session, *ret_way, call->request->no_snapshot, call->report,
                                  ret_emergency);
    return code < 0 ? code : dara_session_rollback(run->session);
}

int dara_rollback_open_journal(struct dara_rollback_run *run)
{
    char fingerprint[65];
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    const struct dara_rollback_aim *aim = run->aim;
    dara_model_fingerprint(aim->before, fingerprint);
    dara_rollback_aim_write(aim, &text);
    const struct dara_journal_begin begin = {.kind = "rollback",
                                             .version = aim->snapshot,
                                             .name = aim->label,
                                             .fingerprint = fingerprint,
                                             .text = dara_text_string(&text)};
    int code = dara_session_history_ensure(run->session);
    return code < 0 ? code : dara_journal_open_as(&run->journal, run->context, run->session, &begin);
}

/* What the journal has to hold, all of it borrowed. */
static void aim_at(const struct dara_rollback_call *call, const struct dara_rollback_way *way,
                   const struct dara_snapshot *emergency, const char **options, struct dara_rollback_aim *ret_aim)
{
    const struct dara_snapshot *snapshot = call->target->snapshot;
    size_t count = way->renames ? way->renames->move_count : 0;
    for (size_t i = 0; i < count; i++)
        options[i] = way->renames->moves[i].option;
    *ret_aim = (struct dara_rollback_aim){
        .snapshot = snapshot->id,
        .label = snapshot->label ? snapshot->label : snapshot->id,
        .sha256 = snapshot->sha256,
        .rows = snapshot->rows,
        .rows_count = snapshot->rows_count,
        .emergency = emergency ? emergency->id : NULL,
        .emergency_sha256 = emergency ? emergency->sha256 : NULL,
        .emergency_rows = emergency ? emergency->rows : NULL,
        .emergency_rows_count = emergency ? emergency->rows_count : 0,
        .scope = way->scope,
        .rebuild = call->empty != NULL,
        .applied = snapshot->applied,
        .applied_count = snapshot->applied_count,
        .renames = options,
        .rename_count = count,
        .before = way->live,
        .target = call->target->model,
    };
}

static void free_snapshot(struct dara_snapshot **snapshot)
{
    dara_snapshot_free(*snapshot);
}

/* Everything under the lock. */
int dara_rollback_change_journaled(const struct dara_rollback_call *call, const struct dara_rollback_way *shown,
                                   struct dara_session *session, struct dara_model **ret_after)
{
    DARA_ROLLBACK_WAY_LOCAL way = NULL;
    DARA_ROLLBACK_MARKS_LOCAL marks = NULL;
    DARA_CLEANUP(free_snapshot) struct dara_snapshot *emergency = NULL;
    DARA_CLEANUP(dara_rollback_run_done)
    struct dara_rollback_run run = {.context = call->context,
                                    .report = call->report,
                                    .session = session,
                                    .target = call->target->model,
                                    .snapshot = call->target->snapshot};
    int code = start(call, shown, &run, &way, &marks, &emergency);
    if (code < 0)
        return code;
    DARA_FREE const char **options = dara_alloc(((way->renames ? way->renames->move_count : 0) + 1) * sizeof(*options));
    struct dara_rollback_aim aim;
    aim_at(call, way, emergency, options, &aim);
    run.aim = &aim;
    run.way = way;
    run.marks = marks;
    code = dara_rollback_open_journal(&run);
    if (code == 0)
        code = dara_rollback_run_journaled(&run, ret_after);
    if (code == 0)
        dara_rollback_say_restored(call->report, run.restored);
    return code;
}
