/* SPDX-License-Identifier: MIT */
#include "body.h"

#include <string.h>

static bool is_any(const struct mysql_token *token, const char *const *words)
{
    for (; *words; words++)
        if (mysql_token_is(token, *words))
            return true;
    return false;
}

void mysql_body_begin(struct mysql_body *body)
{
    *body = (struct mysql_body){.place = MYSQL_BODY_HEAD};
}

bool mysql_body_open(const struct mysql_body *body)
{
    return body->depth > 0 || body->declares;
}

static void push(struct mysql_body *body, char block)
{
    if (body->depth < MYSQL_BODY_DEPTH)
        body->blocks[body->depth] = block;
    body->depth++;
}

static char top(const struct mysql_body *body)
{
    return body->depth && body->depth <= MYSQL_BODY_DEPTH ? body->blocks[body->depth - 1] : '\0';
}

/* ---- what the statement makes ------------------------------------------------------------------------------------------- */

static void look_for_program(struct mysql_body *body, const struct mysql_token *token)
{
    static const struct {
        const char *word;
        enum mysql_program program;
    } programs[] = {{"procedure", MYSQL_PROGRAM_ROUTINE},
                    {"function", MYSQL_PROGRAM_ROUTINE},
                    {"trigger", MYSQL_PROGRAM_TRIGGER},
                    {"event", MYSQL_PROGRAM_EVENT},
                    {"package", MYSQL_PROGRAM_PACKAGE}};
    static const char *const others[] = {"table", "view",   "index",      "database", "schema", "user",
                                         "role",  "server", "tablespace", "sequence", "unique", NULL};
    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
        if (mysql_token_is(token, programs[i].word))
            body->program = programs[i].program;
    body->named = body->program || is_any(token, others);
    if (body->program == MYSQL_PROGRAM_PACKAGE)
        push(body, 'p');
}

/* A body at the top: MariaDB takes compound statements by themselves, BEGIN as BEGIN NOT ATOMIC. */
static void take_first(struct mysql_body *body, const struct mysql_token *token)
{
    static const char *const compound[] = {"if", "case", "loop", "while", "repeat", "for", NULL};
    body->creates = mysql_token_is(token, "create");
    body->alters = mysql_token_is(token, "alter");
    body->declares = mysql_token_is(token, "declare");
    body->named = !body->creates && !body->alters;
    if (body->declares)
        body->place = MYSQL_BODY_SEEK;
    else if (is_any(token, compound))
        body->place = MYSQL_BODY_START;
}

/* Where the header ends and the body may begin. */
static void take_head(struct mysql_body *body, const struct mysql_token *token)
{
    bool seek = false;
    if (!body->named && !mysql_token_is(&body->last, "=") && !mysql_token_is(&body->last, "@"))
        look_for_program(body, token);
    else if (body->program == MYSQL_PROGRAM_ROUTINE)
        seek = !body->parens && (mysql_token_is(token, ")") || mysql_token_is(token, "as") ||
                                 mysql_token_is(token, "is") || mysql_token_is(token, "return"));
    else if (body->program == MYSQL_PROGRAM_TRIGGER)
        seek = mysql_token_is(token, "row");
    else if (body->program == MYSQL_PROGRAM_EVENT)
        seek = mysql_token_is(token, "do");
    else if (body->program == MYSQL_PROGRAM_PACKAGE)
        seek = body->count > 2;
    if (body->count == 1 && mysql_token_is(&body->last, "begin") && mysql_token_is(token, "not")) {
        push(body, 'b');
        seek = true;
    }
    if (seek)
        body->place = body->program == MYSQL_PROGRAM_EVENT ? MYSQL_BODY_START : MYSQL_BODY_SEEK;
    if (seek && (mysql_token_is(token, "as") || mysql_token_is(token, "is")))
        body->declares = body->program == MYSQL_PROGRAM_ROUTINE;
}

/* ---- inside ------------------------------------------------------------------------------------------------------------- */

static void begin_block(struct mysql_body *body)
{
    bool package_level = top(body) == 'p';
    body->place = MYSQL_BODY_START;
    if (package_level && !body->local)
        return; /* what a package does first: its END is the package's */
    push(body, 'b');
    body->declares = body->local = false;
}

/* A word that opens a block where a statement may begin. */
static bool open_block(struct mysql_body *body, const struct mysql_token *token)
{
    static const struct {
        const char *word;
        char block;
        bool starts; /* a statement comes next */
    } blocks[] = {{"if", 'i', false},  {"case", 'c', false}, {"while", 'l', false},
                  {"for", 'l', false}, {"loop", 'l', true},  {"repeat", 'l', true}};
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        if (!mysql_token_is(token, blocks[i].word))
            continue;
        push(body, blocks[i].block);
        body->place = blocks[i].starts ? MYSQL_BODY_START : MYSQL_BODY_INSIDE;
        return true;
    }
    return false;
}

/* A word that begins a statement of one piece; SET is also a type, after RETURNS, and in Oracle's mode RETURN is RETURNS. */
static bool is_verb(const struct mysql_body *body, const struct mysql_token *token)
{
    static const char *const verbs[] = {"select", "set",      "insert", "update",  "delete", "replace",
                                        "call",   "return",   "with",   "values",  "signal", "resignal",
                                        "do",     "truncate", "kill",   "execute", NULL};
    if (mysql_token_is(token, "return") && !body->depth && !body->returns)
        return false;
    return is_any(token, verbs) && !mysql_token_is(&body->last, "returns") && !mysql_token_is(&body->last, "return");
}

/* AS or IS of a routine: what is declared stands between it and BEGIN. */
static bool take_as(struct mysql_body *body, const struct mysql_token *token)
{
    if (body->parens || !(mysql_token_is(token, "as") || mysql_token_is(token, "is")))
        return false;
    if (body->local || body->program == MYSQL_PROGRAM_ROUTINE)
        body->declares = true;
    return true;
}

/* Between the routines of a package. */
static void take_package(struct mysql_body *body, const struct mysql_token *token)
{
    if (mysql_token_is(token, "function") || mysql_token_is(token, "procedure"))
        body->local = true;
    else if (mysql_token_is(token, "begin"))
        begin_block(body);
    else if (mysql_token_is(token, "end"))
        body->depth--;
}

/* The header of a body or of a handler, where a block may begin at any word. */
static void take_seeking(struct mysql_body *body, const struct mysql_token *token)
{
    body->returns = body->returns || mysql_token_is(token, "returns");
    if (take_as(body, token))
        return;
    if (top(body) == 'p')
        take_package(body, token);
    else if (mysql_token_is(token, "begin"))
        begin_block(body);
    else if (token->type == MYSQL_TOKEN_STRING && mysql_token_is(&body->last, "as"))
        body->declares = false; /* the body is in the string */
    else if (mysql_token_is(token, "atomic") && mysql_token_is(&body->last, "not"))
        body->place = MYSQL_BODY_START;
    else if (!body->declares && !body->parens && !mysql_token_is(&body->last, "handler") && !open_block(body, token) &&
             is_verb(body, token))
        body->place = MYSQL_BODY_INSIDE;
}

static void end_block(struct mysql_body *body)
{
    body->ended = top(body) != 'e';
    if (body->depth)
        body->depth--;
    body->place = MYSQL_BODY_INSIDE;
}

static void take_start(struct mysql_body *body, const struct mysql_token *token)
{
    body->declare = mysql_token_is(token, "declare");
    if (mysql_token_is(token, "begin"))
        begin_block(body);
    else if (mysql_token_is(token, "end"))
        end_block(body);
    else if (!mysql_token_is(token, ":") && !mysql_token_is(token, "else") && !open_block(body, token))
        body->place = MYSQL_BODY_INSIDE;
}

static void take_inside(struct mysql_body *body, const struct mysql_token *token)
{
    static const char *const branches[] = {"then", "else", NULL}, *const loops[] = {"do", "loop", NULL};
    char block = top(body);
    if (body->parens && block != 'e' && !mysql_token_is(token, "case"))
        return;
    if (mysql_token_is(token, ":") && !body->parens)
        body->place =
            MYSQL_BODY_START; /* a label; in Oracle's mode also a parameter of a cursor, which no block follows */
    else if (mysql_token_is(token, "case"))
        push(body, 'e');
    else if (mysql_token_is(token, "end"))
        end_block(body);
    else if ((is_any(token, branches) && (block == 'i' || block == 'c' || block == 'b')) ||
             (is_any(token, loops) && block == 'l'))
        body->place = MYSQL_BODY_START;
    else if (body->declare && mysql_token_is(token, "handler"))
        body->place = MYSQL_BODY_SEEK;
}

static void take_semicolon(struct mysql_body *body)
{
    bool package_level = top(body) == 'p';
    body->parens = 0;
    if (package_level && !body->declares)
        body->local = false;
    body->declare = false;
    body->place = package_level || body->declares ? MYSQL_BODY_SEEK : MYSQL_BODY_START;
}

void mysql_body_take(struct mysql_body *body, const struct mysql_token *token)
{
    if (token->type == MYSQL_TOKEN_OPEN || token->type == MYSQL_TOKEN_CLOSE)
        return;
    bool word_after_end = body->ended;
    body->ended = false;
    if (mysql_token_is(token, ")") && body->parens)
        body->parens--;
    if (body->count == 0)
        take_first(body, token);
    if (mysql_token_is(token, ";"))
        take_semicolon(body);
    else if (body->place == MYSQL_BODY_HEAD)
        take_head(body, token);
    else if (body->place == MYSQL_BODY_SEEK)
        take_seeking(body, token);
    else if (body->place == MYSQL_BODY_START)
        take_start(body, token);
    else if (!word_after_end)
        take_inside(body, token);
    if (mysql_token_is(token, "("))
        body->parens++;
    body->count++;
    body->last = *token;
}
