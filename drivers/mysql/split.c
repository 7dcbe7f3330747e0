/* SPDX-License-Identifier: MIT */
/* A script as statements: what the mysql and mariadb programs do with DELIMITER, and bodies of routines without it. */
#include <stdlib.h>
#include <string.h>

#include "body.h"
#include "script.h"

struct splitting {
    struct mysql_lexer lexer;
    struct mysql_body body;
    struct mysql_modes modes;
    struct dara_statements *statements;
    struct mysql_token first, last; /* of the statement; first.start NULL between statements */
    char *delimiter;                /* lent to the lexer */
};

/* ---- errors ------------------------------------------------------------------------------------------------------------- */

static int fail_line(unsigned line)
{
    dara_error_at(NULL, (long)line);
    return DARA_EFILE;
}

static int fail_bad(const struct mysql_token *token)
{
    if (*token->start == '/')
        dara_error_set(DARA_EFILE, "the comment that begins here with '/*' does not end");
    else
        dara_error_set(DARA_EFILE, "the quote %c that begins here does not end", *token->start);
    return fail_line(token->line);
}

static int fail_command(const struct mysql_token *token, size_t length)
{
    dara_error_set(DARA_EFILE, "'%.*s' is a command of the mysql program, not SQL", (int)length, token->start);
    dara_error_hint("take it out, or write what it does as SQL");
    return fail_line(token->line);
}

/* ---- commands of the client --------------------------------------------------------------------------------------------- */

static bool is_command(const struct mysql_token *token)
{
    static const char *const commands[] = {
        "charset", "clear",           "connect",   "edit",   "ego",    "exit",   "go",
        "nopager", "notee",           "nowarning", "pager",  "print",  "prompt", "quit",
        "rehash",  "resetconnection", "sandbox",   "source", "system", "tee",    "warnings"};
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        if (mysql_token_is(token, commands[i]))
            return true;
    return false;
}

static int fail_delimiter(unsigned line, const char *why)
{
    dara_error_set(DARA_EFILE, "DELIMITER %s", why);
    dara_error_hint("write the new delimiter, and nothing else, behind DELIMITER: DELIMITER //");
    return fail_line(line);
}

/* What stands behind the word DELIMITER up to the end of its line. */
static int take_delimiter(struct splitting *s, const struct mysql_token *token)
{
    const char *at = token->start + token->length, *end = s->lexer.end;
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    stop = stop ? stop : end;
    while (at < stop && (*at == ' ' || *at == '\t' || *at == '\r'))
        at++;
    bool quoted = at < stop && (*at == '\'' || *at == '"' || *at == '`');
    const char *word = at + quoted, *word_end = word;
    while (word_end < stop && (quoted ? *word_end != *at : *word_end > ' '))
        word_end++;
    const char *rest = word_end + (quoted && word_end < stop);
    while (rest < stop && (*rest == ' ' || *rest == '\t' || *rest == '\r'))
        rest++;
    if (word == word_end)
        return fail_delimiter(token->line, "needs the new delimiter behind it");
    if (memchr(word, '\\', (size_t)(word_end - word)))
        return fail_delimiter(token->line, "cannot be one with a backslash");
    if (rest < stop && *rest != '#' && !(rest + 2 < stop && memcmp(rest, "-- ", 3) == 0))
        return fail_delimiter(token->line, "is followed by more than the new delimiter");
    free(s->delimiter);
    s->delimiter = strndup(word, (size_t)(word_end - word));
    if (!s->delimiter)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    bool usual = strcmp(s->delimiter, ";") == 0;
    s->lexer.delimiter = usual ? NULL : s->delimiter;
    s->lexer.delimiter_length = strlen(s->delimiter);
    s->lexer.at = stop;
    return 0;
}

/* ---- statements --------------------------------------------------------------------------------------------------------- */

static int finish(struct splitting *s)
{
    const char *start = s->first.start;
    size_t length = (size_t)(s->last.start + s->last.length - start);
    int code = mysql_modes_follow(&s->modes, start, length);
    s->lexer.modes = s->modes.now;
    if (!code)
        dara_statements_add(s->statements, start, length, s->first.line);
    s->first.start = NULL;
    mysql_body_begin(&s->body);
    return code;
}

static bool ends(const struct splitting *s, const struct mysql_token *token)
{
    if (s->lexer.delimiter)
        return token->type == MYSQL_TOKEN_DELIMITER;
    return mysql_token_is(token, ";") && !s->lexer.open && !mysql_body_open(&s->body);
}

static void take(struct splitting *s, const struct mysql_token *token)
{
    struct mysql_token dollar;
    if (!s->first.start)
        s->first = *token;
    s->last = *token;
    mysql_body_take(&s->body, token);
    if (mysql_token_is(token, "as") && s->body.creates && s->body.place != MYSQL_BODY_INSIDE &&
        mysql_lex_dollar(&s->lexer, &dollar))
        take(s, &dollar);
}

static int take_token(struct splitting *s, const struct mysql_token *token)
{
    bool between = !s->first.start;
    if (token->type == MYSQL_TOKEN_BAD)
        return fail_bad(token);
    if (mysql_token_is(token, "\\"))
        return fail_command(token, s->lexer.at<s->lexer.end && * s->lexer.at> ' ' ? 2 : 1);
    if (between && mysql_token_is(token, "delimiter"))
        return take_delimiter(s, token);
    if (between && is_command(token))
        return fail_command(token, token->length);
    if (!ends(s, token))
        take(s, token);
    else if (!between)
        return finish(s);
    return 0;
}

int mysql_dialect_split(struct dara_conn *conn, const char *script, size_t length, struct dara_statements *statements)
{
    struct splitting s = {.statements = statements};
    struct mysql_token token;
    int code = 0;
    (void)conn;
    mysql_lex_begin(&s.lexer, script, length);
    mysql_body_begin(&s.body);
    while (!code && mysql_lex_next(&s.lexer, &token) != MYSQL_TOKEN_END)
        code = take_token(&s, &token);
    if (!code && s.first.start)
        code = finish(&s);
    mysql_modes_free(&s.modes);
    free(s.delimiter);
    return code;
}
