/* SPDX-License-Identifier: MIT */
/* What the files of the apply and scratch groups share. */
#ifndef DARA_MYSQL_APPLY_H
#define DARA_MYSQL_APPLY_H

#include "buffer.h"
#include "my.h"

int mysql_apply_lock(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder);
int mysql_apply_unlock(struct dara_conn *conn);
int mysql_apply_begin(struct dara_conn *conn, enum dara_begin_purpose purpose);
int mysql_apply_execute(struct dara_conn *conn, const char *text, size_t length, struct dara_result *result);
int mysql_apply_commit(struct dara_conn *conn);
int mysql_apply_rollback(struct dara_conn *conn);
int mysql_apply_savepoint(struct dara_conn *conn, const char *name);
int mysql_apply_release(struct dara_conn *conn, const char *name);
int mysql_apply_rollback_to(struct dara_conn *conn, const char *name);
int mysql_apply_reset(struct dara_conn *conn);
int mysql_apply_history_ensure(struct dara_conn *conn);
int mysql_apply_history_list(struct dara_conn *conn, struct dara_history *history);
int mysql_apply_history_record(struct dara_conn *conn, const struct dara_history_entry *entry);
int mysql_apply_journal_ensure(struct dara_conn *conn);
int mysql_apply_journal_list(struct dara_conn *conn, bool pieces, struct dara_journal *journal);
int mysql_apply_journal_record(struct dara_conn *conn, const struct dara_journal_entry *entries, size_t count);
int mysql_apply_journal_forget(struct dara_conn *conn, const char *run);
int mysql_apply_journal_step(struct dara_conn *conn, const struct dara_journal_step *step, struct dara_result *result,
                             bool *recorded);
int mysql_scratch_open(const struct dara_open *request, struct dara_conn **ret_conn);
/* Drop the database that mysql_scratch_open() made, if this is a connection to one. */
void mysql_scratch_drop(struct dara_conn *conn);

/* ---- execute.c ---- */
/* Send `before`, a statement without rows, in one packet with the statement, which does not run where that fails. `*ran` becomes true once
 * it is done. `text` holds no ';'. */
int mysql_apply_execute_behind(struct dara_conn *conn, const struct mysql_buffer *before, const char *text,
                               size_t length, struct dara_result *result, bool *ran);

/* ---- step.c: entries of the history that wait in the journal ---- */
/* Whether there are any. No table is none. */
int mysql_carried_find(struct dara_conn *conn, bool *ret_found);
/* Move them to the history, in the running transaction. */
int mysql_carried_move(struct dara_conn *conn);
/* The same in one of its own, where there are any. */
int mysql_carried_settle(struct dara_conn *conn);

/* ---- confine.c ---- */
/* From now on `conn`, a connection to a scratch database that stands for the database `home`, runs nothing that reaches past it. */
int mysql_confine_begin(struct dara_conn *conn, const char *home);
/* Look at a statement first: `*ret_text` is what to run instead, as long as it is and freed with free(), or NULL where that is the
 * statement itself. DARA_EUNSUPPORTED: it is not run there. */
int mysql_confine(struct dara_conn *conn, const char *text, size_t length, const char *kind, unsigned flags,
                  char **ret_text);
void mysql_confine_free(struct mysql_confine *confine); /* accepts NULL */

/* ---- blockers.c ---- */
/* Tell who may hold what a statement waited for in vain. Leaves the error as it is. */
void mysql_tell_blockers(struct dara_conn *conn, const char *text, size_t length, struct dara_result *result);

/* ---- lock.c ---- */
/* That the lock, where one was taken, is held still; DARA_ELOCKED. */
int mysql_lock_check(struct dara_conn *conn);
/* The same as a condition, without a round trip of its own, behind `before` (" WHERE "); nothing where no lock was taken. */
void mysql_lock_condition(struct dara_conn *conn, struct mysql_buffer *sql, const char *before);
/* Find out, once, what a lock of the connection is worth here; `*ret_holds` is false behind a proxy and on a cluster. */
int mysql_lock_look(struct dara_conn *conn, bool *ret_holds);

/* ---- own-table.c: dara's own tables ---- */
struct mysql_own_table {
    const char *name;
    const char *columns; /* the definition between the parentheses */
    unsigned count;      /* of columns: a table with another number, or other names, is not dara's */
};
/* Make it where it is not there; in a transaction that is running by a connection beside it, since it would commit. DARA_ECONFIG for a
 * table of the name that is somebody else's. A rehearsal makes one that only it sees. */
int mysql_own_table_ensure(struct dara_conn *conn, const struct mysql_own_table *table);
/* Run a query on it: no rows (`*ret_result` NULL) where it does not exist. */
int mysql_own_table_rows(struct dara_conn *conn, const char *sql, const char *doing, MYSQL_RES **ret_result);
/* Append a value, quoted as this session reads strings: NULL is written NULL. */
void mysql_value_add(struct dara_conn *conn, struct mysql_buffer *sql, const char *value);
/* Run what was built, and free it; where it asks, `*ret_result` is whole and freed by mysql_free_result. */
int mysql_buffer_rows(struct dara_conn *conn, struct mysql_buffer *sql, const char *doing, MYSQL_RES **ret_result);
int mysql_buffer_run(struct dara_conn *conn, struct mysql_buffer *sql, const char *doing);

/* ---- reset.c ---- */
/* Before a statement that may set something of the session: remember what holds now. */
int mysql_settings_keep(struct dara_conn *conn, const char *text, size_t length);
void mysql_settings_free(struct dara_conn *conn);

#endif
