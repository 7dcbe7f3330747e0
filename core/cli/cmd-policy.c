/* SPDX-License-Identifier: MIT */
/*
 * What needs row-level security, besides test-as-user and policy-apply: engines without it have no 'policy' operations, and each of these commands says so, and what
 * the engine has instead. They stay out of help until there is an engine that they can do something on.
 */
#include "cli/commands.h"
#include "driver/session.h"

int dara_policy_absent(struct dara_call *call, const char *purpose)
{
    const struct dara_driver *driver = NULL;
    int code = dara_context_driver(dara_call_context(call), &driver);
    code = code ? code : dara_driver_require(driver, "policy", purpose);
    if (code)
        return code;
    dara_error_set(DARA_EUNSUPPORTED, "this dara cannot %s", purpose);
    dara_error_hint("write ALTER TABLE … ENABLE ROW LEVEL SECURITY and CREATE POLICY in a migration, and look with "
                    "'dara test-as-user' at what it does");
    return DARA_EUNSUPPORTED;
}

static int run_create(struct dara_call *call, struct dara_report *report)
{
    (void)report;
    return dara_policy_absent(call, "write policies");
}

static int run_audit(struct dara_call *call, struct dara_report *report)
{
    (void)report;
    return dara_policy_absent(call, "audit row-level security");
}

const struct dara_command dara_command_create_rls_policies = {
    .name = "create-rls-policies",
    .group = "Design",
    .summary = "write policies from the ownership in a design",
    .arguments = "DESIGN",
    .min = 1,
    .max = 1,
    .flags = DARA_COMMAND_HIDDEN,
    .description = "For engines with row-level security.",
    .example = "dara create-rls-policies design.yaml",
    .run = run_create,
};

const struct dara_command dara_command_rls_audit = {
    .name = "rls-audit",
    .group = "Security",
    .summary = "the same as security-audit rls",
    .arguments = "",
    .min = 0,
    .max = 0,
    .flags = DARA_COMMAND_HIDDEN,
    .description = "For engines with row-level security.",
    .example = "dara rls-audit",
    .run = run_audit,
};
