# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What can be wrong with a file that should be a SQLite database.
bad_database() { # STATUS PATTERN NAME URL
    run "$DARA" --url "$4" status
    status_is "$1" "sqlite: $3: exit $1"
    err_like "$2" "sqlite: $3: says why"
    is "$(grep -c '^dara: ' "$work/err")" 1 "sqlite: $3: one error"
}
rm -rf "$work/bad" && mkdir "$work/bad"
bad_database 3 'setup-database|no such file' "no such file" "sqlite:$work/bad/none.db"
ok "$([ -e "$work/bad/none.db" ]; echo $((1 - $?)))" "sqlite: and none is made"
mkdir "$work/bad/folder.db"
bad_database 3 'folder|directory' "a folder as database" "sqlite:$work/bad/folder.db"
echo 'this is not a database, but it is long enough to have a header of a hundred bytes, or so one would hope today' >"$work/bad/text.db"
bad_database 3 'not a database' "a text file" "sqlite:$work/bad/text.db"
engine_copy hostile corrupt
cp "$work/corrupt.db" "$work/bad/corrupt.db"
head -c 4096 /dev/zero | tr '\0' '\377' | dd of="$work/bad/corrupt.db" bs=1 seek=120 conv=notrunc status=none
bad_database 3 'corrupt|malformed' "a corrupt one" "sqlite:$work/bad/corrupt.db"
head -c 5000 "$work/corrupt.db" >"$work/bad/cut.db"
run "$DARA" --url "sqlite:$work/bad/cut.db" status
[ "$status" -ne 0 ] && [ "$status" -lt 70 ]
ok $? "sqlite: a truncated one: an error, no crash"
if [ "$(id -u)" -ne 0 ] || command -v setpriv >/dev/null; then
    cp "$work/corrupt.db" "$work/bad/secret.db" && chmod 000 "$work/bad/secret.db"
    as_nobody() { if [ "$(id -u)" -eq 0 ]; then setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; else "$@"; fi; }
    chmod -R a+rX "$work/hostile-project" && chmod 755 "$work" "$work/bad"
    if as_nobody "$DARA" --version >/dev/null 2>&1; then
        run as_nobody "$DARA" --url "sqlite:$work/bad/secret.db" status
        status_is 3 "sqlite: an unreadable file: exit 3"
        err_like 'permission' "sqlite: an unreadable file: says why"
    else
        skip "sqlite: an unreadable file" "another user cannot run the build tree here"
    fi
fi
engine_copy hostile busy
sqlite3 "$work/busy.db" "BEGIN EXCLUSIVE; SELECT 1;" ".shell sleep 3" "ROLLBACK;" >/dev/null 2>&1 &
holder=$!
sleep 0.7
run "$DARA" --url "$url" --lock-timeout 300ms apply-migration --out-of-order db/migrations
status_is 5 "sqlite: a file another program holds: exit 5"
err_like 'locked|another' "sqlite: a file another program holds: says why"
wait $holder
url=sqlite:$work/hostile.db
