/* SPDX-License-Identifier: MIT */
/* What stands in the way of a change and does not change itself is made again; nothing else is. */
#include "change.h"

#include <string.h>

static bool is_any(const struct dara_object *object, const char *const *kinds)
{
    for (; *kinds; kinds++)
        if (postgres_is(object, *kinds))
            return true;
    return false;
}

/* Whether a text of the object names the column. */
static bool names(const struct dara_object *object, const struct dara_object *column)
{
    static const char *const properties[] = {"definition", "using", "check"};
    for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++)
        if (postgres_mentions(dara_object_text(object, properties[i]), dara_object_name(column)))
            return true;
    return false;
}

/* Whether the column is altered because its type is made anew. */
static bool is_converted(const struct dara_diff *diff, const struct dara_object *column)
{
    const struct dara_object *const *needs = NULL;
    size_t count = dara_object_depends(column, &needs);
    for (size_t i = 0; i < count; i++)
        if (postgres_is_swapped(diff, needs[i]))
            return true;
    return false;
}

/* PostgreSQL refuses to change or drop a column that these use; indexes and statistics follow a change of type by themselves. */
static bool uses_moving_column(const struct dara_diff *diff, const struct dara_object *object,
                               const struct dara_object *table)
{
    static const char *const holds[] = {"view", "materialized_view", "rule", "trigger", "policy", NULL};
    static const char *const falls[] = {"index", "statistics", NULL};
    const struct dara_object *column = NULL;
    const char *definition = dara_object_text(object, "definition");
    bool atomic = postgres_is(object, "routine") && definition && strstr(definition, "BEGIN ATOMIC");
    bool whole = is_any(object, holds) || atomic;
    if (!whole && !is_any(object, falls))
        return false;
    while ((column = dara_object_owned(table, "column", column))) {
        enum postgres_fate fate = postgres_column_fate(diff, column);
        if (fate == POSTGRES_KEPT && !is_converted(diff, column))
            continue;
        if ((whole || fate == POSTGRES_LOST) && (atomic || names(object, column))) /* it may use the whole row */
            return true;
    }
    return false;
}

static bool stands_on(const struct dara_diff *diff, const struct dara_object *object, const struct dara_object *need)
{
    if (postgres_is_table(need))
        return postgres_stays(diff, need) ? uses_moving_column(diff, object, need) : true;
    if (postgres_is(need, "sequence"))
        return false;
    return postgres_is_remade(diff, need) || !postgres_stays(diff, need);
}

/* A type made of a collation that changes is made beside its old self, too. */
static bool uses_remade_collation(const struct dara_diff *diff, const struct dara_object *object)
{
    const struct dara_object *const *needs = NULL;
    size_t count = postgres_is(object, "type") ? dara_object_depends(object, &needs) : 0;
    for (size_t i = 0; i < count; i++)
        if (postgres_is(needs[i], "collation") && postgres_is_remade(diff, needs[i]))
            return true;
    return false;
}

/* The state of a trigger goes down to those of the partitions. */
static bool loses_state(const struct dara_diff *diff, const struct dara_object *object)
{
    const struct dara_object *const *needs = NULL;
    size_t count = postgres_is(object, "trigger") && !dara_object_has(object, "definition")
                       ? dara_object_depends(object, &needs)
                       : 0;
    for (size_t i = 0; i < count; i++)
        if (postgres_is(needs[i], "trigger") && postgres_changed(postgres_change_of(diff, needs[i]), "enabled"))
            return true;
    return false;
}

/* Only what is made by a text of its own can be in the way; a table's parts are taken off and put on. */
static const char *reason_for(const struct dara_diff *diff, const struct dara_object *object)
{
    static const char *const kinds[] = {"view",
                                        "materialized_view",
                                        "routine",
                                        "rule",
                                        "trigger",
                                        "policy",
                                        "index",
                                        "statistics",
                                        "event_trigger",
                                        "conversion",
                                        "text_search_parser",
                                        "text_search_template",
                                        "text_search_dictionary",
                                        "text_search_configuration",
                                        "access_method",
                                        "operator",
                                        "operator_family",
                                        "operator_class",
                                        "cast",
                                        "transform",
                                        "language",
                                        "foreign_data_wrapper",
                                        "foreign_server",
                                        "user_mapping",
                                        "foreign_table",
                                        "partition_index",
                                        NULL};
    const struct dara_object *const *needs = NULL, *owner = dara_object_owner(object);
    size_t count = is_any(object, kinds) ? dara_object_depends(object, &needs) : 0;
    if (uses_remade_collation(diff, object))
        return "its collation is made again";
    if (loses_state(diff, object))
        return "the trigger that it came with is enabled otherwise";
    if (owner && is_any(object, kinds) && postgres_is_table(owner) && postgres_stays(diff, owner) &&
        uses_moving_column(diff, object, owner))
        return "it uses a column that changes";
    for (size_t i = 0; i < count; i++)
        if (needs[i] != object && needs[i] != owner && stands_on(diff, object, needs[i]))
            return postgres_is_table(needs[i]) ? "it uses a column that changes" : "what it uses is made again";
    return NULL;
}

/* CREATE OR REPLACE VIEW can add columns at the end and nothing else. */
static bool only_grows(const struct dara_change *change)
{
    const char *const *old = NULL, *const *new = NULL;
    size_t old_count = dara_object_list(change->before, "columns", &old);
    size_t count = dara_object_list(change->after, "columns", &new);
    for (size_t i = 0; i < old_count; i++)
        if (i >= count || strcmp(old[i], new[i]) != 0)
            return false;
    return true;
}

/* Differences that the mode of the property takes for a replacement and that are none. */
static const char *own_reason(const struct dara_change *change)
{
    if (postgres_is(change->before, "view") && postgres_changed(change, "columns") && !only_grows(change))
        return "columns of a view can only be added at its end";
    if (postgres_is(change->before, "routine") &&
        dara_object_int(change->after, "defaults", 0) < dara_object_int(change->before, "defaults", 0))
        return "a default cannot be taken from an argument";
    if (postgres_is(change->before, "policy"))
        for (size_t i = 0; i < 2; i++) {
            const char *property = i ? "check" : "using";
            if (dara_object_has(change->before, property) && !dara_object_has(change->after, property))
                return "an expression cannot be taken from a policy";
        }
    return NULL;
}

/* A base type falls with its functions. */
static int remake_functions(struct dara_diff *diff, const struct dara_object *type, bool *ret_more)
{
    const struct dara_object *const *needs = NULL;
    const struct dara_change *change = postgres_change_of(diff, type);
    bool remade = postgres_is(type, "type") && postgres_has_text(type, "type", "base") && change &&
                  change->op == DARA_CHANGE_RECREATE;
    size_t count = remade ? dara_object_depends(type, &needs) : 0;
    int code = 0;
    for (size_t i = 0; !code && i < count; i++) {
        const struct dara_change *other = postgres_change_of(diff, needs[i]);
        if (!postgres_is(needs[i], "routine") || !dara_model_same(dara_diff_after(diff), needs[i]) ||
            (other && other->op == DARA_CHANGE_RECREATE))
            continue;
        code = dara_diff_recreate(diff, needs[i], "the type that is made of it is made again");
        *ret_more = true;
    }
    return code;
}

int postgres_dialect_prepare(struct dara_diff *diff)
{
    const struct dara_model *before = dara_diff_before(diff), *after = dara_diff_after(diff);
    bool more = true;
    while (more) {
        more = false;
        for (size_t i = 0; i < dara_model_count(before); i++) {
            const struct dara_object *object = dara_model_at(before, i);
            const struct dara_change *change = postgres_change_of(diff, object);
            int code = remake_functions(diff, object, &more);
            if (code)
                return code;
            if ((dara_object_kind(object)->flags & DARA_KIND_PART) || !dara_model_same(after, object) ||
                (change && (change->op == DARA_CHANGE_RECREATE || change->op == DARA_CHANGE_DROP)))
                continue;
            const char *reason = change ? own_reason(change) : NULL;
            if (!reason)
                reason = reason_for(diff, object);
            if (!reason)
                continue;
            code = dara_diff_recreate(diff, object, reason);
            if (code)
                return code;
            more = true;
        }
    }
    return postgres_prepare_attached(diff);
}
