/* SPDX-License-Identifier: MIT */
/* Walking over the tokens of one statement: what the files ddl*.c share. */
#ifndef DARA_SQLITE_DDL_PARSER_H
#define DARA_SQLITE_DDL_PARSER_H

#include "ddl.h"

struct sqlite_parser {
    struct sqlite_pool *pool;
    const struct sqlite_token *at; /* the last token is END or BAD */
    bool failed;
};

/* Read the tokens of `text`, which is borrowed, into `pool`; a failed allocation is kept there. */
void sqlite_parse_begin(struct sqlite_parser *parser, struct sqlite_pool *pool, const char *text);
/* Whether the statement ends here and nothing failed. */
bool sqlite_parse_ended(struct sqlite_parser *parser);
bool sqlite_parse_is(const struct sqlite_parser *parser, const char *word);
/* Pass over a word or sign if it is there; `expect` fails where it is not. */
bool sqlite_parse_take(struct sqlite_parser *parser, const char *word);
void sqlite_parse_expect(struct sqlite_parser *parser, const char *word);
bool sqlite_parse_is_name(const struct sqlite_parser *parser);
/* A name as written; fails (and gives "") where none is. */
char *sqlite_parse_name(struct sqlite_parser *parser);
/* Pass over "( … )"; the tokens between. */
struct sqlite_span sqlite_parse_parentheses(struct sqlite_parser *parser);
/* Tokens up to the first of the closing words (NULL: none) or a comma outside of parentheses, or to the end of what encloses. */
struct sqlite_span sqlite_parse_until(struct sqlite_parser *parser, const char *word, bool comma);
/* CREATE [TEMP] `what`… [IF NOT EXISTS] [schema.]name: passes over all, gives the name. */
char *sqlite_parse_create(struct sqlite_parser *parser, const char *what);
/* The same, behind CREATE and what stands between it and `what`. */
char *sqlite_parse_made(struct sqlite_parser *parser, const char *what);
/* The tokens from `from` to here. */
struct sqlite_span sqlite_parse_since(const struct sqlite_parser *parser, const struct sqlite_token *from);

/* ddl-constraint.c: one constraint behind a column (`column`), or of the table (`column` NULL). False where none begins. */
bool sqlite_parse_constraint(struct sqlite_parser *parser, struct sqlite_table *table, struct sqlite_column *column);

#endif
