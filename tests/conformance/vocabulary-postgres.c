/* SPDX-License-Identifier: MIT */
/* Random schemas in PostgreSQL's words. All values are whole numbers, each row's differ by column: they fit every type used here and
 * every constraint. Foreign keys are added behind the tables, since they may refer to later ones. */
#include <string.h>

#include "conformance/vocabulary.h"

static const char *const types[] = {"integer",     "text",    "real",   "bigint",          "numeric(12,2)",
                                    "varchar(20)", "numeric", "citext", "double precision"};
static const char *const initials[] = {"7", "'9'", "(1 + 2)", "-3", "1e1", "NULL", "round(2.5)", "length('a''b')"};
static const char *const actions[] = {"", " ON DELETE CASCADE", " ON UPDATE SET NULL",
                                      " ON DELETE RESTRICT ON UPDATE NO ACTION"};
enum { NULL_DEFAULT = 6 };

static void quoted(struct dara_text *out, const char *prefix, unsigned name)
{
    dara_text_add(out, "\"");
    dara_text_add(out, prefix);
    for (const char *c = hostile_names[name]; *c; c++) {
        if (*c == '"')
            dara_text_add(out, "\"");
        dara_text_add_bytes(out, c, 1);
    }
    dara_text_add(out, "\"");
}

static void table_name(struct dara_text *out, const struct schema *schema, unsigned at)
{
    char prefix[16];
    snprintf(prefix, sizeof(prefix), "t%u ", at);
    quoted(out, prefix, schema->tables[at].name);
}

static const char *type_of(const struct rcolumn *column)
{
    return column->references >= 0 ? "integer" : types[column->type];
}

static bool is_text(const struct rcolumn *column)
{
    const char *type = type_of(column);
    return !strcmp(type, "text") || !strncmp(type, "varchar", 7);
}

static void emit_column(const struct rcolumn *column, struct dara_text *out)
{
    quoted(out, "", column->name);
    dara_text_format(out, " %s", type_of(column));
    if (column->collated && is_text(column))
        dara_text_add(out, " COLLATE \"C\"");
    if (column->not_null && !column->generated)
        dara_text_add(out, " NOT /* comment */ NULL");
    /* The NULL default cannot serve a column that takes none. */
    if (column->initial && !(column->not_null && column->initial == NULL_DEFAULT))
        dara_text_format(out, " DEFAULT %s", initials[column->initial - 1]);
    else if (column->not_null && !column->generated)
        dara_text_add(out, " DEFAULT 5");
    if (column->unique && !column->generated)
        dara_text_add(out, " UNIQUE");
    if (column->check) {
        dara_text_add(out, " CHECK (");
        quoted(out, "", column->name);
        dara_text_add(out, "::text <> 'no such value')");
    }
    if (column->generated)
        dara_text_add(out, " GENERATED ALWAYS AS (id * 2) STORED");
}

static void emit_foreign_keys(const struct schema *schema, unsigned at, struct dara_text *out)
{
    const struct rtable *table = &schema->tables[at];
    for (unsigned i = 0; i < table->count; i++) {
        const struct rcolumn *column = &table->columns[i];
        if (column->references < 0)
            continue;
        dara_text_add(out, "ALTER TABLE ");
        table_name(out, schema, at);
        dara_text_add(out, " ADD FOREIGN KEY (");
        quoted(out, "", column->name);
        dara_text_add(out, ") REFERENCES ");
        table_name(out, schema, (unsigned)column->references);
        dara_text_format(out, " (id)%s DEFERRABLE%s;\n", actions[column->action],
                         column->deferred ? " INITIALLY DEFERRED" : "");
    }
}

static void emit_index(const struct schema *schema, unsigned at, unsigned which, struct dara_text *out)
{
    const struct rtable *table = &schema->tables[at];
    const struct rindex *index = &table->indexes[which];
    char prefix[24];
    snprintf(prefix, sizeof(prefix), "i%u.%u ", at, which);
    dara_text_add(out, "CREATE INDEX ");
    quoted(out, prefix, index->name);
    dara_text_add(out, " ON ");
    table_name(out, schema, at);
    dara_text_add(out, index->expression ? "(lower(" : "(");
    quoted(out, "", table->columns[index->column % table->count].name);
    dara_text_add(out, index->expression ? "::text)" : "");
    dara_text_add(out, index->descending ? " DESC, id)" : ")");
    if (index->partial)
        dara_text_add(out, " WHERE id > 0 -- some\n");
    dara_text_add(out, ";\n");
}

static void emit_view(const struct schema *schema, unsigned at, struct dara_text *out)
{
    const struct rtable *table = &schema->tables[at];
    dara_text_format(out, "CREATE VIEW v%u AS SELECT ", at);
    if (table->view == 1)
        dara_text_add(out, "*");
    else if (table->view == 2)
        quoted(out, "", table->columns[0].name);
    else
        dara_text_add(out, "id, count(*) AS n");
    dara_text_add(out, " FROM ");
    table_name(out, schema, at);
    dara_text_add(out, table->view == 3 ? " GROUP BY id;\n" : ";\n");
}

static void emit_trigger(const struct schema *schema, unsigned at, struct dara_text *out)
{
    static const char *const heads[] = {"AFTER INSERT", "BEFORE UPDATE OF id", "BEFORE DELETE"};
    dara_text_format(out, "CREATE TRIGGER r%u %s ON ", at, heads[schema->tables[at].trigger - 1]);
    table_name(out, schema, at);
    dara_text_format(out, " FOR EACH ROW WHEN (%s.id > 0) EXECUTE FUNCTION pass('END; --');\n",
                     schema->tables[at].trigger == 1 ? "new" : "old");
}

static void emit_table(const struct schema *schema, unsigned at, struct dara_text *out)
{
    const struct rtable *table = &schema->tables[at];
    bool at_end = table->key_at_end && !table->autoincrement;
    dara_text_add(out, "CREATE TABLE ");
    table_name(out, schema, at);
    dara_text_format(out, " (id integer%s%s", table->autoincrement ? " GENERATED BY DEFAULT AS IDENTITY" : "",
                     at_end ? "" : " PRIMARY KEY");
    for (unsigned i = 0; i < table->count; i++) {
        dara_text_add(out, ",\n  ");
        emit_column(&table->columns[i], out);
    }
    if (at_end)
        dara_text_format(out, ",\n  CONSTRAINT \"the key %u\" PRIMARY KEY (id)", at);
    if (table->composite_unique) {
        dara_text_add(out, ", UNIQUE (id, ");
        quoted(out, "", table->columns[0].name);
        dara_text_add(out, ")");
    }
    dara_text_format(out, ")%s;\n", table->strict ? " WITH (fillfactor = 50)" : "");
    if (table->without_rowid) {
        dara_text_add(out, "ALTER TABLE ");
        table_name(out, schema, at);
        dara_text_add(out, " ENABLE ROW LEVEL SECURITY;\n");
    }
}

/* What few schemas have, in variations that follow the table: a mutation of one is often one of the other. */
static void emit_kinds(const struct schema *schema, unsigned at, struct dara_text *out)
{
    const struct rtable *table = &schema->tables[at];
    static const char *const mappings[] = {"asciiword", "asciiword, word", "email"};
    unsigned seed = table->name + 3 * table->count + table->view;
    dara_text_format(out, "CREATE SCHEMA s%u;\nCREATE COLLATION s%u.c (provider = icu, locale = '%s');\n", at, at,
                     seed % 2 ? "de" : "sv");
    dara_text_format(out, "CREATE DOMAIN s%u.d AS text COLLATE %s%u.c;\n", at, seed % 3 ? "\"C\"; -- s" : "s", at);
    dara_text_format(
        out,
        "CREATE FUNCTION s%u.same(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 = $2';\n"
        "CREATE OPERATOR s%u.=== (FUNCTION = s%u.same, LEFTARG = integer, RIGHTARG = integer%s%s);\n",
        at, at, at, seed % 2 ? ", RESTRICT = eqsel" : "", seed % 5 ? "" : ", HASHES");
    dara_text_format(out, "CREATE TYPE s%u.mood AS ENUM ('a');\nCREATE CAST (s%u.mood AS integer) WITH INOUT%s;\n", at,
                     at, seed % 2 ? " AS ASSIGNMENT" : "");
    dara_text_format(out,
                     "CREATE TEXT SEARCH DICTIONARY s%u.d (TEMPLATE = simple%s);\n"
                     "CREATE TEXT SEARCH CONFIGURATION s%u.c (PARSER = \"default\");\n"
                     "ALTER TEXT SEARCH CONFIGURATION s%u.c ADD MAPPING FOR %s WITH s%u.d%s;\n",
                     at, seed % 3 ? ", ACCEPT = false" : "", at, at, mappings[seed % 3], at,
                     seed % 2 ? ", simple" : "");
    dara_text_format(out,
                     "CREATE FOREIGN DATA WRAPPER w%u;\nCREATE SERVER f%u FOREIGN DATA WRAPPER w%u OPTIONS (h '%u');\n"
                     "CREATE USER MAPPING FOR PUBLIC SERVER f%u%s;\n"
                     "CREATE FOREIGN TABLE s%u.far (a integer%s, b text) SERVER f%u;\n",
                     at, at, at, seed, at, seed % 2 ? " OPTIONS (who 'me')" : "", at,
                     seed % 3 ? " OPTIONS (n 'x')" : "", at);
    dara_text_format(out, "CREATE PUBLICATION p%u FOR TABLE ", at);
    table_name(out, schema, at);
    dara_text_format(out, "%s;\n", seed % 2 ? " WITH (publish = 'insert')" : "");
    if (table->view && table->view != 2)
        dara_text_format(out, "COMMENT ON COLUMN v%u.%s IS '%u';\n", at, table->view == 3 ? "n" : "id", seed);
}

static void emit(const struct schema *schema, struct dara_text *out)
{
    dara_text_add(out, "CREATE EXTENSION citext;\n"
                       "CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\n");
    for (unsigned i = 0; i < MOST_TABLES; i++)
        if (schema->tables[i].there)
            emit_table(schema, i, out);
    for (unsigned i = 0; i < MOST_TABLES; i++) {
        if (!schema->tables[i].there)
            continue;
        emit_foreign_keys(schema, i, out);
        for (unsigned j = 0; j < MOST_INDEXES; j++)
            if (schema->tables[i].indexes[j].there)
                emit_index(schema, i, j, out);
        if (schema->tables[i].view)
            emit_view(schema, i, out);
        if (schema->tables[i].trigger)
            emit_trigger(schema, i, out);
        if (schema->tables[i].count % 2)
            emit_kinds(schema, i, out);
    }
}

/* Rows come in the order of the tables, and their parents may be later ones. What is left to check would stand in the way of the next
 * ALTER TABLE. */
static void rows(const struct schema *schema, struct dara_text *out)
{
    dara_text_add(out, "SET CONSTRAINTS ALL DEFERRED;\n");
    for (unsigned at = 0; at < MOST_TABLES; at++) {
        const struct rtable *table = &schema->tables[at];
        if (!table->there)
            continue;
        for (unsigned row = 1; row <= 4; row++) {
            dara_text_add(out, "INSERT INTO ");
            table_name(out, schema, at);
            dara_text_add(out, "(id");
            for (unsigned i = 0; i < table->count; i++)
                if (!table->columns[i].generated) {
                    dara_text_add(out, ", ");
                    quoted(out, "", table->columns[i].name);
                }
            dara_text_format(out, ") VALUES (%u", row);
            for (unsigned i = 0; i < table->count; i++)
                if (!table->columns[i].generated)
                    dara_text_format(out, ", '%u'", row);
            dara_text_add(out, ");\n");
        }
    }
    dara_text_add(out, "SET CONSTRAINTS ALL IMMEDIATE;\n");
}

static void empty(const struct schema *schema, struct dara_text *out)
{
    for (unsigned at = 0; at < MOST_TABLES; at++)
        if (schema->tables[at].there) {
            dara_text_add(out, "TRUNCATE ");
            table_name(out, schema, at);
            dara_text_add(out, " CASCADE;\n");
        }
}

/* Tables are the same when their place and name are, columns when their name is and neither side computes them. */
static void queries(const struct schema *a, const struct schema *b, struct dara_text *out)
{
    for (unsigned at = 0; at < MOST_TABLES; at++) {
        const struct rtable *one = &a->tables[at], *two = &b->tables[at];
        if (!one->there || !two->there || one->name != two->name)
            continue;
        dara_text_add(out, "SELECT id");
        for (unsigned i = 0; i < one->count; i++)
            for (unsigned j = 0; j < two->count; j++)
                if (one->columns[i].name == two->columns[j].name && !one->columns[i].generated &&
                    !two->columns[j].generated) {
                    dara_text_add(out, ", ");
                    quoted(out, "", one->columns[i].name);
                    dara_text_add(out, "::text::float8");
                }
        dara_text_add(out, " FROM ");
        table_name(out, a, at);
        dara_text_add(out, " ORDER BY id\x1e");
    }
}

const struct vocabulary vocabulary_postgres = {.engine = "postgres",
                                               .variable = "DARA_TEST_POSTGRES_URI",
                                               .url = "/postgres",
                                               .types = sizeof(types) / sizeof(types[0]),
                                               .initials = sizeof(initials) / sizeof(initials[0]),
                                               .actions = sizeof(actions) / sizeof(actions[0]),
                                               .emit = emit,
                                               .rows = rows,
                                               .empty = empty,
                                               .queries = queries};
