#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Many files in one transaction, handed over together: what one says, and fails with, is its own; nothing of one file is there in the next.
. "$srcdir/tests/conformance/lib.sh"

versions() { engine_sql "$url" "SELECT version FROM dara_migrations WHERE kind = 'migration' ORDER BY place" | paste -sd ' '; }
# Ten files of two statements, the second of number FAULTY being SQL.
files() { # [FAULTY SQL]
    local i second
    for i in 0 1 2 3 4 5 6 7 8 9; do
        second="INSERT INTO t$i VALUES ($i), ($i);"
        [ "$i" = "${1-}" ] && second=$2
        printf 'CREATE TABLE t%s (a integer);\n\n-- a comment\n%s\n' "$i" "$second" | migration "2026010100000${i}_f$i"
    done
}

suite_postgres() {
    local before i pid
    engine_new together
    project together-project
    before=$(engine_dump "$url")
    for i in 0 4 9; do
        files "$i" "INSERT INTO t$i
  VALUES ('x');"
        run "$DARA" apply-migration db/migrations
        status_is 6 "$1: a statement of file $i fails: exit 6"
        err_like "^dara: db/migrations/2026010100000${i}_f$i.sql:5: .*invalid input syntax for type integer" "$1: with its file, and its line"
        is "$(engine_dump "$url")" "$before" "$1: all of it is taken back"
    done

    files 5 "SELECT pg_sleep(5);"
    run "$DARA" apply-migration --statement-timeout 300ms db/migrations
    status_is 6 "$1: the time of a statement is up: exit 6"
    err_like '^dara: db/migrations/20260101000005_f5.sql:4: .*statement timeout' "$1: of that one"

    env --default-signal=INT "$DARA" apply-migration db/migrations >"$work/out" 2>"$work/err" </dev/null &
    pid=$!
    for _ in $(seq 100); do
        [ "$(engine_sql "$url" "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(5)%'")" != 0 ] && break
        sleep 0.05
    done
    kill -INT $pid
    wait $pid
    is $? 6 "$1: Ctrl-C: exit 6"
    err_like '^dara: db/migrations/20260101000005_f5.sql:4: interrupted' "$1: at the statement that ran"
    is "$(engine_dump "$url")" "$before" "$1: and nothing is there"

    # COPY between them; what a file sets is gone in the next one; rows and times are those of the file.
    files
    migration 20260101000003_f3 <<'SQL'
SET search_path = pg_catalog, public;
SET statement_timeout = '1h';
SET ROLE pg_monitor;
PREPARE mine AS SELECT 1;
SQL
    migration 20260101000004_f4 <<'SQL'
CREATE TABLE t4 (a integer);
COPY t4 FROM stdin;
1
2
\.
CREATE TABLE seen AS SELECT current_user::text AS who, current_setting('search_path') AS path, current_setting('statement_timeout') AS time,
  (SELECT count(*) FROM pg_prepared_statements WHERE name = 'mine') AS prepared;
SQL
    migration 20260101000006_f6 <<<'SELECT pg_sleep(0.3);'
    run "$DARA" apply-migration --statement-timeout 20s db/migrations -f json
    status_is 0 "$1: ten files, COPY in the middle: applied"
    is "$(engine_sql "$url" 'SELECT * FROM seen')" 'postgres|"$user", public|20s|0' "$1: nothing that a file set is there in the next"
    is "$(engine_sql "$url" 'SELECT (SELECT count(*) FROM t4) + (SELECT count(*) FROM t9)')" 4 "$1: rows are there"
    is "$(versions)" "$(seq -s ' ' 20260101000000 20260101000009)" "$1: recorded in their order"
    is "$(json '[.applied[] | select(.duration_us > 250000) | .version] | join(" ")')" 20260101000006 "$1: the time of each is its own"
    keeps_schema apply-migration
}
suite() {
    [ "$1" = postgres ] || { skip "$1" 'it takes one statement at a time'; return; }
    suite_postgres "$1"
}
conform
