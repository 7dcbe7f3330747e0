#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every way to log in to MariaDB and MySQL: native passwords, ed25519, caching_sha2_password in full and from the cache, over TLS and by the
# server's RSA key over plain TCP, the account of a Unix socket, TLS up to a name that is verified, with an authority made here, and
# certificates of clients. Who does not get in is told why in one error, with exit 3 and something to do. The password is in nothing
# that can be seen.
. "$srcdir/tests/cli/lib.sh"
[ -n "${DARA_TEST_MARIADB_URI-}${DARA_TEST_MYSQL_URI-}" ] || skip_all 'no server: neither DARA_TEST_MARIADB_URI nor DARA_TEST_MYSQL_URI is set (eval "$(tests/servers/mysql start)")'
command -v openssl >/dev/null || skip_all 'openssl is not installed'
hush='Xy:z/z@7 %Plugh'
coded=Xy%3Az%2Fz%407%20%25Plugh
wrong=Xy%3Az%2Fz%408
unset MYSQL_PWD
export HOME=$work/home
mkdir -p "$HOME"

authority() { # NAME
    openssl req -x509 -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout "$work/$1.key" -out "$work/$1.crt" \
        -subj "/CN=dara test $1" 2>/dev/null
}
certificate() { # NAME SUBJECT: for a host of that name
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$work/$1.key" -out "$work/$1.csr" -subj "/CN=$2" 2>/dev/null &&
        openssl x509 -req -in "$work/$1.csr" -CA "$work/ca.crt" -CAkey "$work/ca.key" -CAcreateserial -days 2 -out "$work/$1.crt" \
            -extfile <(echo "subjectAltName=DNS:$2") 2>/dev/null
}
authority ca && authority other && certificate server localhost && certificate client somebody || exit 99
tls_files="--ssl-ca=$work/ca.crt --ssl-cert=$work/server.crt --ssl-key=$work/server.key"

# ---- checks ------------------------------------------------------------------------------------------------------------------------

said=$work/said # all that was printed
: >"$said"
# In NAMEs and URLs of these stands the engine's name, so $engine is the scheme of its URLs.
enters() { # NAME USER URL [PATTERN]: PATTERN is one of the cipher in use
    run "$DARA" --url "$engine://$3" run-sql "SELECT CONCAT(SUBSTRING_INDEX(CURRENT_USER(), '@', 1), ' is in') AS who" -v
    cat "$work/out" "$work/err" >>"$said"
    status_is 0 "$engine: $1: gets in"
    out_like "^$2 is in" "$engine: $1: as that user"
    [ $# -lt 4 ] || {
        run "$DARA" --url "$engine://$3" run-sql "SHOW SESSION STATUS LIKE 'Ssl_cipher'"
        out_like "^Ssl_cipher *$4" "$engine: $1: $([ "$4" = '$' ] && echo without TLS || echo over TLS)"
    }
}
stays_out() { # NAME PATTERN URL: one error that says why, and something to do
    run "$DARA" --url "$engine://$3" run-sql 'SELECT 1' -v
    cat "$work/out" "$work/err" >>"$said"
    status_is 3 "$engine: $1: exit 3"
    err_like "^dara: cannot (connect to|set up the session).*$2" "$engine: $1: says why"
    is "$(grep -c '^dara: ' "$work/err")-$(grep -c '^  *hint: ' "$work/err")" 1-1 "$engine: $1: one error, one hint"
}
client() { mariadb --no-defaults -h127.0.0.1 -P"$port" -uroot "$@"; }
cipher='[A-Z].*'

# What both servers have alike; the user `by_password` is there.
common() {
    enters "a password" by_password "by_password:$coded@$here/app"
    MYSQL_PWD=$hush enters "MYSQL_PWD" by_password "by_password@$here/app"
    enters "no TLS" by_password "by_password:$coded@$here/app?ssl-mode=disabled" '$'
    enters "TLS, if it can be had" by_password "by_password:$coded@$here/app" "$cipher"
    enters "TLS, required" by_password "by_password:$coded@$here/app?ssl-mode=required" "$cipher"
    enters "TLS, the authority verified" by_password "by_password:$coded@$named/app?ssl-mode=verify-ca&ssl-ca=$work/ca.crt" "$cipher"
    enters "TLS, the name verified" by_password "by_password:$coded@$named/app?ssl-mode=verify-identity&ssl-ca=$work/ca.crt" "$cipher"
    enters "an authority is there to be checked" by_password "by_password:$coded@$named/app?ssl-ca=$work/ca.crt" "$cipher"
    enters "TLS, who may with it alone" by_tls "by_tls:$coded@$here/app?ssl-mode=required" "$cipher"
    enters "a certificate of the client" by_x509 "by_x509:$coded@$here/app?ssl-mode=required&ssl-cert=$work/client.crt&ssl-key=$work/client.key" "$cipher"
    enters "a Unix socket, by password" by_password "by_password:$coded@localhost/app?socket=$socket"

    stays_out "a wrong password" 'refuses the user name or the password' "by_password:$wrong@$here/app"
    stays_out "no password" 'refuses the user name or the password' "by_password@$here/app"
    stays_out "an unknown user" 'refuses the user name or the password' "nobody_here:$coded@$here/app"
    stays_out "a user of another host" 'refuses the user name or the password|does not let this host in' "by_host:$coded@$here/app"
    stays_out "a right to no such database" 'no right to this database' "by_password:$coded@$here/mysql"
    stays_out "a database that is not there" 'no right to this database|no such database' "by_password:$coded@$here/missing"
    stays_out "nobody listens" 'nobody listens' "by_password:$coded@127.0.0.1:1/app"
    stays_out "no such host" 'no such host' "by_password:$coded@no.such.host.invalid/app"
    stays_out "no such socket" 'nobody listens' "by_password:$coded@localhost/app?socket=$work/none"
    stays_out "the server wants TLS" 'TLS|refuses the user name' "by_tls:$coded@$here/app?ssl-mode=disabled"
    stays_out "the server wants a certificate" 'TLS|refuses the user name' "by_x509:$coded@$here/app?ssl-mode=required"
    stays_out "the certificate is for another name" 'TLS' "by_password:$coded@$here/app?ssl-mode=verify-identity&ssl-ca=$work/ca.crt"
    stays_out "another authority" 'TLS' "by_password:$coded@$named/app?ssl-mode=verify-identity&ssl-ca=$work/other.crt"
    stays_out "another authority, the chain alone" 'TLS' "by_password:$coded@$named/app?ssl-mode=verify-ca&ssl-ca=$work/other.crt"
    stays_out "an authority whose file is not there" 'TLS' "by_password:$coded@$named/app?ssl-mode=verify-ca&ssl-ca=$work/none.crt"
    stays_out "a locked account" 'account is locked' "by_lock:$coded@$here/app"
    stays_out "a password that has run out" 'password has expired|SET PASSWORD|ALTER USER' "by_age:$coded@$here/app"
    run "$DARA" --url "$engine://by_password:$wrong@$here/app" env-check
    cat "$work/out" "$work/err" >>"$said"
    status_is 3 "$engine: env-check that cannot log in: exit 3"
    run "$DARA" --url "$engine://by_password:$coded@$named/app?ssl-mode=verify-identity&ssl-ca=$work/ca.crt" env-check
    cat "$work/out" "$work/err" >>"$said"
    out_like '^TLS +ok +[A-Z].*, certificate and host name verified$' "$engine: env-check: TLS, verified"
    run "$DARA" --url "$engine://by_password:$coded@$here/app?ssl-mode=required" env-check
    cat "$work/out" "$work/err" >>"$said"
    out_like '^TLS +info +[A-Z].*, certificate not verified$' "$engine: env-check: TLS, not verified"
}
users() { # a client's statements
    local user more
    echo "CREATE DATABASE app;"
    for user in by_password by_tls:"REQUIRE SSL" by_x509:"REQUIRE X509" by_host by_lock:"ACCOUNT LOCK" by_age:"PASSWORD EXPIRE"; do
        more='' && [ "$user" = "${user%%:*}" ] || more=${user#*:}
        user=${user%%:*}
        [ "$user" = by_host ] && host=192.0.2.1 || host=%
        echo "CREATE USER $user@'$host' IDENTIFIED BY '$hush' $more; GRANT ALL ON app.* TO $user@'$host';"
    done
}
places() { # URI FOLDER
    port=${1##*:} socket=$2/socket
    here=127.0.0.1:$port named=localhost:$port
}

# ---- MariaDB, a server of its own ------------------------------------------------------------------------------------------------------

folder='' mysql_changed=''
end() {
    cd /
    [ -z "$folder" ] || "$srcdir/tests/servers/mysql" stop "$folder"
    [ -z "$mysql_changed" ] || client -e "$mysql_changed"
    rm -rf "$work"
}
trap end EXIT
mariadb_logins() {
    local variables plugins='' engine=mariadb user
    stays_out "a server without TLS" 'the server has none' "root@${DARA_TEST_MARIADB_URI##*@}/mysql?ssl-mode=required"
    plugins=$("$srcdir/tests/servers/get" mariadb-plugins 2>"$work/err")
    variables=$(DARA_TEST_MYSQL_OPTIONS="$tls_files ${plugins:+--plugin-dir=$plugins --plugin-load-add=auth_ed25519}" "$srcdir/tests/servers/mysql" start mariadb 2>"$work/start") ||
        { skip "mariadb: logins" "no server of its own: $(cat "$work/start")"; return; }
    eval "$variables"
    folder=$DARA_TEST_MYSQL_FOLDER
    places "$DARA_TEST_MARIADB_URI" "$folder"
    users | client
    common
    if [ -n "$plugins" ]; then
        client -e "CREATE USER by_ed25519@'%' IDENTIFIED VIA ed25519 USING PASSWORD('$hush'); GRANT ALL ON app.* TO by_ed25519@'%'"
        enters "ed25519" by_ed25519 "by_ed25519:$coded@$here/app?ssl-mode=disabled" '$'
        stays_out "ed25519, a wrong password" 'refuses the user name or the password' "by_ed25519:$wrong@$here/app"
    else
        skip "mariadb: ed25519" "$(cat "$work/err")"
    fi
    # Last of all, for the client comes in as that one.
    user=$(id -un)
    client -e "CREATE USER by_other@localhost IDENTIFIED VIA unix_socket; CREATE OR REPLACE USER $user@localhost IDENTIFIED VIA unix_socket;
        GRANT ALL ON app.* TO by_other@localhost, $user@localhost"
    enters "a Unix socket, by the account" "$user" "$user@localhost/app?socket=$socket"
    stays_out "a Unix socket, by another account" 'refuses the user name' "by_other@localhost/app?socket=$socket"
    stays_out "the account, past the socket" 'refuses the user name' "$user@$named/app"
    err_like "socket only" "mariadb: the account, past the socket: says how it gets in"
    logged "$folder/server.log"
}

# ---- MySQL: the server of all tests, which takes another certificate as it runs ------------------------------------------------------------

mysql_logins() {
    local engine=mysql user=by_password
    port=${DARA_TEST_MYSQL_URI##*:}
    places "$DARA_TEST_MYSQL_URI" "$(client -Ne "SELECT TRIM(TRAILING '/socket' FROM @@socket)")"
    mysql_changed="SET GLOBAL ssl_ca = 'ca.pem', ssl_cert = 'server-cert.pem', ssl_key = 'server-key.pem'; ALTER INSTANCE RELOAD TLS; DROP DATABASE IF EXISTS app;
        DROP USER IF EXISTS by_password@'%', by_tls@'%', by_x509@'%', by_host@'192.0.2.1', by_lock@'%', by_age@'%'"
    client -e "${mysql_changed#*TLS; }; SET GLOBAL ssl_ca = '$work/ca.crt', ssl_cert = '$work/server.crt', ssl_key = '$work/server.key'; ALTER INSTANCE RELOAD TLS" &&
        users | client || { ok 1 "mysql: takes the certificate"; return; }
    # What it knows of a password that was right once, it has forgotten now.
    enters "caching_sha2_password over plain TCP, first" $user "$user:$coded@$here/app?ssl-mode=disabled" '$'
    enters "caching_sha2_password over plain TCP, cached" $user "$user:$coded@$here/app?ssl-mode=disabled"
    client -e 'FLUSH PRIVILEGES'
    enters "caching_sha2_password over TLS, first" $user "$user:$coded@$here/app?ssl-mode=required" "$cipher"
    enters "caching_sha2_password over TLS, cached" $user "$user:$coded@$here/app?ssl-mode=required"
    client -e 'FLUSH PRIVILEGES'
    stays_out "caching_sha2_password over plain TCP, wrong" 'refuses the user name or the password' "$user:$wrong@$here/app?ssl-mode=disabled"
    client -e 'FLUSH PRIVILEGES'
    enters "caching_sha2_password over a Unix socket, first" $user "$user:$coded@localhost/app?socket=$socket"
    common
    client -e "$mysql_changed"
    mysql_changed=''
}

# ---- the password ------------------------------------------------------------------------------------------------------------------

logged() { # FILE
    ! grep -qE "Xy:z/z@|Xy%3Az|Plugh" "$1"
    ok $? "$engine: the password is not in the server's log"
}
if [ -n "${DARA_TEST_MARIADB_URI-}" ]; then mariadb_logins; fi
if [ -n "${DARA_TEST_MYSQL_URI-}" ]; then mysql_logins; fi
[ "$(wc -l <"$said")" -gt 50 ] && ! grep -nE "Xy:z/z@|Xy%3Az|Plugh" "$said"
ok $? "the password is in nothing that was printed"
done_testing
