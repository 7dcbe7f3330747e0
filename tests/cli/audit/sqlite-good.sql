CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT UNIQUE) STRICT;
CREATE TABLE orders (
  id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES people (id), total_cents INTEGER NOT NULL, discount_rate REAL NOT NULL DEFAULT 0,
  number BIGINT NOT NULL, note TEXT, boss INTEGER REFERENCES orders (id), UNIQUE (person_id, number)
);
CREATE INDEX orders_boss ON orders (boss DESC);
CREATE INDEX orders_open ON orders (person_id) WHERE note IS NULL;
CREATE INDEX orders_note ON orders (note COLLATE NOCASE);
CREATE TABLE tags (word TEXT NOT NULL PRIMARY KEY, kind VARCHAR(20) NOT NULL) WITHOUT ROWID;
CREATE TABLE order_tags (order_id INTEGER NOT NULL REFERENCES orders, word TEXT NOT NULL REFERENCES tags, PRIMARY KEY (order_id, word));
CREATE INDEX order_tags_word ON order_tags (word);
CREATE VIEW open_orders AS SELECT * FROM orders WHERE note IS NULL;
