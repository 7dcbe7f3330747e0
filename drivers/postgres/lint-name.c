/* SPDX-License-Identifier: MIT */
/* What lint says of names: cut by the server, twice in one list, or without a schema. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lex.h"
#include "lint.h"

enum { NAME_BYTES = 63 }; /* NAMEDATALEN - 1 */

static bool is(const char *text, const char *other)
{
    return text && strcmp(text, other) == 0;
}

/* ---- long ----------------------------------------------------------------------------------------------------------------- */

static size_t bytes_of(const struct postgres_token *token)
{
    size_t bytes = token->length;
    if (token->type == POSTGRES_TOKEN_WORD)
        return bytes;
    if (token->start[0] != '"') /* U&"…": escapes stand for other numbers of bytes */
        return 0;
    for (size_t i = 1; i + 2 < token->length; i++)
        if (token->start[i] == '"') {
            bytes--;
            i++;
        }
    return bytes - 2;
}

/* The parser has cut them already, so the text is read. */
static void judge_lengths(struct dara_facts *facts, const char *text, size_t length)
{
    struct postgres_lexer lexer;
    struct postgres_token token;
    char message[160];
    postgres_lex_begin(&lexer, text, length);
    for (;;) {
        enum postgres_token_type type = postgres_lex_next(&lexer, &token);
        if (type == POSTGRES_TOKEN_END || type == POSTGRES_TOKEN_BAD)
            return;
        if ((type != POSTGRES_TOKEN_WORD && type != POSTGRES_TOKEN_QUOTED) || bytes_of(&token) <= NAME_BYTES)
            continue;
        (void)snprintf(message, sizeof(message), "a name has %zu bytes, of which the server keeps 63: '%.24s…'",
                       bytes_of(&token), token.start + (type == POSTGRES_TOKEN_QUOTED));
        dara_facts_remark(facts, "name-too-long", message);
    }
}

/* ---- twice ---------------------------------------------------------------------------------------------------------------- */

/* The column of an element and the field of it that is written, each NULL where there is none; an array's element is left out. */
static const char *target_of(const json_t *element, const char **ret_field)
{
    const json_t *target = json_object_get(element, "ResTarget"), *column = json_object_get(element, "ColumnDef");
    const json_t *inside = json_array_get(json_object_get(target, "indirection"), 0);
    *ret_field = postgres_json_string(inside);
    if (inside && !*ret_field)
        return NULL;
    return column ? postgres_json_text(column, "colname") : postgres_json_text(target, "name");
}

static void judge_list(struct dara_facts *facts, const json_t *list)
{
    char message[160];
    for (size_t i = 1; i < json_array_size(list); i++) {
        const char *field, *other_field, *name = target_of(json_array_get(list, i), &field);
        for (size_t k = 0; name && k < i; k++) {
            const char *other = target_of(json_array_get(list, k), &other_field);
            if (!is(name, other) || (field && other_field && strcmp(field, other_field) != 0))
                continue;
            (void)snprintf(message, sizeof(message), "the server refuses a statement that names column '%s' twice",
                           name);
            dara_facts_remark(facts, "column-twice", message);
            return;
        }
    }
}

static void judge_lists(const struct postgres_statement *statement)
{
    const json_t *tree = statement->tree, *clause, *into = json_object_get(tree, "into");
    size_t i;
    if (is(statement->node, "UpdateStmt"))
        judge_list(statement->facts, json_object_get(tree, "targetList"));
    if (is(statement->node, "InsertStmt")) {
        judge_list(statement->facts, json_object_get(tree, "cols"));
        judge_list(statement->facts, json_object_get(json_object_get(tree, "onConflictClause"), "targetList"));
    }
    json_array_foreach(json_object_get(tree, "mergeWhenClauses"), i, clause)
        judge_list(statement->facts, json_object_get(json_object_get(clause, "MergeWhenClause"), "targetList"));
    if (is(statement->node, "CreateStmt"))
        judge_list(statement->facts, json_object_get(tree, "tableElts"));
    if (is(statement->node, "CreateForeignTableStmt"))
        judge_list(statement->facts, json_object_get(json_object_get(tree, "base"), "tableElts"));
    if (is(statement->node, "SelectStmt") && json_object_get(tree, "intoClause"))
        judge_list(statement->facts, json_object_get(tree, "targetList"));
    if (is(statement->node, "CreateTableAsStmt") && json_array_size(json_object_get(into, "colNames")) == 0)
        judge_list(statement->facts,
                   json_object_get(json_object_get(json_object_get(tree, "query"), "SelectStmt"), "targetList"));
}

/* ---- without a schema ------------------------------------------------------------------------------------------------------- */

static bool names_no_schema(const json_t *relation)
{
    return postgres_json_text(relation, "relname") && !postgres_json_text(relation, "schemaname") &&
           !is(postgres_json_text(relation, "relpersistence"), "t");
}

static bool drops_without_schema(const json_t *tree)
{
    static const char *const in_schema[] = {"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW",      "OBJECT_SEQUENCE",
                                            "OBJECT_INDEX", "OBJECT_TYPE", "OBJECT_FOREIGN_TABLE"};
    const json_t *object;
    size_t i, k;
    for (k = 0; k < sizeof(in_schema) / sizeof(in_schema[0]); k++)
        if (is(postgres_json_text(tree, "removeType"), in_schema[k]))
            break;
    if (k == sizeof(in_schema) / sizeof(in_schema[0]))
        return false;
    json_array_foreach(json_object_get(tree, "objects"), i, object)
    {
        const json_t *items = json_object_get(json_object_get(object, "List"), "items");
        const json_t *names = json_object_get(json_object_get(object, "TypeName"), "names");
        if (json_array_size(items ? items : names) == 1)
            return true;
    }
    return false;
}

static void judge_schema(const struct postgres_statement *statement)
{
    static const char *const nodes[] = {"AlterTableStmt", "CreateStmt", "IndexStmt",         "ViewStmt",
                                        "CreateTrigStmt", "RenameStmt", "AlterSeqStmt",      "CreateSeqStmt",
                                        "TruncateStmt",   "RuleStmt",   "CreateTableAsStmt", "CreatePolicyStmt"};
    const json_t *tree = statement->tree, *relation = json_object_get(tree, "relation");
    bool found = is(statement->node, "DropStmt") && drops_without_schema(tree);
    for (size_t i = 0; !found && i < sizeof(nodes) / sizeof(nodes[0]); i++) {
        if (!is(statement->node, nodes[i]))
            continue;
        if (!relation)
            relation = json_object_get(json_object_get(tree, "into"), "rel");
        if (!relation)
            relation = json_object_get(tree, is(nodes[i], "ViewStmt") ? "view" : "sequence");
        if (!relation)
            relation = json_object_get(json_array_get(json_object_get(tree, "relations"), 0), "RangeVar");
        found = names_no_schema(relation);
    }
    if (found)
        dara_facts_remark(statement->facts, "name-without-schema", "which object it is about hangs on the search path");
}

void postgres_lint_names(const struct postgres_statement *statement, const char *text, size_t length)
{
    judge_lengths(statement->facts, text, length);
    if (statement->node) {
        judge_lists(statement);
        judge_schema(statement);
    }
}
