/* SPDX-License-Identifier: MIT */
/* What lint says of the types that a statement gives to columns, of domains and of enums. */
#include <stdio.h>
#include <string.h>

#include "lint.h"

static bool is(const char *text, const char *other)
{
    return text && strcmp(text, other) == 0;
}

/* Types under each of their names. A keyword comes from the parser as pg_catalog's; "char" without that is a type of its own. */
static const struct {
    const char *name, *rule, *words;
    bool sized; /* only with a length */
} types[] = {
    {"bpchar", "char-type", "character(n)", false},
    {"varchar", "varchar-length", "varchar(n)", true},
    {"timestamp", "timestamp-no-zone", "timestamp without time zone", false},
    {"json", "json-not-jsonb", "json", false},
    {"money", "money-type", "money", false},
    {"int4", "integer-column", "integer", false},
    {"serial", "integer-column", "integer", false},
    {"serial4", "integer-column", "integer", false},
    {"int2", "smallint-column", "smallint", false},
    {"smallserial", "smallint-column", "smallint", false},
    {"serial2", "smallint-column", "smallint", false},
    {"serial", "serial-column", "serial", false},
    {"serial2", "serial-column", "serial", false},
    {"serial4", "serial-column", "serial", false},
    {"serial8", "serial-column", "serial", false},
    {"smallserial", "serial-column", "serial", false},
    {"bigserial", "serial-column", "serial", false},
};

static void judge_type(struct dara_facts *facts, const char *column, const json_t *definition)
{
    const json_t *type = json_object_get(definition, "typeName");
    const char *space, *name = postgres_json_name(json_object_get(type, "names"), &space);
    char message[256];
    if (space && !is(space, "pg_catalog"))
        return;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (!is(name, types[i].name) || (types[i].sized && json_array_size(json_object_get(type, "typmods")) == 0))
            continue;
        (void)snprintf(message, sizeof(message), "column '%s' is of type %s", column ? column : "", types[i].words);
        dara_facts_remark(facts, types[i].rule, message);
    }
}

static void judge_columns(struct dara_facts *facts, const json_t *elements)
{
    const json_t *element;
    size_t i;
    json_array_foreach(elements, i, element)
    {
        const json_t *column = json_object_get(element, "ColumnDef");
        judge_type(facts, postgres_json_text(column, "colname"), column);
    }
}

static void judge_altered(struct dara_facts *facts, const json_t *commands)
{
    const json_t *command;
    size_t i;
    json_array_foreach(commands, i, command)
    {
        const json_t *it = json_object_get(command, "AlterTableCmd");
        const json_t *column = json_object_get(json_object_get(it, "def"), "ColumnDef");
        const char *name = postgres_json_text(column, "colname");
        judge_type(facts, name ? name : postgres_json_text(it, "name"), column);
    }
}

static void judge_domain(struct dara_facts *facts, const json_t *constraints)
{
    const json_t *constraint;
    size_t i;
    json_array_foreach(constraints, i, constraint)
    {
        const char *type = postgres_json_text(json_object_get(constraint, "Constraint"), "contype");
        if (is(type, "CONSTR_CHECK") || is(type, "CONSTR_NOTNULL"))
            dara_facts_remark(facts, "domain-constraint",
                              "to change it later every table with the domain is read under a lock");
    }
}

void postgres_lint_types(const struct postgres_statement *statement)
{
    const char *node = statement->node;
    const json_t *tree = statement->tree;
    struct dara_facts *facts = statement->facts;
    if (is(node, "CreateStmt"))
        judge_columns(facts, json_object_get(tree, "tableElts"));
    if (is(node, "CreateForeignTableStmt"))
        judge_columns(facts, json_object_get(json_object_get(tree, "base"), "tableElts"));
    if (is(node, "AlterTableStmt"))
        judge_altered(facts, json_object_get(tree, "cmds"));
    if (is(node, "CreateDomainStmt"))
        judge_domain(facts, json_object_get(tree, "constraints"));
    if (is(node, "AlterDomainStmt") && is(postgres_json_text(tree, "subtype"), "C"))
        dara_facts_hazard(facts, "domain-constraint", false,
                          "every table with a column of the domain is read under a lock");
    if (is(node, "AlterEnumStmt") && !postgres_json_text(tree, "oldVal") && !postgres_json_text(tree, "newValNeighbor"))
        dara_facts_remark(facts, "enum-label-place",
                          "the label goes to the end: BEFORE or AFTER says where it belongs");
}
