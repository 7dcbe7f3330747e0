/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "service/rollback.h"

static int run(struct dara_call *call, struct dara_report *report)
{
    const struct dara_rollback_request request = {
        .target = dara_call_argument(call, 0),
        .rebuild = dara_call_given(call, "rebuild"),
        .dry_run = dara_call_given(call, "dry-run"),
        .no_snapshot = dara_call_given(call, "no-snapshot"),
    };

    struct dara_context *context = dara_call_context(call);
    context->direct = true;
    return dara_rollback(context, &request, report);
}

static const struct dara_option options[] = {
    {.name = "rebuild", .help = "drop every object and make it again, instead of changing what differs"},
    {.name = "dry-run", .help = "rehearse the way back, show it, and change nothing"},
    {.name = "no-snapshot", .help = "no schema snapshot before and after; destroyed rows are saved all the same"},
    DARA_OPTION_RENAME("what is OLD now is NEW in the snapshot; it is renamed, and keeps its rows"),
    DARA_OPTION_OWNER("also go back to who owned what"),
    DARA_OPTION_PRIVILEGES("also go back to the grants and default privileges"),
    DARA_OPTION_SETTINGS("also go back to the settings of the database and of roles in it"),
    {.name = NULL},
};

const struct dara_command dara_command_rollback = {
    .name = "rollback",
    .aliases = "restore",
    .group = "Migrate",
    .summary = "go back to a snapshot, keeping rows",
    .arguments = "TARGET",
    .min = 1,
    .max = 1,
    .flags = DARA_COMMAND_WRITES,
    .options = options,
    .description =
        "TARGET is a snapshot: its label, its id, the path of any of its files, or 'latest'. dara works out what takes "
        "the schema as it is now to that of the snapshot, and changes only that: rows of everything else stay where "
        "they are.\n\n"
        "Before anything happens you see what will change, and what will be destroyed with its number of rows. That is "
        "saved first, with its rows, in a snapshot of its own. Then the word ROLLBACK is asked for (--confirm ROLLBACK "
        "gives it beforehand). All of it is one transaction: the result is read inside it and must equal the snapshot, "
        "else nothing is changed.\n\n"
        "Tables that come back get the rows that the snapshot has of them (snapshots taken with --data have rows).\n\n"
        "TARGET can also be a file in rollback/, or the version it takes back: the file is rehearsed, shown, and run "
        "under the same guards.",
    .example = "dara rollback pre_add_orders --dry-run\n"
               "dara rollback pre_add_orders\n"
               "dara rollback latest --confirm ROLLBACK\n"
               "dara rollback 20261120093000",
    .complete = "snapshot",
    .run = run,
};
