/* SPDX-License-Identifier: MIT */
/* Scripts for MySQL and MariaDB: split with exact lines, and statements classified. No server. */
#include "unit-script.h"

#include "../../drivers/mysql/classify.h"
#include "../../drivers/mysql/quote.h"
#include "../../drivers/mysql/script.h"

static int no_render(const struct dara_object *object, struct dara_text *out)
{
    (void)object;
    (void)out;
    return 0;
}

static int no_change(const struct dara_diff *diff, const struct dara_change *change, struct dara_plan *plan)
{
    (void)diff;
    (void)change;
    (void)plan;
    return 0;
}

static const struct dara_dialect_ops test_dialect = {
    .size = sizeof(test_dialect),
    .extension = "sql",
    .delimiter = ";\n",
    .quote = mysql_dialect_quote,
    .split = mysql_dialect_split,
    .classify = mysql_dialect_classify,
    .render = no_render,
    .change = no_change,
};
static const struct dara_driver test_driver = {
    .abi_major = DARA_DRIVER_ABI_MAJOR,
    .size = sizeof(test_driver),
    .name = "mysql",
    .dialect = &test_dialect,
};

/* ---- split -------------------------------------------------------------------------------------------------------------- */

static const struct cut cuts[] = {
    {"", ""},
    {" -- nothing\n# nothing; at all\n/* at /* all */ ;;\n--\n", ""},
    {"SELECT 1", "1:SELECT 1|"},
    {"\xef\xbb\xbfSELECT 1;", "1:SELECT 1|"},
    {"SELECT 1;\n\n  SELECT\n 2 -- end\n;", "1:SELECT 1|3:SELECT\n 2|"},
    {"SELECT ';';SELECT \";\";SELECT `;`", "1:SELECT ';'|1:SELECT \";\"|1:SELECT `;`|"},
    {"SELECT 'it''s;', 'a\\';b', \"a\\\";\";\nSELECT 2", "1:SELECT 'it''s;', 'a\\';b', \"a\\\";\"|2:SELECT 2|"},
    {"SELECT `a``;`, `b\\`;SELECT 2", "1:SELECT `a``;`, `b\\`|1:SELECT 2|"},
    /* `--` is a comment only before a space */
    {"SELECT 1--1;SELECT 2 --;\n;", "1:SELECT 1--1|1:SELECT 2 --|"},
    {"SELECT 1 -- ;\n+ 2; SELECT 3 # ;\n", "1:SELECT 1 -- ;\n+ 2|2:SELECT 3|"},
    /* DELIMITER */
    {"DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END//\nSELECT 2//\ndelimiter ;\nSELECT 3;",
     "2:CREATE PROCEDURE p() BEGIN SELECT 1; END|3:SELECT 2|5:SELECT 3|"},
    {"DELIMITER ;;\nCREATE PROCEDURE p() SELECT 1;;\n;;\nDELIMITER ;\nSELECT 1",
     "2:CREATE PROCEDURE p() SELECT 1|5:SELECT 1|"},
    {"DELIMITER $$\nSELECT a$$b$$DELIMITER ';' # end\nSELECT 1;", "2:SELECT a|2:b|3:SELECT 1|"},
    {"DELIMITER GO\nSELECT 'GO', `GO` -- GO\nGO\nSELECT 1GO", "2:SELECT 'GO', `GO`|4:SELECT 1|"},
    {"DELIMITER |\n/* | */ SELECT 1 | SELECT ';'|", "2:SELECT 1|2:SELECT ';'|"},
    {"SELECT delimiter FROM t; SELECT 1", "1:SELECT delimiter FROM t|1:SELECT 1|"},
    /* executable comments */
    {"/*!40101 SET NAMES utf8 */;\n/*M!100100 SET a = 1 */;\n/*! SELECT 1*/;SELECT /*!99999 1 */ + 1;",
     "1:/*!40101 SET NAMES utf8 */|2:/*M!100100 SET a = 1 */|3:/*! SELECT 1*/|3:SELECT /*!99999 1 */ + 1|"},
    {"/*M!999999\\- enable the sandbox mode */ \nSELECT 1; /*!999999 SELECT /* in */ 2 */ SELECT 3",
     "2:SELECT 1|2:SELECT 3|"},
    {"/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN\n SET "
     "@a = 1; END */;\nSELECT 1",
     "1:/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN\n SET "
     "@a = 1; END */|3:SELECT 1|"},
    {"SELECT 1 */ 2; SELECT 3", "1:SELECT 1 */ 2|1:SELECT 3|"},
    /* sql_mode */
    {"SET sql_mode = 'ANSI_QUOTES'; SELECT \"a\\\";SELECT 'a\\';';SET sql_mode='';SELECT \"a\\\";\"",
     "1:SET sql_mode = 'ANSI_QUOTES'|1:SELECT \"a\\\"|1:SELECT 'a\\';'|1:SET sql_mode=''|1:SELECT \"a\\\";\"|"},
    {"SET SESSION sql_mode := 'no_backslash_escapes,STRICT_ALL_TABLES'; SELECT 'a\\'; SET @@sql_mode = DEFAULT; SELECT "
     "'a\\';'",
     "1:SET SESSION sql_mode := 'no_backslash_escapes,STRICT_ALL_TABLES'|1:SELECT 'a\\'|1:SET @@sql_mode = DEFAULT|1:"
     "SELECT 'a\\';'|"},
    {"/*!40101 SET @OLD=@@SQL_MODE, SQL_MODE='NO_BACKSLASH_ESCAPES' */;SELECT '\\';/*!40101 SET SQL_MODE=@old "
     "*/;SELECT '\\';'",
     "1:/*!40101 SET @OLD=@@SQL_MODE, SQL_MODE='NO_BACKSLASH_ESCAPES' */|1:SELECT '\\'|1:/*!40101 SET SQL_MODE=@old "
     "*/|1:SELECT '\\';'|"},
    {"SET sql_mode=CONCAT(@@sql_mode, ',ANSI');SELECT \"\\\";SET @@session.sql_mode = REPLACE(@@sql_mode, "
     "'ANSI_QUOTES', '');SELECT \"\\\";\"",
     "1:SET sql_mode=CONCAT(@@sql_mode, ',ANSI')|1:SELECT \"\\\"|1:SET @@session.sql_mode = REPLACE(@@sql_mode, "
     "'ANSI_QUOTES', '')|1:SELECT \"\\\";\"|"},
    {"SET GLOBAL sql_mode = 'ANSI_QUOTES', @@global.sql_mode='ANSI'; SELECT \"\\\";\"",
     "1:SET GLOBAL sql_mode = 'ANSI_QUOTES', @@global.sql_mode='ANSI'|1:SELECT \"\\\";\"|"},
    /* bodies without DELIMITER */
    {"CREATE PROCEDURE p() SELECT CASE WHEN IF(a, 1, 2) THEN 1 ELSE IF(b, 1, 2) END AS begin; SELECT 1;",
     "1:CREATE PROCEDURE p() SELECT CASE WHEN IF(a, 1, 2) THEN 1 ELSE IF(b, 1, 2) END AS begin|1:SELECT 1|"},
    {"CREATE FUNCTION f(a INT) RETURNS INT DETERMINISTIC RETURN IF(a > 1, 1, 2);SELECT 1",
     "1:CREATE FUNCTION f(a INT) RETURNS INT DETERMINISTIC RETURN IF(a > 1, 1, 2)|1:SELECT 1|"},
    {"CREATE OR REPLACE DEFINER=`a`@`%` PROCEDURE IF NOT EXISTS s.p(IN a INT, OUT b SET('x','y'))\n"
     "  COMMENT 'begin;' SQL SECURITY INVOKER\nouter_block: BEGIN\n"
     "  DECLARE done INT DEFAULT IF(a, 0, 1);\n"
     "  DECLARE c CURSOR FOR SELECT a FROM t;\n"
     "  DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1;\n"
     "  DECLARE EXIT HANDLER FOR SQLEXCEPTION, 1062 BEGIN ROLLBACK; END;\n"
     "  l: LOOP FETCH c INTO x; IF done THEN LEAVE l; ELSEIF x THEN SET y = CASE x WHEN 1 THEN 2 END; ELSE BEGIN END; "
     "END IF; END LOOP l;\n"
     "  WHILE x DO SET x = x - 1; END WHILE; REPEAT SET x = x + 1; UNTIL x > 3 END REPEAT;\n"
     "  CASE x WHEN 1 THEN SELECT 1; SELECT 2; ELSE IF y THEN SELECT 3; END IF; END CASE;\n"
     "  IF (a) AND (b) THEN IF x THEN SELECT 1; END IF; END IF;\n"
     "  DROP TABLE IF EXISTS t; SELECT IF(a, b, c), (SELECT CASE WHEN a THEN b ELSE c END) INTO y;\n"
     "END outer_block;\nSELECT 'after';",
     "1:CREATE OR REPLACE DEFINER=`a`@`%` PROCEDURE IF NOT EXISTS s.p(IN a INT, OUT b SET('x','y'))\n"
     "  COMMENT 'begin;' SQL SECURITY INVOKER\nouter_block: BEGIN\n"
     "  DECLARE done INT DEFAULT IF(a, 0, 1);\n"
     "  DECLARE c CURSOR FOR SELECT a FROM t;\n"
     "  DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1;\n"
     "  DECLARE EXIT HANDLER FOR SQLEXCEPTION, 1062 BEGIN ROLLBACK; END;\n"
     "  l: LOOP FETCH c INTO x; IF done THEN LEAVE l; ELSEIF x THEN SET y = CASE x WHEN 1 THEN 2 END; ELSE BEGIN END; "
     "END IF; END LOOP l;\n"
     "  WHILE x DO SET x = x - 1; END WHILE; REPEAT SET x = x + 1; UNTIL x > 3 END REPEAT;\n"
     "  CASE x WHEN 1 THEN SELECT 1; SELECT 2; ELSE IF y THEN SELECT 3; END IF; END CASE;\n"
     "  IF (a) AND (b) THEN IF x THEN SELECT 1; END IF; END IF;\n"
     "  DROP TABLE IF EXISTS t; SELECT IF(a, b, c), (SELECT CASE WHEN a THEN b ELSE c END) INTO y;\n"
     "END outer_block|14:SELECT 'after'|"},
    {"CREATE TRIGGER t AFTER UPDATE ON x FOR EACH ROW FOLLOWS u IF NEW.a THEN SET @a = 1; END IF;SELECT 1",
     "1:CREATE TRIGGER t AFTER UPDATE ON x FOR EACH ROW FOLLOWS u IF NEW.a THEN SET @a = 1; END IF|1:SELECT 1|"},
    {"CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW SET NEW.a = CASE WHEN 1 THEN IF(1, 2, 3) END;SELECT 1",
     "1:CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW SET NEW.a = CASE WHEN 1 THEN IF(1, 2, 3) END|1:SELECT 1|"},
    {"CREATE EVENT e ON SCHEDULE EVERY 1 DAY COMMENT 'do' DO BEGIN DELETE FROM t; END;"
     "ALTER EVENT e DO BEGIN SELECT 1; END;ALTER EVENT e DISABLE;SELECT 1",
     "1:CREATE EVENT e ON SCHEDULE EVERY 1 DAY COMMENT 'do' DO BEGIN DELETE FROM t; END|"
     "1:ALTER EVENT e DO BEGIN SELECT 1; END|1:ALTER EVENT e DISABLE|1:SELECT 1|"},
    {"CREATE FUNCTION f() RETURNS SET('a') BEGIN RETURN 'a'; END;CREATE FUNCTION g RETURNS INTEGER SONAME 'x.so';"
     "SELECT 1",
     "1:CREATE FUNCTION f() RETURNS SET('a') BEGIN RETURN 'a'; END|1:CREATE FUNCTION g RETURNS INTEGER SONAME 'x.so'|"
     "1:SELECT 1|"},
    {"CREATE FUNCTION f(a INT) RETURNS INT LANGUAGE JAVASCRIPT AS $js$ let b = ';$$'; return a; $js$;SELECT 1",
     "1:CREATE FUNCTION f(a INT) RETURNS INT LANGUAGE JAVASCRIPT AS $js$ let b = ';$$'; return a; $js$|1:SELECT 1|"},
    {"CREATE LIBRARY l LANGUAGE JAVASCRIPT AS $$ ; $$;SELECT 1",
     "1:CREATE LIBRARY l LANGUAGE JAVASCRIPT AS $$ ; $$|1:SELECT 1|"},
    {"BEGIN NOT ATOMIC DECLARE x INT; IF x THEN SELECT 1; END IF; FOR i IN 1..3 DO SELECT i; END FOR; END;SELECT 1",
     "1:BEGIN NOT ATOMIC DECLARE x INT; IF x THEN SELECT 1; END IF; FOR i IN 1..3 DO SELECT i; END FOR; END|1:SELECT "
     "1|"},
    {"BEGIN; SELECT 1; COMMIT", "1:BEGIN|1:SELECT 1|1:COMMIT|"},
    {"IF @a THEN SELECT 1; END IF; SELECT 2", "1:IF @a THEN SELECT 1; END IF|1:SELECT 2|"},
    /* Oracle's mode */
    {"CREATE FUNCTION f(a INT) RETURN INT AS x INT; y INT := 1; BEGIN RETURN x; END;\nCREATE PROCEDURE p IS BEGIN "
     "NULL; "
     "END p;SELECT 1",
     "1:CREATE FUNCTION f(a INT) RETURN INT AS x INT; y INT := 1; BEGIN RETURN x; END|2:CREATE PROCEDURE p IS BEGIN "
     "NULL; END p|2:SELECT 1|"},
    {"CREATE PACKAGE a.p AS FUNCTION f RETURN INT; PROCEDURE q(); END;\nSELECT 1",
     "1:CREATE PACKAGE a.p AS FUNCTION f RETURN INT; PROCEDURE q(); END|2:SELECT 1|"},
    {"CREATE OR REPLACE PACKAGE BODY p AS x INT := 2; PROCEDURE q(); FUNCTION f RETURN INT AS z INT; BEGIN IF z THEN "
     "RETURN 1; END IF; END; PROCEDURE q() AS BEGIN FOR i IN 1..3 LOOP SELECT i; END LOOP; END; BEGIN SET x = 1; END;\n"
     "SELECT 1",
     "1:CREATE OR REPLACE PACKAGE BODY p AS x INT := 2; PROCEDURE q(); FUNCTION f RETURN INT AS z INT; BEGIN IF z THEN "
     "RETURN 1; END IF; END; PROCEDURE q() AS BEGIN FOR i IN 1..3 LOOP SELECT i; END LOOP; END; BEGIN SET x = 1; END|"
     "2:SELECT 1|"},
    /* what is no program */
    {"CREATE DEFINER=event@localhost VIEW v AS SELECT 1;CREATE TABLE t (`begin` INT);CREATE TABLE u AS SELECT 1;",
     "1:CREATE DEFINER=event@localhost VIEW v AS SELECT 1|1:CREATE TABLE t (`begin` INT)|1:CREATE TABLE u AS SELECT "
     "1|"},
};

static void test_split(void **state)
{
    (void)state;
    check_cuts(&test_driver, cuts, DARA_COUNT(cuts));
}

static const struct malformed bad[] = {
    {"SELECT 1;\nSELECT 'a", 2, "the quote ' that begins here does not end"},
    {"SELECT \"a\n\n", 1, "the quote \" that begins here does not end"},
    {"\n\nSELECT `a\n\n", 3, "the quote ` that begins here does not end"},
    {"SELECT 'a\\'", 1, "the quote ' that begins here does not end"},
    {"/* /*\n", 1, "the comment that begins here with '/*' does not end"},
    {"SELECT 1;\n/*!50003 SELECT\n1;", 2, "the comment that begins here with '/*' does not end"},
    {"SELECT 1;\n\nsource other.sql\n", 3, "'source' is a command of the mysql program, not SQL"},
    {"\\. other.sql\n", 1, "'\\.' is a command of the mysql program, not SQL"},
    {"SELECT 1\\G\n", 1, "'\\G' is a command of the mysql program, not SQL"},
    {"\nSYSTEM ls;", 2, "'SYSTEM' is a command of the mysql program, not SQL"},
    {"SELECT 1;\nDELIMITER\nSELECT 1;", 2, "DELIMITER needs the new delimiter behind it"},
    {"DELIMITER a\\b\n", 1, "DELIMITER cannot be one with a backslash"},
    {"DELIMITER // SELECT 1//", 1, "DELIMITER is followed by more than the new delimiter"},
};

static void test_malformed(void **state)
{
    (void)state;
    check_malformed(&test_driver, bad, DARA_COUNT(bad));
}

/* ---- classify ----------------------------------------------------------------------------------------------------------- */

static const struct told tellings[] = {
    {"SELECT a, EXTRACT(YEAR FROM b), TRIM(LEADING 'x' FROM c) FROM s.t JOIN (u, v) ON t.x = f(u.y, 1), w USE INDEX "
     "(i)",
     "select R; U s.t; U u; U v; U w"},
    {"(SELECT 1 FROM a) UNION (SELECT 2 FROM `b c`.`d` WHERE x IN (SELECT y FROM e))", "select R; U a; U b c.d; U e"},
    {"WITH c AS (SELECT 1 FROM a), d (x) AS (SELECT 2) SELECT * FROM c, d, information_schema.tables, "
     "JSON_TABLE(x, '$' COLUMNS (a INT PATH '$')) j",
     "select R; U a"},
    {"WITH c AS (SELECT 1 FROM a) DELETE FROM t WHERE x IN (SELECT * FROM c)", "delete D; U t; U a"},
    {"SELECT * FROM t INTO OUTFILE '/tmp/x'", "select RX; U t"},
    {"SELECT a INTO @b FROM t", "select R; U t"},
    {"SELECT release_all_locks()", "select RX"},
    {"TABLE t", "select R"},
    {"SHOW CREATE TABLE t", "show R"},
    {"EXPLAIN DELETE FROM t", "explain R"},
    {"EXPLAIN ANALYZE DELETE FROM t", "explain D"},
    {"ANALYZE UPDATE t SET a = 1", "analyze D"},
    {"ANALYZE FORMAT=JSON SELECT 1", "analyze R"},
    {"ANALYZE TABLE t", "analyze table DN; U t"},
    {"INSERT IGNORE INTO s.t (a, b) SELECT * FROM u ON DUPLICATE KEY UPDATE a = 1, b = 2", "insert D; U s.t; U u"},
    {"INSERT t VALUES (1)", "insert D; U t"},
    {"REPLACE INTO t SET a = (SELECT 1 FROM u)", "insert D; U t; U u"},
    {"UPDATE t, u SET a = 1 WHERE b", "update D; U t; U u"},
    {"UPDATE LOW_PRIORITY t SET a = 1", "update D; U t; !!update-without-where"},
    {"DELETE FROM t", "delete D; U t; !!delete-without-where"},
    {"DELETE a FROM a JOIN b ON a.x = b.x", "delete D; U a; U b"},
    {"DELETE FROM t ORDER BY a LIMIT 10", "delete D; U t"},
    {"DELETE HISTORY FROM t", "delete D; U t; !!delete-history"},
    {"TRUNCATE TABLE s.t", "truncate DN; U s.t; !!truncate"},
    {"LOAD DATA LOCAL INFILE 'x' INTO TABLE t", "load data NX; U t"},
    {"CREATE TABLE s.t (a INT DEFAULT 1, b INT REFERENCES o (x), FOREIGN KEY (a) REFERENCES `p` (y) ON UPDATE CASCADE)",
     "create table S; M table s.t; U table o; U table p"},
    {"CREATE TABLE IF NOT EXISTS t LIKE u", "create table S; m table t; U u"},
    {"CREATE TABLE t AS SELECT * FROM u", "create table SD; M table t; U u"},
    {"CREATE OR REPLACE TABLE t (a INT)", "create table S; M table t; !!drop-table"},
    {"CREATE TEMPORARY TABLE t SELECT * FROM t, u", "create temporary table D; U u"},
    {"/*!50001 CREATE ALGORITHM=UNDEFINED */ /*!50013 DEFINER=`a`@`%` SQL SECURITY DEFINER */ /*!50001 VIEW `v` AS "
     "select `t`.`a` AS `a` from `t` */",
     "create view S; M view v; U t"},
    {"CREATE OR REPLACE VIEW s.v (a) AS SELECT 1 FROM u", "create view S; m view s.v; U u"},
    {"CREATE UNIQUE INDEX i USING BTREE ON t (a)", "create index S; C table t"},
    {"CREATE SPATIAL INDEX i ON t (a)", "create index S; C table t"},
    {"CREATE DEFINER=CURRENT_USER() TRIGGER g AFTER INSERT ON s.t FOR EACH ROW UPDATE u SET a = 1",
     "create trigger S; M trigger g; U s.t"},
    {"CREATE DEFINER='a'@'b' PROCEDURE s.`P`() BEGIN DELETE FROM t; DROP TABLE u; END",
     "create procedure S; M routine s.procedure p"},
    {"CREATE OR REPLACE AGGREGATE FUNCTION F(x INT) RETURNS INT RETURN 1", "create function S; m routine function f"},
    {"CREATE FUNCTION f RETURNS STRING SONAME 'udf.so'", "create function SX; M routine function f"},
    {"CREATE EVENT IF NOT EXISTS E ON SCHEDULE EVERY 1 DAY DO SELECT 1", "create event S; m event e"},
    {"CREATE SEQUENCE q", "create sequence S; M sequence q"},
    {"CREATE PACKAGE BODY p AS END", "create package body S; M package_body p"},
    {"CREATE USER a IDENTIFIED BY 'x'", "create S"},
    {"CREATE DATABASE d", "create database SX"},
    {"CREATE SPATIAL REFERENCE SYSTEM 1 NAME 'x'", "create S"},
    {"CREATE THING x", "create S?"},
    {"DROP TABLE IF EXISTS a.b, c", "drop table S; d table a.b; d table c; !!drop-table"},
    {"DROP TEMPORARY TABLE a", "drop temporary table D"},
    {"DROP VIEW v", "drop view S; D view v; !drop-view"},
    {"DROP INDEX i ON t", "drop index S; C table t; !drop-index"},
    {"DROP PROCEDURE IF EXISTS P", "drop procedure S; d routine procedure p; !drop-function"},
    {"DROP TRIGGER s.g", "drop trigger S; D trigger s.g; !drop-trigger"},
    {"DROP DATABASE d", "drop database SX; !!drop-schema"},
    {"DROP PREPARE p", "deallocate V"},
    {"RENAME TABLE a TO b, c TO s.d", "rename table S; D table a; M table b; D table c; M table s.d; !rename-table"},
    {"ALTER TABLE s.t DROP a, ADD b INT NOT NULL, DROP KEY i, DROP FOREIGN KEY f, ADD CONSTRAINT FOREIGN KEY (a) "
     "REFERENCES u (b)",
     "alter table S; C table s.t; U table u; !!drop-column; !drop-index; !drop-constraint"},
    {"ALTER TABLE t MODIFY a BIGINT, ALGORITHM=INPLACE", "alter table S; C table t; !change-column-type"},
    {"ALTER TABLE t CHANGE a A INT", "alter table S; C table t; !change-column-type"},
    {"ALTER TABLE t CHANGE COLUMN a b INT", "alter table S; C table t; !rename-column; !change-column-type"},
    {"ALTER TABLE t RENAME COLUMN a TO b", "alter table S; C table t; !rename-column"},
    {"ALTER TABLE t RENAME TO u", "alter table S; D t; M table u; !rename-table"},
    {"ALTER TABLE t DROP PARTITION p, TRUNCATE PARTITION q", "alter table S; C table t; !!drop-partition; !!truncate"},
    {"ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4", "alter table S; C table t; !change-column-type"},
    {"ALTER IGNORE TABLE t ENGINE=InnoDB", "alter table S; C table t"},
    {"ALTER VIEW v AS SELECT 1 FROM t", "alter view S; C view v; U t"},
    {"ALTER DEFINER=a@b EVENT E DISABLE", "alter event S; C event e"},
    {"ALTER DATABASE CHARACTER SET utf8mb4", "alter database S"},
    {"ALTER INSTANCE ROTATE INNODB MASTER KEY", "alter SX"},
    {"GRANT SELECT ON t TO a", "grant S"},
    {"SET @a = 1, SESSION sql_mode = ''", "set V"},
    {"SET GLOBAL max_connections = 1", "set X"},
    {"SET @a = 1, @@persist.max_connections = 1", "set X"},
    {"SET NAMES utf8mb4", "set V"},
    {"SET NAMES 'latin1'", "set V; !client-charset"},
    {"SET character_set_client = @old", "set V"},
    {"SET character_set_client = cp850", "set V; !client-charset"},
    {"SET autocommit = 0", "set T"},
    {"SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE", "set transaction B"},
    {"SET STATEMENT max_statement_time = 1 FOR DELETE FROM t", "delete D; U t; !!delete-without-where"},
    {"SET PASSWORD = 'x'", "set password S"},
    {"BEGIN", "begin T"},
    {"START TRANSACTION READ ONLY", "begin T"},
    {"COMMIT AND CHAIN", "commit T"},
    {"ROLLBACK TO a", "rollback T"},
    {"XA START 'x'", "xa T"},
    {"BEGIN NOT ATOMIC DROP TABLE t; END", "block SD?"},
    {"LOCK TABLES t WRITE", "lock tables NX"},
    {"UNLOCK TABLES", "unlock tables NX"},
    {"FLUSH TABLES WITH READ LOCK", "flush NX"},
    {"FLUSH STATUS", "flush N"},
    {"USE other", "use X"},
    {"KILL 1", "kill X"},
    {"SHUTDOWN", "shutdown NX"},
    {"START SLAVE", "start replica NX"},
    {"INSTALL PLUGIN p SONAME 'x'", "install NX"},
    {"CALL p()", "call SD?"},
    {"DO SLEEP(1)", "do D"},
    {"PREPARE a FROM 'x'", "prepare V?"},
    {"EXECUTE a", "execute SD?"},
    {"DELETE FROM `dara_migrations` WHERE a", "delete D; U dara_migrations; !!change-history"},
    {"SELECT * FROM dara_migrations", "select R; U dara_migrations"},
    {"/*!99999 hello */", "statement ?"},
    {"/* nothing */", "comment -"},
    {"hello", "statement ?"},
};

static void test_classify(void **state)
{
    (void)state;
    check_facts(&test_driver, tellings, DARA_COUNT(tellings));
}

/* ---- quote -------------------------------------------------------------------------------------------------------------- */

static void test_quote(void **state)
{
    static const char *const names[][2] = {
        {"a", "`a`"}, {"", "``"}, {"a`b", "`a``b`"}, {"a\\b'\"", "`a\\b'\"`"}, {"\xc3\xa4\n", "`\xc3\xa4\n`"}};
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(names); i++) {
        DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
        assert_int_equal(dara_dialect_quote(&test_driver, names[i][0], &text), 0);
        assert_string_equal(dara_text_string(&text), names[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_classify),
        cmocka_unit_test(test_quote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
