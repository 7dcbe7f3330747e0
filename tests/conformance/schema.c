/* SPDX-License-Identifier: MIT */
/* Random schemas and their mutations, in no engine's words. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "conformance/vocabulary.h"

/* Every two of them differ, even with letter case ignored. */
const char *const hostile_names[] = {"alpha",
                                     "Beta",
                                     "gamma_2",
                                     "order",
                                     "select",
                                     "two words",
                                     "qu\"ote",
                                     "ap'os",
                                     "back`tick",
                                     "brack]et",
                                     "semi;colon",
                                     "dash--dash",
                                     "sl/*ash",
                                     "new\nline",
                                     "tab\there",
                                     "\xc3\xbcml\xc3\xa4ut",
                                     "\xe8\xa1\xa8",
                                     "\xf0\x9f\x90\x98",
                                     "1digit",
                                     "per%cent",
                                     "back\\slash",
                                     "dollar$",
                                     "'; DROP TABLE alpha; --",
                                     "x.y",
                                     "a_name_that_is_63_bytes_long_________________________________63",
                                     "GROUP",
                                     "table",
                                     "index",
                                     "check",
                                     "primary",
                                     "rowid2",
                                     "oid2",
                                     "generated",
                                     "always",
                                     "null",
                                     "\"",
                                     "(",
                                     ",",
                                     " ",
                                     "?1",
                                     ":a",
                                     "@b",
                                     "#c",
                                     NULL};

unsigned hostile_count(void)
{
    unsigned count = 0;
    while (hostile_names[count])
        count++;
    return count;
}

static bool chance(unsigned percent)
{
    return random_below(100) < percent;
}

/* A name that no column of the table has. */
static unsigned free_name(const struct rtable *table)
{
    for (;;) {
        unsigned name = random_below(hostile_count());
        bool taken = false;
        for (unsigned i = 0; i < table->count; i++)
            taken = taken || table->columns[i].name == name;
        if (!taken)
            return name;
    }
}

static void random_column(const struct schema *schema, struct rtable *table, unsigned at,
                          const struct vocabulary *vocabulary)
{
    struct rcolumn column = {.name = free_name(table), .type = random_below(vocabulary->types), .references = -1};
    column.not_null = chance(30);
    column.initial = column.not_null || chance(20) ? 1 + random_below(vocabulary->initials) : 0;
    column.check = chance(15);
    column.collated = chance(10);
    if (chance(15)) {
        column.generated = true;
        column.stored = chance(50);
        column.initial = 0;
        column.not_null = false;
    } else if (chance(15)) {
        int target = (int)random_below(MOST_TABLES);
        if (schema->tables[target].there) {
            column.references = target;
            column.action = random_below(vocabulary->actions);
            column.deferred = chance(30);
            column.initial = 0;
            column.not_null = false;
        }
    }
    column.unique = !column.initial && !column.generated && chance(15);
    table->columns[at] = column;
}

static void random_index(struct rindex *index)
{
    *index = (struct rindex){.there = true,
                             .name = random_below(hostile_count()),
                             .column = random_below(MOST_COLUMNS),
                             .partial = chance(25),
                             .expression = chance(25),
                             .descending = chance(25)};
}

static void random_table(struct schema *schema, unsigned at, const struct vocabulary *vocabulary)
{
    struct rtable *table = &schema->tables[at];
    unsigned wanted = 1 + random_below(MOST_COLUMNS - 1);
    *table = (struct rtable){.there = true, .name = random_below(hostile_count())};
    table->strict = chance(20);
    table->without_rowid = chance(20);
    table->autoincrement = !table->without_rowid && chance(25);
    table->composite_unique = chance(15);
    table->key_at_end = chance(30);
    for (; table->count < wanted; table->count++)
        random_column(schema, table, table->count, vocabulary);
    for (unsigned i = 0; i < MOST_INDEXES; i++)
        if (chance(40))
            random_index(&table->indexes[i]);
    table->view = chance(40) ? 1 + random_below(3) : 0;
    table->trigger = chance(40) ? 1 + random_below(3) : 0;
}

struct schema *schema_random(const struct vocabulary *vocabulary)
{
    struct schema *schema = dara_alloc(sizeof(*schema));
    for (unsigned i = 0; i < MOST_TABLES; i++)
        if (i == 0 || chance(70))
            random_table(schema, i, vocabulary);
    return schema;
}

static void drop_column(struct rtable *table, unsigned at)
{
    memmove(&table->columns[at], &table->columns[at + 1], (table->count - at - 1) * sizeof(table->columns[0]));
    table->count--;
}

static void insert_column(const struct schema *schema, struct rtable *table, unsigned at,
                          const struct vocabulary *vocabulary)
{
    struct rtable copy = *table;
    random_column(schema, &copy, copy.count, vocabulary);
    struct rcolumn column = copy.columns[copy.count];
    memmove(&table->columns[at + 1], &table->columns[at], (table->count - at) * sizeof(table->columns[0]));
    table->columns[at] = column;
    table->count++;
}

static void mutate_table(const struct schema *schema, struct rtable *table, const struct vocabulary *vocabulary)
{
    unsigned at = random_below(table->count);
    struct rcolumn *column = &table->columns[at];
    switch (random_below(14)) {
    case 0:
    case 1:
        if (table->count < MOST_COLUMNS)
            insert_column(schema, table, table->count, vocabulary);
        break;
    case 2:
        if (table->count < MOST_COLUMNS)
            insert_column(schema, table, at, vocabulary);
        break;
    case 3:
        if (table->count > 1)
            drop_column(table, at);
        break;
    case 4:
        column->type = random_below(vocabulary->types);
        break;
    case 5:
        if (column->references < 0 && !column->generated)
            column->not_null = !column->not_null;
        break;
    case 6:
        column->check = !column->check;
        break;
    case 7:
        if (table->count > 1) {
            struct rcolumn other = table->columns[(at + 1) % table->count];
            table->columns[(at + 1) % table->count] = *column;
            *column = other;
        }
        break;
    case 8:
        random_index(&table->indexes[random_below(MOST_INDEXES)]);
        break;
    case 9:
        table->indexes[random_below(MOST_INDEXES)].there = false;
        break;
    case 10:
        table->view = random_below(4);
        break;
    case 11:
        table->trigger = random_below(4);
        break;
    case 12:
        table->composite_unique = !table->composite_unique;
        break;
    default:
        table->strict = !table->strict;
        table->autoincrement = !table->without_rowid && chance(50);
    }
}

struct schema *schema_mutated(const struct schema *schema, const struct vocabulary *vocabulary)
{
    struct schema *copy = dara_alloc(sizeof(*copy));
    *copy = *schema;
    unsigned changes = 1 + random_below(6);
    for (unsigned i = 0; i < changes; i++) {
        struct rtable *table = &copy->tables[random_below(MOST_TABLES)];
        if (table->there && (table == copy->tables || !chance(15)))
            mutate_table(copy, table, vocabulary);
        else if (table->there)
            table->there = false;
        else
            random_table(copy, (unsigned)(table - copy->tables), vocabulary);
    }
    /* A reference to a table that is gone, or new and empty, is another matter: rows would dangle. */
    for (unsigned i = 0; i < MOST_TABLES; i++)
        for (unsigned j = 0; j < copy->tables[i].count; j++) {
            int *to = &copy->tables[i].columns[j].references;
            if (*to >= 0 && (!copy->tables[*to].there || !schema->tables[*to].there ||
                             copy->tables[*to].name != schema->tables[*to].name))
                *to = -1;
        }
    return copy;
}

void schema_free(struct schema *schema)
{
    free(schema);
}
