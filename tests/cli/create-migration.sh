#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# create-migration: numbered files that never overwrite; with --to the plan forth and back.
. "${srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/cli/lib.sh"
command -v sqlite3 >/dev/null || skip_all "sqlite3 is not installed"
export DARA_TEST_NOW=1795166999 # 2026-11-20T09:29:59Z

mkdir -p db/migrations
printf 'engine: sqlite\ndirectory: db\n' >dara.yaml
echo 'DATABASE_URL=sqlite:app.db' >.env
sqlite3 app.db "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x')"
live=$(sum app.db)

rmdir db/migrations
run dara create-migration 'Add Orders!' --dry-run
status_is 0 '--dry-run, without a folder even'
out_like '^migration: +db/migrations/20261120092959_add_orders.sql' 'says what it would be called'
is "$(ls db)" '' 'and makes nothing'
run dara create-migration 'Add Orders!'
status_is 0 'a new file'
is "$(ls db/migrations)" 20261120092959_add_orders.sql 'named by time and slug'
is "$(grep -cvE '^(--|$)' db/migrations/20261120092959_add_orders.sql)" 0 'it holds comments only'
run dara create-migration 'Add Orders!'
status_is 0 'once more in the same second'
is "$(ls db/migrations | tr '\n' ' ')" '20261120092959_add_orders.sql 20261120092960_add_orders.sql ' 'gets the next version'
echo 'SELECT 1;' >db/migrations/20270101000000_ahead.sql
run dara create-migration behind -f json
keeps_schema create-migration
is "$(json '.version')" 20270101000001 'never below the newest there is'
rm db/migrations/*

seq 1 8 | xargs -P 8 -I{} "$DARA" create-migration together >/dev/null 2>&1
is "$(ls db/migrations | cut -d_ -f1 | sort -u | wc -l)" 8 'eight at once get eight versions'
rm db/migrations/*

for name in '' '///' $'a\nb'; do
    run dara create-migration "$name"
    status_is 2 'a name that gives no file name: exit 2'
done
run dara create-migration ../../escape
is "$(ls db/migrations)" 20261120092959_escape.sql 'a name cannot leave the folder'
rm db/migrations/*

cat >target.sql <<'EOF2'
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INTEGER DEFAULT 7);
CREATE TABLE "or""ders" (id INTEGER PRIMARY KEY, t INTEGER REFERENCES t(id));
CREATE INDEX t_a ON t (a);
EOF2
run dara create-migration match --to target.sql -f json
status_is 0 'with a target'
keeps_schema create-migration
file=$(json '.file') back=$(json '.rollback_file')
is "$(basename "$file") $(basename "$back")" '20261120092959_match.sql 20261120092959_match.sql' 'both files have one name'
is "$(sum app.db)" "$live" 'the database was only read'
run dara apply-migration db/migrations
status_is 0 'the file applies'
run dara compare-schemas live target.sql
status_is 0 'and gives the target'
is "$(sqlite3 app.db 'SELECT id, a, b FROM t')" '1|x|7' 'with the rows'
run dara create-migration again --to target.sql -f json
keeps_schema create-migration
is "$(json .file)" null 'no file in the document'
run dara create-migration again --to target.sql
status_is 0 'nothing to do: exit 0'
out_like 'equals' 'and it says so'
is "$(ls db/migrations)" 20261120092959_match.sql 'and makes no file'
run dara rollback 20261120092959 --confirm ROLLBACK
status_is 0 'the way back runs'
is "$(sqlite3 app.db "SELECT sql FROM sqlite_schema WHERE name = 't'" | tr -d '\n')" 'CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)' 'and gives the schema before'
is "$(sqlite3 app.db 'SELECT id, a FROM t')" '1|x' 'with the rows'
run dara create-migration x --to nonesuch
status_is 9 'an unknown target: exit 9'
is "$(ls db/migrations)" 20261120092959_match.sql 'and no file'
cd "$work" && run dara create-migration x
status_is 9 'no project: exit 9'

done_testing
