/* SPDX-License-Identifier: MIT */
#include "base/terminal.h"
#include "cli/call.h"

/* Without a terminal there is nobody to ask. */
static int no_terminal(void)
{
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    dara_help_overview(80, &out);
    fputs(dara_text_string(&out), stderr);
    return dara_error_status(DARA_EUSAGE);
}

int dara_prompt(void)
{
    return no_terminal();
}
