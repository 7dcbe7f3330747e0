/* SPDX-License-Identifier: MIT */
/* Settings of columns of views, types and indexes: a part that goes is set back to what is usual. */
#include "change.h"

#include <string.h>

/* `usual` NULL: the property's value. */
static void set(struct postgres_planning *planning, const struct dara_object *attribute, const char *property,
                const char *words, const char *usual)
{
    postgres_begin_attribute(planning->writer, attribute);
    postgres_write_format(planning->writer, " SET %s ", words);
    if (usual)
        postgres_write(planning->writer, usual);
    else
        postgres_write_value(planning->writer, attribute, property);
    postgres_step(planning, 0, NULL);
}

static bool is_equal(const struct dara_object *left, const struct dara_object *right, const char *property)
{
    struct postgres_writer values[2] = {{.text = NULL}, {.text = NULL}};
    const struct dara_object *const sides[] = {left, right};
    for (size_t i = 0; i < 2; i++)
        if (sides[i] && dara_object_has(sides[i], property))
            postgres_write_value(&values[i], sides[i], property);
    bool equal = (!values[0].text && !values[1].text) ||
                 (values[0].text && values[1].text && strcmp(values[0].text, values[1].text) == 0);
    postgres_writer_free(&values[0]);
    postgres_writer_free(&values[1]);
    return equal;
}

static void plan_attribute_options(struct postgres_planning *planning, const struct dara_object *before,
                                   const struct dara_object *after)
{
    const char *const *options = NULL;
    size_t count = before ? dara_object_list(before, "options", &options) : 0;
    for (size_t i = 0; i < count; i++) {
        if (!i)
            postgres_begin_attribute(planning->writer, before);
        postgres_write_format(planning->writer, "%s%.*s", i ? ", " : " RESET (", (int)strcspn(options[i], "="),
                              options[i]);
    }
    if (count) {
        postgres_write(planning->writer, ")");
        postgres_step(planning, 0, NULL);
    }
    if (!after || !dara_object_list(after, "options", &options))
        return;
    postgres_begin_attribute(planning->writer, after);
    postgres_write_options(planning->writer, " SET ", after, "options");
    postgres_step(planning, 0, NULL);
}

static void plan_attribute(struct postgres_planning *planning, const struct dara_change *part)
{
    static const char *const properties[] = {"default", "storage", "compression", "statistics"};
    static const char *const words[] = {"DEFAULT", "STORAGE", "COMPRESSION", "STATISTICS"};
    static const char *const usual[] = {NULL, "EXTENDED", "DEFAULT", "-1"};
    const struct dara_object *before = part->before, *after = part->after, *any = after ? after : before;
    const char *old = before ? dara_object_comment(before) : NULL, *new = after ? dara_object_comment(after) : NULL;
    for (size_t i = 0; i < 4; i++) {
        if (is_equal(before, after, properties[i]))
            continue;
        bool gone = !after || !dara_object_has(after, properties[i]);
        if (gone && !usual[i]) {
            postgres_begin_attribute(planning->writer, any);
            postgres_write_format(planning->writer, " DROP %s", words[i]);
            postgres_step(planning, 0, NULL);
        } else {
            set(planning, any, properties[i], words[i], gone ? usual[i] : NULL);
        }
    }
    if (!before || !after || postgres_changed(part, "options"))
        plan_attribute_options(planning, before, after);
    if ((old || new) && !(old && new &&strcmp(old, new) == 0))
        postgres_render_comment(planning->writer, any, new);
}

/* Whether what is replaced still has the column of the part that goes. */
static bool has_column(const struct dara_object *object, const char *name)
{
    const char *property = postgres_is(object, "view") ? "columns" : "attributes";
    const char *const *columns = NULL;
    size_t count = dara_object_list(object, property, &columns);
    struct postgres_writer quoted = {.text = NULL};
    bool found = !count;
    postgres_write_name(&quoted, name);
    for (size_t i = 0; i < count && !found; i++)
        found = strncmp(columns[i], quoted.text, quoted.length) == 0 && columns[i][quoted.length] == ' ';
    postgres_writer_free(&quoted);
    return found;
}

void postgres_plan_attributes(struct postgres_planning *planning)
{
    const struct dara_change *change = planning->change;
    for (size_t i = 0; i < change->part_count; i++) {
        const struct dara_change *part = change->parts[i];
        const struct dara_object *any = part->after ? part->after : part->before;
        if (postgres_is(any, "attribute") && (part->after || has_column(change->after, dara_object_name(any))))
            plan_attribute(planning, part);
    }
}
