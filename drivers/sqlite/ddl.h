/* SPDX-License-Identifier: MIT */
/* The CREATE statements that stand in sqlite_schema, read into structures. All memory is the pool's. */
#ifndef DARA_SQLITE_DDL_H
#define DARA_SQLITE_DDL_H

#include "normal.h"

struct sqlite_column {
    char *name;
    char *key;               /* folded */
    struct sqlite_span text; /* the whole definition */
    struct sqlite_span type;
    bool not_null;
    const char *not_null_conflict; /* folded, NULL for the default */
    struct sqlite_span default_value;
    struct sqlite_span generated; /* the expression */
    bool stored;
    char *collation; /* folded, or NULL */
    struct sqlite_column *next;
};

struct sqlite_constraint {
    const char *type;                  /* "primary key", "unique", "check", "foreign key" */
    char *name;                        /* NULL where it has none */
    char *key;                         /* identity within the table; set when the table is read */
    char *text;                        /* what it is called where it has no name */
    struct sqlite_column *column;      /* the column that carries it, NULL for one of the table */
    struct sqlite_list columns;        /* normal terms; of a foreign key: folded names */
    struct sqlite_span check;          /* the expression */
    char *expression;                  /* the same, normal */
    struct sqlite_column *rowid_alias; /* of a primary key: the column that is the rowid, or NULL */
    bool descends;                     /* PRIMARY KEY DESC behind a column */
    const char *conflict;              /* folded, NULL for the default */
    char *parent;                      /* table referred to, as written */
    struct sqlite_list parent_columns;
    const char *on_delete, *on_update; /* folded, NULL for "no action" */
    char *match;                       /* folded */
    bool deferred;                     /* deferrable initially deferred: the only form that defers */
    struct sqlite_constraint *next;
};

struct sqlite_table {
    char *name;
    struct sqlite_span name_token;
    struct sqlite_column *columns;
    struct sqlite_constraint *constraints;
    struct sqlite_names names; /* of its columns: key → struct sqlite_column */
    bool strict, without_rowid, autoincrement;
};

struct sqlite_index {
    char *name, *table;
    bool unique;
    struct sqlite_list columns; /* normal terms */
    struct sqlite_span where;
};

struct sqlite_view {
    char *name;
    struct sqlite_list columns; /* folded */
    struct sqlite_span select;
};

struct sqlite_trigger {
    char *name, *table;
    const char *timing;    /* "before", "after", "instead of" */
    const char *event;     /* "insert", "update", "delete" */
    struct sqlite_list of; /* columns, folded */
    struct sqlite_span when;
    struct sqlite_span body; /* between BEGIN and END */
};

struct sqlite_virtual {
    char *name;
    char *module; /* folded */
    struct sqlite_list arguments;
    struct sqlite_span text; /* of the arguments */
};

/* Each reads one statement and returns whether it understood all of it; what it made is complete only then. A name stands
 * without the schema before it. `known` (names of the table's columns) may be NULL. */
bool sqlite_ddl_table(struct sqlite_pool *pool, const char *text, struct sqlite_table *ret_table);
bool sqlite_ddl_index(struct sqlite_pool *pool, const char *text, const struct sqlite_names *known,
                      struct sqlite_index *ret_index);
bool sqlite_ddl_view(struct sqlite_pool *pool, const char *text, struct sqlite_view *ret_view);
bool sqlite_ddl_trigger(struct sqlite_pool *pool, const char *text, struct sqlite_trigger *ret_trigger);
bool sqlite_ddl_virtual(struct sqlite_pool *pool, const char *text, struct sqlite_virtual *ret_virtual);

/* The column of this folded name, or NULL. */
struct sqlite_column *sqlite_ddl_column(const struct sqlite_table *table, const char *key);
/* Whether the table's rowid is one of its columns: that column, or NULL. */
struct sqlite_column *sqlite_ddl_rowid_alias(const struct sqlite_table *table);

#endif
