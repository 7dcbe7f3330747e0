#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Snapshot of 173 tables with views, triggers and routines on MariaDB and MySQL against `mariadb-dump --no-data --routines --triggers
# --events`, directly and through a proxy that adds 20 ms each way; round trips.
# Usage: BUILD=build bench/mysql-snapshot.sh [TABLES]     needs what tests/servers/mysql needs, and python3
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/bench/lib.sh"
need_mysql
tables=${1:-173}
dump() {
    local where=${server#*@}
    timed mariadb-dump --no-defaults -h "${where%:*}" -P "${where##*:}" -u root --no-data --routines --triggers --events --result-file=dump.sql bench
}
snapshot() { timed "$dara" -q --url "$server/bench" snapshot bench; rm -f db/snapshots/*bench*; }
for entry in $servers; do
    server=${entry#*=} name=${entry%%=*} bar=0.3
    [ "$name" = mysql ] || bar=0.2
    echo "$name:"
    in_mysql -e 'DROP DATABASE IF EXISTS bench; CREATE DATABASE bench; SET GLOBAL log_bin_trust_function_creators = 1'
    awk -v tables="$tables" -f "$top/bench/mysql-schema.awk" | in_mysql bench
    mkdir -p "$work/$name" && cd "$work/$name"
    "$dara" -q --url "$server/bench" setup-database mysql >/dev/null
    pair "mariadb-dump" dump "dara snapshot" snapshot
    ratio "$median" "$base" "dara snapshot of $tables tables / mariadb-dump (bar $bar)"
    pair_by_processor "mariadb-dump" dump "dara snapshot" snapshot "dara snapshot / mariadb-dump"
    peak "$dara" -q --url "$server/bench" snapshot memory
    direct=$server
    start_proxy 20
    server=${direct%%:*}://root@127.0.0.1:$proxy_port
    echo "through a proxy that adds 20 ms each way:"
    base=$(dump)
    printf '%10s ms  %s\n' "$base" "mariadb-dump"
    rounds "dara snapshot" snapshot
    ratio "$median" "$base" "dara snapshot / mariadb-dump (bar 0.05)"
    printf '%10s     round trips of a snapshot, logging in and out included (bar 20)\n' "$(round_trips snapshot)"
    stop_proxy
done
