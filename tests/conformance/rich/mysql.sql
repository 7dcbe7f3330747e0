-- Everything MySQL and MariaDB know in a schema, spelled in many ways, with rows. Loaded by the engine's own client (with --comments).
-- What only MySQL has stands in version comments that MariaDB passes over, what only MariaDB has in comments for MariaDB.
SET NAMES utf8mb4;
SET SESSION sql_mode = '', time_zone = '+01:00';
CREATE TABLE customer (
  id int NOT NULL AUTO_INCREMENT PRIMARY KEY,
  code varchar(10) NOT NULL DEFAULT 'none' COMMENT 'it''s "the" code; \\ back',
  email varchar(200) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
  name varchar(100) NOT NULL DEFAULT 'nobody ''quoted'' "here" \\ ünï',
  balance decimal(10,2) DEFAULT '0.50',
  created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  changed_at datetime(3) DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP(3),
  level smallint DEFAULT -1,
  upper_name varchar(100) GENERATED ALWAYS AS (upper(name)) VIRTUAL,
  size int AS (char_length(name) + 1 + (level - 1) * 2) STORED COMMENT 'a generated one',
  doc json DEFAULT NULL,
  CONSTRAINT level_known CHECK (level IN (-1, 0, 1) AND (size > 0 OR level IS NULL)),
  CONSTRAINT email_written CHECK (code <> 'ü' and name like '%' or not (level between 0 and 1)),
  UNIQUE KEY customer_email (email),
  UNIQUE KEY customer_named (name(20), code DESC) COMMENT 'by name',
  KEY customer_level (level, balance DESC)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci COMMENT='who buys; "all" of ''em' AUTO_INCREMENT=100;
CREATE TABLE all_types (
  id bigint unsigned NOT NULL,
  a tinyint(1) DEFAULT '1', b tinyint unsigned DEFAULT 255, c smallint(5) unsigned zerofill DEFAULT '00042', d mediumint, e int(4), f bigint(20) NOT NULL DEFAULT 0,
  g float DEFAULT 1.5, h double DEFAULT NULL, i float(7,3), j double(10,4) unsigned, k decimal(65,30), l decimal(5,0) unsigned, m numeric(8,2),
  n bit(1) DEFAULT b'1', o bit(64) DEFAULT b'1010', p char(3), q varchar(0), r binary(4), s varbinary(20), t tinyblob, u blob, v mediumblob, w longblob,
  x tinytext, y text, z mediumtext, aa longtext, ab enum('a','b''c','d,e','f)g','ü') DEFAULT 'b''c', ac set('x','y','z') DEFAULT 'x,z',
  ad date DEFAULT '0000-00-00', ae time(6), af datetime(6), ag timestamp(6) NULL DEFAULT NULL, ah year, ai json, aj date DEFAULT '2020-02-29',
  ak char(5) CHARACTER SET latin1 COLLATE latin1_german2_ci, al varchar(5) COLLATE utf8mb4_bin, am text CHARACTER SET utf8mb3,
  an timestamp(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), ao national varchar(10), ap char(36) DEFAULT (uuid()),
  aq int DEFAULT (1 + 2 * 3), ar datetime DEFAULT (current_timestamp() + interval 1 day), `as` int, at_ varchar(20) DEFAULT 'current_timestamp',
  PRIMARY KEY (id)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci ROW_FORMAT=DYNAMIC;
CREATE TABLE shapes (
  id int NOT NULL, g geometry NOT NULL, p point, l linestring, y polygon, mp multipoint, ml multilinestring, my multipolygon, gc geometrycollection,
  PRIMARY KEY (id), SPATIAL KEY shapes_g (g)
);
CREATE TABLE `order` (
  id int NOT NULL,
  line int NOT NULL,
  customer int NOT NULL,
  parent_id int, parent_line int,
  total double,
  note text,
  PRIMARY KEY (id, line DESC),
  KEY order_customer (customer),
  KEY order_parent (parent_id, parent_line),
  CONSTRAINT order_customer FOREIGN KEY (customer) REFERENCES customer (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT parent FOREIGN KEY (parent_id, parent_line) REFERENCES `order` (id, line) ON DELETE SET NULL ON UPDATE NO ACTION,
  FULLTEXT KEY order_note (note)
);
SET foreign_key_checks = 0;
CREATE TABLE chicken (id int PRIMARY KEY, egg int, CONSTRAINT hatched FOREIGN KEY (egg) REFERENCES egg (id) ON DELETE RESTRICT);
CREATE TABLE egg (id int PRIMARY KEY, chicken int, CONSTRAINT laid FOREIGN KEY (chicken) REFERENCES chicken (id));
SET foreign_key_checks = 1;
-- a key to what is not unique, which MySQL takes only so since 8.4
/*!80400 SET SESSION restrict_fk_on_non_standard_key = 0 */;
CREATE TABLE loose_target (a int, b int, KEY (a, b));
CREATE TABLE loose (a int, CONSTRAINT loosely FOREIGN KEY (a) REFERENCES loose_target (a));
/*!80400 SET SESSION restrict_fk_on_non_standard_key = 1 */;
CREATE TABLE in_memory (k varchar(20) NOT NULL, v int, KEY by_tree (v) USING BTREE, PRIMARY KEY (k)) ENGINE=MEMORY MAX_ROWS=1000;
CREATE TABLE my_isam (k int NOT NULL AUTO_INCREMENT, v text, PRIMARY KEY (k), KEY prefix (v(10))) ENGINE=MyISAM DEFAULT CHARSET=latin1 CHECKSUM=1 DELAY_KEY_WRITE=1 PACK_KEYS=1;
/*!80000 CREATE TABLE in_system (a int) TABLESPACE = innodb_system */;
CREATE TABLE compressed_one (a int PRIMARY KEY) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8 STATS_PERSISTENT=1 STATS_AUTO_RECALC=0 STATS_SAMPLE_PAGES=30 COMMENT='x ENGINE=y AUTO_INCREMENT=7';
CREATE TABLE by_range (id int NOT NULL, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (year(at)) SUBPARTITION BY HASH (id) SUBPARTITIONS 2
  (PARTITION p_old VALUES LESS THAN (2000) COMMENT = 'long ago', PARTITION `p new` VALUES LESS THAN (2030), PARTITION p_max VALUES LESS THAN MAXVALUE);
CREATE TABLE by_list (id int NOT NULL, kind varchar(5) NOT NULL) PARTITION BY LIST COLUMNS (kind) (PARTITION a VALUES IN ('a', 'b'), PARTITION c VALUES IN ('c', 'it''s'));
CREATE TABLE by_key (id int NOT NULL PRIMARY KEY) PARTITION BY KEY () PARTITIONS 3;
CREATE TABLE by_columns (a int NOT NULL, b varchar(10) NOT NULL) PARTITION BY RANGE COLUMNS (a, b) (PARTITION p0 VALUES LESS THAN (10, 'm'), PARTITION p1 VALUES LESS THAN (MAXVALUE, MAXVALUE));
CREATE TABLE `we``ird; --` (`col``umn` varchar(20), `brackets [here]` int, `"quotes"` float, `sélect` text, `' OR 1=1 --` int, `UPPER` int, `a.b` int, KEY `odd  index; ``'` (`col``umn` DESC, `UPPER`));
CREATE TABLE audit (at varchar(40), what varchar(300));
-- what only MySQL has
/*!80013 CREATE TABLE functional (
  a int, b varchar(50), c varchar(20) INVISIBLE DEFAULT 'hidden', tags json,
  v float GENERATED ALWAYS AS (a / 2) STORED INVISIBLE,
  KEY by_sum ((a + 1), (lower(b)) DESC), KEY unseen (a) INVISIBLE, UNIQUE KEY by_cast ((cast(b as unsigned))), KEY many ((cast(tags->'$[*]' as unsigned array))),
  CONSTRAINT loose CHECK (a > 0) NOT ENFORCED
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_as_cs */;
/*!80013 CREATE TABLE places (id int PRIMARY KEY, at point NOT NULL SRID 4326, around polygon SRID 0, SPATIAL KEY (at)) */;
/*!80013 CREATE TABLE words (id int PRIMARY KEY, body text, FULLTEXT KEY by_ngram (body) WITH PARSER ngram) */;
/*!90000 CREATE TABLE vectors (id int PRIMARY KEY, v vector(3)) */;
/*!80013 CREATE TABLE attributed (id int PRIMARY KEY, a int COLUMN_FORMAT FIXED, b int STORAGE MEMORY) COMPRESSION='zlib' */;
-- what only MariaDB has
/*M! CREATE SEQUENCE counter START WITH 5 INCREMENT BY 3 MINVALUE 1 MAXVALUE 1000 CACHE 10 CYCLE */;
/*M! CREATE SEQUENCE counted */;
/*M! CREATE TABLE numbered (id bigint NOT NULL DEFAULT nextval(counted), at int, PRIMARY KEY (id)) */;
/*M! CREATE TABLE versioned (id int PRIMARY KEY, what varchar(20), hidden int INVISIBLE DEFAULT 3, loose int WITHOUT SYSTEM VERSIONING) WITH SYSTEM VERSIONING */;
/*M! CREATE TABLE periods (id int, from_ date, to_ date, s timestamp(6) GENERATED ALWAYS AS ROW START INVISIBLE, e timestamp(6) GENERATED ALWAYS AS ROW END INVISIBLE,
  PERIOD FOR SYSTEM_TIME (s, e), PERIOD FOR valid (from_, to_), UNIQUE KEY never_twice (id, valid WITHOUT OVERLAPS)) WITH SYSTEM VERSIONING */;
/*M! CREATE TABLE history_parts (a int) WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME (PARTITION p0 HISTORY, PARTITION pn CURRENT) */;
/*M! CREATE TABLE more_types (u uuid DEFAULT uuid(), i inet6, f inet4, c varchar(100) COMPRESSED, k int, KEY ignored_one (k) IGNORED, b blob, UNIQUE KEY by_blob (b)) PAGE_COMPRESSED=1 */;
/*M! CREATE TABLE aria_one (a int CHECK (a > 1 and a < 10), b varchar(10) CHECK (b <> '')) ENGINE=Aria TRANSACTIONAL=0 PAGE_CHECKSUM=1 */;
CREATE VIEW big_orders AS SELECT o.id, o.line, o.total, c.name FROM `order` AS o JOIN customer c ON c.id = o.customer WHERE o.total > 100;
CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW a_positive AS SELECT id, code, level FROM customer WHERE level >= 0 WITH CASCADED CHECK OPTION;
CREATE ALGORITHM=TEMPTABLE VIEW `zz view` AS SELECT max(total) AS `the most`, 'a;b''c' AS literal, count(*) AS `count` FROM big_orders;
CREATE VIEW local_checked (one, two) AS SELECT id, code FROM customer WHERE code <> 'x' WITH LOCAL CHECK OPTION;
DELIMITER //
CREATE FUNCTION add_up(a INT, b VARCHAR(20) CHARACTER SET latin1) RETURNS varchar(30) CHARSET utf8mb4 DETERMINISTIC NO SQL COMMENT 'adds; it''s simple'
BEGIN
  -- a comment inside; with a delimiter
  DECLARE x INT DEFAULT 0; /* and one more */
  SET x = a + 1;
  RETURN concat(x, b, ';', 'ü');
END//
CREATE FUNCTION whole(a int) RETURNS int(11) unsigned READS SQL DATA SQL SECURITY INVOKER RETURN a + (SELECT count(*) FROM audit)//
CREATE PROCEDURE note_it(IN what VARCHAR(300), INOUT times INT, OUT `the end` DATETIME)
  MODIFIES SQL DATA
label: BEGIN
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; END;
  WHILE times > 0 DO
    INSERT INTO audit VALUES (now(), what);
    SET times = times - 1;
  END WHILE;
  SET `the end` = now();
END//
CREATE PROCEDURE Whole() SELECT 1//
CREATE TRIGGER customer_added AFTER INSERT ON customer FOR EACH ROW
BEGIN
  INSERT INTO audit VALUES (NEW.created_at, concat('added; ', NEW.name));
END//
CREATE TRIGGER z_first BEFORE UPDATE ON customer FOR EACH ROW SET NEW.code = upper(NEW.code)//
CREATE TRIGGER a_third BEFORE UPDATE ON customer FOR EACH ROW FOLLOWS z_first SET NEW.code = concat(NEW.code, '3')//
CREATE TRIGGER m_second BEFORE UPDATE ON customer FOR EACH ROW PRECEDES a_third SET NEW.code = concat(NEW.code, '2')//
CREATE TRIGGER order_gone BEFORE DELETE ON `order` FOR EACH ROW INSERT INTO audit VALUES ('', 'gone')//
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 03:00:00' ENDS '2037-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE COMMENT 'clean; up' DO
BEGIN
  DELETE FROM audit WHERE at < '2000'; -- old ones
END//
CREATE EVENT once_only ON SCHEDULE AT '2037-05-05 05:05:05' DO INSERT INTO audit VALUES ('once', 'only')//
SET SESSION sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES'//
CREATE PROCEDURE "ansi quoted"("the arg" INT) SELECT 'a\' || "the arg", 'b;' AS "c;"//
CREATE TRIGGER "ansi trigger" BEFORE INSERT ON "order" FOR EACH ROW SET NEW."total" = NEW."total" || '\'//
CREATE EVENT "ansi event" ON SCHEDULE EVERY '1:30' HOUR_MINUTE STARTS '2035-01-01 00:00:00' DO SELECT "id" || '\' FROM customer//
/*M! SET SESSION sql_mode = 'ORACLE' */;
//
/*M! CREATE PACKAGE tools AS
  FUNCTION twice(a INT) RETURN INT;
  PROCEDURE say(what VARCHAR2(100));
END */;
//
/*M! CREATE PACKAGE BODY tools AS
  shared INT := 3;
  FUNCTION twice(a INT) RETURN INT AS BEGIN RETURN a * 2; END;
  PROCEDURE say(what VARCHAR2(100)) AS BEGIN INSERT INTO audit VALUES ('said', what || shared); END;
END */;
//
/*M! CREATE FUNCTION oracle_style(a VARCHAR2(10)) RETURN VARCHAR2(20) AS BEGIN RETURN a || 'x'; END */;
//
SET SESSION sql_mode = DEFAULT//
CREATE PROCEDURE of_default_mode() SELECT @@sql_mode//
SET SESSION sql_mode = ''//
/*M! CREATE AGGREGATE FUNCTION total_of(x INT) RETURNS INT
BEGIN
  DECLARE s INT DEFAULT 0;
  DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN s;
  LOOP FETCH GROUP NEXT ROW; SET s = s + x; END LOOP;
END */;
//
DELIMITER ;
CREATE VIEW with_function AS SELECT id, add_up(level, code) AS added FROM customer;
/*!90400 CREATE JSON DUALITY VIEW as_documents AS SELECT JSON_DUALITY_OBJECT('_id': id, 'code': code) FROM customer */;
CREATE VIEW a_late_one AS SELECT * FROM with_function WHERE added <> '';

-- rows
SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', time_zone = '+02:00';
INSERT INTO customer (id, code, email, name, balance, level, doc, created_at) VALUES
  (0, 'zero', 'zero@example.org', 'nobody', NULL, 0, '{"a": [1, 2.50, null, "ü"], "b\\n": "\\u0007"}', '2026-03-29 01:30:00'),
  (1, 'one', 'one@example.org', 'quote '' back \\ new\nline tab\t percent % emoji 🐘', 12345678.91, 1, NULL, '2026-10-25 02:30:00'),
  (7, '', 'x', 'seventh', -0.01, -1, '"text"', '1970-01-02 00:00:01');
UPDATE customer SET changed_at = '2026-01-01 00:00:00.125';
DELETE FROM customer WHERE id = 7;
INSERT INTO `order` VALUES (1, 1, 0, NULL, NULL, 1.0000000000000002, 'a note; with words'), (1, 2, 1, 1, 1, 1e300, NULL), (2, 1, 1, 1, 2, -0.1, '');
INSERT INTO all_types (id) VALUES (0);
INSERT INTO all_types (id, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, ab, ac, ad, ae, af, ag, ah, ai, aj, ak, al, am, an, ao, ap, aq, ar) VALUES
  (18446744073709551615, -128, 0, 65535, -8388608, -2147483648, -9223372036854775808, 3.40282e38, 2.2250738585072014e-308, 1234.568, 99999.9999,
   12345678901234567890123456789012345.123456789012345678901234567891, 99999, -999999.99, b'0', 0xFFFFFFFFFFFFFFFF, 'ab ', '', 'a', 'b\0\Z',
   0x00FF, 0x0A0D1A5C27220025, '', REPEAT(0xAB, 300), 'tiny', 'line\r\nnext', '\\''"%_', 'ünïcödé 🐘', 'ü', '', '9999-12-31', '-838:59:59.000001', '1000-01-01 00:00:00.000001',
   '2038-01-19 03:14:07.999999', 2155, '[]', '0000-00-00', 'äß', 'É', 'só', '1970-01-01 03:00:00.001', 'ñ', 'x', 0, '0000-00-00 00:00:00'),
  (3, NULL, NULL, NULL, NULL, NULL, 0, 0.1, 0.1, 0.001, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'd,e', 'y', NULL, '00:00:00.1',
   NULL, NULL, 1901, '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO shapes VALUES (1, ST_GeomFromText('POINT(1 2)'), ST_GeomFromText('POINT(0.1 -2e10)'), ST_GeomFromText('LINESTRING(0 0,1 1)'),
  ST_GeomFromText('POLYGON((0 0,0 1,1 1,0 0))'), ST_GeomFromText('MULTIPOINT(1 1,2 2)'), NULL, NULL, ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,1 1))')),
  (2, ST_GeomFromText('POINT(1 2)', 4326), NULL, NULL, NULL, NULL, NULL, NULL, NULL);
SET foreign_key_checks = 0;
INSERT INTO chicken VALUES (1, 1);
INSERT INTO egg VALUES (1, 1);
SET foreign_key_checks = 1;
INSERT INTO my_isam VALUES (5, 'five'), (0, 'zero');
INSERT INTO by_range VALUES (1, '1999-01-01'), (2, '2025-01-01'), (3, '2050-01-01');
INSERT INTO by_list VALUES (1, 'a'), (2, 'it''s');
INSERT INTO `we``ird; --` VALUES ('x', 1, 2.5, 'ü', 3, 4, 5), (NULL, NULL, NULL, NULL, NULL, NULL, NULL);
/*!80013 INSERT INTO functional (a, b, c, tags) VALUES (1, '12', 'seen', '[3, 4]'), (NULL, '5', 'x', NULL) */;
/*!80013 INSERT INTO places VALUES (1, ST_GeomFromText('POINT(50 8)', 4326), NULL) */;
/*!90000 INSERT INTO vectors VALUES (1, STRING_TO_VECTOR('[1.5,-2,0.1]')), (2, NULL) */;
/*M! INSERT INTO numbered (at) VALUES (1), (2) */;
/*M! SELECT nextval(counter), nextval(counter) */;
/*M! INSERT INTO versioned (id, what) VALUES (1, 'a') */;
/*M! INSERT INTO periods (id, from_, to_) VALUES (1, '2020-01-01', '2021-01-01') */;
/*M! INSERT INTO more_types (u, i, f, c, k, b) VALUES ('123e4567-e89b-12d3-a456-426655440000', '::1', '1.2.3.4', 'squeezed', 1, 'blob'), (NULL, NULL, NULL, NULL, NULL, NULL) */;
/*M! INSERT INTO aria_one VALUES (2, 'x') */;
