# SPDX-License-Identifier: MIT
# Tests of the command line: tests/cli/NAME.sh, executable, TAP by lib.sh.
EXTRA_DIST += tests/cli/lib.sh tests/cli/schema.py tests/cli/source.py
CLI_TESTS =
CLI_TESTS += tests/cli/readme.sh
CLI_TESTS += tests/cli/self-test.sh tests/cli/help.sh tests/cli/usage.sh tests/cli/completion.sh tests/cli/drivers.sh
CLI_TESTS += tests/cli/prompt.sh
# the tree itself
CLI_TESTS += tests/cli/source.sh tests/cli/unsupported.sh
# going back, comparing
CLI_TESTS += tests/cli/rollback.sh tests/cli/compare.sh tests/cli/create-migration.sh
# drivers
CLI_TESTS += tests/cli/headers.sh tests/cli/mysql-library.sh tests/cli/out-of-tree.sh tests/cli/refused.sh
# It installs, and libtool links drivers again for that in the build folder: not while other tests load them, so it comes last.
tests/cli/out-of-tree.log: $(TEST_LOGS:tests/cli/out-of-tree.log=)
# migrations and snapshots
EXTRA_DIST += tests/cli/migrate-lib.sh
CLI_TESTS += tests/cli/snapshot.sh tests/cli/apply.sh tests/cli/dry-run.sh tests/cli/status.sh tests/cli/settings.sh tests/cli/strange.sh

# project, connection, scripts
CLI_TESTS += tests/cli/exit-status.sh tests/cli/examples.sh tests/cli/secrets.sh tests/cli/json.sh tests/cli/terminal.sh
CLI_TESTS += tests/cli/setup.sh tests/cli/config-errors.sh tests/cli/env-check.sh tests/cli/run-sql.sh tests/cli/seed.sh tests/cli/verify-order.sh

# rules
EXTRA_DIST += tests/cli/audit/sqlite-bad.sql tests/cli/audit/sqlite-bad.txt tests/cli/audit/sqlite-good.sql
CLI_TESTS += tests/cli/audit.sh tests/cli/lint.sh tests/cli/lint-postgres.sh tests/cli/lint-corpus.sh
EXTRA_DIST += tests/cli/lint-corpus.py

TESTS += $(CLI_TESTS)
dist_check_SCRIPTS += $(CLI_TESTS)
