#!/bin/bash
# SPDX-License-Identifier: MIT
# lint: findings with their lines, quiet for what a file makes itself, allow comments; and the same in the gate of apply-migration.
# shellcheck source=tests/cli/lib.sh
. "$srcdir/tests/cli/lib.sh"

printf 'engine: sqlite\n' >dara.yaml
# finds SQL EXPECTED NAME: "level rule line" of each finding that counts
finds() {
    printf '%b' "$1" >f.sql
    run dara lint f.sql -f json
    is "$(json '[.findings[] | select(.suppressed == null) | "\(.level) \(.rule) \(.line)"] | join(", ")')" "$2" "$3"
}
finds 'create table a (x);\n' '' 'nothing to say'
finds '\n\ndrop table a;\n' 'error drop-table 3' 'the line'
finds 'create table a (x, y);\nalter table a drop column y;\ndrop table a;\n' '' 'what the file makes is new'
finds 'create table a (x);\ndrop table a;\ndrop table a;\n' 'error drop-table 3' 'the next of that name is another'
finds 'drop table a;\ncreate table a (x);\n' 'error drop-table 1' 'what is made afterwards was not new before'
finds 'create table if not exists a (x);\ndrop table a;\n' 'error drop-table 2' 'what may have been there'
finds 'alter table old rename to a;\ndrop table a;\n' 'error drop-table 2, warn rename-table 1' 'a renamed table keeps its rows'
finds 'create table a (x);\nalter table a rename to b;\nalter table old rename to a;\ndrop table a;\n' \
    'error drop-table 4, warn rename-table 3' 'and so does one under the name of a new one'
finds 'create table a (x);\ncreate index i on a (x);\ndrop index i;\n' '' 'what stands on it, too'
finds 'update t set a = 1;\ndelete from t;\ncreate table t2 (x);\ninsert into t2 select * from t;\ndelete from t2;\n' \
    'error delete-without-where 2, error update-without-where 1' 'rows of old tables only'
finds 'begin;\nselect 1;\n' 'warn transaction-in-file 1' 'a transaction is a finding, not an error'
finds 'gibberish;\n' 'info dynamic-sql 1' 'what cannot be read is said'
is "$(json '[.rules[] | select(.verdict == "clean") | .id] | sort | join(" ")')" \
    'allow-without-reason not-for-migrations transaction-in-file unused-allow' 'and no rule is clean that it could break'
finds 'create table b (x);\n' '' 'while without it'
is "$(json '[.rules[] | select(.verdict != "clean")] | length')" 0 'all are'

# allow
finds '-- dara:allow drop-table it is empty\ndrop table a;\n' '' 'a comment above'
is "$(json '.findings[] | "\(.rule) \(.suppressed)"')" 'drop-table allowed' 'is told in JSON'
finds 'drop table a; -- dara:allow drop-table it is empty\n' '' 'or behind'
finds '-- dara:allow drop-column it is empty\ndrop table a;\n' 'error drop-table 2, warn unused-allow 1' 'one that covers nothing'
finds '-- dara:allow drop-table\ndrop table a;\n' 'info allow-without-reason 1' 'one without a reason'
finds 'create table a (x);\n-- dara:allow drop-table why\ndrop table a;\n' 'warn unused-allow 2' 'one that was not needed'
finds "insert into t values ('-- dara:allow it');\n" 'warn unused-allow 1' 'one in a string is taken for a comment'
printf 'drop table a;\nupdate t set x = 1;\n' >f.sql
run dara lint f.sql --allow drop-table -f json
is "$status $(json '[.findings[] | select(.suppressed == null) | .rule] | join(" ")')" '1 update-without-where' '--allow'
run dara lint f.sql --allow drop-table --allow update-without-where
status_is 0 'twice'

# levels, formats, baseline
printf 'engine: sqlite\nrules:\n  drop-table: info\n  rename-table: error\n' >dara.yaml
finds 'drop table a;\nalter table b rename to c;\n' 'error rename-table 2, info drop-table 1' 'dara.yaml gives levels'
run dara lint f.sql -f sarif
is "$(json '.runs[0].results[] | "\(.level) \(.locations[0].physicalLocation.artifactLocation.uri) \(.locations[0].physicalLocation.region.startLine)"')" \
    'error f.sql 2
note f.sql 1' 'SARIF has places'
run dara lint f.sql -f github
is "$(cut -d: -f3 "$work/out" | cut -d, -f1-2)" 'error file=f.sql,line=2
notice file=f.sql,line=1' 'annotations stand on the line'
first=$(dara lint f.sql -f json | jq -c '[.findings[].fingerprint]')
printf -- '-- more\n\ncreate table z (x);\ndrop table a;\nalter table b rename to c;\n' >f.sql
is "$(dara lint f.sql -f json | jq -c '[.findings[].fingerprint]')" "$first" 'a fingerprint does not hang on the line'
run dara lint f.sql --write-baseline known.json
status_is 0 'what is known'
echo 'alter table d rename to e;' >>f.sql
run dara lint f.sql --baseline known.json -f json
is "$status $(json '.findings[] | select(.suppressed == null) | .line')" '1 6' 'does not hide what is new'
keeps_schema lint
printf 'engine: sqlite\n' >dara.yaml
mkdir folder && printf 'drop table b;\n' >folder/2.sql && printf 'drop table a;\n' >folder/1.sql && echo no >folder/readme.txt
run dara lint folder -f json
is "$(json '.findings[] | .file')" 'folder/1.sql
folder/2.sql' 'all files of a folder'
: >empty.sql
run dara lint empty.sql
status_is 0 'a file without a statement'
printf "select 'x;\n" >f.sql
run dara lint f.sql
status_is 9 'an open quote'
err_like '^dara: f.sql:1: ' 'has its line'

# the gate
command -v sqlite3 >/dev/null || { skip 'the gate' 'sqlite3 is not installed'; done_testing; }
export DATABASE_URL=sqlite:app.db
sqlite3 app.db 'create table old (x)'
dara -q setup-database sqlite >/dev/null
printf 'create table a (x, y);\nalter table a drop column y;\nalter table a rename to b;\n' >db/migrations/20260101000000_new.sql
run dara apply-migration
status_is 0 'the gate lets through what is about new tables'
printf 'alter table b rename to c;\n' >db/migrations/20260102000000_rename.sql
printf 'engine: sqlite\nrules:\n  rename-table: error\n' >dara.yaml
run dara apply-migration
status_is 8 'what dara.yaml makes an error stops a run'
err_like 'rename-table: ' 'by its rule'
run dara apply-migration --allow rename-table
status_is 0 'and can be allowed'
printf 'drop table old;\n' >db/migrations/20260103000000_drop.sql
run dara apply-migration
status_is 8 'what destroys stops it by itself'
printf 'engine: sqlite\nrules:\n  drop-table: warn\n' >dara.yaml
run dara apply-migration
status_is 0 'but where dara.yaml says otherwise'
printf 'create index i on c (x);\n' >db/migrations/20260104000000_index.sql
printf 'engine: sqlite\nrules:\n  nosuch: error\n' >dara.yaml
run dara apply-migration
status_is 9 'a rule that nobody has'
done_testing
