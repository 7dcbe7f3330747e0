/* SPDX-License-Identifier: MIT */
/* The statements of a file one after the other, and what hangs on those before: transactions, constraints that are validated later, settings. */
#include "lint.h"

#include <stdlib.h>
#include <string.h>

/* A constraint that the file adds, validates or drops where it is there, or a label that it adds to an enum. */
struct seen {
    enum { ADDED, VALIDATED, DROPPED, LABEL } what;
    char *space, *table; /* space NULL: the search path tells */
    char *name;          /* of the constraint, or the label */
    char *column;        /* ADDED: the one that its CHECK (… IS NOT NULL) is about, or NULL */
    size_t transaction;
};

struct lint {
    size_t statements;
    struct seen *seen;
    size_t count, room;
    size_t transaction;     /* number of the one that runs; dara's own is 0, unless the file begins some */
    size_t begun;           /* the index of the statement that began it, plus 1; 0: the file did not */
    bool lock_limit, limit; /* lock_timeout, statement_timeout are set */
    bool lock_told, told;   /* and that they are not was told */
};

static bool is(const char *text, const char *other)
{
    return text && strcmp(text, other) == 0;
}

static char *copy(const char *text)
{
    return text ? strdup(text) : NULL;
}

static void lint_done(struct lint *lint)
{
    for (size_t i = 0; i < lint->count; i++) {
        free(lint->seen[i].space);
        free(lint->seen[i].table);
        free(lint->seen[i].name);
        free(lint->seen[i].column);
    }
    free(lint->seen);
}

/* Without memory something less is known, and less told. */
static void see(struct lint *lint, int what, const json_t *relation, const char *name, const char *column)
{
    if (lint->count == lint->room) {
        size_t room = lint->room ? lint->room * 2 : 16;
        struct seen *seen = realloc(lint->seen, room * sizeof(*seen));
        if (!seen)
            return;
        lint->seen = seen;
        lint->room = room;
    }
    lint->seen[lint->count++] = (struct seen){.what = what,
                                              .space = copy(postgres_json_text(relation, "schemaname")),
                                              .table = copy(postgres_json_text(relation, "relname")),
                                              .name = copy(name),
                                              .column = copy(column),
                                              .transaction = lint->transaction};
}

static bool is_on(const struct seen *seen, const json_t *relation)
{
    const char *space = postgres_json_text(relation, "schemaname");
    return is(seen->table, postgres_json_text(relation, "relname")) &&
           (!space || !seen->space || is(space, seen->space));
}

static const struct seen *find(const struct lint *lint, int what, const json_t *relation, const char *name)
{
    for (size_t i = lint->count; name && i > 0; i--)
        if ((int)lint->seen[i - 1].what == what && is(lint->seen[i - 1].name, name) &&
            is_on(&lint->seen[i - 1], relation))
            return &lint->seen[i - 1];
    return NULL;
}

/* ---- constraints ------------------------------------------------------------------------------------------------------------ */

/* The column of CHECK (column IS NOT NULL), or NULL. */
static const char *not_null_of(const json_t *constraint)
{
    const json_t *test = json_object_get(json_object_get(constraint, "raw_expr"), "NullTest");
    const json_t *fields = json_object_get(json_object_get(json_object_get(test, "arg"), "ColumnRef"), "fields");
    const char *space;
    return is(postgres_json_text(test, "nulltesttype"), "IS_NOT_NULL") ? postgres_json_name(fields, &space) : NULL;
}

static void follow_added(struct lint *lint, const json_t *relation, const json_t *constraint)
{
    const char *name = postgres_json_text(constraint, "conname"), *column = not_null_of(constraint);
    bool validated = !postgres_json_bool(constraint, "skip_validation");
    see(lint, ADDED, relation, name ? name : "", column);
    if (validated && column) /* the rows were read: SET NOT NULL need not */
        see(lint, VALIDATED, relation, name ? name : "", NULL);
}

/* Since 12 the server trusts a validated CHECK (column IS NOT NULL). One that the file does not add was made by an earlier one, for this. */
static bool is_proven(const struct lint *lint, const json_t *relation, const char *column)
{
    for (size_t i = 0; i < lint->count; i++) {
        const struct seen *validated = &lint->seen[i];
        if (validated->what != VALIDATED || !is_on(validated, relation))
            continue;
        const struct seen *added = find(lint, ADDED, relation, validated->name);
        if (!added || is(added->column, column))
            return true;
    }
    return false;
}

static void follow_command(struct lint *lint, struct dara_facts *facts, const json_t *relation, const json_t *command)
{
    const char *subtype = postgres_json_text(command, "subtype"), *name = postgres_json_text(command, "name");
    const json_t *constraint = json_object_get(json_object_get(command, "def"), "Constraint");
    if (is(subtype, "AT_AddConstraint"))
        follow_added(lint, relation, constraint);
    if (is(subtype, "AT_DropConstraint") && postgres_json_bool(command, "missing_ok"))
        see(lint, DROPPED, relation, name, NULL);
    if (is(subtype, "AT_SetNotNull") && is_proven(lint, relation, name))
        dara_facts_withdraw(facts, "set-not-null");
    if (is(subtype, "AT_ValidateConstraint")) {
        const struct seen *added = find(lint, ADDED, relation, name);
        if (added && added->transaction == lint->transaction)
            dara_facts_hazard(facts, "validate-in-same-transaction", false,
                              "the lock of adding the constraint is held while all rows are read");
        see(lint, VALIDATED, relation, name, NULL);
    }
}

/* ---- labels of enums ---------------------------------------------------------------------------------------------------------- */

static bool has_literal(const json_t *node, const char *label)
{
    const char *key;
    const json_t *value;
    size_t i;
    json_array_foreach(node, i, value) if (has_literal(value, label)) return true;
    if (!json_is_object(node))
        return false;
    if (is(postgres_json_text(json_object_get(json_object_get(node, "A_Const"), "sval"), "sval"), label))
        return true;
    json_object_foreach((json_t *)(uintptr_t)node, key, value) if (has_literal(value, label)) return true;
    return false;
}

static void judge_labels(const struct lint *lint, const struct postgres_statement *statement)
{
    for (size_t i = 0; i < lint->count; i++)
        if (lint->seen[i].what == LABEL && lint->seen[i].transaction == lint->transaction &&
            has_literal(statement->tree, lint->seen[i].name)) {
            dara_facts_hazard(statement->facts, "enum-label-used", false,
                              "a label that this transaction added to its type cannot be used before it is committed");
            return;
        }
}

/* ---- transactions --------------------------------------------------------------------------------------------------------------- */

static bool begins(const json_t *tree)
{
    const char *kind = postgres_json_text(tree, "kind");
    return is(kind, "TRANS_STMT_BEGIN") || is(kind, "TRANS_STMT_START");
}

static bool ends(const json_t *tree)
{
    const char *kind = postgres_json_text(tree, "kind");
    return is(kind, "TRANS_STMT_COMMIT") || is(kind, "TRANS_STMT_ROLLBACK") || is(kind, "TRANS_STMT_PREPARE");
}

static void follow_transaction(struct lint *lint, const struct postgres_statement *statement, size_t index)
{
    if (begins(statement->tree) && lint->begun)
        dara_facts_remark(statement->facts, "transaction-nested", "a transaction runs already: the server only warns");
    if (ends(statement->tree) && !lint->begun)
        dara_facts_remark(statement->facts, "transaction-nested", "the file began no transaction that this could end");
    if (begins(statement->tree) && !lint->begun)
        lint->begun = index + 1;
    if (ends(statement->tree))
        lint->begun = 0;
    lint->transaction += begins(statement->tree) || ends(statement->tree);
}

static bool is_concurrent(const struct postgres_statement *statement)
{
    return postgres_json_bool(statement->tree, "concurrent") ||
           postgres_json_option(json_object_get(statement->tree, "params"), "concurrently");
}

/* ---- settings --------------------------------------------------------------------------------------------------------------------- */

static bool is_ddl(const struct postgres_statement *statement)
{
    static const char *const others[] = {"SelectStmt",      "InsertStmt",        "UpdateStmt", "DeleteStmt",
                                         "MergeStmt",       "VariableSetStmt",   "CopyStmt",   "ExplainStmt",
                                         "TransactionStmt", "VariableShowStmt",  "DoStmt",     "CallStmt",
                                         "NotifyStmt",      "ConstraintsSetStmt"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (is(statement->node, others[i]))
            return false;
    return !is_concurrent(statement); /* they wait without stopping anybody */
}

static void judge_settings(struct lint *lint, const struct postgres_statement *statement)
{
    const char *name = is(statement->node, "VariableSetStmt") ? postgres_json_text(statement->tree, "name") : NULL;
    bool sets = is(postgres_json_text(statement->tree, "kind"), "VAR_SET_VALUE");
    lint->lock_limit = is(name, "lock_timeout") ? sets : lint->lock_limit;
    lint->limit = is(name, "statement_timeout") ? sets : lint->limit;
    if (!is_ddl(statement))
        return;
    if (!lint->lock_limit && !lint->lock_told)
        dara_facts_remark(statement->facts, "lock-timeout-missing", "no lock_timeout is set before this statement");
    if (!lint->limit && !lint->told)
        dara_facts_remark(statement->facts, "statement-timeout-missing",
                          "no statement_timeout is set before this statement");
    lint->lock_told = lint->told = true;
}

/* ---- statements that can be run again ------------------------------------------------------------------------------------------- */

static bool commands_repeat(const struct lint *lint, const json_t *tree)
{
    static const char *const always[] = {"AT_ValidateConstraint", "AT_SetNotNull",         "AT_DropNotNull",
                                         "AT_ColumnDefault",      "AT_SetStatistics",      "AT_SetStorage",
                                         "AT_SetRelOptions",      "AT_AlterColumnType",    "AT_ChangeOwner",
                                         "AT_EnableRowSecurity",  "AT_DisableRowSecurity", "AT_ForceRowSecurity",
                                         "AT_NoForceRowSecurity", "AT_ReplicaIdentity",    "AT_ResetRelOptions"};
    const json_t *command;
    size_t i, k;
    json_array_foreach(json_object_get(tree, "cmds"), i, command)
    {
        const json_t *it = json_object_get(command, "AlterTableCmd");
        const char *subtype = postgres_json_text(it, "subtype");
        const char *name = postgres_json_text(json_object_get(json_object_get(it, "def"), "Constraint"), "conname");
        for (k = 0; k < sizeof(always) / sizeof(always[0]); k++)
            if (is(subtype, always[k]))
                break;
        bool dropped = is(subtype, "AT_AddConstraint") && find(lint, DROPPED, json_object_get(tree, "relation"), name);
        if (k == sizeof(always) / sizeof(always[0]) && !dropped && !postgres_json_bool(it, "missing_ok"))
            return false;
    }
    return true;
}

static bool repeats(const struct lint *lint, const struct postgres_statement *statement)
{
    static const char *const once[] = {"CreateSchemaStmt",    "CreateSeqStmt",    "CreateEnumStmt",
                                       "CompositeTypeStmt",   "CreateDomainStmt", "CreateRangeStmt",
                                       "CreateExtensionStmt", "CreatePolicyStmt"};
    const char *node = statement->node;
    const json_t *tree = statement->tree, *table = json_object_get(tree, "relation");
    if (is(node, "CreateStmt"))
        return postgres_json_bool(tree, "if_not_exists") || (is(postgres_json_text(table, "relpersistence"), "t") &&
                                                             is(postgres_json_text(tree, "oncommit"), "ONCOMMIT_DROP"));
    if (is(node, "IndexStmt"))
        return postgres_json_bool(tree, "if_not_exists") || !postgres_json_text(tree, "idxname");
    if (is(node, "DropStmt"))
        return postgres_json_bool(tree, "missing_ok");
    if (is(node, "AlterTableStmt"))
        return commands_repeat(lint, tree);
    if (is(node, "RenameStmt"))
        return false;
    if (is(node, "AlterEnumStmt"))
        return postgres_json_bool(tree, "skipIfNewValExists");
    for (size_t i = 0; i < sizeof(once) / sizeof(once[0]); i++)
        if (is(node, once[i]))
            return postgres_json_bool(tree, "if_not_exists");
    return true;
}

/* ---- a statement ------------------------------------------------------------------------------------------------------------------ */

static void follow_alter(struct lint *lint, const struct postgres_statement *statement)
{
    const json_t *command, *relation = json_object_get(statement->tree, "relation");
    size_t i;
    json_array_foreach(json_object_get(statement->tree, "cmds"), i, command)
        follow_command(lint, statement->facts, relation, json_object_get(command, "AlterTableCmd"));
}

static void judge(struct lint *lint, const struct postgres_statement *statement, size_t index)
{
    postgres_lint_blocks(statement);
    postgres_lint_types(statement);
    judge_settings(lint, statement);
    if (is(statement->node, "TransactionStmt"))
        follow_transaction(lint, statement, index);
    if (is_concurrent(statement) && lint->begun && !is(statement->node, "RefreshMatViewStmt"))
        dara_facts_remark(statement->facts, "concurrently-in-transaction", "the server refuses it in a transaction");
    if (is(statement->node, "AlterTableStmt"))
        follow_alter(lint, statement);
    if (!lint->begun && lint->statements > 1 && !repeats(lint, statement))
        dara_facts_remark(statement->facts, "not-repeatable", "it fails when it is run once more");
    judge_labels(lint, statement);
    if (is(statement->node, "AlterEnumStmt"))
        see(lint, LABEL, NULL, postgres_json_text(statement->tree, "newVal"), NULL);
}

int postgres_audit_file(const struct dara_lint_statement *statements, size_t count)
{
    struct lint lint = {.statements = count};
    for (size_t i = 0; i < count; i++) {
        struct postgres_statement statement = {.facts = statements[i].facts};
        json_t *tree = postgres_parse(statements[i].text, statements[i].length, &statement.node, &statement.tree);
        if (tree)
            judge(&lint, &statement, i);
        else
            statement.node = NULL;
        postgres_lint_names(&statement, statements[i].text, statements[i].length);
        json_decref(tree);
    }
    if (lint.begun)
        dara_facts_remark(statements[lint.begun - 1].facts, "transaction-left-open",
                          "the transaction that begins here is not ended in the file");
    lint_done(&lint);
    return 0;
}
