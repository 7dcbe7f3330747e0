#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
version=14
. "$srcdir/tests/conformance/postgres-each.sh"
