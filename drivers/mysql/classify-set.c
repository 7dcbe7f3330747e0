/* SPDX-License-Identifier: MIT */
/* SET in all its forms. */
#include <strings.h>

#include "classify.h"

/* A file is UTF-8: read as something else, every letter beyond ASCII would come to the server as others. */
static void check_charset(struct mysql_reading *reading)
{
    static const char *const good[] = {"utf8", "utf8mb4", "utf8mb3", "binary", "ascii", "default", "null"};
    const struct mysql_token *token = mysql_reading_peek(reading, 0);
    size_t quote = token->type == MYSQL_TOKEN_STRING || token->type == MYSQL_TOKEN_QUOTED;
    if (token->type != MYSQL_TOKEN_WORD && !quote)
        return; /* a variable: what it was before */
    struct mysql_token word = {
        .type = MYSQL_TOKEN_WORD, .start = token->start + quote, .length = token->length - 2 * quote};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        if (mysql_token_is(&word, good[i]))
            return;
    mysql_reading_hazard(reading, "client-charset", false,
                         "files are UTF-8, and what follows would be read in another character set");
}

static void refuse_global(struct mysql_reading *reading)
{
    reading->flags &= ~(unsigned)DARA_STATEMENT_SESSION;
    mysql_reading_refuse(reading, "it changes settings of the whole server",
                         "change the server's configuration, or set the session's variable");
}

/* SET STATEMENT a = 1 FOR SELECT …: what counts is the statement. */
static void read_set_statement(struct mysql_reading *reading)
{
    if (mysql_reading_skip_to(reading, "for"))
        mysql_classify_statement(reading);
    else
        reading->flags = DARA_STATEMENT_UNREAD;
}

static void read_variable(struct mysql_reading *reading)
{
    static const char *const global[] = {"global", "persist", "persist_only"};
    (void)(mysql_reading_accept(reading, "@ @") || mysql_reading_accept(reading, "@"));
    for (size_t i = 0; i < sizeof(global) / sizeof(global[0]); i++)
        if (mysql_reading_is(reading, global[i]) && !(reading->flags & DARA_STATEMENT_REFUSED))
            refuse_global(reading);
    if (mysql_reading_accept(reading, "session") || mysql_reading_accept(reading, "local"))
        mysql_reading_accept(reading, ".");
    if (mysql_reading_is(reading, "autocommit"))
        reading->flags = (reading->flags & ~(unsigned)DARA_STATEMENT_SESSION) | DARA_STATEMENT_TRANSACTION;
    if (mysql_reading_accept(reading, "names") || mysql_reading_accept(reading, "charset") ||
        mysql_reading_accept(reading, "character set")) {
        check_charset(reading);
    } else if (mysql_reading_accept(reading, "character_set_client")) {
        mysql_reading_accept(reading, ":");
        mysql_reading_accept(reading, "=");
        check_charset(reading);
    }
}

void mysql_classify_set(struct mysql_reading *reading)
{
    if (mysql_reading_accept(reading, "statement")) {
        read_set_statement(reading);
        return;
    }
    if (mysql_reading_is(reading, "password")) {
        reading->kind = "set password";
        reading->flags = DARA_STATEMENT_SCHEMA | DARA_STATEMENT_ELSEWHERE;
        return;
    }
    if (mysql_reading_is(reading, "transaction") || mysql_token_is(mysql_reading_peek(reading, 1), "transaction")) {
        reading->kind = "set transaction";
        reading->flags = DARA_STATEMENT_BEFORE_TRANSACTION;
    }
    do
        read_variable(reading);
    while (mysql_reading_skip_to(reading, ","));
    /* A value may hold subqueries. */
    reading->at = 1;
    mysql_reading_uses(reading);
}
