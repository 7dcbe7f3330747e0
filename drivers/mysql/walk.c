/* SPDX-License-Identifier: MIT */
#include "walk.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"

void mysql_walk_next(struct mysql_walk *walk)
{
    if (walk->token.start)
        walk->passed = walk->token.start + walk->token.length;
    do
        mysql_lex_next(&walk->lexer, &walk->token);
    while (walk->token.type == MYSQL_TOKEN_OPEN || walk->token.type == MYSQL_TOKEN_CLOSE);
}

void mysql_walk_begin(struct mysql_walk *walk, struct mysql_slice text, unsigned modes)
{
    *walk = (struct mysql_walk){.passed = text.start};
    mysql_lex_begin(&walk->lexer, text.start, text.length);
    walk->lexer.modes = modes;
    mysql_walk_next(walk);
}

bool mysql_walk_ended(const struct mysql_walk *walk)
{
    return walk->token.type == MYSQL_TOKEN_END || walk->token.type == MYSQL_TOKEN_BAD;
}

bool mysql_walk_is(const struct mysql_walk *walk, const char *word)
{
    return mysql_token_is(&walk->token, word);
}

bool mysql_walk_take(struct mysql_walk *walk, const char *word)
{
    if (!mysql_walk_is(walk, word))
        return false;
    mysql_walk_next(walk);
    return true;
}

bool mysql_walk_take2(struct mysql_walk *walk, const char *first, const char *second)
{
    if (!mysql_walk_is(walk, first))
        return false;
    struct mysql_walk before = *walk;
    mysql_walk_next(walk);
    if (mysql_walk_take(walk, second))
        return true;
    *walk = before;
    return false;
}

char *mysql_walk_text(struct mysql_walk *walk)
{
    if (mysql_walk_ended(walk))
        return NULL;
    char *text = mysql_token_text(&walk->token, walk->lexer.modes);
    mysql_walk_next(walk);
    return text;
}

char *mysql_walk_definer(struct mysql_walk *walk)
{
    struct mysql_buffer both = {0};
    if (!mysql_walk_take2(walk, "definer", "="))
        return NULL;
    char *user = mysql_walk_text(walk), *host = mysql_walk_take(walk, "@") ? mysql_walk_text(walk) : NULL;
    mysql_buffer_format(&both, "%s%s%s", user ? user : "", host ? "@" : "", host ? host : "");
    free(user);
    free(host);
    return both.bytes;
}

static void skip_group(struct mysql_walk *walk)
{
    size_t depth = 0;
    do {
        depth += mysql_walk_is(walk, "(");
        depth -= mysql_walk_is(walk, ")");
        mysql_walk_next(walk);
    } while (depth && !mysql_walk_ended(walk));
}

bool mysql_walk_group(struct mysql_walk *walk, struct mysql_slice *ret_inside)
{
    const char *start = walk->token.start + 1;
    if (!mysql_walk_is(walk, "("))
        return false;
    skip_group(walk);
    *ret_inside = (struct mysql_slice){start, (size_t)(walk->passed - 1 - start)};
    return true;
}

struct mysql_slice mysql_walk_item(struct mysql_walk *walk)
{
    const char *start = walk->token.start;
    while (!mysql_walk_ended(walk) && !mysql_walk_is(walk, ",") && !mysql_walk_is(walk, ")")) {
        if (mysql_walk_is(walk, "("))
            skip_group(walk);
        else
            mysql_walk_next(walk);
    }
    return mysql_slice_trim((struct mysql_slice){start, (size_t)(walk->token.start - start)});
}

struct mysql_slice mysql_walk_rest(const struct mysql_walk *walk)
{
    return (struct mysql_slice){walk->token.start, (size_t)(walk->lexer.end - walk->token.start)};
}

struct mysql_slice mysql_slice_of(const char *text)
{
    return (struct mysql_slice){text, strlen(text)};
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct mysql_slice mysql_slice_trim(struct mysql_slice slice)
{
    while (slice.length && is_space(*slice.start)) {
        slice.start++;
        slice.length--;
    }
    while (slice.length && is_space(slice.start[slice.length - 1]))
        slice.length--;
    return slice;
}
