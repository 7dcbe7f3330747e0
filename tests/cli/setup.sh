#!/bin/bash
# SPDX-License-Identifier: MIT
# bootstrap and setup-database: what they make, that they overwrite nothing, and that a second run changes no byte.
. "$srcdir/tests/cli/lib.sh"

# Every file's hash, name, mode and time of change.
state() { find . -type f -printf '%p %m %T@\n' | sort; find . -type f -print0 | sort -z | xargs -0 -r sha256sum; }

mkdir boot && cd boot || exit 99
run dara bootstrap sqlite
status_is 0 'bootstrap'
is "$(find . -type d | sort | tr '\n' ' ')" '. ./db ./db/docs ./db/migrations ./db/rollback ./db/seeds ./db/snapshots ./db/tests ' 'makes the folders'
is "$(find . -name README.md | wc -l)" 6 'a README in each'
is "$(grep -c '^\.env$' .gitignore)" 1 '.env stays out of the repository'
ok "$([ ! -e .env ]; echo $?)" 'no connection is made up'
is "$(find . -name '*.db')" '' 'no database either'
state >"$work/one"
run dara bootstrap
status_is 0 'again, without a type'
out_like 'nothing was changed' 'says so'
state >"$work/two"
cmp -s "$work/one" "$work/two"
ok $? 'and no byte is another'
run dara bootstrap --format json
keeps_schema bootstrap
run dara bootstrap nonesuch
status_is 9 'an engine without a driver'
mkdir ../odd && cd ../odd || exit 99
run dara bootstrap nonesuch
status_is 9 'an engine without a driver, in an empty folder'
is "$(ls -A)" '' 'leaves nothing'
run dara bootstrap
status_is 2 'no type and no dara.yaml'
is "$(ls -A)" '' 'leaves nothing either'
echo 'mine' >.gitignore
mkdir db && echo keep >db/README.md
run dara bootstrap sqlite --folder db
status_is 0 'files that are there'
is "$(cat .gitignore db/README.md)" 'mine
keep' 'are kept'
out_like '^warning: .gitignore does not name .env' 'a .gitignore without .env is said'
cd .. && mkdir file && cd file || exit 99
echo text >db
run dara bootstrap sqlite
status_is 9 'a file where the folder goes'
err_like 'not a folder' 'is named'
is "$(cat db)" text 'and left alone'
cd .. && mkdir bad && cd bad || exit 99
run dara bootstrap sqlite --folder ../elsewhere
status_is 9 'a folder outside the project'
is "$(ls -A) $([ ! -e ../elsewhere ]; echo $?)" ' 0' 'is not made'

cd .. && mkdir try && cd try || exit 99
run dara bootstrap sqlite --dry-run
status_is 0 'bootstrap --dry-run'
out_like 'dara.yaml +would be made' 'says what it would make'
run dara setup-database sqlite --dry-run
status_is 0 'setup-database --dry-run'
out_like '^.env: DATABASE_URL +would be made' 'says that it would write the URL'
out_like '^database state: +would be made' 'and that there is no database yet'
is "$(ls -A)" '' 'neither makes a file'
run dara setup-database sqlite --dry-run -f json
keeps_schema setup-database
run dara setup-database sqlite --url sqlite:/nonesuch/x.db --dry-run
status_is 0 'a database in a folder that is not there'
dara -q setup-database sqlite >/dev/null
rm db/snapshots/*
sqlite3 try.db 'DROP TABLE dara_migrations'
state >"$work/one"
run dara setup-database --dry-run
status_is 0 'setup-database --dry-run on a database that is there'
out_like "would make the history table and record the baseline, with the snapshot 'baseline'" 'says what is missing'
state >"$work/two"
cmp -s "$work/one" "$work/two"
ok $? 'and no byte is another'

# ---- setup-database ---------------------------------------------------------------------------------------------------
cd .. && mkdir 'my shop' && cd 'my shop' || exit 99
run dara setup-database sqlite
status_is 0 'setup-database'
is "$(cat .env)" 'DATABASE_URL=sqlite:my_shop.db' 'the URL is written'
is "$(stat -c %a .env)" 600 '.env is private'
is "$(sqlite3 my_shop.db 'select kind, name, state from dara_migrations')" 'baseline|baseline|applied' 'the baseline is recorded'
is "$(ls db/snapshots/*_baseline.meta | wc -l)" 1 'and its snapshot taken'
state >"$work/one"
run dara setup-database sqlite
status_is 0 'again'
out_like 'nothing was changed' 'says so'
state >"$work/two"
cmp -s "$work/one" "$work/two"
ok $? 'and no byte is another'
run dara setup-database sqlite --format json
keeps_schema setup-database
is "$(json '.status, .engine, .database, ([.paths[].state] | unique | join(","))')" 'ok
sqlite
there
kept' 'in JSON'
rm db/snapshots/README.md
run dara setup-database
out_like '^db/snapshots/README.md +made' 'what is missing is made again'

cd .. && mkdir adopt && cd adopt || exit 99
sqlite3 old.db 'create table users(id integer primary key, name text not null); insert into users values(1, "ann");
    create table schema_migrations(version varchar(128) primary key);
    insert into schema_migrations values("20240101000000"),("20240102000000");'
run dara setup-database --url sqlite:old.db
status_is 0 'a database that is there is adopted, the type taken from the URL'
is "$(sqlite3 old.db 'select name from users')" ann 'its rows are there'
is "$(cat .env)" 'DATABASE_URL=sqlite:old.db' 'its URL is kept'
grep -qi 'create table users' db/snapshots/*_baseline.sql
ok $? 'its schema is the baseline'
out_like '^hint: the history of dbmate is here' 'the history of dbmate is offered'
is "$(sqlite3 old.db "select count(*) from dara_migrations where kind='migration'")" 0 'but not taken'
run dara setup-database --import flyway
status_is 9 'a history that is not there'
is "$(sqlite3 old.db "select count(*) from dara_migrations")" 1 'changes nothing'
run dara setup-database --import dbmate --format json
keeps_schema setup-database
status_is 0 'the one that is there is imported'
is "$(json .imported)" 2 'two versions'
is "$(sqlite3 old.db "select version, state from dara_migrations where kind='migration' order by 1" | tr '\n' ' ')" \
    '20240101000000|applied 20240102000000|applied ' 'as applied'
run dara setup-database --import dbmate --format json
is "$(json .imported)" 0 'once'

cd .. && mkdir dirty && cd dirty || exit 99
sqlite3 d.db 'create table schema_migrations(version bigint primary key, dirty boolean not null); insert into schema_migrations values(7, 1)'
run dara setup-database --url sqlite:d.db --import golang-migrate
status_is 9 'a history that stopped half-way'
err_like "version '7' did not end well" 'is not taken over'
is "$(sqlite3 d.db "select count(*) from sqlite_schema where name = 'dara_migrations'")" 0 'and nothing is recorded'
cd .. && mkdir tools && cd tools || exit 99
for tool in flyway:'flyway_schema_history(installed_rank int, version text, description text, script text, success bool)':"(1,'1.1','a b','x.sql',1)" \
    alembic:'alembic_version(version_num text)':"('ae1')" \
    sqitch:'changes(change_id text, "change" text, project text, committed_at text)':"('c0ffee','users','p','now')"; do
    name=${tool%%:*} rest=${tool#*:}
    sqlite3 "$name.db" "create table ${rest%%:*}; insert into ${rest%%\(*} values ${rest#*:}"
    mkdir "$name" && mv "$name.db" "$name/"
    run dara -C "$name" setup-database --url "sqlite:$name.db" --import "$name"
    status_is 0 "the history of $name"
    is "$(sqlite3 "$name/$name.db" "select count(*) from dara_migrations where kind='migration'")" 1 "its version is recorded"
done

# ---- nothing is left behind -------------------------------------------------------------------------------------------
cd .. && mkdir fail && cd fail || exit 99
head -c 4096 /dev/urandom >junk.db && sum junk.db >"$work/junk"
run dara setup-database --url sqlite:junk.db
status_is 3 'a file that is no database'
is "$(ls -A)" 'junk.db' 'leaves nothing'
is "$(sum junk.db)" "$(cat "$work/junk")" 'and is left alone'
mkdir folder.db
run dara setup-database --url sqlite:folder.db
status_is 3 'a folder as database'
run dara setup-database sqlite --url sqlite:no/such/folder/x.db
status_is 3 'a database in a folder that is not there'
is "$(ls -A | tr '\n' ' ')" 'folder.db junk.db ' 'leaves nothing'
run dara setup-database sqlite --url 'nonesuch:x'
status_is 9 'a URL of another engine'
is "$(ls -A | tr '\n' ' ')" 'folder.db junk.db ' 'leaves nothing'
printf 'engine: sqlite\nenvironments:\n  live:\n    url: LIVE\n    production: true\n' >dara.yaml
LIVE=sqlite:live.db run dara setup-database
status_is 8 'production without its name'
LIVE=sqlite:live.db run dara setup-database --yes
status_is 8 '--yes is not its name'
is "$(sqlite3 live.db '.tables' 2>/dev/null)" '' 'nothing is written'
LIVE=sqlite:live.db run dara setup-database --confirm live
status_is 0 'with its name'
# ---- two at once: both have looked before either has the lock
mkdir "$work/race" && cd "$work/race" || exit 99
sqlite3 r.db 'create table t(a)' && mkdir one two && mkfifo hold
sqlite3 r.db <hold &
holder=$!
exec 7>hold
printf 'BEGIN IMMEDIATE;\n.shell touch held\n' >&7
until [ -e held ]; do sleep 0.05; done
for who in one two; do # at times of their own: entries of one second would be one
    (cd $who && export DARA_TEST_NOW=$((1795167000 + $([ $who = one ] && echo 1 || echo 9))) && "$DARA" setup-database --url "sqlite:$work/race/r.db" --lock-timeout 20s >out 2>&1; echo $? >status) &
done
until [ -e one/db ] && [ -e two/db ]; do sleep 0.05; done # both are past their first look
sleep 0.2
printf 'COMMIT;\n' >&7
exec 7>&-
wait
is "$(cat one/status two/status)" '0
0' 'two runs at once'
is "$(sqlite3 r.db "select count(*) from dara_migrations where kind = 'baseline'")" 1 'give one baseline'

done_testing
