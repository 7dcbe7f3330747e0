/* SPDX-License-Identifier: MIT */
#include "cli/commands.h"
#include "service/setup.h"

static int run(struct dara_call *call, struct dara_report *report)
{
    struct dara_setup_request request = {.type = dara_call_argument(call, 0),
                                         .directory = dara_call_value(call, "folder"),
                                         .dry_run = dara_call_given(call, "dry-run")};
    return dara_setup_bootstrap(dara_call_context(call), &request, report);
}

static const struct dara_option options[] = {
    {"folder", 0, "DIR", "folder of migrations, snapshots and the rest, inside the project (db)", false, NULL},
    {"dry-run", 0, NULL, "say what would be made, and make nothing", false, NULL},
    {NULL, 0, NULL, NULL, false, NULL},
};

const struct dara_command dara_command_bootstrap = {
    .name = "bootstrap",
    .group = "Set-up",
    .summary = "make a project's folders and files, without a connection",
    .arguments = "[TYPE]",
    .max = 1,
    .flags = DARA_COMMAND_NO_PROJECT,
    .options = options,
    .description = "Writes dara.yaml, the folders for migrations, rollback, seeds, tests, docs and snapshots with a "
                   "short README in each, "
                   "and .gitignore. TYPE is the engine: the name of a driver or one of its URL schemes; it may be left "
                   "out where dara.yaml "
                   "is there. Nothing that is there is overwritten: each path is said to be made or kept.",
    .example = "dara bootstrap file",
    .run = run,
};
