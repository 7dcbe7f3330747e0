/* SPDX-License-Identifier: MIT */
#include "lex.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Higher than any server's version: dump programs write it for what only clients are to read. */
#define NEVER 999999

void mysql_lex_begin(struct mysql_lexer *lexer, const char *text, size_t length)
{
    *lexer = (struct mysql_lexer){.begin = text, .at = text, .end = text + length, .line = 1};
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        lexer->at += 3;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '$' ||
           (unsigned char)c >= 0x80;
}

static char peek(const struct mysql_lexer *lexer, size_t ahead)
{
    return (size_t)(lexer->end - lexer->at) > ahead ? lexer->at[ahead] : '\0';
}

static void step(struct mysql_lexer *lexer, size_t count)
{
    for (; count && lexer->at < lexer->end; count--)
        lexer->line += *lexer->at++ == '\n';
}

static bool at_delimiter(const struct mysql_lexer *lexer)
{
    return lexer->delimiter && (size_t)(lexer->end - lexer->at) >= lexer->delimiter_length &&
           memcmp(lexer->at, lexer->delimiter, lexer->delimiter_length) == 0;
}

/* ---- comments ----------------------------------------------------------------------------------------------------------- */

bool mysql_lex_runs(const struct mysql_server *server, bool mariadb_only, const char *at, const char *end,
                    size_t *ret_digits)
{
    unsigned version = 0;
    size_t digits = 0;
    while (at + digits < end && digits < 6 && is_digit(at[digits]))
        digits++;
    if (digits < 5)
        digits = 0;
    for (size_t i = 0; i < digits; i++)
        version = version * 10 + (unsigned)(at[i] - '0');
    *ret_digits = digits;
    if (version >= NEVER)
        return false;
    if (!server->version)
        return true;
    if (mariadb_only && !server->mariadb)
        return false;
    /* MySQL 5.7 and later are no version of MariaDB, which therefore takes no comment for them. */
    if (server->mariadb && !mariadb_only && version >= 50700 && version <= 99999)
        return false;
    return version <= server->version;
}

/* Behind the end of a plain comment; comments for other servers may hold others. */
static bool skip_comment(struct mysql_lexer *lexer, bool nests)
{
    unsigned depth = 1;
    for (step(lexer, 2); lexer->at < lexer->end;) {
        if (peek(lexer, 0) == '*' && peek(lexer, 1) == '/') {
            step(lexer, 2);
            if (--depth == 0)
                return true;
        } else if (nests && peek(lexer, 0) == '/' && peek(lexer, 1) == '*') {
            depth++;
            step(lexer, 2);
        } else {
            step(lexer, 1);
        }
    }
    return false;
}

/* The length of what opens an executable comment here ("/" "*!50003"), 0 where there is none or it is for another server. */
static size_t opens(const struct mysql_lexer *lexer, bool *ret_versioned)
{
    bool mariadb = peek(lexer, 2) == 'M' && peek(lexer, 3) == '!';
    size_t length = mariadb ? 4 : 3, digits = 0;
    *ret_versioned = mariadb || peek(lexer, 2) == '!';
    if (!*ret_versioned || (mariadb && lexer->server.version && !lexer->server.mariadb))
        return 0;
    return mysql_lex_runs(&lexer->server, mariadb, lexer->at + length, lexer->end, &digits) ? length + digits : 0;
}

static bool at_line_comment(const struct mysql_lexer *lexer)
{
    char third = peek(lexer, 2);
    return peek(lexer, 0) == '#' || (peek(lexer, 0) == '-' && peek(lexer, 1) == '-' &&
                                     (!third || is_space(third) || (unsigned char)third < ' '));
}

/* Behind white space and comments; false at a comment that does not end, where the lexer then stands. */
static bool skip_space(struct mysql_lexer *lexer)
{
    while (lexer->at < lexer->end && !at_delimiter(lexer)) {
        const struct mysql_lexer before = *lexer;
        bool versioned = false;
        if (is_space(*lexer->at)) {
            step(lexer, 1);
        } else if (at_line_comment(lexer)) {
            while (lexer->at < lexer->end && *lexer->at != '\n')
                lexer->at++;
        } else if (peek(lexer, 0) == '/' && peek(lexer, 1) == '*' && !opens(lexer, &versioned)) {
            if (!skip_comment(lexer, versioned)) {
                *lexer = before;
                return false;
            }
        } else {
            break;
        }
    }
    return true;
}

/* ---- tokens ------------------------------------------------------------------------------------------------------------- */

/* At the opening quote. A doubled quote stands for itself, and so does one behind a backslash where those count. */
static bool skip_quoted(struct mysql_lexer *lexer, bool backslashes)
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

static bool take_quoted(struct mysql_lexer *lexer, struct mysql_token *token)
{
    bool name = *lexer->at == '`' || (*lexer->at == '"' && (lexer->modes & MYSQL_MODE_ANSI_QUOTES));
    token->type = name ? MYSQL_TOKEN_QUOTED : MYSQL_TOKEN_STRING;
    return skip_quoted(lexer, !name && !(lexer->modes & MYSQL_MODE_NO_BACKSLASH_ESCAPES));
}

static void take_word(struct mysql_lexer *lexer, struct mysql_token *token)
{
    token->type = MYSQL_TOKEN_NUMBER;
    do {
        if (!is_digit(*lexer->at))
            token->type = MYSQL_TOKEN_WORD;
        lexer->at++;
    } while (is_word(peek(lexer, 0)) && lexer->at < lexer->end && !at_delimiter(lexer));
}

static bool take_comment_edge(struct mysql_lexer *lexer, struct mysql_token *token)
{
    bool versioned = false;
    size_t length = peek(lexer, 0) == '/' && peek(lexer, 1) == '*' ? opens(lexer, &versioned) : 0;
    if (length) {
        token->type = MYSQL_TOKEN_OPEN;
        if (!lexer->open++) {
            lexer->open_start = lexer->at;
            lexer->open_line = lexer->line;
        }
        step(lexer, length);
        return true;
    }
    if (!lexer->open || peek(lexer, 0) != '*' || peek(lexer, 1) != '/')
        return false;
    token->type = MYSQL_TOKEN_CLOSE;
    lexer->open--;
    step(lexer, 2);
    return true;
}

/* One token that is known to be here. False when it does not end. */
static bool take(struct mysql_lexer *lexer, struct mysql_token *token)
{
    if (at_delimiter(lexer)) {
        token->type = MYSQL_TOKEN_DELIMITER;
        step(lexer, lexer->delimiter_length);
    } else if (*lexer->at == '\'' || *lexer->at == '"' || *lexer->at == '`') {
        return take_quoted(lexer, token);
    } else if (is_word(*lexer->at)) {
        take_word(lexer, token);
    } else if (!take_comment_edge(lexer, token)) {
        token->type = MYSQL_TOKEN_OTHER;
        step(lexer, 1);
    }
    return true;
}

enum mysql_token_type mysql_lex_next(struct mysql_lexer *lexer, struct mysql_token *ret_token)
{
    bool good = skip_space(lexer);
    *ret_token = (struct mysql_token){.start = lexer->at, .line = lexer->line};
    if (good && lexer->at >= lexer->end) {
        if (!lexer->open)
            return ret_token->type = MYSQL_TOKEN_END;
        *ret_token = (struct mysql_token){.start = lexer->open_start, .line = lexer->open_line};
        good = false;
    }
    if (!good || !take(lexer, ret_token))
        ret_token->type = MYSQL_TOKEN_BAD;
    ret_token->length = (size_t)(lexer->at - ret_token->start);
    return ret_token->type;
}

bool mysql_lex_dollar(struct mysql_lexer *lexer, struct mysql_token *ret_token)
{
    struct mysql_lexer ahead = *lexer;
    size_t tag = 1;
    if (!skip_space(&ahead) || peek(&ahead, 0) != '$')
        return false;
    while (peek(&ahead, tag) != '$' && is_word(peek(&ahead, tag)))
        tag++;
    if (peek(&ahead, tag++) != '$')
        return false;
    struct mysql_token token = {.type = MYSQL_TOKEN_STRING, .start = ahead.at, .line = ahead.line};
    for (step(&ahead, tag); (size_t)(ahead.end - ahead.at) >= tag; step(&ahead, 1)) {
        if (*ahead.at != '$' || memcmp(ahead.at, token.start, tag) != 0)
            continue;
        step(&ahead, tag);
        token.length = (size_t)(ahead.at - token.start);
        *ret_token = token;
        *lexer = ahead;
        return true;
    }
    return false;
}

bool mysql_token_is(const struct mysql_token *token, const char *word)
{
    size_t length = strlen(word);
    return (token->type == MYSQL_TOKEN_WORD || token->type == MYSQL_TOKEN_OTHER) && token->length == length &&
           strncasecmp(token->start, word, length) == 0;
}

/* ---- what a token stands for ---------------------------------------------------------------------------------------------- */

static char unescape(char c)
{
    static const char from[] = "ntr0bZ", to[] = "\n\t\r\0\b\x1a";
    const char *found = c ? strchr(from, c) : NULL;
    return found ? to[found - from] : c;
}

char *mysql_token_text(const struct mysql_token *token, unsigned modes)
{
    char *text = malloc(token->length + 1);
    size_t length = 0;
    bool quoted = token->type == MYSQL_TOKEN_QUOTED || token->type == MYSQL_TOKEN_STRING;
    bool escapes = token->type == MYSQL_TOKEN_STRING && !(modes & MYSQL_MODE_NO_BACKSLASH_ESCAPES);
    if (!text)
        return NULL;
    for (size_t i = quoted; i + quoted < token->length; i++) {
        char c = token->start[i];
        if (escapes && c == '\\' && i + 2 < token->length)
            c = unescape(token->start[++i]);
        else if (quoted && c == *token->start)
            i++; /* doubled */
        text[length++] = c;
    }
    text[length] = '\0';
    return text;
}
