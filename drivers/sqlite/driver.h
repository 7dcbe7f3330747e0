/* SPDX-License-Identifier: MIT */
/* What the files of the SQLite driver share: the connection, and the operations that sqlite.c puts into tables. */
#ifndef DARA_SQLITE_DRIVER_H
#define DARA_SQLITE_DRIVER_H

#include <dara/dara.h>
#include <sqlite3.h>

struct dara_conn {
    sqlite3 *db;
    enum dara_mode mode;
    char *path;  /* absolute path of the file, symbolic links resolved; NULL for scratch */
    int lock_fd; /* -1 while the lock is not held */
    char *lock_path;
    unsigned lock_timeout_ms;
    unsigned statement_timeout_ms;
    bool in_transaction;          /* begun, and neither committed nor rolled back by dara */
    bool schema_transaction;      /* foreign keys are checked at commit */
    bool foreign_keys_asked;      /* the script itself set PRAGMA foreign_keys before the transaction: left alone */
    bool settings_made;           /* a script used a PRAGMA with a value since the last reset */
    int trusted_schema;           /* as SQLite was built */
    bool violations_known;        /* `violations` still holds, unless another connection wrote since */
    sqlite3_int64 violations;     /* foreign key violations there were at begin */
    sqlite3_int64 violations_now; /* what validate counted last in this transaction; -1 = not counted */
    sqlite3_int64 data_version;   /* PRAGMA data_version when `violations` was counted */
    sqlite3 *noted;               /* private: the violations of two generations; NULL while there are none */
    sqlite3_int64 generation;     /* of those at begin; the next one is what was read last */
    sqlite3_int64 deadline_ms;    /* of the running statement, for the progress handler; 0 = none */
    bool timed_out;               /* the progress handler stopped the statement at its deadline */
    int internal;                 /* above 0: a statement of the driver's own runs, which Ctrl-C does not stop */
    bool scripted;                /* a statement of the user's is compiled: transaction control is refused */
    sqlite3_stmt *record;         /* writes an entry of the history; NULL until it is needed */
    const char *denied;           /* what the authorizer refused last, in words; NULL = nothing */
    volatile int cancelled;
    char *version, *client; /* for describe */
};

/* Names of dara's own tables: left out of the model. */
#define SQLITE_HISTORY_TABLE "dara_migrations"

/* Set the error from the connection's last one: `code` is the dara code, or 0 to choose by the result (busy, corrupt, not a
 * database, read-only, full, interrupted …). Returns the code. */
int sqlite_fail(struct dara_conn *conn, int code, const char *doing);

/* The name of an extended result code ("SQLITE_CONSTRAINT_UNIQUE"). Static. */
const char *sqlite_code_name(int extended);

/* open.c: what open, scratch and diagnose share. */
/* The absolute path a URL names, free(). Refuses unknown options and ":memory:"; `*ret_read_only` is set for mode=ro. */
int sqlite_open_path(const struct dara_url *url, char **ret_path, bool *ret_read_only);
/* Run one statement of the driver's own, its rows unread. `doing` as in sqlite_fail. */
int sqlite_run(struct dara_conn *conn, const char *sql, const char *doing);
/* The first column of the first row as an integer; `fallback` when there is no row. */
int sqlite_run_int(struct dara_conn *conn, const char *sql, sqlite3_int64 fallback, sqlite3_int64 *ret_value);
/* Milliseconds of a clock that never goes back. */
sqlite3_int64 sqlite_clock_ms(void);
/* A copy with malloc; NULL after DARA_EINTERNAL was set. */
char *sqlite_strdup(const char *string);
/* Limits, handlers and pragmas that every connection of this driver gets. conn->db is open, conn->mode set. */
int sqlite_open_configure(struct dara_conn *conn);

/* Wait for other programs' locks, as long as the connection may. */
void sqlite_open_patience(struct dara_conn *conn);

/* session.c */
int sqlite_session_open(const struct dara_open *request, struct dara_conn **ret_conn);
void sqlite_session_close(struct dara_conn *conn);
int sqlite_session_describe(struct dara_conn *conn, struct dara_server *ret_server);
int sqlite_session_ping(struct dara_conn *conn);
int sqlite_session_create(const struct dara_open *request, bool *ret_existed);
void sqlite_session_cancel(struct dara_conn *conn);
int sqlite_session_diagnose(struct dara_conn *conn, struct dara_checks *checks);
int sqlite_scratch_open(const struct dara_open *request, struct dara_conn **ret_conn);

/* kinds.c, introspect.c */
extern const struct dara_kind *const sqlite_kinds[];
int sqlite_introspect_read(struct dara_conn *conn, const struct dara_read *request, struct dara_model *model);
int sqlite_introspect_count_rows(struct dara_conn *conn, const struct dara_object *object, uint64_t *ret_rows);

/* dialect */
int sqlite_dialect_quote(struct dara_conn *conn, const char *name, struct dara_text *out);
int sqlite_dialect_split(struct dara_conn *conn, const char *script, size_t length, struct dara_statements *statements);
int sqlite_dialect_classify(struct dara_conn *conn, const char *text, size_t length, struct dara_facts *facts);
int sqlite_dialect_read_rows(const struct dara_object *object, const char *const *fields, size_t count,
                             struct dara_text *out);
int sqlite_dialect_delete_rows(const struct dara_object *object, struct dara_text *out);
int sqlite_dialect_render(const struct dara_object *object, struct dara_text *out);
int sqlite_dialect_change(const struct dara_diff *diff, const struct dara_change *change, struct dara_plan *plan);
int sqlite_dialect_rename(const struct dara_object *object, const char *space, const char *name,
                          struct dara_plan *plan);
int sqlite_dialect_prepare(struct dara_diff *diff);
int sqlite_dialect_begin_snapshot(const struct dara_model *model, struct dara_text *out);
int sqlite_dialect_end_snapshot(const struct dara_model *model, struct dara_text *out);

/* apply */
int sqlite_apply_lock(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder);
int sqlite_apply_unlock(struct dara_conn *conn);
int sqlite_apply_begin(struct dara_conn *conn, enum dara_begin_purpose purpose);
int sqlite_apply_execute(struct dara_conn *conn, const char *text, size_t length, struct dara_result *result);
int sqlite_apply_commit(struct dara_conn *conn);
int sqlite_apply_rollback(struct dara_conn *conn);
int sqlite_apply_history_ensure(struct dara_conn *conn);
int sqlite_apply_history_list(struct dara_conn *conn, struct dara_history *history);
int sqlite_apply_history_record(struct dara_conn *conn, const struct dara_history_entry *entry);
int sqlite_apply_validate(struct dara_conn *conn);
int sqlite_apply_savepoint(struct dara_conn *conn, const char *name);
int sqlite_apply_release(struct dara_conn *conn, const char *name);
int sqlite_apply_rollback_to(struct dara_conn *conn, const char *name);
int sqlite_apply_reset(struct dara_conn *conn);

/* audit.c */
extern const struct dara_rule *const sqlite_audit_rules[];
int sqlite_audit_schema(const struct dara_model *model, struct dara_audit *audit);
unsigned sqlite_audit_type(const struct dara_object *column);
int sqlite_audit_index(const struct dara_object *object, struct dara_index *index);
int sqlite_audit_probe(const struct dara_model *model, struct dara_probes *probes); /* probe.c */
int sqlite_audit_fix(const char *rule, const struct dara_object *object, struct dara_text *out);

/* bulk */
int sqlite_bulk_export_rows(struct dara_conn *conn, const struct dara_object *object,
                            int (*write)(void *context, const char *bytes, size_t length), void *context,
                            uint64_t *ret_rows);

#endif
