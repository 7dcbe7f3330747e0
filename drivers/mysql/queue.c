/* SPDX-License-Identifier: MIT */
#include "queue.h"

#include <stdlib.h>
#include <string.h>

#include "apply.h"

/* A journal's entries, an entry of the history, and what is around them; more are sent in pieces. */
enum { STEPS = 8, BYTES_MOST = 512 * 1024 };

struct mysql_queue {
    struct mysql_buffer sql;
    struct {
        const char *doing;
        bool lock;
    } steps[STEPS];
    size_t count;
    bool idle; /* a statement that depends on the lock wrote nothing */
};

bool mysql_queue_waits(const struct dara_conn *conn)
{
    return conn->queue && conn->queue->count > 0;
}

void mysql_queue_drop(struct dara_conn *conn)
{
    if (!conn->queue)
        return;
    mysql_buffer_clear(&conn->queue->sql);
    conn->queue->count = 0;
}

void mysql_queue_free(struct mysql_queue *queue)
{
    if (!queue)
        return;
    mysql_buffer_free(&queue->sql);
    free(queue);
}

static int add(struct dara_conn *conn, const char *sql, size_t length, const char *doing, bool lock)
{
    struct mysql_queue *queue = conn->queue;
    if (queue->count)
        mysql_buffer_add(&queue->sql, ";");
    mysql_buffer_add_bytes(&queue->sql, sql, length);
    queue->steps[queue->count].doing = doing;
    queue->steps[queue->count++].lock = lock;
    return mysql_buffer_check(&queue->sql);
}

int mysql_queue_begin(struct dara_conn *conn)
{
    static const char begin[] = "START TRANSACTION";
    if (!conn->queue)
        conn->queue = calloc(1, sizeof(*conn->queue));
    if (!conn->queue)
        return mysql_out_of_memory();
    mysql_queue_drop(conn);
    conn->queue->idle = false;
    return add(conn, begin, sizeof(begin) - 1, "cannot begin", false);
}

int mysql_queue_add(struct dara_conn *conn, struct mysql_buffer *sql, const char *doing, bool lock)
{
    int code = mysql_buffer_check(sql);
    if (!code)
        code = add(conn, mysql_buffer_get(sql), sql->length, doing, lock);
    mysql_buffer_free(sql);
    if (!code && (conn->queue->count + 2 > STEPS || conn->queue->sql.length > BYTES_MOST))
        code = mysql_queue_send(conn);
    return code;
}

/* ---- sending ---------------------------------------------------------------------------------------------------------------------- */

static int take_answers(struct dara_conn *conn)
{
    struct mysql_queue *queue = conn->queue;
    for (size_t i = 0; i < queue->count; i++) {
        int next = i ? mysql_next_result(conn->mysql) : 0;
        if (next < 0)
            return dara_error_set(DARA_EINTERNAL, "the server gave fewer answers than it got statements");
        if (next > 0)
            return mysql_fail(conn, 0, queue->steps[i].doing);
        mysql_free_result(mysql_store_result(conn->mysql));
        if (mysql_errno(conn->mysql))
            return mysql_fail(conn, 0, queue->steps[i].doing);
        if (queue->steps[i].lock && mysql_affected_rows(conn->mysql) == 0)
            queue->idle = true;
    }
    return 0;
}

int mysql_queue_send(struct dara_conn *conn)
{
    struct mysql_queue *queue = conn->queue;
    if (!mysql_queue_waits(conn))
        return 0;
    int code = mysql_multi(conn, true);
    if (!code && mysql_real_query(conn->mysql, mysql_buffer_get(&queue->sql), (unsigned long)queue->sql.length))
        code = mysql_fail(conn, 0, queue->steps[0].doing);
    code = code ? code : take_answers(conn);
    mysql_queue_drop(conn);
    if (code || !queue->idle)
        return code;
    queue->idle = false;
    return mysql_lock_check(conn);
}

int mysql_queue_commit(struct dara_conn *conn)
{
    static const char commit[] = "COMMIT";
    int code = add(conn, commit, sizeof(commit) - 1, "cannot commit", false);
    return code ? code : mysql_queue_send(conn);
}
