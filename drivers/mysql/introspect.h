/* SPDX-License-Identifier: MIT */
/* What the files introspect*.c share: one reading of a database. */
#ifndef DARA_MYSQL_INTROSPECT_H
#define DARA_MYSQL_INTROSPECT_H

#include "batch.h"
#include "normal.h"
#include "walk.h"

/* A table, view or sequence (its name), a routine or a package (its key), and the object once it is read. */
struct mysql_known {
    char *name;
    struct dara_object *object;
};

struct mysql_reading {
    struct dara_conn *conn;
    struct dara_model *model;
    const char *database;
    const char *collation;         /* of the database */
    MYSQL_RES *charsets;           /* rows of character set and its collation; NULL = none known */
    MYSQL_RES *accounts;           /* rows of "user@host"; NULL = not to be seen */
    MYSQL_RES *grants;             /* rows of routine type, name, user, host, rights; NULL = not to be seen */
    struct mysql_known *relations; /* sorted by name */
    struct mysql_known *routines;  /* sorted by key: "function name", "package name" */
    size_t relation_count, routine_count;
};

/* What has this name among `count` of them, or NULL. */
struct mysql_known *mysql_known_find(struct mysql_known *list, size_t count, const char *name);
/* The collation that a character set (of `length` bytes) has by itself, or NULL. */
const char *mysql_reading_collation(const struct mysql_reading *reading, const char *charset);

/* The A to Z of a name in lower case; free(). NULL after DARA_EINTERNAL was set. */
char *mysql_fold(const char *name);
/* A property from what a buffer holds, which is cleared; nothing where it is empty. */
int mysql_set_buffer(struct dara_object *object, const char *property, struct mysql_buffer *buffer);
/* A property from a piece of text, as it is. */
int mysql_set_slice(struct dara_object *object, const char *property, struct mysql_slice slice);

/* The property "sql" of a line of a table's definition. */
int mysql_set_line(const struct mysql_reading *reading, struct dara_object *object, struct mysql_slice line);

/* introspect-table.c: SHOW CREATE TABLE of a table, and (MariaDB) of a sequence. */
int mysql_read_table(struct mysql_reading *reading, const char *name, const char *sql);
int mysql_read_sequence(struct mysql_reading *reading, const char *name, const char *sql);

/* introspect-column.c, introspect-key.c: one line of a table's definition. `table` owns what is added. */
struct mysql_table {
    struct dara_object *object;
    const char *name, *engine, *collation;
};
int mysql_read_column(struct mysql_reading *reading, const struct mysql_table *table, struct mysql_slice line);
/* `*ret_known` is false for a line that is neither key nor constraint. */
int mysql_read_key(struct mysql_reading *reading, const struct mysql_table *table, struct mysql_slice line,
                   int position, bool *ret_known);

/* introspect-grant.c: who has rights on a routine or package by itself; `type` "procedure", "package" … */
int mysql_read_grants(struct mysql_reading *reading, struct dara_object *object, const char *type, const char *name);

/* introspect-program.c: what has a body. */
struct mysql_made_under {
    const char *sql, *sql_mode, *client, *connection;
    const char *broken; /* of a view: why no server makes it again; NULL = one does */
};
int mysql_read_routine(struct mysql_reading *reading, const char *type, const char *name,
                       const struct mysql_made_under *made);
int mysql_read_event(struct mysql_reading *reading, const char *name, const char *time_zone,
                     const struct mysql_made_under *made);
int mysql_read_view(struct mysql_reading *reading, const char *name, const struct mysql_made_under *made);
struct mysql_trigger {
    const char *name, *table, *timing, *event, *order, *body;
    const char *before; /* the one that fires before it for the same table, timing and event; NULL = none */
};
int mysql_read_trigger(struct mysql_reading *reading, const struct mysql_trigger *trigger,
                       const struct mysql_made_under *made);

#endif
