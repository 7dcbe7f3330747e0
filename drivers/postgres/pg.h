/* SPDX-License-Identifier: MIT */
/* What the files of the PostgreSQL driver share: the connection, and the operations that postgres.c puts into tables. */
#ifndef DARA_POSTGRES_PG_H
#define DARA_POSTGRES_PG_H

#include <dara/dara.h>
#include <libpq-fe.h>

/* What a service that PostgreSQL is part of brings along. Drivers composed from this one name it; on plain PostgreSQL there is none. */
struct postgres_platform {
    const char *const
        *schemas;           /* its own, NULL-ended: left out of the model, but for what others hang on their tables */
    const char *own_schema; /* where dara's own tables are */
    const char *users;      /* its table of users, as a regclass shows it; NULL: users are told by a setting */
    const char *user_role, *nobody_role; /* roles of users, and of those who are none; NULL: it has none of its own */
};

struct dara_conn {
    PGconn *pg;
    const struct postgres_platform *platform; /* or NULL */
    enum dara_mode mode;
    int version; /* PQserverVersion: 150004 */
    char *database, *user, *version_text, *client_text;
    bool pooled;                       /* a pooler stands between: as far as is known, session state is nobody's */
    bool pooler_known, pooler_session; /* postgres_pooler_find() looked; it keeps a session for each client */
    bool in_transaction;
    char *lock_owner; /* the lock is wanted (taken in every begin where it lives in a transaction); NULL = not */
    bool lock_held;   /* session-level lock held by this connection */
    unsigned lock_timeout_ms, statement_timeout_ms;
    unsigned lock_step_ms;       /* lock_timeout of statements in a transaction */
    bool near;                   /* an answer takes less than some milliseconds */
    bool alone;                  /* a second connection to read with could not be had */
    PGcancel *apart_cancel;      /* of the second connection while it reads; NULL otherwise */
    PGcancel *cancel;            /* made at open: PQcancel is async-signal-safe */
    char *journal_schema;        /* quoted, once it is known: a file may set another search path; NULL otherwise */
    char *scratch_database;      /* dropped at close; NULL otherwise */
    PGconn *maintenance;         /* where it was made from, and where its lock is held */
    PGconn *guard;               /* through a pooler: the transaction that holds the lock, on a connection of its own */
    bool row_view;               /* a transaction begun only to read */
    bool row_view_used;          /* something was read in it */
    volatile bool cancelled;     /* cancel was called since the last statement began */
    struct dara_result *notices; /* where notices of the running statement go */
    int backend;                 /* through a pooler: the process that runs this transaction; 0 = the announced one */
    PGconn *watch;      /* a second connection, to see for whom a statement of the first one waits; NULL until then */
    bool watch_refused; /* it could not be made */
    struct postgres_observer *observer; /* of the running rehearsal (observe.h), or NULL */
};

/* dara's own tables, left out of the model. */
#define POSTGRES_HISTORY_TABLE "dara_migrations"
#define POSTGRES_JOURNAL_TABLE "dara_journal"

/* Set the error from a failed result or from the connection (result NULL). `code` 0 = choose by SQLSTATE (08*: connect, 55P03/40P01:
 * locked, 57014: interrupted or timed out, 25006: read-only, 53100: disk full …). Message, DETAIL and HINT are the server's; native is the
 * SQLSTATE; the line comes from the position within `statement` (may be NULL). Clears `result`. Returns the code. */
int postgres_fail(struct dara_conn *conn, PGresult *result, int code, const char *doing, const char *statement);

/* Run one command that returns no rows (or whose rows do not matter). */
int postgres_run(struct dara_conn *conn, const char *sql, const char *doing);
/* Run a query of the driver's own with text parameters (count may be 0), see postgres_ask(); `*ret_result` is PGRES_TUPLES_OK and freed by
 * PQclear. */
int postgres_query(struct dara_conn *conn, const char *sql, int count, const char *const *values, const char *doing,
                   PGresult **ret_result);
/* The same where names are looked up as the user's: in the search path as it is. Operators and functions are to be qualified. */
int postgres_query_open(struct dara_conn *conn, const char *sql, int count, const char *const *values,
                        const char *doing, PGresult **ret_result);
/* Run a statement of the driver's own that returns no rows, see postgres_ask(). */
int postgres_write_own(struct dara_conn *conn, const char *sql, int count, const char *const *values,
                       const char *doing);
/* One statement with text parameters, in one round trip, while the search path is pg_catalog alone, so that nobody's functions, operators or
 * types are met. It must be able to run in a transaction, and not end one. The result is PQexecParams()'s. */
PGresult *postgres_ask(PGconn *pg, const char *sql, int count, const char *const *values);
/* For a pipeline of several such statements: before the first and behind the last; `inside`: a transaction was there before the pipeline. Each gives a
 * row. Return false if it cannot be sent. */
bool postgres_send_hide(PGconn *pg);
bool postgres_send_show(PGconn *pg, bool inside);
/* In such a statement: the schemas of the search path that is in force otherwise, an array of names; dara.path is that path as it was set. */
#define POSTGRES_SCHEMAS "pg_catalog.current_setting('dara.schemas')::pg_catalog.name[]"

/* fail.c: what a failed attempt to connect means; `pg` may be NULL. Returns DARA_ECONNECT or DARA_EINTERNAL. */
int postgres_fail_connect(PGconn *pg, const struct dara_url *url);
/* An error that says that the connection is gone, or 0 while it is there. */
int postgres_check_alive(struct dara_conn *conn, const char *doing);

/* connect.c: a new connection to what `request` names, or to another database of the same server (`database` not NULL). */
int postgres_connect(const struct dara_open *request, const char *database, PGconn **ret_pg);
/* One more connection like one that is there. */
int postgres_connect_again(PGconn *like, PGconn **ret_pg);
/* Timeouts, modes and what to know of the server, on a new connection. */
int postgres_connect_settle(struct dara_conn *conn);

/* pooler.c: find out which kind of pooler it is, once; asks on connections of its own. */
void postgres_pooler_find(struct dara_conn *conn);

/* own.c: where the table of dara's own is, or can be made: `*ret_schema` is quoted, to be freed by PQfreemem, NULL where no schema of the search
 * path takes it. `columns` is an array in text form. DARA_ECONFIG: it has not all of these; DARA_ESTATEMENT: this role may not use its schema. */
int postgres_own_find(struct dara_conn *conn, const char *table, const char *columns, const char *doing,
                      bool *ret_there, char **ret_schema);
int postgres_own_fail_nowhere(const char *what);

/* lock.c */
/* That the lock is held still, or taken again where a lost connection took it; 0 when none is wanted. */
int postgres_lock_check(struct dara_conn *conn);
/* Who holds dara's lock on this database: one text, or no row when nobody does. */
extern const char postgres_lock_holder_sql[];

/* A copy with malloc; NULL after DARA_EINTERNAL was set. */
char *postgres_strdup(const char *string);
/* A name in SQL, qualified where `space` is not NULL; the caller frees it. NULL: the error is set. */
char *postgres_quoted(struct dara_conn *conn, const char *space, const char *name);

/* session.c */
int postgres_session_open(const struct dara_open *request, struct dara_conn **ret_conn);
void postgres_session_close(struct dara_conn *conn);
int postgres_session_describe(struct dara_conn *conn, struct dara_server *ret_server);
int postgres_session_ping(struct dara_conn *conn);
int postgres_session_create(const struct dara_open *request, bool *ret_existed);
void postgres_session_cancel(struct dara_conn *conn);
int postgres_session_diagnose(struct dara_conn *conn, struct dara_checks *checks);
int postgres_scratch_open(const struct dara_open *request, struct dara_conn **ret_conn);
/* Drop the database that postgres_scratch_open() made, if this is a connection to one. */
void postgres_scratch_drop(struct dara_conn *conn);
/* A connection object for `pg`, which it owns from now on, also on failure. */
int postgres_session_attach(const struct dara_open *request, PGconn *pg, struct dara_conn **ret_conn);
/* A connection to the server's maintenance database. */
int postgres_session_maintenance(const struct dara_open *request, PGconn **ret_pg);

/* kinds.c, introspect*.c */
extern const struct dara_kind *const postgres_kinds[];
int postgres_introspect_read(struct dara_conn *conn, const struct dara_read *request, struct dara_model *model);
int postgres_introspect_count_rows(struct dara_conn *conn, const struct dara_object *object, uint64_t *ret_rows);

/* dialect */
int postgres_dialect_quote(struct dara_conn *conn, const char *name, struct dara_text *out);
int postgres_dialect_split(struct dara_conn *conn, const char *script, size_t length,
                           struct dara_statements *statements);
int postgres_dialect_classify(struct dara_conn *conn, const char *text, size_t length, struct dara_facts *facts);
int postgres_dialect_read_rows(const struct dara_object *object, const char *const *fields, size_t count,
                               struct dara_text *out);
int postgres_dialect_delete_rows(const struct dara_object *object, struct dara_text *out);
int postgres_dialect_render(const struct dara_object *object, struct dara_text *out);
int postgres_dialect_render_asked(const struct dara_object *object, unsigned scope, struct dara_text *out);
int postgres_dialect_change(const struct dara_diff *diff, const struct dara_change *change, struct dara_plan *plan);
int postgres_dialect_rename(const struct dara_object *object, const char *space, const char *name,
                            struct dara_plan *plan);
int postgres_dialect_prepare(struct dara_diff *diff);
int postgres_dialect_begin_plan(const struct dara_diff *diff, struct dara_plan *plan);
int postgres_dialect_end_plan(const struct dara_diff *diff, struct dara_plan *plan);
int postgres_dialect_begin_snapshot(const struct dara_model *model, struct dara_text *out);
int postgres_dialect_end_snapshot(const struct dara_model *model, struct dara_text *out);

/* apply */
int postgres_apply_lock(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder);
int postgres_apply_unlock(struct dara_conn *conn);
int postgres_apply_begin(struct dara_conn *conn, enum dara_begin_purpose purpose);
int postgres_apply_execute(struct dara_conn *conn, const char *text, size_t length, struct dara_result *result);
int postgres_apply_execute_all(struct dara_conn *conn, const struct dara_batch_item *items, size_t count,
                               struct dara_result *result);
int postgres_apply_commit(struct dara_conn *conn);
int postgres_apply_rollback(struct dara_conn *conn);
int postgres_apply_history_ensure(struct dara_conn *conn);
int postgres_apply_history_list(struct dara_conn *conn, struct dara_history *history);
/* Rows of kind, version, name, state, checksum, fingerprint, applied_at, applied_by, tool, duration_ms. */
void postgres_history_add_rows(const PGresult *result, struct dara_history *history);
int postgres_apply_history_record(struct dara_conn *conn, const struct dara_history_entry *entry);
int postgres_apply_history_record_all(struct dara_conn *conn, const struct dara_history_entry *entries, size_t count);
int postgres_apply_validate(struct dara_conn *conn);
int postgres_apply_savepoint(struct dara_conn *conn, const char *name);
int postgres_apply_release(struct dara_conn *conn, const char *name);
int postgres_apply_rollback_to(struct dara_conn *conn, const char *name);
int postgres_apply_reset(struct dara_conn *conn);
int postgres_apply_observe(struct dara_conn *conn, struct dara_observed *observed);
int postgres_apply_journal_ensure(struct dara_conn *conn);
int postgres_apply_journal_list(struct dara_conn *conn, bool pieces, struct dara_journal *journal);
int postgres_apply_journal_record(struct dara_conn *conn, const struct dara_journal_entry *entries, size_t count);
int postgres_apply_journal_forget(struct dara_conn *conn, const char *run);
int postgres_apply_weigh(struct dara_conn *conn, const char *text, size_t length, struct dara_facts *facts);
int postgres_apply_settle(struct dara_conn *conn, const char *text, size_t length, enum dara_outcome *ret_outcome);

/* audit*.c */
extern const struct dara_rule *const postgres_audit_rules[];
int postgres_audit_schema(const struct dara_model *model, struct dara_audit *audit);
int postgres_audit_probe(const struct dara_model *model, struct dara_probes *probes);
int postgres_audit_file(const struct dara_lint_statement *statements, size_t count);
unsigned postgres_audit_type(const struct dara_object *column);
int postgres_audit_index(const struct dara_object *object, struct dara_index *index);
int postgres_audit_fix(const char *rule, const struct dara_object *object, struct dara_text *out);
bool postgres_audit_follows(const struct dara_object *table);

/* policy*.c */
int postgres_policy_find(struct dara_conn *conn, const struct dara_actor *wanted, size_t count,
                         struct dara_actors *actors);
int postgres_policy_act(struct dara_conn *conn, const struct dara_actor *actor);
int postgres_policy_access(struct dara_conn *conn, const struct dara_access_request *request,
                           struct dara_access *access);
int postgres_policy_install(struct dara_conn *conn, const struct dara_policy_request *request, struct dara_plan *plan);
int postgres_policy_prove(struct dara_conn *conn, const struct dara_policy_request *request,
                          struct dara_checks *checks);

/* bulk */
int postgres_bulk_export_rows(struct dara_conn *conn, const struct dara_object *object,
                              int (*write)(void *context, const char *bytes, size_t length), void *context,
                              uint64_t *ret_rows);

#endif
