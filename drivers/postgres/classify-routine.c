/* SPDX-License-Identifier: MIT */
/* The key of a routine: its name and identity arguments, in the server's words. */
#include <stdlib.h>
#include <string.h>

#include "classify.h"
#include "write.h"

/* The parser knows the types of the standard by the catalog's names; the server shows them by the standard's. */
static const struct {
    const char *catalog, *standard;
} types[] = {
    {"int4", "integer"},
    {"int8", "bigint"},
    {"int2", "smallint"},
    {"float8", "double precision"},
    {"float4", "real"},
    {"bool", "boolean"},
    {"varchar", "character varying"},
    {"bpchar", "character"},
    {"varbit", "bit varying"},
    {"timestamptz", "timestamp with time zone"},
    {"timestamp", "timestamp without time zone"},
    {"timetz", "time with time zone"},
    {"time", "time without time zone"},
};

static void write_type(struct postgres_writer *writer, const json_t *type)
{
    const char *space, *name = postgres_json_name(json_object_get(type, "names"), &space), *known = NULL;
    if (!name)
        return;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (strcmp(name, types[i].catalog) == 0)
            known = types[i].standard;
    if (known)
        postgres_write(writer, known);
    else if (space && strcmp(space, "pg_catalog") != 0)
        postgres_write_qualified(writer, space, name);
    else
        postgres_write_name(writer, name);
    if (json_array_size(json_object_get(type, "arrayBounds")))
        postgres_write(writer, "[]");
}

char *postgres_routine_key(const json_t *tree, const char **ret_space)
{
    const char *name = postgres_json_name(json_object_get(tree, "funcname"), ret_space), *separator = "";
    struct postgres_writer writer = {.text = NULL};
    const json_t *node;
    size_t i;
    if (!name)
        return NULL;
    postgres_write_format(&writer, "%s(", name);
    json_array_foreach(json_object_get(tree, "parameters"), i, node)
    {
        const json_t *parameter = json_object_get(node, "FunctionParameter");
        const char *mode = postgres_json_text(parameter, "mode"), *own = postgres_json_text(parameter, "name");
        if (mode && (strcmp(mode, "FUNC_PARAM_OUT") == 0 || strcmp(mode, "FUNC_PARAM_TABLE") == 0))
            continue;
        postgres_write(&writer, separator);
        if (mode && strcmp(mode, "FUNC_PARAM_INOUT") == 0)
            postgres_write(&writer, "INOUT ");
        if (mode && strcmp(mode, "FUNC_PARAM_VARIADIC") == 0)
            postgres_write(&writer, "VARIADIC ");
        if (own) {
            postgres_write_name(&writer, own);
            postgres_write(&writer, " ");
        }
        write_type(&writer, json_object_get(parameter, "argType"));
        separator = ", ";
    }
    postgres_write(&writer, ")");
    return writer.text;
}
