/* SPDX-License-Identifier: MIT */
/* One pipeline of queries, and the second connection that takes a share of them. Only for introspect-*.c. */
#ifndef DARA_POSTGRES_INTROSPECT_LINE_H
#define DARA_POSTGRES_INTROSPECT_LINE_H

#include <pthread.h>

#include "introspect.h"

/* What a statement of the pipeline is, where it is not the number of a query. */
enum { POSTGRES_LINE_CONTROL = -1, POSTGRES_LINE_PROBE = -2, POSTGRES_LINE_EXPORT = -3 };

/* The queries: those always read, those of them that a second connection may take, and those that a probe says are wanted. */
enum { POSTGRES_SHARE_USUAL = 1, POSTGRES_SHARE_APART = 2, POSTGRES_SHARE_RARE = 4 };

struct postgres_line {
    PGconn *pg;
    int version;
    const struct postgres_query *const *queries;
    struct postgres_fetched *fetched;
    int sent[POSTGRES_QUERY_COUNT + 8]; /* one of the above, or the number of a query */
    size_t sent_count, received;
    bool wanted[POSTGRES_QUERY_COUNT]; /* rare kinds that are there, as the probe said */
    bool large;                        /* and whether there is much to read */
    char snapshot[64];                 /* the name of the exported one, or "" */
    PGresult *bad;                     /* the first result that is an error … */
    int bad_query;                     /* … and what it was of */
};

/* All of these return 0, or -1 when nothing more can be sent. */
int postgres_line_send(struct postgres_line *line, const char *sql, int what);
/* One row of booleans: for each rare query, whether the database has any of its kind; and whether there is much to read. */
int postgres_line_probe(struct postgres_line *line);
int postgres_line_queries(struct postgres_line *line, unsigned shares);

/* Read what was sent, up to the end of the pipeline or, with `probe`, up to the probe's result. */
void postgres_line_receive(struct postgres_line *line, bool probe);

/* Settings that all queries want, for one transaction: the path, then the rest. introspect-fetch.c */
extern const char postgres_line_path[], postgres_line_settings[];

/* introspect-apart.c: the share of a second connection, which sees the same snapshot. */
struct postgres_apart {
    struct postgres_line line;
    pthread_t thread;
    bool running;
    char timeouts[256];
};
/* Whether this connection may have a second one beside it: a way so short that connecting is cheap, no pooler, and a transaction that
 * has written nothing, which is what the other could not see. */
bool postgres_apart_possible(const struct dara_conn *conn);
/* Begin to read the share APART of what `line` reads, with the snapshot it exported. False: it cannot be had, and nothing was begun. */
bool postgres_apart_begin(struct dara_conn *conn, const struct postgres_line *line, struct postgres_apart *apart);
/* Wait for it. Its results are with those of the first connection; what was bad is in apart->line. */
void postgres_apart_end(struct dara_conn *conn, struct postgres_apart *apart);

#endif
