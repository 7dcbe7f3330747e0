# SPDX-License-Identifier: MIT
# A project on a database file, for the tests of snapshot, apply-migration, dry-run and status.
# shellcheck shell=bash
. "$srcdir/tests/cli/lib.sh"
[ -f "$builddir/drivers/sqlite/sqlite.la" ] || skip_all 'the driver is not built'
command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'
export DATABASE_URL=sqlite:app.db

# project: a new, empty project in a folder of its own, with a database of two users.
projects=0
project() {
    projects=$((projects + 1))
    mkdir -p "$work/project$projects/db/migrations"
    cd "$work/project$projects" || exit 99
    printf 'engine: sqlite\ndirectory: db\nenvironments:\n  dev:\n    url: DATABASE_URL\n' >dara.yaml
    sqlite3 app.db "create table users(id integer primary key, email text not null);
insert into users values (1, 'a'), (2, 'b');"
}
# migration FILE: its text comes from standard input.
migration() { cat >"db/migrations/$1"; }
sql() { sqlite3 app.db "$@"; }
# What must not change: the bytes of the file, and nothing beside it.
state() { sum app.db; ls; }
good_migrations() {
    migration 20260101000000_add_orders.sql <<'END'
create table orders(id integer primary key, user_id integer not null references users(id));
create index orders_user on orders(user_id);
END
    migration 20260102000000_add_status.sql <<'END'
alter table orders add column status text not null default 'new';
END
}
snapshots() { find db/snapshots -name "*.meta" 2>/dev/null | wc -l; }
# keeps_schema COMMAND WHAT: the document in $work/out is as docs/schemas says.
keeps_schema() {
    if ! python3 -c 'import jsonschema' 2>/dev/null; then
        skip "$2" 'python3-jsonschema is not installed'
        return
    fi
    cp "$work/out" "$work/document.json"
    run python3 "$srcdir/tests/cli/schema.py" "$srcdir/docs/schemas" "$1" "$work/document.json"
    status_is 0 "$2"
}
# signalled SIGNAL PATTERN COMMAND…: run it, and send the signal once a file that the pattern names is there.
signalled() {
    local signal=$1 pattern=$2 process
    shift 2
    "$@" >"$work/out" 2>"$work/err" </dev/null &
    process=$!
    for _ in $(seq 1000); do
        compgen -G "$pattern" >/dev/null && break
        sleep 0.02
    done
    kill "-$signal" "$process" 2>/dev/null
    wait "$process" 2>/dev/null
    status=$?
    out=$(cat "$work/out") err=$(cat "$work/err")
}
