#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Snapshot of 545 tables and 281 views in PostgreSQL against `pg_dump --schema-only`, directly and through a proxy that adds 20 ms each
# way; then of 1,000 and 10,000 tables: is the time linear, and how much memory is used.
# Usage: BUILD=build bench/postgres-snapshot.sh [TABLES VIEWS]     needs what tests/servers/postgres needs, and python3
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/bench/lib.sh"
need_postgres
tables=${1:-545}
views=${2:-281}

database() { # NAME TABLES VIEWS: makes it, and a project for it in a folder of that name
    psql -q -d "$server/postgres" -c "CREATE DATABASE $1"
    awk -v tables="$2" -v views="$3" -f "$top/bench/postgres-schema.awk" >"$work/$1.sql"
    # At most a thousand tables in a transaction: each holds locks to its end.
    sed '/^\(BEGIN\|COMMIT\);$/d' "$work/$1.sql" | psql -q -v ON_ERROR_STOP=1 -d "$server/$1" -f - >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
    psql -q -d "$server/$1" -c 'VACUUM ANALYZE'
    mkdir "$work/$1"
    (cd "$work/$1" && "$dara" -q --url "$server/$1" setup-database postgres >/dev/null)
}
use() { # NAME SERVER
    cd "$work/$1"
    url=$2/$1
}
dump() { timed pg_dump --schema-only -d "$url" -f dump.sql; }
snapshot() { timed "$dara" -q --url "$url" snapshot bench; rm -f db/snapshots/*bench*; }

database p "$tables" "$views"
use p "$server"
pair "pg_dump --schema-only" dump "dara snapshot" snapshot
ratio "$median" "$base" "dara snapshot of $tables tables and $views views / pg_dump (bar 0.4)"
peak "$dara" -q --url "$url" snapshot memory

start_proxy 20
use p "postgres://postgres@127.0.0.1:$proxy_port"
echo "through a proxy that adds 20 ms each way:"
base=$(dump)
printf '%10s ms  %s\n' "$base" "pg_dump --schema-only"
rounds "dara snapshot" snapshot
ratio "$median" "$base" "dara snapshot / pg_dump (bar 0.05)"
trips=$(round_trips snapshot)
printf '%10s     round trips of a snapshot, logging in and out included (bar 12)\n' "$trips"

for size in 1000 10000; do
    database "large_$size" "$size" 0
    use "large_$size" "$server"
    rounds "dara snapshot of $size tables" snapshot
    peak "$dara" -q --url "$url" snapshot memory
    [ "$size" = 1000 ] || ratio "$median" "$before" "10,000 tables / 1,000 tables (10 is linear)"
    before=$median
done
