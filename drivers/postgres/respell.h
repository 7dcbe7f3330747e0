/* SPDX-License-Identifier: MIT */
/* What the files respell*.c share: a statement as tokens, and what is changed in it. */
#ifndef DARA_POSTGRES_RESPELL_H
#define DARA_POSTGRES_RESPELL_H

#include "lex.h"
#include "write.h"

struct postgres_word {
    struct postgres_token token;
    size_t partner; /* of a bracket: the index of the other one; else 0 */
};

struct postgres_edit {
    const char *at; /* in the text */
    size_t removed; /* bytes from there */
    char *inserted;
};

struct postgres_phrase {
    struct postgres_word *words;
    size_t count, room;
    struct postgres_edit *edits;
    size_t edit_count;
};

/* Whether the token at an index (which may lie behind the end) is this word or this character. */
bool postgres_phrase_is(const struct postgres_phrase *phrase, size_t index, const char *word);
/* The index of the token that comes next on the same level: behind the partner of a bracket that opens. */
size_t postgres_phrase_next(const struct postgres_phrase *phrase, size_t index);
/* Change the text when all is read: `length` bytes go, what `inserted` holds comes; takes its text over. */
void postgres_phrase_edit(struct postgres_phrase *phrase, const char *at, size_t length,
                          struct postgres_writer *inserted);
/* respell-values.c: where a SELECT begins that stands for a bare VALUES. */
void postgres_respell_values(struct postgres_phrase *phrase, size_t select);

#endif
