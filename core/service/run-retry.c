/* SPDX-License-Identifier: MIT */
/* Attempts at the transactions and statements of a run. */
#include "service/run.h"
#include "service/snapshot-parts.h"

void dara_retry_begin(struct dara_run *run, struct dara_retry *ret_retry)
{
    dara_attempts_begin(&run->attempts, run->context);
    *ret_retry = (struct dara_retry){.ran_count = run->ran_count, .knew_before = run->before != NULL};
}

/* What cannot be taken back was done once, and is not done again. */
static bool has_lasting(const struct dara_run *run, const struct dara_retry *retry)
{
    for (size_t i = retry->ran_count; i < run->ran_count; i++)
        if (dara_facts_last(run->ran[i].migration->facts[run->ran[i].statement]))
            return true;
    return false;
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

static bool again(struct dara_run *run, const struct dara_retry *retry, const char *what, int code)
{
    if (!dara_attempts_worth(run->session, code) || has_lasting(run, retry))
        return false;
    if (run->ran_count > retry->ran_count && run->ran[run->ran_count - 1].failed)
        run->attempts.waited_us += run->ran[run->ran_count - 1].duration_us;
    return dara_attempts_again(&run->attempts, run->session, what, code);
}

bool dara_retry_again(struct dara_run *run, struct dara_retry *retry, size_t first, size_t end, int code)
{
    if (run->shapes[first].leading > 0 || !again(run, retry, "rolled back, and ", code))
        return false;
    forget(run, retry, first, end);
    return true;
}

bool dara_retry_piece(struct dara_run *run, struct dara_retry *retry, int code)
{
    if (!again(run, retry, "", code))
        return false;
    run->ran_count = retry->ran_count;
    return true;
}

void dara_retry_show(const struct dara_run *run)
{
    dara_attempts_show(&run->attempts, run->report);
}
