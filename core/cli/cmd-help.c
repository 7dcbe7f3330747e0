/* SPDX-License-Identifier: MIT */
#include "base/terminal.h"
#include "cli/call.h"
#include "cli/commands.h"

static int run(struct dara_call *call, DARA_UNUSED struct dara_report *report)
{
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    const char *name = dara_call_argument(call, 0);
    if (!name) {
        dara_help_overview(dara_help_width(), &out);
        return dara_print(&out);
    }
    const struct dara_command *command = NULL;
    int code = dara_command_require(name, &command);
    if (code)
        return code;
    dara_help_command(command, dara_help_width(), &out);
    return dara_print(&out);
}

const struct dara_command dara_command_help = {
    .name = "help",
    .group = "Help",
    .summary = "show all commands, or one with its options and an example",
    .arguments = "[COMMAND]",
    .max = 1,
    .flags = DARA_COMMAND_NO_PROJECT | DARA_COMMAND_RAW,
    .description =
        "Without an argument, lists all commands in groups, and the options that all of them take. With the name of a "
        "command, shows what it does, its options and an example.",
    .example = "dara help\ndara help drivers",
    .complete = "command",
    .run = run,
};
