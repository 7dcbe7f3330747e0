/* SPDX-License-Identifier: MIT */
/* Pieces that the queries share. Names of catalogs are found in pg_catalog alone: search_path is set so before. */
#ifndef DARA_POSTGRES_INTROSPECT_QUERY_H
#define DARA_POSTGRES_INTROSPECT_QUERY_H

#include "introspect.h"

/* The schema n is the user's: temporary ones and those of the system begin with pg_. */
#define USERS "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
/* No extension brings it. What extensions bring is found by an index on what is depended on. */
#define NOT_MEMBER(class, oid)                                                                                   \
    " AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'" \
    " AND e.classid = '" class "'::regclass AND e.objid = " oid ")"
#define COMMENT_OF(class, oid, sub) \
    " LEFT JOIN pg_description d ON d.classoid = '" class "'::regclass AND d.objoid = " oid " AND d.objsubid = " sub
#define COMMENT                ", d.description AS comment"
#define OWNER(role)            ", pg_get_userbyid(" role ") AS \"t:owner\""
/* A name in two parts, ready for SQL. */
#define QUALIFIED(space, name) "quote_ident(" space ") || '.' || quote_ident(" name ")"
/* dara's own tables, known by their names in any schema. */
#define NOT_OWN(name)          " AND " name " NOT IN ('" POSTGRES_HISTORY_TABLE "', '" POSTGRES_JOURNAL_TABLE "')"
/* Options in a fixed order: setting one again moves it in the catalog. pg_attver is the server's own (minor releases of 2026): nobody can
 * set it, and pg_dump leaves it out. */
#define OPTIONS(list) \
    "(SELECT array_agg(o ORDER BY o COLLATE \"C\") FROM unnest(" list ") u(o) WHERE left(o, 10) <> 'pg_attver=')"
/* The order of the catalog, where that is another. */
#define OPTIONS_WRITTEN(list)                                                                                         \
    "CASE WHEN cardinality(" list ") > 1 THEN (SELECT NULLIF(array_agg(o ORDER BY i), array_agg(o ORDER BY o COLLATE" \
    " \"C\")) FROM unnest(" list ") WITH ORDINALITY u(o, i) WHERE left(o, 10) <> 'pg_attver=') END"
#define COLLATION(oid)                                          \
    "(SELECT " QUALIFIED("cn.nspname",                          \
                         "co.collname") " FROM pg_collation co" \
                                        " JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = " oid ")"
#define ENABLED(column) \
    "CASE " column " WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END AS \"t:enabled\""
/* A query that the server wrote, without its semicolon. */
#define BODY(text) "btrim(" text ", ' ;')"

#endif
