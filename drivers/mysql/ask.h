/* SPDX-License-Identifier: MIT */
/* In which way the server carries out an ALTER TABLE, CREATE INDEX or DROP INDEX, asked on a scratch database. */
#ifndef DARA_MYSQL_ASK_H
#define DARA_MYSQL_ASK_H

#include <dara/dara.h>

struct mysql_ask;

/* The operation `observe`: the first call, on a connection to a scratch database, begins with it. */
int mysql_apply_observe(struct dara_conn *conn, struct dara_observed *observed);
void mysql_ask_free(struct mysql_ask *ask); /* accepts NULL */

/* Around one statement of a connection that asks. begin: whether it is one to ask of, and what its table is like before. */
int mysql_ask_begin(struct dara_conn *conn, const char *text, size_t length, const char *kind, unsigned flags);
/* Run the statement, in place of mysql_real_query(): with each way that it does not name itself, from the mildest to the strongest, until
 * the server takes one. What it refuses changes nothing, and what it takes is the statement done; one that it takes in no way runs as it is
 * written. Non-zero: it failed, and the connection has the error. */
int mysql_ask_query(struct dara_conn *conn, const char *text, size_t length);
/* After it succeeded and its results are read: what became of the table. */
int mysql_ask_end(struct dara_conn *conn);

#endif
