#!/bin/bash
# SPDX-License-Identifier: MIT
# lint against the cases of another linter: where it differs, the reason stands here.
# shellcheck source=tests/cli/lib.sh
. "$srcdir/tests/cli/lib.sh"
[ -e "$builddir/drivers/postgres/postgres.la" ] || skip_all 'the driver is not built'
corpus=${DARA_TEST_CORPORA:-$srcdir/../shared/corpora}/lint/squawk.jsonl
[ -e "$corpus" ] || skip_all 'no corpora: name their folder in DARA_TEST_CORPORA'
export DARA_DRIVER_PATH=$builddir/drivers/postgres

run python3 "$srcdir/tests/cli/lint-corpus.py" "$DARA" "$corpus"
# - PostgreSQL 11, where SET NOT NULL reads the rows all the same, is none that dara works with.
# - VACUUM FULL is told whatever the version: REPACK of 19 is one more way out, and no reason to be silent before it.
# - ENABLE ROW LEVEL SECURITY does nothing when it is on already: it can be repeated.
is "$(cat "$work/out")" 'adding-not-nullable-field pg11_cross_migration_validate_then_set_not_null_err expected errors
prefer-repack vacuum_full_below_pg19_ok expected ok
prefer-robust-stmts enable_row_level_security_without_exists_check_err expected errors
107 agree, 3 differ, 19 do not say' 'what differs is known'
done_testing
