#!/bin/bash
# SPDX-License-Identifier: MIT
# dara drivers as a user reads it; loading itself is tested with the drivers that are made to be refused.
. "$srcdir/tests/cli/lib.sh"

mkdir empty broken
DARA_DRIVER_PATH=$PWD/empty run dara drivers
status_is 0 'no driver: not an error of this command'
out_like 'no driver was found' 'it says so'

echo 'not a shared object' >broken/broken.so
DARA_DRIVER_PATH=$PWD/broken run dara drivers
status_is 0 'a broken driver'
out_like '^broken +refused ' 'is listed as refused'
out_like '^warning: broken is refused: .+' 'with the reason'
DARA_DRIVER_PATH=$PWD/broken run dara drivers --format json
is "$(json '.status, .drivers[0].name, .drivers[0].loaded, (.drivers[0].refusal | length > 10), .notes[0].level')" "ok
broken
false
true
warn" 'in JSON too'

run dara drivers --format json
status_is 0 'the drivers of this build'
is "$(json '[.drivers[] | select(.loaded) | .groups.session and .groups.introspect] | all')" true 'each has the groups that it must have'
cp "$work/out" "$work/drivers.json"
if python3 -c 'import jsonschema' 2>/dev/null; then
    run python3 "$srcdir/tests/cli/schema.py" "$srcdir/docs/schemas" drivers "$work/drivers.json"
    status_is 0 'the document keeps to its schema'
    DARA_DRIVER_PATH=$PWD/broken run dara drivers --format json
    cp "$work/out" "$work/broken.json"
    run python3 "$srcdir/tests/cli/schema.py" "$srcdir/docs/schemas" drivers "$work/broken.json"
    status_is 0 'that of a refused driver too'
    run dara --format json drivers surplus
    cp "$work/out" "$work/usage.json"
    run python3 "$srcdir/tests/cli/schema.py" "$srcdir/docs/schemas" drivers "$work/usage.json"
    status_is 0 'and that of an error'
    jq 'del(.abi)' "$work/drivers.json" >"$work/bad.json"
    run python3 "$srcdir/tests/cli/schema.py" "$srcdir/docs/schemas" drivers "$work/bad.json"
    status_is 1 'a document without a required name does not'
else
    skip 'the documents keep to their schema' 'python3-jsonschema is not installed'
fi

# What a driver links statically (libpg_query carries PostgreSQL's own names) stays inside it.
exported=
for module in "$builddir"/drivers/*/.libs/*.so; do
    [ -e "$module" ] && exported+=$(nm -D --defined-only "$module" | awk '$2 ~ /^[TDBRVW]$/ && $3 !~ /_LTX_dara_driver$/ && $3 !~ /^(__|_init|_fini|_edata|_end)/ { print $3 " " }')
done
is "$exported" '' 'a driver exports its one function'

done_testing
