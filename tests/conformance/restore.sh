#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Promise 6 on whole schemas: the snapshot, restored by the engine's own client into an empty database and stopping at the first
# error, is the same database: its client prints the same text, and the models are equal. The schemas are all of rich/ and, where
# DARA_TEST_CORPORA names the corpora, those of sample databases.
. "$srcdir/tests/conformance/lib.sh"
. "$srcdir/tests/conformance/restores.sh"

restores_rows() { # ENGINE NAME: the database $url
    local original=$url text
    project restore-rows
    run "$DARA" snapshot --data rows
    status_is 0 "$1: $2: a snapshot with rows"
    text=$(ls db/snapshots/*_rows."$engine_extension")
    engine_new again
    engine_load "$url" "$text" 2>"$work/err"
    ok $? "$1: $2: the client restores it without an error: $(head -n 1 "$work/err")"
    engine_rows "$original" >"$work/wanted"
    engine_rows "$url" >"$work/got"
    is "$(diff "$work/wanted" "$work/got" | head -n 40)" "" "$1: $2: every row is there, and no other"
    [ -s "$work/got" ]
    ok $? "$1: $2: and there are some"
    url=$original
}
suite() {
    local name
    rich "$1" whole
    restores "$1" rich
    restores_rows "$1" rich
    [ -n "${DARA_TEST_CORPORA-}" ] || skip "$1: sample databases" "no corpora: DARA_TEST_CORPORA is not set"
    for name in $(engine_samples "${DARA_TEST_CORPORA-}"); do
        engine_new sample
        engine_load_sample "$url" "$name" 2>"$work/err" || { ok 1 "$1: $name: loads: $(grep -v WARNING "$work/err" | head -n 1)"; continue; }
        restores "$1" "$(basename "$name")"
    done
}
conform
