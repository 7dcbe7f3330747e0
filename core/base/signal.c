/* SPDX-License-Identifier: MIT */
#include "base/signal.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#define PIECE_US 10000

typedef void cancel_function(void *context);

/* Lock-free atomics are what a handler may touch. */
static atomic_int noted; /* number of the signal */
static _Atomic(cancel_function *) cancel_now;
static _Atomic(void *) cancel_context;

static void handle(int number)
{
    if (atomic_exchange(&noted, number) && number == SIGINT)
        _exit(128 + number);
    cancel_function *cancel = atomic_load(&cancel_now);
    if (cancel)
        cancel(atomic_load(&cancel_context));
}

void dara_signal_install(void)
{
    /* Without SA_RESTART: a question at the terminal ends when Ctrl-C comes. */
    struct sigaction action = {.sa_handler = handle};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool dara_signal_pending(void)
{
    return atomic_load(&noted) != 0;
}

/* In pieces: another thread may be the one that gets the signal. */
void dara_signal_nap(int64_t us)
{
    while (us > 0 && !dara_signal_pending()) {
        const int64_t piece = us < PIECE_US ? us : PIECE_US;
        const struct timespec time = {.tv_nsec = (long)piece * 1000};
        nanosleep(&time, NULL);
        us -= piece;
    }
}

int dara_signal_take(void)
{
    return atomic_exchange(&noted, 0);
}

void dara_signal_on(void (*cancel)(void *context), void *context)
{
    /* Never an old function with a new context. */
    atomic_store(&cancel_now, NULL);
    atomic_store(&cancel_context, context);
    atomic_store(&cancel_now, cancel);
}
