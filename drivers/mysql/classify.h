/* SPDX-License-Identifier: MIT */
/* One statement, read as far as dara needs: what it is, what it touches, what it endangers. */
#ifndef DARA_MYSQL_CLASSIFY_H
#define DARA_MYSQL_CLASSIFY_H

#include <dara/dara.h>

#include "lex.h"

struct mysql_name {
    char *space, *key; /* space NULL where none is written */
};

/* The statement as tokens (the last is END; the edges of executable comments are left out), where the reader stands, what it found. */
struct mysql_reading {
    struct mysql_token *tokens;
    size_t count, at;
    struct dara_facts *facts; /* NULL: only kind and flags are wanted */
    const char *kind;         /* what it is, in words */
    unsigned flags;           /* enum dara_statement_flag */
    struct mysql_name *known; /* told already, or no objects here: common table expressions, what is made */
    size_t known_count, known_room;
    bool failed; /* out of memory */
};

/* ---- reading.c ---- */
/* The token `offset` after the current one; END past the end. */
const struct mysql_token *mysql_reading_peek(const struct mysql_reading *reading, size_t offset);
bool mysql_reading_is(const struct mysql_reading *reading, const char *word);
bool mysql_reading_ends(const struct mysql_reading *reading);
void mysql_reading_advance(struct mysql_reading *reading);
/* Pass over the current token if it is `word`, or over several: "if not exists". */
bool mysql_reading_accept(struct mysql_reading *reading, const char *words);
/* Whether a word or a quoted name stands here. */
bool mysql_reading_at_name(const struct mysql_reading *reading);
/* Read [database.]name; both NULL when none stands here. mysql_name_free(). */
struct mysql_name mysql_reading_name(struct mysql_reading *reading);
void mysql_name_free(struct mysql_name *name);
/* Past a '(' and what it holds. */
void mysql_reading_skip_parens(struct mysql_reading *reading);
/* Stand behind the next `word` outside parentheses; false (at the end) when there is none. */
bool mysql_reading_skip_to(struct mysql_reading *reading, const char *word);
/* Whether `word` stands from here on outside parentheses; the reader stays. */
bool mysql_reading_finds(const struct mysql_reading *reading, const char *word);
/* Whether `word` stands anywhere followed by a '(': a call. */
bool mysql_reading_calls(const struct mysql_reading *reading, const char *function);

/* Tell an object, and from then on no use of it. A name without a key is not told. */
void mysql_reading_object(struct mysql_reading *reading, enum dara_role role, const char *kind,
                          const struct mysql_name *name);
/* A name that is no object here. */
void mysql_reading_hide(struct mysql_reading *reading, const struct mysql_name *name);
void mysql_reading_hazard(struct mysql_reading *reading, const char *rule, bool destroys, const char *message);
void mysql_reading_refuse(struct mysql_reading *reading, const char *why, const char *hint);

/* ---- uses.c ---- */
/* Note the common table expressions of the whole statement. */
void mysql_reading_hide_ctes(struct mysql_reading *reading);
/* Tell every table and view that the tokens from here to the end use. */
void mysql_reading_uses(struct mysql_reading *reading);

/* ---- one verb each; the reader stands behind its first word ---- */
void mysql_classify_create(struct mysql_reading *reading);
void mysql_classify_drop(struct mysql_reading *reading);
void mysql_classify_alter(struct mysql_reading *reading);
void mysql_classify_alter_table(struct mysql_reading *reading);
void mysql_classify_rename(struct mysql_reading *reading);
void mysql_classify_set(struct mysql_reading *reading);
/* The statement that begins where the reader stands. */
void mysql_classify_statement(struct mysql_reading *reading);

/* `facts` may be NULL. `*ret_kind` is a constant. */
int mysql_classify_text(const char *text, size_t length, struct dara_facts *facts, const char **ret_kind,
                        unsigned *ret_flags);
int mysql_dialect_classify(struct dara_conn *conn, const char *text, size_t length, struct dara_facts *facts);

#endif
