/* SPDX-License-Identifier: MIT */
/* What servers and their versions print differently for the same thing, in one form. */
#ifndef DARA_MYSQL_NORMAL_H
#define DARA_MYSQL_NORMAL_H

#include "buffer.h"
#include "lex.h"

/* Append the canonical form of an expression that a server printed: kinds.c says what it is. `database` is the one whose name is left out
 * before others. What cannot be read is appended as it is. */
void mysql_normal_expression(struct mysql_buffer *out, const char *text, size_t length, const char *database);
/* The same for a query: the case of words stays. */
void mysql_normal_query(struct mysql_buffer *out, const char *text, size_t length, const char *database);
/* A text as it is, but for the name of its own database; with `table`, also without the character set before strings that is the file's:
 * MySQL prints it where nobody wrote it, and made from that print the string would be another one. */
void mysql_normal_home(struct mysql_buffer *out, const char *text, size_t length, const char *database, bool table);
/* A type: `word` and what stands in parentheses behind it ("" = nothing), both as printed, and whether zerofill follows. */
void mysql_normal_type(struct mysql_buffer *out, const char *word, const char *arguments, bool is_unsigned,
                       bool zerofill);
/* The name of a character set or collation: utf8 is utf8mb3. */
void mysql_normal_charset(struct mysql_buffer *out, const char *name, size_t length);

/* Several tokens of a text, in order. Begins as {0}. */
struct mysql_tokens {
    struct mysql_token *list;
    bool *gaps; /* whether white space stood before it */
    size_t count, room;
    bool failed; /* out of memory, or a text that could not be read */
};
void mysql_tokens_read(struct mysql_tokens *tokens, const char *text, size_t length, unsigned modes);
void mysql_tokens_free(struct mysql_tokens *tokens);
/* normal-parentheses.c: take out those that the precedence of operators makes needless. */
void mysql_tokens_unwrap(struct mysql_tokens *tokens);

#endif
