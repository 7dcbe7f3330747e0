/* SPDX-License-Identifier: MIT */
/* Questions to the diff, which begin, changes and end of a plan must answer alike. */
#include "change.h"

#include <stdlib.h>
#include <string.h>

const struct dara_property_change *postgres_changed(const struct dara_change *change, const char *property)
{
    for (size_t i = 0; change && i < change->property_count; i++)
        if (strcmp(change->properties[i]->name, property) == 0)
            return change->properties[i];
    return NULL;
}

const struct dara_change *postgres_change_of(const struct dara_diff *diff, const struct dara_object *object)
{
    return dara_diff_of(diff, object);
}

bool postgres_stays(const struct dara_diff *diff, const struct dara_object *before)
{
    for (; before; before = dara_object_owner(before)) {
        const struct dara_change *change = postgres_change_of(diff, before);
        if (change && (change->op == DARA_CHANGE_DROP || change->op == DARA_CHANGE_RECREATE))
            return false;
    }
    return true;
}

/* ---- names -------------------------------------------------------------------------------------------------------------- */

char *postgres_next_name(const char **words)
{
    const char *at = *words;
    char *part = malloc(strlen(at) + 1);
    size_t length = 0;
    if (!part)
        dara_error_out_of_memory();
    if (*at == '"') {
        for (at++; *at && !(*at == '"' && at[1] != '"'); at++) {
            at += *at == '"';
            part[length++] = *at;
        }
        at += *at == '"';
    } else {
        while (*at && *at != '.')
            part[length++] = *at++;
    }
    part[length] = '\0';
    *words = *at == '.' ? at + 1 : at;
    return part;
}

const struct dara_object *postgres_find_relation(const struct dara_model *model, const char *words, char **ret_column)
{
    if (!words)
        return NULL;
    char *space = postgres_next_name(&words), *name = postgres_next_name(&words);
    const struct dara_object *object = dara_model_find(model, "table", space, NULL, name);
    if (!object)
        object = dara_model_find(model, "foreign_table", space, NULL, name);
    if (ret_column)
        *ret_column = postgres_next_name(&words);
    free(space);
    free(name);
    return object;
}

const struct dara_object *postgres_find_part(const struct dara_object *table, const char *kind, const char *key)
{
    const struct dara_object *part = NULL;
    while (table && (part = dara_object_owned(table, kind, part)))
        if (strcmp(dara_object_key(part), key) == 0)
            return part;
    return NULL;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
           (unsigned char)c >= 0x80;
}

bool postgres_mentions(const char *text, const char *name)
{
    struct postgres_writer quoted = {.text = NULL};
    bool found = false;
    postgres_write_name(&quoted, name);
    for (const char *at = text; at && !found && (at = strstr(at, quoted.text)); at++)
        found = *quoted.text == '"' || ((at == text || !is_name_byte(at[-1])) && !is_name_byte(at[quoted.length]));
    postgres_writer_free(&quoted);
    return found || (text && strstr(text, ".*"));
}

/* ---- types -------------------------------------------------------------------------------------------------------------- */

/* Labels may be added between others; none can be taken out or moved. */
static bool only_adds_labels(const struct dara_object *before, const struct dara_object *after)
{
    const char *const *old = NULL, *const *new = NULL;
    size_t old_count = dara_object_list(before, "labels", &old), new_count = dara_object_list(after, "labels", &new);
    size_t at = 0;
    for (size_t i = 0; i < new_count && at < old_count; i++)
        at += strcmp(old[at], new[i]) == 0;
    return at == old_count;
}

static bool object_uses_label(const struct dara_object *object, const char *literal)
{
    static const char *const properties[] = {"default", "definition", "generated", "using", "check"};
    for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++) {
        const char *text = dara_object_text(object, properties[i]);
        if (text && strstr(text, literal))
            return true;
    }
    return false;
}

static bool change_uses_label(const struct dara_change *change, const char *literal)
{
    const struct dara_object *part = NULL;
    if (!change->after)
        return false;
    if (object_uses_label(change->after, literal))
        return true;
    for (size_t i = 0; i < change->part_count; i++)
        if (change->parts[i]->after && object_uses_label(change->parts[i]->after, literal))
            return true;
    if (change->before && change->op != DARA_CHANGE_RECREATE)
        return false;
    while ((part = dara_object_owned(change->after, NULL, part)))
        if (object_uses_label(part, literal))
            return true;
    return false;
}

/* A label that is added cannot be used before the transaction ends. */
static bool uses_new_label(const struct dara_diff *diff, const struct dara_object *before,
                           const struct dara_object *after)
{
    const char *const *new = NULL, *const *old = NULL;
    size_t count = dara_object_list(after, "labels", &new), old_count = dara_object_list(before, "labels", &old);
    bool found = false;
    for (size_t i = 0; i < count && !found; i++) {
        bool known = false;
        for (size_t j = 0; j < old_count && !known; j++)
            known = strcmp(new[i], old[j]) == 0;
        struct postgres_writer literal = {.text = NULL};
        postgres_write_literal(&literal, new[i]);
        for (size_t c = 0; !known && !found && c < dara_diff_count(diff); c++)
            found = change_uses_label(dara_diff_at(diff, c), literal.text);
        postgres_writer_free(&literal);
    }
    return found;
}

static size_t attribute_name_length(const char *attribute)
{
    const char *at = attribute;
    if (*at != '"')
        return strcspn(at, " ");
    for (at++; *at && !(*at == '"' && at[1] != '"'); at++)
        at += *at == '"';
    return (size_t)(at - attribute) + (*at == '"');
}

/* Attributes can be dropped, added at the end, and changed in their type. */
static bool attributes_can_be_altered(const struct dara_object *before, const struct dara_object *after)
{
    const char *const *old = NULL, *const *new = NULL;
    size_t old_count = dara_object_list(before, "attributes", &old);
    size_t new_count = dara_object_list(after, "attributes", &new), at = 0;
    for (size_t i = 0; i < old_count && at < new_count; i++) {
        size_t length = attribute_name_length(old[i]);
        at += length == attribute_name_length(new[at]) && strncmp(old[i], new[at], length) == 0;
    }
    for (; at < new_count; at++)
        for (size_t i = 0; i < old_count; i++) {
            size_t length = attribute_name_length(old[i]);
            if (length == attribute_name_length(new[at]) && strncmp(old[i], new[at], length) == 0)
                return false; /* it stands elsewhere now */
        }
    return true;
}

bool postgres_is_bound_type(const struct dara_object *type)
{
    static const char *const types[] = {"range", "base", "shell"};
    for (size_t i = 0; i < 3; i++)
        if (postgres_has_text(type, "type", types[i]))
            return postgres_is(type, "type");
    return false;
}

bool postgres_is_swapped(const struct dara_diff *diff, const struct dara_object *before)
{
    const struct dara_change *change = postgres_change_of(diff, before);
    if (postgres_is(before, "collation"))
        return change && change->op == DARA_CHANGE_RECREATE;
    if (!postgres_is(before, "type") || !change || change->op == DARA_CHANGE_DROP)
        return false;
    if (change->op == DARA_CHANGE_RECREATE) /* a range and a base type have functions, which stay where they are */
        return !postgres_is_bound_type(before);
    if (postgres_changed(change, "labels"))
        return !only_adds_labels(before, change->after) || uses_new_label(diff, before, change->after);
    return postgres_changed(change, "attributes") && !attributes_can_be_altered(before, change->after);
}

bool postgres_is_remade(const struct dara_diff *diff, const struct dara_object *before)
{
    const struct dara_change *change = postgres_change_of(diff, before);
    return change && (change->op == DARA_CHANGE_RECREATE || postgres_is_swapped(diff, before));
}

/* ---- drops -------------------------------------------------------------------------------------------------------------- */

/* Routines may need each other in a circle; what is this deep is taken to be in one. */
#define DEEPEST 100

static bool drops_late(const struct dara_diff *diff, const struct dara_object *before, unsigned depth)
{
    static const char *const late[] = {"type",
                                       "routine",
                                       "sequence",
                                       "namespace",
                                       "extension",
                                       "collation",
                                       "language",
                                       "access_method",
                                       "operator",
                                       "operator_family",
                                       "operator_class",
                                       "cast",
                                       "transform",
                                       "text_search_parser",
                                       "text_search_template",
                                       "text_search_dictionary",
                                       "text_search_configuration",
                                       "foreign_data_wrapper",
                                       "foreign_server"};
    const struct dara_change *change = postgres_change_of(diff, before);
    const struct dara_object *const *needs = NULL;
    bool is_late = false;
    for (size_t i = 0; i < sizeof(late) / sizeof(late[0]); i++)
        is_late = is_late || postgres_is(before, late[i]);
    if (!is_late || !change || change->op != DARA_CHANGE_DROP)
        return false;
    size_t count = postgres_is(before, "sequence") || depth > DEEPEST ? 0 : dara_object_depends(before, &needs);
    for (size_t i = 0; i < count; i++)
        if (needs[i] != before && !postgres_stays(diff, needs[i]) && !drops_late(diff, needs[i], depth + 1))
            return false;
    return true;
}

bool postgres_drops_late(const struct dara_diff *diff, const struct dara_object *before)
{
    return drops_late(diff, before, 0);
}

bool postgres_needs_lost(const struct dara_diff *diff, const struct dara_object *before)
{
    const struct dara_object *const *needs = NULL;
    size_t count = dara_object_depends(before, &needs);
    for (size_t i = 0; i < count; i++) {
        if (needs[i] == dara_object_owner(before))
            continue;
        if (postgres_is_remade(diff, needs[i]) ||
            (postgres_drops_late(diff, needs[i]) && postgres_falls(diff, needs[i])) ||
            (!postgres_stays(diff, needs[i]) && !postgres_drops_late(diff, needs[i])))
            return true;
    }
    return false;
}

/* ---- columns ------------------------------------------------------------------------------------------------------------ */

static bool is_regenerated(const struct dara_diff *diff, const struct dara_object *column)
{
    const char *expression = dara_object_text(column, "generated");
    const struct dara_object *other = NULL;
    while (expression && (other = dara_object_owned(dara_object_owner(column), "column", other))) {
        const struct dara_change *change = postgres_change_of(diff, other);
        bool moves = change && (change->op == DARA_CHANGE_DROP || postgres_changed(change, "type") ||
                                postgres_changed(change, "collation"));
        if (other != column && moves && postgres_mentions(expression, dara_object_name(other)))
            return true;
    }
    return false;
}

enum postgres_fate postgres_column_fate(const struct dara_diff *diff, const struct dara_object *column)
{
    const struct dara_change *change = postgres_change_of(diff, column);
    if (change && change->op == DARA_CHANGE_DROP)
        return POSTGRES_LOST;
    if (change && dara_object_has(change->after, "generated") &&
        (postgres_changed(change, "generated") || postgres_changed(change, "generated_kind")))
        return POSTGRES_LOST;
    const struct dara_object *after = change ? change->after : NULL;
    if ((!change || dara_object_has(after, "generated")) && is_regenerated(diff, column))
        return POSTGRES_LOST;
    /* A computed column takes no USING: what does not turn by itself is computed anew. */
    if (change && dara_object_has(after, "generated") && postgres_changed(change, "type") &&
        postgres_cast_find(dara_object_text(change->before, "type"), dara_object_text(after, "type")).using)
        return POSTGRES_LOST;
    if (change && (postgres_changed(change, "type") || postgres_changed(change, "collation")))
        return POSTGRES_RETYPED;
    return POSTGRES_KEPT;
}

bool postgres_is_default_taken_off(const struct dara_diff *diff, const struct dara_object *column)
{
    return dara_object_has(column, "default") && postgres_column_fate(diff, column) != POSTGRES_LOST &&
           postgres_needs_lost(diff, column);
}

/* ---- constraints -------------------------------------------------------------------------------------------------------- */

static bool touches(const struct dara_diff *diff, const struct dara_object *table, const struct dara_object *constraint,
                    const char *property, enum postgres_fate least)
{
    const char *const *names = NULL;
    size_t count = dara_object_list(constraint, property, &names);
    for (size_t i = 0; i < count; i++) {
        const struct dara_object *column = postgres_find_part(table, "column", names[i]);
        if (column && postgres_column_fate(diff, column) >= least)
            return true;
    }
    return false;
}

static bool is_key(const struct dara_object *constraint)
{
    return postgres_has_text(constraint, "type", "primary key") || postgres_has_text(constraint, "type", "unique");
}

static bool loses_itself(const struct dara_diff *diff, const struct dara_object *constraint)
{
    const struct dara_change *change = postgres_change_of(diff, constraint);
    if (change &&
        (change->op == DARA_CHANGE_DROP || postgres_changed(change, "type") || postgres_changed(change, "definition")))
        return true;
    if (postgres_changed(change, "validated") && !dara_object_bool(change->after, "validated", true))
        return true;
    return postgres_needs_lost(diff, constraint) ||
           touches(diff, dara_object_owner(constraint), constraint, "columns", POSTGRES_LOST);
}

bool postgres_loses_key(const struct dara_diff *diff, const struct dara_object *foreign)
{
    const struct dara_object *table =
        postgres_find_relation(dara_diff_before(diff), dara_object_text(foreign, "references"), NULL);
    const struct dara_object *part = NULL;
    if (!table)
        return false;
    if (!postgres_stays(diff, table) || touches(diff, table, foreign, "referenced_columns", POSTGRES_RETYPED) ||
        touches(diff, dara_object_owner(foreign), foreign, "columns", POSTGRES_RETYPED))
        return true;
    while ((part = dara_object_owned(table, "constraint", part)))
        if (is_key(part) && loses_itself(diff, part))
            return true;
    while ((part = dara_object_owned(table, "index", part)))
        if (dara_object_bool(part, "unique", false) && !postgres_stays(diff, part))
            return true;
    return false;
}

bool postgres_is_taken_off(const struct dara_diff *diff, const struct dara_object *constraint)
{
    if (postgres_is_inherited(constraint))
        return false;
    return loses_itself(diff, constraint) ||
           (postgres_is_foreign_key(constraint) && postgres_loses_key(diff, constraint));
}

bool postgres_falls(const struct dara_diff *diff, const struct dara_object *object)
{
    char *name = NULL;
    if (!postgres_is(object, "sequence") || !dara_object_has(object, "owned_by"))
        return false;
    const struct dara_object *table =
        postgres_find_relation(dara_diff_before(diff), dara_object_text(object, "owned_by"), &name);
    const struct dara_object *column = table && name ? postgres_find_part(table, "column", name) : NULL;
    bool gone =
        table && (!postgres_stays(diff, table) || (column && postgres_column_fate(diff, column) == POSTGRES_LOST));
    free(name);
    return gone;
}
