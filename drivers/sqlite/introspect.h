/* SPDX-License-Identifier: MIT */
/* What the files introspect*.c share: the rows of sqlite_schema, and what they became. */
#ifndef DARA_SQLITE_INTROSPECT_H
#define DARA_SQLITE_INTROSPECT_H

#include "ddl.h"
#include "driver.h"

struct sqlite_row {
    char *type, *name, *key, *table, *sql; /* `table` is folded; `sql` is NULL for automatic indexes */
    bool left_out;                         /* internal, dara's own, a shadow table, or what belongs to one */
    bool mute;                             /* left out without a word: not the user's */
    struct sqlite_virtual *virtual_table;  /* read text, by type; NULL where it was not understood */
    struct sqlite_names *columns;          /* of a table: folded names, in `kept` */
    struct sqlite_view *view;
    const char *kind; /* of its object */
    struct dara_object *object;
};

struct sqlite_reading {
    struct dara_conn *conn;
    struct dara_model *model;
    struct sqlite_pool *pool; /* while objects are made from rows: of one row */
    struct sqlite_pool *kept; /* of the whole reading */
    sqlite3_stmt *statement;  /* the running one, finalized by whoever ran the pool */
    struct sqlite_row *rows;
    size_t count;
    struct sqlite_names tables; /* folded name → row, of tables, views and virtual tables that are objects */
};

/* Prepare, as reading->statement. The error is set. */
int sqlite_reading_query(struct sqlite_reading *reading, const char *sql);
/* The next row: SQLITE_ROW, SQLITE_DONE, or an error code of dara, which is set. */
int sqlite_reading_step(struct sqlite_reading *reading);

/* introspect-rows.c: fill rows from sqlite_schema and mark what is left out. */
int sqlite_reading_load(struct sqlite_reading *reading);
/* introspect-table.c: a table with its columns and constraints. */
int sqlite_reading_table(struct sqlite_reading *reading, struct sqlite_row *row);
/* introspect-object.c */
int sqlite_reading_virtual(struct sqlite_reading *reading, struct sqlite_row *row);
int sqlite_reading_view(struct sqlite_reading *reading, struct sqlite_row *row);
int sqlite_reading_index(struct sqlite_reading *reading, struct sqlite_row *row);
int sqlite_reading_trigger(struct sqlite_reading *reading, struct sqlite_row *row);
int sqlite_reading_settings(struct sqlite_reading *reading);

#endif
