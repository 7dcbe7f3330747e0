#!/bin/bash
# SPDX-License-Identifier: MIT
# lint with PostgreSQL's rules about statements: each found, and next to it what must not be. No server.
# shellcheck source=tests/cli/lib.sh
. "$srcdir/tests/cli/lib.sh"
[ -e "$builddir/drivers/postgres/postgres.la" ] || skip_all 'the driver is not built'
export DARA_DRIVER_PATH=$builddir/drivers/postgres
printf 'engine: postgres\n' >dara.yaml

# One statement a line, what it is to be found for behind ' -- ' ("-" = nothing); all are judged in one run, so each has tables of its own.
cat >cases <<'S'
CREATE INDEX i1 ON t1 (a); -- index-not-concurrent
CREATE INDEX CONCURRENTLY i2 ON t2 (a); -- -
REINDEX TABLE t3; -- reindex-not-concurrent
REINDEX TABLE CONCURRENTLY t4; -- -
ALTER TABLE t5 DETACH PARTITION t5_1; -- detach-not-concurrent
ALTER TABLE t6 DETACH PARTITION t6_1 CONCURRENTLY; -- -
ALTER TABLE t7 ADD FOREIGN KEY (a) REFERENCES o (a); -- foreign-key-not-valid
ALTER TABLE t8 ADD FOREIGN KEY (a) REFERENCES o (a) NOT VALID; -- -
ALTER TABLE t9 ADD COLUMN a bigint REFERENCES o (a); -- foreign-key-not-valid
ALTER TABLE t10 VALIDATE CONSTRAINT c; -- -
ALTER TABLE t11 ADD CHECK (a > 0); -- check-not-valid
ALTER TABLE t12 ADD CHECK (a > 0) NOT VALID; -- -
ALTER TABLE t13 ADD COLUMN a integer CHECK (a > 0); -- -
ALTER TABLE t14 ADD UNIQUE (a); -- unique-not-using-index
ALTER TABLE t15 ADD PRIMARY KEY (a); -- unique-not-using-index
ALTER TABLE t16 ADD CONSTRAINT c UNIQUE USING INDEX i; -- -
ALTER TABLE t17 ADD EXCLUDE USING gist (a WITH =); -- exclusion-constraint
VACUUM FULL t18; -- vacuum-full table-rewrite
VACUUM t19; -- -
CLUSTER t20 USING i; -- vacuum-full table-rewrite
CREATE TABLE new1 (a bigint PRIMARY KEY, b bigint REFERENCES o (a), CHECK (a > 0)); -- -
CREATE INDEX ON new1 (b); -- -
ALTER TABLE new1 ADD UNIQUE (b), ADD CHECK (b > 0), ADD FOREIGN KEY (b) REFERENCES o (a); -- -
ALTER TABLE t21 ADD COLUMN a bigint DEFAULT 1; -- -
ALTER TABLE t22 ADD COLUMN a uuid DEFAULT gen_random_uuid(); -- table-rewrite
ALTER TABLE t23 ADD COLUMN a bigserial; -- serial-column table-rewrite
ALTER TABLE t24 RENAME COLUMN a TO b; -- rename-column
DROP INDEX i3; -- drop-index-not-concurrent drop-index
DROP INDEX CONCURRENTLY i4; -- drop-index
VACUUM (FULL false) t25; -- -
REINDEX (CONCURRENTLY false) INDEX i5; -- reindex-not-concurrent
ALTER TABLE t26 ADD COLUMN a jsonb DEFAULT make_it(); -- default-may-be-volatile
ALTER TABLE t27 ADD COLUMN a timestamptz DEFAULT now(), ADD COLUMN b text DEFAULT lower('A' || current_user); -- -
ALTER TABLE t28 ADD COLUMN a numeric GENERATED ALWAYS AS (b * 2) STORED; -- table-rewrite
ALTER TABLE t29 ALTER COLUMN a SET NOT NULL; -- set-not-null
ALTER TABLE t30 VALIDATE CONSTRAINT t30_a; -- -
ALTER TABLE t30 ALTER COLUMN a SET NOT NULL; -- -
ALTER TABLE t31 ADD CONSTRAINT other CHECK (b IS NOT NULL) NOT VALID; -- -
ALTER TABLE t31 VALIDATE CONSTRAINT other; -- validate-in-same-transaction
ALTER TABLE t31 ALTER COLUMN a SET NOT NULL; -- set-not-null
ALTER TABLE t31 ALTER COLUMN b SET NOT NULL; -- -
ALTER TABLE t32 ALTER COLUMN a DROP NOT NULL; -- drop-not-null
TRUNCATE t33 CASCADE; -- truncate truncate-cascade
TRUNCATE t34; -- truncate
ALTER SCHEMA s1 RENAME TO s2; -- rename-schema
UPDATE t35 SET a = 1, b = 2, a = 3 WHERE b = 1; -- column-twice
UPDATE t36 SET a = ROW (1, 2), a.x = 1 WHERE b = 1; -- column-twice
UPDATE t37 SET a.x = 1, a.y = 2, c[1] = 1, c[2] = 2 WHERE b = 1; -- -
INSERT INTO t38 (a, a) VALUES (1, 2); -- column-twice
INSERT INTO t39 (a, b) VALUES (1, 2) ON CONFLICT (a) DO UPDATE SET b = 1, b = 2; -- column-twice
CREATE TABLE new2 (a bigint, a text); -- column-twice
SELECT 1 AS a, 2 AS a INTO new3; -- column-twice
SELECT 1 AS a, 2 AS a; -- -
CREATE DOMAIN d1 AS text CHECK (VALUE <> ''); -- domain-constraint
CREATE DOMAIN d2 AS text; -- -
ALTER DOMAIN d3 ADD CHECK (VALUE <> ''); -- domain-constraint
ALTER DOMAIN d4 SET NOT NULL; -- -
ALTER TYPE e1 ADD VALUE 'l1'; -- enum-label-place
ALTER TYPE e2 ADD VALUE 'l2' BEFORE 'k'; -- -
INSERT INTO t40 VALUES ('l2'); -- enum-label-used
INSERT INTO t41 VALUES ('l3'); -- -
CREATE TABLE new4 (a character(3), b "char", c varchar(3), d varchar, e timestamp, f timestamptz); -- char-type timestamp-no-zone varchar-length
ALTER TABLE new4 ADD COLUMN g json, ADD COLUMN h jsonb, ADD COLUMN i money; -- json-not-jsonb money-type
ALTER TABLE t42 ALTER COLUMN a TYPE timestamp; -- change-column-type timestamp-no-zone
CREATE TABLE new5 (a bigserial, b bigint GENERATED ALWAYS AS IDENTITY, c integer, d smallint); -- serial-column
CREATE TABLE abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk (a bigint); -- -
CREATE TABLE "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghij""" (a bigint); -- -
CREATE TABLE abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl (a bigint); -- name-too-long
BEGIN; -- transaction-in-file
BEGIN; -- transaction-in-file transaction-nested
CREATE INDEX CONCURRENTLY i6 ON t43 (a); -- concurrently-in-transaction
COMMIT; -- transaction-in-file
COMMIT; -- transaction-in-file transaction-nested
ALTER TABLE t31 VALIDATE CONSTRAINT other; -- -
INSERT INTO t44 VALUES ('l2'); -- -
START TRANSACTION; -- transaction-in-file transaction-left-open
DO $$ BEGIN EXECUTE 'DROP TABLE x'; END $$; -- dynamic-sql
S
# Lints the cases, and compares line by line.
finds_all() {
    local n=0 line
    sed 's/ -- .*//' cases >f.sql
    run dara lint f.sql -f json
    while IFS= read -r line; do
        n=$((n + 1))
        is "$(json "[.findings[] | select(.line == $n) | .rule] | unique | join(\" \")")" \
            "$(sed 's/.* -- //; s/^-$//' <<<"$line" | xargs -n1 2>/dev/null | sort | xargs)" "${line%% -- *}"
    done <cases
}
finds_all
keeps_schema lint
told=$(json '[.findings[].rule] | unique | .[]')
run dara security-audit rules -f json
is "$(comm -23 <(sort <<<"$told") <(json '.known_rules[].id' | sort))" '' 'each finding is of a rule that is listed'

# Rules that are off: dara has ways of its own, or a team its habits.
cat >cases <<'S'
SET lock_timeout = '1s'; -- -
CREATE TABLE public.t1 (a integer, b int2); -- integer-column not-repeatable smallint-column statement-timeout-missing
CREATE TABLE IF NOT EXISTS t2 (a bigint); -- name-without-schema
CREATE TEMP TABLE t3 (a bigint) ON COMMIT DROP; -- -
ALTER TABLE t4 DROP CONSTRAINT IF EXISTS c; -- drop-constraint name-without-schema
ALTER TABLE t4 ADD CONSTRAINT c CHECK (a > 0) NOT VALID; -- name-without-schema
ALTER TABLE t4 ENABLE ROW LEVEL SECURITY; -- name-without-schema
DROP TABLE public.t5; -- drop-table not-repeatable
S
printf 'engine: postgres\nrules:\n' >dara.yaml
printf '  %s: info\n' lock-timeout-missing statement-timeout-missing not-repeatable name-without-schema integer-column smallint-column >>dara.yaml
finds_all
done_testing
