#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Promise 2: one at a time. Two runs, fifty runs, a run that is killed while it holds the lock.
. "$srcdir/tests/conformance/lib.sh"

suite() {
    local n good=0 nothing=0 other=0 pid
    rich "$1" fifty
    project fifty-project
    engine_migration db/migrations/20260101000000_ship.$engine_extension
    for n in $(seq 50); do
        "$DARA" --lock-timeout 60s apply-migration --no-snapshot db/migrations >"$work/fifty.$n" 2>&1 </dev/null &
        pids[n]=$!
    done
    for n in $(seq 50); do
        if wait "${pids[n]}"; then
            if grep -qiE 'nothing to|up to date' "$work/fifty.$n"; then nothing=$((nothing + 1)); else good=$((good + 1)); fi
        else
            other=$((other + 1))
            sed 's/^/#   /' "$work/fifty.$n" | head -n 3
        fi
    done
    is "$good applied, $nothing had nothing to do, $other failed" "1 applied, 49 had nothing to do, 0 failed" \
        "$1: fifty runs at once: one applies"
    is "$(engine_history_count "$url")" 1 "$1: the history has it once"
    is "$(engine_locks "$url")" 0 "$1: and no lock is left behind"

    # A run that holds the lock: its migration takes long.
    rich "$1" two
    project two-project
    cp "$srcdir/tests/conformance/slow/$engine_rich.$engine_extension" db/migrations/20260101000000_slow.$engine_extension
    "$DARA" apply-migration --no-snapshot db/migrations >"$work/slow" 2>&1 </dev/null &
    pid=$!
    until_so engine_slow_runs "$url"
    run "$DARA" --lock-timeout 200ms apply-migration --no-snapshot db/migrations
    status_is 5 "$1: a second run: exit 5"
    err_like "pid $pid" "$1: it names the holder's process"
    err_like 'apply-migration' "$1: and what the holder is doing"
    run "$DARA" --lock-timeout 200ms rollback baseline --confirm ROLLBACK
    [ "$status" -eq 5 ] || [ "$status" -eq 0 ] # nothing to roll back yet is as good
    ok $? "$1: rollback does not get past it"
    # Ctrl-C while it waits. A background process of a script ignores SIGINT, so one that does not starts it.
    env --default-signal=INT "$DARA" --lock-timeout 60s apply-migration --no-snapshot db/migrations >"$work/out" 2>"$work/err" </dev/null &
    other=$!
    sleep 0.5
    kill -INT $other
    wait $other
    status=$?
    status_is 6 "$1: Ctrl-C while it waits for the lock: exit 6"
    err_like 'interrupted while waiting for the lock' "$1: it says so"
    run "$DARA" status
    status_is "$([ $engine_transactional = yes ]; echo $?)" "$1: reading goes on meanwhile" # the journal shows a run that is not done
    kill -9 $pid
    wait $pid 2>/dev/null
    engine_slow_end
    if [ $engine_transactional = no ]; then
        run "$DARA" --lock-timeout 5s apply-migration --no-snapshot db/migrations
        status_is 7 "$1: a killed run is found in the journal"
        err_like 'apply-migration --abandon' "$1: with the way out"
        run "$DARA" --lock-timeout 200ms apply-migration --abandon --confirm ROLLBACK
        status_is 0 "$1: and abandoned"
    fi
    migration 20260101000000_slow <<<"$engine_quick"
    if ! engine_notices_death; then
        run "$DARA" --lock-timeout 200ms apply-migration --no-snapshot db/migrations
        if [ "$status" -ne 0 ]; then
            err_like 'if that run is dead, end what it left: SELECT pg_terminate_backend\([0-9]+\)$' "$1: an old server keeps a dead run's lock; the way out is said"
            engine_sql "$url" "$(sed -n 's/.*end what it left: //p' "$work/err")" >/dev/null
        fi
    fi
    run "$DARA" --lock-timeout 200ms apply-migration --no-snapshot db/migrations
    status_is 0 "$1: the lock of a killed run is taken over"

    # A run that is stopped for longer than its lease: another takes it over, and the first, when it goes on, writes nothing more.
    if type engine_lease_ends >/dev/null 2>&1; then
        rich "$1" stopped
        project stopped-project
        cp "$srcdir/tests/conformance/slow/$engine_rich.$engine_extension" db/migrations/20260101000000_slow.$engine_extension
        "$DARA" apply-migration --no-snapshot db/migrations >"$work/stopped.out" 2>"$work/stopped" </dev/null &
        pid=$!
        until_so engine_slow_runs "$url"
        kill -STOP $pid
        engine_slow_end
        run "$DARA" --lock-timeout 200ms apply-migration --abandon --confirm ROLLBACK
        status_is 5 "$1: a run that is stopped holds its lock"
        engine_lease_ends "$url"
        run "$DARA" --lock-timeout 200ms apply-migration --abandon --confirm ROLLBACK
        status_is 0 "$1: until its lease ends: then it is taken over"
        local taken
        taken=$(engine_dump "$url")
        kill -CONT $pid
        wait $pid
        status=$?
        cp "$work/stopped" "$work/err"
        [ $status -ne 0 ]
        ok $? "$1: the first goes on, and fails"
        err_like 'the lock on .* was lost on the way' "$1: since it noticed"
        is "$(engine_dump "$url")" "$taken" "$1: and has written nothing more"
    fi

    # Ctrl-C while it runs: rolled back, and said; without transactions around it, it stops where it is, and goes back when told.
    rich "$1" interrupted
    project interrupted-project
    cp "$srcdir/tests/conformance/slow/$engine_rich.$engine_extension" db/migrations/20260101000000_slow.$engine_extension
    local before after
    before=$(engine_dump "$url")
    env --default-signal=INT "$DARA" apply-migration --no-snapshot db/migrations >"$work/out" 2>"$work/err" </dev/null &
    pid=$!
    until_so engine_slow_runs "$url"
    kill -INT $pid
    wait $pid
    status=$?
    if [ $engine_transactional = yes ]; then
        status_is 6 "$1: Ctrl-C: exit 6"
        err_like 'interrupted' "$1: it says so"
    else
        status_is 7 "$1: Ctrl-C: exit 7"
        err_like 'interrupted' "$1: it says so"
        run "$DARA" apply-migration --abandon --confirm ROLLBACK
        status_is 0 "$1: and goes back when told"
    fi
    after=$(engine_dump "$url")
    is "$after" "$before" "$1: and the database is as before"
}
conform
