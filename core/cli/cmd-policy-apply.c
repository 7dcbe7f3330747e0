/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli/commands.h"
#include "service/policy-apply.h"

static int check(const struct dara_call *call)
{
    static const char *const found[] = {"owner-column", "via", "tenant", "by-role"};
    const char *shape = dara_call_argument(call, 1);
    if (strcmp(shape, "kiss") != 0 && strcmp(shape, "granular") != 0)
        return dara_error_set(DARA_EUSAGE, "'%s' is neither kiss nor granular", shape);
    for (size_t i = 0; dara_call_given(call, "using") && i < DARA_COUNT(found); i++)
        if (dara_call_given(call, found[i]))
            return dara_error_set(DARA_EUSAGE, "--using is the whole condition: leave out --%s", found[i]);
    if (dara_call_given(call, "check") && !dara_call_given(call, "using"))
        return dara_error_set(DARA_EUSAGE, "--check needs --using");
    return 0;
}

static int run(struct dara_call *call, struct dara_report *report)
{
    DARA_FREE const char **owners = dara_call_given(call, "owner-column") ? dara_call_list(call, "owner-column") : NULL;
    DARA_FREE char *tenant = dara_strdup(dara_call_value(call, "tenant"));
    char *claim = tenant ? strchr(tenant, '=') : NULL;
    int code = check(call);
    if (!code && tenant && (!claim || claim == tenant || !claim[1]))
        code = dara_error_set(DARA_EUSAGE, "--tenant is written COLUMN=CLAIM");
    if (code)
        return code;
    if (claim)
        *claim++ = '\0';
    const struct dara_policy_apply_request request = {
        .policy = {.size = sizeof(request.policy),
                   .table = dara_call_argument(call, 0),
                   .granular = strcmp(dara_call_argument(call, 1), "granular") == 0,
                   .force = dara_call_given(call, "force"),
                   .by_role = dara_call_given(call, "by-role"),
                   .owners = owners,
                   .role = dara_call_value(call, "role"),
                   .via = dara_call_value(call, "via"),
                   .tenant = tenant,
                   .claim = claim,
                   .condition = dara_call_value(call, "using"),
                   .check = dara_call_value(call, "check"),
                   .setting = dara_call_value(call, "setting")},
        .dry_run = dara_call_given(call, "dry-run"),
        .no_snapshot = dara_call_given(call, "no-snapshot")};
    return dara_policy_apply(dara_call_context(call), &request, report);
}

static const struct dara_option options[] = {
    {"owner-column", 0, "COLUMN", "it holds whose the row is (else found by its foreign key or name); any of several",
     true, NULL},
    {"via", 0, "TABLE", "owners are members of what the row belongs to: this table has them", false, NULL},
    {"tenant", 0, "COLUMN=CLAIM", "the column equals a claim of the token (tenant_id=app_metadata.tenant)", false,
     NULL},
    {"role", 0, "ROLE", "whom the policies are for", false, NULL},
    {"by-role", 0, NULL, "the column holds the name of a role", false, NULL},
    {"setting", 0, "NAME", "the setting that tells policies who asks (app.user_id)", false, NULL},
    {"using", 0, "CONDITION", "the condition, in place of what the other options make", false, NULL},
    {"check", 0, "CONDITION", "with --using: that of new rows, where it is another", false, NULL},
    {"force", 0, NULL, "also for the owner of the table", false, NULL},
    {"no-snapshot", 0, NULL, "take no snapshot before", false, NULL},
    {"dry-run", 0, NULL, "show the statements and the proof, change nothing", false, NULL},
    {0},
};

const struct dara_command dara_command_policy_apply = {
    .name = "policy-apply",
    .group = "Security",
    .summary = "give a table row-level security, with a proof",
    .arguments = "TABLE kiss|granular",
    .min = 2,
    .max = 2,
    .options = options,
    .description =
        "Owners see and write their own rows: by one policy for all commands (kiss), or by one for each (granular). "
        "The column with "
        "the owner is found, or given; a row may also belong to what the user is a member of (--via), or to the tenant "
        "that "
        "the token names (--tenant). Who asks is worked out once for each statement. Row-level security is turned on, "
        "and an index made "
        "where the policy needs one.\n\n"
        "The statements and what they change are shown, and asked for (-y agrees beforehand). Then a snapshot, and one "
        "transaction under "
        "the lock: before it is committed, two made-up users prove that the owner sees and writes its row, and that a "
        "stranger, or "
        "nobody, does not; that nobody inserts for another. Where the proof fails nothing is kept, exit status 1. "
        "Policies that "
        "others made stay; one that lets a stranger through makes the proof fail. Run again, it changes nothing.\n\n"
        "Rows of the proof are made without triggers; a constraint in their way is taken off for its time, and all of "
        "it is taken "
        "back before the commit. A condition given by --using is not proved.",
    .example = "dara policy-apply orders kiss\n"
               "dara policy-apply orders granular --owner-column customer --dry-run\n"
               "dara policy-apply projects kiss --via memberships",
    .complete = "table",
    .complete_next = "kiss granular",
    .run = run,
};
