CREATE SCHEMA ext;
CREATE TABLE no_key (a integer NOT NULL, b text);
CREATE TABLE empty ();
CREATE TABLE lonely (only_one bigint PRIMARY KEY);
CREATE TABLE vague (id bigint PRIMARY KEY, c text, d text);
CREATE TABLE phones (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, phone1 text NOT NULL, phone2 text, phone3 text);
CREATE TABLE late (name text NOT NULL, id bigint PRIMARY KEY);
CREATE TABLE joins (id bigint PRIMARY KEY, vague_id bigint NOT NULL REFERENCES vague, late_id bigint NOT NULL REFERENCES late);
CREATE TABLE "Odd" (id bigint PRIMARY KEY, "order" text NOT NULL, "first name" text);
CREATE TABLE bills (
  id bigserial PRIMARY KEY, total_price real NOT NULL, state text NOT NULL DEFAULT 'NULL', code text, place point,
  kind regproc, country character(2), made timestamp, details json, paid money, vague_id integer REFERENCES vague
);
ALTER SEQUENCE bills_id_seq AS integer;
CREATE INDEX bills_a ON bills (state, code);
CREATE INDEX bills_b ON bills (state, code);
CREATE INDEX bills_c ON bills (state);
CREATE INDEX bills_d ON bills (id);
CREATE INDEX bills_v ON bills (vague_id);
CREATE UNIQUE INDEX bills_u ON bills (made, code);
CREATE TABLE kids (id bigint PRIMARY KEY, self bigint NOT NULL UNIQUE, CONSTRAINT kids_self FOREIGN KEY (self) REFERENCES kids (self));
CREATE TABLE twice (id bigint PRIMARY KEY, late bigint NOT NULL UNIQUE REFERENCES late, late_too bigint REFERENCES late);
ALTER TABLE twice ADD CONSTRAINT twice_again FOREIGN KEY (late) REFERENCES late;
CREATE TABLE ring_a (id bigint PRIMARY KEY, next bigint NOT NULL UNIQUE);
CREATE TABLE ring_b (id bigint PRIMARY KEY, next bigint NOT NULL UNIQUE REFERENCES ring_a);
ALTER TABLE ring_a ADD FOREIGN KEY (next) REFERENCES ring_b;
ALTER TABLE phones ADD CONSTRAINT phones_long CHECK (length(phone1) > 3) NOT VALID;
CREATE UNLOGGED TABLE lost (id bigint PRIMARY KEY, word text NOT NULL) WITH (autovacuum_enabled = false);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER t BEFORE INSERT ON lost FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE lost DISABLE TRIGGER t;
CREATE RULE r AS ON DELETE TO lost DO INSTEAD NOTHING;
-- rights
CREATE TABLE open_policy (id bigint PRIMARY KEY, word text NOT NULL);
CREATE POLICY p ON open_policy USING (word = 'x');
CREATE TABLE shut (id bigint PRIMARY KEY, word text NOT NULL);
ALTER TABLE shut ENABLE ROW LEVEL SECURITY;
CREATE TABLE mine (id bigint PRIMARY KEY, word text NOT NULL);
ALTER TABLE mine ENABLE ROW LEVEL SECURITY;
CREATE POLICY anybody ON mine FOR UPDATE USING (true);
CREATE POLICY one ON mine FOR SELECT USING (word = 'x');
CREATE POLICY two ON mine FOR ALL USING (word = 'y');
CREATE VIEW shows AS SELECT word FROM mine;
CREATE MATERIALIZED VIEW kept AS SELECT word FROM mine;
GRANT SELECT ON shows, kept TO pg_monitor;
CREATE FUNCTION powers() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
CREATE TABLE accounts (id bigint PRIMARY KEY, password text NOT NULL);
GRANT SELECT, UPDATE ON accounts TO PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO PUBLIC;
CREATE EXTENSION citext SCHEMA public;
INSERT INTO no_key VALUES (1, 'x'), (1, 'y');
\set ON_ERROR_STOP 0
CREATE UNIQUE INDEX CONCURRENTLY broken ON no_key (a);
