#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The README's tour is real: its commands are run, and what they print has to be what stands there (times of day, durations and the
# user's name aside). DARA_TEST_REGENERATE=1 writes what they print into the README instead.
. "$srcdir/tests/cli/lib.sh"

readme=$srcdir/README.md
export PATH=$work/bin:$PATH
mkdir -p "$work/bin" "$work/demo" && ln -s "$DARA" "$work/bin/dara" && cp "$srcdir/demo/chinook.sql" "$work/demo/"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$DARA" >"$work/bin/dara.new" && chmod +x "$work/bin/dara.new" && mv "$work/bin/dara.new" "$work/bin/dara"
unset -f dara

blind() {
    sed -E 's/[0-9]{8}_[0-9]{6}/STAMP/g; s/[0-9]{14}/VERSION/g; s/[0-9-]{10}T[0-9:]{8}Z/TIME/g; s/ +[0-9.]+ (ms|s)\b/ TIME/g; s/ +time\b/ time/g; s/[a-z_][a-z0-9_-]*@[A-Za-z0-9._-]+/USER/g; s/ +$//'
}
tour() { awk '/^```console$/ { on = 1; next } /^```$/ { on = 0 } on' "$readme"; }
# Run one command, given with its continuation lines, and print it and what it says as the README does.
play() {
    printf '%s\n' "$1" | sed '1s/^/$ /; 2,$s/^/> /'
    bash -c "$1" 2>&1 </dev/null
}
replay() {
    local line command=
    while IFS= read -r line; do
        case $line in
        '$ '*) [ -z "$command" ] || play "$command"; command=${line#'$ '} collecting=1 ;;
        '> '*) [ -z "${collecting-}" ] || command+=$'\n'${line#'> '} ;;
        *) collecting= ;;
        esac
    done < <(tour)
    play "$command"
}
replay >"$work/played"
if [ -n "${DARA_TEST_REGENERATE-}" ]; then
    awk -v played="$work/played" '/^```console$/ { print; while ((getline line < played) > 0) print line; skip = 1; next } /^```$/ { skip = 0 } !skip' "$readme" >"$work/readme" &&
        cat "$work/readme" >"$readme"
fi
blind <"$work/played" >"$work/got"
tour | blind >"$work/wanted"
diff "$work/wanted" "$work/got" >"$work/out" 2>"$work/err"
ok $? 'the tour in the README prints what it says'
grep -q '^> CREATE TABLE' "$work/played" && grep -q 'rolled back' "$work/played"
ok $? 'and it goes all the way'
done_testing
