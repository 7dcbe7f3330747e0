/* SPDX-License-Identifier: MIT */
/* Rows that belong to an object of any kind: rights on it, and security labels. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "introspect.h"

/* Places of the columns; -1 where a query has none. */
struct shape {
    int class, oid, sub, part, name, key, identity;
    bool whole;
};

/* What the rows are attached to, as long as it is the same. */
struct place {
    const struct postgres_known *of; /* NULL: it is not in the model */
    bool is_part;                    /* it is the column of a table, an object by itself */
    unsigned class, oid;
    char *last; /* key of the row before on the same object, with or without column */
};

static unsigned number(const PGresult *result, int row, int column)
{
    const char *text = postgres_row_value(result, row, column);
    return text ? (unsigned)strtoul(text, NULL, 10) : 0;
}

static void find(struct postgres_reading *reading, const struct shape *shape, const PGresult *result, int row,
                 struct place *place)
{
    unsigned class = number(result, row, shape->class), oid = number(result, row, shape->oid);
    unsigned sub = number(result, row, shape->sub);
    if (class != place->class || oid != place->oid) {
        free(place->last);
        place->last = NULL;
    }
    place->class = class;
    place->oid = oid;
    place->of = postgres_map_find(&reading->map, class, oid, sub);
    place->is_part = place->of && sub && strcmp(dara_object_kind(place->of->object)->name, "column") == 0;
    if (sub && !place->is_part)
        place->of = postgres_map_find(&reading->map, class, oid, 0);
    if (place->of && dara_object_is_given(place->of->object))
        place->of = NULL; /* the platform's as much as what it is on */
}

/* "schema.table.column: key": what follows in order is found by its key alone. NULL when out of memory. */
static char *key_of(const struct place *place, const char *part, const char *key)
{
    const char *space = place->of->space, *name = place->of->key;
    size_t size = (space ? strlen(space) : 0) + strlen(name) + (part ? strlen(part) : 0) + strlen(key) + 8;
    char *text = malloc(size);
    if (text)
        snprintf(text, size, "%s%s%s%s%s: %s", space ? space : "", space ? "." : "", name, part ? "." : "",
                 part ? part : "", key);
    else
        dara_error_set(DARA_EINTERNAL, "out of memory");
    return text;
}

static int add(struct postgres_reading *reading, const struct postgres_query *query, const PGresult *result, int row,
               const struct dara_object_desc *desc, struct place *place)
{
    const char *part = postgres_row_value(result, row, PQfnumber(result, "part"));
    struct dara_object *object = NULL;
    int code = dara_model_add(reading->model, desc, &object);
    if (!code && place->last)
        code = dara_object_depend(object, query->kind, NULL, place->last);
    if (!code && part && !place->is_part)
        code = dara_object_set_text(object, "column", part);
    return code ? code : postgres_row_properties(reading, object, result, row);
}

/* A row whose role is gone, or whose object is not in the model. */
static int leave_out(struct postgres_reading *reading, const struct place *place, const char *name,
                     const char *identity)
{
    if (!name && place->of)
        return dara_model_unrepresented(reading->model, "privilege", place->of->key, "a role that it names is gone");
    return identity ? dara_model_unrepresented(reading->model, "security label", identity,
                                               "what it is on is not in the model")
                    : 0;
}

/* On what is never in the model: the key says it all. */
static int add_whole(struct postgres_reading *reading, const struct postgres_query *query, const PGresult *result,
                     int row, const char *name, const char *key, struct place *place)
{
    const struct dara_object_desc desc = {.size = sizeof(desc), .kind = query->kind, .name = name, .key = key};
    char *last = postgres_strdup(key);
    int code = last ? add(reading, query, result, row, &desc, place) : DARA_EINTERNAL;
    free(place->last);
    place->last = last;
    return code;
}

static int add_row(struct postgres_reading *reading, const struct postgres_query *query, const struct shape *shape,
                   const PGresult *result, int row, struct place *place)
{
    const char *name = postgres_row_value(result, row, shape->name), *key = postgres_row_value(result, row, shape->key);
    find(reading, shape, result, row, place);
    if (shape->whole)
        return add_whole(reading, query, result, row, name, key, place);
    if (!place->of || !name || !key)
        return leave_out(reading, place, name && key ? name : NULL, postgres_row_value(result, row, shape->identity));
    char *whole = key_of(place, postgres_row_value(result, row, shape->part), key);
    if (!whole)
        return DARA_EINTERNAL;
    const struct dara_object_desc desc = {
        .size = sizeof(desc), .kind = query->kind, .name = name, .key = whole, .owner = place->of->object};
    int code = add(reading, query, result, row, &desc, place);
    free(place->last);
    place->last = whole;
    return code;
}

int postgres_rows_attached(struct postgres_reading *reading, const struct postgres_query *query, const PGresult *result)
{
    const struct shape shape = {PQfnumber(result, "class"),    PQfnumber(result, "oid"),
                                PQfnumber(result, "sub"),      PQfnumber(result, "part"),
                                PQfnumber(result, "name"),     PQfnumber(result, "key"),
                                PQfnumber(result, "identity"), query == &postgres_query_system_privilege};
    struct place place = {.of = NULL};
    int code = 0;
    for (int row = 0; !code && row < PQntuples(result); row++)
        code = add_row(reading, query, &shape, result, row, &place);
    free(place.last);
    return code;
}
