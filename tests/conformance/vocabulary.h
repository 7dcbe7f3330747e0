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

/* What is before and behind something. */
struct around {
    const char *before, *behind;
};

struct vocabulary {
    const char *engine;
    const char *variable; /* holds the server's URL; NULL: none is needed */
    const char *url;      /* for scratch databases; with a variable, what is added to it */
    unsigned types, initials, actions;
    void (*emit)(const struct schema *schema, struct dara_text *out);
    char quote;                     /* around names, doubled within */
    const char *(*spell)(unsigned); /* may be NULL: another name, where the engine does not take the hostile one */
    const char *value;              /* around a value of a row: "'" or nothing */
    struct around number;           /* around a column whose value is to be compared as a number */
    struct around expression;       /* around the column of an index on an expression */
    struct around rows;             /* statements around those that insert rows */
    struct around empty,
        empty_each; /* statements around those that take the rows away, and what stands around each table;
                                        NULL: none need be taken away, as a constraint that is added is not checked at once */
};

extern const char *const hostile_names[]; /* NULL-ended */
unsigned hostile_count(void);
uint32_t random_below(uint32_t limit);
struct schema *schema_random(const struct vocabulary *vocabulary);
struct schema *schema_mutated(const struct schema *schema, const struct vocabulary *vocabulary);
void schema_free(struct schema *schema);
const struct vocabulary *vocabulary_find(const char *engine);
extern const struct vocabulary vocabulary_sqlite, vocabulary_postgres, vocabulary_mariadb, vocabulary_mysql;

/* vocabulary.c: what all engines say alike. */
void vocabulary_name(const struct vocabulary *vocabulary, const char *prefix, unsigned name, struct dara_text *out);
void vocabulary_table(const struct vocabulary *vocabulary, const struct schema *schema, unsigned at,
                      struct dara_text *out);
/* CREATE INDEX, CREATE VIEW of the table `at`. */
void vocabulary_index(const struct vocabulary *vocabulary, const struct schema *schema, unsigned at, unsigned which,
                      struct dara_text *out);
void vocabulary_view(const struct vocabulary *vocabulary, const struct schema *schema, unsigned at,
                     struct dara_text *out);
/* INSERTs of four rows into each table; statements that take them away again, where need be. */
void vocabulary_rows(const struct vocabulary *vocabulary, const struct schema *schema, struct dara_text *out);
void vocabulary_empty(const struct vocabulary *vocabulary, const struct schema *schema, struct dara_text *out);
/* Queries, separated by \x1e, over the rows of what both schemas have. */
void vocabulary_queries(const struct vocabulary *vocabulary, const struct schema *a, const struct schema *b,
                        struct dara_text *out);

#endif
