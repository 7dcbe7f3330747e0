-- What a migration drops, with rows of all sorts, and a rollback brings back.
CREATE TABLE stays (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(20) NOT NULL, n int DEFAULT 0, m int, UNIQUE KEY stays_n (name));
INSERT INTO stays VALUES (1, 'a', 1, 1), (2, 'b', 2, 2), (3, 'c', 3, NULL);
CREATE TABLE audit (what varchar(50), id int NOT NULL AUTO_INCREMENT PRIMARY KEY);
CREATE TABLE kinds (
  id int NOT NULL AUTO_INCREMENT PRIMARY KEY, b bit(9), v varbinary(20), bl blob, j json, g geometry, ts timestamp NULL DEFAULT NULL,
  d datetime(6), f float, dd double, dec5 decimal(30,10), e enum('x','y'), s set('p','q'), t text, y year
);
SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00';
INSERT INTO kinds (id, b, v, bl, j, g, ts, d, f, dd, dec5, e, s, t, y) VALUES
  (0, b'101010101', x'00ff275c', x'', '{"a": [1, "\\u00fc"]}', ST_GeomFromText('POINT(1 2)'), '2026-03-29 01:30:00', '2026-01-01 00:00:00.000001', 1.17549435e-38, 1.7976931348623157e308, 12345678901234567890.0123456789, 'x', 'p,q', 'it''s "q" \\ ü 🎉', 2026),
  (7, NULL, NULL, NULL, NULL, NULL, NULL, '0000-00-00 00:00:00', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (9, b'0', 'v', REPEAT(x'00', 300), 'null', ST_GeomFromText('LINESTRING(0 0,1 1)'), '2026-10-25 01:30:00', NULL, -0.5, 0, -1, 'y', '', '', 1999);
DELETE FROM kinds WHERE id = 9;
CREATE TABLE tree (id int PRIMARY KEY, parent int, CONSTRAINT tree_parent FOREIGN KEY (parent) REFERENCES tree (id));
INSERT INTO tree VALUES (5, NULL), (1, 5), (3, 1);
SET SESSION foreign_key_checks = 0;
INSERT INTO tree VALUES (2, 4), (4, 5);
CREATE TABLE hen (id int PRIMARY KEY, egg int, CONSTRAINT hen_egg FOREIGN KEY (egg) REFERENCES egg (id));
CREATE TABLE egg (id int PRIMARY KEY, hen int, CONSTRAINT egg_hen FOREIGN KEY (hen) REFERENCES hen (id));
SET SESSION foreign_key_checks = 1;
INSERT INTO hen VALUES (1, NULL);
INSERT INTO egg VALUES (10, 1);
UPDATE hen SET egg = 10;
CREATE TABLE leaf (id int PRIMARY KEY, tree int, stays int, CONSTRAINT leaf_tree FOREIGN KEY (tree) REFERENCES tree (id) ON DELETE CASCADE, CONSTRAINT leaf_stays FOREIGN KEY (stays) REFERENCES stays (id));
INSERT INTO leaf VALUES (1, 2, 3), (2, 3, NULL);
CREATE TABLE kept_empty (id int PRIMARY KEY);
CREATE TRIGGER leaf_in AFTER INSERT ON leaf FOR EACH ROW INSERT INTO audit (what) VALUES ('leaf');
CREATE VIEW leaves AS SELECT l.id, t.parent FROM leaf l JOIN tree t ON t.id = l.tree;
