# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# How the conformance suite reaches SQLite, past dara: by the engine's own client.
engine_missing() { command -v sqlite3 >/dev/null || echo "the sqlite3 program is not installed"; }
engine_type=sqlite
engine_transactional=yes
engine_networked=no
engine_extension=sql
engine_version=3
engine_notices_death() { true; }
# How many locks are held.
engine_locks() { sqlite3 "$(engine_path "$1")" "BEGIN EXCLUSIVE; ROLLBACK;" >/dev/null 2>&1; echo $?; }
# How many runs of slow/ are at it.
engine_slow_runs() { engine_locks "$1"; }
# A new, empty database; sets $url.
engine_new() { # NAME
    url="sqlite:$work/$1.db"
    rm -f "$work/$1.db"*
    : >"$work/$1.db"
}
# The same database, byte for byte, under another name; sets $url.
engine_copy() { # FROM TO
    rm -f "$work/$2.db"*
    cp "$work/$1.db" "$work/$2.db"
    url="sqlite:$work/$2.db"
}
engine_path() { echo "${1#sqlite:}"; }
engine_load() { sqlite3 -bail "$(engine_path "$1")" <"$2"; } # URL FILE
engine_sql() { sqlite3 -bail "$(engine_path "$1")" "$2"; }   # URL SQL
# The schema as the engine's client prints it, sorted; dara's own tables and what ANALYZE leaves are not part of it.
engine_schema() {
    sqlite3 "$(engine_path "$1")" "SELECT type, name, tbl_name, sql FROM sqlite_schema
      WHERE tbl_name NOT LIKE 'dara\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1, 2;
      PRAGMA user_version; PRAGMA application_id; PRAGMA encoding;"
}
# Everything: schema, rows, row identifiers, sequences, dara's history.
engine_dump() {
    sqlite3 "$(engine_path "$1")" ".dump --preserve-rowids" "PRAGMA user_version" "PRAGMA application_id"
}
# The rows without dara's history.
engine_rows() {
    sqlite3 "$(engine_path "$1")" ".dump --preserve-rowids --data-only" | grep -v 'INSERT INTO dara_migrations' |
        grep -v "INSERT INTO sqlite_sequence.*'dara_" | sort
}
# A migration that creates, alters by rebuild, adds rows, and makes an index, a view and a trigger.
engine_migration() { # FILE
    cat >"$1" <<'SQL'
CREATE TABLE shipment (id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customer(id), sent_at TEXT);
ALTER TABLE customer ADD COLUMN phone TEXT DEFAULT '-';
INSERT INTO shipment(customer, sent_at) SELECT id, created_at FROM customer;
CREATE INDEX shipment_customer ON shipment(customer);
CREATE VIEW shipped AS SELECT c.name, s.sent_at FROM shipment s JOIN customer c ON c.id = s.customer;
CREATE TRIGGER shipment_audit AFTER INSERT ON shipment BEGIN INSERT INTO audit VALUES (NEW.sent_at, 'sent'); END;
SQL
}
# One that fails at its last statement, on its line 4.
engine_failing_migration() { # FILE
    cat >"$1" <<'SQL'
CREATE TABLE before_the_fault (a);
INSERT INTO audit VALUES ('x', 'y');
CREATE INDEX audit_what ON audit(what);
INSERT INTO no_such_table VALUES (1);
SQL
}
# Schemas of others, by a name each; the folder of the corpora may be none.
engine_samples() { [ -z "$1" ] || echo sakila; } # CORPORA
engine_load_sample() { sqlite3 -bail "$(engine_path "$1")" <"$DARA_TEST_CORPORA/sakila/sqlite/"*schema*.sql; } # URL NAME
