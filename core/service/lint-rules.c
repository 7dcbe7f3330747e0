/* SPDX-License-Identifier: MIT */
/* Rules about statements that engines share, by the ids of the hazards that drivers tell. What destroys is of level error: that is what
 * stops apply-migration. */
#include "service/audit.h"

#define ROW(symbol, ...)  ROW_OF(DARA_RULE_FILE, symbol, __VA_ARGS__)
#define ROWS(symbol, ...) ROW_OF(DARA_RULE_FILE | DARA_RULE_ROWS, symbol, __VA_ARGS__)
#define ROW_OF(rule_flags, symbol, rule_id, rule_level, rule_title, rule_why, rule_fix, rule_peers) \
    static const struct dara_rule symbol = {.size = sizeof(symbol),                                 \
                                            .id = rule_id,                                          \
                                            .level = DARA_RULE_##rule_level,                        \
                                            .flags = rule_flags,                                    \
                                            .title = rule_title,                                    \
                                            .why = rule_why,                                        \
                                            .fix = rule_fix,                                        \
                                            .peers = rule_peers}

ROW(drop_table, "drop-table", ERROR, "a table is dropped", "its rows are gone",
    "rename it first and drop it when nothing has missed it, or take a snapshot with --data",
    "squawk ban-drop-table, atlas DS102, bytebase table.drop-naming-convention");
ROW(drop_column, "drop-column", ERROR, "a column is dropped",
    "its values are gone, and programs that name it fail from that moment",
    "release programs that do not use it first; drop it in a later migration",
    "squawk ban-drop-column, atlas DS103, strong_migrations remove_column");
ROW(drop_schema, "drop-schema", ERROR, "a schema is dropped", "what is in it is gone, or what names it fails",
    "drop what is in it one by one", "atlas DS101, bytebase database.drop-empty-database");
ROW(drop_cascade, "drop-cascade", ERROR, "a DROP takes along what depends on it",
    "what goes is not named in the file, and may be more tomorrow than today",
    "drop by name what depends on it, without CASCADE", "bytebase statement.disallow-rm-tbl-cascade");
ROW(truncate, "truncate", ERROR, "a table is emptied", "all its rows are gone", "delete the rows that are meant",
    "waypoint");
ROW(update_all, "update-without-where", ERROR, "an UPDATE writes every row",
    "the values that were there are gone, and every row stays locked until the end",
    "name the rows with WHERE; of many rows, some thousands at a time", "bytebase statement.where.require");
ROW(delete_all, "delete-without-where", ERROR, "a DELETE removes every row", "the rows are gone",
    "name the rows with WHERE", "bytebase statement.where.require");
ROW(change_history, "change-history", ERROR, "dara's own table is written",
    "the history then says what did not happen, and the next run believes it", "leave the table to dara", NULL);
ROWS(change_type, "change-column-type", WARN, "the type of a column is changed",
     "all rows may be written again under a lock, and values that do not fit make it fail or are cut",
     "add a column of the new type, copy the values in portions, then let programs change over",
     "squawk changing-column-type, atlas PG301, strong_migrations change_column, eugene E5");
ROWS(add_required, "add-required-column", WARN, "a NOT NULL column without a default is added",
     "it fails on a table that has rows", "give it a default, or add it nullable and fill it first",
     "squawk adding-required-field, atlas MF103");
ROW(rename_column, "rename-column", WARN, "a column is renamed", "programs that name the old column fail at once",
    "add a column, write to both, and drop the old one when nobody reads it",
    "squawk renaming-column, atlas BC102, strong_migrations rename_column");
ROW(rename_table, "rename-table", WARN, "a table is renamed", "programs that name the old table fail at once",
    "leave a view with the old name behind", "squawk renaming-table, atlas BC101, strong_migrations rename_table");
ROW(drop_constraint, "drop-constraint", WARN, "a constraint is dropped", "rows that break the rule can come in",
    "make sure that something else keeps the rule", "atlas CD101");
ROW(drop_index, "drop-index", INFO, "an index is dropped", "queries that used it read the whole table",
    "look first whether it is used", "bytebase index.disallow-drop");
ROW(drop_view, "drop-view", INFO, "a view is dropped", "what reads it fails", "change it in place where the engine can",
    NULL);
ROW(drop_trigger, "drop-trigger", INFO, "a trigger is dropped", "what it kept up is no longer kept up",
    "make sure that something else does it", NULL);
ROW(drop_function, "drop-function", INFO, "a routine is dropped", "what calls it fails", "replace it in place", NULL);

ROWS(table_rewrite, "table-rewrite", WARN, "every row of a table is written again",
     "nobody writes to the table, and often nobody reads it, for as long as that takes; it needs its size on disk once "
     "more",
     "take a way that leaves the rows where they are, or a time when nobody waits",
     "squawk adding-field-with-default, atlas PG302, strong_migrations, eugene E10");
ROW(transaction, "transaction-in-file", WARN, "a file begins or ends a transaction",
    "dara runs files in transactions of its own, and does not apply one that does", "take the statement out",
    "bytebase statement.disallow-commit");
ROW(dynamic, "dynamic-sql", INFO, "what a statement does cannot be told",
    "it is made when it runs, or of a kind that is not known: no rule has looked at it",
    "read it yourself, and allow it with the reason", "strong_migrations execute");
ROW(refused, "not-for-migrations", WARN, "a statement is not for migrations",
    "dara does not apply a file that holds it", "take the statement out", "squawk ban-drop-database");
ROW(unused_allow, "unused-allow", WARN, "a comment allows what is not there",
    "it will allow what somebody writes there one day without thinking of it", "take the comment away",
    "squawk unused-ignore");
ROW(no_reason, "allow-without-reason", INFO, "a comment allows something and does not say why",
    "who reads it later cannot tell whether it still holds", "write the reason behind the rule's name", NULL);

const struct dara_rule *const dara_lint_rules[] = {
    &drop_table,      &drop_column,    &drop_schema, &drop_cascade, &truncate,      &update_all,
    &delete_all,      &change_history, &change_type, &add_required, &rename_column, &rename_table,
    &drop_constraint, &drop_index,     &drop_view,   &drop_trigger, &drop_function, &table_rewrite,
    &transaction,     &dynamic,        &refused,     &unused_allow, &no_reason,     NULL,
};
