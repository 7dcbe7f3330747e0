#!/bin/bash
# SPDX-License-Identifier: MIT
# What a person sees: the report before the error that speaks of it, whole ids at any width, questions that can be left.
# shellcheck source=tests/cli/lib.sh
. "$srcdir/tests/cli/lib.sh"
command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'
export DARA_TEST_NOW=1795160000
dara setup-database --url sqlite:app.db >/dev/null 2>&1 || exit 99
printf 'CREATE TABLE t (id INTEGER PRIMARY KEY);\nINSERT INTO t VALUES (1), (2);\n' >db/migrations/20260101000000_t.sql
dara apply-migration >/dev/null 2>&1 || exit 99

together() { "$DARA" "$@" >"$work/out" 2>&1 </dev/null; status=$?; out=$(cat "$work/out"); }
together rollback baseline
is "$status" 8 'without the word: exit 8'
is "$out" "back to:  snapshot 20261120_073320_baseline

What would change
- table t

0 created, 0 altered, 1 dropped

What would be destroyed
object     rows  note
table 't'     2  all of them

ok: what is destroyed is saved first, with its rows, in a snapshot

History
version         name  becomes
20260101000000  t     rolled back
dara: this destroys rows or values and needs the word ROLLBACK, and nobody is here to type it
  hint: read what it would do, then give --confirm ROLLBACK" 'the report, and then the error'
sqlite3 app.db 'CREATE VIEW v AS SELECT 1'
dara snapshot with_view >/dev/null
sqlite3 app.db 'DROP VIEW v'
together rollback with_view
is "$(tail -2 "$work/out" | head -1)" 'dara: this changes the schema and needs the word ROLLBACK, and nobody is here to type it' 'nothing is said to be destroyed where nothing is'
together env-check --url nosuch://h/d
is "$(grep -n '^dara: ' "$work/out" | cut -d: -f1) $(grep -n '^hint: ' "$work/out" | tail -1 | cut -d: -f1)" "$(($(wc -l <"$work/out") - 2)) $(($(wc -l <"$work/out") - 3))" 'env-check: its table and hints, and then the error'
run dara apply-migration nosuch.sql
is "$err" "dara: cannot read 'nosuch.sql': no such file or directory (ENOENT)
" 'a file that is not there is said to be not there'

# Inside the project paths are short, outside they are whole.
run dara snapshot one
out_like '^file: +db/snapshots/20261120_073320_one\.sql$' 'a path from the current folder'
mkdir sub
run bash -c 'cd sub && "$DARA" snapshot two'
out_like "^file: +$PWD/db/snapshots/20261120_073320_two\.sql\$" 'and from elsewhere'
run bash -c 'cd db && "$DARA" -f json rollback one --confirm ROLLBACK'
is "$(json '.status')" ok 'a label needs no path'

command -v script >/dev/null || { done_testing; exit; }
# Until a question stands there; not for ever.
asked() {
    local n
    for n in $(seq 100); do
        tail -c 4 "$work/raw" | grep -q '[:?] $' && return
        sleep 0.05
    done
}
typed() { # typed COLUMNS KEYS ARGUMENT…
    local columns=$1 keys=$2
    shift 2
    : >"$work/raw"
    { [ -z "$keys" ] || asked; printf '%b' "$keys"; sleep 0.7; } | COLUMNS=$columns timeout 20 script -qec "exec '$DARA' $*" /dev/null >"$work/raw" 2>&1
    status=$?
    tr -d '\r' <"$work/raw" >"$work/out"
}
long=a_label_that_is_as_long_as_such_labels_get
dara snapshot $long --purpose 'a purpose of many words that does not fit beside it' >/dev/null
for columns in 120 80 40 20; do
    typed $columns '' snapshot list
    out_like "^20261120_073320_$long " "$columns columns: the id is whole"
done
typed 110 '' snapshot list
is "$(sed -n "/$long/,\$p" "$work/out" | tr -s ' \n' ' ' | grep -c 'a purpose of many words that does not fit beside it')" 1 'a long remark goes on below'
for keys in '\003' '\004' 'rollback\n' '\n'; do
    typed 80 "$keys" rollback baseline
    is "$status" 8 "the word, answered with $keys: exit 8"
    out_like '^dara: stopped: ROLLBACK was not typed; nothing was changed$' 'which is said on a line of its own'
done

# Production: the name is asked for, and only the name will do.
printf 'engine: sqlite\nenvironments:\n  prod:\n    url: DATABASE_URL\n    production: true\n' >dara.yaml
printf 'CREATE TABLE p (id INTEGER PRIMARY KEY);\n' >db/migrations/20260102000000_p.sql
before=$(sum app.db)
for keys in 'PROD\n' 'yes\n' '\n' '\004'; do
    typed 80 "$keys" -e prod apply-migration --yes
    is "$status" 8 "production, answered with $keys: exit 8"
done
out_like "^This writes to PRODUCTION \(environment 'prod', sqlite:app.db\)\.$" 'it says which'
out_like '^dara: stopped before production: the name was not typed; nothing was changed$' 'and that nothing was done'
is "$(sum app.db)" "$before" 'and nothing was done'
typed 80 'prod\n' -e prod apply-migration --yes
is "$status" 0 'its name: done'
is "$(sqlite3 app.db "SELECT count(*) FROM sqlite_schema WHERE name = 'p'")" 1 'the table is there'

# Colour: at a terminal, and nowhere else.
esc=$(printf '\033')
(unset NO_COLOR; TERM=xterm typed 80 '' status; grep -q "$esc" "$work/out")
ok $? 'colours at a terminal'
TERM=xterm typed 80 '' status
out_unlike "$esc" 'none with NO_COLOR'
(unset NO_COLOR; TERM=xterm typed 80 '' status --no-color; ! grep -q "$esc" "$work/out")
ok $? 'none with --no-color'
run env -u NO_COLOR "$DARA" rollback nosuch
err_unlike "$esc" 'none in a pipe'
done_testing
