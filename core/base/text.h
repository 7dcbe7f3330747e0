/* SPDX-License-Identifier: MIT */
/* The library's side of struct dara_text (<dara/text.h>). */
#ifndef DARA_BASE_TEXT_H
#define DARA_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <dara/text.h>

#include "base/alloc.h"

struct dara_text {
    char *bytes; /* NULL while empty */
    size_t length;
    size_t room;
};

#define DARA_TEXT_INIT \
    {                  \
        NULL, 0, 0     \
    }

void dara_text_done(struct dara_text *text);   /* free what it holds; usable again */
void dara_text_clear(struct dara_text *text);  /* empty it, keep the memory */
char *dara_text_steal(struct dara_text *text); /* its content, never NULL; free(); the text is empty after */
static inline const char *dara_text_string(const struct dara_text *text)
{
    return text->bytes ? text->bytes : "";
}

/* `DARA_TEXT text = DARA_TEXT_INIT;` is freed at the end of the scope. */
/* dara_text_add_bytes() for where there are very many short ones. */
static inline void dara_text_put(struct dara_text *text, const void *bytes, size_t length)
{
    if (length >= text->room - text->length) {
        dara_text_add_bytes(text, bytes, length);
        return;
    }
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

#define DARA_TEXT_LOCAL DARA_CLEANUP(dara_text_done) struct dara_text

/* Whether two strings are equal; NULL equals NULL alone. */
static inline bool dara_string_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Whether `string` ends with the first `length` bytes of `end`. */
static inline bool dara_string_ends(const char *string, const char *end, size_t length)
{
    size_t all = strlen(string);
    return all >= length && memcmp(string + all - length, end, length) == 0;
}

/* Whether the bytes are valid UTF-8 without NUL, overlong forms and surrogates. */
bool dara_utf8_valid(const char *bytes, size_t length);
/* Columns the string takes on a terminal as dara_text_add_visible() shows it (0 for combining characters, 2 for wide). */
size_t dara_utf8_width(const char *string);
/* Append `string` with control characters (newline, escape …) shown as \n, \x1b: safe and on one line at a terminal. */
void dara_text_add_visible(struct dara_text *text, const char *string);
/* Append a name of our own ("materialized_view", "not_null") as people write it: with spaces. */
void dara_text_add_words(struct dara_text *text, const char *name);

#endif
