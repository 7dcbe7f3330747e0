/* SPDX-License-Identifier: MIT */
/*
 * What the files of the driver for MySQL and MariaDB share: the connection, and the operations that mysql.c puts into tables. Not named
 * mysql.h, because the client library's header is.
 */
#ifndef DARA_MYSQL_MY_H
#define DARA_MYSQL_MY_H

#include <dara/dara.h>
#include <mysql.h>

struct mysql_login;     /* login.h: how to connect, kept for connections beside the first */
struct mysql_canceller; /* cancel.c */
struct mysql_confine;   /* confine.c */
struct mysql_queue;     /* queue.c */
struct mysql_ask;       /* ask.c */
struct mysql_beat;      /* beat.c */

/* What was last seen of a lease that somebody else holds, and since when it stands still (mysql_beat_now()). */
struct mysql_watch {
    unsigned long long token;
    char renewed_at[40];
    long long since_ms;
};

struct dara_conn {
    MYSQL *mysql;
    enum dara_mode mode;
    bool mariadb;     /* MariaDB, else MySQL */
    unsigned version; /* 101119, 90704 */
    char *database, *user, *version_text, *client_text;
    bool pooled;             /* a proxy stands between: the connection it gave is not the one that answers */
    bool multi;              /* several statements in one packet are let through: see mysql_multi() */
    bool folded;             /* names of tables differ by more than case (lower_case_table_names is not 0) */
    bool looked, cluster;    /* what the lock is worth here was looked at; and whether it is a cluster */
    char *lock_name;         /* held by this connection; NULL = none */
    struct mysql_beat *beat; /* keeps the lease that stands for it; NULL = the lock is the connection's own */
    struct mysql_watch watch;
    bool carries, moved; /* the journal has entries of the history; the open transaction moves them: step.c */
    struct mysql_settings *settings;             /* reset.c; NULL until a statement comes that may set something */
    enum dara_begin_purpose purpose;             /* of the transaction, while there is one */
    bool in_transaction;                         /* begun by dara and not ended */
    struct mysql_queue *queue;                   /* what of it waits to be sent; NULL: nothing ever did */
    unsigned lock_step_ms, statement_timeout_ms; /* of one statement */
    struct mysql_login *login;
    struct mysql_canceller *canceller;
    volatile bool cancelled;       /* cancel was called since the last statement began */
    char *scratch_database;        /* dropped at close; NULL otherwise */
    struct mysql_ask *ask;         /* of a rehearsal on a scratch database; NULL otherwise */
    struct mysql_confine *confine; /* of a scratch database; NULL otherwise */
};

/* dara's own tables, left out of the model. */
#define MYSQL_HISTORY_TABLE "dara_migrations"
#define MYSQL_JOURNAL_TABLE "dara_journal"
#define MYSQL_LEASE_TABLE   "dara_lock"

/* ---- fail.c ---- */
/* Set the error from the connection's last one. `code` 0 = choose by the number (lost: connect, 1205 and 1213: locked, 1317 after cancel:
 * interrupted …). The message is the server's after `doing` (may be NULL); native is "1146 42S02"; the line within the statement comes
 * from the server's words where it tells one. Returns the code. */
int mysql_fail(struct dara_conn *conn, int code, const char *doing);
/* What a failed attempt to connect means. Returns DARA_ECONNECT. */
int mysql_fail_connect(MYSQL *mysql, const struct dara_url *url);
int mysql_out_of_memory(void);
/* A copy with malloc; NULL after DARA_EINTERNAL was set. */
char *mysql_copy(const char *string);

/* ---- query.c ---- */
/* Run one statement or, where mysql_multi() is on, several; whatever rows they give are thrown away. */
int mysql_run(struct dara_conn *conn, const char *sql, const char *doing);
/* Run one query; `*ret_result` is whole and freed by mysql_free_result. */
int mysql_rows(struct dara_conn *conn, const char *sql, const char *doing, MYSQL_RES **ret_result);
/* Whether several statements in one packet are let through. Off, but while the driver reads: what a user types is one statement. Costs a
 * round trip only where it changes. */
int mysql_multi(struct dara_conn *conn, bool on);

/* ---- connect.c ---- */
/* A new connection as `login` says, to `database` (NULL: to none). Whoever cannot connect finds why in the error. `url` is for messages. */
int mysql_connect(const struct mysql_login *login, const struct dara_url *url, const char *database, MYSQL **ret_mysql);
/* The same, with so many seconds for it and for each answer afterwards; 0: as long as `login` says, and no limit. */
int mysql_connect_within(const struct mysql_login *login, const struct dara_url *url, const char *database,
                         unsigned seconds, MYSQL **ret_mysql);
/* Settings of a new connection, and what to know of the server: one round trip. */
int mysql_connect_settle(struct dara_conn *conn);
/* Whether CONNECTION_ID(), as text, is that of the connection we were greeted on. */
bool mysql_is_connection(const struct dara_conn *conn, const char *id);

/* ---- session.c, cancel.c, diagnose.c ---- */
int mysql_session_open(const struct dara_open *request, struct dara_conn **ret_conn);
void mysql_session_close(struct dara_conn *conn);
int mysql_session_describe(struct dara_conn *conn, struct dara_server *ret_server);
int mysql_session_ping(struct dara_conn *conn);
int mysql_session_create(const struct dara_open *request, bool *ret_existed);
void mysql_session_cancel(struct dara_conn *conn);
int mysql_session_diagnose(struct dara_conn *conn, struct dara_checks *checks);
/* A connection object as `request` says, to `database` (NULL: to none) of the server. */
int mysql_session_attach(const struct dara_open *request, const char *database, struct dara_conn **ret_conn);
/* A thread that sends KILL QUERY when it is woken; `login` must outlive it. Without one, cancel takes effect between statements. */
struct mysql_canceller *mysql_canceller_new(const struct mysql_login *login, unsigned long connection);
struct mysql_canceller *mysql_canceller_free(struct mysql_canceller *canceller);
/* Async-signal-safe. */
void mysql_canceller_wake(struct mysql_canceller *canceller);
/* Until what it was woken for is done: a KILL QUERY that comes late would end the next statement. */
void mysql_canceller_wait(struct mysql_canceller *canceller);
/* The statement that is sent next has `ms` milliseconds; 0: none runs any more, and none is ended from now on. */
void mysql_canceller_limit(struct mysql_canceller *canceller, unsigned ms);
/* Whether the last statement that had a limit was ended for it. */
bool mysql_canceller_expired(struct mysql_canceller *canceller);

/* ---- kinds.c, introspect*.c ---- */
extern const struct dara_kind *const mysql_kinds[];
int mysql_introspect_read(struct dara_conn *conn, const struct dara_read *request, struct dara_model *model);
int mysql_introspect_sizes(struct dara_conn *conn, struct dara_sizes *sizes);
int mysql_introspect_count_rows(struct dara_conn *conn, const struct dara_object *object, uint64_t *ret_rows);

/* ---- audit.c ---- */
extern const struct dara_rule *const mysql_audit_rules[];
int mysql_audit_schema(const struct dara_model *model, struct dara_audit *audit);
unsigned mysql_audit_type(const struct dara_object *column);
int mysql_audit_index(const struct dara_object *object, struct dara_index *index);
int mysql_audit_probe(const struct dara_model *model, struct dara_probes *probes); /* probe.c */
int mysql_audit_fix(const char *rule, const struct dara_object *object, struct dara_text *out);

/* ---- render*.c, bulk.c ---- */
int mysql_dialect_render(const struct dara_object *object, struct dara_text *out);
int mysql_dialect_render_unowned(const struct dara_object *object, struct dara_text *out);
int mysql_dialect_write(const char *text, size_t length, struct dara_text *out);
int mysql_dialect_render_asked(const struct dara_object *object, unsigned scope, struct dara_text *out);
int mysql_dialect_begin_snapshot(const struct dara_model *model, struct dara_text *out);
int mysql_dialect_end_snapshot(const struct dara_model *model, struct dara_text *out);
int mysql_bulk_export_rows(struct dara_conn *conn, const struct dara_object *object,
                           int (*write)(void *context, const char *bytes, size_t length), void *context,
                           uint64_t *ret_rows);
int mysql_bulk_restoring(struct dara_conn *conn, bool begins);

#endif
