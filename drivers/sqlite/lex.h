/* SPDX-License-Identifier: MIT */
/* SQLite's tokens (https://www.sqlite.org/lang_keywords.html and the syntax pages), read in place. */
#ifndef DARA_SQLITE_LEX_H
#define DARA_SQLITE_LEX_H

#include <stdbool.h>
#include <stddef.h>

enum sqlite_token_type {
    SQLITE_TOKEN_END = 0,
    SQLITE_TOKEN_WORD,   /* keyword or plain identifier */
    SQLITE_TOKEN_QUOTED, /* "x", `x`, [x] */
    SQLITE_TOKEN_STRING, /* 'x' */
    SQLITE_TOKEN_BLOB,   /* x'00' */
    SQLITE_TOKEN_NUMBER,
    SQLITE_TOKEN_VARIABLE, /* ? ?1 :a @a $a */
    SQLITE_TOKEN_SIGN,     /* operators and punctuation, the longest that fits */
    SQLITE_TOKEN_BAD,      /* unterminated quote or comment, or a character SQLite does not know */
};

struct sqlite_token {
    enum sqlite_token_type type;
    const char *start;
    size_t length;
    unsigned line; /* from 1 */
};

struct sqlite_lexer {
    const char *at, *end;
    unsigned line;
};

/* At the first of `length` bytes, which are borrowed, in line 1. */
void sqlite_lex_begin(struct sqlite_lexer *lexer, const char *text, size_t length);
/* The next token; white space and comments are passed over. After END or BAD it stays there. */
enum sqlite_token_type sqlite_lex_next(struct sqlite_lexer *lexer, struct sqlite_token *ret_token);
/* Whether the token is this word (any letter case), or this sign. */
bool sqlite_token_matches(const struct sqlite_token *token, const char *text);
static inline bool sqlite_token_is(const struct sqlite_token *token, const char *text)
{
    /* Most differ in the first character; letter case is bit 0x20. */
    return token->length && ((token->start[0] ^ text[0]) & ~0x20) == 0 && sqlite_token_matches(token, text);
}
/* The token's name as an identifier, quotes taken off (WORD, QUOTED, and STRING, which SQLite takes for a name where only a
 * name can stand). free(). */
char *sqlite_token_name(const struct sqlite_token *token);
/* The same into `name`, which has room for the token's length and a NUL. */
void sqlite_token_copy_name(const struct sqlite_token *token, char *name);
/* Fold a name as SQLite compares names: ASCII letters only. free(). */
char *sqlite_fold(const char *name);
void sqlite_fold_in_place(char *name);
/* Append `name` quoted as an identifier ("…", doubled quotes), always. */
struct dara_text;
void sqlite_quote(struct dara_text *out, const char *name);

#endif
