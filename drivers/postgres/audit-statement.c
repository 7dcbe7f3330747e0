/* SPDX-License-Identifier: MIT */
/* What lint says of a statement beyond what a run needs to know: ways that stop others, where there is one that does not. */
#include <string.h>

#include "audit.h"
#include "classify.h"

#define ROW(symbol, rule_id, rule_title, rule_why, rule_fix, rule_peers)               \
    const struct dara_rule postgres_rule_##symbol = {.size = sizeof(struct dara_rule), \
                                                     .id = rule_id,                    \
                                                     .level = DARA_RULE_WARN,          \
                                                     .flags = DARA_RULE_FILE,          \
                                                     .title = rule_title,              \
                                                     .why = rule_why,                  \
                                                     .fix = rule_fix,                  \
                                                     .peers = rule_peers}

ROW(index_blocks, "index-not-concurrent", "an index is made while nobody can write",
    "CREATE INDEX holds a lock against writers until the whole table is read",
    "CREATE INDEX CONCURRENTLY, in a migration of its own",
    "squawk require-concurrent-index-creation, atlas PG101, strong_migrations add_index, eugene E6");
ROW(reindex_blocks, "reindex-not-concurrent", "an index is made anew while nobody can write",
    "REINDEX holds a lock against writers, and queries cannot use the index", "REINDEX … CONCURRENTLY",
    "squawk require-concurrent-reindex");
ROW(detach_blocks, "detach-not-concurrent", "a partition is detached while nobody can read",
    "DETACH PARTITION locks the whole partitioned table", "DETACH PARTITION … CONCURRENTLY",
    "squawk require-concurrent-partition-detach");
ROW(key_validated, "foreign-key-not-valid", "a foreign key is checked while nobody can write",
    "adding it reads all rows under locks on both tables",
    "add it NOT VALID, and VALIDATE CONSTRAINT in the next migration",
    "squawk adding-foreign-key-constraint, strong_migrations add_foreign_key, eugene E1");
ROW(check_validated, "check-not-valid", "a check is tried on all rows while nobody can read",
    "adding it reads all rows under a lock that stops everybody",
    "add it NOT VALID, and VALIDATE CONSTRAINT in the next migration",
    "squawk constraint-missing-not-valid, atlas PG305, strong_migrations add_check_constraint, eugene E1");
ROW(unique_blocks, "unique-not-using-index", "a unique constraint makes its index while nobody can read",
    "the index is built under a lock that stops everybody",
    "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … USING INDEX in the next migration",
    "squawk disallowed-unique-constraint, atlas PG105, strong_migrations, eugene E7");
ROW(exclusion, "exclusion-constraint", "an exclusion constraint is added to a table that is there",
    "its index is built under a lock that stops everybody, and no way around it exists", "add it when nobody waits",
    "eugene E8");
ROW(full_vacuum, "vacuum-full", "a table is written anew while nobody can read",
    "VACUUM FULL and CLUSTER lock out readers and writers", "use pg_repack, or a time when nobody waits",
    "squawk prefer-repack");

static bool is(const char *text, const char *other)
{
    return text && strcmp(text, other) == 0;
}

static bool has_option(const json_t *list, const char *name)
{
    const json_t *option;
    size_t i;
    json_array_foreach(list, i, option)
    {
        if (is(postgres_json_text(json_object_get(option, "DefElem"), "defname"), name))
            return true;
    }
    return false;
}

static void tell(struct dara_facts *facts, const struct dara_rule *rule, const char *message)
{
    dara_facts_hazard(facts, rule->id, false, message);
}

/* `column`: it comes with a new column, which has NULL or one value in each row. */
static void judge_constraint(struct dara_facts *facts, const json_t *constraint, bool column)
{
    const char *type = postgres_json_text(constraint, "contype");
    bool unchecked = postgres_json_bool(constraint, "skip_validation");
    if (is(type, "CONSTR_FOREIGN") && !unchecked)
        tell(facts, &postgres_rule_key_validated, "the foreign key is checked under locks on both tables");
    if (is(type, "CONSTR_CHECK") && !unchecked && !column)
        tell(facts, &postgres_rule_check_validated, "the check is tried on all rows under a lock");
    if ((is(type, "CONSTR_UNIQUE") || is(type, "CONSTR_PRIMARY")) && !postgres_json_text(constraint, "indexname"))
        tell(facts, &postgres_rule_unique_blocks, "the index of the constraint is built under a lock");
    if (is(type, "CONSTR_EXCLUSION"))
        tell(facts, &postgres_rule_exclusion, "the index of the constraint is built under a lock");
}

static void judge_command(struct dara_facts *facts, const json_t *command)
{
    const char *subtype = postgres_json_text(command, "subtype");
    const json_t *definition = json_object_get(command, "def"), *constraint;
    size_t i;
    if (is(subtype, "AT_AddConstraint"))
        judge_constraint(facts, json_object_get(definition, "Constraint"), false);
    json_array_foreach(json_object_get(json_object_get(definition, "ColumnDef"), "constraints"), i, constraint)
    {
        if (is(subtype, "AT_AddColumn"))
            judge_constraint(facts, json_object_get(constraint, "Constraint"), true);
    }
    if (is(subtype, "AT_DetachPartition") &&
        !postgres_json_bool(json_object_get(definition, "PartitionCmd"), "concurrent"))
        tell(facts, &postgres_rule_detach_blocks, "DETACH PARTITION stops readers and writers of the whole table");
}

static void judge_node(struct dara_facts *facts, const char *node, const json_t *tree)
{
    const json_t *command;
    size_t i;
    if (is(node, "IndexStmt") && !postgres_json_bool(tree, "concurrent"))
        tell(facts, &postgres_rule_index_blocks, "CREATE INDEX stops writers until it is done");
    if (is(node, "ReindexStmt") && !has_option(json_object_get(tree, "params"), "concurrently"))
        tell(facts, &postgres_rule_reindex_blocks, "REINDEX stops writers until it is done");
    if (is(node, "ClusterStmt") || (is(node, "VacuumStmt") && has_option(json_object_get(tree, "options"), "full")))
        tell(facts, &postgres_rule_full_vacuum, "everybody waits until the table is written anew");
    json_array_foreach(json_object_get(tree, "cmds"), i, command)
    {
        if (is(node, "AlterTableStmt"))
            judge_command(facts, json_object_get(command, "AlterTableCmd"));
    }
}

int postgres_audit_statement(struct dara_conn *conn, const char *text, size_t length, struct dara_facts *facts)
{
    const char *node = NULL;
    const json_t *inner = NULL;
    (void)conn;
    json_t *tree = postgres_parse(text, length, &node, &inner);
    if (tree)
        judge_node(facts, node, inner);
    json_decref(tree);
    return 0;
}
