# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# MariaDB, where DARA_TEST_MARIADB_URI names a server.
my_variable=DARA_TEST_MARIADB_URI my_uri=${DARA_TEST_MARIADB_URI-}
. "$srcdir/tests/conformance/my.sh"
