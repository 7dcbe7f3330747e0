# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What a PostgreSQL database can do to who reads it. `restores` compares a snapshot's restore by text and by model.
. "$srcdir/tests/conformance/restores.sh"

# ---- names of 63 bytes, with whatever may be in one -----------------------------------------------------------------------------------

engine_new names
long() { printf '%s%s' "$1" "$(head -c $((63 - ${#1})) /dev/zero | tr '\0' x)"; } # TEXT: filled to 63 bytes
evil_name=$(long $'"; DROP TABLE t; --\n\'$$ \\.\t%s{}/*')
evil_other=$(long $'\n\\connect x\n"\'--')
psql -Xq -v ON_ERROR_STOP=1 -v n="$evil_name" -v o="$evil_other" -v p="$(long $'key" \'; \n')" "$(engine_direct "$url")" >/dev/null <<'SQL' || ok 1 "$name: names: loaded"
CREATE SCHEMA :"n";
SET search_path = :"n";
CREATE TYPE :"o" AS ENUM (:'n', :'o');
CREATE DOMAIN "d" AS text DEFAULT :'n' CONSTRAINT :"n" CHECK (VALUE <> :'o');
CREATE SEQUENCE "q" OWNED BY NONE;
CREATE FUNCTION :"o"(:"n" integer, :"o" text DEFAULT :'n') RETURNS text LANGUAGE sql AS 'SELECT $2';
CREATE TABLE :"n" (:"n" integer CONSTRAINT :"o" CHECK (:"n" > 0), :"o" :"o" DEFAULT :'o', c text COLLATE "C" DEFAULT :'n', CONSTRAINT :"p" PRIMARY KEY (:"n"));
CREATE TABLE parted (:"n" integer, CONSTRAINT ref FOREIGN KEY (:"n") REFERENCES :"n" (:"n")) PARTITION BY LIST (:"n");
CREATE TABLE part PARTITION OF parted FOR VALUES IN (1);
CREATE INDEX "i" ON :"n" (lower(c), :"o") WHERE c <> :'n';
CREATE STATISTICS "s" ON :"n", c FROM :"n";
CREATE VIEW "v" AS SELECT :"n" AS :"o", :'o'::text AS :"n" FROM :"n";
CREATE RULE :"n" AS ON DELETE TO "v" DO INSTEAD NOTHING;
CREATE FUNCTION trigger_it() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER :"n" BEFORE INSERT ON :"n" FOR EACH ROW EXECUTE FUNCTION trigger_it(:'n', :'o');
ALTER TABLE :"n" ENABLE ROW LEVEL SECURITY;
CREATE POLICY :"o" ON :"n" USING (c <> :'o');
CREATE PUBLICATION :"n" FOR TABLE :"n";
COMMENT ON COLUMN :"n".:"o" IS :'n';
COMMENT ON TABLE :"n" IS :'o';
INSERT INTO :"n" VALUES (1, :'n', :'o');
SQL
restores "$1" "names of 63 bytes" --data
run "$DARA" compare-schemas live live
status_is 0 "$name: names of 63 bytes: compared"
engine_new empty
run "$DARA" --url "$url" compare-schemas live "$(ls "$PWD"/db/snapshots/*_one.sql)" --sql
printf '%s' "$out" >"$work/way.sql"
engine_load "$url" "$work/way.sql" 2>"$work/err"
ok $? "$name: names of 63 bytes: the plan to make them runs: $(head -n 1 "$work/err")"
run "$DARA" --url "$url" compare-schemas live "$(ls "$PWD"/db/snapshots/*_one.sql)"
status_is 0 "$name: names of 63 bytes: and ends there"

# ---- strings in which a backslash escapes -------------------------------------------------------------------------------------------------

engine_new backslash
engine_admin "ALTER DATABASE $(engine_database backslash) SET standard_conforming_strings = off" >/dev/null
project backslash-project
cat >db/migrations/20260101000000_w.sql <<<"CREATE TABLE w (a text DEFAULT 'D:\\new\\');"
run "$DARA" apply-migration db/migrations
status_is 0 "$name: backslashes: a file means the same whatever the database has set"
is "$(engine_sql "$url" "SELECT ascii(substr(split_part(pg_get_expr(adbin, adrelid), chr(39), 2), 3)) FROM pg_attrdef")" 92 \
    "$name: backslashes: and they are kept"
run "$DARA" rollback baseline --confirm ROLLBACK
status_is 0 "$name: backslashes: rollback"

# ---- a search_path before pg_catalog --------------------------------------------------------------------------------------------------

# Every function, operator, type and relation of the catalog has a double that fails when it is touched.
shadows() {
    cat <<'SQL'
CREATE SCHEMA evil;
DO $do$
DECLARE r record; n integer := 0;
BEGIN
  FOR r IN SELECT p.proname, pg_get_function_identity_arguments(p.oid) AS arguments, pg_get_function_result(p.oid) AS result
      FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.provariadic = 0
      AND p.prorettype NOT IN ('internal'::regtype, 'cstring'::regtype, 'trigger'::regtype, 'language_handler'::regtype) LOOP
    BEGIN
      EXECUTE format('CREATE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', r.proname, r.arguments, r.result,
        'BEGIN RAISE EXCEPTION ''shadow of function ' || quote_ident(r.proname) || '''; END');
      n := n + 1;
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
  FOR r IN SELECT o.oprname, o.oid, o.oprleft::regtype AS l, o.oprright::regtype AS r, o.oprresult::regtype AS result, o.oprleft
      FROM pg_catalog.pg_operator o WHERE o.oprnamespace = 'pg_catalog'::regnamespace AND o.oprright <> 0 LOOP
    BEGIN
      EXECUTE format('CREATE FUNCTION evil.operator_%s(%s %s) RETURNS %s LANGUAGE plpgsql AS %L', r.oid,
        CASE WHEN r.oprleft <> 0 THEN r.l || ',' ELSE '' END, r.r, r.result, 'BEGIN RAISE EXCEPTION ''shadow of operator ' || r.oprname || '''; END');
      EXECUTE format('CREATE OPERATOR evil.%s (FUNCTION = evil.operator_%s, %s RIGHTARG = %s)', r.oprname, r.oid,
        CASE WHEN r.oprleft <> 0 THEN 'LEFTARG = ' || r.l || ',' ELSE '' END, r.r);
      n := n + 1;
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
  FOR r IN SELECT c.relname FROM pg_catalog.pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind IN ('r', 'v') LOOP
    EXECUTE format('CREATE VIEW evil.%I AS SELECT 1/0 AS shadow', r.relname);
  END LOOP;
  FOR r IN SELECT t.typname FROM pg_catalog.pg_type t WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype = 'b' AND t.typname !~ '^_' LOOP
    EXECUTE format('CREATE DOMAIN evil.%I AS pg_catalog.point CHECK (pg_catalog.pg_sleep(1) IS NULL)', r.typname);
  END LOOP;
  IF n < 2000 THEN RAISE EXCEPTION 'only % doubles', n; END IF;
END $do$;
CREATE TABLE public.kept (a pg_catalog.int4 PRIMARY KEY, b pg_catalog.text);
CREATE VIEW public.seen AS SELECT a FROM public.kept;
INSERT INTO public.kept VALUES (1, 'x');
SQL
}
engine_new shadowed
shadows >"$work/shadows.sql"
engine_load "$url" "$work/shadows.sql" 2>"$work/err"
ok $? "$name: shadows: loaded: $(grep ERROR "$work/err" | head -n 1)"
engine_admin "ALTER DATABASE $(engine_database shadowed) SET search_path = evil, public, pg_catalog" >/dev/null
project shadow-project 2>&1
unshadowed() { # NAME STATUS COMMAND…
    run "${@:3}"
    status_is "$2" "$name: shadows: $1"
    err_unlike 'shadow of|division' "$name: shadows: $1: touches none"
}
printf 'CREATE TABLE public.made (a pg_catalog.int4);\n' >db/migrations/20260101000000_made.sql
unshadowed "status" 0 "$DARA" status --drift
unshadowed "snapshot" 0 "$DARA" snapshot --data one
unshadowed "dry-run" 0 "$DARA" dry-run db/migrations
unshadowed "apply" 0 "$DARA" apply-migration db/migrations
unshadowed "status after it" 0 "$DARA" status --drift
unshadowed "compare-schemas" 1 "$DARA" compare-schemas baseline live
unshadowed "rollback" 0 "$DARA" rollback baseline --confirm ROLLBACK
unshadowed "run-sql that reads" 0 "$DARA" run-sql 'SELECT a FROM public.kept'
unshadowed "env-check" 0 "$DARA" env-check
out_unlike 'shadow of|division|failed' "$name: shadows: env-check: no check fails of it"
is "$(engine_sql "$url" "SET search_path = pg_catalog; SELECT count(*) FROM evil.dara_migrations WHERE kind = 'migration'" | tail -n 1)" 1 \
    "$name: shadows: the history is in the first schema of the path"
migration 20260102000000_index <<'SQL'
CREATE TABLE public.twice (a pg_catalog.int4);
INSERT INTO public.twice VALUES (1), (1);
CREATE UNIQUE INDEX CONCURRENTLY twice_a ON public.twice (a);
SQL
unshadowed "an index that fails" 7 "$DARA" apply-migration db/migrations
err_like 'could not create unique index' "$name: shadows: for its own reason"
is "$(engine_sql "$url" "SET search_path = pg_catalog; SELECT count(*) FROM pg_class WHERE relname = 'twice_a'")" 0 \
    "$name: shadows: and what was left of it is found and dropped"

. "$srcdir/tests/conformance/hostile/postgres-denied.sh"
. "$srcdir/tests/conformance/hostile/postgres-encodings.sh"
. "$srcdir/tests/conformance/hostile/postgres-meanwhile.sh"
