/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "introspect.h"

int sqlite_reading_query(struct sqlite_reading *reading, const char *sql)
{
    sqlite3_finalize(reading->statement);
    reading->statement = NULL;
    if (sqlite3_prepare_v2(reading->conn->db, sql, -1, &reading->statement, NULL) != SQLITE_OK)
        return sqlite_fail(reading->conn, 0, "reading the schema");
    return 0;
}

int sqlite_reading_step(struct sqlite_reading *reading)
{
    int code = sqlite3_step(reading->statement);
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return code;
    return sqlite_fail(reading->conn, 0, "reading the schema");
}

static int families(struct dara_model *model)
{
    static const char *const read[] = {"table", "column",  "constraint", "virtual_table",
                                       "index", "trigger", "view",       "setting"};
    static const char *const unsupported[] = {"namespace", "policy",     "role", "routine",
                                              "sequence",  "collection", "type", "field"};
    int code = 0;
    for (size_t i = 0; !code && i < sizeof(read) / sizeof(read[0]); i++)
        code = dara_model_family(model, read[i], DARA_FAMILY_READ, NULL);
    for (size_t i = 0; !code && i < sizeof(unsupported) / sizeof(unsupported[0]); i++)
        code = dara_model_family(model, unsupported[i], DARA_FAMILY_UNSUPPORTED, "SQLite has none");
    return code;
}

static int read_row(struct sqlite_reading *reading, struct sqlite_row *row)
{
    static const struct {
        const char *kind;
        int (*read)(struct sqlite_reading *reading, struct sqlite_row *row);
    } readers[] = {
        {"table", sqlite_reading_table}, {"virtual_table", sqlite_reading_virtual}, {"view", sqlite_reading_view},
        {"index", sqlite_reading_index}, {"trigger", sqlite_reading_trigger},
    };
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
        if (strcmp(readers[i].kind, row->kind) == 0)
            return readers[i].read(reading, row);
    return dara_model_unrepresented(reading->model, row->kind, row->name, "an entry of sqlite_schema of unknown type");
}

/* When an object of the kind is read: views look at the columns of tables, what is owned at its owner. */
static int turn(const char *kind)
{
    if (strcmp(kind, "table") == 0)
        return 0;
    return strcmp(kind, "index") == 0 || strcmp(kind, "trigger") == 0 ? 2 : 1;
}

static int read_rows(struct sqlite_pool *pool, void *context)
{
    struct sqlite_reading *reading = context;
    int code = 0;
    reading->pool = pool;
    for (int now = 0; now < 3; now++)
        for (size_t i = 0; !code && i < reading->count; i++)
            if (!reading->rows[i].left_out && turn(reading->rows[i].kind) == now) {
                code = read_row(reading, &reading->rows[i]);
                sqlite_pool_reset(pool);
            }
    return code;
}

static int work(struct sqlite_pool *pool, void *context)
{
    struct sqlite_reading *reading = context;
    reading->pool = reading->kept = pool;
    int code = families(reading->model);
    if (!code)
        code = sqlite_reading_load(reading);
    if (!code)
        code = sqlite_reading_settings(reading);
    return code ? code : sqlite_pool_run(read_rows, reading);
}

int sqlite_introspect_read(struct dara_conn *conn, const struct dara_read *request, struct dara_model *model)
{
    struct sqlite_reading reading = {.conn = conn, .model = model};
    (void)request; /* SQLite has no namespaces to choose from */
    bool own = sqlite3_get_autocommit(conn->db) != 0;
    if (own && sqlite3_exec(conn->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_fail(conn, 0, "reading the schema");
    int code = sqlite_pool_run(work, &reading);
    sqlite3_finalize(reading.statement);
    if (own) /* only read in it: nothing is lost */
        sqlite3_exec(conn->db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}

int sqlite_introspect_count_rows(struct dara_conn *conn, const struct dara_object *object, uint64_t *ret_rows)
{
    char *sql = sqlite3_mprintf("SELECT count(*) FROM main.\"%w\"", dara_object_name(object));
    if (!sql)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    sqlite3_stmt *statement = NULL;
    int code = 0;
    if (sqlite3_prepare_v2(conn->db, sql, -1, &statement, NULL) != SQLITE_OK || sqlite3_step(statement) != SQLITE_ROW)
        code = sqlite_fail(conn, 0, "counting rows");
    else
        *ret_rows = (uint64_t)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_free(sql);
    return code;
}
