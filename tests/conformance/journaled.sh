# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A file of ten statements that no transaction holds, and what is there after a run of it. For journal.sh and mishaps.sh.

# Schema, rows, history; and whether the journal is empty.
everything() {
    schema_now
    engine_rows "$url"
    engine_sql "$url" 'SELECT kind, version, state, checksum, fingerprint FROM dara_migrations ORDER BY kind, version'
    engine_sql "$url" 'SELECT count(*) FROM dara_journal'
}
schema_now() { engine_schema "$url" 2>&1; }
# shellcheck disable=SC2120 # of some callers
apply() { "$DARA" apply-migration --no-snapshot "$@" db/migrations >"$work/out" 2>"$work/err" </dev/null; }
file=db/migrations/20260101000000_ten.sql
# The ten statements, the K-th replaced by TEXT where given.
# shellcheck disable=SC2120 # of some callers
ten() { # [K TEXT]
    engine_journaled | if [ $# -eq 2 ]; then awk -v k="$1" -v text="$2" 'NR == k { print text; next } { print }'; else cat; fi >"$file"
}
interrupted() { "$DARA" -f json status 2>/dev/null </dev/null | jq -c '.interrupted // empty | [.done, .total]'; }
struck() { # KIND CALL [OPTION…]: an apply that is struck there
    (
        export DARA_FAULT=$1 DARA_FAULT_AT=$2 DARA_FAULT_ONLY=socket LD_PRELOAD=$fault_library
        exec "$DARA" --url "$url${engine_plain-}" apply-migration --no-snapshot "${@:3}" db/migrations >"$work/out" 2>"$work/err" </dev/null
    )
} 2>/dev/null
# Database "base" and project "tree", with SQL run before, and what is there after an undisturbed run: $after, and the run's $status.
undisturbed() { # [SQL]
    engine_new base
    [ $# -eq 0 ] || engine_sql "$url" "$1" >/dev/null
    project tree
    engine_copy base walk && export DATABASE_URL=$url
    ten
    apply
    status=$?
    after=$(everything)
}
