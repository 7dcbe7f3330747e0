/* SPDX-License-Identifier: MIT */
/* What the files that look in rows for what a change would fail on share. */
#ifndef DARA_MYSQL_SEARCH_H
#define DARA_MYSQL_SEARCH_H

#include "change.h"
#include "my.h"

struct mysql_searching {
    struct dara_conn *conn;
    const struct dara_diff *diff;
    const struct dara_change *change; /* of the table */
    const struct dara_search_limits *limits;
    struct dara_searches *searches;
    bool strict, zero_dates, keys, checks; /* what the session has the server see to */
    bool failed;                           /* out of memory */
};

/* Add a search. `rows` is a query that gives a row for each finding; NULL with `why` where there is none. `what` is formatted. */
void mysql_search_add(struct mysql_searching *searching, const struct mysql_buffer *rows, const char *why, bool passes,
                      const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The rows as they will be, as a table named like the real one, or `alias`: new columns with the value that they will get. */
void mysql_search_from(struct mysql_searching *searching, const char *alias, struct mysql_buffer *sql);
/* What becomes of a column of the table to be: it is as it was, it gets another shape, or it is new. */
enum mysql_fate { MYSQL_FATE_SAME, MYSQL_FATE_CHANGED, MYSQL_FATE_NEW, MYSQL_FATE_UNKNOWN };
enum mysql_fate mysql_search_fate(const struct mysql_searching *searching, const char *column);

/* ---- search-value.c ---- */
/* Values of a column that do not fit what it is to be. */
void mysql_search_values(struct mysql_searching *searching, const struct dara_change *part);

int mysql_apply_search(struct dara_conn *conn, const struct dara_diff *diff, const struct dara_change *change,
                       const struct dara_search_limits *limits, struct dara_searches *searches);

/* Behind "FROM … AS `dara_child`": what leaves of it the rows that a foreign key finds no parent for. */
void mysql_search_orphans(const struct dara_object *key, struct mysql_buffer *sql);

#endif
