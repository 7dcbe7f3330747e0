#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Strange schemas and places: what was once found to lose something, or to tell an untruth.
. "$srcdir/tests/cli/migrate-lib.sh"

# ---- ANY of a STRICT table keeps '007', and ANY of another does not
project
sql "create table kept(a any) strict; insert into kept values ('007')"
echo 'create table users(id integer primary key, email text not null); create table kept(a any);' >target.sql
run dara -y create-migration loosen --to target.sql
status_is 0 'a migration that loosens a table'
is "$(grep -c "destroys rows or values: column 'a': text that reads as a number" db/migrations/*)" 1 'says that values change'
run dara apply-migration
status_is 8 'and needs consent'

done_testing
