-- At least one of every kind of object that PostgreSQL has. Loaded by psql as a superuser, with the variable `version` (15, 18, …)
-- for what only newer servers have; needs the extensions of postgresql-contrib.
CREATE EXTENSION citext;
CREATE EXTENSION btree_gist;
CREATE EXTENSION postgres_fdw;
CREATE EXTENSION file_fdw;
CREATE EXTENSION hstore;
CREATE SCHEMA k;
CREATE SCHEMA "K k";
COMMENT ON SCHEMA k IS 'all kinds';

-- Collations, conversions, languages, access methods.
CREATE COLLATION k.german (provider = icu, locale = 'de-u-co-phonebk');
CREATE COLLATION k.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE COLLATION k.plain (provider = libc, locale = 'C');
COMMENT ON COLLATION k.ci IS 'neither upper nor lower';
CREATE CONVERSION k.utf8_to_latin1 FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
CREATE DEFAULT CONVERSION "K k"."C c" FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
COMMENT ON CONVERSION k.utf8_to_latin1 IS 'to and';
CREATE TRUSTED LANGUAGE plmine HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
COMMENT ON LANGUAGE plmine IS 'plpgsql by another name';
CREATE ACCESS METHOD mybtree TYPE INDEX HANDLER bthandler;
CREATE ACCESS METHOD myheap TYPE TABLE HANDLER heap_tableam_handler;
COMMENT ON ACCESS METHOD myheap IS 'as heap';

-- Base types: the type and its functions need each other. A shell.
CREATE TYPE k.num;
CREATE FUNCTION k.num_in(cstring) RETURNS k.num LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'int4in';
CREATE FUNCTION k.num_out(k.num) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'int4out';
CREATE FUNCTION k.num_recv(internal) RETURNS k.num LANGUAGE internal IMMUTABLE STRICT AS 'int4recv';
CREATE FUNCTION k.num_send(k.num) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'int4send';
CREATE TYPE k.num (INPUT = k.num_in, OUTPUT = k.num_out, RECEIVE = k.num_recv, SEND = k.num_send, LIKE = integer, CATEGORY = 'N', DEFAULT = '7');
COMMENT ON TYPE k.num IS 'a number';
CREATE TYPE k.later;
CREATE TYPE k."var T";
CREATE FUNCTION k.var_in(cstring) RETURNS k."var T" LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION k.var_out(k."var T") RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE k."var T" (INPUT = k.var_in, OUTPUT = k.var_out, INTERNALLENGTH = VARIABLE, STORAGE = extended, COLLATABLE = true, DELIMITER = '|', PREFERRED = false);

-- Operators, families, classes; an index and a constraint that use them; an operator class whose function is in plpgsql.
CREATE FUNCTION k.num_lt(k.num, k.num) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4lt';
CREATE FUNCTION k.num_le(k.num, k.num) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4le';
CREATE FUNCTION k.num_eq(k.num, k.num) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4eq';
CREATE FUNCTION k.num_ne(k.num, k.num) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4ne';
CREATE FUNCTION k.num_ge(k.num, k.num) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4ge';
CREATE FUNCTION k.num_gt(k.num, k.num) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4gt';
CREATE FUNCTION k.num_cmp(k.num, k.num) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'btint4cmp';
CREATE FUNCTION k.num_hash(k.num) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'hashint4';
CREATE OPERATOR k.< (FUNCTION = k.num_lt, LEFTARG = k.num, RIGHTARG = k.num, COMMUTATOR = OPERATOR(k.>), NEGATOR = OPERATOR(k.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR k.<= (FUNCTION = k.num_le, LEFTARG = k.num, RIGHTARG = k.num, COMMUTATOR = OPERATOR(k.>=), NEGATOR = OPERATOR(k.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
CREATE OPERATOR k.= (FUNCTION = k.num_eq, LEFTARG = k.num, RIGHTARG = k.num, COMMUTATOR = OPERATOR(k.=), NEGATOR = OPERATOR(k.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR k.<> (FUNCTION = k.num_ne, LEFTARG = k.num, RIGHTARG = k.num, COMMUTATOR = OPERATOR(k.<>), NEGATOR = OPERATOR(k.=), RESTRICT = neqsel);
CREATE OPERATOR k.>= (FUNCTION = k.num_ge, LEFTARG = k.num, RIGHTARG = k.num, COMMUTATOR = OPERATOR(k.<=), NEGATOR = OPERATOR(k.<));
CREATE OPERATOR k.> (FUNCTION = k.num_gt, LEFTARG = k.num, RIGHTARG = k.num, COMMUTATOR = OPERATOR(k.<), NEGATOR = OPERATOR(k.<=));
CREATE OPERATOR k.!! (FUNCTION = k.num_hash, RIGHTARG = k.num);
COMMENT ON OPERATOR k.!! (NONE, k.num) IS 'its hash';
COMMENT ON OPERATOR k.= (k.num, k.num) IS 'the same';
CREATE OPERATOR FAMILY k.num_family USING btree;
COMMENT ON OPERATOR FAMILY k.num_family USING btree IS 'numbers';
CREATE OPERATOR CLASS k.num_ops DEFAULT FOR TYPE k.num USING btree FAMILY k.num_family AS
  OPERATOR 1 k.<, OPERATOR 2 k.<=, OPERATOR 3 k.=, OPERATOR 4 k.>=, OPERATOR 5 k.>, FUNCTION 1 k.num_cmp(k.num, k.num);
COMMENT ON OPERATOR CLASS k.num_ops USING btree IS 'in order';
CREATE OPERATOR CLASS k.num_hash_ops FOR TYPE k.num USING hash AS OPERATOR 1 k.=, FUNCTION 1 k.num_hash(k.num);
CREATE FUNCTION k.int_num_cmp(integer, k.num) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'btint4cmp';
CREATE FUNCTION k.int_num_eq(integer, k.num) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4eq';
CREATE OPERATOR k.= (FUNCTION = k.int_num_eq, LEFTARG = integer, RIGHTARG = k.num);
ALTER OPERATOR FAMILY k.num_family USING btree ADD OPERATOR 3 k.= (integer, k.num), FUNCTION 1 (integer, k.num) k.int_num_cmp(integer, k.num);
CREATE FUNCTION k.backwards(text, text) RETURNS integer LANGUAGE plpgsql IMMUTABLE STRICT AS $$ BEGIN RETURN bttextcmp(reverse($1), reverse($2)); END $$;
CREATE FUNCTION k.text_before(text, text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT AS $$ BEGIN RETURN k.backwards($1, $2) < 0; END $$;
SELECT :version >= 14 AS newer \gset
\if :newer
CREATE FUNCTION k.text_same(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT BEGIN ATOMIC SELECT k.backwards($1, $2) = 0; END;
\else
CREATE FUNCTION k.text_same(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT k.backwards($1, $2) = 0';
\endif
CREATE FUNCTION k.text_after(text, text) RETURNS boolean LANGUAGE plmine IMMUTABLE STRICT AS $$ BEGIN RETURN k.backwards($1, $2) > 0; END $$;
CREATE OPERATOR k.<<< (FUNCTION = k.text_before, LEFTARG = text, RIGHTARG = text);
CREATE OPERATOR k.=== (FUNCTION = k.text_same, LEFTARG = text, RIGHTARG = text, COMMUTATOR = OPERATOR(k.===));
CREATE OPERATOR k.>>> (FUNCTION = k.text_after, LEFTARG = text, RIGHTARG = text, COMMUTATOR = OPERATOR(k.<<<));
CREATE OPERATOR CLASS k.backwards_ops FOR TYPE text USING btree AS OPERATOR 1 k.<<<, OPERATOR 3 k.===, OPERATOR 5 k.>>>, FUNCTION 1 k.backwards(text, text);
CREATE TABLE k.words (id k.num PRIMARY KEY, word text COLLATE k.ci, other text, v k."var T", EXCLUDE USING btree (id WITH k.=));
CREATE INDEX words_backwards ON k.words (other k.backwards_ops);
CREATE INDEX words_expression ON k.words ((other || 'x'), id, (lower(other)));
ALTER INDEX k.words_expression ALTER COLUMN 1 SET STATISTICS 300;
CREATE INDEX words_hash ON k.words USING hash (id k.num_hash_ops);
COMMENT ON INDEX k.words_hash IS 'by hash';
COMMENT ON INDEX k.words_pkey IS 'the key''s index';
COMMENT ON CONSTRAINT words_pkey ON k.words IS 'the key';
CREATE TABLE k.on_myheap (a integer) USING myheap;
CREATE INDEX on_mybtree ON k.on_myheap USING btree (a);

-- Casts, transforms.
CREATE FUNCTION k.hstore_to_num(hstore) RETURNS k.num LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT '1'::k.num $$;
CREATE CAST (k.num AS integer) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (hstore AS k.num) WITH FUNCTION k.hstore_to_num(hstore) AS ASSIGNMENT;
CREATE CAST (k.num AS point) WITH INOUT;
COMMENT ON CAST (k.num AS integer) IS 'binary alike';
CREATE FUNCTION k.from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE STRICT AS 'varchar_support';
CREATE TRANSFORM FOR k.num LANGUAGE plmine (FROM SQL WITH FUNCTION k.from_sql(internal));
COMMENT ON TRANSFORM FOR k.num LANGUAGE plmine IS 'to nowhere';
CREATE FUNCTION k.transformed(k.num) RETURNS integer LANGUAGE plmine TRANSFORM FOR TYPE k.num AS $$ BEGIN RETURN 1; END $$;

-- Text search.
CREATE TEXT SEARCH PARSER k.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, HEADLINE = prsd_headline, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE k.template (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY k.dictionary (TEMPLATE = k.template, STOPWORDS = english, ACCEPT = false);
CREATE TEXT SEARCH DICTIONARY k."no options" (TEMPLATE = pg_catalog.simple);
CREATE TEXT SEARCH CONFIGURATION k.configuration (PARSER = k.parser);
ALTER TEXT SEARCH CONFIGURATION k.configuration ADD MAPPING FOR asciiword, word WITH k.dictionary, pg_catalog.english_stem;
ALTER TEXT SEARCH CONFIGURATION k.configuration ADD MAPPING FOR email WITH k."no options";
CREATE TEXT SEARCH CONFIGURATION k.copied (COPY = pg_catalog.german);
COMMENT ON TEXT SEARCH PARSER k.parser IS 'parses';
COMMENT ON TEXT SEARCH TEMPLATE k.template IS 'of dictionaries';
COMMENT ON TEXT SEARCH DICTIONARY k.dictionary IS 'of words';
COMMENT ON TEXT SEARCH CONFIGURATION k.configuration IS 'all of it';
CREATE TABLE k.texts (body text, found tsvector GENERATED ALWAYS AS (to_tsvector('k.configuration', body)) STORED);
CREATE INDEX texts_found ON k.texts USING gin (to_tsvector('k.copied', body));

-- Foreign data.
CREATE FOREIGN DATA WRAPPER wrap OPTIONS (debug 'true', "A b" 'it''s');
CREATE FOREIGN DATA WRAPPER mine HANDLER postgres_fdw_handler VALIDATOR postgres_fdw_validator;
CREATE SERVER elsewhere TYPE 'big' VERSION '1.2' FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'example.org', dbname 'there', fetch_size '5');
CREATE SERVER nothing FOREIGN DATA WRAPPER wrap;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE USER MAPPING FOR PUBLIC SERVER elsewhere OPTIONS (user 'nobody');
CREATE USER MAPPING FOR postgres SERVER elsewhere OPTIONS (user 'p u', sslcert '/there');
CREATE USER MAPPING FOR postgres SERVER nothing;
CREATE FOREIGN TABLE k.far (id integer OPTIONS (column_name 'far id') NOT NULL, name text COLLATE k.german DEFAULT 'x', CONSTRAINT positive CHECK (id > 0))
  SERVER elsewhere OPTIONS (table_name 't t', schema_name 's');
ALTER FOREIGN TABLE k.far ALTER COLUMN name SET STATISTICS 50;
COMMENT ON FOREIGN DATA WRAPPER wrap IS 'wraps';
COMMENT ON SERVER elsewhere IS 'not here';
COMMENT ON FOREIGN TABLE k.far IS 'far away';
COMMENT ON COLUMN k.far.id IS 'farther';
CREATE FOREIGN TABLE k.file (line text) SERVER files OPTIONS (filename '/nowhere', format 'csv');
CREATE VIEW k.far_view AS SELECT id FROM k.far;
CREATE FUNCTION k.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER far_trigger BEFORE INSERT ON k.far FOR EACH ROW EXECUTE FUNCTION k.note();
COMMENT ON TRIGGER far_trigger ON k.far IS 'of the far';

-- Types: ranges with all they may have, domains over everything, composites.
CREATE TYPE k.mood AS ENUM ('sad', 'it''s ok');
CREATE TYPE k.none AS ENUM ();
CREATE FUNCTION k.span_diff(text, text) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$ SELECT 1.0::double precision $$;
CREATE TYPE k.text_span AS RANGE (SUBTYPE = text, COLLATION = k.german, SUBTYPE_DIFF = k.span_diff);
CREATE TYPE k.pair AS (a integer, "b b" text COLLATE k.german, c k.mood[]);
COMMENT ON TYPE k.pair IS 'two and one';
COMMENT ON COLUMN k.pair."b b" IS 'the second';
CREATE TYPE k.empty AS ();
CREATE DOMAIN k.moods AS k.mood[] CHECK (cardinality(VALUE) > 0);
CREATE DOMAIN k.pairs AS k.pair CONSTRAINT has_a CHECK ((VALUE).a IS NOT NULL);
CREATE DOMAIN k.collated AS text COLLATE k.german DEFAULT 'ä' NOT NULL;
CREATE DOMAIN k.of_domain AS k.collated;
CREATE DOMAIN k.spans AS k.text_span;
CREATE DOMAIN k.nums AS k.num;
COMMENT ON DOMAIN k.pairs IS 'of pairs';
COMMENT ON CONSTRAINT has_a ON DOMAIN k.pairs IS 'it has';

-- Tables: typed, inherited, storage options not in the order of the alphabet, replica identity, unlogged.
CREATE TABLE k.typed OF k.pair (a DEFAULT 1 NOT NULL, PRIMARY KEY (a));
CREATE TABLE k.optioned (a integer, b text) WITH (parallel_workers = 2, fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false, autovacuum_analyze_threshold = 7);
ALTER TABLE k.optioned ALTER COLUMN b SET (n_distinct_inherited = -0.5, n_distinct = 5);
CREATE INDEX optioned_a ON k.optioned (a) WITH (fillfactor = 60, deduplicate_items = off);
CREATE UNIQUE INDEX optioned_b ON k.optioned (b);
ALTER TABLE k.optioned ALTER COLUMN b SET NOT NULL, REPLICA IDENTITY USING INDEX optioned_b;
CREATE TABLE k.full_identity (a integer);
ALTER TABLE k.full_identity REPLICA IDENTITY FULL;
CREATE UNLOGGED TABLE k.unlogged (id serial, n integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME k.unlogged_numbers START WITH 5 CACHE 3));
CREATE SEQUENCE k.owned OWNED BY k.unlogged.id;
COMMENT ON SEQUENCE k.owned IS 'owned';
CREATE TABLE k.partial_null (a integer, b integer, UNIQUE (a, b));
COMMENT ON CONSTRAINT partial_null_a_b_key ON k.partial_null IS 'both';
CREATE TABLE k.unchecked (a integer CONSTRAINT a_check CHECK (a > 0) NO INHERIT, b integer);
ALTER TABLE k.unchecked ADD CONSTRAINT b_check CHECK (b > 0) NOT VALID;

-- Partitions: names of indexes and keys that are not those that would be made; triggers enabled otherwise.
CREATE TABLE k.part (id integer NOT NULL, at date NOT NULL, what text, CONSTRAINT "the key" PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE k.part_1 PARTITION OF k.part FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE k.part_old (id integer NOT NULL, at date NOT NULL, what text, CONSTRAINT old_key PRIMARY KEY (id, at));
CREATE INDEX old_what ON k.part_old (what);
ALTER TABLE k.part ATTACH PARTITION k.part_old FOR VALUES FROM ('2010-01-01') TO ('2011-01-01');
CREATE INDEX part_what ON k.part (what);
CREATE INDEX part_lower ON k.part (lower(what), at DESC);
CREATE TABLE k.part_deep PARTITION OF k.part FOR VALUES FROM ('2030-01-01') TO ('2040-01-01') PARTITION BY LIST (id);
CREATE TABLE k.part_deeper PARTITION OF k.part_deep FOR VALUES IN (1, 2);
ALTER INDEX k.part_deeper_lower_at_idx RENAME TO deepest;
CREATE INDEX only_here ON k.part_1 (what, id);
CREATE INDEX not_attached ON ONLY k.part (at, what);
CREATE TRIGGER part_trigger AFTER INSERT ON k.part FOR EACH ROW EXECUTE FUNCTION k.note();
ALTER TABLE k.part_1 DISABLE TRIGGER part_trigger;
ALTER TABLE k.part_deeper ENABLE ALWAYS TRIGGER part_trigger;
CREATE TABLE k.logs (at date NOT NULL, what text) PARTITION BY RANGE (at);
CREATE FOREIGN TABLE k.logs_far PARTITION OF k.logs FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') SERVER elsewhere OPTIONS (table_name 'l');

-- Views: options, defaults and comments of columns, rules; materialized views with settings of columns.
CREATE VIEW k.checked WITH (security_barrier = true) AS SELECT id, what FROM k.part WHERE id > 0 WITH LOCAL CHECK OPTION;
ALTER VIEW k.checked ALTER COLUMN what SET DEFAULT 'nothing';
COMMENT ON VIEW k.checked IS 'seen';
COMMENT ON COLUMN k.checked.id IS 'a number';
CREATE RULE checked_update AS ON UPDATE TO k.checked DO ALSO NOTIFY changed;
COMMENT ON RULE checked_update ON k.checked IS 'tells';
CREATE RULE words_insert AS ON INSERT TO k.words WHERE NEW.word = 'x' DO INSTEAD NOTHING;
ALTER TABLE k.words DISABLE RULE words_insert;
CREATE MATERIALIZED VIEW k.kept AS SELECT id, what, repeat(what, 2) AS twice FROM k.part;
ALTER MATERIALIZED VIEW k.kept ALTER COLUMN twice SET STATISTICS 20, ALTER COLUMN twice SET STORAGE EXTERNAL, ALTER COLUMN what SET (n_distinct = 7);
COMMENT ON MATERIALIZED VIEW k.kept IS 'kept';
COMMENT ON COLUMN k.kept.twice IS 'two times';
CREATE UNIQUE INDEX kept_id ON k.kept (id);
ALTER MATERIALIZED VIEW k.kept CLUSTER ON kept_id;
CREATE FUNCTION k.instead() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE VIEW k.joined AS SELECT p.id, w.word FROM k.part p, k.words w;
CREATE TRIGGER joined_insert INSTEAD OF INSERT ON k.joined FOR EACH ROW EXECUTE FUNCTION k.instead();
COMMENT ON TRIGGER joined_insert ON k.joined IS 'instead';

-- Circles: views by rules and by queries, tables and functions with BEGIN ATOMIC, defaults.
CREATE TABLE k.circle (id integer PRIMARY KEY, n bigint);
SELECT :version >= 14 AS newer \gset
\if :newer
CREATE FUNCTION k.count_circle() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM k.circle; END;
CREATE SUBSCRIPTION sub5 CONNECTION 'host=x' PUBLICATION p WITH (connect = false, slot_name = NONE, binary = true, streaming = true);
CREATE TABLE k.compressed (a text COMPRESSION pglz, b text);
CREATE MATERIALIZED VIEW k.kept_compressed AS SELECT a, b FROM k.compressed;
ALTER MATERIALIZED VIEW k.kept_compressed ALTER COLUMN b SET COMPRESSION pglz;
CREATE TYPE k.named_span AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = "many spans");
\else
CREATE FUNCTION k.count_circle() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM k.circle';
\endif
ALTER TABLE k.circle ALTER COLUMN n SET DEFAULT k.count_circle(), ADD CONSTRAINT few CHECK (k.count_circle() < 1000);
CREATE SCHEMA zz;
CREATE EXTENSION unaccent SCHEMA zz;
ALTER TABLE k.circle ADD CONSTRAINT plain CHECK (zz.unaccent(n::text) <> 'x');
CREATE VIEW k.one AS SELECT 1 AS a, 'x'::text AS b;
CREATE VIEW k.two AS SELECT a, b FROM k.one;
CREATE OR REPLACE VIEW k.one AS SELECT a, b FROM k.two;
CREATE RULE one_insert AS ON INSERT TO k.one DO INSTEAD INSERT INTO k.circle VALUES (NEW.a);
CREATE VIEW k.left_hand AS SELECT id FROM k.circle;
CREATE VIEW k.right_hand AS SELECT id FROM k.left_hand;
CREATE RULE left_update AS ON UPDATE TO k.left_hand DO INSTEAD SELECT id FROM k.right_hand;
CREATE RULE right_update AS ON UPDATE TO k.right_hand DO INSTEAD SELECT id FROM k.left_hand;
CREATE FUNCTION k.of_row(k.circle) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT $1.id $$;
CREATE INDEX circle_of_row ON k.circle (k.of_row(circle));
CREATE VIEW k.grouped AS SELECT c.id, c.n, count(*) FROM k.circle c GROUP BY c.id;

-- Lists of strings, whose arrays the server writes in a way that it reads as something else.
CREATE TABLE k.listed (a varchar(10) DEFAULT 'x' CHECK (a IN ('x', 'it''s', '[),')), b char(3) CHECK (b IN ('x', 'y')), c text CHECK (c NOT IN ('x', 'y')), d name CHECK (d IN ('x', 'y')), e k.mood CHECK (e IN ('sad')), f bigint CHECK (f IN (1, 2)));
CREATE INDEX listed_c ON k.listed (c) WHERE a IN ('x', 'y');
CREATE VIEW k.of_listed AS SELECT * FROM k.listed WHERE a IN ('x', 'y') AND a = ANY (ARRAY['a', 'b']::text[]) AND c IN (a, 'x') AND a LIKE ANY (ARRAY['a'::varchar, 'b']);
CREATE DOMAIN k.of_list AS varchar CHECK (VALUE IN ('x', 'y'));
CREATE FUNCTION k.with_list(varchar) RETURNS boolean LANGUAGE sql AS $$ SELECT ($1)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]) $$;

-- The same of arrays of all sorts, of chains of AND and OR, of columns without a name and of a bare VALUES (drivers/postgres/respell.c).
CREATE TABLE k.spelled (id integer, n integer CHECK (n BETWEEN 1 AND 9 AND n <> 5), m numeric(10,2) CHECK (m = ANY (ARRAY[1, 2])), a varchar(20), b varchar, c text, f float8, d char(5), t timestamp, bo boolean, w bit(3), i interval,
  CHECK (a IN ('x', b, 'y') OR n BETWEEN 2 AND 3 OR n = 4), CHECK ((n, id) <> (1, 2) OR a = 'x'), CHECK (n NOT IN (1, id) AND a = 'x'),
  EXCLUDE USING btree (n WITH =) WHERE (n BETWEEN 1 AND 2 AND id <> 7));
CREATE INDEX spelled_i ON k.spelled ((n BETWEEN 1 AND 2 AND a = 'x')) WHERE n NOT BETWEEN 1 AND 3 OR a IN ('x', 'y');
CREATE DOMAIN k.spelled_d AS integer CHECK (VALUE BETWEEN 1 AND 3 AND VALUE <> 2);
CREATE VIEW k.spelled_arrays AS SELECT ARRAY[ARRAY[1, 2], ARRAY[3, n]]::numeric[] AS x, ARRAY[[a, b], [b, a]]::text[] AS y FROM k.spelled
  WHERE f = ANY (ARRAY[1, 2]) AND f = ANY (ARRAY[1.5, 2]) AND m = ANY (ARRAY[n, 1]) AND c <> ALL (ARRAY[b, 'y']::varchar[]) AND a = ANY (ARRAY['a', 'b']::varchar(3)[]) AND a = ANY (ARRAY[b, c::varchar]::varchar(5)[])
  AND d = ANY (ARRAY['a', 'b']::char(3)[]) AND w = ANY (ARRAY['1', '0']::bit(3)[]) AND i = ANY (ARRAY['1']::interval hour[]) AND t = ANY (ARRAY['2020-01-01']::timestamp(3)[]) AND a = ANY (ARRAY[upper(b)::varchar, 'x']) AND a || b = ANY (ARRAY[CASE WHEN bo THEN 'x'::varchar ELSE b END, 'z']);
CREATE VIEW k.spelled_chains AS SELECT CASE WHEN n IN (1, id) OR n = 3 THEN NOT (n BETWEEN 1 AND 2 AND bo) END AS x, sum(n) OVER (PARTITION BY a ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS y
  FROM k.spelled WHERE (n BETWEEN SYMMETRIC 1 AND id OR a = 'x') AND ((n = 1 AND a = 'x') AND a = 'y') AND NOT (n BETWEEN 1 AND 2) AND (n, id) = (1, 2);
CREATE VIEW k.spelled_nameless AS SELECT coalesce((SELECT 'x'), 'y') AS a, ARRAY(SELECT -1) AS b, c IN (SELECT 'x' UNION SELECT 'y') AS c, (SELECT max(s.c) FROM k.spelled s) AS d, (SELECT n) AS e
  FROM k.spelled WHERE (n, c) = (SELECT 1, 'x') AND EXISTS (SELECT DISTINCT ON (s.b) 'x', s.n, s.*, s.n + 1, NULL FROM k.spelled s ORDER BY s.b) AND n > ALL (SELECT -1);
CREATE VIEW k.spelled_values(p, "Q q") AS VALUES (1, 'a'), (2, 'b') UNION ALL VALUES (3, 'c') UNION ALL SELECT 4, 'd' UNION (VALUES (5, 'b') ORDER BY 1 LIMIT 1);
CREATE VIEW k.spelled_value(p) WITH (security_barrier) AS VALUES (1) ORDER BY 1;
CREATE MATERIALIZED VIEW k.spelled_kept(p, q) AS VALUES (1, 'x');
CREATE VIEW k.not_respelled AS SELECT column1 AS x FROM (VALUES (1, 2)) "*VALUES*" UNION SELECT q.column1 FROM (VALUES (1), (2)) q UNION SELECT (VALUES (1)) WHERE 2 IN (VALUES (1), (2)) UNION SELECT column1 AS x FROM (VALUES (1)) "*VALUES*";
CREATE RULE spelled_rule AS ON UPDATE TO k.spelled WHERE new.n BETWEEN 1 AND 2 AND old.a IN ('x', 'y') DO ALSO (INSERT INTO k.listed (f, c) VALUES (new.n, 'x'), (2, 'y'); DELETE FROM k.listed WHERE f BETWEEN 1 AND 2 AND c = 'x');
CREATE RULE spelled_back AS ON DELETE TO k.spelled DO INSTEAD DELETE FROM k.listed RETURNING 1, 2, 3::numeric(10,2), 'x'::varchar(20), 'x'::varchar, 'x', 1.5::float8, 'x'::char(5), now()::timestamp, true, '101'::bit(3), '1'::interval;
ALTER TABLE k.spelled ENABLE ROW LEVEL SECURITY;
CREATE POLICY spelled_policy ON k.spelled USING (n BETWEEN 1 AND 2 AND EXISTS (SELECT 'x' FROM k.listed)) WITH CHECK (n IN (1, id) OR n = 4);

-- Policies, event triggers, statistics, routines.
ALTER TABLE k.circle ENABLE ROW LEVEL SECURITY;
CREATE TABLE k.deferred (a integer CONSTRAINT late UNIQUE DEFERRABLE INITIALLY DEFERRED, b int4range, EXCLUDE USING gist (b WITH &&) WITH (fillfactor = 80));
CREATE POLICY all_of_them ON k.circle USING (n > k.count_circle());
COMMENT ON POLICY all_of_them ON k.circle IS 'sees';
CREATE FUNCTION k.on_event() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER on_event ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION k.on_event();
ALTER EVENT TRIGGER on_event DISABLE;
COMMENT ON EVENT TRIGGER on_event IS 'events';
CREATE STATISTICS k.stats (ndistinct) ON id, what FROM k.part_1;
COMMENT ON STATISTICS k.stats IS 'of two';
CREATE AGGREGATE k.first_of (ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = mode_final, FINALFUNC_EXTRA);
CREATE FUNCTION k.bigger(k.num, k.num) RETURNS k.num LANGUAGE internal IMMUTABLE STRICT AS 'int4larger';
CREATE AGGREGATE k.biggest (k.num) (SFUNC = k.bigger, STYPE = k.num, SORTOP = OPERATOR(k.>));
COMMENT ON AGGREGATE k.biggest (k.num) IS 'max';
CREATE PROCEDURE k.proc(INOUT a integer, VARIADIC b text[]) LANGUAGE plpgsql AS $$ BEGIN END $$;
COMMENT ON PROCEDURE k.proc IS 'does';

-- Publications and subscriptions.
CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert, delete');
CREATE PUBLICATION several FOR TABLE k.part, k.partial_null WITH (publish_via_partition_root = true);
CREATE PUBLICATION nothing_yet;
COMMENT ON PUBLICATION several IS 'some';
CREATE SUBSCRIPTION sub CONNECTION 'host=example.org dbname=x' PUBLICATION p, "P q" WITH (connect = false, slot_name = 'slot', synchronous_commit = 'remote_apply');
CREATE SUBSCRIPTION sub2 CONNECTION 'postgresql://u@example.org/x?sslmode=require' PUBLICATION p WITH (connect = false, slot_name = NONE);
COMMENT ON SUBSCRIPTION sub IS 'takes';

SELECT :version >= 15 AS newer \gset
\if :newer
CREATE SUBSCRIPTION sub6 CONNECTION 'host=x' PUBLICATION p WITH (connect = false, slot_name = NONE, two_phase = true, disable_on_error = true);
CREATE PUBLICATION by_column FOR TABLE k.partial_null (a, b) WHERE (a > 0);
CREATE PUBLICATION by_schema FOR TABLES IN SCHEMA "K k", TABLE k.partial_null WHERE (b > 0);
CREATE VIEW k.invoked WITH (security_invoker = true) AS SELECT 1 AS a;
CREATE TABLE k.nulls_equal (a integer UNIQUE NULLS NOT DISTINCT, b integer);
CREATE TABLE k.set_null (a integer, b integer, c integer, FOREIGN KEY (a, b) REFERENCES k.partial_null (a, b) ON DELETE SET NULL (b));
CREATE UNLOGGED SEQUENCE k.unlogged_sequence;
\endif
SELECT :version >= 16 AS newer \gset
\if :newer
CREATE COLLATION k.ruled (provider = icu, locale = 'und', rules = '& V << w <<< W');
CREATE SUBSCRIPTION sub3 CONNECTION 'host=x' PUBLICATION p WITH (connect = false, slot_name = NONE, streaming = parallel, origin = none, run_as_owner = true, password_required = false);
\endif
SELECT :version >= 17 AS newer \gset
\if :newer
CREATE COLLATION k.built_in (provider = builtin, locale = 'C.UTF-8');
CREATE SUBSCRIPTION sub4 CONNECTION 'host=x' PUBLICATION p WITH (connect = false, slot_name = NONE, failover = false);
CREATE TABLE k.excluded (at date, during int4range, EXCLUDE USING gist (at WITH =, during WITH &&)) PARTITION BY RANGE (at);
CREATE TABLE k.excluded_1 PARTITION OF k.excluded FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
\endif
SELECT :version >= 18 AS newer \gset
\if :newer
CREATE TABLE k.named_null (a integer CONSTRAINT "not null" NOT NULL, b integer NOT NULL NO INHERIT, c integer, d integer CONSTRAINT "both" NOT NULL NO INHERIT);
ALTER TABLE k.named_null ADD CONSTRAINT c_filled NOT NULL c NOT VALID;
COMMENT ON CONSTRAINT "not null" ON k.named_null IS 'filled';
CREATE TABLE k.heir (e integer) INHERITS (k.named_null);
CREATE TABLE k.virtual (a integer, b integer GENERATED ALWAYS AS (a * 2) VIRTUAL, c integer GENERATED ALWAYS AS (a * 3) STORED);
CREATE TABLE k.booked (id integer, during int4range, CONSTRAINT booked_key PRIMARY KEY (id, during WITHOUT OVERLAPS));
CREATE TABLE k.part_booked (id integer, during int4range, FOREIGN KEY (id, PERIOD during) REFERENCES k.booked (id, PERIOD during));
CREATE TABLE k.not_enforced (a integer CHECK (a > 0) NOT ENFORCED, b integer REFERENCES k.circle NOT ENFORCED);
CREATE PUBLICATION computed FOR TABLE k.virtual WITH (publish_generated_columns = stored);
CREATE TABLE k.part_named (id integer CONSTRAINT has_id NOT NULL, at date) PARTITION BY RANGE (at);
CREATE TABLE k.part_named_1 PARTITION OF k.part_named FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
\endif
