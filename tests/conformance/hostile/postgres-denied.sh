# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A role that may not read everything: what it is denied is said, and nothing is left out in silence.

denied_role=$(engine_role low)
as_low() { echo "${url/\/\/*@/\/\/$denied_role@}"; }
engine_new denied
engine_load "$url" /dev/stdin <<SQL
CREATE ROLE $denied_role LOGIN;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA secret;
CREATE TYPE secret.mood AS ENUM ('a', 'b');
CREATE TABLE secret.t (id serial PRIMARY KEY, m secret.mood DEFAULT 'a', x text DEFAULT 'hidden');
INSERT INTO secret.t (x) VALUES ('r');
CREATE VIEW secret.v AS SELECT id, m FROM secret.t;
CREATE FUNCTION secret.f(secret.mood) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE STATISTICS secret.s ON id, m FROM secret.t;
CREATE EXTENSION postgres_fdw;
CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw;
CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (user 'x', password 'geheim');
SQL
project denied-project
before=$DATABASE_URL
run "$DARA" compare-schemas live "$(as_low)"
status_is 0 "$name: denied: what the role may not use is read all the same"
out_like "not compared: 'user_mapping' could not be read on one side" "$name: denied: but for options that the server hides"
export DATABASE_URL
DATABASE_URL=$(as_low)
run "$DARA" status
status_is 6 "$name: denied: a history in a schema that the role may not use"
err_like "'dara_migrations' is in the schema 'public', which this role may not use" "$name: denied: is not taken for none"
engine_sql "$url" "GRANT USAGE ON SCHEMA public TO $denied_role"
run "$DARA" status
err_like 'permission denied for table dara_migrations' "$name: denied: nor one that it may not read"
engine_sql "$url" "GRANT SELECT ON dara_migrations TO $denied_role; ALTER TABLE dara_migrations ENABLE ROW LEVEL SECURITY"
run "$DARA" status
status_is 6 "$name: denied: a history of which a policy hides rows"
err_like 'row-level security policy for table "dara_migrations"' "$name: denied: is an error"
engine_sql "$url" "ALTER TABLE dara_migrations DISABLE ROW LEVEL SECURITY"
refused_rows() { # WHAT PATTERN GRANT
    run "$DARA" snapshot --data rows
    status_is 6 "$name: denied: rows: $1"
    err_like "$2" "$name: denied: rows: $1: says which"
    is "$(find db/snapshots -name '*rows*')" "" "$name: denied: rows: $1: no snapshot is left"
    engine_sql "$url" "$3"
}
refused_rows "a schema" 'of "secret"."t": permission denied for schema secret' "GRANT USAGE ON SCHEMA secret TO $denied_role"
refused_rows "a table" 'rows of "secret"."t": permission denied' "GRANT SELECT ON secret.t TO $denied_role"
refused_rows "a sequence" 'sequence of "secret"."t": permission denied' \
    "GRANT SELECT ON SEQUENCE secret.t_id_seq TO $denied_role; ALTER TABLE secret.t ENABLE ROW LEVEL SECURITY"
refused_rows "a policy" 'row-level security policy for table "t"' "ALTER TABLE secret.t DISABLE ROW LEVEL SECURITY"
run "$DARA" snapshot --data rows
status_is 0 "$name: denied: with every right it is taken"
DATABASE_URL=$before
