/* SPDX-License-Identifier: MIT */
#include "normal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- tokens ------------------------------------------------------------------------------------------------------------- */

static bool add_token(struct mysql_tokens *tokens, const struct mysql_token *token, bool gap)
{
    if (tokens->count == tokens->room) {
        size_t room = tokens->room ? tokens->room * 2 : 32;
        struct mysql_token *list = realloc(tokens->list, room * sizeof(*list));
        if (list)
            tokens->list = list;
        bool *gaps = list ? realloc(tokens->gaps, room * sizeof(*gaps)) : NULL;
        if (!gaps)
            return false;
        tokens->gaps = gaps;
        tokens->room = room;
    }
    tokens->gaps[tokens->count] = gap;
    tokens->list[tokens->count++] = *token;
    return true;
}

void mysql_tokens_read(struct mysql_tokens *tokens, const char *text, size_t length, unsigned modes)
{
    struct mysql_lexer lexer;
    struct mysql_token token;
    const char *end = text;
    mysql_lex_begin(&lexer, text, length);
    lexer.modes = modes;
    while (!tokens->failed && mysql_lex_next(&lexer, &token) != MYSQL_TOKEN_END) {
        if (token.type == MYSQL_TOKEN_OPEN || token.type == MYSQL_TOKEN_CLOSE)
            continue;
        tokens->failed = token.type == MYSQL_TOKEN_BAD || !add_token(tokens, &token, token.start > end);
        end = token.start + token.length;
    }
}

void mysql_tokens_free(struct mysql_tokens *tokens)
{
    free(tokens->list);
    free(tokens->gaps);
    *tokens = (struct mysql_tokens){0};
}

/* ---- expressions ---------------------------------------------------------------------------------------------------------- */

/* Whether a quoted name is this one. */
static bool is_name(const struct mysql_token *token, const char *name)
{
    size_t at = 1;
    if (token->type != MYSQL_TOKEN_QUOTED)
        return false;
    for (; *name; name++, at++) {
        if (at + 1 >= token->length || token->start[at] != *name)
            return false;
        at += *name == '`';
    }
    return at + 1 == token->length;
}

static bool is_introducer(const struct mysql_tokens *tokens, size_t at, const char *name)
{
    const struct mysql_token *token = &tokens->list[at];
    return token->type == MYSQL_TOKEN_WORD && token->length == strlen(name) &&
           !strncasecmp(token->start, name, token->length) && at + 1 < tokens->count &&
           tokens->list[at + 1].type == MYSQL_TOKEN_STRING;
}

/* A string of ASCII is the same in all of these, and MySQL names another one each time that a text is made from its own print. */
static bool is_needless_introducer(const struct mysql_tokens *tokens, size_t at)
{
    static const char *const names[] = {"_utf8mb3", "_utf8", "_ascii", "_latin1"};
    bool found = is_introducer(tokens, at, "_utf8mb4"), ascii = true;
    for (size_t i = 0; !found && i < sizeof(names) / sizeof(names[0]); i++) {
        if (!is_introducer(tokens, at, names[i]))
            continue;
        const struct mysql_token *string = &tokens->list[at + 1];
        for (size_t j = 0; j < string->length; j++)
            ascii = ascii && (unsigned char)string->start[j] < 0x80;
        found = ascii;
    }
    return found;
}

static bool is_own_database(const struct mysql_tokens *tokens, size_t at, const char *database)
{
    return is_name(&tokens->list[at], database) && at + 2 < tokens->count &&
           mysql_token_is(&tokens->list[at + 1], ".") && !(at > 0 && mysql_token_is(&tokens->list[at - 1], "."));
}

/* Take out what says nothing: the name of the database itself, and the character set that is everywhere. */
static void drop_noise(struct mysql_tokens *tokens, const char *database)
{
    size_t kept = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        bool gap = tokens->gaps[i];
        if (is_own_database(tokens, i, database))
            i += 2;
        else if (is_needless_introducer(tokens, i))
            i += 1;
        tokens->list[kept] = tokens->list[i];
        tokens->gaps[kept++] = gap;
    }
    tokens->count = kept;
}

static void add_lower(struct mysql_buffer *out, const char *text, size_t length)
{
    size_t from = out->length;
    mysql_buffer_add_bytes(out, text, length);
    for (size_t i = from; i < out->length; i++)
        if (out->bytes[i] >= 'A' && out->bytes[i] <= 'Z')
            out->bytes[i] = (char)(out->bytes[i] - 'A' + 'a');
}

static void write_tokens(struct mysql_buffer *out, const struct mysql_tokens *tokens, bool fold)
{
    for (size_t i = 0; i < tokens->count; i++) {
        const struct mysql_token *token = &tokens->list[i];
        if (i > 0 && tokens->gaps[i])
            mysql_buffer_add_bytes(out, " ", 1);
        if (fold && token->type == MYSQL_TOKEN_WORD)
            add_lower(out, token->start, token->length);
        else
            mysql_buffer_add_bytes(out, token->start, token->length);
    }
}

/* Functions that one server calls by a name that the other one knows as well. */
static void rename_functions(struct mysql_tokens *tokens)
{
    static const char *const names[][2] = {
        {"ucase", "upper"}, {"lcase", "lower"}, {"octet_length", "length"}, {"now", "current_timestamp"}};
    for (size_t i = 0; i + 1 < tokens->count; i++)
        for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++)
            if (mysql_token_is(&tokens->list[i], names[j][0]) && mysql_token_is(&tokens->list[i + 1], "(")) {
                tokens->list[i].start = names[j][1];
                tokens->list[i].length = strlen(names[j][1]);
            }
}

static void normal(struct mysql_buffer *out, const char *text, size_t length, const char *database, bool fold)
{
    struct mysql_tokens tokens = {0};
    mysql_tokens_read(&tokens, text, length, 0);
    if (tokens.failed) {
        mysql_buffer_add_bytes(out, text, length);
    } else {
        drop_noise(&tokens, database);
        rename_functions(&tokens);
        mysql_tokens_unwrap(&tokens);
        write_tokens(out, &tokens, fold);
    }
    mysql_tokens_free(&tokens);
}

void mysql_normal_expression(struct mysql_buffer *out, const char *text, size_t length, const char *database)
{
    normal(out, text, length, database, true);
}

void mysql_normal_query(struct mysql_buffer *out, const char *text, size_t length, const char *database)
{
    normal(out, text, length, database, false);
}

void mysql_normal_home(struct mysql_buffer *out, const char *text, size_t length, const char *database, bool table)
{
    struct mysql_tokens tokens = {0};
    const char *kept = text;
    mysql_tokens_read(&tokens, text, length, 0);
    for (size_t i = 0; !tokens.failed && i < tokens.count; i++) {
        bool own = is_own_database(&tokens, i, database);
        if (!own && !(table && is_introducer(&tokens, i, "_utf8mb4")))
            continue;
        mysql_buffer_add_bytes(out, kept, (size_t)(tokens.list[i].start - kept));
        i += own ? 2 : 1;
        kept = tokens.list[i].start;
    }
    mysql_buffer_add_bytes(out, kept, (size_t)(text + length - kept));
    mysql_tokens_free(&tokens);
}

/* ---- types, character sets ------------------------------------------------------------------------------------------------- */

static bool one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcasecmp(word, *words) == 0)
            return true;
    return false;
}

void mysql_normal_type(struct mysql_buffer *out, const char *word, const char *arguments, bool is_unsigned,
                       bool zerofill)
{
    static const char *const whole[] = {"tinyint", "smallint", "mediumint", "int", "bigint", NULL};
    bool boolean = !strcasecmp(word, "tinyint") && !strcmp(arguments, "(1)") && !is_unsigned;
    bool silent = (one_of(word, whole) && !zerofill && !boolean) || !strcasecmp(word, "year");
    if (strcasecmp(word, "geomcollection") == 0)
        word = "geometrycollection";
    add_lower(out, word, strlen(word));
    if (!silent)
        mysql_buffer_add(out, arguments);
    if (is_unsigned)
        mysql_buffer_add(out, " unsigned");
    if (zerofill)
        mysql_buffer_add(out, " zerofill");
}

void mysql_normal_charset(struct mysql_buffer *out, const char *name, size_t length)
{
    bool old = length >= 4 && strncasecmp(name, "utf8", 4) == 0 && (length == 4 || name[4] == '_');
    add_lower(out, old ? "utf8mb3" : name, old ? 7 : length);
    if (old)
        add_lower(out, name + 4, length - 4);
}
