# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Databases in other encodings and with other locales: an exact round trip, or a known error.

in_database() { # NAME OPTIONS: an empty database made so; sets $url
    engine_fresh "$(engine_database "$1")" "TEMPLATE template0 $2"
}
round_trip() { # WHAT OPTIONS SQL
    local original text
    in_database encoded "$2"
    printf '%s' "$3" >"$work/encoded.sql"
    PGCLIENTENCODING=UTF8 engine_load "$url" "$work/encoded.sql"
    project encoded-project
    run "$DARA" snapshot --data one
    status_is 0 "$name: $1: a snapshot"
    text=$(ls "$PWD"/db/snapshots/*_one.sql) original=$url
    in_database encoded_again "$2"
    engine_load "$url" "$text" 2>"$work/err"
    ok $? "$name: $1: restored: $(head -n 1 "$work/err")"
    is "$(PGCLIENTENCODING=UTF8 engine_dump "$url")" "$(PGCLIENTENCODING=UTF8 engine_pg_dump "$original" --inserts -T dara_migrations)" "$name: $1: all of it"
    run "$DARA" compare-schemas one "$url"
    status_is 0 "$name: $1: the models are equal"
    url=$original
}
no_such() { # WHAT: a migration that the encoding refuses
    migration 20260101000000_euro <<<"CREATE TABLE euro (a text DEFAULT '€');"
    run "$DARA" apply-migration db/migrations
    status_is 6 "$name: $1: a character that it has not"
    err_like 'no equivalent in encoding' "$name: $1: is said"
}
round_trip "LATIN1" "ENCODING 'LATIN1' LOCALE 'C'" \
    "CREATE TABLE \"ä\" (a text, b text DEFAULT 'ß' CHECK (b > 'é')); COMMENT ON TABLE \"ä\" IS 'ü'; INSERT INTO \"ä\" VALUES ('é', 'ö');"
no_such "LATIN1"
round_trip "EUC_JP" "ENCODING 'EUC_JP' LOCALE 'C'" \
    "CREATE TABLE \"表\" (a text, b text DEFAULT '日本' CHECK (b > '語')); COMMENT ON TABLE \"表\" IS '漢'; INSERT INTO \"表\" VALUES ('日', '語語');"
round_trip "SQL_ASCII" "ENCODING 'SQL_ASCII' LOCALE 'C'" \
    "CREATE TABLE \"ä\" (a text DEFAULT 'é'); COMMENT ON TABLE \"ä\" IS '漢'; INSERT INTO \"ä\" VALUES ('日');"
for bad in "COMMENT ON TABLE \"ä\" IS E'\\xe4'" "COMMENT ON TABLE \"ä\" IS NULL; ALTER TABLE \"ä\" RENAME TO \"$(printf 'a\xe4')\""; do
    PGCLIENTENCODING=SQL_ASCII psql -Xqc "$bad" "$(engine_direct "$url")"
    run "$DARA" snapshot bad
    status_is 6 "$name: SQL_ASCII: bytes that are no UTF-8"
    err_like 'invalid byte sequence for encoding "UTF8": 0xe4' "$name: SQL_ASCII: are an error"
    is "$(find db/snapshots -name '*bad*')" "" "$name: SQL_ASCII: that leaves no snapshot"
done
if [ "$engine_version" -ge 15 ]; then
    round_trip "ICU" "LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' ENCODING 'UTF8'" "CREATE TABLE \"ä\" (a text COLLATE \"sv-x-icu\", b text DEFAULT 'ß' CHECK (b > 'a'));
        CREATE INDEX \"ö\" ON \"ä\" (a, b COLLATE \"C\"); CREATE TABLE z (a text) PARTITION BY RANGE (a); CREATE TABLE z1 PARTITION OF z FOR VALUES FROM ('a') TO ('ö');
        INSERT INTO \"ä\" VALUES ('é', 'ö'); INSERT INTO z VALUES ('b');"
fi
