/* SPDX-License-Identifier: MIT */
/*
 * rollback: back to a snapshot, keeping rows; or by a file of rollback/, under the same guards.
 *
 * What would be destroyed is named with its rows, saved first, and needs the word ROLLBACK. Everything is one transaction: the result is
 * read inside it and must equal the target, else nothing is changed. Where the engine commits each change of the schema by itself it is a
 * run of the journal: rehearsed on a scratch database first, taken back after a failure where that destroys nothing, else stopped and known.
 */
#ifndef DARA_SERVICE_ROLLBACK_H
#define DARA_SERVICE_ROLLBACK_H

#include "report/report.h"
#include "service/context.h"

struct dara_rollback_request {
    const char *target; /* a snapshot, or a file in rollback/ (its path, version, or version and name) */
    bool rebuild;       /* drop everything and make it again */
    bool dry_run;       /* rehearse and show; nothing stays */
    bool resume;        /* go on with a rollback that was interrupted; `target` is NULL */
    bool abandon;       /* go back to the schema before one; `target` is NULL */
    bool without_rows;  /* with these two: what comes back is empty where the snapshot that has its rows is not here */
    bool no_snapshot;   /* no snapshot before and after; the one that saves what is destroyed is always taken */
};

/* Errors: DARA_EUNSUPPORTED where the engine cannot go back, DARA_EREFUSED without the word or when the schema changed while
 * the user was deciding, DARA_ESTATEMENT when a statement failed or the result is not the target; after these the database is as it
 * was. DARA_EPARTIAL: a rollback that no transaction holds stopped part-way; `resume` and `abandon` go on. */
int dara_rollback(struct dara_context *context, const struct dara_rollback_request *request,
                  struct dara_report *report);

#endif
