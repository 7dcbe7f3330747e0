/* SPDX-License-Identifier: MIT */
/* A script as statements. */
#include <string.h>

#include "driver.h"
#include "lex.h"

/* Where a statement stands. A trigger ends at `; END ;` and nowhere before (the END of a CASE never follows a ';'), which is
 * the rule of SQLite's own shell. */
enum place {
    AT_START,
    AT_EXPLAIN,
    AT_CREATE,
    IN_STATEMENT,
    IN_TRIGGER,
    AFTER_SEMICOLON, /* in a trigger */
    AFTER_END,
};

static enum place next_place(enum place place, const struct sqlite_token *token)
{
    switch (place) {
    case AT_START:
        if (sqlite_token_is(token, "explain"))
            return AT_EXPLAIN;
        return sqlite_token_is(token, "create") ? AT_CREATE : IN_STATEMENT;
    case AT_EXPLAIN:
        if (sqlite_token_is(token, "query") || sqlite_token_is(token, "plan"))
            return AT_EXPLAIN;
        return sqlite_token_is(token, "create") ? AT_CREATE : IN_STATEMENT;
    case AT_CREATE:
        if (sqlite_token_is(token, "temp") || sqlite_token_is(token, "temporary"))
            return AT_CREATE;
        return sqlite_token_is(token, "trigger") ? IN_TRIGGER : IN_STATEMENT;
    case IN_STATEMENT:
        return IN_STATEMENT;
    case AFTER_SEMICOLON:
        if (sqlite_token_is(token, "end"))
            return AFTER_END;
        break;
    default:
        break;
    }
    return sqlite_token_is(token, ";") ? AFTER_SEMICOLON : IN_TRIGGER;
}

static bool ends(enum place place, const struct sqlite_token *token)
{
    return sqlite_token_is(token, ";") && (place < IN_TRIGGER || place == AFTER_END);
}

static int fail_line(unsigned line)
{
    dara_error_at(NULL, (long)line);
    return DARA_EFILE;
}

static int fail_bad(const struct sqlite_token *token, const char *end)
{
    char c = token->start < end ? *token->start : '\0';
    if (c == '/')
        dara_error_set(DARA_EFILE, "the comment that begins here with '/*' does not end");
    else if (c == '\'' || c == '"' || c == '`' || c == '[')
        dara_error_set(DARA_EFILE, "the quote %c that begins here does not end", c);
    else if ((unsigned char)c >= 0x20 && (unsigned char)c < 0x7f)
        dara_error_set(DARA_EFILE, "SQLite does not know what begins here with '%c'", c);
    else
        dara_error_set(DARA_EFILE, "SQLite does not know the byte 0x%02x that stands here", (unsigned char)c);
    return fail_line(token->line);
}

/* The shell of SQLite reads a dot at the start of a line as a command of its own; the engine knows none. */
static int fail_dot(const struct sqlite_token *token, const char *end)
{
    size_t length = 1;
    while (token->start + length < end && length < 40 &&
           strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", token->start[length]))
        length++;
    dara_error_set(DARA_EFILE, "'%.*s' is a command of the sqlite3 program, not SQL", (int)length, token->start);
    dara_error_hint("take the line out, or write what it does as SQL");
    return fail_line(token->line);
}

static int check_nul(const char *script, size_t length)
{
    const char *nul = memchr(script, '\0', length);
    unsigned line = 1;
    if (!nul)
        return 0;
    for (const char *at = script; at < nul; at++)
        line += *at == '\n';
    dara_error_set(DARA_EFILE, "a NUL byte stands in the text");
    return fail_line(line);
}

int sqlite_dialect_split(struct dara_conn *conn, const char *script, size_t length, struct dara_statements *statements)
{
    struct sqlite_lexer lexer;
    struct sqlite_token token, first = {.start = NULL}, last = {.start = NULL};
    enum place place = AT_START;
    (void)conn;
    int code = check_nul(script, length);
    if (code)
        return code;
    sqlite_lex_begin(&lexer, script, length);
    while (sqlite_lex_next(&lexer, &token) != SQLITE_TOKEN_END) {
        if (!first.start && *token.start == '.')
            return fail_dot(&token, lexer.end);
        if (token.type == SQLITE_TOKEN_BAD)
            return fail_bad(&token, lexer.end);
        if (ends(place, &token)) {
            if (first.start)
                dara_statements_add(statements, first.start, (size_t)(last.start + last.length - first.start),
                                    first.line);
            first.start = NULL;
            place = AT_START;
            continue;
        }
        if (!first.start)
            first = token;
        place = next_place(place, &token);
        last = token;
    }
    if (!first.start)
        return 0;
    if (place == IN_TRIGGER || place == AFTER_SEMICOLON) {
        dara_error_set(DARA_EFILE, "the trigger that begins here does not end with END");
        return fail_line(first.line);
    }
    dara_statements_add(statements, first.start, (size_t)(last.start + last.length - first.start), first.line);
    return 0;
}
