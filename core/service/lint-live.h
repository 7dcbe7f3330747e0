/* SPDX-License-Identifier: MIT */
/* lint with a connection: how many rows a statement is about. */
#ifndef DARA_SERVICE_LINT_LIVE_H
#define DARA_SERVICE_LINT_LIVE_H

#include "base/text.h"
#include "report/report.h"
#include "service/context.h"

struct dara_lint_live;

/* Look at the database of the call: its model, and how large its tables are. */
int dara_lint_live_open(struct dara_context *context, struct dara_lint_live **ret_live);
struct dara_lint_live *dara_lint_live_free(struct dara_lint_live *live); /* accepts NULL, returns NULL */
static inline void dara_lint_live_free_local(struct dara_lint_live **live)
{
    dara_lint_live_free(*live);
}
#define DARA_LINT_LIVE_LOCAL DARA_CLEANUP(dara_lint_live_free_local) struct dara_lint_live *

/* Append how large the table is that the statement is about ("; table 'orders': about 12000 rows, 3.1 MB"); nothing where it is about none
 * that is there. `*ret_empty`: it has no row at this moment. */
int dara_lint_live_look(struct dara_lint_live *live, const struct dara_statement_facts *facts, bool *ret_empty,
                        struct dara_text *words);

#endif
