/* SPDX-License-Identifier: MIT */
/* Text by meaning: two texts that SQLite reads alike in spite of white space, comments, letter case and quotes become one. */
#ifndef DARA_SQLITE_NORMAL_H
#define DARA_SQLITE_NORMAL_H

#include "ddl-pool.h"

/* A run of tokens of one text. */
struct sqlite_span {
    const struct sqlite_token *at;
    size_t count;
};

/* The tokens of a text, followed by one of type END (or BAD, where the text stops being SQLite's). */
struct sqlite_span sqlite_span_read(struct sqlite_pool *pool, const char *text, size_t length);
/* The author's text from the first token to the last; NULL for no tokens. */
char *sqlite_span_text(struct sqlite_pool *pool, struct sqlite_span span);

/* Normal form of an expression or statement; NULL for no tokens. Words fold; a name in "double quotes" folds and loses them
 * only where `known` has it: elsewhere SQLite may take it for a string, so it stays as it is written. `known` may be NULL. */
char *sqlite_normal(struct sqlite_pool *pool, struct sqlite_span span, const struct sqlite_names *known);
/* White space and comments go, all else stays: for text whose reader may care about letter case. */
char *sqlite_normal_spacing(struct sqlite_pool *pool, struct sqlite_span span);
/* Normal form of a declared type: its words folded; NULL when there is none. */
char *sqlite_normal_type(struct sqlite_pool *pool, struct sqlite_span span);
/* Normal form of a DEFAULT clause's value: a bare or quoted name stands for a string there. */
char *sqlite_normal_default(struct sqlite_pool *pool, struct sqlite_span span);
/* Normal form of a column of an index or key: "name", "name collate nocase desc", or an expression; ASC says nothing. */
char *sqlite_normal_term(struct sqlite_pool *pool, struct sqlite_span span, const struct sqlite_names *known);

#endif
