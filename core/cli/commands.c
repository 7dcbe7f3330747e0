/* SPDX-License-Identifier: MIT */
#include "cli/commands.h"

/* In the order of help. One command a line. */
const struct dara_command *const dara_commands[] = {
    /* Set-up */
    &dara_command_setup_database,
    &dara_command_bootstrap,
    &dara_command_env_check,
    &dara_command_drivers,
    /* Design */
    &dara_command_create_migration,
    /* Migrate */
    &dara_command_snapshot,
    &dara_command_verify_order,
    &dara_command_lint,
    &dara_command_dry_run,
    &dara_command_apply_migration,
    &dara_command_status,
    &dara_command_smoke_test,
    &dara_command_rollback,
    &dara_command_compare_schemas,
    /* Security */
    &dara_command_security_audit,
    /* Data */
    &dara_command_seed,
    &dara_command_run_sql,
    /* Help */
    &dara_command_help,
    &dara_command_completion,
    /* hidden */
    &dara_command_create_rls_policies,
    &dara_command_policy_apply,
    &dara_command_rls_audit,
    &dara_command_test_as_user,
    &dara_command_complete,
    &dara_command_man_page,
    &dara_command_self_test,
    NULL,
};
