/* SPDX-License-Identifier: MIT */
/* A script as statements: a ';' ends one outside parentheses (CREATE RULE … DO (a; b)) and outside BEGIN ATOMIC … END. */
#include <stdlib.h>
#include <string.h>

#include "lex.h"
#include "pg.h"

struct splitting {
    struct postgres_lexer lexer;
    struct dara_statements *statements;
    struct postgres_token first, last; /* of the statement; first.start NULL between statements */
    struct postgres_token words[4];    /* its first tokens */
    size_t count;                      /* its tokens so far */
    unsigned parens, atomic;           /* depths */
    bool routine;                      /* CREATE [OR REPLACE] FUNCTION or PROCEDURE */
    bool after_begin;                  /* the last token was BEGIN */
    bool copy_from;                    /* COPY … FROM was the last token */
    bool copy_data;                    /* COPY … FROM STDIN: data follow */
};

static void begin(struct splitting *s)
{
    s->first = (struct postgres_token){.start = NULL};
    s->count = 0;
    s->parens = s->atomic = 0;
    s->routine = s->after_begin = s->copy_from = s->copy_data = false;
}

/* ---- errors ------------------------------------------------------------------------------------------------------------- */

static int fail_line(unsigned line)
{
    dara_error_at(NULL, (long)line);
    return DARA_EFILE;
}

static int fail_bad(const struct postgres_token *token)
{
    const char *quote = memchr(token->start, '\'', token->length < 3 ? token->length : 3);
    if (*token->start == '/')
        dara_error_set(DARA_EFILE, "the comment that begins here with '/*' does not end");
    else if (*token->start == '$')
        dara_error_set(DARA_EFILE, "the text that begins here with '$' does not end");
    else
        dara_error_set(DARA_EFILE, "the quote %c that begins here does not end", quote ? '\'' : '"');
    return fail_line(token->line);
}

/* psql reads a backslash as a command of its own; the server knows none. pg_dump writes \restrict for psql alone. */
static int skip_meta(struct splitting *s, const struct postgres_token *token)
{
    size_t length = 1, left = (size_t)(s->lexer.end - token->start);
    while (length < left && length < 40 && token->start[length] > ' ' && token->start[length] != '\\')
        length++;
    bool between = !s->first.start;
    if (between && ((length == 9 && memcmp(token->start, "\\restrict", 9) == 0) ||
                    (length == 11 && memcmp(token->start, "\\unrestrict", 11) == 0))) {
        while (s->lexer.at < s->lexer.end && *s->lexer.at != '\n')
            s->lexer.at++;
        return 0;
    }
    dara_error_set(DARA_EFILE, "'%.*s' is a command of the psql program, not SQL", (int)length, token->start);
    dara_error_hint("take it out, or write what it does as SQL");
    return fail_line(token->line);
}

/* ---- COPY … FROM stdin -------------------------------------------------------------------------------------------------- */

/* The end of a line without its line end. */
static const char *line_end(const char *at, const char *end, const char **ret_next)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    *ret_next = newline ? newline + 1 : end;
    const char *stop = newline ? newline : end;
    return stop > at && stop[-1] == '\r' ? stop - 1 : stop;
}

/* Data without a closing line: as if it stood at the end of the text. */
static int add_open_copy(struct splitting *s)
{
    const char *start = s->first.start, *end = s->lexer.end;
    size_t length = (size_t)(end - start);
    char *text = malloc(length + 5);
    if (!text)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    memcpy(text, start, length);
    if (end[-1] != '\n')
        text[length++] = '\n';
    memcpy(text + length, "\\.", 3);
    dara_statements_add(s->statements, text, length + 2, s->first.line);
    free(text);
    return 0;
}

static int take_copy(struct splitting *s)
{
    const char *next, *end = s->lexer.end, *start = s->first.start;
    const char *stop = line_end(s->lexer.at, end, &next);
    unsigned line = s->lexer.line;
    for (const char *at = s->lexer.at; at < stop; at++) {
        if (*at == ' ' || *at == '\t')
            continue;
        dara_error_set(DARA_EFILE,
                       "text stands behind the ';' of COPY … FROM stdin, where its data begin on the next line");
        return fail_line(line);
    }
    int code = 0;
    const char *at = next;
    for (; at < end; at = next) {
        line++;
        stop = line_end(at, end, &next);
        if (stop - at == 2 && memcmp(at, "\\.", 2) == 0)
            break;
    }
    if (at < end)
        dara_statements_add(s->statements, start, (size_t)(at + 2 - start), s->first.line);
    else
        code = add_open_copy(s);
    s->lexer.at = at < end ? next : end;
    s->lexer.line = line + (at < end);
    return code;
}

/* ---- statements --------------------------------------------------------------------------------------------------------- */

static bool is_word(const struct splitting *s, size_t index, const char *word)
{
    return index < s->count && postgres_token_is(&s->words[index], word);
}

/* SET [SESSION | LOCAL] standard_conforming_strings = off: how strings are read changes from here on. */
static void notice_setting(struct splitting *s)
{
    size_t at = is_word(s, 1, "session") || is_word(s, 1, "local") ? 2 : 1;
    if (!is_word(s, 0, "set") || !is_word(s, at, "standard_conforming_strings"))
        return;
    size_t length = s->last.length;
    const char *value = s->last.start;
    if (length > 2 && *value == '\'') {
        value++;
        length -= 2;
    }
    struct postgres_token word = {.type = POSTGRES_TOKEN_WORD, .start = value, .length = length};
    s->lexer.backslashes = postgres_token_is(&word, "off") || postgres_token_is(&word, "false") ||
                           postgres_token_is(&word, "no") || postgres_token_is(&word, "0");
}

static int finish(struct splitting *s)
{
    int code = 0;
    notice_setting(s);
    if (s->copy_data && s->lexer.at > s->last.start + s->last.length)
        code = take_copy(s);
    else
        dara_statements_add(s->statements, s->first.start, (size_t)(s->last.start + s->last.length - s->first.start),
                            s->first.line);
    begin(s);
    return code;
}

static void look(struct splitting *s, const struct postgres_token *token)
{
    if (s->count < 4)
        s->words[s->count] = *token;
    s->count++;
    if (s->count <= 4 && (postgres_token_is(token, "function") || postgres_token_is(token, "procedure")))
        s->routine = is_word(s, 0, "create") && (s->count == 2 || (s->count == 4 && is_word(s, 1, "or")));
    if (postgres_token_is(token, "("))
        s->parens++;
    else if (postgres_token_is(token, ")") && s->parens)
        s->parens--;
    if (s->routine && !s->parens) {
        if (!s->atomic)
            s->atomic = s->after_begin && postgres_token_is(token, "atomic");
        else if (postgres_token_is(token, "case") || postgres_token_is(token, "begin"))
            s->atomic++;
        else if (postgres_token_is(token, "end"))
            s->atomic--;
    }
    s->after_begin = postgres_token_is(token, "begin");
    if (is_word(s, 0, "copy") && !s->parens) {
        s->copy_data = s->copy_data || (s->copy_from && postgres_token_is(token, "stdin"));
        s->copy_from = postgres_token_is(token, "from");
    }
    s->last = *token;
}

static int check_nul(const char *script, size_t length)
{
    const char *nul = memchr(script, '\0', length);
    unsigned line = 1;
    if (!nul)
        return 0;
    for (const char *at = script; at < nul; at++)
        line += *at == '\n';
    dara_error_set(DARA_EFILE, "a NUL byte stands in the text");
    return fail_line(line);
}

int postgres_dialect_split(struct dara_conn *conn, const char *script, size_t length,
                           struct dara_statements *statements)
{
    struct splitting s = {.statements = statements};
    struct postgres_token token;
    (void)conn;
    int code = check_nul(script, length);
    postgres_lex_begin(&s.lexer, script, length);
    begin(&s);
    while (!code && postgres_lex_next(&s.lexer, &token) != POSTGRES_TOKEN_END) {
        if (token.type == POSTGRES_TOKEN_BAD)
            return fail_bad(&token);
        if (postgres_token_is(&token, "\\")) {
            code = skip_meta(&s, &token);
        } else if (postgres_token_is(&token, ";") && !s.parens && !s.atomic) {
            if (s.first.start)
                code = finish(&s);
        } else {
            if (!s.first.start)
                s.first = token;
            look(&s, &token);
        }
    }
    if (!code && s.first.start)
        code = finish(&s);
    return code;
}
