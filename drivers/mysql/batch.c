/* SPDX-License-Identifier: MIT */
#include "batch.h"

#include "queue.h"

#include <stdlib.h>
#include <string.h>

/* No server takes less in a packet, but where somebody set it so. */
enum { PACKET_MOST = 900 * 1024 };

int mysql_batch_add(struct mysql_batch *batch, const char *sql)
{
    if (batch->count == batch->room) {
        size_t room = batch->room ? batch->room * 2 : 64;
        size_t *starts = realloc(batch->starts, (room + 1) * sizeof(*starts));
        if (starts)
            batch->starts = starts;
        struct mysql_answer *answers = starts ? realloc(batch->answers, room * sizeof(*answers)) : NULL;
        if (!answers)
            return mysql_out_of_memory();
        batch->answers = answers;
        batch->room = room;
    }
    batch->answers[batch->count] = (struct mysql_answer){0};
    batch->starts[batch->count++] = batch->sql.length;
    mysql_buffer_add(&batch->sql, sql);
    mysql_buffer_add_bytes(&batch->sql, ";", 1);
    batch->starts[batch->count] = batch->sql.length;
    return mysql_buffer_check(&batch->sql);
}

/* Whether the statement failed by itself, not the connection. */
static bool is_own_failure(unsigned number)
{
    return number > 0 && number < 2000 ? number != 1053 && number != 1927 && number != 1317
                                       : number >= 3000 && number != 4031;
}

static int take_failure(struct dara_conn *conn, struct mysql_answer *answer, const char *doing)
{
    unsigned number = mysql_errno(conn->mysql);
    if (!is_own_failure(number))
        return mysql_fail(conn, 0, doing);
    answer->error = number;
    answer->message = mysql_copy(mysql_error(conn->mysql));
    return answer->message ? 0 : DARA_EINTERNAL;
}

/* The answers of one packet, which holds the statements from `at` to before `end`; `*ret_at` is the first that has not run. */
static int take_answers(struct dara_conn *conn, struct mysql_batch *batch, size_t at, size_t end, const char *doing,
                        size_t *ret_at)
{
    for (int next = 0; at < end; at++) {
        struct mysql_answer *answer = &batch->answers[at];
        if (next == 0)
            answer->result = mysql_store_result(conn->mysql);
        if (next > 0 || (!answer->result && mysql_errno(conn->mysql))) {
            *ret_at = at + 1;
            return take_failure(conn, answer, doing);
        }
        answer->warnings = mysql_warning_count(conn->mysql);
        if (at + 1 < end && (next = mysql_next_result(conn->mysql)) < 0)
            return dara_error_set(DARA_EINTERNAL, "%s: the server gave fewer answers than it got statements", doing);
    }
    *ret_at = end;
    return 0;
}

static int run_packet(struct dara_conn *conn, struct mysql_batch *batch, size_t at, size_t end, const char *doing,
                      size_t *ret_at)
{
    const char *sql = batch->sql.bytes + batch->starts[at];
    size_t length = batch->starts[end] - batch->starts[at] - 1; /* nothing behind the last ';' */
    if (!mysql_real_query(conn->mysql, sql, (unsigned long)length))
        return take_answers(conn, batch, at, end, doing, ret_at);
    *ret_at = at + 1;
    return take_failure(conn, &batch->answers[at], doing);
}

int mysql_batch_run(struct dara_conn *conn, struct mysql_batch *batch, const char *doing)
{
    int code = mysql_queue_send(conn);
    code = code ? code : mysql_multi(conn, true);
    for (size_t at = 0; !code && at < batch->count;) {
        size_t end = at + 1;
        while (end < batch->count && batch->starts[end + 1] - batch->starts[at] < PACKET_MOST)
            end++;
        code = run_packet(conn, batch, at, end, doing, &at);
    }
    return code;
}

void mysql_batch_free(struct mysql_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        mysql_free_result(batch->answers[i].result);
        free(batch->answers[i].message);
    }
    free(batch->answers);
    free(batch->starts);
    mysql_buffer_free(&batch->sql);
    *batch = (struct mysql_batch){0};
}
