# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# psql sessions that hold what they hold until they are told otherwise, and waits for what is seen on the server: nothing here counts
# on how long something takes.
# open ID APPLICATION, tell ID SQL, close ID (its status is that of psql).
declare -A in pid
open() {
    mkfifo "$work/session.$1"
    PGAPPNAME=$2 psql -Xqtn -v ON_ERROR_STOP=1 "$(engine_direct "$url")" <"$work/session.$1" >"$work/session.$1.out" 2>&1 &
    pid[$1]=$!
    exec {fd}>"$work/session.$1"
    in[$1]=$fd
}
tell() { printf '%s\n' "$2" >&"${in[$1]}"; }
close() {
    local fd=${in[$1]}
    # What was started meanwhile has the other end of the pipe as well; in a shell of its own, for psql may have ended.
    (printf '\\q\n' >&"$fd") 2>/dev/null
    exec {fd}>&-
    rm -f "$work/session.$1"
    wait "${pid[$1]}"
}
# Wait until a session of that application is in that state (a condition on pg_stat_activity).
until_state() { # APPLICATION CONDITION
    until_so engine_sql "$url" "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE '$1' AND $2"
}
