#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What one file sets (PRAGMA) is no matter of the files after it, and a dry-run shows what apply-migration does.
. "$srcdir/tests/cli/migrate-lib.sh"

family() {
    sql "create table parent(id integer primary key, v text);
create table child(id integer primary key, parent references parent(id) on delete cascade);
insert into parent values (1, 'a'); insert into child values (1, 1), (2, 1);"
}
rebuild_parent() {
    migration 20260102000000_b.sql <<'END'
create table parent_new(id integer primary key, v text, w text);
insert into parent_new(id, v) select id, v from parent;
-- dara:allow drop-table its rows have moved
drop table parent;
alter table parent_new rename to parent;
END
}

# --- the way of SQLite's manual, with the setting at both ends --------------------------------------------------------
project
family
migration 20260101000000_a.sql <<'END'
pragma foreign_keys = off;
create table x(a);
pragma foreign_keys = on;
END
rebuild_parent
run dara apply-migration
status_is 0 'a file that leaves foreign keys on, and one that makes a parent again'
is "$(sql 'select count(*) from child')" 2 'no row went by a cascade'

# --- settings inside the transaction --------------------------------------------------------------------------------------
project
sql 'create table checked(a check (a > 0))'
migration 20260101000000_a.sql <<<'pragma ignore_check_constraints = on; create table x(a);'
migration 20260102000000_b.sql <<<'insert into checked values (-1);'
run dara apply-migration
status_is 6 'a check that the file before switched off holds again'
err_like '20260102000000_b.sql:1: .*CHECK' 'and is named'
run dara dry-run
status_is 6 'a dry-run says the same'
rm db/migrations/*_b.sql
migration 20260103000000_c.sql <<<'pragma query_only = on;'
run dara apply-migration
status_is 0 'a file that makes the connection read-only can be recorded'

# --- a dry-run makes the settings of the file it begins with --------------------------------------------------------------
project
family
migration 20260101000000_a.sql <<'END'
pragma foreign_keys = on;
-- dara:allow delete-without-where test
delete from parent;
END
run dara dry-run --format json
status_is 0 'a dry-run with foreign keys on'
is "$(json '.statements[0].notes')" '' 'the setting is made'
migration 20260101000000_a.sql <<'END'
pragma foreign_keys = on;
insert into child values (3, 77);
END
run dara dry-run
status_is 6 'what apply-migration refuses at once'
first=$(grep -c 'FOREIGN KEY constraint failed' "$work/err")
run dara apply-migration
status_is 6 'apply-migration does'
is "$first $(grep -c 'FOREIGN KEY constraint failed' "$work/err")" '1 1' 'and the reason is the same'
migration 20260101000000_a.sql <<<'create table x(a);'
migration 20260102000000_b.sql <<'END'
pragma foreign_keys = on;
create table y(a);
END
run dara dry-run
status_is 0 'a setting later on cannot be rehearsed'
out_like '20260102000000_b.sql: rehearsed without the settings it begins with' 'which is said'
migration 20260101000000_a.sql <<'END'
pragma auto_vacuum = full;
create table x(a);
END
rm db/migrations/*_b.sql
before=$(state)
run dara dry-run
status_is 0 'a setting that writes outside the transaction'
is "$(state)" "$before" 'is left out'
done_testing
