/* SPDX-License-Identifier: MIT */
/* Statements of the driver's own. */
#include <string.h>

#include "queue.h"

/* Throw away what is left of a packet's results; the first error among them counts. */
static int drain(struct dara_conn *conn, const char *doing)
{
    for (;;) {
        mysql_free_result(mysql_store_result(conn->mysql));
        if (mysql_errno(conn->mysql))
            return mysql_fail(conn, 0, doing);
        int next = mysql_next_result(conn->mysql);
        if (next < 0)
            return 0;
        if (next > 0)
            return mysql_fail(conn, 0, doing);
    }
}

int mysql_run(struct dara_conn *conn, const char *sql, const char *doing)
{
    int code = mysql_queue_send(conn);
    if (code)
        return code;
    if (mysql_real_query(conn->mysql, sql, (unsigned long)strlen(sql)))
        return mysql_fail(conn, 0, doing);
    return drain(conn, doing);
}

int mysql_rows(struct dara_conn *conn, const char *sql, const char *doing, MYSQL_RES **ret_result)
{
    int code = mysql_queue_send(conn);
    if (code)
        return code;
    if (mysql_real_query(conn->mysql, sql, (unsigned long)strlen(sql)))
        return mysql_fail(conn, 0, doing);
    MYSQL_RES *result = mysql_store_result(conn->mysql);
    if (!result)
        return mysql_errno(conn->mysql) ? mysql_fail(conn, 0, doing)
                                        : dara_error_set(DARA_EINTERNAL, "%s: the server gave no rows", doing);
    *ret_result = result;
    return 0;
}

int mysql_multi(struct dara_conn *conn, bool on)
{
    if (conn->multi == on)
        return 0;
    if (mysql_set_server_option(conn->mysql, on ? MYSQL_OPTION_MULTI_STATEMENTS_ON : MYSQL_OPTION_MULTI_STATEMENTS_OFF))
        return mysql_fail(conn, 0, "cannot change how many statements a packet holds");
    conn->multi = on;
    return 0;
}
