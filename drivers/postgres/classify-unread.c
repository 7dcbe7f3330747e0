/* SPDX-License-Identifier: MIT */
/* Statements that libpg_query cannot read: newer grammar, or text that is no SQL. What they are is told by their first words. */
#include <stdio.h>
#include <string.h>

#include "classify.h"
#include "lex.h"

static const struct {
    const char *word;
    unsigned flags;
    bool object; /* the next word says of what */
} verbs[] = {
    {"create", DARA_STATEMENT_SCHEMA, true},
    {"alter", DARA_STATEMENT_SCHEMA, true},
    {"drop", DARA_STATEMENT_SCHEMA, true},
    {"comment", DARA_STATEMENT_SCHEMA, false},
    {"grant", DARA_STATEMENT_SCHEMA, false},
    {"revoke", DARA_STATEMENT_SCHEMA, false},
    {"insert", DARA_STATEMENT_DATA, false},
    {"update", DARA_STATEMENT_DATA, false},
    {"delete", DARA_STATEMENT_DATA, false},
    {"merge", DARA_STATEMENT_DATA, false},
    {"truncate", DARA_STATEMENT_DATA, false},
    {"copy", DARA_STATEMENT_DATA, false},
    {"vacuum", DARA_STATEMENT_DATA | DARA_STATEMENT_NO_TRANSACTION, false},
};

struct words {
    struct postgres_token first, second;
    bool program, concurrently;
};

static struct words read_words(const char *text, size_t length)
{
    struct postgres_lexer lexer;
    struct postgres_token token;
    struct words words = {.program = false};
    postgres_lex_begin(&lexer, text, length);
    for (size_t i = 0; postgres_lex_next(&lexer, &token) != POSTGRES_TOKEN_END; i++) {
        if (token.type == POSTGRES_TOKEN_BAD)
            break;
        if (i == 0)
            words.first = token;
        if (i == 1)
            words.second = token;
        words.program = words.program || postgres_token_is(&token, "program");
        words.concurrently = words.concurrently || postgres_token_is(&token, "concurrently");
    }
    return words;
}

static void name(char *kind, size_t size, const struct words *words, bool object)
{
    size_t length = words->first.length;
    bool two = object && words->second.type == POSTGRES_TOKEN_WORD;
    snprintf(kind, size, "%.*s%s%.*s", (int)(length < 30 ? length : 30), words->first.start, two ? " " : "",
             two ? (int)(words->second.length < 30 ? words->second.length : 30) : 0, two ? words->second.start : "");
    for (char *at = kind; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
}

void postgres_classify_unread(const char *text, size_t length, struct dara_facts *facts)
{
    struct words words = read_words(text, length);
    unsigned flags = DARA_STATEMENT_UNREAD;
    char kind[64] = "statement";
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (!postgres_token_is(&words.first, verbs[i].word))
            continue;
        flags |= verbs[i].flags;
        name(kind, sizeof(kind), &words, verbs[i].object);
        bool schema = (verbs[i].flags & DARA_STATEMENT_SCHEMA) != 0;
        if (schema && words.concurrently)
            flags |= DARA_STATEMENT_NO_TRANSACTION;
    }
    dara_facts_kind(facts, kind, flags);
    if (postgres_token_is(&words.first, "copy") && words.program)
        dara_facts_refuse(facts, "it runs a program on the server", "load the rows with COPY … FROM stdin");
    if (postgres_token_is(&words.second, "database") &&
        (postgres_token_is(&words.first, "create") || postgres_token_is(&words.first, "drop")))
        dara_facts_refuse(facts, "it makes or drops a database, and a migration works inside one",
                          "use the tools of the server");
    if (postgres_token_is(&words.second, "system") && postgres_token_is(&words.first, "alter"))
        dara_facts_refuse(facts, "it changes settings of the whole server", "change the server's configuration");
}
