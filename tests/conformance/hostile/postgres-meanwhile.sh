# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Another session changes the schema while it is read.

engine_new meanwhile
engine_load "$url" /dev/stdin <<<"CREATE TABLE kept (a integer PRIMARY KEY, b text); CREATE VIEW seen AS SELECT a FROM kept;"
project meanwhile-project
# A transaction that is not at its end: half of it is there for itself alone, and it holds the table.
mkfifo "$work/other"
psql -Xq "$(engine_direct "$url")" <"$work/other" >/dev/null 2>&1 &
other=$!
exec 5>"$work/other"
echo "BEGIN; CREATE TABLE half (a integer); ALTER TABLE kept ADD COLUMN c integer; NOTIFY ready;" >&5
waits=0
until [ "$(engine_sql "$url" "SELECT count(*) FROM pg_locks WHERE relation = 'kept'::regclass AND mode = 'AccessExclusiveLock'")" = 1 ] || [ $((waits += 1)) -gt 50 ]; do
    sleep 0.1
done
run "$DARA" snapshot during --lock-timeout 300ms
status_is 5 "$name: meanwhile: a table that another transaction changes"
err_like 'lock timeout' "$name: meanwhile: says that it waited for a lock"
is "$(find db/snapshots -name '*during*')" "" "$name: meanwhile: and leaves no snapshot"
echo "ROLLBACK;" >&5
exec 5>&-
wait "$other"
run "$DARA" compare-schemas baseline live
status_is 0 "$name: meanwhile: what was rolled back was never seen"
# Tables that come and go: each reading sees a whole one or none.
for n in $(seq 6); do
    echo "BEGIN; CREATE TABLE t$n (id serial PRIMARY KEY, m integer DEFAULT 1 CHECK (m > 0)); CREATE VIEW v$n AS SELECT * FROM t$n; COMMIT;
        SELECT pg_sleep(0.25); DROP TABLE t$n CASCADE;"
done >"$work/coming.sql"
engine_load "$url" "$work/coming.sql" 2>/dev/null &
other=$!
torn=0
while kill -0 "$other" 2>/dev/null; do
    run "$DARA" snapshot "coming$((waits += 1))"
    [ "$status" -eq 0 ] || break
    text=$(ls db/snapshots/*_coming$waits.sql)
    [ "$(grep -c '^CREATE TABLE' "$text")" -eq "$(grep -c '^CREATE VIEW' "$text")" ] || torn=$((torn + 1))
done
wait "$other"
status_is 0 "$name: meanwhile: tables that come and go are no error"
is "$torn" 0 "$name: meanwhile: and none is half there"
