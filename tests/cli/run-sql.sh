#!/bin/bash
# SPDX-License-Identifier: MIT
. "$srcdir/tests/cli/lib.sh"

export DATABASE_URL=sqlite:t.db
sqlite3 t.db "create table t(id integer primary key, name text, price real, data blob);
    insert into t values(1,'a,b',1.5,x'00ff'),(2,'say \"hi\"',0.1,null),(3,'',null,null),(4,null,-2,x'')"
before=$(sum t.db)

run dara run-sql 'select id, name, price, data from t order by id'
status_is 0 'rows'
is "$out" 'id  name      price  data
 1  a,b       1.5    \x00ff
 2  say "hi"  0.1    -
 3            -      -
 4  -         -2     \x
' 'as a table'
run dara run-sql --csv 'select id, name, price, data from t order by id'
is "$out" $'id,name,price,data\r\n1,"a,b",1.5,\\x00ff\r\n2,"say ""hi""",0.1,\r\n3,"",,\r\n4,,-2,\\x\r\n' 'as CSV'
run dara run-sql --csv 'select id from t where 0'
is "$out" $'id\r\n' 'CSV of no rows has its names'
run dara run-sql --format json 'select * from t order by id; select count(*) as n from t'
keeps_schema run-sql
is "$(json '[.status, .writes, (.statements | length), .statements[0].columns[1], .statements[0].rows[0][3].bytes, .statements[0].rows[3][1], .statements[1].rows[0][0]] | @json')" \
    '["ok",false,2,"name","00ff",null,4]' 'as JSON, typed'
run dara run-sql --csv 'select 1; select 2'
status_is 2 'CSV of two results'
run dara run-sql --csv --format json 'select 1'
status_is 2 '--csv and --format'

numbers='with recursive n(i) as (select 1 union all select i+1 from n where i<1500) select i from n'
run dara run-sql "$numbers"
is "$(grep -cE '^ *[0-9]+$' "$work/out")" 1000 'text shows 1000 rows'
out_like '1000 of 1500 rows are shown' 'and says that it cut'
run dara run-sql --limit 0 "$numbers"
is "$(grep -cE '^ *[0-9]+$' "$work/out")" 1500 '--limit 0 shows all'
run dara run-sql --limit 2 --format json "$numbers"
is "$(json '.statements[0] | [(.rows | length), .row_count] | @json')" '[2,1500]' '--limit in JSON'
run dara run-sql --csv "$numbers"
is "$(wc -l <"$work/out")" 1501 'CSV has all'
run dara run-sql --limit x 'select 1'
status_is 2 'a limit that is no number'

echo 'select 42 as x;' >q.sql
run dara run-sql q.sql
out_like '^42$' 'a file'
"$DARA" run-sql - <q.sql >"$work/out" 2>"$work/err"
out_like '^42$' 'standard input'
run dara run-sql nosuch.sql
status_is 9 'a file that is not there'
run dara run-sql ' -- nothing'
status_is 9 'no statement'
run dara run-sql .
status_is 9 'a folder'
printf 'select 1;\nselect \xff;\n' >bad.sql
run dara run-sql bad.sql
status_is 9 'bytes that are not UTF-8'
err_like 'bad\.sql:2:' 'file and line'
printf "select 1;\nselect 'open;\n" >open.sql
run dara run-sql open.sql
status_is 9 'an open quote'
err_like 'open\.sql:2:' 'file and line of it'
is "$(sum t.db)" "$before" 'reading writes nothing'

# ---- writing ----------------------------------------------------------------------------------------------------------
run dara run-sql 'delete from t'
status_is 8 'nobody agreed'
err_like '--write' 'and says how'
run dara run-sql --rollback 'delete from t; select count(*) as left_over from t'
status_is 0 '--rollback'
out_like '4 rows would be changed; taken back' 'says what it did'
out_like '^ +0$' 'and shows what was seen inside'
printf 'insert into t(id) values(5);\n\ninsert into t(id) values(6);\ninsert into\n  nosuch values(1);\n' >fails.sql
run dara run-sql --write fails.sql
status_is 6 'a statement that fails'
err_like 'fails\.sql:[45]:' 'file and line'
run dara run-sql --write 'begin; delete from t; commit'
status_is 8 'a transaction of its own'
run dara run-sql --write 'insert into t(id) values(5); vacuum'
status_is 8 'what cannot run in a transaction, among others'
before_try=$(sum "$(find . -maxdepth 1 -name '*.db' | sort | head -n 1)")
run dara run-sql --dry-run 'create table made(x); insert into made values(1)'
status_is 0 '--dry-run'
is "$(sum "$(find . -maxdepth 1 -name '*.db' | sort | head -n 1)")" "$before_try" 'is the same: nothing is left'
run dara run-sql --rollback 'create table made(x); insert into made values(1)'
status_is 0 'a change of the schema, taken back'
is "$(sqlite3 t.db 'select count(*) from t; select count(*) from sqlite_schema')" '4
1' 'all that left everything as it was'
run dara run-sql --write 'update t set name = name where id < 3' --format json
keeps_schema run-sql
is "$(json '[.writes, .rolled_back, .affected] | @json')" '[true,false,2]' 'rows changed are counted'
run dara run-sql --yes 'create table made(x); insert into made values(1),(2)'
status_is 0 'with --yes it is written'
is "$(sqlite3 t.db 'select count(*) from made')" 2 'and there'
run dara run-sql --write 'create table p(id integer primary key); create table c(p references p)'
run dara run-sql --write 'insert into c values(1)'
status_is 6 'a foreign key that is broken'
is "$(sqlite3 t.db 'select count(*) from c')" 0 'is taken back'
run dara run-sql --write vacuum
status_is 0 'what cannot run in a transaction runs alone'
done_testing
