/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <dara/text.h>

#include "lex.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool starts_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

/* Most bytes of a schema are asked this: small letters first. */
static inline bool in_word(char c)
{
    return (c >= 'a' && c <= 'z') || starts_word(c) || is_digit(c) || c == '$';
}

static char fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The byte `offset` after where the lexer stands; NUL past the end. */
static char peek(const struct sqlite_lexer *lexer, size_t offset)
{
    return offset < (size_t)(lexer->end - lexer->at) ? lexer->at[offset] : '\0';
}

static void advance(struct sqlite_lexer *lexer, size_t count)
{
    for (; count; count--)
        if (*lexer->at++ == '\n')
            lexer->line++;
}

/* Length of the comment that begins here: 0 when none does, SIZE_MAX when it does not end. A line comment ends with the
 * text, too. */
static size_t comment_length(const struct sqlite_lexer *lexer)
{
    size_t left = (size_t)(lexer->end - lexer->at);
    if (peek(lexer, 0) == '-' && peek(lexer, 1) == '-') {
        const char *newline = memchr(lexer->at, '\n', left);
        return newline ? (size_t)(newline - lexer->at) : left;
    }
    if (peek(lexer, 0) != '/' || peek(lexer, 1) != '*')
        return 0;
    for (size_t i = 2; i + 1 < left; i++)
        if (lexer->at[i] == '*' && lexer->at[i + 1] == '/')
            return i + 2;
    return SIZE_MAX;
}

/* Pass over white space and comments; false at a comment that does not end. */
static bool skip_blank(struct sqlite_lexer *lexer)
{
    while (lexer->at < lexer->end) {
        if (is_space(*lexer->at)) {
            advance(lexer, 1);
        } else if (peek(lexer, 0) == '\xef' && peek(lexer, 1) == '\xbb' && peek(lexer, 2) == '\xbf') {
            advance(lexer, 3); /* a byte order mark is white space to SQLite, anywhere */
        } else {
            size_t length = comment_length(lexer);
            if (length == SIZE_MAX)
                return false;
            if (!length)
                return true;
            advance(lexer, length);
        }
    }
    return true;
}

/* Length of the text in quotes that begins here, 0 when it does not end. Doubled closing quotes stand for one, except for
 * ']'. */
static size_t quoted_length(const struct sqlite_lexer *lexer)
{
    char close = *lexer->at == '[' ? ']' : *lexer->at;
    size_t left = (size_t)(lexer->end - lexer->at);
    for (size_t i = 1; i < left; i++) {
        if (lexer->at[i] != close)
            continue;
        if (close == ']' || i + 1 == left || lexer->at[i + 1] != close)
            return i + 1;
        i++;
    }
    return 0;
}

static size_t word_length(const struct sqlite_lexer *lexer, size_t from)
{
    const size_t left = (size_t)(lexer->end - lexer->at);
    while (from < left && in_word(lexer->at[from]))
        from++;
    return from;
}

/* Digits from `from` on; newer versions allow '_' between two of them. */
static size_t digits_length(const struct sqlite_lexer *lexer, size_t from, bool (*digit)(char))
{
    while (digit(peek(lexer, from)) ||
           (peek(lexer, from) == '_' && from && digit(peek(lexer, from - 1)) && digit(peek(lexer, from + 1))))
        from++;
    return from;
}

static size_t number_length(const struct sqlite_lexer *lexer)
{
    if (peek(lexer, 0) == '0' && (peek(lexer, 1) == 'x' || peek(lexer, 1) == 'X') && is_hex(peek(lexer, 2)))
        return digits_length(lexer, 2, is_hex);
    size_t length = digits_length(lexer, 0, is_digit);
    if (peek(lexer, length) == '.')
        length = digits_length(lexer, length + 1, is_digit);
    if (peek(lexer, length) == 'e' || peek(lexer, length) == 'E') {
        size_t sign = peek(lexer, length + 1) == '+' || peek(lexer, length + 1) == '-' ? 1 : 0;
        if (is_digit(peek(lexer, length + 1 + sign)))
            length = digits_length(lexer, length + 1 + sign, is_digit);
    }
    return length;
}

/* ?, ?12, :name, @name, $name, #name; Tcl's $a::b(c) too. 0 when there is no name. */
static size_t variable_length(const struct sqlite_lexer *lexer)
{
    if (*lexer->at == '?')
        return digits_length(lexer, 1, is_digit);
    size_t length = word_length(lexer, 1);
    if (length == 1)
        return 0;
    while (*lexer->at == '$' && peek(lexer, length) == ':' && peek(lexer, length + 1) == ':')
        length = word_length(lexer, length + 2);
    if (*lexer->at == '$' && peek(lexer, length) == '(') {
        size_t close = length + 1;
        while (peek(lexer, close) && !is_space(peek(lexer, close)) && peek(lexer, close) != ')')
            close++;
        if (peek(lexer, close) == ')')
            length = close + 1;
    }
    return length;
}

static size_t sign_length(const struct sqlite_lexer *lexer)
{
    static const char *const signs[] = {"->>", "->", "==", "<=", "<>", "<<", ">=", ">>", "!=", "||"};
    char second = peek(lexer, 1); /* of all the longer ones */
    bool longer = second == '=' || second == '<' || second == '>' || second == '|';
    for (size_t i = 0; longer && i < sizeof(signs) / sizeof(signs[0]); i++) {
        size_t length = strlen(signs[i]);
        if ((size_t)(lexer->end - lexer->at) >= length && memcmp(lexer->at, signs[i], length) == 0)
            return length;
    }
    return *lexer->at && strchr("+-*/%=<>&|~().,;", *lexer->at) ? 1 : 0;
}

/* x'00' : an even number of hexadecimal digits. 0 when it is not one. */
static size_t blob_length(const struct sqlite_lexer *lexer)
{
    size_t i = 2;
    while (is_hex(peek(lexer, i)))
        i++;
    return peek(lexer, i) == '\'' && i % 2 == 0 ? i + 1 : 0;
}

/* What begins here, and its length; length 0 is BAD. */
static enum sqlite_token_type measure(const struct sqlite_lexer *lexer, size_t *ret_length)
{
    char c = *lexer->at;
    if (c == '\'' || c == '"' || c == '`' || c == '[') {
        *ret_length = quoted_length(lexer);
        return c == '\'' ? SQLITE_TOKEN_STRING : SQLITE_TOKEN_QUOTED;
    }
    if ((c == 'x' || c == 'X') && peek(lexer, 1) == '\'') {
        *ret_length = blob_length(lexer);
        return SQLITE_TOKEN_BLOB;
    }
    if (is_digit(c) || (c == '.' && is_digit(peek(lexer, 1)))) {
        *ret_length = number_length(lexer);
        if (in_word(peek(lexer, *ret_length))) /* SQLite takes 1abc for nothing it knows */
            *ret_length = 0;
        return SQLITE_TOKEN_NUMBER;
    }
    if (c == '?' || c == ':' || c == '@' || c == '$' || c == '#') {
        *ret_length = variable_length(lexer);
        return SQLITE_TOKEN_VARIABLE;
    }
    if (starts_word(c)) {
        *ret_length = word_length(lexer, 1);
        return SQLITE_TOKEN_WORD;
    }
    *ret_length = sign_length(lexer);
    return SQLITE_TOKEN_SIGN;
}

void sqlite_lex_begin(struct sqlite_lexer *lexer, const char *text, size_t length)
{
    *lexer = (struct sqlite_lexer){.at = text, .end = text + length, .line = 1};
}

enum sqlite_token_type sqlite_lex_next(struct sqlite_lexer *lexer, struct sqlite_token *ret_token)
{
    bool ended = skip_blank(lexer);
    *ret_token = (struct sqlite_token){.type = SQLITE_TOKEN_BAD, .start = lexer->at, .line = lexer->line};
    if (!ended)
        return SQLITE_TOKEN_BAD;
    if (lexer->at == lexer->end)
        return ret_token->type = SQLITE_TOKEN_END;
    size_t length = 0;
    enum sqlite_token_type type = measure(lexer, &length);
    if (!length)
        return SQLITE_TOKEN_BAD;
    ret_token->type = type;
    ret_token->length = length;
    if (type == SQLITE_TOKEN_STRING || type == SQLITE_TOKEN_QUOTED)
        advance(lexer, length);
    else
        lexer->at += length; /* no newline in it */
    return type;
}

bool sqlite_token_matches(const struct sqlite_token *token, const char *text)
{
    if (token->type == SQLITE_TOKEN_SIGN)
        return strncmp(text, token->start, token->length) == 0 && text[token->length] == '\0';
    if (token->type != SQLITE_TOKEN_WORD)
        return false;
    for (size_t i = 0; i < token->length; i++)
        if (fold(text[i]) != fold(token->start[i])) /* ends at the NUL of `text`: a word holds none */
            return false;
    return text[token->length] == '\0';
}

void sqlite_token_copy_name(const struct sqlite_token *token, char *name)
{
    if (token->type != SQLITE_TOKEN_QUOTED && token->type != SQLITE_TOKEN_STRING) {
        memcpy(name, token->start, token->length);
        name[token->length] = '\0';
        return;
    }
    char close = token->start[0] == '[' ? ']' : token->start[0];
    size_t length = 0;
    for (size_t i = 1; i + 1 < token->length; i++) {
        name[length++] = token->start[i];
        if (token->start[i] == close && close != ']')
            i++; /* the second of a doubled quote */
    }
    name[length] = '\0';
}

char *sqlite_token_name(const struct sqlite_token *token)
{
    char *name = malloc(token->length + 1);
    if (name)
        sqlite_token_copy_name(token, name);
    return name;
}

void sqlite_fold_in_place(char *name)
{
    for (; *name; name++)
        *name = fold(*name);
}

char *sqlite_fold(const char *name)
{
    size_t length = strlen(name);
    char *folded = malloc(length + 1);
    if (!folded)
        return NULL;
    memcpy(folded, name, length + 1);
    sqlite_fold_in_place(folded);
    return folded;
}

void sqlite_quote(struct dara_text *out, const char *name)
{
    dara_text_add(out, "\"");
    for (const char *quote; (quote = strchr(name, '"')); name = quote + 1) {
        dara_text_add_bytes(out, name, (size_t)(quote - name + 1));
        dara_text_add(out, "\"");
    }
    dara_text_add(out, name);
    dara_text_add(out, "\"");
}
