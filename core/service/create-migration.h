/* SPDX-License-Identifier: MIT */
/* create-migration: a new numbered file, empty or filled with the plan from the live schema to a target. */
#ifndef DARA_SERVICE_CREATE_MIGRATION_H
#define DARA_SERVICE_CREATE_MIGRATION_H

#include "report/report.h"
#include "service/context.h"

/* Make migrations/VERSION_NAME.<ext>; where `to` (an operand of service/target.h) is not NULL its body takes live there, and the
 * plan back goes to rollback/ under the same name. Nothing is ever overwritten, and two runs at once get two versions. Nothing
 * to do is said in the report and makes no file. With `dry_run` the texts are shown, and no file is made. DARA_EUNSUPPORTED where
 * the engine cannot make a change. */
int dara_create_migration(struct dara_context *context, const char *name, const char *to, bool dry_run,
                          struct dara_report *report);

/* `name` as part of a file name: lowercase letters, digits and single underscores. free(). DARA_EUSAGE where nothing is left, or
 * it holds control characters. */
int dara_create_migration_slug(const char *name, char **ret_slug);

/* The version for a new file: `now` (14 digits), or one more than the newest of `names` (file names, sorted or not) that begin
 * with 14 digits and an underscore. DARA_EFILE where there is no higher one. */
int dara_create_migration_version(const char *now, char *const *names, size_t count, char ret_version[15]);

#endif
