/* SPDX-License-Identifier: MIT */
/*
 * Where dara's own tables are: in the schema that the platform names for them, else in the first schema of the search path that has one, or
 * else in the first that takes one. A schema of the path that this role may not use is not part of it for the server; a table there is the
 * one meant all the same, and not to see it would be taken for "there is none".
 */
#include <stdlib.h>
#include <string.h>

#include "pg.h"

/* The path as it was set, one name for each row, with who is connected in the place of $user. */
#define WRITTEN                                                                                                        \
    "(SELECT CASE i.item WHEN '\"$user\"' THEN quote_ident(current_user) WHEN '$user' THEN"                            \
    " quote_ident(current_user) ELSE i.item END FROM regexp_split_to_table(current_setting('dara.path'), '\\s*,\\s*')" \
    " i(item))"

/* name, there, usable, with these columns: one row, or none when there is none and no schema takes one. */
static const char find_sql[] =
    "SELECT s.name, t.oid IS NOT NULL, s.usable, (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = t.oid"
    " AND a.attname::text = ANY ($2::text[]) AND NOT a.attisdropped) = cardinality($2::text[])"
    " FROM (SELECT u.name, u.place, true AS usable FROM unnest(CASE WHEN $3::text IS NULL THEN " POSTGRES_SCHEMAS
    " ELSE ARRAY[$3::name] END) WITH ORDINALITY AS u (name, place)"
    " UNION ALL SELECT h.nspname, 0, false FROM pg_namespace h WHERE NOT has_schema_privilege(h.oid, 'USAGE')"
    " AND $3 IS NULL AND quote_ident(h.nspname) IN " WRITTEN ") s JOIN pg_namespace n ON n.nspname = s.name"
    " LEFT JOIN pg_class t ON t.relnamespace = n.oid AND t.relname = $1"
    " WHERE t.oid IS NOT NULL OR (s.usable AND has_schema_privilege(n.oid, 'CREATE'))"
    " ORDER BY t.oid IS NULL, NOT s.usable, s.place LIMIT 1";

static int fail_foreign(const char *table)
{
    dara_error_set(DARA_ECONFIG, "the table '%s' was not made by dara: it has other columns", table);
    dara_error_hint("rename that table; dara keeps its history and journal under such names");
    return DARA_ECONFIG;
}

static int fail_denied(const char *table, const char *space)
{
    dara_error_set(DARA_ESTATEMENT, "the table '%s' is in the schema '%s', which this role may not use", table, space);
    dara_error_hint("grant USAGE on that schema to this role, or set its search_path to the schemas that it works in");
    return DARA_ESTATEMENT;
}

static bool is_true(const PGresult *result, int column)
{
    return PQgetvalue(result, 0, column)[0] == 't';
}

int postgres_own_find(struct dara_conn *conn, const char *table, const char *columns, const char *doing,
                      bool *ret_there, char **ret_schema)
{
    const char *const values[] = {table, columns, conn->platform ? conn->platform->own_schema : NULL};
    PGresult *result;
    char *schema = NULL;
    bool there = false;
    int code = postgres_query(conn, find_sql, 3, values, doing, &result);
    if (code)
        return code;
    if (PQntuples(result) > 0) {
        const char *name = PQgetvalue(result, 0, 0);
        there = is_true(result, 1);
        if (there && !is_true(result, 2))
            code = fail_denied(table, name);
        else if (there && !is_true(result, 3))
            code = fail_foreign(table);
        else if (!(schema = PQescapeIdentifier(conn->pg, name, strlen(name))))
            code = dara_error_set(DARA_EINTERNAL, "out of memory");
    }
    PQclear(result);
    if (code)
        return code;
    *ret_there = there;
    *ret_schema = schema;
    return 0;
}

int postgres_own_fail_nowhere(const char *what)
{
    dara_error_set(DARA_ESTATEMENT, "no schema of the search path takes %s", what);
    dara_error_hint("grant CREATE on a schema to this role, or set its search_path to one where it may create");
    return DARA_ESTATEMENT;
}
