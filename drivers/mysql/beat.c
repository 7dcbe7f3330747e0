/* SPDX-License-Identifier: MIT */
/*
 * What keeps a lease: a thread that renews it over a connection of its own, since the run's own is busy as long as its statement lasts. What
 * is known of the lease is the moment at which the last renewal that succeeded was sent: until a lease's time after that nobody can have
 * taken it.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "lease.h"
#include "login.h"

enum { PARTS = 3, RETRY_PARTS = 10, PATIENCE_LEAST_S = 1 };

struct mysql_beat {
    const struct mysql_login *login;
    const char *database;
    unsigned long long token;
    unsigned lease_ms;
    pthread_t thread;
    MYSQL *mysql; /* of the thread; NULL until it is first needed, and after a failure */
    pthread_mutex_t lock;
    pthread_cond_t turn;    /* something below changed */
    long long confirmed_ms; /* by mysql_beat_now() */
    bool stop, asked, lost;
};

long long mysql_beat_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_BOOTTIME, &time);
    return (long long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

unsigned long long mysql_beat_token(const struct mysql_beat *beat)
{
    return beat->token;
}

/* ---- the thread -------------------------------------------------------------------------------------------------------------------- */

static bool connect_beat(struct mysql_beat *beat)
{
    static const struct dara_url nowhere = {.size = sizeof(nowhere), .redacted = ""};
    unsigned patience = beat->lease_ms / 1000 / PARTS;
    if (beat->mysql)
        return true;
    patience = patience > PATIENCE_LEAST_S ? patience : PATIENCE_LEAST_S;
    return mysql_connect_within(beat->login, &nowhere, beat->database, patience, &beat->mysql) == 0;
}

/* Whether the server said something; what it said is in `*ret_ours`. */
static bool renew(struct mysql_beat *beat, bool *ret_ours)
{
    struct mysql_buffer sql = {0};
    mysql_buffer_format(&sql,
                        "UPDATE " MYSQL_LEASE_TABLE " SET renewed_at = UTC_TIMESTAMP(6)"
                        " WHERE name = 'beat' AND token = %llu AND lease_ms > 0",
                        beat->token);
    unsigned long long rows = 0;
    bool said = connect_beat(beat) && !mysql_buffer_check(&sql) && mysql_change_alone(beat->mysql, &sql, &rows) == 0;
    if (said)
        *ret_ours = rows > 0;
    else if (beat->mysql) {
        mysql_close(beat->mysql);
        beat->mysql = NULL;
    }
    mysql_buffer_free(&sql);
    dara_error_clear(); /* this thread's own: it is tried again, and the run looks at what is known before it writes */
    return said;
}

/* Until it is time, or somebody asks; with the lock held. */
static void nap(struct mysql_beat *beat, unsigned ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    while (!beat->stop && !beat->asked)
        if (pthread_cond_timedwait(&beat->turn, &beat->lock, &until))
            break;
}

static void *keep(void *context)
{
    struct mysql_beat *beat = context;
    mysql_thread_init();
    pthread_mutex_lock(&beat->lock);
    for (bool said = true; !beat->stop && !beat->lost;) {
        nap(beat, beat->lease_ms / (said ? PARTS : RETRY_PARTS));
        if (beat->stop)
            break;
        beat->asked = false;
        pthread_mutex_unlock(&beat->lock);
        long long sent_ms = mysql_beat_now();
        bool ours = false;
        said = renew(beat, &ours);
        pthread_mutex_lock(&beat->lock);
        if (said && ours)
            beat->confirmed_ms = sent_ms;
        beat->lost = said && !ours;
        pthread_cond_broadcast(&beat->turn);
    }
    pthread_mutex_unlock(&beat->lock);
    if (beat->mysql)
        mysql_close(beat->mysql);
    mysql_thread_end();
    return NULL;
}

/* ---- its life ---------------------------------------------------------------------------------------------------------------------- */

static void init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &clock);
    pthread_condattr_destroy(&clock);
}

static bool start(struct mysql_beat *beat)
{
    sigset_t all, before;
    sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before))
        return false;
    bool started = pthread_create(&beat->thread, NULL, keep, beat) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static struct mysql_beat *discard(struct mysql_beat *beat)
{
    pthread_cond_destroy(&beat->turn);
    pthread_mutex_destroy(&beat->lock);
    free(beat);
    return NULL;
}

int mysql_beat_start(struct dara_conn *conn, unsigned long long token, unsigned lease_ms, long long since_ms)
{
    struct mysql_beat *beat = calloc(1, sizeof(*beat));
    if (!beat)
        return mysql_out_of_memory();
    beat->login = conn->login;
    beat->database = conn->database;
    beat->token = token;
    beat->lease_ms = lease_ms;
    beat->confirmed_ms = since_ms;
    pthread_mutex_init(&beat->lock, NULL);
    init_condition(&beat->turn);
    if (!start(beat)) {
        discard(beat);
        return dara_error_set(DARA_EINTERNAL, "no thread can be had that keeps the lock");
    }
    conn->beat = beat;
    return 0;
}

struct mysql_beat *mysql_beat_stop(struct mysql_beat *beat)
{
    if (!beat)
        return NULL;
    pthread_mutex_lock(&beat->lock);
    beat->stop = true;
    pthread_cond_broadcast(&beat->turn);
    pthread_mutex_unlock(&beat->lock);
    pthread_join(beat->thread, NULL);
    return discard(beat);
}

/* ---- the run ----------------------------------------------------------------------------------------------------------------------- */

static bool is_fresh(const struct mysql_beat *beat)
{
    return mysql_beat_now() - beat->confirmed_ms < (long long)beat->lease_ms;
}

/* Ask the thread for a renewal, and wait for it as long as a lease lasts. */
static void ask_for_renewal(struct mysql_beat *beat)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += beat->lease_ms / 1000 + 1;
    beat->asked = true;
    pthread_cond_broadcast(&beat->turn);
    while (!beat->lost && !is_fresh(beat))
        if (pthread_cond_timedwait(&beat->turn, &beat->lock, &until))
            break;
}

int mysql_beat_hold(struct dara_conn *conn)
{
    struct mysql_beat *beat = conn->beat;
    if (!beat)
        return 0;
    pthread_mutex_lock(&beat->lock);
    if (!beat->lost && !is_fresh(beat))
        ask_for_renewal(beat);
    bool lost = beat->lost, fresh = is_fresh(beat);
    pthread_mutex_unlock(&beat->lock);
    if (lost)
        return mysql_lease_lost(conn);
    if (fresh)
        return 0;
    dara_error_set(DARA_ECONNECT, "the lock on '%s' could not be renewed in time: the server does not answer",
                   conn->database);
    dara_error_hint("see 'dara status' once the server can be reached, then run the command again");
    return DARA_ECONNECT;
}
