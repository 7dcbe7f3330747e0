#!/bin/bash
# SPDX-License-Identifier: MIT
# Unsupported is said: exit 4 with the capability, the driver and what to do; and a command loads one driver.
. "$srcdir/tests/cli/lib.sh"
export DARA_DRIVER_PATH=$builddir/drivers/sqlite:$builddir/tests/drivers/good

new() { # new DRIVER: a project with one migration
    rm -rf db dara.yaml && mkdir -p db/migrations
    printf 'engine: %s\ndirectory: db\nenvironments:\n  local:\n    url: DATABASE_URL\n' "$1" >dara.yaml
    export DATABASE_URL=$1:x
    echo 'make a;' >"db/migrations/20260101000000_a.fake"
}
# unsupported WHAT-IT-SAYS COMMAND…: exit 4, that message whole, a hint, nothing on standard output
unsupported() {
    local says=$1
    shift
    run dara "$@"
    [ "$status" = 4 ] && [ "$out" = '' ] && [ "$(sed -n 1p "$work/err")" = "dara: $says" ] && [[ $(sed -n 2p "$work/err") == '  hint: '* ]]
    local good=$?
    ok $good "$*"
    [ $good -eq 0 ] || printf '%s\n' "$says" | sed 's/^/#   wanted: /'
}

# ---- a driver that only reads
new bare
no_dialect="it has no 'dialect' operations"
unsupported "the 'bare' driver cannot read migrations: $no_dialect" apply-migration
unsupported "the 'bare' driver cannot read migrations: $no_dialect" dry-run
unsupported "the 'bare' driver cannot read migrations: $no_dialect" status
unsupported "the 'bare' driver cannot read migrations: $no_dialect" verify-order db/migrations
unsupported "the 'bare' driver cannot write migrations: $no_dialect" create-migration b
unsupported "the 'bare' driver cannot write migrations: $no_dialect" create-migration b --to live
unsupported "the 'bare' driver cannot write snapshots: $no_dialect" snapshot x
unsupported "the 'bare' driver cannot split a script: $no_dialect" run-sql 'x;'
unsupported "db/migrations/20260101000000_a.fake: the 'bare' driver cannot split a script: $no_dialect" seed db/migrations/20260101000000_a.fake
unsupported "the 'bare' driver cannot set up a database: it has no 'apply' operations" setup-database
unsupported "the 'bare' driver cannot plan changes: $no_dialect" compare-schemas live live --sql
unsupported "the 'bare' driver cannot make a scratch database: it has no 'scratch' operations" compare-schemas live migrations
unsupported "the 'bare' driver cannot save one schema of a database: its databases have no schemas" snapshot x --schema s
is "$(find db dara.yaml -type f)" "db/migrations/20260101000000_a.fake
dara.yaml" 'and nothing was written'
run dara compare-schemas live live
status_is 0 'what it can do it does'

# ---- an engine that commits each change of the schema by itself
new eager
alone="the engine 'eager' commits each change of the schema by itself, and its driver keeps no journal to go on from after a failure"
unsupported "$alone" apply-migration
unsupported "$alone" dry-run
run dara snapshot x
status_is 0 'a snapshot of it can be taken'
unsupported 'the engine cannot take back schema changes, and its driver keeps no journal of them' rollback x
run dara status
status_is 0 'and its history read'

# ---- one command, one driver
if command -v strace >/dev/null; then
    new bare
    strace -f -e trace=openat -o "$work/trace" "$DARA" env-check >/dev/null 2>&1
    opened() { grep -oE '(sqlite|bare|fake|eager)\.so' "$work/trace" | sort -u | tr '\n' ' '; }
    is "$(opened)" 'bare.so ' 'a command loads the driver of its URL and no other'
    strace -f -e trace=openat -o "$work/trace" "$DARA" help apply-migration >/dev/null 2>&1
    is "$(opened)" '' 'help loads none'
    strace -f -e trace=openat -o "$work/trace" "$DARA" drivers >/dev/null 2>&1
    is "$(opened)" 'bare.so eager.so fake.so sqlite.so ' 'and drivers all of them'
else
    skip 'a command loads the driver of its URL and no other' 'strace is not installed'
fi
# What to do instead is said before anything is connected to.
if [ -e "$builddir/drivers/postgres/postgres.la" ]; then
    mkdir "$work/no-project" && cd "$work/no-project" || exit 99
    DARA_DRIVER_PATH=$builddir/drivers/postgres run "$DARA" --url postgres://nobody@127.0.0.1:1/nothing create-rls-policies design.yaml
    status_is 4 'create-rls-policies on PostgreSQL: exit 4'
    err_like 'cannot write policies' 'in words'
else
    skip 'create-rls-policies on PostgreSQL' 'the driver is not built'
fi

done_testing
