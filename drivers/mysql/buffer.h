/* SPDX-License-Identifier: MIT */
/* A growing text of the driver's own: dara's can only be written into where dara hands one over. */
#ifndef DARA_MYSQL_BUFFER_H
#define DARA_MYSQL_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/* Begins as {0}. When memory runs out `failed` is set, and what is added from then on is dropped. */
struct mysql_buffer {
    char *bytes; /* NULL, or ended by a NUL that does not count in `length` */
    size_t length, room;
    bool failed;
};

void mysql_buffer_add_bytes(struct mysql_buffer *buffer, const char *bytes, size_t length);
void mysql_buffer_add(struct mysql_buffer *buffer, const char *string);
void mysql_buffer_format(struct mysql_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A name in back quotes. */
void mysql_buffer_add_name(struct mysql_buffer *buffer, const char *name);
/* A string in quotes, as every sql_mode without NO_BACKSLASH_ESCAPES reads it. */
void mysql_buffer_add_string(struct mysql_buffer *buffer, const char *bytes, size_t length);
/* What it holds, never NULL; valid until the next addition. */
const char *mysql_buffer_get(const struct mysql_buffer *buffer);
/* Empty it, and keep its memory. */
void mysql_buffer_clear(struct mysql_buffer *buffer);
void mysql_buffer_free(struct mysql_buffer *buffer);
/* 0, or DARA_EINTERNAL when memory had run out. */
int mysql_buffer_check(const struct mysql_buffer *buffer);

#endif
