/* SPDX-License-Identifier: MIT */
/* What dara's own rules look at: the tables of a model with their columns, keys and foreign keys, worked out once for all rules. */
#ifndef DARA_SERVICE_AUDIT_LOOK_H
#define DARA_SERVICE_AUDIT_LOOK_H

#include "base/arena.h"
#include "driver/session.h"

/* An index, a primary key or a unique constraint. */
struct dara_look_key {
    const struct dara_object *object;
    struct dara_index_desc desc;
    bool primary;
    bool constraint;
};

struct dara_look_table;

/* A foreign key. */
struct dara_look_link {
    const struct dara_object *object;
    size_t count;
    const char *const *columns;
    const char *const *referenced;        /* as many; those of the parent's primary key where they are not named */
    const struct dara_look_table *parent; /* NULL: it is not there, or is no table of the model */
    const char *parent_name;              /* as the model has it */
    bool elsewhere;                       /* in a namespace that was not read */
};

struct dara_look_table {
    const struct dara_object *object;
    bool follows; /* a partition: not judged by itself */
    size_t column_count, key_count, link_count, incoming;
    const struct dara_object **columns; /* in the order people see */
    struct dara_look_key *keys;
    struct dara_look_link *links;
    const struct dara_look_key *primary; /* or NULL */
};

struct dara_look {
    const struct dara_driver *driver;
    const struct dara_model *model;
    struct dara_audit *audit;
    struct dara_arena *arena;
    size_t count;
    struct dara_look_table *tables;
};

/* Work it out. What cannot be is an error of the driver. Free with dara_look_done(), also after a failure. */
int dara_look_begin(struct dara_look *look, const struct dara_driver *driver, const struct dara_model *model,
                    struct dara_audit *audit);
void dara_look_done(struct dara_look *look);
#define DARA_LOOK_LOCAL DARA_CLEANUP(dara_look_done) struct dara_look

/* The column of this key, or NULL. */
const struct dara_object *dara_look_column(const struct dara_look_table *table, const char *key);
/* Whether no row can have NULL there: said so, or part of the primary key of a table whose engine keeps it. */
bool dara_look_is_required(const struct dara_look_table *table, const struct dara_object *column);
/* Report a finding, with the driver's statement where it has one. `mark` may be NULL. */
void dara_look_find(const struct dara_look *look, const char *rule, const struct dara_object *object, const char *mark,
                    const char *format, ...) DARA_PRINTF(5, 6);

/* One of dara's own rules. */
struct dara_look_rule {
    struct dara_rule rule;
    void (*table)(const struct dara_look *look, const struct dara_look_table *table, const char *rule); /* each one */
    void (*whole)(const struct dara_look *look, const char *rule);                                      /* or all */
};
extern const struct dara_look_rule dara_look_rules[];
extern const size_t dara_look_rule_count;

/* audit-table.c */
void dara_look_no_primary_key(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
void dara_look_no_columns(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
void dara_look_single_column(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
void dara_look_all_nullable(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
void dara_look_incrementing(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
void dara_look_primary_not_first(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
void dara_look_useless_surrogate(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
void dara_look_quoted_name(const struct dara_look *look, const char *rule);
/* audit-column.c */
void dara_look_float_money(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
void dara_look_small_key(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
void dara_look_null_string(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
void dara_look_types_differ(const struct dara_look *look, const char *rule);
/* audit-index.c */
void dara_look_duplicate_index(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
void dara_look_redundant_index(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
void dara_look_nullable_unique(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
/* audit-link.c */
void dara_look_link_index(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
void dara_look_link_types(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
void dara_look_link_itself(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
void dara_look_link_missing(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
void dara_look_link_not_unique(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
void dara_look_link_duplicate(const struct dara_look *look, const struct dara_look_table *table, const char *rule);
void dara_look_link_cycle(const struct dara_look *look, const char *rule);

#endif
