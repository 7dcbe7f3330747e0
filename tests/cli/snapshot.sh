#!/bin/bash
# SPDX-License-Identifier: MIT
# snapshot: whole or absent, the same text for the same schema, restorable with the engine's client.
. "$srcdir/tests/cli/migrate-lib.sh"
export DARA_TEST_NOW=1795167001 # 2026-11-20T09:30:01Z

project
sql "create index users_email on users(email); create view v as select id from users;
create trigger t after insert on users begin update users set email = email || '!' where id = new.id; end;"
before=$(state)
run dara snapshot 'first one' --purpose 'before the move' --keep
status_is 0 'a snapshot'
id=20261120_093001_first_one
out_like "^snapshot: +$id$" 'its id'
out_like '^objects: .*1 table, 2 columns, .*1 index, 1 view, 1 trigger' 'counts by kind'
is "$(ls db/snapshots)" "$id.meta
$id.model.json
$id.sql" 'three files'
is "$(state)" "$before" 'the database is untouched'
is "$(jq -r '.format, .label, .purpose, .created_at, .engine, .file, .keep, .has_data' db/snapshots/$id.meta)" "1
first one
before the move
2026-11-20T09:30:01Z
sqlite
$id.sql
true
false" 'the meta'
is "$(jq -r .sha256 db/snapshots/$id.meta)" "$(sum db/snapshots/$id.sql)" 'the hash of the text'
is "$(jq -r .model_sha256 db/snapshots/$id.meta)" "$(sum db/snapshots/$id.model.json)" 'the hash of the model'

is "$(jq -r '.counts | to_entries | map(select(.value > 0) | "\(.value) \(.key)") | join(", ")' db/snapshots/$id.meta)" \
    '5 setting, 1 table, 2 column, 1 constraint, 1 index, 1 view, 1 trigger' 'the meta counts objects by kind'
is "$(jq -r '.url, .size, .unrepresented == []' db/snapshots/$id.meta)" "sqlite:app.db
$(stat -c %s db/snapshots/$id.sql)
true" 'and has the connection, the size, and what is not represented'
is "$(jq -r '[.not_read[] | select(.family == "policy") | .state, .why] | join(": ")' db/snapshots/$id.meta)" \
    'unsupported: SQLite has none' 'and families that were not read'

run dara create-snapshot 'first one'
status_is 0 'a second one in the same second, by the other name'
is "$(sum db/snapshots/${id}_2.sql)" "$(sum db/snapshots/$id.sql)" 'has the same text'
is "$(sum db/snapshots/${id}_2.model.json)" "$(sum db/snapshots/$id.model.json)" 'and model'
run dara snapshot show latest --format json
is "$(json .id)" "${id}_2" 'latest is the newest'
keeps_schema snapshot 'the document keeps to its schema'
run dara snapshot show 'first one'
out_like "^snapshot: +${id}_2$" 'so is the label'
run dara snapshot show "db/snapshots/$id.model.json"
out_like "^snapshot: +$id$" 'a path of one of its files leads to it'
run dara snapshot show nothing
status_is 9 'one that is not there'
err_like "no snapshot 'nothing'" 'is said'

# ---- rows
run dara snapshot rows --data
status_is 0 'with rows'
rows=db/snapshots/20261120_093001_rows
is "$(stat -c %a $rows.sql)" 600 'for the user only'
sqlite3 restored.db <$rows.sql
is "$(sqlite3 restored.db 'select * from users')" "1|a
2|b" 'restored by the client, no trigger fired'
is "$(sqlite3 restored.db 'select type, name, tbl_name, sql from sqlite_schema order by type, name')" \
    "$(sql 'select type, name, tbl_name, sql from sqlite_schema order by type, name')" 'the schema is the same'
is "$(jq -r '.data[0] | "\(.kind) \(.key) \(.rows)"' $rows.meta)" 'table users 2' 'where the rows are is in the meta'
is "$(dd if=$rows.sql bs=1 skip="$(jq -r '.data[0].offset' $rows.meta)" count="$(jq -r '.data[0].length' $rows.meta)" 2>/dev/null |
    head -c 11)" 'INSERT INTO' 'and leads to them'
sql 'create table other(a); insert into other values (7)'
run dara snapshot part --table other
status_is 0 'rows of one table'
is "$(jq -r '[.data[].key] | join(",")' db/snapshots/20261120_093001_part.meta)" other 'only those'
run dara snapshot part --table nowhere
status_is 2 'of a table that is not there'
is "$(find db/snapshots -name "*_part*" | wc -l)" 3 'and none was written'

# ---- verify
run dara snapshot verify
status_is 0 'all are verified'
is "$(grep -c ' verified  *yes ' "$work/out")" 4 'and restored on scratch'
cp -r db/snapshots "$work/good"
printf ' ' >>db/snapshots/$id.sql
run dara snapshot verify "$id"
status_is 1 'a changed text'
out_like "^$id +damaged +no +.*is not what was written" 'is damaged'
run dara snapshot verify --format json
is "$(json '[.snapshots[].state] | sort | join(",")')" damaged,verified,verified,verified 'in JSON'
keeps_schema snapshot 'the document of verify keeps to its schema'
run dara snapshot show "$id"
status_is 9 'it is not read either'
cp "$work/good/$id.sql" db/snapshots/
sed -i 's/"users"/"usher"/' db/snapshots/$id.model.json
run dara snapshot verify "$id"
status_is 1 'a changed model'
rm db/snapshots/$id.model.json
run dara snapshot verify "$id"
status_is 1 'a missing model'
cp "$work/good/$id.model.json" db/snapshots/
echo '{' >db/snapshots/$id.meta
run dara snapshot list
status_is 9 'an unreadable meta'
err_like "$id.meta:[0-9]+: malformed snapshot meta" 'is named'
cp "$work/good/$id.meta" db/snapshots/
rm db/snapshots/${id}_2.meta
run dara snapshot list --format json
is "$(json '[.snapshots[].id] | join(" ")')" "$id 20261120_093001_rows 20261120_093001_part" 'without a meta there is no snapshot; order is that of taking'
keeps_schema snapshot 'the document of list keeps to its schema'

# ---- labels
run dara snapshot
status_is 2 'no label'
run dara snapshot ''
status_is 2 'an empty label'
run dara snapshot list --purpose x
status_is 2 'a subcommand as label'
err_like "'list' cannot be the label" 'is said'
run dara snapshot one two
status_is 2 'two labels'
count=$(snapshots)
run dara snapshot lits
status_is 2 'a subcommand with a slip'
err_like "'lits' may be 'list' with a slip" 'is said'
err_like "hint: run 'dara snapshot list', or say that it is a label: add --purpose TEXT" 'with the way to each'
is "$(snapshots)" "$count" 'and nothing was written'
run dara snapshot shwo latest
status_is 2 'a slip before an operand'
err_like "did you mean 'dara snapshot show'" 'is known too'
run dara snapshot lits --purpose 'a label indeed'
status_is 0 'a label that looks like one'
run dara snapshot test
status_is 0 'a word that is not as near is a label'
run dara snapshot part --schema main
status_is 4 'some schemas of an engine that has none'
err_like "the 'sqlite' driver cannot save one schema of a database: its databases have no schemas" 'is said'
run dara snapshot $'../../a\nb;"\e[31m'
status_is 0 'a hostile label'
is "$(find db/snapshots -name "20261120_093001_.._.._a_b____31m.*" | wc -l)" 3 'is a tame file name'
is "$(jq -r .label db/snapshots/*31m.meta)" $'../../a\nb;"\e[31m' 'kept in the meta'
run dara snapshot list
grep -q $'\e' "$work/out"
is $? 1 'and no escape reaches the terminal'
run dara snapshot $'\377'
status_is 2 'a label that is no text'

# ---- prune
project
for day in 0 3 8 8 20 20 55 56 400 401; do
    DARA_TEST_NOW=$((1795167001 - day * 86400)) dara snapshot "d$day" >/dev/null 2>&1
done
DARA_TEST_NOW=$((1795167001 - 500 * 86400)) dara snapshot kept --keep >/dev/null 2>&1
touch db/snapshots/notes.txt
run dara snapshot prune --dry-run --format json
status_is 0 'prune --dry-run'
is "$(json .removed)" 5 'says what would go'
is "$(ls db/snapshots | wc -l)" 34 'and removes nothing'
keeps_schema snapshot 'the document of prune keeps to its schema'
run dara snapshot prune
status_is 0 'prune'
is "$(ls db/snapshots/*.meta | sed 's/.*[0-9]_//; s/.meta//' | tr '\n' ' ')" 'kept d55 2 2 d3 d0 ' 'keeps the policy'
is "$(ls db/snapshots | wc -l)" 19 'and what is no snapshot'
run dara snapshot prune
is "$(grep -c '^removed: *0$' "$work/out")" 1 'a second time there is nothing to remove'

run dara snapshot prune --keep
status_is 2 'prune --keep'
err_like 'hint: name what to keep with --keep-label NAME' 'leads to the option that is meant'

# ---- settings, an empty database, tables of a module
project
rm app.db
sqlite3 app.db "pragma encoding = 'UTF-16le'; pragma auto_vacuum = 1; pragma user_version = 7; create table a(b); insert into a values ('\u20ac');
create virtual table f using fts5(body); insert into f values ('some words');"
run dara snapshot wide --data
status_is 0 'a database in UTF-16 with a virtual table'
run dara snapshot verify latest
status_is 0 'is verified'
out_like '_wide +verified +yes ' 'and restored'
sqlite3 restored.db <"$(find db/snapshots -name '*_wide.sql')"
is "$(sqlite3 restored.db 'pragma encoding; pragma user_version; select body from f where f match "words"')" 'UTF-16le
7
some words' 'as it was'
rm app.db && : >app.db
run dara snapshot nothing
status_is 0 'an empty database'
run dara snapshot verify latest
status_is 0 'is verified too'

# ---- whole or absent
project
mkdir db/snapshots && chmod 500 db/snapshots
if [ "$(id -u)" = 0 ]; then
    skip 'a folder that cannot be written' 'root can write everywhere'
else
    run dara snapshot x
    status_is 9 'a folder that cannot be written'
fi
chmod 700 db/snapshots
sql "create table big(a); with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000) insert into big select hex(randomblob(200)) from n"
run bash -c 'ulimit -f 64; trap "" XFSZ; exec "$DARA" snapshot big --data'
status_is 9 'no room for the text'
is "$(ls -A db/snapshots | wc -l)" 0 'leaves nothing'
sql "with recursive n(i) as (select 1 union all select i + 1 from n where i < 400000) insert into big select hex(randomblob(100)) from n"
signalled TERM 'db/snapshots/.dara-*' "$DARA" snapshot big --data
status_is 6 'interrupted'
is "$(ls -A db/snapshots | wc -l)" 0 'leaves nothing either'
signalled KILL 'db/snapshots/.dara-*' "$DARA" snapshot big --data
status_is 137 'killed'
is "$(find db/snapshots -name '.dara-*' | wc -l)" 1 'leaves a file half written'
cp "$(ls db/snapshots/.dara-*)" "db/snapshots/.dara-$$-1.tmp"
printf x >db/snapshots/.dara-99999999-x.tmp && ln -s "$work/out" db/snapshots/.dara-999999999-1.tmp
run dara snapshot small
status_is 0 'the next snapshot'
is "$(cd db/snapshots && printf '%s\n' .dara-*)" ".dara-$$-1.tmp
.dara-99999999-x.tmp
.dara-999999999-1.tmp" 'takes it away, and not that of a live process or what only looks like one'
(exec 9<"db/snapshots/.dara-$$-1.tmp" && flock 9 && mv "db/snapshots/.dara-$$-1.tmp" db/snapshots/.dara-999999998-1.tmp && "$DARA" snapshot prune >/dev/null)
is "$(find db/snapshots -name '.dara-*' | wc -l)" 3 'nor does prune what another machine is writing'
run dara snapshot prune
is "$(find db/snapshots -name '.dara-*' | wc -l)" 2 'which it takes away later'


# ---- what a killed run left without a meta
project
dara snapshot whole >/dev/null 2>&1
touch db/snapshots/20260101_000000_dead.sql db/snapshots/20260101_000000_dead.model.json db/snapshots/20260101_000000_young.sql
touch db/snapshots/20260101_000000_notes.txt db/snapshots/mine.sql
touch -d '2 hours ago' db/snapshots/*_dead.* db/snapshots/*_notes.txt db/snapshots/mine.sql
run dara snapshot list
status_is 0 'list with parts of snapshots'
out_like "_dead.sql: part of a snapshot that was not finished; 'dara snapshot prune' removes it" 'names what a killed run left'
out_like '_young.sql: .*a run may be at work on it' 'and what may be at work'
out_unlike 'notes.txt|mine.sql' 'and nothing of others'
run dara snapshot prune --dry-run --format json
is "$(json '.unfinished | map(.removed) | unique | tostring')" '[false]' 'prune --dry-run removes none of it'
keeps_schema snapshot 'the document keeps to its schema'
run dara snapshot prune --format json
is "$(json '.unfinished[] | select(.removed) | .file' | sort | tr '\n' ' ')" 'db/snapshots/20260101_000000_dead.model.json db/snapshots/20260101_000000_dead.sql ' 'prune removes the old ones'
is "$(cd db/snapshots && echo *dead* *young* *notes* mine*)" '*dead* 20260101_000000_young.sql 20260101_000000_notes.txt mine.sql' 'those, and no other'
run dara snapshot verify
status_is 0 'the snapshot is there'
done_testing
