#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which pooler stands before PostgreSQL is found out, not configured.
export DARA_TEST_ENGINES=postgres
. "$srcdir/tests/conformance/lib.sh"

suite() {
    local n seen way direct
    [ -n "${DARA_TEST_PGBOUNCER_URI-}" ] && [ -n "${DARA_TEST_PGBOUNCER_SESSION_URI-}" ] ||
        { skip "$1" 'no poolers: DARA_TEST_PGBOUNCER_URI and DARA_TEST_PGBOUNCER_SESSION_URI are not set'; return; }
    engine_new pooler
    direct=$url
    project pooler-project
    found() { # URL: what env-check says of it
        DATABASE_URL=$1 "$DARA" env-check -f json 2>/dev/null </dev/null |
            jq -r '[.checks[] | select(.check == "pooler") | .detail] | join(" ") | if . == "" then "none" else . end'
    }
    is "$(found "$direct" | cut -d: -f1)" none "$1: nothing stands between"
    for way in transaction session; do
        if [ $way = session ]; then url=$DARA_TEST_PGBOUNCER_SESSION_URI; else url=$DARA_TEST_PGBOUNCER_URI; fi
        url=$url/$(engine_database pooler)
        seen=$(for n in 1 2 3; do found "$url"; done | sort | uniq -c | tr -s ' ')
        is "$seen" " 3 $way mode" "$1: a pooler that is idle: $way"
        # Others come and go through it.
        for n in 1 2 3; do
            (while [ ! -e "$work/stop" ]; do psql -Xqc 'SELECT pg_sleep(0.02)' "$url" >/dev/null 2>&1; done) &
        done
        seen=$(for n in 1 2 3; do found "$url"; done | sort | uniq -c | tr -s ' ')
        touch "$work/stop"
        wait
        rm "$work/stop"
        is "$seen" " 3 $way mode" "$1: a pooler that is busy: $way"
    done
    migration 20260101000000_one <<<'CREATE TABLE one (a integer);'
    DATABASE_URL=$url run "$DARA" apply-migration
    status_is 0 "$1: a migration through the session pooler"
    is "$(engine_sql "$direct" "SELECT count(*) FROM dara_migrations WHERE kind = 'migration'")" 1 "$1: is recorded"
    is "$(engine_sql "$direct" "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() AND locktype = 'advisory'")" \
        0 "$1: and leaves no lock behind"
}
conform
