/* SPDX-License-Identifier: MIT */
#include "cli/commands.h"
#include "service/setup.h"

static int run(struct dara_call *call, struct dara_report *report)
{
    struct dara_setup_request request = {.type = dara_call_argument(call, 0),
                                         .directory = dara_call_value(call, "folder"),
                                         .import = dara_call_value(call, "import"),
                                         .create = dara_call_given(call, "create"),
                                         .dry_run = dara_call_given(call, "dry-run")};
    return dara_setup_database(dara_call_context(call), &request, report);
}

static const struct dara_option options[] = {
    {"create", 0, NULL, "make the database where it is not there (a file is always made)", false, NULL},
    {"folder", 0, "DIR", "folder of migrations, snapshots and the rest, inside the project (db)", false, NULL},
    {"import", 0, "TOOL", "record the versions in another tool's history as applied migrations", false, NULL},
    {"dry-run", 0, NULL, "say what would be made, and make nothing", false, NULL},
    {NULL, 0, NULL, NULL, false, NULL},
};

const struct dara_command dara_command_setup_database = {
    .name = "setup-database",
    .group = "Set-up",
    .summary = "make a project and its database, or adopt a database that is there",
    .arguments = "[TYPE]",
    .max = 1,
    .flags = DARA_COMMAND_NO_PROJECT,
    .options = options,
    .description =
        "Writes dara.yaml and the project's folders, finds the connection, makes the database where it is a file (or "
        "with "
        "--create), makes the history table and takes the snapshot 'baseline'. TYPE is the engine: the name of a "
        "driver or one "
        "of its URL schemes; it may be left out where dara.yaml is there or --url is given.\n"
        "\n"
        "Where the database is a file and no URL is known, the file is named after the folder and its URL is written "
        "to .env. "
        "For other engines, set the URL first; dara says which variable.\n"
        "\n"
        "A database that is there is adopted: its schema becomes the baseline. The histories of dbmate, "
        "golang-migrate, Flyway, "
        "Sqitch and Alembic, and those kept in a namespace TOOL_migrations, are recognised; --import takes one over.\n"
        "\n"
        "Safe to run again: it says what is there and changes none of it. Where the database cannot be opened, no file "
        "is made.",
    .example = "dara setup-database --url file:shop.db\ndara setup-database --import dbmate",
    .run = run,
};
