/* SPDX-License-Identifier: MIT */
/*
 * What the model has no kind for, by name: unknown is not empty. Each branch gives (family, catalog, oid, column, why); names are the
 * server's (pg_identify_object), and what extensions or other objects bring along is left out for all branches at once.
 */
#include "introspect-query.h"

/* clang-format off */
#define BRANCH(family, class, oid, sub, why) \
    " UNION ALL SELECT '" family "', '" class "'::regclass::oid, " oid ", " sub ", " why " FROM " class " x"

/* Comments on what is not an object of the model by itself. */
#define COMMENTS \
    "SELECT 'comment' AS family, x.classoid AS class, x.objoid AS oid, x.objsubid AS sub, 'the comment of a column of a view or type is not in the model yet' AS why" \
    " FROM pg_description x JOIN pg_class c ON c.oid = x.objoid AND c.relkind IN ('v', 'm', 'c', 'i', 'I')" \
    " WHERE x.classoid = 'pg_class'::regclass AND x.objsubid > 0 AND x.objoid >= 16384" \
    " UNION ALL SELECT 'comment', x.classoid, x.objoid, 0, 'the comment of the index of a constraint is not in the model yet'" \
    " FROM pg_description x JOIN pg_constraint k ON k.conindid = x.objoid AND k.contype IN ('p', 'u', 'x')" \
    " WHERE x.classoid = 'pg_class'::regclass AND x.objsubid = 0 AND x.objoid >= 16384"

/* Parts of objects that are in the model. */
#define PARTS \
    " UNION ALL SELECT 'index', 'pg_class'::regclass, x.attrelid, x.attnum, 'the statistics target of the column is not in the model yet'" \
    " FROM pg_attribute x JOIN pg_class c ON c.oid = x.attrelid AND c.relkind IN ('i', 'I') AND c.relpersistence <> 't'" \
    " WHERE x.attstattarget >= 0 AND x.attnum > 0 AND x.attrelid >= 16384" \
    " UNION ALL SELECT 'materialized_view', 'pg_class'::regclass, x.attrelid, x.attnum" \
    ", 'statistics target, storage or options of the column are not in the model yet' FROM pg_class c" \
    " JOIN pg_attribute x ON x.attrelid = c.oid JOIN pg_type t ON t.oid = x.atttypid" \
    " WHERE c.oid >= 16384 AND c.relkind = 'm' AND x.attnum > 0 AND NOT x.attisdropped" \
    " AND (x.attstattarget >= 0 OR x.attstorage <> t.typstorage OR " OPTIONS("x.attoptions") " IS NOT NULL)" \
    BRANCH("view", "pg_class", "x.oid", "d.adnum", "'the default of the column is not in the model yet'") \
    " JOIN pg_attrdef d ON d.adrelid = x.oid WHERE x.relkind = 'v'" \
    BRANCH("constraint", "pg_constraint", "x.oid", "0", "'options or tablespace of its index are not in the model yet'") \
    " JOIN pg_class i ON i.oid = x.conindid WHERE x.contype = 'x' AND (i.reloptions IS NOT NULL OR i.reltablespace <> 0)" \
    BRANCH("trigger", "pg_trigger", "x.oid", "0", "'it is enabled otherwise than that of the partitioned table'") \
    " JOIN pg_trigger o ON o.oid = x.tgparentid AND o.tgenabled <> x.tgenabled WHERE NOT o.tgisinternal"

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
    "SELECT v.family, o.identity, v.why, o.schema FROM (" COMMENTS PARTS NOT_NULLS ") v"
    ", pg_identify_object(v.class, v.oid, v.sub) o"
    " WHERE COALESCE(o.schema, '') !~ '^pg_' AND o.schema IS DISTINCT FROM 'information_schema' AND o.identity IS NOT NULL"
    " AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = v.class AND e.objid = v.oid"
    " AND (e.deptype = 'e' OR (e.deptype = 'i' AND v.family <> 'comment')))", NULL};
