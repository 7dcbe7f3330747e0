/* SPDX-License-Identifier: MIT */
/*
 * What the model has no kind for, by name: unknown is not empty. Each branch gives (family, catalog, oid, column, why); names are the
 * server's (pg_identify_object), and what extensions or other objects bring along is left out for all branches at once.
 */
#include "introspect-query.h"

/* clang-format off */
#define BRANCH(family, class, oid, sub, why) \
    " UNION ALL SELECT '" family "', '" class "'::regclass::oid, " oid ", " sub ", " why " FROM " class " x"


/* Parts of objects that are in the model. */
#define PARTS \
    "SELECT 'constraint' AS family, 'pg_constraint'::regclass::oid AS class, x.oid, 0 AS sub, 'the tablespace of its index is not in the model yet' AS why FROM pg_constraint x" \
    " JOIN pg_class i ON i.oid = x.conindid WHERE x.contype = 'x' AND i.reltablespace <> 0"

/* Since 18. */
#define NOT_NULLS \
    " {180000;" \
    BRANCH("constraint", "pg_constraint", "x.oid", "0", \
           "'a NOT NULL constraint with a name of its own, NO INHERIT or NOT VALID is not in the model yet'") \
    " JOIN pg_class c ON c.oid = x.conrelid AND c.relpersistence <> 't'" \
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.conkey[1] WHERE x.contype = 'n'" \
    " AND (x.connoinherit OR NOT x.convalidated OR (x.conislocal AND x.coninhcount = 0" \
    " AND length(c.relname || '_' || a.attname) < 54 AND x.conname <> c.relname || '_' || a.attname || '_not_null'))" \
    NOT_OWN("c.relname") ";}"

const struct postgres_query postgres_query_unrepresented = {
    "unrepresented", 0, 0,
    "SELECT v.family, o.identity, v.why, o.schema FROM (" PARTS NOT_NULLS ") v"
    ", pg_identify_object(v.class, v.oid, v.sub) o"
    " WHERE COALESCE(o.schema, '') !~ '^pg_' AND o.schema IS DISTINCT FROM 'information_schema' AND o.identity IS NOT NULL"
    " AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = v.class AND e.objid = v.oid"
    " AND (e.deptype = 'e' OR (e.deptype = 'i' AND v.family <> 'comment')))", NULL};
