/* SPDX-License-Identifier: MIT */
/*
 * Foreign keys that point to columns which are no unique key. InnoDB has always taken them, and databases of years have some; MySQL makes
 * new ones since 8.4 only for a session that turns restrict_fk_on_non_standard_key off. Where such a key is there it has to be made again.
 */
#include <string.h>
#include <strings.h>

#include "change.h"

/* What only MySQL from 8.4 on reads. */
#define SINCE_8_4(statement) "/*!80400 " statement " */"

/* Whether the key holds just these columns, whole. */
static bool holds(const struct dara_object *key, const char *const *columns, size_t count)
{
    const char *const *own = NULL, *const *parts = NULL;
    size_t own_count = dara_object_list(key, "columns", &own);
    size_t part_count = dara_object_list(key, "mysql.key_parts", &parts);
    if (own_count != count || !(dara_object_bool(key, "unique", false) || mysql_has_text(key, "type", "primary key")))
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(own[i], columns[i]) != 0 || (i < part_count && strchr(parts[i], '(')))
            return false;
    return true;
}

static bool is_loose(const struct dara_model *model, const struct dara_object *key)
{
    const char *const *columns = NULL, *references = dara_object_text(key, "references");
    size_t count = dara_object_list(key, "referenced_columns", &columns);
    const struct dara_object *table = references ? dara_model_find(model, "table", NULL, NULL, references) : NULL;
    const struct dara_object *part = NULL;
    while (table && (part = dara_object_owned(table, NULL, part)))
        if (holds(part, columns, count))
            return false;
    return table != NULL;
}

static bool has_loose_key(const struct dara_model *model, const struct dara_diff *made_by)
{
    for (size_t i = 0; i < dara_model_count(model); i++) {
        const struct dara_object *object = dara_model_at(model, i);
        if (mysql_is_foreign_key(object) && (!made_by || mysql_makes_key(made_by, object)) && is_loose(model, object))
            return true;
    }
    return false;
}

void mysql_render_loose_keys(const struct dara_model *model, struct dara_text *out)
{
    if (has_loose_key(model, NULL))
        dara_text_add(out, SINCE_8_4("SET SESSION restrict_fk_on_non_standard_key = 0") ";\n");
}

void mysql_plan_loose_keys(struct mysql_planning *planning, bool begins)
{
    if (!has_loose_key(dara_diff_after(planning->diff), planning->diff))
        return;
    mysql_buffer_add(&planning->sql, begins
                                         ? SINCE_8_4("SET @dara_loose_keys = @@SESSION.restrict_fk_on_non_standard_key,"
                                                     " SESSION restrict_fk_on_non_standard_key = 0")
                                         : SINCE_8_4("SET SESSION restrict_fk_on_non_standard_key = @dara_loose_keys"));
    mysql_plan_step(planning, 0, NULL);
}
