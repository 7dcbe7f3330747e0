/* SPDX-License-Identifier: MIT */
/*
 * What rules found: one model for security-audit and lint, and its forms. In a report it is tables and values like everything else
 * (text, JSON, Markdown); three formats more are of findings alone: SARIF 2.1.0, JUnit, annotations of GitHub.
 *
 * A rule that ran has a verdict: finding, clean, or not evaluated and why. What an allow comment or a baseline covers stays in the list,
 * marked, and counts for nothing.
 */
#ifndef DARA_REPORT_FINDINGS_H
#define DARA_REPORT_FINDINGS_H

#include <dara/driver.h>

#include "report/report.h"

enum dara_suppression { DARA_SUPPRESSED_NOT, DARA_SUPPRESSED_ALLOWED, DARA_SUPPRESSED_BASELINE };

/* One finding. Strings are owned by the list; all but `message`, `subject` and `fingerprint` may be NULL. */
struct dara_remark {
    enum dara_rule_level level;
    size_t rule;                       /* index among the rules of the list */
    char *subject;                     /* what it is about, for people: "table 'orders'", "drop table" */
    char *message;                     /* what is wrong with it */
    char *kind, *space, *owner, *name; /* of an object of a model */
    char *file;                        /* of a statement */
    unsigned line, end_line;
    char *fix;         /* a statement, or NULL: the rule's words */
    char *fingerprint; /* the same for the same finding in every run: 32 hex digits */
    enum dara_suppression suppressed;
};

struct dara_ruled {
    const struct dara_rule *rule; /* borrowed: rules are static */
    enum dara_rule_level level;   /* in force */
    char *unknown;                /* why it was not evaluated, or only in part; NULL = it was */
    size_t count;                 /* findings that are not suppressed */
};

struct dara_findings {
    size_t rule_count, rule_room;
    struct dara_ruled *rules;
    size_t count, room;
    struct dara_remark *items;
    enum dara_rule_level fail_on; /* findings of this level and above are a failure; OFF = none is */
    size_t own_count, own_room;
    struct dara_rule **own; /* made for hazards that have no row */
    size_t gone;            /* entries of the baseline that are no longer found */
};

/* An empty list: findings of level warn are a failure. */
struct dara_findings *dara_findings_new(void);
struct dara_findings *dara_findings_free(struct dara_findings *findings); /* accepts NULL, returns NULL */
static inline void dara_findings_free_local(struct dara_findings **findings)
{
    dara_findings_free(*findings);
}
#define DARA_FINDINGS_LOCAL DARA_CLEANUP(dara_findings_free_local) struct dara_findings *

/* A rule that runs; its index. */
size_t dara_findings_rule(struct dara_findings *findings, const struct dara_rule *rule, enum dara_rule_level level);
/* The same for a hazard of a driver that has no row for it. */
size_t dara_findings_own(struct dara_findings *findings, const char *id, const char *message,
                         enum dara_rule_level level);
/* The index of the rule of that id, or the number of rules. */
size_t dara_findings_find(const struct dara_findings *findings, const char *id);
/* It was not evaluated, or not everywhere. Told twice, the first reason stays. */
void dara_findings_unknown(struct dara_findings *findings, size_t rule, const char *why);
/* Add a finding; takes over its strings. */
void dara_findings_add(struct dara_findings *findings, const struct dara_remark *found);
/* The worst first, then by rule, file, line, subject. After it nothing is added. */
void dara_findings_sort(struct dara_findings *findings);
/* Count those that are not suppressed, for each rule: once, when all is marked. */
void dara_findings_count(struct dara_findings *findings);
/* Whether one that counts is of level `fail_on` or above. */
bool dara_findings_failed(const struct dara_findings *findings);

/* "info", "warn", "error", "off"; and back: OFF with `*ret_known` false for other words. */
const char *dara_level_name(enum dara_rule_level level);
enum dara_rule_level dara_level_parse(const char *name, bool *ret_known);

/* Put the findings into the report, which owns them from now on: at most once for each report. */
void dara_report_findings(struct dara_report *report, struct dara_findings *findings);

#endif
