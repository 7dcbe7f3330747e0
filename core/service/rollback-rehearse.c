/* SPDX-License-Identifier: MIT */
/* The way back tried on a scratch database first, where the engine could not take it back: a plan that does not arrive is not begun. */
#include <string.h>

#include "service/compare.h"
#include "service/rollback-run.h"
#include "service/target.h"

/* The statements of the plan for the real schema, renames first. */
static int go(struct dara_session *scratch, const struct dara_rollback_way *way)
{
    int code = way->renames ? dara_target_run_plan(scratch, way->renames->plan) : 0;
    for (size_t i = 0; code == 0 && i < way->stage_count; i++)
        code = dara_target_run_plan(scratch, way->stages[i].plan);
    return code;
}

/* What the copy lacks from the start (what could not be read, what belongs to a place) is no fault of the way. */
static int compare(struct dara_session *scratch, const struct dara_model *target)
{
    DARA_MODEL_LOCAL after = NULL;
    DARA_DIFF_LOCAL diff = NULL;
    int code = dara_session_in_transaction(scratch) ? dara_session_commit(scratch) : 0;
    if (code == 0)
        code = dara_session_read(scratch, &after);
    if (code == 0)
        code = dara_diff_new(after, target, &diff);
    if (code < 0 || dara_diff_count(diff) == 0)
        return code;
    DARA_TEXT_LOCAL words = DARA_TEXT_INIT;
    dara_compare_words(diff, &words);
    code = dara_error_set(DARA_ESTATEMENT, "the way back does not lead to the target");
    dara_error_detail("still to do: %s", dara_text_string(&words));
    return code;
}

static int say_untouched(int code)
{
    const struct dara_error *last = dara_error_last();
    DARA_TEXT_LOCAL detail = DARA_TEXT_INIT;
    if (last->detail)
        dara_text_format(&detail, "%s\n", last->detail);
    dara_text_add(&detail, "it was tried on a scratch copy: the database itself was not touched");
    dara_error_detail("%s", dara_text_string(&detail));
    return code;
}

/* Whether the copy is the schema that is there: else what fails on it tells nothing. */
static int make_copy(struct dara_session *scratch, const struct dara_model *live)
{
    DARA_MODEL_LOCAL copy = NULL;
    DARA_DIFF_LOCAL diff = NULL;
    int code = dara_target_make(scratch, live);
    if (code == 0 && dara_session_in_transaction(scratch))
        code = dara_session_commit(scratch);
    if (code == 0)
        code = dara_session_read(scratch, &copy);
    if (code == 0)
        code = dara_diff_new(live, copy, &diff);
    if (code < 0 || dara_diff_count(diff) == 0)
        return code;
    DARA_TEXT_LOCAL words = DARA_TEXT_INIT;
    dara_compare_words(diff, &words);
    return dara_error_set(DARA_ESTATEMENT, "the copy is not quite the schema that is there: %s",
                          dara_text_string(&words));
}

int dara_rollback_copy(struct dara_context *context, const struct dara_model *live, struct dara_session **ret_scratch)
{
    DARA_SESSION_LOCAL scratch = NULL;
    int code = dara_target_scratch(context, &scratch);
    if (code == 0)
        code = make_copy(scratch, live);
    if (code < 0)
        return code;
    *ret_scratch = scratch;
    scratch = NULL;
    return 0;
}

int dara_rollback_rehearse_scratch(struct dara_context *context, const struct dara_rollback_way *way,
                                   const struct dara_model *target, struct dara_report *report, bool *ret_tried)
{
    DARA_SESSION_LOCAL scratch = NULL;
    int code = dara_rollback_copy(context, way->live, &scratch);
    *ret_tried = code == 0;
    if (code < 0) {
        dara_report_note(report, DARA_NOTE_WARN, "the way back could not be tried on a scratch copy first: %s",
                         dara_error_last()->message);
        dara_error_clear(); /* the user decides with that in view */
        return 0;
    }
    code = go(scratch, way);
    if (code == 0)
        code = compare(scratch, target);
    return code < 0 ? say_untouched(code) : 0;
}
