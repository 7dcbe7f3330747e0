/* SPDX-License-Identifier: MIT */
/* One change after another. */
#include "change.h"

#include <stdlib.h>
#include <string.h>

void postgres_step(struct postgres_planning *planning, unsigned flags, const char *note)
{
    postgres_write_end(planning->writer, flags, note);
}

/* ---- create and drop ---------------------------------------------------------------------------------------------------- */

/* The type and functions of it need each other. */
static bool is_knotted(const struct dara_object *type)
{
    const char *definition = dara_object_text(type, "definition");
    return postgres_is(type, "type") &&
           (postgres_has_text(type, "type", "base") ||
            (postgres_has_text(type, "type", "range") && definition && strstr(definition, ", canonical = ")));
}

/* Whether a type that is made of the routine goes: its drop takes along what has it in its arguments. */
static bool is_function_of_type(const struct dara_diff *diff, const struct dara_object *routine)
{
    const struct dara_model *before = dara_diff_before(diff);
    int order = dara_object_kind(routine)->order;
    for (size_t i = 0; postgres_is(routine, "routine") && i < dara_model_count(before); i++) {
        const struct dara_object *type = dara_model_at(before, i), *const *needs = NULL;
        if (dara_object_kind(type)->order >= order)
            return false; /* types come before routines, and before the many columns */
        if (!is_knotted(type) || postgres_stays(diff, type))
            continue;
        size_t count = dara_object_depends(type, &needs);
        for (size_t n = 0; n < count; n++)
            if (needs[n] == routine)
                return true;
    }
    return false;
}

void postgres_plan_drop(struct postgres_planning *planning, const struct dara_object *object)
{
    static const char *const on_owner[] = {"rule", "trigger", "policy"};
    bool rows = (dara_object_kind(object)->flags & DARA_KIND_ROWS) != 0 && postgres_is(object, "table");
    bool placed = false;
    if (postgres_is(object, "subscription"))
        postgres_plan_drop_subscription(planning, object);
    postgres_write_format(planning->writer, "DROP %s %s", postgres_word(object),
                          is_function_of_type(planning->diff, object) ? "IF EXISTS " : "");
    for (size_t i = 0; i < sizeof(on_owner) / sizeof(on_owner[0]); i++) {
        if (!postgres_is(object, on_owner[i]))
            continue;
        postgres_write_name(planning->writer, dara_object_name(object));
        postgres_write(planning->writer, " ON ");
        postgres_write_object(planning->writer, dara_object_owner(object));
        placed = true;
    }
    if (!placed)
        postgres_write_object(planning->writer, object);
    if (is_knotted(object))
        postgres_write(planning->writer, " CASCADE"); /* takes its functions along, and nothing else */
    postgres_step(planning, rows ? DARA_STEP_DESTROYS : 0u, rows ? "the table and all its rows are lost" : NULL);
}

/* Whether a column of a table that stays has the type. */
static bool is_type_of_column(const struct dara_diff *diff, const struct dara_object *type)
{
    const struct dara_model *before = dara_diff_before(diff);
    for (size_t i = 0; i < dara_model_count(before); i++) {
        const struct dara_object *column = dara_model_at(before, i), *const *needs = NULL;
        if (!postgres_is(column, "column") || !postgres_stays(diff, column))
            continue;
        size_t count = dara_object_depends(column, &needs);
        for (size_t n = 0; n < count; n++)
            if (needs[n] == type)
                return true;
    }
    return false;
}

/* A trigger of a partition comes and goes with that of the partitioned table: what goes here is a state of its own. */
static void plan_state(struct postgres_planning *planning, const struct dara_object *before)
{
    const struct dara_object *const *needs = NULL, *partition = dara_object_owner(before);
    size_t count = dara_object_depends(before, &needs);
    for (size_t i = 0; i < count; i++) {
        if (!postgres_is(needs[i], "trigger") || !postgres_stays(planning->diff, needs[i]) ||
            !postgres_stays(planning->diff, partition) || postgres_is_remade(planning->diff, before))
            continue;
        const struct dara_object *parent = dara_model_same(dara_diff_after(planning->diff), needs[i]);
        postgres_write_alter(planning->writer, partition, false);
        postgres_write_enabled(planning->writer, parent);
        postgres_write(planning->writer, " TRIGGER ");
        postgres_write_name(planning->writer, dara_object_name(before));
        postgres_step(planning, 0, NULL);
    }
}

static bool stays_with_needs(const struct dara_diff *diff, const struct dara_object *before)
{
    const struct dara_object *const *needs = NULL;
    size_t count = dara_object_depends(before, &needs);
    for (size_t i = 0; i < count; i++)
        if (!postgres_stays(diff, needs[i]))
            return false;
    return true;
}

/* The index stays, with its usual name. */
static void plan_usual_name(struct postgres_planning *planning, const struct dara_object *before)
{
    if (!stays_with_needs(planning->diff, before) || postgres_is_remade(planning->diff, before))
        return;
    if (dara_object_comment(before))
        postgres_render_comment(planning->writer, before, NULL);
    postgres_render_partition_index_name(planning->writer, before, dara_object_text(before, "usual"));
}

static void plan_index_name(struct postgres_planning *planning)
{
    if (postgres_changed(planning->change, "index"))
        postgres_render_partition_index_name(planning->writer, planning->change->after,
                                             dara_object_name(planning->change->after));
}

static void plan_drop(struct postgres_planning *planning)
{
    const struct dara_object *before = planning->change->before;
    if (postgres_is(before, "partition_index")) {
        plan_usual_name(planning, before);
        return;
    }
    if (postgres_is(before, "trigger") && !dara_object_has(before, "definition")) {
        plan_state(planning, before);
        return;
    }
    if (postgres_is_remade(planning->diff, before) && postgres_is_bound_type(before) &&
        is_type_of_column(planning->diff, before)) {
        dara_plan_cannot(planning->plan, planning->change,
                         "a column has this type, and a range or base type cannot be altered");
        return;
    }
    if (postgres_is_swapped(planning->diff, before) || postgres_drops_late(planning->diff, before) ||
        postgres_falls(planning->diff, before))
        return;
    postgres_plan_drop(planning, before);
}

/* An index on a relation that is new is checked against no rows; a materialized view that is made again has its rows. */
static void plan_unique_index(struct postgres_planning *planning, const struct dara_object *after)
{
    const struct dara_object *owner = dara_model_same(dara_diff_before(planning->diff), dara_object_owner(after));
    bool rows = owner && (postgres_stays(planning->diff, owner) || postgres_is(owner, "materialized_view"));
    postgres_write_trimmed(planning->writer, dara_object_text(after, "definition"));
    postgres_step(planning, rows ? DARA_STEP_MAY_FAIL : 0u, rows ? "fails if rows have equal values" : NULL);
    if (dara_object_comment(after))
        postgres_render_comment(planning->writer, after, dara_object_comment(after));
}

static void plan_create(struct postgres_planning *planning)
{
    const struct dara_object *after = planning->change->after;
    const struct dara_object *before = dara_model_same(dara_diff_before(planning->diff), after);
    if (before && postgres_is_swapped(planning->diff, before))
        postgres_plan_swap(planning, before, after);
    else if (postgres_is(after, "index") && dara_object_bool(after, "unique", false))
        plan_unique_index(planning, after);
    else
        postgres_render_object(planning->writer, after);
    postgres_plan_made(planning, after);
}

/* ---- alter -------------------------------------------------------------------------------------------------------------- */

/* Versions are numbers with other characters between them. */
static bool is_older(const char *version, const char *other)
{
    while (*version && *other) {
        char *end, *other_end;
        long number = strtol(version, &end, 10), other_number = strtol(other, &other_end, 10);
        if (number != other_number)
            return number < other_number;
        version = end + (*end != '\0');
        other = other_end + (*other_end != '\0');
    }
    return !*version && *other;
}

/* Where the server did not tell to which versions it has a way, only forwards. */
static bool can_update(const struct dara_object *before, const char *version)
{
    const char *const *updates = NULL;
    size_t count = dara_object_list(before, "updates", &updates);
    if (!dara_object_has(before, "updates"))
        return !dara_object_has(before, "version") || !is_older(version, dara_object_text(before, "version"));
    for (size_t i = 0; i < count; i++)
        if (strcmp(updates[i], version) == 0)
            return true;
    return false;
}

static void plan_extension(struct postgres_planning *planning)
{
    const struct dara_change *change = planning->change;
    const char *schema = dara_object_text(change->after, "schema"),
               *version = dara_object_text(change->after, "version");
    if (postgres_changed(change, "schema") && schema) {
        postgres_write_alter(planning->writer, change->after, false);
        postgres_write(planning->writer, " SET SCHEMA ");
        postgres_write_name(planning->writer, schema);
        postgres_step(planning, 0, NULL);
    }
    if (postgres_changed(change, "version") && version && !can_update(change->before, version)) {
        dara_plan_cannot(planning->plan, change,
                         "the server has no way from this version of the extension to the other");
    } else if (postgres_changed(change, "version") && version) {
        bool known = dara_object_has(change->before, "updates");
        postgres_write_alter(planning->writer, change->after, false);
        postgres_write(planning->writer, " UPDATE TO ");
        postgres_write_literal(planning->writer, version);
        postgres_step(planning, known ? 0 : DARA_STEP_MAY_FAIL,
                      known ? NULL : "fails if the server has no way to this version");
    }
}

/* A number outside the new limits would be refused: it is moved to the next one inside. `sequence` is an expression. */
void postgres_plan_clamp(struct postgres_planning *planning, const char *sequence, const char *start,
                         const char *minimum, const char *maximum)
{
    postgres_write_format(planning->writer,
                          "SELECT pg_catalog.setval(%s, LEAST(GREATEST(COALESCE(pg_catalog.pg_sequence_last_value(%s), "
                          "%s), %s), %s), COALESCE(pg_catalog.pg_sequence_last_value(%s) BETWEEN %s AND %s, false))",
                          sequence, sequence, start, minimum, maximum, sequence, minimum, maximum);
    postgres_step(planning, 0, "the number it stands at must lie inside the new limits");
}

bool postgres_is_narrower(const char *minimum, const char *maximum, const char *old_minimum, const char *old_maximum)
{
    return strtoll(minimum, NULL, 10) > strtoll(old_minimum, NULL, 10) ||
           strtoll(maximum, NULL, 10) < strtoll(old_maximum, NULL, 10);
}

static void clamp(struct postgres_planning *planning)
{
    const struct dara_change *change = planning->change;
    static const char *const properties[] = {"start", "minimum", "maximum", "minimum", "maximum"};
    struct postgres_writer name = {.text = NULL}, sequence = {.text = NULL}, values[5] = {{.text = NULL}};
    postgres_write_object(&name, change->after);
    postgres_write_literal(&sequence, name.text);
    postgres_write(&sequence, "::regclass");
    for (size_t i = 0; i < 5; i++)
        postgres_write_value(&values[i], i < 3 ? change->after : change->before, properties[i]);
    if (postgres_is_narrower(values[1].text, values[2].text, values[3].text, values[4].text))
        postgres_plan_clamp(planning, sequence.text, values[0].text, values[1].text, values[2].text);
    for (size_t i = 0; i < 5; i++)
        postgres_writer_free(&values[i]);
    postgres_writer_free(&name);
    postgres_writer_free(&sequence);
}

static void plan_sequence(struct postgres_planning *planning)
{
    const struct dara_change *change = planning->change;
    static const char *const others[] = {"owned_by", "postgres.unlogged", "owner", "comment"};
    size_t count = change->property_count;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        count -= postgres_changed(change, others[i]) != NULL;
    if (postgres_changed(change, "minimum") || postgres_changed(change, "maximum"))
        clamp(planning);
    if (count) {
        postgres_write_alter(planning->writer, change->after, false);
        postgres_write_sequence_options(planning->writer, change->after);
        postgres_step(planning, 0, NULL);
    }
    if (postgres_changed(change, "postgres.unlogged")) {
        postgres_write_alter(planning->writer, change->after, false);
        postgres_write(planning->writer, postgres_is_unlogged(change->after) ? " SET UNLOGGED" : " SET LOGGED");
        postgres_step(planning, 0, NULL);
    }
}

/* "CREATE x" becomes "CREATE OR REPLACE x". */
static void plan_replace(struct postgres_planning *planning)
{
    const char *definition = dara_object_text(planning->change->after, "definition");
    if (!postgres_changed(planning->change, "definition"))
        return;
    if (strncmp(definition, "CREATE ", 7) == 0 && strncmp(definition, "CREATE OR REPLACE ", 18) != 0) {
        postgres_write(planning->writer, "CREATE OR REPLACE ");
        definition += 7;
    }
    postgres_write_trimmed(planning->writer, definition);
    postgres_step(planning, 0, NULL);
}

static void plan_enabled(struct postgres_planning *planning)
{
    plan_replace(planning);
    if (postgres_changed(planning->change, "enabled") || postgres_changed(planning->change, "definition"))
        postgres_render_enabled(planning->writer, planning->change->after, true);
}

static void plan_view(struct postgres_planning *planning)
{
    const struct dara_object *after = planning->change->after;
    if (!postgres_changed(planning->change, "definition") && !postgres_changed(planning->change, "columns") &&
        !postgres_changed(planning->change, "options"))
        return;
    if (!postgres_is_in_circle(after)) /* else the end of the plan does it */
        postgres_render_replacement(planning->writer, after);
}

static void plan_materialized_view(struct postgres_planning *planning)
{
    const char *tablespace = dara_object_text(planning->change->after, "postgres.tablespace");
    postgres_plan_options(planning, "options");
    if (!postgres_changed(planning->change, "postgres.tablespace"))
        return;
    postgres_write_alter(planning->writer, planning->change->after, false);
    postgres_write(planning->writer, " SET TABLESPACE ");
    postgres_write_name(planning->writer, tablespace ? tablespace : "pg_default");
    postgres_step(planning, DARA_STEP_REWRITES, NULL);
}

static void plan_policy(struct postgres_planning *planning)
{
    const struct dara_change *change = planning->change;
    bool expressions = postgres_changed(change, "using") || postgres_changed(change, "check");
    if (!expressions && !postgres_changed(change, "roles"))
        return;
    postgres_write(planning->writer, "ALTER POLICY ");
    postgres_write_name(planning->writer, dara_object_name(change->after));
    postgres_write(planning->writer, " ON ");
    postgres_write_object(planning->writer, dara_object_owner(change->after));
    if (postgres_changed(change, "roles"))
        postgres_write_policy_roles(planning->writer, change->after);
    if (expressions)
        postgres_write_policy_expressions(planning->writer, change->after);
    postgres_step(planning, 0, NULL);
}

static void plan_statistics(struct postgres_planning *planning)
{
    if (postgres_changed(planning->change, "target"))
        postgres_render_statistics_target(planning->writer, planning->change->after);
}

static void plan_alter(struct postgres_planning *planning)
{
    static const struct {
        const char *kind;
        void (*plan)(struct postgres_planning *planning);
    } planners[] = {
        {"extension", plan_extension},
        {"type", postgres_plan_type},
        {"sequence", plan_sequence},
        {"routine", plan_replace},
        {"table", postgres_plan_table},
        {"foreign_table", postgres_plan_table},
        {"view", plan_view},
        {"materialized_view", plan_materialized_view},
        {"rule", plan_enabled},
        {"trigger", plan_enabled},
        {"policy", plan_policy},
        {"statistics", plan_statistics},
        {"event_trigger", plan_enabled},
        {"partition_index", plan_index_name},
        {"language", plan_replace},
        {"transform", plan_replace},
    };
    const struct dara_object *after = planning->change->after;
    for (size_t i = 0; i < sizeof(planners) / sizeof(planners[0]); i++)
        if (postgres_is(after, planners[i].kind))
            planners[i].plan(planning);
    postgres_plan_rare(planning);
    if (!postgres_is_swapped(planning->diff, planning->change->before))
        postgres_plan_attributes(planning);
    if (postgres_changed(planning->change, "comment") && !postgres_is_swapped(planning->diff, planning->change->before))
        postgres_render_comment(planning->writer, after, dara_object_comment(after));
    postgres_plan_owner(planning);
}

int postgres_dialect_change(const struct dara_diff *diff, const struct dara_change *change, struct dara_plan *plan)
{
    struct postgres_writer writer = {.plan = plan, .change = change};
    struct postgres_planning planning = {.diff = diff, .change = change, .writer = &writer, .plan = plan};
    if (!postgres_plan_attached(&planning)) {
        if (change->op == DARA_CHANGE_CREATE)
            plan_create(&planning);
        else if (change->op == DARA_CHANGE_DROP)
            plan_drop(&planning);
        else
            plan_alter(&planning);
    }
    postgres_writer_free(&writer);
    return 0;
}
