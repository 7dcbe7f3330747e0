/* SPDX-License-Identifier: MIT */
/* Names and strings as PostgreSQL reads them whatever the session's settings. */
#include <stdlib.h>
#include <string.h>

#include "pg.h"
#include "write.h"

/* Every keyword that is not free as any kind of name, of all versions up to 18; sorted. Quoting too much does no harm. */
static const char *const keywords[] = {"all",
                                       "analyse",
                                       "analyze",
                                       "and",
                                       "any",
                                       "array",
                                       "as",
                                       "asc",
                                       "asymmetric",
                                       "authorization",
                                       "between",
                                       "bigint",
                                       "binary",
                                       "bit",
                                       "boolean",
                                       "both",
                                       "case",
                                       "cast",
                                       "char",
                                       "character",
                                       "check",
                                       "coalesce",
                                       "collate",
                                       "collation",
                                       "column",
                                       "concurrently",
                                       "constraint",
                                       "create",
                                       "cross",
                                       "current_catalog",
                                       "current_date",
                                       "current_role",
                                       "current_schema",
                                       "current_time",
                                       "current_timestamp",
                                       "current_user",
                                       "dec",
                                       "decimal",
                                       "default",
                                       "deferrable",
                                       "desc",
                                       "distinct",
                                       "do",
                                       "else",
                                       "end",
                                       "except",
                                       "exists",
                                       "extract",
                                       "false",
                                       "fetch",
                                       "float",
                                       "for",
                                       "foreign",
                                       "freeze",
                                       "from",
                                       "full",
                                       "grant",
                                       "greatest",
                                       "group",
                                       "grouping",
                                       "having",
                                       "ilike",
                                       "in",
                                       "initially",
                                       "inner",
                                       "inout",
                                       "int",
                                       "integer",
                                       "intersect",
                                       "interval",
                                       "into",
                                       "is",
                                       "isnull",
                                       "join",
                                       "json",
                                       "json_array",
                                       "json_arrayagg",
                                       "json_exists",
                                       "json_object",
                                       "json_objectagg",
                                       "json_query",
                                       "json_scalar",
                                       "json_serialize",
                                       "json_table",
                                       "json_value",
                                       "lateral",
                                       "leading",
                                       "least",
                                       "left",
                                       "like",
                                       "limit",
                                       "localtime",
                                       "localtimestamp",
                                       "merge_action",
                                       "national",
                                       "natural",
                                       "nchar",
                                       "none",
                                       "normalize",
                                       "not",
                                       "notnull",
                                       "null",
                                       "nullif",
                                       "numeric",
                                       "offset",
                                       "on",
                                       "only",
                                       "or",
                                       "order",
                                       "out",
                                       "outer",
                                       "overlaps",
                                       "overlay",
                                       "placing",
                                       "position",
                                       "precision",
                                       "primary",
                                       "real",
                                       "references",
                                       "returning",
                                       "right",
                                       "row",
                                       "select",
                                       "session_user",
                                       "setof",
                                       "similar",
                                       "smallint",
                                       "some",
                                       "substring",
                                       "symmetric",
                                       "system_user",
                                       "table",
                                       "tablesample",
                                       "then",
                                       "time",
                                       "timestamp",
                                       "to",
                                       "trailing",
                                       "treat",
                                       "trim",
                                       "true",
                                       "union",
                                       "unique",
                                       "user",
                                       "using",
                                       "values",
                                       "varchar",
                                       "variadic",
                                       "verbose",
                                       "when",
                                       "where",
                                       "window",
                                       "with",
                                       "xmlattributes",
                                       "xmlconcat",
                                       "xmlelement",
                                       "xmlexists",
                                       "xmlforest",
                                       "xmlnamespaces",
                                       "xmlparse",
                                       "xmlpi",
                                       "xmlroot",
                                       "xmlserialize",
                                       "xmltable"};

static int compare(const void *key, const void *element)
{
    return strcmp(key, *(const char *const *)element);
}

bool postgres_name_is_plain(const char *name)
{
    if (!((*name >= 'a' && *name <= 'z') || *name == '_'))
        return false;
    for (const char *at = name; *at; at++)
        if (!((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '_'))
            return false;
    return !bsearch(name, keywords, sizeof(keywords) / sizeof(keywords[0]), sizeof(keywords[0]), compare);
}

int postgres_dialect_quote(struct dara_conn *conn, const char *name, struct dara_text *out)
{
    (void)conn;
    if (postgres_name_is_plain(name)) {
        dara_text_add(out, name);
        return 0;
    }
    dara_text_add(out, "\"");
    for (; *name; name++)
        dara_text_add_bytes(out, *name == '"' ? "\"\"" : name, *name == '"' ? 2 : 1);
    dara_text_add(out, "\"");
    return 0;
}

static void quote_object(const struct dara_object *object, struct dara_text *out)
{
    if (dara_object_space(object)) {
        postgres_dialect_quote(NULL, dara_object_space(object), out);
        dara_text_add(out, ".");
    }
    postgres_dialect_quote(NULL, dara_object_name(object), out);
}

int postgres_dialect_read_rows(const struct dara_object *object, const char *const *fields, size_t count,
                               struct dara_text *out)
{
    for (size_t i = 0; i < count; i++) {
        dara_text_add(out, i ? ", " : "SELECT ");
        postgres_dialect_quote(NULL, fields[i], out);
    }
    dara_text_add(out, " FROM ");
    quote_object(object, out);
    dara_text_add(out, " ORDER BY ");
    postgres_dialect_quote(NULL, fields[0], out);
    return 0;
}

int postgres_dialect_delete_rows(const struct dara_object *object, struct dara_text *out)
{
    dara_text_add(out, "DELETE FROM ");
    quote_object(object, out);
    return 0;
}
