/* SPDX-License-Identifier: MIT */
/* What lint says of a statement beyond what a run needs to know: ways that stop others, where there is one that does not. */
#include <string.h>

#include "lint.h"

static bool is(const char *text, const char *other)
{
    return text && strcmp(text, other) == 0;
}

static void tell(struct dara_facts *facts, const char *rule, const char *message)
{
    dara_facts_hazard(facts, rule, false, message);
}

/* `column`: it comes with a new column, which has NULL or one value in each row. */
static void judge_constraint(struct dara_facts *facts, const json_t *constraint, bool column)
{
    const char *type = postgres_json_text(constraint, "contype");
    bool unchecked = postgres_json_bool(constraint, "skip_validation");
    if (is(type, "CONSTR_FOREIGN") && !unchecked)
        tell(facts, "foreign-key-not-valid", "the foreign key is checked under locks on both tables");
    if (is(type, "CONSTR_CHECK") && !unchecked && !column)
        tell(facts, "check-not-valid", "the check is tried on all rows under a lock");
    if ((is(type, "CONSTR_UNIQUE") || is(type, "CONSTR_PRIMARY")) && !postgres_json_text(constraint, "indexname"))
        tell(facts, "unique-not-using-index", "the index of the constraint is built under a lock");
    if (is(type, "CONSTR_EXCLUSION"))
        tell(facts, "exclusion-constraint", "the index of the constraint is built under a lock");
}

/* Functions that give the same for all rows of one statement; of others the text does not tell. Volatile ones that are known write the
 * table again, which classify-lock.c tells. */
static bool is_steady(const char *name)
{
    static const char *const names[] = {"now",
                                        "transaction_timestamp",
                                        "statement_timestamp",
                                        "current_setting",
                                        "current_schema",
                                        "current_user",
                                        "session_user",
                                        "current_database",
                                        "lower",
                                        "upper",
                                        "concat",
                                        "format",
                                        "to_timestamp",
                                        "to_date",
                                        "make_date",
                                        "make_time",
                                        "make_interval",
                                        "make_timestamp",
                                        "make_timestamptz",
                                        "date_trunc",
                                        "timezone",
                                        "jsonb_build_object",
                                        "jsonb_build_array",
                                        "json_build_object",
                                        "json_build_array",
                                        "to_json",
                                        "to_jsonb",
                                        "array_fill",
                                        "repeat",
                                        "md5",
                                        "abs",
                                        "round",
                                        "floor",
                                        "ceil",
                                        "int4range",
                                        "int8range",
                                        "numrange",
                                        "tsrange",
                                        "tstzrange",
                                        "daterange",
                                        "date_part",
                                        "extract",
                                        "length",
                                        "trim",
                                        "btrim"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (is(name, names[i]))
            return true;
    return false;
}

static bool calls_unknown(const json_t *node)
{
    const char *key, *space;
    const json_t *value, *call = json_object_get(node, "FuncCall");
    size_t i;
    json_array_foreach(node, i, value) if (calls_unknown(value)) return true;
    if (!json_is_object(node))
        return false;
    const char *name = postgres_json_name(json_object_get(call, "funcname"), &space);
    /* These have no arguments; a function of theirs with some is somebody's own. */
    bool own = (is(name, "now") || is(name, "transaction_timestamp") || is(name, "statement_timestamp")) &&
               json_array_size(json_object_get(call, "args")) > 0;
    if (name && (!is_steady(name) || own))
        return true;
    json_object_foreach((json_t *)(uintptr_t)node, key, value) if (calls_unknown(value)) return true;
    return false;
}

static void judge_column(struct dara_facts *facts, const json_t *column, bool rewrites)
{
    const json_t *constraint;
    size_t i;
    json_array_foreach(json_object_get(column, "constraints"), i, constraint)
    {
        const json_t *it = json_object_get(constraint, "Constraint");
        judge_constraint(facts, it, true);
        if (!rewrites && is(postgres_json_text(it, "contype"), "CONSTR_DEFAULT") &&
            calls_unknown(json_object_get(it, "raw_expr")))
            tell(facts, "default-may-be-volatile",
                 "the default calls a function that may give another value for each row");
    }
}

static void judge_command(struct dara_facts *facts, const json_t *command, bool rewrites)
{
    const char *subtype = postgres_json_text(command, "subtype");
    const json_t *definition = json_object_get(command, "def");
    if (is(subtype, "AT_AddConstraint"))
        judge_constraint(facts, json_object_get(definition, "Constraint"), false);
    if (is(subtype, "AT_AddColumn"))
        judge_column(facts, json_object_get(definition, "ColumnDef"), rewrites);
    if (is(subtype, "AT_DropNotNull"))
        tell(facts, "drop-not-null", "programs that rely on a value meet NULL");
    if (is(subtype, "AT_DetachPartition") &&
        !postgres_json_bool(json_object_get(definition, "PartitionCmd"), "concurrent"))
        tell(facts, "detach-not-concurrent", "DETACH PARTITION stops readers and writers of the whole table");
}

void postgres_lint_blocks(const struct postgres_statement *statement)
{
    const char *node = statement->node;
    const json_t *tree = statement->tree, *command;
    size_t i;
    bool rewrites = postgres_classify_rewrites(statement);
    if (is(node, "IndexStmt") && !postgres_json_bool(tree, "concurrent"))
        tell(statement->facts, "index-not-concurrent", "CREATE INDEX stops writers until it is done");
    if (is(node, "DropStmt") && is(postgres_json_text(tree, "removeType"), "OBJECT_INDEX") &&
        !postgres_json_bool(tree, "concurrent"))
        tell(statement->facts, "drop-index-not-concurrent", "DROP INDEX stops readers and writers of its table");
    if (is(node, "ReindexStmt") && !postgres_json_option(json_object_get(tree, "params"), "concurrently"))
        tell(statement->facts, "reindex-not-concurrent", "REINDEX stops writers until it is done");
    if (is(node, "ClusterStmt") ||
        (is(node, "VacuumStmt") && postgres_json_option(json_object_get(tree, "options"), "full")))
        tell(statement->facts, "vacuum-full", "everybody waits until the table is written anew");
    if (is(node, "TruncateStmt") && is(postgres_json_text(tree, "behavior"), "DROP_CASCADE"))
        tell(statement->facts, "truncate-cascade", "empties every table with a foreign key to this one, too");
    if (is(node, "RenameStmt") && is(postgres_json_text(tree, "renameType"), "OBJECT_SCHEMA"))
        tell(statement->facts, "rename-schema", "programs and search paths that name the old schema fail");
    json_array_foreach(json_object_get(tree, "cmds"), i, command)
    {
        if (is(node, "AlterTableStmt"))
            judge_command(statement->facts, json_object_get(command, "AlterTableCmd"), rewrites);
    }
}
