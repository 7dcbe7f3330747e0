/* SPDX-License-Identifier: MIT */
/* Step through a text that a server printed, token by token; the edges of executable comments are passed over. */
#ifndef DARA_MYSQL_WALK_H
#define DARA_MYSQL_WALK_H

#include "lex.h"

struct mysql_slice {
    const char *start;
    size_t length;
};

struct mysql_walk {
    struct mysql_lexer lexer;
    struct mysql_token token; /* the one that is looked at */
    const char *passed;       /* the end of the one before */
};

void mysql_walk_begin(struct mysql_walk *walk, struct mysql_slice text, unsigned modes);
void mysql_walk_next(struct mysql_walk *walk);
bool mysql_walk_ended(const struct mysql_walk *walk); /* or cannot go on */
bool mysql_walk_is(const struct mysql_walk *walk, const char *word);
/* Pass over this word (or character), these two words. False, and nothing is passed over, where they are not here. */
bool mysql_walk_take(struct mysql_walk *walk, const char *word);
bool mysql_walk_take2(struct mysql_walk *walk, const char *first, const char *second);
/* At DEFINER=`user`@`host`: pass over it; "user@host", or "role"; free(). NULL where it is not here. */
char *mysql_walk_definer(struct mysql_walk *walk);
/* Pass over one token of any type; what it stands for. NULL at the end and without memory; free(). */
char *mysql_walk_text(struct mysql_walk *walk);
/* At '(': pass over the group; what stands inside. False where there is none. */
bool mysql_walk_group(struct mysql_walk *walk, struct mysql_slice *ret_inside);
/* Pass over what comes before the next comma, or the ')' that closes the list around; comma and parenthesis are left. */
struct mysql_slice mysql_walk_item(struct mysql_walk *walk);
/* From here to the end. */
struct mysql_slice mysql_walk_rest(const struct mysql_walk *walk);
struct mysql_slice mysql_slice_of(const char *text);
/* Without white space around. */
struct mysql_slice mysql_slice_trim(struct mysql_slice slice);

#endif
