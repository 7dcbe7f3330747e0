/* SPDX-License-Identifier: MIT */
#include "base/file.h"
#include "base/text.h"

#include <dara/error.h>

/* The record of a thread: strings live in fixed room, so that setting an error needs no memory and leaves none behind. */
struct record {
    struct dara_error error;
    char message[1024];
    char detail[2048];
    char hint[1024];
    char native[128];
    char file[1024];
};

static _Thread_local struct record last;

static const char *fill(char *room, size_t size, const char *format, va_list arguments)
{
    int length = vsnprintf(room, size, format, arguments);
    if (length >= 0 && (size_t)length >= size) {
        /* Cut where a character begins, not inside one. */
        size_t end = size - 4;
        while (end > 0 && ((unsigned char)room[end] & 0xc0u) == 0x80u)
            end--;
        room[end] = '\0';
        size_t rest = size - end;
        snprintf(room + end, rest, "...");
    }
    return room;
}

int dara_error_set(int code, const char *format, ...)
{
    va_list arguments;
    last.error = (struct dara_error){.code = code};
    va_start(arguments, format);
    /* The arguments may lie in the record itself (wrapping an error), so format beside it first. */
    char message[sizeof(last.message)];
    fill(message, sizeof(message), format, arguments);
    va_end(arguments);
    snprintf(last.message, sizeof(last.message), "%s", message);
    last.error.message = last.message;
    return code;
}

#define DEFINE_ADD(name)                                    \
    void dara_error_##name(const char *format, ...)         \
    {                                                       \
        va_list arguments;                                  \
        char room[sizeof(last.name)];                       \
        va_start(arguments, format);                        \
        fill(room, sizeof(room), format, arguments);        \
        va_end(arguments);                                  \
        snprintf(last.name, sizeof(last.name), "%s", room); \
        last.error.name = last.name;                        \
    }
DEFINE_ADD(detail)
DEFINE_ADD(hint)
DEFINE_ADD(native)

void dara_error_at(const char *file, long line)
{
    if (file) {
        DARA_FREE char *shown = dara_file_shown(file);
        snprintf(last.file, sizeof(last.file), "%s", shown);
        last.error.file = last.file;
    }
    if (line)
        last.error.line = line;
}

const struct dara_error *dara_error_last(void)
{
    return last.error.code ? &last.error : NULL;
}

void dara_error_clear(void)
{
    last.error = (struct dara_error){.code = 0};
}

struct row {
    int code;
    int status;
    const char *name;
};

static const struct row *find(int code)
{
    static const struct row rows[] = {{0, 0, "ok"},
#define ROW(suffix, code, status, name) {code, status, name},
                                      DARA_ERROR_TABLE(ROW)
#undef ROW
    };
    for (size_t i = 0; i < DARA_COUNT(rows); i++)
        if (rows[i].code == code)
            return &rows[i];
    return &rows[DARA_COUNT(rows) - 1];
}

int dara_error_status(int code)
{
    return find(code)->status;
}

const char *dara_error_name(int code)
{
    return find(code)->name;
}
