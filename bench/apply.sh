#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# 500 one-table migrations, applied by dara (without and with snapshots) and by dbmate, in one run, on one disk. Prints ratios.
# Usage: BUILD=build bench/apply.sh [COUNT]     needs npm (dbmate comes from its registry into cache/, which git ignores)
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/bench/lib.sh"
count=${1:-500}
need_dbmate
mkdir -p "$work/dbmate" "$work/dara"
for i in $(seq "$count"); do
    version=$((20260101000000 + i))
    printf -- '-- migrate:up\nCREATE TABLE table_%d (id INTEGER PRIMARY KEY, name TEXT NOT NULL, other INTEGER);\n\n-- migrate:down\nDROP TABLE table_%d;\n' "$i" "$i" >"$work/dbmate/${version}_t$i.sql"
    printf 'CREATE TABLE table_%d (id INTEGER PRIMARY KEY, name TEXT NOT NULL, other INTEGER);\n' "$i" >"$work/dara/${version}_t$i.sql"
done
cd "$work"
apply_dbmate() { rm -f b.db*; timed "$dbmate" --no-dump-schema --url "sqlite:$work/b.db" --migrations-dir "$work/dbmate" up; }
apply_dara() { # OPTIONS…
    rm -rf p && mkdir p && (cd p && "$dara" -q --url sqlite:p.db setup-database sqlite --create >/dev/null && rm -rf db/migrations && cp -r "$work/dara" db/migrations)
    (cd p && timed "$dara" apply-migration "$@" db/migrations)
}
rounds "dbmate up" apply_dbmate
base=$median
rounds "dara apply-migration --no-snapshot" apply_dara --no-snapshot
ratio "$median" "$base" "apply of $count migrations without snapshots / dbmate (bar 0.5)"
rounds "dara apply-migration --no-snapshot --transaction each" apply_dara --no-snapshot --transaction each
ratio "$median" "$base" "the same, one transaction for each file / dbmate"
rounds "dara apply-migration" apply_dara
ratio "$median" "$base" "apply of $count migrations with snapshots / dbmate (bar 1.0)"
