/* SPDX-License-Identifier: MIT */
/* Which snapshots to keep: pure, so that it can be tested with fixed times. */
#include <string.h>

#include "base/clock.h"
#include "service/snapshot-parts.h"

#define DAY          86400
#define DAILY_DAYS   30
#define MONTHLY_DAYS 365

static bool named(const struct dara_snapshot *snapshot, const char *const *keep)
{
    const char *version = snapshot->applied_count ? snapshot->applied[snapshot->applied_count - 1] : "";
    for (size_t i = 0; keep && keep[i]; i++)
        if (!strcmp(keep[i], snapshot->label) || !strcmp(keep[i], snapshot->id) || !strcmp(keep[i], version))
            return true;
    return false;
}

/* Whether no later one in the list begins with the same `length` characters of its time ("2026-11-20", "2026-11"). */
static bool newest_of(struct dara_snapshot *const *list, size_t count, size_t index, size_t length)
{
    return index + 1 == count || strncmp(list[index]->created_at, list[index + 1]->created_at, length) != 0;
}

void dara_snapshot_prune_select(struct dara_snapshot *const *list, size_t count, const struct dara_prune *policy,
                                enum dara_prune_reason *ret_reasons)
{
    for (size_t i = 0; i < count; i++) {
        time_t when;
        bool readable = dara_clock_parse_iso(list[i]->created_at, &when) == 0;
        long long age = readable ? (long long)policy->now - (long long)when : -1;
        if (list[i]->keep || named(list[i], policy->keep))
            ret_reasons[i] = DARA_PRUNE_KEPT;
        else if (age <= (long long)policy->keep_days * DAY)
            ret_reasons[i] = DARA_PRUNE_RECENT;
        else if (age <= DAILY_DAYS * DAY && newest_of(list, count, i, strlen("2026-11-20")))
            ret_reasons[i] = DARA_PRUNE_DAILY;
        else if (age <= MONTHLY_DAYS * DAY && newest_of(list, count, i, strlen("2026-11")))
            ret_reasons[i] = DARA_PRUNE_MONTHLY;
        else
            ret_reasons[i] = i + 1 == count ? DARA_PRUNE_NEWEST : DARA_PRUNE_REMOVE;
    }
}

const char *dara_prune_reason_name(enum dara_prune_reason reason)
{
    static const char *const names[] = {"remove", "recent", "daily", "monthly", "kept", "newest"};
    return (size_t)reason < DARA_COUNT(names) ? names[reason] : "unknown";
}
