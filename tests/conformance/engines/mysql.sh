# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# MySQL, where DARA_TEST_MYSQL_URI names a server.
my_variable=DARA_TEST_MYSQL_URI my_uri=${DARA_TEST_MYSQL_URI-}
. "$srcdir/tests/conformance/my.sh"
