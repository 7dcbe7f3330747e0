/* SPDX-License-Identifier: MIT */
#include "cli/commands.h"
#include "service/env-check.h"

static int run(struct dara_call *call, struct dara_report *report)
{
    return dara_env_check(dara_call_context(call), report);
}

const struct dara_command dara_command_env_check = {
    .name = "env-check",
    .aliases = "check-env",
    .group = "Set-up",
    .summary = "check everything between you and a working connection, and say what to do",
    .arguments = "",
    .flags = DARA_COMMAND_NO_PROJECT,
    .description = "Looks at dara.yaml, at each environment's variable (set or not, never its value), the URL, name "
                   "resolution and TCP "
                   "where there is a network, the connection, versions, the engine's own checks, the history, the "
                   "lock, the clock, and the "
                   "disk that snapshots go to. Ends with what to do.\n"
                   "\n"
                   "Exit status 0 when all is in order, 1 when a check failed, 3 when there is no connection, 9 when "
                   "dara.yaml or .env "
                   "cannot be read.",
    .example = "dara env-check\ndara env-check --env production",
    .run = run,
};
