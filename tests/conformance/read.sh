#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Promise 1: a read never writes. Commands that only read leave every byte of the database and of its time stamps alone, and a
# read session refuses writes whatever it is told.
. "$srcdir/tests/conformance/lib.sh"

untouched() { # NAME COMMAND…
    local name=$1 before
    shift
    before=$(engine_dump "$url" | sum; [ "$engine_networked" = yes ] || stat -c '%Y %Z %s' "$(engine_path "$url")")
    run "$@"
    is "$(engine_dump "$url" | sum; [ "$engine_networked" = yes ] || stat -c '%Y %Z %s' "$(engine_path "$url")")" "$before" "$name"
}

suite() {
    local sql
    rich "$1" read
    project read-project
    engine_migration db/migrations/20260101000000_ship."$engine_extension"
    untouched "$1: status" "$DARA" status --drift
    untouched "$1: dry-run" "$DARA" dry-run db/migrations
    untouched "$1: snapshot" "$DARA" snapshot --data reading
    untouched "$1: compare-schemas" "$DARA" compare-schemas live baseline
    untouched "$1: env-check" "$DARA" env-check
    untouched "$1: verify-order" "$DARA" verify-order db/migrations
    untouched "$1: create-migration" "$DARA" create-migration more --to baseline
    untouched "$1: rollback without the word" "$DARA" rollback baseline
    while IFS= read -r sql; do
        untouched "$1: run-sql without consent: $sql" "$DARA" run-sql "$sql"
        [ "$status" -ne 0 ]
        ok $? "$1: and it is refused: $sql"
        untouched "$1: tried and rolled back: $sql" "$DARA" run-sql --rollback "$sql"
    done <"$srcdir/tests/conformance/writes/$engine_rich.txt"
}
conform
