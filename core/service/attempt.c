/* SPDX-License-Identifier: MIT */
#include "service/attempt.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error-keep.h"
#include "base/signal.h"

#define STEP_LONGEST_MS 1000
#define NAP_FIRST_US    50000
#define NAP_LONGEST_US  2000000

void dara_attempts_step(struct dara_context *context)
{
    unsigned timeout_ms = context->lock_timeout_ms;
    unsigned step = timeout_ms / 4 < STEP_LONGEST_MS ? timeout_ms / 4 : STEP_LONGEST_MS;
    context->lock_step_ms = step ? step : timeout_ms;
}

void dara_attempts_begin(struct dara_attempts *attempts, struct dara_context *context)
{
    attempts->context = context;
    attempts->tries = 0;
    attempts->waited_us = 0;
}

void dara_attempts_done(struct dara_attempts *attempts)
{
    dara_text_done(&attempts->blockers);
    dara_text_done(&attempts->told);
}

int dara_attempts_execute(struct dara_attempts *attempts, struct dara_session *session, const char *text, size_t length,
                          uint64_t *ret_affected)
{
    const struct dara_reader reader = {
        .context = attempts, .waits = dara_attempts_waits, .progress = dara_attempts_progress};
    dara_attempts_statement(attempts);
    int code = dara_session_execute(session, text, length, &reader, ret_affected);
    if (code == DARA_ELOCKED)
        attempts->waited_us += dara_clock_monotonic_us() - attempts->since_us;
    return dara_attempts_blame(attempts, session, code);
}

/* ---- again, or not ------------------------------------------------------------------------------------------------ */

bool dara_attempts_roll_back(struct dara_session *session)
{
    struct dara_error *kept = dara_error_keep();
    int code = dara_session_in_transaction(session) ? dara_session_rollback(session) : 0;
    dara_error_restore(kept);
    return code == 0;
}

bool dara_attempts_did_nothing(struct dara_session *session, const char *text, size_t length)
{
    enum dara_outcome outcome = DARA_OUTCOME_DONE;
    struct dara_error *kept = dara_error_keep();
    int code = dara_session_settle(session, text, length, &outcome);
    dara_error_restore(kept);
    return code == 0 &&
           (outcome == DARA_OUTCOME_NOTHING ||
            (outcome == DARA_OUTCOME_UNKNOWN && !dara_session_feature(session, DARA_FEATURE_TRANSACTIONAL_DDL)));
}

bool dara_attempts_worth(const struct dara_session *session, int code)
{
    return code == DARA_ELOCKED && dara_session_feature(session, DARA_FEATURE_LOCK_QUEUE);
}

static int64_t nap_us(const struct dara_attempts *attempts)
{
    int64_t nap = NAP_FIRST_US;
    for (unsigned i = 1; i < attempts->tries && nap < NAP_LONGEST_US; i++)
        nap *= 2;
    nap = nap < NAP_LONGEST_US ? nap : NAP_LONGEST_US;
    /* Two runs that got in each other's way do not meet again at once. Nothing secret hangs on the number. */
    unsigned seed = (unsigned)dara_clock_monotonic_us();
    return nap / 2 + (int64_t)((double)nap * rand_r(&seed) / RAND_MAX);
}

static void say_given_up(const struct dara_attempts *attempts)
{
    char waited[32];
    const struct dara_error *last = dara_error_last();
    DARA_FREE char *detail = last->detail ? dara_strdup(last->detail) : NULL;
    dara_clock_duration(attempts->waited_us, waited, sizeof(waited));
    dara_error_detail("%s%stried %u times in %s", detail ? detail : "", detail ? "\n" : "", attempts->tries, waited);
}

bool dara_attempts_again(struct dara_attempts *attempts, const struct dara_session *session, const char *what, int code)
{
    if (!dara_attempts_worth(session, code))
        return false;
    attempts->tries++;
    int64_t left_us = (int64_t)attempts->context->lock_timeout_ms * 1000 - attempts->waited_us;
    if (left_us <= 0 || dara_signal_pending()) {
        say_given_up(attempts);
        return false;
    }
    int64_t us = nap_us(attempts);
    us = us < left_us ? us : left_us;
    dara_context_say(attempts->context, "%s; %stried again in %lld ms", dara_error_last()->message, what,
                     (long long)us / 1000);
    dara_error_clear(); /* the next attempt has its own */
    dara_signal_nap(us);
    attempts->waited_us += us;
    return true;
}

void dara_attempts_show(const struct dara_attempts *attempts, struct dara_report *report)
{
    char waited[32];
    if (!attempts->tries)
        return;
    dara_clock_duration(attempts->waited_us, waited, sizeof(waited));
    dara_report_note(report, DARA_NOTE_INFO, "waited %s for locks that others held; attempt %u went through", waited,
                     attempts->tries + 1);
}
