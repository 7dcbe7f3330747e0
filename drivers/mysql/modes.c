/* SPDX-License-Identifier: MIT */
/* sql_mode as far as it decides how text is read, followed through a script. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "script.h"

static bool is_name(const char *name, size_t length, const char *other)
{
    return strlen(other) == length && strncasecmp(name, other, length) == 0;
}

unsigned mysql_modes_of(const char *names)
{
    static const char *const ansi[] = {"ansi_quotes", "ansi", "oracle", "db2", "maxdb", "mssql", "postgresql"};
    unsigned modes = 0;
    while (*names) {
        size_t length = strcspn(names, ",");
        for (size_t i = 0; i < sizeof(ansi) / sizeof(ansi[0]); i++)
            if (is_name(names, length, ansi[i]))
                modes |= MYSQL_MODE_ANSI_QUOTES;
        if (is_name(names, length, "no_backslash_escapes"))
            modes |= MYSQL_MODE_NO_BACKSLASH_ESCAPES;
        names += length + (names[length] == ',');
    }
    return modes;
}

/* ---- user variables that keep a mode ----------------------------------------------------------------------------------------- */

static void keep(struct mysql_modes *modes, char *name, unsigned value)
{
    size_t at = 0;
    while (at < MYSQL_MODES_KEPT && modes->kept[at].name && strcasecmp(modes->kept[at].name, name) != 0)
        at++;
    if (at == MYSQL_MODES_KEPT)
        at = modes->next++ % MYSQL_MODES_KEPT;
    free(modes->kept[at].name);
    modes->kept[at].name = name;
    modes->kept[at].modes = value;
}

static bool find(const struct mysql_modes *modes, const char *name, unsigned *ret_value)
{
    for (size_t i = 0; i < MYSQL_MODES_KEPT; i++) {
        if (modes->kept[i].name && strcasecmp(modes->kept[i].name, name) == 0) {
            *ret_value = modes->kept[i].modes;
            return true;
        }
    }
    return false;
}

void mysql_modes_free(struct mysql_modes *modes)
{
    for (size_t i = 0; i < MYSQL_MODES_KEPT; i++)
        free(modes->kept[i].name);
}

/* ---- SET ------------------------------------------------------------------------------------------------------------------ */

/* One assignment of a SET: what is set, and the value as far as it was read. */
struct assignment {
    char *variable; /* a user variable that is set, or NULL */
    bool mode;      /* sql_mode of the session is set */
    bool value;     /* behind the '=' */
    bool removes;   /* REPLACE(…, 'what', …) */
    bool known;     /* something of the value was understood */
    bool of_mode;   /* the value is one of sql_mode */
    unsigned result;
    size_t parens, ats;
};

static void close_assignment(struct mysql_modes *modes, struct assignment *it)
{
    if (it->mode && it->known)
        modes->now = it->result;
    if (it->variable && it->of_mode)
        keep(modes, it->variable, it->result);
    else
        free(it->variable);
    *it = (struct assignment){.mode = false};
}

static int take_target(struct assignment *it, const struct mysql_token *token, unsigned modes)
{
    if (mysql_token_is(token, "@")) {
        it->ats++;
    } else if (mysql_token_is(token, "=")) {
        it->value = true;
        it->ats = 0;
    } else if (mysql_token_is(token, "global") || mysql_token_is(token, "statement")) {
        it->removes = true; /* not for the session */
    } else if (mysql_token_is(token, "sql_mode") && it->ats != 1) {
        it->mode = !it->removes;
    } else if (it->ats == 1 && !it->variable && token->type != MYSQL_TOKEN_OTHER) {
        it->variable = mysql_token_text(token, modes);
        if (!it->variable)
            return dara_error_set(DARA_EINTERNAL, "out of memory");
    }
    return 0;
}

/* One word or string of a value: the modes it stands for. */
static bool read_value(const struct mysql_modes *modes, struct assignment *it, const struct mysql_token *token,
                       const char *text, size_t ats, unsigned *ret_found)
{
    if (mysql_token_is(token, "sql_mode")) {
        it->of_mode = true;
        *ret_found = modes->now;
        return true;
    }
    if (ats == 1)
        return find(modes, text, ret_found);
    if (token->type == MYSQL_TOKEN_WORD && mysql_token_is(token, "replace"))
        it->removes = true;
    else if (ats == 0)
        *ret_found = mysql_modes_of(text); /* DEFAULT and the names of functions are none */
    return ats == 0;
}

static int take_value(const struct mysql_modes *modes, struct assignment *it, const struct mysql_token *token)
{
    size_t ats = it->ats;
    it->ats = mysql_token_is(token, "@") ? ats + 1 : 0;
    if (token->type == MYSQL_TOKEN_OTHER || token->type == MYSQL_TOKEN_OPEN || token->type == MYSQL_TOKEN_CLOSE)
        return 0;
    unsigned found = 0;
    char *text = mysql_token_text(token, modes->now);
    if (!text)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    if (read_value(modes, it, token, text, ats, &found))
        it->known = true;
    it->result = it->removes && token->type == MYSQL_TOKEN_STRING ? it->result & ~found : it->result | found;
    free(text);
    return 0;
}

int mysql_modes_follow(struct mysql_modes *modes, const char *text, size_t length)
{
    struct mysql_lexer lexer;
    struct mysql_token token;
    struct assignment it = {.mode = false};
    int code = 0;
    mysql_lex_begin(&lexer, text, length);
    lexer.modes = modes->now;
    do {
        mysql_lex_next(&lexer, &token);
    } while (token.type == MYSQL_TOKEN_OPEN);
    if (!mysql_token_is(&token, "set"))
        return 0;
    while (!code && mysql_lex_next(&lexer, &token) != MYSQL_TOKEN_END && token.type != MYSQL_TOKEN_BAD) {
        it.parens += mysql_token_is(&token, "(");
        it.parens -= mysql_token_is(&token, ")") && it.parens;
        if (mysql_token_is(&token, ",") && !it.parens)
            close_assignment(modes, &it);
        else if (it.value)
            code = take_value(modes, &it, &token);
        else
            code = take_target(&it, &token, modes->now);
    }
    close_assignment(modes, &it);
    return code;
}
