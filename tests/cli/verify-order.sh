#!/bin/bash
# SPDX-License-Identifier: MIT
. "$srcdir/tests/cli/lib.sh"

printf 'engine: sqlite\n' >dara.yaml
# finds SQL EXPECTED NAME: "rule line" of each finding
finds() {
    printf '%b' "$1" >f.sql
    run dara verify-order f.sql --offline --format json
    is "$(json '[.findings[] | "\(.rule) \(.line)"] | join(", ")') $status" "$2" "$3"
}
finds 'create table a(x);\ncreate table b(x references a(x));\n' ' 0' 'what works'
finds 'create table a(x references a(x));\n' ' 0' 'a table that refers to itself'
finds 'create table b(x references a(x));\ncreate table a(x);\n' 'used-before-made 1 1' 'used before it is made'
finds 'create view v as select * from t;\ncreate table t(x);\n' 'used-before-made 1 1' 'a view before its table'
finds 'create table a(x);\n\ncreate table a(y);\n' 'made-twice 3 1' 'made twice'
finds 'create table a(x);\ncreate table if not exists a(y);\n' ' 0' 'if not exists'
finds 'create table a(x);\ndrop table a;\ncreate table a(y);\n' ' 0' 'dropped and made again'
finds 'create table a(x);\ndrop table a;\ninsert into a values(1);\n' 'dropped-while-needed 2 1' 'dropped while needed'
finds 'create table a(x);\ndrop table a;\ndrop table a;\n' 'missing 3 1' 'dropped twice'
finds 'drop table if exists a;\ncreate table a(x);\n' ' 0' 'drop if exists, then make'
finds 'insert into elsewhere values(1);\n' ' 0' 'offline, what is elsewhere is taken to be there'
out_like 'needed, but made elsewhere' 'and said'
finds 'create table a(x references b(x));\ncreate table b(x references c(x));\ncreate table c(x references a(x));\n' \
    'cycle null, used-before-made 1, used-before-made 2 1' 'a circle'
is "$(json '.findings[0].message' | grep -oE 'each needs the next: [^;]*')" 'each needs the next: a → b → c → a' 'as a path'
keeps_schema verify-order
finds 'with q as (select 1) select * from q;\n' ' 0' 'a name of WITH is no object'

cat >f.sql <<'S'
-- needs users
create table orders(id integer primary key, user_id references users(id));

/* the users */
create table users(id integer primary key);
create index i on orders(user_id);
S
run dara verify-order f.sql --offline --output g.sql
status_is 1 'an order is proposed'
is "$(cat g.sql)" '/* the users */
create table users(id integer primary key);
-- needs users
create table orders(id integer primary key, user_id references users(id));
create index i on orders(user_id);' 'and written, comments with their statements'
run dara verify-order g.sql --offline
status_is 0 'it works'
sqlite3 g.db <g.sql
ok $? 'sqlite3 runs it'
run dara verify-order f.sql --offline --output g.sql
status_is 9 'a file that is there is not overwritten'
run dara verify-order f.sql
status_is 1 'without a connection the files are enough'
out_like 'no connection is configured' 'and that is said'

mkdir m
echo 'create table late(x references early(x));' >m/20260101000000_late.sql
echo 'create table early(x primary key);' >m/20260102000000_early.sql
echo 'create index i on late(x);' >m/20260103000000_index.sql
run dara verify-order m --offline --format json
keeps_schema verify-order
status_is 1 'a folder in the wrong order'
is "$(json '[.order[].file] | join(" ")')" '20260102000000_early.sql 20260101000000_late.sql 20260103000000_index.sql' 'an order of files'
run dara verify-order m --offline --output x.sql
status_is 2 '--output takes a file'

sqlite3 t.db 'create table there(x)'
export DATABASE_URL=sqlite:t.db
live() {
    printf '%b' "$1" >f.sql
    run dara verify-order f.sql --format json
    is "$(json '[.findings[] | "\(.rule) \(.line)"] | join(", ")') $status" "$2" "$3"
}
live 'create table there(x);\n' 'already-there 1 1' 'in the database already'
live 'create index i on there(x);\n' ' 0' 'what the database has is made'
live 'insert into nowhere values(1);\n' 'missing 1 1' 'what nobody makes'
live 'drop table nowhere;\n' 'missing 1 1' 'what nobody made is dropped'
live 'select * from sqlite_schema;\n' ' 0' 'tables of the engine are there'
before=$(sum t.db)
run dara verify-order m
is "$(sum t.db)" "$before" 'the database is only read'
printf 'not sql at all;\n' >f.sql
run dara verify-order f.sql
out_like 'f\.sql:1 could not be read' 'a statement that cannot be read is said'
printf "select 'x;\n" >f.sql
run dara verify-order f.sql
status_is 9 'an open quote'
run dara verify-order nosuch.sql
status_is 9 'a file that is not there'
run dara verify-order --url sqlite:no/such.db m
status_is 3 'a connection that was asked for'
done_testing
