# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the scripts that start servers share.
free_port() {
    local port
    for _ in $(seq 50); do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo $port; return; }
    done
    return 1
}
# A command that succeeds within ten seconds.
within() {
    for _ in $(seq 200); do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.05
    done
    return 1
}
stop_pid() { # FILE SIGNAL
    local pid
    pid=$(head -n 1 "$1" 2>/dev/null) || return 0
    kill "-$2" "$pid" 2>/dev/null || return 0
    for _ in $(seq 200); do
        kill -0 "$pid" 2>/dev/null || return 0
        sleep 0.05
    done
    kill -KILL "$pid" 2>/dev/null
}
# A new folder for a server's data, in memory where that can be: its path is short, as the path of a socket has to be.
server_folder() { # PREFIX
    local base=${DARA_TEST_PLACE:-/dev/shm}
    [ -d "$base" ] && [ -w "$base" ] || base=/tmp
    mktemp -d "$base/$1-XXXXXX"
}
