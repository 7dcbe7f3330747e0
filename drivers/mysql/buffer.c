/* SPDX-License-Identifier: MIT */
#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "my.h"

static bool make_room(struct mysql_buffer *buffer, size_t length)
{
    if (buffer->failed)
        return false;
    if (buffer->room - buffer->length > length)
        return true;
    size_t room = (buffer->length + length) * 2 + 64;
    char *bytes = realloc(buffer->bytes, room);
    buffer->failed = !bytes;
    if (!bytes)
        return false;
    buffer->bytes = bytes;
    buffer->room = room;
    return true;
}

void mysql_buffer_add_bytes(struct mysql_buffer *buffer, const char *bytes, size_t length)
{
    if (!make_room(buffer, length))
        return;
    if (length)
        memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    buffer->bytes[buffer->length] = '\0';
}

void mysql_buffer_add(struct mysql_buffer *buffer, const char *string)
{
    mysql_buffer_add_bytes(buffer, string, strlen(string));
}

void mysql_buffer_format(struct mysql_buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0 || !make_room(buffer, (size_t)length + 1))
        return;
    va_start(arguments, format);
    vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)length;
}

void mysql_buffer_add_name(struct mysql_buffer *buffer, const char *name)
{
    mysql_buffer_add_bytes(buffer, "`", 1);
    for (const char *at = name; *at; at++)
        mysql_buffer_add_bytes(buffer, *at == '`' ? "``" : at, *at == '`' ? 2 : 1);
    mysql_buffer_add_bytes(buffer, "`", 1);
}

void mysql_buffer_add_string(struct mysql_buffer *buffer, const char *bytes, size_t length)
{
    mysql_buffer_add_bytes(buffer, "'", 1);
    for (size_t i = 0; i < length; i++) {
        switch (bytes[i]) {
        case '\'':
            mysql_buffer_add_bytes(buffer, "''", 2);
            break;
        case '\\':
            mysql_buffer_add_bytes(buffer, "\\\\", 2);
            break;
        case '\0':
            mysql_buffer_add_bytes(buffer, "\\0", 2);
            break;
        case '\n':
            mysql_buffer_add_bytes(buffer, "\\n", 2);
            break;
        case '\r':
            mysql_buffer_add_bytes(buffer, "\\r", 2);
            break;
        case '\x1a':
            mysql_buffer_add_bytes(buffer, "\\Z", 2);
            break;
        default:
            mysql_buffer_add_bytes(buffer, bytes + i, 1);
        }
    }
    mysql_buffer_add_bytes(buffer, "'", 1);
}

const char *mysql_buffer_get(const struct mysql_buffer *buffer)
{
    return buffer->bytes ? buffer->bytes : "";
}

void mysql_buffer_clear(struct mysql_buffer *buffer)
{
    buffer->length = 0;
    if (buffer->bytes)
        buffer->bytes[0] = '\0';
}

void mysql_buffer_free(struct mysql_buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct mysql_buffer){0};
}

int mysql_buffer_check(const struct mysql_buffer *buffer)
{
    return buffer->failed ? mysql_out_of_memory() : 0;
}
