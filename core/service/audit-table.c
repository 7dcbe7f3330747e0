/* SPDX-License-Identifier: MIT */
/* Rules about tables as a whole. */
#include <ctype.h>
#include <string.h>

#include "model/model.h"
#include "service/audit-look.h"

void dara_look_no_primary_key(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    if (!table->primary && table->column_count)
        dara_look_find(look, rule, table->object, NULL, "has no primary key");
}

void dara_look_no_columns(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    if (!table->column_count)
        dara_look_find(look, rule, table->object, NULL, "has no column");
}

void dara_look_single_column(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    if (table->column_count == 1 && !table->incoming && !table->link_count)
        dara_look_find(look, rule, table->object, NULL, "has one column, '%s', and no table refers to it",
                       dara_object_name(table->columns[0]));
}

static bool in_primary(const struct dara_look_table *table, const struct dara_object *column)
{
    for (size_t i = 0; table->primary && i < table->primary->desc.count; i++)
        if (dara_string_same(table->primary->desc.columns[i], dara_object_key(column)))
            return true;
    return false;
}

void dara_look_all_nullable(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    size_t others = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        if (in_primary(table, table->columns[i]))
            continue;
        if (dara_object_bool(table->columns[i], "not_null", false) || dara_object_has(table->columns[i], "generated"))
            return;
        others++;
    }
    if (others > 1)
        dara_look_find(look, rule, table->object, NULL, "takes rows with NULL in all of its %zu columns%s", others,
                       table->primary ? " but the key" : "");
}

/* ---- a column for each value ---------------------------------------------------------------------------------------------- */

/* Length of the name without the digits at its end. */
static size_t stem_of(const char *name)
{
    size_t length = strlen(name);
    while (length && isdigit((unsigned char)name[length - 1]))
        length--;
    return length;
}

/* Whether the table has the column `name[stem]` with `number` behind it; 0 stands for none. */
static bool has_numbered(const struct dara_look_table *table, const char *name, size_t stem, unsigned number)
{
    DARA_FREE char *wanted =
        number ? dara_format("%.*s%u", (int)stem, name, number) : dara_format("%.*s", (int)stem, name);
    return dara_look_column(table, wanted) != NULL;
}

void dara_look_incrementing(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const char *name = dara_object_key(table->columns[i]);
        size_t stem = stem_of(name);
        if (!stem || strcmp(name + stem, "2") != 0)
            continue;
        bool first = has_numbered(table, name, stem, 1), plain = has_numbered(table, name, stem, 0);
        unsigned last = 2;
        while ((first || plain) && has_numbered(table, name, stem, last + 1))
            last++;
        if (first || plain)
            dara_look_find(look, rule, table->object, name, "has columns '%.*s%s' to '%.*s%u'", (int)stem, name,
                           first ? "1" : "", (int)stem, name, last);
    }
}

/* ---- keys ----------------------------------------------------------------------------------------------------------------- */

void dara_look_primary_not_first(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    size_t count = table->primary ? table->primary->desc.count : 0;
    for (size_t i = 0; i < count && i < table->column_count; i++) {
        if (in_primary(table, table->columns[i]))
            continue;
        dara_look_find(look, rule, table->object, NULL, "has column '%s' before those of its primary key",
                       dara_object_name(table->columns[i]));
        return;
    }
}

static bool in_link(const struct dara_look_table *table, const char *key)
{
    for (size_t i = 0; i < table->link_count; i++)
        for (size_t k = 0; k < table->links[i].count; k++)
            if (strcmp(table->links[i].columns[k], key) == 0)
                return true;
    return false;
}

/* A table that joins two others needs no key of its own beside theirs, if nobody refers to it. */
void dara_look_useless_surrogate(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    if (!table->primary || table->primary->desc.count != 1 || table->link_count != 2 || table->incoming)
        return;
    const char *key = table->primary->desc.columns[0];
    if (!key || in_link(table, key))
        return;
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(dara_object_key(table->columns[i]), key) != 0 && !in_link(table, dara_object_key(table->columns[i])))
            return;
    dara_look_find(look, rule, table->object, NULL, "joins two tables and has column '%s' as a key of its own", key);
}

/* ---- names ---------------------------------------------------------------------------------------------------------------- */

static bool is_plain(const char *name)
{
    if (!isalpha((unsigned char)*name) && *name != '_')
        return false;
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && *name != '_')
            return false;
    return true;
}

/* What a driver quotes that leaves plain names as they are: reserved words, upper case. */
static bool is_quoted(const struct dara_look *look, const char *name)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    return dara_dialect_quote(look->driver, name, &text) == 0 && strcmp(dara_text_string(&text), name) != 0;
}

void dara_look_quoted_name(const struct dara_look *look, const char *rule)
{
    bool tells = !is_quoted(look, "plain");
    static const char *const kinds[] = {"namespace", "table", "view", "column", "sequence"};
    for (size_t i = 0; i < dara_model_count(look->model); i++) {
        const struct dara_object *object = dara_model_at(look->model, i);
        for (size_t k = 0; k < DARA_COUNT(kinds); k++)
            if (strcmp(dara_object_kind(object)->name, kinds[k]) == 0 &&
                (!is_plain(dara_object_name(object)) || (tells && is_quoted(look, dara_object_name(object)))))
                dara_look_find(look, rule, object, NULL, "has a name that must be quoted wherever it is used");
    }
}
