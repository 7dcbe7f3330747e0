# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What promise 6 means for a database that is there: for restore.sh and hostile/.

# restores ENGINE NAME [OPTION…]: the database $url, by a snapshot with these options; ends in its project.
restores() {
    local original=$url text
    project restore
    run "$DARA" snapshot one "${@:3}"
    status_is 0 "$1: $2: a snapshot"
    text=$(ls db/snapshots/*_one."$engine_extension")
    engine_new again
    engine_load "$url" "$text" 2>"$work/err"
    ok $? "$1: $2: the client restores it without an error: $(head -n 1 "$work/err")"
    engine_schema "$original" >"$work/wanted"
    engine_schema "$url" >"$work/got"
    is "$(diff "$work/wanted" "$work/got" | head -n 40)" "" "$1: $2: and prints the same schema"
    [ -s "$work/got" ]
    ok $? "$1: $2: which is not empty"
    run "$DARA" --url "$url" compare-schemas "$(basename "$text" ".$engine_extension")" live
    status_is 0 "$1: $2: the models are equal"
    url=$original
}
