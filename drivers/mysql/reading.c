/* SPDX-License-Identifier: MIT */
/* The reader of one statement's tokens, and what it tells. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "classify.h"

const struct mysql_token *mysql_reading_peek(const struct mysql_reading *reading, size_t offset)
{
    size_t left = reading->count - 1 - reading->at;
    return &reading->tokens[offset < left ? reading->at + offset : reading->count - 1];
}

bool mysql_reading_is(const struct mysql_reading *reading, const char *word)
{
    return mysql_token_is(mysql_reading_peek(reading, 0), word);
}

bool mysql_reading_ends(const struct mysql_reading *reading)
{
    return mysql_reading_peek(reading, 0)->type == MYSQL_TOKEN_END;
}

void mysql_reading_advance(struct mysql_reading *reading)
{
    if (reading->at + 1 < reading->count)
        reading->at++;
}

bool mysql_reading_accept(struct mysql_reading *reading, const char *words)
{
    size_t count = 0;
    while (*words) {
        char word[32];
        size_t length = strcspn(words, " ");
        memcpy(word, words, length);
        word[length] = '\0';
        if (!mysql_token_is(mysql_reading_peek(reading, count++), word))
            return false;
        words += length + (words[length] == ' ');
    }
    reading->at += count;
    return true;
}

static bool is_name(const struct mysql_token *token)
{
    return token->type == MYSQL_TOKEN_WORD || token->type == MYSQL_TOKEN_QUOTED;
}

bool mysql_reading_at_name(const struct mysql_reading *reading)
{
    return is_name(mysql_reading_peek(reading, 0));
}

static char *text_of(struct mysql_reading *reading)
{
    char *text = mysql_token_text(mysql_reading_peek(reading, 0), 0);
    reading->failed = reading->failed || !text;
    mysql_reading_advance(reading);
    return text;
}

struct mysql_name mysql_reading_name(struct mysql_reading *reading)
{
    struct mysql_name name = {.key = NULL};
    if (!mysql_reading_at_name(reading))
        return name;
    name.key = text_of(reading);
    if (mysql_reading_is(reading, ".") && is_name(mysql_reading_peek(reading, 1))) {
        mysql_reading_advance(reading);
        name.space = name.key;
        name.key = text_of(reading);
    }
    return name;
}

void mysql_name_free(struct mysql_name *name)
{
    free(name->space);
    free(name->key);
}

void mysql_reading_skip_parens(struct mysql_reading *reading)
{
    size_t depth = 0;
    do {
        depth += mysql_reading_is(reading, "(");
        depth -= mysql_reading_is(reading, ")") && depth;
        mysql_reading_advance(reading);
    } while (depth && !mysql_reading_ends(reading));
}

bool mysql_reading_skip_to(struct mysql_reading *reading, const char *word)
{
    while (!mysql_reading_ends(reading)) {
        if (mysql_reading_accept(reading, word))
            return true;
        if (mysql_reading_is(reading, "("))
            mysql_reading_skip_parens(reading);
        else
            mysql_reading_advance(reading);
    }
    return false;
}

bool mysql_reading_finds(const struct mysql_reading *reading, const char *word)
{
    struct mysql_reading ahead = *reading;
    return mysql_reading_skip_to(&ahead, word);
}

bool mysql_reading_calls(const struct mysql_reading *reading, const char *function)
{
    for (size_t i = 0; i + 1 < reading->count; i++)
        if (mysql_token_is(&reading->tokens[i], function) && mysql_token_is(&reading->tokens[i + 1], "("))
            return true;
    return false;
}

/* ---- telling ------------------------------------------------------------------------------------------------------------ */

static char *copy(const char *string, bool *failed)
{
    char *made = string ? strdup(string) : NULL;
    *failed = *failed || (string && !made);
    return made;
}

void mysql_reading_hide(struct mysql_reading *reading, const struct mysql_name *name)
{
    if (reading->known_count == reading->known_room) {
        size_t room = reading->known_room ? reading->known_room * 2 : 16;
        void *larger = realloc(reading->known, room * sizeof(*reading->known));
        if (!larger) {
            reading->failed = true;
            return;
        }
        reading->known = larger;
        reading->known_room = room;
    }
    if (!name->key)
        return;
    struct mysql_name *it = &reading->known[reading->known_count++];
    it->space = copy(name->space, &reading->failed);
    it->key = copy(name->key, &reading->failed);
}

static bool is_known(const struct mysql_reading *reading, const struct mysql_name *name)
{
    for (size_t i = 0; i < reading->known_count; i++) {
        const struct mysql_name *it = &reading->known[i];
        if (it->key && strcasecmp(it->key, name->key) == 0 && !it->space == !name->space &&
            (!name->space || strcasecmp(it->space, name->space) == 0))
            return true;
    }
    return false;
}

void mysql_reading_object(struct mysql_reading *reading, enum dara_role role, const char *kind,
                          const struct mysql_name *name)
{
    static const char *const system[] = {"information_schema", "performance_schema", "mysql", "sys"};
    bool uses = role == DARA_ROLE_USES;
    if (!name->key || (uses && is_known(reading, name)))
        return;
    for (size_t i = 0; uses && name->space && i < sizeof(system) / sizeof(system[0]); i++)
        if (strcasecmp(name->space, system[i]) == 0)
            return;
    mysql_reading_hide(reading, name);
    if (reading->facts)
        dara_facts_object(reading->facts, role, kind, name->space, name->key);
}

void mysql_reading_hazard(struct mysql_reading *reading, const char *rule, bool destroys, const char *message)
{
    if (reading->facts)
        dara_facts_hazard(reading->facts, rule, destroys, message);
}

void mysql_reading_refuse(struct mysql_reading *reading, const char *why, const char *hint)
{
    reading->flags |= DARA_STATEMENT_REFUSED;
    if (reading->facts)
        dara_facts_refuse(reading->facts, why, hint);
}
