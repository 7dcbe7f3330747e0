/* SPDX-License-Identifier: MIT */
/* Rules over the statements of files: lint, and what stops apply-migration. A hazard is a finding of the rule whose id it has. */
#ifndef DARA_SERVICE_LINT_H
#define DARA_SERVICE_LINT_H

#include "service/audit.h"
#include "service/migration.h"

/* Judge a file, or all files of a folder, and put the findings into the report; `target` of the request is its path. With `live` the
 * database of the call is asked how large the tables are: what matters by the rows that are there is of level info where there are none.
 * DARA_EDIFFERENT as dara_security_audit(). */
int dara_lint(struct dara_context *context, const struct dara_audit_request *request, const char *const *allow,
              bool live, struct dara_report *report);

/* The level of a hazard: dara.yaml's for its rule, else error for what destroys, and at most warn for what does not. `rule` may be NULL. */
enum dara_rule_level dara_lint_level(const struct dara_project *project, const struct dara_rule *rule,
                                     const struct dara_fact_hazard *hazard);
/* Add to a file's facts the hazards that only rules ask for. */
int dara_lint_complete(const struct dara_driver *driver, const struct dara_migration *migration);

#endif
