/* SPDX-License-Identifier: MIT */
/* Keep the error that ended a run while cleaning up after it: a rollback may set another. */
#ifndef DARA_SERVICE_RUN_ERROR_H
#define DARA_SERVICE_RUN_ERROR_H

#include <dara/error.h>

struct dara_kept_error;

/* A copy of the last error. */
struct dara_kept_error *dara_error_keep(void);
/* Make it the last error again and free it; returns its code (DARA_EINTERNAL when none had been set). */
int dara_error_restore(struct dara_kept_error *kept);

#endif
