#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Row-level security: what users reach, by a matrix written by hand; who may be acted as; and that nothing of it is ever left.
export DARA_TEST_ENGINES="postgres supabase"
. "$srcdir/tests/conformance/lib.sh"
unset SUPABASE_DB_URL_DIRECT SUPABASE_LOCAL_DB_URL SUPABASE_PROJECT_REF

folder=$srcdir/tests/conformance/policies
ana=11111111-1111-1111-1111-111111111111
matrix() { jq -rf "$folder/table.jq" "$work/out" | LC_ALL=C sort; }
expected() { grep -v '^#' "$1" | LC_ALL=C sort; }
# All that acting could leave behind: rows and objects. No transaction takes back the numbers of a sequence.
state() { engine_pg_dump "$url" --inserts 2>&1 | grep -v 'pg_catalog.setval' | sum -; }

everything() {
    engine_new all
    "$DARA" -q --url "$url" run-sql --write "$folder/supabase.sql" >/dev/null || exit 99
    local before
    before=$(state)
    run "$DARA" --url "$url" test-as-user anon --matrix ana@example.com,bob@example.com -f json
    status_is 0 'the matrix of every shape of policy'
    is "$(matrix)" "$(expected "$folder/supabase.txt")" 'is as written by hand'
    keeps_schema test-as-user
    grep -q swordfish "$work/out"
    is $? 1 'no value of a row is told, not by an error either'
    is "$(json '[.access[] | select(.table == "posts" and .command == "delete" and .actor != "anon") | .policies[]] | unique | join(" ")')" 'p_delete' \
        'the policies that decide are named'
    is "$(json '[.access[] | select(.table == "docs" and .command == "select" and .actor != "anon") | .restrictive[]] | unique | join(" ")')" tenant \
        'and those that limit'
    is "$(state)" "$before" 'nothing of it is left'
}

# What was kept is compared: the same, wider, narrower; the known mistakes show.
kept() {
    local a=$work/a.json
    run "$DARA" --url "$url" test-as-user anon --matrix ana@example.com --save "$a"
    status_is 0 'a matrix is kept'
    run "$DARA" --url "$url" test-as-user anon --matrix ana@example.com --against "$a" --save "$work/b.json"
    status_is 0 'and nothing is wider'
    is "$(sum "$a")" "$(sum "$work/b.json")" 'the same matrix is the same file'
    engine_sql "$url" 'CREATE POLICY oops ON public.notes FOR SELECT TO anon USING (true)'
    engine_sql "$url" 'REVOKE INSERT ON public.leads FROM anon'
    engine_sql "$url" 'CREATE TABLE public.fresh (id integer)'
    run "$DARA" --url "$url" test-as-user anon --matrix ana@example.com --against "$a" -f json
    status_is 1 'wider: exit 1'
    is "$(json '[.widened[] | select(.table != "fresh") | "\(.actor) \(.command) \(.table) \(.before) \(.after)"] | join(",")')" \
        'anon select notes filtered 5 of 5,anon select notes_safe filtered 5 of 5' 'what became wider is named'
    is "$(json '[.narrowed[] | "\(.actor) \(.command) \(.table)"] | join(",")')" 'anon insert leads' 'and what narrower'
    is "$(json '[.widened[] | select(.table == "fresh" and .actor == "anon") | .command] | join(" ")')" 'select insert update delete' 'a new table without policies is wide'
    keeps_schema test-as-user
    echo '{"format": 1, "access": [{"schema": 1}]}' >"$work/bad.json"
    run "$DARA" --url "$url" test-as-user anon --against "$work/bad.json"
    status_is 9 'a file that is no matrix: exit 9'
}

token() { # SECRET PAYLOAD
    python3 -c 'import base64, hashlib, hmac, sys
b = lambda x: base64.urlsafe_b64encode(x).rstrip(b"=").decode()
t = b(b"{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + b(sys.argv[2].encode())
print(t + "." + b(hmac.new(sys.argv[1].encode(), t.encode(), hashlib.sha256).digest()))' "$@"
}
claims() {
    local good old
    good=$(token hush-hush "{\"sub\": \"$ana\", \"role\": \"authenticated\", \"exp\": 4000000000}")
    old=$(token hush-hush "{\"sub\": \"$ana\", \"role\": \"authenticated\", \"exp\": 1000000000}")
    run "$DARA" --url "$url" test-as-user "$ana" --claims "$good" --sql 'SELECT count(*) AS mine FROM public.notes; SELECT auth.uid()' -f json
    is "$(json '[.statements[].rows[][]] | join(" ")')" "3 $ana" 'a token, read without its secret'
    keeps_schema test-as-user
    out_like 'signature was not checked' 'which is said'
    SECRET=hush-hush run "$DARA" --url "$url" test-as-user "$ana" --claims "$good" --jwt-secret-env SECRET --sql 'SELECT 1 AS one'
    status_is 0 'checked with its secret'
    out_unlike 'not checked' 'nothing is said'
    SECRET=other run "$DARA" --url "$url" test-as-user "$ana" --claims "$good" --jwt-secret-env SECRET --sql 'SELECT 1 AS one'
    status_is 8 'with another secret: exit 8'
    run "$DARA" --url "$url" test-as-user "$ana" --claims "$old" --sql 'SELECT 1 AS one'
    status_is 8 'expired: exit 8'
    err_like '2001-09-09T01:46:40Z' 'and since when'
    run "$DARA" --url "$url" test-as-user "$ana" --claims "$old" --allow-expired --sql 'SELECT 1 AS one'
    status_is 0 'unless that was asked for'
    cat "$work/out" "$work/err" | grep -qE "hush-hush|${good#*.}"
    is $? 1 'neither token nor secret is shown'
    echo '{"sub": "'"$ana"'", "role": "authenticated", "app_metadata": {"tenant": "t2", "deep": {"er": [1, {"x": "'"'"'; --"}]}}}' >"$work/claims"
    run "$DARA" --url "$url" test-as-user "$ana" --claims "$work/claims" --sql "SELECT count(*) FROM public.docs; SELECT auth.jwt() #>> '{app_metadata,deep,er,1,x}'" -f json
    is "$(json '[.statements[].rows[][]] | join(" ")')" "3 '; --" 'nested claims out of a file'
    python3 -c "import json; print(json.dumps({'sub': '$ana', 'role': 'authenticated', 'x': 'y' * 1000000}))" >"$work/claims"
    run "$DARA" --url "$url" test-as-user "$ana" --claims "$work/claims" --table notes -f json
    is "$(json '[.access[].allowed] | join(" ")')" '3 3 3 3' 'a megabyte of them'
    echo '{"sub": "x",' >"$work/claims"
    run "$DARA" --url "$url" test-as-user "$ana" --claims "$work/claims" --table notes
    status_is 9 'claims that are no JSON: exit 9'
    run "$DARA" --url "$url" test-as-user "$ana" --claims '{"role": "nosuch"}'
    status_is 2 'claims with a role that is not there: exit 2'
}

hostile() {
    local before name
    before=$(state)
    for name in "o'brien" '"; drop table notes; --' nosuch@example.com; do
        run "$DARA" --url "$url" test-as-user "$name"
        status_is 2 "nobody is called $name: exit 2"
        err_like 'no user or role' 'and it is said'
    done
    run "$DARA" --url "$url" test-as-user "$ana" --role nosuch
    status_is 2 'no such role: exit 2'
    err_like "hint: roles that this connection may be: .*authenticated" 'with those there are'
    run "$DARA" --url "$url" test-as-user supabase_admin
    status_is 2 'a role that we may not be: exit 2'
    run "$DARA" --url "$url" test-as-user anon --table '"; drop table x; --' -f json
    is "$(json '[.access[] | .access] | join(" ")')" 'filtered denied filtered filtered' 'a table with such a name'
    run "$DARA" --url "$url" test-as-user anon --table nosuch
    status_is 2 'a table that is not there: exit 2'
    run "$DARA" --url "$url" test-as-user "$ana" --sql 'COMMIT'
    status_is 8 'a script that ends the transaction: exit 8'
    run "$DARA" --url "$url" test-as-user "$ana" --sql "DELETE FROM public.notes WHERE id = 2; SELECT 1/0 AS x"
    status_is 6 'a script that fails: exit 6'
    run "$DARA" --url "$url" test-as-user "$ana" --sql "UPDATE public.notes SET body = 'z'" -f json
    is "$(json '.statements[0].affected')" 3 'a script that writes reaches what the user may'
    is "$(state)" "$before" 'nothing of all that is left'
}

# Triggers that reach out are not fired unasked; a table too large to touch is tried in part.
careful() {
    engine_sql "$url" "CREATE FUNCTION public.tell() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN PERFORM dblink_exec('x', 'y'); RETURN NEW; END \$\$"
    engine_sql "$url" 'CREATE TRIGGER tells BEFORE INSERT ON public.leads FOR EACH ROW EXECUTE FUNCTION public.tell()'
    run "$DARA" --url "$url" test-as-user "$ana" --table leads -f json
    is "$(json '[.access[] | .access] | join(" ")')" 'some untried untried untried' 'a trigger that reaches out is not fired'
    out_like "trigger 'tells' may reach out of the database" 'and it is said'
    run "$DARA" --url "$url" test-as-user "$ana" --table leads --fire-triggers -f json
    is "$(json '.access[1] | .access + " " + .code')" 'error 42883' 'unless that was asked for'
    engine_sql "$url" "INSERT INTO public.notes (owner) SELECT '$ana' FROM generate_series(1, 300)"
    run "$DARA" --url "$url" test-as-user "$ana" --table notes --rows 50 -f json
    is "$(json '[.access[] | "\(.allowed)/\(.rows) \(.sampled)"] | join(",")')" '48/50 true,48/50 true,48/50 true,48/50 true' 'of many rows some are tried'
    run "$DARA" --url "$url" test-as-user "$ana" --table notes --reads -f json
    is "$(json '[.access[] | .access] | join(" ")')" 'some untried untried untried' 'reads alone'
}

# --rls-gate: what lets users reach more is not committed, unless it is allowed by name.
gate() {
    engine_new gated
    project gate-project
    migration 20260101000000_notes <<S
CREATE TABLE public.notes (id integer PRIMARY KEY, owner uuid, body text);
INSERT INTO public.notes VALUES (1, '$ana', 'a'), (2, NULL, 'b');
ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON public.notes USING (owner = (SELECT auth.uid()));
S
    run "$DARA" apply-migration --no-snapshot --rls-gate -f json
    status_is 0 'a table with policies for its owners alone passes the gate'
    keeps_schema apply-migration
    local before
    before=$(state)
    migration 20260102000000_open <<<'CREATE POLICY open ON public.notes FOR SELECT TO anon USING (true);'
    run "$DARA" apply-migration --no-snapshot --rls-gate --dry-run -f json
    status_is 8 'a rehearsal tells that users would reach more: exit 8'
    run "$DARA" apply-migration --no-snapshot --rls-gate -f json
    status_is 8 'and a run commits nothing: exit 8'
    is "$(json '[.widened[] | "\(.actor) \(.command) \(.table) \(.before) \(.after)"] | join(",")')" 'anon select notes filtered 2 of 2' 'what is named'
    is "$(state)" "$before" 'nothing is left of it'
    keeps_schema apply-migration
    run "$DARA" apply-migration --no-snapshot --rls-gate --allow 'anon:select:public.other'
    status_is 8 'another name allows nothing'
    run "$DARA" apply-migration --no-snapshot --rls-gate --allow 'anon:*:public.notes'
    status_is 0 'its own does'
    migration 20260103000000_bare <<<'CREATE TABLE public.bare (id integer PRIMARY KEY);'
    run "$DARA" apply-migration --no-snapshot --rls-gate
    status_is 8 'a new table that is open to all: exit 8'
    migration 20260103000000_bare <<<'CREATE INDEX CONCURRENTLY bodies ON public.notes (body);'
    run "$DARA" apply-migration --no-snapshot --rls-gate
    status_is 4 'what no transaction holds cannot be compared: exit 4'
    cd "$work" || exit 99
}

# Without a platform: a role, or a setting that tells policies who asks.
plain() {
    engine_new plain
    local role=dt_rls_$$
    engine_sql "$url" "CREATE ROLE $role"
    engine_sql "$url" 'CREATE TABLE t (id integer PRIMARY KEY, owner text)'
    engine_sql "$url" "INSERT INTO t VALUES (1, 'ana'), (2, 'ana'), (3, 'o''brien')"
    engine_sql "$url" "GRANT SELECT, INSERT, UPDATE, DELETE ON t TO $role"
    engine_sql "$url" 'ALTER TABLE t ENABLE ROW LEVEL SECURITY'
    engine_sql "$url" "CREATE POLICY own ON t USING (owner = current_setting('app.user_id', true))"
    run "$DARA" --url "$url" test-as-user ana --role "$role" --matrix "$role=o'brien,$role" -f json
    status_is 0 'users that a setting tells'
    is "$(json '[.access[] | "\(.actor) \(.command) \(.allowed)"] | join(",")' | sed "s/$role/ROLE/g")" \
        "ana select 2,ana insert 2,ana update 2,ana delete 2,o'brien select 1,o'brien insert 1,o'brien update 1,o'brien delete 1,ROLE select 0,ROLE insert 0,ROLE update 0,ROLE delete 0" \
        'each reaches its own'
    run "$DARA" --url "$url" test-as-user ana --role "$role" --setting other.one --table t -f json
    is "$(json '[.access[].allowed] | join(" ")')" '0 0 0 0' 'another setting tells them nothing'
    run "$DARA" --url "$url" test-as-user ana --role "$role" --setting role
    status_is 2 'a setting that is none of ours: exit 2'
    run "$DARA" --url "$url" test-as-user ana
    status_is 2 'a name that is no role: exit 2'
    err_like 'with --role ROLE' 'and the hint says how'
    engine_sql "$url" "DROP OWNED BY $role"
    engine_sql "$url" "DROP ROLE $role"
}

suite() {
    if [ "$1" = postgres ]; then
        plain
    else
        everything
        claims
        hostile
        kept
        careful
        gate
    fi
}
conform
