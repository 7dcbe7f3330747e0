/* SPDX-License-Identifier: MIT */
/*
 * What the model has no kind for, by name: unknown is not empty. Each branch gives (family, catalog, oid, column, why); names are the
 * server's (pg_identify_object), and what extensions or other objects bring along is left out for all branches at once.
 */
#include "introspect-query.h"

/* clang-format off */
/* Parts of objects that are in the model. */
#define PARTS \
    "SELECT 'constraint' AS family, 'pg_constraint'::regclass::oid AS class, x.oid, 0 AS sub, 'the tablespace of its index is not in the model yet' AS why FROM pg_constraint x" \
    " JOIN pg_class i ON i.oid = x.conindid WHERE x.contype = 'x' AND i.reltablespace <> 0"

const struct postgres_query postgres_query_unrepresented = {
    "unrepresented", 0, 0,
    "SELECT v.family, o.identity, v.why, o.schema FROM (" PARTS ") v"
    ", pg_identify_object(v.class, v.oid, v.sub) o"
    " WHERE COALESCE(o.schema, '') !~ '^pg_' AND o.schema IS DISTINCT FROM 'information_schema' AND o.identity IS NOT NULL"
    " AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = v.class AND e.objid = v.oid"
    " AND (e.deptype = 'e' OR (e.deptype = 'i' AND v.family <> 'comment')))", NULL};
