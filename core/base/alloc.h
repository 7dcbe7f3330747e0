/* SPDX-License-Identifier: MIT */
/* Allocation that cannot fail, and clean-up of locals. Running out of memory writes one line and ends the process with
 * status 70: the engine then rolls back, as it does for kill -9, which is tested at every step. */
#ifndef DARA_BASE_ALLOC_H
#define DARA_BASE_ALLOC_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <dara/error.h>

void *dara_alloc(size_t size);                                  /* zeroed; free() */
void *dara_realloc(void *old, size_t size);                     /* free() */
void *dara_realloc_array(void *old, size_t count, size_t size); /* checks the product; free() */
char *dara_strdup(const char *string);                          /* NULL gives NULL; free() */
char *dara_strndup(const char *string, size_t length);
char *dara_format(const char *format, ...) DARA_PRINTF(1, 2); /* free() */

/* Make room for one more element of a growing array: `DARA_GROW(v->items, v->count, v->room);` */
#define DARA_GROW(items, count, room)                                        \
    do {                                                                     \
        if ((count) == (room)) {                                             \
            (room) = (room) ? (room)*2 : 8;                                  \
            (items) = dara_realloc_array((items), (room), sizeof(*(items))); \
        }                                                                    \
    } while (0)

static inline void dara_free_local(void *pointer)
{
    free(*(void **)pointer);
}
static inline void dara_fclose_local(FILE **file)
{
    if (*file)
        fclose(*file);
}
#define DARA_CLEANUP(function) __attribute__((cleanup(function)))
/* `DARA_FREE char *path = …;` frees at the end of the scope. */
#define DARA_FREE              DARA_CLEANUP(dara_free_local)
#define DARA_FCLOSE            DARA_CLEANUP(dara_fclose_local)

#define DARA_UNUSED            __attribute__((unused))
#define DARA_COUNT(array)      (sizeof(array) / sizeof((array)[0]))

#endif
