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
ALTER TABLE t23 ADD COLUMN a bigserial; -- table-rewrite
ALTER TABLE t24 RENAME COLUMN a TO b; -- rename-column
DO $$ BEGIN EXECUTE 'DROP TABLE x'; END $$; -- dynamic-sql
S
sed 's/ -- .*//' cases >f.sql
run dara lint f.sql -f json
n=0
while IFS= read -r line; do
    n=$((n + 1))
    is "$(json "[.findings[] | select(.line == $n) | .rule] | sort | join(\" \")")" "$(sed 's/.* -- //; s/^-$//' <<<"$line" | xargs -n1 2>/dev/null | sort | xargs)" "${line%% -- *}"
done <cases
keeps_schema lint
done_testing
