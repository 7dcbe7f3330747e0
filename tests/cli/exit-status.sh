#!/bin/bash
# SPDX-License-Identifier: MIT
# The exit status of every command, as docs and 'man dara' promise it: one row for each, run as a user would.
# shellcheck source=tests/cli/lib.sh
. "$srcdir/tests/cli/lib.sh"
command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'

exits() { # exits STATUS JSON-STATUS ARGUMENT…: with the status, the same in JSON, and words on standard error where it is not fine
    local wanted=$1 word=$2
    shift 2
    run dara "$@"
    [ "$status" = "$wanted" ] && { [ "$wanted" -le 1 ] || [[ $err == 'dara: '* ]]; } && [[ $err != *'without saying why'* ]]
    ok $? "$wanted: dara $*"
    [ "$word" ] || return 0
    run dara "$@" -f json
    is "$status $(json .status)" "$wanted $word" "$wanted: dara $* -f json says $word"
}

# 9: no project, no variable, a wrong file, no driver
for command in status snapshot\ x dry-run apply-migration rollback\ x create-migration\ x seed\ seeds run-sql\ 'select\ 1'; do
    eval "exits 9 config $command"
done
exits 9 config env-check
exits 9 driver --url nosuch://host/db status
exits 2 usage setup-database
exits 2 usage bootstrap

# 0: a life
export DATABASE_URL=sqlite:app.db
exits 0 ok bootstrap sqlite
exits 0 ok setup-database sqlite
printf 'CREATE TABLE a (id INTEGER PRIMARY KEY, v TEXT);\nINSERT INTO a (v) VALUES (1), (2);\n' >db/migrations/20260101000000_a.sql
echo "INSERT INTO a (v) VALUES ('seed');" >db/seeds/a.sql
for line in env-check drivers status 'verify-order db/migrations' dry-run 'apply-migration --dry-run' apply-migration \
    'status --drift' 'snapshot one --data' 'snapshot list' 'snapshot show one' 'snapshot verify' 'snapshot prune --dry-run' \
    'snapshot prune' 'rollback one --dry-run' 'rollback one' 'compare-schemas one live' 'seed db/seeds' 'seed db/seeds --dry-run'; do
    # shellcheck disable=SC2086 # words
    exits 0 ok $line
done
exits 0 ok run-sql 'SELECT * FROM a'
exits 0 ok security-audit schema --fail-on error
exits 0 ok security-audit rules
exits 0 ok lint db/migrations
exits 0 ok run-sql --rollback 'DELETE FROM a'
exits 0 ok run-sql --write "UPDATE a SET v = 'x' WHERE id = 1"
exits 0 ok create-migration add_b
rm db/migrations/*add_b.sql
exits 0 '' help
exits 0 '' help rollback
exits 0 '' completion zsh
exits 0 '' --version
exits 0 '' rollback --help
exits 0 '' self-test

# 1: differences, findings
exits 1 different compare-schemas baseline live
exits 1 different compare-schemas baseline live --sql
printf 'CREATE INDEX i ON nothing (a);\n' >order.sql
exits 1 different verify-order order.sql
printf 'DROP TABLE a;\n' >drop.sql
exits 1 different lint drop.sql
sqlite3 app.db 'CREATE TABLE stray (x)'
exits 1 different status --drift
exits 1 different security-audit
sqlite3 app.db 'DROP TABLE stray'
damaged=$(printf '%s\n' db/snapshots/*_one.sql | tail -n 1) # text and JSON took one each, perhaps in two seconds
cp "$damaged" keep.sql
echo '-- more' >>"$damaged"
exits 1 different snapshot verify "$(basename "$damaged" .sql)"
cp keep.sql "$damaged"

# 2: the command line
exits 2 usage nosuch
exits 2 usage status --nosuch
exits 2 usage rollback
exits 2 usage snapshot
exits 2 usage create-migration
exits 2 usage compare-schemas live
exits 2 usage run-sql
exits 2 usage seed
exits 2 usage verify-order
exits 2 usage lint
exits 2 usage security-audit rules live
exits 2 '' completion
exits 2 '' completion csh
exits 2 '' help nosuch
exits 2 usage snapshot show
exits 2 usage apply-migration --lock-timeout soon
exits 2 usage apply-migration --data --no-snapshot

# 3: no connection
mkdir folder.db
echo 'this is a text, and long enough to have the header of a page of a database in it' >text.db
for line in status 'dry-run db/migrations' 'apply-migration db/migrations' 'snapshot x' 'rollback one --confirm ROLLBACK' \
    'compare-schemas one live' 'run-sql select' 'seed db/seeds' security-audit; do
    # shellcheck disable=SC2086 # words
    exits 3 connect --url sqlite:folder.db $line
    # shellcheck disable=SC2086 # words
    exits 3 connect --url sqlite:text.db $line
done
exits 3 connect --url sqlite:nothing.db status
exits 3 connect --url sqlite:folder.db env-check

# 4: what the engine cannot do
sqlite3 utf16.db "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (id INTEGER PRIMARY KEY)"
exits 4 unsupported --url sqlite:utf16.db rollback one --confirm ROLLBACK
exits 4 unsupported --url sqlite:utf16.db create-migration back --to one

# 5: the lock
printf 'CREATE TABLE b (id INTEGER);\n' >db/migrations/20260102000000_b.sql
printf 'CREATE TABLE a (id INTEGER PRIMARY KEY);\n' >to.sql
mkfifo hold
sqlite3 app.db <hold &
holder=$!
exec 7>hold
printf "BEGIN IMMEDIATE;\n.shell touch held\n" >&7
until [ -e held ]; do sleep 0.05; done
for line in apply-migration dry-run 'rollback baseline --confirm ROLLBACK' 'seed db/seeds --again' 'rollback baseline --dry-run'; do
    # shellcheck disable=SC2086 # words
    exits 5 locked $line --lock-timeout 100ms
done
exits 5 locked run-sql --write 'DELETE FROM a' --lock-timeout 100ms
exec 7>&-
wait $holder
rm db/migrations/20260102000000_b.sql

# 6: a statement fails
printf 'CREATE TABLE c (id INTEGER);\nSELECT * FROM nosuch;\n' >db/migrations/20260103000000_c.sql
exits 6 statement dry-run
exits 6 statement apply-migration
exits 6 statement run-sql 'SELECT * FROM nosuch'
is "$(sqlite3 app.db "SELECT count(*) FROM sqlite_schema WHERE name = 'c'")" 0 'and nothing of it stays'
rm db/migrations/20260103000000_c.sql
echo 'INSERT INTO nosuch VALUES (1);' >db/seeds/bad.sql
exits 6 statement seed db/seeds/bad.sql
rm db/seeds/bad.sql

# 8: refused
before=$(sum app.db)
echo 'DROP TABLE a;' >db/migrations/20260104000000_d.sql
exits 8 refused apply-migration
exits 8 refused apply-migration --yes
rm db/migrations/20260104000000_d.sql
exits 8 refused rollback baseline
exits 8 refused rollback baseline --yes
exits 8 refused run-sql 'DELETE FROM a'
exits 8 refused seed db/seeds --truncate
printf 'engine: sqlite\ndirectory: db\nenvironments:\n  production:\n    url: DATABASE_URL\n    production: true\n' >dara.yaml
echo 'CREATE TABLE p (id INTEGER);' >db/migrations/20260105000000_p.sql
for line in apply-migration dry-run 'rollback baseline --confirm ROLLBACK' 'seed db/seeds --again' 'snapshot mine --confirm wrong'; do
    case $line in snapshot*) continue ;; esac
    # shellcheck disable=SC2086 # words
    exits 8 refused -e production $line
    # shellcheck disable=SC2086 # words
    exits 8 refused -e production --confirm staging --yes $line
done
exits 8 refused -e production run-sql --write 'DELETE FROM a'
is "$(sum app.db)" "$before" 'nothing of all this is written'
exits 0 ok -e production apply-migration --confirm production

# 9: files and configuration
exits 9 file rollback nosuch
run dara rollback baselien
is "$err" "dara: no snapshot 'baselien'
  hint: did you mean 'baseline'? run 'dara snapshot list' to see what there is
" 'a slip in a label'
exits 9 file compare-schemas nosuch live
exits 9 file security-audit schema nosuch
exits 9 file snapshot show nosuch
exits 9 file apply-migration nosuch.sql
exits 9 file dry-run nosuch
exits 9 file verify-order nosuch.sql
exits 9 file lint nosuch.sql
exits 9 file seed nosuch
exits 9 file run-sql nosuch.sql
exits 9 config -e staging status
exits 9 config -C /nonexistent status
exits 9 config -e produktion status
run dara -e produktion status
is "$err" "dara: dara.yaml: no environment 'produktion'
  hint: did you mean 'production'? known there: production
" 'a slip in an environment'
echo 'environments: [' >dara.yaml
exits 9 config status
done_testing
