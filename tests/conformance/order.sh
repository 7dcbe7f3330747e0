#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# verify-order on what PostgreSQL knows by its table (triggers, policies, rules) and by its name alone.
export DARA_TEST_ENGINES=postgres
. "$srcdir/tests/conformance/lib.sh"

found() { json '.findings[]? | "\(.line) \(.rule) \(.message)"'; }
suite() {
    engine_new order
    engine_sql "$url" "CREATE TABLE there (a integer); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER g BEFORE INSERT ON there FOR EACH ROW EXECUTE FUNCTION f(); CREATE POLICY p ON there"
    project order-project
    cat >"$work/order.sql" <<'SQL'
CREATE TABLE a (x integer);
CREATE TABLE b (x integer);
CREATE TRIGGER g BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION late();
CREATE TRIGGER g BEFORE INSERT ON b FOR EACH ROW EXECUTE FUNCTION f();
CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER g BEFORE INSERT ON b FOR EACH ROW EXECUTE FUNCTION f();
CREATE TRIGGER g BEFORE INSERT ON there FOR EACH ROW EXECUTE FUNCTION f();
CREATE POLICY p ON a;
CREATE POLICY p ON there;
DROP TABLE a;
CREATE TABLE a (x integer);
CREATE POLICY p ON a;
DROP POLICY nothing ON there;
CREATE PUBLICATION pub FOR TABLE b;
CREATE PUBLICATION pub;
ALTER TRIGGER g ON there RENAME TO h;
DROP TRIGGER h ON there;
SQL
    run "$DARA" verify-order "$work/order.sql" -f json
    status_is 1 "$1: what is wrong is found"
    is "$(found)" '3 used-before-made routine late() is used before it is made on line 5
6 made-twice trigger b.g is made twice: first on line 4
7 already-there trigger public.there.g is in the database already
9 already-there policy public.there.p is in the database already
13 missing policy there.nothing is neither made here nor in the database
15 made-twice publication pub is made twice: first on line 14' "$1: triggers and policies are told apart by their tables, and fall with them"
    keeps_schema verify-order
}
conform
