#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A full disk, injected at every write and real on a small tmpfs: exit 6 or 9, a message that says so, database as before (or, when
# only the snapshot after the commit failed, as after and said so), no torn snapshot.
. "$srcdir/tests/conformance/lib.sh"
. "$srcdir/tests/conformance/strike.sh"

at_every_write() { # NAME COMMAND…
    local name=$1 stride=${DARA_TEST_STRIDE:-${engine_stride:-1}} n bad=0 struck=0 before
    shift
    n=$((1 - stride))
    while :; do
        n=$((n + stride))
        rm -rf "$work/full" && cp -r "$work/pristine" "$work/full" && cd "$work/full" || exit 99
        engine_copy base walk
        before=$(engine_dump "$url")
        faulty enospc $n "$@" >"$work/out" 2>"$work/err" </dev/null
        status=$?
        [ $status -ne 0 ] || [ -s "$work/err" ] || break
        struck=$((struck + 1))
        case $status in
        6 | 9) ;;
        0) continue ;; # struck where it does no harm
        *) bad=$((bad + 1)); echo "#   $name: write $n: exit $status: $(head -n 2 "$work/err" | tr '\n' ' ')" ;;
        esac
        if [ "$(engine_dump "$url")" != "$before" ] && ! grep -q 'is applied\|was rolled back\|is done' "$work/out" "$work/err"; then
            bad=$((bad + 1))
            echo "#   $name: write $n: changed, and not said: $(head -n 3 "$work/err" | tr '\n' ' ')"
        fi
        grep -qiE 'full|no space' "$work/err" || { bad=$((bad + 1)); echo "#   $name: write $n: the message does not say why: $(head -n 3 "$work/err" | tr '\n' ' ')"; }
        "$DARA" snapshot verify >"$work/out" 2>"$work/err" </dev/null || { bad=$((bad + 1)); echo "#   $name: write $n: a torn snapshot: $(head -n 3 "$work/err" | tr '\n' ' ')"; }
        [ $n -lt 2000 ] || break
    done
    [ $bad -eq 0 ] && [ $((struck * stride)) -gt 3 ]
    ok $? "$name: disk full at each of $struck calls"
}

on_small_disk() { # ENGINE: a tmpfs that holds the database and little more
    local disk=$work/disk before
    mkdir -p "$disk"
    mount -t tmpfs -o size=2m tmpfs "$disk" 2>/dev/null || { skip "$1: apply on a full tmpfs" "a tmpfs cannot be mounted here"; return; }
    engine_copy base tiny
    cp "$work/tiny.db" "$disk/tiny.db"
    rm -rf "$work/small" && cp -r "$work/pristine" "$work/small" && cd "$work/small" || exit 99
    printf '%s\n' 'CREATE TABLE filler (b);' 'INSERT INTO filler WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM t WHERE n < 4000) SELECT randomblob(1000) FROM t;' \
        >db/migrations/20260101000001_fill.$engine_extension
    before=$(engine_dump "sqlite:$disk/tiny.db")
    run env DATABASE_URL="sqlite:$disk/tiny.db" "$DARA" apply-migration db/migrations
    status_is 6 "$1: apply on a full tmpfs: exit 6"
    err_like 'full' "$1: the message says that the disk is full"
    is "$(engine_dump "sqlite:$disk/tiny.db")" "$before" "$1: and the database is as before"
    umount "$disk"
}

suite() {
    local reason
    struck_project "$1"
    reason=$(no_preload)
    if [ -z "$reason" ]; then
        engine_copy base walk && export DATABASE_URL=$url
        at_every_write "$1: apply" "$DARA" apply-migration db/migrations
        at_every_write "$1: snapshot with rows" "$DARA" snapshot --data whole
    else
        skip "$1: disk full at every write" "$reason"
    fi
    [ "$engine_networked" = yes ] || on_small_disk "$1"
}
conform
