/* SPDX-License-Identifier: MIT */
/* What a statement is, by its first words. */
#include "classify.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "my.h"

#define READS       DARA_STATEMENT_READS
#define SCHEMA      DARA_STATEMENT_SCHEMA
#define DATA        DARA_STATEMENT_DATA
#define UNREAD      DARA_STATEMENT_UNREAD
#define ALONE       DARA_STATEMENT_NO_TRANSACTION /* it commits what is open */
#define TRANSACTION DARA_STATEMENT_TRANSACTION
#define SESSION     DARA_STATEMENT_SESSION
#define SERVER      DARA_STATEMENT_ELSEWHERE

/* ---- rows --------------------------------------------------------------------------------------------------------------- */

static void read_select(struct mysql_reading *reading)
{
    const size_t start = reading->at;
    if (mysql_reading_skip_to(reading, "into") &&
        (mysql_reading_is(reading, "outfile") || mysql_reading_is(reading, "dumpfile")))
        mysql_reading_refuse(reading, "it writes a file of the server", "read the rows with `dara run-sql`");
    reading->at = start;
    mysql_reading_uses(reading);
}

static void read_insert(struct mysql_reading *reading)
{
    mysql_reading_accept(reading, "low_priority");
    mysql_reading_accept(reading, "delayed");
    mysql_reading_accept(reading, "high_priority");
    mysql_reading_accept(reading, "ignore");
    mysql_reading_accept(reading, "into");
    struct mysql_name name = mysql_reading_name(reading);
    mysql_reading_object(reading, DARA_ROLE_USES, NULL, &name);
    mysql_name_free(&name);
    mysql_reading_uses(reading);
}

static void read_update(struct mysql_reading *reading)
{
    if (!mysql_reading_finds(reading, "where") && !mysql_reading_finds(reading, "limit") &&
        !mysql_reading_finds(reading, "join"))
        mysql_reading_hazard(reading, "update-without-where", true,
                             "UPDATE without WHERE writes over values in every row");
    reading->at--; /* the tables follow UPDATE */
    mysql_reading_uses(reading);
}

static void read_delete(struct mysql_reading *reading)
{
    if (mysql_reading_accept(reading, "history"))
        mysql_reading_hazard(reading, "delete-history", true, "DELETE HISTORY removes what rows were before");
    else if (!mysql_reading_finds(reading, "where") && !mysql_reading_finds(reading, "limit") &&
             !mysql_reading_finds(reading, "join"))
        mysql_reading_hazard(reading, "delete-without-where", true, "DELETE without WHERE removes every row");
    mysql_reading_uses(reading);
}

static void read_load(struct mysql_reading *reading)
{
    bool local = mysql_reading_finds(reading, "local");
    if (mysql_reading_accept(reading, "index"))
        return;
    reading->kind = mysql_reading_is(reading, "xml") ? "load xml" : "load data";
    mysql_reading_refuse(reading, local ? "it reads a file of the client" : "it reads a file of the server",
                         "write the rows as INSERT");
    mysql_reading_uses(reading);
}

static void read_truncate(struct mysql_reading *reading)
{
    mysql_reading_accept(reading, "table");
    struct mysql_name name = mysql_reading_name(reading);
    mysql_reading_object(reading, DARA_ROLE_USES, NULL, &name);
    mysql_name_free(&name);
    mysql_reading_hazard(reading, "truncate", true, "TRUNCATE removes every row");
}

/* The verb after WITH stands outside all parentheses. */
static void read_with(struct mysql_reading *reading)
{
    static const char *const verbs[] = {"select", "values", "table", "update", "delete", "insert", "replace"};
    const size_t start = reading->at;
    size_t depth = 0;
    for (size_t i = start; i < reading->count; i++) {
        const struct mysql_token *token = &reading->tokens[i];
        depth += mysql_token_is(token, "(");
        depth -= mysql_token_is(token, ")") && depth;
        for (size_t v = 0; depth == 0 && v < sizeof(verbs) / sizeof(verbs[0]); v++) {
            if (!mysql_token_is(token, verbs[v]))
                continue;
            reading->at = i;
            mysql_classify_statement(reading);
            reading->at = start;
            mysql_reading_uses(reading);
            return;
        }
    }
    /* WITH x AS (…) (SELECT …) */
    reading->kind = "select";
    reading->flags = mysql_reading_finds(reading, "as") ? READS : UNREAD;
    mysql_reading_uses(reading);
}

/* EXPLAIN ANALYZE, and MariaDB's ANALYZE, do what they explain. */
static void read_explain(struct mysql_reading *reading)
{
    static const char *const writers[] = {"insert", "replace", "update", "delete"};
    bool runs = mysql_token_is(&reading->tokens[0], "analyze") || mysql_reading_finds(reading, "analyze");
    for (size_t i = 0; runs && i < sizeof(writers) / sizeof(writers[0]); i++)
        if (mysql_reading_finds(reading, writers[i]))
            reading->flags = DATA;
}

static void read_analyze(struct mysql_reading *reading)
{
    mysql_reading_accept(reading, "no_write_to_binlog");
    mysql_reading_accept(reading, "local");
    if (mysql_reading_is(reading, "table") || mysql_reading_is(reading, "tables")) {
        mysql_reading_advance(reading);
        struct mysql_name name = mysql_reading_name(reading);
        mysql_reading_object(reading, DARA_ROLE_USES, NULL, &name);
        mysql_name_free(&name);
        return;
    }
    reading->kind = "analyze";
    reading->flags = READS;
    read_explain(reading);
}

/* ---- transactions, locks ------------------------------------------------------------------------------------------------ */

static void read_begin(struct mysql_reading *reading)
{
    if (!mysql_reading_is(reading, "not"))
        return;
    reading->kind = "block";
    reading->flags = SCHEMA | DATA | UNREAD;
}

static void refuse_replication(struct mysql_reading *reading)
{
    mysql_reading_refuse(reading, "it changes the replication of the server", "use the tools of the server");
}

static void read_start(struct mysql_reading *reading)
{
    if (mysql_reading_is(reading, "transaction"))
        return;
    reading->kind = "start replica";
    reading->flags = ALONE;
    refuse_replication(reading);
}

static void refuse_lock(struct mysql_reading *reading)
{
    if (mysql_reading_is(reading, "instance"))
        mysql_reading_refuse(reading, "it locks the whole server", "take the statement out");
    else
        mysql_reading_refuse(
            reading, "under LOCK TABLES no other table can be used, dara's own included, and it commits what is open",
            "take LOCK TABLES and UNLOCK TABLES out: dara keeps other runs away by itself");
}

static void refuse_use(struct mysql_reading *reading)
{
    mysql_reading_refuse(reading, "a migration works on the database of the URL",
                         "take the statement out, and write DATABASE.TABLE where another database is meant");
}

static void refuse_server(struct mysql_reading *reading)
{
    mysql_reading_refuse(reading, "it concerns the whole server or the sessions of others",
                         "use the tools of the server");
}

static void refuse_code(struct mysql_reading *reading)
{
    mysql_reading_refuse(reading, "it loads code into the server, or takes it out", "use the tools of the server");
}

static void read_flush(struct mysql_reading *reading)
{
    if (mysql_reading_finds(reading, "lock") || mysql_reading_finds(reading, "export"))
        refuse_lock(reading);
}

/* ---- all of them -------------------------------------------------------------------------------------------------------- */

static const struct verb {
    const char *word, *kind;
    unsigned flags;
    void (*read)(struct mysql_reading *reading);
} verbs[] = {
    {"select", "select", READS, read_select},
    {"values", "select", READS, mysql_reading_uses},
    {"table", "select", READS, NULL},
    {"with", "with", UNREAD, read_with},
    {"insert", "insert", DATA, read_insert},
    {"replace", "insert", DATA, read_insert},
    {"update", "update", DATA, read_update},
    {"delete", "delete", DATA, read_delete},
    {"truncate", "truncate", DATA | ALONE, read_truncate},
    {"load", "load index", ALONE, read_load},
    {"import", "import table", SCHEMA, refuse_server},
    {"call", "call", SCHEMA | DATA | UNREAD, NULL},
    {"do", "do", DATA, mysql_reading_uses},
    {"handler", "handler", READS, NULL},
    {"show", "show", READS, NULL},
    {"describe", "explain", READS, read_explain},
    {"desc", "explain", READS, read_explain},
    {"explain", "explain", READS, read_explain},
    {"help", "help", READS, NULL},
    {"check", "check table", READS, NULL},
    {"checksum", "checksum table", READS, NULL},
    {"create", "create", SCHEMA | UNREAD, mysql_classify_create},
    {"alter", "alter", SCHEMA | UNREAD, mysql_classify_alter},
    {"drop", "drop", SCHEMA | UNREAD, mysql_classify_drop},
    {"rename", "rename", SCHEMA | UNREAD, mysql_classify_rename},
    {"grant", "grant", SCHEMA | SERVER, NULL},
    {"revoke", "revoke", SCHEMA | SERVER, NULL},
    {"analyze", "analyze table", DATA | ALONE, read_analyze},
    {"optimize", "optimize table", DATA | ALONE, NULL},
    {"repair", "repair table", DATA | ALONE, NULL},
    {"cache", "cache index", ALONE | SERVER, NULL},
    {"flush", "flush", ALONE | SERVER, read_flush},
    {"set", "set", SESSION, mysql_classify_set},
    {"prepare", "prepare", SESSION | UNREAD, NULL},
    {"execute", "execute", SCHEMA | DATA | UNREAD, NULL},
    {"deallocate", "deallocate", SESSION, NULL},
    {"signal", "signal", 0, NULL},
    {"resignal", "signal", 0, NULL},
    {"get", "get diagnostics", 0, NULL},
    {"begin", "begin", TRANSACTION, read_begin},
    {"start", "begin", TRANSACTION, read_start},
    {"commit", "commit", TRANSACTION, NULL},
    {"rollback", "rollback", TRANSACTION, NULL},
    {"savepoint", "savepoint", TRANSACTION, NULL},
    {"release", "release", TRANSACTION, NULL},
    {"xa", "xa", TRANSACTION, NULL},
    {"lock", "lock tables", ALONE, refuse_lock},
    {"unlock", "unlock tables", ALONE, refuse_lock},
    {"backup", "backup", ALONE, refuse_lock},
    {"use", "use", 0, refuse_use},
    {"stop", "stop replica", ALONE, refuse_replication},
    {"change", "change replication", ALONE, refuse_replication},
    {"reset", "reset", ALONE, refuse_server},
    {"purge", "purge", ALONE, refuse_replication},
    {"binlog", "binlog", DATA | ALONE, refuse_replication},
    {"shutdown", "shutdown", ALONE, refuse_server},
    {"restart", "restart", ALONE, refuse_server},
    {"kill", "kill", 0, refuse_server},
    {"clone", "clone", ALONE, refuse_server},
    {"install", "install", ALONE, refuse_code},
    {"uninstall", "uninstall", ALONE, refuse_code},
};

void mysql_classify_statement(struct mysql_reading *reading)
{
    while (mysql_reading_accept(reading, "("))
        ;
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (!mysql_reading_accept(reading, verbs[i].word))
            continue;
        reading->kind = verbs[i].kind;
        reading->flags = verbs[i].flags;
        if (verbs[i].read)
            verbs[i].read(reading);
        return;
    }
    reading->kind = "statement";
    reading->flags = UNREAD;
}

/* False when the text could not be read to its end. */
static bool read_tokens(struct mysql_reading *reading, const char *text, size_t length)
{
    struct mysql_lexer lexer;
    struct mysql_token token;
    size_t room = 0;
    mysql_lex_begin(&lexer, text, length);
    do {
        mysql_lex_next(&lexer, &token);
        if (token.type == MYSQL_TOKEN_OPEN || token.type == MYSQL_TOKEN_CLOSE)
            continue;
        if (reading->count == room) {
            room = room ? room * 2 : 64;
            void *larger = realloc(reading->tokens, room * sizeof(*reading->tokens));
            if (!larger) {
                reading->failed = true;
                return false;
            }
            reading->tokens = larger;
        }
        reading->tokens[reading->count++] = token;
    } while (token.type != MYSQL_TOKEN_END && token.type != MYSQL_TOKEN_BAD);
    return token.type == MYSQL_TOKEN_END;
}

/* The model leaves dara's own tables out, so no difference would show what happened to them. */
static void guard_own_tables(struct mysql_reading *reading)
{
    static const char *const own[] = {MYSQL_HISTORY_TABLE, MYSQL_JOURNAL_TABLE, MYSQL_LEASE_TABLE};
    if (reading->flags == READS)
        return;
    for (size_t i = 0; i < reading->count; i++) {
        const struct mysql_token *token = &reading->tokens[i];
        size_t quote = token->type == MYSQL_TOKEN_QUOTED || token->type == MYSQL_TOKEN_STRING;
        for (size_t o = 0; o < sizeof(own) / sizeof(own[0]); o++) {
            if (token->length != strlen(own[o]) + 2 * quote || token->type == MYSQL_TOKEN_OTHER ||
                strncasecmp(token->start + quote, own[o], strlen(own[o])) != 0)
                continue;
            mysql_reading_hazard(reading, "change-history", true,
                                 "it names dara's own record of what is applied: what it changes there is believed");
            return;
        }
    }
}

static void classify(struct mysql_reading *reading, const char *text, size_t length)
{
    reading->kind = "statement";
    reading->flags = UNREAD;
    if (!read_tokens(reading, text, length))
        return;
    if (reading->count == 1) {
        reading->kind = "comment";
        reading->flags = 0;
        return;
    }
    mysql_reading_hide_ctes(reading);
    mysql_classify_statement(reading);
    guard_own_tables(reading);
    if (!(reading->flags & DARA_STATEMENT_REFUSED) && mysql_reading_calls(reading, "release_all_locks"))
        mysql_reading_refuse(reading, "it gives up the lock that keeps other runs of dara away", "take the call out");
}

int mysql_classify_text(const char *text, size_t length, struct dara_facts *facts, const char **ret_kind,
                        unsigned *ret_flags)
{
    struct mysql_reading reading = {.facts = facts};
    classify(&reading, text, length);
    for (size_t i = 0; i < reading.known_count; i++)
        mysql_name_free(&reading.known[i]);
    free(reading.known);
    free(reading.tokens);
    if (reading.failed)
        return mysql_out_of_memory();
    *ret_kind = reading.kind;
    *ret_flags = reading.flags;
    return 0;
}

int mysql_dialect_classify(struct dara_conn *conn, const char *text, size_t length, struct dara_facts *facts)
{
    const char *kind = NULL;
    unsigned flags = 0;
    (void)conn;
    int code = mysql_classify_text(text, length, facts, &kind, &flags);
    if (!code)
        dara_facts_kind(facts, kind, flags);
    return code;
}
