#!/bin/bash
# SPDX-License-Identifier: MIT
. "$srcdir/tests/cli/lib.sh"

run dara env-check
status_is 9 'no project'
out_like '^dara.yaml +failed' 'said in the table'
out_like '^hint: .*setup-database' 'and what to do'
dara setup-database --url sqlite:t.db >/dev/null 2>&1 || exit 99
chmod 640 t.db
run dara env-check
status_is 0 'all in order'
out_like '^environment local +ok +DATABASE_URL is set \(\.env\)' 'where the variable is set'
out_like '^lock +ok' 'the lock'
out_like '^disk for snapshots +ok' 'the disk'
before=$(sum t.db)
run dara check-env --format json
keeps_schema env-check
is "$(json '[.status, ([.checks[] | select(.check == "server") | .state][0])] | @json')" '["ok","ok"]' 'by its other name, in JSON'
is "$(sum t.db)" "$before" 'nothing is written'
chmod 644 .env
run dara env-check
out_like '^\.env +warning' '.env that others can read'
status_is 0 'is a warning'
printf 'engine: sqlite\nenvironments:\n  local:\n    url: DATABASE_URL\n  live:\n    url: LIVE_URL\n    production: true\n' >dara.yaml
run dara env-check
status_is 0 'a variable that is not asked for may be unset'
out_like '^environment live +info +LIVE_URL is not set, production' 'and is said'
run dara env-check --env live
status_is 9 'one that is asked for may not'
out_like '^environment live +failed' 'said in the table'
rm t.db
run dara env-check
status_is 3 'no database'
out_like '^connection +failed' 'said in the table'
LIVE_URL='sqlite:s3cr3t.db' run dara env-check --env live
run dara env-check --url 'nonesuch://u:hunter2@h/d'
status_is 9 'a scheme without a driver'
! grep -q hunter2 "$work/out" "$work/err"
ok $? 'no password is shown'
echo 'engine: [' >dara.yaml
run dara env-check
status_is 9 'a dara.yaml that cannot be read'
err_like 'dara\.yaml:' 'with file and line'
done_testing
