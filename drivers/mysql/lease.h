/* SPDX-License-Identifier: MIT */
/*
 * The lock as a lease, for where a lock of a connection proves nothing: behind a proxy that gives a connection of the server to one client
 * and then to another, and on a cluster, whose servers know only locks of their own. Whoever holds it has the number (`token`) of the row
 * 'lock' of dara_lock, and renews the row 'beat' until it gives the lock back. The number grows each time the lock is taken, by either way;
 * what a run writes is written only where the number is still its own. Two rows, so that a transaction which holds the first of them
 * does not stop the other from being renewed.
 */
#ifndef DARA_MYSQL_LEASE_H
#define DARA_MYSQL_LEASE_H

#include "buffer.h"
#include "my.h"

enum { MYSQL_LEASE_SKEW_MS = 60000 }; /* between the clocks of a cluster's servers */

/* What the two rows say. */
struct mysql_holding {
    unsigned long long token;
    unsigned lease_ms;   /* 0: nobody's lease */
    long long age_ms;    /* since it was renewed, by the server's clock */
    char renewed_at[40]; /* as the server writes it */
    char *owner;         /* never NULL once read; free() */
    bool alive;          /* it is a lease, and not provably over */
};

/* ---- lease.c: the rows ---- */
/* Read them; no row: `ret->owner` stays NULL. */
int mysql_holding_read(struct dara_conn *conn, struct mysql_holding *ret);
void mysql_holding_free(struct mysql_holding *holding);
/* Make the table and its rows where they are not there. */
int mysql_holding_ensure(struct dara_conn *conn);
/* Take the rows, if they are as they were read, for `lease_ms` (0: the lock is that of a connection); `*ret_token` is 0 where somebody was
 * faster. */
int mysql_holding_take(struct dara_conn *conn, const struct mysql_holding *seen, const char *owner, unsigned lease_ms,
                       unsigned long long *ret_token);
/* Say who holds a lease, how old it is and when it ends. */
void mysql_holding_describe(const struct mysql_holding *holding, struct dara_text *holder);
/* The lease is nobody's from now on. */
int mysql_holding_release(struct dara_conn *conn, unsigned long long token);

/* ---- lease.c: the fence. All of it does nothing where no lease is held ---- */
/* Append a statement that fails, and with it the packet that it stands in, where the number is not ours any more. */
void mysql_fence_add(const struct dara_conn *conn, struct mysql_buffer *sql);
/* What the failure of that statement means. */
int mysql_fence_fail(struct dara_conn *conn);
/* Run it alone. DARA_ELOCKED: the lease was lost. */
int mysql_fence_check(struct dara_conn *conn);
int mysql_lease_lost(const struct dara_conn *conn); /* that error */

/* Run a statement as a transaction of its own; how many rows it changed. 0, or the client library has the error. A cluster's server does a
 * statement without one again by itself where it came too late, and then tells the rows of the first time. */
int mysql_change_alone(MYSQL *mysql, const struct mysql_buffer *sql, unsigned long long *ret_rows);

/* ---- beat.c ---- */
/* A thread with a connection of its own, which renews the lease every third of its time. `since_ms` is mysql_beat_now() of before it was taken. */
int mysql_beat_start(struct dara_conn *conn, unsigned long long token, unsigned lease_ms, long long since_ms);
struct mysql_beat *mysql_beat_stop(struct mysql_beat *beat); /* accepts NULL, returns NULL */
/* Milliseconds, which go on while the process, or the machine, sleeps. */
long long mysql_beat_now(void);
/* Before anything is written: 0 where the lease is known to be held. One that has run out unrenewed (the process slept) is renewed first;
 * DARA_ELOCKED where somebody else has it. */
int mysql_beat_hold(struct dara_conn *conn);
unsigned long long mysql_beat_token(const struct mysql_beat *beat);

#endif
