#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A run that does not get its locks: it lets go and tries again, for as long as --lock-timeout says; never when something was done that
# lasts. Only engines where those who wait stop those who come after them.
. "$srcdir/tests/conformance/lib.sh"
. "$srcdir/tests/conformance/sessions.sh"

# hold SQL: another session holds locks from now on, until it is told to let go.
hold() {
    open holder holder
    tell holder "BEGIN; $1;"
    until_state holder "state = 'idle in transaction'"
}
let_go() { close holder; }
# A run in the background, until it has said that it waits: then its first attempts are behind it.
waiting() { # COMMAND…
    : >"$work/err"
    "$@" >"$work/out" 2>"$work/err" </dev/null &
    run=$!
    until_so said_waiting
}
said_waiting() { grep -c '^waiting for session' "$work/err"; }
come_through() {
    wait $run
    status=$?
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
    hold 'SELECT * FROM busy'
    run "$DARA" apply-migration --lock-timeout 400ms db/migrations
    status_is 5 "$1: another holds the lock longer than --lock-timeout: exit 5"
    err_like '^  detail: .*waited for session [0-9]+ \(holder, user postgres, idle in transaction since 20' "$1: who holds it is said"
    err_like 'tried [2-9][0-9]* times in ' "$1: it was tried more than once"
    err_like '20260101000000_two.sql:3: .*lock timeout' "$1: with the statement"
    is "$(engine_dump "$url")" "$before" "$1: nothing was changed"
    is "$(files)" "$others" "$1: and no snapshot is left"
    let_go
    hold 'SELECT * FROM busy'
    waiting "$DARA" apply-migration --lock-timeout 60s db/migrations -f json
    let_go
    come_through
    status_is 0 "$1: one that lets go after a while: applied"
    is "$(json '.notes[] | select(.level == "info") | .text' | sed 's/waited [0-9.]* [a-z]* for/waited T for/; s/attempt [0-9]* /attempt N /')" \
        'waited T for locks that others held; attempt N went through' "$1: and said in the report"
    is "$(engine_sql "$url" "SELECT count(*), (SELECT count(*) FROM dara_migrations WHERE kind = 'migration') FROM first")" "1|1" \
        "$1: each statement took effect once"
    keeps_schema apply-migration

    # While it waits in pieces, others get by.
    migration 20260102000000_three <<<'ALTER TABLE busy ADD COLUMN c integer;'
    hold 'SELECT * FROM busy'
    waiting "$DARA" apply-migration --lock-timeout 60s db/migrations
    is "$(psql -XqAt -c "SET statement_timeout = '20s'" -c 'SELECT count(*) FROM busy' "$(engine_direct "$url")")" 1 \
        "$1: a reader behind the waiting run gets by while the lock is held"
    let_go
    come_through
    status_is 0 "$1: and the run comes through"
    is "$(said_waiting)" 1 "$1: a wait of more than a second is told, once"

    # Two sessions that wait for each other.
    migration 20260103000000_four <<'SQL'
LOCK TABLE first IN EXCLUSIVE MODE;
LOCK TABLE busy IN EXCLUSIVE MODE;
CREATE TABLE four (a integer);
SQL
    hold 'LOCK TABLE busy IN EXCLUSIVE MODE'
    "$DARA" apply-migration --lock-timeout 60s db/migrations >"$work/out" 2>"$work/err" </dev/null &
    run=$!
    until_state 'dara%' "wait_event_type = 'Lock'"
    tell holder 'LOCK TABLE first IN EXCLUSIVE MODE; COMMIT;'
    let_go
    is $? 0 "$1: two that wait for each other: the other session comes through"
    come_through
    status_is 0 "$1: and the run as well, which tried again"

    # What lasts is done once.
    migration 20260104000000_five <<SQL
SELECT dblink_exec('$(engine_direct "$url")', 'INSERT INTO log VALUES (1)');
ALTER TABLE busy ADD COLUMN d integer;
SQL
    hold 'SELECT * FROM busy'
    run "$DARA" apply-migration --lock-timeout 1s db/migrations
    status_is 5 "$1: a run that did something that lasts is not tried again"
    err_unlike 'tried' "$1: once is enough"
    let_go
    is "$(engine_sql "$url" 'SELECT count(*) FROM log')" 1 "$1: it was done once"
    migration 20260104000000_five <<SQL
DO \$\$ BEGIN PERFORM dblink_exec('$(engine_direct "$url")', 'INSERT INTO log VALUES (1)'); END \$\$;
ALTER TABLE busy ADD COLUMN d integer;
SQL
    hold 'SELECT * FROM busy'
    run "$DARA" apply-migration --lock-timeout 1s db/migrations
    status_is 5 "$1: nor when it stands in a DO block"
    err_unlike 'tried' "$1: once is enough"
    let_go
    is "$(engine_sql "$url" 'SELECT count(*) FROM log')" 2 "$1: it was done once"

    # Ctrl-C between two attempts.
    migration 20260104000000_five <<<'ALTER TABLE busy ADD COLUMN d integer;'
    hold 'SELECT * FROM busy'
    waiting env --default-signal=INT "$DARA" apply-migration --lock-timeout 60s db/migrations
    kill -INT $run
    come_through
    status_is 6 "$1: Ctrl-C while it waits: exit 6"
    let_go
    is "$(engine_sql "$url" "SELECT count(*) FROM dara_migrations WHERE kind = 'migration'")" 3 "$1: nothing is recorded"
    is "$(engine_sql "$url" "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() AND locktype = 'advisory'")" \
        0 "$1: no lock is left behind"
    others_too "$1"
}

# A rollback, one by a file, and a seed: the same patience.
others_too() { # ENGINE
    local back
    engine_new others
    engine_sql "$url" "CREATE TABLE busy (a integer); CREATE TABLE aside (a integer); INSERT INTO busy VALUES (1)"
    project others-project
    run "$DARA" snapshot start
    engine_sql "$url" "ALTER TABLE busy ADD COLUMN b integer; ALTER TABLE aside ADD COLUMN b integer; INSERT INTO aside VALUES (1, 2)"
    hold 'LOCK TABLE busy IN ROW EXCLUSIVE MODE'
    back=$(files)
    run "$DARA" rollback start --confirm ROLLBACK --lock-timeout 400ms
    status_is 5 "$1: a rollback: another holds the lock longer than --lock-timeout: exit 5"
    err_like '^  detail: .*waited for session [0-9]+ \(holder, ' "$1: who holds it is said"
    err_like 'tried [2-9][0-9]* times in ' "$1: it was tried more than once"
    is "$(find db/snapshots -name '*emergency*.meta' | wc -l)" 1 "$1: what was saved for the last attempt is there, and for no other"
    waiting "$DARA" rollback start --confirm ROLLBACK --lock-timeout 60s -f json
    engine_sql "$url" "INSERT INTO aside VALUES (3, 4)"
    let_go
    come_through
    status_is 0 "$1: one that lets go after a while: rolled back"
    is "$(json '.notes[] | select(.level == "info") | .text' | grep -c 'waited .* for locks that others held; attempt [0-9]* went through')" 1 "$1: and said in the report"
    is "$(grep -c "('3', '4')" "db/snapshots/$(json .emergency_snapshot.id).sql")" 1 "$1: rows that came meanwhile were saved"
    is "$(engine_sql "$url" 'SELECT count(*) FROM aside')" 2 "$1: the rows of what stays are there"
    keeps_schema rollback

    migration 20260101000000_more <<<'ALTER TABLE busy ADD COLUMN b integer;'
    echo 'ALTER TABLE busy DROP COLUMN b;' >db/rollback/20260101000000_more.sql
    run "$DARA" apply-migration
    hold 'SELECT * FROM busy'
    waiting "$DARA" rollback 20260101000000 --confirm ROLLBACK --lock-timeout 60s
    let_go
    come_through
    status_is 0 "$1: a rollback by a file, too"
    is "$(engine_sql "$url" "SELECT count(*) FROM pg_attribute WHERE attrelid = 'busy'::regclass AND attname = 'b' AND NOT attisdropped")" 0 "$1: it took effect"

    echo "INSERT INTO aside VALUES (10); INSERT INTO busy VALUES (2); DELETE FROM aside WHERE a = 1;" >db/seeds/one.sql
    hold 'LOCK TABLE busy IN EXCLUSIVE MODE'
    run "$DARA" seed db/seeds --lock-timeout 400ms
    status_is 5 "$1: a seed: another holds the lock longer than --lock-timeout: exit 5"
    err_like 'one.sql:1: .*lock timeout' "$1: with file and line"
    err_like 'tried [2-9][0-9]* times in ' "$1: it was tried more than once"
    waiting "$DARA" seed db/seeds --lock-timeout 60s -f json
    let_go
    come_through
    status_is 0 "$1: and comes through"
    is "$(json '.tables[] | "\(.table) \(.rows)"' | sort | tr '\n' ' ')" 'aside 2 busy 1 ' "$1: rows are counted once"
    is "$(engine_sql "$url" 'SELECT count(*) FROM aside')$(engine_sql "$url" 'SELECT count(*) FROM busy')" 22 "$1: and written once"
    keeps_schema seed
}

# ---- where each statement commits by itself, and is tried again by itself ------------------------------------------------------------

# my_hold SQL: the same there.
my_hold() {
    my_client "${url##*/}" -e "BEGIN; $1; SELECT SLEEP(60)" >/dev/null 2>&1 &
    holder=$!
    until_so is_held
}
is_held() { engine_sql "$url" "$(engine_holding)" | grep -c .; }
my_let_go() {
    engine_let_go 0
    wait $holder
}
suite_my() {
    local before
    engine_new retry
    engine_sql "$url" "CREATE TABLE first (a INT PRIMARY KEY); CREATE TABLE busy (a INT PRIMARY KEY); INSERT INTO first VALUES (1); INSERT INTO busy VALUES (1)"
    project retry-project
    migration 20260101000000_two <<'SQL'
CREATE TABLE made (a INT);
ALTER TABLE busy ADD COLUMN b INT;
INSERT INTO first VALUES (2);
SQL
    before=$(engine_dump "$url")
    my_hold 'SELECT * FROM busy'
    run "$DARA" apply-migration --no-snapshot --lock-timeout 1s db/migrations
    status_is 5 "$1: another holds the lock longer than --lock-timeout: exit 5"
    err_like 'waited for session [0-9]+ \(user root@[^ ]+, .*since 20' "$1: who holds it is said"
    err_like '20260101000000_two.sql:2: .*[Ll]ock wait timeout' "$1: with the statement"
    is "$(engine_dump "$url")" "$before" "$1: nothing was changed"
    waiting "$DARA" apply-migration --no-snapshot --lock-timeout 60s db/migrations -f json
    my_let_go
    come_through
    status_is 0 "$1: one that lets go after a while: applied"
    is "$(json '.notes[] | select(.level == "info") | .text' | sed 's/waited [0-9.]* [a-z]* for/waited T for/; s/attempt [0-9]* /attempt N /')" \
        'waited T for locks that others held; attempt N went through' "$1: and said in the report"
    keeps_schema apply-migration
    is "$(engine_sql "$url" "SELECT COUNT(*), (SELECT COUNT(*) FROM dara_migrations WHERE kind = 'migration'), (SELECT COUNT(*) FROM dara_journal) FROM first")" \
        $'2\t1\t0' "$1: each statement took effect once"

    # Two sessions that wait for each other: rows only, in one transaction.
    migration 20260102000000_three <<'SQL'
UPDATE first SET a = 11 WHERE a = 1;
DO SLEEP(0.6);
UPDATE busy SET a = 11 WHERE a = 1;
SQL
    my_client "${url##*/}" -e 'BEGIN; UPDATE busy SET b = 2 WHERE a = 1; DO SLEEP(0.4); INSERT INTO busy (a) SELECT a + 100 FROM busy; INSERT INTO busy (a) VALUES (50), (51), (52); UPDATE first SET a = a WHERE a = 1; COMMIT' >/dev/null 2>&1 &
    other=$!
    run "$DARA" apply-migration -v --no-snapshot --lock-timeout 30s db/migrations
    status_is 0 "$1: a deadlock is tried again"
    err_like '^Deadlock found .*; tried again in [0-9]+ ms$' "$1: there was one"
    wait $other
    is "$(engine_sql "$url" 'SELECT COUNT(*) FROM busy WHERE a = 11')" 1 "$1: and its statements took effect once"

    # Ctrl-C between two attempts.
    migration 20260103000000_four <<<'ALTER TABLE busy ADD COLUMN d INT;'
    my_hold 'SELECT * FROM busy'
    waiting env --default-signal=INT "$DARA" apply-migration --no-snapshot --lock-timeout 60s db/migrations
    kill -INT $run
    come_through
    status_is 7 "$1: Ctrl-C while it waits: exit 7"
    err_like 'interrupted' "$1: it says so"
    my_let_go
    is "$("$DARA" -f json status | jq -c '[.interrupted.done, .interrupted.total]')" '[0,1]' "$1: and where it stands is known"
    run "$DARA" apply-migration --no-snapshot --lock-timeout 30s --resume db/migrations
    status_is 0 "$1: it can be resumed"

    # A rollback through the journal, and a seed.
    run "$DARA" snapshot start
    engine_sql "$url" 'ALTER TABLE busy ADD COLUMN e INT; ALTER TABLE first ADD COLUMN e INT'
    my_hold 'SELECT * FROM busy'
    waiting "$DARA" rollback start --no-snapshot --confirm ROLLBACK --lock-timeout 60s -f json
    my_let_go
    come_through
    status_is 0 "$1: a rollback is tried again"
    is "$(json '.notes[] | select(.level == "info") | .text' | grep -c 'waited .* for locks that others held; attempt [0-9]* went through')" 1 "$1: and says so"
    echo 'INSERT INTO first VALUES (70); UPDATE busy SET b = 7;' >db/seeds/one.sql
    my_hold 'UPDATE busy SET b = 3'
    waiting "$DARA" seed db/seeds --lock-timeout 60s
    my_let_go
    come_through
    status_is 0 "$1: and a seed"
    is "$(engine_sql "$url" 'SELECT COUNT(*) FROM first WHERE a = 70')" 1 "$1: which took effect once"
}
suite() {
    case $1 in
    postgres) suite_postgres "$1" ;;
    mariadb | mysql) suite_my "$1" ;;
    *) skip "$1" 'its locks do not queue' ;;
    esac
}
conform
