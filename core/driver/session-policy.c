/* SPDX-License-Identifier: MIT */
/* Acting as somebody else, and what that one may do: nothing of it is ever kept. */
#include <string.h>

#include "driver/internal.h"

struct dara_actors {
    struct dara_arena *arena;
    struct dara_actor *items;
    size_t count, room;
};

struct dara_access {
    struct dara_arena *arena;
    struct dara_access_cell *items;
    size_t count, room;
};

/* ---- actors --------------------------------------------------------------------------------------------------------------- */

struct dara_actors *dara_actors_new(void)
{
    struct dara_actors *actors = dara_alloc(sizeof(*actors));
    actors->arena = dara_arena_new();
    return actors;
}

struct dara_actors *dara_actors_free(struct dara_actors *actors)
{
    if (!actors)
        return NULL;
    dara_arena_free(actors->arena);
    free(actors->items);
    free(actors);
    return NULL;
}

void dara_actors_add(struct dara_actors *actors, const struct dara_actor *actor)
{
    struct dara_actor known = {0};
    memcpy(&known, actor, actor->size < sizeof(known) ? actor->size : sizeof(known));
    DARA_GROW(actors->items, actors->count, actors->room);
    actors->items[actors->count++] = (struct dara_actor){
        .size = sizeof(known),
        .name = dara_arena_strdup(actors->arena, known.name),
        .role = dara_arena_strdup(actors->arena, known.role),
        .user = dara_arena_strdup(actors->arena, known.user),
        .claims = dara_arena_strdup(actors->arena, known.claims),
        .setting = dara_arena_strdup(actors->arena, known.setting),
        .unbound = known.unbound,
        .note = dara_arena_strdup(actors->arena, known.note),
    };
}

size_t dara_actors_count(const struct dara_actors *actors)
{
    return actors->count;
}

const struct dara_actor *dara_actors_at(const struct dara_actors *actors, size_t index)
{
    return &actors->items[index];
}

/* ---- access --------------------------------------------------------------------------------------------------------------- */

struct dara_access *dara_access_new(void)
{
    struct dara_access *access = dara_alloc(sizeof(*access));
    access->arena = dara_arena_new();
    return access;
}

struct dara_access *dara_access_free(struct dara_access *access)
{
    if (!access)
        return NULL;
    dara_arena_free(access->arena);
    free(access->items);
    free(access);
    return NULL;
}

static const char *const *copy_names(struct dara_arena *arena, const char *const *names)
{
    size_t count = 0;
    while (names && names[count])
        count++;
    const char **copy = dara_arena_alloc(arena, (count + 1) * sizeof(*copy));
    for (size_t i = 0; i < count; i++)
        copy[i] = dara_arena_strdup(arena, names[i]);
    return copy;
}

void dara_access_add(struct dara_access *access, const struct dara_access_cell *cell)
{
    struct dara_access_cell known = {.allowed = -1, .rows = -1};
    memcpy(&known, cell, cell->size < sizeof(known) ? cell->size : sizeof(known));
    known.size = sizeof(known);
    known.kind = dara_arena_strdup(access->arena, known.kind);
    known.space = dara_arena_strdup(access->arena, known.space);
    known.key = dara_arena_strdup(access->arena, known.key);
    known.policies = copy_names(access->arena, known.policies);
    known.limits = copy_names(access->arena, known.limits);
    known.native = dara_arena_strdup(access->arena, known.native);
    known.why = dara_arena_strdup(access->arena, known.why);
    DARA_GROW(access->items, access->count, access->room);
    access->items[access->count++] = known;
}

size_t dara_access_count(const struct dara_access *access)
{
    return access->count;
}

const struct dara_access_cell *dara_access_at(const struct dara_access *access, size_t index)
{
    return &access->items[index];
}

/* ---- asking --------------------------------------------------------------------------------------------------------------- */

static int begin_call(struct dara_session *session, const char *purpose, struct dara_dispatch *call, const char *member)
{
    int code = dara_driver_require(session->driver, "policy", purpose);
    if (!code)
        dara_dispatch_begin(call, session->driver, session->url, "policy", member);
    return code;
}

int dara_session_find_actors(struct dara_session *session, const struct dara_actor *wanted, size_t count,
                             struct dara_actors *actors)
{
    struct dara_dispatch call;
    int code = begin_call(session, "act as another user", &call, "find");
    return code ? code : dara_dispatch_end(&call, session->driver->policy->find(session->conn, wanted, count, actors));
}

int dara_session_act(struct dara_session *session, const struct dara_actor *actor)
{
    struct dara_dispatch call;
    if (session->mode != DARA_MODE_REHEARSE || !session->in_transaction)
        return dara_error_set(DARA_EINTERNAL, "acting as another user outside a transaction that is taken back");
    int code = begin_call(session, "act as another user", &call, "act");
    return code ? code : dara_dispatch_end(&call, session->driver->policy->act(session->conn, actor));
}

int dara_session_access(struct dara_session *session, const struct dara_access_request *request,
                        struct dara_access *access)
{
    struct dara_dispatch call;
    if (session->mode == DARA_MODE_READ || !session->in_transaction)
        return dara_error_set(DARA_EINTERNAL, "access is tried outside a transaction that may write");
    int code = begin_call(session, "act as another user", &call, "access");
    return code ? code : dara_dispatch_end(&call, session->driver->policy->access(session->conn, request, access));
}

/* ---- installing ----------------------------------------------------------------------------------------------------------- */

static int begin_installing(struct dara_session *session, struct dara_dispatch *call, const char *member)
{
    static const char purpose[] = "install row-level security";
    int code = dara_driver_require(session->driver, "policy", purpose);
    if (!code && !DARA_HAS(session->driver->policy, install))
        code = dara_dispatch_absent(session->driver, "policy", member, purpose);
    if (!code && (session->mode == DARA_MODE_READ || !session->in_transaction))
        code = dara_error_set(DARA_EINTERNAL, "policies are installed outside a transaction that may write");
    if (!code)
        dara_dispatch_begin(call, session->driver, session->url, "policy", member);
    return code;
}

int dara_session_install(struct dara_session *session, const struct dara_policy_request *request,
                         struct dara_plan **ret_plan)
{
    struct dara_dispatch call;
    int code = begin_installing(session, &call, "install");
    if (code)
        return code;
    DARA_PLAN_LOCAL plan = dara_alloc(sizeof(*plan));
    plan->arena = dara_arena_new();
    code = dara_dispatch_end(&call, session->driver->policy->install(session->conn, request, plan));
    if (!code && plan->broken)
        code = dara_error_set(DARA_EDRIVER, "the '%s' driver broke its contract: a step without text",
                              session->driver->name);
    if (code)
        return code;
    *ret_plan = plan;
    plan = NULL;
    return 0;
}

int dara_session_prove(struct dara_session *session, const struct dara_policy_request *request,
                       struct dara_checks *checks)
{
    struct dara_dispatch call;
    int code = begin_installing(session, &call, "prove");
    return code ? code : dara_dispatch_end(&call, session->driver->policy->prove(session->conn, request, checks));
}
