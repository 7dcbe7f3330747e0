/* SPDX-License-Identifier: MIT */
#include "lease.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply.h"

static const struct mysql_own_table table = {
    .name = MYSQL_LEASE_TABLE,
    .columns = "  name varchar(32) NOT NULL,\n"
               "  owner text NOT NULL,\n"
               "  connection bigint unsigned NOT NULL,\n"
               "  token bigint unsigned NOT NULL,\n"
               "  writes bigint unsigned NOT NULL,\n"
               "  taken_at datetime(6) NOT NULL,\n"
               "  renewed_at datetime(6) NOT NULL,\n"
               "  lease_ms int unsigned NOT NULL,\n"
               "  PRIMARY KEY (name)",
    .count = 8,
};

/* ---- the rows ------------------------------------------------------------------------------------------------------------------- */

void mysql_holding_free(struct mysql_holding *holding)
{
    free(holding->owner);
    *holding = (struct mysql_holding){0};
}

int mysql_holding_ensure(struct dara_conn *conn)
{
    int code = mysql_own_table_ensure(conn, &table);
    return code ? code
                : mysql_run(conn,
                            "INSERT IGNORE INTO " MYSQL_LEASE_TABLE
                            " VALUES ('lock', '', 0, 0, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), 0),"
                            " ('beat', '', 0, 0, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), 0)",
                            "cannot prepare the table of the lock");
}

/* The clocks of a cluster's servers differ, and the one that renewed it may be another: there it must have been over for long, or have stood
 * still before our eyes for as long as it lasts and half of that again. */
static bool is_over(struct dara_conn *conn, const struct mysql_holding *holding)
{
    if (!conn->cluster)
        return holding->age_ms > holding->lease_ms;
    if (holding->age_ms > (long long)holding->lease_ms + MYSQL_LEASE_SKEW_MS)
        return true;
    struct mysql_watch *watch = &conn->watch;
    if (watch->token != holding->token || strcmp(watch->renewed_at, holding->renewed_at) != 0) {
        watch->token = holding->token;
        snprintf(watch->renewed_at, sizeof(watch->renewed_at), "%s", holding->renewed_at);
        watch->since_ms = mysql_beat_now();
    }
    return mysql_beat_now() - watch->since_ms > (long long)holding->lease_ms * 3 / 2;
}

int mysql_holding_read(struct dara_conn *conn, struct mysql_holding *ret)
{
    static const char sql[] =
        "SELECT l.token, b.lease_ms, b.renewed_at,"
        " TIMESTAMPDIFF(MICROSECOND, b.renewed_at, UTC_TIMESTAMP(6)) DIV 1000, l.owner"
        " FROM " MYSQL_LEASE_TABLE " l JOIN " MYSQL_LEASE_TABLE " b ON b.name = 'beat' WHERE l.name = 'lock'";
    MYSQL_RES *result = NULL;
    int code = mysql_own_table_rows(conn, sql, "cannot see who holds the lock", &result);
    MYSQL_ROW row = code || !result ? NULL : mysql_fetch_row(result);
    if (row) {
        ret->token = strtoull(row[0], NULL, 10);
        ret->lease_ms = (unsigned)strtoul(row[1], NULL, 10);
        snprintf(ret->renewed_at, sizeof(ret->renewed_at), "%s", row[2]);
        ret->age_ms = strtoll(row[3], NULL, 10);
        ret->owner = mysql_copy(row[4]);
        ret->alive = ret->lease_ms && !is_over(conn, ret);
        code = ret->owner ? 0 : DARA_EINTERNAL;
    }
    mysql_free_result(result);
    return code;
}

int mysql_change_alone(MYSQL *mysql, const struct mysql_buffer *sql, unsigned long long *ret_rows)
{
    struct mysql_buffer packet = {0};
    unsigned long long rows[3] = {0};
    mysql_buffer_add(&packet, "START TRANSACTION;");
    mysql_buffer_add_bytes(&packet, mysql_buffer_get(sql), sql->length);
    mysql_buffer_add(&packet, ";COMMIT");
    int failed = mysql_real_query(mysql, mysql_buffer_get(&packet), (unsigned long)packet.length);
    for (size_t i = 0; !failed && i < 3; i++) {
        mysql_free_result(mysql_store_result(mysql));
        rows[i] = mysql_affected_rows(mysql);
        failed = mysql_errno(mysql) || (i < 2 && mysql_next_result(mysql) != 0);
    }
    mysql_buffer_free(&packet);
    if (!failed)
        *ret_rows = rows[1];
    return failed;
}

/* Take back what is begun, and keep the error. */
static int fail_take(struct dara_conn *conn)
{
    int code = mysql_fail(conn, 0, "cannot write who holds the lock");
    unsigned number = mysql_errno(conn->mysql);
    if (code != DARA_ECONNECT && mysql_real_query(conn->mysql, "ROLLBACK", 8))
        return mysql_fail(conn, 0, "cannot write who holds the lock");
    if (code != DARA_ELOCKED && number != 1020)
        return code;
    dara_error_clear(); /* somebody is at the same rows */
    return 0;
}

int mysql_holding_take(struct dara_conn *conn, const struct mysql_holding *seen, const char *owner, unsigned lease_ms,
                       unsigned long long *ret_token)
{
    struct mysql_buffer sql = {0};
    mysql_buffer_format(&sql,
                        "UPDATE " MYSQL_LEASE_TABLE " l JOIN " MYSQL_LEASE_TABLE " b ON b.name = 'beat'"
                        " SET l.token = %llu, b.token = %llu, b.lease_ms = %u, b.renewed_at = UTC_TIMESTAMP(6),"
                        " l.taken_at = UTC_TIMESTAMP(6), l.connection = CONNECTION_ID(), l.owner = ",
                        seen->token + 1, seen->token + 1, lease_ms);
    mysql_value_add(conn, &sql, owner ? owner : "");
    mysql_buffer_format(&sql,
                        " WHERE l.name = 'lock' AND l.token = %llu AND b.lease_ms = %u"
                        " AND b.renewed_at = '%s'",
                        seen->token, seen->lease_ms, seen->renewed_at);
    unsigned long long rows = 0;
    int code = mysql_buffer_check(&sql);
    code = code ? code : mysql_multi(conn, true);
    if (!code && mysql_change_alone(conn->mysql, &sql, &rows))
        code = fail_take(conn);
    mysql_buffer_free(&sql);
    if (!code)
        *ret_token = rows ? seen->token + 1 : 0;
    return code;
}

int mysql_holding_release(struct dara_conn *conn, unsigned long long token)
{
    struct mysql_buffer sql = {0};
    mysql_buffer_format(&sql, "UPDATE " MYSQL_LEASE_TABLE " SET lease_ms = 0 WHERE name = 'beat' AND token = %llu",
                        token);
    return mysql_buffer_run(conn, &sql, "cannot give the lock back");
}

void mysql_holding_describe(const struct mysql_holding *holding, struct dara_text *holder)
{
    long long left = (long long)holding->lease_ms - holding->age_ms;
    dara_text_add(holder, *holding->owner ? holding->owner : "another run");
    dara_text_format(holder, " (a lease of %.1f s, renewed %.1f s ago; ", holding->lease_ms / 1000.0,
                     (double)holding->age_ms / 1000.0);
    if (left > 0)
        dara_text_format(holder, "unless it is renewed it ends in %.1f s)", (double)left / 1000.0);
    else
        dara_text_add(holder, "it has run out, which the clocks of a cluster do not prove)");
}

/* ---- the fence ------------------------------------------------------------------------------------------------------------------- */

int mysql_lease_lost(const struct dara_conn *conn)
{
    dara_error_set(DARA_ELOCKED, "the lock on '%s' was lost on the way: another run may have begun", conn->database);
    dara_error_hint("see 'dara status', then run the command again");
    return DARA_ELOCKED;
}

/* An UPDATE, so that a cluster tells it from one that takes the lock elsewhere, and a transaction that has read before sees what holds
 * now. The subquery has two rows, and is asked for only where the number is another one. */
void mysql_fence_add(const struct dara_conn *conn, struct mysql_buffer *sql)
{
    if (conn->beat)
        mysql_buffer_format(sql,
                            "UPDATE " MYSQL_LEASE_TABLE " SET writes = writes + 1, token = IF(token = %llu, token,"
                            " (SELECT 1 UNION ALL SELECT 2)) WHERE name = 'lock'",
                            mysql_beat_token(conn->beat));
}

int mysql_fence_fail(struct dara_conn *conn)
{
    unsigned number = mysql_errno(conn->mysql);
    return number == 1242 || number == 1146 || number == 1054
               ? mysql_lease_lost(conn)
               : mysql_fail(conn, 0, "cannot see whether the lock is held");
}

int mysql_fence_check(struct dara_conn *conn)
{
    struct mysql_buffer sql = {0};
    if (!conn->beat)
        return 0;
    mysql_fence_add(conn, &sql);
    int code = mysql_buffer_check(&sql);
    if (!code && mysql_real_query(conn->mysql, mysql_buffer_get(&sql), (unsigned long)sql.length))
        code = mysql_fence_fail(conn);
    else if (!code && mysql_affected_rows(conn->mysql) == 0)
        code = mysql_lease_lost(conn);
    mysql_buffer_free(&sql);
    return code;
}
