/* SPDX-License-Identifier: MIT */
/* The rows of the command table. To add a command: its row here, in the array of commands.c, and its source in
 * local.mk. */
#ifndef DARA_CLI_COMMANDS_H
#define DARA_CLI_COMMANDS_H

#include "cli/command.h"

extern const struct dara_command dara_command_apply_migration;
extern const struct dara_command dara_command_bootstrap;
extern const struct dara_command dara_command_compare_schemas;
extern const struct dara_command dara_command_complete;
extern const struct dara_command dara_command_completion;
extern const struct dara_command dara_command_create_migration;
extern const struct dara_command dara_command_drivers;
extern const struct dara_command dara_command_dry_run;
extern const struct dara_command dara_command_env_check;
extern const struct dara_command dara_command_help;
extern const struct dara_command dara_command_lint;
extern const struct dara_command dara_command_man_page;
extern const struct dara_command dara_command_create_rls_policies;
extern const struct dara_command dara_command_policy_apply;
extern const struct dara_command dara_command_rls_audit;
extern const struct dara_command dara_command_test_as_user;
extern const struct dara_command dara_command_run_sql;
extern const struct dara_command dara_command_security_audit;
extern const struct dara_command dara_command_seed;
extern const struct dara_command dara_command_rollback;
extern const struct dara_command dara_command_self_test;
extern const struct dara_command dara_command_setup_database;
extern const struct dara_command dara_command_verify_order;
extern const struct dara_command dara_command_snapshot;
extern const struct dara_command dara_command_status;
extern const struct dara_command dara_command_smoke_test;

/* cmd-policy.c: the error of a command that needs row-level security (DARA_EUNSUPPORTED); `purpose` completes "the driver cannot …". */
int dara_policy_absent(struct dara_call *call, const char *purpose);

#endif
