#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Promises 2, 3, 5: kill -9 before every call that changes a file, in apply, rollback, snapshot and setup. Afterwards schema, rows
# and history are as before or as after, snapshots are whole or absent, the lock is free, and the same command finishes the work. Where no transaction holds a run it may be
# part-way instead, if it says so, and --resume finishes it; what is struck while its statements are under way is in journal.sh.
. "$srcdir/tests/conformance/lib.sh"
. "$srcdir/tests/conformance/strike.sh"

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
    local reason DARA_TEST_STRIDE=${DARA_TEST_STRIDE:-${engine_stride:-1}}
    reason=$(no_preload)
    [ -z "$reason" ] || { skip "$1: kill -9 at every step" "$reason"; return; }
    struck_project "$1"
    every_step "$1: apply" kill "$DARA" apply-migration db/migrations
    [ "$engine_networked" = yes ] || every_step "$1: apply" torn "$DARA" apply-migration --no-snapshot db/migrations
    every_step "$1: snapshot with rows" kill "$DARA" snapshot --data whole
    if [ "$engine_networked" = yes ] && [ "$engine_transactional" = yes ]; then # the others: journal.sh
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
