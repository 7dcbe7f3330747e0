/* SPDX-License-Identifier: MIT */
/* The way back from a file that stopped part-way, where it destroys nothing. */
#ifndef DARA_SERVICE_TAKE_BACK_H
#define DARA_SERVICE_TAKE_BACK_H

#include "service/journal.h"

/* Why a statement that is done stands in the way, as the end of "statement 3 …"; NULL where it does not. `rows`: as journaled. */
const char *dara_take_back_bar(const struct dara_statement_facts *facts, int64_t rows);

/* What came with the run that goes back: what the statements of a file name, or (a rollback) what its aim has. */
struct dara_take_back_came {
    const struct dara_migration *migration;
    const struct dara_model *target;
    /* Whether an object of the model before held rows or values; NULL: all that may. */
    bool (*held)(void *context, const struct dara_object *object);
    void *context;
};

/* Run the plan: in one transaction where the engine can, else step by step; read, and compare with `before`. DARA_EPARTIAL when it is
 * not the same. On failure nothing is said of how far it came: the next try plans from what is there. `scope`: of the comparison.
 * `finish` (may be NULL) records it, in the transaction that commits it, or in one after the last step. */
int dara_take_back_run(struct dara_session *session, const struct dara_plan *plan, const struct dara_model *before,
                       unsigned scope, int (*finish)(void *context, const struct dara_model *live), void *context);

/* Plan the way from the schema that is there to `before`, and run it where it destroys nothing and drops nothing that did not come with the
 * run: else `*ret_not_back` (free(); NULL before) gets the reason, and nothing is done. The journal is marked before the first step. The
 * others as above. */
int dara_take_back(struct dara_session *session, struct dara_journal_run *journal,
                   const struct dara_take_back_came *came, const struct dara_model *before, unsigned scope,
                   int (*finish)(void *context, const struct dara_model *live), void *context, char **ret_not_back);

/* What the last transaction of a way back does: the history tells the schema that is there now, and the journal of `run` (NULL: none)
 * goes. */
int dara_take_back_close(struct dara_session *session, const char *run, const struct dara_model *live);

#endif
