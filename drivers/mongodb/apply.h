/* SPDX-License-Identifier: MIT */
/* What the files of the apply, scratch and bulk groups share. */
#ifndef DARA_MONGODB_APPLY_H
#define DARA_MONGODB_APPLY_H

#include "mg.h"

int mongodb_apply_lock(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder);
int mongodb_apply_unlock(struct dara_conn *conn);
int mongodb_apply_begin(struct dara_conn *conn, enum dara_begin_purpose purpose);
int mongodb_apply_execute(struct dara_conn *conn, const char *text, size_t length, struct dara_result *result);
int mongodb_apply_commit(struct dara_conn *conn);
int mongodb_apply_rollback(struct dara_conn *conn);
int mongodb_apply_reset(struct dara_conn *conn);
int mongodb_apply_history_ensure(struct dara_conn *conn);
int mongodb_apply_history_list(struct dara_conn *conn, struct dara_history *history);
int mongodb_apply_history_record(struct dara_conn *conn, const struct dara_history_entry *entry);
int mongodb_apply_history_record_all(struct dara_conn *conn, const struct dara_history_entry *entries, size_t count);
int mongodb_apply_journal_ensure(struct dara_conn *conn);
int mongodb_apply_journal_list(struct dara_conn *conn, bool pieces, struct dara_journal *journal);
int mongodb_apply_journal_record(struct dara_conn *conn, const struct dara_journal_entry *entries, size_t count);
int mongodb_apply_journal_forget(struct dara_conn *conn, const char *run);
int mongodb_scratch_open(const struct dara_open *request, struct dara_conn **ret_conn);
int mongodb_bulk_export_rows(struct dara_conn *conn, const struct dara_object *object,
                             int (*write)(void *context, const char *bytes, size_t length), void *context,
                             uint64_t *ret_rows);

/* End what transaction there is, without a word of what goes wrong. */
void mongodb_session_end(struct dara_conn *conn);
/* Drop the database that mongodb_scratch_open() made, if this is a connection to one. */
void mongodb_scratch_drop(struct dara_conn *conn);

/* ---- confine.c ---- */
struct mongodb_command;
/* The command as the server takes it: whole names where it wants them. On a scratch database nothing that reaches past it: DARA_EUNSUPPORTED.
 * `*ret_sent` is bson_destroy()ed by the caller. */
int mongodb_confine(const struct dara_conn *conn, const struct mongodb_command *command, bson_t **ret_sent);

/* ---- lease.c ---- */
/* Hold the lease of the connection's database; a thread renews it until mongodb_lease_free(). DARA_ELOCKED where another holds it, with its
 * owner's text in `holder` (may be NULL). */
int mongodb_lease_take(struct dara_conn *conn, const char *owner, struct dara_text *holder);
/* Give it back. Accepts a connection that holds none; what goes wrong is not told. */
void mongodb_lease_free(struct dara_conn *conn);
/* That the lease, where one was taken, is held still: DARA_ELOCKED. Inside a transaction it makes that transaction fail if another takes the
 * lease before it commits. */
int mongodb_lease_check(struct dara_conn *conn);
/* Whether nobody holds the lease of a database any more, and somebody once did. */
int mongodb_lease_is_dead(struct dara_conn *conn, const char *database, bool *ret_dead);

#endif
