/* SPDX-License-Identifier: MIT */
/*
 * Memory for reading SQL: given out in pieces, freed all at once. A schema is thousands of small pieces, so code that works
 * in a pool sees no failed allocation: it ends the process as the library's own does, see dara_error_out_of_memory().
 */
#ifndef DARA_SQLITE_DDL_POOL_H
#define DARA_SQLITE_DDL_POOL_H

#include <stddef.h>

#include "lex.h"

struct sqlite_pool;

/* Run `work` with a pool, free the pool, return what `work` returned. */
int sqlite_pool_run(int (*work)(struct sqlite_pool *pool, void *context), void *context);

/* Take back all that was given out, for the next piece of work. */
void sqlite_pool_reset(struct sqlite_pool *pool);

/* All of these give zeroed or NUL-ended memory that lives as long as the pool. */
void *sqlite_pool_alloc(struct sqlite_pool *pool, size_t size);
/* Make a piece (NULL: none yet) of `old_size` bytes larger or smaller; the last one given out stays where it is. What is new is
 * not zeroed. */
void *sqlite_pool_resize(struct sqlite_pool *pool, void *piece, size_t old_size, size_t size);
char *sqlite_pool_copy(struct sqlite_pool *pool, const char *text, size_t length);
char *sqlite_pool_format(struct sqlite_pool *pool, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The token as a name, see sqlite_token_name(). */
char *sqlite_pool_name(struct sqlite_pool *pool, const struct sqlite_token *token);
/* The name folded, see sqlite_fold(). */
char *sqlite_pool_fold(struct sqlite_pool *pool, const char *name);

/* A growing text; `text` is NULL while nothing was added. */
struct sqlite_buffer {
    struct sqlite_pool *pool;
    char *text;
    size_t length, room;
};
void sqlite_buffer_add_bytes(struct sqlite_buffer *buffer, const char *bytes, size_t length);
void sqlite_buffer_add(struct sqlite_buffer *buffer, const char *text);
/* As an identifier: "…". */
void sqlite_buffer_quote(struct sqlite_buffer *buffer, const char *name);
/* As a string: '…'. */
void sqlite_buffer_string(struct sqlite_buffer *buffer, const char *text);

/* A growing list of texts. */
struct sqlite_list {
    const char **values;
    size_t count, room;
};
void sqlite_list_add(struct sqlite_pool *pool, struct sqlite_list *list, const char *value);
/* The values joined by ", ". */
char *sqlite_list_join(struct sqlite_pool *pool, const struct sqlite_list *list);

/* A map from folded names to anything. */
struct sqlite_names {
    struct sqlite_name_slot {
        const char *key; /* folded; borrowed */
        void *value;
    } * slots;
    size_t count, room;
};
/* Add; what stands there already stays. */
void sqlite_names_add(struct sqlite_pool *pool, struct sqlite_names *names, const char *key, void *value);
/* The slot of a folded name, or NULL. `names` may be NULL. */
const struct sqlite_name_slot *sqlite_names_find(const struct sqlite_names *names, const char *key);

#endif
