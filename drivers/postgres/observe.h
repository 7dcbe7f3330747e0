/* SPDX-License-Identifier: MIT */
/* What a rehearsal does to other sessions, and for whom a statement waits. */
#ifndef DARA_POSTGRES_OBSERVE_H
#define DARA_POSTGRES_OBSERVE_H

#include "pg.h"

struct postgres_observer;

/* observe.c: while a rehearsal is observed, the question about locks goes to the server together with each statement. */
/* Put the question behind a statement that was sent in pipeline mode; false where the client library could not. */
bool postgres_observe_send(struct dara_conn *conn);
/* Keep its answer for the next `observe`; `result` is owned from now on, and may be a failed one. */
void postgres_observe_take(struct dara_conn *conn, PGresult *result);
void postgres_observe_end(struct dara_conn *conn);

/* lock-mode.c: the modes of table locks, the weakest first. */
#define POSTGRES_LOCK_MODES 8
/* By the name in pg_locks ("AccessShareLock"): 0 to 7, or -1 for what is no lock of a table. */
int postgres_lock_mode(const char *name);
/* "ACCESS SHARE", and what it does to others in words. */
const char *postgres_lock_name(int mode);
const char *postgres_lock_effect(int mode);
bool postgres_lock_conflicts(int mode, int other);

/* watch.c */
/* Wait until the statement that was sent has an answer. Meanwhile tell for whom it waits: asked on a second connection, made when
 * it is needed. Returns when there is something to read, or the connection is lost. */
void postgres_watch(struct dara_conn *conn, struct dara_result *reader);
/* Fill `ret_other` from five columns: process, user, application, state, since. Borrowed from `result`. */
void postgres_watch_read(const PGresult *result, int row, int column, struct dara_other *ret_other);
/* The columns that postgres_watch_read() takes, of pg_stat_activity as `a`. */
#define POSTGRES_OTHER_COLUMNS                                                       \
    " a.usename, coalesce(nullif(a.application_name, ''), a.backend_type), a.state," \
    " pg_catalog.to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
void postgres_watch_end(struct dara_conn *conn);

#endif
