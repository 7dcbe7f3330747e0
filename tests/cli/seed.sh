#!/bin/bash
# SPDX-License-Identifier: MIT
. "$srcdir/tests/cli/lib.sh"

dara setup-database --url sqlite:t.db >/dev/null 2>&1 || exit 99
sqlite3 t.db 'create table users(id integer primary key, name text); create table orders(id integer primary key, user_id not null references users(id))'
cat >db/seeds/1-users.sql <<'S'
insert into users values (1, 'ann'), (2, 'bob');
insert into users values (3, 'cay');
S
echo 'insert into orders values (1, 1), (2, 2);' >db/seeds/2-orders.sql
rows() { sqlite3 t.db 'select (select count(*) from users) || "," || (select count(*) from orders)'; }

run dara seed db/seeds --dry-run
status_is 0 '--dry-run'
is "$(rows)" '0,0' 'leaves nothing'
run dara seed db/seeds --format json
keeps_schema seed
status_is 0 'a folder'
is "$(json '[[.tables[] | [.table, .rows]], [.seeds[].state]] | @json')" '[[["users",3],["orders",2]],["applied","applied"]]' 'rows by table, files in order'
is "$(rows)" '3,2' 'they are there'
is "$(sqlite3 t.db "select count(*) from dara_migrations where kind = 'seed' and version = checksum")" 2 'and in the history'
before=$(sum t.db)
run dara seed db/seeds
status_is 0 'again'
out_like 'nothing was changed' 'says so'
is "$(sum t.db)" "$before" 'no byte is another'
run dara load-seed db/seeds/1-users.sql
status_is 0 'by its other name, a file'
cp db/seeds/1-users.sql copy.sql
run dara seed copy.sql
is "$status $(rows)" '0 3,2' 'the same content under another name'
run dara seed db/seeds --again
status_is 6 '--again runs them, and the keys are there'
err_like '1-users\.sql:1: ' 'file and line'
is "$(sum t.db)" "$before" 'and is taken back'
sed -i 's/cay/dan/; s/3,/4,/' db/seeds/1-users.sql && sed -i 1d db/seeds/1-users.sql
run dara seed db/seeds --format json
is "$(json '[.seeds[].state] | @json') $(rows)" '["applied","already there"] 4,2' 'a script that was edited is new'

run dara seed db/seeds --truncate
status_is 8 '--truncate needs the word'
err_like 'users: 4 rows' 'and names what would go'
run dara seed db/seeds --truncate --yes
status_is 8 '--yes is not the word'
run dara seed db/seeds --truncate --confirm truncate
status_is 8 'nor is it in small letters'
is "$(rows)" '4,2' 'nothing went'
sed -i 's/(1, 1), (2, 2)/(1, 4)/' db/seeds/2-orders.sql
run dara seed db/seeds --truncate --confirm TRUNCATE
status_is 0 'with the word'
is "$(rows)" '1,1' 'the tables hold what the scripts put there, children emptied first'

mkdir other empty
before=$(sum t.db)
printf 'insert into users values (10, 1);\n\ninsert into nosuch values (1);\n' >other/a.sql
run dara seed other
status_is 6 'a statement that fails'
err_like 'a\.sql:3: ' 'file and line'
echo 'create table x(y)' >other/a.sql
run dara seed other
status_is 8 'a change of the schema'
err_like 'migration' 'belongs into a migration'
echo 'insert into orders values (9, 999);' >other/a.sql
run dara seed other
status_is 6 'a row without its parent'
run dara seed empty
status_is 9 'a folder without scripts'
run dara seed nosuch
status_is 9 'a path that is not there'
run dara seed
status_is 2 'no path'
is "$(sum t.db)" "$before" 'all that changed nothing'
printf 'engine: sqlite\nenvironments:\n  live:\n    url: DATABASE_URL\n    production: true\n' >dara.yaml
echo "insert into users values (11, 'x');" >other/a.sql
run dara seed other
status_is 8 'production needs its name'
run dara seed other --truncate --confirm live
status_is 8 'and the word besides'
run dara seed other --dry-run
status_is 8 'a dry-run, too: it takes locks'
is "$(sum t.db)" "$before" 'nothing changed'
run dara seed other --confirm live
status_is 0 'with its name'
done_testing
