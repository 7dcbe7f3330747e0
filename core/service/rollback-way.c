/* SPDX-License-Identifier: MIT */
#include "service/rollback-way.h"
#include "service/compare.h"

static int add_stage(struct dara_rollback_way *way, const struct dara_driver *driver, const struct dara_model *before,
                     const struct dara_model *after)
{
    struct dara_rollback_stage *stage = &way->stages[way->stage_count++];
    int code = dara_diff_new_of(before, after, way->scope, &stage->diff);

    return code < 0 ? code : dara_plan_new(driver, stage->diff, &stage->plan);
}

static const struct dara_object *holder_of(const struct dara_object *object)
{
    while (dara_object_kind(object)->flags & DARA_KIND_PART && dara_object_owner(object))
        object = dara_object_owner(object);
    return object;
}

struct dara_rollback_loss *dara_rollback_loss_add(struct dara_rollback_way *way, const struct dara_object *object,
                                                  const char *note)
{
    for (size_t i = 0; i < way->loss_count; i++) {
        if (way->losses[i].object == object)
            return &way->losses[i];
    }
    DARA_GROW(way->losses, way->loss_count, way->loss_room);
    struct dara_rollback_loss *loss = &way->losses[way->loss_count++];
    *loss = (struct dara_rollback_loss){.object = object, .holder = holder_of(object), .note = note};
    return loss;
}

static bool goes(const struct dara_change *change)
{
    return change->op == DARA_CHANGE_DROP || change->op == DARA_CHANGE_RECREATE;
}

/* A loss is one of the live model's objects, whatever they are called on the way. */
static const struct dara_object *live_of(const struct dara_rollback_way *way, const struct dara_object *object)
{
    const struct dara_object *origin = dara_renames_origin(way->renames, way->live, object);
    return origin ? origin : object;
}

void dara_rollback_losses_of(struct dara_rollback_way *way, const struct dara_diff *diff)
{
    for (size_t i = 0; i < dara_diff_count(diff); i++) {
        const struct dara_change *change = dara_diff_at(diff, i);
        if (goes(change) && dara_object_kind(change->before)->flags & DARA_KIND_ROWS)
            dara_rollback_loss_add(way, live_of(way, change->before), NULL);
        for (size_t j = 0; j < change->part_count; j++) {
            const struct dara_change *part = change->parts[j];
            if (goes(part) && dara_object_kind(part->before)->flags & DARA_KIND_VALUES &&
                !dara_object_has(part->before, "generated")) /* computed from what stays */
                dara_rollback_loss_add(way, live_of(way, part->before), NULL);
        }
    }
}

static bool has_loss_of(const struct dara_rollback_way *way, const struct dara_object *holder)
{
    for (size_t i = 0; i < way->loss_count; i++) {
        if (way->losses[i].holder == holder)
            return true;
    }
    return false;
}

bool dara_rollback_losses_hold(const struct dara_rollback_way *way, const struct dara_object *object)
{
    const struct dara_object *holder = holder_of(live_of(way, object));
    for (size_t i = 0; i < way->loss_count; i++) {
        const struct dara_rollback_loss *loss = &way->losses[i];
        if (loss->holder == holder && (!loss->counted || loss->rows))
            return true;
    }
    return false;
}

const struct dara_object *dara_rollback_made_at(const struct dara_plan *plan, size_t index)
{
    const struct dara_change *change = dara_plan_at(plan, index)->change;
    if (!change || change->op != DARA_CHANGE_CREATE || !(dara_object_kind(change->after)->flags & DARA_KIND_ROWS) ||
        (index + 1 < dara_plan_count(plan) && dara_plan_at(plan, index + 1)->change == change))
        return NULL;
    for (size_t i = 0; i < index; i++)
        if (dara_plan_at(plan, i)->change == change && dara_plan_at(plan, i + 1)->change != change)
            return NULL;
    return change->after;
}

/* What a dialect says destroys, beyond what the kinds tell: a change of type that does not keep every value, say. */
static void add_plan_losses(struct dara_rollback_way *way, const struct dara_plan *plan)
{
    for (size_t i = 0; i < dara_plan_count(plan); i++) {
        const struct dara_planned *step = dara_plan_at(plan, i);
        if (!(step->flags & DARA_STEP_DESTROYS) || !step->change || !step->change->before)
            continue;
        const struct dara_object *holder = live_of(way, holder_of(step->change->before));
        if (!has_loss_of(way, holder))
            dara_rollback_loss_add(way, holder, step->note ? step->note : "values change");
    }
}

int dara_rollback_way_new(struct dara_context *context, struct dara_session *session, unsigned scope,
                          const struct dara_model *target, const struct dara_model *empty,
                          struct dara_rollback_way **ret_way)
{
    const struct dara_driver *driver = dara_session_driver(session);
    DARA_ROLLBACK_WAY_LOCAL way = dara_alloc(sizeof(*way));
    int code = dara_session_read(session, &way->live);

    way->scope = scope;
    if (code == 0)
        code = dara_renames_new(context, way->live, target, &way->renames);
    const struct dara_model *moved = dara_renames_moved(way->renames, way->live);
    if (code == 0)
        code = dara_diff_new_of(moved, target, scope, &way->diff);
    if (code == 0)
        code = add_stage(way, driver, moved, empty ? empty : target);
    if (code == 0 && empty)
        code = add_stage(way, driver, empty, target);
    if (code < 0)
        return code;
    dara_model_fingerprint_of(way->live, scope, way->fingerprint);
    dara_rollback_losses_of(way, way->stages[0].diff);
    add_plan_losses(way, way->stages[0].plan);
    *ret_way = way;
    way = NULL;
    return 0;
}

struct dara_rollback_way *dara_rollback_way_free(struct dara_rollback_way *way)
{
    if (!way)
        return NULL;
    for (size_t i = 0; i < way->stage_count; i++) {
        dara_plan_free(way->stages[i].plan);
        dara_diff_free(way->stages[i].diff);
    }
    dara_diff_free(way->diff);
    dara_renames_free(way->renames);
    dara_model_free(way->live);
    free(way->losses);
    free(way);
    return NULL;
}

static int needs_transaction(const struct dara_plan *plan)
{
    for (size_t i = 0; i < dara_plan_count(plan); i++) {
        const struct dara_planned *step = dara_plan_at(plan, i);
        if (!(step->flags & DARA_STEP_NO_TRANSACTION))
            continue;
        int code = dara_error_set(DARA_EUNSUPPORTED, "a statement on the way back cannot run in a transaction");
        dara_error_detail("%s", step->text);
        dara_error_hint("write the way back as a migration: dara create-migration NAME --to TARGET");
        return code;
    }
    return 0;
}

int dara_rollback_way_runnable(const struct dara_rollback_way *way, const struct dara_session *session,
                               struct dara_report *report)
{
    int code = dara_session_require(session, "apply", "roll back");

    bool whole = dara_session_feature(session, DARA_FEATURE_TRANSACTIONAL_DDL);
    if (code == 0 && !whole && !dara_session_has_journal(session)) {
        code = dara_error_set(DARA_EUNSUPPORTED,
                              "the engine cannot take back schema changes, and its driver keeps no journal of them");
        dara_error_hint("write the way back as a migration: dara create-migration NAME --to TARGET");
    }
    for (size_t i = 0; code == 0 && i < way->stage_count; i++) {
        code = dara_compare_runnable(way->stages[i].plan, report);
        if (code == 0 && whole)
            code = needs_transaction(way->stages[i].plan);
    }
    return code;
}

void dara_rollback_losses_count(struct dara_rollback_way *way, struct dara_session *session)
{
    for (size_t i = 0; i < way->loss_count; i++) {
        struct dara_rollback_loss *loss = &way->losses[i];
        if (loss->counted)
            continue;
        if (i > 0 && loss->holder == loss[-1].holder) { /* several columns of one table: count once */
            loss->counted = loss[-1].counted;
            loss->rows = loss[-1].rows;
        } else if (dara_object_kind(loss->holder)->flags & DARA_KIND_ROWS) {
            loss->counted = dara_session_count_rows(session, loss->holder, &loss->rows) == 0;
            if (!loss->counted)
                dara_error_clear(); /* shown as not known: better than no list */
        }
    }
}
