/* SPDX-License-Identifier: MIT */
/* Seeds: scripts of rows, run once for each content. */
#ifndef DARA_SERVICE_SEED_H
#define DARA_SERVICE_SEED_H

#include "report/report.h"
#include "service/context.h"

struct dara_seed_request {
    const char *path; /* a file, or a folder: its scripts in the order of their names */
    bool truncate;    /* empty the tables they fill first, after the word TRUNCATE; implies `again` */
    bool again;       /* also those that were run already */
    bool dry_run;     /* run, show, take back */
};

/* All files in one transaction, under the lock: after a failure nothing is changed. */
int dara_seed(struct dara_context *context, const struct dara_seed_request *request, struct dara_report *report);

#endif
