#!/bin/sh
# SPDX-License-Identifier: MIT
# As random.sh, on the server that DARA_TEST_MARIADB_URI names; a pair takes three databases there, so there are fewer.
exec "$builddir/tests/conformance/random" mariadb "${DARA_TEST_MARIADB_PAIRS:-30}" ${DARA_TEST_SEED:+"$DARA_TEST_SEED"}
