/* SPDX-License-Identifier: MIT */
#include "queue.h"

#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "lease.h"

/* A journal's entries, an entry of the history, and what is around them; more are sent in pieces. */
enum { STEPS = 8, BYTES_MOST = 512 * 1024 };

enum part {
    PLAIN,
    RECORD, /* writes nothing where the lock was lost, or where it is there already */
    FENCE,  /* fails where the lease was lost */
};

struct mysql_queue {
    struct mysql_buffer sql;
    struct {
        const char *doing;
        enum part part;
    } steps[STEPS];
    size_t count;
    bool idle;   /* a record wrote nothing */
    bool fenced; /* the transaction holds the row of the lease: nobody else can take it before its end */
};

bool mysql_queue_waits(const struct dara_conn *conn)
{
    return conn->queue && conn->queue->count > 0;
}

static void clear(struct mysql_queue *queue)
{
    mysql_buffer_clear(&queue->sql);
    queue->count = 0;
}

void mysql_queue_drop(struct dara_conn *conn)
{
    if (!conn->queue)
        return;
    clear(conn->queue);
    conn->queue->fenced = false;
}

void mysql_queue_free(struct mysql_queue *queue)
{
    if (!queue)
        return;
    mysql_buffer_free(&queue->sql);
    free(queue);
}

static int need(struct dara_conn *conn)
{
    if (!conn->queue)
        conn->queue = calloc(1, sizeof(*conn->queue));
    return conn->queue ? 0 : mysql_out_of_memory();
}

static int add(struct dara_conn *conn, const char *sql, size_t length, const char *doing, enum part part)
{
    struct mysql_queue *queue = conn->queue;
    if (queue->count)
        mysql_buffer_add(&queue->sql, ";");
    mysql_buffer_add_bytes(&queue->sql, sql, length);
    queue->steps[queue->count].doing = doing;
    queue->steps[queue->count++].part = part;
    return mysql_buffer_check(&queue->sql);
}

/* Once in a transaction, before the first of what it guards. */
static int add_fence(struct dara_conn *conn)
{
    struct mysql_buffer fence = {0};
    if (!conn->beat || conn->queue->fenced)
        return 0;
    mysql_fence_add(conn, &fence);
    int code = mysql_buffer_check(&fence);
    code = code ? code : add(conn, mysql_buffer_get(&fence), fence.length, NULL, FENCE);
    mysql_buffer_free(&fence);
    conn->queue->fenced = code == 0;
    return code;
}

int mysql_queue_begin(struct dara_conn *conn)
{
    static const char begin[] = "START TRANSACTION";
    int code = need(conn);
    if (code)
        return code;
    mysql_queue_drop(conn);
    conn->queue->idle = false;
    return add(conn, begin, sizeof(begin) - 1, "cannot begin", PLAIN);
}

/* ---- sending ---------------------------------------------------------------------------------------------------------------------- */

static int fail_step(struct dara_conn *conn, size_t i)
{
    const char *doing = conn->queue->steps[i].doing;
    return conn->queue->steps[i].part == FENCE ? mysql_fence_fail(conn) : mysql_fail(conn, 0, doing);
}

static int take_answers(struct dara_conn *conn)
{
    struct mysql_queue *queue = conn->queue;
    for (size_t i = 0; i < queue->count; i++) {
        int next = i ? mysql_next_result(conn->mysql) : 0;
        if (next < 0)
            return dara_error_set(DARA_EINTERNAL, "the server gave fewer answers than it got statements");
        if (next > 0)
            return fail_step(conn, i);
        mysql_free_result(mysql_store_result(conn->mysql));
        if (mysql_errno(conn->mysql))
            return fail_step(conn, i);
        if (queue->steps[i].part != PLAIN && mysql_affected_rows(conn->mysql) == 0)
            queue->idle = true;
    }
    return 0;
}

int mysql_queue_send(struct dara_conn *conn)
{
    struct mysql_queue *queue = conn->queue;
    if (!mysql_queue_waits(conn))
        return 0;
    int code = mysql_beat_hold(conn);
    if (!code && queue->count > 1)
        code = mysql_multi(conn, true);
    if (!code && mysql_real_query(conn->mysql, mysql_buffer_get(&queue->sql), (unsigned long)queue->sql.length))
        code = fail_step(conn, 0);
    else if (!code)
        code = take_answers(conn);
    clear(queue);
    if (code || !queue->idle)
        return code;
    queue->idle = false;
    return mysql_lock_check(conn);
}

int mysql_queue_commit(struct dara_conn *conn)
{
    static const char commit[] = "COMMIT";
    int code = need(conn);
    code = code ? code : add_fence(conn);
    code = code ? code : add(conn, commit, sizeof(commit) - 1, "cannot commit", PLAIN);
    code = code ? code : mysql_queue_send(conn);
    if (!code)
        conn->queue->fenced = false;
    return code;
}

/* ---- records ---------------------------------------------------------------------------------------------------------------------- */

static int add_record(struct dara_conn *conn, const struct mysql_buffer *sql, const char *doing, bool lock)
{
    int code = mysql_buffer_check(sql);
    code = code ? code : add_fence(conn);
    return code ? code : add(conn, mysql_buffer_get(sql), sql->length, doing, lock && conn->lock_name ? RECORD : PLAIN);
}

/* With a lease, a transaction of its own: the row of the lease is held until it ends. */
static int send_alone(struct dara_conn *conn, const struct mysql_buffer *sql, const char *doing, bool lock)
{
    int code = mysql_queue_begin(conn);
    code = code ? code : add_record(conn, sql, doing, lock);
    code = code ? code : mysql_queue_commit(conn);
    if (!code)
        return 0;
    mysql_queue_drop(conn);
    if (code != DARA_ECONNECT && mysql_real_query(conn->mysql, "ROLLBACK", 8)) {
        /* The connection is gone, and the transaction with it. What went wrong first is what is told. */
    }
    return code;
}

int mysql_queue_record(struct dara_conn *conn, struct mysql_buffer *sql, const char *doing, bool lock)
{
    int code = need(conn);
    bool waits = mysql_queue_waits(conn);
    if (!code && conn->beat && !waits && !conn->in_transaction)
        code = send_alone(conn, sql, doing, lock);
    else if (!code)
        code = add_record(conn, sql, doing, lock);
    mysql_buffer_free(sql);
    /* Room for a fence, for the next one and for COMMIT. */
    if (!code && mysql_queue_waits(conn) &&
        (!waits || conn->queue->count + 3 > STEPS || conn->queue->sql.length > BYTES_MOST))
        code = mysql_queue_send(conn);
    return code;
}
