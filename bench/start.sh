#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Start-up: `dara --version` against `dbmate --version`, 50 starts each. Usage: BUILD=build bench/start.sh
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/bench/lib.sh"
need_dbmate
many() { for _ in $(seq 50); do "$@" >/dev/null; done; }
start() { timed many "$@"; }
rounds "dbmate --version × 50" start "$dbmate" --version
base=$median
rounds "dara --version × 50" start "$dara" --version
ratio "$median" "$base" "dara --version / dbmate --version (bar 1.0)"
