/* SPDX-License-Identifier: MIT */
/* The end of a plan: what needs all of its changes, and the drops that wait for them. */
#include "change.h"
#include "privilege.h"

#include <stdlib.h>
#include <string.h>

/* ---- put back on -------------------------------------------------------------------------------------------------------- */

/* What was taken off and is equal in both: no change of its own puts it back. */
static void put_constraint_on(struct postgres_planning *planning, const struct dara_object *after)
{
    const struct dara_object *before = dara_model_same(dara_diff_before(planning->diff), after);
    const struct dara_change *change = before ? postgres_change_of(planning->diff, before) : NULL;
    bool off = before && postgres_is_taken_off(planning->diff, before);
    bool late = postgres_is_foreign_key(after) || postgres_is_postponed(after);
    if (postgres_is_inherited(after) || (!late && (!off || change)))
        return;
    if (off || !before) {
        postgres_render_constraint(planning->writer, after);
        return;
    }
    if (postgres_changed(change, "validated")) {
        postgres_write_alter(planning->writer, dara_object_owner(after), false);
        postgres_write(planning->writer, " VALIDATE CONSTRAINT ");
        postgres_write_name(planning->writer, dara_object_name(after));
        postgres_step(planning, DARA_STEP_MAY_FAIL, "fails if rows do not satisfy the constraint");
    }
    if (postgres_changed(change, "comment"))
        postgres_render_comment(planning->writer, after, dara_object_comment(after));
}

static void put_default_on(struct postgres_planning *planning, const struct dara_object *after)
{
    const struct dara_object *before = dara_model_same(dara_diff_before(planning->diff), after);
    if ((!before || postgres_changed(postgres_change_of(planning->diff, before), "default")) &&
        postgres_is_postponed(after)) {
        postgres_render_default(planning->writer, after);
        return;
    }
    if (!before || !dara_object_has(after, "default") || !postgres_is_default_taken_off(planning->diff, before) ||
        postgres_column_fate(planning->diff, before) != POSTGRES_KEPT ||
        postgres_changed(postgres_change_of(planning->diff, before), "default"))
        return;
    postgres_write_alter(planning->writer, dara_object_owner(after), true);
    postgres_write(planning->writer, " ALTER COLUMN ");
    postgres_write_name(planning->writer, dara_object_name(after));
    postgres_write_format(planning->writer, " SET DEFAULT %s", dara_object_text(after, "default"));
    postgres_step(planning, 0, NULL);
}

/* ---- marks that name an index ------------------------------------------------------------------------------------------- */

/* Whether the index or key of this name is made again, and the mark is lost with it. */
static bool is_index_remade(const struct dara_diff *diff, const struct dara_object *table, const char *name)
{
    const struct dara_object *index = postgres_find_part(table, "index", name);
    const struct dara_object *constraint = postgres_find_part(table, "constraint", name);
    if (index && !postgres_stays(diff, index))
        return true;
    return constraint && postgres_is_taken_off(diff, constraint);
}

static void put_marks_on(struct postgres_planning *planning, const struct dara_object *before,
                         const struct dara_object *after)
{
    const struct dara_change *change = postgres_change_of(planning->diff, before);
    const char *cluster = dara_object_text(after, "postgres.cluster_on");
    const char *identity = dara_object_text(after, "postgres.replica_identity");
    bool by_index = identity && strncmp(identity, "USING INDEX ", 12) == 0;
    if (postgres_changed(change, "postgres.cluster_on") ||
        (cluster && is_index_remade(planning->diff, before, cluster)))
        postgres_render_cluster(planning->writer, after);
    if (postgres_changed(change, "postgres.replica_identity") ||
        (by_index && is_index_remade(planning->diff, before, identity + 12)))
        postgres_render_replica_identity(planning->writer, after);
}

/* ---- per object --------------------------------------------------------------------------------------------------------- */

static void finish_table(struct postgres_planning *planning, const struct dara_object *after, bool foreign)
{
    const struct dara_object *before = dara_model_same(dara_diff_before(planning->diff), after), *part = NULL;
    if (!before || !postgres_stays(planning->diff, before)) {
        planning->writer->change = NULL; /* rows are put back before this step */
        if (foreign)
            postgres_render_late(planning->writer, after);
        return;
    }
    planning->writer->change = postgres_change_of(planning->diff, before);
    while ((part = dara_object_owned(after, "constraint", part)))
        if (postgres_is_foreign_key(part) == foreign)
            put_constraint_on(planning, part);
    if (foreign)
        put_marks_on(planning, before, after);
    for (part = NULL; !foreign && (part = dara_object_owned(after, "column", part));)
        put_default_on(planning, part);
}

/* A sequence that is made belongs to whoever makes it, and the server wants it to be its table's owner's. */
static void follow_table(struct postgres_planning *planning, const struct dara_object *sequence)
{
    const struct dara_object *table =
        postgres_find_relation(dara_diff_before(planning->diff), dara_object_text(sequence, "owned_by"), NULL);
    if (table && postgres_stays(planning->diff, table) && dara_object_bool(table, "owned_by_other", false) &&
        dara_object_has(table, "owner"))
        postgres_render_owner(planning->writer, sequence, dara_object_text(table, "owner"));
}

static void finish_sequence(struct postgres_planning *planning, const struct dara_object *after)
{
    const struct dara_object *before = dara_model_same(dara_diff_before(planning->diff), after);
    const struct dara_change *change = before ? postgres_change_of(planning->diff, before) : NULL;
    if (!dara_object_has(after, "owned_by"))
        return;
    if (before && postgres_stays(planning->diff, before) && !postgres_changed(change, "owned_by") &&
        !postgres_falls(planning->diff, before))
        return;
    planning->writer->change = NULL;
    if (!before || !postgres_stays(planning->diff, before))
        follow_table(planning, after);
    postgres_render_owned_by(planning->writer, after);
}

static void finish_materialized_view(struct postgres_planning *planning, const struct dara_object *after)
{
    const struct dara_object *before = dara_model_same(dara_diff_before(planning->diff), after);
    const char *cluster = dara_object_text(after, "postgres.cluster_on");
    planning->writer->change = NULL;
    if (!before || !postgres_stays(planning->diff, before))
        postgres_render_late(planning->writer, after);
    else if (postgres_changed(postgres_change_of(planning->diff, before), "postgres.cluster_on") ||
             (cluster && is_index_remade(planning->diff, before, cluster)))
        postgres_render_cluster(planning->writer, after);
}

/* A view in a circle was made as a stub, or waits for what it is to use. */
static void finish_view(struct postgres_planning *planning, const struct dara_object *after)
{
    const struct dara_object *before = dara_model_same(dara_diff_before(planning->diff), after);
    const struct dara_change *change = before ? postgres_change_of(planning->diff, before) : NULL;
    bool replaced = postgres_changed(change, "definition") || postgres_changed(change, "columns") ||
                    postgres_changed(change, "options");
    if ((before && postgres_stays(planning->diff, before) && !replaced) || !postgres_is_in_circle(after))
        return;
    planning->writer->change = change;
    postgres_render_replacement(planning->writer, after);
}

/* A change of a column's type makes the statistics anew, without their target. */
static void finish_statistics(struct postgres_planning *planning, const struct dara_object *after)
{
    const struct dara_object *before = dara_model_same(dara_diff_before(planning->diff), after);
    const struct dara_object *const *needs = NULL, *column = NULL;
    bool retyped = false;
    if (!before || !dara_object_has(after, "target") || !postgres_stays(planning->diff, before))
        return;
    size_t count = dara_object_depends(before, &needs);
    for (size_t i = 0; i < count; i++)
        while (postgres_is_table(needs[i]) && (column = dara_object_owned(needs[i], "column", column)))
            retyped = retyped || postgres_column_fate(planning->diff, column) == POSTGRES_RETYPED;
    planning->writer->change = NULL;
    if (retyped)
        postgres_render_statistics_target(planning->writer, after);
}

static void finish(struct postgres_planning *planning, bool foreign)
{
    const struct dara_model *after = dara_diff_after(planning->diff);
    for (size_t i = 0; i < dara_model_count(after); i++) {
        const struct dara_object *object = dara_model_at(after, i);
        if (postgres_is_table(object))
            finish_table(planning, object, foreign);
        else if (foreign && postgres_is(object, "sequence"))
            finish_sequence(planning, object);
        else if (foreign && postgres_is(object, "statistics"))
            finish_statistics(planning, object);
        else if (foreign && postgres_is(object, "view"))
            finish_view(planning, object);
        else if (foreign && postgres_is(object, "materialized_view"))
            finish_materialized_view(planning, object);
        else if (foreign && postgres_is(object, "publication"))
            postgres_plan_publication_end(planning, object);
    }
}

/* ---- late drops --------------------------------------------------------------------------------------------------------- */

struct late {
    const struct dara_object **objects;
    bool *done;
    size_t count;
};

/* Whether an object or one of its parts needs the other. */
static bool needs(const struct dara_object *object, const struct dara_object *other)
{
    const struct dara_object *const *list = NULL, *part = NULL;
    size_t count = dara_object_depends(object, &list);
    for (size_t i = 0; i < count; i++)
        if (list[i] == other)
            return true;
    while ((part = dara_object_owned(object, "domain_constraint", part)))
        if (needs(part, other))
            return true;
    return false;
}

static bool is_needed(const struct late *late, size_t index)
{
    for (size_t i = 0; i < late->count; i++)
        if (i != index && !late->done[i] && needs(late->objects[i], late->objects[index]))
            return true;
    return false;
}

/* The old self of a type or collation that was made anew beside it. */
static void drop_old_self(struct postgres_planning *planning, const struct dara_object *object)
{
    postgres_write_format(planning->writer, "DROP %s ", postgres_word(object));
    postgres_write_name(planning->writer, dara_object_space(object));
    postgres_write(planning->writer, ".");
    postgres_write_old_type(planning->writer, planning->diff, object);
    postgres_step(planning, 0, NULL);
}

/* What nothing else of them needs goes first; of a circle, whatever comes last in the model. */
static void drop_late(struct postgres_planning *planning, struct late *late)
{
    for (size_t left = late->count; left; left--) {
        size_t next = late->count;
        for (size_t i = late->count; i-- > 0 && next == late->count;)
            if (!late->done[i] && !is_needed(late, i))
                next = i;
        for (size_t i = 0; i < late->count && next == late->count; i++)
            if (!late->done[i])
                next = i;
        late->done[next] = true;
        planning->writer->change = postgres_change_of(planning->diff, late->objects[next]);
        if (postgres_is_swapped(planning->diff, late->objects[next]))
            drop_old_self(planning, late->objects[next]);
        else if (!postgres_falls(planning->diff, late->objects[next]))
            postgres_plan_drop(planning, late->objects[next]);
    }
}

static void drop_all_late(struct postgres_planning *planning)
{
    const struct dara_model *before = dara_diff_before(planning->diff);
    size_t room = dara_diff_count(planning->diff) + 1;
    struct late late = {.objects = calloc(room, sizeof(*late.objects)), .done = calloc(room, sizeof(bool))};
    if (!late.objects || !late.done)
        dara_error_out_of_memory();
    for (size_t i = 0; i < dara_model_count(before); i++) {
        const struct dara_object *object = dara_model_at(before, i);
        if (postgres_is_swapped(planning->diff, object) || postgres_drops_late(planning->diff, object))
            late.objects[late.count++] = object;
    }
    drop_late(planning, &late);
    free(late.objects);
    free(late.done);
}

int postgres_dialect_end_plan(const struct dara_diff *diff, struct dara_plan *plan)
{
    struct postgres_writer writer = {.plan = plan};
    struct postgres_planning planning = {.diff = diff, .writer = &writer, .plan = plan};
    finish(&planning, false);
    finish(&planning, true);
    drop_all_late(&planning);
    postgres_writer_free(&writer);
    return 0;
}
