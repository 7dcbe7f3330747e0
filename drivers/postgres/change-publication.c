/* SPDX-License-Identifier: MIT */
/*
 * What publications hold. A table that is dropped falls out by itself; one that is made again, or whose columns move under a column list
 * or a condition, is taken out at the begin of a plan and put in at its end.
 */
#include "change.h"

#include <stdlib.h>
#include <string.h>

/* The name alone of a member "schema.table (columns) WHERE (…)"; free(). */
static char *table_of(const char *member)
{
    size_t length = 0;
    bool quoted = false;
    for (; member[length] && (quoted || member[length] != ' '); length++)
        quoted = quoted != (member[length] == '"');
    char *name = malloc(length + 1);
    if (!name)
        dara_error_out_of_memory();
    memcpy(name, member, length);
    name[length] = '\0';
    return name;
}

static bool has_member(const struct dara_object *publication, const char *property, const char *member)
{
    const char *const *members = NULL;
    size_t count = dara_object_list(publication, property, &members);
    for (size_t i = 0; i < count; i++)
        if (strcmp(members[i], member) == 0)
            return true;
    return false;
}

static bool has_moving_column(const struct dara_diff *diff, const struct dara_object *table)
{
    const struct dara_object *column = NULL;
    while ((column = dara_object_owned(table, "column", column)))
        if (postgres_column_fate(diff, column) != POSTGRES_KEPT)
            return true;
    return false;
}

/* Whether a member of the publication before is taken out: it goes, or what it says cannot stay while its table changes. */
static bool is_taken_out(const struct dara_diff *diff, const struct dara_object *after, const char *member,
                         bool *ret_there)
{
    char *name = table_of(member);
    const struct dara_object *table = postgres_find_relation(dara_diff_before(diff), name, NULL);
    bool detailed = strlen(name) < strlen(member);
    free(name);
    *ret_there = table != NULL;
    if (table && !postgres_stays(diff, table))
        return true;
    return !has_member(after, "tables", member) || (table && detailed && has_moving_column(diff, table));
}

static const struct dara_object *stays_in(const struct dara_diff *diff, const struct dara_object *before)
{
    return postgres_is(before, "publication") && postgres_stays(diff, before)
               ? dara_model_same(dara_diff_after(diff), before)
               : NULL;
}

void postgres_plan_publication_begin(struct postgres_planning *planning, const struct dara_object *before)
{
    const struct dara_object *after = stays_in(planning->diff, before);
    const char *const *members = NULL;
    size_t count = after ? dara_object_list(before, "tables", &members) : 0;
    bool there = false;
    planning->writer->change = postgres_change_of(planning->diff, before);
    for (size_t i = 0; i < count; i++) {
        if (!is_taken_out(planning->diff, after, members[i], &there) || !there)
            continue;
        char *name = table_of(members[i]);
        postgres_render_publication_member(planning->writer, before, "DROP", false, name);
        free(name);
    }
    count = after ? dara_object_list(before, "schemas", &members) : 0;
    for (size_t i = 0; i < count; i++)
        if (!has_member(after, "schemas", members[i]))
            postgres_render_publication_member(planning->writer, before, "DROP", true, members[i]);
}

void postgres_plan_publication_end(struct postgres_planning *planning, const struct dara_object *after)
{
    const struct dara_object *before = dara_model_same(dara_diff_before(planning->diff), after);
    const char *const *members = NULL;
    size_t count = before && stays_in(planning->diff, before) ? dara_object_list(after, "tables", &members) : 0;
    bool there = false;
    planning->writer->change = NULL;
    for (size_t i = 0; i < count; i++)
        if (!has_member(before, "tables", members[i]) || is_taken_out(planning->diff, after, members[i], &there))
            postgres_render_publication_member(planning->writer, after, "ADD", false, members[i]);
    count = count || (before && stays_in(planning->diff, before)) ? dara_object_list(after, "schemas", &members) : 0;
    for (size_t i = 0; i < count; i++)
        if (!has_member(before, "schemas", members[i]))
            postgres_render_publication_member(planning->writer, after, "ADD", true, members[i]);
}
