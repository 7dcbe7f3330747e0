#!/bin/sh
# SPDX-License-Identifier: MIT
# Random pairs of schemas on every engine with a vocabulary; DARA_TEST_PAIRS and DARA_TEST_SEED choose how many and which.
exec "$builddir/tests/conformance/random" sqlite "${DARA_TEST_PAIRS:-400}" ${DARA_TEST_SEED:+"$DARA_TEST_SEED"}
