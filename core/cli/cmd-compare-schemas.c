/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "service/compare.h"

static int run(struct dara_call *call, struct dara_report *report)
{
    bool different = false;
    int code = dara_compare_schemas(dara_call_context(call), dara_call_argument(call, 0), dara_call_argument(call, 1),
                                    dara_call_given(call, "sql"), report, &different);

    if (code < 0)
        return code;
    return different ? DARA_EDIFFERENT : 0;
}

static const struct dara_option options[] = {
    {.name = "sql", .help = "print the statements that take A to B, as a script"},
    DARA_OPTION_RENAME("what A calls OLD is what B calls NEW: a table, a column, an index"),
    DARA_OPTION_OWNER("compare who owns what"),
    DARA_OPTION_PRIVILEGES("compare grants and default privileges"),
    DARA_OPTION_SETTINGS("compare settings of the database and of roles in it"),
    {.name = NULL},
};

const struct dara_command dara_command_compare_schemas = {
    .name = "compare-schemas",
    .group = "Migrate",
    .summary = "show what differs between any two schemas",
    .arguments = "A B",
    .min = 2,
    .max = 2,
    .options = options,
    .description =
        "A and B are each one of: 'live' (the database), 'migrations' (the project's files, replayed on a scratch "
        "database), 'empty', env:NAME (an environment of dara.yaml), a URL, a schema file, or a snapshot by label, id, "
        "path, or as 'latest'.\n\n"
        "The exit status is 0 when they are equal and 1 when they differ. What could not be read on one side is named "
        "and not taken for absent.\n\n"
        "What only has another name is not guessed: --rename OLD=NEW says it, for tables, columns and whatever else "
        "the "
        "engine can rename (users=people, app.users.mail=email, index:a=b), and the script "
        "then "
        "renames in place of dropping and making again. What looks like a rename is offered.",
    .example = "dara compare-schemas live migrations\n"
               "dara compare-schemas latest live\n"
               "dara compare-schemas live env:staging --sql",
    .complete = "target",
    .run = run,
};
