#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Snapshot of a file with 500 tables (each with an index, every tenth with a view and a trigger) against `sqlite3 .schema`.
# Usage: BUILD=build bench/snapshot.sh [TABLES]
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/bench/lib.sh"
tables=${1:-500}
cd "$work"
for i in $(seq "$tables"); do
    echo "CREATE TABLE table_$i (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT 'x', amount NUMERIC CHECK (amount > 0), parent INTEGER REFERENCES table_1(id));"
    echo "CREATE INDEX table_${i}_name ON table_$i(name, amount DESC);"
    [ $((i % 10)) -ne 0 ] || echo "CREATE VIEW view_$i AS SELECT id, name FROM table_$i; CREATE TRIGGER trigger_$i AFTER INSERT ON table_$i BEGIN SELECT 1; END;"
done >schema.sql
(echo 'BEGIN;'; cat schema.sql; echo 'COMMIT;') | sqlite3 p.db
"$dara" -q --url sqlite:p.db setup-database sqlite >/dev/null
schema() { timed sh -c 'sqlite3 p.db .schema >schema.out'; }
snapshot() { timed "$dara" -q snapshot bench; rm -f db/snapshots/*bench*; }
synced() { timed sh -c 'sqlite3 p.db .schema >schema.out && sync schema.out'; }
rounds "sqlite3 .schema and sync" synced
pair "sqlite3 .schema" schema "dara snapshot" snapshot
load
ratio "$median" "$base" "dara snapshot of $tables tables / sqlite3 .schema (bar 1.5)"
peak "$dara" -q snapshot memory
