#!/bin/sh
# SPDX-License-Identifier: MIT
# As random.sh, on the server that DARA_TEST_POSTGRES_URI names; a pair takes three databases there, so there are fewer.
exec "$builddir/tests/conformance/random" postgres "${DARA_TEST_POSTGRES_PAIRS:-60}" ${DARA_TEST_SEED:+"$DARA_TEST_SEED"}
