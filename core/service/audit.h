/* SPDX-License-Identifier: MIT */
/* Rules over a schema: security-audit. What rules are, and where they come from: docs/ARCHITECTURE.md. */
#ifndef DARA_SERVICE_AUDIT_H
#define DARA_SERVICE_AUDIT_H

#include "report/findings.h"
#include "service/context.h"

struct dara_audit_request {
    const char *target;         /* what to look at, as for compare-schemas; NULL = live */
    const char *baseline;       /* findings of this file are known; NULL = none are */
    const char *write_baseline; /* write all findings there; may be the same file; NULL = nowhere */
    enum dara_rule_level fail_on;
};

/* Judge a schema, and put the findings into the report. DARA_EDIFFERENT where one of level `fail_on` or above is there. */
int dara_security_audit(struct dara_context *context, const struct dara_audit_request *request,
                        struct dara_report *report);
/* Judge a model: its findings go into the list, which is not finished with it. */
int dara_audit_model(struct dara_context *context, const struct dara_driver *driver, const struct dara_model *model,
                     struct dara_findings *findings);
/* All rules, of dara and of every driver that is found. */
int dara_audit_list(struct dara_report *report);

/* ---- what lint shares ---- */

/* The level in force: dara.yaml's (`project` may be NULL), else the rule's own. */
enum dara_rule_level dara_audit_level(const struct dara_project *project, const struct dara_rule *rule);
/* Rules that dara.yaml names and nobody has: DARA_ECONFIG. */
int dara_audit_check_levels(const struct dara_project *project, const struct dara_driver *driver);
/* The rule of this id among those about files or about the catalog (enum dara_rule_flag), dara's own first; or NULL. */
const struct dara_rule *dara_audit_find_rule(const struct dara_driver *driver, unsigned flags, const char *id);
/* Rules of dara about statements: NULL-ended. */
extern const struct dara_rule *const dara_lint_rules[];

/* 32 hex digits of a hash over parts of text, any of which may be NULL; free(). */
char *dara_audit_fingerprint(const char *const *parts, size_t count);

/* Mark what the baseline knows, and write one; then finish the list, put it into the report, and say what becomes of the command. Takes over
 * `findings`, also on failure. */
int dara_audit_report(struct dara_findings *findings, const struct dara_audit_request *request,
                      struct dara_report *report);

#endif
