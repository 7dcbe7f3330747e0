#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Peak memory of a snapshot of a file with very many tables of ten columns, and of sqlite3 reading the same schema.
# Usage: BUILD=build bench/memory.sh [TABLES]
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/bench/lib.sh"
tables=${1:-10000}
cd "$work"
awk -v tables="$tables" 'BEGIN {
    print "BEGIN;"
    for (i = 1; i <= tables; i++) {
        printf "CREATE TABLE table_%d (id INTEGER PRIMARY KEY", i
        for (c = 2; c <= 10; c++)
            printf ", column_%d %s", c, c % 3 ? "TEXT NOT NULL DEFAULT \x27x\x27" : "NUMERIC"
        print ");"
    }
    print "COMMIT;"
}' | sqlite3 p.db
"$dara" -q --url sqlite:p.db setup-database sqlite >/dev/null
echo "$tables tables of 10 columns (bar 200000 KB)"
peak sqlite3 p.db .schema
peak "$dara" -q snapshot memory
peak "$dara" -q snapshot show latest
peak "$dara" -q compare-schemas latest live
