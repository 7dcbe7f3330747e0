#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Promise 2 where a lock of the connection proves nothing: MySQL and MariaDB behind a proxy that shares connections, and MariaDB's cluster. There
# the lock is a lease: renewed while a statement lasts, taken over when it has run out, and noticed by the run that lost it.
export DARA_TEST_ENGINES=${DARA_TEST_ENGINES:-mariadb mysql}
. "$srcdir/tests/conformance/lib.sh"
. "$srcdir/tests/servers/lib.sh"
pooler=$builddir/tests/servers/mysql-pooler

proxy() { # SERVER-PORT CONNECTIONS [relay]: sets $proxy_port and $proxy_pid
    proxy_port=$(free_port)
    "$pooler" "$proxy_port" "$@" </dev/null >"$work/proxy.log" 2>&1 &
    proxy_pid=$!
    within mariadb --no-defaults -h127.0.0.1 -P"$proxy_port" -uroot -e 'SELECT 1'
}
end_proxy() {
    kill "$proxy_pid" && wait "$proxy_pid" 2>/dev/null
}
apply() { # URL OPTION…
    local to=$1
    shift
    DATABASE_URL=$to run "$DARA" "$@" apply-migration --no-snapshot db/migrations
}
# N runs at once, in turn over these URLs; what became of them.
at_once() { # N URL…
    local n good=0 nothing=0 other=0 count=$1 urls pids=()
    shift
    urls=("$@")
    for n in $(seq "$count"); do
        DATABASE_URL=${urls[n % $#]} "$DARA" --lock-timeout 60s apply-migration --no-snapshot db/migrations >"$work/once.$n" 2>&1 </dev/null &
        pids[n]=$!
    done
    for n in $(seq "$count"); do
        if ! wait "${pids[n]}"; then
            other=$((other + 1))
            sed 's/^/#   /' "$work/once.$n" | head -n 3 >&2
        elif grep -qiE 'nothing to|up to date' "$work/once.$n"; then
            nothing=$((nothing + 1))
        else
            good=$((good + 1))
        fi
    done
    echo "$good applied, $nothing had nothing to do, $other failed"
}
slow_migration() {
    rm -f db/migrations/*
    migration 20260102000000_slow <<<"CREATE TABLE before_it (n INT); CREATE TABLE slow (n INT); DO SLEEP(600); CREATE TABLE after_it (n INT);"
}
hold() { # URL: a run that holds the lock while its statement lasts; sets $holder
    DATABASE_URL=$1 "$DARA" apply-migration --no-snapshot db/migrations >"$work/slow.out" 2>"$work/slow.err" </dev/null &
    holder=$!
    until_so engine_slow_runs "$url"
}
# The statement that lasts comes to its end.
wake() {
    engine_sql "$url" "SELECT CONCAT('KILL QUERY ', ID) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE '%SLEEP(600)%' AND ID <> CONNECTION_ID()" | my_client
}
records() { engine_sql "$url" "SELECT run, place, piece, state, error FROM dara_journal ORDER BY run, place, piece; SELECT * FROM dara_migrations ORDER BY place"; }

# What a proxy looks like, also one that gives the right number at first.
detects() { # ENGINE
    local way seen
    for way in '' relay; do
        proxy "$my_port" 3 $way
        seen=$(for _ in 1 2 3; do DATABASE_URL="mysql://root@127.0.0.1:$proxy_port/${url##*/}" "$DARA" env-check 2>/dev/null </dev/null | grep -oE '^(proxy|lock kind) +[a-z]+'; done | sort | uniq -c | tr -s ' ')
        is "$seen" $' 3 lock kind info\n 3 proxy warning' "$1: a proxy is seen${way:+, one that passes on a number of the server, too}"
        end_proxy
    done
    is "$("$DARA" env-check 2>/dev/null </dev/null | grep -cE '^(proxy|cluster|lock kind) ')" 0 "$1: nothing is seen where nothing is"
}

suite() { # ENGINE
    local leased before token runs=50
    engine_new leases
    project leases-project
    detects "$1"
    proxy "$my_port" 6
    leased="mysql://root@127.0.0.1:$proxy_port/${url##*/}?lease=2"

    engine_migration db/migrations/20260101000000_ship.sql
    sed -i -e '/FOREIGN KEY/s/, FOREIGN.*)/)/' -e '/customer\b.*ADD\|^CREATE VIEW\|^CREATE TRIGGER/d' db/migrations/20260101000000_ship.sql
    [ "$1" = mariadb ] || runs=12
    is "$(at_once $runs "$leased" "$leased" "$url")" "1 applied, $((runs - 1)) had nothing to do, 0 failed" \
        "$1: $runs runs at once, most of them through the proxy: one applies"
    is "$(engine_sql "$url" "SELECT COUNT(*) FROM dara_migrations WHERE kind = 'migration'")" 1 "$1: the history has it once"

    slow_migration
    hold "$leased"
    sleep 2.5
    apply "$leased" --lock-timeout 200ms
    status_is 5 "$1: a lease is kept for as long as a statement lasts"
    err_like "held by [^ ]+ pid $holder, dara apply-migration, since [^ ]+ \(a lease of 2.0 s, renewed [01]\.[0-9] s ago; unless it is renewed it ends in [012]\.[0-9] s\)" \
        "$1: its holder is named, its age and its end"
    apply "$url" --lock-timeout 200ms
    status_is 5 "$1: past the proxy, too, where a lock of the connection would do"
    err_like "held by [^ ]+ pid $holder, dara apply-migration, .*a lease of 2.0 s" "$1: with the holder's name"

    # Stopped for longer than the lease, it finds that another one has it, and writes nothing.
    kill -STOP $holder
    DATABASE_URL=$leased run "$DARA" --lock-timeout 20s run-sql --write "INSERT INTO before_it VALUES (1)"
    status_is 0 "$1: a run that is stopped loses its lease"
    before=$(records)
    kill -CONT $holder
    wake
    wait $holder
    is "$? $(grep -c "the lock on '${url##*/}' was lost on the way" "$work/slow.err")" "7 2" "$1: when it goes on it says so"
    is "$(records)" "$before" "$1: and has recorded nothing"
    is "$(engine_sql "$url" "SHOW TABLES LIKE 'after_it'")" "" "$1: nor run another statement"
    DATABASE_URL=$leased run "$DARA" --lock-timeout 5s apply-migration --abandon --confirm ROLLBACK
    status_is 0 "$1: what it did goes back when told"

    # The number is another one, and what renews the lease has not noticed: whatever is sent looks for itself.
    slow_migration
    hold "$leased"
    before=$(records)
    engine_sql "$url" "UPDATE dara_lock SET token = token + 1 WHERE name = 'lock'"
    wake
    wait $holder
    is "$? $(grep -c "the lock on '${url##*/}' was lost on the way" "$work/slow.err")" "7 2" "$1: a run whose number is another one says so"
    is "$(records)$(engine_sql "$url" "SHOW TABLES LIKE 'after_it'")" "$before" "$1: and has written nothing"
    DATABASE_URL=$leased run "$DARA" --lock-timeout 5s apply-migration --abandon --confirm ROLLBACK
    status_is 0 "$1: the lock is to be had again"

    # Stopped while nobody wants the lock: it renews it and goes on.
    slow_migration
    hold "$leased"
    kill -STOP $holder
    sleep 2.5
    kill -CONT $holder
    wake
    wait $holder
    is "$?" 0 "$1: one that was stopped while nobody else came goes on"

    # kill -9: the lease runs out.
    migration 20260103000000_killed <<<"CREATE TABLE again (n INT); DO SLEEP(600); DO 1;"
    hold "$leased"
    token=$(engine_sql "$url" "SELECT token FROM dara_lock WHERE name = 'lock'")
    kill -9 $holder
    wait $holder 2>/dev/null
    apply "$url" --lock-timeout 0s
    status_is 5 "$1: the lease of a killed run outlives it"
    apply "$leased" --lock-timeout 20s
    status_is 7 "$1: and is taken over when it is over"
    is "$(engine_sql "$url" "SELECT token - $token, (SELECT lease_ms FROM dara_lock WHERE name = 'beat') FROM dara_lock WHERE name = 'lock'" | tr '\t' ' ')" "1 0" \
        "$1: under the next number, and given back"
    wake
    DATABASE_URL=$leased run "$DARA" --lock-timeout 5s apply-migration --abandon --confirm ROLLBACK
    status_is 0 "$1: and abandoned"

    # A lock of the connection keeps a lease out.
    hold "$url"
    apply "$leased" --lock-timeout 200ms
    status_is 5 "$1: a lease is not to be had while a connection holds the lock"
    err_like "held by [^ ]+ pid $holder, dara apply-migration, .*connection [0-9]+ of 'root'" "$1: whose holder is named"
    kill -9 $holder
    wait $holder 2>/dev/null
    wake
    end_proxy
    is "$(my_client -N -e "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND = 'Sleep' AND DB = '${url##*/}'")" 0 \
        "$1: and no connection is left behind"
    [ "$1" != mariadb ] || cluster "$1"
}

# Two servers that both take writes. The proxy's part is done here by nobody: each run is greeted by its own server.
cluster() { # ENGINE
    local variables kept=$my_uri first second made=$engine_made
    variables=$("$srcdir/tests/servers/mysql" start galera 2>"$work/galera") || { skip "$1: a cluster" "$(tail -n 1 "$work/galera")"; return; }
    eval "$variables"
    my_uri=$DARA_TEST_GALERA_URI my_port=${DARA_TEST_GALERA_URI##*:}
    engine_new cluster
    first="$url?lease=2" second="$DARA_TEST_GALERA_OTHER_URI/${url##*/}?lease=2"
    project cluster-project
    is "$(for n in "$first" "$second"; do DATABASE_URL=$n "$DARA" env-check 2>/dev/null </dev/null | grep -oE '^(cluster|lock kind) +[a-z]+'; done | tr -s ' ' | paste -sd,)" \
        "cluster info,lock kind info,cluster info,lock kind info" "$1: a cluster is seen"
    migration 20260101000000_one <<<"CREATE TABLE one (a INT PRIMARY KEY); INSERT INTO one VALUES (1);"
    is "$(at_once 20 "$first" "$second")" "1 applied, 19 had nothing to do, 0 failed" "$1: twenty runs at once, on both of its servers: one applies"
    slow_migration
    hold "$first"
    apply "$second" --lock-timeout 3s
    status_is 5 "$1: the other server knows who holds the lock"
    err_like "held by [^ ]+ pid $holder, dara apply-migration, .*a lease of 2.0 s" "$1: and names it"
    kill -9 $holder
    wait $holder 2>/dev/null
    apply "$second" --lock-timeout 20s
    status_is 7 "$1: it is taken over on the other server"
    wake
    "$srcdir/tests/servers/mysql" stop "$DARA_TEST_MYSQL_FOLDER"
    my_uri=$kept my_port=${kept##*:} engine_made=$made
}
conform
