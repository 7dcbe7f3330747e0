/* SPDX-License-Identifier: MIT */
/*
 * Ctrl-C, and a limit of time where the server has none. A statement is ended by KILL QUERY over a second connection, and a signal handler
 * cannot make one: it writes a byte into a pipe, and a thread at the other end does the rest. The same thread watches the clock.
 */
#define _GNU_SOURCE /* pipe2 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "login.h"

#define NAP_MS  2
#define WAIT_MS 10000

struct mysql_canceller {
    const struct mysql_login *login;
    unsigned long connection;
    int pipe[2];
    pthread_t thread;
    atomic_uint asked, answered;
    pthread_mutex_t
        lock; /* of what is below; held while a statement is ended for its time, which the end of the limit waits for */
    long long until_ms; /* when the statement that runs has had its time; 0 = no limit */
    bool expired;       /* it was ended for that */
};

static long long now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void kill_query(const struct mysql_canceller *canceller)
{
    static const struct dara_url nowhere = {.size = sizeof(nowhere), .redacted = ""};
    char sql[64];
    MYSQL *mysql = NULL;
    if (mysql_connect(canceller->login, &nowhere, NULL, &mysql) == 0) {
        int length = snprintf(sql, sizeof(sql), "KILL QUERY %lu", canceller->connection);
        mysql_real_query(mysql, sql, (unsigned long)length);
        mysql_close(mysql);
    }
    dara_error_clear(); /* this thread's own: the statement that ends, or does not, is what is seen */
}

/* How long until there is something to do without a word; -1: for ever. */
static int left_ms(struct mysql_canceller *canceller)
{
    enum { MOST = 3600000 };
    pthread_mutex_lock(&canceller->lock);
    long long until = canceller->until_ms, left = until - now_ms();
    pthread_mutex_unlock(&canceller->lock);
    return !until ? -1 : left < 0 ? 0 : left > MOST ? MOST : (int)left;
}

static void end_if_expired(struct mysql_canceller *canceller)
{
    pthread_mutex_lock(&canceller->lock);
    if (canceller->until_ms && now_ms() >= canceller->until_ms) {
        canceller->until_ms = 0;
        canceller->expired = true;
        kill_query(canceller);
    }
    pthread_mutex_unlock(&canceller->lock);
}

/* False at the end of the pipe. 'k' is Ctrl-C, 'l' a new limit. */
static bool take_word(struct mysql_canceller *canceller)
{
    char word;
    if (read(canceller->pipe[0], &word, 1) != 1)
        return false;
    if (word == 'k') {
        kill_query(canceller);
        atomic_fetch_add(&canceller->answered, 1);
    }
    return true;
}

static void *wait_for_word(void *context)
{
    struct mysql_canceller *canceller = context;
    mysql_thread_init();
    for (bool open = true; open;) {
        struct pollfd word = {.fd = canceller->pipe[0], .events = POLLIN};
        int ready = poll(&word, 1, left_ms(canceller));
        if (ready > 0)
            open = take_word(canceller);
        else if (ready == 0)
            end_if_expired(canceller);
        else
            open = errno == EINTR;
    }
    mysql_thread_end();
    return NULL;
}

static bool start(struct mysql_canceller *canceller)
{
    sigset_t all, before;
    sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before))
        return false;
    bool started = pthread_create(&canceller->thread, NULL, wait_for_word, canceller) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

struct mysql_canceller *mysql_canceller_new(const struct mysql_login *login, unsigned long connection)
{
    struct mysql_canceller *canceller = calloc(1, sizeof(*canceller));
    if (!canceller || pipe2(canceller->pipe, O_CLOEXEC)) {
        free(canceller);
        return NULL;
    }
    canceller->login = login;
    canceller->connection = connection;
    pthread_mutex_init(&canceller->lock, NULL);
    if (start(canceller))
        return canceller;
    pthread_mutex_destroy(&canceller->lock);
    close(canceller->pipe[0]);
    close(canceller->pipe[1]);
    free(canceller);
    return NULL;
}

void mysql_canceller_wake(struct mysql_canceller *canceller)
{
    atomic_fetch_add(&canceller->asked, 1);
    if (write(canceller->pipe[1], "k", 1) != 1)
        atomic_fetch_add(&canceller->answered, 1);
}

void mysql_canceller_limit(struct mysql_canceller *canceller, unsigned ms)
{
    pthread_mutex_lock(&canceller->lock);
    canceller->until_ms = ms ? now_ms() + ms : 0;
    canceller->expired = canceller->expired && !ms;
    pthread_mutex_unlock(&canceller->lock);
    ssize_t ignored = ms ? write(canceller->pipe[1], "l", 1) : 0;
    (void)ignored;
}

bool mysql_canceller_expired(struct mysql_canceller *canceller)
{
    pthread_mutex_lock(&canceller->lock);
    bool expired = canceller->expired;
    pthread_mutex_unlock(&canceller->lock);
    return expired;
}

void mysql_canceller_wait(struct mysql_canceller *canceller)
{
    const struct timespec nap = {.tv_nsec = NAP_MS * 1000000L};
    for (unsigned waited = 0; atomic_load(&canceller->answered) != atomic_load(&canceller->asked) && waited < WAIT_MS;
         waited += NAP_MS)
        nanosleep(&nap, NULL);
}

struct mysql_canceller *mysql_canceller_free(struct mysql_canceller *canceller)
{
    if (!canceller)
        return NULL;
    close(canceller->pipe[1]); /* which ends the thread's reading */
    pthread_join(canceller->thread, NULL);
    pthread_mutex_destroy(&canceller->lock);
    close(canceller->pipe[0]);
    free(canceller);
    return NULL;
}
