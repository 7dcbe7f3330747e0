/* SPDX-License-Identifier: MIT */
/* Many statements in one packet, and what each of them gave. */
#ifndef DARA_MYSQL_BATCH_H
#define DARA_MYSQL_BATCH_H

#include "buffer.h"
#include "my.h"

struct mysql_answer {
    MYSQL_RES *result; /* NULL where it failed or gives no rows */
    unsigned error;    /* the server's number, or 0 */
    char *message;     /* its words; NULL where there are none */
    unsigned warnings; /* how many the server has for it */
};

/* Begins as {0}. */
struct mysql_batch {
    struct mysql_buffer sql;
    size_t *starts; /* of each statement in it */
    struct mysql_answer *answers;
    size_t count, room;
};

/* Add a statement, without ';'. Errors: DARA_EINTERNAL, out of memory. */
int mysql_batch_add(struct mysql_batch *batch, const char *sql);
/* Send them all, in as few packets as the server takes, and gather the answers. One that fails does not keep the others from running; it
 * costs a round trip, since a server stops there. Errors: DARA_ECONNECT when the connection is lost, and DARA_EINTERRUPTED. */
int mysql_batch_run(struct dara_conn *conn, struct mysql_batch *batch, const char *doing);
void mysql_batch_free(struct mysql_batch *batch);

#endif
