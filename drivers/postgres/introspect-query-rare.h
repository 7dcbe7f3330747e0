/* SPDX-License-Identifier: MIT */
/* Pieces for the queries of rare kinds, each of which is read only where its probe finds a row that no new database has. */
#ifndef DARA_POSTGRES_INTROSPECT_QUERY_RARE_H
#define DARA_POSTGRES_INTROSPECT_QUERY_RARE_H

#include "introspect-query.h"

/* Rows of a catalog that are somebody's. */
#define ANY_OF(class) "EXISTS (SELECT FROM " class " WHERE oid >= 16384)"
/* "FROM catalog x, its schema n, the comment d"; what follows begins with AND. */
#define FROM_SPACED(class, space)                               \
    " FROM " class " x JOIN pg_namespace n ON n.oid = x." space \
                   " AND " USERS COMMENT_OF(class, "x.oid", "0") " WHERE x.oid >= 16384" NOT_MEMBER(class, "x.oid")
#define FROM_PLAIN(class) \
    " FROM " class " x" COMMENT_OF(class, "x.oid", "0") " WHERE x.oid >= 16384" NOT_MEMBER(class, "x.oid")
/* A column that some version of the server does not have; NULL there. */
#define COLUMN_IF_ANY(row, column) "(to_jsonb(" row ") ->> '" column "')"
/* A function without its arguments; NULL for none. */
#define FUNCTION_NAME(column)      "NULLIF(" column ", 0)::regproc::text"
/* Options of wrappers and what belongs to them: sorted, because their order means nothing; in their own order where that is another. Those
 * that may hold a secret are left out, and named elsewhere; whether a password is required is none. */
#define SECRET_OPTION              "'^(?!password_required=)[^=]*(pass|secret|token|private_?key|api_?key|credential)[^=]*='"
#define FOREIGN_OPTIONS(list, property)                                                                           \
    "CASE WHEN " list " IS NOT NULL THEN (SELECT array_agg(o ORDER BY o COLLATE \"C\") FROM unnest(" list         \
    ") u(o) WHERE o !~* " SECRET_OPTION ") END AS \"l:" property "\", CASE WHEN cardinality(" list                \
    ") > 1 THEN (SELECT NULLIF(array_agg(o ORDER BY i), array_agg(o ORDER BY o COLLATE \"C\")) FROM unnest(" list \
    ") WITH ORDINALITY u(o, i) WHERE o !~* " SECRET_OPTION ") END AS \"l:" property "_written\""
#define SECRET_NOTE(list)                                                           \
    "CASE WHEN EXISTS (SELECT FROM unnest(" list ") u(o) WHERE o ~* " SECRET_OPTION \
    ") THEN 'options that may hold a secret are "                                   \
    "left out' END AS \"n:\""

#endif
