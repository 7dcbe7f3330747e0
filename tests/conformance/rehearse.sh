#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What a rehearsal does to others: locks, whom they stop, what is written anew, what no rollback takes back; and who blocks it.
# An engine that cannot tell leaves the sections out.
. "$srcdir/tests/conformance/lib.sh"
. "$srcdir/tests/conformance/sessions.sh"

# What the text tells of locks and of rows written again, against what the server holds: each statement on tables of its own.
told_postgres() {
    local n=0 line wanted
    engine_new told
    cat >"$work/told.sql" <<'SQL'
SELECT * FROM T;
SELECT * FROM T FOR UPDATE;
INSERT INTO T (id) VALUES (1);
UPDATE T SET a = 1 WHERE id = 1;
DELETE FROM T WHERE id = 1;
TRUNCATE T;
LOCK TABLE T IN SHARE MODE;
LOCK TABLE T IN EXCLUSIVE MODE;
CREATE INDEX ON T (a);
CREATE VIEW v_T AS SELECT * FROM T;
CREATE TABLE as_T AS SELECT * FROM T;
CREATE TABLE of_T (x integer REFERENCES T);
CREATE TABLE sub_T () INHERITS (T);
CREATE TRIGGER g BEFORE INSERT ON T FOR EACH ROW EXECUTE FUNCTION nothing();
CREATE POLICY p ON T;
CREATE RULE r AS ON UPDATE TO T DO ALSO NOTHING;
CREATE STATISTICS st_T ON id, a FROM T;
COMMENT ON TABLE T IS 'x';
COMMENT ON COLUMN T.a IS 'x';
ANALYZE T;
CLUSTER T USING T_pkey;
REINDEX TABLE T;
DROP TABLE T;
ALTER TABLE T RENAME TO n_T;
ALTER TABLE T RENAME COLUMN a TO z;
ALTER TABLE T SET SCHEMA more;
ALTER TABLE T ADD COLUMN z integer;
ALTER TABLE T ADD COLUMN z integer DEFAULT 5;
ALTER TABLE T ADD COLUMN z uuid DEFAULT gen_random_uuid();
ALTER TABLE T ADD COLUMN z timestamptz DEFAULT now();
ALTER TABLE T ADD COLUMN z serial;
ALTER TABLE T ADD COLUMN z integer GENERATED ALWAYS AS IDENTITY;
ALTER TABLE T ADD COLUMN z integer GENERATED ALWAYS AS (id + 1) STORED;
ALTER TABLE T ALTER COLUMN a SET STATISTICS 5;
ALTER TABLE T ALTER COLUMN a SET (n_distinct = 5);
ALTER TABLE T ALTER COLUMN a SET NOT NULL;
ALTER TABLE T ALTER COLUMN a SET DEFAULT 5;
ALTER TABLE T SET (fillfactor = 50);
ALTER TABLE T SET UNLOGGED;
ALTER TABLE T CLUSTER ON T_pkey;
ALTER TABLE T ADD CHECK (a > 0);
ALTER TABLE T ADD FOREIGN KEY (a) REFERENCES other;
ALTER TABLE T ADD FOREIGN KEY (a) REFERENCES other NOT VALID;
ALTER TABLE T DISABLE TRIGGER ALL;
ALTER TABLE T ENABLE ROW LEVEL SECURITY;
ALTER TABLE T OWNER TO CURRENT_USER;
ALTER TABLE parent ATTACH PARTITION T DEFAULT;
SQL
    while read -r line; do
        n=$((n + 1))
        engine_sql "$url" "CREATE TABLE IF NOT EXISTS other (id integer PRIMARY KEY); CREATE SCHEMA IF NOT EXISTS more;
            CREATE TABLE IF NOT EXISTS parent (id integer NOT NULL, a integer) PARTITION BY LIST (id);
            CREATE TABLE t$n (id integer PRIMARY KEY, a integer);
            CREATE OR REPLACE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'" 2>/dev/null
        sed "s/\bT\b/t$n/g; s/T_pkey/t${n}_pkey/g; s/_T\b/_t$n/g" <<<"$line" >>"$work/told.migration"
    done <"$work/told.sql"
    project told-project
    migration 20260101000000_told <"$work/told.migration"
    run "$DARA" dry-run -f json
    status_is 0 "$1: $n statements"
    wanted=$(json '["ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"] as $modes
        | .locks as $seen | .statements[] | . as $at
        | ([$seen[] | select(.line == $at.line and .object != "public.other" and .object != "public.parent") | .mode | . as $m | $modes | index($m)] | max) as $mode
        | select(($mode != null or $at.lock != null) and ($mode == null or $modes[$mode] != $at.lock)) | "\(.line): told \(.lock), seen \(if $mode then $modes[$mode] else "none" end)"')
    is "$wanted" '47: told SHARE UPDATE EXCLUSIVE, seen ACCESS EXCLUSIVE' "$1: the lock that the text tells is the one that is held, but for the table that becomes a partition"
    is "$(json '[.rewritten[] | select(.object | test("pkey") | not) | .line] | unique | map(tostring) | join(" ")')" \
        "$(grep -nE 'TRUNCATE|CLUSTER T|gen_random|serial|IDENTITY|STORED|SET UNLOGGED' "$work/told.sql" | cut -d: -f1 | tr '\n' ' ' | sed 's/ $//')" \
        "$1: and what is written again"
}

suite_postgres() {
    local before id
    engine_new facts
    engine_sql "$url" "CREATE TABLE users (id serial PRIMARY KEY, email text, n integer);
        CREATE INDEX users_n ON users (n); INSERT INTO users (email, n) SELECT 'a', i FROM generate_series(1, 1000) i;
        CREATE TABLE other (id integer PRIMARY KEY); CREATE TABLE third (id integer PRIMARY KEY); CREATE TABLE \"odd
one\" (a integer); CREATE SEQUENCE tick; CREATE SCHEMA more; CREATE TABLE more.part (a integer) PARTITION BY LIST (a);
        CREATE TABLE more.part1 PARTITION OF more.part FOR VALUES IN (1)"
    project facts-project
    migration 20260101000000_facts <<'SQL'
CREATE TABLE made (id serial PRIMARY KEY, a text);
ALTER TABLE made ADD COLUMN b integer;
ALTER TABLE users ADD COLUMN z integer;
ALTER TABLE users ALTER COLUMN n TYPE bigint;
CREATE INDEX ON other (id);
INSERT INTO made (a) SELECT email FROM users LIMIT nextval('tick');
-- dara:allow update-without-where a test
UPDATE "odd
one" SET a = 1;
REINDEX INDEX third_pkey;
SELECT pg_advisory_lock(77);
ALTER TABLE more.part ADD COLUMN b integer;
COPY made (id, a) FROM stdin;
5	x
\.
DROP TABLE IF EXISTS nothing_there;
SQL
    before=$(engine_dump "$url" | grep -v "setval('public.tick'")
    open user reader
    tell user "BEGIN; SELECT count(*) FROM other;"
    until_state reader "state = 'idle in transaction'"
    run "$DARA" dry-run -f json
    status_is 0 "$1: rehearsed while another reads a table that only needs a SHARE lock"
    is "$(json '[.locks[] | "\(.line) \(.object | @json) \(.mode): \(.effect)"] | sort_by(split(" ")[0] | tonumber) | .[]')" \
        '3 "public.users" ACCESS EXCLUSIVE: blocks reads and writes
5 "public.other" SHARE: blocks writes
8 "public.odd\none" ROW EXCLUSIVE: blocks index builds and changes of the table
10 "public.third" SHARE: blocks writes
12 "more.part" ACCESS EXCLUSIVE: blocks reads and writes
12 "more.part1" ACCESS EXCLUSIVE: blocks reads and writes' "$1: each lock on what was there, by the statement that took it"
    is "$(json '.rewritten[] | "\(.line) \(.object) \(.size_bytes > 0)"')" '4 public.users true
10 public.third_pkey true' "$1: what was written anew, and how large it is"
    is "$(json '.lasting[] | "\(.line) \(.what)"')" "6 numbers of the sequence 'public.tick' that were used up
11 an advisory lock of the session, which is held until it is given back" "$1: what is not taken back"
    is "$(json '.stopped | length')" 0 "$1: a reader is not stopped by SHARE"
    keeps_schema dry-run
    run "$DARA" dry-run
    out_like '^20260101000000_facts.sql +3 +public.users +ACCESS EXCLUSIVE +blocks reads and writes' "$1: in the text, too"
    out_like "^20260101000000_facts.sql +6 +numbers of the sequence 'public.tick' that were used up" "$1: and what lasts"
    run "$DARA" dry-run -f markdown
    out_like '^\| 20260101000000.*public.users \| ACCESS EXCLUSIVE \| blocks reads and writes \|' "$1: and in Markdown"

    # One who waits for dara, and one who held a lock that is in the way when the rehearsal began.
    tell user "COMMIT; BEGIN; LOCK TABLE other IN SHARE UPDATE EXCLUSIVE MODE; SELECT 'a secret word';"
    until_state reader "state = 'idle in transaction' AND query LIKE '%secret%'"
    migration 20260102000000_waits <<'SQL'
ALTER TABLE users ADD COLUMN y integer;
DO $$ BEGIN
    FOR n IN 1..1200 LOOP
        PERFORM pg_stat_clear_snapshot();
        EXIT WHEN EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'waiter' AND wait_event_type = 'Lock');
        PERFORM pg_sleep(0.05);
    END LOOP;
END $$;
LOCK TABLE other IN ROW EXCLUSIVE MODE;
CREATE TABLE last (a integer);
SQL
    rm db/migrations/20260101000000_facts.sql
    (until_state 'dara%' "state = 'active' AND query LIKE '%clear_snapshot%'"; PGAPPNAME=waiter psql -Xqtc 'SELECT count(*) FROM users' "$(engine_direct "$url")") >/dev/null 2>&1 &
    id=$!
    run "$DARA" dry-run -f json
    wait $id
    is "$(json '.stopped[] | "\(.object) \(.user) \(.application) \(.state) \(.mode) \(.waited)"')" \
        "public.users postgres waiter active ACCESS SHARE true" "$1: a session that waits meanwhile is named"
    migration 20260102000000_waits <<<'ALTER TABLE other ADD COLUMN y integer;'
    run "$DARA" dry-run --lock-timeout 400ms
    status_is 5 "$1: a lock that another holds: exit 5"
    err_like "would have waited for session [0-9]+ \(reader, user postgres, idle in transaction since 20..-" "$1: who holds it is said"
    err_like "20260102000000_waits.sql:1: .*lock timeout" "$1: with the statement"
    err_unlike 'secret' "$1: the text of its statement is not"
    close user
    is "$(engine_dump "$url" | grep -v "setval('public.tick'")" "$before" "$1: nothing is left of it all"
    is "$(engine_sql "$url" "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() AND locktype = 'advisory' AND objid <> 77")" \
        0 "$1: and no lock"
}

# Where the files run on a scratch database: whatever names a database, now or when it is carried out, stays away from the real ones.
confined_my() {
    local name before
    engine_new confined
    name=${url##*/}
    engine_sql "$url" "CREATE TABLE t (a INT PRIMARY KEY, b INT); INSERT INTO t VALUES (1, 1), (2, 2); CREATE TABLE audit (a INT)"
    project confined-project
    migration 20260101000000_confined <<SQL
DELETE FROM $name.t WHERE a = 1;
ALTER TABLE \`$name\` . t ADD x INT;
CREATE USER dara_never_made@localhost;
INSERT INTO mysql.func (name) VALUES ('dara_never_made');
SET @s = 'DELETE FROM $name.t';
PREPARE p FROM @s;
EXECUTE p;
ALTER DATABASE $name CHARACTER SET latin1;
CREATE TRIGGER $name.tr BEFORE INSERT ON $name.t FOR EACH ROW INSERT INTO $name.audit VALUES (1);
INSERT INTO t (a) VALUES (7);
CREATE EVENT ev ON SCHEDULE EVERY 1 SECOND DO INSERT INTO $name.audit VALUES (2);
ALTER TABLE audit ADD COLUMN b INT;
SQL
    before=$(engine_dump "$url")
    run "$DARA" dry-run -f json
    status_is 0 "$1: a file that names databases is rehearsed"
    is "$(json '.statements[] | select(.notes // "" | test("^not rehearsed")) | .line' | tr '\n' ' ')" '3 4 5 6 7 10 11 ' \
        "$1: what would not stay in the copy is not run"
    is "$(json '[.changes[] | "\(.op) \(.kind) \(.name)"] | sort | join(", ")')" \
        'alter setting collation, alter table audit, alter table t, create trigger tr' "$1: the rest is, on the copy"
    is "$(engine_dump "$url")" "$before" "$1: the database that the file names is as it was"
    is "$(engine_sql "$url" "SELECT COUNT(*) FROM mysql.user WHERE User = 'dara_never_made'")" 0 "$1: no account was made"
    is "$(engine_sql "$url" "SELECT COUNT(*) FROM mysql.func WHERE name = 'dara_never_made'")" 0 "$1: and nothing of the server's changed"
}

# Which algorithm and lock the server takes for what, and what it writes: it is asked on the copy, where that changes nothing else.
ways_my() {
    local wanted
    engine_new ways
    engine_sql "$url" "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE t (id INT PRIMARY KEY, a INT, b VARCHAR(20), c VARCHAR(20), KEY k (a));
        INSERT INTO p VALUES (1); INSERT INTO t VALUES (1, 1, 'x', 'y'); CREATE TABLE h (id INT PRIMARY KEY) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10))"
    project ways-project
    migration 20260101000000_ways <<'SQL'
ALTER TABLE t ADD COLUMN n INT;
ALTER TABLE t ADD INDEX (b);
CREATE UNIQUE INDEX u ON t (c) -- the end of it
;
DROP INDEX k ON t;
ALTER TABLE t MODIFY a INT UNSIGNED;
ALTER TABLE t ADD FULLTEXT KEY (b);
ALTER TABLE t RENAME INDEX b TO bb, COMMENT 'x';
ALTER TABLE t ENGINE=InnoDB /* again */;
ALTER TABLE t DROP COLUMN n, ALGORITHM = copy; -- dara:allow drop-column a test
ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES p (id);
ALTER TABLE h ADD PARTITION (PARTITION p1 VALUES LESS THAN (20));
ALTER TABLE p ADD COLUMN `lock` INT DEFAULT 5;
CREATE TABLE made (a INT);
ALTER TABLE made ADD COLUMN b INT;
SQL
    case $1 in
    mariadb) wanted='1 t INSTANT - nothing instant
2 t NOCOPY NONE index short
3 t NOCOPY NONE index short
5 t NOCOPY NONE nothing instant
6 t COPY SHARED table short
7 t INPLACE SHARED table short
8 t NOCOPY NONE nothing instant
9 t INPLACE SHARED table short
10 t COPY - table short
11 t COPY SHARED table short
12 h - - nothing instant
13 p INSTANT - nothing instant' ;;
    mysql) wanted='1 t INSTANT - nothing instant
2 t INPLACE NONE index short
3 t INPLACE NONE index short
5 t INPLACE NONE nothing instant
6 t COPY SHARED table short
7 t INPLACE SHARED table short
8 t INPLACE NONE nothing instant
9 t COPY SHARED table short
10 t COPY - table short
11 t COPY SHARED table short
12 h INPLACE NONE nothing instant
13 p INSTANT - nothing instant' ;;
    esac
    # MariaDB copies tables while they are written to since 11.2.
    case $1-$(engine_sql "$url" 'SELECT VERSION()') in mariadb-11.[2-9]* | mariadb-1[2-9].*) wanted=${wanted//COPY SHARED/COPY NONE} ;; esac
    run "$DARA" dry-run -f json
    status_is 0 "$1: rehearsed"
    is "$(json '.ways[] | "\(.line) \(.object) \(.method // "-") \(.lock // "-") \(.work) \(.time)"')" "$wanted" "$1: the way of each statement"
    is "$(json '[.ways[] | select(.size_bytes == null or .size_bytes <= 0 or .rows == null)] | length')" 0 "$1: with the size of the real table"
    is "$(json '[.ways[] | select(.work == "table") | .line] == [.rewritten[].line]')" true "$1: and what is written again is said where it is said of others"
    is "$(json 'has("locks") or has("stopped")')" false "$1: there is nobody else on a copy"
    keeps_schema dry-run
    [ "$1" = mysql ] && return
    run "$DARA" dry-run
    out_like '^20260101000000_ways.sql +7 +t +INPLACE +SHARED +blocks writes +table' "$1: in the text, too"
}

# What is found in the rows beforehand, against what the server then says: each statement on a table of its own, with a row or more that it
# fails on, and once more where the rows are good. Lines: a column's definition, then the rows, then the statement.
searched_my() {
    local n=0 at=0 definition rows statement seen='' real=''
    engine_new searched
    cat >"$work/searched" <<SQL
a INT@1),(1@ADD UNIQUE (a)
a INT@1),(2),(NULL),(NULL@ADD UNIQUE (a)
a VARCHAR(9)@'abc'),('abd'@ADD UNIQUE (a(2))
a VARCHAR(9)@'abc'),('abd'@ADD UNIQUE (a(3) DESC)
a VARCHAR(9) COLLATE utf8mb4_bin UNIQUE@'x'),('X'@MODIFY a VARCHAR(9) COLLATE utf8mb4_general_ci
a INT@1),(1@ADD PRIMARY KEY (a)
a INT@1),(2@ADD b INT NOT NULL, ADD UNIQUE (b)
a INT@1@ADD b INT NOT NULL, ADD UNIQUE (b)
a INT@1),(2@ADD b INT, ADD UNIQUE (b)
a INT@1),(2@ADD b INT AUTO_INCREMENT UNIQUE
a INT@1),(-1@ADD b INT AS (ABS(a)) STORED UNIQUE
a INT@1),(NULL@MODIFY a INT NOT NULL
a INT@1@MODIFY a INT NOT NULL
a INT@1@ADD d DATE NOT NULL
a INT@1),(128@MODIFY a TINYINT
a INT@-128),(127@MODIFY a TINYINT
a INT@-1@MODIFY a BIGINT UNSIGNED
a BIGINT UNSIGNED@9223372036854775808@MODIFY a BIGINT
a DECIMAL(9,2)@127.50@MODIFY a TINYINT
a DECIMAL(9,2)@127.40@MODIFY a TINYINT
a DECIMAL(9,2)@1000@MODIFY a DECIMAL(5,2)
a DECIMAL(9,2)@999.99@MODIFY a DECIMAL(5,2)
a VARCHAR(9)@'12x'@MODIFY a INT
a VARCHAR(9)@' 12'),('1e3'@MODIFY a INT
a VARCHAR(9)@''@MODIFY a INT
a VARCHAR(20)@'99999999999'@MODIFY a INT
a VARCHAR(9)@'abcd'@MODIFY a VARCHAR(3)
a VARCHAR(9)@'äbc'),('abc   '@MODIFY a VARCHAR(3)
a VARCHAR(9)@'abc   '@MODIFY a CHAR(3)
a INT@12345@MODIFY a VARCHAR(4)
a VARCHAR(9)@'ä'),('€'@MODIFY a VARCHAR(9) CHARACTER SET latin1
a VARCHAR(9)@'ж'@MODIFY a VARCHAR(9) CHARACTER SET latin1
a TEXT@REPEAT('x', 300)@MODIFY a TINYTEXT
a TEXT@REPEAT('x', 200)@MODIFY a TINYTEXT
a VARBINARY(9)@'abcd'@MODIFY a VARBINARY(3)
a ENUM('a','b')@'b'@MODIFY a ENUM('a','c')
a ENUM('a','b')@'a'),(NULL@MODIFY a ENUM('c','a')
a VARCHAR(9)@'x'@MODIFY a ENUM('a','b')
a VARCHAR(30)@'2020-02-30'@MODIFY a DATE
a VARCHAR(30)@'2020-02-28'@MODIFY a DATE
a DATETIME@'2120-01-01'@MODIFY a TIMESTAMP NULL
a DATETIME@'2020-01-01'@MODIFY a TIMESTAMP NULL
a VARCHAR(30)@'{'@MODIFY a JSON
a VARCHAR(30)@'{}'@MODIFY a JSON
a INT@0@ADD CHECK (a > 0)
a INT@1),(NULL@ADD CHECK (a > 0)
a INT@1@ADD b INT DEFAULT 3, ADD CONSTRAINT cc CHECK (b < a)
a INT@7@ADD FOREIGN KEY (a) REFERENCES p (id)
a INT@1),(NULL@ADD FOREIGN KEY (a) REFERENCES p (id)
a INT@1@ADD b INT NOT NULL DEFAULT 9, ADD FOREIGN KEY (b) REFERENCES p (id)
SQL
    engine_sql "$url" "CREATE TABLE p (id INT PRIMARY KEY); INSERT INTO p VALUES (1)"
    : >"$work/searched.migration"
    while IFS=@ read -r definition rows statement; do
        [ -z "${DARA_TEST_THOROUGH-}" ] && [ "$1" = mysql ] && [ $((++at % 3)) -ne 0 ] && continue
        n=$((n + 1))
        echo "CREATE TABLE t$n ($definition); INSERT INTO t$n VALUES ($rows);"
        echo "ALTER TABLE t$n $statement;" >>"$work/searched.migration"
    done <"$work/searched" >"$work/searched.sql"
    engine_load "$url" "$work/searched.sql"
    project searched-project
    migration 20260101000000_searched <"$work/searched.migration"
    run "$DARA" dry-run -f json
    status_is 6 "$1: $n statements, of which some would fail on the rows that are there"
    seen=$(json '[.searches[] | select(.fails) | .line] | unique | .[]')
    keeps_schema dry-run
    n=0
    while read -r statement; do
        n=$((n + 1))
        engine_sql "$url" "$statement" >/dev/null 2>&1 || real="$real$n
"
    done <"$work/searched.migration"
    is "$seen" "${real%?}" "$1: they are those that the server then refuses"
    # What statements of rows before it mend, and what the session lets pass, stops nobody; no value is shown.
    engine_sql "$url" "CREATE TABLE m (a INT, b INT); INSERT INTO m VALUES (NULL, 77777), (1, 77777);
        CREATE TABLE o (b INT); INSERT INTO o VALUES (77777)"
    rm db/migrations/*
    migration 20260102000000_mends <<'SQL'
-- dara:allow update-without-where a test
UPDATE m SET a = 5;
ALTER TABLE m MODIFY a INT NOT NULL;
SET foreign_key_checks = 0;
ALTER TABLE o ADD FOREIGN KEY (b) REFERENCES p (id);
SQL
    run "$DARA" dry-run -f json
    status_is 0 "$1: rows that the file mends itself, and orphans that nobody asks for"
    is "$(json '.searches[] | "\(.line) \(.object) \(.what): \(.found) \(.fails) \(.remark)"')" "3 m NULL in the column 'a', which takes none: 1 false statements before it write rows there
5 o orphans for the foreign key 'o_ibfk_1': 1 false the engine lets it pass" "$1: are told all the same"
    rm db/migrations/*
    migration 20260103000000_fails <<<'ALTER TABLE m ADD UNIQUE KEY two (b);'
    run "$DARA" dry-run
    status_is 6 "$1: duplicates for a unique key"
    err_like "^dara: db/migrations/20260103000000_fails.sql:1: it would fail on the rows that are there: duplicates for the unique key 'two' of 'm': 1$" "$1: said with the place and the number"
    out_unlike 77777 "$1: and no value is shown"
    err_unlike 77777 "$1: nor in the error"
}

# apply-migration rehearses first when a table that the files change is large, and stops at what it finds.
sized_my() {
    local before user=${engine_user:-dt_limited}
    engine_new sized
    engine_sql "$url" "CREATE TABLE big (id INT PRIMARY KEY, a INT); INSERT INTO big VALUES (1, 7), (2, 7)"
    project sized-project
    migration 20260101000000_unique <<'SQL'
CREATE TABLE first (a INT);
ALTER TABLE big ADD UNIQUE KEY one (a);
SQL
    before=$(engine_dump "$url")
    run "$DARA" apply-migration --rehearse 16KB -f json
    status_is 6 "$1: a table above the size: rehearsed first, and what is in the rows found"
    is "$(json '[.searches[] | select(.fails) | "\(.line) \(.object) \(.found)"] | join(", ")') $(json '.applied | length')" '2 big 1 0' "$1: it is said, and nothing is applied"
    keeps_schema apply-migration
    is "$(engine_dump "$url")" "$before" "$1: nothing was touched"
    echo 'rehearse: 16KB' >>dara.yaml
    run "$DARA" apply-migration
    status_is 6 "$1: dara.yaml says the size"
    err_like "20260101000000_unique.sql:2: it would fail on the rows that are there: duplicates for the unique key 'one' of 'big': 1$" "$1: with the place"
    err_like 'hint: mend the rows first, .*; or --rehearse never goes on without the rehearsal' "$1: and what can be done"
    run "$DARA" apply-migration --rehearse never
    status_is 6 "$1: told not to rehearse, it runs"
    err_like 'Duplicate entry' "$1: and the server refuses"
    is "$(engine_dump "$url")" "$before" "$1: after which it was taken back"
    run "$DARA" apply-migration --rehearse 1MB
    err_like 'Duplicate entry' "$1: a small table is not worth it"
    engine_sql "$url" 'UPDATE big SET a = id'
    my_client -e "DROP USER IF EXISTS $user@'%'; CREATE USER $user@'%'; GRANT ALL ON ${url##*/}.* TO $user@'%'"
    run "$DARA" --url "${url/root@/$user@}" apply-migration --rehearse always
    status_is 4 "$1: who may not make a scratch database is told"
    err_like "the user '$user@%' may not create databases, so there is no scratch database" "$1: why"
    err_like 'hint: GRANT ALL ON .*; or --rehearse never goes on without the rehearsal' "$1: and goes on only when told"
    my_client -e "DROP USER $user@'%'"
    run "$DARA" apply-migration --rehearse always -f json
    status_is 0 "$1: nothing in the way: rehearsed, then applied"
    is "$(json '[.ways[] | "\(.object) \(.work)"] + [.searches[] | "\(.found)"] + [.applied[].version] | join(", ")')" 'big index, 0, 20260101000000' "$1: and how is told"
    run "$DARA" apply-migration --rehearse sometimes
    status_is 2 "$1: another word is a mistake"
    # The server's own idea of it is that of an empty table, for good.
    engine_sql "$url" "CREATE TABLE \`just-filled tab\` (a INT PRIMARY KEY, b VARCHAR(2000)) STATS_AUTO_RECALC=0;
        INSERT INTO \`just-filled tab\` WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT i, REPEAT('x', 2000) FROM n"
    migration 20260101000001_filled <<<'ALTER TABLE `just-filled tab` ADD UNIQUE KEY (b(50));'
    run "$DARA" apply-migration --allow drift --rehearse 1MB -f json
    status_is 6 "$1: a table that was filled a moment ago: its file tells"
    is "$(json '.searches[] | "\(.object) \(.found)"') $(json '.ways[0].size_bytes > 2000000')" 'just-filled tab 1 true' "$1: and it is rehearsed"
}

# Scratch databases say whose they are; one that is in use, or is somebody else's, stays, and one of a run that died does not.
scratches() { # PATTERN: which of them are there
    engine_sql "$url" "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME REGEXP '^dara_scratch_($1)' ORDER BY 1" | tr '\n' ' '
}
swept_my() {
    local mine connection holder others='dara_scratch_1_00000001 dara_scratch_1_00000002 dara_scratch_1_00000003' name
    engine_new swept
    engine_sql "$url" "CREATE TABLE t (a INT)"
    project swept-project
    for name in $others; do engine_sql "$url" "DROP DATABASE IF EXISTS $name; CREATE DATABASE $name"; done
    engine_sql "$url" "CREATE TABLE dara_scratch_1_00000001.precious (a INT); CREATE TABLE dara_scratch_1_00000002.dara_lock (a INT)"
    migration 20260101000000_slow <<<'DO SLEEP(30);'
    "$DARA" -q dry-run >"$work/slow.out" 2>&1 &
    holder=$!
    for _ in $(seq 200); do
        connection=$(engine_sql "$url" "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'DO SLEEP(30)%'")
        [ -n "$connection" ] && break
        sleep 0.05
    done
    mine=$(scratches "${holder}_") mine=${mine% }
    is "$(engine_sql "$url" "SELECT TABLE_COMMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = '$mine'  AND TABLE_NAME = 'dara_lock'" | sed -E 's/: [^@]+@/: WHO@/; s/20..-..-..T..:..:..Z$/THEN/')" \
        "scratch database of dara: WHO@$(hostname) pid $holder, dara dry-run, since THEN" "$1: a scratch database says whose it is, for what, and since when"
    echo 'CREATE TABLE u (a INT);' >db/migrations/20260101000000_slow.sql
    run "$DARA" dry-run
    status_is 0 "$1: another rehearsal beside it"
    is "$(scratches 1_0000000)$(scratches "${holder}_")" "dara_scratch_1_00000001 dara_scratch_1_00000002 $mine " "$1: what is in use stays, and what is not dara's; one with nothing in it does not"
    kill -9 $holder
    wait $holder 2>/dev/null
    is "$(scratches "${holder}_")" "$mine " "$1: a killed run leaves its own"
    my_client -e "KILL $connection" 2>/dev/null
    for _ in $(seq 200); do
        [ "$(engine_sql "$url" "SELECT COUNT(IS_USED_LOCK('$mine'))")" = 0 ] && break
        sleep 0.05
    done
    run "$DARA" dry-run
    status_is 0 "$1: the next rehearsal"
    is "$(scratches 1_0000000)$(scratches "${holder}_")" "dara_scratch_1_00000001 dara_scratch_1_00000002 " "$1: sweeps it"
    for name in $others; do engine_sql "$url" "DROP DATABASE IF EXISTS $name"; done
}

suite_my() {
    confined_my "$1"
    swept_my "$1"
    sized_my "$1"
    searched_my "$1"
    ways_my "$1"
}

suite() {
    case $1 in
    postgres)
        suite_postgres "$1"
        told_postgres "$1"
        return
        ;;
    mariadb | mysql)
        suite_my "$1"
        return
        ;;
    esac
    rich "$1" facts
    project facts-project
    engine_migration db/migrations/20260101000000_ship.$engine_extension
    run "$DARA" dry-run -f json
    status_is 0 "$1: rehearsed"
    is "$(json 'has("locks") or has("stopped")')" false "$1: what the engine cannot tell is left out"
    keeps_schema dry-run
}
conform
