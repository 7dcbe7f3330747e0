#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# As locks.sh, on PostgreSQL and Supabase through a transaction pooler: DARA_TEST_PGBOUNCER_URI names it, DARA_TEST_POSTGRES_URI the server behind it.
[ -n "${DARA_TEST_PGBOUNCER_URI-}" ] || {
    echo "1..0 # SKIP no pooler: DARA_TEST_PGBOUNCER_URI is not set"
    exit 0
}
export DARA_TEST_ENGINES="postgres supabase" DARA_TEST_POSTGRES_DARA_URI=$DARA_TEST_PGBOUNCER_URI
exec bash "$srcdir/tests/conformance/locks.sh"
