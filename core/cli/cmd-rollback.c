/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "service/rollback.h"

static int run(struct dara_call *call, struct dara_report *report)
{
    const struct dara_rollback_request request = {
        .target = dara_call_argument(call, 0),
        .resume = dara_call_given(call, "resume"),
        .abandon = dara_call_given(call, "abandon"),
        .without_rows = dara_call_given(call, "without-rows"),
        .rebuild = dara_call_given(call, "rebuild"),
        .dry_run = dara_call_given(call, "dry-run"),
        .no_snapshot = dara_call_given(call, "no-snapshot"),
    };

    if (request.resume + request.abandon + (request.target != NULL) > 1)
        return dara_error_set(DARA_EUSAGE, "TARGET, --resume and --abandon exclude each other");
    if (!request.resume && !request.abandon && !request.target)
        return dara_error_set(DARA_EUSAGE, "rollback needs a TARGET, --resume or --abandon");
    if (!request.target && (request.rebuild || request.dry_run))
        return dara_error_set(DARA_EUSAGE, "--rebuild and --dry-run need a TARGET");
    if (request.target && request.without_rows)
        return dara_error_set(DARA_EUSAGE, "--without-rows goes with --resume or --abandon");
    struct dara_context *context = dara_call_context(call);
    context->direct = true;
    return dara_rollback(context, &request, report);
}

static const struct dara_option options[] = {
    {.name = "rebuild", .help = "drop every object and make it again, instead of changing what differs"},
    {.name = "dry-run", .help = "rehearse the way back, show it, and change nothing"},
    {.name = "no-snapshot", .help = "no schema snapshot before and after; destroyed rows are saved all the same"},
    {.name = "resume", .help = "go on with a rollback that stopped part-way"},
    {.name = "abandon", .help = "take the schema back to what it was before the rollback that stopped part-way"},
    {.name = "without-rows",
     .help = "with --resume or --abandon: what comes back is empty where the snapshot with its rows is not here"},
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
    .arguments = "[TARGET]",
    .min = 0,
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
        "Where the engine commits each change of the schema by itself, the way back is tried on a scratch copy of the "
        "schema first; then it runs statement by statement, each recorded before and after in the table dara_journal "
        "of "
        "the database. After a failure the schema is taken back where that destroys nothing (exit 6); else the "
        "rollback "
        "stops and says where (exit 7). Nothing else is applied until --resume has gone on, from the schema that is "
        "there to the snapshot, or --abandon has gone back to the schema before; both show what they will do and ask "
        "for the word. Anybody can do that, on any machine; rows that come back are in a snapshot, which must be "
        "there.\n\n"
        "Tables that come back get the rows that the snapshot has of them (snapshots taken with --data have rows).\n\n"
        "TARGET can also be a file in rollback/, or the version it takes back: the file is rehearsed, shown, and run "
        "under the same guards.",
    .example = "dara rollback pre_add_orders --dry-run\n"
               "dara rollback pre_add_orders\n"
               "dara rollback latest --confirm ROLLBACK\n"
               "dara rollback --resume\n"
               "dara rollback 20261120093000",
    .complete = "snapshot",
    .run = run,
};
