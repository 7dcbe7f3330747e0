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

# ---- dara's own record
project
good_migrations
dara apply-migration >/dev/null 2>&1
migration 20260103000000_c.sql <<<'delete from "DARA_MIGRATIONS" where version > 1;'
run dara apply-migration
status_is 8 'a migration that writes into the history needs consent'
err_like '20260103000000_c.sql:1: change-history' 'and its place is named'
migration 20260103000000_c.sql <<<'create table c(d);'
sql "create trigger refused before insert on dara_migrations begin select raise(abort, 'not today'); end"
run dara dry-run
status_is 6 'a history that cannot be written is found by a dry-run'
err_like 'not today' 'with the reason'

# ---- the file loses its name while it is written
for how in 'rm app.db' 'mv app.db moved.db' 'mv app.db moved.db && cp moved.db app.db'; do
    project
    migration 20260101000000_a.sql <<<'create table u(b); with recursive n(i) as (values (1) union all select i + 1 from n where i < 3000000) insert into u select i from n;'
    dara apply-migration >"$work/out" 2>"$work/err" </dev/null &
    process=$!
    for _ in $(seq 1000); do [ -e app.db-journal ] && break; sleep 0.01; done
    eval "$how"
    wait $process
    status=$?
    status_is 3 "$how: exit 3"
    err_like 'removed or replaced while it was open' 'says so'
    is "$(for file in *.db; do [ -e "$file" ] && sqlite3 "$file" 'pragma integrity_check; select name from sqlite_schema'; done | sort -u)" "$([ "$how" = 'rm app.db' ] || printf 'ok\nusers')" 'and what is there is as it was'
done

# ---- a table of as many columns as there can be
project
sql "create table wide($(seq -s, -f 'c%.0f' 2000)); insert into wide(c7) values ('seven')"
run dara snapshot wide --data
status_is 0 'two thousand columns are saved'
sqlite3 -bail restored.db <"$(find db/snapshots -name '*_wide.sql')"
is "$(sqlite3 restored.db 'select c7 from wide')" seven 'and come back'

# ---- nobody listens
project
good_migrations
dara apply-migration >&- 2>"$work/err"
status=$?
status_is 9 'standard output is closed'
err_like 'the command did its work' 'what was done is said'
is "$(sql 'select count(*) from dara_migrations')" 2 'and is done'

# ---- many statements: each is looked at once
project
{
    echo 'create table many(a);'
    seq 20000 | sed 's/.*/insert into many values (&); drop index if exists many_&; -- dara:allow drop-index test/'
} >db/migrations/20260101000000_many.sql
run timeout 60 "$DARA" dry-run --format json
status_is 0 'forty thousand statements are rehearsed'
is "$(json '.statements | length')" 40001 'every one of them'

done_testing
