/* SPDX-License-Identifier: MIT */
/* PostgreSQL's tokens, as far as they decide where a statement ends. It depends on no version of the grammar. */
#ifndef DARA_POSTGRES_LEX_H
#define DARA_POSTGRES_LEX_H

#include <stdbool.h>
#include <stddef.h>

enum postgres_token_type {
    POSTGRES_TOKEN_END = 0,
    POSTGRES_TOKEN_WORD,
    POSTGRES_TOKEN_QUOTED, /* "name", U&"name" */
    POSTGRES_TOKEN_STRING, /* every kind of string */
    POSTGRES_TOKEN_NUMBER,
    POSTGRES_TOKEN_OTHER, /* one character */
    POSTGRES_TOKEN_BAD,   /* a quote, string or comment that does not end; `start` is where it begins */
};

struct postgres_token {
    enum postgres_token_type type;
    const char *start;
    size_t length;
    unsigned line; /* of its first character, from 1 */
};

struct postgres_lexer {
    const char *at, *end;
    unsigned line;
    bool backslashes; /* standard_conforming_strings is off: '…' has escapes */
};

/* Stand at the start of a text, on line 1. */
void postgres_lex_begin(struct postgres_lexer *lexer, const char *text, size_t length);
/* The next token behind white space and comments. */
enum postgres_token_type postgres_lex_next(struct postgres_lexer *lexer, struct postgres_token *ret_token);
/* Whether a token is this word (lowercase; any case in the text) or this one character. */
bool postgres_token_is(const struct postgres_token *token, const char *word);

/* Where the statement that begins here ends: the offset of its closing ';' (or of the end of the text). */
size_t postgres_lex_statement(const char *text, size_t length);

#endif
