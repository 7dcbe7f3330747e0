#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A snapshot of some schemas of a database, where the engine has schemas.
. "$srcdir/tests/conformance/lib.sh"

suite_postgres() {
    engine_new part
    engine_sql "$url" "CREATE SCHEMA app; CREATE SCHEMA more; CREATE SCHEMA other; CREATE EXTENSION pgcrypto;
        CREATE TYPE app.mood AS ENUM ('good', 'bad'); CREATE TABLE app.t (id integer PRIMARY KEY, m app.mood);
        CREATE INDEX t_m ON app.t (m); CREATE VIEW app.v AS SELECT id FROM app.t; INSERT INTO app.t VALUES (1, 'good');
        CREATE TABLE more.x (id integer REFERENCES app.t(id)); INSERT INTO more.x VALUES (1);
        CREATE TABLE other.y (a integer); CREATE TABLE public.z (a integer); CREATE PUBLICATION p FOR TABLE other.y" 2>/dev/null
    project part-project
    run "$DARA" snapshot whole
    run "$DARA" snapshot part --schema app --schema more --data -f json
    status_is 0 "$1: a snapshot of two schemas"
    is "$(json '.schemas | join(" ")')" 'app more' "$1: says which"
    is "$(json '.data | map("\(.space).\(.key)") | join(" ")')" 'app.t more.x' "$1: with their rows"
    keeps_schema snapshot
    is "$(grep -cE 'other|public\.z|EXTENSION|PUBLICATION' db/snapshots/*_part.sql)" 0 "$1: nothing of others is in it"
    is "$(json '.counts.table')" 2 "$1: two tables"
    run "$DARA" snapshot show part
    out_like '^only schemas: +app, more$' "$1: shown later, too"
    run "$DARA" snapshot verify part
    status_is 0 "$1: it restores to what it says"
    run "$DARA" compare-schemas live part
    status_is 0 "$1: compared with live, the rest of the database is no difference"
    engine_sql "$url" "ALTER TABLE app.t ADD COLUMN c integer; CREATE TABLE other.new (a integer)"
    run "$DARA" compare-schemas part live
    status_is 1 "$1: a change inside is one"
    out_like '^    \+ column c integer$' "$1: it is shown"
    out_unlike 'other' "$1: one outside is not"
    run "$DARA" create-migration back --to part
    status_is 0 "$1: a way to it"
    is "$(grep -v '^--' db/migrations/*_back.sql | grep -v '^$')" 'ALTER TABLE app.t DROP COLUMN c;' "$1: touches nothing else"
    run "$DARA" rollback part --confirm ROLLBACK
    status_is 4 "$1: a rollback to it is refused"
    err_like 'holds some schemas of the database only' "$1: and why"
    run "$DARA" compare-schemas whole part
    status_is 2 "$1: a snapshot of all does not go with one of a part"
    run "$DARA" compare-schemas latest live
    out_like '^from: +snapshot .*_whole$' "$1: the latest is the latest of the whole database"
    run "$DARA" snapshot none --schema nosuch
    status_is 2 "$1: a schema that is not there"
    err_like "there is no schema 'nosuch'" "$1: is said"
}
suite() {
    if [ "$1" = postgres ]; then
        suite_postgres "$1"
        return
    fi
    engine_new part
    engine_load "$url" "$srcdir/tests/conformance/rich/$1.$engine_extension"
    project part-project
    run "$DARA" snapshot part --schema main
    status_is 4 "$1: no schemas, no part"
}
conform
