/* SPDX-License-Identifier: MIT */
/* What env-check reports, as drivers and services add it. */
#include "driver/internal.h"

struct dara_checks *dara_checks_new(void)
{
    struct dara_checks *checks = dara_alloc(sizeof(*checks));
    checks->arena = dara_arena_new();
    return checks;
}

struct dara_checks *dara_checks_free(struct dara_checks *checks)
{
    if (!checks)
        return NULL;
    dara_arena_free(checks->arena);
    free(checks->items);
    free(checks);
    return NULL;
}

static const char *keep(struct dara_checks *checks, const char *text)
{
    if (!text || !checks->url)
        return dara_arena_strdup(checks->arena, text);
    DARA_FREE char *clean = dara_url_scrub(checks->url, text);
    return dara_arena_strdup(checks->arena, clean);
}

void dara_checks_add(struct dara_checks *checks, const char *name, enum dara_verdict verdict, const char *detail,
                     const char *hint)
{
    DARA_GROW(checks->items, checks->count, checks->room);
    checks->items[checks->count++] = (struct dara_check){
        .name = keep(checks, name ? name : ""),
        .verdict = verdict,
        .detail = keep(checks, detail ? detail : ""),
        .hint = keep(checks, hint),
    };
}

size_t dara_checks_count(const struct dara_checks *checks)
{
    return checks->count;
}

const struct dara_check *dara_checks_at(const struct dara_checks *checks, size_t index)
{
    return index < checks->count ? &checks->items[index] : NULL;
}
