/* SPDX-License-Identifier: MIT */
/*
 * The lock that a statement takes, as far as its text tells, and whether it writes rows again: the server's manual, "Explicit Locking" and
 * the pages of the statements. From 13 to 18 these are the same.
 */
#include <string.h>

#include "classify.h"
#include "observe.h"

enum {
    NONE = -1,
    ACCESS_SHARE,
    ROW_SHARE,
    ROW_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    SHARE,
    SHARE_ROW_EXCLUSIVE,
    EXCLUSIVE,
    ACCESS_EXCLUSIVE
};

static bool is(const char *text, const char *other)
{
    return text && strcmp(text, other) == 0;
}

/* ---- ALTER TABLE -------------------------------------------------------------------------------------------------------- */

static int lock_of_command(const json_t *command)
{
    static const struct {
        const char *subtype;
        int lock;
    } milder[] = {
        {"AT_SetStatistics", SHARE_UPDATE_EXCLUSIVE},   {"AT_SetOptions", SHARE_UPDATE_EXCLUSIVE},
        {"AT_ResetOptions", SHARE_UPDATE_EXCLUSIVE},    {"AT_ClusterOn", SHARE_UPDATE_EXCLUSIVE},
        {"AT_DropCluster", SHARE_UPDATE_EXCLUSIVE},     {"AT_ValidateConstraint", SHARE_UPDATE_EXCLUSIVE},
        {"AT_AttachPartition", SHARE_UPDATE_EXCLUSIVE}, {"AT_SetRelOptions", SHARE_UPDATE_EXCLUSIVE},
        {"AT_ResetRelOptions", SHARE_UPDATE_EXCLUSIVE}, {"AT_DetachPartitionFinalize", SHARE_UPDATE_EXCLUSIVE},
        {"AT_EnableTrig", SHARE_ROW_EXCLUSIVE},         {"AT_EnableAlwaysTrig", SHARE_ROW_EXCLUSIVE},
        {"AT_EnableReplicaTrig", SHARE_ROW_EXCLUSIVE},  {"AT_EnableTrigAll", SHARE_ROW_EXCLUSIVE},
        {"AT_EnableTrigUser", SHARE_ROW_EXCLUSIVE},     {"AT_DisableTrig", SHARE_ROW_EXCLUSIVE},
        {"AT_DisableTrigAll", SHARE_ROW_EXCLUSIVE},     {"AT_DisableTrigUser", SHARE_ROW_EXCLUSIVE},
    };
    const char *subtype = postgres_json_text(command, "subtype");
    const json_t *def = json_object_get(command, "def");
    for (size_t i = 0; i < sizeof(milder) / sizeof(milder[0]); i++)
        if (is(subtype, milder[i].subtype))
            return milder[i].lock;
    if (is(subtype, "AT_AddConstraint") &&
        is(postgres_json_text(json_object_get(def, "Constraint"), "contype"), "CONSTR_FOREIGN"))
        return SHARE_ROW_EXCLUSIVE;
    if (is(subtype, "AT_DetachPartition") && postgres_json_bool(json_object_get(def, "PartitionCmd"), "concurrent"))
        return SHARE_UPDATE_EXCLUSIVE;
    return ACCESS_EXCLUSIVE;
}

static int lock_of_alter(const json_t *tree)
{
    int lock = ACCESS_SHARE;
    const json_t *command;
    size_t i;
    /* What is mild for a table is not for a view. */
    bool view = is(postgres_json_text(tree, "objtype"), "OBJECT_VIEW");
    json_array_foreach(json_object_get(tree, "cmds"), i, command)
    {
        int own = view ? ACCESS_EXCLUSIVE : lock_of_command(json_object_get(command, "AlterTableCmd"));
        lock = own > lock ? own : lock;
    }
    return lock;
}

/* ---- the others --------------------------------------------------------------------------------------------------------- */

static int lock_of_drop(const json_t *tree)
{
    static const char *const held[] = {"OBJECT_TABLE",   "OBJECT_FOREIGN_TABLE", "OBJECT_VIEW",
                                       "OBJECT_MATVIEW", "OBJECT_INDEX",         "OBJECT_SEQUENCE",
                                       "OBJECT_TRIGGER", "OBJECT_POLICY",        "OBJECT_RULE"};
    for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++)
        if (is(postgres_json_text(tree, "removeType"), held[i]))
            return postgres_json_bool(tree, "concurrent") ? SHARE_UPDATE_EXCLUSIVE : ACCESS_EXCLUSIVE;
    return NONE;
}

static int lock_of_select(const json_t *tree)
{
    return json_array_size(json_object_get(tree, "lockingClause")) ? ROW_SHARE : ACCESS_SHARE;
}

static int lock_of_index(const json_t *tree)
{
    return postgres_json_bool(tree, "concurrent") ? SHARE_UPDATE_EXCLUSIVE : SHARE;
}

static int lock_of_copy(const json_t *tree)
{
    return postgres_json_bool(tree, "is_from") ? ROW_EXCLUSIVE : ACCESS_SHARE;
}

static int lock_of_vacuum(const json_t *tree)
{
    return postgres_json_option(json_object_get(tree, "options"), "full") ? ACCESS_EXCLUSIVE : SHARE_UPDATE_EXCLUSIVE;
}

static int lock_of_reindex(const json_t *tree)
{
    return postgres_json_option(json_object_get(tree, "params"), "concurrently") ? SHARE_UPDATE_EXCLUSIVE : SHARE;
}

static int lock_of_refresh(const json_t *tree)
{
    return postgres_json_bool(tree, "concurrent") ? EXCLUSIVE : ACCESS_EXCLUSIVE;
}

static int lock_of_lock(const json_t *tree)
{
    return (int)json_integer_value(json_object_get(tree, "mode")) - 1;
}

static int lock_of_rename(const json_t *tree)
{
    const char *what = postgres_json_text(tree, "renameType");
    return is(what, "OBJECT_INDEX")            ? SHARE_UPDATE_EXCLUSIVE
           : json_object_get(tree, "relation") ? ACCESS_EXCLUSIVE
                                               : NONE;
}

static int lock_of_comment(const json_t *tree)
{
    static const char *const held[] = {"OBJECT_TABLE",   "OBJECT_COLUMN",        "OBJECT_VIEW",
                                       "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE", "OBJECT_INDEX"};
    for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++)
        if (is(postgres_json_text(tree, "objtype"), held[i]))
            return SHARE_UPDATE_EXCLUSIVE;
    return NONE;
}

/* Of a table that is made: what it takes on those that are there. */
static int lock_inside(const json_t *node)
{
    int lock = NONE;
    const char *key;
    const json_t *value;
    size_t i;
    json_array_foreach(node, i, value)
    {
        int own = lock_inside(value);
        lock = own > lock ? own : lock;
    }
    if (!json_is_object(node))
        return lock;
    if (json_object_get(node, "pktable"))
        return SHARE_ROW_EXCLUSIVE;
    json_object_foreach((json_t *)(uintptr_t)node, key, value)
    {
        int own = lock_inside(value);
        lock = own > lock ? own : lock;
    }
    return lock;
}

static int lock_of_create(const json_t *tree)
{
    int lock = lock_inside(json_object_get(tree, "tableElts"));
    if (json_object_get(tree, "partbound"))
        return ACCESS_EXCLUSIVE;
    return json_array_size(json_object_get(tree, "inhRelations")) && lock < SHARE_UPDATE_EXCLUSIVE
               ? SHARE_UPDATE_EXCLUSIVE
               : lock;
}

static int lock_of_schema(const json_t *tree)
{
    return json_object_get(tree, "relation") ? ACCESS_EXCLUSIVE : NONE;
}

int postgres_classify_lock(const struct postgres_statement *statement)
{
    static const struct {
        const char *node;
        int lock;
        int (*find)(const json_t *tree);
    } rules[] = {
        {"SelectStmt", 0, lock_of_select},
        {"InsertStmt", ROW_EXCLUSIVE, NULL},
        {"UpdateStmt", ROW_EXCLUSIVE, NULL},
        {"DeleteStmt", ROW_EXCLUSIVE, NULL},
        {"MergeStmt", ROW_EXCLUSIVE, NULL},
        {"CopyStmt", 0, lock_of_copy},
        {"TruncateStmt", ACCESS_EXCLUSIVE, NULL},
        {"LockStmt", 0, lock_of_lock},
        {"AlterTableStmt", 0, lock_of_alter},
        {"RenameStmt", 0, lock_of_rename},
        {"AlterObjectSchemaStmt", 0, lock_of_schema},
        {"DropStmt", 0, lock_of_drop},
        {"IndexStmt", 0, lock_of_index},
        {"CreateTrigStmt", SHARE_ROW_EXCLUSIVE, NULL},
        {"CreatePolicyStmt", ACCESS_EXCLUSIVE, NULL},
        {"AlterPolicyStmt", ACCESS_EXCLUSIVE, NULL},
        {"RuleStmt", ACCESS_EXCLUSIVE, NULL},
        {"CreateStatsStmt", SHARE_UPDATE_EXCLUSIVE, NULL},
        {"AlterSeqStmt", SHARE_ROW_EXCLUSIVE, NULL},
        {"VacuumStmt", 0, lock_of_vacuum},
        {"ClusterStmt", ACCESS_EXCLUSIVE, NULL},
        {"ReindexStmt", 0, lock_of_reindex},
        {"RefreshMatViewStmt", 0, lock_of_refresh},
        {"CommentStmt", 0, lock_of_comment},
        {"CreateStmt", 0, lock_of_create},
        {"CreateTableAsStmt", ACCESS_SHARE, NULL},
        {"ViewStmt", ACCESS_SHARE, NULL},
    };
    for (size_t i = 0; statement->related && i < sizeof(rules) / sizeof(rules[0]); i++)
        if (is(statement->node, rules[i].node))
            return rules[i].find ? rules[i].find(statement->tree) : rules[i].lock;
    return NONE;
}

/* ---- rows written again --------------------------------------------------------------------------------------------------- */

/* A default that is another for each row; one that is not is kept in the catalog, whatever it is. */
static bool is_volatile(const json_t *node)
{
    static const char *const names[] = {"nextval",          "random",           "gen_random_uuid", "uuidv4",   "uuidv7",
                                        "uuid_generate_v4", "uuid_generate_v1", "clock_timestamp", "timeofday"};
    const char *key, *space;
    const json_t *value;
    size_t i;
    json_array_foreach(node, i, value) if (is_volatile(value)) return true;
    if (!json_is_object(node))
        return false;
    const char *name = postgres_json_name(json_object_get(json_object_get(node, "FuncCall"), "funcname"), &space);
    for (i = 0; name && i < sizeof(names) / sizeof(names[0]); i++)
        if (is(name, names[i]))
            return true;
    json_object_foreach((json_t *)(uintptr_t)node, key, value) if (is_volatile(value)) return true;
    return false;
}

static bool column_rewrites(const json_t *column)
{
    const char *space,
        *type = postgres_json_name(json_object_get(json_object_get(column, "typeName"), "names"), &space);
    const json_t *constraint;
    size_t i;
    if (type && strstr(type, "serial"))
        return true;
    json_array_foreach(json_object_get(column, "constraints"), i, constraint)
    {
        const json_t *it = json_object_get(constraint, "Constraint");
        const char *kind = postgres_json_text(it, "contype");
        if (is(kind, "CONSTR_IDENTITY") || is(kind, "CONSTR_GENERATED") ||
            (is(kind, "CONSTR_DEFAULT") && is_volatile(json_object_get(it, "raw_expr"))))
            return true;
    }
    return false;
}

/* Types that no other has the bytes of, so that whatever was there is written again; for the others the old type is needed. */
static bool type_rewrites(const json_t *column)
{
    static const char *const own[] = {"int2", "int8", "float4", "float8", "bool", "date", "uuid", "json", "jsonb"};
    const char *space,
        *type = postgres_json_name(json_object_get(json_object_get(column, "typeName"), "names"), &space);
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        if (is(type, own[i]))
            return true;
    return false;
}

static bool alter_rewrites(const json_t *tree)
{
    static const char *const always[] = {"AT_SetLogged", "AT_SetUnLogged", "AT_SetAccessMethod", "AT_SetTableSpace"};
    const json_t *command;
    size_t i, k;
    json_array_foreach(json_object_get(tree, "cmds"), i, command)
    {
        const json_t *it = json_object_get(command, "AlterTableCmd");
        const char *subtype = postgres_json_text(it, "subtype");
        for (k = 0; k < sizeof(always) / sizeof(always[0]); k++)
            if (is(subtype, always[k]))
                return true;
        const json_t *column = json_object_get(json_object_get(it, "def"), "ColumnDef");
        if ((is(subtype, "AT_AddColumn") && column_rewrites(column)) ||
            (is(subtype, "AT_AlterColumnType") && type_rewrites(column)))
            return true;
    }
    return false;
}

bool postgres_classify_rewrites(const struct postgres_statement *statement)
{
    if (is(statement->node, "AlterTableStmt"))
        return alter_rewrites(statement->tree);
    return is(statement->node, "ClusterStmt") ||
           (is(statement->node, "VacuumStmt") &&
            postgres_json_option(json_object_get(statement->tree, "options"), "full")) ||
           (is(statement->node, "RefreshMatViewStmt") && !postgres_json_bool(statement->tree, "concurrent"));
}
