#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Owners, rights and settings: with the options a snapshot restores them to the letter, without them neither the text nor the difference
# has any, and says so. A file that only gives a right is seen to do it, and is no drift. An engine that has none of it says that.
. "$srcdir/tests/conformance/lib.sh"

asked="--owner --privileges --settings"

# shellcheck disable=SC2086
restored() { # ENGINE
    local original=$url text
    run "$DARA" snapshot full $asked --format json
    status_is 0 "$1: a snapshot with all that was asked for"
    keeps_schema snapshot
    is "$(json '"\(.owner) \(.privileges) \(.settings) \(.left_out)"')" 'true true true {}' "$1: it says that nothing is left out"
    text=$(ls db/snapshots/*_full."$engine_extension")
    engine_new back
    engine_load "$url" "$text" 2>"$work/err"
    ok $? "$1: the client restores it without an error: $(head -n 1 "$work/err")"
    is "$(diff <(engine_owned_schema "$original") <(engine_owned_schema "$url"))" '' "$1: the client prints the same, owners and rights too"
    run "$DARA" --url "$url" compare-schemas full live $asked
    status_is 0 "$1: and the models are equal"
    url=$original
    run "$DARA" snapshot again $asked
    cmp -s db/snapshots/*_full."$engine_extension" db/snapshots/*_again."$engine_extension"
    ok $? "$1: two of them differ in nothing"
    run "$DARA" snapshot verify again
    status_is 0 "$1: and it verifies"
}

left_out() { # ENGINE
    local original=$url text
    run "$DARA" snapshot plain --format json
    keeps_schema snapshot
    is "$(json '.owner, .privileges, .settings' | sort -u)" false "$1: without the options: it says so"
    is "$(json '.left_out | .owner > 10 and .privilege > 10 and .default_privilege > 5 and .setting == 4')" true "$1: and how much"
    text=$(ls db/snapshots/*_plain."$engine_extension")
    is "$(grep -cE '^(GRANT|REVOKE|ALTER DEFAULT|SET ROLE)|OWNER TO| SET search_path' "$text")" 0 "$1: the text has none"
    engine_new back
    engine_load "$url" "$text"
    is "$(diff <(engine_schema "$original") <(engine_schema "$url"))" '' "$1: restored, the client prints the same schema"
    run "$DARA" --url "$url" compare-schemas plain live --format json
    status_is 0 "$1: the schemas are equal"
    keeps_schema compare-schemas
    is "$(json '.not_compared > 30')" true "$1: with word of what was not compared"
    run "$DARA" --url "$url" compare-schemas plain live --privileges
    status_is 1 "$1: with --privileges they differ"
    run "$DARA" --url "$url" compare-schemas live plain --owner --privileges --settings --sql
    status_is 1 "$1: and there is a way"
    cp "$work/out" "$work/way.sql"
    engine_load "$url" "$work/way.sql" 2>"$work/err"
    ok $? "$1: which runs: $(head -n 1 "$work/err")"
    run "$DARA" --url "$url" compare-schemas plain live --owner --privileges --settings
    status_is 0 "$1: and ends there"
    url=$original
}

# shellcheck disable=SC2086
changes() { # ENGINE
    local before bob
    before=$(engine_owned_schema "$url")
    bob=$(engine_role bob)
    migration 20260101000000_grant <<<"GRANT DELETE ON app.u TO $(engine_role carol);"
    run "$DARA" dry-run
    status_is 0 "$1: a file that only gives a right"
    out_like '^\+ privilege dt_[0-9]+_carol on u .*DELETE' "$1: dry-run shows it"
    is "$(engine_owned_schema "$url")" "$before" "$1: and leaves nothing behind"
    run "$DARA" apply-migration
    status_is 0 "$1: it is applied"
    out_like '^\+ privilege dt_[0-9]+_carol on u ' "$1: and shown"
    engine_sql "$url" "GRANT SELECT ON app.u TO $bob; ALTER TABLE app.u OWNER TO $bob"
    run "$DARA" status --drift
    status_is 0 "$1: a right given by hand is no drift"
    run "$DARA" status --drift --owner
    status_is 1 "$1: but an owner is, where it is asked for"
    run "$DARA" status --drift --owner --privileges --format json
    status_is 1 "$1: as are rights"
    keeps_schema status
    run "$DARA" rollback baseline --confirm ROLLBACK
    is "$(engine_sql "$url" "SELECT relowner::regrole FROM pg_class WHERE relname = 'u'")" "$bob" "$1: a rollback leaves owners alone"
    run "$DARA" rollback baseline $asked --dry-run --format json
    keeps_schema rollback
    run "$DARA" rollback baseline $asked --confirm ROLLBACK
    status_is 0 "$1: unless it is asked to take them back"
    is "$(diff <(sort <<<"$before") <(engine_owned_schema "$url" | sort) | grep -v '^[0-9<> ]*[acd]*[0-9,]*$')" '' "$1: every one of them"
    migration 20260101000001_nobody <<<"GRANT SELECT ON app.u TO dt_nobody_at_all;"
    run "$DARA" apply-migration db/migrations/20260101000001_nobody."$engine_extension"
    status_is 6 "$1: a right for a role that is not there: exit 6"
    err_like 'role "dt_nobody_at_all" does not exist' "$1: it is named"
    err_like 'hint: roles belong to the server' "$1: with what to do"
}

# A view that has to be made again keeps whose it is and who may read it, although nobody asked.
keeps() { # ENGINE
    local rights="SELECT relowner::regrole, relacl, (SELECT attacl FROM pg_attribute WHERE attrelid = c.oid AND attname = 'a') FROM pg_class c WHERE relname = 'v'"
    local before
    before=$(engine_sql "$url" "$rights")
    engine_copy rich other
    engine_sql "$url" "DROP VIEW app.v; ALTER TABLE app.t ALTER b TYPE varchar(20); CREATE VIEW app.v AS SELECT b, a FROM app.t"
    run "$DARA" create-migration narrower --to "$url"
    url=$DATABASE_URL
    status_is 0 "$1: a plan that makes a view again"
    rm -f db/migrations/*_nobody.* db/migrations/*_grant.*
    run "$DARA" apply-migration --allow drop-view --allow lossy-type-change --out-of-order
    status_is 0 "$1: runs"
    is "$(engine_sql "$url" "$rights")" "$before" "$1: it keeps its owner and its rights"
}

# What is renamed is tried out with its rights, so that they are there afterwards.
renames() { # ENGINE
    local rights="SELECT relname, relowner::regrole, relacl FROM pg_class WHERE relname IN ('u', 'u2', 'v') ORDER BY relacl::text" before
    before=$(engine_sql "$url" "$rights" | sed 's/^u|/u2|/')
    engine_copy rich other
    engine_sql "$url" "ALTER TABLE app.u RENAME TO u2; DROP VIEW app.v; CREATE VIEW app.v AS SELECT b AS first, a FROM app.t"
    run "$DARA" create-migration named --to "$url" --rename app.u=u2
    url=$DATABASE_URL
    status_is 0 "$1: a plan with a rename"
    run "$DARA" apply-migration --allow drop-view
    status_is 0 "$1: runs"
    is "$(engine_sql "$url" "$rights")" "$before" "$1: owners and rights of what was renamed, and made again, stay"
    run "$DARA" compare-schemas live live --rename app.u2=u --privileges
    status_is 2 "$1: a name that nothing gets is a slip, with --privileges too"
    engine_copy rich other
    engine_sql "$url" "ALTER TABLE app.u2 RENAME TO u; GRANT TRUNCATE ON app.u TO $(engine_role dave)"
    run "$DARA" --url "$DATABASE_URL" compare-schemas live "$url" --rename app.u2=u --privileges --owner
    out_like '^\+ privilege dt_[0-9]+_dave on u \(TRUNCATE\)' "$1: and rights are compared across a rename"
    out_like '^1 created, 0 altered' "$1: no other is new"
    url=$DATABASE_URL
}

suite() {
    if [ ! -f "$srcdir/tests/conformance/rich/$1-owned.$engine_extension" ]; then
        engine_new none
        project none
        run "$DARA" snapshot x --owner
        status_is 4 "$1: owners of an engine that has none: exit 4"
        err_like 'does not read owners' "$1: it says what is missing"
        err_like "leave out '--owner'" "$1: and what to do"
        run "$DARA" compare-schemas live empty --privileges
        status_is 4 "$1: so with privileges"
        run "$DARA" status --drift --settings
        status_is 4 "$1: and with settings"
        return
    fi
    engine_new rich
    engine_roles "$srcdir/tests/conformance/rich/$1-owned.$engine_extension"
    project rich
    restored "$1"
    left_out "$1"
    changes "$1"
    keeps "$1"
    renames "$1"
}
conform
