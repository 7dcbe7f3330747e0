/* SPDX-License-Identifier: MIT */
/* What may write: each call says in which modes it is allowed, before the driver is asked. */
#include <string.h>

#include "base/clock.h"
#include "base/signal.h"
#include "driver/internal.h"

#define LOCK_NAP_FIRST_US   10000
#define LOCK_NAP_LONGEST_US 80000

int dara_session_gate(const struct dara_session *session, bool writes, const char *what)
{
    if (!session->driver->apply)
        return dara_dispatch_absent(session->driver, "apply", NULL, what);
    if (writes && session->mode == DARA_MODE_READ)
        return dara_error_set(DARA_EREFUSED, "a read session cannot %s", what);
    return 0;
}

void dara_session_begin_call(struct dara_session *session, struct dara_dispatch *call, const char *member)
{
    dara_dispatch_begin(call, session->driver, session->url, "apply", member);
}

int dara_session_run_plain(struct dara_session *session, const char *member, int (*operation)(struct dara_conn *conn))
{
    struct dara_dispatch call;
    dara_session_begin_call(session, &call, member);
    return dara_dispatch_end(&call, operation(session->conn));
}

/* ---- lock ------------------------------------------------------------------------------------------------------------- */

/* Whoever waits wants to know for whom. */
static int name_holder(int code, const struct dara_text *holder)
{
    const struct dara_error *last = dara_error_last();
    if (code != DARA_ELOCKED || !holder->length || !last)
        return code;
    DARA_TEXT_LOCAL owner = DARA_TEXT_INIT;
    dara_text_add_visible(&owner, dara_text_string(holder));
    if (strstr(last->message, dara_text_string(&owner)) ||
        (last->detail && strstr(last->detail, dara_text_string(&owner))))
        return code;
    dara_error_detail("held by %s", dara_text_string(&owner));
    return code;
}

static void say_waited(unsigned timeout_ms)
{
    const struct dara_error *last = dara_error_last();
    DARA_FREE char *detail = last->detail ? dara_strdup(last->detail) : NULL;
    dara_error_detail("waited %u ms%s%s", timeout_ms, detail ? "; " : "", detail ? detail : "");
}

static int try_lock(struct dara_session *session, const struct dara_lock *request)
{
    DARA_TEXT_LOCAL holder = DARA_TEXT_INIT;
    struct dara_dispatch call;
    dara_session_begin_call(session, &call, "lock");
    int code = dara_dispatch_end(&call, session->driver->apply->lock(session->conn, request, &holder));
    return name_holder(code, &holder);
}

/* Polled, never waited for inside the engine, where nothing ends the wait. */
static int wait_for_lock(struct dara_session *session, struct dara_lock *request, unsigned timeout_ms)
{
    const int64_t until = dara_clock_monotonic_us() + (int64_t)timeout_ms * 1000;
    int64_t nap_us = LOCK_NAP_FIRST_US;
    for (;;) {
        if (dara_signal_pending())
            return dara_error_set(DARA_EINTERRUPTED, "interrupted while waiting for the lock");
        int64_t left_us = until - dara_clock_monotonic_us();
        request->again = left_us > 0;
        int code = try_lock(session, request);
        if (code != DARA_ELOCKED || !request->again) {
            if (code == DARA_ELOCKED && timeout_ms)
                say_waited(timeout_ms);
            return code;
        }
        dara_error_clear();
        dara_signal_nap(nap_us < left_us ? nap_us : left_us);
        nap_us = nap_us * 2 < LOCK_NAP_LONGEST_US ? nap_us * 2 : LOCK_NAP_LONGEST_US;
    }
}

int dara_session_lock(struct dara_session *session, const char *owner, unsigned timeout_ms)
{
    int code = dara_session_gate(session, true, "take the lock");
    if (code)
        return code;
    if (session->locked)
        return dara_error_set(DARA_EINTERNAL, "the lock is taken twice by one session");
    struct dara_lock request = {.size = sizeof(request), .owner = owner};
    code = wait_for_lock(session, &request, timeout_ms);
    session->locked = code == 0;
    return code;
}

int dara_session_unlock(struct dara_session *session)
{
    int code = dara_session_gate(session, false, "release the lock");
    if (code)
        return code;
    session->locked = false;
    return dara_session_run_plain(session, "unlock", session->driver->apply->unlock);
}

/* ---- transactions ------------------------------------------------------------------------------------------------------- */

int dara_session_begin(struct dara_session *session, enum dara_begin_purpose purpose)
{
    int code = dara_session_gate(session, purpose != DARA_BEGIN_READ, "begin a transaction that writes");
    if (code)
        return code;
    if (session->in_transaction)
        return dara_error_set(DARA_EINTERNAL, "a transaction is begun inside another");
    struct dara_dispatch call;
    dara_session_begin_call(session, &call, "begin");
    code = dara_dispatch_end(&call, session->driver->apply->begin(session->conn, purpose));
    session->in_transaction = code == 0;
    return code;
}

bool dara_session_in_transaction(const struct dara_session *session)
{
    return session->in_transaction;
}

int dara_session_validate(struct dara_session *session)
{
    int code = dara_session_gate(session, false, "check constraints");
    if (code || !DARA_HAS(session->driver->apply, validate))
        return code;
    return dara_session_run_plain(session, "validate", session->driver->apply->validate);
}

int dara_session_commit(struct dara_session *session)
{
    if (session->mode == DARA_MODE_REHEARSE)
        return dara_error_set(DARA_EREFUSED, "a rehearsal cannot be committed");
    int code = dara_session_gate(session, true, "commit");
    if (code)
        return code;
    if (!session->in_transaction)
        return dara_error_set(DARA_EINTERNAL, "there is no transaction to commit");
    code = dara_session_validate(session);
    if (!code)
        code = dara_session_run_plain(session, "commit", session->driver->apply->commit);
    if (!code)
        session->in_transaction = false;
    return code;
}

int dara_session_rollback(struct dara_session *session)
{
    int code = dara_session_gate(session, false, "roll back");
    if (code)
        return code;
    session->in_transaction = false;
    return dara_session_run_plain(session, "rollback", session->driver->apply->rollback);
}

/* One of savepoint, release, rollback_to: present all three or none. */
static int run_named(struct dara_session *session, const char *member, size_t offset, const char *name)
{
    int code = dara_session_gate(session, false, "nest transactions");
    if (code)
        return code;
    const struct dara_apply_ops *apply = session->driver->apply;
    if (!DARA_HAS(apply, savepoint))
        return dara_dispatch_absent(session->driver, "apply", member, "nest transactions");
    if (!session->in_transaction)
        return dara_error_set(DARA_EINTERNAL, "'%s' is called outside a transaction", member);
    int (*operation)(struct dara_conn * conn, const char *name);
    memcpy(&operation, (const char *)apply + offset, sizeof(operation));
    struct dara_dispatch call;
    dara_session_begin_call(session, &call, member);
    return dara_dispatch_end(&call, operation(session->conn, name));
}

int dara_session_savepoint(struct dara_session *session, const char *name)
{
    return run_named(session, "savepoint", offsetof(struct dara_apply_ops, savepoint), name);
}

int dara_session_release(struct dara_session *session, const char *name)
{
    return run_named(session, "release", offsetof(struct dara_apply_ops, release), name);
}

int dara_session_rollback_to(struct dara_session *session, const char *name)
{
    return run_named(session, "rollback_to", offsetof(struct dara_apply_ops, rollback_to), name);
}

int dara_session_reset(struct dara_session *session)
{
    int code = dara_session_gate(session, false, "take back settings");
    if (code || !DARA_HAS(session->driver->apply, reset))
        return code;
    return dara_session_run_plain(session, "reset", session->driver->apply->reset);
}

/* ---- history ------------------------------------------------------------------------------------------------------------ */

void dara_history_add(struct dara_history *history, const struct dara_history_entry *entry)
{
    struct dara_arena *arena = history->arena;
    /* Only what the driver's struct is long enough to have. */
    struct dara_history_entry known = {0};
    memcpy(&known, entry, entry->size < sizeof(known) ? entry->size : sizeof(known));
    DARA_GROW(history->items, history->count, history->room);
    history->items[history->count++] = (struct dara_history_entry){
        .size = sizeof(known),
        .kind = dara_arena_strdup(arena, known.kind),
        .version = dara_arena_strdup(arena, known.version),
        .name = dara_arena_strdup(arena, known.name),
        .state = dara_arena_strdup(arena, known.state),
        .checksum = dara_arena_strdup(arena, known.checksum),
        .fingerprint = dara_arena_strdup(arena, known.fingerprint),
        .applied_at = dara_arena_strdup(arena, known.applied_at),
        .applied_by = dara_arena_strdup(arena, known.applied_by),
        .tool = dara_arena_strdup(arena, known.tool),
        .duration_ms = known.duration_ms,
    };
}

struct list {
    struct dara_history_list list; /* first: what the caller holds */
    struct dara_arena *arena;
};

bool dara_history_is_applied(const struct dara_history_entry *entry)
{
    return entry && !strcmp(entry->state, "applied");
}

bool dara_history_has_applied(const struct dara_history_list *list, const char *version)
{
    for (size_t i = 0; list && i < list->count; i++)
        if (!strcmp(list->entries[i].kind, "migration") && !strcmp(list->entries[i].version, version))
            return dara_history_is_applied(&list->entries[i]);
    return false;
}

struct dara_history_list *dara_history_list_free(struct dara_history_list *list)
{
    if (!list)
        return NULL;
    dara_arena_free(((struct list *)list)->arena);
    free(list->entries);
    free(list);
    return NULL;
}

int dara_session_history_ensure(struct dara_session *session)
{
    int code = dara_session_gate(session, true, "make the history table");
    return code ? code : dara_session_run_plain(session, "history_ensure", session->driver->apply->history_ensure);
}

int dara_session_history_list(struct dara_session *session, struct dara_history_list **ret_list)
{
    int code = dara_session_gate(session, false, "keep a history");
    if (code)
        return code;
    struct dara_history history = {.arena = dara_arena_new()};
    struct dara_dispatch call;
    dara_session_begin_call(session, &call, "history_list");
    code = dara_dispatch_end(&call, session->driver->apply->history_list(session->conn, &history));
    struct list *list = dara_alloc(sizeof(*list));
    *list = (struct list){.list = {.count = history.count, .entries = history.items}, .arena = history.arena};
    if (code)
        dara_history_list_free(&list->list);
    else
        *ret_list = &list->list;
    return code;
}

int dara_session_history_record(struct dara_session *session, const struct dara_history_entry *entry)
{
    int code = dara_session_gate(session, true, "record in the history");
    if (code)
        return code;
    struct dara_dispatch call;
    dara_session_begin_call(session, &call, "history_record");
    return dara_dispatch_end(&call, session->driver->apply->history_record(session->conn, entry));
}

int dara_session_history_record_all(struct dara_session *session, const struct dara_history_entry *entries,
                                    size_t count)
{
    int code = dara_session_gate(session, true, "record in the history");
    if (code || !count)
        return code;
    if (!DARA_HAS(session->driver->apply, history_record_all)) {
        for (size_t i = 0; i < count && !code; i++)
            code = dara_session_history_record(session, &entries[i]);
        return code;
    }
    struct dara_dispatch call;
    dara_session_begin_call(session, &call, "history_record_all");
    return dara_dispatch_end(&call, session->driver->apply->history_record_all(session->conn, entries, count));
}
