/* SPDX-License-Identifier: MIT */
/* One statement, read as far as dara needs: what it is, what it touches, what it endangers. */
#ifndef DARA_SQLITE_CLASSIFY_H
#define DARA_SQLITE_CLASSIFY_H

#include <dara/dara.h>

#include "lex.h"

struct sqlite_use {
    const char *kind; /* may be NULL */
    char *key;
};

/* The statement as tokens (the last is END), where the reader stands, and what it found. */
struct sqlite_reading {
    struct sqlite_token *tokens;
    size_t count;
    size_t at;
    struct dara_facts *facts;
    struct sqlite_use *uses; /* told already: each once */
    size_t use_count, use_room;
    char **hidden; /* folded names that are no objects here: common table expressions, and the object being made */
    size_t hidden_count, hidden_room;
    bool failed; /* out of memory */
};

/* The token `offset` after the current one; END past the end. */
const struct sqlite_token *sqlite_reading_peek(const struct sqlite_reading *reading, size_t offset);
bool sqlite_reading_is(const struct sqlite_reading *reading, const char *text);
/* Pass over the current token if it is `text`. */
bool sqlite_reading_accept(struct sqlite_reading *reading, const char *text);
/* Whether a name can stand here: a word, a quoted name or a string. */
bool sqlite_reading_at_name(const struct sqlite_reading *reading);
/* Read [schema.]name. The folded key, free(); NULL when no name stands here. */
char *sqlite_reading_name(struct sqlite_reading *reading);
/* Skip to behind the ')' that closes the '(' standing here. */
void sqlite_reading_skip_parens(struct sqlite_reading *reading);
/* Whether `word` stands from here on outside parentheses; the reader stays. */
bool sqlite_reading_finds(const struct sqlite_reading *reading, const char *word);

/* Tell an object. */
void sqlite_reading_object(struct sqlite_reading *reading, enum dara_role role, const char *kind, const char *key);
/* Tell that `key` is used, once, unless it is hidden or SQLite's own. */
void sqlite_reading_use(struct sqlite_reading *reading, const char *kind, const char *key);
void sqlite_reading_hide(struct sqlite_reading *reading, const char *key);
/* Note the common table expressions of the whole statement. */
void sqlite_reading_hide_ctes(struct sqlite_reading *reading);
/* Tell every table and view that the tokens from here to the end use. */
void sqlite_reading_uses(struct sqlite_reading *reading);

/* One verb each; the reader stands behind its first word. */
void sqlite_classify_create(struct sqlite_reading *reading);
void sqlite_classify_drop(struct sqlite_reading *reading);
void sqlite_classify_alter(struct sqlite_reading *reading);
void sqlite_classify_pragma(struct sqlite_reading *reading);

#endif
