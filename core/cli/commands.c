/* SPDX-License-Identifier: MIT */
#include "cli/commands.h"

/* In the order of help. One command a line. */
const struct dara_command *const dara_commands[] = {
    /* Set-up */
    &dara_command_drivers,
    /* Migrate */
    &dara_command_snapshot,
    &dara_command_dry_run,
    &dara_command_apply_migration,
    &dara_command_status,
    /* Help */
    &dara_command_help,
    &dara_command_completion,
    /* hidden */
    &dara_command_complete,
    &dara_command_man_page,
    &dara_command_self_test,
    NULL,
};
