# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# How the conformance suite reaches MongoDB, past dara: by a client of its own (mongodb-client.c), for no package of Debian holds the server's shell.
# DARA_TEST_MONGODB_URI names a replica set where databases dt_* may be made and dropped, without a password; tests/servers/mongodb starts one.
mo_uri=${DARA_TEST_MONGODB_URI-}
# It frees little, since it ends at once: of leaks only dara's own are wanted.
mo_client() { ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" "$builddir/tests/conformance/mongodb-client" "$@"; }
engine_missing() {
    if [ -z "$mo_uri" ]; then
        echo "no server: DARA_TEST_MONGODB_URI is not set (eval \"\$(tests/servers/mongodb start)\")"
    elif [ ! -x "$builddir/tests/conformance/mongodb-client" ]; then
        echo "its client was not built"
    elif ! mo_client run "$mo_uri/admin" '{"ping": 1}' >/dev/null 2>&1; then
        echo "no server answers at DARA_TEST_MONGODB_URI"
    fi
}
engine_type=mongodb
engine_transactional=no
engine_networked=yes
engine_extension=json
engine_rich=mongodb
engine_version=4
engine_suites="roundtrip read locks kill"
engine_stride=${DARA_TEST_THOROUGH:-9}
engine_imports=no
engine_made=" "
engine_end() {
    local name
    engine_slow_end
    for name in $engine_made; do mo_client drop "$mo_uri/$name" >/dev/null; done
}
trap 'cd /; engine_end; rm -rf "$work"' EXIT
engine_database() { echo "dt_$$_$1"; }
engine_new() { # NAME
    local name
    name=$(engine_database "$1")
    mo_client drop "$mo_uri/$name" >/dev/null
    case $engine_made in *" $name "*) ;; *) engine_made="$engine_made$name " ;; esac
    url=$mo_uri/$name
}
engine_load() { mo_client load "$1" <"$2"; }    # URL FILE
engine_sql() { mo_client run "$1" "${@:2}"; }   # URL COMMAND…
# No command takes a validator off again: an empty one stays, which is as good as none.
engine_schema() { mo_client schema "$1" | sed 's/"validator" : {  }, "validationLevel" : "strict", "validationAction" : "error"//'; } # URL
engine_rows() { mo_client rows "$1" | sort; }   # URL
engine_history_count() { mo_client run "$1" '{"count": "dara_migrations", "query": {"_id.kind": "migration"}}'; }
engine_dump() { # URL
    engine_schema "$1"
    engine_rows "$1"
    mo_client run "$1" '{"find": "dara_migrations", "sort": {"place": 1}}' |
        jq -r '"INSERT INTO dara_migrations VALUES (\(._id.kind),\(._id.version),\(.name),\(.state),\(.checksum),\(.fingerprint),\(.applied_at),\(.applied_by),\(.tool),\(.duration_ms."$numberLong"),\(.place."$numberLong"));"'
}
engine_copy() { # FROM TO
    local from
    from=$(engine_database "$1")
    engine_new "$2"
    mo_client copy "$url" "$from"
}
engine_notices_death() { true; }
# Leases that have not come to their end.
engine_locks() { mo_client run "$1" '{"count": "dara_lock", "query": {"_id": "lock", "until": {"$gt": {"$date": {"$numberLong": "1000"}}}}}'; }
# What runs of slow/, by its number: it goes on when its client was killed.
mo_slow() { # prints the numbers
    mo_client run "$mo_uri/admin" '{"aggregate": 1, "pipeline": [{"$currentOp": {}}, {"$match": {"active": true}}], "cursor": {}}' |
        jq -r 'select(.command.aggregate == "slow" and .ns != null) | .opid | if type == "object" then .[] else . end'
}
engine_slow_runs() { mo_slow | grep -c .; }
engine_slow_end() {
    local number
    for number in $(mo_slow); do mo_client run "$mo_uri/admin" "{\"killOp\": 1, \"op\": $number}" >/dev/null 2>&1; done
}
# As if its holder had been stopped for as long.
engine_lease_ends() { mo_client run "$1" '{"update": "dara_lock", "updates": [{"q": {"_id": "lock"}, "u": {"$set": {"until": {"$date": {"$numberLong": "1"}}}}}]}' >/dev/null; }
engine_quick='{"create": "quick"}'
engine_migration() { # FILE
    cat >"$1" <<'JSON'
{"create": "shipment", "validator": {"$jsonSchema": {"bsonType": "object", "required": ["customer"]}}}
{"insert": "shipment", "documents": [{"_id": 1, "customer": 1}]}
{"createIndexes": "shipment", "indexes": [{"name": "shipment_customer", "key": {"customer": 1, "sent_at": -1}}]}
{"create": "shipped", "viewOn": "shipment", "pipeline": [{"$lookup": {"from": "customer", "localField": "customer", "foreignField": "_id", "as": "c"}}]}
{"collMod": "audit", "validator": {"what": {"$type": "string"}}, "validationAction": "warn"}
JSON
}
# One that fails at its last statement, on its line 4.
engine_failing_migration() { # FILE
    cat >"$1" <<'JSON'
{"create": "before_the_fault"}
{"createIndexes": "audit", "indexes": [{"name": "before_the_fault", "key": {"x": 1}}]}
{"collMod": "audit", "validator": {}}
{"collMod": "no_such_collection", "validator": {}}
JSON
}
# Ten statements that no transaction holds, one on each line; the second makes an index jn_a, before the seventh 50 documents are written.
engine_journaled() {
    local documents
    documents=$(for n in $(seq 50); do printf '%s{"_id": %d, "a": %d, "b": "x%d"}' "$([ "$n" -eq 1 ] || echo ', ')" "$n" "$n" "$n"; done)
    cat <<JSON
{"create": "jn"}
{"createIndexes": "jn", "indexes": [{"name": "jn_a", "key": {"a": 1}}]}
{"insert": "jn", "documents": [$documents]}
{"collMod": "jn", "validator": {"a": {"\$gt": 0}}}
{"createIndexes": "jn", "indexes": [{"name": "jn_b", "key": {"b": 1}, "unique": true}]}
{"update": "jn", "updates": [{"q": {"c": null}, "u": {"\$set": {"c": 1}}, "multi": true}]}
{"create": "jv", "viewOn": "jn", "pipeline": [{"\$project": {"c": 1}}]}
{"dropIndexes": "jn", "index": "jn_a"}
{"collMod": "jn", "validator": {"a": {"\$gt": 1}}, "validationAction": "warn"}
{"insert": "jn", "documents": [{"_id": 51, "a": 51, "b": "last"}]}
JSON
}
engine_seeded() { # before, file, check, wanted
    case $1 in
    before) echo '{"insert": "seeded", "documents": [{"_id": 1}, {"_id": 3}]}' ;;
    file) echo '{"insert": "seeded", "documents": [{"_id": 2}]}' ;;
    check) echo '{"find": "seeded", "projection": {"_id": 1}}' ;;
    wanted) echo '{ "_id" : { "$numberInt" : "2" } }' ;;
    esac
}
