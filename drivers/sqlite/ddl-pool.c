/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dara/error.h>

#include "ddl-pool.h"

struct chunk {
    struct chunk *next;
    size_t used, size;
    max_align_t bytes[];
};

struct sqlite_pool {
    struct chunk *chunks;
};

/* Chunks grow with the pool: most statements are short, and a whole schema takes few calls. */
static const size_t smallest_chunk = 2 * 1024, largest_chunk = 64 * 1024;

int sqlite_pool_run(int (*work)(struct sqlite_pool *pool, void *context), void *context)
{
    struct sqlite_pool pool = {.chunks = NULL};
    int code = work(&pool, context);
    while (pool.chunks) {
        struct chunk *next = pool.chunks->next;
        free(pool.chunks);
        pool.chunks = next;
    }
    return code;
}

void sqlite_pool_reset(struct sqlite_pool *pool)
{
    struct chunk *kept = pool->chunks;
    while (kept && kept->next) {
        struct chunk *next = kept->next->next;
        free(kept->next);
        kept->next = next;
    }
    if (kept)
        kept->used = 0;
}

static struct chunk *add_chunk(struct sqlite_pool *pool, size_t size)
{
    if (size > SIZE_MAX / 2)
        dara_error_out_of_memory();
    size_t wanted = pool->chunks ? pool->chunks->size * 2 : smallest_chunk;
    if (wanted > largest_chunk)
        wanted = largest_chunk;
    if (wanted < size)
        wanted = size;
    struct chunk *chunk = malloc(sizeof(*chunk) + wanted);
    if (!chunk)
        dara_error_out_of_memory();
    chunk->used = 0;
    chunk->size = wanted;
    chunk->next = pool->chunks;
    pool->chunks = chunk;
    return chunk;
}

/* Memory at a multiple of `alignment`, not zeroed: for what is written whole at once. */
static void *take(struct sqlite_pool *pool, size_t size, size_t alignment)
{
    struct chunk *chunk = pool->chunks;
    size_t start = chunk ? (chunk->used + alignment - 1) & ~(alignment - 1) : 0;
    if (!chunk || start > chunk->size || chunk->size - start < size) {
        chunk = add_chunk(pool, size);
        start = 0;
    }
    chunk->used = start + size;
    return (char *)chunk->bytes + start;
}

void *sqlite_pool_alloc(struct sqlite_pool *pool, size_t size)
{
    return memset(take(pool, size, _Alignof(max_align_t)), 0, size);
}

void *sqlite_pool_resize(struct sqlite_pool *pool, void *piece, size_t old_size, size_t size)
{
    struct chunk *chunk = pool->chunks;
    size_t start = piece && chunk ? chunk->used - old_size : 0;
    if (piece && (char *)chunk->bytes + start == (char *)piece && size <= chunk->size - start) {
        chunk->used = start + size;
        return piece;
    }
    void *copy = take(pool, size, _Alignof(max_align_t));
    if (piece)
        memcpy(copy, piece, old_size < size ? old_size : size);
    return copy;
}

char *sqlite_pool_copy(struct sqlite_pool *pool, const char *text, size_t length)
{
    char *copy = take(pool, length + 1, 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *sqlite_pool_format(struct sqlite_pool *pool, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        dara_error_out_of_memory();
    char *text = take(pool, (size_t)length + 1, 1);
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

char *sqlite_pool_name(struct sqlite_pool *pool, const struct sqlite_token *token)
{
    char *name = take(pool, token->length + 1, 1);
    sqlite_token_copy_name(token, name);
    return name;
}

char *sqlite_pool_fold(struct sqlite_pool *pool, const char *name)
{
    char *folded = sqlite_pool_copy(pool, name, strlen(name));
    sqlite_fold_in_place(folded);
    return folded;
}

void sqlite_buffer_add_bytes(struct sqlite_buffer *buffer, const char *bytes, size_t length)
{
    if (buffer->room - buffer->length <= length) {
        size_t room = (buffer->length + length + 16) * 2;
        buffer->text = sqlite_pool_resize(buffer->pool, buffer->text, buffer->room, room);
        buffer->room = room;
    }
    memcpy(buffer->text + buffer->length, bytes, length);
    buffer->length += length;
    buffer->text[buffer->length] = '\0';
}

void sqlite_buffer_add(struct sqlite_buffer *buffer, const char *text)
{
    sqlite_buffer_add_bytes(buffer, text, strlen(text));
}

static void add_quoted(struct sqlite_buffer *buffer, const char *text, char quote)
{
    sqlite_buffer_add_bytes(buffer, &quote, 1);
    for (const char *at; (at = strchr(text, quote)); text = at + 1) {
        sqlite_buffer_add_bytes(buffer, text, (size_t)(at - text + 1));
        sqlite_buffer_add_bytes(buffer, &quote, 1);
    }
    sqlite_buffer_add(buffer, text);
    sqlite_buffer_add_bytes(buffer, &quote, 1);
}

void sqlite_buffer_quote(struct sqlite_buffer *buffer, const char *name)
{
    add_quoted(buffer, name, '"');
}

void sqlite_buffer_string(struct sqlite_buffer *buffer, const char *text)
{
    add_quoted(buffer, text, '\'');
}

void sqlite_list_add(struct sqlite_pool *pool, struct sqlite_list *list, const char *value)
{
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 4;
        const char **values = take(pool, room * sizeof(*values), _Alignof(max_align_t));
        if (list->count)
            memcpy(values, list->values, list->count * sizeof(*values));
        list->values = values;
        list->room = room;
    }
    list->values[list->count++] = value;
}

char *sqlite_list_join(struct sqlite_pool *pool, const struct sqlite_list *list)
{
    struct sqlite_buffer buffer = {.pool = pool};
    sqlite_buffer_add(&buffer, "");
    for (size_t i = 0; i < list->count; i++) {
        sqlite_buffer_add(&buffer, i ? ", " : "");
        sqlite_buffer_add(&buffer, list->values[i]);
    }
    return buffer.text;
}

static size_t slot_of(const struct sqlite_names *names, const char *key)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (const char *c = key; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    size_t slot = (size_t)hash & (names->room - 1);
    while (names->slots[slot].key && strcmp(names->slots[slot].key, key) != 0)
        slot = (slot + 1) & (names->room - 1);
    return slot;
}

static void grow(struct sqlite_pool *pool, struct sqlite_names *names)
{
    struct sqlite_names larger = {.room = names->room ? names->room * 2 : 16, .count = names->count};
    larger.slots = sqlite_pool_alloc(pool, larger.room * sizeof(*larger.slots));
    for (size_t i = 0; i < names->room; i++)
        if (names->slots[i].key)
            larger.slots[slot_of(&larger, names->slots[i].key)] = names->slots[i];
    *names = larger;
}

void sqlite_names_add(struct sqlite_pool *pool, struct sqlite_names *names, const char *key, void *value)
{
    if (names->count * 2 >= names->room)
        grow(pool, names);
    size_t slot = slot_of(names, key);
    if (names->slots[slot].key)
        return;
    names->slots[slot].key = key;
    names->slots[slot].value = value;
    names->count++;
}

const struct sqlite_name_slot *sqlite_names_find(const struct sqlite_names *names, const char *key)
{
    if (!names || !names->room)
        return NULL;
    const struct sqlite_name_slot *slot = &names->slots[slot_of(names, key)];
    return slot->key ? slot : NULL;
}
