/* SPDX-License-Identifier: MIT */
/* Scripts for PostgreSQL: split with exact lines, and statements classified. No server. */
#include "unit-postgres.h"
#include "unit-script.h"

/* ---- split -------------------------------------------------------------------------------------------------------------- */

static const struct cut cuts[] = {
    {"", ""},
    {" -- nothing\n/* at /* all */ */ ;;\n", ""},
    {"SELECT 1", "1:SELECT 1|"},
    {"\xef\xbb\xbfSELECT 1;", "1:SELECT 1|"},
    {"SELECT 1;\n\n  SELECT\n 2 -- end\n;", "1:SELECT 1|3:SELECT\n 2|"},
    {"SELECT ';';SELECT \";\";", "1:SELECT ';'|1:SELECT \";\"|"},
    {"SELECT 'it''s;';\nSELECT 2", "1:SELECT 'it''s;'|2:SELECT 2|"},
    {"SELECT E'a\\';b';SELECT 2", "1:SELECT E'a\\';b'|1:SELECT 2|"},
    {"SELECT 'a\\';SELECT 2", "1:SELECT 'a\\'|1:SELECT 2|"},
    {"SET standard_conforming_strings = off;SELECT 'a\\';b';SET standard_conforming_strings TO 'on';SELECT "
     "'a\\';SELECT 2",
     "1:SET standard_conforming_strings = off|1:SELECT 'a\\';b'|1:SET standard_conforming_strings TO 'on'|1:SELECT "
     "'a\\'|1:SELECT 2|"},
    {"SET LOCAL standard_conforming_strings=off; SELECT 'a\\';b'",
     "1:SET LOCAL standard_conforming_strings=off|1:SELECT 'a\\';b'|"},
    {"SELECT U&'d\\0061;', U&\"d;\", B'1', X'f', N'x\\'", "1:SELECT U&'d\\0061;', U&\"d;\", B'1', X'f', N'x\\'|"},
    {"DO $$ begin; end; $$;\nDO $a$ $$;$b$; $a$;SELECT $1;",
     "1:DO $$ begin; end; $$|2:DO $a$ $$;$b$; $a$|2:SELECT $1|"},
    {"SELECT a$b$c; SELECT 1$x;", "1:SELECT a$b$c|1:SELECT 1$x|"},
    {"SELECT /* ; /* ; */ ; */ 1; SELECT 1 /* x */", "1:SELECT /* ; /* ; */ ; */ 1|1:SELECT 1|"},
    {"SELECT 1 +-- ;\n 2; SELECT 3", "1:SELECT 1 +-- ;\n 2|2:SELECT 3|"},
    {"CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);\nSELECT 3",
     "1:CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)|2:SELECT 3|"},
    {"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END;\nSELECT 2;",
     "1:CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END|2:SELECT 2|"},
    {"create or replace procedure p() begin atomic; end; BEGIN; SELECT 1; END;",
     "1:create or replace procedure p() begin atomic; end|1:BEGIN|1:SELECT 1|1:END|"},
    {"CREATE FUNCTION f() RETURNS int AS $$ begin atomic; $$ LANGUAGE sql; SELECT 1",
     "1:CREATE FUNCTION f() RETURNS int AS $$ begin atomic; $$ LANGUAGE sql|1:SELECT 1|"},
    {"COPY t FROM stdin;\n1\t;\n2\t'\n\\.\nSELECT 1;", "1:COPY t FROM stdin;\n1\t;\n2\t'\n\\.|5:SELECT 1|"},
    {"copy s.\"T\" (a) from STDIN with (format csv);  \r\n1\r\n\\.\r\nSELECT 1",
     "1:copy s.\"T\" (a) from STDIN with (format csv);  \r\n1\r\n\\.|4:SELECT 1|"},
    {"COPY t FROM stdin;\n1", "1:COPY t FROM stdin;\n1\n\\.|"},
    {"COPY t FROM stdin;", "1:COPY t FROM stdin;\n\\.|"},
    {"COPY t FROM stdin", "1:COPY t FROM stdin|"},
    {"COPY (SELECT 1 FROM stdin) TO stdout; SELECT 1", "1:COPY (SELECT 1 FROM stdin) TO stdout|1:SELECT 1|"},
    {"\\restrict abc;\nSELECT 1;\n\\unrestrict abc\n", "2:SELECT 1|"},
    {"MERGE INTO t USING s ON true WHEN MATCHED THEN DO NOTHING RETURNING *; SELECT 1",
     "1:MERGE INTO t USING s ON true WHEN MATCHED THEN DO NOTHING RETURNING *|1:SELECT 1|"},
};

static void test_split(void **state)
{
    (void)state;
    check_cuts(&test_driver, cuts, DARA_COUNT(cuts));
}

static const struct malformed bad[] = {
    {"SELECT 1;\nSELECT 'a", 2, "the quote ' that begins here does not end"},
    {"SELECT \"a\n\n", 1, "the quote \" that begins here does not end"},
    {"\n\nSELECT U&\"a\n\n", 3, "the quote \" that begins here does not end"},
    {"SELECT E'a\\'", 1, "the quote ' that begins here does not end"},
    {"SELECT 1;\n\nDO $x$ $$ $y$", 3, "the text that begins here with '$' does not end"},
    {"/* /* */\n", 1, "the comment that begins here with '/*' does not end"},
    {"SELECT 1;\n\\connect other\n", 2, "'\\connect' is a command of the psql program, not SQL"},
    {"SELECT 1 \\gset\n", 1, "'\\gset' is a command of the psql program, not SQL"},
    {"COPY t FROM stdin; SELECT 1;\n\\.", 1,
     "text stands behind the ';' of COPY … FROM stdin, where its data begin on the next line"},
};

static void test_malformed(void **state)
{
    (void)state;
    check_malformed(&test_driver, bad, DARA_COUNT(bad));
}

/* ---- classify ----------------------------------------------------------------------------------------------------------- */

static const struct told tellings[] = {
    {"SELECT * FROM a.b JOIN c USING (x), pg_class", "select R; U a.b; U c"},
    {"WITH c AS (SELECT 1) SELECT * FROM c", "select R"},
    {"WITH d AS (DELETE FROM t WHERE x RETURNING *) SELECT * FROM d", "select D; U t"},
    {"SELECT 1 INTO a.b", "select into SD; M table a.b"},
    {"VALUES (1)", "select R"},
    {"TABLE t", "select R; U t"},
    {"EXPLAIN ANALYZE DELETE FROM t WHERE true", "explain D; U t"},
    {"EXPLAIN SELECT 1", "explain R"},
    {"SHOW work_mem", "show R"},
    {"SET search_path = a", "set V"},
    {"INSERT INTO s.t SELECT * FROM u", "insert D; U s.t; U u"},
    {"UPDATE t SET a = 1", "update D; U t; !!update-without-where"},
    {"UPDATE t SET a = 1 WHERE b", "update D; U t"},
    {"DELETE FROM t", "delete D; U t; !!delete-without-where"},
    {"TRUNCATE a, b.c", "truncate D; U a; U b.c; !!truncate"},
    {"MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE", "merge D; U t; U s"},
    {"CREATE TABLE s.t (a int REFERENCES o, b x.mood, c text)", "create table S; M table s.t; U o; U x.mood"},
    {"CREATE TABLE IF NOT EXISTS t (a int)", "create table S; m table t"},
    {"CREATE TABLE p PARTITION OF q FOR VALUES IN (1)", "create table S; M table p; U q"},
    {"CREATE TABLE t AS SELECT * FROM u", "create table SD; M table t; U u"},
    {"CREATE MATERIALIZED VIEW m AS SELECT * FROM u", "create materialized view SD; M materialized_view m; U u"},
    {"CREATE OR REPLACE VIEW s.v AS SELECT * FROM u", "create view S; m view s.v; U u"},
    {"CREATE UNIQUE INDEX i ON s.t (a)", "create index S; M index s.i; U s.t"},
    {"CREATE INDEX CONCURRENTLY i ON t (a)", "create index SN; M index i; U t"},
    {"CREATE SEQUENCE s.q", "create sequence S; M sequence s.q"},
    {"CREATE SCHEMA q", "create schema S; M namespace q"},
    {"CREATE TYPE s.m AS ENUM ('a')", "create type S; M type s.m"},
    {"CREATE TYPE c AS (a int)", "create type S; M type c"},
    {"CREATE DOMAIN d AS int", "create domain S; M type d"},
    {"CREATE EXTENSION IF NOT EXISTS citext", "create extension S; m extension citext"},
    {"CREATE FUNCTION s.f(a int, OUT b text, VARIADIC c \"T\"[]) LANGUAGE sql AS ''",
     "create function S; M routine s.f(a integer, VARIADIC c \"T\"[])"},
    {"CREATE OR REPLACE PROCEDURE p() LANGUAGE sql AS ''", "create procedure S; m routine p()"},
    {"CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
     "create trigger S; M trigger t.g; U routine f(); U t"},
    {"CREATE OR REPLACE TRIGGER g AFTER DELETE ON s.t EXECUTE FUNCTION a.f()",
     "create trigger S; m trigger s.t.g; U routine a.f(); U s.t"},
    {"CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
     "create trigger S; M trigger t.g; U t"},
    {"ALTER TRIGGER g ON t RENAME TO h", "alter trigger S; D trigger t.g; M trigger t.h; U t"},
    {"DROP TRIGGER IF EXISTS g ON s.t", "drop trigger S; d trigger s.t.g; !drop-trigger"},
    {"CREATE POLICY p ON t", "create policy S; M policy t.p; U t"},
    {"ALTER POLICY p ON t USING (a IN (SELECT a FROM u))", "alter policy S; C policy t.p; U t; U u"},
    {"DROP POLICY p ON t", "drop policy S; D policy t.p; !drop-policy"},
    {"CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO u VALUES (1)", "create rule SD; M rule t.r; U t; U u"},
    {"CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()",
     "create event trigger S; U routine f(); M event_trigger e"},
    {"CREATE PUBLICATION p FOR TABLE a, b.c", "create publication S; M publication p; U a; U b.c"},
    {"ALTER PUBLICATION p ADD TABLE a", "alter publication S; C publication p; U a"},
    {"DROP PUBLICATION p, q", "drop publication S; D publication p; D publication q"},
    {"CREATE COLLATION s.c FROM \"C\"", "create collation S; M collation s.c"},
    {"CREATE TEXT SEARCH CONFIGURATION s.x (COPY = pg_catalog.english)",
     "create text search configuration S; M text_search_configuration s.x"},
    {"DROP COLLATION s.c", "drop collation S; D collation s.c"},
    {"CREATE SERVER s FOREIGN DATA WRAPPER w", "create server S; M foreign_server s"},
    {"CREATE FOREIGN TABLE a.f (a int) SERVER s", "create foreign table S; M foreign_table a.f; U foreign_server s"},
    {"DROP FOREIGN TABLE f", "drop foreign table S; D foreign_table f"},
    {"ALTER TABLE s.t SET SCHEMA u", "alter table S; D s.t; M table u.t"},
    {"ALTER TYPE s.m SET SCHEMA u", "alter type S; D type s.m; M type u.m"},
    {"CREATE AGGREGATE a(int) (sfunc = f, stype = int)", "create aggregate S"},
    {"DROP TABLE IF EXISTS a.b, c", "drop table S; d a.b; d c; !!drop-table"},
    {"DROP TABLE a CASCADE", "drop table S; D a; !!drop-table; !!drop-cascade"},
    {"DROP INDEX CONCURRENTLY i", "drop index SN; D index i; !drop-index"},
    {"DROP VIEW v", "drop view S; D view v; !drop-view"},
    {"DROP SCHEMA s", "drop schema S; D namespace s; !drop-schema"},
    {"DROP SCHEMA s CASCADE", "drop schema S; D namespace s; !!drop-schema"},
    {"DROP TYPE s.m", "drop type S; D type s.m; !drop-type"},
    {"DROP FUNCTION f(int)", "drop function S; !drop-function"},
    {"DROP TRIGGER g ON t", "drop trigger S; D trigger t.g; !drop-trigger"},
    {"ALTER TABLE s.t DROP COLUMN a, ADD COLUMN b int NOT NULL",
     "alter table S; C s.t; !!drop-column; !add-required-column"},
    {"ALTER TABLE t ADD b int NOT NULL DEFAULT 0, ADD c serial NOT NULL", "alter table S; C t"},
    {"ALTER TABLE t ALTER a TYPE bigint", "alter table S; C t; !change-column-type"},
    {"ALTER TABLE t RENAME TO u", "alter table S; D t; M table u; !rename-table"},
    {"ALTER TABLE t RENAME a TO b", "alter table S; C t; !rename-column"},
    {"ALTER TABLE t DETACH PARTITION p CONCURRENTLY", "alter table SN; C t; U p"},
    {"ALTER TYPE s.m ADD VALUE 'b'", "alter type S; C type s.m"},
    {"ALTER SEQUENCE q RESTART", "alter sequence S; C sequence q"},
    {"COMMENT ON TABLE t IS 'x'", "comment S"},
    {"GRANT SELECT ON t TO u", "grant S; U t"},
    {"BEGIN", "begin T"},
    {"START TRANSACTION", "begin T"},
    {"COMMIT", "commit T"},
    {"ROLLBACK TO a", "rollback T"},
    {"SAVEPOINT a", "savepoint T"},
    {"VACUUM t", "vacuum DN; U t"},
    {"ANALYZE t", "analyze D; U t"},
    {"REINDEX TABLE CONCURRENTLY t", "reindex DN; U t"},
    {"REINDEX INDEX i", "reindex D; U i"},
    {"DO $$ begin end $$", "do SD?"},
    {"CALL p()", "call SD?"},
    {"COPY t FROM stdin;\n1\n\\.", "copy D; U t"},
    {"COPY t TO stdout", "copy R; U t"},
    {"COPY t FROM PROGRAM 'x'", "copy DX; U t"},
    {"COPY t TO '/tmp/x'", "copy RX; U t"},
    {"ALTER SYSTEM SET work_mem = 1", "alter system NX"},
    {"CREATE DATABASE d", "create database NX"},
    {"DROP DATABASE d", "drop database NX"},
    {"CREATE TABLESPACE t LOCATION '/x'", "create tablespace SN"},
    /* newer than the library, or no SQL */
    {"MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE RETURNING *", "merge D?"},
    {"CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) VIRTUAL)", "create table S?"},
    {"DROP THING CONCURRENTLY x", "drop thing SN?"},
    {"CREATE DATABASE d NEWER SYNTAX (", "create database SX?"},
    {"hello", "statement ?"},
    {"SELECT FROM WHERE", "statement ?"},
    {"SELECT 1; SELECT 2", "statement ?"},
};

static void test_classify(void **state)
{
    (void)state;
    check_facts(&test_driver, tellings, DARA_COUNT(tellings));
}

/* What writes every row again, and the lock: held to a server by tests/conformance/rehearse.sh. */
static void test_weight(void **state)
{
    static const struct {
        const char *text, *lock;
        bool rewrites;
    } weights[] = {
        {"ALTER TABLE t ALTER a TYPE bigint", "ACCESS EXCLUSIVE", true},
        {"ALTER TABLE t ALTER a TYPE jsonb USING a::jsonb, ALTER b SET NOT NULL", "ACCESS EXCLUSIVE", true},
        {"ALTER TABLE t ALTER a TYPE varchar(20)", "ACCESS EXCLUSIVE", false},
        {"ALTER TABLE t ADD c int DEFAULT 5", "ACCESS EXCLUSIVE", false},
        {"ALTER TABLE t ADD c uuid DEFAULT gen_random_uuid()", "ACCESS EXCLUSIVE", true},
        {"ALTER TABLE t ADD c bigserial", "ACCESS EXCLUSIVE", true},
        {"ALTER TABLE t SET UNLOGGED", "ACCESS EXCLUSIVE", true},
        {"ALTER TABLE t ALTER a SET STATISTICS 5, VALIDATE CONSTRAINT c", "SHARE UPDATE EXCLUSIVE", false},
        {"ALTER TABLE t DETACH PARTITION p CONCURRENTLY", "SHARE UPDATE EXCLUSIVE", false},
        {"CREATE INDEX CONCURRENTLY ON t (a)", "SHARE UPDATE EXCLUSIVE", false},
        {"DROP INDEX CONCURRENTLY i", "SHARE UPDATE EXCLUSIVE", false},
        {"REINDEX TABLE CONCURRENTLY t", "SHARE UPDATE EXCLUSIVE", false},
        {"VACUUM t", "SHARE UPDATE EXCLUSIVE", false},
        {"VACUUM FULL t", "ACCESS EXCLUSIVE", true},
        {"REFRESH MATERIALIZED VIEW m", "ACCESS EXCLUSIVE", true},
        {"REFRESH MATERIALIZED VIEW CONCURRENTLY m", "EXCLUSIVE", false},
        {"CREATE TABLE t (a int)", NULL, false},
        {"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", NULL, false},
        {"SELECT 1", NULL, false},
        {"DROP FUNCTION f()", NULL, false},
    };
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(weights); i++) {
        const struct dara_statement statement = {
            .text = (char *)(uintptr_t)weights[i].text, .length = strlen(weights[i].text), .line = 1};
        DARA_FACTS_LOCAL facts = NULL;
        assert_int_equal(dara_dialect_classify(&test_driver, &statement, &facts), 0);
        if (facts->lock && weights[i].lock)
            assert_string_equal(facts->lock, weights[i].lock);
        else
            assert_ptr_equal(facts->lock, weights[i].lock);
        assert_int_equal((facts->flags & DARA_STATEMENT_REWRITES) != 0, weights[i].rewrites);
    }
}

/* ---- quote -------------------------------------------------------------------------------------------------------------- */

static void test_quote(void **state)
{
    static const struct {
        const char *name, *quoted;
    } names[] = {{"a_1", "a_1"},         {"A", "\"A\""},
                 {"1a", "\"1a\""},       {"", "\"\""},
                 {"a\"b", "\"a\"\"b\""}, {"select", "\"select\""},
                 {"name", "name"},       {"user", "\"user\""},
                 {"a$", "\"a$\""},       {"\xc3\xa4", "\"\xc3\xa4\""},
                 {"a\nb", "\"a\nb\""}};
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(names); i++) {
        DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
        assert_int_equal(dara_dialect_quote(&test_driver, names[i].name, &text), 0);
        assert_string_equal(dara_text_string(&text), names[i].quoted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split),  cmocka_unit_test(test_malformed), cmocka_unit_test(test_classify),
        cmocka_unit_test(test_weight), cmocka_unit_test(test_quote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
