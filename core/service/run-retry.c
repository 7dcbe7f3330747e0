/* SPDX-License-Identifier: MIT */
/*
 * A transaction that did not get its locks is tried again from its start, for as long as the user gives it. Waiting in one piece would
 * stop everybody who comes after it for all that time: the engine lets nobody past one who waits.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error-keep.h"
#include "base/signal.h"
#include "service/run.h"
#include "service/snapshot-parts.h"

#define STEP_LONGEST_MS 1000
#define NAP_FIRST_US    50000
#define NAP_LONGEST_US  2000000

unsigned dara_retry_step_ms(unsigned timeout_ms)
{
    unsigned step = timeout_ms / 4 < STEP_LONGEST_MS ? timeout_ms / 4 : STEP_LONGEST_MS;
    return step ? step : timeout_ms;
}

void dara_retry_begin(const struct dara_run *run, struct dara_retry *ret_retry)
{
    *ret_retry = (struct dara_retry){.ran_count = run->ran_count, .knew_before = run->before != NULL};
}

/* What cannot be taken back was done once, and is not done again. */
static bool has_lasting(const struct dara_run *run, const struct dara_retry *retry)
{
    for (size_t i = retry->ran_count; i < run->ran_count; i++) {
        const struct dara_statement_facts *facts = run->ran[i].migration->facts[run->ran[i].statement];
        for (size_t k = 0; k < facts->lasting_count; k++)
            if (!facts->lasting[k].numbers)
                return true;
    }
    return false;
}

static int64_t nap_us(const struct dara_retry *retry)
{
    int64_t nap = NAP_FIRST_US;
    for (unsigned i = 1; i < retry->tries && nap < NAP_LONGEST_US; i++)
        nap *= 2;
    nap = nap < NAP_LONGEST_US ? nap : NAP_LONGEST_US;
    /* Two runs that got in each other's way do not meet again at once. Nothing secret hangs on the number. */
    unsigned seed = (unsigned)dara_clock_monotonic_us();
    return nap / 2 + (int64_t)((double)nap * rand_r(&seed) / RAND_MAX);
}

/* As before the attempt; the schema may be another by the next one. */
static void forget(struct dara_run *run, const struct dara_retry *retry, size_t first, size_t end)
{
    run->ran_count = retry->ran_count;
    for (size_t i = first; i < end; i++)
        run->durations_us[i] = 0;
    run->after = dara_model_free(run->after);
    if (retry->knew_before)
        return;
    run->before = dara_model_free(run->before);
    if (run->pre)
        (void)dara_snapshot_remove(run->pre);
    run->pre = dara_snapshot_free(run->pre);
}

static void say_given_up(const struct dara_retry *retry)
{
    char waited[32];
    const struct dara_error *last = dara_error_last();
    DARA_FREE char *detail = last->detail ? dara_strdup(last->detail) : NULL;
    dara_clock_duration(retry->waited_us, waited, sizeof(waited));
    dara_error_detail("%s%stried %u times in %s", detail ? detail : "", detail ? "\n" : "", retry->tries, waited);
}

static bool is_worth(const struct dara_run *run, const struct dara_retry *retry, int code)
{
    return code == DARA_ELOCKED && dara_session_feature(run->session, DARA_FEATURE_LOCK_QUEUE) &&
           !has_lasting(run, retry);
}

/* How long to sleep before the next attempt; 0: there is none. The user is told. */
static int64_t next_nap_us(struct dara_run *run, struct dara_retry *retry, const char *what)
{
    const int64_t budget_us = (int64_t)run->context->lock_timeout_ms * 1000;
    retry->tries++;
    if (run->ran_count > retry->ran_count && run->ran[run->ran_count - 1].failed)
        retry->waited_us += run->ran[run->ran_count - 1].duration_us;
    int64_t us = nap_us(retry), left = budget_us - retry->waited_us;
    if (left <= 0 || dara_signal_pending()) {
        say_given_up(retry);
        return 0;
    }
    us = us < left ? us : left;
    dara_context_say(run->context, "%s; %stried again in %lld ms", dara_error_last()->message, what,
                     (long long)us / 1000);
    dara_error_clear(); /* the next attempt has its own */
    return us;
}

static void sleep_before(struct dara_run *run, struct dara_retry *retry, int64_t us)
{
    dara_signal_nap(us);
    retry->waited_us += us;
    run->waited_us = retry->waited_us;
}

bool dara_retry_again(struct dara_run *run, struct dara_retry *retry, size_t first, size_t end, int code)
{
    if (!is_worth(run, retry, code) || run->shapes[first].leading > 0)
        return false;
    int64_t us = next_nap_us(run, retry, "rolled back, and ");
    if (us == 0)
        return false;
    forget(run, retry, first, end);
    sleep_before(run, retry, us);
    return true;
}

bool dara_retry_piece(struct dara_run *run, struct dara_retry *retry, int code)
{
    int64_t us = is_worth(run, retry, code) ? next_nap_us(run, retry, "") : 0;
    if (us == 0)
        return false;
    run->ran_count = retry->ran_count;
    sleep_before(run, retry, us);
    return true;
}

void dara_retry_show(const struct dara_run *run, const struct dara_retry *retry)
{
    char waited[32];
    if (!retry->tries)
        return;
    dara_clock_duration(retry->waited_us, waited, sizeof(waited));
    dara_report_note(run->report, DARA_NOTE_INFO, "waited %s for locks that others held; attempt %u went through",
                     waited, retry->tries + 1);
}
