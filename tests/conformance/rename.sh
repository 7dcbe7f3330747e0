#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# --rename: what has another name keeps its rows, whatever mentions it stays as it is, and nothing is renamed that nobody asked for.
. "$srcdir/tests/conformance/lib.sh"

# The same schema under other names, in the words of both engines.
old_schema() {
    cat <<'SQL'
CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL, n integer CHECK (n > 0));
INSERT INTO users VALUES (1, 'a', 1), (2, 'b', 2);
CREATE TABLE orders (id integer PRIMARY KEY, who integer REFERENCES users(id));
INSERT INTO orders VALUES (1, 1), (2, 2);
CREATE INDEX users_n ON users(n);
CREATE VIEW seen AS SELECT u.id, u.email AS address FROM users u WHERE u.n > 0;
SQL
}
new_schema() { old_schema | grep -v '^INSERT' | sed -E 's/\busers\b/people/g; s/\bemail\b/"e.mail"/g; s/\bu\.email/u."e.mail"/g'; }

renamed_plan() { # ENGINE
    local rename=(--rename users=people --rename 'users.email="e.mail"') way
    engine_new plan
    old_schema >"$work/old.$engine_extension"
    engine_load "$url" "$work/old.$engine_extension"
    project plan-project
    new_schema >target.$engine_extension
    [ "$1" != postgres ] || rename+=(--rename users_pkey=people_pkey --rename users_n_check=people_n_check)
    run "$DARA" compare-schemas live target.$engine_extension --rename 'users.email="e.mail"' --rename users=people -f json
    status_is 1 "$1: other names are a difference"
    is "$(json '.renamed[] | "\(.kind) \(.to)"' | sed 's/public\.//')" 'column e.mail
table people' "$1: what is renamed is listed, what is inside first"
    keeps_schema compare-schemas
    run "$DARA" compare-schemas live target.$engine_extension "${rename[@]}"
    if [ "$1" = postgres ] && [ "$engine_version" -ge 18 ]; then
        out_like '^0 created, 1 altered, 0 dropped$' "$1: nothing else differs but the names of NOT NULL constraints, which stay"
    else
        out_like '^no difference$' "$1: nothing else differs: what mentions a new name is not made again"
    fi
    run "$DARA" create-migration names --to target.$engine_extension "${rename[@]}"
    status_is 0 "$1: as a migration"
    is "$(grep -ciE '^(create|drop|insert|delete|update)' db/migrations/*_names.$engine_extension)" 0 "$1: that only renames"
    run "$DARA" apply-migration
    status_is 0 "$1: it runs"
    is "$(engine_sql "$url" 'SELECT id, "e.mail", n FROM people ORDER BY id' | tr '\n' ' ')" '1|a|1 2|b|2 ' "$1: the rows are there"
    is "$(engine_sql "$url" 'SELECT count(*) FROM orders')" 2 "$1: and those of others"
    is "$(engine_sql "$url" 'SELECT address FROM seen ORDER BY id LIMIT 1')" a "$1: a view finds what it reads"
    run "$DARA" compare-schemas live target.$engine_extension
    status_is 0 "$1: and the schema is that of the target"
    way=$(basename db/migrations/*_names.$engine_extension .$engine_extension)
    run "$DARA" rollback "${way%%_*}" --confirm ROLLBACK
    status_is 0 "$1: the way back runs"
    is "$(engine_sql "$url" 'SELECT id, email, n FROM users ORDER BY id' | tr '\n' ' ')" '1|a|1 2|b|2 ' "$1: and keeps the rows"
    run "$DARA" compare-schemas live "$work/old.$engine_extension"
    status_is 0 "$1: the schema is the old one"
}

# Rollback to a snapshot from before somebody renamed things, with something lost on the way.
renamed_rollback() { # ENGINE
    local rename=(--rename people=users --rename people.address=users.email)
    engine_new back
    old_schema | grep -v -e VIEW -e CHECK >"$work/old.$engine_extension"
    { echo 'CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL, n integer);'; cat "$work/old.$engine_extension"; } |
        awk '/^CREATE TABLE users/ && seen++ {next} {print}' >"$work/whole.$engine_extension"
    engine_load "$url" "$work/whole.$engine_extension"
    engine_sql "$url" "INSERT INTO orders VALUES (3, 1)"
    project back-project
    run "$DARA" snapshot before
    engine_sql "$url" 'ALTER TABLE users RENAME TO people; ALTER TABLE people RENAME COLUMN email TO address;
        ALTER TABLE people ADD COLUMN more text; UPDATE people SET more = 1'
    [ "$1" != postgres ] || engine_sql "$url" 'ALTER TABLE people RENAME CONSTRAINT users_pkey TO people_pkey'
    [ "$1" != postgres ] || rename+=(--rename people_pkey=users_pkey)
    run "$DARA" rollback before --dry-run "${rename[@]}" -f json
    status_is 0 "$1: the way back by names is rehearsed"
    is "$(json '.destroyed[] | "\(.object): \(.rows)"' | sed 's/public\.//g; s/.\(people\)./\1/')" "column 'more' of table people: 2" \
        "$1: what is lost has the name it has now, and its rows are counted"
    keeps_schema rollback
    run "$DARA" rollback before --confirm ROLLBACK "${rename[@]}"
    status_is 0 "$1: and gone"
    is "$(engine_sql "$url" 'SELECT id, email, n FROM users ORDER BY id' | tr '\n\t' ' |')" '1|a|1 2|b|2 ' "$1: the rows stayed where they were"
    is "$(engine_sql "$url" 'SELECT count(*) FROM orders')" 3 "$1: and the others"
    run "$DARA" compare-schemas live before
    status_is 0 "$1: the schema is that of the snapshot"
}

asked() { # ENGINE
    engine_new asked
    old_schema >"$work/old.$engine_extension"
    engine_load "$url" "$work/old.$engine_extension"
    project asked-project
    old_schema | grep -v '^INSERT' | sed -E 's/\busers\b/people/g' >target.$engine_extension
    run "$DARA" compare-schemas live target.$engine_extension
    out_like "^- table (public\\.)?users$" "$1: without the option nothing is renamed"
    out_like "^hint: .*did you mean --rename '(public\\.)?users=(public\\.)?people'\?" "$1: but it is offered where the shape says so"
    sed -E 's/people/users/; s/ email text/ address text/; s/u\.email/u.address/' target.$engine_extension |
        sed -E 's/\bpeople\b/users/g' >column.$engine_extension
    run "$DARA" compare-schemas live column.$engine_extension
    out_like "^hint: .*did you mean --rename '(public\\.)?users.email=(public\\.)?users.address'\?" "$1: a column, too"
    sed -E 's/ n integer/ n integer, extra integer/' target.$engine_extension >more.$engine_extension
    run "$DARA" compare-schemas live more.$engine_extension
    out_unlike "^hint: .*users=" "$1: another shape is not offered"
    run "$DARA" compare-schemas live target.$engine_extension --rename nobody=people
    status_is 2 "$1: an old name that is not there"
    err_like "rename 'nobody=people': there is nothing of the old name" "$1: is said"
    run "$DARA" compare-schemas live target.$engine_extension --rename users=persons
    status_is 2 "$1: a new name that the target has not"
    err_like "the schema after has no table of the new name 'persons'" "$1: is said"
    run "$DARA" compare-schemas live target.$engine_extension --rename id=ident
    status_is 2 "$1: a name that several have"
    err_like "may be the column 'id' of " "$1: is said"
    for bad in users '=people' 'users=' 'users="people' 'a.b.c.d.e=x' 'users=people=x'; do
        run "$DARA" compare-schemas live target.$engine_extension --rename "$bad"
        status_is 2 "$1: '$bad' is no rename"
    done
    run "$DARA" rollback baseline --rebuild --rename users=people --confirm ROLLBACK
    status_is 2 "$1: a rebuild renames nothing"
}

# Names that go round: a becomes b, b becomes c.
chain() { # ENGINE
    local way
    engine_new chain
    engine_sql "$url" "CREATE TABLE a (x integer); CREATE TABLE b (y text); INSERT INTO a VALUES (1); INSERT INTO b VALUES ('b')"
    project chain-project
    echo 'CREATE TABLE b (x integer); CREATE TABLE c (y text);' >target.$engine_extension
    run "$DARA" create-migration chain --to target.$engine_extension --rename a=b --rename b=c
    status_is 0 "$1: a chain of names"
    run "$DARA" apply-migration
    status_is 0 "$1: runs"
    is "$(engine_sql "$url" 'SELECT x FROM b')$(engine_sql "$url" 'SELECT y FROM c')" 1b "$1: in an order that keeps them apart"
    echo 'CREATE TABLE b (z text); CREATE TABLE c (x integer);' >swap.$engine_extension
    run "$DARA" create-migration swap --to swap.$engine_extension --rename b=c --rename c=b --rename c.y=z
    status_is 0 "$1: a circle of names, and a column in it"
    is "$(grep -c between_1 db/migrations/*_swap.$engine_extension)" 2 "$1: one of them steps aside"
    run "$DARA" apply-migration
    status_is 0 "$1: and takes its own when it is free"
    is "$(engine_sql "$url" 'SELECT x FROM c')$(engine_sql "$url" 'SELECT z FROM b')" 1b "$1: each with its rows"
    run "$DARA" compare-schemas live swap.$engine_extension
    status_is 0 "$1: as the target has them"
    way=$(basename db/migrations/*_swap.$engine_extension .$engine_extension)
    run "$DARA" rollback "${way%%_*}" --confirm ROLLBACK
    status_is 0 "$1: and back"
    is "$(engine_sql "$url" 'SELECT x FROM b')$(engine_sql "$url" 'SELECT y FROM c')" 1b "$1: with the rows"
}

# Circles of columns, and of three, in a rollback.
circles() { # ENGINE
    engine_new circles
    engine_sql "$url" "CREATE TABLE dara_between_1 (k integer); CREATE TABLE t (a integer, b integer, c integer); INSERT INTO t VALUES (1, 2, 3);
        CREATE TABLE u (d integer); INSERT INTO u VALUES (4)"
    project circles-project
    run "$DARA" snapshot before
    echo 'CREATE TABLE dara_between_1 (k integer); CREATE TABLE u (c integer, a integer, b integer); CREATE TABLE t (d integer);' >target.$engine_extension
    run "$DARA" create-migration round --to target.$engine_extension --rename t.a=c --rename t.b=a --rename t.c=b --rename t=u --rename u=t
    status_is 0 "$1: columns that change places, in tables that do"
    run "$DARA" apply-migration
    status_is 0 "$1: it runs"
    is "$(engine_sql "$url" 'SELECT a, b, c FROM u' | tr '\t' '|') $(engine_sql "$url" 'SELECT d FROM t')" '2|3|1 4' "$1: each value under its new name"
    run "$DARA" rollback before --rename u.c=a --rename u.a=x --rename u.x=b --rename u.b=c --rename t=u --rename u=t --confirm ROLLBACK
    status_is 0 "$1: back to a snapshot, by way of a name that is given"
    is "$(engine_sql "$url" 'SELECT a, b, c FROM t' | tr '\t' '|') $(engine_sql "$url" 'SELECT d FROM u')" '1|2|3 4' "$1: with every value"
}

# Through the journal: killed anywhere on the way round, and gone on with.
circles_struck() { # ENGINE
    local rename=(--rename a=b --rename b=a) n calls bad='' part=0 status
    [ -z "$(no_preload)" ] || return
    engine_new struck
    engine_sql "$url" 'CREATE TABLE a (x integer); CREATE TABLE b (y integer); INSERT INTO a VALUES (1); INSERT INTO b VALUES (2)'
    project struck-project
    run "$DARA" snapshot before
    strike() { DARA_FAULT=$1 DARA_FAULT_AT=$2 DARA_FAULT_ONLY=socket LD_PRELOAD=$fault_library "$DARA" --url "$url${engine_plain-}" rollback before --no-snapshot --confirm ROLLBACK "${rename[@]}" >"$work/out" 2>"$work/err" </dev/null; }
    turn() { engine_sql "$url" 'RENAME TABLE a TO c, b TO a, c TO b' >/dev/null; }
    turn
    DARA_FAULT_COUNT=$work/count strike none 0
    calls=$(cat "$work/count")
    for n in $(seq $((calls - 2)) -"${DARA_TEST_STRIDE:-2}" $((calls / 2))); do
        turn
        strike kill "$n" 2>/dev/null
        [ "$("$DARA" -f json status </dev/null 2>/dev/null | jq -c '.interrupted // empty')" ] && part=$((part + 1))
        "$DARA" rollback --resume --no-snapshot --confirm ROLLBACK >"$work/out" 2>"$work/err" </dev/null || strike none 0
        status=$(engine_sql "$url" 'SELECT x, y FROM a, b' 2>&1 | tr '\t' '|')
        [ "$status" = '1|2' ] || bad="$bad
call $n of $calls: $status $(head -n 2 "$work/err")"
    done
    is "$bad" '' "$1: a circle that is struck on its way is gone on with"
    [ $part -gt 0 ]
    ok $? "$1: from $part places in the middle"
}

suite_postgres() {
    local way
    engine_new kinds
    engine_sql "$url" "CREATE SCHEMA app; CREATE SCHEMA other; CREATE TABLE app.t (a integer, b integer);
        CREATE FUNCTION app.f(x integer, y text) RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE TYPE app.mood AS ENUM ('x');
        CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER tr BEFORE INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.note(); CREATE POLICY p ON app.t;
        CREATE RULE r AS ON UPDATE TO app.t DO INSTEAD NOTHING; CREATE SEQUENCE app.s; CREATE VIEW app.v AS SELECT a FROM app.t;
        CREATE DOMAIN app.d AS integer CONSTRAINT dc CHECK (VALUE > 0); CREATE STATISTICS app.st ON a, b FROM app.t;
        CREATE MATERIALIZED VIEW app.m AS SELECT a FROM app.t; CREATE COLLATION app.co FROM \"C\"; INSERT INTO app.t VALUES (1, 2)"
    project kinds-project
    cat >target.sql <<'SQL'
CREATE SCHEMA app; CREATE SCHEMA other; CREATE TABLE app.t2 (a integer, b integer);
CREATE FUNCTION other.f2(x integer, y text) RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE TYPE app.mood2 AS ENUM ('x');
CREATE FUNCTION app.note2() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr2 BEFORE INSERT ON app.t2 FOR EACH ROW EXECUTE FUNCTION app.note2(); CREATE POLICY p2 ON app.t2;
CREATE RULE r2 AS ON UPDATE TO app.t2 DO INSTEAD NOTHING; CREATE SEQUENCE other.s; CREATE VIEW app.v2 AS SELECT a FROM app.t2;
CREATE DOMAIN app.d2 AS integer CONSTRAINT dc2 CHECK (VALUE > 0); CREATE STATISTICS app.st2 ON a, b FROM app.t2;
CREATE MATERIALIZED VIEW app.m2 AS SELECT a FROM app.t2; CREATE COLLATION app.co2 FROM "C";
SQL
    run "$DARA" create-migration kinds --to target.sql --rename app.t=t2 --rename app.f=other.f2 --rename app.mood=mood2 \
        --rename app.note=note2 --rename tr=tr2 --rename policy:p=p2 --rename rule:r=r2 --rename app.s=other.s --rename app.v=v2 \
        --rename app.d=d2 --rename dc=dc2 --rename app.st=st2 --rename app.m=m2 --rename app.co=co2
    status_is 0 "$1: every kind has its way to be renamed"
    is "$(grep -cE '^(CREATE|DROP)' db/migrations/*_kinds.sql)" 0 "$1: nothing is made again"
    run "$DARA" apply-migration
    status_is 0 "$1: it runs"
    run "$DARA" compare-schemas live target.sql
    status_is 0 "$1: and gives the target"
    is "$(engine_sql "$url" 'SELECT a, b FROM app.t2')" '1|2' "$1: with the rows"
    engine_sql "$url" "CREATE SCHEMA third; CREATE TABLE third.x (a integer); INSERT INTO third.x VALUES (3)"
    run "$DARA" snapshot whole
    engine_sql "$url" "ALTER SCHEMA third RENAME TO fourth"
    run "$DARA" rollback whole --rename fourth=third --confirm ROLLBACK
    status_is 0 "$1: a schema with all that is in it"
    is "$(engine_sql "$url" 'SELECT a FROM third.x')" 3 "$1: and its rows"
    engine_new swap
    cat >"$work/swap.sql" <<'SQL'
CREATE SCHEMA p; CREATE SCHEMA q; CREATE TABLE p.t (a integer CONSTRAINT c CHECK (a > 0) CONSTRAINT d CHECK (a < 9)); INSERT INTO p.t VALUES (1);
CREATE TABLE q.t (b integer); INSERT INTO q.t VALUES (2); CREATE INDEX i ON p.t (a); CREATE TABLE p.j (a integer); CREATE INDEX k ON p.j (a);
CREATE TYPE p.x AS ENUM ('x'); CREATE TYPE p.y AS ENUM ('y'); CREATE FUNCTION p.f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION p.g(integer) RETURNS integer LANGUAGE sql AS 'SELECT 2'; CREATE SEQUENCE p.s START 5; CREATE VIEW p.v AS SELECT a FROM p.t
SQL
    engine_load "$url" "$work/swap.sql"
    project swap-project
    cat >target.sql <<'SQL'
CREATE SCHEMA p; CREATE SCHEMA q; CREATE TABLE q.t (a integer CONSTRAINT d CHECK (a > 0) CONSTRAINT c CHECK (a < 9));
CREATE TABLE p.t (b integer); CREATE INDEX k ON q.t (a); CREATE TABLE p.j (a integer); CREATE INDEX i ON p.j (a);
CREATE TYPE p.y AS ENUM ('x'); CREATE TYPE p.x AS ENUM ('y'); CREATE FUNCTION p.g(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION p.f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 2'; CREATE SEQUENCE p.v START 5; CREATE VIEW p.s AS SELECT a FROM q.t;
SQL
    run "$DARA" create-migration swap --to target.sql --rename p.t=q.t --rename q.t=p.t --rename constraint:p.t.c=d --rename constraint:p.t.d=c \
        --rename index:p.t.i=k --rename index:p.j.k=i --rename p.x=y --rename p.y=x --rename p.f=g --rename p.g=f --rename p.s=v --rename p.v=s
    status_is 0 "$1: circles of all sorts: tables of two schemas, constraints, indexes of two tables, types, functions, a view and a sequence"
    is "$(grep -cE '^(CREATE|DROP)' db/migrations/*_swap.sql)" 0 "$1: nothing is made again"
    run "$DARA" apply-migration
    status_is 0 "$1: it runs"
    run "$DARA" compare-schemas live target.sql
    status_is 0 "$1: and gives the target"
    is "$(engine_sql "$url" 'SELECT a, b FROM q.t, p.t')" '1|2' "$1: with the rows"
    way=$(basename db/migrations/*_swap.sql .sql)
    run "$DARA" rollback "${way%%_*}" --confirm ROLLBACK
    status_is 0 "$1: and back"
    is "$(engine_sql "$url" 'SELECT a, b FROM p.t, q.t')" '1|2' "$1: with the rows"
    grep -v '^INSERT' "$work/swap.sql" | sed -E 's/INSERT INTO .{16}//g; s/\bp\b/r/g; s/\bq\b/p/g; s/\br\b/q/g; s/q\.j\b/q.jj/g' >spaces.sql
    run "$DARA" create-migration spaces --to spaces.sql --rename p=q --rename q=p --rename p.j=q.jj
    status_is 0 "$1: schemas that change names, and a table that does in one of them"
    run "$DARA" apply-migration db/migrations/*_spaces.sql --out-of-order
    status_is 0 "$1: it runs"
    run "$DARA" compare-schemas live spaces.sql
    status_is 0 "$1: it gives the target"
}

# What no transaction holds: names in the words of the engine, views with the names that they were made with.
suite_journaled() { # ENGINE
    renamed_rollback "$1"
    chain "$1"
    circles "$1"
    circles_struck "$1"
    engine_new kinds
    engine_sql "$url" "CREATE TABLE t (a integer, b integer, c integer, KEY k (b)); INSERT INTO t VALUES (1, 2, 3); CREATE VIEW v AS SELECT 1 AS one"
    project kinds-project
    echo 'CREATE TABLE t2 (a2 integer, b integer, c integer, KEY k2 (b)); CREATE VIEW v2 AS SELECT 1 AS one;' >target.sql
    run "$DARA" create-migration kinds --to target.sql --rename t=t2 --rename t.a=a2 --rename k=k2 --rename v=v2
    status_is 0 "$1: every kind that can be renamed"
    is "$(grep -cE '^(CREATE|DROP)' db/migrations/*_kinds.sql)" 0 "$1: nothing is made again"
    run "$DARA" apply-migration
    status_is 0 "$1: it runs"
    run "$DARA" compare-schemas live target.sql
    status_is 0 "$1: and gives the target"
    is "$(engine_sql "$url" 'SELECT a2, b, c FROM t2' | tr '\t' '|')" '1|2|3' "$1: with the rows"
    engine_sql "$url" 'ALTER TABLE t2 ADD CONSTRAINT pos CHECK (c > 0)'
    sed 's/KEY k2 (b)/KEY k2 (b), CONSTRAINT plus CHECK (c > 0)/' target.sql >more.sql
    run "$DARA" compare-schemas live more.sql --rename pos=plus
    status_is 4 "$1: a constraint is none of them"
    err_like 'cannot rename a constraint' "$1: and said"
}

suite() {
    if [ "$engine_transactional" = no ]; then
        suite_journaled "$1"
        return
    fi
    renamed_plan "$1"
    renamed_rollback "$1"
    asked "$1"
    chain "$1"
    circles "$1"
    [ "$1" != postgres ] || suite_postgres "$1"
}
conform
