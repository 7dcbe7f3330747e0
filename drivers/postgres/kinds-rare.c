/* SPDX-License-Identifier: MIT */
/*
 * Kinds of objects that few databases have. Values are written as kinds.c says. Where a name alone does not tell an object from others, its
 * key is what stands behind the schema in DROP and COMMENT ON, ready for SQL: "+ (integer, integer)", "name USING btree", "(a AS b)",
 * "FOR type LANGUAGE name". Options of wrappers, servers, mappings and foreign tables are "name=value", sorted, without those that may hold a
 * secret; "…_written" is their order in the catalog, where that is another.
 */
#include "kinds.h"

#define RARE(name, plural, order, ...) KIND_NAMED(, postgres_##name##_kind, name, plural, NULL, order, 0, __VA_ARGS__)

RARE(collation, "collations", 25, {"definition", RECREATE}, {"owner", OWNER});
RARE(conversion, "conversions", 43, {"definition", RECREATE}, {"owner", OWNER});
RARE(text_search_parser, "text search parsers", 45, {"definition", RECREATE});
RARE(text_search_template, "text search templates", 46, {"definition", RECREATE});
/* options as the catalog has them: "name = 'value', …" */
RARE(text_search_dictionary, "text search dictionaries", 47, {"template", RECREATE}, {"options", ALTER},
     {"owner", OWNER});
/* mappings: "token WITH dictionary, …" */
RARE(text_search_configuration, "text search configurations", 48, {"parser", RECREATE}, {"mappings", ALTER},
     {"owner", OWNER});
RARE(language, "languages", 51, {"definition", REPLACE}, {"owner", OWNER});
RARE(access_method, "access methods", 52, {"definition", RECREATE});
/* definition: what stands in the parentheses but the estimators */
RARE(operator, "operators", 53, {"definition", RECREATE}, {"restrict", ALTER}, {"join", ALTER}, {"owner", OWNER});
/* members: those that no class has, "OPERATOR 1 <(a,b)", "FUNCTION 1 (a, b) f(a,b)" */
RARE(operator_family, "operator families", 54, {"members", ALTER}, {"owner", OWNER});
RARE(operator_class, "operator classes", 55, {"definition", RECREATE}, {"owner", OWNER});
RARE(cast, "casts", 56, {"definition", RECREATE});
RARE(transform, "transforms", 57, {"definition", REPLACE});
RARE(foreign_data_wrapper, "foreign data wrappers", 58, {"handler", ALTER}, {"validator", ALTER}, {"options", ALTER},
     {"options_written", INFO}, {"owner", OWNER});
RARE(foreign_server, "foreign servers", 59, {"wrapper", RECREATE}, {"type", RECREATE}, {"version", ALTER},
     {"options", ALTER}, {"options_written", INFO}, {"owner", OWNER});
/* holds no rows: they are somebody else's */
RARE(foreign_table, "foreign tables", 63, {"server", RECREATE}, {"foreign_options", ALTER},
     {"foreign_options_written", INFO}, {"postgres.partition_of", ALTER}, {"postgres.partition_bound", ALTER},
     {"postgres.inherits", ALTER}, {"owner", OWNER});
/* Columns of what is no table (of an index: by number), where something is set or said of them. */
KIND_NAMED(, postgres_attribute_kind, attribute, "settings of columns", "view|materialized_view|type|index", 68,
           DARA_KIND_PART, {"default", ALTER}, {"statistics", ALTER}, {"storage", ALTER}, {"compression", ALTER},
           {"options", ALTER}, {"options_written", INFO});
/* The name of an index that a partition has because the partitioned table has one, where it is not that which PostgreSQL gives (`usual`). Key:
 * the index of the partitioned table, ready for SQL. */
KIND_NAMED(, postgres_partition_index_kind, partition_index, "names of partition indexes", "table", 82, 0,
           {"index", ALTER}, {"usual", INFO});
RARE(user_mapping, "user mappings", 65, {"options", ALTER}, {"options_written", INFO});
/* tables: "schema.table (columns) WHERE (expression)"; publish: "insert, update, delete, truncate" */
RARE(publication, "publications", 98, {"all_tables", RECREATE}, {"publish", ALTER}, {"via_root", ALTER},
     {"generated_columns", ALTER}, {"tables", ALTER}, {"schemas", ALTER}, {"owner", OWNER});
/* connection without its password; whether it runs is no part of the schema; options: "name = value" */
RARE(subscription, "subscriptions", 99, {"connection", ALTER}, {"publications", ALTER}, {"slot", ALTER},
     {"options", ALTER}, {"enabled", INFO}, {"owner", OWNER});
