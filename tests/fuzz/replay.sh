#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every fuzz target over its corpus: tests/fuzz/corpus/NAME/* by tests/fuzz/fuzz-NAME. TAP.
set -u
: "${srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}" "${builddir:=$srcdir}"
export DARA_DRIVER_PATH=$builddir/drivers/sqlite:$builddir/drivers/postgres:$builddir/drivers/mysql:$builddir/drivers/mongodb
log=$(mktemp)
trap 'rm -f "$log"' EXIT
number=0 bad=0
for corpus in "$srcdir"/tests/fuzz/corpus/*/; do
    name=$(basename "$corpus")
    target=$builddir/tests/fuzz/fuzz-$name
    number=$((number + 1))
    driver=${name%%-script}
    if [[ $name == *-script && ! -e $builddir/drivers/$driver/$driver.la ]]; then
        echo "ok $number - $name # SKIP the driver is not built"
    elif [ ! -x "$target" ]; then
        echo "not ok $number - $name: fuzz-$name is not built"
        bad=1
    elif [ -z "$(ls -A "$corpus")" ]; then
        echo "not ok $number - $name: its corpus is empty"
        bad=1
    elif "$target" ${FUZZ_FLAGS-} "$corpus" >"$log" 2>&1 </dev/null; then
        echo "ok $number - $name: $(find "$corpus" -type f | wc -l) files"
    else
        echo "not ok $number - $name"
        tail -n 40 "$log" | sed 's/^/# /'
        bad=1
    fi
done
echo "1..$number"
exit $bad
