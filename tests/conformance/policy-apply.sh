#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Policies installed and proved: what is installed, what the proof finds, that it is done once, and that nothing of the proof stays.
export DARA_TEST_ENGINES="postgres supabase"
. "$srcdir/tests/conformance/lib.sh"
unset SUPABASE_DB_URL_DIRECT SUPABASE_LOCAL_DB_URL SUPABASE_PROJECT_REF

state() { engine_pg_dump "$url" --inserts 2>&1 | grep -vE 'pg_catalog.setval|dara_migrations|schema_migrations' | sum -; }
policies() { # TABLE: its policies, row-level security, forced, number of indexes
    engine_sql "$url" "SELECT string_agg(format('%s %s', polname, polcmd), ',' ORDER BY polname), min(c.relrowsecurity::text), min(c.relforcerowsecurity::text),
        (SELECT count(*) FROM pg_index WHERE indrelid = c.oid) FROM pg_class c LEFT JOIN pg_policy ON polrelid = c.oid WHERE c.relname = '$1' GROUP BY c.oid"
}
proved() { json '[.proof[].verdict] | unique | join(" ")'; }

users() {
    engine_new users
    project users
    migration 20250101000000_tables <<'SQL'
CREATE TYPE public.mood AS ENUM ('good', 'bad');
CREATE TABLE public.invoices (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id uuid NOT NULL REFERENCES auth.users, total numeric(8,2) NOT NULL CHECK (total > 50000), mood public.mood NOT NULL);
CREATE TABLE public.letters (id integer PRIMARY KEY, sender text NOT NULL, receiver text NOT NULL);
CREATE TABLE public.teams (id integer, place integer, PRIMARY KEY (id, place));
CREATE TABLE public.memberships (team integer NOT NULL, place integer NOT NULL, user_id uuid NOT NULL REFERENCES auth.users, FOREIGN KEY (team, place) REFERENCES public.teams);
CREATE TABLE public.boards (id integer PRIMARY KEY, team integer NOT NULL, place integer NOT NULL, FOREIGN KEY (team, place) REFERENCES public.teams);
CREATE TABLE public.tenants (id integer PRIMARY KEY, tenant_id uuid NOT NULL);
CREATE TABLE public.leaky (id integer PRIMARY KEY, owner uuid NOT NULL);
CREATE TABLE public."o'dd "";--" (id integer PRIMARY KEY, "own ""er" uuid);
CREATE TABLE public.numbered (id integer PRIMARY KEY, owner integer);
CREATE TABLE public.plain (id integer PRIMARY KEY);
CREATE FUNCTION public.stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'fired'; END $$;
CREATE TRIGGER stop BEFORE INSERT ON public.invoices FOR EACH ROW EXECUTE FUNCTION public.stop();
SQL
    "$DARA" -q apply-migration >/dev/null || exit 99
    local before
    before=$(state)
    run "$DARA" policy-apply invoices kiss --dry-run -f json
    status_is 0 'dry-run of one policy'
    is "$(proved)" ok 'is proved, with constraints and a trigger in the way'
    keeps_schema policy-apply
    is "$(state)" "$before" 'and leaves nothing'
    run "$DARA" policy-apply invoices kiss
    status_is 8 'nobody agreed: exit 8'
    is "$(state)" "$before" 'and nothing is changed'
    run "$DARA" -y policy-apply invoices kiss
    status_is 0 'it is applied'
    is "$(policies invoices)" 'dara_invoices_all *|true|false|2' 'one policy, row-level security, an index'
    is "$(find . -name '*pre_policy_invoices.meta' | wc -l)" 1 'behind a snapshot'
    run "$DARA" status --drift
    out_like 'no drift' 'what policy-apply did is no drift'
    before=$(state)
    run "$DARA" -y policy-apply invoices kiss
    out_like 'already: nothing is changed' 'applied again: nothing'
    is "$(state)" "$before" 'nothing at all'
    run "$DARA" -y policy-apply invoices granular --force -f json
    status_is 0 'one for each command, in place of the one'
    is "$(policies invoices)" 'dara_invoices_delete d,dara_invoices_insert a,dara_invoices_select r,dara_invoices_update w|true|true|2' 'and forced'
    run "$DARA" -y policy-apply invoices granular --force --owner-column user_id
    out_like 'already: nothing is changed' 'again: nothing'
    engine_sql "$url" 'ALTER POLICY dara_invoices_select ON public.invoices USING (true)'
    run "$DARA" policy-apply invoices granular --force --dry-run
    out_like '~ policy public.dara_invoices_select' 'what differs is shown'
    run "$DARA" -y policy-apply letters kiss --owner-column sender --owner-column receiver -f json
    is "$status $(proved)" '0 ok' 'either of two columns, of text'
    run "$DARA" -y policy-apply boards granular --via memberships -f json
    is "$status $(proved)" '0 ok' 'through memberships by two columns'
    run "$DARA" -y policy-apply tenants kiss --tenant tenant_id=app_metadata.tenant -f json
    is "$status $(proved)" '0 ok' 'by a claim'
    run "$DARA" -y policy-apply "o'dd \";--" kiss --owner-column 'own "er' -f json
    is "$status $(proved)" '0 ok' 'names of any form'
    run "$DARA" -y policy-apply plain kiss --using '(SELECT auth.uid()) IS NOT NULL'
    status_is 0 'a condition of the user'"'"'s own'
    out_like 'was not tried' 'is not proved, which is said'
}

refused() {
    local before
    engine_sql "$url" 'CREATE POLICY everybody ON public.leaky FOR SELECT USING (true)'
    before=$(state)
    run "$DARA" -y policy-apply leaky kiss -f json
    status_is 1 'another policy lets strangers through: exit 1'
    is "$(json '[.proof[] | select(.verdict == "failed") | .name] | join(",")')" 'a stranger does not see it,somebody without a name does not see it' 'the proof says which'
    keeps_schema policy-apply
    engine_sql "$url" 'DROP POLICY everybody ON public.leaky'
    engine_sql "$url" 'CREATE POLICY everybody ON public.leaky FOR DELETE USING (true)'
    run "$DARA" -y policy-apply leaky kiss -f json
    is "$status $(json '[.proof[] | select(.verdict == "failed") | .name] | join(",")')" '1 a stranger cannot delete it,somebody without a name cannot delete it' \
        'one that deletes what it does not show is found'
    engine_sql "$url" 'DROP POLICY everybody ON public.leaky'
    engine_sql "$url" 'CREATE POLICY everybody ON public.leaky FOR SELECT USING (true)'
    is "$(state)" "$before" 'nothing is kept'
    run "$DARA" -y policy-apply nosuch kiss
    status_is 2 'no such table: exit 2'
    run "$DARA" -y policy-apply plain granular
    status_is 2 'no column for an owner: exit 2'
    err_like "hint: give --owner-column" 'and what to do'
    run "$DARA" -y policy-apply letters kiss --owner-column nosuch
    status_is 2 'no such column: exit 2'
    run "$DARA" -y policy-apply numbered kiss
    status_is 2 'a number is no user: exit 2'
    run "$DARA" -y policy-apply leaky kiss --role nosuch
    status_is 2 'no such role: exit 2'
    run "$DARA" -y policy-apply leaky kiss --via plain
    status_is 2 'no foreign keys to the memberships: exit 2'
    run "$DARA" -y policy-apply leaky best
    status_is 2 'neither kiss nor granular: exit 2'
    run "$DARA" -y policy-apply leaky kiss --using 'nosuch = 1'
    status_is 6 'a condition that the server refuses: exit 6'
    is "$(state)" "$before" 'nothing is changed by any of these'
}

settings() {
    engine_new settings
    project settings
    migration 20250101000000_tables <<'SQL'
CREATE TABLE a (id integer PRIMARY KEY, owner_id bigint NOT NULL);
CREATE TABLE b (id integer PRIMARY KEY, owner text NOT NULL);
SQL
    "$DARA" -q apply-migration >/dev/null || exit 99
    run "$DARA" -y policy-apply a kiss -f json
    is "$status $(proved)" '0 ok' 'users that a setting tells, by number'
    run "$DARA" -y policy-apply b granular --by-role -f json
    is "$status $(proved)" '0 ok' 'users that are roles'
    is "$(policies b)" 'dara_b_delete d,dara_b_insert a,dara_b_select r,dara_b_update w|true|false|2' 'installed'
    is "$(engine_sql "$url" "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'dara_proof%'")" 0 'roles of the proof are gone'
    run "$DARA" status --drift
    out_like 'no drift' 'no drift'
}

suite() {
    if [ "$1" = postgres ]; then
        settings
    else
        users
        refused
    fi
}
conform
