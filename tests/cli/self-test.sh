#!/bin/bash
# SPDX-License-Identifier: MIT
# The command table: names, letters, help and examples of every command, checked by dara itself.
. "$srcdir/tests/cli/lib.sh"

run dara self-test
status_is 0 'the command table has no fault'
out_like '^faults: +0$' 'and says so'

done_testing
