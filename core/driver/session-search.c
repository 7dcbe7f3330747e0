/* SPDX-License-Identifier: MIT */
/* What to look for in the rows before a change: gathered from the driver, each once. */
#include <string.h>

#include "driver/internal.h"

struct dara_searches {
    struct dara_arena *arena;
    size_t statement; /* what is added belongs to */
    struct dara_searched *items;
    size_t count, room;
};

struct dara_searches *dara_searches_new(void)
{
    struct dara_searches *searches = dara_alloc(sizeof(*searches));
    *searches = (struct dara_searches){.arena = dara_arena_new()};
    return searches;
}

struct dara_searches *dara_searches_free(struct dara_searches *searches)
{
    if (!searches)
        return NULL;
    dara_arena_free(searches->arena);
    free(searches->items);
    free(searches);
    return NULL;
}

size_t dara_searches_count(const struct dara_searches *searches)
{
    return searches->count;
}

struct dara_searched *dara_searches_at(struct dara_searches *searches, size_t index)
{
    return &searches->items[index];
}

void dara_searches_fail(struct dara_searches *searches, size_t index, const char *why)
{
    searches->items[index].why = dara_arena_strdup(searches->arena, why);
}

/* What a statement before asked for already: a difference holds all that they did. */
static bool is_known(const struct dara_searches *searches, const struct dara_search *search)
{
    for (size_t i = 0; i < searches->count; i++) {
        const struct dara_searched *item = &searches->items[i];
        if (strcmp(item->key, dara_object_key(search->object)) == 0 && strcmp(item->what, search->what) == 0 &&
            strcmp(item->text ? item->text : "", search->text ? search->text : "") == 0)
            return true;
    }
    return false;
}

void dara_searches_add(struct dara_searches *searches, const struct dara_search *search)
{
    struct dara_search known = {0};
    struct dara_arena *arena = searches->arena;
    memcpy(&known, search, search->size < sizeof(known) ? search->size : sizeof(known));
    if (!known.object || !known.what || is_known(searches, &known))
        return;
    DARA_GROW(searches->items, searches->count, searches->room);
    searches->items[searches->count++] =
        (struct dara_searched){.statement = searches->statement,
                               .space = dara_arena_strdup(arena, dara_object_space(known.object)),
                               .key = dara_arena_strdup(arena, dara_object_key(known.object)),
                               .what = dara_arena_strdup(arena, known.what),
                               .text = dara_arena_strdup(arena, known.text),
                               .why = dara_arena_strdup(arena, known.why),
                               .passes = known.passes};
}

bool dara_session_can_search(const struct dara_session *session)
{
    return DARA_HAS(session->driver->apply, search);
}

int dara_session_search(struct dara_session *session, const struct dara_diff *diff, const struct dara_change *change,
                        const struct dara_search_limits *limits, size_t statement, struct dara_searches *searches)
{
    struct dara_dispatch call;
    if (!session->scratch)
        return dara_error_set(DARA_EINTERNAL, "only of a scratch database it is asked what to look for");
    searches->statement = statement;
    dara_dispatch_begin(&call, session->driver, session->url, "apply", "search");
    return dara_dispatch_end(&call, session->driver->apply->search(session->conn, diff, change, limits, searches));
}
