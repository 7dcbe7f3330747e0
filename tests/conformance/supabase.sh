#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What is Supabase's own: what belongs to the platform, what hangs on it, addresses, variables, and one history with its command-line tool.
export DARA_TEST_ENGINES=supabase
. "$srcdir/tests/conformance/lib.sh"
unset SUPABASE_DB_URL_DIRECT SUPABASE_LOCAL_DB_URL SUPABASE_PROJECT_REF

# The tool, as its version of the tests; needs the network once.
tool() {
    [ -n "${DARA_TEST_SUPABASE_CLI-}" ] || DARA_TEST_SUPABASE_CLI=$("$srcdir/tests/servers/get" supabase-cli 2>"$work/why") || {
        skip "$1" "$(tail -n 1 "$work/why")"
        return 1
    }
}
supabase() {
    DO_NOT_TRACK=1 SUPABASE_TELEMETRY_DISABLED=1 HOME=$work "$DARA_TEST_SUPABASE_CLI" "$@" </dev/null >"$work/tool.out" 2>&1 ||
        { sed 's/^/# supabase: /' "$work/tool.out"; return 1; }
}
# "VERSION:VERSION" of each line: here, there.
listed() {
    supabase migration list --remote "$remote"
    sed -nE 's/^ *`?([0-9 ]*)`? *\| *`?([0-9 ]*)`? *\|.*$/\1:\2/p' "$work/tool.out" | tr -d ' ' | grep -v '^:$' | paste -sd' '
}
states() { "$DARA" status -f json 2>/dev/null </dev/null | jq -r '[.migrations[] | .version[0:8] + " " + .state] | join(", ")'; }
applies() { # NAME
    run "$DARA" apply-migration
    status_is 0 "$1"
}

hangs() {
    engine_new hangs
    project hangs
    run "$DARA" snapshot show baseline -f json
    is "$(json '[.counts | to_entries[] | select(.value > 0) | "\(.key) \(.value)"] | join(", ")')" \
        'namespace 1, extension 2, publication 1, privilege 5, default_privilege 9, setting 1' 'what the platform brings along is not in the model'
    migration 20250101000000_hooks <<'SQL'
CREATE TABLE public.profiles (id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE, name text);
CREATE FUNCTION public.on_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
    $$ BEGIN INSERT INTO public.profiles (id) VALUES (NEW.id); RETURN NEW; END $$;
CREATE TRIGGER on_auth_user_created AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION public.on_user();
CREATE POLICY "own files" ON storage.objects FOR SELECT TO authenticated USING (owner = (SELECT auth.uid()));
SQL
    applies 'a trigger on auth.users, a policy on storage.objects'
    out_like '^\+ trigger auth\.on_auth_user_created on users' 'the trigger is shown'
    out_like '^\+ policy storage\."own files" on objects|^\+ policy storage\.own files on objects' 'and so is the policy'
    out_unlike '^. (table|column|index) (auth|storage)' 'and nothing that they hang on'
    run "$DARA" security-audit schema
    out_unlike 'auth|storage' 'no finding is about what is the platform'"'"'s'
    "$DARA" -q snapshot with >/dev/null && engine_new back && engine_load "$url" "$(ls db/snapshots/*_with.sql)"
    run "$DARA" --url "$url" compare-schemas live with
    status_is 0 'a snapshot holds both, and can be loaded into another project'
    url=$DATABASE_URL
    run "$DARA" rollback baseline --confirm ROLLBACK
    status_is 0 'rollback'
    is "$(engine_sql "$url" "SELECT (SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'on_auth%'), (SELECT count(*) FROM pg_policy),
        (SELECT count(*) FROM pg_trigger WHERE tgrelid = 'storage.objects'::regclass AND NOT tgisinternal)")" '0|0|1' \
        'takes both away, and leaves the trigger of the platform'
}

one_history() {
    local remote
    tool 'one history with the command-line tool' || return
    engine_new history
    remote="$(engine_direct "$url")?sslmode=disable"
    rm -rf "$work/history" && mkdir "$work/history" && cd "$work/history" || exit 99
    supabase init
    mkdir -p supabase/migrations
    echo 'CREATE TABLE public.old (id integer PRIMARY KEY);' >supabase/migrations/20240101000000_old.sql
    supabase db push --remote "$remote" --yes
    export DATABASE_URL=$url
    run "$DARA" setup-database supabase
    status_is 0 'a project of the tool is adopted'
    is "$(states)" '20240101 applied' 'what it applied is applied'
    echo "CREATE TABLE public.a (id integer PRIMARY KEY, t text DEFAULT 'a\"\\b'); INSERT INTO public.a VALUES (1);" >supabase/migrations/20250101000000_a.sql
    applies 'dara applies'
    is "$(listed)" '20240101000000:20240101000000 20250101000000:20250101000000' 'the tool lists it as applied'
    is "$(engine_sql "$url" "SELECT name, statements[1], cardinality(statements) FROM supabase_migrations.schema_migrations ORDER BY version DESC LIMIT 1")" \
        "a|CREATE TABLE public.a (id integer PRIMARY KEY, t text DEFAULT 'a\"\\b')|2" 'with its name and statements'
    echo 'CREATE TABLE public.b (id integer PRIMARY KEY);' >supabase/migrations/20250102000000_b.sql
    supabase db push --remote "$remote" --yes
    is "$(states)" '20240101 applied, 20250101 applied, 20250102 applied' 'the tool applies, and dara agrees'
    run "$DARA" status --drift
    status_is 0 'what the tool did is no drift'
    out_like 'another tool' 'but what it left is not known, and that is said'
    echo 'CREATE TABLE public.c (id integer PRIMARY KEY);' >supabase/migrations/20250103000000_c.sql
    applies 'and dara goes on behind it'
    run "$DARA" status --drift
    out_like 'no drift' 'from then on what is left is known again'
    supabase migration repair --remote "$remote" --yes --status reverted 20250103000000
    is "$(states)" '20240101 applied, 20250101 applied, 20250102 applied, 20250103 rolled back' 'repaired to reverted'
    engine_sql "$url" 'DROP TABLE public.c'
    applies 'it can be applied again'
    supabase migration repair --remote "$remote" --yes --status reverted 20250103000000
    supabase migration repair --remote "$remote" --yes --status applied 20250103000000
    is "$(states)" '20240101 applied, 20250101 applied, 20250102 applied, 20250103 applied' 'repaired to applied'
    run "$DARA" rollback baseline --confirm ROLLBACK
    status_is 0 'dara rolls back'
    is "$(listed)" '20240101000000:20240101000000 20250101000000: 20250102000000: 20250103000000:' 'and the tool lists them as not applied'
    supabase db push --remote "$remote" --yes
    is "$(states)" '20240101 applied, 20250101 applied, 20250102 applied, 20250103 applied' 'it applies them again, and dara agrees'
}

# Unknown is not empty: what the author put into a schema of the platform is not in the model, and said.
inside() {
    engine_new inside
    psql -XqAt -v ON_ERROR_STOP=1 "$DARA_TEST_POSTGRES_URI/${url##*/}" -c 'GRANT CREATE ON SCHEMA storage TO supabase_postgres'
    engine_sql "$url" 'CREATE TABLE storage.mine (id integer PRIMARY KEY)'
    project inside
    run "$DARA" snapshot show baseline -f json
    is "$(json '[.unrepresented[] | "\(.family) \(.name): \(.why)"] | join(", ")')" 'table mine: it is in a schema of the platform' \
        'what the author put into a schema of the platform is named'
}

addresses() {
    engine_new addresses
    rm -rf "$work/addresses" && mkdir "$work/addresses" && cd "$work/addresses" || exit 99
    unset DATABASE_URL
    local plain=postgres://${url#*//}
    SUPABASE_DB_URL=$plain run "$DARA" setup-database supabase
    status_is 0 'SUPABASE_DB_URL, with the scheme that the dashboard shows'
    is "$(sed -n 's/^engine: //p; s/^directory: //p; s/^ *url: //p' dara.yaml | paste -sd' ')" 'supabase supabase SUPABASE_LOCAL_DB_URL' 'dara.yaml'
    SUPABASE_DB_URL=supabase://nobody@127.0.0.1:1/nothing SUPABASE_DB_URL_DIRECT=$plain run "$DARA" apply-migration
    status_is 0 'migrations take SUPABASE_DB_URL_DIRECT'
    SUPABASE_DB_URL=supabase://nobody@127.0.0.1:1/nothing SUPABASE_DB_URL_DIRECT=$plain run "$DARA" status
    status_is 3 'others do not'
    SUPABASE_LOCAL_DB_URL=$plain run "$DARA" -e local status
    status_is 0 'environment local'
    SUPABASE_DB_URL=postgres://postgres@eu-1.pooler.supabase.com:6543/postgres SUPABASE_PROJECT_REF=abcdef run "$DARA" status
    status_is 3 'the pooler without a project'
    err_like 'write the user as postgres\.abcdef' 'what to write is said'
    cd "$work/cwd" || exit 99
    run "$DARA" --url postgres://postgres@eu-1.pooler.supabase.com:6543/postgres compare-schemas live live
    err_like 'names no project' 'a URL of PostgreSQL to a host of the platform is the platform'"'"'s'
}

suite() {
    hangs
    inside
    one_history
    addresses
}
conform
