/* SPDX-License-Identifier: MIT */
/* Rows as INSERT statements that restore them exactly. */
#include <stdlib.h>
#include <string.h>

#include "bulk.h"

#define BATCH_ROWS  500
#define BATCH_BYTES 65536u

/* ---- collecting text ------------------------------------------------------------------------------------------------------ */

void sqlite_export_add(struct sqlite_export *it, const char *bytes, size_t length)
{
    if (it->length + length > it->room) {
        size_t room = (it->length + length) * 2 + 256;
        char *larger = realloc(it->bytes, room);
        if (!larger) {
            it->failed = true;
            return;
        }
        it->bytes = larger;
        it->room = room;
    }
    memcpy(it->bytes + it->length, bytes, length);
    it->length += length;
}

void sqlite_export_string(struct sqlite_export *it, const char *string)
{
    sqlite_export_add(it, string, strlen(string));
}

void sqlite_export_name(struct sqlite_export *it, const char *name)
{
    sqlite_export_string(it, "\"");
    for (; *name; name++) {
        if (*name == '"')
            sqlite_export_string(it, "\"");
        sqlite_export_add(it, name, 1);
    }
    sqlite_export_string(it, "\"");
}

/* A blob much larger than a batch does not keep its room for the rest of the table. */
static int flush(struct sqlite_export *it)
{
    if (it->failed)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    int code = it->length ? it->write(it->context, it->bytes, it->length) : 0;
    it->length = 0;
    if (it->room > 4 * (size_t)BATCH_BYTES) {
        free(it->bytes);
        it->bytes = NULL;
        it->room = 0;
    }
    return code;
}

/* ---- statements ------------------------------------------------------------------------------------------------------------ */

static void add_columns(struct sqlite_export *it)
{
    for (size_t i = 0; i < it->column_count; i++) {
        if (i)
            sqlite_export_string(it, ",");
        /* The rowid goes by its bare name: in quotes it could be taken for a string. */
        if (i == 0 && it->rowid)
            sqlite_export_string(it, it->columns[i]);
        else
            sqlite_export_name(it, it->columns[i]);
    }
}

static void begin_insert(struct sqlite_export *it)
{
    sqlite_export_string(it, "INSERT INTO ");
    sqlite_export_name(it, it->table);
    sqlite_export_string(it, "(");
    add_columns(it);
    sqlite_export_string(it, ") VALUES\n");
}

static void add_row(struct sqlite_export *it, sqlite3_stmt *rows)
{
    sqlite_export_string(it, "(");
    for (int i = 0; i < (int)it->column_count; i++) {
        if (i)
            sqlite_export_string(it, ",");
        sqlite_export_value(it, sqlite3_column_value(rows, i));
    }
    sqlite_export_string(it, ")");
}

static int export_all(struct sqlite_export *it, sqlite3_stmt *rows)
{
    size_t in_batch = 0;
    int stepped, code = 0;
    while (!code && (stepped = sqlite3_step(rows)) == SQLITE_ROW) {
        if (in_batch)
            sqlite_export_string(it, ",\n");
        else
            begin_insert(it);
        add_row(it, rows);
        it->rows++;
        in_batch++;
        if (in_batch == BATCH_ROWS || it->length >= BATCH_BYTES) {
            sqlite_export_string(it, ";\n");
            code = flush(it);
            in_batch = 0;
        }
    }
    if (code)
        return code;
    if (stepped != SQLITE_DONE)
        return sqlite_fail(it->conn, 0, "cannot read the rows");
    if (in_batch)
        sqlite_export_string(it, ";\n");
    return flush(it);
}

/* In the order of the rowid, or of the primary key: the same rows give the same text. */
static int select_rows(struct sqlite_export *it, sqlite3_stmt **ret_rows)
{
    sqlite_export_string(it, "SELECT ");
    add_columns(it);
    sqlite_export_string(it, " FROM main.");
    sqlite_export_name(it, it->table);
    if (it->order) {
        sqlite_export_string(it, " ORDER BY ");
        sqlite_export_string(it, it->order);
    }
    sqlite_export_add(it, "", 1);
    if (it->failed)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    int result = sqlite3_prepare_v2(it->conn->db, it->bytes, -1, ret_rows, NULL);
    it->length = 0;
    return result == SQLITE_OK ? 0 : sqlite_fail(it->conn, 0, "cannot read the rows");
}

/* The counter of an AUTOINCREMENT table may be above its largest row: rows that were deleted must not lend their number
 * again. */
static int export_sequence(struct sqlite_export *it)
{
    sqlite3_int64 there = 0;
    int code = sqlite_run_int(
        it->conn, "SELECT count(*) FROM main.sqlite_schema WHERE type = 'table' AND name = 'sqlite_sequence'", 0,
        &there);
    if (code || !there)
        return code;
    sqlite3_stmt *row = NULL;
    if (sqlite3_prepare_v2(it->conn->db, "SELECT name, seq FROM main.sqlite_sequence WHERE name = ?1", -1, &row,
                           NULL) != SQLITE_OK)
        return sqlite_fail(it->conn, 0, "cannot read sqlite_sequence");
    sqlite3_bind_text(row, 1, it->table, -1, SQLITE_STATIC);
    if (sqlite3_step(row) == SQLITE_ROW) {
        sqlite_export_string(it, "DELETE FROM sqlite_sequence WHERE name = ");
        sqlite_export_value(it, sqlite3_column_value(row, 0));
        sqlite_export_string(it, ";\nINSERT INTO sqlite_sequence(name,seq) VALUES(");
        sqlite_export_value(it, sqlite3_column_value(row, 0));
        sqlite_export_string(it, ",");
        sqlite_export_value(it, sqlite3_column_value(row, 1));
        sqlite_export_string(it, ");\n");
    }
    code = sqlite3_finalize(row) == SQLITE_OK ? flush(it) : sqlite_fail(it->conn, 0, "cannot read sqlite_sequence");
    return code;
}

static int export_table(struct sqlite_export *it)
{
    sqlite3_stmt *rows = NULL;
    bool has_rows = true;
    int code = sqlite_export_describe(it, &has_rows);
    if (code || !has_rows)
        return code;
    code = select_rows(it, &rows);
    if (!code)
        code = export_all(it, rows);
    sqlite3_finalize(rows);
    return code ? code : export_sequence(it);
}

int sqlite_bulk_export_rows(struct dara_conn *conn, const struct dara_object *object,
                            int (*write)(void *context, const char *bytes, size_t length), void *context,
                            uint64_t *ret_rows)
{
    struct sqlite_export it = {
        .conn = conn, .table = dara_object_name(object), .write = write, .context = context, .rows = 0};
    int code = export_table(&it);
    for (size_t i = 0; i < it.column_count; i++)
        free(it.columns[i]);
    free(it.columns);
    free(it.order);
    free(it.bytes);
    sqlite3_finalize(it.as_real);
    sqlite3_finalize(it.as_blob);
    if (!code)
        *ret_rows = it.rows;
    return code;
}
