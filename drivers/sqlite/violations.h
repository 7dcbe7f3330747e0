/* SPDX-License-Identifier: MIT */
/* Which rows had no parent before a migration, and which have none after it. */
#ifndef DARA_SQLITE_VIOLATIONS_H
#define DARA_SQLITE_VIOLATIONS_H

#include "driver.h"

#define SQLITE_SHOWN_VIOLATIONS 5

struct sqlite_violations {
    sqlite3_int64 count;
    sqlite3_int64 added; /* of these, not there before */
    int shown;
    size_t length;
    char text[1024]; /* the first few that were added (where they were not compared: the first few), in words */
};

/* Read all violations of the connection's file into a new generation. A violation is a row of a table, the parent it
 * lacks and the columns that name the parent; where a table has no rowid, rows are only counted. They are kept in a private
 * temporary database, which goes to disk when it is large, so memory does not grow with their number. */
int sqlite_violations_read(struct dara_conn *conn, struct sqlite_violations *ret_found);
/* The same, and tell which of them are not in the generation that was kept. */
int sqlite_violations_compare(struct dara_conn *conn, struct sqlite_violations *ret_found);
/* Keep what was read last as what later ones are compared with. */
int sqlite_violations_keep(struct dara_conn *conn);
/* Free the private database. */
void sqlite_violations_close(struct dara_conn *conn);

#endif
