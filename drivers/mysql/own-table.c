/* SPDX-License-Identifier: MIT */
/* dara's own tables in the database. */
#include <stdlib.h>
#include <string.h>

#include "apply.h"

void mysql_value_add(struct dara_conn *conn, struct mysql_buffer *sql, const char *value)
{
    if (!value) {
        mysql_buffer_add(sql, "NULL");
        return;
    }
    size_t length = strlen(value);
    char *escaped = malloc(2 * length + 1);
    if (!escaped) {
        sql->failed = true;
        return;
    }
    unsigned long written = mysql_real_escape_string(conn->mysql, escaped, value, (unsigned long)length);
    mysql_buffer_add(sql, "'");
    mysql_buffer_add_bytes(sql, escaped, written);
    mysql_buffer_add(sql, "'");
    free(escaped);
}

int mysql_buffer_run(struct dara_conn *conn, struct mysql_buffer *sql, const char *doing)
{
    int code = mysql_buffer_check(sql);
    code = code ? code : mysql_run(conn, mysql_buffer_get(sql), doing);
    mysql_buffer_free(sql);
    return code;
}

int mysql_buffer_rows(struct dara_conn *conn, struct mysql_buffer *sql, const char *doing, MYSQL_RES **ret_result)
{
    int code = mysql_buffer_check(sql);
    code = code ? code : mysql_rows(conn, mysql_buffer_get(sql), doing, ret_result);
    mysql_buffer_free(sql);
    return code;
}

int mysql_own_table_rows(struct dara_conn *conn, const char *sql, const char *doing, MYSQL_RES **ret_result)
{
    int code = mysql_rows(conn, sql, doing, ret_result);
    if (!code || mysql_errno(conn->mysql) != 1146)
        return code;
    dara_error_clear(); /* no table is no rows */
    *ret_result = NULL;
    return 0;
}

/* ---- making one --------------------------------------------------------------------------------------------------------------- */

static int fail_foreign(const char *name)
{
    dara_error_set(DARA_ECONFIG, "the table '%s' was not made by dara: it has other columns", name);
    dara_error_hint("rename that table; dara keeps its own under this name");
    return DARA_ECONFIG;
}

/* How many columns the table has; 0: it is not there. */
static int count_columns(struct dara_conn *conn, const char *name, unsigned *ret_count)
{
    struct mysql_buffer sql = {0};
    MYSQL_RES *result = NULL;
    mysql_buffer_add(&sql, "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"
                           " AND TABLE_NAME = ");
    mysql_value_add(conn, &sql, name);
    int code = mysql_buffer_rows(conn, &sql, "cannot look for dara's own tables", &result);
    if (code)
        return code;
    MYSQL_ROW row = mysql_fetch_row(result);
    *ret_count = row && row[0] ? (unsigned)strtoul(row[0], NULL, 10) : 0;
    mysql_free_result(result);
    return 0;
}

static int create(struct dara_conn *conn, const struct mysql_own_table *table, bool temporary)
{
    struct mysql_buffer sql = {0};
    mysql_buffer_format(&sql,
                        "CREATE %sTABLE IF NOT EXISTS %s (\n%s\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
                        " COLLATE=utf8mb4_bin",
                        temporary ? "TEMPORARY " : "", table->name, table->columns);
    return mysql_buffer_run(conn, &sql, "cannot make dara's own table");
}

static int ensure_here(struct dara_conn *conn, const struct mysql_own_table *table)
{
    unsigned count = 0;
    int code = count_columns(conn, table->name, &count);
    if (code)
        return code;
    if (count)
        return count == table->count ? 0 : fail_foreign(table->name);
    return create(conn, table, conn->mode == DARA_MODE_REHEARSE);
}

/* A transaction that has read anything, the catalog included, does not see a table that is made later. */
static int ensure_beside(struct dara_conn *conn, const struct mysql_own_table *table)
{
    static const struct dara_url nowhere = {.size = sizeof(nowhere), .redacted = "the server"};
    struct dara_conn beside = {.mode = DARA_MODE_WRITE};
    int code = mysql_connect(conn->login, &nowhere, conn->database, &beside.mysql);
    if (code)
        return code;
    code = ensure_here(&beside, table);
    mysql_close(beside.mysql);
    return code;
}

int mysql_own_table_ensure(struct dara_conn *conn, const struct mysql_own_table *table)
{
    bool beside = conn->in_transaction && conn->mode == DARA_MODE_WRITE;
    return beside ? ensure_beside(conn, table) : ensure_here(conn, table);
}
