# SPDX-License-Identifier: MIT
core_dara_SOURCES += core/cli/command.h core/cli/call.h core/cli/commands.h core/cli/commands.c
core_dara_SOURCES += core/cli/main.c core/cli/run.c core/cli/options.c core/cli/parse.c core/cli/call.c core/cli/words.c
core_dara_SOURCES += core/cli/help.c core/cli/man.c core/cli/completion.c core/cli/prompt.c core/cli/prompt-history.c \
  core/cli/edit.h core/cli/edit.c
# commands, one a line
core_dara_SOURCES += core/cli/cmd-completion.c
core_dara_SOURCES += core/cli/cmd-drivers.c
core_dara_SOURCES += core/cli/cmd-help.c
core_dara_SOURCES += core/cli/cmd-man-page.c
core_dara_SOURCES += core/cli/cmd-self-test.c
core_dara_SOURCES += core/cli/cmd-apply-migration.c
core_dara_SOURCES += core/cli/cmd-dry-run.c
core_dara_SOURCES += core/cli/cmd-snapshot.c
core_dara_SOURCES += core/cli/cmd-status.c core/cli/cmd-smoke-test.c
core_dara_SOURCES += core/cli/cmd-bootstrap.c
core_dara_SOURCES += core/cli/cmd-env-check.c
core_dara_SOURCES += core/cli/cmd-run-sql.c
core_dara_SOURCES += core/cli/cmd-seed.c
core_dara_SOURCES += core/cli/cmd-setup-database.c
core_dara_SOURCES += core/cli/cmd-rollback.c core/cli/cmd-compare-schemas.c core/cli/cmd-create-migration.c
core_dara_SOURCES += core/cli/cmd-verify-order.c
core_dara_SOURCES += core/cli/cmd-security-audit.c core/cli/cmd-policy.c core/cli/cmd-test-as-user.c core/cli/cmd-policy-apply.c
core_dara_SOURCES += core/cli/cmd-lint.c
