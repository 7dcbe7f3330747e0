/* SPDX-License-Identifier: MIT */
/* PostgreSQL's rules about statements, as data: ROW(symbol, id, level, flags, title, why, fix, peers). */
#ifndef DARA_POSTGRES_LINT_RULES_H
#define DARA_POSTGRES_LINT_RULES_H

/* clang-format off */
#define POSTGRES_LINT_RULES(ROW) \
    /* what stops others, where there is a way that does not */ \
    ROW(index_blocks, "index-not-concurrent", WARN, DARA_RULE_FILE | DARA_RULE_ROWS, "an index is made while nobody can write", \
        "CREATE INDEX holds a lock against writers until the whole table is read", \
        "CREATE INDEX CONCURRENTLY, in a migration of its own", \
        "squawk require-concurrent-index-creation, atlas PG101, strong_migrations add_index, eugene E6") \
    ROW(drop_index_blocks, "drop-index-not-concurrent", WARN, DARA_RULE_FILE | DARA_RULE_ROWS, "an index is dropped while nobody can read", \
        "DROP INDEX waits for every query on the table, and all later ones wait for it", \
        "DROP INDEX CONCURRENTLY, in a migration of its own", \
        "squawk require-concurrent-index-deletion, atlas PG102, strong_migrations remove_index") \
    ROW(reindex_blocks, "reindex-not-concurrent", WARN, DARA_RULE_FILE | DARA_RULE_ROWS, "an index is made anew while nobody can write", \
        "REINDEX holds a lock against writers, and queries cannot use the index", "REINDEX … CONCURRENTLY", \
        "squawk require-concurrent-reindex") \
    ROW(detach_blocks, "detach-not-concurrent", WARN, DARA_RULE_FILE | DARA_RULE_ROWS, "a partition is detached while nobody can read", \
        "DETACH PARTITION locks the whole partitioned table", "DETACH PARTITION … CONCURRENTLY", \
        "squawk require-concurrent-partition-detach") \
    ROW(key_validated, "foreign-key-not-valid", WARN, DARA_RULE_FILE | DARA_RULE_ROWS, "a foreign key is checked while nobody can write", \
        "adding it reads all rows under locks on both tables", \
        "add it NOT VALID, and VALIDATE CONSTRAINT in the next migration", \
        "squawk adding-foreign-key-constraint, strong_migrations add_foreign_key, eugene E1") \
    ROW(check_validated, "check-not-valid", WARN, DARA_RULE_FILE | DARA_RULE_ROWS, "a check is tried on all rows while nobody can read", \
        "adding it reads all rows under a lock that stops everybody", \
        "add it NOT VALID, and VALIDATE CONSTRAINT in the next migration", \
        "squawk constraint-missing-not-valid, atlas PG305, strong_migrations add_check_constraint, eugene E1") \
    ROW(validated_at_once, "validate-in-same-transaction", WARN, DARA_RULE_FILE | DARA_RULE_ROWS, \
        "a constraint is validated in the transaction that adds it NOT VALID", \
        "the lock of adding it is held while all rows are read, which NOT VALID was to avoid", \
        "VALIDATE CONSTRAINT in the next migration", \
        "squawk constraint-missing-not-valid, strong_migrations validate_constraint") \
    ROW(unique_blocks, "unique-not-using-index", WARN, DARA_RULE_FILE | DARA_RULE_ROWS, \
        "a unique constraint makes its index while nobody can read", "the index is built under a lock that stops everybody", \
        "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … USING INDEX in the next migration", \
        "squawk disallowed-unique-constraint, squawk adding-serial-primary-key-field, atlas PG105, strong_migrations, eugene E7") \
    ROW(exclusion, "exclusion-constraint", WARN, DARA_RULE_FILE | DARA_RULE_ROWS, "an exclusion constraint is added to a table that is there", \
        "its index is built under a lock that stops everybody, and no way around it exists", "add it when nobody waits", \
        "eugene E8") \
    ROW(not_null, "set-not-null", WARN, DARA_RULE_FILE | DARA_RULE_ROWS, "a column is made NOT NULL while nobody can read", \
        "all rows are read under a lock that stops everybody, and one NULL makes it fail", \
        "add CHECK (… IS NOT NULL) NOT VALID; validate it in the next migration; then SET NOT NULL, which trusts it", \
        "squawk adding-not-nullable-field, atlas PG303, atlas MF104, strong_migrations change_column_null, eugene E2") \
    ROW(full_vacuum, "vacuum-full", WARN, DARA_RULE_FILE | DARA_RULE_ROWS, "a table is written anew while nobody can read", \
        "VACUUM FULL and CLUSTER lock out readers and writers", "use pg_repack, or a time when nobody waits", \
        "squawk prefer-repack") \
    ROW(unknown_default, "default-may-be-volatile", WARN, DARA_RULE_FILE | DARA_RULE_ROWS, \
        "a column is added with a default that may be another for each row", \
        "if the function is volatile, every row is written again under a lock that stops everybody", \
        "add the column without it, set the default, and fill the rows in portions; or allow it when the function is stable", \
        "squawk adding-field-with-default, atlas PG302, strong_migrations add_column_default") \
    ROW(lock_timeout, "lock-timeout-missing", OFF, DARA_RULE_FILE, "a file changes the schema without a lock_timeout", \
        "behind a statement that waits for its lock everybody waits; dara sets a limit of its own (--lock-timeout) and tries " \
        "again, other tools do not", \
        "SET lock_timeout at the head of the file, where other tools run it, too", \
        "squawk require-lock-timeout, squawk require-timeout-settings, strong_migrations, eugene E9") \
    ROW(statement_timeout, "statement-timeout-missing", OFF, DARA_RULE_FILE, \
        "a file changes the schema without a statement_timeout", \
        "a statement that takes longer than anybody thought holds its locks as long; dara has --statement-timeout for it", \
        "SET statement_timeout at the head of the file, where other tools run it, too", \
        "squawk require-statement-timeout, squawk require-timeout-settings, strong_migrations") \
    /* transactions that the file begins by itself */ \
    ROW(nested, "transaction-nested", WARN, DARA_RULE_FILE, "a transaction is begun in another one, or ended twice", \
        "the server only warns, and what was meant to stand together does not", "take the statement out", \
        "squawk transaction-nesting, atlas nestedtx") \
    ROW(uncommitted, "transaction-left-open", WARN, DARA_RULE_FILE, "a file ends inside the transaction that it began", \
        "nothing of it takes effect, or what comes after it falls into it", "end it, or take the BEGIN out", \
        "squawk ban-uncommitted-transaction") \
    ROW(concurrent_inside, "concurrently-in-transaction", WARN, DARA_RULE_FILE, \
        "CONCURRENTLY stands in a transaction that the file begins", "the server refuses it there", \
        "take BEGIN and COMMIT out: dara runs such a statement by itself", \
        "squawk ban-concurrent-index-creation-in-transaction, atlas PG103, atlas PG104") \
    ROW(label_used, "enum-label-used", WARN, DARA_RULE_FILE, "a label is used in the transaction that adds it to its type", \
        "the server refuses to read a label that is not committed yet", "use it in the next migration", NULL) \
    ROW(repeatable, "not-repeatable", OFF, DARA_RULE_FILE, "a statement fails when it is run once more", \
        "a file that failed half-way cannot be run again; dara runs a file in one transaction, or knows in its journal what " \
        "ran, other tools may not", \
        "IF EXISTS, IF NOT EXISTS, OR REPLACE, or a transaction around all of it", "squawk prefer-robust-stmts") \
    /* data and those who read it */ \
    ROW(truncate_cascade, "truncate-cascade", WARN, DARA_RULE_FILE, "TRUNCATE takes other tables along", \
        "it empties each table with a foreign key to this one, and theirs", "name the tables", "squawk ban-truncate-cascade") \
    ROW(drop_not_null, "drop-not-null", INFO, DARA_RULE_FILE, "a column may be NULL from now on", \
        "programs that rely on a value meet NULL", "make sure that all of them are ready for it", "squawk ban-drop-not-null") \
    ROW(rename_schema, "rename-schema", WARN, DARA_RULE_FILE, "a schema is renamed", \
        "programs, search paths and routines that name the old one fail at once", "make a new one and move what is in it", \
        "bytebase schema.backward-compatibility") \
    ROW(assigned_twice, "column-twice", WARN, DARA_RULE_FILE, "a statement names a column twice", "the server refuses it", \
        "take one of them out", "squawk ban-duplicate-column-assignments, bytebase") \
    /* types and names */ \
    ROW(domain_check, "domain-constraint", INFO, DARA_RULE_FILE, "a domain has a constraint", \
        "to change it, every table with a column of the domain is read under a lock", "put the check on the columns", \
        "squawk ban-create-domain-with-constraint, squawk ban-alter-domain-with-add-constraint") \
    ROW(enum_order, "enum-label-place", INFO, DARA_RULE_FILE, "a label is added to an enum without its place", \
        "it goes to the end: the order that ORDER BY and comparisons follow is not said", "write BEFORE or AFTER", \
        "squawk require-enum-value-ordering") \
    ROW(long_name, "name-too-long", WARN, DARA_RULE_FILE, "a name is longer than 63 bytes", \
        "the server cuts it and goes on: two long names may become one", "take a shorter one", \
        "squawk identifier-too-long, schemacrawler") \
    ROW(unqualified, "name-without-schema", OFF, DARA_RULE_FILE, "an object is named without its schema", \
        "which one is meant hangs on the search path of who runs the file", "write SCHEMA.NAME", \
        "squawk require-table-schema, bytebase schema.fully-qualified") \
    ROW(int_type, "integer-column", OFF, DARA_RULE_FILE, "a column holds 32 bits", \
        "it ends at 2,147,483,647, and a wider type writes the table again", "use bigint", "squawk prefer-bigint-over-int") \
    ROW(smallint_type, "smallint-column", OFF, DARA_RULE_FILE, "a column holds 16 bits", \
        "it ends at 32,767, and a wider type writes the table again", "use bigint", "squawk prefer-bigint-over-smallint") \
    ROW(varchar_type, "varchar-length", INFO, DARA_RULE_FILE, "a column is of type varchar(n)", \
        "another length needs a lock that stops everybody, a shorter one all rows", \
        "use text, with a check of the length where it matters", "squawk prefer-text-field, waypoint A003")
/* clang-format on */

#endif
