/* SPDX-License-Identifier: MIT */
/* The commands of the server, as data. What is not in the table is run, and said to be unread. */
#include "command.h"

#include <string.h>

#include "json.h"
#include "mg.h"

#define READS     DARA_STATEMENT_READS
#define DATA      DARA_STATEMENT_DATA
#define SCHEMA    DARA_STATEMENT_SCHEMA
#define ALONE     DARA_STATEMENT_NO_TRANSACTION
#define REFUSED   DARA_STATEMENT_REFUSED
#define ELSEWHERE DARA_STATEMENT_ELSEWHERE

static const char server_why[] = "it is about the server, not about a schema";
static const char server_hint[] = "run it with the server's own client";
static const char cursor_why[] = "cursors are dara's";
static const char cursor_hint[] = "take it out: what a command finds is read to its end";
static const char login_why[] = "who is logged in is a matter of the URL";
static const char login_hint[] = "give user and password in the URL";
static const char whole_why[] = "it drops the whole database, dara's history included";
static const char whole_hint[] = "drop the collections by name, each with its own consent, or use the server's client";

static const struct row {
    const char *name, *kind;
    unsigned flags;
    void (*look)(struct mongodb_look *look);
    const char *why, *hint;
    bool admin;
} rows[] = {
    /* reading */
    {"find", "find", READS, mongodb_look_reads, NULL, NULL, false},
    {"aggregate", "aggregate", READS, mongodb_look_aggregate, NULL, NULL, false},
    {"count", "count", READS, mongodb_look_reads, NULL, NULL, false},
    {"distinct", "distinct", READS, mongodb_look_reads, NULL, NULL, false},
    {"explain", "explain", READS, mongodb_look_explain, NULL, NULL, false},
    {"listCollections", "list collections", READS, NULL, NULL, NULL, false},
    {"listIndexes", "list indexes", READS, mongodb_look_reads, NULL, NULL, false},
    {"listDatabases", "list databases", READS, NULL, NULL, NULL, true},
    {"listCommands", "list commands", READS, NULL, NULL, NULL, false},
    {"collStats", "collection statistics", READS, mongodb_look_reads, NULL, NULL, false},
    {"dbStats", "database statistics", READS, NULL, NULL, NULL, false},
    {"dataSize", "data size", READS, NULL, NULL, NULL, false},
    {"dbHash", "hash of the database", READS, NULL, NULL, NULL, false},
    {"validate", "validate", READS, mongodb_look_validate, NULL, NULL, false},
    {"hello", "hello", READS, NULL, NULL, NULL, false},
    {"isMaster", "hello", READS, NULL, NULL, NULL, false},
    {"ismaster", "hello", READS, NULL, NULL, NULL, false},
    {"ping", "ping", READS, NULL, NULL, NULL, false},
    {"buildInfo", "build information", READS, NULL, NULL, NULL, false},
    {"buildinfo", "build information", READS, NULL, NULL, NULL, false},
    {"connectionStatus", "connection status", READS, NULL, NULL, NULL, false},
    {"serverStatus", "server status", READS, NULL, NULL, NULL, false},
    {"hostInfo", "host information", READS, NULL, NULL, NULL, true},
    {"currentOp", "current operations", READS, NULL, NULL, NULL, true},
    {"getParameter", "parameter", READS, NULL, NULL, NULL, true},
    {"rolesInfo", "roles", READS, NULL, NULL, NULL, false},
    {"usersInfo", "users", READS, NULL, NULL, NULL, false},
    {"top", "top", READS, NULL, NULL, NULL, true},
    /* the schema */
    {"create", "create collection", SCHEMA, mongodb_look_create, NULL, NULL, false},
    {"collMod", "change collection", SCHEMA, mongodb_look_change, NULL, NULL, false},
    {"createIndexes", "create index", SCHEMA, mongodb_look_indexes, NULL, NULL, false},
    {"dropIndexes", "drop index", SCHEMA, mongodb_look_drop_indexes, NULL, NULL, false},
    {"drop", "drop collection", SCHEMA, mongodb_look_drop, NULL, NULL, false},
    {"renameCollection", "rename collection", SCHEMA, mongodb_look_rename, NULL, NULL, true},
    {"convertToCapped", "change collection", SCHEMA | DARA_STATEMENT_REWRITES, mongodb_look_change, NULL, NULL, false},
    {"compact", "compact", SCHEMA, mongodb_look_change, NULL, NULL, false},
    {"reIndex", "build indexes anew", SCHEMA, mongodb_look_change, NULL, NULL, false},
    /* documents */
    {"insert", "insert", DATA, mongodb_look_insert, NULL, NULL, false},
    {"update", "update", DATA, mongodb_look_update, NULL, NULL, false},
    {"delete", "delete", DATA, mongodb_look_delete, NULL, NULL, false},
    {"findAndModify", "find and modify", DATA, mongodb_look_modify, NULL, NULL, false},
    {"findandmodify", "find and modify", DATA, mongodb_look_modify, NULL, NULL, false},
    {"bulkWrite", "bulk write", DATA, mongodb_look_bulk, NULL, NULL, true},
    {"mapReduce", "map and reduce", DATA | ALONE, mongodb_look_reduce, NULL, NULL, false},
    {"mapreduce", "map and reduce", DATA | ALONE, mongodb_look_reduce, NULL, NULL, false},
    /* who may do what, and where documents lie: not in the database alone */
    {"createRole", "create role", SCHEMA | ELSEWHERE, NULL, NULL, NULL, false},
    {"updateRole", "change role", SCHEMA | ELSEWHERE, NULL, NULL, NULL, false},
    {"dropRole", "drop role", SCHEMA | ELSEWHERE, NULL, NULL, NULL, false},
    {"grantRolesToRole", "change role", SCHEMA | ELSEWHERE, NULL, NULL, NULL, false},
    {"revokeRolesFromRole", "change role", SCHEMA | ELSEWHERE, NULL, NULL, NULL, false},
    {"grantPrivilegesToRole", "change role", SCHEMA | ELSEWHERE, NULL, NULL, NULL, false},
    {"revokePrivilegesFromRole", "change role", SCHEMA | ELSEWHERE, NULL, NULL, NULL, false},
    {"createUser", "create user", SCHEMA | ELSEWHERE, NULL, NULL, NULL, false},
    {"updateUser", "change user", SCHEMA | ELSEWHERE, NULL, NULL, NULL, false},
    {"dropUser", "drop user", SCHEMA | ELSEWHERE, NULL, NULL, NULL, false},
    {"grantRolesToUser", "change user", SCHEMA | ELSEWHERE, NULL, NULL, NULL, false},
    {"revokeRolesFromUser", "change user", SCHEMA | ELSEWHERE, NULL, NULL, NULL, false},
    {"enableSharding", "enable sharding", SCHEMA | ELSEWHERE, NULL, NULL, NULL, true},
    {"shardCollection", "shard collection", SCHEMA | ELSEWHERE, NULL, NULL, NULL, true},
    {"reshardCollection", "shard collection", SCHEMA | ELSEWHERE, NULL, NULL, NULL, true},
    {"refineCollectionShardKey", "shard collection", SCHEMA | ELSEWHERE, NULL, NULL, NULL, true},
    {"updateZoneKeyRange", "change zone", SCHEMA | ELSEWHERE, NULL, NULL, NULL, true},
    /* transactions */
    {"commitTransaction", "commit", DARA_STATEMENT_TRANSACTION, NULL, NULL, NULL, true},
    {"abortTransaction", "roll back", DARA_STATEMENT_TRANSACTION, NULL, NULL, NULL, true},
    /* not for migrations */
    {"dropDatabase", "drop database", REFUSED, NULL, whole_why, whole_hint, false},
    {"getMore", "get more", REFUSED, NULL, cursor_why, cursor_hint, false},
    {"killCursors", "kill cursors", REFUSED, NULL, cursor_why, cursor_hint, false},
    {"startSession", "start session", REFUSED, NULL, cursor_why, cursor_hint, false},
    {"endSessions", "end sessions", REFUSED, NULL, cursor_why, cursor_hint, false},
    {"authenticate", "log in", REFUSED, NULL, login_why, login_hint, false},
    {"saslStart", "log in", REFUSED, NULL, login_why, login_hint, false},
    {"saslContinue", "log in", REFUSED, NULL, login_why, login_hint, false},
    {"logout", "log out", REFUSED, NULL, login_why, login_hint, false},
    {"shutdown", "shut down", REFUSED, NULL, server_why, server_hint, true},
    {"fsync", "fsync", REFUSED, NULL, server_why, server_hint, true},
    {"fsyncUnlock", "fsync", REFUSED, NULL, server_why, server_hint, true},
    {"setParameter", "set parameter", REFUSED, NULL, server_why, server_hint, true},
    {"setFeatureCompatibilityVersion", "set version", REFUSED, NULL, server_why, server_hint, true},
    {"setDefaultRWConcern", "set write concern", REFUSED, NULL, server_why, server_hint, true},
    {"killOp", "kill", REFUSED, NULL, server_why, server_hint, true},
    {"killSessions", "kill", REFUSED, NULL, server_why, server_hint, true},
    {"killAllSessions", "kill", REFUSED, NULL, server_why, server_hint, true},
    {"killAllSessionsByPattern", "kill", REFUSED, NULL, server_why, server_hint, true},
    {"logRotate", "rotate logs", REFUSED, NULL, server_why, server_hint, true},
    {"profile", "profile", REFUSED, NULL, server_why, server_hint, false},
    {"addShard", "add shard", REFUSED, NULL, server_why, server_hint, true},
    {"removeShard", "remove shard", REFUSED, NULL, server_why, server_hint, true},
    {"movePrimary", "move the database", REFUSED, NULL, server_why, server_hint, true},
    {"dropAllUsersFromDatabase", "drop users", REFUSED, NULL, server_why, server_hint, false},
    {"dropAllRolesFromDatabase", "drop roles", REFUSED, NULL, server_why, server_hint, false},
    {"applyOps", "apply operations", REFUSED, NULL, server_why, server_hint, true},
};

static const struct row *find_row(const char *name)
{
    static const struct row members = {"replSet", "replica set", REFUSED, NULL, server_why, server_hint, true};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return strncmp(name, members.name, strlen(members.name)) == 0 ? &members : NULL;
}

static void refuse(struct mongodb_command *command, const char *why, const char *hint)
{
    command->flags = REFUSED;
    command->why = why;
    command->hint = hint;
}

/* What only a connection says of itself would take a command out of dara's transaction, or to another database. And of a field given
 * twice dara would look at one and the server at the other. */
static void check_fields(struct mongodb_command *command)
{
    static const char *const own[] = {"lsid", "txnNumber",       "autocommit", "startTransaction",
                                      "$db",  "$readPreference", "apiVersion"};
    bson_iter_t field, other;
    for (bool any = bson_iter_init(&field, command->document); any && bson_iter_next(&field);) {
        const char *key = bson_iter_key(&field);
        for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
            if (strcmp(key, own[i]) == 0)
                refuse(command, "it says itself in which session, transaction or database it runs",
                       "take 'lsid', 'txnNumber', 'autocommit', 'startTransaction', '$db', '$readPreference' and "
                       "'apiVersion' out of it");
        if (bson_iter_init_find(&other, command->document, key) && bson_iter_offset(&other) != bson_iter_offset(&field))
            refuse(command, "it has a field twice", "leave one of them");
    }
}

void mongodb_command_look(const bson_t *document, struct dara_facts *facts, struct mongodb_command *ret_command)
{
    *ret_command = (struct mongodb_command){.document = document, .name = "", .kind = "command"};
    if (!bson_iter_init(&ret_command->first, document) || !bson_iter_next(&ret_command->first)) {
        refuse(ret_command, "a document without fields is no command", "begin it with a command's name");
        return;
    }
    ret_command->name = bson_iter_key(&ret_command->first);
    if (strcmp(ret_command->name, MONGODB_OPTIONS_STEP) == 0) {
        ret_command->kind = "options";
        ret_command->flags = DARA_STATEMENT_SESSION;
        return;
    }
    const struct row *row = find_row(ret_command->name);
    ret_command->kind = row ? row->kind : ret_command->name;
    ret_command->flags = row ? row->flags : DARA_STATEMENT_UNREAD;
    ret_command->admin = row && row->admin;
    if (row && row->why)
        refuse(ret_command, row->why, row->hint);
    check_fields(ret_command);
    if (row && row->look && !(ret_command->flags & REFUSED))
        row->look(&(struct mongodb_look){.command = ret_command, .facts = facts});
}

const char *mongodb_command_target(const struct mongodb_command *command)
{
    return BSON_ITER_HOLDS_UTF8(&command->first) ? bson_iter_utf8(&command->first, NULL) : NULL;
}

/* ---- the dialect -------------------------------------------------------------------------------------------------------------------- */

int mongodb_dialect_classify(struct dara_conn *conn, const char *text, size_t length, struct dara_facts *facts)
{
    struct mongodb_command command;
    bson_t *document = NULL;
    (void)conn;
    if (mongodb_json_parse(text, length, &document)) {
        dara_error_clear(); /* said when it is executed, where it can be told in full */
        dara_facts_kind(facts, "unread", DARA_STATEMENT_UNREAD);
        return 0;
    }
    mongodb_command_look(document, facts, &command);
    dara_facts_kind(facts, command.kind, command.flags);
    if (command.flags & REFUSED)
        dara_facts_refuse(facts, command.why, command.hint);
    bson_destroy(document);
    return 0;
}

int mongodb_dialect_quote(struct dara_conn *conn, const char *name, struct dara_text *out)
{
    struct mongodb_buffer quoted = {0};
    (void)conn;
    mongodb_json_write_string(name, strlen(name), &quoted);
    dara_text_add(out, mongodb_buffer_get(&quoted));
    mongodb_buffer_free(&quoted);
    return 0;
}

int mongodb_dialect_delete_rows(const struct dara_object *object, struct dara_text *out)
{
    dara_text_add(out, "{\"delete\": ");
    int code = mongodb_dialect_quote(NULL, dara_object_key(object), out);
    dara_text_add(out, ", \"deletes\": [{\"q\": {}, \"limit\": 0}]}");
    return code;
}
