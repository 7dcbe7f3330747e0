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

/* What is run: one item by `execute`, many by `execute_all`, or a step. */
struct work {
    const char *member;
    const struct dara_batch_item *items;
    size_t count;
    bool all;
    const struct dara_journal_step *step; /* or NULL */
    bool *recorded;
};

static int call_driver(struct dara_session *session, const struct work *work, struct dara_result *result)
{
    const struct dara_apply_ops *apply = session->driver->apply;
    if (work->step)
        return apply->journal_step(session->conn, work->step, result, work->recorded);
    if (!work->all)
        return apply->execute(session->conn, work->items->text, work->items->length, result);
    int code = apply->execute_all(session->conn, work->items, work->count, result);
    if (code == 0 && result->done != work->count)
        return dara_error_set(DARA_EDRIVER,
                              "the '%s' driver broke its contract: 'apply.execute_all' was done with %zu of %zu items",
                              session->driver->name, result->done, work->count);
    return code;
}

static int execute(struct dara_session *session, const struct work *work, struct dara_result *result)
{
    const bool can_cancel = DARA_HAS(session->driver->session, cancel);
    struct dara_dispatch call;
    int code;
    dara_session_begin_call(session, &call, work->member);
    if (can_cancel)
        dara_signal_on(cancel_running, session);
    /* Asked after the handler is in place: a signal between the two is not lost. */
    if (dara_signal_pending())
        code = interrupted();
    else
        code = call_driver(session, work, result);
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
    code = execute(session, &(struct work){.member = "execute", .items = &item, .count = 1}, &result);
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
    const struct work work = {.member = "execute_all", .items = items, .count = count, .all = true};
    return execute(session, &work, &result);
}

/* ---- a statement with what is recorded before it ------------------------------------------------------------------------ */

/* In a transaction, since the history and the journal agree. */
static int record_apart(struct dara_session *session, const struct dara_journal_step *step)
{
    const bool schema = dara_session_feature(session, DARA_FEATURE_TRANSACTIONAL_DDL);
    if (!step->history)
        return dara_session_journal_record(session, step->entries, step->count);
    int code = dara_session_begin(session, schema ? DARA_BEGIN_SCHEMA : DARA_BEGIN_DATA);
    if (code)
        return code;
    code = dara_session_journal_record(session, step->entries, step->count);
    code = code ? code : dara_session_history_record_all(session, step->history, 1);
    return code ? code : dara_session_commit(session);
}

static bool is_short(const struct dara_journal_step *step)
{
    for (size_t i = 0; i < step->count; i++)
        if (step->entries[i].text && strlen(step->entries[i].text) > DARA_JOURNAL_TEXT_MAX)
            return false;
    return true;
}

int dara_session_journal_step(struct dara_session *session, const struct dara_journal_step *step,
                              const struct dara_reader *reader, bool *recorded, uint64_t *ret_affected)
{
    int code = dara_session_gate(session, true, "execute statements");
    if (!code && session->in_transaction)
        code = dara_error_set(DARA_EINTERNAL, "a step of the journal is made inside a transaction");
    if (code)
        return code;
    if (!DARA_HAS(session->driver->apply, journal_step) || !is_short(step)) {
        code = record_apart(session, step);
        *recorded = !code;
        return code ? code : dara_session_execute(session, step->text, step->length, reader, ret_affected);
    }
    struct dara_result result = {.reader = reader, .url = session->url};
    code = execute(session, &(struct work){.member = "journal_step", .step = step, .recorded = recorded}, &result);
    if (!code)
        *ret_affected = result.affected;
    return code;
}
