/* SPDX-License-Identifier: MIT */
/* The begin of a plan: what stands in the way of the drops is taken off. */
#include "change.h"

#include <stdlib.h>
#include <string.h>

/* Bodies may name what the plan makes later. */
static void begin_bodies(struct postgres_planning *planning)
{
    for (size_t i = 0; i < dara_diff_count(planning->diff); i++) {
        const struct dara_change *change = dara_diff_at(planning->diff, i);
        if (!change->after || !postgres_is(change->after, "routine"))
            continue;
        planning->writer->change = NULL;
        postgres_write(planning->writer, "SET LOCAL check_function_bodies = false");
        postgres_step(planning, 0, "bodies may name what is made later");
        return;
    }
}

static void drop_constraint(struct postgres_planning *planning, const struct dara_object *constraint)
{
    planning->writer->change = postgres_change_of(planning->diff, dara_object_owner(constraint));
    postgres_write_alter(planning->writer, dara_object_owner(constraint), false);
    postgres_write(planning->writer, " DROP CONSTRAINT ");
    postgres_write_name(planning->writer, dara_object_name(constraint));
    postgres_step(planning, 0, NULL);
}

/* Of tables that are dropped, foreign keys to others that are, too (they may refer to each other in a circle), and those to a
 * key that is taken off before the tables are dropped. */
static bool holds_up(const struct dara_diff *diff, const struct dara_object *foreign)
{
    const struct dara_object *other =
        postgres_find_relation(dara_diff_before(diff), dara_object_text(foreign, "references"), NULL);
    const struct dara_object *back = NULL;
    if (!other || other == dara_object_owner(foreign) || postgres_is_inherited(foreign))
        return false;
    if (postgres_stays(diff, other))
        return postgres_loses_key(diff, foreign);
    while ((back = dara_object_owned(other, "constraint", back)))
        if (postgres_is_foreign_key(back) &&
            postgres_find_relation(dara_diff_before(diff), dara_object_text(back, "references"), NULL) != other)
            return true;
    return false;
}

static void take_constraints_off(struct postgres_planning *planning, bool foreign)
{
    const struct dara_model *before = dara_diff_before(planning->diff);
    for (size_t i = 0; i < dara_model_count(before); i++) {
        const struct dara_object *object = dara_model_at(before, i);
        if (!postgres_is(object, "constraint") || postgres_is_foreign_key(object) != foreign)
            continue;
        bool stays = postgres_stays(planning->diff, dara_object_owner(object));
        bool in_way = foreign ? holds_up(planning->diff, object) : postgres_is_postponed(object);
        if (stays ? postgres_is_taken_off(planning->diff, object) : in_way)
            drop_constraint(planning, object);
    }
}

/* A policy, rule or index falls with its table or view; what it uses may be dropped before. */
static void drop_held(struct postgres_planning *planning)
{
    const struct dara_model *before = dara_diff_before(planning->diff);
    for (size_t i = 0; i < dara_model_count(before); i++) {
        const struct dara_object *object = dara_model_at(before, i), *const *needs = NULL;
        bool held = false;
        const struct dara_object *owner = dara_object_owner(object);
        bool state = postgres_is(object, "trigger") && !dara_object_has(object, "definition");
        if (!owner || state || postgres_is_attached(object) || postgres_is(object, "partition_index") ||
            (dara_object_kind(object)->flags & DARA_KIND_PART) || postgres_stays(planning->diff, owner))
            continue;
        size_t count = dara_object_depends(object, &needs);
        for (size_t n = 0; n < count && !held; n++)
            held = needs[n] != dara_object_owner(object) && !postgres_stays(planning->diff, needs[n]) &&
                   !postgres_drops_late(planning->diff, needs[n]);
        planning->writer->change = NULL;
        if (held)
            postgres_plan_drop(planning, object);
    }
}

static void take_defaults_off(struct postgres_planning *planning)
{
    const struct dara_model *before = dara_diff_before(planning->diff);
    for (size_t i = 0; i < dara_model_count(before); i++) {
        const struct dara_object *column = dara_model_at(before, i);
        if (!postgres_is(column, "column") || !(postgres_stays(planning->diff, dara_object_owner(column))
                                                    ? postgres_is_default_taken_off(planning->diff, column)
                                                    : postgres_is_postponed(column)))
            continue;
        planning->writer->change = postgres_change_of(planning->diff, dara_object_owner(column));
        postgres_write_alter(planning->writer, dara_object_owner(column), true);
        postgres_write(planning->writer, " ALTER COLUMN ");
        postgres_write_name(planning->writer, dara_object_name(column));
        postgres_write(planning->writer, " DROP DEFAULT");
        postgres_step(planning, 0, NULL);
    }
}

/* A parent is added behind the others, and their order is that of columns and of what they give: so all are left from the first on that
 * does not stand where it is to stand. */
bool postgres_keeps_parent(const struct dara_change *change, const char *parent)
{
    const char *const *before = NULL, *const *after = NULL;
    size_t count = dara_object_list(change->before, "postgres.inherits", &before), kept = 0;
    size_t wanted = dara_object_list(change->after, "postgres.inherits", &after);
    for (size_t i = 0; i < count && kept < wanted; i++) {
        if (strcmp(before[i], after[kept]) != 0)
            continue;
        if (strcmp(before[i], parent) == 0)
            return true;
        kept++;
    }
    return false;
}

static bool keeps_indexes(const struct dara_diff *diff, const struct dara_object *partition)
{
    const struct dara_object *parent =
        postgres_find_relation(dara_diff_before(diff), dara_object_text(partition, "postgres.partition_of"), NULL);
    const struct dara_object *part = NULL;
    if (parent && dara_object_owned(parent, "index", NULL))
        return true;
    while (parent && (part = dara_object_owned(parent, "constraint", part)))
        if (!postgres_has_text(part, "type", "check"))
            return true;
    return false;
}

static void leave_parents(struct postgres_planning *planning, const struct dara_object *table)
{
    const struct dara_change *change = postgres_change_of(planning->diff, table);
    const char *const *parents = NULL;
    size_t count = dara_object_list(table, "postgres.inherits", &parents);
    planning->writer->change = change;
    if (postgres_is_partition(table) &&
        (postgres_changed(change, "postgres.partition_of") || postgres_changed(change, "postgres.partition_bound"))) {
        postgres_write_format(planning->writer, "ALTER TABLE %s DETACH PARTITION ",
                              dara_object_text(table, "postgres.partition_of"));
        postgres_write_object(planning->writer, table);
        postgres_step(planning, 0, NULL);
        if (postgres_changed(change, "postgres.partition_of") && keeps_indexes(planning->diff, table))
            dara_plan_cannot(
                planning->plan, change,
                "a partition that is detached keeps the indexes and keys it was given, which the model does not name");
    }
    for (size_t i = 0; i < count; i++) {
        if (!postgres_changed(change, "postgres.inherits") || postgres_keeps_parent(change, parents[i]))
            continue;
        postgres_write_alter(planning->writer, table, false);
        postgres_write_format(planning->writer, " NO INHERIT %s", parents[i]);
        postgres_step(planning, 0, NULL);
    }
}

/* Whether a parent that stays gives a table this column. */
static bool is_given(const struct postgres_planning *planning, const struct dara_change *change, const char *column)
{
    const char *const *parents = NULL;
    size_t count = dara_object_list(change->before, "postgres.inherits", &parents);
    for (size_t i = 0; i < count; i++) {
        const struct dara_object *parent = postgres_find_relation(dara_diff_before(planning->diff), parents[i], NULL);
        if (postgres_keeps_parent(change, parents[i]) && parent && postgres_find_part(parent, "column", column))
            return true;
    }
    return false;
}

/* A constraint that a parent gave has the parent's name for it still. The model takes one that is the table's own to have the usual name, or says
 * which; while the table hangs on no other it can be given that. */
static void name_not_null(struct postgres_planning *planning, const struct dara_object *table)
{
    const struct dara_change *change = postgres_change_of(planning->diff, table);
    const struct dara_object *column = NULL;
    while (postgres_changed(change, "postgres.inherits") && (column = dara_object_owned(table, "column", column))) {
        const struct dara_object *after = dara_model_same(dara_diff_after(planning->diff), column);
        const char *given = dara_object_text(column, "not_null_given");
        if (!given || !after || !dara_object_bool(after, "not_null", false) ||
            is_given(planning, change, dara_object_name(column)))
            continue;
        postgres_write_alter(planning->writer, table, false);
        postgres_write(planning->writer, " RENAME CONSTRAINT ");
        postgres_write_name(planning->writer, given);
        postgres_write(planning->writer, " TO ");
        postgres_write_not_null_name(planning->writer, column);
        postgres_step(planning, 0, NULL);
    }
}

static void free_sequence(struct postgres_planning *planning, const struct dara_object *sequence)
{
    const struct dara_change *change = postgres_change_of(planning->diff, sequence);
    if (!dara_object_has(sequence, "owned_by") ||
        (!postgres_changed(change, "owned_by") && !postgres_falls(planning->diff, sequence)))
        return;
    planning->writer->change = change;
    postgres_write_alter(planning->writer, sequence, false);
    postgres_write(planning->writer, " OWNED BY NONE");
    postgres_step(planning, 0, NULL);
}

int postgres_dialect_begin_plan(const struct dara_diff *diff, struct dara_plan *plan)
{
    struct postgres_writer writer = {.plan = plan};
    struct postgres_planning planning = {.diff = diff, .writer = &writer, .plan = plan};
    const struct dara_model *before = dara_diff_before(diff);
    begin_bodies(&planning);
    take_constraints_off(&planning, true);
    take_constraints_off(&planning, false);
    take_defaults_off(&planning);
    drop_held(&planning);
    postgres_plan_shells(&planning);
    for (size_t i = 0; i < dara_model_count(before); i++) {
        const struct dara_object *object = dara_model_at(before, i);
        if (postgres_is_table(object) && postgres_stays(diff, object)) {
            leave_parents(&planning, object);
            name_not_null(&planning, object);
        }
        if (postgres_is(object, "sequence") && postgres_stays(diff, object))
            free_sequence(&planning, object);
        if (postgres_is(object, "view") && !postgres_stays(diff, object) && postgres_is_in_circle(object)) {
            writer.change = postgres_change_of(diff, object);
            postgres_render_stub(&writer, object, "CREATE OR REPLACE VIEW");
        }
        postgres_plan_publication_begin(&planning, object);
    }
    postgres_writer_free(&writer);
    return 0;
}
