/* SPDX-License-Identifier: MIT */
#include "cli/commands.h"
#include "service/seed.h"

static int run(struct dara_call *call, struct dara_report *report)
{
    struct dara_seed_request request = {.path = dara_call_argument(call, 0),
                                        .truncate = dara_call_given(call, "truncate"),
                                        .again = dara_call_given(call, "again"),
                                        .dry_run = dara_call_given(call, "dry-run")};
    return dara_seed(dara_call_context(call), &request, report);
}

static const struct dara_option options[] = {
    {"truncate", 0, NULL, "first delete all rows of the tables they fill (asks for the word TRUNCATE)", false, NULL},
    {"again", 0, NULL, "also run those that were run before", false, NULL},
    {"dry-run", 0, NULL, "run, show the rows by table, take everything back", false, NULL},
    {NULL, 0, NULL, NULL, false, NULL},
};

const struct dara_command dara_command_seed = {
    .name = "seed",
    .aliases = "load-seed",
    .group = "Data",
    .summary = "fill tables from scripts, once for each content",
    .arguments = "PATH",
    .min = 1,
    .max = 1,
    .options = options,
    .description =
        "PATH is a script, or a folder whose scripts run in the order of their names. All run in one transaction under "
        "the "
        "lock: if one fails, nothing is changed. The checksum of each goes into the history, so that a second run does "
        "nothing; "
        "a script that was edited counts as new. Scripts that change the schema are refused: they are migrations.\n"
        "\n"
        "With --truncate, all rows of the tables that the scripts fill are deleted, after showing how many and asking "
        "for the "
        "word "
        "TRUNCATE (or --confirm TRUNCATE), and all scripts run.",
    .example = "dara seed db/seeds\ndara seed db/seeds --dry-run",
    .complete = "file",
    .run = run,
};
