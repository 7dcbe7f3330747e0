/* SPDX-License-Identifier: MIT */
/* The state of one export of rows. */
#ifndef DARA_SQLITE_BULK_H
#define DARA_SQLITE_BULK_H

#include "driver.h"

struct sqlite_export {
    struct dara_conn *conn;
    const char *table;
    int (*write)(void *context, const char *bytes, size_t length);
    void *context;
    uint64_t rows;

    char **columns; /* those that can be written; the first is the rowid's name when `rowid` */
    size_t column_count;
    bool rowid;
    char *order; /* what follows ORDER BY, or NULL */

    char *bytes; /* what is to be written next */
    size_t length, room;
    bool failed; /* out of memory */

    sqlite3_stmt *as_real; /* how SQLite reads a number back; made when needed */
    sqlite3_stmt *as_blob; /* the bytes of a text as the file holds them */
};

/* bulk.c: append to what is to be written. A failed allocation is kept in `failed`. */
void sqlite_export_add(struct sqlite_export *it, const char *bytes, size_t length);
void sqlite_export_string(struct sqlite_export *it, const char *string);
void sqlite_export_name(struct sqlite_export *it, const char *name);

/* bulk-table.c: the columns, the rowid and the order. `*ret_has_rows` is false for a virtual table that only shows what
 * others hold. DARA_EUNSUPPORTED names a virtual table whose rows cannot be read back. */
int sqlite_export_describe(struct sqlite_export *it, bool *ret_has_rows);

/* bulk-value.c: append a value as a literal that gives exactly the same value, and the same type. */
void sqlite_export_value(struct sqlite_export *it, sqlite3_value *value);

#endif
