/* SPDX-License-Identifier: MIT */
/* Whether a statement took effect that was begun and never recorded as done. */
#ifndef DARA_SERVICE_DOUBT_H
#define DARA_SERVICE_DOUBT_H

#include "service/journal.h"

/* Find out: the driver, a replay on scratch, the names of what the statement makes and drops. `interrupted` with texts; `entry` is one
 * of its statements. Takes away what was left half done. UNKNOWN is no error. Outside a transaction, under the lock. */
int dara_doubt_settle(struct dara_context *context, struct dara_session *session,
                      const struct dara_interrupted *interrupted, const struct dara_journal_entry *entry,
                      enum dara_outcome *ret_outcome);

/* Where `live` stands between the models before and after a statement: DONE or NOTHING where all that the statement changes has the
 * one form or the other, else (also where it changes nothing: `*ret_changes` is 0) UNKNOWN. Pure. */
int dara_doubt_compare(const struct dara_model *before, const struct dara_model *after, const struct dara_model *live,
                       enum dara_outcome *ret_outcome, size_t *ret_changes);

#endif
