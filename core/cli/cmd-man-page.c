/* SPDX-License-Identifier: MIT */
#include "cli/call.h"
#include "cli/commands.h"

static int run(struct dara_call *call, DARA_UNUSED struct dara_report *report)
{
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    const char *name = dara_call_argument(call, 0);
    if (dara_call_given(call, "list")) {
        for (const struct dara_command *const *c = dara_commands; *c; c++)
            if (!((*c)->flags & DARA_COMMAND_HIDDEN))
                dara_text_format(&out, "%s\n", (*c)->name);
    } else if (!name) {
        dara_man_overview(&out);
    } else {
        const struct dara_command *command = NULL;
        int code = dara_command_require(name, &command);
        if (code)
            return code;
        dara_man_command(command, &out);
    }
    return dara_print(&out);
}

static const struct dara_option options[] = {
    {"list", 0, NULL, "print the names of the commands that have a page", false, NULL},
    {0},
};

const struct dara_command dara_command_man_page = {
    .name = "man-page",
    .group = "Help",
    .summary = "print a manual page as roff",
    .arguments = "[COMMAND]",
    .max = 1,
    .flags = DARA_COMMAND_HIDDEN | DARA_COMMAND_NO_PROJECT | DARA_COMMAND_RAW,
    .options = options,
    .description = "Prints dara(1), or the page of one command. The build installs them.",
    .example = "dara man-page | man -l -",
    .complete = "command",
    .run = run,
};
