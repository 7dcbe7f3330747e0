/* SPDX-License-Identifier: MIT */
/* Random schemas in SQLite's words. All values are whole numbers, each row's differ by column: they fit every type used here, STRICT
 * or not, and every constraint. */
#include <string.h>

#include "conformance/vocabulary.h"

static const char *const types[] = {"INTEGER",     "TEXT",    "REAL", "INT",           "ANY",
                                    "VARCHAR(20)", "numeric", "",     "Decimal (10,2)"};
static const char *const strict_types[] = {"INTEGER", "TEXT", "REAL", "INT", "ANY", "TEXT", "int", "any", "Real"};
static const char *const initials[] = {"7", "'9'", "(1 + 2)", "-3", "1e1", "NULL", "\t0x10", "(length('a''b'))"};
static const char *const actions[] = {"", " ON DELETE CASCADE", " ON UPDATE SET NULL",
                                      " ON DELETE RESTRICT ON UPDATE NO ACTION"};

static void emit_column(const struct schema *schema, const struct rtable *table, const struct rcolumn *column,
                        struct dara_text *out)
{
    vocabulary_name(&vocabulary_sqlite, "", column->name, out);
    dara_text_format(out, " %s", table->strict ? strict_types[column->type] : types[column->type]);
    if (column->collated)
        dara_text_add(out, " COLLATE NOCASE");
    if (column->not_null && !column->generated)
        dara_text_add(out, " NOT /* comment */ NULL");
    /* The NULL default cannot serve a column that takes none. */
    if (column->initial && !(column->not_null && column->initial == 6))
        dara_text_format(out, " DEFAULT %s", initials[column->initial - 1]);
    else if (column->not_null && !column->generated)
        dara_text_add(out, " DEFAULT 5");
    /* A new column with a default has the same value in all rows. */
    if (column->unique && !column->generated && !column->not_null)
        dara_text_add(out, " UNIQUE");
    if (column->check) {
        dara_text_add(out, " CHECK (");
        vocabulary_name(&vocabulary_sqlite, "", column->name, out);
        dara_text_add(out, " IS NOT 'no such value')");
    }
    if (column->generated)
        dara_text_format(out, " AS (id * 2)%s", column->stored ? " STORED" : "");
    if (column->references >= 0) {
        dara_text_add(out, " REFERENCES ");
        vocabulary_table(&vocabulary_sqlite, schema, (unsigned)column->references, out);
        dara_text_format(out, "(id)%s%s", actions[column->action],
                         column->deferred ? " DEFERRABLE INITIALLY DEFERRED" : "");
    }
}

static void emit_trigger(const struct schema *schema, unsigned at, struct dara_text *out)
{
    static const char *const heads[] = {"AFTER INSERT", "BEFORE UPDATE OF id", "DELETE"};
    const struct rtable *table = &schema->tables[at];
    dara_text_format(out, "CREATE TRIGGER r%u %s ON ", at, heads[table->trigger - 1]);
    vocabulary_table(&vocabulary_sqlite, schema, at, out);
    dara_text_format(out, " BEGIN SELECT CASE WHEN %s.id > 0 THEN 'END; --' END; END;\n",
                     table->trigger == 1 ? "new" : "old");
}

static void emit_table(const struct schema *schema, unsigned at, struct dara_text *out)
{
    const struct rtable *table = &schema->tables[at];
    dara_text_add(out, "CREATE TABLE ");
    vocabulary_table(&vocabulary_sqlite, schema, at, out);
    dara_text_add(out, " (id INTEGER");
    dara_text_add(out, table->key_at_end && !table->autoincrement ? "" : " PRIMARY KEY");
    dara_text_add(out, table->autoincrement ? " AUTOINCREMENT" : "");
    for (unsigned i = 0; i < table->count; i++) {
        dara_text_add(out, ",\n  ");
        emit_column(schema, table, &table->columns[i], out);
    }
    if (table->key_at_end && !table->autoincrement)
        dara_text_add(out, ",\n  CONSTRAINT \"the key\" PRIMARY KEY (id)");
    if (table->composite_unique) {
        dara_text_add(out, ", UNIQUE (id, ");
        vocabulary_name(&vocabulary_sqlite, "", table->columns[0].name, out);
        dara_text_add(out, ")");
    }
    dara_text_add(out, ")");
    dara_text_add(out, table->strict ? " STRICT" : "");
    dara_text_add(out, table->without_rowid ? (table->strict ? ", WITHOUT ROWID" : " WITHOUT ROWID") : "");
    dara_text_add(out, ";\n");
}

static void emit(const struct schema *schema, struct dara_text *out)
{
    for (unsigned i = 0; i < MOST_TABLES; i++)
        if (schema->tables[i].there)
            emit_table(schema, i, out);
    for (unsigned i = 0; i < MOST_TABLES; i++) {
        if (!schema->tables[i].there)
            continue;
        for (unsigned j = 0; j < MOST_INDEXES; j++)
            if (schema->tables[i].indexes[j].there)
                vocabulary_index(&vocabulary_sqlite, schema, i, j, out);
        if (schema->tables[i].view)
            vocabulary_view(&vocabulary_sqlite, schema, i, out);
        if (schema->tables[i].trigger)
            emit_trigger(schema, i, out);
    }
}

const struct vocabulary vocabulary_sqlite = {.engine = "sqlite",
                                             .url = "sqlite::memory:",
                                             .types = sizeof(types) / sizeof(types[0]),
                                             .initials = sizeof(initials) / sizeof(initials[0]),
                                             .actions = sizeof(actions) / sizeof(actions[0]),
                                             .emit = emit,
                                             .quote = '"',
                                             .value = "",
                                             .number = {"CAST(", " AS REAL)"},
                                             .expression = {"abs(", ")"},
                                             .rows = {"", ""}};
