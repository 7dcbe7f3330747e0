#!/bin/bash
# SPDX-License-Identifier: MIT
# apply-migration: all or nothing, said with file and line.
. "$srcdir/tests/cli/migrate-lib.sh"

# ---- a good run
project
good_migrations
run dara apply-migration
status_is 0 'two migrations are applied'
out_like '^20260101000000 +add_orders +2 ' 'the first is listed with its statements'
out_like '^\+ table orders$' 'the difference is shown'
out_like '^    \+ column status text not null default .new.$' 'with columns of both files'
out_like '^snapshot before: +[0-9]{8}_[0-9]{6}_pre_add_orders$' 'the snapshot before it is named'
out_like '^snapshot after: +[0-9]{8}_[0-9]{6}_post_add_status$' 'the one after it too'
is "$(sql 'select count(*) from dara_migrations')" 2 'both are in the history'
is "$(sql 'select group_concat(email) from users')" a,b 'rows are there'
before=$(state)
run dara apply
status_is 0 'once more'
out_like '^ok: nothing to do: all 2 migrations are applied$' 'there is nothing to do'
run dara apply db/migrations/20260101000000_add_orders.sql
status_is 0 'one file that is applied'
out_like "nothing to do: '20260101000000' is applied already" 'nothing to do either'
is "$(state)" "$before" 'the database is untouched'
run dara apply --format json
is "$(json '.status, (.applied | length)')" "ok
0" 'in JSON'
keeps_schema apply-migration 'the document keeps to its schema'

# ---- a failure takes back everything
project
good_migrations
{
    printf 'create table big(a);\n'
    for i in $(seq 2 35); do echo "-- line $i"; done
    printf 'create table two(\n  a integer,, b\n);\n'
} | migration 20260103000000_bad.sql
before=$(state)
run dara apply
status_is 6 'a syntax error on line 37'
err_like '^dara: .*db/migrations/20260103000000_bad.sql:37: near ",": syntax error' 'is said with file and line'
err_like 'in: create table two\(' 'with the statement'
err_like 'rolled back: nothing was changed' 'and what became of it'
is "$(state)" "$before" 'nothing was changed: the file is the same, byte for byte'
is "$(snapshots)" 0 'no snapshot is left'
run dara apply --format json
is "$(json '.status, .error.line, (.error.file | endswith("20260103000000_bad.sql")), (.applied | length)')" "statement
37
true
0" 'in JSON'
keeps_schema apply-migration 'the document of a failure keeps to its schema'
run dara apply --transaction each
status_is 6 'with a transaction for each file'
err_like 'the 2 migrations before it in this run stay applied' 'the ones before stay'
is "$(sql 'select count(*) from dara_migrations')" 2 'in the history too'
run dara status --drift
out_like '^ok: no drift: the schema is what was left on ' 'what they left is recorded'
sql 'create table strange(x)'
run dara status --drift
out_like 'drift: the schema is not what was left on ' 'so that a table made by other means is drift'
sql 'update dara_migrations set fingerprint = null where kind = "migration"'
run dara status --drift
out_like "^note: the schema that '20260102000000' left is not recorded, and cannot be compared with$" 'of a run that was killed it is not known'
sql 'drop table strange'
run dara apply --no-snapshot --transaction each
err_like 'rolled back: nothing was changed' 'a second try changes nothing'

# ---- refused before anything is touched
refused() { # refused STATUS PATTERN NAME
    local before
    before=$(state)
    run dara apply --no-snapshot
    status_is "$1" "$3"
    err_like "$2" "$3: said why"
    is "$(state)" "$before" "$3: nothing changed"
}
project
migration 20260101000000_a.sql </dev/null
refused 9 '20260101000000_a.sql:1: the migration is empty' 'an empty migration'
printf -- '-- nothing\n' | migration 20260101000000_a.sql
refused 9 'the migration is empty' 'one with a comment only'
printf 'create table a(b);\n\n\nbegin;\n' | migration 20260101000000_a.sql
refused 9 '20260101000000_a.sql:4: .*transaction' 'a transaction of its own'
printf 'create table a(b);\nvacuum;\n' | migration 20260101000000_a.sql
refused 9 '20260101000000_a.sql:2: .*cannot run inside a transaction' 'a statement for outside a transaction among others'
printf 'create table a(b);\npragma foreign_keys = off;\ncreate table c(d);\n' | migration 20260101000000_a.sql
refused 9 '20260101000000_a.sql:2: .*has no effect inside a transaction' 'a setting in the middle'
printf 'create table a(b);\ncreate table "c;\n' | migration 20260101000000_a.sql
refused 9 '20260101000000_a.sql:2: ' 'an open quote'
printf 'create table a(b);\ncreate table \377(b);\n' | migration 20260101000000_a.sql
refused 9 '20260101000000_a.sql:2: the file is not UTF-8' 'bytes that are no text'
echo 'create table a(b);' | migration 20260101000000_a.sql
echo 'create table b(b);' | migration 20260101000000_b.sql
refused 9 "'20260101000000_a.sql' and '20260101000000_b.sql' have the same version" 'two with one version'
rm db/migrations/*
echo 'create table a(b);' | migration add_a.sql
refused 9 "'add_a.sql' is not the name of a migration" 'a name without a version'
rm db/migrations/*
echo 'create table a(b);' | migration $'20260101000000_a\nb.sql'
refused 9 "'20260101000000_a\\\\nb.sql' is not the name of a migration" 'a name with a newline'
rm db/migrations/*
mkdir db/migrations/20260101000000_a.sql
refused 9 '20260101000000_a.sql' 'a folder with the name of a migration'
rmdir db/migrations/*
run dara apply nowhere.sql
status_is 9 'a file that is not there'

# ---- destruction
project
printf 'create table old(a);\n' | migration 20260101000000_a.sql
printf -- '-- away with it\ndrop table users;\n' | migration 20260102000000_b.sql
refused 8 '20260102000000_b.sql:2: drop-table: ' 'a table dropped without consent'
err_like 'hint: .*--allow drop-table' 'how to allow it'
run dara apply --yes --no-snapshot
status_is 8 '--yes does not allow it'
run dara apply --allow drop-column --no-snapshot
status_is 8 'nor does another rule'
printf -- '-- dara:allow drop-table nobody uses it\ndrop table users;\n' | migration 20260102000000_b.sql
run dara apply --no-snapshot
status_is 0 'a comment allows it'
is "$(sql "select count(*) from sqlite_schema where name = 'users'")" 0 'and it ran'
printf 'drop table old;\n' | migration 20260103000000_c.sql
run dara apply --allow drop-table --no-snapshot
status_is 0 'an option allows it'

# ---- edited, out of order, drift
project
good_migrations
run dara apply --no-snapshot
echo '-- later thought' >>db/migrations/20260101000000_add_orders.sql
refused 8 '20260101000000_add_orders.sql: the migration was edited after it was applied' 'an edited file'
run dara apply --allow edited --no-snapshot
status_is 0 '--allow edited leaves it as applied'
good_migrations
echo 'create table early(a);' | migration 20260101120000_early.sql
refused 8 "version '20260101120000' comes before '20260102000000'" 'an older version than the newest applied'
run dara apply --out-of-order --no-snapshot
status_is 0 '--out-of-order applies it'
sql 'alter table users add column x'
echo 'create table late(a);' | migration 20260104000000_late.sql
refused 8 'the schema is not what the last run left' 'a schema changed by other means'
run dara apply --allow drift
status_is 0 '--allow drift goes on'
is "$(snapshots)" 2 'with snapshots'
sql 'alter table users add column y'
echo 'create table later(a);' | migration 20260105000000_later.sql
run dara apply
status_is 8 'drift again'
out_like '^    \+ column y$' 'now shown against the snapshot of what was left'

# ---- what runs around a transaction
project
printf 'vacuum;\n' | migration 20260101000000_vacuum.sql
printf 'pragma foreign_keys = off;\ncreate table a(b);\npragma foreign_keys = on;\n' | migration 20260102000000_a.sql
printf 'create table c(d);\n' | migration 20260103000000_c.sql
run dara apply
status_is 0 'a statement outside a transaction, settings around one'
is "$(sql 'select group_concat(version) from dara_migrations')" 20260101000000,20260102000000,20260103000000 'all are recorded'
printf 'insert into b2 values (1);\n' | migration 20260104000000_d.sql
printf 'create table b2(x integer primary key, u references users(id));\ninsert into b2 values (1, 99);\n' | migration 20260104000000_d.sql
before=$(state)
run dara apply --no-snapshot
status_is 6 'a row without parent at the end'
err_like 'b2' 'is named'
is "$(state)" "$before" 'and taken back'

# ---- hostile names
project
printf 'create table "a""b;c"("x y" text, "\xe2\x82\xac" integer);\ncreate table "new\nline"(a);\n' | migration 20260101000000_odd.sql
run dara apply
status_is 0 'odd names'
out_like '^\+ table new\\nline$' 'are shown on one line'

# ---- no room, Ctrl-C, the lock
project
good_migrations
# The model of this view is longer than the database that holds it.
printf "create view big as select '%0100000d' as x from users;\n" 7 | migration 20260103000000_big.sql
run bash -c 'ulimit -f 150; trap "" XFSZ; exec "$DARA" apply'
status_is 9 'no room for the snapshot after the run'
err_like 'applied, but the snapshot after it could not be written' 'says that the run is applied'
is "$(sql 'select count(*) from dara_migrations')" 3 'which is true'
is "$(snapshots)" 1 'the snapshot before it stays'
is "$(find db/snapshots -name '*post*' | wc -l)" 0 'nothing of the other one does'

project
printf 'create table n(a);\nwith recursive c(i) as (select 1 union all select i + 1 from c where i < 400000000) insert into n select i from c where i < 0;\n' |
    migration 20260101000000_long.sql
before=$(state)
signalled TERM app.db-journal "$DARA" apply --no-snapshot
status_is 6 'interrupted in the middle of a statement'
err_like 'interrupted' 'is said'
is "$(state)" "$before" 'and rolled back'
signalled KILL app.db-journal "$DARA" apply --no-snapshot
status_is 137 'killed'
rm -f db/migrations/*
good_migrations
run dara apply --no-snapshot
status_is 0 'the next run goes on as if nothing had been'

python3 - app.db <<'END' &
import sqlite3, sys, time
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("begin immediate")
open("held", "w").close()
time.sleep(5)
END
holder=$!
while [ ! -e held ]; do sleep 0.05; done
echo 'create table waits(a);' | migration 20260103000000_waits.sql
run dara apply --no-snapshot --lock-timeout 200ms
status_is 5 'a database that another program writes'
kill "$holder" 2>/dev/null
wait "$holder" 2>/dev/null
run dara apply --no-snapshot --lock-timeout 5s
status_is 0 'and when it has gone'

# ---- options
project
good_migrations
run dara apply --resume
status_is 0 '--resume where nothing can be left half-way'
out_like 'there is nothing to resume' 'says so'
run dara apply --data --no-snapshot
status_is 2 'options that exclude each other'
run env -u DATABASE_URL "$DARA" apply
status_is 9 'no connection'
mkdir "$work/elsewhere" && cd "$work/elsewhere" || exit 99
echo 'create table a(b);' >20260101000000_a.sql
run dara --url sqlite:x.db apply 20260101000000_a.sql
status_is 9 'snapshots need a project'
sqlite3 x.db 'create table b(c)'
run dara --url sqlite:x.db apply --no-snapshot 20260101000000_a.sql
status_is 0 'without them a file can be applied anywhere'

# ---- what cannot be saved
project
sql "create virtual table index_only using fts5(body, content='')"
migration 20260101000000_a.sql <<<'drop table index_only; -- dara:allow drop-table test'
run dara apply-migration
status_is 0 'what cannot be saved can be dropped'
out_like "not saved before: .*'index_only'" 'and is named'

# ---- what is allowed to be destroyed is saved first
project
sql "create table log(a); create table noted(a); insert into noted values ('n');
create trigger users_gone after delete on users begin delete from noted; end;
create table other(a); insert into other values (1), (2), (3); create table apart(a, b); insert into apart values (1, 'b')"
migration 20260101000000_a.sql <<'END'
alter table other rename to older;
-- dara:allow drop-table test
drop table older;
-- dara:allow drop-column test
alter table apart drop column b;
-- dara:allow delete-without-where test
delete from users;
END
run dara apply-migration
status_is 0 'destruction that is allowed'
out_like "saved in the snapshot before: .*'dara rollback" 'says where the rows are'
id=$(basename "$(ls db/snapshots/*_pre_a.sql)" .sql)
out_like 'apart \(1\), noted \(1\), other \(3\), users \(2\)' 'the table that was renamed, those altered and emptied, and what a trigger emptied'
sqlite3 saved.db <"db/snapshots/$id.sql"
is "$(sqlite3 saved.db 'select (select count(*) from users), (select group_concat(b) from apart)')" '2|b' 'they load'
run dara rollback "$id" --confirm ROLLBACK
status_is 0 'going back'
is "$(sql 'select count(*) from other')" 3 'brings a dropped table back with its rows'

echo 'CREATE TABLE gated (a);' >db/migrations/20991231000000_gated.sql
run dara apply-migration --rls-gate
status_is 4 'what users reach cannot be compared where there are no users'
err_like 'give each owner of rows a database file of their own' 'and what to do instead is said'

done_testing
