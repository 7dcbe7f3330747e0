/* SPDX-License-Identifier: MIT */
#include "service/take-back.h"

#include <string.h>

#include "base/error-keep.h"
#include "service/compare.h"
#include "service/rollback-way.h"
#include "service/target.h"

/* ---- statements --------------------------------------------------------------------------------------------------- */

const char *dara_take_back_bar(const struct dara_statement_facts *facts, int64_t rows)
{
    for (size_t i = 0; i < facts->hazard_count; i++)
        if (facts->hazards[i].destroys)
            return "destroyed what no change of the schema brings back";
    if (facts->flags & DARA_STATEMENT_UNREAD)
        return "could not be read, so that what it did to rows is not known";
    if (facts->flags & DARA_STATEMENT_NO_TRANSACTION)
        return NULL; /* upkeep */
    if (facts->flags & DARA_STATEMENT_DATA && rows != 0)
        return "wrote rows";
    if (facts->flags & DARA_STATEMENT_READS)
        return "called what may have written rows";
    return NULL;
}

/* ---- the plan ----------------------------------------------------------------------------------------------------- */

static bool holds(const struct dara_take_back_came *came, const struct dara_object *object)
{
    return dara_object_kind(object)->flags & (DARA_KIND_ROWS | DARA_KIND_VALUES) &&
           !dara_object_has(object, "generated") && (!came->held || came->held(came->context, object));
}

/* What held rows or values and is made again would come back empty. */
static const struct dara_object *find_lost(const struct dara_take_back_came *came, const struct dara_diff *diff)
{
    for (size_t i = 0; i < dara_diff_count(diff); i++) {
        const struct dara_change *change = dara_diff_at(diff, i);
        bool made = change->op == DARA_CHANGE_CREATE || change->op == DARA_CHANGE_RECREATE;
        if (made && dara_object_kind(change->after)->flags & DARA_KIND_ROWS && holds(came, change->after))
            return change->after;
        for (size_t k = 0; k < change->part_count; k++) {
            const struct dara_change *part = change->parts[k];
            if ((part->op == DARA_CHANGE_CREATE || part->op == DARA_CHANGE_RECREATE) && holds(came, part->after))
                return part->after;
        }
    }
    return NULL;
}

static int check_empty(struct dara_session *session, const struct dara_object *object, char **ret_why)
{
    uint64_t rows = 0;
    if (!(dara_object_kind(object)->flags & DARA_KIND_ROWS))
        return 0;
    DARA_FREE char *name = dara_object_describe(object);
    if (dara_session_count_rows(session, object, &rows) < 0) {
        dara_error_clear(); /* it is said, and not taken for empty */
        *ret_why = dara_format("the rows of %s could not be counted", name);
    } else if (rows > 0) {
        *ret_why = dara_format("%s has %llu row%s", name, (unsigned long long)rows, rows == 1 ? "" : "s");
    }
    return 0;
}

static bool only_drops(const struct dara_change *change)
{
    bool only = change->op == DARA_CHANGE_DROP;
    if (change->op == DARA_CHANGE_ALTER) {
        only = change->property_count == 0 && change->part_count > 0;
        for (size_t i = 0; i < change->part_count; i++)
            only = only && change->parts[i]->op == DARA_CHANGE_DROP;
    }
    return only;
}

/* A step that destroys may: drop what came with the file and holds no rows. A column that came with it has its default. */
static int check_step(struct dara_session *session, const struct dara_planned *step, char **ret_why)
{
    if (!(step->flags & DARA_STEP_DESTROYS))
        return 0;
    if (!step->change || !only_drops(step->change)) {
        *ret_why = dara_format("'%.200s' loses values", step->text);
        return 0;
    }
    return step->change->op == DARA_CHANGE_DROP ? check_empty(session, step->change->before, ret_why) : 0;
}

static bool came_with(const struct dara_take_back_came *came, const struct dara_object *object)
{
    const struct dara_migration *migration = came->migration;
    if (!migration)
        return dara_model_same(came->target, object) != NULL;
    for (size_t i = 0; i < migration->script->count; i++)
        for (size_t k = 0; k < migration->facts[i]->object_count; k++)
            if (!strcmp(migration->facts[i]->objects[k].key, dara_object_key(object)))
                return true;
    return false;
}

static const struct dara_object *find_stranger(const struct dara_take_back_came *came, const struct dara_diff *diff)
{
    for (size_t i = 0; i < dara_diff_count(diff); i++) {
        const struct dara_change *change = dara_diff_at(diff, i);
        const struct dara_object *owner = change->before ? dara_object_owner(change->before) : NULL;
        if (change->op == DARA_CHANGE_DROP && !came_with(came, change->before) && !(owner && came_with(came, owner)))
            return change->before;
    }
    return NULL;
}

/* Whether the plan destroys nothing, and drops nothing that did not come with the run: somebody else may have made it meanwhile.
 * `*ret_why` gets the reason where not, else NULL. */
static int is_allowed(struct dara_session *session, const struct dara_take_back_came *came,
                      const struct dara_plan *plan, const struct dara_diff *diff, char **ret_why)
{
    char *why = NULL;
    int r = 0;
    const struct dara_object *lost = find_lost(came, diff);
    if (lost) {
        DARA_FREE char *name = dara_object_describe(lost);
        why = dara_format("%s would come back empty", name);
    } else if ((lost = find_stranger(came, diff))) {
        DARA_FREE char *name = dara_object_describe(lost);
        why = dara_format("%s is there, which %s", name,
                          came->migration ? "the file does not name" : "did not come with the rollback");
    } else if (dara_plan_cannot_count(plan)) {
        why = dara_format("the engine cannot make the way back: %s", dara_plan_cannot_at(plan, 0)->why);
    }
    for (size_t i = 0; r == 0 && !why && i < dara_plan_count(plan); i++)
        r = check_step(session, dara_plan_at(plan, i), &why);
    if (r == 0)
        *ret_why = why;
    return r;
}

/* ---- running it --------------------------------------------------------------------------------------------------- */

static bool needs_pieces(const struct dara_session *session, const struct dara_plan *plan)
{
    bool pieces = !dara_session_feature(session, DARA_FEATURE_TRANSACTIONAL_DDL);
    for (size_t i = 0; i < dara_plan_count(plan); i++)
        pieces = pieces || dara_plan_at(plan, i)->flags & DARA_STEP_NO_TRANSACTION;
    return pieces;
}

static int compare(struct dara_session *session, const struct dara_model *before, unsigned scope,
                   struct dara_model **ret_live)
{
    DARA_MODEL_LOCAL live = NULL;
    DARA_DIFF_LOCAL diff = NULL;
    int r;
    if ((r = dara_session_read(session, &live)) < 0 || (r = dara_diff_new_of(live, before, scope, &diff)) < 0)
        return r;
    if (dara_diff_count(diff) == 0) {
        *ret_live = live;
        live = NULL;
        return 0;
    }
    DARA_TEXT_LOCAL words = DARA_TEXT_INIT;
    dara_compare_words(diff, &words);
    dara_error_set(DARA_EPARTIAL, "the schema is not what it was before");
    dara_error_detail("still to do: %s", dara_text_string(&words));
    return DARA_EPARTIAL;
}

static int finish_in(struct dara_session *session, const struct dara_model *before, unsigned scope,
                     int (*finish)(void *context, const struct dara_model *live), void *context)
{
    DARA_MODEL_LOCAL live = NULL;
    int r = compare(session, before, scope, &live);
    if (r == 0 && finish)
        r = finish(context, live);
    return r < 0 ? r : dara_session_commit(session);
}

int dara_take_back_run(struct dara_session *session, const struct dara_plan *plan, const struct dara_model *before,
                       unsigned scope, int (*finish)(void *context, const struct dara_model *live), void *context)
{
    bool pieces = needs_pieces(session, plan);
    bool schema = dara_session_feature(session, DARA_FEATURE_TRANSACTIONAL_DDL);
    int r = pieces ? dara_target_run_plan(session, plan) : 0;
    if (r < 0 || (r = dara_session_begin(session, schema ? DARA_BEGIN_SCHEMA : DARA_BEGIN_DATA)) < 0)
        return r;
    r = pieces ? 0 : dara_target_run_plan(session, plan);
    if (r == 0)
        r = finish_in(session, before, scope, finish, context);
    if (r == 0)
        return 0;
    struct dara_error *kept = dara_error_keep();
    if (dara_session_in_transaction(session))
        (void)dara_session_rollback(session);
    return dara_error_restore(kept);
}

int dara_take_back(struct dara_session *session, struct dara_journal_run *journal,
                   const struct dara_take_back_came *came, const struct dara_model *before, unsigned scope,
                   int (*finish)(void *context, const struct dara_model *live), void *context, char **ret_not_back)
{
    DARA_MODEL_LOCAL live = NULL;
    DARA_DIFF_LOCAL diff = NULL;
    DARA_PLAN_LOCAL plan = NULL;
    int r;
    if ((r = dara_session_read(session, &live)) < 0 || (r = dara_diff_new_of(live, before, scope, &diff)) < 0 ||
        (r = dara_plan_new(dara_session_driver(session), diff, &plan)) < 0 ||
        (r = is_allowed(session, came, plan, diff, ret_not_back)) < 0 || *ret_not_back)
        return r;
    if (dara_plan_count(plan) && (r = dara_journal_mark(journal, "taking back")) < 0)
        return r;
    return dara_take_back_run(session, plan, before, scope, finish, context);
}

int dara_take_back_close(struct dara_session *session, const char *run, const struct dara_model *live)
{
    char fingerprint[65];
    DARA_ROLLBACK_MARKS_LOCAL marks = dara_alloc(sizeof(*marks));
    dara_model_fingerprint(live, fingerprint);
    int r = dara_rollback_marks_record(session, marks, fingerprint);
    return r < 0 || !run ? r : dara_session_journal_forget(session, run);
}
