#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A value that is added to an enum cannot be used before its transaction ends: said with the line and the way out, which works.
export DARA_TEST_ENGINES=postgres
. "$srcdir/tests/conformance/lib.sh"

suite() {
    engine_new values
    engine_load "$url" /dev/stdin <<<"CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE t (m mood);"
    project values-project
    migration 20260101000000_all <<'SQL'
ALTER TYPE mood ADD VALUE 'glad';
CREATE TABLE s (a integer);

ALTER TABLE t ALTER COLUMN m SET DEFAULT 'glad';
SQL
    for command in dry-run apply-migration; do
        run "$DARA" "$command" db/migrations
        status_is 6 "$command: a value that is new to the transaction"
        err_like '_all\.sql:4: .*unsafe use of new value "glad"' "$command: is refused at the line that uses it"
        err_like 'hint: .*--transaction each' "$command: with the way out"
    done
    is "$(engine_sql "$url" "SELECT count(*) FROM pg_enum")" 1 "nothing was changed"
    sed -i 1d db/migrations/*_all.sql
    migration 20251231000000_value <<<"ALTER TYPE mood ADD VALUE 'glad';"
    run "$DARA" apply-migration db/migrations --transaction each
    status_is 0 "which works"
    is "$(engine_sql "$url" "INSERT INTO t DEFAULT VALUES RETURNING m")" glad "and the value is there"
}
conform
