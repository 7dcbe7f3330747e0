/* SPDX-License-Identifier: MIT */
/*
 * Queries for what roles may do, and for what sessions begin with. Rights are read as the difference from those that an object has by itself
 * (acldefault): a list that was never touched and one that says the same are equal.
 *
 * Columns that attach a row to an object: class, oid, sub (number of a column), part (its name).
 */
#include "introspect-query.h"

/* clang-format off */
#define LISTS(class, columns, type, from) \
    " SELECT '" class "'::regclass::oid AS class, " columns ", " type "::\"char\" AS type FROM " from

/* Every list of rights that is not the one an object begins with. Row types, array types and multirange types have none of their own. The
 * sequence of an identity column is no object of the model: its rights belong to the column, and `what` says so. */
#define ALL_LISTS \
    LISTS("pg_class", "COALESCE(q.refobjid, c.oid) AS oid, COALESCE(q.refobjsubid, 0) AS sub, q.attname AS part, c.relowner AS owner" \
          ", c.relacl AS acl, CASE WHEN q.refobjid IS NOT NULL THEN 'SEQUENCE ' || " QUALIFIED("n.nspname", "c.relname") " END AS what", \
          "CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END", "pg_class c") " JOIN pg_namespace n ON n.oid = c.relnamespace" \
    " LEFT JOIN (SELECT p.objid, p.refobjid, p.refobjsubid, a.attname FROM pg_depend p JOIN pg_attribute a ON a.attrelid = p.refobjid" \
    " AND a.attnum = p.refobjsubid WHERE p.classid = 'pg_class'::regclass AND p.refclassid = 'pg_class'::regclass AND p.deptype = 'i'" \
    " AND p.refobjsubid > 0) q ON q.objid = c.oid AND c.relkind = 'S' WHERE c.oid >= 16384 AND c.relacl IS NOT NULL AND c.relpersistence <> 't'" NOT_OWN("c.relname") " UNION ALL" \
    LISTS("pg_class", "a.attrelid, a.attnum, a.attname, c.relowner, a.attacl, NULL", "'c'", "pg_attribute a") \
    " JOIN pg_class c ON c.oid = a.attrelid AND c.relpersistence <> 't'" NOT_OWN("c.relname") \
    " WHERE a.attrelid >= 16384 AND a.attacl IS NOT NULL AND NOT a.attisdropped UNION ALL" \
    LISTS("pg_proc", "p.oid, 0, NULL, p.proowner, p.proacl, NULL", "'f'", "pg_proc p") \
    " WHERE p.oid >= 16384 AND p.proacl IS NOT NULL UNION ALL" \
    LISTS("pg_type", "t.oid, 0, NULL, t.typowner, t.typacl, NULL", "'T'", "pg_type t") \
    " LEFT JOIN pg_class c ON c.oid = t.typrelid WHERE t.oid >= 16384 AND t.typacl IS NOT NULL AND t.typtype <> 'm'" \
    " AND t.typelem = 0 AND COALESCE(c.relkind, 'c') = 'c' UNION ALL" \
    LISTS("pg_language", "l.oid, 0, NULL, l.lanowner, l.lanacl, NULL", "'l'", "pg_language l") \
    " WHERE l.oid >= 16384 AND l.lanacl IS NOT NULL UNION ALL" \
    LISTS("pg_foreign_data_wrapper", "w.oid, 0, NULL, w.fdwowner, w.fdwacl, NULL", "'F'", "pg_foreign_data_wrapper w") \
    " WHERE w.fdwacl IS NOT NULL UNION ALL" \
    LISTS("pg_foreign_server", "s.oid, 0, NULL, s.srvowner, s.srvacl, NULL", "'S'", "pg_foreign_server s") \
    " WHERE s.srvacl IS NOT NULL"

/* One row for each grantee and grantor whose rights differ from `base`: those without (`no` 0) first, the others in the order in which
 * they were given, but none before its giver has a right (`held`). A role that is gone has no name. */
#define RIGHTS(list, base) \
    "(SELECT x.grantee, x.grantor, min(x.no) AS no" \
    ", array_agg(x.privilege_type ORDER BY x.privilege_type) FILTER (WHERE x.no > 0) AS privileges" \
    ", array_agg(x.privilege_type ORDER BY x.privilege_type) FILTER (WHERE x.no > 0 AND x.is_grantable) AS grantable" \
    ", array_agg(x.privilege_type ORDER BY x.privilege_type) FILTER (WHERE x.no = 0) AS usual" \
    ", array_agg(x.privilege_type ORDER BY x.privilege_type) FILTER (WHERE x.no = 0 AND x.is_grantable) AS usual_grantable" \
    ", (SELECT min(h.no) FROM aclexplode(" list ") WITH ORDINALITY h(grantor, grantee, privilege_type, is_grantable, no)" \
    " WHERE h.grantee = x.grantor) AS held" \
    " FROM (SELECT i.grantor, i.grantee, i.privilege_type, i.is_grantable, i.no FROM aclexplode(" list ")" \
    " WITH ORDINALITY i(grantor, grantee, privilege_type, is_grantable, no)" \
    " UNION ALL SELECT u.grantor, u.grantee, u.privilege_type, u.is_grantable, 0 FROM aclexplode(" base ") u) x" \
    " GROUP BY x.grantee, x.grantor)"
#define GIVEN "CASE WHEN e.no = 0 THEN 0 ELSE GREATEST(e.no, e.held) END, e.no, e.grantee"
#define DIFFERS "(e.privileges IS DISTINCT FROM e.usual OR e.grantable IS DISTINCT FROM e.usual_grantable)"
#define ROLES " LEFT JOIN pg_roles g ON g.oid = e.grantee LEFT JOIN pg_roles r ON r.oid = e.grantor"
#define QUOTED(name) "'\"' || replace(" name ", '\"', '\"\"') || '\"'"
#define GRANTEE(owner) "CASE e.grantee WHEN 0 THEN 'public' WHEN " owner " THEN 'owner' ELSE 'role' END"
/* Roles of every name are told from everybody and the owner: those are not in quotes. */
#define RIGHT_KEY(owner) \
    "CASE e.grantee WHEN 0 THEN 'public' WHEN " owner " THEN 'owner' ELSE " QUOTED("g.rolname") " END || CASE WHEN e.grantor = " \
    owner " THEN '' ELSE ' by ' || " QUOTED("r.rolname") " END"
#define RIGHT(owner) \
    GRANTEE(owner) " AS \"t:grantee\"" \
    ", g.rolname AS \"t:role\"" \
    ", CASE WHEN e.grantor <> " owner " THEN r.rolname END AS \"t:grantor\"" \
    ", COALESCE(e.privileges, '{}') AS \"l:privileges\"" \
    ", e.grantable AS \"l:grantable\""

#define RIGHTS_ON \
    "SELECT a.class, a.oid, a.sub, a.part, CASE e.grantee WHEN 0 THEN 'public' ELSE g.rolname END AS name" \
    ", CASE WHEN a.what IS NULL THEN '' ELSE 'sequence ' END || " RIGHT_KEY("a.owner") " AS key, a.what AS \"t:on\", " RIGHT("a.owner")

/* Every database has some: those of the schema public. */
const struct postgres_query postgres_query_schema_privilege = {
    "privilege", 0, 0,
    RIGHTS_ON " FROM (" LISTS("pg_namespace", "n.oid, 0 AS sub, NULL::name AS part, n.nspowner AS owner, n.nspacl AS acl, NULL::text AS what", "'n'",
                              "pg_namespace n")
    " WHERE n.nspacl IS NOT NULL AND " USERS ") a CROSS JOIN LATERAL " RIGHTS("a.acl", "acldefault(a.type, a.owner)") " e" ROLES " WHERE " DIFFERS
    " ORDER BY a.oid, " GIVEN, NULL};

/* Probes are planned for every reading: simple scans, and one join. */
#define HAS_LIST(class, acl) "EXISTS (SELECT FROM " class " WHERE oid >= 16384 AND " acl " IS NOT NULL)"

const struct postgres_query postgres_query_privilege = {
    "privilege", 0, 0,
    RIGHTS_ON " FROM (" ALL_LISTS ") a CROSS JOIN LATERAL " RIGHTS("a.acl", "acldefault(a.type, a.owner)") " e" ROLES " WHERE " DIFFERS
    " ORDER BY a.class, a.oid, a.sub, a.what, " GIVEN,
    HAS_LIST("pg_class", "relacl") " OR EXISTS (SELECT FROM pg_attribute WHERE attrelid >= 16384 AND attacl IS NOT NULL) OR "
    HAS_LIST("pg_proc", "proacl") " OR " HAS_LIST("pg_type", "typacl") " OR " HAS_LIST("pg_language", "lanacl") " OR "
    HAS_LIST("pg_foreign_data_wrapper", "fdwacl") " OR " HAS_LIST("pg_foreign_server", "srvacl")};

#define KNOWN_ROLES " WHERE (e.grantee = 0 OR g.oid IS NOT NULL) AND r.oid IS NOT NULL AND " DIFFERS

/* What a role gives away with each object it makes. In one schema that comes on top; for all schemas it takes the place of what an object
 * begins with. */
const struct postgres_query postgres_query_default_privilege = {
    "default_privilege", 0, 0,
    "SELECT n.nspname AS space, d.objects || ' of ' || o.rolname || ' to ' || CASE e.grantee WHEN 0 THEN 'public' ELSE g.rolname END AS name"
    ", d.objects || ' of ' || " QUOTED("o.rolname") " || ' to ' || " RIGHT_KEY("d.defaclrole") " AS key"
    ", d.objects AS \"t:objects\", o.rolname AS \"t:of\", " RIGHT("d.defaclrole")
    " FROM (SELECT *, CASE defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'routines' WHEN 'T' THEN 'types'"
    " WHEN 'n' THEN 'schemas' ELSE 'large objects' END AS objects FROM pg_default_acl) d JOIN pg_roles o ON o.oid = d.defaclrole"
    " LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace CROSS JOIN LATERAL "
    RIGHTS("d.defaclacl", "CASE WHEN d.defaclnamespace = 0 THEN acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's'"
           " ELSE d.defaclobjtype END::\"char\", d.defaclrole) END") " e" ROLES KNOWN_ROLES,
    "EXISTS (SELECT FROM pg_default_acl)"};

/* Few things have a list of rights, or had one to begin with: the others are left out before anything is joined. */
#define LISTED(class, acl) \
    "(SELECT * FROM " class " WHERE " acl " IS NOT NULL OR oid IN (SELECT p.objoid FROM pg_init_privs p" \
    " WHERE p.classoid = '" class "'::regclass AND p.objsubid = 0) OFFSET 0)"
/* What the system and extensions bring is left to them; what was changed on it since is not. */
#define BROUGHT(class, columns, type, from) \
    LISTS(class, columns, type, from) " LEFT JOIN pg_init_privs i ON i.classoid = '" class "'::regclass AND i.objoid = k.oid"
/* As pg_dump, without the information schema: nothing records what it began with. */
#define IN_CATALOG(space) " (k.oid < 16384 AND k." space " = 'pg_catalog'::regnamespace"
#define IS_BROUGHT(class, here) \
    here " OR EXISTS (SELECT FROM pg_depend e WHERE e.classid = '" class "'::regclass AND e.objid = k.oid" \
    " AND e.deptype = 'e'))"
#define BROUGHT_OF(class, owner, acl, type, here) \
    BROUGHT(class, "k.oid, 0 AS sub, NULL::name AS part, k." owner " AS owner, k." acl " AS acl, i.initprivs AS initial", "'" type "'", \
            LISTED(class, acl) " k") " AND i.objsubid = 0 WHERE k." acl " IS DISTINCT FROM i.initprivs AND" IS_BROUGHT(class, here)
#define ALL_BROUGHT \
    BROUGHT("pg_class", "k.oid, 0 AS sub, NULL::name AS part, k.relowner AS owner, k.relacl AS acl, i.initprivs AS initial", \
            "CASE k.relkind WHEN 'S' THEN 's' ELSE 'r' END", LISTED("pg_class", "relacl") " k") \
    " AND i.objsubid = 0 WHERE k.relacl IS DISTINCT FROM i.initprivs AND k.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND" \
    IS_BROUGHT("pg_class", IN_CATALOG("relnamespace")) " UNION ALL" \
    LISTS("pg_class", "k.oid, a.attnum, a.attname, k.relowner, a.attacl, i.initprivs", "'c'", "(SELECT * FROM pg_attribute WHERE attacl IS NOT NULL OR (attrelid, attnum) IN (SELECT p.objoid, p.objsubid" \
          " FROM pg_init_privs p WHERE p.classoid = 'pg_class'::regclass) OFFSET 0) a") \
    " JOIN pg_class k ON k.oid = a.attrelid LEFT JOIN pg_init_privs i ON i.classoid = 'pg_class'::regclass" \
    " AND i.objoid = k.oid AND i.objsubid = a.attnum WHERE a.attacl IS DISTINCT FROM i.initprivs AND NOT a.attisdropped AND" \
    IS_BROUGHT("pg_class", IN_CATALOG("relnamespace")) " UNION ALL" \
    BROUGHT_OF("pg_proc", "proowner", "proacl", "f", IN_CATALOG("pronamespace")) " UNION ALL" BROUGHT_OF("pg_type", "typowner", "typacl", "T", IN_CATALOG("typnamespace")) " UNION ALL" \
    BROUGHT_OF("pg_language", "lanowner", "lanacl", "l", " (k.oid < 16384") " UNION ALL" \
    BROUGHT_OF("pg_foreign_data_wrapper", "fdwowner", "fdwacl", "F", " (false") " UNION ALL" \
    BROUGHT_OF("pg_foreign_server", "srvowner", "srvacl", "S", " (false") " UNION ALL" \
    BROUGHT_OF("pg_namespace", "nspowner", "nspacl", "n", " (k.nspname = 'pg_catalog'") " UNION ALL" \
    LISTS("pg_database", "b.oid, 0, NULL, b.datdba, b.datacl, NULL", "'d'", "pg_database b") \
    " WHERE b.datname = current_database() AND b.datacl IS NOT NULL"
#define ON_WHAT \
    "CASE WHEN a.class = 'pg_database'::regclass THEN 'DATABASE' ELSE CASE a.class WHEN 'pg_class'::regclass THEN CASE a.type WHEN 's'" \
    " THEN 'SEQUENCE ' ELSE 'TABLE ' END WHEN 'pg_proc'::regclass THEN 'ROUTINE ' WHEN 'pg_type'::regclass THEN 'TYPE '" \
    " WHEN 'pg_language'::regclass THEN 'LANGUAGE ' WHEN 'pg_namespace'::regclass THEN 'SCHEMA ' WHEN 'pg_foreign_server'::regclass" \
    " THEN 'FOREIGN SERVER ' ELSE 'FOREIGN DATA WRAPPER ' END || (pg_identify_object(a.class, a.oid, 0)).identity END"

#define GIVEN_LIST(from, id, acl, sub, extra) \
    " SELECT '" from "'::regclass::oid AS class, " id " AS oid, " sub " AS sub, " acl " AS acl FROM " from " WHERE " acl " IS NOT NULL" extra

const struct postgres_query postgres_query_system_privilege = {
    "system_privilege", 0, 0,
    "SELECT a.class, a.oid, a.what || COALESCE(' column ' || a.part, '') || ' to ' || CASE e.grantee WHEN 0 THEN 'public' ELSE g.rolname END AS name"
    ", a.what || COALESCE('.' || quote_ident(a.part), '') || ' to ' || " RIGHT_KEY("a.owner") " AS key, a.what AS \"t:on\""
    ", a.part AS \"t:column\", e.usual AS \"l:initial\", " RIGHT("a.owner")
    " FROM (SELECT a.*, " ON_WHAT " AS what FROM (" ALL_BROUGHT ") a) a CROSS JOIN LATERAL "
    RIGHTS("COALESCE(a.acl, acldefault(a.type, a.owner))", "COALESCE(a.initial, acldefault(a.type, a.owner))") " e" ROLES KNOWN_ROLES
    " ORDER BY a.class, a.oid, a.sub, " GIVEN,
    "EXISTS (SELECT FROM (" GIVEN_LIST("pg_class", "oid", "relacl", "0", " AND relnamespace <> 'information_schema'::regnamespace") " UNION ALL"
    " SELECT 'pg_class'::regclass::oid, attrelid, attnum, attacl FROM pg_attribute WHERE attacl IS NOT NULL" " UNION ALL" GIVEN_LIST("pg_proc", "oid", "proacl", "0", "")
    " UNION ALL" GIVEN_LIST("pg_type", "oid", "typacl", "0", "") " UNION ALL" GIVEN_LIST("pg_language", "oid", "lanacl", "0", "")
    " UNION ALL" GIVEN_LIST("pg_foreign_data_wrapper", "oid", "fdwacl", "0", "") " UNION ALL"
    GIVEN_LIST("pg_foreign_server", "oid", "srvacl", "0", "") " UNION ALL"
    GIVEN_LIST("pg_namespace", "oid", "nspacl", "0", " AND nspname = 'pg_catalog'") ") k LEFT JOIN pg_init_privs i ON i.objoid = k.oid"
    " AND i.classoid = k.class AND i.objsubid = k.sub WHERE k.acl IS DISTINCT FROM i.initprivs AND (k.oid < 16384"
    " OR EXISTS (SELECT FROM pg_depend e WHERE e.classid = k.class AND e.objid = k.oid AND e.deptype = 'e')))"
    " OR EXISTS (SELECT FROM pg_database WHERE datname = current_database() AND datacl IS NOT NULL)"};

/* Of the database, and of roles in it. */
#define OF_DATABASE "s.setdatabase = (SELECT b.oid FROM pg_database b WHERE b.datname = current_database())"
const struct postgres_query postgres_query_setting = {
    "setting", 0, 0,
    "SELECT p.parameter || COALESCE(' of ' || r.rolname, '') AS name, p.parameter || COALESCE(' of ' || " QUOTED("r.rolname") ", '') AS key"
    ", p.parameter AS \"t:parameter\", r.rolname AS \"t:role\", p.value AS \"t:value\" FROM pg_db_role_setting s"
    " CROSS JOIN LATERAL (SELECT split_part(u.item, '=', 1) AS parameter, substr(u.item, strpos(u.item, '=') + 1) AS value"
    " FROM unnest(s.setconfig) u(item)) p LEFT JOIN pg_roles r ON r.oid = s.setrole"
    " WHERE " OF_DATABASE " AND (s.setrole = 0 OR r.oid IS NOT NULL)",
    "EXISTS (SELECT FROM pg_db_role_setting s WHERE " OF_DATABASE ")"};

const struct postgres_query postgres_query_extension_dependence = {
    "extension_dependence", 0, 0,
    "SELECT e.classid AS class, e.objid AS oid, 0 AS sub, NULL AS part, x.extname AS name, x.extname AS key, x.extname AS \"t:extension\", o.identity FROM pg_depend e"
    " JOIN pg_extension x ON x.oid = e.refobjid CROSS JOIN LATERAL pg_identify_object(e.classid, e.objid, 0) o"
    " WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'x' ORDER BY e.classid, e.objid, x.extname",
    "EXISTS (SELECT FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'x')"};

const struct postgres_query postgres_query_security_label = {
    "security_label", 0, 0,
    "SELECT l.classoid AS class, l.objoid AS oid, l.objsubid AS sub, a.attname AS part, l.provider AS name, l.provider AS key"
    ", l.label AS \"t:label\", o.identity FROM pg_seclabel l LEFT JOIN pg_attribute a ON l.classoid = 'pg_class'::regclass"
    " AND a.attrelid = l.objoid AND a.attnum = l.objsubid AND l.objsubid > 0"
    " CROSS JOIN LATERAL pg_identify_object(l.classoid, l.objoid, l.objsubid) o ORDER BY l.classoid, l.objoid, l.objsubid",
    "EXISTS (SELECT FROM pg_seclabel)"};
