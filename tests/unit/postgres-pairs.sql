-- Pairs of schemas for test-postgres-pairs.c: each is taken from old to new and back. "both" comes before either. "from N": since that version.
-- pair operator estimators
-- both
CREATE FUNCTION eq(point, point) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'point_eq';
-- old
CREATE OPERATOR === (FUNCTION = eq, LEFTARG = point, RIGHTARG = point, RESTRICT = eqsel);
-- new
CREATE OPERATOR === (FUNCTION = eq, LEFTARG = point, RIGHTARG = point, JOIN = eqjoinsel, RESTRICT = neqsel);
COMMENT ON OPERATOR === (point, point) IS 'same';
-- pair operator commutators
-- both
CREATE FUNCTION lt(point, point) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1[0] < $2[0]';
CREATE FUNCTION gt(point, point) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1[0] > $2[0]';
-- old
CREATE OPERATOR << (FUNCTION = lt, LEFTARG = point, RIGHTARG = point);
CREATE OPERATOR >> (FUNCTION = gt, LEFTARG = point, RIGHTARG = point);
-- new
CREATE OPERATOR << (FUNCTION = lt, LEFTARG = point, RIGHTARG = point, COMMUTATOR = >>);
CREATE OPERATOR >> (FUNCTION = gt, LEFTARG = point, RIGHTARG = point, COMMUTATOR = <<);
-- pair operator used by a view, a check and an index
-- old
CREATE TABLE t (id integer, p text);
-- new
CREATE FUNCTION same(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 = $2';
CREATE OPERATOR === (FUNCTION = same, LEFTARG = text, RIGHTARG = text);
CREATE TABLE t (id integer, p text CHECK (p === p));
CREATE VIEW v AS SELECT id FROM t WHERE p === 'x';
CREATE INDEX i ON t ((p === 'y'));
-- pair operator family members and classes
-- both
CREATE FUNCTION cmp(integer, text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT btint4cmp($1, length($2))';
CREATE FUNCTION eq(integer, text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 = length($2)';
CREATE OPERATOR === (FUNCTION = eq, LEFTARG = integer, RIGHTARG = text);
-- old
CREATE OPERATOR FAMILY f USING btree;
ALTER OPERATOR FAMILY f USING btree ADD OPERATOR 3 === (integer, text);
-- new
CREATE OPERATOR FAMILY f USING btree;
ALTER OPERATOR FAMILY f USING btree ADD FUNCTION 1 (integer, text) cmp(integer, text);
COMMENT ON OPERATOR FAMILY f USING btree IS 'c';
-- pair operator class with an index that uses it, made of a function in plpgsql that changes
-- old
CREATE TABLE t (a text);
CREATE FUNCTION back(text, text) RETURNS integer LANGUAGE plpgsql IMMUTABLE STRICT AS $$ BEGIN RETURN bttextcmp($2, $1); END $$;
CREATE OPERATOR CLASS back_ops FOR TYPE text USING btree AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 back(text, text);
CREATE INDEX i ON t (a back_ops);
-- new
CREATE TABLE t (a text);
CREATE FUNCTION back(text, text) RETURNS integer LANGUAGE plpgsql IMMUTABLE STRICT AS $$ BEGIN RETURN bttextcmp($2, $1) * 2; END $$;
CREATE OPERATOR CLASS back_ops FOR TYPE text USING btree AS OPERATOR 1 <, OPERATOR 3 =, OPERATOR 5 >, FUNCTION 1 back(text, text);
CREATE INDEX i ON t (a back_ops DESC);
-- pair base type comes and goes
-- old
CREATE TABLE t (id integer);
-- new
CREATE TYPE num;
CREATE FUNCTION num_in(cstring) RETURNS num LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION num_out(num) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE num (INPUT = num_in, OUTPUT = num_out, LIKE = integer);
CREATE TABLE t (id integer, n num);
CREATE FUNCTION plain(num) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE CAST (num AS integer) WITHOUT FUNCTION;
-- pair base type changes
-- both
CREATE TYPE num;
CREATE FUNCTION num_in(cstring) RETURNS num LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION num_out(num) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
-- old
CREATE TYPE num (INPUT = num_in, OUTPUT = num_out, LIKE = integer);
CREATE FUNCTION plain(num) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- new
CREATE TYPE num (INPUT = num_in, OUTPUT = num_out, LIKE = integer, DEFAULT = '3');
CREATE FUNCTION plain(num) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- pair shell
-- old
CREATE TYPE later;
-- new
CREATE TYPE other;
-- pair casts
-- both
CREATE TYPE mood AS ENUM ('a');
CREATE FUNCTION to_int(mood) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
-- old
CREATE CAST (mood AS integer) WITH FUNCTION to_int(mood);
CREATE CAST (mood AS bigint) WITH INOUT;
-- new
CREATE CAST (mood AS integer) WITH FUNCTION to_int(mood) AS IMPLICIT;
COMMENT ON CAST (mood AS integer) IS 'one';
CREATE TABLE t (a integer DEFAULT 'a'::mood::integer);
-- pair collation of a column and of a domain
-- old
CREATE COLLATION c (provider = icu, locale = 'de');
CREATE TABLE t (a text COLLATE c, b text, e text COLLATE c);
CREATE DOMAIN d AS text COLLATE c;
CREATE INDEX i ON t (e, b COLLATE c);
CREATE VIEW v AS SELECT e, b COLLATE c AS b FROM t;
-- new
CREATE COLLATION c (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE t (a text, b text COLLATE c, e text COLLATE c);
CREATE INDEX i ON t (e, b COLLATE c);
CREATE VIEW v AS SELECT e, b COLLATE c AS b FROM t;
-- pair collation of domains that come, go and change
-- old
CREATE COLLATION c (provider = icu, locale = 'de');
CREATE COLLATION gone (provider = icu, locale = 'de');
CREATE DOMAIN d AS text COLLATE c;
CREATE DOMAIN e AS text COLLATE c;
CREATE DOMAIN f AS text COLLATE gone;
-- new
CREATE COLLATION c (provider = icu, locale = 'sv');
CREATE DOMAIN d AS text COLLATE "C";
CREATE DOMAIN f AS text COLLATE c;
-- pair conversions and languages
-- old
CREATE CONVERSION c FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
CREATE LANGUAGE l HANDLER plpgsql_call_handler;
CREATE FUNCTION f() RETURNS integer LANGUAGE l AS 'BEGIN RETURN 1; END';
-- new
CREATE DEFAULT CONVERSION c FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
CREATE LANGUAGE l HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE FUNCTION f() RETURNS integer LANGUAGE l AS 'BEGIN RETURN 2; END';
-- pair language goes with its functions and transforms
-- old
CREATE TRUSTED LANGUAGE l HANDLER plpgsql_call_handler;
CREATE FUNCTION from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE STRICT AS 'varchar_support';
CREATE TRANSFORM FOR point LANGUAGE l (FROM SQL WITH FUNCTION from_sql(internal));
CREATE FUNCTION f(point) RETURNS integer LANGUAGE l TRANSFORM FOR TYPE point AS 'BEGIN RETURN 1; END';
-- new
CREATE FUNCTION f(point) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
-- pair access methods
-- old
CREATE ACCESS METHOD am TYPE TABLE HANDLER heap_tableam_handler;
CREATE ACCESS METHOD bt TYPE INDEX HANDLER bthandler;
CREATE TABLE t (a integer);
-- new
CREATE ACCESS METHOD am TYPE TABLE HANDLER heap_tableam_handler;
COMMENT ON ACCESS METHOD am IS 'heap';
CREATE TABLE t (a integer);
CREATE TABLE u (a integer) USING am;
-- pair text search dictionaries and configurations
-- both
CREATE TABLE t (a text);
-- old
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = snowball, LANGUAGE = 'english', STOPWORDS = 'english');
CREATE TEXT SEARCH CONFIGURATION c (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR asciiword, word WITH d;
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR email WITH simple;
CREATE INDEX i ON t USING gin (to_tsvector('public.c', a));
-- new
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = snowball, LANGUAGE = 'german');
CREATE TEXT SEARCH CONFIGURATION c (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR asciiword WITH d, simple;
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR url, email WITH simple;
CREATE INDEX i ON t USING gin (to_tsvector('public.c', a));
-- pair text search templates and parsers
-- old
CREATE TEXT SEARCH TEMPLATE tt (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = tt, ACCEPT = false);
CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH CONFIGURATION c (PARSER = p);
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH d;
-- new
CREATE TEXT SEARCH TEMPLATE tt (LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, HEADLINE = prsd_headline, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH CONFIGURATION c (PARSER = p);
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH simple;
-- pair foreign data
-- old
CREATE FOREIGN DATA WRAPPER w OPTIONS (a '1', b '2');
CREATE SERVER s VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'x', "P p" '1');
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'u', role 'r');
CREATE FOREIGN TABLE t (a integer OPTIONS (n '1') NOT NULL, b text, c integer DEFAULT 1) SERVER s OPTIONS (q '1');
CREATE VIEW v AS SELECT a FROM t;
-- new
CREATE FOREIGN DATA WRAPPER w OPTIONS (b '2');
ALTER FOREIGN DATA WRAPPER w OPTIONS (ADD c 'it''s', SET b '3');
CREATE SERVER s VERSION '2' FOREIGN DATA WRAPPER w OPTIONS (host 'y', port '1');
COMMENT ON SERVER s IS 'there';
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (role 'other');
CREATE FOREIGN TABLE t (a bigint OPTIONS (n '2', m 'x'), b text OPTIONS (k 'v') COLLATE "C", d integer CHECK (d > 0)) SERVER s OPTIONS (q '2', r '3');
CREATE VIEW v AS SELECT a FROM t;
COMMENT ON COLUMN t.a IS 'far';
-- pair foreign data wrapper with functions
-- old
CREATE FOREIGN DATA WRAPPER w VALIDATOR postgresql_fdw_validator;
-- new
CREATE FOREIGN DATA WRAPPER w;
-- pair foreign server of another wrapper
-- both
CREATE FOREIGN DATA WRAPPER w;
CREATE FOREIGN DATA WRAPPER x;
-- old
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE USER MAPPING FOR PUBLIC SERVER s;
CREATE FOREIGN TABLE t (a integer) SERVER s;
-- new
CREATE SERVER s TYPE 'y' FOREIGN DATA WRAPPER x;
CREATE USER MAPPING FOR PUBLIC SERVER s;
CREATE FOREIGN TABLE t (a integer) SERVER s;
-- pair foreign partition
-- both
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE TABLE p (a integer, b text) PARTITION BY LIST (a);
-- old
CREATE FOREIGN TABLE p1 PARTITION OF p FOR VALUES IN (1) SERVER s;
-- new
CREATE FOREIGN TABLE p1 PARTITION OF p FOR VALUES IN (1, 2) SERVER s OPTIONS (x 'y');
CREATE FOREIGN TABLE p2 PARTITION OF p DEFAULT SERVER s;
-- pair publications
-- both
CREATE TABLE t (a integer PRIMARY KEY, b integer, c text);
CREATE TABLE u (a integer PRIMARY KEY);
CREATE SCHEMA s;
-- old
CREATE PUBLICATION p FOR TABLE t WITH (publish = 'insert');
CREATE PUBLICATION q FOR ALL TABLES;
-- new
CREATE PUBLICATION p FOR TABLE u WITH (publish = 'insert, update', publish_via_partition_root = true);
CREATE PUBLICATION q FOR TABLE t, u;
COMMENT ON PUBLICATION p IS 'p';
-- pair publications of tables that change
-- from 15
-- old
CREATE SCHEMA s;
CREATE TABLE t (a integer PRIMARY KEY, b integer, c text);
CREATE TABLE gone (a integer PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE t (a, b) WHERE (a > 1), gone;
CREATE PUBLICATION q FOR TABLES IN SCHEMA s;
-- new
CREATE TABLE t (a integer PRIMARY KEY, b bigint, d text);
CREATE TABLE come (a integer PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE t (a, b) WHERE (a > 1), come;
CREATE PUBLICATION q FOR TABLES IN SCHEMA public;
-- pair subscriptions
-- old
CREATE SUBSCRIPTION s CONNECTION 'host=a' PUBLICATION p WITH (connect = false, slot_name = 'x');
CREATE SUBSCRIPTION gone CONNECTION 'host=a' PUBLICATION p WITH (connect = false, slot_name = 'y');
-- new
CREATE SUBSCRIPTION s CONNECTION 'host=b dbname=c' PUBLICATION q, p WITH (connect = false, slot_name = 'z', synchronous_commit = 'on');
COMMENT ON SUBSCRIPTION s IS 's';
-- pair columns of views, types and indexes
-- both
CREATE TABLE t (a integer, b text);
-- old
CREATE VIEW v AS SELECT a, b FROM t;
ALTER VIEW v ALTER COLUMN a SET DEFAULT 1;
COMMENT ON COLUMN v.b IS 'b';
CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
ALTER MATERIALIZED VIEW m ALTER COLUMN b SET STORAGE EXTERNAL, ALTER COLUMN a SET (n_distinct = 3), ALTER COLUMN a SET STATISTICS 7;
CREATE TYPE p AS (x integer, y text);
COMMENT ON COLUMN p.x IS 'x';
CREATE INDEX i ON t ((a + 1), (a + 2));
ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 10;
-- new
CREATE VIEW v AS SELECT a, b, a AS c FROM t;
ALTER VIEW v ALTER COLUMN a SET DEFAULT 2, ALTER COLUMN c SET DEFAULT 3;
COMMENT ON COLUMN v.a IS 'a';
CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
ALTER MATERIALIZED VIEW m ALTER COLUMN b SET STATISTICS 8, ALTER COLUMN a SET (n_distinct = 4);
COMMENT ON COLUMN m.a IS 'of m';
CREATE TYPE p AS (x integer, y text);
COMMENT ON COLUMN p.x IS 'X';
COMMENT ON COLUMN p.y IS 'y';
CREATE INDEX i ON t ((a + 1), (a + 2));
ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 20;
-- pair comment of a key's index, cluster mark of a materialized view
-- both
CREATE TABLE t (a integer CONSTRAINT k PRIMARY KEY);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE INDEX mi ON m (a);
-- old
COMMENT ON INDEX k IS 'one';
ALTER MATERIALIZED VIEW m CLUSTER ON mi;
-- new
COMMENT ON CONSTRAINT k ON t IS 'two';
-- pair order of options
-- old
CREATE TABLE t (a integer) WITH (parallel_workers = 2, fillfactor = 50);
-- new
CREATE TABLE t (a integer) WITH (toast.autovacuum_enabled = false, fillfactor = 50, autovacuum_enabled = false);
-- pair state of triggers of partitions
-- both
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE p (a integer) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE TRIGGER g AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
-- old
ALTER TABLE p1 DISABLE TRIGGER g;
-- new
ALTER TABLE p DISABLE TRIGGER g;
ALTER TABLE p2 ENABLE ALWAYS TRIGGER g;
-- pair trigger of a partitioned table made again
-- both
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE p (a integer) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- old
CREATE TRIGGER g AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE p1 DISABLE TRIGGER g;
-- new
CREATE TRIGGER g AFTER UPDATE ON p FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE p1 DISABLE TRIGGER g;
-- pair names of indexes of partitions
-- both
CREATE TABLE p (a integer NOT NULL, b text) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE INDEX pb ON p (b);
ALTER TABLE p ADD CONSTRAINT pk PRIMARY KEY (a);
-- old
ALTER INDEX p1_b_idx RENAME TO one;
ALTER INDEX p2_pkey RENAME TO key_2;
-- new
ALTER INDEX p1_b_idx RENAME TO two;
ALTER INDEX p2_b_idx RENAME TO p1_b_idx;
COMMENT ON INDEX p1_b_idx IS 'of p2';
-- pair partition with names of its own comes
-- old
CREATE TABLE p (a integer NOT NULL, b text) PARTITION BY LIST (a);
CREATE INDEX pb ON p (b);
-- new
CREATE TABLE p (a integer NOT NULL, b text) PARTITION BY LIST (a);
CREATE TABLE p1 (a integer NOT NULL, b text);
CREATE INDEX mine ON p1 (b);
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);
CREATE INDEX pb ON p (b);
-- pair lists of strings
-- old
CREATE TABLE t (a varchar CHECK (a IN ('x', 'y')), b varchar DEFAULT 'x');
CREATE VIEW v AS SELECT a FROM t WHERE a IN ('x', 'z');
-- new
CREATE TABLE t (a varchar CHECK (a IN ('x', 'y', 'it''s]')), b varchar DEFAULT 'x' CHECK (b NOT IN ('q', 'r')));
CREATE VIEW v AS SELECT a FROM t WHERE a IN ('x', 'y', 'z');
CREATE INDEX i ON t (a) WHERE b IN ('x', 'y');
-- pair circles of views
-- old
CREATE TABLE t (a integer);
CREATE VIEW one AS SELECT 1 AS a, 'x'::text COLLATE "C" AS "b b";
CREATE VIEW two AS SELECT a, "b b" FROM one;
-- new
CREATE TABLE t (a integer);
CREATE VIEW one AS SELECT 1 AS a, 'x'::text COLLATE "C" AS "b b";
CREATE VIEW two AS SELECT a, "b b" FROM one;
CREATE OR REPLACE VIEW one AS SELECT a, "b b" FROM two;
-- pair circles of views by rules
-- old
CREATE TABLE t (a integer);
-- new
CREATE TABLE t (a integer);
CREATE VIEW one AS SELECT a FROM t;
CREATE VIEW two AS SELECT a FROM one;
CREATE RULE r1 AS ON INSERT TO one DO INSTEAD INSERT INTO two VALUES (NEW.a);
CREATE RULE r2 AS ON INSERT TO two DO INSTEAD INSERT INTO one VALUES (NEW.a);
-- pair circles of tables and functions
-- from 14
-- old
CREATE TABLE t (a integer, n bigint);
-- new
CREATE TABLE t (a integer, n bigint);
CREATE FUNCTION c() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t; END;
ALTER TABLE t ALTER COLUMN n SET DEFAULT c(), ADD COLUMN m bigint DEFAULT c(), ADD CONSTRAINT few CHECK (c() < 100);
CREATE FUNCTION r(t) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.a';
CREATE INDEX i ON t (r(t));
-- pair circles of tables, functions and policies that come and go as a whole
-- from 14
-- old
SELECT 1;
-- new
CREATE TABLE t (a integer, n bigint);
CREATE FUNCTION c() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t; END;
ALTER TABLE t ALTER COLUMN n SET DEFAULT c(), ADD CONSTRAINT few CHECK (c() < 100);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (c() > 0);
-- pair names of not null
-- from 18
-- old
CREATE TABLE t (a integer CONSTRAINT x NOT NULL, b integer NOT NULL NO INHERIT, c integer, d integer NOT NULL, e integer);
ALTER TABLE t ADD CONSTRAINT y NOT NULL c NOT VALID;
COMMENT ON CONSTRAINT y ON t IS 'y';
-- new
CREATE TABLE t (a integer CONSTRAINT z NOT NULL, b integer NOT NULL, c integer CONSTRAINT y NOT NULL, d integer, e integer CONSTRAINT w NOT NULL NO INHERIT);
COMMENT ON CONSTRAINT z ON t IS 'z';
-- pair not enforced, without overlaps, virtual
-- from 18
-- both
CREATE TABLE k (a integer PRIMARY KEY);
CREATE EXTENSION btree_gist;
-- old
CREATE TABLE t (a integer CONSTRAINT c CHECK (a > 0), b integer CONSTRAINT f REFERENCES k, v integer GENERATED ALWAYS AS (a + 1) VIRTUAL, during int4range, PRIMARY KEY (a, during WITHOUT OVERLAPS));
-- new
CREATE TABLE t (a integer CONSTRAINT c CHECK (a > 0) NOT ENFORCED, b integer CONSTRAINT f REFERENCES k NOT ENFORCED, v integer GENERATED ALWAYS AS (a + 2) VIRTUAL, during int4range, PRIMARY KEY (a, during));
-- pair dependences on extensions
-- both
CREATE EXTENSION citext;
CREATE EXTENSION hstore;
CREATE TABLE t (a integer);
CREATE FUNCTION f(integer, text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g();
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE INDEX i ON t (a);
-- old
ALTER FUNCTION f(integer, text) DEPENDS ON EXTENSION citext;
-- new
ALTER FUNCTION f(integer, text) DEPENDS ON EXTENSION hstore;
ALTER TRIGGER g ON t DEPENDS ON EXTENSION hstore;
ALTER MATERIALIZED VIEW m DEPENDS ON EXTENSION citext;
ALTER INDEX i DEPENDS ON EXTENSION hstore;
ALTER INDEX i DEPENDS ON EXTENSION citext;
-- pair ranges that need a shell
-- old
CREATE TABLE t (a integer);
-- new
CREATE TYPE span;
CREATE FUNCTION canonical(span) RETURNS span LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE span AS RANGE (SUBTYPE = integer, CANONICAL = canonical, SUBTYPE_DIFF = int4range_subdiff);
CREATE TABLE t (a integer, b span DEFAULT '[1,2)');
CREATE FUNCTION of_span(span) RETURNS integer LANGUAGE sql AS 'SELECT lower($1)';
-- pair keys to partitions
-- old
CREATE TABLE t (a integer);
-- new
CREATE TABLE p (a integer, b integer, PRIMARY KEY (a, b)) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10) PARTITION BY LIST (b);
CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1);
CREATE TABLE zp (b integer NOT NULL, a integer NOT NULL);
ALTER TABLE p ATTACH PARTITION zp FOR VALUES FROM (10) TO (20);
CREATE TABLE f (a integer, b integer, FOREIGN KEY (a, b) REFERENCES p) PARTITION BY LIST (a);
CREATE TABLE f1 PARTITION OF f DEFAULT;
CREATE TABLE q (a integer, b integer, FOREIGN KEY (a, b) REFERENCES p ON DELETE CASCADE);
-- pair heirs with defaults of their own
-- old
CREATE TABLE base (a integer, b text);
CREATE TABLE late (a integer, b text);
ALTER TABLE late INHERIT base;
CREATE TABLE heir () INHERITS (base);
-- new
CREATE TABLE base (a integer DEFAULT 1, b text);
CREATE TABLE late (a integer, b text DEFAULT 'x');
ALTER TABLE late INHERIT base;
CREATE TABLE heir () INHERITS (base);
ALTER TABLE ONLY heir ALTER COLUMN a DROP DEFAULT;
ALTER TABLE ONLY heir ALTER COLUMN b SET NOT NULL;
-- pair an access method that is said
-- from 17
-- old
CREATE TABLE t (a integer) PARTITION BY LIST (a);
-- new
CREATE TABLE t (a integer) PARTITION BY LIST (a) USING heap;
-- pair NOT NULL of heirs
-- from 18
-- old
CREATE TABLE base (a integer);
-- new
CREATE TABLE base (a integer CONSTRAINT filled NOT NULL, b integer NOT NULL NO INHERIT, c integer NOT NULL);
CREATE TABLE heir (c integer, CONSTRAINT own NOT NULL a, CONSTRAINT other NOT NULL b) INHERITS (base);
CREATE TABLE again (CONSTRAINT again_a_not_null NOT NULL a) INHERITS (base);
-- pair a key to partitions, one of which goes
-- both
CREATE TABLE p (a integer PRIMARY KEY) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TABLE f (a integer REFERENCES p);
-- old
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
-- new
CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (20) TO (30);
-- pair extensions in schemas that come with them
-- from 14
-- old
SELECT 1;
-- new
CREATE SCHEMA zz;
CREATE EXTENSION hstore SCHEMA zz;
CREATE TABLE t (a zz.hstore, n bigint);
CREATE FUNCTION c() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t WHERE zz.exist(a, 'x'); END;
ALTER TABLE t ADD CHECK (c() < 100), ALTER COLUMN n SET DEFAULT c();
CREATE VIEW v AS SELECT a, c() FROM t;
-- pair operators that nobody made
-- both
CREATE SCHEMA k;
CREATE TYPE pt AS (a integer);
CREATE FUNCTION lt(pt, pt) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT ($1).a < ($2).a';
CREATE OPERATOR k.### (FUNCTION = lt, LEFTARG = pt, RIGHTARG = pt, COMMUTATOR = OPERATOR(k.@@@@));
-- old
CREATE TABLE t (a integer);
-- new
CREATE SCHEMA s;
CREATE TYPE s.t AS (a integer);
CREATE FUNCTION s.lt(s.t, s.t) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT ($1).a < ($2).a';
CREATE OPERATOR s.<<< (FUNCTION = s.lt, LEFTARG = s.t, RIGHTARG = s.t, COMMUTATOR = OPERATOR(s.>>>), NEGATOR = OPERATOR(public.!<<));
CREATE OPERATOR s.<<! (FUNCTION = s.lt, LEFTARG = s.t, RIGHTARG = s.t, COMMUTATOR = OPERATOR(s.!>>));
DROP OPERATOR s.<<! (s.t, s.t);
-- pair other parents with names of NOT NULL
-- both
CREATE TABLE p (a integer NOT NULL, b integer CONSTRAINT own NOT NULL, c integer NOT NULL);
CREATE TABLE r (c integer NOT NULL);
CREATE TABLE q (a integer NOT NULL, b integer CONSTRAINT other NOT NULL, c integer NOT NULL);
-- old
CREATE TABLE t (d integer) INHERITS (p, r);
-- new
CREATE TABLE t (d integer) INHERITS (q, r);
-- pair the sequence of a table that is another's
-- both
DO $$ BEGIN CREATE ROLE dara_pairs; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE TABLE t (a integer);
ALTER TABLE t OWNER TO dara_pairs;
-- old
CREATE TABLE u (a integer);
-- new
ALTER TABLE t ADD COLUMN b serial;
