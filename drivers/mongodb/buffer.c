/* SPDX-License-Identifier: MIT */
#include "buffer.h"

#include <bson/bson.h>
#include <stdio.h>
#include <string.h>

static void grow(struct mongodb_buffer *buffer, size_t more)
{
    size_t wanted = buffer->length + more + 1;
    if (wanted <= buffer->room)
        return;
    size_t room = buffer->room ? buffer->room : 256;
    while (room < wanted)
        room *= 2;
    buffer->bytes = bson_realloc(buffer->bytes, room);
    buffer->room = room;
}

void mongodb_buffer_add_bytes(struct mongodb_buffer *buffer, const void *bytes, size_t length)
{
    grow(buffer, length);
    if (length)
        memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    buffer->bytes[buffer->length] = '\0';
}

void mongodb_buffer_add(struct mongodb_buffer *buffer, const char *string)
{
    mongodb_buffer_add_bytes(buffer, string, strlen(string));
}

void mongodb_buffer_format(struct mongodb_buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length > 0) {
        grow(buffer, (size_t)length);
        vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
}

const char *mongodb_buffer_get(const struct mongodb_buffer *buffer)
{
    return buffer->bytes ? buffer->bytes : "";
}

void mongodb_buffer_cut(struct mongodb_buffer *buffer, size_t length)
{
    if (length >= buffer->length)
        return;
    buffer->length = length;
    buffer->bytes[length] = '\0';
}

void mongodb_buffer_free(struct mongodb_buffer *buffer)
{
    bson_free(buffer->bytes);
    *buffer = (struct mongodb_buffer){0};
}
