/* SPDX-License-Identifier: MIT */
/* What ask.c and look.c share. */
#ifndef DARA_MYSQL_ASK_PARTS_H
#define DARA_MYSQL_ASK_PARTS_H

#include "ask.h"
#include "my.h"

/* What can be seen of a table. */
struct mysql_look {
    char *create; /* SHOW CREATE TABLE; NULL where it is not there */
    unsigned long long
        newest; /* the highest number of a table of the scratch database: a table that is made anew has a higher one */
    bool numbered; /* the account may see those numbers */
};

struct mysql_ask {
    char *table;
    char *text;          /* to ask with in place of the statement's; NULL: that one */
    size_t at;           /* where in the text the clauses go */
    bool asks, behind;   /* the text is one to ask of; behind it, without commas */
    bool comma;          /* something follows that a comma parts from them */
    bool named;          /* the text names a way, or a lock, itself */
    bool copies;         /* the session copies tables whatever could be done */
    unsigned flags;      /* of the statement */
    enum dara_work work; /* what the text tells by itself */
    const char *method;  /* "INPLACE"; NULL: not known */
    const char *lock;
    char *own_method, *own_lock; /* as the text names them */
    struct mysql_look before;
    enum dara_work found;
    bool seen; /* there is something to tell */
};

/* ---- look.c ---- */
/* Look at the table of the statement: two round trips. */
int mysql_look_take(struct dara_conn *conn, struct mysql_look *ret_look);
void mysql_look_free(struct mysql_look *look);
/* What became of the rows of the table between the look before and this one. */
enum dara_work mysql_look_work(const struct dara_conn *conn, const struct mysql_look *after);

#endif
