#!/bin/sh
# SPDX-License-Identifier: MIT
# As random.sh, on the server that DARA_TEST_MYSQL_URI names; a pair takes three databases there, so there are fewer.
exec "$builddir/tests/conformance/random" mysql "${DARA_TEST_MYSQL_PAIRS:-12}" ${DARA_TEST_SEED:+"$DARA_TEST_SEED"}
