/* SPDX-License-Identifier: MIT */
/* Statements, one by one or many together, and what a driver tells of them. */
#include <string.h>

#include "base/signal.h"
#include "driver/internal.h"

/* ---- what a driver tells ------------------------------------------------------------------------------------------------ */

void dara_result_columns(struct dara_result *result, size_t count, const char *const *names)
{
    if (result && result->reader && result->reader->columns)
        result->reader->columns(result->reader->context, count, names);
}

int dara_result_row(struct dara_result *result, size_t count, const struct dara_value *values)
{
    if (!result || !result->reader || !result->reader->row)
        return 0;
    if (!result->stopped)
        result->stopped = result->reader->row(result->reader->context, count, values);
    return result->stopped;
}

void dara_result_affected(struct dara_result *result, uint64_t rows)
{
    if (result)
        result->affected = rows;
}

void dara_result_notice(struct dara_result *result, const char *native, const char *message)
{
    if (!result || !result->reader || !result->reader->notice || !message)
        return;
    DARA_FREE char *clean = dara_url_scrub(result->url, message);
    result->reader->notice(result->reader->context, native, clean);
}

void dara_result_waits(struct dara_result *result, const struct dara_other *other, const char *object, const char *mode)
{
    struct dara_other known = {0};
    if (!result || !result->reader || !result->reader->waits || !other || !other->id)
        return;
    memcpy(&known, other, other->size < sizeof(known) ? other->size : sizeof(known));
    result->reader->waits(result->reader->context, &known, object, mode);
}

void dara_result_progress(struct dara_result *result, const char *what, uint64_t done, uint64_t total)
{
    if (result && result->reader && result->reader->progress && what)
        result->reader->progress(result->reader->context, what, done, total);
}

void dara_result_next(struct dara_result *result)
{
    if (!result)
        return;
    result->done++;
    if (result->reader && result->reader->next)
        result->reader->next(result->reader->context, result->affected);
    result->affected = 0;
}

/* ---- statements --------------------------------------------------------------------------------------------------------- */

/* Called from the signal handler. */
static void cancel_running(void *context)
{
    const struct dara_session *session = context;
    session->driver->session->cancel(session->conn);
}

static int interrupted(void)
{
    return dara_error_set(DARA_EINTERRUPTED, "interrupted");
}

/* One item by `execute`, or many by `execute_all`. */
static int call_driver(struct dara_session *session, bool all, const struct dara_batch_item *items, size_t count,
                       struct dara_result *result)
{
    const struct dara_apply_ops *apply = session->driver->apply;
    int code = all ? apply->execute_all(session->conn, items, count, result)
                   : apply->execute(session->conn, items->text, items->length, result);
    if (all && code == 0 && result->done != count)
        return dara_error_set(DARA_EDRIVER,
                              "the '%s' driver broke its contract: 'apply.execute_all' was done with %zu of %zu items",
                              session->driver->name, result->done, count);
    return code;
}

static int execute(struct dara_session *session, bool all, const struct dara_batch_item *items, size_t count,
                   struct dara_result *result)
{
    const bool can_cancel = DARA_HAS(session->driver->session, cancel);
    struct dara_dispatch call;
    int code;
    dara_session_begin_call(session, &call, all ? "execute_all" : "execute");
    if (can_cancel)
        dara_signal_on(cancel_running, session);
    /* Asked after the handler is in place: a signal between the two is not lost. */
    if (dara_signal_pending())
        code = interrupted();
    else
        code = call_driver(session, all, items, count, result);
    if (can_cancel)
        dara_signal_on(NULL, NULL);
    /* What took effect outside a transaction stays, and is said to be done: the next statement is where the run stops. */
    if (dara_signal_pending() && (code || session->in_transaction))
        code = interrupted();
    else if (result->stopped)
        code = result->stopped;
    return dara_dispatch_end(&call, code);
}

int dara_session_execute(struct dara_session *session, const char *text, size_t length,
                         const struct dara_reader *reader, uint64_t *ret_affected)
{
    int code = dara_session_gate(session, false, "execute statements");
    if (code)
        return code;
    const struct dara_batch_item item = {.text = text, .length = length};
    struct dara_result result = {.reader = reader, .url = session->url};
    code = execute(session, false, &item, 1, &result);
    if (!code && ret_affected)
        *ret_affected = result.affected;
    return code;
}

static int execute_each(struct dara_session *session, const struct dara_batch_item *items, size_t count,
                        const struct dara_reader *reader)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t affected = 0;
        int code = items[i].text ? dara_session_execute(session, items[i].text, items[i].length, reader, &affected)
                                 : dara_session_reset(session);
        if (code)
            return code;
        if (reader && reader->next)
            reader->next(reader->context, affected);
    }
    return 0;
}

int dara_session_execute_all(struct dara_session *session, const struct dara_batch_item *items, size_t count,
                             const struct dara_reader *reader)
{
    int code = dara_session_gate(session, false, "execute statements");
    if (code || !count)
        return code;
    if (count == 1 || !session->in_transaction || !DARA_HAS(session->driver->apply, execute_all))
        return execute_each(session, items, count, reader);
    struct dara_result result = {.reader = reader, .url = session->url};
    return execute(session, true, items, count, &result);
}
