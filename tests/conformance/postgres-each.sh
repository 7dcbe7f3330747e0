# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The conformance suite on PostgreSQL $version, directly and through the transaction pooler before it; DARA_TEST_POSTGRES_SERVERS and
# DARA_TEST_PGBOUNCER_SERVERS name them ("13=URI 14=URI …"). What is long is struck here at some steps only, at others for each
# version: all of them are struck on the server of DARA_TEST_POSTGRES_URI, by the tests of these names.
of_version() { # LIST
    local pair
    for pair in $1; do
        [ "${pair%%=*}" != "$version" ] || echo "${pair#*=}"
    done
}
one_part() { # NAME
    case $1 in
    random) "$builddir/tests/conformance/random" postgres "${DARA_TEST_POSTGRES_PAIRS:-12}" ${DARA_TEST_SEED:+"$DARA_TEST_SEED"} ;;
    *) bash "$srcdir/tests/conformance/$1.sh" ;;
    esac
}
# One TAP stream of several: numbered anew, each line with the part it is of.
joined() {
    awk -v version="$version" '
        /^# part / { part = $3; bad = 0; next }
        /^not ok/ { bad = 1 }
        /^1\.\.0 # SKIP/ { sub(/^1\.\.0 # SKIP */, ""); printf "ok %d - %s: %s # SKIP %s\n", ++n, version, part, $0; next }
        /^1\.\./ { next }
        /^(not )?ok [0-9]+/ { match($0, /^(not )?ok /); head = substr($0, 1, RLENGTH); sub(/^(not )?ok [0-9]+ *-? */, "")
            printf "%s%d - %s: %s: %s\n", head, ++n, version, part, $0; next }
        /^# failed/ { if (bad) next; printf "not ok %d - %s: %s: it ends well\n", ++n, version, part; next }
        { print }
        END { print "1.." n }'
}

DARA_TEST_POSTGRES_URI=$(of_version "${DARA_TEST_POSTGRES_SERVERS-}")
DARA_TEST_PGBOUNCER_URI=$(of_version "${DARA_TEST_PGBOUNCER_SERVERS-}")
[ -n "$DARA_TEST_POSTGRES_URI" ] || {
    echo "1..0 # SKIP no PostgreSQL $version: DARA_TEST_POSTGRES_SERVERS does not name one"
    exit 0
}
export DARA_TEST_POSTGRES_URI DARA_TEST_PGBOUNCER_URI DARA_TEST_ENGINES=postgres
export DARA_TEST_STRIDE=${DARA_TEST_STRIDE:-12} DARA_TEST_STRIDE_FROM=$((version - 12))
# What the way through a pooler makes of it is the pooler's work, not the version's: the oldest and the newest show it.
case $version in
13 | 18) pooled='pooled-roundtrip pooled-locks pooled-rehearse' ;;
*) pooled= ;;
esac
for part in ${DARA_TEST_POSTGRES_PARTS:-roundtrip restore read locks hostile rehearse retry rename privileges part $pooled random kill backend}; do
    echo "# part $part"
    one_part "$part" || echo "# failed"
done 2>&1 | joined
