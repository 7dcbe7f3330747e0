#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# rollback: rows stay byte for byte, what goes is saved first, nothing happens without the word.
. "${srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/cli/lib.sh"
command -v sqlite3 >/dev/null || skip_all "sqlite3 is not installed"

# A project of its own in a new folder, with a database made from standard input.
project() { # NAME
    mkdir -p "$work/$1/db/migrations" "$work/$1/db/rollback" "$work/$1/db/snapshots" && cd "$work/$1" || exit 99
    printf 'engine: sqlite\ndirectory: db\n' >dara.yaml
    echo 'DATABASE_URL=sqlite:app.db' >.env
    sqlite3 -bail app.db || exit 99
}
migration() { cat >"db/migrations/$1.sql"; } # VERSION_NAME
q() { sqlite3 app.db "$1"; }
# Every row of every table with its rowid where it has one, and what SQLite keeps of sequences; without dara's own.
dump() {
    rm -f "$work/dump.db" && sqlite3 app.db ".backup '$work/dump.db'" && sqlite3 "$work/dump.db" 'DROP TABLE IF EXISTS dara_migrations'
    sqlite3 "$work/dump.db" ".dump --preserve-rowids --data-only" | grep -v '^INSERT INTO sqlite_sequence' | sort
    sqlite3 "$work/dump.db" "SELECT name, seq FROM sqlite_sequence ORDER BY name" 2>/dev/null
}
schema() { sqlite3 app.db "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'dara_migrations%' AND name NOT LIKE 'sqlite_autoindex_dara%' ORDER BY type, name"; }
newest() { find db/snapshots -name "*_$1*.sql" | sort | tail -n 1; }

# ---- keeps rows -------------------------------------------------------------------------------------------------------

project keeps <<'SQL'
PRAGMA foreign_keys = ON;
CREATE TABLE customers (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, note);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
    total REAL DEFAULT 1.5 -- in euro
);
CREATE TABLE log (what TEXT); -- rowid only
CREATE TABLE pairs (a TEXT, b BLOB, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE INDEX orders_by_customer ON orders (customer_id);
CREATE VIEW big AS SELECT id, total FROM orders WHERE total > 10;
CREATE TRIGGER orders_log AFTER INSERT ON orders BEGIN INSERT INTO log VALUES ('order ' || new.id); END;
INSERT INTO customers (name, note) VALUES ('Ann', x'00ff10'), ('Bob; --', NULL), ('O''Hara' || char(10) || 'é', 3.0000000000000004), ('gone', 1);
DELETE FROM customers WHERE name = 'gone';
INSERT INTO orders VALUES (1, 1, 12.5), (7, 2, NULL), (9, 1, 9007199254740993);
INSERT INTO log (rowid, what) VALUES (100, 'kept'), (-5, char(0)||'z');
INSERT INTO pairs VALUES ('x', x''), ('x', x'00'), ('', 'text');
SQL
dump >"$work/before"
schema >"$work/schema-before"
migration 20261120093000_add_notes <<'SQL'
CREATE TABLE notes (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders(id), body TEXT);
ALTER TABLE customers ADD COLUMN email TEXT;
CREATE INDEX customers_by_email ON customers (email);
DROP VIEW big;
CREATE VIEW big AS SELECT id FROM orders;
SQL
run dara apply-migration db/migrations
status_is 0 'the migration applies'
q "INSERT INTO notes VALUES (1, 9, 'first'), (2, 7, 'second'); UPDATE customers SET email = name || '@x'"

before=$(sum app.db)
run dara rollback pre_add_notes
status_is 8 'without the word: exit 8'
is "$(sum app.db)" "$before" 'without the word the file is the same, byte for byte'
out_like 'notes' 'it shows what would go, all the same'
err_like 'confirm ROLLBACK' 'the hint says how to give the word'
run dara rollback pre_add_notes -f json
keeps_schema rollback
is "$(json '[.status, (.destroyed | length)] | tostring')" '["refused",2]' 'JSON: refused, and what would go'
run dara rollback pre_add_notes --yes
status_is 8 '--yes is not the word'
run dara rollback pre_add_notes --confirm rollback
status_is 8 'the word in small letters is not the word'
is "$(sum app.db)" "$before" 'still the same'

run dara rollback pre_add_notes --dry-run
status_is 0 'a rehearsal works'
out_like 'equals the target' 'it says that the result equals the target'
is "$(sum app.db)" "$before" 'the rehearsal left nothing behind'
run dara rollback pre_add_notes --dry-run -f json
keeps_schema rollback
is "$(json '.done')" false 'JSON: not done'
is "$(json '[.destroyed[] | [.object, .rows]] | sort | tostring')" \
    "[[\"column 'email' of table 'customers'\",3],[\"table 'notes'\",2]]" 'JSON: what would be destroyed, with rows'

run dara rollback pre_add_notes --confirm ROLLBACK -f json
status_is 0 'with the word it goes back'
keeps_schema rollback
is "$(json '.done')" true 'JSON: done'
dump >"$work/after"
is "$(cat "$work/after")" "$(cat "$work/before")" 'all rows, rowids and sequences are as before'
schema >"$work/schema-after"
is "$(cat "$work/schema-after")" "$(cat "$work/schema-before")" 'the schema is the same text as before'
saved=$(json '.emergency_snapshot.file')
is "$(basename "$saved" | cut -d_ -f3-)" emergency_before_rollback.sql 'what was destroyed is in a snapshot of its own'
sqlite3 -bail "$work/saved.db" <"$saved"
is "$(sqlite3 "$work/saved.db" 'SELECT id, order_id, body FROM notes ORDER BY id')" "$(printf '1|9|first\n2|7|second')" 'it holds the rows of the table'
is "$(sqlite3 "$work/saved.db" 'SELECT group_concat(email) FROM (SELECT email FROM customers ORDER BY id LIMIT 2)')" 'Ann@x,Bob; --@x' 'and the values of the column'
is "$(sqlite3 "$work/saved.db" 'SELECT count(*) FROM orders')" 0 'and no rows of tables that stay'
is "$(q "SELECT state FROM dara_migrations WHERE version = '20261120093000'")" 'rolled back' 'the history says so'
q "INSERT INTO orders VALUES (20, 1, 99)"
is "$(q "SELECT what FROM log WHERE what = 'order 20'")" 'order 20' 'the trigger still works'
q "DELETE FROM orders WHERE id = 20; DELETE FROM log WHERE what = 'order 20'"
is "$(q 'PRAGMA integrity_check; PRAGMA foreign_key_check')" ok 'the file is whole'

before=$(sum app.db)
run dara rollback pre_add_notes
status_is 0 'again: nothing to do, exit 0 without a word'
out_like 'nothing to do' 'and it says so'
is "$(sum app.db)" "$before" 'and the file is the same'

run dara apply-migration db/migrations
status_is 0 'the migration can be applied again'
is "$(q "SELECT state FROM dara_migrations WHERE version = '20261120093000'")" applied 'and is in the history'

# forward again: a snapshot in which it was applied
run dara rollback pre_add_notes --confirm ROLLBACK
run dara rollback post_add_notes --confirm ROLLBACK -f json
status_is 0 'a snapshot from after it goes forward'
is "$(json '[.history[] | [.version, .state]] | tostring')" '[["20261120093000","applied"]]' 'and says that it is applied'
is "$(q "SELECT state FROM dara_migrations WHERE version = '20261120093000'")" applied 'which the history has'
run dara status --drift
status_is 0 'and there is no drift'

# ---- nothing is destroyed ---------------------------------------------------------------------------------------------

project index <<'SQL'
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO t VALUES (1, 'x'), (2, 'y');
SQL
migration 20261120093000_index <<'SQL'
CREATE INDEX t_a ON t (a);
SQL
run dara apply-migration db/migrations
run dara rollback pre_index --confirm ROLLBACK
status_is 0 'an index goes'
out_like 'nothing is destroyed: every row stays' 'it says that every row stays'
is "$(newest pre_rollback | wc -l)" 1 'a schema snapshot is taken before'
is "$(newest emergency | wc -l)" 0 'no emergency snapshot'
is "$(q 'SELECT group_concat(id || a) FROM t')" 1x,2y 'the rows are there'
run dara apply-migration db/migrations
rm -f db/snapshots/*_rollback*
run dara rollback pre_index --confirm ROLLBACK --no-snapshot
status_is 0 '--no-snapshot works'
is "$(newest rollback | wc -l)" 0 'and takes none'

# ---- a dropped table comes back with its rows ---------------------------------------------------------------------------

project back <<'SQL'
CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL REFERENCES parent(id));
CREATE TABLE audit (what TEXT);
CREATE TRIGGER child_audit AFTER INSERT ON child BEGIN INSERT INTO audit VALUES ('child'); END;
INSERT INTO parent (name) VALUES ('a'), ('b''; DROP TABLE parent;' || char(10) || '--'), ('c');
DELETE FROM parent WHERE name = 'c';
INSERT INTO child VALUES (5, 1), (6, 2);
INSERT INTO audit VALUES ('by hand');
SQL
run dara snapshot full --data
status_is 0 'a snapshot with data'
dump >"$work/before"
migration 20261120093000_drop_all <<'SQL'
-- dara:allow drop-table the test wants it
DROP TABLE child;
-- dara:allow drop-table the test wants it
DROP TABLE parent;
SQL
run dara apply-migration db/migrations
status_is 0 'both tables are dropped'
run dara rollback full --confirm ROLLBACK -f json
status_is 0 'they come back'
dump >"$work/after"
is "$(cat "$work/after")" "$(cat "$work/before")" 'with rows and sequence, and the trigger did not run for them'
is "$(json '.rows_restored')" 4 'the number of rows is said'
run dara rollback full --rebuild --confirm ROLLBACK
status_is 0 '--rebuild works'
dump >"$work/after"
is "$(cat "$work/after")" "$(cat "$work/before")" 'and gives the same rows'
is "$(newest emergency | wc -l)" 1 'having saved all'

project plain <<'SQL'
CREATE TABLE gone (id INTEGER PRIMARY KEY);
INSERT INTO gone VALUES (1);
SQL
run dara snapshot bare
migration 20261120093000_drop <<'SQL'
-- dara:allow drop-table the test wants it
DROP TABLE gone;
SQL
run dara apply-migration db/migrations
run dara rollback bare --confirm ROLLBACK
status_is 0 'from a snapshot without data'
out_like "'gone' comes back empty" 'it says that the table is empty'

# ---- rows of every kind, and more of them than are read at once --------------------------------------------------------------

if sqlite3 :memory: "CREATE VIRTUAL TABLE f USING fts5(a); CREATE VIRTUAL TABLE r USING rtree(i, a, b)" 2>/dev/null; then
    project kinds <<'SQL'
CREATE TABLE big (id INTEGER PRIMARY KEY, a TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    INSERT INTO big SELECT i, i || ';' || char(10) || ''');' || char(10) || '''' || hex(zeroblob(i % 200)) FROM n;
CREATE TABLE huge (v TEXT);
INSERT INTO huge VALUES (replace(hex(zeroblob(2000000)), '00', 'a;' || char(10))), ('small');
CREATE VIRTUAL TABLE ft USING fts5(title, body);
INSERT INTO ft VALUES ('hello', 'world of rows'), ('second', 'line; ' || char(10) || 'x');
CREATE TABLE g (a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) STORED, c TEXT AS (a || '') VIRTUAL) STRICT;
INSERT INTO g (a) VALUES (1), (2);
CREATE VIRTUAL TABLE rt USING rtree(id, x0, x1);
INSERT INTO rt VALUES (1, 0.5, 1.5), (2, -1, 1);
SQL
    # Shadow tables are the virtual table's own business; what it answers is ours.
    contents() { q "SELECT * FROM big; SELECT * FROM huge; SELECT rowid, * FROM ft; SELECT * FROM ft WHERE ft MATCH 'rows'; SELECT rowid, * FROM g; SELECT * FROM rt; PRAGMA integrity_check" | sha256sum; }
    before=$(contents)
    run dara snapshot all --data
    for table in big huge ft g rt; do
        echo '-- dara:allow drop-table the test wants it'
        echo "DROP TABLE $table;"
    done | migration 20261120093000_drop
    run dara apply-migration db/migrations
    is "$(q "SELECT count(*) FROM sqlite_schema WHERE name IN ('big', 'huge', 'ft', 'g', 'rt')")" 0 'five kinds of table are dropped'
    run dara rollback all --confirm ROLLBACK -f json
    status_is 0 'and come back'
    is "$(json '.rows_restored')" 20008 'with the number of rows'
    is "$(contents)" "$before" 'and all of their content'
else
    skip 'rows of every kind' 'sqlite3 lacks fts5 or rtree'
fi

# ---- what the engine cannot do ---------------------------------------------------------------------------------------------

project cannot <<'SQL'
CREATE TABLE t (id INTEGER PRIMARY KEY);
SQL
run dara snapshot before
rm app.db
q "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (id INTEGER PRIMARY KEY)"
before=$(sum app.db)
run dara rollback before --confirm ROLLBACK
status_is 4 'a setting that cannot be changed: exit 4'
out_like 'encoding' 'and it says which'
is "$(sum app.db)" "$before" 'and nothing is changed'

# ---- hostile names ------------------------------------------------------------------------------------------------------

project hostile <<'SQL'
CREATE TABLE "select" ("from" TEXT, "a""b" TEXT, [c d] TEXT, "new
line" TEXT, "größe" INTEGER);
CREATE TABLE "ta""b'le; DROP TABLE x; --" ("group" INTEGER PRIMARY KEY, "order" TEXT UNIQUE);
CREATE INDEX "in dex" ON "select" ("from", "new
line" DESC);
CREATE VIEW "vi'ew" AS SELECT "from" AS "a b" FROM "select";
INSERT INTO "select" VALUES ('1', '2', '3', '4', 5);
INSERT INTO "ta""b'le; DROP TABLE x; --" VALUES (1, 'x');
SQL
dump >"$work/before"
schema >"$work/schema-before"
migration 20261120093000_hostile <<'SQL'
ALTER TABLE "select" ADD COLUMN "drop"" me" TEXT;
CREATE TABLE "new
table" ("x'" TEXT);
INSERT INTO "new
table" VALUES ('row');
DROP INDEX "in dex";
SQL
run dara apply-migration db/migrations
status_is 0 'hostile names apply'
run dara rollback pre_hostile --confirm ROLLBACK
status_is 0 'and roll back'
out_like 'new\\ntable' 'a newline in a name is shown escaped'
dump >"$work/after"
is "$(cat "$work/after")" "$(cat "$work/before")" 'rows as before'
schema >"$work/schema-after"
is "$(cat "$work/schema-after")" "$(cat "$work/schema-before")" 'schema as before'

# ---- a table that must be rebuilt ----------------------------------------------------------------------------------------

project rebuilt <<'SQL'
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, p INTEGER REFERENCES p(id), v TEXT NOT NULL CHECK (length(v) < 9));
CREATE INDEX t_v ON t (v);
CREATE TABLE log (v);
CREATE TRIGGER t_log AFTER UPDATE ON t BEGIN INSERT INTO log VALUES (old.v || new.v); END;
CREATE VIEW tv AS SELECT v FROM t;
INSERT INTO p VALUES (1);
INSERT INTO t (id, p, v) VALUES (3, 1, 'three'), (50, NULL, 'fifty');
DELETE FROM t WHERE id = 50;
SQL
dump >"$work/before"
schema >"$work/schema-before"
migration 20261120093000_loosen <<'SQL'
CREATE TABLE t_new (id INTEGER PRIMARY KEY AUTOINCREMENT, p INTEGER REFERENCES p(id), v TEXT, w TEXT DEFAULT 'w');
INSERT INTO t_new (id, p, v) SELECT id, p, v FROM t;
-- dara:allow drop-table its rows are in t_new
DROP TABLE t;
ALTER TABLE t_new RENAME TO t;
SQL
sed -i '1i DROP VIEW tv;' db/migrations/20261120093000_loosen.sql
run dara apply-migration db/migrations
status_is 0 'a table is rebuilt by hand'
q "UPDATE sqlite_sequence SET seq = 50 WHERE name = 't'"
run dara rollback pre_loosen --confirm ROLLBACK
status_is 0 'and goes back by a rebuild'
dump >"$work/after"
is "$(cat "$work/after")" "$(cat "$work/before")" 'rows, rowids and sequence as before'
schema >"$work/schema-after"
is "$(cat "$work/schema-after")" "$(cat "$work/schema-before")" 'trigger, view, index and constraints as before'
q "INSERT INTO t (v) VALUES (NULL)" 2>/dev/null
is $? 19 'NOT NULL holds again'

# rows that the old constraint refuses: nothing is lost, nothing is changed
project refuses <<'SQL'
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL);
INSERT INTO t VALUES (1, 'x');
SQL
migration 20261120093000_loosen <<'SQL'
CREATE TABLE t2 (id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t2 SELECT id, v FROM t;
-- dara:allow drop-table its rows are in t2
DROP TABLE t;
ALTER TABLE t2 RENAME TO t;
SQL
run dara apply-migration db/migrations
q "INSERT INTO t VALUES (2, NULL)"
before=$(dump)
run dara rollback pre_loosen --confirm ROLLBACK
status_is 6 'a row stands in the way: exit 6'
is "$(dump)" "$before" 'and nothing is changed'
is "$(q "SELECT state FROM dara_migrations")" applied 'the history neither'

# ---- by file --------------------------------------------------------------------------------------------------------------

project file <<'SQL'
CREATE TABLE t (id INTEGER PRIMARY KEY);
INSERT INTO t VALUES (1), (2);
SQL
migration 20261120093000_extra <<'SQL'
CREATE TABLE extra (a TEXT);
INSERT INTO extra VALUES ('one'), ('two'), ('three');
SQL
cat >db/rollback/20261120093000_extra.sql <<'SQL'
DROP TABLE extra;
DELETE FROM t;
SQL
run dara rollback 20261120093000
status_is 2 'a migration that is not applied cannot be taken back'
run dara apply-migration db/migrations
before=$(sum app.db)
run dara rollback 20261120093000
status_is 8 'a file needs the word too'
is "$(sum app.db)" "$before" 'and changes nothing without it'
run dara rollback 20261120093000_extra --dry-run -f json
status_is 0 'a file is rehearsed'
is "$(json '[.destroyed[] | [.object, .rows]] | sort | tostring')" "[[\"table 'extra'\",3],[\"table 't'\",2]]" 'it lists what goes, rows of a DELETE too'
is "$(sum app.db)" "$before" 'and leaves nothing behind'
run dara rollback db/rollback/20261120093000_extra.sql --confirm ROLLBACK -f json
status_is 0 'it runs'
saved=$(json '.emergency_snapshot.file')
sqlite3 -bail "$work/saved-file.db" <"$saved"
is "$(sqlite3 "$work/saved-file.db" 'SELECT (SELECT count(*) FROM extra), (SELECT count(*) FROM t)')" '3|2' 'what it destroyed is saved'
is "$(q "SELECT state FROM dara_migrations")" 'rolled back' 'the version is marked'
q 'INSERT INTO t VALUES (1), (2)'
echo 'DELETE FROM t WHERE id > 1; DROP TABLE extra;' >db/rollback/20261120093000_extra.sql
run dara apply-migration db/migrations
is "$(q 'SELECT count(*) FROM t')" 2 'rows to delete'
run dara rollback 20261120093000 --confirm ROLLBACK -f json
status_is 0 'a file with DELETE and WHERE'
is "$(json '[.destroyed[] | [.object, .rows, .note]] | sort | tostring')" '[["table '"'extra'"'",3,"DROP TABLE destroys the table'"'"'s rows"],["table '"'t'"'",2,"the file changes rows of it"]]' 'lists the table whose rows it changes'
rm -f "$work/saved-file.db"
sqlite3 -bail "$work/saved-file.db" <"$(json '.emergency_snapshot.file')"
is "$(sqlite3 "$work/saved-file.db" 'SELECT count(*) FROM t')" 2 'and saves all of them'
printf 'DROP TABLE extra;' >db/rollback/20261120093000_extra.sql
run dara rollback 20991231235959
status_is 9 'a version without a file: exit 9'
printf 'DROP TABLE t;\n\nSELEC 1;\n' >db/rollback/20261120093000_extra.sql
run dara apply-migration db/migrations
run dara rollback 20261120093000 --confirm ROLLBACK
status_is 6 'a mistake in the file: exit 6'
err_like '20261120093000_extra\.sql:3:' 'with file and line'
is "$(q 'SELECT count(*) FROM extra')" 3 'and nothing is changed'

# ---- at a terminal --------------------------------------------------------------------------------------------------------

# What COMMAND prints is typed once the question is there.
typed() { # COMMAND
    { for _ in $(seq 100); do grep -q 'Type ROLLBACK' "$work/out" && break; sleep 0.1; done; eval "$1"; sleep 0.3; } |
        timeout 30 script -qec "exec $DARA rollback pre_extra" /dev/null >"$work/out" 2>"$work/err"
    status=$?
}
if command -v script >/dev/null; then
    before=$(sum app.db)
    : >"$work/out"
    typed 'echo no'
    status_is 8 'another word at the terminal: exit 8'
    is "$(sum app.db)" "$before" 'and nothing is changed'
    out_like "table 'extra' +3" 'the way is shown before the question'
    : >"$work/out"
    typed 'q "CREATE TABLE meanwhile (a)"; echo ROLLBACK'
    status_is 8 'the schema changed while deciding: exit 8'
    out_like 'changed while you were deciding' 'and it says so'
    is "$(q 'SELECT count(*) FROM extra, meanwhile')" 0 'and nothing is dropped'
    q 'DROP TABLE meanwhile'
    : >"$work/out"
    typed 'echo ROLLBACK'
    status_is 0 'the word at the terminal'
    is "$(grep -c 'What would change' "$work/out")" 1 'what changes is shown once'
    is "$(q "SELECT count(*) FROM sqlite_schema WHERE name = 'extra'")" 0 'and it is done'
else
    skip 'at a terminal' 'script is not installed'
fi

# ---- one at a time ----------------------------------------------------------------------------------------------------------

project locked <<'SQL'
CREATE TABLE t (id INTEGER PRIMARY KEY);
INSERT INTO t VALUES (1), (2);
SQL
run dara snapshot first
q 'CREATE TABLE more (a); INSERT INTO more VALUES (1)'
for i in $(seq 6); do
    "$DARA" rollback first --confirm ROLLBACK -f json >"$work/one.$i" 2>/dev/null </dev/null &
done
wait
is "$(jq -r 'select(.done) | .status' "$work"/one.* | sort | uniq -c | tr -s ' ')" ' 1 ok' 'of six at once one goes back'
is "$(q 'SELECT count(*) FROM t; PRAGMA integrity_check')" "$(printf '2\nok')" 'and the rows are there'
is "$(newest emergency | wc -l)" 1 'one emergency snapshot'

# ---- mistakes ----------------------------------------------------------------------------------------------------------

run dara rollback nonesuch
status_is 9 'no such snapshot: exit 9'
run dara rollback live
status_is 2 'live is no way back'
run dara rollback
status_is 2 'a target is needed'

# ---- Chinook -------------------------------------------------------------------------------------------------------------

project chinook </dev/null
sqlite3 app.db <"$srcdir/demo/chinook.sql" 2>/dev/null
dump >"$work/before"
schema >"$work/schema-before"
migration 20261120093000_change <<'SQL'
ALTER TABLE Track ADD COLUMN rating INTEGER;
CREATE TABLE rating (id INTEGER PRIMARY KEY, TrackId INTEGER REFERENCES Track (TrackId));
CREATE VIEW albums AS SELECT Title FROM Album;
UPDATE Track SET rating = 1 WHERE TrackId > 0;
SQL
run dara apply-migration db/migrations
status_is 0 'Chinook: a migration'
run dara rollback pre_change --confirm ROLLBACK
status_is 0 'Chinook: and back'
dump >"$work/after"
cmp -s "$work/before" "$work/after"
ok $? 'Chinook: every row as before'
cmp -s "$work/schema-before" <(schema)
ok $? 'Chinook: the schema as before'

done_testing
