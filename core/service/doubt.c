/* SPDX-License-Identifier: MIT */
#include "service/doubt.h"

#include <string.h>

#include "service/replay.h"
#include "service/target.h"

/* ---- by schema ---------------------------------------------------------------------------------------------------- */

/* Whether the live object is what the model of `diff` (model → live) has of it. */
static bool stands(const struct dara_diff *diff, const struct dara_object *in_model, const struct dara_object *in_live)
{
    if (!in_model || !in_live)
        return !in_model && !in_live;
    return dara_diff_of(diff, in_live) == NULL;
}

int dara_doubt_compare(const struct dara_model *before, const struct dara_model *after, const struct dara_model *live,
                       enum dara_outcome *ret_outcome, size_t *ret_changes)
{
    DARA_DIFF_LOCAL step = NULL;
    DARA_DIFF_LOCAL from_before = NULL;
    DARA_DIFF_LOCAL from_after = NULL;
    bool done = true, nothing = true;
    int r;
    if ((r = dara_diff_new_of(before, after, DARA_SCOPE_ALL, &step)) < 0 ||
        (r = dara_diff_new_of(before, live, DARA_SCOPE_ALL, &from_before)) < 0 ||
        (r = dara_diff_new_of(after, live, DARA_SCOPE_ALL, &from_after)) < 0)
        return r;
    for (size_t i = 0; i < dara_diff_count(step); i++) {
        const struct dara_change *change = dara_diff_at(step, i);
        const struct dara_object *object = dara_model_same(live, change->after ? change->after : change->before);
        nothing = nothing && stands(from_before, change->before, object);
        done = done && stands(from_after, change->after, object);
    }
    *ret_changes = dara_diff_count(step);
    *ret_outcome = nothing == done ? DARA_OUTCOME_UNKNOWN : nothing ? DARA_OUTCOME_NOTHING : DARA_OUTCOME_DONE;
    return 0;
}

/* No schema tells what a statement did to rows. */
static bool may_write(const struct dara_statement_facts *facts)
{
    return facts->flags & (DARA_STATEMENT_DATA | DARA_STATEMENT_UNREAD);
}

static int by_replay(struct dara_context *context, const struct dara_interrupted *interrupted,
                     const struct dara_journal_entry *entry, const struct dara_statement_facts *facts,
                     const struct dara_model *live, enum dara_outcome *ret_outcome)
{
    DARA_SESSION_LOCAL scratch = NULL;
    DARA_MODEL_LOCAL before = NULL;
    DARA_MODEL_LOCAL after = NULL;
    int r;
    if ((r = dara_replay_to(context, interrupted, entry->place, &scratch)) < 0 ||
        (r = dara_target_read(scratch, &before)) < 0 || (r = dara_replay_text(scratch, entry->text)) < 0 ||
        (r = dara_target_read(scratch, &after)) < 0)
        return r;
    size_t changes = 0;
    if ((r = dara_doubt_compare(before, after, live, ret_outcome, &changes)) == 0 && changes == 0 && !may_write(facts))
        *ret_outcome = DARA_OUTCOME_NOTHING; /* it changes nothing: to run it again is as good */
    return r;
}

/* ---- by name ------------------------------------------------------------------------------------------------------ */

static bool is_owner(const char *named, const struct dara_object *owner)
{
    return !named || (owner && !strcmp(dara_object_key(owner), named));
}

static bool is_there(const struct dara_model *model, const struct dara_fact_object *named)
{
    for (size_t i = 0; i < dara_model_count(model); i++) {
        const struct dara_object *object = dara_model_at(model, i);
        const char *space = dara_object_space(object);
        if (!strcmp(dara_object_key(object), named->key) && !(dara_object_kind(object)->flags & DARA_KIND_PART) &&
            (!named->kind || !strcmp(dara_object_kind(object)->name, named->kind)) &&
            is_owner(named->owner, dara_object_owner(object)) &&
            (!named->space || (space && !strcmp(space, named->space))))
            return true;
    }
    return false;
}

/* An object that was there under this name before the run may still be it. */
static void by_names(const struct dara_model *before, const struct dara_model *live,
                     const struct dara_statement_facts *facts, enum dara_outcome *ret_outcome)
{
    size_t done = 0, nothing = 0, open = 0;
    for (size_t i = 0; i < facts->object_count; i++) {
        const struct dara_fact_object *object = &facts->objects[i];
        bool makes = object->role == DARA_ROLE_MAKES, drops = object->role == DARA_ROLE_DROPS;
        open += object->role == DARA_ROLE_CHANGES;
        if (!makes && !drops)
            continue;
        if (is_there(live, object) != makes)
            nothing++;
        else if (makes && is_there(before, object))
            open++;
        else
            done++;
    }
    if (done && !nothing && !open)
        *ret_outcome = DARA_OUTCOME_DONE;
    else if (nothing && !done)
        *ret_outcome = DARA_OUTCOME_NOTHING;
}

/* A call of a routine, say: the part of it that schemas show may be there without the rest. */
static bool is_opaque(const struct dara_statement_facts *facts)
{
    return facts->flags & DARA_STATEMENT_UNREAD &&
           (facts->flags & DARA_STATEMENT_DATA || !(facts->flags & DARA_STATEMENT_SCHEMA));
}

/* ---- all ways ----------------------------------------------------------------------------------------------------- */

static int compare_all(struct dara_context *context, struct dara_session *session,
                       const struct dara_interrupted *interrupted, const struct dara_journal_entry *entry,
                       const struct dara_statement_facts *facts, enum dara_outcome *ret_outcome)
{
    DARA_MODEL_LOCAL live = NULL;
    DARA_MODEL_LOCAL before = NULL;
    int r;
    if ((r = dara_target_look(session, &live)) < 0 || (r = dara_replay_model(interrupted, &before)) < 0)
        return r;
    if (by_replay(context, interrupted, entry, facts, live, ret_outcome) == 0 && *ret_outcome != DARA_OUTCOME_UNKNOWN)
        return 0;
    dara_error_clear(); /* no scratch, or it does not replay: the names may tell */
    by_names(before, live, facts, ret_outcome);
    return 0;
}

int dara_doubt_settle(struct dara_context *context, struct dara_session *session,
                      const struct dara_interrupted *interrupted, const struct dara_journal_entry *entry,
                      enum dara_outcome *ret_outcome)
{
    DARA_FACTS_LOCAL facts = NULL;
    enum dara_outcome outcome = DARA_OUTCOME_UNKNOWN;
    const struct dara_statement statement = {
        .text = entry->text ? entry->text : "", .length = entry->text ? strlen(entry->text) : 0, .line = 1};
    int r = dara_dialect_classify(dara_session_driver(session), &statement, &facts);
    if (r == 0)
        r = dara_session_settle(session, statement.text, statement.length, &outcome);
    if (r == 0 && outcome == DARA_OUTCOME_UNKNOWN && !is_opaque(facts))
        r = compare_all(context, session, interrupted, entry, facts, &outcome);
    if (r == 0)
        *ret_outcome = outcome;
    return r;
}
