/* SPDX-License-Identifier: MIT */
/*
 * Attempts at what needs locks that others may hold. What did not get its locks is rolled back and tried again, with pauses that grow and are partly
 * chance, for as long as the user gives it: --lock-timeout. Waiting in one piece would stop everybody who comes after it for all that time, where
 * the engine lets nobody past one who waits (DARA_FEATURE_LOCK_QUEUE). For whom a statement waits is told while it does.
 */
#ifndef DARA_SERVICE_ATTEMPT_H
#define DARA_SERVICE_ATTEMPT_H

#include "report/report.h"
#include "service/context.h"

struct dara_attempts {
    struct dara_context *context;
    unsigned tries;            /* that failed */
    int64_t waited_us;         /* of --lock-timeout, in statements that failed and between the attempts */
    int64_t since_us;          /* when the statement that runs began */
    struct dara_text blockers; /* for whom it waited, a line each */
    struct dara_text told;     /* what was said of them so far */
    char phase[96];            /* of its progress */
    int64_t phase_us;
    uint64_t phase_from;
};

/* Before the session that writes is opened: its statements wait for one step each, and not for all of --lock-timeout. */
void dara_attempts_step(struct dara_context *context);
/* Begin anew, with what was told so far; a zeroed one is fine. Free with dara_attempts_done(). */
void dara_attempts_begin(struct dara_attempts *attempts, struct dara_context *context);
void dara_attempts_done(struct dara_attempts *attempts);
#define DARA_ATTEMPTS_LOCAL DARA_CLEANUP(dara_attempts_done) struct dara_attempts

/* One statement begins. */
void dara_attempts_statement(struct dara_attempts *attempts);
/* For a dara_reader whose context is the attempts. */
void dara_attempts_waits(void *attempts, const struct dara_other *other, const char *object, const char *mode);
void dara_attempts_progress(void *attempts, const char *what, uint64_t done, uint64_t total);
/* It failed with `code`, which is returned: the error gets for whom it waited. */
int dara_attempts_blame(const struct dara_attempts *attempts, const struct dara_session *session, int code);
/* A statement with all of this; its result goes nowhere. `ret_affected` may be NULL. */
int dara_attempts_execute(struct dara_attempts *attempts, struct dara_session *session, const char *text, size_t length,
                          uint64_t *ret_affected);

/* Roll back what failed, keeping the error. False: that failed as well, and nothing can be tried again. */
bool dara_attempts_roll_back(struct dara_session *session);
/* Whether a statement outside a transaction that did not get its locks may run again as if it had never run. Keeps the error. */
bool dara_attempts_did_nothing(struct dara_session *session, const char *text, size_t length);
/* Whether a failure is one that another attempt may mend. */
bool dara_attempts_worth(const struct dara_session *session, int code);
/* After an attempt failed with `code` and was taken back: whether to try again. Says so (`what` goes before it), sleeps, and takes the error away.
 * Of one that is given up, the error says how often and how long it was tried. */
bool dara_attempts_again(struct dara_attempts *attempts, const struct dara_session *session, const char *what,
                         int code);
/* Note in the report that it took more than one attempt. */
void dara_attempts_show(const struct dara_attempts *attempts, struct dara_report *report);

#endif
