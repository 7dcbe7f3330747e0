# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Supabase: PostgreSQL with what the platform brings along (tests/servers/supabase.sql), as the role that a project's owner has, who is no
# superuser. What is not said here is as for PostgreSQL.
. "$srcdir/tests/conformance/engines/postgres.sh"
engine_type=supabase
engine_rich=postgres
engine_suites="roundtrip locks read smoke lint supabase policies policy-apply"
engine_history=supabase_migrations.dara_migrations
engine_base=dt_supabase_base
# The databases are copies of one that is made once for each server.
engine_make_base() {
    (
        flock 9
        [ -z "$(psql -XAtqc "SELECT 1 FROM pg_database WHERE datname = '$engine_base'" "$DARA_TEST_POSTGRES_URI/postgres")" ] || exit 0
        engine_admin "CREATE DATABASE ${engine_base}_new TEMPLATE template0"
        psql -Xq -v password=not-a-secret -f "$srcdir/tests/servers/supabase.sql" "$DARA_TEST_POSTGRES_URI/${engine_base}_new" 2>&1 |
            grep -vE 'wal_level' >&2
        engine_admin "ALTER DATABASE ${engine_base}_new RENAME TO $engine_base"
    ) 9>"${TMPDIR:-/tmp}/dara-supabase-base.lock"
}
engine_fresh() { # DATABASE "TEMPLATE …"
    engine_make_base
    engine_drop "$1"
    engine_admin "CREATE DATABASE $1 ${2/template0/$engine_base} OWNER supabase_postgres"
    engine_admin "ALTER ROLE supabase_postgres IN DATABASE $1 SET search_path = '\$user', public, extensions"
    case $engine_made in *" $1 "*) ;; *) engine_made="$engine_made$1 " ;; esac
    url=${DARA_TEST_POSTGRES_DARA_URI-$DARA_TEST_POSTGRES_URI}/$1
    url=supabase://supabase_postgres@${url#*@}
}
engine_direct() { echo "${DARA_TEST_POSTGRES_URI%%//*}//supabase_postgres@${DARA_TEST_POSTGRES_URI#*@}/${1##*/}"; }
# The platform's own schemas and the history are not part of it.
engine_pg_dump() { # URL OPTIONS…
    local uri=$DARA_TEST_POSTGRES_URI/${1##*/}
    shift
    pg_dump "$@" -N supabase_migrations -N extensions "$uri" | grep -vE '^\\(un)?restrict |^-- Dumped '
}
engine_samples() { :; }
