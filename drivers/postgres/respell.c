/* SPDX-License-Identifier: MIT */
/*
 * The server prints some expressions so that, read again, they are something else. Each has a spelling that is read as what was printed, and
 * is printed as it was from then on:
 *   (ARRAY[a, 'b'::character varying])::text[]   a cast before an ARRAY[…] goes to each of its elements, but one to the type that they have
 *                                                comes first: (ARRAY[a, 'b'::character varying]::character varying[])::text[]
 *   ((a AND b) AND c)                            of BETWEEN, of NOT IN, of rows that are compared: the parser makes one chain of it. A cast
 *                                                to what it is leaves no trace and stands between: ((a AND b)::boolean AND c)
 *   EXISTS ( SELECT 'x'::text)                   a column without a name, which the cast now gives one: SELECT 'x'::text AS "?column?"
 *   SELECT "*VALUES*".column1 FROM (VALUES …)    is a bare VALUES (respell-values.c)
 * It is told from tokens, whatever the version of the grammar.
 */
#include "respell.h"

#include <stdlib.h>
#include <string.h>

/* ---- tokens and edits ---------------------------------------------------------------------------------------------------- */

bool postgres_phrase_is(const struct postgres_phrase *phrase, size_t index, const char *word)
{
    return index < phrase->count && postgres_token_is(&phrase->words[index].token, word);
}

size_t postgres_phrase_next(const struct postgres_phrase *phrase, size_t index)
{
    size_t partner = phrase->words[index].partner;
    return (partner > index ? partner : index) + 1;
}

void postgres_phrase_edit(struct postgres_phrase *phrase, const char *at, size_t length,
                          struct postgres_writer *inserted)
{
    struct postgres_edit *edits = realloc(phrase->edits, (phrase->edit_count + 1) * sizeof(*edits));
    if (!edits)
        dara_error_out_of_memory();
    edits[phrase->edit_count++] = (struct postgres_edit){.at = at, .removed = length, .inserted = inserted->text};
    phrase->edits = edits;
    inserted->text = NULL;
}

static void insert_behind(struct postgres_phrase *phrase, size_t index, const char *text)
{
    const struct postgres_token *token = &phrase->words[index].token;
    struct postgres_writer inserted = {.text = NULL};
    postgres_write(&inserted, text);
    postgres_phrase_edit(phrase, token->start + token->length, 0, &inserted);
}

static void add_word(struct postgres_phrase *phrase, const struct postgres_token *token)
{
    if (phrase->count == phrase->room) {
        phrase->room = phrase->room ? phrase->room * 2 : 128;
        phrase->words = realloc(phrase->words, phrase->room * sizeof(*phrase->words));
        if (!phrase->words)
            dara_error_out_of_memory();
    }
    phrase->words[phrase->count++] = (struct postgres_word){.token = *token};
}

/* False where brackets or quotes do not close: nothing is to be done to such a text. */
static bool read_phrase(struct postgres_phrase *phrase, const char *text)
{
    struct postgres_lexer lexer;
    struct postgres_token token;
    size_t open = 0; /* index of the innermost bracket; its partner is the next one out, plus one, until it closes */
    postgres_lex_begin(&lexer, text, strlen(text));
    while (postgres_lex_next(&lexer, &token) != POSTGRES_TOKEN_END) {
        char c = token.type == POSTGRES_TOKEN_OTHER ? *token.start : '\0';
        size_t at = phrase->count;
        if (token.type == POSTGRES_TOKEN_BAD)
            return false;
        add_word(phrase, &token);
        if (c == '(' || c == '[') {
            phrase->words[at].partner = open;
            open = at + 1;
        } else if (c == ')' || c == ']') {
            if (!open)
                return false;
            size_t outer = phrase->words[open - 1].partner;
            phrase->words[open - 1].partner = at;
            phrase->words[at].partner = open - 1;
            open = outer;
        }
    }
    return !open;
}

/* ---- the type of an expression, where its text says it --------------------------------------------------------------------- */

static bool is_cast(const struct postgres_phrase *phrase, size_t index)
{
    return postgres_phrase_is(phrase, index, ":") && postgres_phrase_is(phrase, index + 1, ":");
}

/* Where the type begins that all of [from, to) is cast to; 0: it does not end with a cast. */
static size_t find_cast(const struct postgres_phrase *phrase, size_t from, size_t to)
{
    size_t type = 0;
    if (postgres_phrase_is(phrase, from, "case"))
        return 0;
    for (size_t i = from; i < to; i = postgres_phrase_next(phrase, i)) {
        const struct postgres_token *token = &phrase->words[i].token;
        bool of_type = token->type == POSTGRES_TOKEN_WORD || token->type == POSTGRES_TOKEN_QUOTED ||
                       postgres_token_is(token, ".") || postgres_token_is(token, "(") || postgres_token_is(token, "[");
        if (is_cast(phrase, i))
            type = ++i + 1;
        else if (!of_type)
            type = 0;
    }
    return type < to ? type : 0;
}

/* The type without what limits its values, of which elements may have different ones. */
static void write_type(const struct postgres_phrase *phrase, size_t from, size_t to, struct postgres_writer *type)
{
    bool single = from + 1 == to || postgres_phrase_is(phrase, from + 1, "(");
    if (postgres_phrase_is(phrase, from, "interval")) {
        postgres_write(type, "interval");
        return;
    }
    if (single && (postgres_phrase_is(phrase, from, "character") || postgres_phrase_is(phrase, from, "bit"))) {
        postgres_write(type, postgres_phrase_is(phrase, from, "bit") ? "\"bit\"" : "bpchar");
        return;
    }
    for (size_t i = from; i < to; i++) {
        const struct postgres_token *token = &phrase->words[i].token, *last = token - 1;
        if (postgres_token_is(token, "(")) {
            i = phrase->words[i].partner;
            continue;
        }
        bool apart = i > from && token->type == POSTGRES_TOKEN_WORD && token->start > last->start + last->length;
        apart = apart || (i > from && token->type == POSTGRES_TOKEN_WORD && postgres_token_is(last, ")"));
        postgres_write_format(type, "%s%.*s", apart ? " " : "", (int)token->length, token->start);
    }
}

static bool find_element_type(const struct postgres_phrase *phrase, size_t from, size_t to,
                              struct postgres_writer *type);

/* The type of one element, which ends before `to`. */
static bool find_type(const struct postgres_phrase *phrase, size_t from, size_t to, struct postgres_writer *type)
{
    const struct postgres_token *token = &phrase->words[from].token;
    size_t cast = find_cast(phrase, from, to);
    if (cast) {
        write_type(phrase, cast, to, type);
        return true;
    }
    if (postgres_phrase_is(phrase, from, "array") && postgres_phrase_is(phrase, from + 1, "[") &&
        phrase->words[from + 1].partner + 1 == to)
        return find_element_type(phrase, from + 2, to - 1, type);
    if (from + 1 != to)
        return false;
    bool truth = postgres_token_is(token, "true") || postgres_token_is(token, "false");
    if (token->type != POSTGRES_TOKEN_NUMBER && !truth)
        return false;
    bool whole = strspn(token->start, "0123456789") >= token->length;
    postgres_write(type, truth ? "boolean" : whole ? "integer" : "numeric");
    return true;
}

/* Where the element ends that begins here: at a comma, or at `to`. */
static size_t find_element_end(const struct postgres_phrase *phrase, size_t from, size_t to)
{
    while (from < to && !postgres_phrase_is(phrase, from, ","))
        from = postgres_phrase_next(phrase, from);
    return from;
}

/* Whether all elements are cast to the same, with the same limits: these are the array's then. */
static bool find_same_cast(const struct postgres_phrase *phrase, size_t from, size_t to, struct postgres_writer *type)
{
    const char *first = NULL;
    size_t length = 0;
    for (size_t i = from, end; i < to; i = end + 1) {
        end = find_element_end(phrase, i, to);
        size_t cast = find_cast(phrase, i, end);
        const struct postgres_token *last = &phrase->words[end - 1].token;
        if (!cast)
            return false;
        const char *text = phrase->words[cast].token.start;
        size_t text_length = (size_t)(last->start + last->length - text);
        if (first && (text_length != length || strncmp(text, first, length) != 0))
            return false;
        first = text;
        length = text_length;
    }
    if (first)
        postgres_write_format(type, "%.*s", (int)length, first);
    return first;
}

/* All elements of [from, to) have one type: that of the first which tells. */
static bool find_element_type(const struct postgres_phrase *phrase, size_t from, size_t to,
                              struct postgres_writer *type)
{
    if (find_same_cast(phrase, from, to, type))
        return true;
    for (size_t i = from, end; i < to; i = end + 1) {
        end = find_element_end(phrase, i, to);
        if (find_type(phrase, i, end, type))
            return true;
    }
    return false;
}

/* ---- what is spelled otherwise ----------------------------------------------------------------------------------------------- */

/* (ARRAY[…])::type */
static void keep_array(struct postgres_phrase *phrase, size_t open)
{
    struct postgres_writer type = {.text = NULL};
    if (!postgres_phrase_is(phrase, open + 1, "array") || !postgres_phrase_is(phrase, open + 2, "["))
        return;
    size_t close = phrase->words[open + 2].partner;
    if (phrase->words[open].partner != close + 1 || !is_cast(phrase, close + 2))
        return;
    postgres_write(&type, "::");
    if (find_element_type(phrase, open + 3, close, &type)) {
        postgres_write(&type, "[]");
        insert_behind(phrase, close, type.text);
    }
    postgres_writer_free(&type);
}

/* Whether what is between two brackets is a chain of AND or OR. */
static bool is_chain(const struct postgres_phrase *phrase, size_t open, const char *word)
{
    for (size_t i = open + 1; i < phrase->words[open].partner; i = postgres_phrase_next(phrase, i))
        if (postgres_phrase_is(phrase, i, word))
            return !postgres_phrase_is(phrase, open + 1, "select");
    return false;
}

/* ((… AND …) AND …) */
static void keep_chain(struct postgres_phrase *phrase, size_t open)
{
    static const char *const words[] = {"and", "or"};
    if (!postgres_phrase_is(phrase, open + 1, "("))
        return;
    size_t close = phrase->words[open + 1].partner;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (postgres_phrase_is(phrase, close + 1, words[i]) && is_chain(phrase, open + 1, words[i]))
            insert_behind(phrase, close, "::boolean");
}

static bool ends_list(const struct postgres_phrase *phrase, size_t index)
{
    static const char *const words[] = {"from",  "into",   "where", "group", "having", "window", "union", "intersect",
                                        "order", "except", "limit", "for",   "offset", "fetch",  ")",     ";"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (postgres_phrase_is(phrase, index, words[i]))
            return true;
    return index >= phrase->count;
}

/* SELECT …::type or RETURNING …::type, without a name. A column that is seen from outside is printed with one, unless it is a column of a table. */
static void keep_nameless(struct postgres_phrase *phrase, size_t word)
{
    size_t i = word + 1;
    if (postgres_phrase_is(phrase, i, "distinct"))
        i += postgres_phrase_is(phrase, i + 1, "on") ? postgres_phrase_next(phrase, i + 2) - i : 1;
    for (size_t item = i; !ends_list(phrase, i); item = ++i) {
        bool named = false;
        for (; !ends_list(phrase, i) && !postgres_phrase_is(phrase, i, ","); i = postgres_phrase_next(phrase, i))
            named = named || postgres_phrase_is(phrase, i, "as");
        if (!named && find_cast(phrase, item, i))
            insert_behind(phrase, i - 1, " AS \"?column?\"");
        if (ends_list(phrase, i))
            return;
    }
}

/* ---- the text ------------------------------------------------------------------------------------------------------------------ */

static int by_place(const void *a, const void *b)
{
    const struct postgres_edit *left = a, *right = b;
    return left->at < right->at ? -1 : left->at > right->at;
}

/* NULL where there is nothing to change. */
static char *edit(struct postgres_phrase *phrase, const char *text)
{
    struct postgres_writer out = {.text = NULL};
    if (!phrase->edit_count)
        return NULL;
    qsort(phrase->edits, phrase->edit_count, sizeof(*phrase->edits), by_place);
    for (size_t i = 0; i < phrase->edit_count; i++) {
        const struct postgres_edit *one = &phrase->edits[i];
        postgres_write_format(&out, "%.*s", (int)(one->at - text), text);
        postgres_write(&out, one->inserted);
        text = one->at + one->removed;
    }
    postgres_write(&out, text);
    return out.text;
}

/* A look that costs little: most statements have none of it. */
static bool is_worth_reading(const char *text)
{
    return strstr(text, "(ARRAY[") || strstr(text, ")) AND ") || strstr(text, ")) OR ") || strstr(text, "SELECT ") ||
           strstr(text, "RETURNING ");
}

char *postgres_respell(const char *text)
{
    struct postgres_phrase phrase = {.words = NULL};
    char *spelled = NULL;
    if (!is_worth_reading(text))
        return NULL;
    if (read_phrase(&phrase, text)) {
        for (size_t i = 0; i < phrase.count; i++) {
            if (postgres_phrase_is(&phrase, i, "(")) {
                keep_array(&phrase, i);
                keep_chain(&phrase, i);
            } else if (postgres_phrase_is(&phrase, i, "select")) {
                keep_nameless(&phrase, i);
                postgres_respell_values(&phrase, i);
            } else if (postgres_phrase_is(&phrase, i, "returning")) {
                keep_nameless(&phrase, i);
            }
        }
        spelled = edit(&phrase, text);
    }
    for (size_t i = 0; i < phrase.edit_count; i++)
        free(phrase.edits[i].inserted);
    free(phrase.edits);
    free(phrase.words);
    return spelled;
}
