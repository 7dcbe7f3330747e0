/* SPDX-License-Identifier: MIT */
/*
 * rollback: back to a snapshot, keeping rows; or by a file of rollback/, under the same guards.
 *
 * Everything is one transaction: what would be destroyed is named with its rows, saved first, and needs the word ROLLBACK; the
 * result is read inside the transaction and must equal the target, else nothing is changed.
 */
#ifndef DARA_SERVICE_ROLLBACK_H
#define DARA_SERVICE_ROLLBACK_H

#include "report/report.h"
#include "service/context.h"

struct dara_rollback_request {
    const char *target; /* a snapshot, or a file in rollback/ (its path, version, or version and name) */
    bool rebuild;       /* drop everything and make it again */
    bool dry_run;       /* rehearse and show; nothing stays */
    bool no_snapshot;   /* no snapshot before and after; the one that saves what is destroyed is always taken */
};

/* Errors: DARA_EUNSUPPORTED where the engine cannot go back, DARA_EREFUSED without the word or when the schema changed while
 * the user was deciding, DARA_ESTATEMENT when a statement failed or the result is not the target. After any error the database
 * is as it was. */
int dara_rollback(struct dara_context *context, const struct dara_rollback_request *request,
                  struct dara_report *report);

#endif
