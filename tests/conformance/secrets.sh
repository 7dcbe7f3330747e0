#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A password stands in the URL, and nowhere else: not in what dara prints or writes, not in what it sends (the server's log of all statements),
# not among the running statements, not in its errors or its own tables.
. "$srcdir/tests/conformance/lib.sh"

secret=S3cretOf$$x
# All that one command prints is kept.
said() { # COMMAND…
    echo "== $*" | sed "s/$secret/PASSWORD/g" >>"$work/said"
    DARA_TRACE=1 "$DARA" "$@" >>"$work/said" 2>&1 </dev/null
}
# What stands among the running statements, again and again.
watch_running() {
    while [ -e "$work/watching" ]; do
        engine_running >>"$work/running"
        sleep 0.05
    done
}
holds() { grep -rlaF -- "$secret" "$@" 2>/dev/null; }

suite() {
    local plain watcher
    type engine_secret_user >/dev/null 2>&1 || { skip "$1: no password shows" 'the engine has no passwords, or is not looked at this way'; return; }
    engine_new secret
    plain=$url
    engine_secret_user "$secret"
    : >"$work/watching"
    watch_running &
    watcher=$!
    engine_log_all "$work/log" || { rm "$work/watching"; skip "$1: no password shows" 'the server does not tell what it is sent'; return; }
    rm -rf "$work/secret"
    mkdir "$work/secret" && cd "$work/secret" || exit 99
    export DATABASE_URL=$url
    said setup-database "$engine_type"
    is "$(find db -type d -name migrations)" db/migrations "$1: set up with a password"
    said env-check
    echo 'CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(9)); INSERT INTO t VALUES (1, 2); CREATE VIEW v AS SELECT a FROM t;' >db/migrations/20260101000000_a.sql
    said dry-run -v db/migrations
    said apply-migration -v db/migrations
    echo 'ALTER TABLE t ADD COLUMN c INT; INSERT INTO t VALUES (1, 3, 4);' >db/migrations/20260102000000_b.sql
    said apply-migration -v db/migrations
    said status
    said apply-migration --abandon --confirm ROLLBACK
    said snapshot --data whole
    said compare-schemas live whole
    said run-sql 'SELECT CURRENT_USER()'
    said run-sql 'SELECT no_such_column'
    said --url "${url/secret/nowhere}" status
    said --url "${url/$secret/$secret-wrong}" status
    said --url "$url?no-such-option=1" status
    said rollback baseline --confirm ROLLBACK
    rm "$work/watching"
    wait $watcher
    engine_log_off
    [ "$(grep -c 'CREATE TABLE t ' "$work/log")" -gt 0 ] && grep -q 'applied 1 migration' "$work/said" && [ -s "$work/running" ]
    ok $? "$1: the log of the server, what was printed and what ran were looked at"
    is "$(holds "$work/log")" '' "$1: no password in what the server was sent"
    is "$(holds "$work/running")" '' "$1: nor among the running statements"
    is "$(holds "$work/said")" '' "$1: nor in what was printed"
    is "$(holds "$work/secret")" '' "$1: nor in what was written"
    url=$plain
    engine_dump "$url" >"$work/tables"
    engine_sql "$url" 'SELECT * FROM dara_journal' >>"$work/tables"
    engine_sql "$url" 'SELECT * FROM dara_lock' >>"$work/tables"
    is "$(holds "$work/tables")" '' "$1: nor in its own tables"
}
conform
