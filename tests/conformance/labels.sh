#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Security labels, with a provider in the server (tests/servers/labels.c): a round trip, and plans from one set of them to another.
export DARA_TEST_ENGINES=postgres
. "$srcdir/tests/conformance/lib.sh"
. "$srcdir/tests/conformance/restores.sh"

# Make the module where the server's account can read it, and have every session load it; prints why it cannot be.
provide() {
    local headers
    [ "$engine_version" = 15 ] || { echo "the server is no PostgreSQL 15, for which there are headers"; return; }
    headers=$("$srcdir/tests/servers/get" postgres-headers 2>"$work/err") || { cat "$work/err"; return; }
    chmod 755 "$work"
    ${CC:-cc} -shared -fPIC -I"$headers" -o "$work/labels.so" "$srcdir/tests/servers/labels.c" 2>"$work/err" || { echo "no compiler: $(head -n 1 "$work/err")"; return; }
    chmod 644 "$work/labels.so"
}
suite() {
    local reason
    reason=$(provide)
    [ -z "$reason" ] || { skip "postgres: security labels" "$reason"; return; }
    export PGOPTIONS="-c session_preload_libraries=$work/labels.so"
    engine_new labels
    engine_load "$url" /dev/stdin <<'SQL'
CREATE SCHEMA s; CREATE TYPE s.mood AS ENUM ('a'); CREATE DOMAIN s.d AS text; CREATE SEQUENCE s.q;
CREATE TABLE s.t (id integer PRIMARY KEY, "b b" text); CREATE VIEW s.v AS SELECT id FROM s.t; CREATE MATERIALIZED VIEW s.m AS SELECT id FROM s.t;
CREATE FUNCTION s.f(integer, text) RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE AGGREGATE s.a(integer) (SFUNC = int4pl, STYPE = integer);
CREATE PROCEDURE s.p() LANGUAGE sql AS ''; CREATE PUBLICATION pub; CREATE FUNCTION s.e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER et ON ddl_command_end EXECUTE FUNCTION s.e();
SECURITY LABEL FOR "dara test" ON SCHEMA s IS 'schema'; SECURITY LABEL FOR "dara test" ON TYPE s.mood IS 'type';
SECURITY LABEL FOR "dara test" ON DOMAIN s.d IS 'domain'; SECURITY LABEL FOR "dara test" ON SEQUENCE s.q IS 'sequence';
SECURITY LABEL FOR "dara test" ON TABLE s.t IS 'it''s a table'; SECURITY LABEL FOR "dara test" ON COLUMN s.t."b b" IS E'two\nlines';
SECURITY LABEL FOR "dara test" ON VIEW s.v IS 'view'; SECURITY LABEL FOR "dara test" ON COLUMN s.v.id IS 'column of a view';
SECURITY LABEL FOR "dara test" ON MATERIALIZED VIEW s.m IS 'kept'; SECURITY LABEL FOR "dara test" ON FUNCTION s.f(integer, text) IS 'function';
SECURITY LABEL FOR "dara test" ON AGGREGATE s.a(integer) IS 'aggregate'; SECURITY LABEL FOR "dara test" ON PROCEDURE s.p() IS 'procedure';
SECURITY LABEL FOR "dara test" ON PUBLICATION pub IS 'publication'; SECURITY LABEL FOR "dara test" ON EVENT TRIGGER et IS 'event trigger';
SQL
    restores "$1" "security labels"
    is "$(grep -c '^SECURITY LABEL' "$(ls "$PWD"/db/snapshots/*_one.sql)")" 14 "$1: security labels: all of them are in the file"
    migration 20260101000000_labels <<'SQL'
SECURITY LABEL FOR "dara test" ON TABLE s.t IS 'another';
SECURITY LABEL FOR "dara test" ON COLUMN s.t.id IS 'new';
SECURITY LABEL FOR "dara test" ON SCHEMA s IS NULL;
DROP FUNCTION s.f(integer, text);
SQL
    run "$DARA" apply-migration db/migrations
    status_is 0 "$1: security labels: a migration that changes them"
    out_like 'security label dara test' "$1: security labels: shows the change"
    run "$DARA" rollback one --confirm ROLLBACK
    status_is 0 "$1: security labels: and a rollback brings them back"
    run "$DARA" compare-schemas one live
    status_is 0 "$1: security labels: as they were"
}
conform
