/* SPDX-License-Identifier: MIT */
/* For whom a statement waits, and how far it is. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "service/attempt.h"

#define PATIENCE_US 1000000

void dara_attempts_statement(struct dara_attempts *attempts)
{
    attempts->since_us = dara_clock_monotonic_us();
    attempts->phase[0] = '\0';
    dara_text_clear(&attempts->blockers);
}

/* The time that is left, at the pace of this phase so far. */
static void add_left(const struct dara_attempts *attempts, uint64_t done, uint64_t total, struct dara_text *out)
{
    char left[32];
    int64_t passed_us = dara_clock_monotonic_us() - attempts->phase_us;
    if (done <= attempts->phase_from || passed_us < PATIENCE_US)
        return;
    double each = (double)passed_us / (double)(done - attempts->phase_from);
    dara_clock_duration((int64_t)(each * (double)(total - done)), left, sizeof(left));
    dara_text_format(out, ", about %s left", left);
}

void dara_attempts_progress(void *context, const char *what, uint64_t done, uint64_t total)
{
    struct dara_attempts *attempts = context;
    DARA_TEXT_LOCAL line = DARA_TEXT_INIT;
    if (strncmp(attempts->phase, what, sizeof(attempts->phase) - 1) != 0) {
        snprintf(attempts->phase, sizeof(attempts->phase), "%s", what);
        attempts->phase_us = dara_clock_monotonic_us();
        attempts->phase_from = done;
    }
    dara_text_add_visible(&line, what);
    if (total > 0 && done <= total) {
        dara_text_format(&line, ", %d %%", (int)((double)done * 100 / (double)total));
        add_left(attempts, done, total, &line);
    }
    dara_context_say(attempts->context, "%s", dara_text_string(&line));
}

/* Told again and again while it lasts, and kept once. */
void dara_attempts_waits(void *context, const struct dara_other *other, const char *object, const char *mode)
{
    struct dara_attempts *attempts = context;
    DARA_TEXT_LOCAL line = DARA_TEXT_INIT;
    dara_other_add(other, &line);
    if (!strstr(dara_text_string(&attempts->blockers), dara_text_string(&line)))
        dara_text_format(&attempts->blockers, "%s%s", attempts->blockers.length ? "\n" : "", dara_text_string(&line));
    if (object) {
        dara_text_add(&line, " to lock ");
        dara_text_add_visible(&line, object);
        dara_text_format(&line, "%s%s", mode ? " in mode " : "", mode ? mode : "");
    }
    int64_t waited_us = attempts->waited_us + dara_clock_monotonic_us() - attempts->since_us;
    if ((waited_us < PATIENCE_US && !isatty(STDERR_FILENO)) ||
        strstr(dara_text_string(&attempts->told), dara_text_string(&line)))
        return;
    dara_text_format(&attempts->told, "%s\n", dara_text_string(&line));
    dara_context_tell(attempts->context, "waiting for %s", dara_text_string(&line));
}

int dara_attempts_blame(const struct dara_attempts *attempts, const struct dara_session *session, int code)
{
    if (code != DARA_ELOCKED || !attempts->blockers.length)
        return code;
    const struct dara_error *last = dara_error_last();
    DARA_FREE char *detail = last->detail ? dara_strdup(last->detail) : NULL;
    dara_error_detail("%s%s%s %s", detail ? detail : "", detail ? "\n" : "",
                      dara_session_mode(session) == DARA_MODE_REHEARSE ? "would have waited for" : "waited for",
                      dara_text_string(&attempts->blockers));
    return code;
}
