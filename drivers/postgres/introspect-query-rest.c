/* SPDX-License-Identifier: MIT */
/* What the model has no kind for, by name: unknown is not empty. */
#include "introspect-query.h"

#define NOT_YET "'is not in the model yet'"
#define MEMBER(class, oid)                                                                           \
    "NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '" class "'::regclass AND e.objid = " oid \
                                                                    " AND e.deptype = 'e')"
/* Named as the server names them; of a catalog whose own rows begin at 16384. */
#define OBJECTS(family, class, condition, why)                                                       \
    "SELECT '" family "', o.identity, " why                                                          \
    ", o.schema FROM " class " x, pg_identify_object('" class "'::regclass, x.oid, 0) o"             \
                                                              " WHERE x.oid >= 16384 AND " condition \
                                                              " AND " MEMBER(class, "x.oid")
/* Of a catalog without schemas, whose names are shown as they are. */
#define NAMES(family, class, name, condition, why)                                                              \
    "SELECT '" family "', x." name "::text, " why ", NULL FROM " class " x WHERE x.oid >= 16384 AND " condition \
                                                                       " AND " MEMBER(class, "x.oid")
#define RELATION_NAME QUALIFIED("n.nspname", "c.relname")
#define RELATIONS     " JOIN pg_namespace n ON n.oid = c.relnamespace AND " USERS
#define AND_THEN      " UNION ALL "

/* Rights that are not those a new object has. */
#define GRANTS                                                                                                         \
    "SELECT 'privilege', " RELATION_NAME                                                                               \
    ", 'grants on it are not in the model yet', n.nspname FROM pg_class c" RELATIONS                                   \
    " WHERE c.relacl IS NOT NULL AND c.relpersistence <> 't'" NOT_OWN("c.relname") " AND " MEMBER("pg_class", "c.oid") \
        AND_THEN "SELECT 'privilege', " RELATION_NAME                                                                  \
                 " || '.' || quote_ident(a.attname), 'grants on it are not in the model yet', n.nspname"               \
                 " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid" RELATIONS                                \
                 " WHERE a.attacl IS NOT NULL AND c.relpersistence <> 't' AND " MEMBER("pg_class", "c.oid") AND_THEN   \
        "SELECT 'privilege', o.identity, 'grants on it are not in the model yet', o.schema FROM pg_proc p"             \
        " JOIN pg_namespace n ON n.oid = p.pronamespace AND " USERS                                                    \
        ", pg_identify_object('pg_proc'::regclass, p.oid, 0) o"                                                        \
        " WHERE p.proacl IS NOT NULL AND " MEMBER("pg_proc", "p.oid") AND_THEN                                         \
        "SELECT 'privilege', o.identity, 'grants on it are not in the model yet', o.schema FROM pg_type t"             \
        " JOIN pg_namespace n ON n.oid = t.typnamespace AND " USERS                                                    \
        ", pg_identify_object('pg_type'::regclass, t.oid, 0) o"                                                        \
        " WHERE t.typacl IS NOT NULL AND " MEMBER("pg_type", "t.oid") AND_THEN                                         \
        "SELECT 'privilege', quote_ident(n.nspname), 'grants on it are not in the model yet', n.nspname FROM "         \
        "pg_namespace n"                                                                                               \
        " LEFT JOIN pg_init_privs i ON i.classoid = 'pg_namespace'::regclass AND i.objoid = n.oid AND i.objsubid = 0"  \
        " WHERE n.nspacl IS NOT NULL AND n.nspacl::text IS DISTINCT FROM i.initprivs::text AND " USERS AND_THEN        \
        "SELECT 'default privilege', 'of ' || pg_get_userbyid(x.defaclrole) || COALESCE(' in ' || "                    \
        "quote_ident(n.nspname), '')"                                                                                  \
        " || ' for ' || CASE x.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN "          \
        "'functions'"                                                                                                  \
        " WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'large objects' END, " NOT_YET ", n.nspname"              \
        " FROM pg_default_acl x LEFT JOIN pg_namespace n ON n.oid = x.defaclnamespace"

/* Comments on what is not an object of the model by itself. */
#define COMMENTS                                                                                                   \
    "SELECT 'comment', " RELATION_NAME                                                                             \
    " || '.' || quote_ident(a.attname), 'the comment of a column of a view or type is not in the model yet'"       \
    ", n.nspname FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND c.relkind IN ('v', 'm', 'c', 'i', " \
    "'I')" RELATIONS " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid"                        \
    " WHERE d.classoid = 'pg_class'::regclass AND d.objsubid > 0 AND " MEMBER("pg_class", "c.oid") AND_THEN        \
        "SELECT 'comment', " RELATION_NAME                                                                         \
        ", 'the comment of the index of a constraint is not in the model', n.nspname"                              \
        " FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND c.relkind IN ('i', 'I')" RELATIONS         \
        " JOIN pg_constraint k ON k.conindid = c.oid AND k.contype IN ('p', 'u', 'x')"                             \
        " WHERE d.classoid = 'pg_class'::regclass AND d.objsubid = 0"

/* Parts of objects. */
#define PARTS                                                                                                          \
    "SELECT 'index', " RELATION_NAME                                                                                   \
    ", 'the statistics target of an expression is not in the model yet', n.nspname FROM pg_attribute a"                \
    " JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('i', 'I')" RELATIONS                                     \
    " WHERE a.attnum > 0 AND a.attstattarget >= 0 AND c.relpersistence <> 't'" AND_THEN                                \
    "SELECT 'view', " RELATION_NAME                                                                                    \
    ", 'the default of the column ' || quote_ident(a.attname) || ' is not in the model yet', n.nspname"                \
    " FROM pg_attrdef x JOIN pg_class c ON c.oid = x.adrelid AND c.relkind = 'v'" RELATIONS                            \
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.adnum WHERE " MEMBER("pg_class", "c.oid") AND_THEN    \
        "SELECT 'materialized_view', " RELATION_NAME                                                                   \
        ", 'statistics, storage or options of the column ' || quote_ident(a.attname)"                                  \
        " || ' are not in the model yet', n.nspname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND "    \
        "c.relkind = 'm'" RELATIONS " JOIN pg_type t ON t.oid = a.atttypid WHERE a.attnum > 0 AND NOT a.attisdropped"  \
        " AND (a.attstattarget >= 0 OR a.attstorage <> t.typstorage OR a.attoptions IS NOT NULL) AND " MEMBER(         \
            "pg_class", "c.oid") AND_THEN                                                                              \
        "SELECT 'constraint', " RELATION_NAME                                                                          \
        " || '.' || quote_ident(k.conname), 'options or tablespace of the index of an exclusion constraint"            \
        " are not in the model yet', n.nspname FROM pg_constraint k JOIN pg_class i ON i.oid = k.conindid"             \
        " JOIN pg_class c ON c.oid = k.conrelid" RELATIONS                                                             \
        " WHERE k.contype = 'x' AND (i.reloptions IS NOT NULL OR i.reltablespace <> 0)" AND_THEN                       \
        "SELECT 'trigger', " RELATION_NAME                                                                             \
        " || '.' || quote_ident(g.tgname), 'it is enabled otherwise than that of the partitioned table', n.nspname"    \
        " FROM pg_trigger g JOIN pg_trigger o ON o.oid = g.tgparentid AND o.tgenabled <> g.tgenabled"                  \
        " JOIN pg_class c ON c.oid = g.tgrelid" RELATIONS " WHERE NOT o.tgisinternal"                                  \
        " {180000;" AND_THEN "SELECT 'constraint', " RELATION_NAME " || '.' || quote_ident(k.conname)"                 \
        ", 'a NOT NULL constraint with a name of its own, NO INHERIT or NOT VALID is not in the model yet', n.nspname" \
        " FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid" RELATIONS                                        \
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1] WHERE k.contype = 'n' AND "             \
        "c.relpersistence <> 't'"                                                                                      \
        " AND (k.connoinherit OR NOT k.convalidated OR (k.conislocal AND k.coninhcount = 0"                            \
        " AND length(c.relname || '_' || a.attname) < 54 AND k.conname <> c.relname || '_' || a.attname || "           \
        "'_not_null'))" NOT_OWN("c.relname") ";}"

#define RELATION_KIND(family, kind)                                                            \
    "SELECT '" family "', " RELATION_NAME ", " NOT_YET ", n.nspname FROM pg_class c" RELATIONS \
    " WHERE c.relkind = '" kind "'"                                                            \
    " AND " MEMBER("pg_class", "c.oid")
#define LABELS                                                                      \
    "SELECT 'security label', o.identity, " NOT_YET ", o.schema FROM pg_seclabel l" \
    ", pg_identify_object(l.classoid, l.objoid, l.objsubid) o"

/* The columns of pg_subscription that anyone may read; those of all databases are in one catalog. */
#define SUBSCRIPTIONS                                                                  \
    "SELECT 'subscription', x.subname::text, " NOT_YET ", NULL FROM pg_subscription x" \
    " WHERE x.subdbid = (SELECT b.oid FROM pg_database b WHERE b.datname = current_database())"

const struct postgres_query postgres_query_unrepresented = {
    "unrepresented", 0, 0,
    GRANTS AND_THEN COMMENTS AND_THEN PARTS AND_THEN RELATION_KIND("foreign table", "f") AND_THEN OBJECTS(
        "type", "pg_type",
        "x.typtype IN ('b', 'p') AND x.typelem = 0 AND EXISTS (SELECT FROM pg_namespace n"
        " WHERE n.oid = x.typnamespace AND " USERS ")",
        "'base and shell types are not in the model yet'") AND_THEN OBJECTS("cast", "pg_cast", "true", NOT_YET)
        AND_THEN OBJECTS("operator", "pg_operator", "true", NOT_YET) AND_THEN OBJECTS("operator class", "pg_opclass",
                                                                                      "true", NOT_YET)
            AND_THEN OBJECTS("operator family", "pg_opfamily", "true",
                             NOT_YET) AND_THEN OBJECTS("collation", "pg_collation", "true", NOT_YET)
                AND_THEN OBJECTS("conversion", "pg_conversion", "true",
                                 NOT_YET) AND_THEN OBJECTS("text search configuration", "pg_ts_config", "true", NOT_YET)
                    AND_THEN OBJECTS("text search dictionary", "pg_ts_dict", "true", NOT_YET)
                        AND_THEN OBJECTS("text search parser", "pg_ts_parser", "true", NOT_YET)
                            AND_THEN OBJECTS("text search template", "pg_ts_template", "true", NOT_YET)
                                AND_THEN OBJECTS("transform", "pg_transform", "true", NOT_YET) AND_THEN NAMES(
                                    "foreign data wrapper", "pg_foreign_data_wrapper", "fdwname", "true", NOT_YET)
                                    AND_THEN NAMES("foreign server", "pg_foreign_server", "srvname", "true", NOT_YET)
                                        AND_THEN NAMES("publication", "pg_publication", "pubname", "true", NOT_YET)
                                            AND_THEN NAMES("language", "pg_language", "lanname", "true", NOT_YET)
                                                AND_THEN NAMES("access method", "pg_am", "amname", "true", NOT_YET)
                                                    AND_THEN SUBSCRIPTIONS AND_THEN
    "SELECT 'user mapping', quote_ident(m.usename) || ' on ' || quote_ident(m.srvname), " NOT_YET
    ", NULL FROM pg_user_mappings m" AND_THEN LABELS};
