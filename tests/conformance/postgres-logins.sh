#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every way to log in to PostgreSQL, on a server of its own with a pg_hba.conf for it: passwords (md5, SCRAM), peer over a Unix socket,
# .pgpass, service files, TLS up to verify-full with an authority made here, IPv6, several hosts, options. What does not get in is told
# why in one error, with the right exit status and something to do. The password is in nothing that can be seen.
. "$srcdir/tests/cli/lib.sh"
[ -n "${DARA_TEST_POSTGRES_URI-}" ] || skip_all 'no server: DARA_TEST_POSTGRES_URI is not set (eval "$(tests/servers/postgres start)")'
command -v openssl >/dev/null || skip_all 'openssl is not installed'
command -v psql >/dev/null || skip_all 'the psql program is not installed'
variables=$("$srcdir/tests/servers/postgres" start 2>"$work/err") || skip_all "no server of its own: $(cat "$work/err")"
eval "$variables"
folder=$DARA_TEST_POSTGRES_FOLDER
trap 'cd /; "$srcdir/tests/servers/postgres" stop "$folder"; rm -rf "$work"' EXIT
admin=$DARA_TEST_POSTGRES_URI/postgres
port=${DARA_TEST_POSTGRES_URI##*:}
hush='Xy:z/z@7 %Plugh'
coded=Xy%3Az%2Fz%407%20%25Plugh
unset PGPASSWORD PGHOST PGPORT PGUSER PGDATABASE PGSERVICE PGSSLMODE
export HOME=$work/home
mkdir -p "$HOME"

# ---- the server --------------------------------------------------------------------------------------------------------------------

certificate() { # NAME SUBJECT SIGNER
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$work/$1.key" -out "$work/$1.csr" \
        -subj "/CN=$2" 2>/dev/null &&
        openssl x509 -req -in "$work/$1.csr" -CA "$work/$3.crt" -CAkey "$work/$3.key" -CAcreateserial -days 2 -out "$work/$1.crt" \
            -extfile <(echo "subjectAltName=DNS:$2") 2>/dev/null
}
authority() { # NAME
    openssl req -x509 -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout "$work/$1.key" -out "$work/$1.crt" \
        -subj "/CN=dara test $1" 2>/dev/null
}
psql -Xq -v ON_ERROR_STOP=1 -v pass="$hush" "$admin" <<'SQL' || exit 99
CREATE DATABASE app;
SET password_encryption = 'md5';
CREATE ROLE by_md5 LOGIN PASSWORD :'pass';
SET password_encryption = 'scram-sha-256';
CREATE ROLE by_scram LOGIN PASSWORD :'pass';
CREATE ROLE by_tls LOGIN PASSWORD :'pass';
CREATE ROLE by_plain LOGIN PASSWORD :'pass';
CREATE ROLE by_bare LOGIN PASSWORD 'Xyzzy@Plugh';
CREATE ROLE by_peer LOGIN;
CREATE ROLE by_name LOGIN;
CREATE ROLE nobody_may LOGIN;
\connect app
GRANT CREATE, USAGE ON SCHEMA public TO by_md5, by_scram;
CREATE TABLE t (a integer);
SQL
authority ca && authority other && certificate server localhost ca || exit 99
install -m 600 "$work/server.key" "$folder/data/server.key"
install -m 644 "$work/server.crt" "$folder/data/server.crt"
[ "$(id -u)" -ne 0 ] || chown postgres: "$folder/data/server.key" "$folder/data/server.crt"
cat >"$folder/data/pg_hba.conf" <<HBA
local all postgres trust
host all postgres 127.0.0.1/32 trust
local all by_peer peer map=here
local all by_name peer
hostssl all by_tls all scram-sha-256
hostnossl all by_plain all scram-sha-256
host all no_one 127.0.0.1/32 trust
host all no_one ::1/128 scram-sha-256
host all by_md5 all md5
host all by_scram,by_bare all scram-sha-256
HBA
echo "here $(id -un) by_peer" >>"$folder/data/pg_ident.conf"
printf "ssl = on\nssl_cert_file = 'server.crt'\nssl_key_file = 'server.key'\n" >>"$folder/data/postgresql.conf"
chmod 755 "$folder"
kill -HUP "$(head -n 1 "$folder/data/postmaster.pid")"
socket="postgres://postgres@/postgres?host=$folder&port=$port"
for n in $(seq 100); do [ "$(psql -XAtqc 'SHOW ssl' "$socket" 2>&1)" = on ] && break; sleep 0.05; done

# ---- who gets in -------------------------------------------------------------------------------------------------------------------

said=$work/said # all that was printed
: >"$said"
enters() { # NAME ROLE URL [VARIABLE=VALUE…]
    run env "${@:4}" "$DARA" --url "$3" run-sql 'SELECT current_user || $$ is in$$ AS who' -v
    cat "$work/out" "$work/err" >>"$said"
    status_is 0 "$1: gets in"
    out_like "^$2 is in" "$1: as that role"
}
stays_out() { # NAME PATTERN URL [VARIABLE=VALUE…]: one error that says why, and something to do
    run env "${@:4}" "$DARA" --url "$3" run-sql 'SELECT 1' -v
    cat "$work/out" "$work/err" >>"$said"
    status_is 3 "$1: exit 3"
    err_like "^dara: cannot connect to .*$2" "$1: says why"
    is "$(grep -c '^dara: ' "$work/err")-$(grep -c '^  *hint: ' "$work/err")" 1-1 "$1: one error, one hint"
}
here=127.0.0.1:$port
enters "a password, md5" by_md5 "postgres://by_md5:$coded@$here/app"
enters "a password, SCRAM" by_scram "postgresql://by_scram:$coded@$here/app"
enters "a password with a bare @" by_bare "postgres://by_bare:Xyzzy@Plugh@$here/app"
enters "PGPASSWORD" by_scram "postgres://by_scram@$here/app" "PGPASSWORD=$hush"
enters "an option of the URL" by_scram "postgres://$here/app?user=by_scram&password=$coded"
enters "IPv6" by_scram "postgres://by_scram:$coded@[::1]:$port/app"
enters "a Unix socket, trusted" postgres "$socket"
enters "a Unix socket in the host's place" postgres "postgres://postgres@$(sed 's,/,%2F,g' <<<"$folder"):$port/postgres"
enters "peer, by a map" by_peer "postgres://by_peer@/app?host=$folder&port=$port"
printf '127.0.0.1:%s:app:by_scram:%s\n' "$port" "$(sed 's/[\\:]/\\&/g' <<<"$hush")" >"$HOME/.pgpass"
chmod 600 "$HOME/.pgpass"
enters ".pgpass" by_scram "postgres://by_scram@$here/app"
rm "$HOME/.pgpass"
printf '127.0.0.1:%s:*:by_scram:%s\n' "$port" "$(sed 's/[\\:]/\\&/g' <<<"$hush")" >"$work/passes"
chmod 600 "$work/passes"
enters "another passfile" by_scram "postgres://by_scram@$here/app?passfile=$work/passes"
printf '[mine]\nhost=127.0.0.1\nport=%s\nuser=by_scram\npassword=%s\ndbname=app\n' "$port" "$hush" >"$HOME/.pg_service.conf"
enters "a service" by_scram "postgres:///?service=mine"
enters "a service, by its variable" by_scram "postgres://" PGSERVICE=mine
printf '[theirs]\nhost=127.0.0.1\nport=%s\nuser=by_md5\ndbname=app\n' "$port" >"$work/services"
enters "a service file of its own" by_md5 "postgres:///?service=theirs" "PGSERVICEFILE=$work/services" "PGPASSWORD=$hush"
rm "$HOME/.pg_service.conf"

tls=localhost:$port/app
enters "TLS, sslmode=require" by_tls "postgres://by_tls:$coded@$tls?sslmode=require"
enters "TLS, verify-ca" by_tls "postgres://by_tls:$coded@$here/app?sslmode=verify-ca&sslrootcert=$work/ca.crt"
enters "TLS, verify-full" by_tls "postgres://by_tls:$coded@$tls?sslmode=verify-full&sslrootcert=$work/ca.crt"
enters "no TLS, where none is allowed" by_plain "postgres://by_plain:$coded@$tls?sslmode=disable"
enters "several hosts: the first that answers" by_scram "postgres://by_scram:$coded@127.0.0.1:1,[::1]:$port/app"
enters "several hosts: one that writes" by_scram "postgres://by_scram:$coded@127.0.0.1:1,$here/app?target_session_attrs=read-write"
run "$DARA" --url "postgres://by_scram:$coded@$here/app?options=-c%20work_mem%3D123kB%20-c%20application_name%3Dmine" run-sql 'SHOW work_mem'
out_like 123kB "options= reaches the server"

# ---- who does not ------------------------------------------------------------------------------------------------------------------

wrong=Xy%3Az%2Fz%408
for role in by_md5 by_scram; do
    stays_out "a wrong password, $role" 'refuses the user name or the password' "postgres://$role:$wrong@$here/app"
done
stays_out "no password" 'wants a password' "postgres://by_scram@$here/app"
stays_out "a .pgpass for others" 'wants a password' "postgres://by_scram@[::1]:$port/app?passfile=$work/passes"
stays_out "an unknown role" 'refuses the user name or the password' "postgres://no_one:$coded@[::1]:$port/app"
stays_out "an unknown role that is trusted" 'no such role' "postgres://no_one@$here/app"
stays_out "a role without a line" 'does not let this user in' "postgres://nobody_may@$here/app"
stays_out "peer, of another account" 'only from the account' "postgres://by_name@/app?host=$folder&port=$port"
stays_out "a database that is not there" 'no such database' "postgres://by_scram:$coded@$here/missing"
stays_out "nobody listens" 'nobody listens' "postgres://by_scram:$coded@127.0.0.1:1/app"
stays_out "no such host" 'no such host' "postgres://by_scram:$coded@no.such.host.invalid/app"
stays_out "no such socket" 'no server at this socket' "postgres://by_peer@/app?host=$work"
stays_out "TLS is wanted, and the server's name is another" 'TLS' "postgres://by_tls:$coded@$here/app?sslmode=verify-full&sslrootcert=$work/ca.crt"
stays_out "TLS is wanted, and the authority is another" 'TLS' "postgres://by_tls:$coded@$tls?sslmode=verify-full&sslrootcert=$work/other.crt"
stays_out "TLS is wanted, and there is no authority" 'TLS' "postgres://by_tls:$coded@$tls?sslmode=verify-full&sslrootcert=$work/none.crt"
stays_out "the server wants TLS" 'does not let this user in' "postgres://by_tls:$coded@$tls?sslmode=disable"
stays_out "a service that is not there" 'service' "postgres:///?service=none"
stays_out "several hosts, none that is a standby" '' "postgres://by_scram:$coded@$here,[::1]:$port/app?target_session_attrs=standby"
stays_out "an option that libpq does not know" 'option' "postgres://by_scram:$coded@$here/app?sslmod=require"
stays_out "an sslmode that is none" 'sslmode' "postgres://by_scram:$coded@$here/app?sslmode=always"
psql -Xqc 'ALTER ROLE by_md5 CONNECTION LIMIT 0' "$socket"
stays_out "too many connections" 'connection' "postgres://by_md5:$coded@$here/app"
psql -Xqc 'ALTER ROLE by_md5 CONNECTION LIMIT -1 VALID UNTIL $$2020-01-01$$' "$socket"
stays_out "a password that has run out" 'refuses the user name or the password' "postgres://by_md5:$coded@$here/app"
psql -Xqc 'ALTER DATABASE app ALLOW_CONNECTIONS false' "$socket"
stays_out "a database that is closed" 'connection|not accept' "postgres://by_scram:$coded@$here/app"
psql -Xqc 'ALTER DATABASE app ALLOW_CONNECTIONS true' "$socket"
sed -i 's/^ssl = on/ssl = off/' "$folder/data/postgresql.conf"
kill -HUP "$(head -n 1 "$folder/data/postmaster.pid")"
for n in $(seq 100); do [ "$(psql -XAtqc 'SHOW ssl' "$socket" 2>&1)" = off ] && break; sleep 0.05; done
stays_out "a server without TLS" 'the server has none' "postgres://by_scram:$coded@$tls?sslmode=require"

# ---- env-check ---------------------------------------------------------------------------------------------------------------------

sed -i 's/^ssl = off/ssl = on/' "$folder/data/postgresql.conf"
kill -HUP "$(head -n 1 "$folder/data/postmaster.pid")"
for n in $(seq 100); do [ "$(psql -XAtqc 'SHOW ssl' "$socket" 2>&1)" = on ] && break; sleep 0.05; done
checks() { # NAME URL PATTERN…: lines of env-check
    local name=$1 pattern
    run "$DARA" --url "$2" env-check
    cat "$work/out" "$work/err" >>"$said"
    shift 2
    for pattern in "$@"; do out_like "$pattern" "env-check, $name: $pattern"; done
}
checks "verified" "postgres://by_scram:$coded@$tls?sslmode=verify-full&sslrootcert=$work/ca.crt" \
    '^TLS +ok +TLSv1\.[23], .*, certificate and host name verified' '^role +ok +by_scram$' '^create +info +may not create schemas' \
    '^schema +ok +public' '^clock skew +ok +' '^pooler +ok +none' '^lock +ok +taken and given back' '^standby +ok' \
    '^login +info +by password'
# A name that is not this machine's, at an address that is.
far="db.example.invalid:$port/app?hostaddr=127.0.0.1"
checks "not verified" "postgres://by_tls:$coded@$far&sslmode=require" '^TLS +warning +TLSv1\.[23], .*, certificate not verified' \
    '^hint: TLS: .*sslmode=verify-full'
checks "the authority only" "postgres://by_tls:$coded@$far&sslmode=verify-ca&sslrootcert=$work/ca.crt" \
    '^TLS +warning +.*certificate verified, host name not'
checks "no TLS" "postgres://by_plain:$coded@$far&sslmode=disable" '^TLS +warning +off' '^hint: TLS: '
checks "no TLS on this machine" "postgres://by_plain:$coded@$tls?sslmode=disable" '^TLS +info +off'
checks "a socket" "$socket" '^TLS +ok +not needed' '^login +info +without a password' \
    '^role +info +postgres, superuser, may create databases, may create roles, past row security, may replicate' '^create +ok'
[ -z "${DARA_TEST_PGBOUNCER_URI-}" ] || checks "a pooler" "$DARA_TEST_PGBOUNCER_URI/app" '^pooler +info +transaction mode'
run "$DARA" --url "postgres://by_scram:$wrong@$here/app" env-check
status_is 3 "env-check that cannot log in: exit 3"
out_like '^connection +failed' "env-check says what failed"

# ---- the password ------------------------------------------------------------------------------------------------------------------

mkdir "$work/project" && cd "$work/project" || exit 99
url="postgres://by_scram:$coded@$here/app"
n=0
for format in text json markdown; do
    n=$((n + 1))
    "$DARA" -f $format --url "$url" setup-database postgres -vv >>"$said" 2>&1 </dev/null
    printf 'CREATE TABLE IF NOT EXISTS made_%s (a integer);\n' $format >"db/migrations/2026010100000${n}_m$format.sql"
    for command in status 'snapshot one' 'dry-run db/migrations' 'apply-migration db/migrations' 'compare-schemas baseline live' \
        'rollback baseline --confirm ROLLBACK' env-check "compare-schemas live $url" 'run-sql SELECT_no_such'; do
        # shellcheck disable=SC2086 # words
        "$DARA" -f $format --url "$url" $command -vv >>"$said" 2>&1 </dev/null
    done
done
grep -q 'made_json' "$said"
ok $? "the commands ran"
! grep -nE "Xy:z/z@|Xy%3Az|Plugh" "$said"
ok $? "the password is in nothing that was printed"
is "$(grep -rlE "Xy:z/z@|Xy%3Az|Plugh" . "$folder/server.log")" "" "nor in any file of the project, nor in the server's log"
while read -r bad; do
    run "$DARA" --url "$bad" status -vv
    [ "$status" -ne 0 ] && ! grep -qE 'Xyzzy|Plugh' "$work/out" "$work/err"
    ok $? "nor in the error about a URL that cannot be read: $(sed 's/Xyzzy.*Plugh/…/' <<<"$bad")"
done <<BAD
postgres://u:Xyzzy%zzPlugh@$here/app
postgres://u:Xyzzy Plugh@$here/app?nosuch=1
postgres://u:Xyzzy@Plugh@$here/app
postgres://u@$here/app?password=XyzzyPlugh&nosuch=1
postgres://u@$here/app?password=Xyzzy%00Plugh
postgres://u:XyzzyPlugh@$here:77/app
BAD
"$DARA" --url "$url" run-sql 'SELECT pg_sleep(3)' >/dev/null 2>&1 </dev/null &
pid=$!
for n in $(seq 100); do [ -n "$(psql -XAtqc "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3)%' AND pid <> pg_backend_pid()" "$socket")" ] && break; sleep 0.05; done
is "$(tr -s '\0' ' ' <"/proc/$pid/cmdline" | sed 's/^[^ ]* //')" "--url postgres://by_scram:***@$here/app run-sql SELECT pg_sleep(3) " \
    "the list of processes shows the URL without it"
kill $pid
wait $pid 2>/dev/null
done_testing
