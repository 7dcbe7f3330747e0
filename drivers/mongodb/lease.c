/* SPDX-License-Identifier: MIT */
/*
 * The lock: a document with an end, which its holder moves on as long as it lives.
 *
 *   {"_id": "lock", "token": 7, "until": …, "owner": "…", "place": "…", "process": "…"}   the lease; by the server's clock
 *   {"_id": "token", "token": 7}                                                          the number of the lease, for transactions
 *
 * Whoever takes the lease takes the next number. Outside a transaction each step first moves the lease on under its own number, and notices when
 * that is another's by now. Inside one the second document is written, once: who takes the lease meanwhile writes it too, so that one of both fails. The
 * documents are two because a lease that is moved on by its own thread would make every longer transaction fail.
 */
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "apply.h"
#include "own.h"
#include "process.h"

enum { LEASE_MS = 15000, RENEW_MS = 4000, DUPLICATE = 11000 };

struct mongodb_lease {
    struct dara_conn beside; /* of the thread: only what a command needs */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool running, stopping;
    int64_t token;
    int64_t offset; /* the server's clock less this machine's since it was started, milliseconds */
    atomic_bool lost;
    const mongoc_client_session_t *fenced; /* the transaction that has written the token's document */
};

/* ---- time --------------------------------------------------------------------------------------------------------------------------- */

/* It goes on while the machine sleeps, and nobody sets it. */
static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int read_offset(struct dara_conn *conn, int64_t *ret_offset)
{
    bson_t command = BSON_INITIALIZER, reply;
    bson_iter_t value;
    BSON_APPEND_INT32(&command, "hello", 1);
    int code = mongodb_run(conn, "admin", &command, MONGODB_RUN_APART, "cannot ask for the server's time", &reply);
    bson_destroy(&command);
    if (!code && bson_iter_init_find(&value, &reply, "localTime") && BSON_ITER_HOLDS_DATE_TIME(&value))
        *ret_offset = bson_iter_date_time(&value) - clock_ms();
    else if (!code)
        code = dara_error_set(DARA_EUNSUPPORTED, "the server does not tell its time, which the lock needs");
    bson_destroy(&reply);
    return code;
}

/* ---- taking ------------------------------------------------------------------------------------------------------------------------- */

/* {"findAndModify": "dara_lock", "query": …, "update": the lease with the next number}; the query's last part is given. */
static bson_t *take_command(const char *owner, int64_t until)
{
    char process[MONGODB_PROCESS_MAX];
    mongodb_process_name(process);
    return BCON_NEW("findAndModify", BCON_UTF8(MONGODB_LOCK), "update", "{", "$set", "{", "until",
                    BCON_DATE_TIME(until), "owner", BCON_UTF8(owner ? owner : ""), "process", BCON_UTF8(process), "}",
                    "$inc", "{", "token", BCON_INT64(1), "}", "}", "new", BCON_BOOL(true));
}

/* 0 and `*ret_token` 0: somebody holds it. */
static int take_free(struct dara_conn *conn, const char *owner, int64_t now, int64_t *ret_token)
{
    bson_t *command = take_command(owner, now + LEASE_MS), reply;
    BCON_APPEND(command, "query", "{", "_id", BCON_UTF8("lock"), "until", "{", "$lte", BCON_DATE_TIME(now), "}", "}",
                "upsert", BCON_BOOL(true));
    int code = mongodb_run(conn, NULL, command, MONGODB_RUN_WRITES | MONGODB_RUN_APART, "cannot lock", &reply);
    bson_destroy(command);
    if (!code)
        *ret_token = mongodb_own_number(&reply, "value.token");
    bson_destroy(&reply);
    if (code && mongodb_error_number() == DUPLICATE) {
        dara_error_clear(); /* it is there, and has not come to its end */
        code = 0;
    }
    return code;
}

/* The lease of a process of this machine that is there no more need not come to its end. */
static int take_dead(struct dara_conn *conn, const char *owner, int64_t now, int64_t old, int64_t *ret_token)
{
    bson_t *command = take_command(owner, now + LEASE_MS), reply;
    BCON_APPEND(command, "query", "{", "_id", BCON_UTF8("lock"), "token", BCON_INT64(old), "}");
    int code = mongodb_run(conn, NULL, command, MONGODB_RUN_WRITES | MONGODB_RUN_APART, "cannot lock", &reply);
    bson_destroy(command);
    if (!code)
        *ret_token = mongodb_own_number(&reply, "value.token"); /* none: another was faster */
    bson_destroy(&reply);
    return code;
}

struct holder {
    int64_t token, until;
    char owner[512], process[MONGODB_PROCESS_MAX];
};

static int read_holder(struct dara_conn *conn, const char *database, struct holder *ret_holder)
{
    bson_t *command = BCON_NEW("find", BCON_UTF8(MONGODB_LOCK), "filter", "{", "_id", BCON_UTF8("lock"), "}");
    mongoc_cursor_t *cursor = NULL;
    const bson_t *document = NULL;
    *ret_holder = (struct holder){0};
    int code = mongodb_cursor(conn, database, command, MONGODB_RUN_APART, "cannot see who holds the lock", &cursor);
    bson_destroy(command);
    if (code)
        return code;
    if (mongoc_cursor_next(cursor, &document)) {
        const char *owner = mongodb_own_text(document, "owner"), *process = mongodb_own_text(document, "process");
        bson_iter_t until;
        ret_holder->token = mongodb_own_number(document, "token");
        if (bson_iter_init_find(&until, document, "until") && BSON_ITER_HOLDS_DATE_TIME(&until))
            ret_holder->until = bson_iter_date_time(&until);
        snprintf(ret_holder->owner, sizeof(ret_holder->owner), "%s", owner ? owner : "");
        snprintf(ret_holder->process, sizeof(ret_holder->process), "%s", process ? process : "");
    }
    code = mongodb_cursor_check(conn, cursor, "cannot see who holds the lock");
    mongoc_cursor_destroy(cursor);
    return code;
}

static int fail_held(const struct dara_conn *conn, const struct holder *it, struct dara_text *holder)
{
    const char *owner = *it->owner ? it->owner : "another run";
    if (holder)
        dara_text_add(holder, owner);
    dara_error_set(DARA_ELOCKED, "the lock on '%s' is held by %s", conn->database, owner);
    dara_error_hint("wait for the other run to end, or wait longer with --lock-timeout");
    return DARA_ELOCKED;
}

static int take(struct dara_conn *conn, const char *owner, int64_t now, int64_t *ret_token, struct dara_text *holder)
{
    struct holder there = {0};
    int64_t token = 0;
    int code = take_free(conn, owner, now, &token);
    if (!code && !token) {
        code = read_holder(conn, NULL, &there);
        if (!code && there.token && mongodb_process_is_dead(there.process))
            code = take_dead(conn, owner, now, there.token, &token);
    }
    if (code)
        return code;
    if (!token)
        return fail_held(conn, &there, holder);
    *ret_token = token;
    return 0;
}

/* From now on no transaction of an older number is committed. */
static int write_token(struct dara_conn *conn, int64_t token)
{
    bson_t *command =
        BCON_NEW("update", BCON_UTF8(MONGODB_LOCK), "updates", "[", "{", "q", "{", "_id", BCON_UTF8("token"), "}", "u",
                 "{", "$max", "{", "token", BCON_INT64(token), "}", "}", "upsert", BCON_BOOL(true), "}", "]");
    int code = mongodb_run(conn, NULL, command, MONGODB_RUN_WRITES | MONGODB_RUN_APART, "cannot lock", NULL);
    bson_destroy(command);
    return code;
}

/* ---- holding ------------------------------------------------------------------------------------------------------------------------ */

/* Move the lease to another end, if it is still ours. */
static int move_on(struct dara_conn *conn, struct mongodb_lease *lease, int64_t until, bool *ret_ours)
{
    bson_t reply, *command = BCON_NEW("update", BCON_UTF8(MONGODB_LOCK), "updates", "[", "{", "q", "{", "_id",
                                      BCON_UTF8("lock"), "token", BCON_INT64(lease->token), "}", "u", "{", "$set", "{",
                                      "until", BCON_DATE_TIME(until), "}", "}", "}", "]");
    int code = mongodb_run(conn, NULL, command, MONGODB_RUN_WRITES | MONGODB_RUN_APART, "cannot keep the lock", &reply);
    bson_destroy(command);
    if (!code)
        *ret_ours = mongodb_own_number(&reply, "n") == 1;
    bson_destroy(&reply);
    return code;
}

static void *renew(void *argument)
{
    struct mongodb_lease *lease = argument;
    pthread_mutex_lock(&lease->mutex);
    while (!lease->stopping) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += RENEW_MS / 1000;
        if (pthread_cond_timedwait(&lease->wake, &lease->mutex, &until) == 0)
            continue;
        pthread_mutex_unlock(&lease->mutex);
        bool ours = true;
        if (move_on(&lease->beside, lease, clock_ms() + lease->offset + LEASE_MS, &ours) == 0 && !ours)
            atomic_store(&lease->lost, true);
        pthread_mutex_lock(&lease->mutex);
    }
    pthread_mutex_unlock(&lease->mutex);
    return NULL;
}

/* Signals are for the thread that does the work. */
static int start_thread(struct mongodb_lease *lease)
{
    sigset_t all, before;
    pthread_condattr_t monotonic;
    pthread_mutex_init(&lease->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&lease->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    lease->running = pthread_create(&lease->thread, NULL, renew, lease) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return lease->running ? 0 : dara_error_set(DARA_EINTERNAL, "cannot start the thread that keeps the lock");
}

int mongodb_lease_take(struct dara_conn *conn, const char *owner, struct dara_text *holder)
{
    struct mongodb_lease *lease = calloc(1, sizeof(*lease));
    if (!lease)
        return mongodb_out_of_memory();
    int code = read_offset(conn, &lease->offset);
    code = code ? code : take(conn, owner, clock_ms() + lease->offset, &lease->token, holder);
    if (code) {
        free(lease);
        return code;
    }
    lease->beside = (struct dara_conn){
        .uri = conn->uri, .application = conn->application, .database = conn->database, .mode = DARA_MODE_WRITE};
    conn->lease = lease;
    code = write_token(conn, lease->token);
    if (!code) {
        lease->beside.client = mongodb_client_new(conn);
        code = lease->beside.client ? start_thread(lease) : DARA_ECONNECT;
    }
    if (code)
        mongodb_lease_free(conn);
    return code;
}

/* ---- giving back -------------------------------------------------------------------------------------------------------------------- */

void mongodb_lease_free(struct dara_conn *conn)
{
    struct mongodb_lease *lease = conn->lease;
    bool ours = false;
    if (!lease)
        return;
    if (lease->running) {
        pthread_mutex_lock(&lease->mutex);
        lease->stopping = true;
        pthread_cond_signal(&lease->wake);
        pthread_mutex_unlock(&lease->mutex);
        pthread_join(lease->thread, NULL);
        pthread_mutex_destroy(&lease->mutex);
        pthread_cond_destroy(&lease->wake);
    }
    conn->lease = NULL;
    if (!atomic_load(&lease->lost) && move_on(conn, lease, 0, &ours))
        dara_error_clear(); /* it comes to its end by itself */
    if (lease->beside.client)
        mongoc_client_destroy(lease->beside.client);
    free(lease);
}

/* ---- being sure --------------------------------------------------------------------------------------------------------------------- */

static int fail_lost(const struct dara_conn *conn)
{
    atomic_store(&conn->lease->lost, true);
    dara_error_set(DARA_ELOCKED, "the lock on '%s' was lost on the way: another run may have begun", conn->database);
    dara_error_hint("see 'dara status', then run the command again");
    return DARA_ELOCKED;
}

/* Write the token's document in the running transaction: whoever takes the lease writes it, too. */
static int fence(struct dara_conn *conn, bool *ret_ours)
{
    bson_t reply, *command = BCON_NEW("update", BCON_UTF8(MONGODB_LOCK), "updates", "[", "{", "q", "{", "_id",
                                      BCON_UTF8("token"), "token", BCON_INT64(conn->lease->token), "}", "u", "{",
                                      "$inc", "{", "steps", BCON_INT64(1), "}", "}", "}", "]");
    int code = mongodb_run(conn, NULL, command, MONGODB_RUN_WRITES, "cannot see whether the lock is held", &reply);
    bson_destroy(command);
    if (!code)
        *ret_ours = mongodb_own_number(&reply, "n") == 1;
    bson_destroy(&reply);
    return code;
}

int mongodb_lease_check(struct dara_conn *conn)
{
    struct mongodb_lease *lease = conn->lease;
    bool ours = true;
    int code = 0;
    if (!lease)
        return 0;
    if (atomic_load(&lease->lost))
        return fail_lost(conn);
    if (!conn->session)
        code = move_on(conn, lease, clock_ms() + lease->offset + LEASE_MS, &ours);
    else if (lease->fenced != conn->session)
        code = fence(conn, &ours);
    if (!code && !ours)
        return fail_lost(conn);
    lease->fenced = conn->session;
    return code;
}

int mongodb_lease_is_dead(struct dara_conn *conn, const char *database, bool *ret_dead)
{
    struct holder there = {0};
    int64_t offset = 0;
    int code = read_offset(conn, &offset);
    code = code ? code : read_holder(conn, database, &there);
    if (!code)
        *ret_dead = there.token && (there.until < clock_ms() + offset || mongodb_process_is_dead(there.process));
    return code;
}

/* ---- operations --------------------------------------------------------------------------------------------------------------------- */

int mongodb_apply_lock(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder)
{
    if (conn->scratch || conn->lease)
        return 0; /* a scratch database is nobody else's */
    return mongodb_lease_take(conn, request->owner, holder);
}

int mongodb_apply_unlock(struct dara_conn *conn)
{
    if (!conn->scratch)
        mongodb_lease_free(conn);
    return 0;
}
