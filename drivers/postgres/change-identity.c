/* SPDX-License-Identifier: MIT */
/* The numbers of identity columns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"

#define NAMEDATALEN 64 /* of the server; its names are one byte shorter */

/* What stands behind the words of an option, or NULL. */
static const char *find_listed(const struct dara_object *column, const char *words)
{
    const char *const *options = NULL;
    size_t count = dara_object_list(column, "identity_options", &options);
    for (size_t i = 0; i < count; i++)
        if (strncmp(options[i], words, strlen(words)) == 0)
            return options[i] + strlen(words);
    return NULL;
}

/* The number of an option, also of one that is left out because it is the usual one. */
static const char *find_option(const struct dara_object *column, const char *words)
{
    const char *listed = find_listed(column, words);
    if (listed)
        return listed;
    if (strcmp(words, "START WITH ") == 0)
        return find_option(column, "MINVALUE ");
    if (strcmp(words, "MAXVALUE ") != 0)
        return "1";
    const char *type = dara_object_text(column, "type");
    return strcmp(type, "smallint") == 0  ? "32767"
           : strcmp(type, "integer") == 0 ? "2147483647"
                                          : "9223372036854775807";
}

/* All of them, for those that were unusual before; the name of the sequence cannot be set. */
static void write_identity_options(struct postgres_planning *planning, const struct dara_object *column)
{
    static const char *const words[] = {"START WITH ", "INCREMENT BY ", "MINVALUE ", "MAXVALUE ", "CACHE "};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        postgres_write_format(planning->writer, " SET %s%s", words[i], find_option(column, words[i]));
    postgres_write(planning->writer, find_listed(column, "CYCLE") ? " SET CYCLE" : " SET NO CYCLE");
}

/* The sequence of an identity column as an expression of type regclass. */
static void write_sequence(struct postgres_writer *writer, const struct dara_object *column)
{
    struct postgres_writer table = {.text = NULL};
    postgres_write_object(&table, dara_object_owner(column));
    postgres_write(writer, "pg_catalog.pg_get_serial_sequence(");
    postgres_write_literal(writer, table.text);
    postgres_write(writer, ", ");
    postgres_write_literal(writer, dara_object_name(column));
    postgres_write(writer, ")::regclass");
    postgres_writer_free(&table);
}

static void clamp_identity(struct postgres_planning *planning, const struct dara_change *part)
{
    struct postgres_writer sequence = {.text = NULL};
    const char *start = find_option(part->after, "START WITH "), *minimum = find_option(part->after, "MINVALUE ");
    const char *maximum = find_option(part->after, "MAXVALUE ");
    const char *old_minimum = find_option(part->before, "MINVALUE "),
               *old_maximum = find_option(part->before, "MAXVALUE ");
    if (postgres_is_narrower(minimum, maximum, old_minimum, old_maximum)) {
        write_sequence(&sequence, part->after);
        postgres_plan_clamp(planning, sequence.text, start, minimum, maximum);
    }
    postgres_writer_free(&sequence);
}

/* Rows that are there have numbers: the next one comes behind them, or it would be one of theirs. */
static void pass_rows(struct postgres_planning *planning, const struct dara_object *column)
{
    struct postgres_writer *writer = planning->writer;
    const char *next = *find_option(column, "INCREMENT BY ") == '-' ? "min" : "max";
    postgres_write(writer, "SELECT pg_catalog.setval(");
    write_sequence(writer, column);
    postgres_write_format(writer, ", pg_catalog.%s(", next);
    postgres_write_name(writer, dara_object_name(column));
    postgres_write(writer, ")) FROM ");
    postgres_write_object(writer, dara_object_owner(column));
    postgres_write_format(writer, " HAVING pg_catalog.%s(", next);
    postgres_write_name(writer, dara_object_name(column));
    postgres_write_format(writer, ") BETWEEN %s AND %s", find_option(column, "MINVALUE "),
                          find_option(column, "MAXVALUE "));
    postgres_step(planning, 0, "the numbers go on behind those of the rows");
}

/* The name of the sequence, in two parts; both freed with free(). False where the server chose a name that it had to cut. */
static bool find_sequence(const struct dara_object *column, char **ret_space, char **ret_name)
{
    const char *table = dara_object_name(dara_object_owner(column)), *name = dara_object_name(column);
    const char *listed = find_listed(column, "SEQUENCE NAME ");
    size_t size = strlen(table) + strlen(name) + sizeof("__seq");
    if (!listed && size > NAMEDATALEN)
        return false;
    *ret_space = listed ? postgres_next_name(&listed) : strdup(postgres_space(column));
    *ret_name = listed ? postgres_next_name(&listed) : malloc(size);
    if (!*ret_space || !*ret_name)
        dara_error_out_of_memory();
    if (!listed)
        snprintf(*ret_name, size, "%s_%s_seq", table, name);
    return true;
}

static void plan_rename(struct postgres_planning *planning, const struct dara_change *part)
{
    char *space = NULL, *name = NULL, *new_space = NULL, *new_name = NULL;
    if (find_sequence(part->before, &space, &name) && find_sequence(part->after, &new_space, &new_name)) {
        if (strcmp(space, new_space) != 0) {
            dara_plan_cannot(planning->plan, planning->change,
                             "the sequence of an identity column cannot move to another schema");
        } else if (strcmp(name, new_name) != 0) {
            postgres_write(planning->writer, "ALTER SEQUENCE ");
            postgres_write_qualified(planning->writer, space, name);
            postgres_write(planning->writer, " RENAME TO ");
            postgres_write_name(planning->writer, new_name);
            postgres_step(planning, 0, NULL);
        }
    }
    free(space);
    free(name);
    free(new_space);
    free(new_name);
}

void postgres_plan_identity(struct postgres_planning *planning, const struct dara_change *part)
{
    const char *before = dara_object_text(part->before, "identity"), *after = dara_object_text(part->after, "identity");
    const char *const *options = NULL;
    if (!before && after) {
        size_t count = dara_object_list(part->after, "identity_options", &options);
        postgres_write_alter_column(planning->writer, part->after, false);
        postgres_write_format(planning->writer, "ADD GENERATED %s AS IDENTITY",
                              strcmp(after, "always") == 0 ? "ALWAYS" : "BY DEFAULT");
        for (size_t i = 0; i < count; i++)
            postgres_write_format(planning->writer, "%s%s%s", i ? " " : " (", options[i], i + 1 == count ? ")" : "");
        postgres_step(planning, 0, NULL);
        pass_rows(planning, part->after);
    } else if (before && !after) {
        postgres_write_alter_column(planning->writer, part->after, false);
        postgres_write(planning->writer, "DROP IDENTITY");
        postgres_step(planning, 0, NULL);
    } else if (before) {
        plan_rename(planning, part);
        clamp_identity(planning, part);
        postgres_write_alter_column(planning->writer, part->after, false);
        postgres_write_format(planning->writer, "SET GENERATED %s",
                              strcmp(after, "always") == 0 ? "ALWAYS" : "BY DEFAULT");
        write_identity_options(planning, part->after);
        postgres_step(planning, 0, NULL);
    }
}
