/* SPDX-License-Identifier: MIT */
/* Ctrl-C and SIGTERM: noted, and passed to whoever can stop what is under way. */
#ifndef DARA_BASE_SIGNAL_H
#define DARA_BASE_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>

/* Install handlers (the command line does this once). A second Ctrl-C ends the process at once. */
void dara_signal_install(void);
bool dara_signal_pending(void);
/* Sleep so long, and less when a signal is pending or comes. */
void dara_signal_nap(int64_t us);
/* The number of the signal that is pending, or 0; none is pending after. For the prompt, which goes on after Ctrl-C. */
int dara_signal_take(void);
/* `cancel(context)` is called from the handler; NULL takes it out. Must be async-signal-safe. */
void dara_signal_on(void (*cancel)(void *context), void *context);

#endif
