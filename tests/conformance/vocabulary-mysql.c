/* SPDX-License-Identifier: MIT */
/* Random schemas in the words of MySQL and MariaDB. All values are whole numbers that fit every type used here. Where an engine does not
 * take a combination (a key on JSON, a foreign key of a partitioned table) the schema does without; what the neutral flags do not ask for
 * (partitions, options, character sets, routines, events) follows from the table, so that a mutation of one is often one of the other. */
#include <stdio.h>
#include <string.h>

#include "conformance/vocabulary.h"

static const char *const types[] = {
    "int",
    "text",
    "double",
    "bigint",
    "decimal(12,2)",
    "varchar(20)",
    "tinyint unsigned",
    "enum('1','2','3','4','5','6','7','8','9','1.00','2.00','3.00','4.00','00000001','00000002',"
    "'00000003','00000004')",
    "json",
    "char(9)",
    "mediumint(8) unsigned zerofill",
    "smallint(5)"};
enum { ENUM = 7, JSON = 8 };
static const char *const initials[] = {"7", "'9'", "(1 + 2)", "-3", "1e1", "NULL", "(round(2.5))", "(length('a''b'))"};
enum { NULL_DEFAULT = 6 };
static const char *const actions[] = {"", " ON DELETE CASCADE", " ON UPDATE SET NULL",
                                      " ON DELETE RESTRICT ON UPDATE NO ACTION"};

struct emission {
    const struct vocabulary *vocabulary;
    const struct schema *schema;
    bool mariadb;
    struct dara_text *out;
};

/* No name ends with a space, none has a letter beyond the first 65536, and none of a generated constraint is longer than 64 letters. */
static const char *spell(unsigned name)
{
    const char *text = hostile_names[name];
    if (!strcmp(text, " "))
        return " .";
    if ((unsigned char)*text >= 0xf0)
        return "\xef\xbf\xbd\r`";
    return strlen(text) > 60 ? "a_name_that_is_50_bytes_long_____________________50" : text;
}

static void name(const struct emission *emission, const char *prefix, unsigned which)
{
    vocabulary_name(emission->vocabulary, prefix, which, emission->out);
}

static void table_name(const struct emission *emission, unsigned at)
{
    vocabulary_table(emission->vocabulary, emission->schema, at, emission->out);
}

/* ---- columns ---------------------------------------------------------------------------------------------------------------------- */

static bool is_reference(const struct emission *emission, const struct rtable *table, const struct rcolumn *column)
{
    return column->references >= 0 && !table->without_rowid &&
           !emission->schema->tables[column->references].without_rowid;
}

static const char *type_of(const struct rcolumn *column)
{
    return column->references >= 0 ? "int" : types[column->type];
}

static bool is_text(const struct rcolumn *column)
{
    const char *type = type_of(column);
    return !strcmp(type, "text") || strstr(type, "char(");
}

/* MariaDB's JSON is a text with a check. */
static bool is_json(const struct rcolumn *column)
{
    return column->references < 0 && column->type == JSON;
}

static const char *initial_of(const struct rcolumn *column)
{
    /* Negative, or no label: what the type does not hold. */
    bool small = column->references < 0 && (column->type == 6 || column->type == ENUM || column->type == 10);
    const char *text = initials[column->initial - 1];
    if (small && (*text == '-' || *text == '1'))
        return "'7'";
    if (column->references < 0 && column->type == ENUM && (*text == '(' || *text == '7'))
        return "'8'";
    if ((is_json(column) || !strcmp(type_of(column), "text")) && *text != '(' && *text != 'N')
        return "('9')";
    return is_json(column) && *text == '(' ? "('[1, \"\\\\n\"]')" : text;
}

static void emit_default(const struct rcolumn *column, struct dara_text *out)
{
    static const struct rcolumn five = {.references = -1, .initial = 2};
    /* The NULL default cannot serve a column that takes none. */
    if (column->initial && !(column->not_null && column->initial == NULL_DEFAULT))
        dara_text_format(out, " DEFAULT %s", initial_of(column));
    else if (column->not_null) {
        struct rcolumn other = *column;
        other.initial = five.initial;
        dara_text_format(out, " DEFAULT %s", initial_of(&other));
    }
}

static void emit_column(const struct emission *emission, const struct rtable *table, const struct rcolumn *column)
{
    struct dara_text *out = emission->out;
    name(emission, "", column->name);
    dara_text_format(out, " %s", type_of(column));
    if (column->collated && is_text(column))
        dara_text_add(out, column->stored || column->type % 2 ? " CHARACTER SET latin1" : " COLLATE utf8mb4_bin");
    if (column->generated) {
        /* The next number is not known when the expression is computed, and JSON takes no number. */
        dara_text_format(out, " AS (%s(%s))%s", is_json(column) ? "concat" : "",
                         table->autoincrement ? "7 * 1" : "id * 2", column->stored ? " STORED" : "");
    } else {
        dara_text_add(out, column->not_null ? " NOT /* comment */ NULL" : " NULL");
        emit_default(column, out);
    }
    if (column->deferred)
        dara_text_add(out, " COMMENT 'it''s \\\\ \\Z \"all\" `right`'");
    /* Of what a foreign key may change no check is allowed. */
    if (column->check && column->references < 0 && !column->generated) {
        dara_text_add(out, " CHECK (CAST(");
        name(emission, "", column->name);
        dara_text_add(out, " AS CHAR) <> 'no ''such'' \\\\ value')");
    }
}

/* ---- keys ------------------------------------------------------------------------------------------------------------------------- */

static void emit_unique(const struct emission *emission, const struct rtable *table, const struct rcolumn *column)
{
    if (!column->unique || column->generated || column->not_null || table->without_rowid || is_json(column))
        return;
    dara_text_add(emission->out, ",\n  UNIQUE (");
    name(emission, "", column->name);
    dara_text_add(emission->out, is_text(column) ? "(7))" : ")");
}

static void emit_foreign_keys(const struct emission *emission, unsigned at)
{
    const struct rtable *table = &emission->schema->tables[at];
    for (unsigned i = 0; i < table->count; i++) {
        const struct rcolumn *column = &table->columns[i];
        if (!is_reference(emission, table, column))
            continue;
        dara_text_add(emission->out, "ALTER TABLE ");
        table_name(emission, at);
        dara_text_add(emission->out, " ADD");
        if (column->deferred)
            dara_text_format(emission->out, " CONSTRAINT `f%u.%u`", at, i);
        dara_text_add(emission->out, " FOREIGN KEY (");
        name(emission, "", column->name);
        dara_text_add(emission->out, ") REFERENCES ");
        table_name(emission, (unsigned)column->references);
        dara_text_format(emission->out, " (id)%s;\n", actions[column->action]);
    }
}

static void emit_part(const struct emission *emission, const struct rcolumn *column, const struct rindex *index)
{
    bool json = is_json(column), functional = !emission->mariadb && (index->expression || json);
    if (functional)
        dara_text_add(emission->out, "(CAST(");
    name(emission, "", column->name);
    if (functional)
        dara_text_add(emission->out, " AS CHAR(20)))");
    else if (json || !strcmp(type_of(column), "text") || (index->partial && is_text(column)))
        dara_text_add(emission->out, "(5)");
    dara_text_add(emission->out, index->descending ? " DESC, id" : "");
}

static void emit_index(const struct emission *emission, unsigned at, unsigned which)
{
    const struct rtable *table = &emission->schema->tables[at];
    const struct rindex *index = &table->indexes[which];
    const struct rcolumn *column = &table->columns[index->column % table->count];
    bool words = index->expression && index->partial && is_text(column) && !column->generated && !table->without_rowid;
    char prefix[24];
    snprintf(prefix, sizeof(prefix), "i%u.%u ", at, which);
    dara_text_format(emission->out, "CREATE %sINDEX ", words ? "FULLTEXT " : "");
    name(emission, prefix, index->name);
    dara_text_add(emission->out, " ON ");
    table_name(emission, at);
    dara_text_add(emission->out, " (");
    if (words)
        name(emission, "", column->name);
    else
        emit_part(emission, column, index);
    dara_text_add(emission->out, ")");
    if (index->partial)
        dara_text_add(emission->out, emission->mariadb ? " IGNORED" : " INVISIBLE");
    dara_text_add(emission->out, index->expression ? " COMMENT 'a\\\\b'';'" : "");
    dara_text_add(emission->out, ";\n");
}

/* ---- tables ----------------------------------------------------------------------------------------------------------------------- */

static void emit_partitions(const struct rtable *table, struct dara_text *out)
{
    static const char *const clauses[] = {
        "", " PARTITION BY HASH (id) PARTITIONS 3",
        " PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (3) COMMENT = 'it''s', "
        "PARTITION `p 1` VALUES LESS THAN MAXVALUE)",
        " PARTITION BY LIST (id % 3) SUBPARTITION BY KEY (id) SUBPARTITIONS 2 "
        "(PARTITION a VALUES IN (0, 1), PARTITION b VALUES IN (2))"};
    if (table->without_rowid)
        dara_text_add(out, clauses[table->view]);
}

static void emit_table(const struct emission *emission, unsigned at)
{
    static const char *const options[] = {" ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8",
                                          " ROW_FORMAT=COMPACT COMMENT='it''s \\\\'",
                                          " STATS_PERSISTENT=1 DEFAULT CHARSET=latin1", " DEFAULT COLLATE=utf8mb4_bin"};
    const struct rtable *table = &emission->schema->tables[at];
    bool at_end = table->key_at_end && !table->autoincrement;
    dara_text_add(emission->out, "CREATE TABLE ");
    table_name(emission, at);
    dara_text_format(emission->out, " (id int NOT NULL%s%s", table->autoincrement ? " AUTO_INCREMENT" : "",
                     at_end ? "" : " PRIMARY KEY");
    for (unsigned i = 0; i < table->count; i++) {
        dara_text_add(emission->out, ",\n  ");
        emit_column(emission, table, &table->columns[i]);
    }
    if (at_end)
        dara_text_add(emission->out, ",\n  CONSTRAINT `the key` PRIMARY KEY (id DESC)");
    for (unsigned i = 0; i < table->count; i++)
        emit_unique(emission, table, &table->columns[i]);
    if (table->composite_unique && !is_json(&table->columns[0])) {
        dara_text_add(emission->out, ", UNIQUE (id, ");
        name(emission, "", table->columns[0].name);
        dara_text_add(emission->out, is_text(&table->columns[0]) ? "(3))" : ")");
    }
    dara_text_format(emission->out, ")%s", table->strict ? options[table->count % 4] : "");
    emit_partitions(table, emission->out);
    dara_text_add(emission->out, ";\n");
}

/* ---- what has a body -------------------------------------------------------------------------------------------------------------- */

static void emit_trigger(const struct emission *emission, unsigned at)
{
    static const char *const heads[] = {"AFTER INSERT", "BEFORE UPDATE", "BEFORE DELETE"};
    const struct rtable *table = &emission->schema->tables[at];
    const char *row = table->trigger == 1 ? "NEW" : "OLD";
    for (unsigned i = 0; i < 1 + table->count % 3; i++) {
        dara_text_format(emission->out, "DELIMITER //\nCREATE TRIGGER `r%u.%u` %s ON ", at, i,
                         heads[table->trigger - 1]);
        table_name(emission, at);
        dara_text_add(emission->out, " FOR EACH ROW");
        if (i == 2)
            dara_text_format(emission->out, " PRECEDES `r%u.0`", at);
        dara_text_format(emission->out, " BEGIN SET @x = CONCAT('END; --', %s.id); END//\nDELIMITER ;\n", row);
    }
}

/* A view is named before what it stands on; what stands in the model is found by its text. */
static void emit_rest(const struct emission *emission, unsigned at)
{
    const struct rtable *table = &emission->schema->tables[at];
    struct dara_text *out = emission->out;
    unsigned seed = table->name + 3 * table->count + table->view;
    dara_text_format(
        out,
        "SET SESSION sql_mode = '%s';\n"
        "CREATE FUNCTION g%u(a int, b varchar(10) CHARACTER SET %s) RETURNS int DETERMINISTIC RETURN a * %u;\n"
        "SET SESSION sql_mode = DEFAULT;\n",
        seed % 2 ? "ANSI_QUOTES,STRICT_ALL_TABLES" : "", at, seed % 3 ? "utf8mb4" : "latin1", seed % 7);
    dara_text_format(out, "CREATE EVENT e%u ON SCHEDULE EVERY %u DAY STARTS '2031-01-01 00:00:00'%s%s DO SET @e = 1;\n",
                     at, 1 + seed % 3, seed % 2 ? " ON COMPLETION PRESERVE" : "",
                     seed % 5 ? "" : " DISABLE COMMENT 'it''s'");
    if (table->view)
        dara_text_format(out, "CREATE%s VIEW `a%u` AS SELECT v.*, g%u(1, 'x') AS f FROM v%u v%s;\n",
                         seed % 3 ? "" : " ALGORITHM=TEMPTABLE", at, at, at, seed % 4 ? "" : " WHERE 1 = 1");
    if (emission->mariadb)
        dara_text_format(out, "CREATE SEQUENCE s%u START WITH %u%s;\n", at, seed,
                         seed % 2 ? " INCREMENT BY 5 CYCLE" : "");
}

static void emit_all(const struct emission *emission)
{
    const struct rtable *tables = emission->schema->tables;
    for (unsigned i = 0; i < MOST_TABLES; i++)
        if (tables[i].there)
            emit_table(emission, i);
    for (unsigned i = 0; i < MOST_TABLES; i++) {
        if (!tables[i].there)
            continue;
        emit_foreign_keys(emission, i);
        for (unsigned j = 0; j < MOST_INDEXES; j++)
            if (tables[i].indexes[j].there)
                emit_index(emission, i, j);
        if (tables[i].view)
            vocabulary_view(emission->vocabulary, emission->schema, i, emission->out);
        if (tables[i].trigger)
            emit_trigger(emission, i);
        if (tables[i].count % 2)
            emit_rest(emission, i);
    }
}

static void emit_mysql(const struct schema *schema, struct dara_text *out)
{
    emit_all(&(struct emission){&vocabulary_mysql, schema, false, out});
}

static void emit_mariadb(const struct schema *schema, struct dara_text *out)
{
    emit_all(&(struct emission){&vocabulary_mariadb, schema, true, out});
}

/* ---- the vocabularies --------------------------------------------------------------------------------------------------------------- */

#define COMMON                                                                                                      \
    .url = "/mysql", .types = sizeof(types) / sizeof(types[0]), .initials = sizeof(initials) / sizeof(initials[0]), \
    .actions = sizeof(actions) / sizeof(actions[0]), .quote = '`', .spell = spell, .value = "'",                    \
    .number = {"CONCAT(", ") % 2000"},                                                                              \
    .rows = {"SET SESSION foreign_key_checks = 0;\n", "SET SESSION foreign_key_checks = 1;\n"},                     \
    .empty = {"SET SESSION foreign_key_checks = 0;\n", "SET SESSION foreign_key_checks = 1;\n"},                    \
    .empty_each = {"DELETE FROM ", ";\n"}
const struct vocabulary vocabulary_mysql = {
    .engine = "mysql", .variable = "DARA_TEST_MYSQL_URI", .emit = emit_mysql, COMMON};
const struct vocabulary vocabulary_mariadb = {
    .engine = "mariadb", .variable = "DARA_TEST_MARIADB_URI", .emit = emit_mariadb, COMMON};
