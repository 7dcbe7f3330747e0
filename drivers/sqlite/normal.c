/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "normal.h"

struct sqlite_span sqlite_span_read(struct sqlite_pool *pool, const char *text, size_t length)
{
    struct sqlite_lexer lexer;
    struct sqlite_token *tokens = NULL;
    size_t room = 0, count = 0;
    enum sqlite_token_type type;
    sqlite_lex_begin(&lexer, text, length);
    do {
        if (count == room) {
            size_t more = room ? room * 2 : length / 4 + 8;
            tokens = sqlite_pool_resize(pool, tokens, room * sizeof(*tokens), more * sizeof(*tokens));
            room = more;
        }
        type = sqlite_lex_next(&lexer, &tokens[count++]);
    } while (type != SQLITE_TOKEN_END && type != SQLITE_TOKEN_BAD);
    tokens = sqlite_pool_resize(pool, tokens, room * sizeof(*tokens), count * sizeof(*tokens));
    return (struct sqlite_span){.at = tokens, .count = count - 1};
}

char *sqlite_span_text(struct sqlite_pool *pool, struct sqlite_span span)
{
    if (!span.count)
        return NULL;
    const struct sqlite_token *last = &span.at[span.count - 1];
    return sqlite_pool_copy(pool, span.at[0].start, (size_t)(last->start + last->length - span.at[0].start));
}

/* Words that mean something else than a name of the same letters, where an expression or statement may hold either. */
static bool is_reserved(const char *folded)
{
    static const char words[] =
        " add all alter and as autoincrement between case check collate commit constraint create cross current_date "
        "current_time current_timestamp default deferrable delete distinct drop else escape except exists false filter "
        "foreign from full glob group having in index indexed inner insert intersect into is isnull join left like "
        "limit "
        "match materialized natural not nothing notnull null on or order outer over primary raise references regexp "
        "returning right select set table then to transaction true union unique update using values when where window ";
    size_t length = strlen(folded);
    for (const char *at = words; (at = strstr(at, folded)); at++)
        if (at > words && at[-1] == ' ' && at[length] == ' ')
            return true;
    return false;
}

static bool is_plain(const char *name)
{
    for (const char *c = name; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || *c == '_' || (c > name && ((*c >= '0' && *c <= '9') || *c == '$')) ||
              (unsigned char)*c >= 0x80))
            return false;
    return *name != '\0';
}

/* A name whose quotes say nothing loses them. */
static void add_name(struct sqlite_buffer *out, const char *folded)
{
    if (is_plain(folded) && !is_reserved(folded))
        sqlite_buffer_add(out, folded);
    else
        sqlite_buffer_quote(out, folded);
}

static void add_quoted(struct sqlite_buffer *out, const struct sqlite_token *token, const struct sqlite_names *known)
{
    char *name = sqlite_pool_name(out->pool, token);
    char *folded = sqlite_pool_fold(out->pool, name);
    if (token->start[0] != '"' || sqlite_names_find(known, folded))
        add_name(out, folded);
    else
        sqlite_buffer_quote(out, name);
}

static void add_folded(struct sqlite_buffer *out, const struct sqlite_token *token)
{
    sqlite_buffer_add(out, sqlite_pool_fold(out->pool, sqlite_pool_copy(out->pool, token->start, token->length)));
}

static void add_token(struct sqlite_buffer *out, const struct sqlite_token *token, const struct sqlite_names *known)
{
    if (token->type == SQLITE_TOKEN_QUOTED)
        add_quoted(out, token, known);
    else if (token->type == SQLITE_TOKEN_WORD || token->type == SQLITE_TOKEN_NUMBER)
        add_folded(out, token);
    else if (sqlite_token_is(token, "=="))
        sqlite_buffer_add(out, "=");
    else if (sqlite_token_is(token, "<>"))
        sqlite_buffer_add(out, "!=");
    else
        sqlite_buffer_add_bytes(out, token->start, token->length);
}

/* Words that are set apart from a parenthesis behind them; looks only. */
static bool stands_apart(const struct sqlite_token *token)
{
    static const char *const words[] = {"and",    "as",   "by",    "case",  "check",  "else", "exists", "from",
                                        "having", "in",   "into",  "join",  "not",    "on",   "or",     "over",
                                        "select", "then", "union", "using", "values", "when", "where",  NULL};
    for (size_t i = 0; words[i]; i++)
        if (sqlite_token_is(token, words[i]))
            return true;
    return false;
}

/* Whether white space stands between two tokens. It depends on these tokens alone (and on what is before the first), never
 * on the author, and never joins two tokens into another one. */
static bool is_apart(const struct sqlite_token *before, const struct sqlite_token *left,
                     const struct sqlite_token *right)
{
    if (sqlite_token_is(left, "(") || sqlite_token_is(left, ".") || sqlite_token_is(right, ")") ||
        sqlite_token_is(right, ",") || sqlite_token_is(right, ".") || sqlite_token_is(right, ";"))
        return false;
    if (sqlite_token_is(right, "("))
        return left->type == SQLITE_TOKEN_WORD ? stands_apart(left) : left->type != SQLITE_TOKEN_QUOTED;
    bool first = !before || sqlite_token_is(before, "(") || sqlite_token_is(before, ",");
    if (first && right->type == SQLITE_TOKEN_NUMBER && (sqlite_token_is(left, "-") || sqlite_token_is(left, "+")))
        return false;
    return true;
}

static void add_space(struct sqlite_buffer *out, struct sqlite_span span, size_t i)
{
    if (i && is_apart(i > 1 ? &span.at[i - 2] : NULL, &span.at[i - 1], &span.at[i]))
        sqlite_buffer_add(out, " ");
}

char *sqlite_normal(struct sqlite_pool *pool, struct sqlite_span span, const struct sqlite_names *known)
{
    struct sqlite_buffer out = {.pool = pool};
    for (size_t i = 0; i < span.count; i++) {
        add_space(&out, span, i);
        add_token(&out, &span.at[i], known);
    }
    return out.text;
}

char *sqlite_normal_spacing(struct sqlite_pool *pool, struct sqlite_span span)
{
    struct sqlite_buffer out = {.pool = pool};
    for (size_t i = 0; i < span.count; i++) {
        add_space(&out, span, i);
        sqlite_buffer_add_bytes(&out, span.at[i].start, span.at[i].length);
    }
    return out.text;
}

char *sqlite_normal_type(struct sqlite_pool *pool, struct sqlite_span span)
{
    struct sqlite_buffer out = {.pool = pool};
    if (span.count && span.at[0].type != SQLITE_TOKEN_WORD) {
        /* SQLite takes the quotes off and forgets what follows the closing one */
        return sqlite_pool_fold(pool, sqlite_pool_name(pool, &span.at[0]));
    }
    for (size_t i = 0; i < span.count; i++) {
        const struct sqlite_token *token = &span.at[i];
        bool first = i == 0 || sqlite_token_is(&span.at[i - 1], "(") || span.at[i - 1].type == SQLITE_TOKEN_SIGN;
        if (!first && token->type != SQLITE_TOKEN_SIGN)
            sqlite_buffer_add(&out, " ");
        add_folded(&out, token);
    }
    return out.text;
}

char *sqlite_normal_default(struct sqlite_pool *pool, struct sqlite_span span)
{
    static const char *const words[] = {"null", "true", "false", "current_date", "current_time", "current_timestamp"};
    if (span.count != 1 || (span.at[0].type != SQLITE_TOKEN_WORD && span.at[0].type != SQLITE_TOKEN_QUOTED))
        return sqlite_normal(pool, span, NULL);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sqlite_token_is(&span.at[0], words[i]))
            return sqlite_normal(pool, span, NULL);
    struct sqlite_buffer out = {.pool = pool};
    sqlite_buffer_string(&out, sqlite_pool_name(pool, &span.at[0]));
    return out.text;
}

char *sqlite_normal_term(struct sqlite_pool *pool, struct sqlite_span span, const struct sqlite_names *known)
{
    struct sqlite_buffer out = {.pool = pool};
    bool descends = false;
    if (span.count > 1 && sqlite_token_is(&span.at[span.count - 1], "asc"))
        span.count--;
    else if (span.count > 1 && (descends = sqlite_token_is(&span.at[span.count - 1], "desc")))
        span.count--;
    const char *collation = NULL;
    if (span.count > 2 && sqlite_token_is(&span.at[span.count - 2], "collate")) {
        collation = sqlite_pool_fold(pool, sqlite_pool_name(pool, &span.at[span.count - 1]));
        span.count -= 2;
    }
    char *name = span.count == 1 ? sqlite_pool_fold(pool, sqlite_pool_name(pool, &span.at[0])) : NULL;
    if (name && (span.at[0].type == SQLITE_TOKEN_WORD || sqlite_names_find(known, name)))
        add_name(&out, name);
    else if (span.count)
        sqlite_buffer_add(&out, sqlite_normal(pool, span, known));
    if (collation) {
        sqlite_buffer_add(&out, " collate ");
        add_name(&out, collation);
    }
    sqlite_buffer_add(&out, descends ? " desc" : "");
    return out.text;
}
