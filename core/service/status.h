/* SPDX-License-Identifier: MIT */
/* Where the database stands: the project's migrations against its history, and the schema against the last run. */
#ifndef DARA_SERVICE_STATUS_H
#define DARA_SERVICE_STATUS_H

#include "report/report.h"
#include "service/migration.h"

/* What one version is. */
enum dara_status_state {
    DARA_STATUS_APPLIED,
    DARA_STATUS_PENDING,
    DARA_STATUS_EDITED,       /* applied, and the file differs from what was */
    DARA_STATUS_MISSING,      /* applied, and the file is not there */
    DARA_STATUS_OUT_OF_ORDER, /* pending, and a later one is applied */
    DARA_STATUS_ROLLED_BACK,  /* pending again */
    DARA_STATUS_INTERRUPTED,  /* part-way: its run is open in the journal */
};
const char *dara_status_name(enum dara_status_state state);

/* Decide for one version: `entry` NULL = not in the history, `migration` NULL = no file. `highest` is the highest version that is
 * applied, or "". Pure. */
enum dara_status_state dara_status_of(const struct dara_history_entry *entry, const struct dara_migration *migration,
                                      const char *highest);

/* Fill the report. `path` NULL = the project's migrations. DARA_EDIFFERENT when something is edited, missing or (asked for by
 * `drift`) drifted. */
int dara_status(struct dara_context *context, const char *path, bool drift, struct dara_report *report);

#endif
