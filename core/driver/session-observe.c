/* SPDX-License-Identifier: MIT */
/* What a rehearsal does to others: gathered from the driver, statement by statement. */
#include <string.h>

#include "driver/internal.h"

struct dara_observed {
    struct dara_arena *arena;
    size_t statement; /* what is told belongs to */
    struct dara_sighting *items;
    size_t count, room;
};

struct dara_observed *dara_observed_new(void)
{
    struct dara_observed *observed = dara_alloc(sizeof(*observed));
    *observed = (struct dara_observed){.arena = dara_arena_new()};
    return observed;
}

struct dara_observed *dara_observed_free(struct dara_observed *observed)
{
    if (!observed)
        return NULL;
    dara_arena_free(observed->arena);
    free(observed->items);
    free(observed);
    return NULL;
}

size_t dara_observed_count(const struct dara_observed *observed)
{
    return observed->count;
}

const struct dara_sighting *dara_observed_at(const struct dara_observed *observed, size_t index)
{
    return &observed->items[index];
}

/* ---- telling ------------------------------------------------------------------------------------------------------------ */

static struct dara_sighting *add(struct dara_observed *observed, enum dara_sight what, const char *kind,
                                 const char *space, const char *key)
{
    DARA_GROW(observed->items, observed->count, observed->room);
    struct dara_sighting *item = &observed->items[observed->count++];
    *item = (struct dara_sighting){.what = what,
                                   .statement = observed->statement,
                                   .kind = dara_arena_strdup(observed->arena, kind),
                                   .space = dara_arena_strdup(observed->arena, space),
                                   .key = dara_arena_strdup(observed->arena, key),
                                   .bytes = -1};
    return item;
}

void dara_observed_lock(struct dara_observed *observed, const char *kind, const char *space, const char *key,
                        const char *mode, const char *effect)
{
    struct dara_sighting *item = add(observed, DARA_SIGHT_LOCK, kind, space, key);
    item->mode = dara_arena_strdup(observed->arena, mode);
    item->effect = dara_arena_strdup(observed->arena, effect);
}

void dara_observed_rewritten(struct dara_observed *observed, const char *kind, const char *space, const char *key,
                             int64_t bytes)
{
    add(observed, DARA_SIGHT_REWRITTEN, kind, space, key)->bytes = bytes;
}

/* A session that goes on waiting is seen behind every statement. */
static bool is_told(const struct dara_observed *observed, const char *space, const char *key, const char *id)
{
    for (size_t i = 0; i < observed->count; i++) {
        const struct dara_sighting *item = &observed->items[i];
        if (item->what == DARA_SIGHT_STOPPED && !strcmp(item->other.id, id) && !strcmp(item->key, key) &&
            !strcmp(item->space ? item->space : "", space ? space : ""))
            return true;
    }
    return false;
}

void dara_observed_stopped(struct dara_observed *observed, const char *kind, const char *space, const char *key,
                           const struct dara_other *other, bool waits)
{
    struct dara_other known = {0};
    struct dara_arena *arena = observed->arena;
    memcpy(&known, other, other->size < sizeof(known) ? other->size : sizeof(known));
    if (!known.id || !key || is_told(observed, space, key, known.id))
        return;
    struct dara_sighting *item = add(observed, DARA_SIGHT_STOPPED, kind, space, key);
    item->waits = waits;
    item->other = (struct dara_other){.size = sizeof(known),
                                      .id = dara_arena_strdup(arena, known.id),
                                      .user = dara_arena_strdup(arena, known.user),
                                      .application = dara_arena_strdup(arena, known.application),
                                      .state = dara_arena_strdup(arena, known.state),
                                      .since = dara_arena_strdup(arena, known.since),
                                      .mode = dara_arena_strdup(arena, known.mode)};
}

void dara_observed_lasting(struct dara_observed *observed, const char *what)
{
    add(observed, DARA_SIGHT_LASTING, NULL, NULL, NULL)->text = dara_arena_strdup(observed->arena, what);
}

void dara_observed_way(struct dara_observed *observed, const char *kind, const char *space, const char *key,
                       const char *method, const char *lock, const char *effect, enum dara_work work)
{
    struct dara_sighting *item = add(observed, DARA_SIGHT_WAY, kind, space, key);
    item->method = dara_arena_strdup(observed->arena, method);
    item->mode = dara_arena_strdup(observed->arena, lock);
    item->effect = dara_arena_strdup(observed->arena, effect);
    item->work = work;
}

/* ---- asking ------------------------------------------------------------------------------------------------------------- */

int dara_session_observe(struct dara_session *session, size_t statement, struct dara_observed *observed,
                         bool *ret_known)
{
    struct dara_dispatch call;
    bool known = DARA_HAS(session->driver->apply, observe);
    if (!session->scratch && (session->mode != DARA_MODE_REHEARSE || !session->in_transaction))
        return dara_error_set(DARA_EINTERNAL, "only a rehearsal is observed");
    if (known) {
        observed->statement = statement;
        dara_dispatch_begin(&call, session->driver, session->url, "apply", "observe");
        int code = dara_dispatch_end(&call, session->driver->apply->observe(session->conn, observed));
        if (code)
            return code;
    }
    *ret_known = known;
    return 0;
}

/* ---- in words ----------------------------------------------------------------------------------------------------------- */

void dara_other_add(const struct dara_other *other, struct dara_text *out)
{
    const char *separator = " (";
    dara_text_add(out, "session ");
    dara_text_add_visible(out, other->id);
    if (other->application) {
        dara_text_add(out, separator);
        dara_text_add_visible(out, other->application);
        separator = ", ";
    }
    if (other->user) {
        dara_text_format(out, "%suser ", separator);
        dara_text_add_visible(out, other->user);
        separator = ", ";
    }
    if (other->state) {
        dara_text_add(out, separator);
        dara_text_add_visible(out, other->state);
        separator = ", ";
    }
    if (other->since) {
        dara_text_format(out, "%ssince ", other->state ? " " : separator);
        dara_text_add_visible(out, other->since);
        separator = ", ";
    }
    dara_text_add(out, strcmp(separator, ", ") == 0 ? ")" : "");
}
