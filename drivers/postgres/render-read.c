/* SPDX-License-Identifier: MIT */
/* What the writers ask of the model, and the pieces of statements. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render.h"

bool postgres_is(const struct dara_object *object, const char *kind)
{
    return strcmp(dara_object_kind(object)->name, kind) == 0;
}

bool postgres_is_table(const struct dara_object *object)
{
    return postgres_is(object, "table") || postgres_is(object, "foreign_table");
}

bool postgres_has_text(const struct dara_object *object, const char *property, const char *value)
{
    const char *text = dara_object_text(object, property);
    return text && strcmp(text, value) == 0;
}

const char *postgres_space(const struct dara_object *object)
{
    for (; object; object = dara_object_owner(object))
        if (dara_object_space(object))
            return dara_object_space(object);
    return NULL;
}

bool postgres_is_foreign_key(const struct dara_object *object)
{
    return postgres_is(object, "constraint") && postgres_has_text(object, "type", "foreign key");
}

bool postgres_is_inherited(const struct dara_object *part)
{
    return dara_object_bool(part, "inherited", false);
}

bool postgres_is_partition(const struct dara_object *table)
{
    return dara_object_has(table, "postgres.partition_of");
}

bool postgres_is_unlogged(const struct dara_object *object)
{
    return postgres_has_text(object, "postgres.persistence", "unlogged") ||
           dara_object_bool(object, "postgres.unlogged", false);
}

static int by_position(const void *a, const void *b)
{
    int64_t left = dara_object_int(*(const struct dara_object *const *)a, "position", 0);
    int64_t right = dara_object_int(*(const struct dara_object *const *)b, "position", 0);
    return left < right ? -1 : left > right;
}

size_t postgres_columns(const struct dara_object *table, const struct dara_object ***ret_columns)
{
    const struct dara_object *column = NULL, **columns = NULL;
    size_t count = 0;
    while ((column = dara_object_owned(table, "column", column)))
        count++;
    columns = calloc(count + 1, sizeof(*columns));
    if (!columns)
        dara_error_out_of_memory();
    count = 0;
    while ((column = dara_object_owned(table, "column", column)))
        columns[count++] = column;
    if (count)
        qsort(columns, count, sizeof(*columns), by_position);
    *ret_columns = columns;
    return count;
}

/* ---- pieces ------------------------------------------------------------------------------------------------------------- */

const char *postgres_word(const struct dara_object *object)
{
    static const struct {
        const char *kind, *word;
    } words[] = {
        {"namespace", "SCHEMA"},
        {"collation", "COLLATION"},
        {"conversion", "CONVERSION"},
        {"text_search_parser", "TEXT SEARCH PARSER"},
        {"text_search_template", "TEXT SEARCH TEMPLATE"},
        {"text_search_dictionary", "TEXT SEARCH DICTIONARY"},
        {"text_search_configuration", "TEXT SEARCH CONFIGURATION"},
        {"language", "LANGUAGE"},
        {"access_method", "ACCESS METHOD"},
        {"operator", "OPERATOR"},
        {"operator_family", "OPERATOR FAMILY"},
        {"operator_class", "OPERATOR CLASS"},
        {"cast", "CAST"},
        {"transform", "TRANSFORM"},
        {"foreign_data_wrapper", "FOREIGN DATA WRAPPER"},
        {"foreign_server", "SERVER"},
        {"foreign_table", "FOREIGN TABLE"},
        {"user_mapping", "USER MAPPING"},
        {"publication", "PUBLICATION"},
        {"subscription", "SUBSCRIPTION"},
        {"extension", "EXTENSION"},
        {"sequence", "SEQUENCE"},
        {"table", "TABLE"},
        {"view", "VIEW"},
        {"materialized_view", "MATERIALIZED VIEW"},
        {"index", "INDEX"},
        {"partition_index", "INDEX"},
        {"rule", "RULE"},
        {"trigger", "TRIGGER"},
        {"policy", "POLICY"},
        {"statistics", "STATISTICS"},
        {"event_trigger", "EVENT TRIGGER"},
        {"column", "COLUMN"},
        {"constraint", "CONSTRAINT"},
        {"domain_constraint", "CONSTRAINT"},
        {"attribute", "COLUMN"},
    };
    if (postgres_is(object, "type"))
        return postgres_has_text(object, "type", "domain") ? "DOMAIN" : "TYPE";
    if (postgres_is(object, "routine"))
        return postgres_has_text(object, "type", "aggregate") ? "AGGREGATE" : "ROUTINE";
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (postgres_is(object, words[i].kind))
            return words[i].word;
    return "TABLE";
}

static void write_routine(struct postgres_writer *writer, const struct dara_object *object)
{
    const char *name = dara_object_name(object), *key = dara_object_key(object);
    size_t length = strlen(name);
    const char *arguments = strncmp(key, name, length) == 0 && key[length] == '(' ? key + length : strchr(key, '(');
    postgres_write_qualified(writer, postgres_space(object), name);
    if (!arguments || (strcmp(arguments, "()") == 0 && postgres_has_text(object, "type", "aggregate")))
        arguments = postgres_has_text(object, "type", "aggregate") ? "(*)" : "()";
    postgres_write(writer, arguments);
}

/* Kinds whose keys are written as they are. */
static bool has_written_key(const struct dara_object *object)
{
    static const char *const kinds[] = {"operator", "operator_family", "operator_class",
                                        "cast",     "transform",       "user_mapping"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (postgres_is(object, kinds[i]))
            return true;
    return false;
}

void postgres_write_object(struct postgres_writer *writer, const struct dara_object *object)
{
    if (postgres_is(object, "routine")) {
        write_routine(writer, object);
    } else if (has_written_key(object)) {
        postgres_write_qualified(writer, dara_object_space(object), NULL);
        postgres_write(writer, dara_object_key(object));
    } else {
        postgres_write_qualified(writer, postgres_space(object), dara_object_name(object));
    }
}

void postgres_write_alter(struct postgres_writer *writer, const struct dara_object *object, bool only)
{
    postgres_write_format(writer, "ALTER %s %s", postgres_word(object), only ? "ONLY " : "");
    postgres_write_object(writer, object);
}

void postgres_write_trimmed(struct postgres_writer *writer, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    while (length && strchr(" \t\r\n;", text[length - 1]))
        length--;
    postgres_write_format(writer, "%.*s", (int)length, text ? text : "");
}

void postgres_write_list(struct postgres_writer *writer, const struct dara_object *object, const char *property)
{
    const char *const *values = NULL;
    size_t count = dara_object_list(object, property, &values);
    for (size_t i = 0; i < count; i++) {
        postgres_write(writer, i ? ", " : "");
        postgres_write(writer, values[i]);
    }
    if (!count)
        postgres_write(writer, dara_object_text(object, property));
}

void postgres_write_value(struct postgres_writer *writer, const struct dara_object *object, const char *property)
{
    const char *text = dara_object_text(object, property);
    if (text)
        postgres_write(writer, text);
    else
        postgres_write_format(writer, "%" PRId64, dara_object_int(object, property, 0));
}

void postgres_write_options(struct postgres_writer *writer, const char *before, const struct dara_object *object,
                            const char *property)
{
    const char *const *values = NULL;
    char written[64];
    snprintf(written, sizeof(written), "%s_written", property);
    size_t count = dara_object_list(object, written, &values);
    if (!count)
        count = dara_object_list(object, property, &values);
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(values[i], '=');
        size_t length = equals ? (size_t)(equals - values[i]) : strlen(values[i]);
        postgres_write(writer, i ? ", " : before);
        postgres_write_format(writer, "%s%.*s", i ? "" : "(", (int)length, values[i]);
        if (equals) {
            postgres_write(writer, "=");
            postgres_write_literal(writer, equals + 1);
        }
    }
    postgres_write(writer, count ? ")" : "");
}

void postgres_write_role(struct postgres_writer *writer, const char *role)
{
    if (strcmp(role, "public") == 0)
        postgres_write(writer, "PUBLIC");
    else
        postgres_write_name(writer, role);
}

void postgres_write_optional_name(struct postgres_writer *writer, const char *before, const char *name)
{
    if (!name)
        return;
    postgres_write(writer, before);
    postgres_write_name(writer, name);
}
