#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Promise 6 on the fixed rich schema: a snapshot restored by the engine's own client reads back as the identical model, and the
# client prints the identical schema; with rows, identical rows. Then the life cycle: migrate, roll back, every row kept.
. "$srcdir/tests/conformance/lib.sh"

restored() { # NAME ENGINE: restore the newest snapshot with the client into a new database "back" and compare
    local original=$url text
    text=$(ls -t db/snapshots/*.meta | head -n 1)
    text=${text%.meta}.$engine_extension
    is "$(engine_schema "$original")" "$(engine_new back && engine_load "$url" "$text" >&2 && engine_schema "$url")" \
        "$2: $1: the client prints the same schema"
    engine_new back && engine_load "$url" "$text"
    run "$DARA" --url "$url" compare-schemas live "$(basename "$text" ".$engine_extension")"
    status_is 0 "$2: $1: and the models are equal"
    url=$original
}

suite() {
    local rows before
    rich "$1" rich
    before=$(engine_schema "$url")
    rows=$(engine_rows "$url")
    project rich-project
    is "$(engine_schema "$url")" "$before" "$1: setting up changes nothing of the schema"
    restored "schema only" "$1"
    sleep 1.1
    run "$DARA" snapshot --data everything
    status_is 0 "$1: a snapshot with rows"
    restored "with rows" "$1"
    engine_new back && engine_load "$url" "$(ls db/snapshots/*everything."$engine_extension")"
    is "$(engine_rows "$url")" "$rows" "$1: the rows come back, every one, with their identifiers"
    url=$DATABASE_URL
    run "$DARA" snapshot one && run "$DARA" snapshot two
    cmp -s db/snapshots/*_one."$engine_extension" db/snapshots/*_two."$engine_extension" && cmp -s db/snapshots/*_one.model.json db/snapshots/*_two.model.json
    ok $? "$1: two snapshots of one schema differ in nothing"
    run "$DARA" compare-schemas live live
    status_is 0 "$1: the diff of equal models is empty"

    engine_migration db/migrations/20260101000000_ship."$engine_extension"
    run "$DARA" dry-run db/migrations
    status_is 0 "$1: dry-run"
    out_like '\+ (table|collection) (public\.)?.?shipment' "$1: it shows the table to come"
    is "$(engine_schema "$url")" "$before" "$1: and leaves nothing behind"
    run "$DARA" apply-migration db/migrations
    status_is 0 "$1: apply"
    run "$DARA" status --drift
    status_is 0 "$1: no drift afterwards"
    run "$DARA" compare-schemas baseline live
    status_is 1 "$1: the schema is another now"
    run "$DARA" rollback baseline
    status_is 8 "$1: rollback without the word: exit 8"
    run "$DARA" rollback baseline --confirm ROLLBACK
    status_is 0 "$1: rollback"
    is "$(engine_schema "$url")" "$before" "$1: the schema is what it was, to the letter"
    is "$(engine_rows "$url")" "$rows" "$1: and so are all rows"
    run "$DARA" status
    out_like 'rolled back' "$1: the history says so"
    run "$DARA" apply-migration db/migrations
    status_is 0 "$1: and it can be applied again"

    engine_failing_migration db/migrations/20260101000001_fails."$engine_extension"
    before=$(engine_dump "$url")
    run "$DARA" apply-migration db/migrations
    status_is 6 "$1: a failing migration: exit 6"
    err_like '20260101000001_fails\.[a-z]+:4' "$1: with file and line"
    is "$(engine_dump "$url")" "$before" "$1: and everything as before, history too"

    # The two statements over rows that dara itself needs: a table emptied for its seed, the history of another tool.
    rm -f db/migrations/*_fails.*
    engine_sql "$url" "$(engine_seeded before)" >/dev/null
    mkdir -p db/seeds && engine_seeded file >db/seeds/01_seeded."$engine_extension"
    run "$DARA" seed db/seeds --truncate --confirm TRUNCATE
    status_is 0 "$1: a seed that empties its table first"
    is "$(engine_sql "$url" "$(engine_seeded check)")" "$(engine_seeded wanted)" "$1: it holds what was seeded"
    [ "$engine_imports" = yes ] || return 0
    engine_sql "$url" 'CREATE TABLE schema_migrations (version VARCHAR(128) PRIMARY KEY);
        INSERT INTO schema_migrations VALUES (20250102000000), (20250101000000)' >/dev/null
    run "$DARA" setup-database --import dbmate
    status_is 0 "$1: the history of another tool is imported"
    is "$(engine_sql "$url" "SELECT version FROM ${engine_history-dara_migrations} WHERE version LIKE '2025%' ORDER BY place" | tr '\n' ' ')" '20250101000000 20250102000000 ' "$1: in its order"
}
conform
