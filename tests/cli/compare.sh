#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# compare-schemas: any two schemas; the exit status tells, the script runs.
. "${srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/cli/lib.sh"
command -v sqlite3 >/dev/null || skip_all "sqlite3 is not installed"

mkdir -p db/migrations db/snapshots
cat >dara.yaml <<'EOF2'
engine: sqlite
directory: db
environments:
  local:
    url: DATABASE_URL
  other:
    url: OTHER_URL
EOF2
printf 'DATABASE_URL=sqlite:app.db\nOTHER_URL=sqlite:other.db\n' >.env
cat >db/migrations/20261120093000_first.sql <<'EOF2'
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT a FROM t;
EOF2
cat >schema.sql <<'EOF2'
BEGIN;
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER NOT NULL DEFAULT 0);
CREATE INDEX t_a ON t (a);
CREATE VIEW v AS SELECT a FROM t;
INSERT INTO t VALUES (1, 'x', 2);
COMMIT;
EOF2
sqlite3 app.db 'CREATE TABLE t (id integer primary key,a text); create view v as select a from t;'
sqlite3 other.db 'CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE VIEW v AS SELECT a FROM t'
live=$(sum app.db)

run dara compare-schemas live live
status_is 0 'live equals itself'
out_like 'no difference' 'and it says so'
run dara compare-schemas live migrations
status_is 0 'live equals the migrations replayed, letter case and white space aside'
run dara compare-schemas live env:other
status_is 0 'live equals another environment'
run dara compare-schemas sqlite:other.db live
status_is 0 'a URL is an operand'
run dara compare-schemas live schema.sql
status_is 1 'a schema file that differs: exit 1'
out_like '\+ index t_a' 'the index is shown'
out_like '\+ column b integer' 'the column is shown'
is "$err" '' 'a difference is no error'
cat >views.sql <<'EOF2'
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW long AS SELECT a
FROM t
WHERE id > 1;
EOF2
sed 's/id > 1/id > 2/' views.sql >views-2.sql
run dara compare-schemas views.sql views-2.sql
is "$(printf '%s\n' "$out" | grep 'view long')" '~ view long (made again): definition select a from t where id > 1 -> select a from t where id > 2' 'a changed view shows both definitions'
run dara compare-schemas live schema.sql -f json
is "$(json '.different, .created, .altered, .dropped' | tr '\n' ' ')" 'true 1 1 0 ' 'JSON: counts'
is "$(json '[.changes[] | [.op, .kind, .name]] | sort | tostring')" '[["alter","table","t"],["create","index","t_a"]]' 'JSON: changes'
is "$(json '.status')" different 'JSON: status'
is "$(json '.from.schema + " " + .to.schema')" 'live file schema.sql' 'JSON: what was compared'
keeps_schema compare-schemas
run dara compare-schemas live live -f json
keeps_schema compare-schemas
run dara compare-schemas live schema.sql --sql -f json
keeps_schema compare-schemas
run dara compare-schemas live nonesuch -f json
keeps_schema compare-schemas
run dara compare-schemas empty live -f json
is "$(json '[.changes[] | [.op, .kind]] | sort | tostring')" '[["create","table"],["create","view"]]' 'from empty everything is made'

run dara compare-schemas live schema.sql --sql
status_is 1 '--sql: exit 1 as well'
cp app.db copy.db && sqlite3 -bail copy.db <"$work/out"
is $? 0 'the script runs'
run dara compare-schemas sqlite:copy.db schema.sql
status_is 0 'and gives the other schema'
run dara compare-schemas schema.sql live --sql
out_like '^-- destroys' 'a statement that destroys has a comment'
run dara compare-schemas live live --sql
status_is 0 'nothing to do: exit 0'
is "$(tr -d '[:space:]' <"$work/out")" '' 'and an empty script'

# Unknown is not empty, in a script either.
cp app.db seen.db && sqlite3 seen.db 'create table counted(a); create index counted_a on counted(a); insert into counted values (1); analyze'
run dara compare-schemas live sqlite:seen.db --sql
out_like "^-- not represented after: statistics 'sqlite_stat1': " 'what a script cannot hold is said in it'
cp app.db copy.db && sqlite3 -bail copy.db <"$work/out"
is $? 0 'and the script runs'
run dara create-migration counted --to sqlite:seen.db
is "$(grep -lE "^-- not represented after: statistics 'sqlite_stat1'" db/migrations/*_counted.sql | wc -l)" 1 'in a migration too'
rm seen.db db/migrations/*_counted.sql db/rollback/*_counted.sql

run dara snapshot here
run dara compare-schemas here live
status_is 0 'a snapshot equals live'
run dara compare-schemas latest schema.sql
status_is 1 'latest is an operand'
run dara compare-schemas "$(find db/snapshots -name '*_here.sql')" live
status_is 0 'the path of a snapshot is the snapshot'

printf 'CREATE TABLE a (id);\n\nCREATE TABLE b (\n  id,\n  id\n);\n' >bad.sql
run dara compare-schemas live bad.sql
status_is 6 'a file that fails: exit 6'
err_like 'bad\.sql:[3-6]:' 'with file and line'
printf 'CREATE TABLE a (x TEXT DEFAULT "open);\n' >open.sql
run dara compare-schemas live open.sql
status_is 9 'a malformed file: exit 9'
err_like 'open\.sql:1:' 'with file and line'
run dara compare-schemas live env:none
status_is 9 'an unknown environment: exit 9'
run dara compare-schemas live nonesuch
status_is 9 'an unknown snapshot: exit 9'
run dara compare-schemas live
status_is 2 'two operands are needed'
is "$(sum app.db)" "$live" 'the database was only read'
is "$(find . -name '*.db' | sort | tr '\n' ' ')" './app.db ./copy.db ./other.db ' 'scratch databases left nothing'

done_testing
