#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# security-audit on real servers: a schema with each fault that the engine can have, a good one with what only looks like a fault, and the
# same findings from a snapshot. SQLite's are in tests/cli/audit.sh.
# shellcheck source=tests/conformance/lib.sh
. "$srcdir/tests/conformance/lib.sh"

found() { json '.findings[] | "\(.level) \(.rule) \(.subject)"'; }
suite() {
    local engine=$1 folder=$srcdir/tests/conformance/audit
    [ -e "$folder/$engine_rich-bad.sql" ] || { skip "$engine" 'tests/cli/audit.sh has it'; return; }
    engine_new bad
    engine_load "$url" "$folder/$engine_rich-bad.sql" 2>"$work/err"
    project audit-project
    run "$DARA" security-audit schema -f json
    status_is 1 "$engine: faults are a finding"
    # What a check says that is not enforced, MariaDB does not know.
    is "$(found)" "$([ "$engine" = mariadb ] && grep -v check-not-enforced "$folder/$engine_rich-bad.txt" || cat "$folder/$engine_rich-bad.txt")" \
        "$engine: every planted fault is found, and nothing else"
    cp "$work/out" "$work/live"
    keeps_schema security-audit
    run "$DARA" security-audit schema baseline -f json
    is "$(json '.findings')" "$(jq .findings "$work/live")" "$engine: a snapshot has the same findings"
    json '.findings[] | select(.fix != null) | .fix + ";"' >"$work/fix.sql"
    engine_load "$url" "$work/fix.sql" 2>"$work/err"
    is "$(cat "$work/err")" '' "$engine: the statements that mend run"
    run "$DARA" security-audit schema -f json
    is "$(json '[.findings[] | select(.fix != null)] | length')" 0 "$engine: and mend"
    engine_new good
    engine_load "$url" "$folder/$engine_rich-good.sql" 2>"$work/err"
    run "$DARA" --url "$url" security-audit schema -f json
    is "$(found)" '' "$engine: a good schema has no finding"
}
conform
