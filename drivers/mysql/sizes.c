/* SPDX-License-Identifier: MIT */
/* How large the tables are, as the catalog estimates them. */
#include <stdlib.h>

#include "my.h"

/* MySQL keeps what it once found for a day, unless it is told not to. */
static int ask(struct dara_conn *conn, MYSQL_RES **ret_result)
{
    static const char sql[] =
        "SELECT TABLE_NAME, TABLE_ROWS, DATA_LENGTH + IFNULL(INDEX_LENGTH, 0) FROM information_schema.TABLES"
        " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE LIKE '%TABLE'";
    int code =
        conn->mariadb ? 0 : mysql_run(conn, "SET SESSION information_schema_stats_expiry = 0", "cannot ask for sizes");
    return code ? code : mysql_rows(conn, sql, "cannot read how large the tables are", ret_result);
}

static int64_t number(const char *text)
{
    return text ? (int64_t)strtoll(text, NULL, 10) : -1;
}

int mysql_introspect_sizes(struct dara_conn *conn, struct dara_sizes *sizes)
{
    MYSQL_RES *result = NULL;
    MYSQL_ROW row;
    int code = ask(conn, &result);
    if (code)
        return code;
    while ((row = mysql_fetch_row(result)))
        dara_sizes_add(sizes, "table", NULL, row[0], number(row[1]), number(row[2]));
    mysql_free_result(result);
    return 0;
}
