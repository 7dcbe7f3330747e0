/* SPDX-License-Identifier: MIT */
/* How large objects are, gathered from the driver and found by name. */
#include <stdlib.h>
#include <string.h>

#include "driver/internal.h"

struct dara_sizes {
    struct dara_arena *arena;
    struct dara_size *items;
    size_t count, room;
};

struct dara_sizes *dara_sizes_free(struct dara_sizes *sizes)
{
    if (!sizes)
        return NULL;
    dara_arena_free(sizes->arena);
    free(sizes->items);
    free(sizes);
    return NULL;
}

void dara_sizes_add(struct dara_sizes *sizes, const char *kind, const char *space, const char *key, int64_t rows,
                    int64_t bytes)
{
    DARA_GROW(sizes->items, sizes->count, sizes->room);
    sizes->items[sizes->count++] = (struct dara_size){.kind = dara_arena_strdup(sizes->arena, kind),
                                                      .space = dara_arena_strdup(sizes->arena, space),
                                                      .key = dara_arena_strdup(sizes->arena, key),
                                                      .rows = rows,
                                                      .bytes = bytes};
}

static const char *or_empty(const char *string)
{
    return string ? string : "";
}

static int compare(const void *left, const void *right)
{
    const struct dara_size *one = left, *other = right;
    int order = strcmp(one->key, other->key);
    return order ? order : strcmp(or_empty(one->space), or_empty(other->space));
}

int dara_session_sizes(struct dara_session *session, struct dara_sizes **ret_sizes)
{
    const struct dara_introspect_ops *introspect = session->driver->introspect;
    struct dara_dispatch call;
    DARA_SIZES_LOCAL sizes = dara_alloc(sizeof(*sizes));
    *sizes = (struct dara_sizes){.arena = dara_arena_new()};
    if (DARA_HAS(introspect, sizes)) {
        dara_dispatch_begin(&call, session->driver, session->url, "introspect", "sizes");
        int code = dara_dispatch_end(&call, introspect->sizes(session->conn, sizes));
        if (code)
            return code;
    }
    if (sizes->count)
        qsort(sizes->items, sizes->count, sizeof(*sizes->items), compare);
    *ret_sizes = sizes;
    sizes = NULL;
    return 0;
}

const struct dara_size *dara_sizes_find(const struct dara_sizes *sizes, const char *kind, const char *space,
                                        const char *key)
{
    const struct dara_size wanted = {.space = space, .key = key};
    if (!sizes || !sizes->count)
        return NULL;
    const struct dara_size *found = bsearch(&wanted, sizes->items, sizes->count, sizeof(wanted), compare);
    return found && kind && strcmp(found->kind, kind) ? NULL : found;
}

const struct dara_size *dara_sizes_largest(const struct dara_sizes *sizes)
{
    const struct dara_size *largest = NULL;
    for (size_t i = 0; sizes && i < sizes->count; i++)
        if (!largest || sizes->items[i].bytes > largest->bytes)
            largest = &sizes->items[i];
    return largest;
}
