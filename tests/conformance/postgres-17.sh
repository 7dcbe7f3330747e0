#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
version=17
. "$srcdir/tests/conformance/postgres-each.sh"
