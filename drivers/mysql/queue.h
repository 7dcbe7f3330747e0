/* SPDX-License-Identifier: MIT */
/* A transaction of dara's own records, sent as one packet. */
#ifndef DARA_MYSQL_QUEUE_H
#define DARA_MYSQL_QUEUE_H

#include "buffer.h"
#include "my.h"

/* `begin` promises a transaction; what is recorded in it waits with it, until something has to be known or `commit` sends all. Whatever else
 * is sent on the connection sends first what waits. */
int mysql_queue_begin(struct dara_conn *conn);
/* Whether a transaction was promised of which nothing is sent yet. */
bool mysql_queue_waits(const struct dara_conn *conn);
/* Write a record: it waits with its transaction, or is sent at once. `lock`: it writes nothing where the lock was lost, which is then
 * DARA_ELOCKED, or where it is there already. Takes what `sql` holds. */
int mysql_queue_record(struct dara_conn *conn, struct mysql_buffer *sql, const char *doing, bool lock);
/* Send what waits, if anything does. */
int mysql_queue_send(struct dara_conn *conn);
/* Send what waits, if anything does, and COMMIT; DARA_ELOCKED: the lock was lost, nothing of it is there. */
int mysql_queue_commit(struct dara_conn *conn);
/* Forget what waits; the transaction is over. */
void mysql_queue_drop(struct dara_conn *conn);
void mysql_queue_free(struct mysql_queue *queue); /* accepts NULL */

#endif
