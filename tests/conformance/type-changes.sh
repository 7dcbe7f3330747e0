#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The gate before a migration: a change of type that loses values asks for consent, one that keeps or refuses them does not.
export DARA_TEST_ENGINES=postgres
. "$srcdir/tests/conformance/lib.sh"

# asked for consent: yes or no | what is lost | the change, on (i integer, b bigint, n numeric(10,4), s text, v varchar(10), t timestamptz, j json, e text[])
changes() {
    cat <<'END_OF_CHANGES'
no||ALTER i TYPE bigint
no||ALTER b TYPE integer
no||ALTER i TYPE text
no||ALTER v TYPE varchar(20)
no||ALTER v TYPE text
no||ALTER s TYPE integer USING s::integer
no||ALTER s TYPE uuid USING s::text::uuid
no||ALTER n TYPE numeric(12,4)
no||ALTER gone TYPE integer
yes|numbers are rounded|ALTER n TYPE integer
yes|numbers are rounded|ALTER COLUMN n SET DATA TYPE numeric(10,2)
yes|numbers are rounded|ALTER b TYPE double precision
yes|the time of the day is lost|ALTER t TYPE date USING t::date
yes|which zone a time was in is lost|ALTER t TYPE timestamp
yes|the order of keys|ALTER j TYPE jsonb
yes|what is too long is cut off|ALTER s TYPE varchar(3) USING s::varchar(3)
yes|what is too long is cut off|ALTER i TYPE text USING i::varchar(2)
yes|takes the place of the values|ALTER i TYPE integer USING i * 2
yes|numbers are rounded|ADD x integer, ALTER b TYPE bigint, ALTER n TYPE smallint USING (w.n)::smallint
END_OF_CHANGES
}
suite() {
    local wanted loss change
    engine_new changes
    engine_load "$url" /dev/stdin <<<"CREATE SCHEMA a; CREATE TABLE a.w (i integer, b bigint, n numeric(10,4), s text, v varchar(10), t timestamptz, j json, e text[]);
        ALTER DATABASE $(engine_database changes) SET search_path = public, a"
    project changes-project
    while IFS='|' read -r wanted loss change; do
        migration 20260101000000_change <<<"ALTER TABLE w $change;"
        run "$DARA" apply-migration db/migrations --allow nothing-that-is
        if [ "$wanted" = yes ]; then
            is "$status $(grep -cE "lossy-type-change: column [nbtjsi]: .*$loss" "$work/err")" "8 1" "$change: asks for consent: $loss"
        else
            err_unlike 'lossy-type-change' "$change: does not ask"
            engine_sql "$url" "DELETE FROM dara_migrations WHERE kind = 'migration'; DROP TABLE w;
                CREATE TABLE a.w (i integer, b bigint, n numeric(10,4), s text, v varchar(10), t timestamptz, j json, e text[])"
        fi
    done < <(changes)
    run "$DARA" dry-run db/migrations
    out_like 'lossy-type-change: column n: numbers are rounded \(apply-migration will refuse' "a dry-run says so"
    run "$DARA" apply-migration db/migrations --allow lossy-type-change
    status_is 0 "with consent it is done"
    migration 20260102000000_new <<<"CREATE TABLE fresh (a numeric); ALTER TABLE fresh ALTER a TYPE integer;"
    run "$DARA" apply-migration db/migrations
    status_is 0 "a table that comes with the file has nothing to lose"
}
conform
