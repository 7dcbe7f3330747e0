#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The server's side of the connection dies: ended by an administrator before each thing that dara sends, and by kill -9 (after which
# the whole server recovers from its log) before some. Afterwards schema, rows and history are as before or as after, never said to
# be what they are not, and the same command finishes the work.
. "$srcdir/tests/conformance/lib.sh"
. "$srcdir/tests/conformance/strike.sh"

prepared() { # ENGINE
    rich "$1" base
    project pristine
    engine_migration db/migrations/20260101000000_ship.$engine_extension
}
# At every N-th call, that often as there are so many.
sparsely() { DARA_TEST_STRIDE=$(($1 * ${DARA_TEST_STRIDE:-1})) every_step "${@:2}"; }
# A server that recovers passes over the numbers of sequences that its log had set aside.
numbers_blind() { grep -v 'pg_catalog\.setval('; }
suite() {
    local reason own
    type engine_terminator >/dev/null 2>&1 || { skip "$1: the server's process ends" "the engine has no server"; return; }
    reason=$(no_preload)
    [ -z "$reason" ] || { skip "$1: the server's process ends" "$reason"; return; }
    export DARA_FAULT_ONLY=socket DARA_FAULT_COMMAND
    prepared "$1"
    DARA_FAULT_COMMAND=$(engine_terminator walk)
    every_step "$1: apply, its session is ended" run "$DARA" apply-migration --no-snapshot db/migrations
    sparsely 4 "$1: dry-run, its session is ended" run "$DARA" dry-run db/migrations
    sparsely 10 "$1: snapshot, its session is ended" run "$DARA" snapshot --data whole
    engine_copy base walk && export DATABASE_URL=$url
    cd "$work/pristine" && "$DARA" apply-migration db/migrations >"$work/out" 2>"$work/err" </dev/null
    engine_copy walk base
    sparsely 3 "$1: rollback, its session is ended" run "$DARA" rollback baseline --confirm ROLLBACK

    # A server of its own: everybody on it is thrown out.
    own=$(engine_own_server 2>"$work/err") || { skip "$1: kill -9 of the server's process" "$(cat "$work/err")"; return; }
    eval "$own"
    prepared "$1"
    engine_crash_proof "$url"
    DARA_FAULT_COMMAND=$(engine_killer walk)
    also_blind=numbers_blind
    sparsely 7 "$1: apply, its server process is killed" run "$DARA" apply-migration --no-snapshot db/migrations
    also_blind=
    engine_own_stop
}
conform
