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

/* Of the types that are in no family: those that a text can be turned into without loss, where it can be turned at all. */
static const char *const exact_of_text[] = {"uuid", "inet", "cidr",    "macaddr",  "macaddr8", "xml",   "bytea",
                                            "oid",  "json", "boolean", "smallint", "integer",  "bigint"};
/* Pairs in no family that keep every value. */
static const char *const kept[][2] = {{"cidr", "inet"},   {"macaddr", "macaddr8"},
                                      {"integer", "oid"}, {"name", "text"},
                                      {"json", "xml"},    {"time without time zone", "interval"}};

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
    enum family a = from->type->family, b = to->type->family;
    if (a == EXACT && b == EXACT)
        return to->size < 0 ||
               (from->size >= 0 && from->scale <= to->scale && from->size - from->scale <= to->size - to->scale);
    if (a == TIMES || a == JSON) /* with and without time zone are no wider than each other, nor is jsonb than json */
        return b == a &&
               ((from->type == to->type && fits) ||
                (a == TIMES && from->type->rank == 1 && to->size < 0 && !strstr(to->base, "with time zone")) ||
                (a == JSON && strcmp(to->base, "json") == 0));
    if (a == BITS && to->type->rank == 1)
        return false; /* bit(n) takes exactly n */
    if (a == b)
        return from->type->rank <= to->type->rank && fits;
    if (a == INTEGERS && b == FLOATS)
        return from->type->rank <= to->type->rank; /* smallint in real, integer in double precision */
    return a == INTEGERS && b == EXACT && to->size < 0;
}

/* What goes without an error, in words; NULL where nothing does. For types of families, and not lossless. */
static const char *find_loss(const struct read *from, const struct read *to)
{
    enum family a = from->type->family, b = to->type->family;
    if (is_number(a) && is_number(b)) {
        bool rounds = (b == INTEGERS && a != INTEGERS) || b == FLOATS ||
                      (b == EXACT && (a == FLOATS || to->scale < (a == INTEGERS ? 0 : from->scale) ||
                                      (a == EXACT && from->scale < 0)));
        return rounds ? "numbers are rounded" : NULL;
    }
    if (a == TIMES && b == TIMES)
        return from->type->rank > to->type->rank              ? "the time of the day is lost"
               : strcmp(from->base, to->base) == 0            ? "fractions of seconds are rounded"
               : strstr(from->base, "with time zone") != NULL ? "which zone a time was in is lost"
                                                              : "times are taken for those of the session's time zone";
    if (a == STRINGS && b == STRINGS)
        return from->type->rank > 1 && (to->size >= 0 || to->type->rank == 1) ? "spaces at the end may be cut off"
                                                                              : NULL;
    if (a == JSON)
        return "the order of keys, repeated keys and white space are lost";
    return NULL;
}

static bool is_exact(const struct read *to)
{
    for (size_t i = 0; i < sizeof(exact_of_text) / sizeof(exact_of_text[0]); i++)
        if (strcmp(exact_of_text[i], to->base) == 0)
            return true;
    return false;
}

/* An explicit cast cuts off what is too long, without a word; an assignment refuses it. So the cast goes to the type without a length, and
 * the column's own length is left to the assignment. */
static void cast_without_length(struct postgres_cast *cast, const struct read *to)
{
    if (to->type && to->type->family == STRINGS)
        cast->target = to->array ? "text[]" : "text";
    else if (to->type && to->type->family == BITS)
        cast->target = to->array ? "bit varying[]" : "bit varying";
}

/* A text that is read as something else: fails, or is what it says; but some types round or forget while they read. */
static struct postgres_cast from_text(const struct read *to, struct postgres_cast cast)
{
    bool numeric = to->type && to->type->family == EXACT && to->size < 0;
    cast.text = false;
    if (!numeric && !is_exact(to) && !(to->type && to->type->family == BITS))
        cast.loss = "of a text only what the new type can hold is kept";
    return cast;
}

/* Neither text nor both of a family: by way of text, which may be read in another sense. */
static struct postgres_cast by_text(const struct read *from, const struct read *to, struct postgres_cast cast)
{
    bool flag_in = from->type && from->type->family == BOOLEAN && strcmp(to->base, "integer") == 0;
    bool flag_out = to->type && to->type->family == BOOLEAN && strcmp(from->base, "integer") == 0;
    cast.text = !flag_in && !flag_out;
    cast.lossless = flag_in && !from->array;
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        if (strcmp(kept[i][0], from->base) == 0 && strcmp(kept[i][1], to->base) == 0 && to->size < 0)
            return cast;
    /* These take what they hold, or nothing; but leading zeros of bits are none of a number. */
    if (!flag_out && is_exact(to) && !(from->type && from->type->family == BITS))
        return cast;
    if (flag_out)
        cast.loss = "every number but 0 becomes true";
    else if (!flag_in)
        cast.loss = "values are written as text and read as the new type, which may forget some of it";
    return cast;
}

/* Only what is in parentheses differs, and the type is in no family. */
static struct postgres_cast other_modifier(const struct read *from, const struct read *to, struct postgres_cast cast)
{
    cast.using = cast.text = false;
    cast.lossless = to->size < 0 || (from->size >= 0 && from->size <= to->size && from->scale == to->scale);
    cast.loss = cast.lossless ? NULL : "values are fitted to the new limits";
    cast.rewrites = !cast.lossless || !(strncmp(to->base, "time ", 5) == 0 || strcmp(to->base, "interval") == 0);
    return cast;
}

static struct postgres_cast in_family(const struct read *from, const struct read *to, struct postgres_cast cast)
{
    enum family a = from->type->family, b = to->type->family;
    cast.text = false;
    cast.lossless = is_wider(from, to);
    /* Of bits only an explicit cast fills up; a shorter target is left to the assignment, which refuses what does not fit. */
    cast.using = (b == BITS && to->type->rank == 1 && from->size >= 0 && from->size < to->size) ||
                 (a == FLOATS && b == INTEGERS && from->array);
    cast.target = NULL;
    if (!cast.lossless)
        cast.loss = find_loss(from, to);
    bool same_scale = a == EXACT && b == EXACT && (to->size < 0 || from->scale == to->scale);
    bool widened = a == b && cast.lossless &&
                   ((a == STRINGS && from->type->rank >= 2) || same_scale || (a == TIMES && from->type == to->type) ||
                    (a == BITS && from->type->rank == 2));
    cast.rewrites = !widened;
    return cast;
}

struct postgres_cast postgres_cast_find(const char *from_text_, const char *to_text)
{
    struct read from = read_type(from_text_), to = read_type(to_text);
    struct postgres_cast cast = {.using = true, .text = true, .rewrites = true};
    bool from_string = from.type && from.type->family == STRINGS, to_string = to.type && to.type->family == STRINGS;
    if (strcmp(from_text_, to_text) == 0)
        return (struct postgres_cast){.lossless = true};
    cast_without_length(&cast, &to);
    if (to_string && !to.array && (from.array || !from_string)) { /* anything can be shown as text */
        cast.text = false;
        cast.lossless = to.size < 0 && to.type->rank > 1;
        return cast;
    }
    if (from.array != to.array)
        return by_text(&from, &to, cast);
    if (to_string && !from_string) {
        cast.text = false;
        cast.lossless = to.size < 0 && to.type->rank > 1;
        return cast;
    }
    if (from_string && !to_string)
        return from_text(&to, cast);
    if (strcmp(from.base, to.base) == 0 && (!from.type || !to.type))
        return other_modifier(&from, &to, cast);
    if (from.type && to.type &&
        (from.type->family == to.type->family || (is_number(from.type->family) && is_number(to.type->family))))
        return in_family(&from, &to, cast);
    return by_text(&from, &to, cast);
}

const char *postgres_cast_loss(const char *from_text_, const char *to_text, bool explicitly)
{
    struct read to = read_type(to_text);
    struct postgres_cast cast = postgres_cast_find(from_text_, to_text);
    bool limited =
        to.type && (to.type->family == STRINGS || to.type->family == BITS) && (to.size >= 0 || to.type->rank == 1);
    if (cast.lossless)
        return NULL;
    if (explicitly && limited)
        return "what is too long is cut off";
    return cast.text && !explicitly ? NULL : cast.loss;
}
