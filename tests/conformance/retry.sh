#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A run that does not get its locks: it lets go and tries again, for as long as --lock-timeout says; never when something was done that
# lasts. Only engines where those who wait stop those who come after them.
. "$srcdir/tests/conformance/lib.sh"

# hold SECONDS SQL: another session holds locks for so long, from now on.
hold() {
    PGAPPNAME=holder psql -Xqt -c 'BEGIN' -c "$2" -c "SELECT pg_sleep($1)" "$(engine_direct "$url")" >/dev/null 2>&1 &
    holder=$!
    for _ in $(seq 200); do
        [ "$(engine_sql "$url" "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holder' AND query LIKE '%pg_sleep%'")" != 0 ] && return
        sleep 0.05
    done
}
files() { find db/snapshots -type f 2>/dev/null | wc -l; }

suite_postgres() {
    local before others
    engine_new retry
    engine_sql "$url" "CREATE TABLE first (a integer); CREATE TABLE busy (a integer); CREATE TABLE log (a integer);
        CREATE EXTENSION dblink; INSERT INTO busy VALUES (1)"
    project retry-project
    migration 20260101000000_two <<'SQL'
CREATE TABLE made (a integer);
INSERT INTO first VALUES (1);
ALTER TABLE busy ADD COLUMN b integer;
SQL
    others=$(files)
    before=$(engine_dump "$url")
    hold 2.5 'SELECT * FROM busy'
    run "$DARA" apply-migration --lock-timeout 400ms db/migrations
    status_is 5 "$1: another holds the lock longer than --lock-timeout: exit 5"
    err_like '^  detail: .*waited for session [0-9]+ \(holder, user postgres, active since 20' "$1: who holds it is said"
    err_like 'tried [2-9][0-9]* times in ' "$1: it was tried more than once"
    err_like '20260101000000_two.sql:3: .*lock timeout' "$1: with the statement"
    is "$(engine_dump "$url")" "$before" "$1: nothing was changed"
    is "$(files)" "$others" "$1: and no snapshot is left"
    wait $holder
    hold 2 'SELECT * FROM busy'
    run "$DARA" apply-migration --lock-timeout 30s db/migrations -f json
    status_is 0 "$1: one that lets go after a while: applied"
    is "$(json '.notes[] | select(.level == "info") | .text' | sed 's/waited [0-9.]* [a-z]* for/waited T for/; s/attempt [0-9]* /attempt N /')" \
        'waited T for locks that others held; attempt N went through' "$1: and said in the report"
    wait $holder
    is "$(engine_sql "$url" "SELECT count(*), (SELECT count(*) FROM dara_migrations WHERE kind = 'migration') FROM first")" "1|1" \
        "$1: each statement took effect once"
    keeps_schema apply-migration

    # While it waits in pieces, others get by.
    migration 20260102000000_three <<<'ALTER TABLE busy ADD COLUMN c integer;'
    hold 3 'SELECT * FROM busy'
    "$DARA" apply-migration --lock-timeout 30s db/migrations >"$work/out" 2>"$work/err" </dev/null &
    pid=$!
    sleep 0.5
    is "$(psql -XqAt -c "SET statement_timeout = '2500ms'" -c 'SELECT count(*) FROM busy' "$(engine_direct "$url")")" 1 \
        "$1: a reader behind the waiting run is not kept for long"
    wait $pid
    is $? 0 "$1: and the run comes through"
    is "$(grep -c '^waiting for session [0-9]* (holder, ' "$work/err")" 1 "$1: a wait of more than a second is told, once"
    wait $holder

    # Two sessions that wait for each other.
    migration 20260103000000_four <<'SQL'
LOCK TABLE first IN EXCLUSIVE MODE;
SELECT pg_sleep(0.6);
LOCK TABLE busy IN EXCLUSIVE MODE;
CREATE TABLE four (a integer);
SQL
    PGAPPNAME=other psql -Xqt -c 'BEGIN' -c 'LOCK TABLE busy IN EXCLUSIVE MODE' -c 'SELECT pg_sleep(1.5)' \
        -c 'LOCK TABLE first IN EXCLUSIVE MODE' -c 'COMMIT' "$(engine_direct "$url")" >/dev/null 2>&1 &
    other=$!
    sleep 0.3
    run "$DARA" apply-migration --lock-timeout 30s db/migrations
    status_is 0 "$1: a deadlock is tried again"
    wait $other
    is $? 0 "$1: and the other session came through as well"

    # What lasts is done once.
    migration 20260104000000_five <<SQL
SELECT dblink_exec('$(engine_direct "$url")', 'INSERT INTO log VALUES (1)');
ALTER TABLE busy ADD COLUMN d integer;
SQL
    hold 2 'SELECT * FROM busy'
    run "$DARA" apply-migration --lock-timeout 1s db/migrations
    status_is 5 "$1: a run that did something that lasts is not tried again"
    err_unlike 'tried' "$1: once is enough"
    wait $holder
    is "$(engine_sql "$url" 'SELECT count(*) FROM log')" 1 "$1: it was done once"
    migration 20260104000000_five <<SQL
DO \$\$ BEGIN PERFORM dblink_exec('$(engine_direct "$url")', 'INSERT INTO log VALUES (1)'); END \$\$;
ALTER TABLE busy ADD COLUMN d integer;
SQL
    hold 2 'SELECT * FROM busy'
    run "$DARA" apply-migration --lock-timeout 1s db/migrations
    status_is 5 "$1: nor when it stands in a DO block"
    err_unlike 'tried' "$1: once is enough"
    wait $holder
    is "$(engine_sql "$url" 'SELECT count(*) FROM log')" 2 "$1: it was done once"

    # Ctrl-C between two attempts.
    migration 20260104000000_five <<<'ALTER TABLE busy ADD COLUMN d integer;'
    hold 3 'SELECT * FROM busy'
    env --default-signal=INT "$DARA" apply-migration --lock-timeout 60s db/migrations >"$work/out" 2>"$work/err" </dev/null &
    pid=$!
    sleep 1
    kill -INT $pid
    wait $pid
    is $? 6 "$1: Ctrl-C while it waits: exit 6"
    kill $holder 2>/dev/null
    wait $holder
    is "$(engine_sql "$url" "SELECT count(*) FROM dara_migrations WHERE kind = 'migration'")" 3 "$1: nothing is recorded"
    is "$(engine_sql "$url" "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() AND locktype = 'advisory'")" \
        0 "$1: no lock is left behind"
}
suite() {
    [ "$1" = postgres ] || { skip "$1" 'its locks do not queue'; return; }
    suite_postgres "$1"
}
conform
