-- Everything SQLite knows in a schema, spelled in many ways, with rows. Loaded by the engine's own client.
PRAGMA user_version = 7;
PRAGMA application_id = 1684107873;
BEGIN;
CREATE TABLE plain(a, b INT, c "odd type" , d VARCHAR(40) , e DECIMAL(10, -2));
CREATE TABLE IF NOT EXISTS customer (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- the author's comment
  email TEXT NOT NULL COLLATE NOCASE UNIQUE ON CONFLICT ABORT,
  name TEXT NOT NULL DEFAULT 'nobody ''quoted'' "here"',
  /* a block
     comment */
  balance NUMERIC DEFAULT (0.5 + 1) CHECK (balance >= 0),
  created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
  flags BLOB DEFAULT x'00ff',
  level INTEGER DEFAULT -1 CONSTRAINT level_known CHECK (level IN (-1, 0, 1)),
  upper_name TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL,
  size INTEGER AS (length(name) + 1) STORED,
  CONSTRAINT customer_named UNIQUE (name, email)
);
CREATE TABLE "order" (
  id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  customer INTEGER NOT NULL REFERENCES customer(id) ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED,
  parent_id INTEGER,
  parent_line INTEGER,
  total REAL,
  PRIMARY KEY (id, line DESC),
  CONSTRAINT parent FOREIGN KEY (parent_id, parent_line) REFERENCES "order"(id, line) ON DELETE NO ACTION MATCH SIMPLE
) WITHOUT ROWID;
CREATE TABLE strict_one (k TEXT PRIMARY KEY, i INT, r REAL, b BLOB, x ANY) STRICT;
CREATE TABLE strict_two (k INTEGER PRIMARY KEY, v ANY) WITHOUT ROWID, STRICT;
CREATE TABLE quirk (id INTEGER PRIMARY KEY DESC, v);
CREATE TABLE rowids (name TEXT, rowid TEXT);
CREATE TABLE chicken (id INTEGER PRIMARY KEY, egg INTEGER REFERENCES egg DEFERRABLE);
CREATE TABLE egg (id INTEGER PRIMARY KEY, chicken INTEGER REFERENCES chicken(id) ON DELETE RESTRICT);
CREATE TABLE copied AS SELECT 1 AS one, 'two' AS "two words";
CREATE TABLE "we""ird
name; --" ("col""umn" TEXT, [brackets [here] INT, `back``tick` REAL, "sélect" TEXT DEFAULT 'ünï', "' OR 1=1 --" INT);
CREATE INDEX customer_name ON customer(name);
CREATE UNIQUE INDEX customer_part ON customer (lower(email), level DESC) WHERE level > 0 AND name IS NOT NULL;
CREATE INDEX "odd index " ON "we""ird
name; --" ("col""umn" COLLATE RTRIM DESC, "sélect");
CREATE VIEW big_orders AS
  SELECT o.id, o.total, c.name -- inside
  FROM "order" AS o JOIN customer c ON c.id = o.customer WHERE o.total > 100;
CREATE VIEW bigger(id, amount) AS WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3)
  SELECT id, total FROM big_orders, t WHERE total > 1000;
CREATE VIEW broken AS SELECT * FROM no_such_table;
CREATE TABLE audit (at TEXT, what TEXT);
CREATE TRIGGER customer_added AFTER INSERT ON customer FOR EACH ROW WHEN NEW.level >= 0
BEGIN
  INSERT INTO audit VALUES (CURRENT_TIMESTAMP, 'added; ' || NEW.name || CASE WHEN NEW.level = 1 THEN ' END' ELSE '' END);
  SELECT 1;
END;
CREATE TRIGGER customer_changed BEFORE UPDATE OF name, email ON customer BEGIN
  UPDATE audit SET what = what || '.' WHERE at = OLD.created_at;
END;
CREATE TRIGGER big_orders_insert INSTEAD OF INSERT ON big_orders BEGIN
  INSERT INTO "order"(id, line, customer, total) VALUES (NEW.id, 1, 1, NEW.total);
END;
CREATE VIRTUAL TABLE notes USING fts5(title, body, tokenize = 'porter ascii', prefix='2 3');
CREATE VIRTUAL TABLE places USING rtree(id, x0, x1, y0, y1, +label TEXT);
INSERT INTO plain VALUES (NULL, 1, 2.5, 'x', x'00'), (9007199254740993, -1, 1e300, '', 'tail');
INSERT INTO plain(rowid, a) VALUES (1000, 'far'), (-5, 'negative rowid');
INSERT INTO customer(id, email, name, level) VALUES (10, 'A@x', 'Ann', 0), (20, 'b@x', 'Bob''s "shop"', 1), (30, 'c@x', 'Çelik' || char(10) || 'two lines', -1);
DELETE FROM customer WHERE id = 30;
INSERT INTO "order" VALUES (1, 1, 10, NULL, NULL, 150.25), (1, 2, 20, 1, 1, 0.1), (2, 1, 20, NULL, NULL, 1500);
INSERT INTO strict_one VALUES ('a', 1, 1.5, x'', 'any'), ('b', NULL, NULL, NULL, 42), ('c', 3, 1, x'0102', x'ff');
INSERT INTO strict_two VALUES (1, 'one'), (2, 2.5);
INSERT INTO quirk VALUES (NULL, 'null pk'), (5, 'five');
INSERT INTO rowids(_rowid_, name, rowid) VALUES (77, 'n', 'not the rowid');
INSERT INTO chicken VALUES (1, 1);
INSERT INTO egg VALUES (1, 1);
INSERT INTO "we""ird
name; --" VALUES ('q"q', 1, 2.0, 'Ω', 3);
INSERT INTO notes VALUES ('first', 'the running foxes'), ('second', 'jumps over');
INSERT INTO places VALUES (1, 0.0, 1.0, 2.0, 3.0, 'here'), (2, -5, 5, -5, 5, NULL);
COMMIT;
