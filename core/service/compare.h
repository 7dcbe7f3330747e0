/* SPDX-License-Identifier: MIT */
/* compare-schemas: the difference between any two schemas, or the script that takes one to the other. */
#ifndef DARA_SERVICE_COMPARE_H
#define DARA_SERVICE_COMPARE_H

#include "report/report.h"
#include "service/context.h"

/* Compare two operands of service/target.h and report what takes `before` to `after`; with `sql` the report's text is the plan
 * alone, as a script. `*ret_different` says whether they differ. */
int dara_compare_schemas(struct dara_context *context, const char *before, const char *after, bool sql,
                         struct dara_report *report, bool *ret_different);

/* A plan as a script of the dialect, each step that loses or rewrites rows or may fail under a comment that says so. */
int dara_compare_script(const struct dara_plan *plan, const struct dara_driver *driver, struct dara_text *out);
/* What a script between the two cannot hold, as comments: families that could not be compared, objects that neither model has. */
void dara_compare_gaps(const struct dara_diff *diff, const struct dara_model *before, const struct dara_model *after,
                       const struct dara_driver *driver, struct dara_text *out);
/* Append one comment line; what does not print is shown escaped. */
void dara_compare_comment(const struct dara_driver *driver, struct dara_text *out, const char *words);
/* A difference on one line, for the detail of an error: "create table 'a', alter table 'b'". */
void dara_compare_words(const struct dara_diff *diff, struct dara_text *out);
/* An error as dara_plan_runnable() sets it, with every change the engine cannot make listed in the report. 0 where there is
 * none. */
int dara_compare_runnable(const struct dara_plan *plan, struct dara_report *report);

#endif
