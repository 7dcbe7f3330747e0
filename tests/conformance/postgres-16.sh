#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
version=16
. "$srcdir/tests/conformance/postgres-each.sh"
