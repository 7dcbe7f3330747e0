#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Changes of a column's type against rows: what a plan does not flag loses nothing. Each pair of types has values that the change
# keeps, refuses or spoils; the statement of the plan is run on them, and what came of it is read back as the old type.
export DARA_TEST_ENGINES=postgres
. "$srcdir/tests/conformance/lib.sh"

# old type | new type | flagged as losing something: yes or no | values, separated by " ~ "
pairs() {
    cat <<'END_OF_PAIRS'
smallint|integer|no|1 ~ -32768
integer|smallint|no|1 ~ 40000
bigint|integer|no|1 ~ 5000000000
integer|bigint|no|2147483647
integer|numeric|no|7
integer|numeric(5,2)|no|7 ~ 123456
bigint|numeric(3,0)|no|12 ~ 123456
smallint|real|no|32767
integer|real|yes|16777217
integer|double precision|no|2147483647
bigint|double precision|yes|9007199254740993
numeric|integer|yes|1.5
numeric(10,2)|numeric(12,2)|no|12345678.91
numeric(10,2)|numeric(8,4)|no|1.25 ~ 99999999.99
numeric(10,4)|numeric(10,2)|yes|1.2345
numeric|numeric(10,2)|yes|1.2345
numeric(10,2)|numeric|no|1.25
numeric|double precision|yes|1.23456789012345678901
numeric|real|yes|1.23456789
real|double precision|no|1.5
double precision|real|yes|1.23456789012
double precision|numeric|yes|1.2345678901234567
double precision|integer|yes|1.5
real|integer|yes|2.5
real[]|integer[]|yes|{1.5}
integer[]|bigint[]|no|{1,2}
integer[]|text[]|no|{1,2}
integer[]|character varying(2)[]|no|{1,2} ~ {12345}
text[]|character varying(3)[]|yes|{abcdef} ~ {abc}
integer[]|text|no|{1,2}
integer[]|text[]|no|{1}
text|text[]|yes|{a,b}
integer|integer[]|no|5
bit(5)|integer|yes|00101
integer|uuid|no|5
character varying(20)|character varying(40)|no|abc
character varying(40)|text|no|abc
text|character varying(3)|yes|abc ~ abcdef ~ ab    
character varying(5)|character varying(3)|yes|ab   
text|character(3)|yes|ab  ~ abcd
character(10)|character(5)|no|ab ~ abcdefgh
character(5)|text|no|ab
integer|text|no|12345
integer|character varying(3)|no|123 ~ 12345
integer|character(3)|no|123 ~ 12345
numeric|character varying(4)|no|1.25 ~ 1.25678
uuid|character varying(8)|no|6ccd780c-baba-1026-9564-5b8c656024db
boolean|character varying(2)|no|true
timestamp without time zone|character varying(10)|no|2020-01-01 10:00:00
jsonb|character varying(5)|no|{"a": 1}
text|integer|no|12 ~ 1.5 ~ x
text|numeric|no|1.234567890123456789
text|numeric(10,2)|yes|1.2345
text|boolean|no|true ~ 2
text|uuid|no|6ccd780c-baba-1026-9564-5b8c656024db ~ x
text|real|yes|1.23456789012
text|double precision|yes|1.23456789012345678901
text|date|yes|2020-01-01 10:00:00
text|timestamp without time zone|yes|2020-01-01 10:00:00+05
text|timestamp(0) without time zone|yes|2020-01-01 10:00:00.7
text|time without time zone|yes|2020-01-01 10:00:00
text|interval|yes|00:00:01.0000001
text|jsonb|yes|{"a": 1, "a": 2}
text|json|no|{"a":  1} ~ x
text|inet|no|10.0.0.1/32 ~ x
text|bit varying(4)|no|1010 ~ 101010
text|bit(4)|no|1010 ~ 101010 ~ 10
text|name|yes|aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
text|money|yes|1.2345
text|tsvector|yes|b a b
text|point|yes|(1.12345678901234567890123,2)
text|bytea|no|\x6162
text|xml|no|<a/>
json|jsonb|yes|{"b":1,"a":1,"a":2}
jsonb|json|no|{"a": 1}
date|timestamp without time zone|no|2020-01-01
date|timestamp with time zone|yes|2020-01-01
timestamp without time zone|date|yes|2020-01-01 10:00:00
timestamp without time zone|timestamp with time zone|yes|2020-03-29 02:30:00
timestamp with time zone|timestamp without time zone|yes|2020-10-25 01:30:00+00
timestamp with time zone|date|yes|2020-01-01 10:00:00+00
timestamp without time zone|timestamp(3) without time zone|yes|2020-01-01 10:00:00.123456
timestamp(3) without time zone|timestamp without time zone|no|2020-01-01 10:00:00.123
timestamp without time zone|time without time zone|yes|2020-01-01 10:00:00
time with time zone|time without time zone|yes|10:00:00+05
time without time zone|time with time zone|yes|10:00:00
time without time zone|time(0) without time zone|yes|10:00:00.7
time(0) without time zone|time without time zone|no|10:00:01
time without time zone|interval|no|10:00:00
interval|time without time zone|yes|26:00:00
interval|interval(0)|yes|00:00:01.7
boolean|integer|no|true
integer|boolean|yes|5
boolean|smallint|no|true
bit(5)|bit(3)|no|10101
bit(3)|bit(5)|no|101
bit(3)|bit varying(5)|no|101
bit varying(5)|bit(3)|no|101 ~ 10101
bit varying(8)|bit varying(4)|no|1010 ~ 10101
integer|bit(2)|yes|10 ~ 1010
inet|cidr|no|10.0.0.1/8 ~ 10.0.0.0/8
cidr|inet|no|10.0.0.0/8
macaddr|macaddr8|no|08:00:2b:01:02:03
money|numeric|yes|$1.25
numeric|money|yes|1.2345
bytea|text|no|\x6162
uuid|text|no|6ccd780c-baba-1026-9564-5b8c656024db
point|text|no|(1,2)
text|pg_lsn|yes|0/1
text|casts.mood|no|good ~ ugly
casts.mood|text|no|good
casts.mood|character varying(2)|no|good
END_OF_PAIRS
}

suite() {
    local old new flag values value pair=0 outcome wrong='' spoiled=0 safe=0 statement flagged
    engine_new casts
    { echo "CREATE SCHEMA casts; CREATE TYPE casts.mood AS ENUM ('good', 'bad');"; } >"$work/both.sql"
    while IFS='|' read -r old new flag values; do
        pair=$((pair + 1))
        echo "CREATE TABLE casts.t$pair (v $old);" >>"$work/from.sql"
        echo "CREATE TABLE casts.t$pair (v $new);" >>"$work/to.sql"
    done < <(pairs)
    cat "$work/both.sql" "$work/from.sql" >"$work/old.sql"
    cat "$work/both.sql" "$work/to.sql" >"$work/new.sql"
    engine_load "$url" "$work/old.sql"
    project casts-project
    run "$DARA" compare-schemas live "$work/new.sql" --sql
    status_is 1 "$1: a plan for $pair pairs of types"
    cp "$work/out" "$work/plan.sql"
    pair=0
    while IFS='|' read -r old new flag values; do
        pair=$((pair + 1))
        statement=$(grep "^ALTER TABLE casts\.t$pair ALTER" "$work/plan.sql")
        flagged=no
        grep -B1 "^ALTER TABLE casts\.t$pair ALTER" "$work/plan.sql" | head -n 1 | grep -q '^-- destroys' && flagged=yes
        [ $flagged = "$flag" ] || wrong="$wrong
$old to $new: flagged $flagged, not $flag"
        # What is said of rows written again, where nothing worse is said.
        outcome=$(printf '%s\n' 'BEGIN;' "SELECT pg_relation_filenode('casts.t$pair') AS was \gset" "$statement" \
            "SELECT pg_relation_filenode('casts.t$pair') <> :was;" 'ROLLBACK;' | psql -XqAt "$(engine_direct "$url")" 2>&1)
        case $(grep -B1 "^ALTER TABLE casts\.t$pair ALTER" "$work/plan.sql" | head -n 1)$outcome in
        '-- destroys'* | '-- may fail'*) ;;
        '-- writes every row'*t | ALTER*f) ;;
        *) wrong="$wrong
$old to $new: written again: $outcome" ;;
        esac
        while read -r value; do
            value=${value//_SPACE_/ }
            # Each value by itself; what fails is no loss.
            outcome=$(printf '%s\n' "SET TimeZone = 'Europe/Berlin';" "SET lc_monetary = 'C';" 'BEGIN;' "INSERT INTO casts.t$pair VALUES ('$value');" \
                "CREATE TEMP TABLE was AS SELECT v::text AS v FROM casts.t$pair;" 'SAVEPOINT s;' "$statement" \
                "SELECT CASE WHEN t.v::text::$old::text IS NOT DISTINCT FROM was.v THEN 'kept' ELSE 'lost' END FROM casts.t$pair t, was;" 'ROLLBACK;' |
                psql -XqAt -v ON_ERROR_STOP=1 "$(engine_direct "$url")" 2>"$work/psql.err" || echo fails)
            case $outcome$flagged in
            lostno) wrong="$wrong
$old to $new: '$value' is spoiled, and nothing says so" ;;
            lostyes) spoiled=$((spoiled + 1)) ;;
            *) safe=$((safe + 1)) ;;
            esac
        done < <(sed 's/ ~ /\n/g; s/ /_SPACE_/g' <<<"$values")
    done < <(pairs)
    is "$wrong" '' "$1: what is lost is flagged, and what is not is not"
    echo "# $spoiled values spoiled with a flag, $safe kept or refused"
    [ $spoiled -ge 30 ] && [ $safe -ge 60 ]
    ok $? "$1: the pairs say something"
}
conform
