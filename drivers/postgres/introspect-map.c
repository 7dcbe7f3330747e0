/* SPDX-License-Identifier: MIT */
/* A hash table from (catalog, oid, number of the column) to objects. */
#include <stdlib.h>
#include <string.h>

#include "introspect.h"

static size_t place(const struct postgres_map *map, unsigned class, unsigned oid, unsigned sub)
{
    uint64_t hash = ((uint64_t) class << 32 | oid) * 0x9e3779b97f4a7c15u + (uint64_t)sub * 0xff51afd7ed558ccdu;
    hash ^= hash >> 29;
    size_t at = (size_t)hash & (map->room - 1);
    while (map->slots[at].kind &&
           (map->slots[at].oid != oid || map->slots[at].class != class || map->slots[at].sub != sub))
        at = (at + 1) & (map->room - 1);
    return at;
}

static int grow(struct postgres_map *map)
{
    struct postgres_map bigger = *map;
    bigger.room = map->room ? map->room * 2 : 1024;
    bigger.slots = calloc(bigger.room, sizeof(*bigger.slots));
    if (!bigger.slots)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    for (size_t i = 0; i < map->room; i++)
        if (map->slots[i].kind)
            bigger.slots[place(&bigger, map->slots[i].class, map->slots[i].oid, map->slots[i].sub)] = map->slots[i];
    free(map->slots);
    *map = bigger;
    return 0;
}

int postgres_map_add(struct postgres_map *map, const struct postgres_known *known)
{
    if (map->count * 2 >= map->room) {
        int code = grow(map);
        if (code)
            return code;
    }
    size_t at = place(map, known->class, known->oid, known->sub);
    if (!map->slots[at].kind)
        map->count++;
    map->slots[at] = *known;
    return 0;
}

const struct postgres_known *postgres_map_find(const struct postgres_map *map, unsigned class, unsigned oid,
                                               unsigned sub)
{
    if (!map->room)
        return NULL;
    const struct postgres_known *known = &map->slots[place(map, class, oid, sub)];
    return known->kind ? known : NULL;
}

const char *postgres_map_copy(struct postgres_map *map, const char *string)
{
    if (!string)
        return NULL;
    if (map->string_count == map->string_room) {
        size_t room = map->string_room ? map->string_room * 2 : 256;
        char **strings = realloc(map->strings, room * sizeof(*strings));
        if (!strings)
            return NULL;
        map->strings = strings;
        map->string_room = room;
    }
    char *copy = strdup(string);
    if (copy)
        map->strings[map->string_count++] = copy;
    return copy;
}

void postgres_map_clear(struct postgres_map *map)
{
    for (size_t i = 0; i < map->string_count; i++)
        free(map->strings[i]);
    free(map->strings);
    free(map->slots);
    *map = (struct postgres_map){0};
}
