/* SPDX-License-Identifier: MIT */
#include "service/replay.h"

#include <string.h>

#include "service/rollback-aim.h"
#include "service/target.h"

int dara_replay_model(const struct dara_interrupted *interrupted, struct dara_model **ret_model)
{
    const char *text = interrupted->run->text;
    if (!text)
        return dara_error_set(DARA_EFILE, "the journal does not hold the schema before the run");
    if (dara_interrupted_is_rollback(interrupted))
        return dara_rollback_aim_before(text, ret_model);
    return dara_model_read_json(text, strlen(text), ret_model);
}

int dara_replay_text(struct dara_session *scratch, const char *text)
{
    DARA_FACTS_LOCAL facts = NULL;
    const struct dara_statement statement = {.text = text, .length = strlen(text), .line = 1};
    int r = dara_dialect_classify(dara_session_driver(scratch), &statement, &facts);
    if (r < 0 || dara_facts_only_rows(facts))
        return r; /* there are no rows, so that it has nothing to do, and may fail for want of them */
    return dara_target_replay_statement(scratch, "the journal", &statement, facts);
}

int dara_replay_to(struct dara_context *context, const struct dara_interrupted *interrupted, unsigned place,
                   struct dara_session **ret_scratch)
{
    DARA_MODEL_LOCAL before = NULL;
    DARA_SESSION_LOCAL scratch = NULL;
    int r;
    if ((r = dara_replay_model(interrupted, &before)) < 0 || (r = dara_target_scratch(context, &scratch)) < 0 ||
        (r = dara_target_make(scratch, before)) < 0)
        return r;
    for (size_t i = 0; r == 0 && i < interrupted->count; i++) {
        const struct dara_journal_entry *entry = &interrupted->statements[i];
        if (entry->place < place && !strcmp(entry->state, "done") && entry->text)
            r = dara_replay_text(scratch, entry->text);
    }
    if (r < 0)
        return r;
    *ret_scratch = scratch;
    scratch = NULL;
    return 0;
}

int dara_replay_before(struct dara_context *context, const struct dara_interrupted *interrupted, const char *version,
                       struct dara_model **ret_model, unsigned *ret_scope)
{
    const struct dara_journal_entry *first = NULL;
    for (size_t i = 0; i < interrupted->count && !first; i++)
        if (interrupted->statements[i].version && !strcmp(interrupted->statements[i].version, version))
            first = &interrupted->statements[i];
    *ret_scope = DARA_SCOPE_ALL;
    if (!first ? interrupted->count == 0 : first == interrupted->statements)
        return dara_replay_model(interrupted, ret_model);
    *ret_scope = 0;
    DARA_SESSION_LOCAL scratch = NULL;
    int r = dara_replay_to(context, interrupted, first ? first->place : UINT32_MAX, &scratch);
    return r < 0 ? r : dara_target_read(scratch, ret_model);
}
