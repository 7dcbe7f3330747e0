# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# How the conformance suite reaches MySQL and MariaDB, past dara: by MariaDB's client programs, which both servers take. $my_uri names a
# server where databases dt_* may be made and dropped, without a password; tests/servers/mysql starts one.
my_port=${my_uri##*:}
my_client() { mariadb --no-defaults -h127.0.0.1 -P"$my_port" -uroot --comments --binary-mode --default-character-set=utf8mb4 "$@"; }
engine_missing() {
    if [ -z "$my_uri" ]; then
        echo "no server: $my_variable is not set (eval \"\$(tests/servers/mysql start)\")"
    elif ! command -v mariadb >/dev/null || ! command -v mariadb-dump >/dev/null; then
        echo "the programs mariadb and mariadb-dump are not installed"
    elif ! my_client -e 'SELECT 1' >/dev/null 2>&1; then
        echo "no server answers at $my_variable"
    elif ! "$DARA" drivers | grep -qE '^mysql +yes +yes +yes +yes '; then
        echo "the driver only reads yet"
    fi
}
engine_type=mysql
engine_transactional=no
engine_networked=yes
engine_extension=sql
engine_rich=mysql
engine_suites="kill smoke lint full definers rename secrets adopt audit back restore roundtrip locks leases journal mishaps retry read hostile rehearse"
# Of the places where the two run the same code, each is struck at some.
engine_stride=${DARA_TEST_THOROUGH:-4}
[ "$my_variable" = DARA_TEST_MARIADB_URI ] || engine_stride=${DARA_TEST_THOROUGH:-11}
engine_made=" "
engine_end() {
    local name
    for name in $engine_made; do my_client -e "DROP DATABASE IF EXISTS $name"; done
}
trap 'cd /; [ -z "$engine_user" ] || engine_log_off; engine_own_stop; engine_end; rm -rf "$work"' EXIT
engine_database() { echo "dt_$$_$1"; }
# A new, empty database; sets $url.
engine_new() { # NAME
    local name
    name=$(engine_database "$1")
    my_client -e "DROP DATABASE IF EXISTS $name; CREATE DATABASE $name CHARACTER SET utf8mb4"
    case $engine_made in *" $name "*) ;; *) engine_made="$engine_made$name " ;; esac
    url=$my_uri/$name
}
engine_direct() { echo "$my_uri/${1##*/}"; }
engine_load() { my_client "${1##*/}" <"$2" >/dev/null; } # URL FILE
engine_sql() { my_client -N -B -e "$2" "${1##*/}"; }      # URL SQL
# SHOW CREATE of everything but dara's own, with the settings that each was made under. The next number of a table is no part of its schema;
# and where a server prints the name of the database itself it is another one after each restore.
my_shows() { # DATABASE
    local own="NOT IN ('dara_migrations', 'dara_journal', 'dara_lock')" here="= '$1'"
    my_client -N -r -B information_schema <<SQL
SELECT CONCAT('SHOW CREATE ', IF(TABLE_TYPE LIKE '%VIEW', 'VIEW', IF(TABLE_TYPE = 'SEQUENCE', 'SEQUENCE', 'TABLE')), ' \`', REPLACE(TABLE_NAME, '\`', '\`\`'), '\`;')
  FROM TABLES WHERE TABLE_SCHEMA $here AND TABLE_NAME $own ORDER BY BINARY TABLE_NAME;
SELECT CONCAT('SHOW CREATE ', ROUTINE_TYPE, ' \`', REPLACE(ROUTINE_NAME, '\`', '\`\`'), '\`;') FROM ROUTINES WHERE ROUTINE_SCHEMA $here ORDER BY 1;
SELECT CONCAT('SHOW CREATE TRIGGER \`', REPLACE(TRIGGER_NAME, '\`', '\`\`'), '\`;') FROM TRIGGERS WHERE TRIGGER_SCHEMA $here ORDER BY 1;
SELECT CONCAT('SHOW CREATE EVENT \`', REPLACE(EVENT_NAME, '\`', '\`\`'), '\`;') FROM EVENTS WHERE EVENT_SCHEMA $here ORDER BY 1;
SELECT CONCAT('SELECT ''', TRIGGER_NAME, ''', ', ACTION_ORDER, ';') FROM TRIGGERS WHERE TRIGGER_SCHEMA $here ORDER BY BINARY TRIGGER_NAME;
SELECT CONCAT('SELECT ''', DEFAULT_COLLATION_NAME, ''';') FROM SCHEMATA WHERE SCHEMA_NAME $here;
SQL
}
engine_schema() { # URL
    { echo "SET NAMES utf8mb4;"; my_shows "${1##*/}"; } | my_client --vertical "${1##*/}" |
        sed -E -e '/^ *Created: /d' -e 's/ AUTO_INCREMENT=[0-9]+//' -e "s/\`${1##*/}\`\.//g"
}
# Everything: schema, rows, dara's history. Who held the lock last, and what was taken back, is nothing that a run must leave as it was.
engine_dump() {
    engine_schema "$1"
    engine_rows "$1"
    engine_sql "$1" "SELECT CONCAT_WS(',', 'INSERT INTO dara_migrations VALUES (', kind, version, name, state, checksum, fingerprint, applied_at,
        applied_by, tool, duration_ms, CONCAT(place, ');')) FROM dara_migrations ORDER BY place" 2>/dev/null
}
# The rows without those of dara's own tables: every value as hexadecimal, sorted. Not by a dump: MariaDB's program ends in a crash on some of
# MySQL's types. When a row was written is no part of it.
engine_rows() { # URL
    my_client -N -r -B "${1##*/}" <<SQL | my_client -N -B "${1##*/}" | sort
SET SESSION group_concat_max_len = 100000;
SELECT CONCAT('SELECT CONCAT_WS(''|'', ', QUOTE(TABLE_NAME), ', ', GROUP_CONCAT('IFNULL(HEX(', IF(DATA_TYPE = 'vector', '(', 'CONCAT('), '\`',
    REPLACE(COLUMN_NAME, '\`', '\`\`'), '\`', IF(DATA_TYPE = 'float', ' + 0E0', ''), ')), ''NULL'')' ORDER BY ORDINAL_POSITION SEPARATOR ', '), ') FROM \`', REPLACE(TABLE_NAME, '\`', '\`\`'), '\`;')
  FROM information_schema.COLUMNS JOIN information_schema.TABLES USING (TABLE_SCHEMA, TABLE_NAME)
  WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE NOT LIKE '%VIEW' AND TABLE_NAME NOT LIKE 'dara\_%' AND IFNULL(GENERATION_EXPRESSION, '') NOT LIKE 'ROW %' GROUP BY TABLE_NAME;
SQL
}
# Sample databases, by a name each; the folder of the corpora may be none.
engine_samples() { echo "${1:+sakila chinook}"; } # CORPORA
engine_load_sample() { # URL NAME
    case $2 in
    sakila) sed -E -e '/^(DROP SCHEMA|CREATE SCHEMA|USE) /d' -e 's/\bsakila\.//g' "$DARA_TEST_CORPORA"/sakila/mysql/sakila-mv-schema.sql ;;
    chinook) sed -E '/^(DROP DATABASE|CREATE DATABASE|USE) /d' "$DARA_TEST_CORPORA"/chinook/Chinook_MySql_AutoIncrementPKs.sql ;;
    esac | my_client "${1##*/}"
}
# How many runs of slow/ are at it.
engine_slow_runs() { engine_sql "$1" "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE '%SLEEP(600)%' AND ID <> CONNECTION_ID()"; }
engine_locks() { engine_sql "$1" "SELECT COUNT(IS_USED_LOCK(CONCAT('dara:', DATABASE())))"; }
# The same database under another name; sets $url. Who was connected may take a moment to be gone.
engine_copy() { # FROM TO
    local from to=$2
    from=$(engine_database "$1")
    engine_new "$to"
    mariadb-dump --no-defaults -h127.0.0.1 -P"$my_port" -uroot --skip-comments --routines --triggers --events --hex-blob "$from" |
        my_client "${url##*/}"
}
# A server goes on with the statement of a client that was killed until it has something to say to it.
engine_notices_death() { true; }
engine_migration() { # FILE
    cat >"$1" <<'SQL'
CREATE TABLE shipment (id INT AUTO_INCREMENT PRIMARY KEY, customer INT, sent_at TEXT, FOREIGN KEY (customer) REFERENCES customer (id));
ALTER TABLE customer ADD COLUMN phone VARCHAR(30) DEFAULT '-', MODIFY code VARCHAR(40);
CREATE INDEX shipment_customer ON shipment (customer, id);
CREATE VIEW shipped AS SELECT c.name, s.sent_at FROM shipment s JOIN customer c ON c.id = s.customer;
CREATE TRIGGER shipment_audit AFTER INSERT ON shipment FOR EACH ROW INSERT INTO audit (what) VALUES ('sent');
SQL
}
# One that fails at its last statement, on its line 4, when nothing but the schema has changed.
engine_failing_migration() { # FILE
    cat >"$1" <<'SQL'
CREATE TABLE before_the_fault (a INT);
ALTER TABLE audit ADD COLUMN before_the_fault INT;
CREATE INDEX audit_what ON audit (what(10));
INSERT INTO no_such_table VALUES (1);
SQL
}
# Ten statements that no transaction holds, one on each line; the second makes an index jn_a, before the seventh 50 rows are written.
engine_journaled() {
    cat <<'SQL'
CREATE TABLE jn (id INT PRIMARY KEY, a INT, b VARCHAR(20));
CREATE INDEX jn_a ON jn (a);
INSERT INTO jn WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) SELECT i, i, CONCAT('x', i) FROM n;
ALTER TABLE jn ADD COLUMN c INT;
CREATE UNIQUE INDEX jn_b ON jn (b);
UPDATE jn SET c = a + 1 WHERE c IS NULL;
CREATE VIEW jv AS SELECT id, c FROM jn;
DROP INDEX jn_a ON jn;
ALTER TABLE jn COMMENT 'ten';
INSERT INTO jn SELECT MAX(id) + 1, COUNT(*), 'last', 0 FROM jn;
SQL
}
# What is sent is counted by the system's calls, and behind TLS a library makes those.
engine_plain='?ssl-mode=disabled'
engine_endless="CREATE TABLE endless AS SELECT COUNT(*) AS n FROM information_schema.COLUMNS a JOIN information_schema.COLUMNS b JOIN information_schema.COLUMNS c"
engine_fails="CREATE UNIQUE INDEX jn_fails ON no_such_table (x);"
# Statements that cannot run, by kind, and what is there for them before.
engine_mistake() { # kinds, prepare, KIND
    case $1 in
    kinds) echo syntax object rows ;;
    prepare) echo 'CREATE TABLE busy (a INT); INSERT INTO busy VALUES (1), (1)' ;;
    syntax) echo 'CREATE TABL jn_x (a INT);' ;;
    object) echo 'CREATE TABLE busy (a INT, b INT);' ;;
    rows) echo 'ALTER TABLE busy ADD UNIQUE KEY busy_a (a);' ;;
    esac
}
# A command that has another session hold what the K-th of the ten needs; it returns when it does. The first one makes a table whose name
# somebody else is about to use.
engine_holder() { # K
    local sql="LOCK TABLES jn WRITE; SELECT SLEEP(60)"
    [ "$1" -ne 1 ] || sql="CREATE TABLE jn AS SELECT SLEEP(60) AS a"
    echo "mariadb --no-defaults -h127.0.0.1 -P$my_port -uroot -e '$sql' ${url##*/} >/dev/null 2>&1 &
        for n in \$(seq 400); do
            sleep 0.05
            mariadb --no-defaults -h127.0.0.1 -P$my_port -uroot -N -e \"$(engine_holding)\" | grep -q . && exit
        done"
}
engine_holding() { echo "SELECT CONCAT('KILL ', ID) FROM information_schema.PROCESSLIST WHERE DB = '${url##*/}' AND INFO LIKE '%SLEEP(60)%' AND STATE LIKE 'User sleep'"; }
engine_let_go() { # K
    engine_sql "$url" "$(engine_holding)" | my_client
    for _ in $(seq 100); do
        [ -n "$(engine_sql "$url" "$(engine_holding)")" ] || break
        sleep 0.02
    done
    [ "$1" -ne 1 ] || engine_sql "$url" 'DROP TABLE IF EXISTS jn' # that somebody else may have come to its end
}
# Commands that end whoever is in the database of that name.
engine_terminator() { # NAME
    local client="mariadb --no-defaults -h127.0.0.1 -P$my_port -uroot"
    echo "$client -N -e \"SELECT CONCAT('KILL ', ID, ';') FROM information_schema.PROCESSLIST WHERE DB = '$(engine_database "$1")'\" | $client --force"
}
# A user with PASSWORD, and $url with it; the log of all that the server is sent, to FILE in the end; what runs now.
engine_secret_user() { # PASSWORD
    engine_user=dt_$$
    my_client -e "CREATE USER $engine_user@'%' IDENTIFIED BY '$1'; GRANT ALL ON *.* TO $engine_user@'%'"
    url=${url/root@/$engine_user:$1@}
}
engine_log_all() { # FILE
    engine_log=$1
    my_client -e "SET GLOBAL log_output = 'FILE', GLOBAL general_log_file = '$1', GLOBAL general_log = ON" 2>/dev/null
}
engine_log_off() {
    my_client -e "SET GLOBAL general_log = OFF; DROP USER $engine_user@'%'"
    engine_user='' engine_log=''
}
engine_user='' engine_log=''
engine_running() { my_client -N -e "SELECT INFO, USER, HOST, STATE FROM information_schema.PROCESSLIST WHERE INFO IS NOT NULL"; }
engine_own_server() { # prints what to eval; then $my_uri is a server that nobody else uses
    local variables server=mariadb disk=$work/disk
    [ "$my_variable" = DARA_TEST_MARIADB_URI ] || server=mysql
    mkdir -p "$disk"
    if mount -t tmpfs -o size=260m tmpfs "$disk" 2>/dev/null; then export DARA_TEST_PLACE=$disk; else disk=; fi
    variables=$("$srcdir/tests/servers/mysql" start $server) || { [ -z "$disk" ] || umount "$disk"; return 1; }
    echo "engine_other=\$my_uri engine_other_made=\$engine_made; $variables; my_uri=\$$my_variable my_port=\${my_uri##*:} engine_own=\$DARA_TEST_MYSQL_FOLDER engine_disk=$disk engine_made=' '"
}
engine_own='' engine_other='' engine_other_made='' engine_disk=''
engine_own_stop() {
    [ -n "$engine_own" ] || return 0
    "$srcdir/tests/servers/mysql" stop "$engine_own"
    [ -z "$engine_disk" ] || umount "$engine_disk"
    my_uri=$engine_other my_port=${engine_other##*:} engine_made=$engine_other_made engine_own='' engine_disk=''
}
engine_crash() { echo "'$srcdir/tests/servers/mysql' crash '$engine_own'"; }
engine_disk_is_small() { [ -n "$engine_disk" ]; }
engine_fills_disk() { echo "dd if=/dev/zero of='$engine_disk/filler' bs=4k 2>/dev/null"; }
engine_empties_disk() {
    rm -f "$engine_disk/filler"
    my_client -e 'SELECT 1' >/dev/null 2>&1 || "$srcdir/tests/servers/mysql" crash "$engine_own"
}
# A file whose later statements need what its first one sets.
engine_settings() { # before, first, rest, check, wanted
    case $1 in
    before) echo 'SELECT 1' ;;
    first) printf '%s\n' "SET sql_mode = 'ANSI_QUOTES';" 'CREATE TABLE "js" (a INT);' 'INSERT INTO "js" VALUES (1);' ;;
    rest) echo 'CREATE INDEX "js_a" ON "js" (a);' ;;
    check) echo "SELECT INDEX_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'js'" ;;
    wanted) echo 'js_a' ;;
    esac
}
