#!/bin/bash
# SPDX-License-Identifier: MIT
# The examples that help shows, each run as it is printed in a project like the one they speak of.
# shellcheck source=tests/cli/lib.sh
. "$srcdir/tests/cli/lib.sh"
command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'
PATH=$(dirname "$DARA"):$PATH
unset -f dara # the examples find it in PATH, as the user's do
unset STAGING_URL PRODUCTION_URL

# The project: one migration applied, the one of the examples pending, or (in done/) applied as well.
mkdir start && cd start || exit 99
export DARA_TEST_NOW=1795160000
dara setup-database --url sqlite:shop.db >/dev/null 2>"$work/err" || { cat "$work/err"; exit 99; }
unset DARA_TEST_NOW
cat >dara.yaml <<'END'
engine: sqlite
directory: db
environments:
  local:
    url: DATABASE_URL
  staging:
    url: STAGING_URL
  production:
    url: PRODUCTION_URL
    production: true
END
printf 'STAGING_URL=sqlite:staging.db\nPRODUCTION_URL=sqlite:production.db\n' >>.env
cp shop.db production.db
printf 'CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n' >db/migrations/20261119093000_customers.sql
printf 'CREATE TABLE orders (id INTEGER PRIMARY KEY, total INTEGER);\n' >db/migrations/20261120093000_add_orders.sql
printf 'DROP TABLE orders;\n' >db/rollback/20261120093000_add_orders.sql
printf "INSERT INTO customers (name) VALUES ('Ada');\n" >db/seeds/people.sql
printf 'CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT);\nCREATE INDEX customers_name ON customers (name);\n' >schema.sql
printf 'SELECT count(*) AS customers FROM customers;\n' >report.sql
dara apply-migration db/migrations/20261119093000_customers.sql >/dev/null 2>"$work/err" || { cat "$work/err"; exit 99; }
cp shop.db staging.db
sqlite3 staging.db 'CREATE TABLE tried (id INTEGER PRIMARY KEY)'
cp -r . ../done && cd ../done || exit 99
dara apply-migration >/dev/null 2>"$work/err" || { cat "$work/err"; exit 99; }
cd .. || exit 99

# The status an example ends with, where that is not 0: differences there are, and the word that nobody is here to type.
declare -A ends=(
    ['dara compare-schemas live migrations']=1
    ['dara compare-schemas live env:staging --sql']=1
    ['dara rollback pre_add_orders']=8
    ['dara rollback 20261120093000']=8
    ['dara smoke-test 20261120093000 -e staging']=1
    ['dara test-as-user anon']=4
    ['dara policy-apply orders kiss']=4
    ['dara policy-apply orders granular --owner-column customer --dry-run']=4
    ['dara policy-apply projects kiss --via memberships']=4
    ["dara test-as-user alice@example.com --sql 'select * from orders'"]=4
    ['dara test-as-user anon --matrix authenticated,alice@example.com --save access.json']=4
    ['dara test-as-user anon --matrix authenticated,alice@example.com --against access.json']=4
)
examples=0
for name in $("$DARA" man-page --list); do
    while IFS= read -r line; do
        examples=$((examples + 1))
        from=start
        case $line in
        *rollback*add_orders* | *rollback\ 2026* | *'rollback latest'* | *'select count'* | *'run-sql --rollback'*) from="done" ;;
        *'setup-database --import dbmate'*) from=dbmate ;;
        esac
        rm -rf try && mkdir try
        if [ $from = dbmate ]; then
            printf 'engine: sqlite\n' >try/dara.yaml
            sqlite3 try/shop.db "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY); INSERT INTO schema_migrations VALUES ('20250101000000')"
            echo 'DATABASE_URL=sqlite:shop.db' >try/.env
        elif [[ $line != *setup-database* && $line != *bootstrap* ]]; then
            cp -r $from/. try
        fi
        run bash -c "cd try && $line"
        is "$status" "${ends[$line]:-0}" "$line"
        [ "$status" -gt 1 ] || err_unlike . "$line: nothing on standard error"
    done < <("$DARA" help "$name" | sed -n '/^Example$/,/^$/p' | sed -n 's/^  \(dara .*\)/\1/p')
done
[ "$examples" -ge 30 ]
ok $? "all of $examples examples were run"
done_testing
