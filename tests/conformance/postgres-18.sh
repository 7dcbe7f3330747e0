#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
version=18
. "$srcdir/tests/conformance/postgres-each.sh"
