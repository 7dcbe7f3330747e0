/* SPDX-License-Identifier: MIT */
/* Rows of the queries into objects of the model. */
#include <stdlib.h>
#include <string.h>

#include "introspect.h"

static int out_of_memory(void)
{
    return dara_error_set(DARA_EINTERNAL, "out of memory");
}

/* A value of a row, or NULL. */
static const char *value(const PGresult *result, int row, int column)
{
    return column < 0 || PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

static unsigned number(const char *text)
{
    return text ? (unsigned)strtoul(text, NULL, 10) : 0;
}

/* ---- lists ---- */

/* The next element of the array that `*at` points into, after its '{' or a ','; unquoted in place and ended by NUL. */
static char *next_element(char **at)
{
    char *start = ++*at, *to = start;
    bool quoted = *start == '"';
    char *from = quoted ? start + 1 : start;
    while (*from && (quoted ? *from != '"' : *from != ',' && *from != '}')) {
        if (*from == '\\' && from[1])
            from++;
        *to++ = *from++;
    }
    if (quoted && *from)
        from++;
    char delimiter = *from; /* which the NUL may overwrite */
    *to = '\0';
    *at = delimiter == ',' ? from : NULL;
    return start;
}

/* A one-dimensional array of texts as the server writes it. */
static int set_list(struct dara_object *object, const char *property, const char *text)
{
    size_t commas = 1, count = 0;
    for (const char *c = text; *c; c++)
        commas += *c == ',';
    char *copy = strdup(text);
    const char **items = malloc(commas * sizeof(*items));
    int code = copy && items ? 0 : out_of_memory();
    if (!code && strcmp(text, "{}") != 0)
        for (char *at = copy; at && count < commas;)
            items[count++] = next_element(&at);
    if (!code)
        code = dara_object_set_list(object, property, items, count);
    free(items);
    free(copy);
    return code;
}

/* ---- objects ---- */

/* Places of the columns that are not properties; -1 where a query has none. */
struct shape {
    int oid, sub, name, key, space, owner, comment, origin;
};

static struct shape shape_of(const PGresult *result)
{
    return (struct shape){PQfnumber(result, "oid"),     PQfnumber(result, "sub"),   PQfnumber(result, "name"),
                          PQfnumber(result, "key"),     PQfnumber(result, "space"), PQfnumber(result, "owner"),
                          PQfnumber(result, "comment"), PQfnumber(result, "origin")};
}

static int set_property(struct dara_object *object, const char *column, const char *text)
{
    switch (column[0]) {
    case 't':
        return dara_object_set_text(object, column + 2, text);
    case 'b':
        return dara_object_set_bool(object, column + 2, text[0] == 't');
    case 'i':
        return dara_object_set_int(object, column + 2, strtoll(text, NULL, 10));
    default:
        return set_list(object, column + 2, text);
    }
}

/* ---- what stands for an object, and what it needs besides ---- */

static int add_wish(struct postgres_reading *reading, struct dara_object *object, unsigned class, unsigned oid)
{
    if (reading->wish_count == reading->wish_room) {
        size_t room = reading->wish_room ? reading->wish_room * 2 : 64;
        struct postgres_wish *wishes = realloc(reading->wishes, room * sizeof(*wishes));
        if (!wishes)
            return out_of_memory();
        reading->wishes = wishes;
        reading->wish_room = room;
    }
    reading->wishes[reading->wish_count++] = (struct postgres_wish){object, class, oid};
    return 0;
}

static int add_shell(struct postgres_reading *reading, unsigned type, unsigned routine, unsigned input)
{
    if (reading->shell_count == reading->shell_room) {
        size_t room = reading->shell_room ? reading->shell_room * 2 : 16;
        struct postgres_shell *shells = realloc(reading->shells, room * sizeof(*shells));
        if (!shells)
            return out_of_memory();
        reading->shells = shells;
        reading->shell_room = room;
    }
    reading->shells[reading->shell_count++] = (struct postgres_shell){type, routine, input};
    return 0;
}

/* One oid of a column x:, d: or f:. `first` is the first of the column's. */
static int set_reference(struct postgres_reading *reading, const struct postgres_known *known, const char *column,
                         unsigned oid, unsigned first)
{
    struct postgres_known other = *known;
    other.class = number(column + 2);
    other.oid = oid;
    other.sub = 0;
    if (!oid)
        return 0;
    if (column[0] == 'd')
        return add_wish(reading, known->object, other.class, oid);
    if (column[0] == 'f')
        return add_shell(reading, known->oid, oid, first);
    return postgres_map_add(&reading->map, &other);
}

/* "12" or "{12,34}" */
static int set_references(struct postgres_reading *reading, const struct postgres_known *known, const char *column,
                          const char *text)
{
    unsigned first = 0;
    int code = 0;
    for (const char *at = text; !code && *at; at++) {
        char *end = NULL;
        unsigned oid = *at >= '0' && *at <= '9' ? (unsigned)strtoul(at, &end, 10) : 0;
        if (!end)
            continue;
        first = first ? first : oid;
        code = set_reference(reading, known, column, oid, first);
        at = end - (*end == '\0');
    }
    return code;
}

static int set_row(struct postgres_reading *reading, const struct postgres_known *known, const PGresult *result,
                   int row)
{
    int code = 0;
    for (int i = 0; !code && i < PQnfields(result); i++) {
        const char *column = PQfname(result, i), *text = value(result, row, i);
        if (column[0] == '\0' || column[1] != ':' || !text)
            continue;
        if (column[0] == 'n')
            code = dara_model_unrepresented(reading->model, dara_object_kind(known->object)->name,
                                            dara_object_name(known->object), text);
        else
            code = strchr("xdf", column[0]) ? set_references(reading, known, column, text)
                                            : set_property(known->object, column, text);
    }
    return code;
}

static bool wanted(const struct postgres_reading *reading, const char *space)
{
    if (!reading->request || !reading->request->spaces || !space)
        return true;
    for (const char *const *at = reading->request->spaces; *at; at++)
        if (strcmp(*at, space) == 0)
            return true;
    return false;
}

/* ---- what is the platform's ---- */

static bool is_platforms(const struct postgres_reading *reading, const char *space)
{
    const char *const *schemas = reading->platform && space ? reading->platform->schemas : NULL;
    for (; schemas && *schemas; schemas++)
        if (strcmp(*schemas, space) == 0)
            return true;
    return false;
}

/* What belongs to the role that reads is more likely the author's than the platform's: it is not in the model, and named. */
static int name_authors(struct postgres_reading *reading, const PGresult *result, int row,
                        const struct dara_object_desc *desc)
{
    const char *owner = value(result, row, PQfnumber(result, "t:owner"));
    const char *own_schema = reading->platform->own_schema;
    if (!desc->space || !owner || !reading->user || strcmp(owner, reading->user) != 0 ||
        (own_schema && strcmp(desc->space, own_schema) == 0))
        return 0;
    return dara_model_unrepresented(reading->model, desc->kind, desc->name, "it is in a schema of the platform");
}

/* A table of the platform: not in the model, but known should something of the author's hang on it. */
static int put_aside(struct postgres_reading *reading, const struct postgres_query *query, unsigned oid,
                     const struct dara_object_desc *desc)
{
    if (query->class != POSTGRES_CLASS_RELATION || query->owner_class || strcmp(query->kind, "table") != 0)
        return 0;
    const struct postgres_known known = {.class = query->class,
                                         .oid = oid,
                                         .kind = query->kind,
                                         .space = postgres_map_copy(&reading->aside, desc->space),
                                         .key = postgres_map_copy(&reading->aside, desc->name)};
    return known.space && known.key ? postgres_map_add(&reading->aside, &known) : out_of_memory();
}

/* `*ret_owner` stays NULL where the owner is neither in the model nor put aside. */
static int take_given(struct postgres_reading *reading, unsigned class, unsigned oid,
                      const struct postgres_known **ret_owner)
{
    const struct postgres_known *aside = postgres_map_find(&reading->aside, class, oid, 0);
    if (!aside)
        return 0;
    struct postgres_known known = *aside;
    const struct dara_object_desc desc = {
        .size = sizeof(desc), .kind = known.kind, .name = known.key, .space = known.space};
    int code = dara_model_add(reading->model, &desc, &known.object);
    code = code ? code : dara_object_set_given(known.object);
    code = code ? code : postgres_map_add(&reading->map, &known);
    if (!code)
        *ret_owner = postgres_map_find(&reading->map, class, oid, 0);
    return code;
}

/* `*ret_owner` NULL: the row is left out. */
static int find_owner(struct postgres_reading *reading, const struct postgres_query *query, const struct shape *shape,
                      const PGresult *result, int row, const struct postgres_known **ret_owner)
{
    unsigned oid = number(value(result, row, shape->owner));
    bool may_hang = shape->origin >= 0 && !is_platforms(reading, value(result, row, shape->origin));
    const struct postgres_known *owner = postgres_map_find(&reading->map, query->owner_class, oid, 0);
    if (owner && dara_object_is_given(owner->object) && !may_hang)
        owner = NULL;
    *ret_owner = owner;
    return !owner && may_hang ? take_given(reading, query->owner_class, oid, ret_owner) : 0;
}

static bool is_part(const char *kind)
{
    for (size_t i = 0; postgres_kinds[i]; i++)
        if (strcmp(postgres_kinds[i]->name, kind) == 0)
            return (postgres_kinds[i]->flags & DARA_KIND_PART) != 0;
    return false;
}

static int add_row(struct postgres_reading *reading, const struct postgres_query *query, const struct shape *shape,
                   const PGresult *result, int row)
{
    const struct postgres_known *owner = NULL;
    struct dara_object_desc desc = {
        .size = sizeof(desc),
        .kind = query->kind,
        .name = value(result, row, shape->name),
        .key = value(result, row, shape->key),
        .space = value(result, row, shape->space),
        .comment = value(result, row, shape->comment),
    };
    bool is_space = query->class == POSTGRES_CLASS_NAMESPACE;
    const char *space = is_space ? desc.name : desc.space;
    int code = 0;
    if (!wanted(reading, space))
        return 0;
    if (!query->owner_class && is_platforms(reading, space ? space : value(result, row, shape->origin))) {
        code = name_authors(reading, result, row, &desc);
        return code ? code : put_aside(reading, query, number(value(result, row, shape->oid)), &desc);
    }
    if (reading->request && reading->request->spaces && !is_space && !desc.space && !query->owner_class)
        return 0; /* it belongs to no schema */
    if (query->owner_class) {
        code = find_owner(reading, query, shape, result, row, &owner);
        if (code || !owner)
            return code;
        desc.owner = owner->object;
    }
    struct postgres_known known = {.class = query->class,
                                   .oid = number(value(result, row, shape->oid)),
                                   .sub = number(value(result, row, shape->sub)),
                                   .kind = query->kind};
    code = dara_model_add(reading->model, &desc, &known.object);
    if (code)
        return code;
    if (owner && is_part(query->kind)) {
        known.kind = owner->kind;
        known.space = owner->space;
        known.key = owner->key;
    } else {
        known.space = postgres_map_copy(&reading->map, desc.space);
        known.key = postgres_map_copy(&reading->map, desc.key ? desc.key : desc.name);
        if (!known.key || (desc.space && !known.space))
            return out_of_memory();
    }
    code = postgres_map_add(&reading->map, &known);
    if (!code && desc.space && !is_part(query->kind))
        code = dara_object_depend(known.object, "namespace", NULL, desc.space);
    return code ? code : set_row(reading, &known, result, row);
}

const char *postgres_row_value(const PGresult *result, int row, int column)
{
    return value(result, row, column);
}

int postgres_row_properties(struct postgres_reading *reading, struct dara_object *object, const PGresult *result,
                            int row)
{
    const struct postgres_known known = {.object = object};
    return set_row(reading, &known, result, row);
}

const char *postgres_rows_hidden(const PGresult *result)
{
    int column = PQfnumber(result, "hidden");
    for (int row = 0; column >= 0 && row < PQntuples(result); row++)
        if (value(result, row, column))
            return value(result, row, column);
    return NULL;
}

int postgres_rows_objects(struct postgres_reading *reading, const struct postgres_query *query, const PGresult *result)
{
    struct shape shape = shape_of(result);
    int code = 0;
    for (int row = 0; !code && row < PQntuples(result); row++)
        code = add_row(reading, query, &shape, result, row);
    return code;
}

/* ---- dependencies and notes ---- */

static unsigned field(const PGresult *result, int row, int column)
{
    return number(value(result, row, column));
}

static const struct postgres_known *find_needed(const struct postgres_reading *reading, unsigned class, unsigned oid,
                                                unsigned need_class, unsigned need)
{
    for (size_t i = 0; class == POSTGRES_CLASS_ROUTINE && need_class == POSTGRES_CLASS_TYPE && i < reading->shell_count;
         i++)
        if (reading->shells[i].type == need && reading->shells[i].routine == oid)
            return reading->shells[i].input == oid
                       ? NULL
                       : postgres_map_find(&reading->map, POSTGRES_CLASS_ROUTINE, reading->shells[i].input, 0);
    return postgres_map_find(&reading->map, need_class, need, 0);
}

static int grant_wishes(struct postgres_reading *reading)
{
    int code = 0;
    for (size_t i = 0; !code && i < reading->wish_count; i++) {
        const struct postgres_wish *wish = &reading->wishes[i];
        const struct postgres_known *to = postgres_map_find(&reading->map, wish->class, wish->oid, 0);
        if (to && to->object != wish->object)
            code = dara_object_depend(wish->object, to->kind, to->space, to->key);
    }
    return code;
}

/* Rows of (class, oid, column) that needs, and (class, oid) that is needed. */
int postgres_rows_depend(struct postgres_reading *reading, const PGresult *result)
{
    int code = grant_wishes(reading);
    for (int row = 0; !code && row < PQntuples(result); row++) {
        unsigned class = field(result, row, 0), oid = field(result, row, 1), sub = field(result, row, 2);
        const struct postgres_known *from = postgres_map_find(&reading->map, class, oid, sub);
        const struct postgres_known *to =
            find_needed(reading, class, oid, field(result, row, 3), field(result, row, 4));
        if (!from && sub) /* a column that is no object by itself */
            from = postgres_map_find(&reading->map, class, oid, 0);
        if (from && to && from->key != to->key) /* parts and what they belong to share the string */
            code = dara_object_depend(from->object, to->kind, to->space, to->key);
    }
    return code;
}

void postgres_reading_clear(struct postgres_reading *reading)
{
    free(reading->shells);
    free(reading->wishes);
    postgres_map_clear(&reading->map);
    postgres_map_clear(&reading->aside);
}

int postgres_rows_unrepresented(struct postgres_reading *reading, const PGresult *result)
{
    int code = 0;
    for (int row = 0; !code && row < PQntuples(result); row++)
        if (wanted(reading, value(result, row, 3)) && !is_platforms(reading, value(result, row, 3)))
            code = dara_model_unrepresented(reading->model, value(result, row, 0), value(result, row, 1),
                                            value(result, row, 2));
    return code;
}
