/* SPDX-License-Identifier: MIT */
/*
 * What the files of the driver for MongoDB share: the connection, and the operations that mongodb.c puts into tables.
 */
#ifndef DARA_MONGODB_MG_H
#define DARA_MONGODB_MG_H

#include <dara/dara.h>
#include <mongoc/mongoc.h>

struct mongodb_lease;     /* lease.c */
struct mongodb_canceller; /* cancel.c */

struct dara_conn {
    mongoc_uri_t *uri;
    mongoc_client_t *client;
    enum dara_mode mode;
    char *database, *user, *version, *client_text, *application;
    bool replica_set, sharded, primary; /* what the server says of itself */
    unsigned statement_timeout_ms;
    enum dara_begin_purpose purpose;  /* of the transaction, while there is one */
    bool in_transaction;              /* begun by dara and not ended */
    mongoc_client_session_t *session; /* of a transaction that the server knows of; NULL otherwise */
    bson_t *options;                  /* what the last options step said; NULL: nothing */
    struct mongodb_lease *lease;      /* held by this connection; NULL = none */
    struct mongodb_canceller *canceller;
    volatile bool cancelled; /* cancel was called since the last command began */
    char *scratch_home;      /* of a scratch database: the one that it stands for; NULL otherwise */
    bool scratch;            /* the database is dropped at close */
};

/* dara's own collections, left out of the model. */
#define MONGODB_HISTORY "dara_migrations"
#define MONGODB_JOURNAL "dara_journal"
#define MONGODB_LOCK    "dara_lock"

/* ---- fail.c ---- */
/* Set the error from what the library or the server said. `code` 0 = choose by the number (lost: connect, 112: locked …). The message is the server's
 * after `doing` (may be NULL); native is "11000 DuplicateKey". `reply` may be NULL. Returns the code. */
int mongodb_fail(struct dara_conn *conn, int code, const char *doing, const bson_error_t *error, const bson_t *reply);
/* What a failed attempt to connect means. Returns DARA_ECONNECT. */
int mongodb_fail_connect(const struct dara_url *url, const bson_error_t *error);
int mongodb_out_of_memory(void);
/* A copy with malloc; NULL after DARA_EINTERNAL was set. NULL gives NULL without an error. */
char *mongodb_copy(const char *string);

/* ---- run.c ---- */
enum mongodb_run_flag {
    MONGODB_RUN_WRITES = 1u << 0,  /* outside a transaction: acknowledged by the majority */
    MONGODB_RUN_APART = 1u << 1,   /* not part of the running transaction */
    MONGODB_RUN_LIMITED = 1u << 2, /* ended by the server after --statement-timeout */
};
/* Run a command on `database` (NULL: the connection's) and see that it did all that it was to do. `ret_reply` may be NULL; else it is
 * initialised whatever is returned, and destroyed by the caller. */
int mongodb_run(struct dara_conn *conn, const char *database, const bson_t *command, unsigned flags, const char *doing,
                bson_t *ret_reply);
/* The same for a command that gives a cursor. mongoc_cursor_destroy() it. */
int mongodb_cursor(struct dara_conn *conn, const char *database, const bson_t *command, unsigned flags,
                   const char *doing, mongoc_cursor_t **ret_cursor);
/* 0, or what went wrong while the cursor was read. */
int mongodb_cursor_check(struct dara_conn *conn, mongoc_cursor_t *cursor, const char *doing);
/* The server's number of the error set last, from its native part; 0 = none. */
int mongodb_error_number(void);

/* ---- connect.c ---- */
/* A connection object as `request` says, to `database`. */
int mongodb_attach(const struct dara_open *request, const char *database, struct dara_conn **ret_conn);
/* One more client with the same URL. mongoc_client_destroy() it. NULL after the error was set. */
mongoc_client_t *mongodb_client_new(const struct dara_conn *conn);

/* ---- session.c, cancel.c, diagnose.c ---- */
int mongodb_session_open(const struct dara_open *request, struct dara_conn **ret_conn);
void mongodb_session_close(struct dara_conn *conn);
int mongodb_session_describe(struct dara_conn *conn, struct dara_server *ret_server);
int mongodb_session_ping(struct dara_conn *conn);
void mongodb_session_cancel(struct dara_conn *conn);
/* A thread that ends what the connection of that number runs when it is woken; the URL and names of `conn` must outlive it. NULL: there is none,
 * and cancel takes effect between commands. */
struct mongodb_canceller *mongodb_canceller_new(const struct dara_conn *conn, int64_t connection);
struct mongodb_canceller *mongodb_canceller_free(struct mongodb_canceller *canceller); /* accepts NULL */
/* Async-signal-safe. */
void mongodb_canceller_wake(struct mongodb_canceller *canceller);
/* Until what it was woken for is done: a killOp that comes late would end the next command. */
void mongodb_canceller_wait(struct mongodb_canceller *canceller);
int mongodb_session_diagnose(struct dara_conn *conn, struct dara_checks *checks);

/* ---- kinds.c, introspect*.c ---- */
extern const struct dara_kind *const mongodb_kinds[];
int mongodb_introspect_read(struct dara_conn *conn, const struct dara_read *request, struct dara_model *model);
int mongodb_introspect_count_rows(struct dara_conn *conn, const struct dara_object *object, uint64_t *ret_rows);

#endif
