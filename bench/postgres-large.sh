#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# PostgreSQL: what reads, compares and plans 1,000 and 10,000 tables: time of the client's processor for each table, and peak memory. Linear is
# as much for each table with the larger number.
# Usage: BUILD=build bench/postgres-large.sh [SMALL LARGE]     needs what tests/servers/postgres needs
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/bench/lib.sh"
need_postgres
small=${1:-1000}
large=${2:-10000}
psql -q -d "$server/postgres" -c 'CREATE DATABASE empty'

# NAME COMMAND…: microseconds of the user's side of the processor, the least of three, and kilobytes
measure() {
    local name=$1
    shift
    for _ in 1 2 3; do
        (command time -f '%U %M' "$@" >"$work/log") 2>&1 | tail -n 1
    done | sort -n | awk -v name="$name" -v size="$size" '
        NR == 1 { used = $1 } $2 > peak { peak = $2 }
        END { printf "%10.1f us for each table, %7d KB  %s of %d tables\n", used * 1e6 / size, peak, name, size }'
}
# Each schema of 50 tables is a transaction: one for all holds more locks than the server has room for, one for each statement takes twice the time.
chunked() { awk '/^(BEGIN|COMMIT);$/ { next } /^CREATE SCHEMA/ { print (n++ ? "COMMIT;\n" : "") "BEGIN;" } { print } END { print "COMMIT;" }'; }
for size in "$small" "$large"; do
    psql -q -d "$server/postgres" -c "CREATE DATABASE tables_$size"
    awk -v tables="$size" -v views=0 -f "$top/bench/postgres-schema.awk" | chunked |
        psql -q -v ON_ERROR_STOP=1 -d "$server/tables_$size" -f - >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
    psql -q -d "$server/tables_$size" -c 'VACUUM ANALYZE'
    mkdir "$work/$size" && cd "$work/$size"
    export DATABASE_URL=$server/tables_$size
    "$dara" -q setup-database postgres >/dev/null
    measure snapshot "$dara" -q snapshot large
    measure compare-with-snapshot "$dara" -q compare-schemas latest live
    measure plan-all "$dara" -q compare-schemas "$server/empty" live --sql
    measure plan-none "$dara" -q compare-schemas live "$server/empty" --sql
    measure drift "$dara" -q status --drift
done
