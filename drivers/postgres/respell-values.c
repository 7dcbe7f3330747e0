/* SPDX-License-Identifier: MIT */
/*
 * A bare VALUES whose columns have other names from outside (a branch of a UNION, a view with a list of columns) is printed as
 *   SELECT "*VALUES*".column1 AS x FROM (VALUES (2), (3)) "*VALUES*"          (on 18: SELECT column1 AS x)
 * and read again it is a SELECT from one: printed with a blank behind the bracket, which is how the two are told apart.
 */
#include <stdio.h>
#include <string.h>

#include "respell.h"

#define ALIAS "\"*VALUES*\""

struct values {
    size_t first, last; /* the VALUES and the alias behind it */
    struct postgres_writer
        names; /* of the columns from outside, with commas; where one has another name than its own */
    bool renamed;
};

static bool is_alias(const struct postgres_phrase *phrase, size_t index)
{
    return index < phrase->count && phrase->words[index].token.length == strlen(ALIAS) &&
           strncmp(phrase->words[index].token.start, ALIAS, strlen(ALIAS)) == 0;
}

/* ["*VALUES*".]columnN [AS name]; the index behind it, 0: it is something else. */
static size_t read_column(const struct postgres_phrase *phrase, size_t index, size_t number, struct values *values)
{
    char column[32];
    snprintf(column, sizeof(column), "column%zu", number);
    if (is_alias(phrase, index) && postgres_phrase_is(phrase, index + 1, "."))
        index += 2;
    if (!postgres_phrase_is(phrase, index, column))
        return 0;
    bool renamed = postgres_phrase_is(phrase, index + 1, "as");
    size_t name = index + (renamed ? 2 : 0);
    if (name >= phrase->count)
        return 0;
    values->renamed = values->renamed || renamed;
    postgres_write_format(&values->names, "%s%.*s", number > 1 ? ", " : "", (int)phrase->words[name].token.length,
                          phrase->words[name].token.start);
    return name + 1;
}

static size_t count_values(const struct postgres_phrase *phrase, size_t row)
{
    size_t count = 1;
    for (size_t i = row + 1; i < phrase->words[row].partner; i = postgres_phrase_next(phrase, i))
        count += postgres_phrase_is(phrase, i, ",");
    return count;
}

/* All columns in their order, and nothing but the VALUES to take them from. */
static bool read_values(const struct postgres_phrase *phrase, size_t select, struct values *values)
{
    size_t i = select, count = 0;
    do {
        i = read_column(phrase, i + 1, ++count, values);
    } while (i && postgres_phrase_is(phrase, i, ","));
    if (!i || !postgres_phrase_is(phrase, i, "from") || !postgres_phrase_is(phrase, i + 1, "(") ||
        !postgres_phrase_is(phrase, i + 2, "values") || !postgres_phrase_is(phrase, i + 3, "("))
        return false;
    values->first = i + 2;
    values->last = phrase->words[i + 1].partner + 1;
    return phrase->words[i + 2].token.start == phrase->words[i + 1].token.start + 1 && is_alias(phrase, values->last) &&
           !postgres_phrase_is(phrase, values->last + 1, "(") && !postgres_phrase_is(phrase, values->last + 1, ",") &&
           !postgres_phrase_is(phrase, values->last + 1, "where") && count_values(phrase, i + 3) == count;
}

/* Branches may stand in brackets: the token before all of them. 0: there is none. */
static size_t find_before(const struct postgres_phrase *phrase, size_t select)
{
    while (select && postgres_phrase_is(phrase, select - 1, "("))
        select--;
    return select ? select - 1 : 0;
}

/* Whether names of a branch are nobody's: those of the first one count. */
static bool is_later_branch(const struct postgres_phrase *phrase, size_t select)
{
    size_t i = find_before(phrase, select);
    i -= i && postgres_phrase_is(phrase, i, "all");
    return postgres_phrase_is(phrase, i, "union") || postgres_phrase_is(phrase, i, "intersect") ||
           postgres_phrase_is(phrase, i, "except");
}

/* Of CREATE VIEW name … AS SELECT: the last token of the name, 0 where it is something else. */
static size_t find_view(const struct postgres_phrase *phrase, size_t select)
{
    size_t view = 0, as = find_before(phrase, select);
    if (!postgres_phrase_is(phrase, 0, "create") || !postgres_phrase_is(phrase, as, "as"))
        return 0;
    while (view < as && !postgres_phrase_is(phrase, view, "view"))
        view++;
    view += postgres_phrase_is(phrase, view + 2, ".") ? 3 : 1;
    for (size_t i = view + 1; i < as; i = postgres_phrase_next(phrase, i))
        if (postgres_phrase_is(phrase, i, "as"))
            return 0;
    return view < as && !postgres_phrase_is(phrase, view + 1, "(") ? view : 0;
}

static void make_bare(struct postgres_phrase *phrase, size_t select, const struct values *values)
{
    const char *from = phrase->words[select].token.start;
    const char *end = phrase->words[values->last - 1].token.start;
    const struct postgres_token *alias = &phrase->words[values->last].token;
    struct postgres_writer nothing = {.text = NULL};
    postgres_phrase_edit(phrase, from, (size_t)(phrase->words[values->first].token.start - from), &nothing);
    postgres_phrase_edit(phrase, end, (size_t)(alias->start + alias->length - end), &nothing);
}

void postgres_respell_values(struct postgres_phrase *phrase, size_t select)
{
    struct values values = {.first = 0};
    if (read_values(phrase, select, &values)) {
        size_t view = find_view(phrase, select);
        if (view && values.renamed) {
            const struct postgres_token *name = &phrase->words[view].token;
            struct postgres_writer list = {.text = NULL};
            postgres_write_format(&list, " (%s)", values.names.text);
            postgres_phrase_edit(phrase, name->start + name->length, 0, &list);
        }
        if (view || !values.renamed || is_later_branch(phrase, select))
            make_bare(phrase, select, &values);
    }
    postgres_writer_free(&values.names);
}
