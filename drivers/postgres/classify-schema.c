/* SPDX-License-Identifier: MIT */
/* CREATE, ALTER and DROP. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classify.h"

static bool is(const char *text, const char *other)
{
    return text && strcmp(text, other) == 0;
}

static void set_kind(struct postgres_statement *statement, const char *verb, const char *words)
{
    snprintf(statement->kind, sizeof(statement->kind), "%s %s", verb, words);
}

/* "OBJECT_FOREIGN_TABLE": the kind in the model (NULL = none) and the words. */
static const struct object_type {
    const char *name, *kind, *words;
} object_types[] = {
    {"OBJECT_TABLE", "table", "table"},
    {"OBJECT_FOREIGN_TABLE", "foreign_table", "foreign table"},
    {"OBJECT_VIEW", "view", "view"},
    {"OBJECT_MATVIEW", "materialized_view", "materialized view"},
    {"OBJECT_INDEX", "index", "index"},
    {"OBJECT_SEQUENCE", "sequence", "sequence"},
    {"OBJECT_SCHEMA", "namespace", "schema"},
    {"OBJECT_EXTENSION", "extension", "extension"},
    {"OBJECT_TYPE", "type", "type"},
    {"OBJECT_DOMAIN", "type", "domain"},
    {"OBJECT_FUNCTION", "routine", "function"},
    {"OBJECT_PROCEDURE", "routine", "procedure"},
    {"OBJECT_ROUTINE", "routine", "routine"},
    {"OBJECT_AGGREGATE", "routine", "aggregate"},
    {"OBJECT_TRIGGER", "trigger", "trigger"},
    {"OBJECT_POLICY", "policy", "policy"},
    {"OBJECT_RULE", "rule", "rule"},
    {"OBJECT_STATISTIC_EXT", "statistics", "statistics"},
    {"OBJECT_EVENT_TRIGGER", "event_trigger", "event trigger"},
    {"OBJECT_COLLATION", "collation", "collation"},
    {"OBJECT_CONVERSION", "conversion", "conversion"},
    {"OBJECT_TSCONFIGURATION", "text_search_configuration", "text search configuration"},
    {"OBJECT_TSDICTIONARY", "text_search_dictionary", "text search dictionary"},
    {"OBJECT_TSPARSER", "text_search_parser", "text search parser"},
    {"OBJECT_TSTEMPLATE", "text_search_template", "text search template"},
    {"OBJECT_LANGUAGE", "language", "language"},
    {"OBJECT_ACCESS_METHOD", "access_method", "access method"},
    {"OBJECT_FDW", "foreign_data_wrapper", "foreign data wrapper"},
    {"OBJECT_FOREIGN_SERVER", "foreign_server", "server"},
    {"OBJECT_PUBLICATION", "publication", "publication"},
    {"OBJECT_SUBSCRIPTION", "subscription", "subscription"},
};

static const struct object_type *find_type(const char *name)
{
    for (size_t i = 0; i < sizeof(object_types) / sizeof(object_types[0]); i++)
        if (is(name, object_types[i].name))
            return &object_types[i];
    return NULL;
}

/* ---- CREATE ------------------------------------------------------------------------------------------------------------- */

static enum dara_role role_of(const struct postgres_statement *statement)
{
    bool mild = postgres_json_bool(statement->tree, "if_not_exists") || postgres_json_bool(statement->tree, "replace");
    return mild ? DARA_ROLE_MAKES_IF_ABSENT : DARA_ROLE_MAKES;
}

static void make_named(struct postgres_statement *statement, enum dara_role role, const char *kind, const char *member)
{
    const char *space, *name = postgres_json_name(json_object_get(statement->tree, member), &space);
    dara_facts_object(statement->facts, role, kind, space, name);
}

static void create_index(struct postgres_statement *statement)
{
    const json_t *tree = statement->tree;
    set_kind(statement, "create", "index");
    if (postgres_json_bool(tree, "concurrent"))
        statement->flags |= DARA_STATEMENT_NO_TRANSACTION;
    dara_facts_object(statement->facts, role_of(statement), "index",
                      postgres_json_text(json_object_get(tree, "relation"), "schemaname"),
                      postgres_json_text(tree, "idxname"));
}

static void create_routine(struct postgres_statement *statement)
{
    const char *space;
    char *key = postgres_routine_key(statement->tree, &space);
    set_kind(statement, "create", postgres_json_bool(statement->tree, "is_procedure") ? "procedure" : "function");
    dara_facts_object(statement->facts, role_of(statement), "routine", space, key);
    free(key);
}

static void create_table_as(struct postgres_statement *statement)
{
    const struct object_type *type = find_type(postgres_json_text(statement->tree, "objtype"));
    bool view = type && is(type->kind, "materialized_view");
    set_kind(statement, "create", view ? "materialized view" : "table");
    postgres_fact_relation(statement, role_of(statement), view ? "materialized_view" : "table",
                           json_object_get(json_object_get(statement->tree, "into"), "rel"));
}

static void add_value(struct postgres_statement *statement)
{
    set_kind(statement, "alter", "type");
    make_named(statement, DARA_ROLE_CHANGES, "type", "typeName");
}

static const struct maker {
    const char *node, *words; /* words NULL: keep the kind */
    const char *member;       /* holds a RangeVar, a name in parts, or a text */
    const char *kind;
} makers[] = {
    {"CreateStmt", "table", "relation", "table"},
    {"ViewStmt", "view", "view", "view"},
    {"CreateSeqStmt", "sequence", "sequence", "sequence"},
    {"CompositeTypeStmt", "type", "typevar", "type"},
    {"CreateEnumStmt", "type", "typeName", "type"},
    {"CreateRangeStmt", "type", "typeName", "type"},
    {"CreateDomainStmt", "domain", "domainname", "type"},
    {"CreateSchemaStmt", "schema", "schemaname", "namespace"},
    {"CreateExtensionStmt", "extension", "extname", "extension"},
    {"CreateStatsStmt", "statistics", "defnames", "statistics"},
    {"CreateEventTrigStmt", "event trigger", "trigname", "event_trigger"},
    {"CreateAmStmt", "access method", "amname", "access_method"},
    {"CreatePLangStmt", "language", "plname", "language"},
    {"CreateForeignServerStmt", "server", "servername", "foreign_server"},
    {"CreateFdwStmt", "foreign data wrapper", "fdwname", "foreign_data_wrapper"},
    {"CreatePublicationStmt", "publication", "pubname", "publication"},
    {"CreateConversionStmt", "conversion", "conversion_name", "conversion"},
};

static void make(struct postgres_statement *statement, const struct maker *maker)
{
    set_kind(statement, "create", maker->words);
    if (!maker->member)
        return;
    const json_t *member = json_object_get(statement->tree, maker->member);
    if (json_is_object(member))
        postgres_fact_relation(statement, role_of(statement), maker->kind, member);
    else if (json_is_array(member))
        make_named(statement, role_of(statement), maker->kind, maker->member);
    else
        dara_facts_object(statement->facts, role_of(statement), maker->kind, NULL, json_string_value(member));
}

/* Functions for triggers that the server or an extension brings. */
static bool is_supplied(const char *space, const char *name)
{
    static const char *const names[] = {"tsvector_update_trigger",
                                        "tsvector_update_trigger_column",
                                        "suppress_redundant_updates_trigger",
                                        "moddatetime",
                                        "autoinc",
                                        "insert_username",
                                        "lo_manage",
                                        "check_primary_key",
                                        "check_foreign_key"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (is(name, names[i]))
            return true;
    return is(space, "pg_catalog");
}

static void use_trigger_function(struct postgres_statement *statement)
{
    char key[80];
    const char *space, *name = postgres_json_name(json_object_get(statement->tree, "funcname"), &space);
    if (!name || is_supplied(space, name) || strlen(name) > 63)
        return;
    snprintf(key, sizeof(key), "%s()", name);
    dara_facts_object(statement->facts, DARA_ROLE_USES, "routine", space, key);
}

/* What has its name on a table. */
static void tell_owned(struct postgres_statement *statement, enum dara_role role, const char *kind,
                       const json_t *relation, const char *name)
{
    dara_facts_owned(statement->facts, role, kind, postgres_json_text(relation, "schemaname"),
                     postgres_json_text(relation, "relname"), name);
}

static void create_trigger(struct postgres_statement *statement)
{
    set_kind(statement, "create", "trigger");
    tell_owned(statement, role_of(statement), "trigger", json_object_get(statement->tree, "relation"),
               postgres_json_text(statement->tree, "trigname"));
    use_trigger_function(statement);
}

static void create_policy(struct postgres_statement *statement)
{
    bool alters = is(statement->node, "AlterPolicyStmt");
    set_kind(statement, alters ? "alter" : "create", "policy");
    tell_owned(statement, alters ? DARA_ROLE_CHANGES : role_of(statement), "policy",
               json_object_get(statement->tree, "table"), postgres_json_text(statement->tree, "policy_name"));
}

static void create_rule(struct postgres_statement *statement)
{
    set_kind(statement, "create", "rule");
    tell_owned(statement, role_of(statement), "rule", json_object_get(statement->tree, "relation"),
               postgres_json_text(statement->tree, "rulename"));
}

static void create_foreign_table(struct postgres_statement *statement)
{
    const json_t *base = json_object_get(statement->tree, "base");
    bool mild = postgres_json_bool(base, "if_not_exists");
    set_kind(statement, "create", "foreign table");
    postgres_fact_relation(statement, mild ? DARA_ROLE_MAKES_IF_ABSENT : DARA_ROLE_MAKES, "foreign_table",
                           json_object_get(base, "relation"));
    dara_facts_object(statement->facts, DARA_ROLE_USES, "foreign_server", NULL,
                      postgres_json_text(statement->tree, "servername"));
}

static void use_server(struct postgres_statement *statement)
{
    dara_facts_object(statement->facts, DARA_ROLE_USES, "foreign_server", NULL,
                      postgres_json_text(statement->tree, "servername"));
}

static void alter_publication(struct postgres_statement *statement)
{
    set_kind(statement, "alter", "publication");
    dara_facts_object(statement->facts, DARA_ROLE_CHANGES, "publication", NULL,
                      postgres_json_text(statement->tree, "pubname"));
}

/* The same object under another schema: it goes here and comes there. */
static void alter_schema(struct postgres_statement *statement)
{
    const json_t *tree = statement->tree, *relation = json_object_get(tree, "relation");
    const struct object_type *type = find_type(postgres_json_text(tree, "objectType"));
    const char *space = NULL, *name = NULL, *to = postgres_json_text(tree, "newschema");
    set_kind(statement, "alter", type ? type->words : "object");
    if (!type || is(type->kind, "extension") || is(type->kind, "routine"))
        return;
    if (relation) {
        name = postgres_json_text(relation, "relname");
        postgres_fact_relation(statement, DARA_ROLE_DROPS, is(type->kind, "table") ? NULL : type->kind, relation);
    } else {
        const json_t *object = json_object_get(tree, "object");
        const json_t *list = json_object_get(json_object_get(object, "List"), "items");
        name = postgres_json_name(list ? list : json_object_get(json_object_get(object, "TypeName"), "names"), &space);
        dara_facts_object(statement->facts, DARA_ROLE_DROPS, type->kind, space, name);
    }
    dara_facts_object(statement->facts, DARA_ROLE_MAKES, type->kind, to, name);
}

static void alter_sequence(struct postgres_statement *statement)
{
    set_kind(statement, "alter", "sequence");
    postgres_fact_relation(statement, DARA_ROLE_CHANGES, "sequence", json_object_get(statement->tree, "sequence"));
}

static void define(struct postgres_statement *statement)
{
    const char *type = postgres_json_text(statement->tree, "kind");
    const struct object_type *known = find_type(type);
    char words[48] = "object";
    size_t i = 0;
    for (const char *at = type && strlen(type) > 7 ? type + 7 : ""; *at && i + 1 < sizeof(words); at++, i++) {
        words[i] = (char)(*at == '_' ? ' ' : *at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
        words[i + 1] = '\0';
    }
    set_kind(statement, "create", known ? known->words : words);
    if (known && !is(known->kind, "routine") && !is(known->kind, "type"))
        make_named(statement, role_of(statement), known->kind, "defnames");
    else if (known && is(known->kind, "type"))
        make_named(statement, DARA_ROLE_MAKES_IF_ABSENT, "type", "defnames"); /* its shell may be there */
}

void postgres_classify_create(struct postgres_statement *statement)
{
    static const struct {
        const char *node;
        void (*read)(struct postgres_statement *statement);
    } readers[] = {{"IndexStmt", create_index},
                   {"CreateFunctionStmt", create_routine},
                   {"CreateTableAsStmt", create_table_as},
                   {"AlterEnumStmt", add_value},
                   {"AlterSeqStmt", alter_sequence},
                   {"DefineStmt", define},
                   {"CreateTrigStmt", create_trigger},
                   {"CreatePolicyStmt", create_policy},
                   {"AlterPolicyStmt", create_policy},
                   {"RuleStmt", create_rule},
                   {"CreateForeignTableStmt", create_foreign_table},
                   {"CreateEventTrigStmt", use_trigger_function},
                   {"CreateUserMappingStmt", use_server},
                   {"AlterPublicationStmt", alter_publication},
                   {"AlterObjectSchemaStmt", alter_schema}};
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
        if (is(statement->node, readers[i].node))
            readers[i].read(statement);
    for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
        if (is(statement->node, makers[i].node))
            make(statement, &makers[i]);
}

/* ---- DROP --------------------------------------------------------------------------------------------------------------- */

static const struct drop_rule {
    const char *kind, *rule;
    bool destroys;
    const char *message;
} drop_rules[] = {
    {"table", "drop-table", true, "DROP TABLE destroys the table's rows"},
    {"index", "drop-index", false, "queries may become slow without the index"},
    {"view", "drop-view", false, "what reads the view fails afterwards"},
    {"materialized_view", "drop-view", false, "what reads the view fails afterwards"},
    {"trigger", "drop-trigger", false, "what the trigger kept up is no longer kept up"},
    {"type", "drop-type", false, "what names the type fails afterwards"},
    {"routine", "drop-function", false, "what calls the routine fails afterwards"},
    {"sequence", "drop-sequence", false, "where the numbers stood is lost"},
    {"policy", "drop-policy", false, "who may see and change which rows is no longer limited by the policy"},
    {"extension", "drop-extension", false, "what the extension brought is gone, and with CASCADE what uses it"},
};

static void drop_hazards(struct postgres_statement *statement, const struct object_type *type)
{
    bool cascade = is(postgres_json_text(statement->tree, "behavior"), "DROP_CASCADE");
    if (is(type->kind, "namespace"))
        postgres_fact_hazard(statement, "drop-schema", cascade,
                             cascade ? "DROP SCHEMA … CASCADE destroys everything in the schema"
                                     : "what names the schema fails afterwards");
    for (size_t i = 0; i < sizeof(drop_rules) / sizeof(drop_rules[0]); i++)
        if (is(type->kind, drop_rules[i].kind))
            postgres_fact_hazard(statement, drop_rules[i].rule, drop_rules[i].destroys, drop_rules[i].message);
    if (cascade && !is(type->kind, "namespace"))
        postgres_fact_hazard(statement, "drop-cascade", !is(type->kind, "index"),
                             "CASCADE also drops what depends on it, columns included");
}

/* Names without arguments, and of things that are known by their name alone, are told. */
static void drop_object(struct postgres_statement *statement, const struct object_type *type, const json_t *object)
{
    enum dara_role role =
        postgres_json_bool(statement->tree, "missing_ok") ? DARA_ROLE_DROPS_IF_THERE : DARA_ROLE_DROPS;
    const char *space = NULL, *name = postgres_json_string(object);
    const json_t *list = json_object_get(json_object_get(object, "List"), "items");
    if (!list)
        list = json_object_get(json_object_get(object, "TypeName"), "names");
    if (!name)
        name = postgres_json_name(list, &space);
    size_t count = json_array_size(list);
    if (name && space && (is(type->kind, "trigger") || is(type->kind, "policy") || is(type->kind, "rule")))
        dara_facts_owned(statement->facts, role, type->kind,
                         count > 2 ? postgres_json_string(json_array_get(list, count - 3)) : NULL, space, name);
    else if (name)
        dara_facts_object(statement->facts, role, is(type->kind, "table") ? NULL : type->kind, space, name);
}

void postgres_classify_drop(struct postgres_statement *statement)
{
    const struct object_type *type = find_type(postgres_json_text(statement->tree, "removeType"));
    const json_t *object;
    size_t i;
    if (is(statement->node, "DropOwnedStmt"))
        postgres_fact_hazard(statement, "drop-owned", true, "DROP OWNED destroys everything that belongs to the role");
    if (!type)
        return;
    set_kind(statement, "drop", type->words);
    if (postgres_json_bool(statement->tree, "concurrent"))
        statement->flags |= DARA_STATEMENT_NO_TRANSACTION;
    drop_hazards(statement, type);
    if (is(type->kind, "routine"))
        return; /* the names of its arguments, which are part of its key, are not said */
    json_array_foreach(json_object_get(statement->tree, "objects"), i, object) drop_object(statement, type, object);
}

/* ---- ALTER -------------------------------------------------------------------------------------------------------------- */

/* NOT NULL needs a value for the rows that are there: a default, an identity, an expression. */
static bool is_required(const json_t *column)
{
    bool not_null = false, has_value = json_object_get(column, "raw_default") != NULL;
    const char *space,
        *type = postgres_json_name(json_object_get(json_object_get(column, "typeName"), "names"), &space);
    const json_t *constraint;
    size_t i;
    json_array_foreach(json_object_get(column, "constraints"), i, constraint)
    {
        const char *kind = postgres_json_text(json_object_get(constraint, "Constraint"), "contype");
        not_null = not_null || is(kind, "CONSTR_NOTNULL") || is(kind, "CONSTR_PRIMARY");
        has_value =
            has_value || is(kind, "CONSTR_DEFAULT") || is(kind, "CONSTR_IDENTITY") || is(kind, "CONSTR_GENERATED");
    }
    return not_null && !has_value && !(type && strstr(type, "serial"));
}

static const struct command_rule {
    const char *subtype, *rule;
    bool destroys;
    const char *message;
} command_rules[] = {
    {"AT_DropColumn", "drop-column", true, "DROP COLUMN destroys the column's values"},
    {"AT_AlterColumnType", "change-column-type", false,
     "the table is written again under a lock that stops readers and writers, and values may not fit the new type"},
    {"AT_SetNotNull", "set-not-null", false, "fails where a row has NULL, and every row is read under a lock"},
    {"AT_DropConstraint", "drop-constraint", false, "rows that break the rule can come in"},
    {"AT_DisableRowSecurity", "disable-row-security", false, "every role with rights on the table sees every row"},
};

void postgres_classify_alter_table(struct postgres_statement *statement)
{
    const struct object_type *type = find_type(postgres_json_text(statement->tree, "objtype"));
    const json_t *command;
    size_t i, r;
    if (type)
        set_kind(statement, "alter", type->words);
    postgres_fact_relation(statement, DARA_ROLE_CHANGES, type && !is(type->kind, "table") ? type->kind : NULL,
                           json_object_get(statement->tree, "relation"));
    json_array_foreach(json_object_get(statement->tree, "cmds"), i, command)
    {
        const json_t *it = json_object_get(command, "AlterTableCmd");
        const char *subtype = postgres_json_text(it, "subtype");
        if (is(subtype, "AT_AlterColumnType"))
            statement->flags |= DARA_STATEMENT_WEIGHED;
        for (r = 0; r < sizeof(command_rules) / sizeof(command_rules[0]); r++)
            if (is(subtype, command_rules[r].subtype))
                postgres_fact_hazard(statement, command_rules[r].rule, command_rules[r].destroys,
                                     command_rules[r].message);
        if (is(subtype, "AT_DetachPartition") &&
            postgres_json_bool(json_object_get(json_object_get(it, "def"), "PartitionCmd"), "concurrent"))
            statement->flags |= DARA_STATEMENT_NO_TRANSACTION;
        if (is(subtype, "AT_AddColumn") && is_required(json_object_get(json_object_get(it, "def"), "ColumnDef")))
            postgres_fact_hazard(statement, "add-required-column", false,
                                 "a NOT NULL column without a default cannot be added to a table that has rows");
    }
}

void postgres_classify_rename(struct postgres_statement *statement)
{
    const char *what = postgres_json_text(statement->tree, "renameType");
    const char *of = postgres_json_text(statement->tree, "relationType");
    const struct object_type *type = find_type(what), *owner = find_type(of);
    const json_t *relation = json_object_get(statement->tree, "relation");
    bool inside = is(what, "OBJECT_COLUMN") || is(what, "OBJECT_ATTRIBUTE");
    set_kind(statement, "alter", type ? type->words : owner ? owner->words : inside ? "table" : "object");
    if (inside) {
        postgres_fact_relation(statement, DARA_ROLE_CHANGES, NULL, relation);
        postgres_fact_hazard(statement, "rename-column", false,
                             "programs that name the old column fail until they are changed");
    } else if (type && (is(type->kind, "trigger") || is(type->kind, "policy") || is(type->kind, "rule"))) {
        tell_owned(statement, DARA_ROLE_DROPS, type->kind, relation, postgres_json_text(statement->tree, "subname"));
        tell_owned(statement, DARA_ROLE_MAKES, type->kind, relation, postgres_json_text(statement->tree, "newname"));
    } else if (type && relation && postgres_json_text(statement->tree, "newname")) {
        postgres_fact_relation(statement, DARA_ROLE_DROPS, NULL, relation);
        dara_facts_object(statement->facts, DARA_ROLE_MAKES, type->kind, postgres_json_text(relation, "schemaname"),
                          postgres_json_text(statement->tree, "newname"));
        if (is(type->kind, "table") || is(type->kind, "view"))
            postgres_fact_hazard(statement, "rename-table", false,
                                 "programs that name the old table fail until they are changed");
    }
}
