# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# How the conformance suite reaches PostgreSQL, past dara: by psql and pg_dump. DARA_TEST_POSTGRES_URI names a server (no database)
# where databases dt_* may be made and dropped; tests/servers/postgres starts one. DARA_TEST_POSTGRES_DARA_URI, if set, is the way
# that dara itself takes to it: through a pooler. DARA_TEST_POSTGRES_CLIENT is the folder of programs for a server that the
# installed ones are too old for; they are not taken for others: an older server's minor releases may know what they do not.
engine_missing() {
    if [ -z "${DARA_TEST_POSTGRES_URI-}" ]; then
        echo "no server: DARA_TEST_POSTGRES_URI is not set (eval \"\$(tests/servers/postgres start)\")"
    elif ! command -v psql >/dev/null; then
        echo "the psql program is not installed"
    elif [ -z "$engine_version" ]; then
        echo "no server answers at DARA_TEST_POSTGRES_URI"
    elif [ "$(engine_client_version)" -lt "$engine_version" ]; then
        echo "no pg_dump for PostgreSQL $engine_version"
    fi
}
engine_client_version() { pg_dump --version 2>/dev/null | sed -E 's/^[^0-9]*([0-9]+).*/\1/'; }
engine_type=postgres
engine_transactional=yes
engine_networked=yes
engine_extension=sql
engine_made=" "
# Debian's psql and pg_dump are scripts that look for the programs, and take five times as long.
engine_programs=$(find /usr/lib/postgresql -path '*/bin/psql' 2>/dev/null | sort -V | tail -n 1)
case ":$PATH:" in *":${engine_programs%/psql}:"*) ;; *) PATH=${engine_programs:+${engine_programs%/psql}:}$PATH ;; esac
engine_version=$(psql -XAtqc 'SHOW server_version_num' "${DARA_TEST_POSTGRES_URI-}/postgres" 2>/dev/null)
engine_version=${engine_version%????}
[ "$(engine_client_version)" -ge "${engine_version:-0}" ] || PATH=${DARA_TEST_POSTGRES_CLIENT:+$DARA_TEST_POSTGRES_CLIENT:}$PATH
engine_admin() { psql -Xqc "$1" "$DARA_TEST_POSTGRES_URI/postgres" 2>&1 | grep -v '^NOTICE'; }
engine_end() {
    local name
    for name in $engine_made; do engine_drop "$name"; done
    [ "$engine_made" = " " ] || engine_drop_roles
}
# A database with subscriptions cannot be dropped; those of the tests have no slot.
engine_drop() { # DATABASE
    engine_admin "DROP DATABASE IF EXISTS $1 WITH (FORCE)" | grep -q subscription || return 0
    psql -XAtqc "SELECT format('ALTER SUBSCRIPTION %I DISABLE; ALTER SUBSCRIPTION %I SET (slot_name = NONE); DROP SUBSCRIPTION %I;', subname,
        subname, subname) FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())" \
        "$DARA_TEST_POSTGRES_URI/$1" | sed 's/; */;\n/g' | psql -Xq "$DARA_TEST_POSTGRES_URI/$1"
    engine_admin "DROP DATABASE IF EXISTS $1 WITH (FORCE)"
}
trap 'cd /; [ -z "${engine_own-}" ] || engine_own_stop; type engine_end >/dev/null && engine_end; rm -rf "$work"' EXIT
engine_fresh() { # DATABASE "TEMPLATE …" [DATABASE that nobody may be in]
    local said
    said=$(psql -Xq ${3:+-c "DO 'BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ''$3''; END'"} \
        -c "DROP DATABASE IF EXISTS $1 WITH (FORCE)" -c "CREATE DATABASE $1 $2" "$DARA_TEST_POSTGRES_URI/postgres" 2>&1 | grep -v '^NOTICE')
    case $said in
    *subscription*)
        engine_drop "$1"
        engine_admin "CREATE DATABASE $1 $2"
        ;;
    ?*) echo "$said" ;;
    esac
    case $engine_made in *" $1 "*) ;; *) engine_made="$engine_made$1 " ;; esac
    url=${DARA_TEST_POSTGRES_DARA_URI-$DARA_TEST_POSTGRES_URI}/$1
}
engine_database() { echo "dt_$$_$1"; }
# A new, empty database; sets $url.
engine_new() { engine_fresh "$(engine_database "$1")" "TEMPLATE template0"; } # NAME
# The same database under another name; sets $url.
engine_copy() { # FROM TO
    local from strategy=
    from=$(engine_database "$1")
    [ "$engine_version" -lt 15 ] || strategy='STRATEGY file_copy' # the cheaper one where nothing is synced
    engine_fresh "$(engine_database "$2")" "TEMPLATE $from $strategy" "$from"
}
# Whether the server ends the running statement of a client that was killed.
engine_notices_death() { [ "$engine_version" -ge 14 ]; }
# Commands that end whoever is in the database of that name; the second as a fault of the system would, and waits for the server to be
# back.
engine_terminator() { # NAME
    echo "psql -Xqc \"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$(engine_database "$1")'\" \
        $DARA_TEST_POSTGRES_URI/postgres >/dev/null 2>&1"
}
engine_killer() { # NAME
    echo "pids=\$(psql -XAtqc \"SELECT pid FROM pg_stat_activity WHERE datname = '$(engine_database "$1")'\" $DARA_TEST_POSTGRES_URI/postgres)
        [ -z \"\$pids\" ] || kill -9 \$pids
        for n in 1 2 3 4 5 6 7 8 9 10; do sleep 0.2; psql -Xqc '' $DARA_TEST_POSTGRES_URI/postgres 2>/dev/null && break; done"
}
# URL: without the rows that a crash of the server empties, and with commits that outlive one (the tests' servers do not wait for their log).
engine_crash_proof() {
    engine_sql "$1" "TRUNCATE scrap" >/dev/null
    engine_sql "$1" "ALTER SYSTEM SET synchronous_commit = on" >/dev/null
    engine_sql "$1" "SELECT pg_reload_conf()" >/dev/null
}
engine_own_server() { # prints what to eval; then $DARA_TEST_POSTGRES_URI is a server that nobody else uses
    local variables
    variables=$(env -u DARA_TEST_POSTGRES_URI "$srcdir/tests/servers/postgres" start "$engine_version") || return
    echo "engine_other=\$DARA_TEST_POSTGRES_URI; $variables; unset DARA_TEST_POSTGRES_DARA_URI; engine_own=\$DARA_TEST_POSTGRES_FOLDER"
}
engine_own='' engine_other=''
engine_own_stop() {
    [ -n "$engine_own" ] || return 0
    "$srcdir/tests/servers/postgres" stop "$engine_own"
    DARA_TEST_POSTGRES_URI=$engine_other engine_own=
}
engine_direct() { echo "$DARA_TEST_POSTGRES_URI/${1##*/}"; }
engine_load() { psql -Xq -v ON_ERROR_STOP=1 -f "$2" "$(engine_direct "$1")" >/dev/null; } # URL FILE
engine_sql() { psql -XqAt -v ON_ERROR_STOP=1 -c "$2" "$(engine_direct "$1")"; }           # URL SQL
engine_pg_dump() { # URL OPTIONS…
    local uri
    uri=$(engine_direct "$1")
    shift
    pg_dump "$@" "$uri" | grep -vE '^\\(un)?restrict |^-- Dumped '
}
# The schema as the engine's client prints it, without owners and rights; dara's own tables are not part of it. Whose schema public is shows in a comment even without owners.
engine_schema() {
    engine_pg_dump "$1" --schema-only --no-owner --no-privileges -T '*.dara_migrations' -T '*.dara_journal' |
        grep -vE '^-- Name: public; Type: SCHEMA;|^-- \*not\* creating schema|^--$' | cat -s
}
# The same with owners and rights.
engine_owned_schema() { engine_pg_dump "$1" --schema-only -T '*.dara_migrations'; }
# Load a script that makes roles dt_…, which get names of this process; they go when the databases are gone. `dt_ann` is $(engine_role ann).
engine_role() { echo "dt_$$_$1"; }
engine_roles() { # FILE
    sed "s/\bdt_/dt_$$_/g" "$1" >"$work/roles.sql"
    engine_load "$url" "$work/roles.sql"
}
engine_drop_roles() {
    psql -XAtqc "SELECT format('DROP ROLE %I;', rolname) FROM pg_roles WHERE rolname LIKE 'dt\\_$$\\_%'" "$DARA_TEST_POSTGRES_URI/postgres" |
        psql -Xq "$DARA_TEST_POSTGRES_URI/postgres"
}
engine_locks() { engine_sql "$1" "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"; }
# How many runs of slow/ are at it.
engine_slow_runs() { engine_sql "$1" "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()"; }
# Everything: schema, rows, sequences, dara's history.
engine_dump() { engine_pg_dump "$1" --inserts; }
# The rows without dara's history.
engine_rows() { engine_pg_dump "$1" --data-only --inserts -T '*.dara_migrations' -T '*.dara_journal' 2>/dev/null | sort; }
engine_migration() { # FILE
    cat >"$1" <<'SQL'
CREATE TABLE shipment (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer integer REFERENCES customer(id), sent_at text);
ALTER TABLE customer ADD COLUMN phone text DEFAULT '-';
ALTER TABLE customer ALTER COLUMN code TYPE varchar(40);
INSERT INTO shipment(customer, sent_at) SELECT id, created_at::text FROM customer;
CREATE INDEX shipment_customer ON shipment(customer);
CREATE VIEW shipped AS SELECT c.name, s.sent_at FROM shipment s JOIN customer c ON c.id = s.customer;
CREATE TRIGGER shipment_audit AFTER INSERT ON shipment FOR EACH ROW EXECUTE FUNCTION note_it('sent');
SQL
}
# One that fails at its last statement, on its line 4.
engine_failing_migration() { # FILE
    cat >"$1" <<'SQL'
CREATE TABLE before_the_fault (a integer);
INSERT INTO audit VALUES ('x', 'y');
CREATE INDEX audit_what ON audit(what);
INSERT INTO no_such_table VALUES (1);
SQL
}
# Other schemas, by a name each; the folder of the corpora may be none.
engine_samples() { echo "all-kinds${1:+ pagila sakila}"; } # CORPORA
engine_load_sample() { # URL NAME
    local file
    case $2 in
    all-kinds) file=$srcdir/tests/conformance/rich/$engine_type-all.sql ;;
    pagila) file=$DARA_TEST_CORPORA/postgres/pagila/pagila-schema.sql ;;
    sakila) file=$DARA_TEST_CORPORA/sakila/postgres/postgres-sakila-schema.sql ;;
    esac
    PGOPTIONS='-c client_min_messages=warning' psql -Xq -v ON_ERROR_STOP=1 -v version="$engine_version" -f "$file" "$(engine_direct "$1")" >/dev/null
}
# Ten statements that no transaction holds, one on each line; the second makes an index jn_a, before the seventh 50 rows are written.
engine_journaled() {
    cat <<'SQL'
CREATE TABLE jn (id integer PRIMARY KEY, a integer, b text);
CREATE INDEX CONCURRENTLY jn_a ON jn (a);
INSERT INTO jn SELECT i, i, 'x' || i FROM generate_series(1, 50) i;
ALTER TABLE jn ADD COLUMN c integer;
CREATE UNIQUE INDEX CONCURRENTLY jn_b ON jn (b);
UPDATE jn SET c = a + 1 WHERE c IS NULL;
CREATE VIEW jv AS SELECT id, c FROM jn;
DROP INDEX CONCURRENTLY jn_a;
REINDEX TABLE CONCURRENTLY jn;
INSERT INTO jn SELECT max(id) + 1, count(*), 'last' FROM jn;
SQL
}
engine_fails="CREATE UNIQUE INDEX CONCURRENTLY jn_fails ON pg_nowhere (x);"
# A file whose later statements need what its first one sets, and one that takes two seconds.
engine_settings() { # before, first, rest, check, wanted
    case $1 in
    before) echo 'CREATE SCHEMA aside' ;;
    first) printf '%s\n' 'SET search_path = aside;' 'CREATE TABLE js (a integer);' 'INSERT INTO js VALUES (1);' 'CREATE INDEX CONCURRENTLY js_a ON js (a);' ;;
    rest) echo 'CREATE INDEX CONCURRENTLY js_b ON js (a, a);' ;;
    check) echo "SELECT string_agg(schemaname || '.' || indexname, ' ' ORDER BY indexname) FROM pg_indexes WHERE tablename = 'js'" ;;
    wanted) echo 'aside.js_a aside.js_b' ;;
    esac
}
engine_slow() { # before, statement, wanted
    case $1 in
    before) echo "CREATE FUNCTION slow(integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.1); RETURN 1; END';
        CREATE TABLE js AS SELECT generate_series(1, 25) AS a" ;;
    statement) echo 'CREATE INDEX CONCURRENTLY js_slow ON js (slow(a));' ;;
    wanted) echo 'index public.js_slow: building index' ;;
    esac
}
