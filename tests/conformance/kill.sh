#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Promises 2, 3, 5: kill -9 before every call that changes a file, in apply, rollback, snapshot and setup. Afterwards schema, rows
# and history are as before or as after, snapshots are whole or absent, the lock is free, and the same command finishes the work.
. "$srcdir/tests/conformance/lib.sh"

# every_step NAME WHAT KIND COMMAND…: run COMMAND on a fresh copy of database "base", struck at call 1, 2, 3 … until it gets through.
every_step() {
    local name=$1 kind=$2 n=0 bad=0 struck=0 before after
    shift 2
    engine_copy base walk && export DATABASE_URL=$url
    before=$(engine_dump "$url" | history_blind)
    "$@" >/dev/null 2>&1 </dev/null || { ok 1 "$name: runs without a fault"; return; }
    after=$(engine_dump "$url" | history_blind)
    while :; do
        n=$((n + 1))
        rm -rf "$work/kill" && cp -r "$work/pristine" "$work/kill" && cd "$work/kill" || exit 99
        engine_copy base walk
        faulty "$kind" $n "$@" >"$work/out" 2>"$work/err" </dev/null
        status=$?
        [ $status -ne 0 ] || break
        struck=$((struck + 1))
        check_state "$before" "$after" || { bad=$((bad + 1)); echo "#   $name: struck at call $n: $why"; }
        # What was interrupted can be done again, and ends where it should.
        "$@" >"$work/out" 2>"$work/err" </dev/null || { bad=$((bad + 1)); echo "#   $name: call $n: cannot be done again: $(head -n 3 "$work/err" | tr '\n' ' ')"; }
        [ "$(engine_dump "$url" | history_blind)" = "$after" ] || { bad=$((bad + 1)); echo "#   $name: call $n: done again, and not as after"; }
        [ $n -lt 2000 ] || break
    done
    [ $bad -eq 0 ] && [ $struck -gt 3 ]
    ok $? "$name: $kind at each of $struck calls"
}
# Times and durations differ from run to run.
history_blind() { sed -E "s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z/TIME/g; /INSERT INTO (public\.)?dara_migrations/s/, ?[0-9]+, ?([0-9]+)\);$/,MS,\1);/; /INSERT INTO audit/d; s/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}/TIME/g"; }
check_state() { # BEFORE AFTER
    local now
    now=$(engine_dump "$url" 2>&1 | history_blind)
    if [ "$now" != "$1" ] && [ "$now" != "$2" ]; then
        why="the database is neither as before nor as after"
        return 1
    fi
    if ! "$DARA" snapshot verify >"$work/out" 2>"$work/err" </dev/null; then
        why="snapshot verify: $(head -n 2 "$work/err" | tr '\n' ' ')"
        return 1
    fi
    why=
}

# The answer to COMMIT is lost: the run finds out what became of it, and goes on. Where it got lost before, nothing has changed.
commit_unanswered() { # ENGINE
    local n=0 bad=0 before after now
    engine_copy base walk && export DATABASE_URL=$url
    before=$(engine_dump "$url" | history_blind)
    while [ $n -lt 200 ]; do
        n=$((n + 1))
        rm -rf "$work/kill" && cp -r "$work/pristine" "$work/kill" && cd "$work/kill" || exit 99
        engine_copy base walk
        faulty deaf $n "$DARA" apply-migration --no-snapshot db/migrations >"$work/out" 2>"$work/err" </dev/null
        status=$?
        [ $status -ne 0 ] || break
        sleep 0.1
        now=$(engine_dump "$url" | history_blind)
        [ "$now" = "$before" ] || { bad=$((bad + 1)); echo "#   $1: answer $n lost: exit $status, and the database has changed"; }
    done
    ok $bad "$1: an answer that is lost before COMMIT: nothing changes"
    status_is 0 "$1: the answer to COMMIT is lost: the run finds out that it took effect"
    after=$(engine_dump "$url" | history_blind)
    [ "$after" != "$before" ] && engine_sql "$url" "SELECT version FROM dara_migrations WHERE kind = 'migration'" | grep -q 20260101000000
    ok $? "$1: and it did"
}

suite() {
    local reason
    reason=$(no_preload)
    [ -z "$reason" ] || { skip "$1: kill -9 at every step" "$reason"; return; }
    engine_new base
    engine_load "$url" "$srcdir/tests/conformance/rich/$1.$engine_extension"
    project pristine
    engine_migration db/migrations/20260101000000_ship.$engine_extension
    every_step "$1: apply" kill "$DARA" apply-migration db/migrations
    [ "$engine_networked" = yes ] || every_step "$1: apply" torn "$DARA" apply-migration --no-snapshot db/migrations
    every_step "$1: snapshot with rows" kill "$DARA" snapshot --data whole
    if [ "$engine_networked" = yes ]; then
        export DARA_FAULT_ONLY=socket
        every_step "$1: apply, at what is sent" kill "$DARA" apply-migration --no-snapshot db/migrations
        every_step "$1: apply, half sent" torn "$DARA" apply-migration --no-snapshot db/migrations
        every_step "$1: apply, the connection lost" lost "$DARA" apply-migration --no-snapshot db/migrations
        commit_unanswered "$1"
        unset DARA_FAULT_ONLY
    fi
    engine_copy base walk && export DATABASE_URL=$url
    cd "$work/pristine" && "$DARA" apply-migration db/migrations >"$work/out" 2>"$work/err" </dev/null
    ok $? "$1: applied, to roll back from"
    engine_copy walk base
    every_step "$1: rollback" kill "$DARA" rollback baseline --confirm ROLLBACK
}
conform
