/* SPDX-License-Identifier: MIT */
/*
 * `name IN ('a', 'b')` with a column of type character varying is written by the server as
 *   (name)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])
 * and read again it becomes something else: a cast before an ARRAY[…] goes to each of its elements. With the type of the elements written
 * behind the brackets it stays what it was, to the letter: (ARRAY['a'::character varying, …]::character varying[])::text[].
 */
#include <stdlib.h>
#include <string.h>

#include "lex.h"
#include "write.h"

/* An open bracket. Only for those of (ARRAY[ the rest matters. */
struct bracket {
    bool array;         /* of (ARRAY[ */
    unsigned tokens;    /* of the element so far */
    bool constant;      /* it began with one */
    const char *cast;   /* where the type of its cast begins, or NULL */
    const char *type;   /* of the elements that are a constant with a cast */
    size_t type_length; /* 0 = none yet */
    bool differ;        /* not all of them have the same */
};

struct scan {
    struct bracket *brackets;
    size_t depth, room;
    struct postgres_token last[3]; /* the tokens before, the newest first */
};

static bool is_char(const struct postgres_token *token, char c)
{
    return token->type == POSTGRES_TOKEN_OTHER && *token->start == c;
}

static void open_bracket(struct scan *scan)
{
    if (scan->depth == scan->room) {
        scan->room = scan->room ? scan->room * 2 : 16;
        scan->brackets = realloc(scan->brackets, scan->room * sizeof(*scan->brackets));
        if (!scan->brackets)
            dara_error_out_of_memory();
    }
    bool array =
        is_char(&scan->last[0], '[') && postgres_token_is(&scan->last[1], "array") && is_char(&scan->last[2], '(');
    scan->brackets[scan->depth++] = (struct bracket){.array = array};
}

/* The element ends before `token`. */
static void end_element(struct bracket *bracket, const struct postgres_token *token)
{
    size_t length = bracket->cast ? (size_t)(token->start - bracket->cast) : 0;
    if (length && bracket->type_length)
        bracket->differ =
            bracket->differ || length != bracket->type_length || strncmp(bracket->cast, bracket->type, length) != 0;
    else if (length)
        bracket->type = bracket->cast;
    bracket->type_length = bracket->type_length ? bracket->type_length : length;
    bracket->tokens = 0;
    bracket->cast = NULL;
}

static void take_token(struct bracket *bracket, const struct postgres_token *token, const struct postgres_token *last)
{
    if (is_char(token, ',')) {
        end_element(bracket, token);
        return;
    }
    if (!bracket->tokens)
        bracket->constant = token->type == POSTGRES_TOKEN_STRING || token->type == POSTGRES_TOKEN_NUMBER;
    bracket->tokens++;
    if (bracket->constant && bracket->tokens == 3 && is_char(token, ':') && is_char(last, ':'))
        bracket->cast = token->start + 1;
    else if (token->type == POSTGRES_TOKEN_OTHER && !is_char(token, '.') && bracket->tokens > 3)
        bracket->cast = NULL; /* more than a cast */
}

/* Whether ")::" follows, and then another type than that of the elements. */
static bool is_cast_again(const struct bracket *bracket, const char *behind)
{
    return strncmp(behind, ")::", 3) == 0 && strncmp(behind + 3, bracket->type, bracket->type_length) != 0;
}

char *postgres_keep_arrays(const char *text)
{
    struct scan scan = {.brackets = NULL};
    struct postgres_lexer lexer;
    struct postgres_token token;
    struct postgres_writer out = {.text = NULL};
    const char *from = text;
    postgres_lex_begin(&lexer, text, strlen(text));
    while (postgres_lex_next(&lexer, &token) != POSTGRES_TOKEN_END && token.type != POSTGRES_TOKEN_BAD) {
        struct bracket *top = scan.depth ? &scan.brackets[scan.depth - 1] : NULL;
        bool closes = is_char(&token, ')') || is_char(&token, ']');
        if (top && top->array && !closes)
            take_token(top, &token, &scan.last[0]);
        memmove(&scan.last[1], &scan.last[0], 2 * sizeof(scan.last[0]));
        scan.last[0] = token;
        if (is_char(&token, '(') || is_char(&token, '['))
            open_bracket(&scan);
        if (!closes || !top)
            continue;
        end_element(top, &token);
        if (top->array && top->type_length && !top->differ && is_cast_again(top, token.start + 1)) {
            postgres_write_format(&out, "%.*s::%.*s[]", (int)(token.start + 1 - from), from, (int)top->type_length,
                                  top->type);
            from = token.start + 1;
        }
        scan.depth--;
    }
    free(scan.brackets);
    if (from == text)
        return NULL;
    postgres_write(&out, from);
    return out.text;
}
