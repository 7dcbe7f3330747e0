# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Wall time of peers side by side in one run: medians of seven rounds, and their ratio. Nothing here asserts.
build=$(realpath "${BUILD:-$top/build}")
export DARA_DRIVER_PATH=$build/drivers/sqlite:$build/drivers/postgres:$build/drivers/mysql:$build/drivers/mongodb
unset DATABASE_URL
# The program itself: libtool's wrapper script would be measured too.
dara=$build/core/.libs/dara
export LD_LIBRARY_PATH=$build/core/.libs
[ -x "$dara" ] || { echo "no build in $build (set BUILD)" >&2; exit 9; }
work=$(mktemp -d -p "${BENCH_DIR:-$top}" bench-work.XXXXXX)
clean_up() {
    [ -z "${proxy_pid-}" ] || kill "$proxy_pid" 2>/dev/null || true
    [ -z "${server_folder-}" ] || "$top/tests/servers/postgres" stop "$server_folder"
    # shellcheck disable=SC2086
    [ -z "${mysql_folders-}" ] || "$top/tests/servers/mysql" stop $mysql_folders
    rm -rf "$work" ${durable_place:+"$durable_place"}
}
trap clean_up EXIT

# With $by_processor set: the processor time of the command and of $server, which is in ticks of 10 ms and must be one of ours.
timed() { # COMMAND…: prints milliseconds
    local start end shell=$BASHPID
    start=$(now "$shell")
    "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
    end=$(now "$shell")
    echo $(((end - start) / 10000)) | sed -E 's/(..)$/.\1/; s/^\./0./'
}
now() { # PID of the shell that runs the command
    local folder theirs=0
    [ -n "${by_processor-}" ] || { date +%s%N; return; }
    for folder in $mysql_folders; do
        grep -q -- "--port=${server##*:} " "$folder/command" && theirs=$(awk '{ print $14 + $15 }' "/proc/$(cat "$folder/pid")/stat")
    done
    awk -v theirs="$theirs" '{ printf "%d0000000\n", $16 + $17 + theirs }' "/proc/$1/stat"
}
rounds() { # NAME FUNCTION…: sets $median
    local name=$1 i
    shift
    "$@" >/dev/null
    median=$(for i in 1 2 3 4 5 6 7; do "$@"; done | sort -n | sed -n 4p)
    printf '%10s ms  %s\n' "$median" "$name"
}
# Processor time of two in turn, where the server is one of ours.
pair_by_processor() { # NAME FUNCTION NAME FUNCTION WHAT: prints the ratio, too
    local by_processor=1
    [ -n "${mysql_folders-}" ] || return 0
    echo "processor time of client and server:"
    pair "$@"
    ratio "$median" "$base" "$5, by processor time"
}
# Two in turn, so that what else the machine does meets both: sets $base and $median.
pair() { # NAME FUNCTION NAME FUNCTION
    local _
    "$2" >/dev/null
    "$4" >/dev/null
    for _ in $(seq "${PAIRS:-15}"); do
        "$2" >>"$work/base.ms"
        "$4" >>"$work/other.ms"
    done
    echo "(load $(cut -d' ' -f1 /proc/loadavg) on $(nproc) processors)"
    base=$(sort -n "$work/base.ms" | sed -n "$(((${PAIRS:-15} + 1) / 2))p")
    median=$(sort -n "$work/other.ms" | sed -n "$(((${PAIRS:-15} + 1) / 2))p")
    rm -f "$work/base.ms" "$work/other.ms"
    printf '%10s ms  %s\n%10s ms  %s\n' "$base" "$1" "$median" "$3"
}
load() { # what else is at work: wall time says little where that is much
    awk '{ print "           load " $1 }' /proc/loadavg
}
ratio() { awk -v a="$1" -v b="$2" -v name="$3" 'BEGIN { printf "%10.2f     %s\n", a / b, name }'; }
peak() { # COMMAND…: peak memory
    local kb
    kb=$( (command time -f %M "$@" >/dev/null) 2>&1 | tail -n 1)
    printf '%10s KB  peak memory of %s\n' "$kb" "${*##*/}"
}
need_dbmate() { # sets $dbmate
    mkdir -p "$top/cache/npm"
    dbmate=$top/cache/npm/node_modules/@dbmate/linux-x64/bin/dbmate
    [ -x "$dbmate" ] || npm install --silent --no-fund --no-audit --prefix "$top/cache/npm" dbmate@2.36.0 >/dev/null
    [ -x "$dbmate" ] || { echo "dbmate could not be installed by npm" >&2; exit 9; }
}
need_postgres_on_disk() { # the same with what it commits on a disk, in place of the first; false where that one is not ours
    [ -n "${server_folder-}" ] || return 1
    "$top/tests/servers/postgres" stop "$server_folder"
    server_folder=
    unset DARA_TEST_POSTGRES_URI
    export DARA_TEST_POSTGRES_DISK=${DARA_TEST_POSTGRES_DISK:-/var/tmp}
    need_postgres
}
need_postgres() { # sets $server, the start of URLs; a server of our own, unless DARA_TEST_POSTGRES_URI names one
    if [ -z "${DARA_TEST_POSTGRES_URI-}" ]; then
        started=$("$top/tests/servers/postgres" start) || exit
        eval "$started"
        server_folder=$DARA_TEST_POSTGRES_FOLDER
    fi
    server=$DARA_TEST_POSTGRES_URI
}
need_mysql() { # sets $servers: "mariadb=URL mysql=URL", the starts of URLs; servers of our own, unless the environment names some
    local started
    if [ -z "${DARA_TEST_MARIADB_URI-}${DARA_TEST_MYSQL_URI-}" ]; then
        started=$("$top/tests/servers/mysql" start) || exit
        eval "$started"
        mysql_folders=$DARA_TEST_MYSQL_FOLDER
    fi
    servers="${DARA_TEST_MARIADB_URI:+mariadb=$DARA_TEST_MARIADB_URI} ${DARA_TEST_MYSQL_URI:+mysql=$DARA_TEST_MYSQL_URI}"
}
# The same, which write as servers do that nobody told otherwise: to the disk that this folder is on at every commit, MySQL to its binary log too.
need_durable_mysql() {
    local name options started both=
    durable_place=$(mktemp -d "$top/bench-durable.XXXXXX")
    mysql_folders=${mysql_folders-}
    for name in mariadb mysql; do
        options='--innodb-flush-log-at-trx-commit=1 --innodb-flush-method=O_DIRECT --loose-innodb-log-file-size=96M --loose-innodb-redo-log-capacity=100M'
        [ "$name" = mariadb ] || options="$options --log-bin=binlog --sync-binlog=1"
        started=$(DARA_TEST_MYSQL_OPTIONS=$options DARA_TEST_PLACE=$durable_place "$top/tests/servers/mysql" start "$name") || continue
        eval "$started"
        mysql_folders="$mysql_folders $DARA_TEST_MYSQL_FOLDER"
        both="$both $name=$([ "$name" = mysql ] && echo "$DARA_TEST_MYSQL_URI" || echo "$DARA_TEST_MARIADB_URI")"
    done
    servers=$both
}
in_mysql() { # WORDS…: the client on $server
    local where=${server#*@}
    mariadb --no-defaults -h "${where%:*}" -P "${where##*:}" -u root "$@"
}
stop_proxy() {
    kill "$proxy_pid" 2>/dev/null || true
    proxy_pid=
}
start_proxy() { # MILLISECONDS: before the server; sets $proxy_port
    local where=${server#*@}
    rm -f "$work/proxy-port"
    python3 "$top/bench/proxy.py" "${where%:*}" "${where##*:}" "$1" "$work/trips" >"$work/proxy-port" &
    proxy_pid=$!
    until [ -s "$work/proxy-port" ]; do sleep 0.05; done
    proxy_port=$(cat "$work/proxy-port")
}
round_trips() { # COMMAND…: how many all its connections made through the proxy
    sleep 0.2
    : >"$work/trips"
    "$@" >/dev/null
    sleep 0.2
    awk '{ n += $1 } END { print n }' "$work/trips"
}
