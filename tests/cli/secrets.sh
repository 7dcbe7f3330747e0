#!/bin/bash
# SPDX-License-Identifier: MIT
# No secret leaves: a password is put wherever a user may put one, and looked for in all that dara prints and writes.
# shellcheck source=tests/cli/lib.sh
. "$srcdir/tests/cli/lib.sh"
command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'
hush=Xyzzy7Plugh
all=$work/all
: >"$all"
said=0
say() { # say ARGUMENT…: run it in text, JSON, Markdown and with every call to the driver shown; keep all it says
    for more in -vv '-f json' '-f markdown'; do
        # shellcheck disable=SC2086 # words
        run dara "$@" $more
        cat "$work/out" "$work/err" >>"$all"
        said=$((said + 1))
    done
}
silent() { # silent NAME: nothing of the secret in what was said since, nor in any file here but those named by $holders
    ! grep -n "$hush" "$all"
    ok $? "$1: in no output"
    is "$(find . -type f ! -name .env ! -name '*.db*' -exec grep -l "$hush" {} +)" '' "$1: in no file"
    : >"$all"
}

urls=("mysql://root:$hush@localhost/db" "postgres://me:$hush@127.0.0.1:1/db?sslmode=disable" "mongodb+srv://u:$hush@h/d"
    "nosuch://u:$hush@h" "x://u:$hush@h:99999/d" "x://u:$hush@[::1/d" "postgres://h/d?password=$hush" "postgres://h/d?sslpassword=$hush&user=u"
    "://u:$hush@h" "u:$hush@h/db" "mysql://u:$hush")
for url in "${urls[@]}"; do
    say --url "$url" status
    say --url "$url" env-check
    say --url "$url" setup-database
    say compare-schemas "$url" live
done
silent '--url, of a scheme without a driver or no URL at all'
dara setup-database --url sqlite:app.db >/dev/null 2>&1 || exit 99
for url in "${urls[@]}"; do
    export DATABASE_URL=$url
    say status
    say env-check
    say snapshot x
    say apply-migration
    unset DATABASE_URL
    printf 'DATABASE_URL=%s\n' "$url" >.env
    say status
    say env-check
    say compare-schemas live "$url"
    say create-migration m --to "$url"
    say rollback "$url"
done
silent 'DATABASE_URL, in the process and in .env'
printf 'OTHER="%s\n' "$hush" >.env
say status
printf '%s\n' "$hush" >.env
say status
printf 'engine: sqlite\nenvironments:\n  a:\n    url: mysql://u:%s@h/d\n' "$hush" >dara.yaml
say status
grep -v "$hush" dara.yaml >rest && mv rest dara.yaml
printf 'engine: sqlite\n' >dara.yaml
silent 'mistakes in .env and dara.yaml'

# A database whose URL has a secret: what is written of it is without.
for url in "sqlite:app.db?password=$hush" "sqlite:app.db?key=$hush" "file:app.db?token=$hush" "sqlite://u:$hush@/app.db"; do
    printf 'DATABASE_URL=%s\n' "$url" >.env
    printf 'CREATE TABLE t%s (id INTEGER);\n' "${#url}" >"db/migrations/20260101$(printf %06d "${#url}")_t.sql"
    say env-check
    say dry-run
    run dara apply-migration
    cat "$work/out" "$work/err" >>"$all"
    say snapshot "s${#url}"
    say snapshot list
    say rollback baseline
    say status --drift
done
echo 'DATABASE_URL=sqlite:app.db' >.env
silent 'a URL that opens, or is refused for what it says'
! sqlite3 app.db 'SELECT * FROM dara_migrations' | grep -n "$hush"
ok $? 'nor in the history'

# Statements are the user's, and are not repeated.
say run-sql "SELECT '$hush' FROM nosuch"
say run-sql "INSERT INTO nosuch VALUES ('$hush')"
say run-sql --write "CREATE TABLE u (password TEXT CHECK (password <> '$hush')); INSERT INTO u VALUES ('$hush')"
say run-sql "SELECT '$hush"
grep -v 'CHECK\|password <>' "$all" >"$all.rest" && mv "$all.rest" "$all"
silent 'a statement'

# The prompt.
if command -v script >/dev/null; then
    export TERM=dumb HOME=$work/home XDG_STATE_HOME=$work/state
    mkdir -p "$HOME"
    {
        sleep 0.5
        for line in "status --url mysql://u:$hush@h/d" "run-sql \"CREATE USER u IDENTIFIED BY '$hush'\"" "run-sql \"ALTER ROLE r PASSWORD '$hush'\"" \
            "status --url=postgres://h/d?password=$hush" "*compare-schemas live x://u:$hush@h" "status"; do
            printf '%s\n' "$line"
            sleep 0.4
        done
        printf '\004'
        sleep 0.3
    } | timeout 30 script -qec "exec $DARA" /dev/null >/dev/null 2>&1
    is "$(cat "$XDG_STATE_HOME/dara/history")" 'status' 'the history of the prompt keeps the line without a secret, and only that'
else
    skip 'the history of the prompt' 'script is not installed'
fi
[ "$said" -gt 300 ]
ok $? "$said outputs were read"
done_testing
