#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Bad input costs nothing: one clear error, the right exit status, and nothing changed; names that try to break out stay names.
. "$srcdir/tests/conformance/lib.sh"

refused() { # STATUS PATTERN NAME COMMAND…
    local wanted=$1 pattern=$2 name=$3 before
    shift 3
    before=$(engine_dump "$url" 2>&1)
    run "$@"
    status_is "$wanted" "$name: exit $wanted"
    err_like "$pattern" "$name: says why"
    err_unlike 'Sanitizer|Segmentation|assert' "$name: without a crash"
    is "$(grep -c '^dara: ' "$work/err")" 1 "$name: one error"
    is "$(engine_dump "$url" 2>&1)" "$before" "$name: nothing changed"
}
only() { # put one migration file there, from standard input
    rm -f db/migrations/*."$engine_extension"
    cat >"db/migrations/$1.$engine_extension"
}

suite() {
    local name=$1
    rich "$1" hostile
    project hostile-project
    { for n in $(seq 36); do echo "CREATE TABLE made_$n (a INTEGER);"; done; echo 'CREATE TABL syntax (a);'; } | only 20260101000000_line
    refused 6 '20260101000000_line\.[a-z]+:37' "$name: a syntax error on line 37" "$DARA" apply-migration db/migrations
    refused 6 '20260101000000_line\.[a-z]+:37' "$name: the same in a dry-run" "$DARA" dry-run db/migrations
    only 20260101000000_empty </dev/null
    refused 9 'empty' "$name: an empty migration" "$DARA" apply-migration db/migrations
    printf '\n-- nothing\n/* at all */\n' | only 20260101000000_comments
    refused 9 'empty|no statement' "$name: a migration of comments" "$DARA" apply-migration db/migrations
    echo 'CREATE TABLE one (a);' | only 20260101000000_one
    echo 'CREATE TABLE two (a);' >"db/migrations/20260101000000_two.$engine_extension"
    refused 9 '20260101000000' "$name: two with one version" "$DARA" apply-migration db/migrations
    rm db/migrations/*two*
    printf 'CREATE TABLE nul (a);\0DROP TABLE customer;\n' | only 20260101000000_nul
    refused 9 'NUL|null byte' "$name: a NUL byte" "$DARA" apply-migration db/migrations
    printf 'CREATE TABLE latin (\xe9 INTEGER);\n' | only 20260101000000_latin
    refused 9 'UTF-8' "$name: not UTF-8" "$DARA" apply-migration db/migrations
    printf "CREATE TABLE open (a TEXT DEFAULT 'never closed);\n" | only 20260101000000_open
    refused 9 ':1' "$name: an open quote" "$DARA" apply-migration db/migrations
    printf 'CREATE TABLE a (b);\nCOMMIT;\nDROP TABLE customer;\n' | only 20260101000000_commit
    refused 9 ':2|COMMIT|transaction' "$name: COMMIT inside" "$DARA" apply-migration db/migrations
    printf 'CREATE TABLE a (b);\n\nDROP TABLE customer;\n' | only 20260101000000_drop
    refused 8 ':3' "$name: a DROP TABLE that nobody allowed" "$DARA" -y apply-migration db/migrations
    refused 9 'no-such' "$name: a file that is not there" "$DARA" apply-migration no-such.sql
    only 'bad name' <<<'CREATE TABLE a (b);'
    refused 9 'bad name' "$name: a file whose name has no version" "$DARA" apply-migration db/migrations
    rm -f db/migrations/*
    only 20260101000000_good <<<'CREATE TABLE good (a INTEGER);'
    run "$DARA" apply-migration db/migrations
    status_is 0 "$name: a good one goes through"
    only 20260101000000_good <<<'CREATE TABLE good (a INTEGER, changed TEXT);'
    refused 8 'edited|changed|checksum' "$name: edited since it was applied" "$DARA" apply-migration db/migrations
    only 20260101000000_good <<<'CREATE TABLE good (a INTEGER);'
    echo 'CREATE TABLE early (a INTEGER);' >"db/migrations/20250101000000_early.$engine_extension"
    refused 8 'out-of-order' "$name: a version older than what is applied" "$DARA" apply-migration db/migrations
    refused 9 'no-such' "$name: a snapshot that is not there" "$DARA" rollback no-such --confirm ROLLBACK
    snapshot=$(ls db/snapshots/*baseline."$engine_extension")
    cp "$snapshot" "$work/kept" && echo '-- touched' >>"$snapshot"
    refused 9 'damaged' "$name: a snapshot that was touched" "$DARA" rollback baseline --confirm ROLLBACK
    head -c 100 "$work/kept" >"$snapshot"
    refused 9 'damaged' "$name: a truncated snapshot" "$DARA" rollback baseline --confirm ROLLBACK
    cp "$work/kept" "$snapshot"
    head -c 300 "$(ls db/snapshots/*baseline.model.json)" >"$work/cut" && cp "$work/cut" "$(ls db/snapshots/*baseline.model.json)"
    refused 9 'model' "$name: a truncated model" "$DARA" compare-schemas baseline live
    head -c 50 "$(ls db/snapshots/*baseline.meta)" >"$work/cut" && cp "$work/cut" "$(ls db/snapshots/*baseline.meta)"
    refused 9 'meta' "$name: a truncated meta" "$DARA" snapshot list
    [ ! -f "$srcdir/tests/conformance/hostile/$1.sh" ] || . "$srcdir/tests/conformance/hostile/$1.sh"
}
conform
