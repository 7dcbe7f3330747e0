#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Promise 4 again: whatever goes wrong at whatever place of ten statements that no transaction holds, by the user (mistakes), by others (a
# lock, the session ended) or by the server (killed, its disk full): the schema is afterwards as before or that of the first k statements, the
# journal says which, and --resume ends as an undisturbed run. What takes long is struck at some of the places; DARA_TEST_THOROUGH=1
# strikes all of them.
. "$srcdir/tests/conformance/lib.sh"
. "$srcdir/tests/conformance/journaled.sh"

declare -a schemas=()
# The schema after the first K statements, in ${schemas[K]}.
know_places() {
    local k
    engine_copy base walk
    schemas=("$(schema_now)")
    for k in $(seq 10); do
        engine_journaled | sed -n "${k}p" >"$work/next.sql"
        engine_load "$url" "$work/next.sql"
        schemas[k]=$(schema_now)
    done
}
bad=0
wrong() { bad=$((bad + 1)); echo "#   $name: $1: exit $status: $(head -n 3 "$work/err" | tr '\n' ' ')"; }
# Whether what is there is as before, or the first K statements with the journal saying so. One that may have taken effect before its
# answer was lost is in doubt: "lost" allows for it.
is_known() { # K [lost]
    local now said at
    now=$(schema_now) said=$(interrupted)
    if [ $status -eq 0 ]; then
        [ "$(everything)" = "$after" ] || wrong "at $1: it says that all is done, and it is not"
    elif [ -z "$said" ]; then
        [ "$now" = "${schemas[0]}" ] || wrong "at $1: nothing is said to be left, and it is not as before"
    else
        at=${said#[} at=${at%,10]}
        [ "$now" = "${schemas[at]}" ] || { [ "${2-}" = lost ] && [ "$now" = "${schemas[at + 1]}" ]; } ||
            wrong "at $1: the journal says $said, and the schema is another"
        [ $status -eq 7 ] || [ "${2-}" = lost ] || wrong "at $1: it stopped part-way, and the status is another"
        [ "$at" -le "$1" ] && [ "$at" -ge $(($1 - 2)) ] || [ "${2-}" = lost ] || wrong "at $1: the journal says $said"
    fi
}
goes_on() { # K
    apply --resume || { wrong "at $1: cannot be resumed"; return; }
    [ "$(everything)" = "$after" ] || wrong "at $1: resumed, and not as an undisturbed run"
}
# At each place, or at those given.
places() { if [ -n "${DARA_TEST_THOROUGH-}" ]; then seq 10; else echo "$@"; fi; }
told() { # ENGINE PLACES
    ok $bad "$1: $name, at ${2//$'\n'/ }: as before, or the first k; resumed as an undisturbed run"
    bad=0
}

# ---- mistakes: the K-th is one, and is mended ---------------------------------------------------------------------------------------

mistaken() { # ENGINE PLACES KIND
    local k
    for k in $2; do
        engine_copy base walk
        ten "$k" "$(if [ "$3" = name ]; then echo "$engine_fails"; else engine_mistake "$3"; fi)"
        apply
        status=$?
        is_known "$k"
        [ $status -ne 0 ] || wrong "at $k: no mistake is seen"
        [ $status -ne 7 ] || { apply && wrong "at $k: a plain run goes on"; }
        ten
        goes_on "$k"
    done
    told "$1" "$2"
}

# ---- others, and the server: struck when the K-th is sent, or is under way ------------------------------------------------------------------

# Run COMMAND then. KIND is run (before it is sent) or after.
struck_at() { # KIND K COMMAND [OPTION…]
    DARA_FAULT_TEXT=$(engine_journaled | sed -n "$2s/;\$//p" | cut -c1-24) DARA_FAULT_COMMAND=$3 struck "$1" 1 "${@:4}"
    status=$?
}
locked() { # ENGINE PLACES
    local k
    for k in $2; do
        engine_copy base walk
        struck_at run "$k" "$(engine_holder "$k")" --lock-timeout 1s
        engine_let_go "$k"
        [ $status -ne 0 ] || wrong "at $k: nobody held the lock"
        is_known "$k"
        goes_on "$k"
    done
    told "$1" "$2"
}
ended() { # ENGINE KIND PLACES COMMAND
    local k
    for k in $3; do
        engine_copy base walk
        struck_at "$2" "$k" "$4"
        is_known "$k" lost
        goes_on "$k"
    done
    told "$1" "$3"
}
filled() { # ENGINE PLACES
    local k
    for k in $2; do
        engine_copy base walk
        struck_at run "$k" "$(engine_fills_disk)"
        engine_empties_disk
        is_known "$k" lost
        goes_on "$k"
    done
    told "$1" "$2"
}

# A server that nobody else uses, on a small disk.
own_server() { # ENGINE
    local own
    own=$(engine_own_server 2>"$work/err") || { skip "$1: its server is killed, its disk is full" "$(cat "$work/err")"; return; }
    eval "$own"
    undisturbed "$(engine_mistake prepare)"
    know_places
    name='the server is killed before it'
    ended "$1" run "$(places 4)" "$(engine_crash)"
    name='the server is killed under it'
    ended "$1" after "$(places 8)" "$(engine_crash)"
    name="the server's disk is full"
    if engine_disk_is_small; then filled "$1" "$(places 1 5)"; else skip "$1: $name" 'a tmpfs cannot be mounted here'; fi
    engine_own_stop
}

suite() {
    local reason first kinds
    type engine_journaled >/dev/null 2>&1 || { skip "$1: files that no transaction holds" "the driver keeps no journal"; return; }
    type engine_mistake >/dev/null 2>&1 || engine_mistake() { [ "$1" != kinds ] || echo; }
    undisturbed "$(engine_mistake prepare)"
    status_is 0 "$1: ten statements, undisturbed"
    know_places
    # One kind of mistake at each place, another one at the next.
    read -ra kinds <<<"name $(engine_mistake kinds)"
    for first in "${!kinds[@]}"; do
        name="a mistake (${kinds[first]})"
        mistaken "$1" "$(places $(seq $((first + 1)) ${#kinds[@]} 10))" "${kinds[first]}"
    done
    ten
    reason=$(no_preload)
    if [ -n "$reason" ]; then
        skip "$1: struck by others" "$reason"
    elif type engine_holder >/dev/null 2>&1; then
        name='another holds a lock on what it needs'
        locked "$1" "$(places 1 2 6)"
        name='its session is ended before it'
        ended "$1" run "$(places 3 7)" "$(engine_terminator walk)"
        name='its session is ended under it'
        ended "$1" after "$(places 4)" "$(engine_terminator walk)"
        own_server "$1"
    fi
}
conform
