/* SPDX-License-Identifier: MIT */
/*
 * Who was in the way of a statement that did not get its locks. The server's error does not tell, and afterwards nobody waits any more: what is
 * looked for is who holds locks on what the statement names. MySQL keeps a list of such locks; MariaDB does so where a plugin is loaded. Else
 * sessions of the same database are told, those with a transaction first, as ones that may be it.
 */
#include <stdlib.h>
#include <string.h>

#include "apply.h"

#define TOLD_MAX  "4"
#define SINCE     "DATE_FORMAT(CONVERT_TZ(x.trx_started, @@session.time_zone, '+00:00'), '%Y-%m-%dT%H:%i:%sZ')"
#define AND_TRX   " LEFT JOIN information_schema.INNODB_TRX x ON x.trx_mysql_thread_id = p.ID"
#define OTHERS    " FROM information_schema.PROCESSLIST p"
#define NOT_SELF  " p.ID <> CONNECTION_ID() AND p.COMMAND <> 'Daemon'"
#define IN_HERE   " WHERE p.DB = DATABASE() AND" NOT_SELF
#define MAY_STATE "CONCAT('may hold the lock, ', LOWER(p.COMMAND))"

/* Columns: id, user and host, state, since, object, mode. What cannot be asked here is passed over; errors are left as they are. */
static bool tell(struct dara_conn *conn, const char *sql, struct dara_result *result)
{
    MYSQL_ROW row;
    if (mysql_real_query(conn->mysql, sql, (unsigned long)strlen(sql)))
        return false;
    MYSQL_RES *rows = mysql_store_result(conn->mysql);
    bool found = false;
    while (rows && (row = mysql_fetch_row(rows))) {
        const struct dara_other other = {
            .size = sizeof(other), .id = row[0], .user = row[1], .state = row[2], .since = row[3]};
        if (!other.id)
            continue;
        dara_result_waits(result, &other, row[4], row[5]);
        found = true;
    }
    mysql_free_result(rows);
    return found;
}

/* Those who hold a lock on a table of this database whose name stands in the statement. `locks` is a subquery of id, name and mode. */
static bool tell_holders(struct dara_conn *conn, const char *locks, const char *text, struct dara_result *result)
{
    struct mysql_buffer sql = {0};
    mysql_buffer_add(&sql, "SELECT p.ID, CONCAT(p.USER, '@', p.HOST), LOWER(p.COMMAND), MIN(" SINCE
                           "), MIN(l.name), MIN(l.mode)" OTHERS " JOIN (");
    mysql_buffer_add(&sql, locks);
    mysql_buffer_add(&sql, ") l ON l.id = p.ID" AND_TRX " WHERE" NOT_SELF " AND LOCATE(LOWER(l.name), LOWER(");
    mysql_value_add(conn, &sql, text);
    mysql_buffer_add(&sql, ")) > 0 GROUP BY p.ID, p.USER, p.HOST, p.COMMAND ORDER BY p.ID LIMIT " TOLD_MAX);
    bool found = mysql_buffer_check(&sql) == 0 && tell(conn, mysql_buffer_get(&sql), result);
    mysql_buffer_free(&sql);
    return found;
}

void mysql_tell_blockers(struct dara_conn *conn, const char *text, size_t length, struct dara_result *result)
{
    static const char mysql_locks[] =
        "SELECT t.PROCESSLIST_ID AS id, m.OBJECT_NAME AS name, m.LOCK_TYPE AS mode FROM "
        "performance_schema.metadata_locks m"
        " JOIN performance_schema.threads t ON t.THREAD_ID = m.OWNER_THREAD_ID"
        " WHERE m.OBJECT_TYPE = 'TABLE' AND m.LOCK_STATUS = 'GRANTED' AND m.OBJECT_SCHEMA = DATABASE()";
    static const char mariadb_locks[] =
        "SELECT THREAD_ID AS id, TABLE_NAME AS name, LOCK_MODE AS mode FROM information_schema.METADATA_LOCK_INFO"
        " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME <> ''";
    static const char with_transaction[] =
        "SELECT p.ID, CONCAT(p.USER, '@', p.HOST), " MAY_STATE ", " SINCE ", NULL, NULL" OTHERS AND_TRX IN_HERE
        " ORDER BY x.trx_started IS NULL, x.trx_started, p.COMMAND = 'Sleep', p.ID LIMIT " TOLD_MAX;
    static const char seen[] =
        "SELECT p.ID, CONCAT(p.USER, '@', p.HOST), " MAY_STATE ", NULL, NULL, NULL" OTHERS IN_HERE
        " ORDER BY p.COMMAND = 'Sleep', p.ID LIMIT " TOLD_MAX;
    char *copy = strndup(text, length);
    if (copy && !tell_holders(conn, conn->mariadb ? mariadb_locks : mysql_locks, copy, result) &&
        !tell(conn, with_transaction, result))
        (void)tell(conn, seen, result);
    free(copy);
}
