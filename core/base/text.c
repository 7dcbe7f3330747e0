/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

static void grow(struct dara_text *text, size_t need)
{
    size_t room = text->room ? text->room : 64;
    while (room < need)
        room = room > SIZE_MAX / 2 ? need : room * 2;
    text->bytes = dara_realloc(text->bytes, room);
    text->room = room;
}

static inline void reserve(struct dara_text *text, size_t more)
{
    size_t need = text->length + more + 1;
    if (need > text->room)
        grow(text, need);
}

void dara_text_add(struct dara_text *text, const char *string)
{
    if (string)
        dara_text_add_bytes(text, string, strlen(string));
}

void dara_text_add_bytes(struct dara_text *text, const void *bytes, size_t length)
{
    reserve(text, length);
    if (length)
        memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void dara_text_format(struct dara_text *text, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length > 0) {
        reserve(text, (size_t)length);
        vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
}

const char *dara_text_get(const struct dara_text *text, size_t *ret_length)
{
    if (ret_length)
        *ret_length = text->length;
    return dara_text_string(text);
}

void dara_text_done(struct dara_text *text)
{
    free(text->bytes);
    *text = (struct dara_text)DARA_TEXT_INIT;
}

void dara_text_clear(struct dara_text *text)
{
    text->length = 0;
    if (text->bytes)
        text->bytes[0] = '\0';
}

char *dara_text_steal(struct dara_text *text)
{
    char *bytes = text->bytes ? text->bytes : dara_strdup("");
    *text = (struct dara_text)DARA_TEXT_INIT;
    return bytes;
}

void dara_text_add_words(struct dara_text *text, const char *name)
{
    for (; *name; name++)
        dara_text_add_bytes(text, *name == '_' ? " " : name, 1);
}
