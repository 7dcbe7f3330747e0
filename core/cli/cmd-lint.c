/* SPDX-License-Identifier: MIT */
#include "cli/commands.h"
#include "service/lint.h"

static int run(struct dara_call *call, struct dara_report *report)
{
    DARA_FREE const char **allow = dara_call_list(call, "allow");
    struct dara_audit_request request;
    dara_call_findings(call, dara_call_argument(call, 0), &request);
    return dara_lint(dara_call_context(call), &request, allow, dara_call_given(call, "live"), report);
}

static const struct dara_option options[] = {
    DARA_OPTION_FINDINGS,
    {"live", 0, NULL, "ask the database how large the tables are that statements are about", false, NULL},
    {"allow", 0, "RULE", "findings of this rule do not count", true, NULL},
    {0},
};

const struct dara_command dara_command_lint = {
    .name = "lint",
    .group = "Migrate",
    .summary = "judge the statements of a file or folder by rules, without running anything",
    .arguments = "PATH",
    .min = 1,
    .max = 1,
    .options = options,
    .description =
        "Says with file and line what destroys, what locks or rewrites tables, what breaks programs, and what could be "
        "written better. A finding about what the file itself makes is left out: nothing is in it yet, and nobody uses "
        "it. "
        "What cannot be read (dynamic SQL) is a finding of its own, and rules that found nothing then count as not "
        "evaluated.\n\n"
        "What is of level error here stops apply-migration: what destroys, and what dara.yaml makes an error. "
        "'-- dara:allow RULE REASON' on the statement's line or the lines above allows it there; one that covers "
        "nothing "
        "is itself a finding. With --live what matters by the rows that are there says how many there are, and is of "
        "level info "
        "where there are none. The exit status is 1 when something that counts is of level warn or above, or of that "
        "of "
        "--fail-on.",
    .example = "dara lint db/migrations\n"
               "dara lint db/migrations --format github --fail-on error",
    .complete = "file",
    .run = run,
};
