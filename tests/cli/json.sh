#!/bin/bash
# SPDX-License-Identifier: MIT
# Every command's document keeps to its schema, in success and in failure, and the schemas describe every name in it.
# shellcheck source=tests/cli/lib.sh
. "$srcdir/tests/cli/lib.sh"
command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'
python3 -c 'import jsonschema' 2>/dev/null || skip_all 'python3-jsonschema is not installed'

declare -A seen
documents=() titles=()
document() { # document NAME ARGUMENT…: the document of the command is to keep to the schema NAME
    local name=$1
    shift
    run dara -f json "$@"
    cp "$work/out" "$work/document.${#titles[@]}"
    documents+=("$name" "$work/document.${#titles[@]}")
    titles+=("$* (${err:+words on standard error! }$status, $(json .status))")
    seen[$name]=1
}

# Each line: with no project; with one; after changes; with what goes wrong.
document status status
document env-check env-check
document snapshot snapshot x
document rollback rollback x
document common nosuch
document common status --nosuch
document bootstrap bootstrap sqlite
export DATABASE_URL=sqlite:app.db
sqlite3 app.db "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY); INSERT INTO schema_migrations VALUES ('20250101000000')"
document setup-database setup-database sqlite
document setup-database setup-database sqlite --import dbmate
document setup-database setup-database sqlite
document setup-database setup-database nosuch
document env-check env-check
document drivers drivers
printf 'CREATE TABLE a (id INTEGER PRIMARY KEY, v TEXT);\nCREATE INDEX a_v ON a (v);\nCREATE VIRTUAL TABLE f USING fts5(body);\nINSERT INTO a (v) VALUES (1), (2);\n' >db/migrations/20260101000000_a.sql
document create-migration create-migration other
rm db/migrations/*other.sql
document verify-order verify-order db/migrations
document dry-run dry-run
document apply-migration apply-migration
document apply-migration apply-migration
document status status --drift
document snapshot snapshot one --data --purpose 'for the test'
document snapshot snapshot list
document snapshot snapshot show one
document snapshot snapshot verify
document snapshot snapshot prune --dry-run
document snapshot snapshot prune
document snapshot snapshot show nosuch
printf 'DROP TABLE a;\nCREATE TABLE b (id INTEGER);\n' >db/migrations/20260102000000_b.sql
document dry-run dry-run
document apply-migration apply-migration
document apply-migration apply-migration --allow drop-table
document status status
document compare-schemas compare-schemas one live
document compare-schemas compare-schemas one live --sql
document compare-schemas compare-schemas live live
document create-migration create-migration back --to one
rm db/migrations/*back.sql
document rollback rollback one --dry-run
document rollback rollback one
document rollback rollback one --confirm ROLLBACK
document rollback rollback one
document rollback rollback baseline --rebuild --dry-run
printf 'DROP TABLE b;\n' >db/rollback/20260102000000_b.sql
document apply-migration apply-migration --allow drop-table
document rollback rollback 20260102000000 --dry-run
document rollback rollback 20260102000000 --confirm ROLLBACK
sqlite3 app.db 'CREATE TABLE stray (x)'
document status status --drift
document apply-migration apply-migration --allow drop-table
document dry-run dry-run
document dry-run dry-run nosuch.sql
echo 'SELEC 1;' >db/migrations/20260103000000_c.sql
document dry-run dry-run
document apply-migration apply-migration --allow drift --allow drop-table
rm db/migrations/20260103000000_c.sql
sqlite3 app.db 'CREATE TABLE s (id INTEGER PRIMARY KEY, v)'
echo "INSERT INTO s (v) VALUES (1), ('x'), (NULL), (2.5), (x'00ff');" >db/seeds/s.sql
document seed seed db/seeds --dry-run
document seed seed db/seeds
document seed seed db/seeds
document seed seed db/seeds --again --truncate --confirm TRUNCATE
document seed seed nosuch
document run-sql run-sql 'SELECT * FROM s; SELECT 1 AS one, 2 AS one'
document run-sql run-sql --write 'DELETE FROM s'
document run-sql run-sql --rollback 'DROP TABLE s'
document run-sql run-sql 'DELETE FROM s'
document run-sql run-sql 'SELECT * FROM nosuch'
printf 'CREATE INDEX i ON nothing (a);\nCREATE TABLE x (a);\nCREATE TABLE x (a);\n' >order.sql
document verify-order verify-order order.sql --offline
printf 'CREATE INDEX i ON later (a);\nCREATE TABLE later (a);\n' >order.sql
document verify-order verify-order order.sql
document lint lint db/migrations
document lint lint nosuch.sql
document security-audit security-audit schema
document security-audit security-audit schema one --fail-on off --write-baseline base.json
document security-audit security-audit rules
document smoke-test smoke-test --suite comprehensive
document smoke-test smoke-test v1 --suite basic
document smoke-test smoke-test --suite nosuch
document security-audit security-audit schema nosuch
document test-as-user test-as-user ana
document policy-apply policy-apply s kiss
sqlite3 utf16.db "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (id INTEGER PRIMARY KEY)"
document rollback --url sqlite:utf16.db rollback one --confirm ROLLBACK
document compare-schemas --url sqlite:utf16.db compare-schemas live one --sql
document create-migration --url sqlite:utf16.db create-migration no --to one
DARA_DRIVER_PATH=/nonexistent document drivers drivers
DARA_DRIVER_PATH=/nonexistent document env-check env-check

python3 "$srcdir/tests/cli/schema.py" "$srcdir/docs/schemas" "${documents[@]}" >"$work/wrong" 2>&1
[ $? -le 1 ] && ! grep -q Traceback "$work/wrong"
ok $? 'all documents were read'
for i in "${!titles[@]}"; do
    ! grep "^$work/document.$i:" "$work/wrong" >"$work/out" && [[ ${titles[i]} != *'standard error!'* ]]
    ok $? "${titles[i]}"
done

# No command without a schema, none without a document here, none that is not installed.
for name in $("$DARA" man-page --list); do
    case $name in help | completion) continue ;; esac
    [ -f "$srcdir/docs/schemas/$name.schema.json" ] && [ "${seen[$name]-}" ]
    ok $? "$name has a schema, and was held to it"
done
for file in "$srcdir"/docs/schemas/*.json; do
    grep -q "docs/schemas/$(basename "$file")" "$srcdir/docs/local.mk"
    ok $? "$(basename "$file") is installed"
done
done_testing
