/* SPDX-License-Identifier: MIT */
/* Rows out of a snapshot, back into a table. */
#ifndef DARA_SERVICE_RESTORE_H
#define DARA_SERVICE_RESTORE_H

#include "driver/session.h"
#include "service/snapshot.h"

/* The rows a snapshot has of this object, or NULL. Borrowed from the snapshot. */
const struct dara_snapshot_rows *dara_restore_find(const struct dara_snapshot *snapshot,
                                                   const struct dara_object *object);

/* The same in any list. */
const struct dara_snapshot_rows *dara_restore_find_in(const struct dara_snapshot_rows *rows, size_t count,
                                                      const struct dara_object *object);

/* Run the statements that restore them, inside the session's transaction. Memory does not grow with the number of rows, only
 * with the longest statement. */
int dara_restore_rows(struct dara_session *session, const struct dara_snapshot *snapshot,
                      const struct dara_snapshot_rows *rows);
/* The same in a transaction of their own, all or none; `finish` records it as the last of it. */
int dara_restore_rows_apart(struct dara_session *session, const struct dara_snapshot *snapshot,
                            const struct dara_snapshot_rows *rows, int (*finish)(void *context), void *context);

#endif
