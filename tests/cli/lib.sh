# SPDX-License-Identifier: MIT
# Tests of the command as a user types it, printed as TAP. A test file:
#
#   . "$srcdir/tests/cli/lib.sh"
#   run dara status                  # sets $status, $out, $err
#   status_is 9 'no project: exit 9'
#   err_like 'dara setup-database' 'the hint says what to do'
#   done_testing
#
# Each file runs in a new folder of its own ($work, removed at the end), with nothing of the user's environment that dara reads.
# shellcheck shell=bash
set -u
unset DATABASE_URL DARA_TEST_NOW SUPABASE_DB_URL SUPABASE_DB_URL_DIRECT SUPABASE_LOCAL_DB_URL 2>/dev/null || true
: "${srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}" "${builddir:=$srcdir}"
: "${DARA:=$builddir/core/dara}" "${DARA_DRIVER_PATH:=$builddir/drivers/sqlite}"
# Past libtool's wrapper: that script takes longer than most of what dara does here.
if [ "$DARA" = "$builddir/core/dara" ] && [ -x "$builddir/core/.libs/dara" ]; then
    DARA=$builddir/core/.libs/dara
    export LD_LIBRARY_PATH=$builddir/core/.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
fi
export DARA DARA_DRIVER_PATH NO_COLOR=1 LC_ALL=C.UTF-8
shm=/dev/shm
[ -w "$shm" ] || shm=${TMPDIR:-/tmp}
work=$(mktemp -d "$shm/dara-test.XXXXXX")
trap 'cd /; rm -rf "$work"' EXIT
mkdir "$work/cwd" && cd "$work/cwd" || exit 99
number=0 failures=0

dara() { "$DARA" "$@"; }

# run COMMAND…: standard output to $out, standard error to $err, status to $status; no standard input.
run() {
    "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    out=$(cat "$work/out"; echo .) out=${out%.}
    err=$(cat "$work/err"; echo .) err=${err%.}
}

ok() { # ok CONDITION-STATUS NAME
    number=$((number + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $number - $2"
    else
        failures=$((failures + 1))
        echo "not ok $number - $2"
        { echo "status: ${status-}"; echo "stdout:"; head -c 3000 "$work/out" 2>/dev/null; echo "stderr:"; head -c 3000 "$work/err" 2>/dev/null; } | sed 's/^/#   /'
    fi
}
skip() { # skip NAME REASON
    number=$((number + 1))
    echo "ok $number - $1 # SKIP $2"
}
is() { # is GOT WANTED NAME
    [ "$1" = "$2" ]
    local good=$?
    ok $good "$3"
    [ $good -eq 0 ] || { printf 'got:    %s\nwanted: %s\n' "$1" "$2" | head -c 2000 | sed 's/^/#   /'; echo; }
}
status_is() { is "$status" "$1" "$2"; }
out_like() { grep -qE -- "$1" "$work/out"; ok $? "$2"; }
err_like() { grep -qE -- "$1" "$work/err"; ok $? "$2"; }
out_unlike() { ! grep -qE -- "$1" "$work/out"; ok $? "$2"; }
err_unlike() { ! grep -qE -- "$1" "$work/err"; ok $? "$2"; }
# json FILTER: a value of the JSON document in $work/out, by jq.
json() { jq -r "$1" "$work/out" 2>&1; }
# keeps_schema NAME: the JSON document in $work/out keeps to docs/schemas/NAME.schema.json.
keeps_schema() {
    if python3 -c 'import jsonschema' 2>/dev/null; then
        python3 "$srcdir/tests/cli/schema.py" "$srcdir/docs/schemas" "$1" "$work/out" >"$work/schema" 2>&1
        ok $? "the document keeps to the schema of $1"
        sed 's/^/#   /' "$work/schema"
    else
        skip "the document keeps to the schema of $1" 'python3-jsonschema is not installed'
    fi
}
sum() { sha256sum "$@" | cut -d' ' -f1; }

skip_all() { # skip_all REASON
    echo "1..0 # SKIP $1"
    exit 0
}
done_testing() {
    echo "1..$number"
    [ $failures -eq 0 ]
    exit $?
}
