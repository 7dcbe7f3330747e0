#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# lint --live: of what matters by its rows, how many there are; on an empty table it is only worth a word.
# shellcheck source=tests/conformance/lib.sh
. "$srcdir/tests/conformance/lib.sh"

found() { json '[.findings[] | "\(.level) \(.rule) \(.message | sub("^[^;]*"; ""))"] | join("\n")'; }
suite() {
    local engine=$1 table="table 'full'" none="table 'none'" it
    case $engine in postgres | supabase) table="table 'public.full'" none="table 'public.none'" ;; esac
    engine_new lint
    for it in full none absent; do
        echo "ALTER TABLE \"$it\" ADD COLUMN b integer NOT NULL;"
        echo "DROP TABLE \"$it\";"
    done >"$work/f.sql"
    case $engine in my* | maria*) sed -i 'y/"/`/' "$work/f.sql" ;; esac
    grep DROP "$work/f.sql" | sed 's/DROP TABLE \(.*\);/CREATE TABLE \1 (a integer NOT NULL PRIMARY KEY);/' | head -n 2 >"$work/s.sql"
    sed -n '1s/CREATE TABLE \(.*\) (a.*/INSERT INTO \1 VALUES (1);/p' "$work/s.sql" >>"$work/s.sql"
    engine_load "$url" "$work/s.sql"
    run "$DARA" --url "$url" lint "$work/f.sql" --live -f json
    # The server's estimate is not held to: only that it is told.
    local wanted="error drop-table ; $table has rows
error drop-table ; $none is empty
error drop-table "
    # MySQL fills a column that takes no NULL by itself.
    [ "$engine_rich" = mysql ] || wanted+="
warn add-required-column ; $table has rows
warn add-required-column 
info add-required-column ; $none is empty"
    is "$status
$(found | sed "s/$table\(: about\| has rows\).*/$table has rows/")" "1
$wanted" "$engine: rows are told, and an empty table is no danger"
    keeps_schema lint
    run "$DARA" --url "$url" lint "$work/f.sql" -f json
    is "$(json '[.findings[] | select(.message | contains(";"))] | length')" 0 "$engine: without it nothing is asked"
    run "$DARA" --url "${url}_nosuch/x" lint "$work/f.sql" --live
    status_is 3 "$engine: a database that cannot be reached is an error"
}
conform
