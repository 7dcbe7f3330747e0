# SPDX-License-Identifier: MIT
# Tests of the command line: tests/cli/NAME.sh, executable, TAP by lib.sh.
EXTRA_DIST += tests/cli/lib.sh
CLI_TESTS =

TESTS += $(CLI_TESTS)
dist_check_SCRIPTS += $(CLI_TESTS)
