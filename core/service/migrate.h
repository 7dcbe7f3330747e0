/* SPDX-License-Identifier: MIT */
/* Applying migrations, and rehearsing them: one engine, two endings. */
#ifndef DARA_SERVICE_MIGRATE_H
#define DARA_SERVICE_MIGRATE_H

#include "report/report.h"
#include "service/migration.h"

struct dara_migrate_options {
    const char *path; /* a file, or a folder; NULL = the project's migrations */
    const char *const
        *allow;     /* rules, "edited", "drift", access as dara_access_compare() names it; NULL-ended, or NULL */
    bool snapshots; /* before and after */
    bool data;      /* with rows */
    bool each;      /* commit after each file, not once at the end */
    bool out_of_order;
    bool rls_gate;     /* refuse where users come to reach more rows than before */
    bool resume;       /* go on with a run that was interrupted */
    const char *doubt; /* what to take for true of a statement in doubt where nothing tells: "done", "again", or NULL */
    int64_t rehearse_above; /* DARA_REHEARSE_UNSET: as the project says */
};

/* Apply what is pending. On failure the schema and the history are what they were before, as far as the engine can; the error has
 * file and line of the statement. */
int dara_migrate_apply(struct dara_context *context, const struct dara_migrate_options *options,
                       struct dara_report *report);

/* Run what is pending in a transaction that cannot be committed, show what it changes, and roll it back. */
int dara_migrate_rehearse(struct dara_context *context, const struct dara_migrate_options *options,
                          struct dara_report *report);

/* Take the schema back to what it was before the migration that was interrupted, under the guards of rollback. Needs no files. */
int dara_migrate_abandon(struct dara_context *context, const struct dara_migrate_options *options,
                         struct dara_report *report);

#endif
