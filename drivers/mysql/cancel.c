/* SPDX-License-Identifier: MIT */
/*
 * Ctrl-C. A statement is ended by KILL QUERY over a second connection, and a signal handler cannot make one: it writes a byte into a pipe,
 * and a thread at the other end does the rest.
 */
#define _GNU_SOURCE /* pipe2 */
#include <fcntl.h>
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
};

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

static void *wait_for_word(void *context)
{
    struct mysql_canceller *canceller = context;
    char word;
    mysql_thread_init();
    while (read(canceller->pipe[0], &word, 1) == 1 && word == 'k') {
        kill_query(canceller);
        atomic_fetch_add(&canceller->answered, 1);
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
    if (start(canceller))
        return canceller;
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
    close(canceller->pipe[0]);
    free(canceller);
    return NULL;
}
