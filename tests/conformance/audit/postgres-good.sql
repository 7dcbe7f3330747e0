CREATE SCHEMA ext;
CREATE EXTENSION citext SCHEMA ext;
CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, email ext.citext UNIQUE, born date, password text, initial character(1));
CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person_id bigint NOT NULL REFERENCES people, total numeric(12,2) NOT NULL, tax_rate real NOT NULL,
  number bigint NOT NULL, made timestamptz NOT NULL DEFAULT now(), details jsonb, boss bigint REFERENCES orders, place point, tags text[] NOT NULL, UNIQUE (person_id, number)
);
CREATE INDEX orders_boss ON orders (boss DESC NULLS LAST);
CREATE INDEX orders_open ON orders (person_id) WHERE details IS NULL;
CREATE INDEX orders_tags ON orders USING gin (tags);
CREATE INDEX orders_person ON orders (person_id) INCLUDE (total);
CREATE INDEX orders_lower ON orders (lower(details::text), number);
CREATE TABLE log (id bigint NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE log_new PARTITION OF log DEFAULT;
CREATE TABLE mine (id bigint PRIMARY KEY, word text NOT NULL);
ALTER TABLE mine ENABLE ROW LEVEL SECURITY;
CREATE POLICY reads ON mine FOR SELECT USING (true);
CREATE POLICY adds ON mine FOR INSERT WITH CHECK (word = current_user);
CREATE POLICY service ON mine FOR DELETE TO pg_monitor USING (true);
CREATE VIEW own AS SELECT word FROM mine;
CREATE VIEW shown WITH (security_invoker = true) AS SELECT word FROM mine;
GRANT SELECT ON shown, mine TO pg_monitor;
CREATE FUNCTION plain() RETURNS integer LANGUAGE sql AS 'SELECT 1 /* SECURITY DEFINER */';
CREATE FUNCTION powers() RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT 1';
REVOKE EXECUTE ON FUNCTION powers() FROM PUBLIC;
