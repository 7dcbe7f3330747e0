/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "ddl-parser.h"

void sqlite_parse_begin(struct sqlite_parser *parser, struct sqlite_pool *pool, const char *text)
{
    *parser = (struct sqlite_parser){.pool = pool, .at = sqlite_span_read(pool, text, strlen(text)).at};
}

static bool at_end(const struct sqlite_parser *parser)
{
    return parser->at->type == SQLITE_TOKEN_END || parser->at->type == SQLITE_TOKEN_BAD;
}

bool sqlite_parse_ended(struct sqlite_parser *parser)
{
    while (sqlite_parse_take(parser, ";"))
        ;
    return !parser->failed && parser->at->type == SQLITE_TOKEN_END;
}

bool sqlite_parse_is(const struct sqlite_parser *parser, const char *word)
{
    return sqlite_token_is(parser->at, word);
}

bool sqlite_parse_take(struct sqlite_parser *parser, const char *word)
{
    if (!sqlite_parse_is(parser, word))
        return false;
    parser->at++;
    return true;
}

void sqlite_parse_expect(struct sqlite_parser *parser, const char *word)
{
    if (!sqlite_parse_take(parser, word))
        parser->failed = true;
}

bool sqlite_parse_is_name(const struct sqlite_parser *parser)
{
    return parser->at->type == SQLITE_TOKEN_WORD || parser->at->type == SQLITE_TOKEN_QUOTED ||
           parser->at->type == SQLITE_TOKEN_STRING;
}

char *sqlite_parse_name(struct sqlite_parser *parser)
{
    if (sqlite_parse_is_name(parser))
        return sqlite_pool_name(parser->pool, parser->at++);
    parser->failed = true;
    return sqlite_pool_copy(parser->pool, "", 0);
}

struct sqlite_span sqlite_parse_since(const struct sqlite_parser *parser, const struct sqlite_token *from)
{
    return (struct sqlite_span){.at = from, .count = (size_t)(parser->at - from)};
}

struct sqlite_span sqlite_parse_until(struct sqlite_parser *parser, const char *word, bool comma)
{
    const struct sqlite_token *from = parser->at;
    for (size_t depth = 0; !at_end(parser); parser->at++) {
        if (depth == 0 && ((word && sqlite_parse_is(parser, word)) || (comma && sqlite_parse_is(parser, ",")) ||
                           sqlite_parse_is(parser, ")")))
            break;
        if (sqlite_parse_is(parser, "("))
            depth++;
        else if (sqlite_parse_is(parser, ")"))
            depth--;
    }
    return sqlite_parse_since(parser, from);
}

struct sqlite_span sqlite_parse_parentheses(struct sqlite_parser *parser)
{
    sqlite_parse_expect(parser, "(");
    struct sqlite_span span = sqlite_parse_until(parser, NULL, false);
    sqlite_parse_expect(parser, ")");
    return span;
}

char *sqlite_parse_create(struct sqlite_parser *parser, const char *what)
{
    sqlite_parse_expect(parser, "create");
    if (!sqlite_parse_take(parser, "temp"))
        sqlite_parse_take(parser, "temporary");
    return sqlite_parse_made(parser, what);
}

char *sqlite_parse_made(struct sqlite_parser *parser, const char *what)
{
    sqlite_parse_expect(parser, what);
    if (sqlite_parse_is(parser, "if") && sqlite_token_is(parser->at + 1, "not")) {
        parser->at += 2;
        sqlite_parse_expect(parser, "exists");
    }
    char *name = sqlite_parse_name(parser);
    return sqlite_parse_take(parser, ".") ? sqlite_parse_name(parser) : name;
}
