#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
version=13
. "$srcdir/tests/conformance/postgres-each.sh"
