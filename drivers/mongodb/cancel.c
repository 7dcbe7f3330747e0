/* SPDX-License-Identifier: MIT */
/*
 * Ctrl-C. A command is ended by killOp over a second connection, and a signal handler cannot make one: it writes a byte into a pipe, and a thread
 * at the other end does the rest.
 */
#define _GNU_SOURCE /* pipe2 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "mg.h"

enum { NAP_MS = 2, WAIT_MS = 10000 };

struct mongodb_canceller {
    struct dara_conn beside; /* of the thread: only what a command needs */
    int64_t connection;      /* the server's number of the connection whose commands are ended */
    int pipe[2];
    pthread_t thread;
    atomic_uint asked, answered;
};

static void kill_one(struct dara_conn *conn, const bson_iter_t *operation)
{
    bson_iter_t field;
    bson_t command = BSON_INITIALIZER;
    BSON_APPEND_INT32(&command, "killOp", 1);
    if (bson_iter_recurse(operation, &field) && bson_iter_find(&field, "opid")) {
        bson_append_iter(&command, "op", -1, &field);
        mongodb_run(conn, "admin", &command, MONGODB_RUN_APART, NULL, NULL);
    }
    bson_destroy(&command);
}

static void kill_all(struct dara_conn *conn, int64_t connection)
{
    bson_t reply, *command = BCON_NEW("currentOp", BCON_INT32(1), "$ownOps", BCON_BOOL(true), "connectionId",
                                      BCON_INT64(connection), "active", BCON_BOOL(true));
    bson_iter_t list, operation;
    int code = mongodb_run(conn, "admin", command, MONGODB_RUN_APART, NULL, &reply);
    bson_destroy(command);
    bool any = !code && bson_iter_init_find(&list, &reply, "inprog") && BSON_ITER_HOLDS_ARRAY(&list) &&
               bson_iter_recurse(&list, &operation);
    while (any && bson_iter_next(&operation))
        kill_one(conn, &operation);
    bson_destroy(&reply);
}

static void *wait_for_word(void *context)
{
    struct mongodb_canceller *canceller = context;
    char word;
    ssize_t got;
    while ((got = read(canceller->pipe[0], &word, 1)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            break;
        canceller->beside.client = mongodb_client_new(&canceller->beside);
        if (canceller->beside.client) {
            kill_all(&canceller->beside, canceller->connection);
            mongoc_client_destroy(canceller->beside.client);
        }
        dara_error_clear(); /* this thread's own: the command that ends, or does not, is what is seen */
        atomic_fetch_add(&canceller->answered, 1);
    }
    return NULL;
}

static bool start(struct mongodb_canceller *canceller)
{
    sigset_t all, before;
    sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before))
        return false;
    bool started = pthread_create(&canceller->thread, NULL, wait_for_word, canceller) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

struct mongodb_canceller *mongodb_canceller_new(const struct dara_conn *conn, int64_t connection)
{
    struct mongodb_canceller *canceller = calloc(1, sizeof(*canceller));
    if (!canceller || pipe2(canceller->pipe, O_CLOEXEC)) {
        free(canceller);
        return NULL;
    }
    canceller->beside = (struct dara_conn){
        .uri = conn->uri, .application = conn->application, .database = conn->database, .mode = DARA_MODE_WRITE};
    canceller->connection = connection;
    if (start(canceller))
        return canceller;
    close(canceller->pipe[0]);
    close(canceller->pipe[1]);
    free(canceller);
    return NULL;
}

void mongodb_canceller_wake(struct mongodb_canceller *canceller)
{
    atomic_fetch_add(&canceller->asked, 1);
    if (write(canceller->pipe[1], "k", 1) != 1)
        atomic_fetch_add(&canceller->answered, 1);
}

void mongodb_canceller_wait(struct mongodb_canceller *canceller)
{
    const struct timespec nap = {.tv_nsec = NAP_MS * 1000000L};
    for (unsigned waited = 0; atomic_load(&canceller->answered) != atomic_load(&canceller->asked) && waited < WAIT_MS;
         waited += NAP_MS)
        nanosleep(&nap, NULL);
}

struct mongodb_canceller *mongodb_canceller_free(struct mongodb_canceller *canceller)
{
    if (!canceller)
        return NULL;
    close(canceller->pipe[1]); /* which ends the thread's reading */
    pthread_join(canceller->thread, NULL);
    close(canceller->pipe[0]);
    free(canceller);
    return NULL;
}
