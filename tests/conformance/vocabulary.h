/* SPDX-License-Identifier: MIT */
/* What a random schema is made of, and the words an engine says it with. */
#ifndef DARA_CONFORMANCE_VOCABULARY_H
#define DARA_CONFORMANCE_VOCABULARY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum { MOST_COLUMNS = 7, MOST_TABLES = 4, MOST_INDEXES = 3 };

struct rcolumn {
    unsigned name, type; /* indices into the vocabulary */
    unsigned initial;    /* 0 = no default, else index + 1 */
    bool not_null, unique, check, generated, stored, collated;
    int references; /* index of a table, or -1: then the column holds ids */
    bool deferred;
    unsigned action;
};
struct rindex {
    bool there, unique, partial, expression, descending;
    unsigned name, column;
};
struct rtable {
    bool there, strict, without_rowid, autoincrement, composite_unique, key_at_end;
    unsigned name;
    unsigned count;
    struct rcolumn columns[MOST_COLUMNS];
    struct rindex indexes[MOST_INDEXES];
    unsigned view, trigger; /* 0 = none, else which */
};
struct schema {
    struct rtable tables[MOST_TABLES];
};

struct vocabulary {
    const char *engine;
    const char *variable; /* holds the server's URL; NULL: none is needed */
    const char *url;      /* for scratch databases; with a variable, what is added to it */
    unsigned types, initials, actions;
    void (*emit)(const struct schema *schema, struct dara_text *out);
    /* May be NULL: takes the rows away again, where a constraint that is added is checked at once. */
    void (*empty)(const struct schema *schema, struct dara_text *out);
    void (*rows)(const struct schema *schema, struct dara_text *out);
    /* Queries, separated by \x1e, over what both schemas have. */
    void (*queries)(const struct schema *a, const struct schema *b, struct dara_text *out);
};

extern const char *const hostile_names[]; /* NULL-ended */
unsigned hostile_count(void);
uint32_t random_below(uint32_t limit);
struct schema *schema_random(const struct vocabulary *vocabulary);
struct schema *schema_mutated(const struct schema *schema, const struct vocabulary *vocabulary);
void schema_free(struct schema *schema);
const struct vocabulary *vocabulary_find(const char *engine);
extern const struct vocabulary vocabulary_sqlite, vocabulary_postgres;

#endif
