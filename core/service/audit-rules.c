/* SPDX-License-Identifier: MIT */
/* dara's own rules about schemas, as data. They look at kinds and properties that engines share, and name none. */
#include "service/audit-look.h"

#define ROW(rule_id, rule_level, rule_kinds, rule_title, rule_why, rule_fix, rule_peers) \
    .rule = {.size = sizeof(struct dara_rule),                                           \
             .id = rule_id,                                                              \
             .level = DARA_RULE_##rule_level,                                            \
             .flags = DARA_RULE_CATALOG,                                                 \
             .kinds = rule_kinds,                                                        \
             .title = rule_title,                                                        \
             .why = rule_why,                                                            \
             .fix = rule_fix,                                                            \
             .peers = rule_peers}

const struct dara_look_rule dara_look_rules[] = {
    /* tables */
    {ROW("no-primary-key", WARN, "table constraint", "a table has no primary key",
         "rows cannot be told apart: they cannot be updated singly, replicated or referred to with certainty",
         "declare the columns that identify a row as the primary key, or add an identity column",
         "splinter 0004, schemacrawler TableWithNoPrimaryKey, bytebase table.require-pk, skeema pk"),
     .table = dara_look_no_primary_key},
    {ROW("no-columns", WARN, "table column", "a table has no columns", "it can hold nothing that could be asked for",
         "give it columns, or drop it", "schemacrawler TableEmpty"),
     .table = dara_look_no_columns},
    {ROW("single-column", INFO, "table column constraint", "a table has one column and stands alone",
         "a list of values that nothing refers to is often a table that was never finished",
         "refer to it with a foreign key, or add what is missing", "schemacrawler TableWithSingleColumn"),
     .table = dara_look_single_column},
    {ROW("all-columns-nullable", INFO, "table column constraint", "every column of a table may be NULL",
         "rows that say nothing are accepted, and every query must reckon with NULL",
         "make the columns NOT NULL that every row has", "schemacrawler TableAllNullableColumns"),
     .table = dara_look_all_nullable},
    {ROW("incrementing-columns", INFO, "table column", "columns are numbered",
         "a value that there are several of needs a table of its own: a fourth would need a new column, and queries "
         "have "
         "to name them all",
         "move the values to a table with one row for each", "schemacrawler TableWithIncrementingColumns"),
     .table = dara_look_incrementing},
    {ROW("primary-key-not-first", INFO, "table column constraint", "the primary key does not come first",
         "whoever reads the table looks for its key at the beginning",
         "put the key's columns first when the table is made", "schemacrawler TableWithPrimaryKeyNotFirst"),
     .table = dara_look_primary_not_first},
    {ROW("useless-surrogate-key", INFO, "table column constraint", "a table that joins two others has a key of its own",
         "the two foreign keys together identify a row; with a number in their place the same pair can come in twice",
         "make the foreign keys' columns the primary key", "schemacrawler TableWithUselessSurrogateKey"),
     .table = dara_look_useless_surrogate},
    {ROW("quoted-name", INFO, "table column", "a name must be quoted",
         "it holds other characters than letters, digits and '_': whoever forgets the quotes gets an error",
         "rename it, in lower case with '_' between words", "schemacrawler TableWithQuotedNames"),
     .whole = dara_look_quoted_name},
    /* columns */
    {ROW("float-money", WARN, "table column", "money is kept as a floating-point number",
         "0.1 + 0.2 is not 0.3 there: sums drift, and cents are lost",
         "use a decimal type with two places or more, or an integer number of cents", "skeema has-float"),
     .table = dara_look_float_money},
    {ROW("primary-key-small", INFO, "table column constraint", "a primary key is an integer of 32 bits or less",
         "when its numbers run out no row can be added, and the change to a wider type rewrites table and indexes",
         "use a 64-bit integer where the table can grow",
         "squawk prefer-bigint-over-int, squawk prefer-bigint-over-smallint, skeema pk-type"),
     .table = dara_look_small_key},
    {ROW("default-null-string", WARN, "table column", "a default is the word NULL in quotes",
         "rows get the four letters, which no test for NULL finds",
         "leave the default out, or write NULL without quotes", "schemacrawler NullIntendedColumns"),
     .table = dara_look_null_string},
    {ROW("column-types-differ", INFO, "table column", "columns of one name have different types",
         "what has one name is taken for one thing: joins convert, and values do not fit",
         "give them one type, or different names", "schemacrawler ColumnTypes"),
     .whole = dara_look_types_differ},
    /* indexes */
    {ROW("duplicate-index", WARN, "index constraint", "two indexes do the same",
         "each is written with every row, and one of them is never needed", "drop one of them",
         "splinter 0009, bytebase index.no-duplicate, skeema dupe-index"),
     .table = dara_look_duplicate_index},
    {ROW("redundant-index", INFO, "index constraint", "an index has the first columns of another",
         "the longer one finds the same rows; the shorter is smaller, but costs a write with every row",
         "drop it, unless the longer one is much wider", "schemacrawler RedundantIndexes, skeema dupe-index"),
     .table = dara_look_redundant_index},
    {ROW("nullable-unique", INFO, "column index constraint", "a unique key has a column that may be NULL",
         "NULL is unlike any other NULL: rows that are equal but for it are all let in",
         "make the column NOT NULL, or the key one that takes NULLs for equal", "schemacrawler NullColumnsInIndex"),
     .table = dara_look_nullable_unique},
    /* foreign keys */
    {ROW("foreign-key-no-index", WARN, "constraint index", "a foreign key has no index",
         "deleting a row of the other table, or changing its key, reads this whole table each time; joins do, too",
         "make an index that begins with the key's columns", "splinter 0001, schemacrawler ForeignKeyWithNoIndexes"),
     .table = dara_look_link_index},
    {ROW("foreign-key-types", WARN, "column constraint", "a foreign key joins different types",
         "values are converted in each comparison, an index may not be used, and what the one type holds the other may "
         "not",
         "give both columns the same type", "schemacrawler ForeignKeyMismatch"),
     .table = dara_look_link_types},
    {ROW("foreign-key-itself", WARN, "constraint", "a foreign key refers to its own columns",
         "every row refers to itself: the constraint is fulfilled whatever is in it",
         "refer to the columns that are meant, or drop it", "schemacrawler ForeignKeySelfReference"),
     .table = dara_look_link_itself},
    {ROW("foreign-key-no-parent", ERROR, "table constraint", "a foreign key refers to a table that is not there",
         "writing to the table fails, or the constraint holds nothing", "make the table, or drop the constraint",
         "skeema fk-parent"),
     .table = dara_look_link_missing},
    {ROW("foreign-key-not-unique", WARN, "constraint index", "a foreign key refers to columns that are not unique",
         "which row is meant is not certain, and engines refuse to write to such a table or will do so",
         "make the columns it refers to unique, or refer to the primary key", "skeema fk-parent"),
     .table = dara_look_link_not_unique},
    {ROW("foreign-key-duplicate", WARN, "constraint", "two foreign keys say the same", "each is checked with every row",
         "drop one of them", "skeema dupe-index"),
     .table = dara_look_link_duplicate},
    {ROW("foreign-key-circle", INFO, "constraint", "tables refer to each other in a circle",
         "rows cannot be put in in any order but with constraints deferred, or with NULL first",
         "leave out one of the foreign keys, or make one deferrable", "schemacrawler TableCycles"),
     .whole = dara_look_link_cycle},
};
const size_t dara_look_rule_count = DARA_COUNT(dara_look_rules);
