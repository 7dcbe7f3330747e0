/* SPDX-License-Identifier: MIT */
/* What changing a column's type does to its values, told from the names of the types. */
#include <stdlib.h>
#include <string.h>

#include "change.h"

enum family { OTHER, INTEGERS, EXACT, FLOATS, STRINGS, TIMES, BOOLEAN, JSON, BITS };

static const struct type {
    const char *name;
    enum family family;
    int rank; /* a higher rank of a family holds every value of a lower one */
} types[] = {
    {"smallint", INTEGERS, 1},
    {"integer", INTEGERS, 2},
    {"bigint", INTEGERS, 3},
    {"numeric", EXACT, 4},
    {"real", FLOATS, 1},
    {"double precision", FLOATS, 2},
    {"character", STRINGS, 1},
    {"character varying", STRINGS, 2},
    {"text", STRINGS, 3},
    {"date", TIMES, 1},
    {"timestamp without time zone", TIMES, 2},
    {"timestamp with time zone", TIMES, 2},
    {"boolean", BOOLEAN, 1},
    {"json", JSON, 1},
    {"jsonb", JSON, 1},
    {"bit", BITS, 1},
    {"bit varying", BITS, 2},
};

struct read {
    char base[64];
    long size, scale; /* -1: no limit */
    bool array;
    const struct type *type;
};

/* "character varying(20)", "timestamp(3) without time zone", "numeric(10,2)[]" */
static struct read read_type(const char *text)
{
    struct read read = {.size = -1, .scale = -1};
    const char *open = strchr(text, '('), *close = open ? strchr(open, ')') : NULL;
    size_t length = 0;
    for (const char *at = text; *at && length + 1 < sizeof(read.base); at++) {
        if (close && at == open)
            at = close + 1;
        if (*at == '[')
            read.array = true;
        if (!*at || *at == '[')
            break;
        read.base[length++] = *at;
    }
    read.base[length] = '\0';
    if (close) {
        char *end;
        read.size = strtol(open + 1, &end, 10);
        read.scale = *end == ',' ? strtol(end + 1, NULL, 10) : 0;
    }
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (strcmp(types[i].name, read.base) == 0)
            read.type = &types[i];
    return read;
}

static bool is_number(enum family family)
{
    return family == INTEGERS || family == EXACT || family == FLOATS;
}

static bool is_wider(const struct read *from, const struct read *to)
{
    bool fits = to->size < 0 || (from->size >= 0 && from->size <= to->size);
    if (from->type->family == EXACT && to->type->family == EXACT)
        return to->size < 0 ||
               (from->size >= 0 && from->scale <= to->scale && from->size - from->scale <= to->size - to->scale);
    if (from->type->family == to->type->family)
        return from->type->rank <= to->type->rank && fits;
    return from->type->family == INTEGERS && to->type->family == EXACT && to->size < 0;
}

static bool rounds(const struct read *from, const struct read *to)
{
    enum family a = from->type->family, b = to->type->family;
    if (is_number(a) && is_number(b))
        return (b == INTEGERS && a != INTEGERS) || b == FLOATS ||
               (b == EXACT && (a == FLOATS || to->scale < from->scale || from->scale < 0));
    return a == TIMES && b == TIMES;
}

struct postgres_cast postgres_cast_find(const char *from_text, const char *to_text)
{
    struct read from = read_type(from_text), to = read_type(to_text);
    struct postgres_cast cast = {.using = true, .text = true, .rewrites = true};
    if (strcmp(from_text, to_text) == 0)
        return (struct postgres_cast){.lossless = true};
    if (from.array != to.array)
        return cast;
    if (to.type && to.type->family == STRINGS && !(from.type && from.type->family == STRINGS)) {
        cast.text = false;
        cast.lossless = to.size < 0 && to.type->rank > 1;
        return cast; /* anything can be shown as text */
    }
    if (from.type && from.type->family == STRINGS && !(to.type && to.type->family == STRINGS)) {
        cast.text = false;
        return cast;
    }
    if (!from.type || !to.type) {
        bool same = strcmp(from.base, to.base) == 0; /* only the modifier differs */
        cast.using = cast.text = !same;
        cast.rounds = same;
        return cast;
    }
    enum family a = from.type->family, b = to.type->family;
    if (a != b && !(is_number(a) && is_number(b))) {
        bool flag =
            (a == BOOLEAN && strcmp(to.base, "integer") == 0) || (b == BOOLEAN && strcmp(from.base, "integer") == 0);
        cast.text = !flag;
        return cast;
    }
    cast.text = false;
    cast.using = b == BITS || (a == FLOATS && b == INTEGERS && from.array);
    cast.lossless = is_wider(&from, &to);
    cast.rounds = !cast.lossless && rounds(&from, &to);
    cast.rewrites = !(a == STRINGS && cast.lossless && from.type->rank >= 2);
    return cast;
}
