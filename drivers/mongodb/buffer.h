/* SPDX-License-Identifier: MIT */
/* Text under construction. Running out of memory ends the process, as everywhere in libbson, which this driver is built on. */
#ifndef DARA_MONGODB_BUFFER_H
#define DARA_MONGODB_BUFFER_H

#include <stdarg.h>
#include <stddef.h>

#include <dara/error.h>

struct mongodb_buffer {
    char *bytes; /* followed by NUL once anything was added */
    size_t length, room;
};

/* Append: a string, bytes, text as by printf. */
void mongodb_buffer_add(struct mongodb_buffer *buffer, const char *string);
void mongodb_buffer_add_bytes(struct mongodb_buffer *buffer, const void *bytes, size_t length);
void mongodb_buffer_format(struct mongodb_buffer *buffer, const char *format, ...) DARA_PRINTF(2, 3);
/* What was added, or "". Borrowed until the next call. */
const char *mongodb_buffer_get(const struct mongodb_buffer *buffer);
/* Forget what was added from `length` on. */
void mongodb_buffer_cut(struct mongodb_buffer *buffer, size_t length);
void mongodb_buffer_free(struct mongodb_buffer *buffer);

#endif
