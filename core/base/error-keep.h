/* SPDX-License-Identifier: MIT */
/* Keep the error that ended something while cleaning up after it: what cleans up may set another. */
#ifndef DARA_BASE_ERROR_KEEP_H
#define DARA_BASE_ERROR_KEEP_H

#include <dara/error.h>

/* A copy of the last error, for one of the three below; with the code 0 when none had been set. */
struct dara_error *dara_error_keep(void);

/* Make it the last error again and free it; returns its code (DARA_EINTERNAL when none had been set: something failed without
 * saying why). */
int dara_error_restore(struct dara_error *kept);

/* After a detour that must leave no trace: the last error is again what it was, and none where none had been set. Frees `kept`;
 * accepts NULL (none). */
void dara_error_put_back(struct dara_error *kept);

/* Free it; the last error stays what it is. Accepts NULL, returns NULL. */
struct dara_error *dara_error_drop(struct dara_error *kept);

#endif
