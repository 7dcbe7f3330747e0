/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli/commands.h"
#include "service/audit.h"

/* The word `schema` may be left out: what is no other word is the target. */
static int run(struct dara_call *call, struct dara_report *report)
{
    const char *first = dara_call_argument(call, 0), *second = dara_call_argument(call, 1);
    bool named = first && strcmp(first, "schema") == 0;
    if (first && strcmp(first, "rules") == 0 && !second)
        return dara_audit_list(report);
    if (first && strcmp(first, "rls") == 0)
        return dara_policy_absent(call, "audit row-level security");
    if (second && !named) {
        int code = dara_error_set(DARA_EUSAGE, "there is no audit of that name, or it takes no argument");
        dara_error_hint("use schema [TARGET], or rules");
        return code;
    }
    struct dara_audit_request request;
    dara_call_findings(call, named ? second : first, &request);
    return dara_security_audit(dara_call_context(call), &request, report);
}

static const struct dara_option options[] = {
    DARA_OPTION_FINDINGS,
    {0},
};

const struct dara_command dara_command_security_audit = {
    .name = "security-audit",
    .aliases = "schema-audit",
    .group = "Security",
    .summary = "judge a schema by rules: keys, indexes, types, rights",
    .arguments = "[schema|rules] [TARGET]",
    .min = 0,
    .max = 2,
    .options = options,
    .description = "schema judges the live schema, or with a TARGET any other: a snapshot (then no server is needed), "
                   "'migrations', "
                   "env:NAME, a URL, a schema file. Each rule ends as a finding, as clean, or as not evaluated with "
                   "the reason: what "
                   "could not be read is never taken for clean. rules lists the rules of all drivers.\n\n"
                   "dara.yaml gives rules another level, or turns them off: 'rules:', below it lines like "
                   "'no-primary-key: error', "
                   "'quoted-name: off'. With --write-baseline what is found today is known from then on, and with "
                   "--baseline only what "
                   "is new counts. The exit status is 1 when something that counts is of level warn or above, or of "
                   "that of --fail-on.",
    .example = "dara security-audit schema --fail-on error\n"
               "dara security-audit schema latest --format markdown --fail-on off\n"
               "dara security-audit rules",
    .complete = "schema rules",
    .complete_next = "target",
    .run = run,
};
