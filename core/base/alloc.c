/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

void dara_error_out_of_memory(void)
{
    static const char line[] = "dara: out of memory\n";
    if (write(STDERR_FILENO, line, sizeof(line) - 1) < 0)
        _exit(70);
    _exit(70);
}

void *dara_alloc(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    if (!memory)
        dara_error_out_of_memory();
    return memory;
}

void *dara_realloc(void *old, size_t size)
{
    void *memory = realloc(old, size ? size : 1);
    if (!memory)
        dara_error_out_of_memory();
    return memory;
}

void *dara_realloc_array(void *old, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        dara_error_out_of_memory();
    return dara_realloc(old, count * size);
}

char *dara_strdup(const char *string)
{
    return string ? dara_strndup(string, strlen(string)) : NULL;
}

char *dara_strndup(const char *string, size_t length)
{
    if (!string)
        return NULL;
    char *copy = dara_realloc(NULL, length + 1);
    memcpy(copy, string, length);
    copy[length] = '\0';
    return copy;
}

char *dara_format(const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    size_t size = length < 0 ? 1 : (size_t)length + 1;
    char *text = dara_alloc(size);
    vsnprintf(text, size, format, again);
    va_end(again);
    return text;
}
