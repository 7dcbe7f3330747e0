/* SPDX-License-Identifier: MIT */
/* What all engines say alike: names, indexes, views, rows and the queries that compare them. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "conformance/vocabulary.h"

const struct vocabulary *vocabulary_find(const char *engine)
{
    static const struct vocabulary *const all[] = {&vocabulary_sqlite, &vocabulary_postgres, &vocabulary_mariadb,
                                                   &vocabulary_mysql};
    for (size_t i = 0; i < DARA_COUNT(all); i++)
        if (strcmp(all[i]->engine, engine) == 0)
            return all[i];
    return NULL;
}

/* ---- names ------------------------------------------------------------------------------------------------------------------------ */

void vocabulary_name(const struct vocabulary *vocabulary, const char *prefix, unsigned name, struct dara_text *out)
{
    const char *text = vocabulary->spell ? vocabulary->spell(name) : hostile_names[name];
    dara_text_add_bytes(out, &vocabulary->quote, 1);
    dara_text_add(out, prefix);
    for (; *text; text++) {
        if (*text == vocabulary->quote)
            dara_text_add_bytes(out, &vocabulary->quote, 1);
        dara_text_add_bytes(out, text, 1);
    }
    dara_text_add_bytes(out, &vocabulary->quote, 1);
}

void vocabulary_table(const struct vocabulary *vocabulary, const struct schema *schema, unsigned at,
                      struct dara_text *out)
{
    char prefix[16];
    snprintf(prefix, sizeof(prefix), "t%u ", at);
    vocabulary_name(vocabulary, prefix, schema->tables[at].name, out);
}

/* ---- indexes, views ---------------------------------------------------------------------------------------------------------------- */

void vocabulary_index(const struct vocabulary *vocabulary, const struct schema *schema, unsigned at, unsigned which,
                      struct dara_text *out)
{
    const struct rtable *table = &schema->tables[at];
    const struct rindex *index = &table->indexes[which];
    char prefix[24];
    snprintf(prefix, sizeof(prefix), "i%u.%u ", at, which);
    dara_text_add(out, "CREATE INDEX ");
    vocabulary_name(vocabulary, prefix, index->name, out);
    dara_text_add(out, " ON ");
    vocabulary_table(vocabulary, schema, at, out);
    dara_text_format(out, "(%s", index->expression ? vocabulary->expression.before : "");
    vocabulary_name(vocabulary, "", table->columns[index->column % table->count].name, out);
    dara_text_format(out, "%s%s%s;\n", index->expression ? vocabulary->expression.behind : "",
                     index->descending ? " DESC, id)" : ")", index->partial ? " WHERE id > 0 -- some\n" : "");
}

void vocabulary_view(const struct vocabulary *vocabulary, const struct schema *schema, unsigned at,
                     struct dara_text *out)
{
    const struct rtable *table = &schema->tables[at];
    dara_text_format(out, "CREATE VIEW v%u AS SELECT ", at);
    if (table->view == 1)
        dara_text_add(out, "*");
    else if (table->view == 2)
        vocabulary_name(vocabulary, "", table->columns[0].name, out);
    else
        dara_text_add(out, "id, count(*) AS n");
    dara_text_add(out, " FROM ");
    vocabulary_table(vocabulary, schema, at, out);
    dara_text_add(out, table->view == 3 ? " GROUP BY id;\n" : ";\n");
}

/* ---- rows -------------------------------------------------------------------------------------------------------------------------- */

static void insert(const struct vocabulary *vocabulary, const struct schema *schema, unsigned at, unsigned row,
                   struct dara_text *out)
{
    const struct rtable *table = &schema->tables[at];
    dara_text_add(out, "INSERT INTO ");
    vocabulary_table(vocabulary, schema, at, out);
    dara_text_add(out, " (id");
    for (unsigned i = 0; i < table->count; i++)
        if (!table->columns[i].generated) {
            dara_text_add(out, ", ");
            vocabulary_name(vocabulary, "", table->columns[i].name, out);
        }
    dara_text_format(out, ") VALUES (%u", row);
    for (unsigned i = 0; i < table->count; i++)
        if (!table->columns[i].generated)
            dara_text_format(out, ", %s%u%s", vocabulary->value, row, vocabulary->value);
    dara_text_add(out, ");\n");
}

void vocabulary_rows(const struct vocabulary *vocabulary, const struct schema *schema, struct dara_text *out)
{
    dara_text_add(out, vocabulary->rows.before);
    for (unsigned at = 0; at < MOST_TABLES; at++)
        for (unsigned row = 1; schema->tables[at].there && row <= 4; row++)
            insert(vocabulary, schema, at, row, out);
    dara_text_add(out, vocabulary->rows.behind);
}

void vocabulary_empty(const struct vocabulary *vocabulary, const struct schema *schema, struct dara_text *out)
{
    if (!vocabulary->empty_each.before)
        return;
    dara_text_add(out, vocabulary->empty.before);
    for (unsigned at = 0; at < MOST_TABLES; at++)
        if (schema->tables[at].there) {
            dara_text_add(out, vocabulary->empty_each.before);
            vocabulary_table(vocabulary, schema, at, out);
            dara_text_add(out, vocabulary->empty_each.behind);
        }
    dara_text_add(out, vocabulary->empty.behind);
}

/* Columns are the same when their name is and neither side computes them. */
static bool is_common(const struct rcolumn *column, const struct rtable *other)
{
    for (unsigned i = 0; i < other->count; i++)
        if (column->name == other->columns[i].name)
            return !column->generated && !other->columns[i].generated;
    return false;
}

/* Tables are the same when their place and name are. */
void vocabulary_queries(const struct vocabulary *vocabulary, const struct schema *a, const struct schema *b,
                        struct dara_text *out)
{
    for (unsigned at = 0; at < MOST_TABLES; at++) {
        const struct rtable *one = &a->tables[at], *two = &b->tables[at];
        if (!one->there || !two->there || one->name != two->name)
            continue;
        dara_text_add(out, "SELECT id");
        for (unsigned i = 0; i < one->count; i++)
            if (is_common(&one->columns[i], two)) {
                dara_text_format(out, ", %s", vocabulary->number.before);
                vocabulary_name(vocabulary, "", one->columns[i].name, out);
                dara_text_add(out, vocabulary->number.behind);
            }
        dara_text_add(out, " FROM ");
        vocabulary_table(vocabulary, a, at, out);
        dara_text_add(out, " ORDER BY id\x1e");
    }
}
