/* SPDX-License-Identifier: MIT */
/* What a statement is: libpg_query's parse tree, read as JSON. */
#include "classify.h"

#include <ctype.h>
#include <pg_query.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lex.h"
#include "observe.h"

/* Longer text is rows in all but name; its tree would be many times as large. */
#define LONGEST_PARSED (4u << 20)

/* Functions whose effect no rollback takes back: by name, or by how the name begins. */
static const struct lasting {
    const char *name;
    bool prefix, numbers;
    const char *what;
} lastings[] = {
    {"nextval", false, true, "the numbers that nextval takes from the sequence"},
    {"setval", false, true, "where setval puts the sequence"},
    {"dblink", true, false, "what dblink does in another database"},
    {"lo_export", false, false, "the server's file that lo_export writes"},
    {"pg_file_", true, false, "the server's file that is written, renamed or removed"},
    {"pg_advisory_lock", true, false, "an advisory lock of the session, which is held until it is given back"},
    {"pg_try_advisory_lock", true, false, "an advisory lock of the session, which is held until it is given back"},
    {"pg_cancel_backend", false, false, "that another session's statement is cancelled"},
    {"pg_terminate_backend", false, false, "that another session is ended"},
    {"pg_reload_conf", false, false, "that the server reads its configuration again"},
    {"pg_rotate_logfile", true, false, "that the server begins a new log file"},
    {"pg_switch_wal", false, false, "that the server begins a new WAL file"},
    {"pg_create_restore_point", false, false, "the restore point in the WAL"},
    {"pg_create_physical_replication_slot", false, false, "the replication slot"},
    {"pg_create_logical_replication_slot", false, false, "the replication slot"},
    {"pg_drop_replication_slot", false, false, "that the replication slot is gone"},
    {"pg_promote", false, false, "that the server is promoted"},
    {"pg_stat_reset", true, false, "that statistics begin anew"},
    {"pg_stat_statements_reset", false, false, "that statistics begin anew"},
};

/* ---- reading the tree --------------------------------------------------------------------------------------------------- */

const char *postgres_json_text(const json_t *node, const char *name)
{
    return json_string_value(json_object_get(node, name));
}

bool postgres_json_bool(const json_t *node, const char *name)
{
    return json_is_true(json_object_get(node, name));
}

const char *postgres_json_string(const json_t *node)
{
    const char *text = postgres_json_text(json_object_get(node, "String"), "sval");
    return text ? text : json_object_get(node, "String") ? "" : NULL;
}

const char *postgres_json_name(const json_t *list, const char **ret_space)
{
    size_t count = json_array_size(list);
    *ret_space = count > 1 ? postgres_json_string(json_array_get(list, count - 2)) : NULL;
    return count ? postgres_json_string(json_array_get(list, count - 1)) : NULL;
}

/* DefElems have a Boolean, a word or a number, or nothing, which means yes. */
static bool is_off(const json_t *argument)
{
    static const char *const no[] = {"false", "off", "0", "no"};
    const char *word = postgres_json_string(argument);
    const json_t *integer = json_object_get(argument, "Integer"), *boolean = json_object_get(argument, "Boolean");
    for (size_t i = 0; word && i < sizeof(no) / sizeof(no[0]); i++)
        if (strcmp(word, no[i]) == 0)
            return true;
    return (integer && json_integer_value(json_object_get(integer, "ival")) == 0) ||
           (boolean && !postgres_json_bool(boolean, "boolval"));
}

bool postgres_json_option(const json_t *list, const char *name)
{
    const json_t *option;
    size_t i;
    json_array_foreach(list, i, option)
    {
        const json_t *element = json_object_get(option, "DefElem");
        const char *found = postgres_json_text(element, "defname");
        if (found && strcmp(found, name) == 0)
            return !is_off(json_object_get(element, "arg"));
    }
    return false;
}

/* ---- telling ------------------------------------------------------------------------------------------------------------ */

void postgres_fact_hazard(struct postgres_statement *statement, const char *rule, bool destroys, const char *message)
{
    dara_facts_hazard(statement->facts, rule, destroys, message);
}

void postgres_fact_relation(struct postgres_statement *statement, enum dara_role role, const char *kind,
                            const json_t *relation)
{
    statement->target = relation;
    dara_facts_object(statement->facts, role, kind, postgres_json_text(relation, "schemaname"),
                      postgres_json_text(relation, "relname"));
}

void postgres_fact_refuse(struct postgres_statement *statement, const char *why, const char *hint)
{
    statement->flags |= DARA_STATEMENT_REFUSED;
    dara_facts_refuse(statement->facts, why, hint);
}

static bool is_catalog(const char *space, const char *name)
{
    if (space)
        return strcmp(space, "pg_catalog") == 0 || strcmp(space, "information_schema") == 0;
    return strncmp(name, "pg_", 3) == 0;
}

/* Whether a common table expression of the statement has this name. */
static bool is_cte(const json_t *node, const char *name)
{
    const char *key, *cte = postgres_json_text(node, "ctename");
    const json_t *value;
    size_t i;
    if (cte && strcmp(cte, name) == 0)
        return true;
    json_array_foreach(node, i, value) if (is_cte(value, name)) return true;
    if (!json_is_object(node))
        return false;
    json_object_foreach((json_t *)(uintptr_t)node, key, value) if (is_cte(value, name)) return true;
    return false;
}

static void tell_relation(struct postgres_statement *statement, const json_t *node)
{
    const char *name = postgres_json_text(node, "relname"), *space = postgres_json_text(node, "schemaname");
    statement->related = statement->related || !is_catalog(space, name);
    if (node == statement->target || is_catalog(space, name) || (!space && is_cte(statement->tree, name)))
        return;
    dara_facts_object(statement->facts, DARA_ROLE_USES, NULL, space, name);
}

/* Types without a schema are mostly the server's or an extension's. */
static void tell_type(struct postgres_statement *statement, const json_t *names)
{
    const char *space, *name = postgres_json_name(names, &space);
    if (name && space && json_array_size(names) == 2 && !is_catalog(space, name) && strcmp(space, "extensions") != 0)
        dara_facts_object(statement->facts, DARA_ROLE_USES, NULL, space, name);
}

static void tell_named(struct postgres_statement *statement, const char *name)
{
    for (size_t i = 0; i < sizeof(lastings) / sizeof(lastings[0]); i++) {
        const struct lasting *lasting = &lastings[i];
        if (lasting->prefix ? !strncmp(name, lasting->name, strlen(lasting->name)) : !strcmp(name, lasting->name)) {
            dara_facts_lasting(statement->facts, lasting->numbers, lasting->what);
            return;
        }
    }
}

static void tell_lasting(struct postgres_statement *statement, const json_t *call)
{
    const char *space, *name = postgres_json_name(json_object_get(call, "funcname"), &space);
    if (name)
        tell_named(statement, name);
}

/* Everything the statement uses, and whether it writes rows somewhere inside. */
static void walk(struct postgres_statement *statement, const json_t *node)
{
    static const char *const writers[] = {"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"};
    const char *key;
    const json_t *value;
    size_t i;
    json_array_foreach(node, i, value) walk(statement, value);
    if (!json_is_object(node))
        return;
    if (postgres_json_text(node, "relname"))
        tell_relation(statement, node);
    if (json_object_get(node, "typemod"))
        tell_type(statement, json_object_get(node, "names"));
    /* What stands in a definition runs some other day. */
    if (json_object_get(node, "FuncCall") &&
        (!(statement->flags & DARA_STATEMENT_SCHEMA) || statement->flags & DARA_STATEMENT_DATA))
        tell_lasting(statement, json_object_get(node, "FuncCall"));
    for (i = 0; i < sizeof(writers) / sizeof(writers[0]); i++)
        if (json_object_get(node, writers[i]))
            statement->flags = (statement->flags & ~(unsigned)DARA_STATEMENT_READS) | DARA_STATEMENT_DATA;
    json_object_foreach((json_t *)(uintptr_t)node, key, value) walk(statement, value);
}

/* ---- statements that are more than their node's name -------------------------------------------------------------------- */

static void read_select(struct postgres_statement *statement)
{
    if (!json_object_get(statement->tree, "intoClause"))
        return;
    snprintf(statement->kind, sizeof(statement->kind), "select into");
    statement->flags = DARA_STATEMENT_SCHEMA | DARA_STATEMENT_DATA;
    postgres_fact_relation(statement, DARA_ROLE_MAKES, "table",
                           json_object_get(json_object_get(statement->tree, "intoClause"), "rel"));
}

static void read_update(struct postgres_statement *statement)
{
    if (!json_object_get(statement->tree, "whereClause") && !json_object_get(statement->tree, "fromClause"))
        postgres_fact_hazard(statement, "update-without-where", true,
                             "UPDATE without WHERE writes over values in every row");
}

static void read_delete(struct postgres_statement *statement)
{
    if (!json_object_get(statement->tree, "whereClause") && !json_object_get(statement->tree, "usingClause"))
        postgres_fact_hazard(statement, "delete-without-where", true, "DELETE without WHERE removes every row");
}

static void read_truncate(struct postgres_statement *statement)
{
    postgres_fact_hazard(statement, "truncate", true, "TRUNCATE removes every row");
}

static void read_copy(struct postgres_statement *statement)
{
    const json_t *tree = statement->tree;
    bool from = postgres_json_bool(tree, "is_from");
    statement->flags = from ? DARA_STATEMENT_DATA : DARA_STATEMENT_READS;
    if (postgres_json_bool(tree, "is_program"))
        postgres_fact_refuse(statement, "it runs a program on the server", "load the rows with COPY … FROM stdin");
    else if (postgres_json_text(tree, "filename"))
        postgres_fact_refuse(statement, "it reads or writes a file of the server",
                             "load the rows with COPY … FROM stdin");
}

/* EXPLAIN ANALYZE does what it explains. */
static void read_explain(struct postgres_statement *statement)
{
    const json_t *query = json_object_get(statement->tree, "query");
    if (postgres_json_option(json_object_get(statement->tree, "options"), "analyze") &&
        !json_object_get(query, "SelectStmt"))
        statement->flags = DARA_STATEMENT_DATA;
}

static void read_reindex(struct postgres_statement *statement)
{
    const char *kind = postgres_json_text(statement->tree, "kind");
    bool whole = kind && strcmp(kind, "REINDEX_OBJECT_INDEX") != 0 && strcmp(kind, "REINDEX_OBJECT_TABLE") != 0;
    if (whole || postgres_json_option(json_object_get(statement->tree, "params"), "concurrently"))
        statement->flags |= DARA_STATEMENT_NO_TRANSACTION;
}

static void read_vacuum(struct postgres_statement *statement)
{
    bool vacuum = postgres_json_bool(statement->tree, "is_vacuumcmd");
    snprintf(statement->kind, sizeof(statement->kind), "%s", vacuum ? "vacuum" : "analyze");
    if (vacuum)
        statement->flags |= DARA_STATEMENT_NO_TRANSACTION;
}

static void read_cluster(struct postgres_statement *statement)
{
    if (!json_object_get(statement->tree, "relation"))
        statement->flags |= DARA_STATEMENT_NO_TRANSACTION;
}

static void read_discard(struct postgres_statement *statement)
{
    const char *target = postgres_json_text(statement->tree, "target");
    if (!target || strcmp(target, "DISCARD_ALL") == 0)
        statement->flags |= DARA_STATEMENT_NO_TRANSACTION;
}

static void read_transaction(struct postgres_statement *statement)
{
    static const struct {
        const char *kind, *words;
    } kinds[] = {{"BEGIN", "begin"},
                 {"START", "begin"},
                 {"COMMIT", "commit"},
                 {"ROLLBACK", "rollback"},
                 {"SAVEPOINT", "savepoint"},
                 {"RELEASE", "release"},
                 {"ROLLBACK_TO", "rollback"},
                 {"PREPARE", "prepare transaction"},
                 {"COMMIT_PREPARED", "commit prepared"},
                 {"ROLLBACK_PREPARED", "rollback prepared"}};
    const char *kind = postgres_json_text(statement->tree, "kind");
    kind = kind && strlen(kind) > 11 ? kind + 11 : ""; /* behind TRANS_STMT_ */
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            snprintf(statement->kind, sizeof(statement->kind), "%s", kinds[i].words);
}

static void tell_body(struct postgres_statement *statement, const char *body)
{
    struct postgres_lexer lexer;
    struct postgres_token token;
    char name[64];
    postgres_lex_begin(&lexer, body, strlen(body));
    while (postgres_lex_next(&lexer, &token) != POSTGRES_TOKEN_END && token.type != POSTGRES_TOKEN_BAD) {
        if (token.type != POSTGRES_TOKEN_WORD || token.length >= sizeof(name))
            continue;
        for (size_t i = 0; i <= token.length; i++)
            name[i] = (char)(i == token.length ? '\0' : tolower((unsigned char)token.start[i]));
        tell_named(statement, name);
    }
}

/* The body of a DO block is text to the parser: what it names is looked for in it. */
static void read_do(struct postgres_statement *statement)
{
    const json_t *argument;
    size_t i;
    json_array_foreach(json_object_get(statement->tree, "args"), i, argument)
    {
        const char *body = postgres_json_string(json_object_get(json_object_get(argument, "DefElem"), "arg"));
        if (body)
            tell_body(statement, body);
    }
}

static void refuse_database(struct postgres_statement *statement)
{
    postgres_fact_refuse(statement, "it makes or drops a database, and a migration works inside one",
                         "use the tools of the server, or `dara bootstrap` to make the database of the project");
}

static void refuse_system(struct postgres_statement *statement)
{
    postgres_fact_refuse(statement, "it changes settings of the whole server", "change the server's configuration");
}

static void refuse_load(struct postgres_statement *statement)
{
    postgres_fact_refuse(statement, "it loads code into the server's process", "take the statement out");
}

/* ---- all of them -------------------------------------------------------------------------------------------------------- */

#define READS   DARA_STATEMENT_READS
#define SCHEMA  DARA_STATEMENT_SCHEMA
#define DATA    DARA_STATEMENT_DATA
#define UNREAD  DARA_STATEMENT_UNREAD
#define ALONE   DARA_STATEMENT_NO_TRANSACTION
#define SESSION DARA_STATEMENT_SESSION

static const struct rule {
    const char *node, *kind; /* kind NULL: the node's name in words */
    unsigned flags;
    void (*read)(struct postgres_statement *statement);
} rules[] = {
    {"SelectStmt", "select", READS, read_select},
    {"InsertStmt", "insert", DATA, NULL},
    {"UpdateStmt", "update", DATA, read_update},
    {"DeleteStmt", "delete", DATA, read_delete},
    {"MergeStmt", "merge", DATA, NULL},
    {"TruncateStmt", "truncate", DATA, read_truncate},
    {"CopyStmt", "copy", DATA, read_copy},
    {"ExplainStmt", "explain", READS, read_explain},
    {"VariableShowStmt", "show", READS, NULL},
    {"VariableSetStmt", "set", SESSION, NULL},
    {"ConstraintsSetStmt", "set constraints", 0, NULL},
    {"DeclareCursorStmt", "declare cursor", READS, NULL},
    {"FetchStmt", "fetch", READS, NULL},
    {"ClosePortalStmt", "close", READS, NULL},
    {"PrepareStmt", "prepare", UNREAD, NULL},
    {"ExecuteStmt", "execute", DATA | UNREAD, NULL},
    {"DeallocateStmt", "deallocate", 0, NULL},
    {"DiscardStmt", "discard", 0, read_discard},
    {"ListenStmt", "listen", 0, NULL},
    {"NotifyStmt", "notify", DATA, NULL},
    {"UnlistenStmt", "unlisten", 0, NULL},
    {"LockStmt", "lock table", 0, NULL},
    {"CallStmt", "call", SCHEMA | DATA | UNREAD, NULL},
    {"DoStmt", "do", SCHEMA | DATA | UNREAD, read_do},
    {"TransactionStmt", "transaction", DARA_STATEMENT_TRANSACTION, read_transaction},
    {"VacuumStmt", "vacuum", DATA, read_vacuum},
    {"ClusterStmt", "cluster", DATA, read_cluster},
    {"ReindexStmt", "reindex", DATA, read_reindex},
    {"RefreshMatViewStmt", "refresh materialized view", DATA, NULL},
    {"CheckPointStmt", "checkpoint", 0, NULL},
    {"LoadStmt", "load", 0, refuse_load},
    {"AlterSystemStmt", "alter system", ALONE, refuse_system},
    {"CreatedbStmt", "create database", ALONE, refuse_database},
    {"DropdbStmt", "drop database", ALONE, refuse_database},
    {"CreateTableSpaceStmt", "create tablespace", SCHEMA | ALONE, NULL},
    {"DropTableSpaceStmt", "drop tablespace", SCHEMA | ALONE, NULL},
    {"CreateSubscriptionStmt", "create subscription", SCHEMA | ALONE, NULL},
    {"DropSubscriptionStmt", "drop subscription", SCHEMA | ALONE, NULL},
    {"DropStmt", "drop", SCHEMA, postgres_classify_drop},
    {"DropOwnedStmt", "drop owned", SCHEMA, postgres_classify_drop},
    {"AlterTableStmt", "alter table", SCHEMA, postgres_classify_alter_table},
    {"RenameStmt", "alter", SCHEMA, postgres_classify_rename},
    {"CreateTableAsStmt", "create table", SCHEMA | DATA, postgres_classify_create},
};

/* "CreateForeignTableStmt" in words: "create foreign table". */
static void name_node(struct postgres_statement *statement)
{
    size_t length = 0;
    const char *end = strstr(statement->node, "Stmt");
    for (const char *at = statement->node; at < end && length + 2 < sizeof(statement->kind); at++) {
        bool upper = *at >= 'A' && *at <= 'Z';
        if (upper && at > statement->node && at[-1] >= 'a')
            statement->kind[length++] = ' ';
        statement->kind[length++] = (char)(upper ? *at - 'A' + 'a' : *at);
    }
    statement->kind[length] = '\0';
}

static void read_node(struct postgres_statement *statement)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (strcmp(rules[i].node, statement->node) != 0)
            continue;
        snprintf(statement->kind, sizeof(statement->kind), "%s", rules[i].kind);
        statement->flags = rules[i].flags;
        if (rules[i].read)
            rules[i].read(statement);
        return;
    }
    name_node(statement);
    statement->flags = SCHEMA;
    postgres_classify_create(statement);
}

/* ---- parsing ------------------------------------------------------------------------------------------------------------ */

/* The tree of the one statement of the text, or NULL. */
static json_t *parse_text(const char *text)
{
    PgQueryParseResult result = pg_query_parse(text);
    json_t *tree = NULL;
    if (!result.error && result.parse_tree)
        tree = json_loads(result.parse_tree, JSON_ALLOW_NUL, NULL);
    pg_query_free_parse_result(result);
    return tree;
}

json_t *postgres_parse(const char *text, size_t length, const char **ret_node, const json_t **ret_tree)
{
    char *copy = length <= LONGEST_PARSED ? strndup(text, length) : NULL;
    json_t *tree = copy ? parse_text(copy) : NULL;
    json_t *node = json_object_get(json_array_get(json_object_get(tree, "stmts"), 0), "stmt");
    void *at = json_array_size(json_object_get(tree, "stmts")) == 1 && json_object_size(node) == 1
                   ? json_object_iter(node)
                   : NULL;
    free(copy);
    if (!at) {
        json_decref(tree);
        return NULL;
    }
    *ret_node = json_object_iter_key(at);
    *ret_tree = json_object_iter_value(at);
    return tree;
}

static void tell_lock(struct postgres_statement *statement)
{
    int lock = postgres_classify_lock(statement);
    if (lock >= 0 && lock < POSTGRES_LOCK_MODES)
        dara_facts_lock(statement->facts, postgres_lock_name(lock), postgres_lock_effect(lock));
    if (postgres_classify_rewrites(statement))
        statement->flags |= DARA_STATEMENT_REWRITES;
}

int postgres_dialect_classify(struct dara_conn *conn, const char *text, size_t length, struct dara_facts *facts)
{
    struct postgres_statement statement = {.facts = facts};
    (void)conn;
    size_t head = length > 4 && strncasecmp(text, "copy", 4) == 0 ? postgres_lex_statement(text, length) : length;
    json_t *tree = postgres_parse(text, head, &statement.node, &statement.tree);
    if (tree) {
        read_node(&statement);
        statement.related = strcmp(statement.node, "DropStmt") == 0 || strcmp(statement.node, "CommentStmt") == 0;
        if (strcmp(statement.node, "DropStmt") != 0) /* it names nothing but what it drops */
            walk(&statement, statement.tree);
        tell_lock(&statement);
        dara_facts_kind(facts, statement.kind, statement.flags);
    } else {
        postgres_classify_unread(text, head, facts);
    }
    json_decref(tree);
    return 0;
}
