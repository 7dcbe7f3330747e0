/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "service/create-migration.h"

static int run(struct dara_call *call, struct dara_report *report)
{
    return dara_create_migration(dara_call_context(call), dara_call_argument(call, 0), dara_call_value(call, "to"),
                                 dara_call_given(call, "dry-run"), report);
}

static const struct dara_option options[] = {
    {.name = "to",
     .argument = "TARGET",
     .help = "fill it with what takes the live schema to TARGET (a snapshot, URL, env:NAME, schema file)"},
    {.name = "dry-run", .help = "show what the files would hold, and make none"},
    DARA_OPTION_RENAME("with --to: what is OLD now is NEW in TARGET; it is renamed, and keeps its rows"),
    DARA_OPTION_OWNER("with --to: also who owns what"),
    DARA_OPTION_PRIVILEGES("with --to: also grants and default privileges"),
    DARA_OPTION_SETTINGS("with --to: also settings of the database and of roles in it"),
    {.name = NULL},
};

const struct dara_command dara_command_create_migration = {
    .name = "create-migration",
    .group = "Design",
    .summary = "make a new numbered migration file",
    .arguments = "NAME",
    .min = 1,
    .max = 1,
    .options = options,
    .description =
        "The file is migrations/VERSION_NAME: VERSION is the time in UTC as 14 digits, and always higher than that of "
        "the newest file there.\n\n"
        "With --to its body is the plan from the live schema to TARGET, and the plan back is written to rollback/ "
        "under "
        "the same name. Where nothing differs no file is made. Nothing is ever overwritten.",
    .example = "dara create-migration add_orders\n"
               "dara create-migration match_staging --to env:staging\n"
               "dara create-migration from_design --to schema.sql",
    .run = run,
};
