/* SPDX-License-Identifier: MIT */
/* An arena: memory given out in pieces and freed all at once. */
#ifndef DARA_BASE_ARENA_H
#define DARA_BASE_ARENA_H

#include <stddef.h>

#include <dara/error.h>

struct dara_arena;

/* An empty one; free it with dara_arena_free(), and everything in it with it. */
struct dara_arena *dara_arena_new(void);
struct dara_arena *dara_arena_free(struct dara_arena *arena);          /* accepts NULL, returns NULL */
void *dara_arena_alloc(struct dara_arena *arena, size_t size);         /* zeroed, aligned for any type */
char *dara_arena_strdup(struct dara_arena *arena, const char *string); /* NULL gives NULL */
char *dara_arena_strndup(struct dara_arena *arena, const char *string, size_t length);
char *dara_arena_format(struct dara_arena *arena, const char *format, ...) DARA_PRINTF(2, 3);
void dara_arena_wipe(struct dara_arena *arena);         /* overwrite all it gave out, before freeing secrets */
size_t dara_arena_size(const struct dara_arena *arena); /* bytes held */

#endif
