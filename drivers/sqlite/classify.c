/* SPDX-License-Identifier: MIT */
/* What a statement is, by its first words. */
#include <stdlib.h>
#include <string.h>

#include "classify.h"
#include "driver.h"

static void refuse(struct sqlite_reading *reading, const char *kind, const char *why, const char *hint)
{
    dara_facts_kind(reading->facts, kind, DARA_STATEMENT_REFUSED);
    dara_facts_refuse(reading->facts, why, hint);
}

/* ---- rows --------------------------------------------------------------------------------------------------------------------- */

static void read_select(struct sqlite_reading *reading)
{
    dara_facts_kind(reading->facts, "select", DARA_STATEMENT_READS);
    sqlite_reading_uses(reading);
}

static void read_insert(struct sqlite_reading *reading)
{
    dara_facts_kind(reading->facts, "insert", DARA_STATEMENT_DATA);
    sqlite_reading_uses(reading);
}

static void read_update(struct sqlite_reading *reading)
{
    dara_facts_kind(reading->facts, "update", DARA_STATEMENT_DATA);
    if (!sqlite_reading_finds(reading, "where"))
        dara_facts_hazard(reading->facts, "update-without-where", true,
                          "UPDATE without WHERE writes over values in every row");
    reading->at--; /* the table follows UPDATE */
    sqlite_reading_uses(reading);
}

static void read_delete(struct sqlite_reading *reading)
{
    dara_facts_kind(reading->facts, "delete", DARA_STATEMENT_DATA);
    if (!sqlite_reading_finds(reading, "where"))
        dara_facts_hazard(reading->facts, "delete-without-where", true, "DELETE without WHERE removes every row");
    sqlite_reading_uses(reading);
}

/* The verb after WITH stands outside all parentheses; what the expressions before it use is used, too. */
static void read_with(struct sqlite_reading *reading)
{
    static const struct {
        const char *word;
        void (*read)(struct sqlite_reading *);
    } verbs[] = {{"select", read_select},  {"values", read_select}, {"insert", read_insert},
                 {"replace", read_insert}, {"update", read_update}, {"delete", read_delete}};
    size_t start = reading->at;
    long depth = 0;
    for (size_t i = start; i < reading->count; i++) {
        const struct sqlite_token *token = &reading->tokens[i];
        if (sqlite_token_is(token, "("))
            depth++;
        else if (sqlite_token_is(token, ")"))
            depth--;
        for (size_t v = 0; depth == 0 && v < sizeof(verbs) / sizeof(verbs[0]); v++) {
            if (!sqlite_token_is(token, verbs[v].word))
                continue;
            reading->at = i + 1;
            verbs[v].read(reading);
            reading->at = start;
            sqlite_reading_uses(reading);
            return;
        }
    }
    dara_facts_kind(reading->facts, "with", DARA_STATEMENT_UNREAD);
}

static void read_explain(struct sqlite_reading *reading)
{
    dara_facts_kind(reading->facts, "explain", DARA_STATEMENT_READS);
}

/* ---- the file and its transactions ------------------------------------------------------------------------------------------------ */

static void read_transaction(struct sqlite_reading *reading)
{
    static const char *const words[] = {"begin", "commit", "end", "rollback", "savepoint", "release"};
    const char *kind = "transaction";
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sqlite_token_is(&reading->tokens[0], words[i]))
            kind = words[i];
    dara_facts_kind(reading->facts, kind, DARA_STATEMENT_TRANSACTION);
}

static void read_vacuum(struct sqlite_reading *reading)
{
    if (sqlite_reading_finds(reading, "into"))
        refuse(reading, "vacuum into", "it writes another file", "copy the file with `sqlite3 FILE 'VACUUM INTO …'`");
    else
        dara_facts_kind(reading->facts, "vacuum", DARA_STATEMENT_NO_TRANSACTION | DARA_STATEMENT_DATA);
}

static void read_attach(struct sqlite_reading *reading)
{
    refuse(reading, "attach", "dara works on one file, and an attached one is beyond its lock, snapshots and rollback",
           "apply the migration to the other file by itself");
}

static void read_detach(struct sqlite_reading *reading)
{
    refuse(reading, "detach", "dara works on one file, so none is attached", "take the statement out");
}

static void read_analyze(struct sqlite_reading *reading)
{
    dara_facts_kind(reading->facts, "analyze", DARA_STATEMENT_DATA);
}

static void read_reindex(struct sqlite_reading *reading)
{
    dara_facts_kind(reading->facts, "reindex", DARA_STATEMENT_DATA);
}

/* ---- all of them --------------------------------------------------------------------------------------------------------------------- */

static const struct verb {
    const char *word;
    void (*read)(struct sqlite_reading *reading);
} verbs[] = {
    {"create", sqlite_classify_create},
    {"drop", sqlite_classify_drop},
    {"alter", sqlite_classify_alter},
    {"insert", read_insert},
    {"replace", read_insert},
    {"update", read_update},
    {"delete", read_delete},
    {"select", read_select},
    {"values", read_select},
    {"with", read_with},
    {"pragma", sqlite_classify_pragma},
    {"explain", read_explain},
    {"begin", read_transaction},
    {"commit", read_transaction},
    {"end", read_transaction},
    {"rollback", read_transaction},
    {"savepoint", read_transaction},
    {"release", read_transaction},
    {"vacuum", read_vacuum},
    {"attach", read_attach},
    {"detach", read_detach},
    {"analyze", read_analyze},
    {"reindex", read_reindex},
};

static bool calls_load_extension(const struct sqlite_reading *reading)
{
    for (size_t i = 0; i + 1 < reading->count; i++) {
        const struct sqlite_token *token = &reading->tokens[i];
        bool quoted = token->type == SQLITE_TOKEN_QUOTED && token->length == sizeof("\"load_extension\"") - 1 &&
                      strncmp(token->start + 1, "load_extension", 14) == 0;
        if ((quoted || sqlite_token_is(token, "load_extension")) && sqlite_token_is(token + 1, "("))
            return true;
    }
    return false;
}

/* False when the text could not be read to its end. */
static bool read_tokens(struct sqlite_reading *reading, const char *text, size_t length)
{
    struct sqlite_lexer lexer;
    size_t room = 0;
    enum sqlite_token_type type;
    sqlite_lex_begin(&lexer, text, length);
    do {
        if (reading->count == room) {
            room = room ? room * 2 : 64;
            void *larger = realloc(reading->tokens, room * sizeof(*reading->tokens));
            if (!larger) {
                reading->failed = true;
                return false;
            }
            reading->tokens = larger;
        }
        type = sqlite_lex_next(&lexer, &reading->tokens[reading->count]);
        reading->count++;
    } while (type != SQLITE_TOKEN_END && type != SQLITE_TOKEN_BAD);
    return type == SQLITE_TOKEN_END;
}

/* dara's own table, however it is quoted. */
static bool names_history(const struct sqlite_reading *reading)
{
    const size_t length = strlen(SQLITE_HISTORY_TABLE);
    for (size_t i = 0; i < reading->count; i++) {
        const struct sqlite_token *token = &reading->tokens[i];
        bool quoted =
            token->length == length + 2 && sqlite3_strnicmp(token->start + 1, SQLITE_HISTORY_TABLE, (int)length) == 0;
        if (quoted || sqlite_token_is(token, SQLITE_HISTORY_TABLE))
            return true;
    }
    return false;
}

/* The model leaves that table out, so no difference would show what happened to it. */
static void guard_history(struct sqlite_reading *reading)
{
    static const char *const writers[] = {"create", "drop", "alter", "insert", "replace", "update", "delete", "with"};
    bool writes = false;
    for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++)
        writes |= sqlite_token_is(&reading->tokens[0], writers[i]);
    if (writes && names_history(reading))
        dara_facts_hazard(reading->facts, "change-history", true,
                          "it names dara's own record of what is applied: what it changes there is believed");
}

static void classify(struct sqlite_reading *reading, const char *text, size_t length)
{
    if (!read_tokens(reading, text, length)) {
        dara_facts_kind(reading->facts, "statement", DARA_STATEMENT_UNREAD);
        return;
    }
    if (*reading->tokens[0].start == '.' && reading->count > 1) {
        refuse(reading, "shell command", "it is a command of the sqlite3 program, not SQL", "take the line out");
        return;
    }
    if (calls_load_extension(reading)) {
        refuse(reading, "load_extension", "it loads code into the process", "take the call out");
        return;
    }
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (!sqlite_token_is(&reading->tokens[0], verbs[i].word))
            continue;
        reading->at = 1;
        sqlite_reading_hide_ctes(reading);
        verbs[i].read(reading);
        guard_history(reading);
        return;
    }
    dara_facts_kind(reading->facts, "statement", DARA_STATEMENT_UNREAD);
}

int sqlite_dialect_classify(struct dara_conn *conn, const char *text, size_t length, struct dara_facts *facts)
{
    struct sqlite_reading reading = {.facts = facts};
    (void)conn;
    classify(&reading, text, length);
    for (size_t i = 0; i < reading.use_count; i++)
        free(reading.uses[i].key);
    for (size_t i = 0; i < reading.hidden_count; i++)
        free(reading.hidden[i]);
    free(reading.uses);
    free(reading.hidden);
    free(reading.tokens);
    return reading.failed ? dara_error_set(DARA_EINTERNAL, "out of memory") : 0;
}
