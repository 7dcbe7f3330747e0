/* SPDX-License-Identifier: MIT */
/* What a change of a column's type does to the values that are there: the statement tells the new type alone, the catalog the old one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "classify.h"

#define RULE "lossy-type-change"

struct weighed {
    struct dara_conn *conn;
    struct dara_facts *facts;
    const char *column;
    const json_t *type; /* TypeName of the column from now on */
    char *relation;     /* its oid */
};

/* One text, or NULL where the server has none; free(). */
static int ask(struct dara_conn *conn, bool open, const char *sql, int count, const char *const *values,
               char **ret_text)
{
    static const char doing[] = "cannot look for the type of a column";
    PGresult *result;
    int code = (open ? postgres_query_open : postgres_query)(conn, sql, count, values, doing, &result);
    if (code)
        return code;
    bool there = PQntuples(result) == 1 && !PQgetisnull(result, 0, 0);
    char *text = there ? postgres_strdup(PQgetvalue(result, 0, 0)) : NULL;
    PQclear(result);
    if (there && !text)
        return DARA_EINTERNAL;
    *ret_text = text;
    return 0;
}

/* ---- types of the statement --------------------------------------------------------------------------------------------- */

/* "(10,2)" or "", as far as these are plain numbers. */
static void write_sizes(const json_t *type, char *to, size_t size)
{
    const json_t *item;
    size_t i, length = 0;
    *to = '\0';
    json_array_foreach(json_object_get(type, "typmods"), i, item)
    {
        const json_t *number = json_object_get(json_object_get(item, "A_Const"), "ival");
        if (!number || length + 16 > size)
            return;
        long long value = (long long)json_integer_value(json_object_get(number, "ival"));
        length += (size_t)snprintf(to + length, size - length, "%s%lld", i ? "," : "(", value);
    }
    if (length)
        snprintf(to + length, size - length, ")");
}

/* The type of a TypeName as the catalog calls it, NULL where it is not there (the file makes it, perhaps); free(). */
static int name_type(struct dara_conn *conn, const json_t *type, char **ret_name)
{
    static const char sql[] = "SELECT pg_catalog.format_type(pg_catalog.to_regtype($1), NULL)";
    const char *space = NULL, *name = postgres_json_name(json_object_get(type, "names"), &space);
    char *quoted = name ? postgres_quoted(conn, space, name) : NULL, *base = NULL, sizes[64];
    const char *const values[] = {quoted};
    if (!name)
        return 0;
    int code = quoted ? ask(conn, true, sql, 1, values, &base) : DARA_EINTERNAL;
    free(quoted);
    if (code || !base)
        return code;
    write_sizes(type, sizes, sizeof(sizes));
    bool array = json_array_size(json_object_get(type, "arrayBounds")) > 0;
    size_t size = strlen(base) + strlen(sizes) + 3;
    *ret_name = malloc(size);
    if (*ret_name)
        snprintf(*ret_name, size, "%s%s%s", base, sizes, array ? "[]" : "");
    else
        code = dara_error_set(DARA_EINTERNAL, "out of memory");
    free(base);
    return code;
}

/* ---- one step from type to type ------------------------------------------------------------------------------------------ */

static void tell(const struct weighed *weighed, const char *loss)
{
    char message[512];
    snprintf(message, sizeof(message), "column %s: %s", weighed->column, loss);
    dara_facts_hazard(weighed->facts, RULE, true, message);
}

/* `*from` becomes the type that was gone to, NULL where that is not known. `*told`: there is a loss, and once is enough. */
static int go(const struct weighed *weighed, char **from, const json_t *type, bool explicitly, bool *told)
{
    char *to = NULL;
    int code = *from ? name_type(weighed->conn, type, &to) : 0;
    const char *loss = !code && *from && to && !*told ? postgres_cast_loss(*from, to, explicitly) : NULL;
    if (loss)
        tell(weighed, loss);
    *told = *told || loss;
    free(*from);
    *from = to;
    return code;
}

static bool is_column(const json_t *node, const char *column)
{
    const json_t *fields = json_object_get(json_object_get(node, "ColumnRef"), "fields");
    const char *name = postgres_json_string(json_array_get(fields, json_array_size(fields) - 1));
    return json_array_size(fields) > 0 && name && strcmp(name, column) == 0;
}

/* Through casts of the column, innermost first. What is no cast computes something else. */
static int go_through(const struct weighed *weighed, char **from, const json_t *expression, bool *told)
{
    const json_t *cast = json_object_get(expression, "TypeCast");
    if (is_column(expression, weighed->column))
        return 0;
    if (!cast) {
        tell(weighed, "what USING computes takes the place of the values");
        *told = true;
        return 0;
    }
    int code = go_through(weighed, from, json_object_get(cast, "arg"), told);
    return code || *told ? code : go(weighed, from, json_object_get(cast, "typeName"), true, told);
}

/* ---- the statement ------------------------------------------------------------------------------------------------------- */

static int weigh_column(const struct weighed *weighed, const json_t *expression)
{
    static const char sql[] = "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = $1::oid"
                              " AND attname = $2 AND attnum > 0 AND NOT attisdropped";
    const char *const values[] = {weighed->relation, weighed->column};
    char *from = NULL;
    bool told = false;
    int code = ask(weighed->conn, false, sql, 2, values, &from);
    if (code || !from)
        return code; /* it comes with the file */
    if (expression)
        code = go_through(weighed, &from, expression, &told);
    if (!code && !told)
        code = go(weighed, &from, weighed->type, false, &told);
    free(from);
    return code;
}

int postgres_apply_weigh(struct dara_conn *conn, const char *text, size_t length, struct dara_facts *facts)
{
    struct weighed weighed = {.conn = conn, .facts = facts};
    const char *node;
    const json_t *value, *command;
    size_t i;
    json_t *tree = postgres_parse(text, length, &node, &value);
    bool alters = tree && strcmp(node, "AlterTableStmt") == 0;
    int code = alters ? postgres_find_range(conn, json_object_get(value, "relation"), &weighed.relation) : 0;
    json_array_foreach(alters ? json_object_get(value, "cmds") : NULL, i, command)
    {
        const json_t *it = json_object_get(command, "AlterTableCmd");
        const json_t *definition = json_object_get(json_object_get(it, "def"), "ColumnDef");
        const char *subtype = postgres_json_text(it, "subtype");
        weighed.column = postgres_json_text(it, "name");
        weighed.type = json_object_get(definition, "typeName");
        if (!code && weighed.column && subtype && strcmp(subtype, "AT_AlterColumnType") == 0)
            code = weigh_column(&weighed, json_object_get(definition, "raw_default"));
    }
    free(weighed.relation);
    json_decref(tree);
    return code;
}
