#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# 500 one-table migrations on MariaDB and MySQL, applied by dara (without and with snapshots) and by dbmate, in one run, on one server.
# Prints ratios, and the round trips of dara for each migration: on servers whose data is in memory and not synced, as the tests have them, and
# on servers as they come, with their data on the disk that this folder is on.
# Usage: BUILD=build bench/mysql-apply.sh [COUNT]     needs what tests/servers/mysql needs, npm (for dbmate) and python3
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/bench/lib.sh"
count=${1:-500}
need_dbmate
need_mysql
mkdir -p "$work/dbmate" "$work/dara"
for i in $(seq "$count"); do
    version=$((20260101000000 + i))
    sql="CREATE TABLE table_$i (id bigint AUTO_INCREMENT PRIMARY KEY, name varchar(100) NOT NULL, other int);"
    printf -- '-- migrate:up\n%s\n\n-- migrate:down\nDROP TABLE table_%d;\n' "$sql" "$i" >"$work/dbmate/${version}_t$i.sql"
    printf '%s\n' "$sql" >"$work/dara/${version}_t$i.sql"
done
cd "$work"
fresh() { # an empty database
    in_mysql -e 'DROP DATABASE IF EXISTS bench; CREATE DATABASE bench'
}
apply_dbmate() {
    fresh
    timed "$dbmate" --no-dump-schema --url "mysql://${server#*://}/bench" --migrations-dir "$work/dbmate" up
}
prepare() {
    fresh
    rm -rf p && mkdir p && (cd p && "$dara" -q --url "$server/bench" setup-database mysql >/dev/null && rm -rf db/migrations && cp -r "$work/dara" db/migrations)
}
apply_dara() { # OPTIONS…
    prepare
    (cd p && timed "$dara" --url "$server/bench" apply-migration "$@" db/migrations)
}
plain() { apply_dara --no-snapshot; }
compare() {
    pair "dbmate up" apply_dbmate "dara apply-migration --no-snapshot" plain
    ratio "$median" "$base" "apply of $count migrations without snapshots / dbmate (bar 0.7)"
    pair_by_processor "dbmate up" apply_dbmate "dara apply-migration --no-snapshot" plain "apply of $count migrations / dbmate"
}
for entry in $servers; do
    server=${entry#*=}
    echo "${entry%%=*}, data in memory, nothing synced:"
    compare
    rounds "dara apply-migration" apply_dara
    ratio "$median" "$base" "apply of $count migrations with snapshots / dbmate"
    prepare
    direct=$server
    start_proxy 0
    server=${direct%%:*}://root@127.0.0.1:$proxy_port
    trips=$(cd p && round_trips "$dara" --url "$server/bench" apply-migration --no-snapshot db/migrations)
    stop_proxy
    awk -v n="$trips" -v c="$count" 'BEGIN { printf "%10.2f     round trips for each migration\n", n / c }'
done
need_durable_mysql
for entry in $servers; do
    server=${entry#*=}
    echo "${entry%%=*}, as it comes: data on the disk of $(df --output=fstype "$durable_place" | tail -n 1), every commit synced:"
    compare
done
