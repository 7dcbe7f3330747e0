#!/bin/bash
# SPDX-License-Identifier: MIT
# dara.yaml, .env, variables: one clear error each with file and line, exit 9; which variable wins; the production guard; no value
# of a variable in any output.
. "$srcdir/tests/cli/lib.sh"

secret=s3cr3t-hunter2
cp_err() { cat "$work/out" "$work/err" >>"$work/all"; }
: >"$work/all"
yaml() { printf '%b' "$1" >dara.yaml; }
# bad YAML LINE MESSAGE NAME
bad() {
    yaml "$1"
    run dara run-sql 'select 1'
    cp_err
    is "$status $(head -n 1 "$work/err" | grep -c "dara.yaml:$2: .*$3")" '9 1' "$4"
}

run dara run-sql 'select 1'
status_is 9 'no project and no URL'
err_like 'hint: run dara setup-database' 'says what to do'
bad 'engine: sqlite\nfoo: 1\n' 2 "unknown key 'foo'" 'an unknown key'
bad 'engine: sqlite\nengine: sqlite\n' 2 'twice' 'a key twice'
bad 'directory: db\n' 1 "'engine' is missing" 'no engine'
bad 'engine: [sqlite\n' 2 '' 'no YAML'
bad 'engine: sqlite\nenvironments:\n  a:\n    url: A\n    production: maybe\n' 5 'true or false' 'production: maybe'
bad "engine: sqlite\nenvironments:\n  a:\n    url: sqlite:$secret.db\n" 4 'not a URL' 'a URL in dara.yaml'
bad 'engine: sqlite\nenvironments: &a {b: {url: A}}\nx: *a\n' 1 'alias' 'an alias'
for value in 64 0MB sometimes 64mb 99999999999TB; do
    bad "engine: sqlite\nrehearse: $value\n" 2 "'rehearse' must be always, never, or a size" "rehearse: $value"
done
bad '' 1 'empty' 'an empty file'
yaml 'engine: nonesuch\n'
run dara run-sql 'select 1'
status_is 9 'an engine without a driver'
rm dara.yaml && mkdir dara.yaml
run dara run-sql 'select 1'
status_is 9 'a folder named dara.yaml'
rmdir dara.yaml

yaml 'engine: sqlite\nenvironments:\n  local:\n    url: DATABASE_URL\n  other:\n    url: OTHER_URL\n'
printf 'A=1\nthis is %s\n' "$secret" >.env
run dara run-sql 'select 1'
cp_err
status_is 9 'a line of .env that is none'
err_like '\.env:2: ' 'is named with its line'
printf 'A="%s\n' "$secret" >.env
run dara run-sql 'select 1'
cp_err
err_like '\.env:1: the quote that opens here is not closed' 'so is an open quote'
rm .env

run dara run-sql 'select 1'
status_is 9 'DATABASE_URL is not set'
err_like 'DATABASE_URL is not set' 'names it'
run dara --env other run-sql 'select 1'
status_is 9 'that of an environment is not set'
err_like "'OTHER_URL' of environment 'other' is not set" 'names it'
run dara --env nowhere run-sql 'select 1'
status_is 9 'an environment that is not there'
err_like 'known there: local, other' 'names those that are'
run dara --env local --url sqlite:x.db run-sql 'select 1'
status_is 2 '--env and --url together'
DATABASE_URL="mysql://root:$secret@localhost/db" run dara run-sql 'select 1'
cp_err
status_is 9 'a URL of another engine'
DATABASE_URL="://$secret" run dara run-sql 'select 1'
cp_err
status_is 9 'no URL in the variable'
err_like 'DATABASE_URL' 'names the variable'

# ---- which wins -------------------------------------------------------------------------------------------------------
for name in process env option other; do sqlite3 $name.db "create table t as select '$name' as x"; done
printf 'DATABASE_URL=sqlite:env.db\nOTHER_URL="sqlite:other.db"\n' >.env
which_db() { "$DARA" "$@" run-sql --csv 'select x from t' 2>&1 | tail -n 1 | tr -d '\r'; }
is "$(which_db)" env '.env'
is "$(DATABASE_URL=sqlite:process.db which_db)" process 'the process before .env'
is "$(DATABASE_URL=sqlite:process.db which_db --url sqlite:option.db)" option '--url before all'
is "$(DATABASE_URL=sqlite:process.db which_db --env other)" other 'and --env'
is "$(DATABASE_URL='' which_db)" env 'an empty variable is none'
mkdir -p a/b
is "$(cd a/b && which_db)" env 'from a folder below, paths are those of the project'
is "$(cd / && which_db -C "$work/cwd/a")" env 'with -C'

# ---- production -------------------------------------------------------------------------------------------------------
yaml 'engine: sqlite\nenvironments:\n  local:\n    url: DATABASE_URL\n  live:\n    url: LIVE_URL\n    production: true\n'
printf 'DATABASE_URL=sqlite:env.db\nLIVE_URL=sqlite:live.db\n' >.env
sqlite3 live.db 'create table t(x)' && cp live.db same.db
before=$(sum live.db)
write() { run dara "$@" run-sql --write 'insert into t values(1)'; }
write --env live
status_is 8 'production needs its name'
err_like '--confirm live' 'and says how'
write --env live --yes
status_is 8 '--yes is not enough'
write --env live --confirm local
status_is 8 'nor another name'
write --url sqlite:live.db
status_is 8 'the same URL by --url'
write --url "sqlite:$PWD/live.db"
status_is 8 'the same file by its whole path'
write --url sqlite:./a/../live.db
status_is 8 'the same file by another path'
DATABASE_URL=sqlite:live.db write
status_is 8 'the same file by another variable'
DATABASE_URL=sqlite:live.db write --env local
status_is 8 'the same file by another environment'
ln -s live.db link.db
write --url sqlite:link.db
status_is 8 'the same file by a link'
is "$(sum live.db)" "$before" 'and nothing was written'
write --url sqlite:same.db
status_is 0 'another file is another'
write
status_is 0 'and local is local'
run dara --env live run-sql 'select 1'
status_is 0 'reading production needs no name'
write --env live --confirm live
status_is 0 'with its name it is written'
yaml 'engine: sqlite\nenvironments:\n  live:\n    url: LIVE_URL\n    production: true\n'
sed -i 1d .env
write
status_is 8 'the only environment is the one in use'

! grep -qF "$secret" "$work/all"
ok $? 'no value of a variable was shown'
done_testing
