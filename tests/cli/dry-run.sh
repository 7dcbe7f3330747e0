#!/bin/bash
# SPDX-License-Identifier: MIT
# dry-run: the difference read from inside the transaction, and nothing left behind.
. "$srcdir/tests/cli/migrate-lib.sh"

project
good_migrations
before=$(state)
run dara dry-run
status_is 0 'two migrations are rehearsed'
is "$(head -1 "$work/out")" 'dry-run on sqlite:app.db: nothing below was kept' 'the first line says so'
out_like '^\+ table orders$' 'the new table is shown'
out_like '^    \+ column status text not null default .new.$' 'as it is after both files'
out_like '^20260101000000_add_orders.sql +2 +create index ' 'each statement with its line'
out_like '^ok: 2 migrations, 3 statements: ran without an error, and rolled back$' 'the verdict'
is "$(state)" "$before" 'nothing is left: the same bytes, no file more'
is "$(snapshots)" 0 'no snapshot'
run dara dry-run --format json
is "$(json '.status, .kept, .passed, .created, (.statements | length), .statements[1].line')" "ok
false
true
2
3
2" 'in JSON'
keeps_schema dry-run 'the document keeps to its schema'
run dara test-migration db/migrations/20260101000000_add_orders.sql
status_is 0 'by its other name, one file'
out_like '^ok: 1 migration, 2 statements' 'only that file'
run dara apply --dry-run
status_is 0 'apply-migration --dry-run'
is "$(head -1 "$work/out")" 'dry-run on sqlite:app.db: nothing below was kept' 'is the same'
is "$(state)" "$before" 'still nothing is left'

# ---- failures
printf 'create table x(a);\n\ncreate table x(b);\n' | migration 20260103000000_twice.sql
run dara dry-run
status_is 6 'a statement that fails'
err_like '20260103000000_twice.sql:3: .*already exists' 'is said with file and line'
out_like '^20260103000000_twice.sql +3 .*failed$' 'and marked in the list'
is "$(state)" "$before" 'nothing is left after a failure'
run dara dry-run --format json
is "$(json '.status, .passed, .error.line')" "statement
false
3" 'in JSON'
keeps_schema dry-run 'the document of a failure keeps to its schema'
printf 'create table kid(u references users(id));\ninsert into kid values (99);\n' | migration 20260103000000_twice.sql
run dara dry-run
status_is 6 'what the commit would refuse is a failure too'
err_like "kid" 'with the table'
rm db/migrations/20260103000000_twice.sql

# ---- warnings
printf 'drop table users;\n' | migration 20260103000000_drop.sql
printf 'vacuum;\n' | migration 20260104000000_vacuum.sql
run dara dry-run
status_is 0 'destruction can be rehearsed'
out_like '^warning: 20260103000000_drop.sql:1: drop-table: .*refuse it without --allow' 'with a warning'
out_like '^20260104000000_vacuum.sql +1 .*not rehearsed: it cannot run inside a transaction' 'what cannot is left out, and said'
out_like '^warning: 1 statement could not be rehearsed' 'in the verdict too'
out_like '^- table users$' 'the loss is in the difference'
is "$(sql 'select count(*) from users')" 2 'the rows are there'
is "$(state)" "$before" 'nothing is left'

# ---- tables rewritten
project
printf -- '-- dara:allow drop-column wanted\nalter table users drop column email;\n' | migration 20260103000000_column.sql
migration 20260104000000_rebuild.sql <<'END'
create table users_new(id integer primary key, name text);
insert into users_new select id, null from users;
-- dara:allow drop-table its rows are in users_new
drop table users;
alter table users_new rename to users;
create table other(a);
-- dara:allow drop-table it was made here
drop table other;
END
run dara dry-run
status_is 0 'a column that goes, and a table that is built again'
is "$(sed -n '/^Rewritten$/,/^$/p' "$work/out")" 'Rewritten
file                        line  object  how
20260103000000_column.sql      2  users   the engine writes its rows again
20260104000000_rebuild.sql     4  users   dropped and made again' 'the tables that are rewritten are named, and no other'
run dara dry-run -f json
is "$(json '.rewritten | map("\(.line) \(.object)") | join(", ")')" '2 users, 4 users' 'in JSON'
keeps_schema dry-run 'the document keeps to its schema'
run dara dry-run -f markdown
is "$(sed -n '/Rewritten/,$p' "$work/out" | sed -n 3,5p | tr -d '\\')" '| file | line | object | how |
| --- | ---: | --- | --- |
| 20260103000000_column.sql | 2 | users | the engine writes its rows again |' 'and in Markdown'

# ---- drift, nothing to do, production
project
good_migrations
run dara apply --no-snapshot
run dara dry-run
status_is 0 'nothing pending'
out_like 'nothing to do' 'is said'
sql 'create table foreigner(a)'
echo 'create table n(a);' | migration 20260105000000_n.sql
run dara dry-run
status_is 0 'drift is no failure of a rehearsal'
out_like '^warning: the schema is not what the last run left' 'but a warning'
printf 'engine: sqlite\ndirectory: db\nenvironments:\n  live:\n    url: DATABASE_URL\n    production: true\n' >dara.yaml
run dara dry-run
status_is 8 'production is refused'
run dara dry-run --confirm live
status_is 0 'but with its name'

# ---- a database in use
python3 - app.db <<'END' &
import sqlite3, sys, time
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("begin immediate")
open("held", "w").close()
time.sleep(3)
END
holder=$!
while [ ! -e held ]; do sleep 0.05; done
run dara dry-run --confirm live --lock-timeout 100ms
status_is 5 'a database that another program writes'
kill "$holder" 2>/dev/null
wait "$holder" 2>/dev/null

done_testing
