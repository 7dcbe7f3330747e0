/* SPDX-License-Identifier: MIT */
/* Types and domains. */
#include "change.h"

#include <stdlib.h>
#include <string.h>

/* ---- enum --------------------------------------------------------------------------------------------------------------- */

static void plan_labels(struct postgres_planning *planning)
{
    const char *const *old = NULL, *const *new = NULL;
    size_t old_count = dara_object_list(planning->change->before, "labels", &old);
    size_t count = dara_object_list(planning->change->after, "labels", &new), at = 0;
    for (size_t i = 0; i < count; i++) {
        if (at < old_count && strcmp(old[at], new[i]) == 0) {
            at++;
            continue;
        }
        postgres_write_alter(planning->writer, planning->change->after, false);
        postgres_write(planning->writer, " ADD VALUE ");
        postgres_write_literal(planning->writer, new[i]);
        if (i) {
            postgres_write(planning->writer, " AFTER ");
            postgres_write_literal(planning->writer, new[i - 1]);
        } else if (old_count) {
            postgres_write(planning->writer, " BEFORE ");
            postgres_write_literal(planning->writer, old[0]);
        }
        postgres_step(planning, 0, NULL);
    }
}

/* ---- composite ---------------------------------------------------------------------------------------------------------- */

static size_t name_length(const char *attribute)
{
    const char *at = attribute;
    if (*at != '"')
        return strcspn(at, " ");
    for (at++; *at && !(*at == '"' && at[1] != '"'); at++)
        at += *at == '"';
    return (size_t)(at - attribute) + (*at == '"');
}

static const char *find_attribute(const struct dara_object *type, const char *attribute)
{
    const char *const *list = NULL;
    size_t count = dara_object_list(type, "attributes", &list), length = name_length(attribute);
    for (size_t i = 0; i < count; i++)
        if (name_length(list[i]) == length && strncmp(list[i], attribute, length) == 0)
            return list[i];
    return NULL;
}

/* CASCADE takes typed tables along, and nothing else. */
static void plan_attributes(struct postgres_planning *planning)
{
    const struct dara_object *before = planning->change->before, *after = planning->change->after;
    const char *const *list = NULL;
    size_t count = dara_object_list(before, "attributes", &list);
    for (size_t i = 0; i < count; i++) {
        if (find_attribute(after, list[i]))
            continue;
        postgres_write_alter(planning->writer, after, false);
        postgres_write_format(planning->writer, " DROP ATTRIBUTE %.*s CASCADE", (int)name_length(list[i]), list[i]);
        postgres_step(planning, DARA_STEP_DESTROYS, "values of the attribute are lost");
    }
    count = dara_object_list(after, "attributes", &list);
    for (size_t i = 0; i < count; i++) {
        const char *old = find_attribute(before, list[i]);
        size_t length = name_length(list[i]);
        if (old && strcmp(old, list[i]) == 0)
            continue;
        postgres_write_alter(planning->writer, after, false);
        if (old)
            postgres_write_format(planning->writer, " ALTER ATTRIBUTE %.*s TYPE%s CASCADE", (int)length, list[i],
                                  list[i] + length);
        else
            postgres_write_format(planning->writer, " ADD ATTRIBUTE %s CASCADE", list[i]);
        postgres_step(planning, old ? DARA_STEP_MAY_FAIL : 0u,
                      old ? "fails if a table has a column of the type" : NULL);
    }
}

/* ---- domain ------------------------------------------------------------------------------------------------------------- */

static void plan_domain_constraint(struct postgres_planning *planning, const struct dara_change *part)
{
    bool redone = postgres_changed(part, "definition") ||
                  (postgres_changed(part, "validated") && !dara_object_bool(part->after, "validated", true));
    if (part->op == DARA_CHANGE_DROP || (part->before && redone)) {
        postgres_write_alter(planning->writer, dara_object_owner(part->before), false);
        postgres_write(planning->writer, " DROP CONSTRAINT ");
        postgres_write_name(planning->writer, dara_object_name(part->before));
        postgres_step(planning, 0, NULL);
    }
    if (part->op == DARA_CHANGE_CREATE || (part->after && redone)) {
        postgres_render_domain_constraint(planning->writer, part->after);
        return;
    }
    if (postgres_changed(part, "validated")) {
        postgres_write_alter(planning->writer, dara_object_owner(part->after), false);
        postgres_write(planning->writer, " VALIDATE CONSTRAINT ");
        postgres_write_name(planning->writer, dara_object_name(part->after));
        postgres_step(planning, DARA_STEP_MAY_FAIL, "fails if rows hold values that do not satisfy the constraint");
    }
    if (postgres_changed(part, "comment"))
        postgres_render_comment(planning->writer, part->after, dara_object_comment(part->after));
}

static void plan_domain(struct postgres_planning *planning)
{
    const struct dara_change *change = planning->change;
    const char *value = dara_object_text(change->after, "default");
    bool not_null = dara_object_bool(change->after, "not_null", false);
    if (postgres_changed(change, "default")) {
        postgres_write_alter(planning->writer, change->after, false);
        postgres_write(planning->writer, value ? " SET DEFAULT " : " DROP DEFAULT");
        postgres_write(planning->writer, value);
        postgres_step(planning, 0, NULL);
    }
    if (postgres_changed(change, "not_null")) {
        postgres_write_alter(planning->writer, change->after, false);
        postgres_write(planning->writer, not_null ? " SET NOT NULL" : " DROP NOT NULL");
        postgres_step(planning, not_null ? DARA_STEP_MAY_FAIL : 0u, not_null ? "fails if a row has NULL there" : NULL);
    }
    for (size_t i = 0; i < change->part_count; i++)
        if (postgres_is(change->parts[i]->after ? change->parts[i]->after : change->parts[i]->before,
                        "domain_constraint"))
            plan_domain_constraint(planning, change->parts[i]);
}

void postgres_plan_type(struct postgres_planning *planning)
{
    const struct dara_change *change = planning->change;
    if (postgres_is_swapped(planning->diff, change->before)) {
        postgres_plan_swap(planning, change->before, change->after);
        return;
    }
    if (postgres_changed(change, "labels"))
        plan_labels(planning);
    if (postgres_changed(change, "attributes"))
        plan_attributes(planning);
    plan_domain(planning);
}

/* ---- a new type beside the old one -------------------------------------------------------------------------------------- */

void postgres_write_old_type(struct postgres_writer *writer, const struct dara_diff *diff,
                             const struct dara_object *before)
{
    const struct dara_model *model = dara_diff_before(diff);
    size_t number = 0;
    while (number < dara_model_count(model) && dara_model_at(model, number) != before)
        number++;
    postgres_write_format(writer, "dara_old_type_%zu", number);
}

/* The columns of tables that stay and that have this type, as itself or as an array, or this collation before and after. */
static bool has_type(const struct dara_object *column, const char *type)
{
    const char *text = dara_object_text(column, "type");
    size_t length = strlen(type);
    return strncmp(text, type, length) == 0 && (!text[length] || strcmp(text + length, "[]") == 0);
}

static void convert_column(struct postgres_planning *planning, const struct dara_object *column, const char *name,
                           bool collation)
{
    const char *words = dara_object_text(column, "type");
    postgres_write_alter_column(planning->writer, column, false);
    postgres_write_format(planning->writer, "TYPE %s", words);
    if (collation) {
        postgres_write_format(planning->writer, " COLLATE %s", name);
        postgres_step(planning, DARA_STEP_MAY_FAIL, "fails if values that differed are equal now, and must not be");
        return;
    }
    postgres_write(planning->writer, " USING ");
    postgres_write_name(planning->writer, dara_object_name(column));
    postgres_write_format(planning->writer, "%s::%s", words[strlen(name)] ? "::text[]" : "::text", words);
    postgres_step(planning, DARA_STEP_REWRITES | DARA_STEP_MAY_FAIL, "fails if a value does not fit the new type");
}

static void convert_columns(struct postgres_planning *planning, const char *name, bool collation)
{
    const struct dara_model *before = dara_diff_before(planning->diff), *after = dara_diff_after(planning->diff);
    for (size_t i = 0; i < dara_model_count(before); i++) {
        const struct dara_object *column = dara_model_at(before, i);
        const struct dara_object *same = postgres_is(column, "column") ? dara_model_same(after, column) : NULL;
        if (!same || postgres_is_inherited(column) || !postgres_stays(planning->diff, column))
            continue;
        if (collation ? postgres_has_text(column, "collation", name) && postgres_has_text(same, "collation", name)
                      : has_type(column, name) && has_type(same, name))
            convert_column(planning, same, name, collation);
    }
}

/* What else is made of a type cannot be converted. */
static const struct dara_object *find_user(const struct dara_diff *diff, const struct dara_object *type)
{
    const struct dara_model *model = dara_diff_before(diff);
    for (size_t i = 0; i < dara_model_count(model); i++) {
        const struct dara_object *object = dara_model_at(model, i), *const *needs = NULL;
        size_t count = postgres_is(object, "type") && object != type ? dara_object_depends(object, &needs) : 0;
        for (size_t n = 0; n < count; n++)
            if (needs[n] == type && postgres_stays(diff, object))
                return object;
    }
    return NULL;
}

void postgres_plan_swap(struct postgres_planning *planning, const struct dara_object *before,
                        const struct dara_object *after)
{
    struct postgres_writer type = {.text = NULL};
    if (find_user(planning->diff, before)) {
        dara_plan_cannot(planning->plan, planning->change,
                         "another type is made of it, and PostgreSQL cannot change a type inside another");
        return;
    }
    postgres_write_alter(planning->writer, before, false);
    postgres_write(planning->writer, " RENAME TO ");
    postgres_write_old_type(planning->writer, planning->diff, before);
    postgres_step(planning, 0, "the new type is made beside it");
    postgres_render_object(planning->writer, after);
    postgres_write_object(&type, after);
    convert_columns(planning, type.text, postgres_is(after, "collation"));
    postgres_writer_free(&type);
}
