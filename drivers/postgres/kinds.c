/* SPDX-License-Identifier: MIT */
/*
 * PostgreSQL's kinds of objects. The server's own words (pg_get_*def, pg_get_expr, format_type, read with an empty search_path, so that
 * every name is qualified) are the compared properties: they are canonical, so that equal schemas compare equal.
 */
#include "kinds.h"

/*
 * `space` of every object below is its schema (of what has an owner: the owner's); namespaces, extensions, event triggers and parts have
 * none. Keys are names, with identity arguments for routines: the plain name, then "(…)" ready for SQL.
 *
 * How values are written:
 *   a name in two parts (references, partition_of, inherits, owned_by), a type, a collation, an expression: ready for SQL, quoted where
 *     needed; lists of attributes and of a view's columns likewise ("name type"); lists of columns of a constraint and names that stand
 *     alone (schema, tablespace, access method, cluster_on, language, owner, roles with "public" for everybody): plain, not quoted
 *   options: "name=value", sorted (setting one again moves it in the catalog), those of the TOAST table as "toast.name=value"; "…_written"
 *     is their order in the catalog, where that is another: it is kept when they are written, and means nothing
 *   what is as the engine makes it by itself is absent: persistence (else "unlogged"), storage, compression, statistics, collation,
 *     access method heap, tablespace, enabled (else "disabled", "replica", "always"), replica identity (else "FULL", "NOTHING",
 *     "USING INDEX name", ready for SQL), and booleans that are false (but not_null, permissive, unique, validated, cycle: always there;
 *     `validated` of check and foreign key only)
 *   definitions end without semicolon; a view's is its query, a range type's what follows AS ("RANGE (subtype = …)")
 */

/* shells: operators that others name and nobody made, ready for SQL */
KIND(namespace, "namespaces", NULL, 10, 0, {"owner", OWNER}, {"shells", INFO});
/* updates: the versions that the server has a way to from this one; absent where it does not know */
KIND(extension, "extensions", NULL, 20, 0, {"schema", ALTER}, {"version", ALTER}, {"updates", INFO});
/* type: "enum" (labels), "composite" (attributes "name type[ collate …]"), "range" (definition), "domain" (type, default, not_null, collation) */
KIND(type, "types", NULL, 30, 0, {"type", RECREATE}, {"labels", ALTER}, {"attributes", ALTER}, {"definition", RECREATE},
     {"base", RECREATE}, {"default", ALTER}, {"not_null", ALTER}, {"collation", RECREATE}, {"owner", OWNER});
/* check constraints of a domain; definition as pg_get_constraintdef gives it */
KIND(domain_constraint, "domain constraints", "type", 31, DARA_KIND_PART, {"definition", ALTER}, {"validated", ALTER});
/* a sequence that no identity column owns; owned_by "schema.table.column" */
KIND(sequence, "sequences", NULL, 40, 0, {"type", ALTER}, {"start", ALTER}, {"increment", ALTER}, {"minimum", ALTER},
     {"maximum", ALTER}, {"cache", ALTER}, {"cycle", ALTER}, {"owned_by", ALTER}, {"postgres.unlogged", ALTER},
     {"owner", OWNER});
/* key name(identity arguments); definition as pg_get_functiondef gives it (for aggregates: CREATE AGGREGATE put together);
 * signature = result type and arguments with names: what CREATE OR REPLACE cannot change; type: function | procedure | aggregate | window;
 * defaults: number of arguments that have one (CREATE OR REPLACE cannot take one away); shell: the range, ready for SQL, whose values it
 * makes canonical: takes and gives it, and has to be there before it */
KIND(routine, "routines", NULL, 50, 0, {"type", RECREATE}, {"signature", RECREATE}, {"definition", REPLACE},
     {"language", INFO}, {"defaults", INFO}, {"shell", INFO}, {"owner", OWNER});
KIND(table, "tables", NULL, 60, DARA_KIND_ROWS, {"postgres.persistence", ALTER}, {"postgres.partition_key", RECREATE},
     {"postgres.partition_of", ALTER}, {"postgres.partition_bound", ALTER}, {"postgres.inherits", ALTER},
     {"postgres.of_type", ALTER}, {"postgres.access_method", ALTER}, {"postgres.tablespace", ALTER},
     {"postgres.options", ALTER}, {"postgres.options_written", INFO}, {"postgres.replica_identity", ALTER},
     {"postgres.row_security", ALTER}, {"postgres.force_row_security", ALTER}, {"postgres.cluster_on", ALTER},
     {"owner", OWNER}, {"owned_by_other", INFO});
/* owned_by_other (of a table): not by the role that read it */
/* identity: "always" | "by default" with identity_options (list of what a sequence that counts up has
 * not by itself: "SEQUENCE NAME schema.name", "START WITH 5", "INCREMENT BY 2", "MINVALUE …", "MAXVALUE …", "CACHE …", "CYCLE"; one that
 * counts down has the first five in any case); generated: expression,
 * generated_kind "stored"|"virtual"; inherited: the column is not local (a parent or the partitioned table gives it). The order cannot be
 * changed, so it is not compared: `position` (attnum) says in which order a table is written. not_null_name: of the constraint that 18 makes,
 * where it is not TABLE_COLUMN_not_null; not_null_given: the same where a parent gives it; not_null_local: whether that constraint is, where the
 * column is otherwise */
KIND(column, "columns", "table|foreign_table", 61, DARA_KIND_PART | DARA_KIND_VALUES | DARA_KIND_LATER, {"type", ALTER},
     {"collation", ALTER}, {"not_null", ALTER}, {"default", ALTER}, {"identity", ALTER}, {"identity_options", ALTER},
     {"generated", ALTER}, {"generated_kind", ALTER}, {"storage", ALTER}, {"compression", ALTER}, {"statistics", ALTER},
     {"options", ALTER}, {"options_written", INFO}, {"foreign_options", ALTER}, {"foreign_options_written", INFO},
     {"not_null_name", ALTER}, {"not_null_no_inherit", ALTER}, {"not_null_unvalidated", ALTER},
     {"not_null_comment", ALTER}, {"not_null_local", INFO}, {"not_null_given", INFO}, {"inherited", INFO},
     {"position", INFO});
/* type: primary key | unique | check | foreign key | exclude; definition as pg_get_constraintdef gives it (with NOT VALID left out:
 * `validated` says it); columns, references ("schema.table"), referenced_columns for neutral readers; inherited as for columns */
KIND(constraint, "constraints", "table|foreign_table", 62, DARA_KIND_PART | DARA_KIND_LATER, {"type", RECREATE},
     {"definition", RECREATE}, {"validated", ALTER}, {"index_comment", ALTER}, {"columns", INFO}, {"references", INFO},
     {"referenced_columns", INFO}, {"inherited", INFO});
KIND(view, "views", NULL, 70, DARA_KIND_LATER, {"definition", REPLACE}, {"columns", REPLACE}, {"options", ALTER},
     {"options_written", INFO}, {"owner", OWNER});
KIND(materialized_view, "materialized views", NULL, 71, DARA_KIND_ROWS, {"definition", RECREATE}, {"options", ALTER},
     {"options_written", INFO}, {"postgres.tablespace", ALTER}, {"postgres.access_method", RECREATE},
     {"postgres.cluster_on", ALTER}, {"owner", OWNER});
/* definition as pg_get_indexdef gives it (of the table or of a partition that did not inherit it) */
KIND(index, "indexes", "table|materialized_view", 80, 0, {"definition", RECREATE}, {"unique", INFO}, {"columns", INFO},
     {"where", INFO}, {"valid", INFO});
KIND(rule, "rules", "table|view", 85, 0, {"definition", REPLACE}, {"enabled", ALTER});
/* definition as pg_get_triggerdef gives it; absent where the trigger came with that of a partitioned table and only its state is its own */
KIND(trigger, "triggers", "table|foreign_table|view", 90, 0, {"definition", RECREATE}, {"enabled", ALTER});
/* command: ALL SELECT INSERT UPDATE DELETE; roles: list; using, check: expressions */
KIND(policy, "policies", "table", 95, 0, {"command", RECREATE}, {"permissive", RECREATE}, {"roles", ALTER},
     {"using", ALTER}, {"check", ALTER});
/* extended statistics: definition as pg_get_statisticsobjdef gives it */
KIND(statistics, "statistics objects", NULL, 96, 0, {"definition", RECREATE}, {"target", ALTER}, {"owner", OWNER});
KIND(event_trigger, "event triggers", NULL, 97, 0, {"definition", RECREATE}, {"enabled", ALTER}, {"owner", OWNER});

const struct dara_kind *const postgres_kinds[] = {
    &namespace_kind,
    &extension_kind,
    &postgres_collation_kind,
    &type_kind,
    &domain_constraint_kind,
    &sequence_kind,
    &postgres_conversion_kind,
    &postgres_text_search_parser_kind,
    &postgres_text_search_template_kind,
    &postgres_text_search_dictionary_kind,
    &postgres_text_search_configuration_kind,
    &routine_kind,
    &postgres_language_kind,
    &postgres_access_method_kind,
    &postgres_operator_kind,
    &postgres_operator_family_kind,
    &postgres_operator_class_kind,
    &postgres_cast_kind,
    &postgres_transform_kind,
    &postgres_foreign_data_wrapper_kind,
    &postgres_foreign_server_kind,
    &table_kind,
    &column_kind,
    &constraint_kind,
    &postgres_foreign_table_kind,
    &postgres_user_mapping_kind,
    &view_kind,
    &materialized_view_kind,
    &postgres_attribute_kind,
    &index_kind,
    &postgres_partition_index_kind,
    &rule_kind,
    &trigger_kind,
    &policy_kind,
    &statistics_kind,
    &event_trigger_kind,
    &postgres_publication_kind,
    &postgres_subscription_kind,
    &postgres_privilege_kind,
    &postgres_system_privilege_kind,
    &postgres_default_privilege_kind,
    &postgres_setting_kind,
    &postgres_security_label_kind,
    &postgres_extension_dependence_kind,
    NULL,
};
