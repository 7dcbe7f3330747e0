/* SPDX-License-Identifier: MIT */
#include "lex.h"

#include <string.h>
#include <strings.h>

void postgres_lex_begin(struct postgres_lexer *lexer, const char *text, size_t length)
{
    *lexer = (struct postgres_lexer){.at = text, .end = text + length, .line = 1};
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        lexer->at += 3;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool starts_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool goes_on_word(char c)
{
    return starts_word(c) || is_digit(c) || c == '$';
}

static char peek(const struct postgres_lexer *lexer, size_t ahead)
{
    return (size_t)(lexer->end - lexer->at) > ahead ? lexer->at[ahead] : '\0';
}

static void step(struct postgres_lexer *lexer, size_t count)
{
    for (; count && lexer->at < lexer->end; count--)
        lexer->line += *lexer->at++ == '\n';
}

/* Comments nest. False when one does not end. */
static bool skip_comment(struct postgres_lexer *lexer)
{
    unsigned depth = 0;
    do {
        if (lexer->at >= lexer->end)
            return false;
        if (peek(lexer, 0) == '/' && peek(lexer, 1) == '*') {
            depth++;
            step(lexer, 2);
        } else if (peek(lexer, 0) == '*' && peek(lexer, 1) == '/') {
            depth--;
            step(lexer, 2);
        } else {
            step(lexer, 1);
        }
    } while (depth);
    return true;
}

/* Behind white space and comments; false at a comment that does not end, where the lexer then stands. */
static bool skip_space(struct postgres_lexer *lexer)
{
    while (lexer->at < lexer->end) {
        struct postgres_lexer before = *lexer;
        if (is_space(*lexer->at)) {
            step(lexer, 1);
        } else if (peek(lexer, 0) == '-' && peek(lexer, 1) == '-') {
            while (lexer->at < lexer->end && *lexer->at != '\n')
                lexer->at++;
        } else if (peek(lexer, 0) == '/' && peek(lexer, 1) == '*') {
            if (!skip_comment(lexer)) {
                *lexer = before;
                return false;
            }
        } else {
            break;
        }
    }
    return true;
}

/* At the opening quote. A doubled quote stands for itself, and so does one behind a backslash where those count. */
static bool skip_quoted(struct postgres_lexer *lexer, bool backslashes)
{
    char quote = *lexer->at;
    for (step(lexer, 1); lexer->at < lexer->end; step(lexer, 1)) {
        if (backslashes && *lexer->at == '\\') {
            step(lexer, 1);
        } else if (*lexer->at == quote) {
            step(lexer, 1);
            if (peek(lexer, 0) != quote || lexer->at >= lexer->end)
                return true;
        }
    }
    return false;
}

/* The length of `$tag$` here, or 0. */
static size_t dollar_tag(const struct postgres_lexer *lexer)
{
    size_t length = 1;
    if (starts_word(peek(lexer, 1)))
        for (length = 2; starts_word(peek(lexer, length)) || is_digit(peek(lexer, length));)
            length++;
    return peek(lexer, length) == '$' ? length + 1 : 0;
}

static bool skip_dollar(struct postgres_lexer *lexer, size_t tag_length)
{
    const char *tag = lexer->at;
    for (step(lexer, tag_length); lexer->at < lexer->end; step(lexer, 1)) {
        if (*lexer->at == '$' && (size_t)(lexer->end - lexer->at) >= tag_length &&
            memcmp(lexer->at, tag, tag_length) == 0) {
            step(lexer, tag_length);
            return true;
        }
    }
    return false;
}

/* E'…', B'…', X'…', N'…', U&'…', U&"…": the length of what stands before the quote. */
static size_t prefix_length(const struct postgres_lexer *lexer)
{
    char c = peek(lexer, 0), next = peek(lexer, 1);
    if (next == '\'' && c && strchr("eEbBxXnN", c))
        return 1;
    if ((c == 'u' || c == 'U') && next == '&' && (peek(lexer, 2) == '\'' || peek(lexer, 2) == '"'))
        return 2;
    return 0;
}

/* One token that is known to be here. False when it does not end. */
static bool take(struct postgres_lexer *lexer, struct postgres_token *token)
{
    size_t prefix = prefix_length(lexer), tag = *lexer->at == '$' ? dollar_tag(lexer) : 0;
    char quote = peek(lexer, prefix);
    if (quote == '\'' || quote == '"') {
        char first = *lexer->at;
        bool plain = prefix == 0 || first == 'n' || first == 'N';
        bool escapes = quote == '\'' && (first == 'e' || first == 'E' || (plain && lexer->backslashes));
        token->type = quote == '"' ? POSTGRES_TOKEN_QUOTED : POSTGRES_TOKEN_STRING;
        step(lexer, prefix);
        return skip_quoted(lexer, escapes);
    }
    if (tag) {
        token->type = POSTGRES_TOKEN_STRING;
        return skip_dollar(lexer, tag);
    }
    if (starts_word(*lexer->at)) {
        token->type = POSTGRES_TOKEN_WORD;
        while (goes_on_word(peek(lexer, 0)))
            lexer->at++;
    } else if (is_digit(*lexer->at)) {
        token->type = POSTGRES_TOKEN_NUMBER;
        while (goes_on_word(peek(lexer, 0)) && peek(lexer, 0) != '$')
            lexer->at++;
    } else {
        token->type = POSTGRES_TOKEN_OTHER;
        step(lexer, 1);
    }
    return true;
}

enum postgres_token_type postgres_lex_next(struct postgres_lexer *lexer, struct postgres_token *ret_token)
{
    bool good = skip_space(lexer);
    *ret_token = (struct postgres_token){.start = lexer->at, .line = lexer->line};
    if (good && lexer->at >= lexer->end)
        return ret_token->type = POSTGRES_TOKEN_END;
    if (!good || !take(lexer, ret_token))
        ret_token->type = POSTGRES_TOKEN_BAD;
    ret_token->length = (size_t)(lexer->at - ret_token->start);
    return ret_token->type;
}

bool postgres_token_is(const struct postgres_token *token, const char *word)
{
    size_t length = strlen(word);
    return (token->type == POSTGRES_TOKEN_WORD || token->type == POSTGRES_TOKEN_OTHER) && token->length == length &&
           strncasecmp(token->start, word, length) == 0;
}

size_t postgres_lex_statement(const char *text, size_t length)
{
    struct postgres_lexer lexer;
    struct postgres_token token;
    postgres_lex_begin(&lexer, text, length);
    while (postgres_lex_next(&lexer, &token) != POSTGRES_TOKEN_END && token.type != POSTGRES_TOKEN_BAD)
        if (postgres_token_is(&token, ";"))
            return (size_t)(token.start - text);
    return length;
}
