#!/bin/bash
# SPDX-License-Identifier: MIT
# The driver for MySQL and MariaDB compiles with the client library of either; it was built with one of them, and this is MySQL's own, of
# Debian's unstable suite. What that one lacks is an error: no function is taken for granted.
. "$srcdir/tests/cli/lib.sh"

cc=${CC:-cc}
[ -n "${DARA_TEST_MYSQL_URI-}" ] || {
    skip "the driver compiles with MySQL's client library" 'DARA_TEST_MYSQL_URI is not set: without a server nothing is fetched'
    done_testing
    exit
}
library=$("$srcdir/tests/servers/get" sid mysqlclient libmysqlclient-dev 2>"$work/why") || {
    skip "the driver compiles with MySQL's client library" "$(tail -n 1 "$work/why")"
    done_testing
    exit
}
# Its headers alone: those of the C library beside them are of another one.
mkdir "$work/include" && ln -s "$library/usr/include/mysql" "$work/include/mysql"
options=(-std=gnu17 -Wall -Wextra -Wconversion -Wshadow -Werror -I"$srcdir/core/include" -I"$builddir/core/include" -isystem "$work/include"
    -isystem "$work/include/mysql")
echo '#include <mysql.h>
#ifndef MYSQL_VERSION_ID
#error no version
#endif
int main(void) { return MYSQL_OPT_SSL_MODE + MYSQL_OPT_GET_SERVER_PUBLIC_KEY == 0; }' >library.c
run $cc "${options[@]}" -fsyntax-only library.c
status_is 0 "MySQL's header is found, and has what MariaDB's has not"
run $cc "${options[@]}" -DMYSQL_LIBRARY_HAS_SSL_MODE -DMYSQL_LIBRARY_HAS_GET_SERVER_PUBLIC_KEY -fsyntax-only "$srcdir"/drivers/mysql/*.c
status_is 0 "the driver compiles with MySQL's client library"
done_testing
