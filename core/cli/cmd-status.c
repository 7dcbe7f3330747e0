/* SPDX-License-Identifier: MIT */
#include "cli/commands.h"
#include "service/status.h"

static int run(struct dara_call *call, struct dara_report *report)
{
    return dara_status(dara_call_context(call), dara_call_argument(call, 0), dara_call_given(call, "drift"), report);
}

static const struct dara_option options[] = {
    {"drift", 0, NULL, "compare the live schema with what the last run left", false, NULL},
    DARA_OPTION_OWNER("with --drift: also compare who owns what"),
    DARA_OPTION_PRIVILEGES("with --drift: also compare grants and default privileges"),
    DARA_OPTION_SETTINGS("with --drift: also compare settings of the database and of roles in it"),
    {0},
};

const struct dara_command dara_command_status = {
    .name = "status",
    .group = "Migrate",
    .summary = "show which migrations are applied, pending, interrupted, edited or missing",
    .arguments = "[PATH]",
    .min = 0,
    .max = 1,
    .options = options,
    .description =
        "Compares the migration files with the history in the database: applied, pending, edited since, missing, out "
        "of order, "
        "rolled back. With --drift the live schema is compared with what the last run left, and the difference shown "
        "where a "
        "snapshot of that state is there.\n\n"
        "A migration that stopped part-way, or that another process is applying just now, is 'interrupted': how far it "
        "is, by whom, "
        "and what goes on or back from there.\n\n"
        "Ends with 1 when a file was edited or is missing, a run is interrupted, or the schema has drifted; pending "
        "files are no "
        "fault.",
    .example = "dara status\ndara status --drift --format json",
    .complete = "file",
    .run = run,
};
