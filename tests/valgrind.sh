#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The life cycle under valgrind: no invalid access, nothing lost at exit. Usage: BUILD=folder tests/valgrind.sh
set -u
srcdir=$(cd "$(dirname "$0")/.." && pwd)
BUILD=${BUILD:-$srcdir/build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DARA_DRIVER_PATH=$BUILD/drivers/sqlite LC_ALL=C.UTF-8
bad=0
# dara STATUS ARGUMENTS…
dara() {
    local wanted=$1 status
    shift
    "$BUILD/libtool" --mode=execute valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,possible \
        --errors-for-leak-kinds=definite,possible --suppressions="$srcdir/tests/valgrind.supp" "$BUILD/core/dara" "$@" >"$work/out" 2>&1 </dev/null
    status=$?
    if [ $status -eq "$wanted" ]; then
        echo "ok: $* (exit $status)"
    else
        echo "FAILED: $* (exit $status, not $wanted)"
        head -n 60 "$work/out"
        bad=1
    fi
}
cd "$work" || exit 99
sqlite3 app.db <"$srcdir/tests/conformance/rich/sqlite.sql"
dara 0 --version
dara 0 help
dara 0 drivers
dara 0 --url sqlite:app.db setup-database sqlite
dara 0 env-check
dara 0 snapshot --data first
dara 0 create-migration add_shipment
printf 'CREATE TABLE shipment (id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customer(id));\nALTER TABLE customer ADD COLUMN phone TEXT;\n' >db/migrations/20270101000000_ship.sql
rm db/migrations/*add_shipment*
dara 0 verify-order db/migrations
dara 0 dry-run db/migrations
dara 0 -f json dry-run db/migrations
dara 0 apply-migration db/migrations
dara 0 status --drift
dara 1 compare-schemas baseline live
dara 0 -f markdown status
dara 8 rollback baseline
dara 0 rollback baseline --confirm ROLLBACK
dara 0 snapshot list
dara 0 snapshot verify
dara 0 run-sql 'SELECT * FROM customer'
dara 6 run-sql 'SELECT * FROM nowhere'
dara 2 stauts
dara 3 --url sqlite:none.db status
dara 0 self-test
exit $bad
