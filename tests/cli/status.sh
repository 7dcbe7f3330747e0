#!/bin/bash
# SPDX-License-Identifier: MIT
# status: files against history, schema against the last run.
. "$srcdir/tests/cli/migrate-lib.sh"

project
run dara status
status_is 0 'no migrations'
out_like '^no migrations$' 'is said'
good_migrations
before=$(state)
run dara status
status_is 0 'pending is no fault'
out_like '^20260101000000 +add_orders +pending ' 'listed'
out_like '^pending: +2$' 'counted'
is "$(state)" "$before" 'reading changes nothing, and makes no table'
run dara status --drift
status_is 0 'no drift without a record'
out_like 'nothing is recorded yet' 'is said'

run dara apply db/migrations/20260101000000_add_orders.sql
run dara status --format json
status_is 0 'one applied'
is "$(json '[.migrations[].state] | join(",")')" applied,pending 'by state'
is "$(json '.counts | "\(.applied) \(.pending) \(.edited) \(.missing) \(.out_of_order)"')" '1 1 0 0 0' 'counts'
is "$(json '.migrations[0].applied_at | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$")')" true 'when'
is "$(json '.migrations[0].applied_by | test("@")')" true 'by whom'
keeps_schema status 'the document keeps to its schema'

run dara apply
echo '-- edit' >>db/migrations/20260101000000_add_orders.sql
rm db/migrations/20260102000000_add_status.sql
echo 'create table e(a);' | migration 20260101120000_early.sql
run dara status
status_is 1 'edited and missing are findings'
out_like '^20260101000000 +add_orders +edited ' 'edited'
out_like '^20260102000000 +add_status +missing ' 'missing'
out_like '^20260101120000 +early +out of order ' 'out of order'
good_migrations
rm db/migrations/20260101120000_early.sql
run dara status --drift
status_is 0 'all well'
out_like '^ok: no drift' 'no drift'
sql 'drop index orders_user; create table guest(a);'
run dara status --drift --format json
status_is 1 'drift is a finding'
is "$(json '.drifted, .drift.created, .drift.dropped')" "true
1
1" 'in JSON'
keeps_schema status 'the document of drift keeps to its schema'
run dara status --drift
out_like '^- index orders_user on orders$' 'what is gone'
out_like '^\+ table guest$' 'what is new'
run dara status
status_is 0 'without --drift it is not looked at'
rm -r db/snapshots
run dara status --drift
status_is 1 'drift without a snapshot'
out_like 'no snapshot of that one is here' 'says that it cannot be shown'
sql "update dara_migrations set state = 'rolled back' where version = '20260102000000'"
run dara status
status_is 0 'rolled back'
out_like '^20260102000000 +add_status +rolled back ' 'is pending again'

# ---- what is no database
mkdir "$work/folder"
run dara --url "sqlite:$work/folder" status
status_is 3 'a folder as database'
printf 'not a database, certainly not one of that kind' >"$work/text.db"
run dara --url "sqlite:$work/text.db" status
status_is 3 'a text file as database'
run dara --url "sqlite:$work/none.db" status
status_is 3 'a file that is not there'
is "$([ -e "$work/none.db" ]; echo $?)" 1 'is not made'

done_testing
