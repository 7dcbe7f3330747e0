# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A command that is struck at each of its steps, and what must hold afterwards. For kill.sh and backend.sh.

# every_step NAME KIND COMMAND…: run COMMAND on a fresh copy of database "base" and of project "pristine", struck at call 1, 2, 3 … until
# it gets through (KIND `run`, which may do no harm: to its last call). DARA_TEST_STRIDE=N strikes only at every N-th call, beginning
# with call DARA_TEST_STRIDE_FROM.
every_step() {
    local name=$1 kind=$2 stride=${DARA_TEST_STRIDE:-1} n bad=0 struck=0 before after total now
    shift 2
    n=$((${DARA_TEST_STRIDE_FROM:-1} - stride))
    engine_copy base walk && export DATABASE_URL=$url
    before=$(engine_dump "$url" | history_blind)
    rm -rf "$work/kill" && cp -r "$work/pristine" "$work/kill" && cd "$work/kill" || exit 99
    DARA_FAULT_COUNT=$work/calls faulty none 0 "$@" >/dev/null 2>&1 </dev/null || { ok 1 "$name: runs without a fault"; return; }
    total=$(cat "$work/calls")
    after=$(engine_dump "$url" | history_blind)
    while :; do
        n=$((n + stride))
        rm -rf "$work/kill" && cp -r "$work/pristine" "$work/kill" && cd "$work/kill" || exit 99
        engine_copy base walk
        faulty "$kind" $n "$@" >"$work/out" 2>"$work/err" </dev/null
        status=$?
        [ $status -ne 0 ] || { [ "$kind" = run ] && [ $n -le "$total" ]; } || break
        struck=$((struck + 1))
        check_state $status "$before" "$after" || { bad=$((bad + 1)); echo "#   $name: struck at call $n: $why"; }
        # What was interrupted can be done again, and ends where it should.
        done_again "$@" >"$work/out" 2>"$work/err" </dev/null || [ $status -eq 0 ] || { bad=$((bad + 1)); echo "#   $name: call $n: cannot be done again: $(head -n 3 "$work/err" | tr '\n' ' ')"; }
        [ "$(engine_dump "$url" | history_blind)" = "$after" ] || { bad=$((bad + 1)); echo "#   $name: call $n: done again, and not as after"; }
        [ $n -lt 2000 ] || break
    done
    [ $bad -eq 0 ] && [ $((struck * stride)) -gt 3 ]
    ok $? "$name: $kind at each of $struck calls"
}
# Where no transaction holds a run, one that was struck part-way is resumed.
is_interrupted() { [ "$engine_transactional" = no ] && "$DARA" -f json status 2>/dev/null </dev/null | jq -e .interrupted >/dev/null; }
done_again() { # COMMAND…
    if ! is_interrupted; then
        "$@"
    elif [ "$2" = rollback ]; then
        "$DARA" rollback --resume --confirm ROLLBACK
    else
        "$@" --resume
    fi
}
# Times and durations differ from run to run. $also_blind is a filter for what else does.
history_blind() { "${also_blind:-cat}" | sed -E "s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z/TIME/g; /INSERT INTO (public\.)?dara_migrations/s/, ?[0-9]+, ?([0-9]+)\);$/,MS,\1);/; /INSERT INTO audit/d; s/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}/TIME/g"; }
# Database "base" and project "pristine" with a migration. Where each dump takes long the small database does, and statements that
# a run may be stopped between.
struck_project() { # ENGINE
    if [ "$engine_transactional" = yes ]; then
        rich "$1" base
    else
        engine_new base
        engine_load "$url" "$srcdir/tests/conformance/back/$engine_rich.$engine_extension"
    fi
    project pristine
    if [ "$engine_transactional" = yes ]; then
        engine_migration db/migrations/20260101000000_ship.$engine_extension
    else
        engine_journaled >db/migrations/20260101000000_ship.$engine_extension
    fi
}
# Whether all snapshots of the project restore. The same files, but for the times in them and in their names, are not asked about again.
verified=
whole_snapshots() {
    local now
    now=$(cd db/snapshots && tail -c +1 -- * |
        sed -E 's/[0-9]{8}_[0-9]{6}/ID/g; s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z/TIME/g' | sha256sum)
    case $verified in *"$now"*) return 0 ;; esac
    "$DARA" snapshot verify >"$work/out" 2>"$work/err" </dev/null || return 1
    verified="$verified $now"
}
check_state() { # STATUS BEFORE AFTER
    local now
    now=$(engine_dump "$url" 2>&1 | history_blind)
    if [ "$1" -eq 0 ] && [ "$now" != "$3" ]; then
        why="it says that all is done, and the database is not as after"
        return 1
    fi
    if [ "$now" != "$2" ] && [ "$now" != "$3" ] && ! is_interrupted; then
        why="the database is neither as before nor as after"
        return 1
    fi
    if ! whole_snapshots; then
        why="snapshot verify: $(head -n 2 "$work/err" | tr '\n' ' ')"
        return 1
    fi
    why=
}
