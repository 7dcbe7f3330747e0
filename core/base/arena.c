/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

#define ALIGNMENT _Alignof(max_align_t)

/* Blocks grow with the arena: a small one costs a page, a large one few calls. */
enum { SMALLEST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

struct block {
    struct block *next;
    size_t size, used;
    _Alignas(max_align_t) char bytes[];
};

struct dara_arena {
    struct block *blocks; /* the first is the one being filled */
    size_t block_size, total;
};

struct dara_arena *dara_arena_new(void)
{
    struct dara_arena *arena = dara_alloc(sizeof(*arena));
    arena->block_size = SMALLEST_BLOCK;
    return arena;
}

struct dara_arena *dara_arena_free(struct dara_arena *arena)
{
    struct block *next;
    for (struct block *block = arena ? arena->blocks : NULL; block; block = next) {
        next = block->next;
        free(block);
    }
    free(arena);
    return NULL;
}

static struct block *add_block(struct dara_arena *arena, size_t size)
{
    struct block *block = dara_realloc(NULL, sizeof(*block) + size); /* zeroed where it is asked for, as it is taken */
    block->size = size;
    block->used = 0;
    block->next = NULL;
    arena->total += sizeof(*block) + size;
    return block;
}

/* `size` bytes at a multiple of `alignment` (a power of two). */
static void *take(struct dara_arena *arena, size_t size, size_t alignment)
{
    struct block *block = arena->blocks;
    if (block) {
        size_t start = (block->used + alignment - 1) & ~(alignment - 1);
        if (start <= block->size && size <= block->size - start) {
            block->used = start + size;
            return block->bytes + start;
        }
    }
    if (block && size > arena->block_size / 4) {
        /* A block of its own, behind the one being filled, so that its free room is not lost. */
        struct block *own = add_block(arena, size);
        own->used = size;
        own->next = block->next;
        block->next = own;
        return own->bytes;
    }
    struct block *fresh = add_block(arena, size > arena->block_size ? size : arena->block_size);
    if (arena->block_size < LARGEST_BLOCK)
        arena->block_size *= 2;
    fresh->used = size;
    fresh->next = block;
    arena->blocks = fresh;
    return fresh->bytes;
}

void *dara_arena_alloc(struct dara_arena *arena, size_t size)
{
    return memset(take(arena, size ? size : 1, ALIGNMENT), 0, size);
}

char *dara_arena_strdup(struct dara_arena *arena, const char *string)
{
    return string ? dara_arena_strndup(arena, string, strlen(string)) : NULL;
}

char *dara_arena_strndup(struct dara_arena *arena, const char *string, size_t length)
{
    if (!string)
        return NULL;
    char *copy = take(arena, length + 1, 1);
    memcpy(copy, string, length);
    copy[length] = '\0';
    return copy;
}

char *dara_arena_format(struct dara_arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    size_t size = length < 0 ? 1 : (size_t)length + 1;
    char *text = take(arena, size, 1);
    vsnprintf(text, size, format, again);
    va_end(again);
    return text;
}

void dara_arena_wipe(struct dara_arena *arena)
{
    for (struct block *block = arena->blocks; block; block = block->next)
        explicit_bzero(block->bytes, block->size);
}

size_t dara_arena_size(const struct dara_arena *arena)
{
    return arena->total;
}
