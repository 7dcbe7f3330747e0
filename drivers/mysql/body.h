/* SPDX-License-Identifier: MIT */
/* Whether a ';' ends the statement, or only one inside a routine's body: the nesting of compound statements. */
#ifndef DARA_MYSQL_BODY_H
#define DARA_MYSQL_BODY_H

#include "lex.h"

#define MYSQL_BODY_DEPTH 128 /* of blocks; deeper ones are counted and not told apart */

enum mysql_program {
    MYSQL_PROGRAM_NONE = 0,
    MYSQL_PROGRAM_ROUTINE,
    MYSQL_PROGRAM_TRIGGER,
    MYSQL_PROGRAM_EVENT,
    MYSQL_PROGRAM_PACKAGE
};

struct mysql_body {
    size_t count;               /* tokens of the statement so far */
    bool creates, alters;       /* the first word */
    enum mysql_program program; /* what is made */
    bool named;                 /* what is made is known: no more words say it */
    enum { MYSQL_BODY_HEAD = 0, MYSQL_BODY_SEEK, MYSQL_BODY_START, MYSQL_BODY_INSIDE } place;
    bool declares; /* AS or IS came and its BEGIN did not: declarations, each with a ';' */
    bool local;    /* in a package: the header of a routine came */
    bool returns;  /* RETURNS came */
    bool declare;  /* the inner statement began with DECLARE */
    bool ended;    /* the last token was END of a block */
    size_t parens, depth;
    char blocks[MYSQL_BODY_DEPTH]; /* 'b'egin, 'i'f, 'c'ase, 'e'xpression of case, 'l'oop of any kind, 'p'ackage */
    struct mysql_token last;
};

/* Stand before a statement. */
void mysql_body_begin(struct mysql_body *body);
/* Take the next token of the statement, a ';' that belongs to it included. */
void mysql_body_take(struct mysql_body *body, const struct mysql_token *token);
/* Whether a ';' here belongs to the statement. */
bool mysql_body_open(const struct mysql_body *body);

#endif
