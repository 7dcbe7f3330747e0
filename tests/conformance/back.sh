#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Promises 4 and 7 where no transaction holds a rollback: whatever happens at whatever place, the schema is afterwards as before or known, what
# goes was saved, and another person, from another folder, goes on to the same end as an undisturbed run, or back.
. "$srcdir/tests/conformance/lib.sh"

back() { "$DARA" rollback "$@" --confirm ROLLBACK >"$work/out" 2>"$work/err" </dev/null; }
schema_now() { engine_schema "$url" 2>&1; }
everything() {
    schema_now
    engine_rows "$url"
    engine_sql "$url" 'SELECT kind, version, state, checksum, fingerprint FROM dara_migrations ORDER BY kind, version'
    engine_sql "$url" 'SELECT count(*) FROM dara_journal'
}
interrupted() { "$DARA" -f json status 2>/dev/null </dev/null | jq -c '.interrupted // empty | [.rollback, .done, .total]'; }

struck() { # KIND CALL: a rollback that is struck there, in a folder of its own
    rm -rf "$work/one" && cp -r "$work/tree" "$work/one" && cd "$work/one" || exit 99
    (
        export DARA_FAULT=$1 DARA_FAULT_AT=$2 DARA_FAULT_ONLY=socket LD_PRELOAD=$fault_library
        exec "$DARA" --url "$url${engine_plain-}" rollback $target --no-snapshot --confirm ROLLBACK >"$work/out" 2>"$work/err" </dev/null
    )
} 2>/dev/null
count_calls() {
    engine_copy gone walk
    DARA_FAULT_COUNT=$work/count struck none 0
    cat "$work/count"
}

# Struck at every STEP-th call from the first that leaves a run behind; then somebody else goes on who has the snapshots of the start and
# nothing that the struck run wrote. Before that call nothing has happened: one before it is struck, too.
every_step() { # ENGINE KIND AFTER BEFORE STEP
    local n bad=0 struck=0 part=0 calls status
    calls=$(count_calls)
    for n in $((first_call / 2)) $(seq $((first_call + ${#1} % $5)) "$5" "$calls"); do
        engine_copy gone walk
        struck "$2" "$n"
        status=$?
        cd "$work/tree" || exit 99
        [ $status -eq 0 ] || struck=$((struck + 1))
        if [ $status -eq 0 ] || [ "$(everything)" = "$3" ]; then
            :
        elif [ -n "$(interrupted)" ]; then
            part=$((part + 1))
            back --resume --no-snapshot || { bad=$((bad + 1)); echo "#   $1: $2 at call $n: cannot be resumed: $(head -n 3 "$work/err" | tr '\n' ' ')"; continue; }
        else
            [ "$(schema_now)" = "$4" ] || { bad=$((bad + 1)); echo "#   $1: $2 at call $n: nothing is interrupted, and it is not as before"; }
            back full --no-snapshot || { bad=$((bad + 1)); echo "#   $1: $2 at call $n: cannot be done again: $(head -n 3 "$work/err" | tr '\n' ' ')"; continue; }
        fi
        [ "$(everything)" = "$3" ] || { bad=$((bad + 1)); echo "#   $1: $2 at call $n: exit $status, and not as an undisturbed run"; }
    done
    [ $bad -eq 0 ] && [ $part -gt 0 ]
    ok $? "$1: $2 at $struck of $calls calls, $part of them part-way: another person goes on and ends as an undisturbed run"
}

# The first call that leaves a run behind, by halving.
find_first() {
    local low=1 high call
    high=$(count_calls)
    while [ $low -lt "$high" ]; do
        call=$(((low + high) / 2))
        engine_copy gone walk
        struck kill $call
        if [ -n "$(interrupted)" ] || is_over; then high=$call; else low=$((call + 1)); fi
    done
    echo "$high"
}
# Kill it as early as K steps are done; the database is left there.
stop_part_way() { # K
    local call=$first_call done=-1
    while [ "$done" -lt "$1" ] && [ $call -lt $((first_call + 40)) ]; do
        call=$((call + 1))
        engine_copy gone walk
        struck kill $call
        done=$(interrupted | jq '.[1]')
    done
    [ "$done" = "$1" ]
}
is_over() { engine_sql "$url" "SELECT state FROM dara_migrations WHERE kind = 'migration'" | grep -q 'rolled back'; }

others() { # ENGINE AFTER BEFORE ROWS
    stop_part_way 1
    ok $? "$1: killed between the first statement and its record, or the next"
    rm -rf "$work/two" && mkdir "$work/two" && cp -r "$work/tree/dara.yaml" "$work/tree/db" "$work/two" && cd "$work/two" || exit 99
    rm -f db/snapshots/2*
    echo "INSERT INTO audit (what) VALUES ('seed');" >db/seeds/a.sql
    for command in 'apply-migration' 'rollback full --confirm ROLLBACK' 'seed db/seeds' 'apply-migration --resume' 'apply-migration --abandon'; do
        # shellcheck disable=SC2086
        run "$DARA" $command
        [ "$command" != 'rollback full --confirm ROLLBACK' ] || status=7 # has no snapshot here, and says so
        status_is 7 "$1: on another machine: $command is refused"
    done
    run "$DARA" -f json status
    status_is 1 "$1: status says that something is wrong"
    is "$(json '.interrupted | .rollback, .version, .going_back' | sed 's/^[0-9_]*//')" $'full\nnull\nfalse' "$1: what"
    keeps_schema status
    run "$DARA" rollback --resume --confirm ROLLBACK
    status_is 9 "$1: rows come from a snapshot that is not here: refused"
    err_like 'which is not here' "$1: and said"
    err_like 'detail: the rollback was begun by .*@' "$1: and by whom it was begun"
    err_like 'hint: copy its three files .* --without-rows' "$1: and what to do"
    cp "$work"/tree/db/snapshots/*_full.* db/snapshots
    run "$DARA" rollback --resume
    status_is 8 "$1: with it, the word is asked for again"
    run "$DARA" -f json rollback --resume --confirm ROLLBACK
    status_is 0 "$1: and then it goes on"
    keeps_schema rollback
    is "$(everything)" "$2" "$1: to the same end"
    run "$DARA" rollback --resume
    out_like 'nothing to resume' "$1: nothing is left to go on with"

    stop_part_way 3
    ok $? "$1: killed later"
    run "$DARA" rollback --abandon --confirm ROLLBACK --no-snapshot
    status_is 0 "$1: who has the snapshot of what went abandons it"
    is "$(schema_now)" "$3" "$1: the schema is what it was before"
    is "$(engine_rows "$url")" "$4" "$1: and so are the rows, those of a table that was gone"
    run "$DARA" status --drift
    status_is 0 "$1: no drift, and all still applied"
}

# A step fails: nothing was destroyed, so it goes back; or something was, and it stops.
failing() { # ENGINE
    local before
    engine_copy base walk && cd "$work/tree" || exit 99
    engine_sql "$url" "ALTER TABLE stays DROP INDEX stays_n; INSERT INTO stays VALUES (10, 'a', 1, 1); CREATE VIEW more AS SELECT id FROM stays"
    before=$(schema_now)
    run "$DARA" -f json rollback full --confirm ROLLBACK
    status_is 6 "$1: duplicates for a unique index on the way back: taken back"
    keeps_schema rollback
    is "$(schema_now)" "$before" "$1: as before"
    is "$(interrupted)" '' "$1: nothing is left open"
    engine_sql "$url" "CREATE TABLE aaa (id INT); INSERT INTO aaa VALUES (1)"
    run "$DARA" -f json rollback full --confirm ROLLBACK
    status_is 7 "$1: the same when a table with rows went first: stopped"
    keeps_schema rollback
    is "$(json '.interrupted.taken_back')" false "$1: and not taken back"
    echo "$(json .error.detail)" | grep -q "the rows that it destroys are in the snapshot '.*_emergency_before_rollback"
    ok $? "$1: it says where they are"
    run "$DARA" rollback --resume --confirm ROLLBACK
    status_is 7 "$1: unmended it stops again"
    engine_sql "$url" 'DELETE FROM stays WHERE id = 10'
    run "$DARA" rollback --resume --confirm ROLLBACK
    status_is 0 "$1: mended it goes on"
    run "$DARA" compare-schemas live full
    status_is 0 "$1: to the snapshot"
}

# By a hand-written file, which also writes rows.
by_file() { # ENGINE
    local calls n part=0 bad=0 after before step
    engine_copy gone walk && cd "$work/tree" || exit 99
    before=$(everything)
    cat >db/rollback/20260101000000_gone.sql <<'SQL'
SET SESSION sql_mode = 'ANSI_QUOTES';
DROP VIEW "youth";
DROP TABLE young;
UPDATE stays SET m = 42 WHERE id = 1;
ALTER TABLE "stays" DROP COLUMN more;
INSERT INTO audit (what) VALUES ('back');
CREATE TABLE "tree" (id int PRIMARY KEY, parent int);
SQL
    run "$DARA" rollback 20260101000000 --dry-run
    status_is 0 "$1: a file is rehearsed on a scratch copy"
    is "$(everything)" "$before" "$1: which changes nothing"
    run "$DARA" rollback 20260101000000
    status_is 8 "$1: by a file, too, the word is needed"
    out_like "^table 'young' +2" "$1: it shows what goes"
    run "$DARA" -f json rollback 20260101000000 --confirm ROLLBACK
    status_is 0 "$1: with it, it runs"
    keeps_schema rollback
    after=$(everything)
    is "$(engine_sql "$url" "SELECT m, (SELECT COUNT(*) FROM audit WHERE what = 'back'), (SELECT state FROM dara_migrations WHERE kind = 'migration') FROM stays WHERE id = 1")" \
        $'42\t1\trolled back' "$1: and did what it says"
    target=20260101000000
    calls=$(count_calls)
    step=${DARA_TEST_THOROUGH:-9}
    for n in $(seq $((calls - 40 + ${#1} % step)) "$step" "$calls"); do
        engine_copy gone walk
        struck kill "$n"
        cd "$work/tree" || exit 99
        if [ -n "$(interrupted)" ]; then
            part=$((part + 1))
            back --resume --no-snapshot || { bad=$((bad + 1)); echo "#   $1: file, killed at call $n: cannot be resumed: $(head -n 3 "$work/err" | tr '\n' ' ')"; }
        elif [ "$(everything)" != "$after" ]; then
            back 20260101000000 --no-snapshot || bad=$((bad + 1))
        fi
        [ "$(everything)" = "$after" ] || { bad=$((bad + 1)); echo "#   $1: file, killed at call $n: not as an undisturbed run"; }
    done
    [ $bad -eq 0 ] && [ $part -gt 1 ]
    ok $? "$1: killed at some of $calls calls, $part of them part-way: resumed as an undisturbed run"
    engine_copy gone walk
    sed -i 's/^CREATE TABLE "tree"/CREATE TABLE "stays"/' db/rollback/20260101000000_gone.sql
    run "$DARA" rollback 20260101000000 --confirm ROLLBACK
    status_is 6 "$1: a file that fails is found on the copy"
    is "$(everything)" "$before" "$1: and nothing is changed"
    rm db/rollback/20260101000000_gone.sql
    target=full
}

suite() {
    local reason after before rows gone first_call target=full
    [ "$engine_transactional" = no ] || { skip "$1: rollback by steps" "a transaction holds it"; return; }
    engine_new base
    engine_load "$url" "$srcdir/tests/conformance/back/$engine_rich.sql"
    engine_copy base start && project tree
    "$DARA" -q snapshot full --data >/dev/null 2>&1
    ok $? "$1: a snapshot with rows"
    engine_copy start base
    url=$url && engine_copy base walk && export DATABASE_URL=$url
    rows=$(engine_rows "$url")
    failing "$1"
    engine_copy base walk
    cp "$srcdir/tests/conformance/back/$engine_rich-gone.sql" db/migrations/20260101000000_gone.sql
    "$DARA" -q apply-migration --no-snapshot --allow drop-table --allow drop-column >"$work/out" 2>"$work/err" </dev/null
    ok $? "$1: a migration that drops tables with rows"
    engine_copy walk gone
    engine_copy gone walk
    before=$(schema_now)
    gone=$(engine_rows "$url")
    run "$DARA" rollback full --dry-run
    status_is 0 "$1: rehearsed on a scratch copy"
    is "$(schema_now)" "$before" "$1: which changes nothing"
    run "$DARA" -f json rollback full --confirm ROLLBACK
    status_is 0 "$1: back, undisturbed"
    keeps_schema rollback
    after=$(everything)
    is "$(engine_rows "$url")" "$rows" "$1: every row is what it was"
    run "$DARA" compare-schemas live full
    status_is 0 "$1: and so is the schema"
    reason=$(no_preload)
    if [ -n "$reason" ]; then
        skip "$1: struck at every step" "$reason"
        return
    fi
    rm -f "$work"/tree/db/snapshots/*emergency* "$work"/tree/db/snapshots/*post_*
    by_file "$1"
    [ -z "${DARA_TEST_BACK-}" ] || return
    first_call=$(find_first)
    others "$1" "$after" "$before" "$gone"
    if [ "$1" = mysql ] && [ -z "${DARA_TEST_THOROUGH-}" ]; then # the same code: a look is enough
        every_step "$1" kill "$after" "$before" 37
        return
    fi
    every_step "$1" kill "$after" "$before" "${DARA_TEST_THOROUGH:-17}"
    every_step "$1" lost "$after" "$before" "${DARA_TEST_THOROUGH:-61}"
    every_step "$1" deaf "$after" "$before" "${DARA_TEST_THOROUGH:-61}"
    # Ctrl-C: the command's parent is the run.
    export DARA_FAULT_COMMAND='kill -INT $PPID'
    every_step "$1" run "$after" "$before" "${DARA_TEST_THOROUGH:-61}"
}
conform
