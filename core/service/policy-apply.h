/* SPDX-License-Identifier: MIT */
/* Giving a table row-level security, with a proof. */
#ifndef DARA_SERVICE_POLICY_APPLY_H
#define DARA_SERVICE_POLICY_APPLY_H

#include "report/report.h"
#include "service/context.h"

struct dara_policy_apply_request {
    struct dara_policy_request policy;
    bool dry_run;
    bool no_snapshot;
};

/* Show the statements and what they change, snapshot, run them in one transaction, prove them with two made-up users, record and commit.
 * DARA_EDIFFERENT: the proof failed, and nothing is kept; DARA_EUSAGE: the request does not fit the table. Nothing to do is no error. */
int dara_policy_apply(struct dara_context *context, const struct dara_policy_apply_request *request,
                      struct dara_report *report);

#endif
