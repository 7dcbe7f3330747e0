#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Promise 4: a file that no transaction holds, of ten statements. Whatever happens at whatever place, the schema is afterwards as before
# or that of the first k statements, the journal says which, nothing else is applied, and --resume ends as an undisturbed run.
. "$srcdir/tests/conformance/lib.sh"
. "$srcdir/tests/conformance/journaled.sh"

count_calls() {
    engine_copy base walk
    DARA_FAULT_COUNT=$work/count struck none 0
    cat "$work/count"
}

# Struck at every STEP-th call, then resumed. A run that finds out by itself what became of a lost answer may get through.
every_step() { # ENGINE KIND AFTER STEP
    local n bad=0 struck=0 part=0 calls
    calls=$(count_calls)
    for n in $(seq 1 "$4" "$calls"); do
        engine_copy base walk
        struck "$2" "$n"
        status=$?
        if [ $status -ne 0 ]; then
            struck=$((struck + 1))
            [ -z "$(interrupted)" ] || part=$((part + 1))
            apply --resume || { bad=$((bad + 1)); echo "#   $1: $2 at call $n: cannot be resumed: $(head -n 3 "$work/err" | tr '\n' ' ')"; continue; }
        fi
        [ "$(everything)" = "$3" ] || { bad=$((bad + 1)); echo "#   $1: $2 at call $n: exit $status, and not as an undisturbed run"; }
    done
    [ $bad -eq 0 ] && [ "$calls" -gt 30 ] && [ $struck -gt $((calls / $4 / 2)) ] && [ $part -ge $((struck / 3)) ]
    ok $? "$1: $2 at each of $struck calls ($part of them part-way): --resume ends as an undisturbed run"
}

guards() { # ENGINE
    local before edited
    engine_copy base walk
    before=$(schema_now)
    ten 7 "$engine_fails"
    apply
    status=$?
    status_is 7 "$1: rows were written: stopped part-way"
    for command in 'apply-migration' 'dry-run db/migrations' 'rollback baseline --confirm ROLLBACK'; do
        # shellcheck disable=SC2086
        run dara $command
        status_is 7 "$1: $command is refused meanwhile"
        err_like 'hint: finish it before .*--resume.*--abandon' "$1: and says what to do"
    done
    run dara -f json status
    status_is 1 "$1: status says that something is wrong"
    is "$(json '.migrations[0].state, .interrupted.version, .interrupted.done, .interrupted.total')" $'interrupted\n20260101000000\n6\n10' "$1: what, and how far"
    keeps_schema status
    engine_journaled | awk 'NR == 2 { sub(/jn_a/, "jn_other") } { print }' >"$file"
    run dara -f json apply-migration --resume
    status_is 8 "$1: what ran was edited: refused"
    keeps_schema apply-migration
    edited=$(json .edited)
    echo "$edited" | grep -q '^- .*jn_a' && echo "$edited" | grep -q '^+ .*jn_other'
    ok $? "$1: and the edit is shown"
    run dara apply-migration --abandon
    status_is 8 "$1: --abandon needs the word"
    err_like 'ROLLBACK' "$1: and says which"
    run dara -f json apply-migration --abandon --confirm ROLLBACK
    status_is 0 "$1: with the word it goes back"
    keeps_schema apply-migration
    is "$(schema_now)" "$before" "$1: the schema is what it was before"
    is "$(json '.destroyed[0].rows')" 50 "$1: rows that went were counted"
    [ -e "db/snapshots/$(json .emergency_snapshot.id).sql" ]
    ok $? "$1: and saved"
    run dara status --drift
    status_is 0 "$1: no drift, nothing interrupted"
    run dara apply-migration --abandon
    status_is 0 "$1: nothing is left to abandon"
    out_like 'nothing to abandon' "$1: it says so"
}

# What the file had set is set again: the resumed run has another session.
settings() { # ENGINE
    engine_copy base walk
    engine_sql "$url" "$(engine_settings before)" >/dev/null
    { engine_settings first; echo "$engine_fails"; } >"$file"
    apply --allow drift
    status=$?
    if [ -n "${DARA_TEST_POSTGRES_DARA_URI-}" ]; then
        status_is 4 "$1: a setting that holds for nobody: refused"
        err_like 'does not hold through a transaction pooler' "$1: and why"
        return
    fi
    status_is 7 "$1: a file with settings stops"
    { engine_settings first; engine_settings rest; } >"$file"
    apply --resume
    ok $? "$1: and goes on with its settings"
    is "$(engine_sql "$url" "$(engine_settings check)")" "$(engine_settings wanted)" "$1: where it should"
}

# What was consented to and is done needs no consent again. Nobody is asked about a table that the file itself made.
consent() { # ENGINE
    local all
    undisturbed 'CREATE TABLE ju (a INTEGER)'
    all=$(engine_journaled | awk 'NR == 6 { print "UPDATE ju SET a = 6;"; next } { print }')
    engine_copy base walk
    echo "$all" | awk -v text="$engine_fails" 'NR == 7 { print text; next } { print }' >"$file"
    apply
    status=$?
    status_is 8 "$1: an UPDATE of all rows needs consent"
    apply --allow update-without-where
    status=$?
    status_is 7 "$1: with it the run goes as far as it can"
    { echo "$all"; echo 'UPDATE ju SET a = 7;'; } >"$file"
    apply --resume
    status=$?
    status_is 8 "$1: --resume asks for the one that is to come"
    err_like ':11: update-without-where' "$1: and names it"
    echo "$all" >"$file"
    apply --resume
    ok $? "$1: but not for the one that ran"
}

# Two at once: the second waits for the lock, and stands in nobody's way meanwhile.
two() { # ENGINE AFTER
    local first
    engine_copy base walk
    ten
    "$DARA" apply-migration --no-snapshot db/migrations >"$work/first" 2>&1 </dev/null &
    first=$!
    apply --lock-timeout 60s
    ok $? "$1: two at once: one"
    wait $first
    ok $? "$1: two at once: the other"
    is "$(everything)" "$2" "$1: two at once: once"
}

progress() { # ENGINE
    engine_copy base walk
    engine_sql "$url" "$(engine_slow before)" >/dev/null
    engine_slow statement >"$file"
    apply -v --allow drift
    ok $? "$1: a statement that takes its time"
    err_like "$(engine_slow wanted)" "$1: tells how far it is"
}

# A change of the schema that takes longer than it may is ended, and nothing is left of it.
limited() { # ENGINE
    local before
    engine_copy base walk
    before=$(schema_now)
    echo "$engine_endless;" >"$file"
    apply --statement-timeout 500ms
    status=$?
    status_is 6 "$1: a statement that takes longer than --statement-timeout"
    err_like 'hint: give it more time with --statement-timeout' "$1: is ended for that"
    is "$(schema_now)" "$before" "$1: and nothing is left of it"
}

# The same statements as five files: where one ends and the next begins is recorded in one go.
five() {
    local i
    rm -f "$file"
    for i in 0 1 2 3 4; do
        engine_journaled | sed -n "$((2 * i + 1)),$((2 * i + 2))p" >"db/migrations/2026010100000${i}_of_ten.sql"
    done
}
files() { # ENGINE
    local after
    engine_copy base walk
    five
    apply
    ok $? "$1: as five files, undisturbed"
    after=$(everything)
    every_step "$1, five files" kill "$after" ${DARA_TEST_THOROUGH:-11}
    rm -f db/migrations/*_of_ten.sql
}

suite() {
    local reason after
    type engine_journaled >/dev/null 2>&1 || { skip "$1: files that no transaction holds" "the driver keeps no journal"; return; }
    undisturbed
    status_is 0 "$1: ten statements, undisturbed"
    is "$("$DARA" -f json status | jq -r '.migrations[0].state')" applied "$1: and applied"
    guards "$1"
    consent "$1"
    type engine_settings >/dev/null 2>&1 && settings "$1"
    # Through a pooler it is not known which process works for us.
    type engine_slow >/dev/null 2>&1 && [ -z "${DARA_TEST_POSTGRES_DARA_URI-}" ] && progress "$1"
    [ -n "${engine_endless-}" ] && limited "$1"
    two "$1" "$after"
    ten
    reason=$(no_preload)
    if [ -n "$reason" ]; then
        skip "$1: struck at every step" "$reason"
    else
        # Others than kill at some of them; DARA_TEST_THOROUGH=1 has them everywhere.
        every_step "$1" kill "$after" 1
        every_step "$1" deaf "$after" ${DARA_TEST_THOROUGH:-3}
        every_step "$1" lost "$after" ${DARA_TEST_THOROUGH:-7}
        every_step "$1" torn "$after" ${DARA_TEST_THOROUGH:-13}
        files "$1"
    fi
}
conform
