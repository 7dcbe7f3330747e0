/* SPDX-License-Identifier: MIT */
/* The reader of one statement's tokens, and the tables and views it uses. */
#include <stdlib.h>
#include <string.h>

#include "classify.h"

const struct sqlite_token *sqlite_reading_peek(const struct sqlite_reading *reading, size_t offset)
{
    size_t left = reading->count - 1 - reading->at;
    return &reading->tokens[offset < left ? reading->at + offset : reading->count - 1];
}

bool sqlite_reading_is(const struct sqlite_reading *reading, const char *text)
{
    return sqlite_token_is(sqlite_reading_peek(reading, 0), text);
}

static void advance(struct sqlite_reading *reading)
{
    if (reading->at + 1 < reading->count)
        reading->at++;
}

bool sqlite_reading_accept(struct sqlite_reading *reading, const char *text)
{
    if (!sqlite_reading_is(reading, text))
        return false;
    advance(reading);
    return true;
}

static bool is_name(const struct sqlite_token *token)
{
    return token->type == SQLITE_TOKEN_WORD || token->type == SQLITE_TOKEN_QUOTED || token->type == SQLITE_TOKEN_STRING;
}

bool sqlite_reading_at_name(const struct sqlite_reading *reading)
{
    return is_name(sqlite_reading_peek(reading, 0));
}

static char *folded(const struct sqlite_token *token)
{
    char *name = sqlite_token_name(token), *key = name ? sqlite_fold(name) : NULL;
    free(name);
    return key;
}

/* The schema before the name is `main` or `temp`, as nothing else can be attached: a name made in one is found without
 * naming it, so it is no part of the key. */
char *sqlite_reading_name(struct sqlite_reading *reading)
{
    if (!sqlite_reading_at_name(reading))
        return NULL;
    if (sqlite_token_is(sqlite_reading_peek(reading, 1), ".") && is_name(sqlite_reading_peek(reading, 2)))
        reading->at += 2;
    char *key = folded(sqlite_reading_peek(reading, 0));
    if (!key)
        reading->failed = true;
    advance(reading);
    return key;
}

void sqlite_reading_skip_parens(struct sqlite_reading *reading)
{
    size_t depth = 0;
    do {
        if (sqlite_reading_is(reading, "("))
            depth++;
        else if (sqlite_reading_is(reading, ")"))
            depth--;
        advance(reading);
    } while (depth && sqlite_reading_peek(reading, 0)->type != SQLITE_TOKEN_END);
}

bool sqlite_reading_finds(const struct sqlite_reading *reading, const char *word)
{
    long depth = 0;
    for (size_t i = reading->at; i < reading->count; i++) {
        const struct sqlite_token *token = &reading->tokens[i];
        if (sqlite_token_is(token, "("))
            depth++;
        else if (sqlite_token_is(token, ")"))
            depth--;
        else if (depth == 0 && sqlite_token_is(token, word))
            return true;
    }
    return false;
}

/* ---- what was found ----------------------------------------------------------------------------------------------------- */

void sqlite_reading_object(struct sqlite_reading *reading, enum dara_role role, const char *kind, const char *key)
{
    if (key)
        dara_facts_object(reading->facts, role, kind, NULL, key);
}

static bool is_hidden(const struct sqlite_reading *reading, const char *key)
{
    for (size_t i = 0; i < reading->hidden_count; i++)
        if (strcmp(reading->hidden[i], key) == 0)
            return true;
    return strncmp(key, "sqlite_", 7) == 0 || strncmp(key, "pragma_", 7) == 0;
}

static bool is_told(const struct sqlite_reading *reading, const char *key)
{
    for (size_t i = 0; i < reading->use_count; i++)
        if (strcmp(reading->uses[i].key, key) == 0)
            return true;
    return false;
}

/* Room for one more; false (and failed set) without memory. */
static bool grow(struct sqlite_reading *reading, void *items, size_t count, size_t *room, size_t size)
{
    void **array = items;
    if (count < *room)
        return true;
    size_t wanted = *room ? *room * 2 : 16;
    void *larger = realloc(*array, wanted * size);
    if (!larger) {
        reading->failed = true;
        return false;
    }
    *array = larger;
    *room = wanted;
    return true;
}

void sqlite_reading_use(struct sqlite_reading *reading, const char *kind, const char *key)
{
    if (!key || is_hidden(reading, key) || is_told(reading, key))
        return;
    if (!grow(reading, &reading->uses, reading->use_count, &reading->use_room, sizeof(*reading->uses)))
        return;
    struct sqlite_use *use = &reading->uses[reading->use_count];
    use->kind = kind;
    use->key = strdup(key);
    if (!use->key) {
        reading->failed = true;
        return;
    }
    reading->use_count++;
    dara_facts_object(reading->facts, DARA_ROLE_USES, kind, NULL, key);
}

void sqlite_reading_hide(struct sqlite_reading *reading, const char *key)
{
    if (!key || !grow(reading, &reading->hidden, reading->hidden_count, &reading->hidden_room, sizeof(char *)))
        return;
    char *copy = strdup(key);
    if (copy)
        reading->hidden[reading->hidden_count++] = copy;
    else
        reading->failed = true;
}

/* The name of the expression whose AS stands at `as`: `name AS (` or `name (columns) AS (`. */
static void hide_cte(struct sqlite_reading *reading, size_t as)
{
    size_t at = as - 1, depth = 0;
    if (sqlite_token_is(&reading->tokens[at], ")")) {
        do {
            if (sqlite_token_is(&reading->tokens[at], ")"))
                depth++;
            else if (sqlite_token_is(&reading->tokens[at], "("))
                depth--;
            if (at == 0)
                return;
            at--;
        } while (depth);
    }
    if (!is_name(&reading->tokens[at]))
        return;
    char *key = folded(&reading->tokens[at]);
    sqlite_reading_hide(reading, key);
    free(key);
}

void sqlite_reading_hide_ctes(struct sqlite_reading *reading)
{
    for (size_t i = 1; i + 2 < reading->count; i++) {
        size_t next = i + 1;
        if (!sqlite_token_is(&reading->tokens[i], "as"))
            continue;
        if (sqlite_token_is(&reading->tokens[next], "not"))
            next++;
        if (next < reading->count && sqlite_token_is(&reading->tokens[next], "materialized"))
            next++;
        if (next + 1 >= reading->count || !sqlite_token_is(&reading->tokens[next], "("))
            continue;
        const struct sqlite_token *inner = &reading->tokens[next + 1];
        if (sqlite_token_is(inner, "select") || sqlite_token_is(inner, "values") || sqlite_token_is(inner, "with"))
            hide_cte(reading, i);
    }
}

/* ---- uses ------------------------------------------------------------------------------------------------------------------- */

#define DEPTH 256 /* SQLite's own limit is lower: SQLITE_MAX_EXPR_DEPTH is 1000, its parser's stack 100 */

/* For each depth of parentheses, whether it is a FROM list, where a ',' is followed by another table. */
struct scan {
    bool in_from[DEPTH];
    size_t depth;
    bool expect; /* a table stands next */
    const char *kind;
};

static bool ends_from(const struct sqlite_token *token)
{
    static const char *const words[] = {"where",  "group",     "order",  "having", "limit",  "window",   "union",
                                        "except", "intersect", "select", "set",    "values", "returning"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sqlite_token_is(token, words[i]))
            return true;
    return false;
}

static bool is_any(const struct sqlite_token *token, const char *const *words)
{
    for (; *words; words++)
        if (sqlite_token_is(token, *words))
            return true;
    return false;
}

/* UPDATE begins a statement (UPDATE OR IGNORE t SET), or is part of ON UPDATE CASCADE, DO UPDATE SET, BEFORE UPDATE ON. */
static bool updates_table(struct sqlite_reading *reading, const struct sqlite_token *before)
{
    static const char *const not_after[] = {"on", "do", "before", "after", "of", NULL};
    if (before && is_any(before, not_after))
        return false;
    if (sqlite_reading_is(reading, "or") && sqlite_reading_peek(reading, 1)->type == SQLITE_TOKEN_WORD)
        reading->at += 2;
    return sqlite_reading_at_name(reading) && !sqlite_reading_is(reading, "of") && !sqlite_reading_is(reading, "on");
}

static void set_depth(struct scan *scan, bool opens)
{
    if (opens && scan->depth + 1 < DEPTH) {
        scan->depth++;
        scan->in_from[scan->depth] = scan->expect;
    } else if (!opens) {
        scan->expect = false;
        scan->in_from[scan->depth] = false;
        scan->depth -= scan->depth > 0;
    }
}

/* A table or a subquery is expected here. */
static void read_expected(struct sqlite_reading *reading, struct scan *scan)
{
    static const char *const none[] = {"select", "values", "with", NULL};
    if (sqlite_reading_is(reading, "(")) {
        set_depth(scan, true);
        advance(reading);
        return;
    }
    scan->expect = false;
    if (!sqlite_reading_at_name(reading) || is_any(sqlite_reading_peek(reading, 0), none))
        return;
    char *key = sqlite_reading_name(reading);
    if (!sqlite_reading_is(reading, "(") || scan->kind || !scan->in_from[scan->depth])
        sqlite_reading_use(reading, scan->kind, key); /* else a table-valued function */
    scan->kind = NULL;
    free(key);
}

static void read_token(struct sqlite_reading *reading, struct scan *scan, const struct sqlite_token *before)
{
    const struct sqlite_token *token = sqlite_reading_peek(reading, 0);
    advance(reading);
    if (sqlite_token_is(token, "(") || sqlite_token_is(token, ")")) {
        set_depth(scan, *token->start == '(');
    } else if (sqlite_token_is(token, "from") && !(before && sqlite_token_is(before, "distinct"))) {
        scan->in_from[scan->depth] = scan->expect = true;
    } else if (sqlite_token_is(token, "join") || (sqlite_token_is(token, ",") && scan->in_from[scan->depth])) {
        scan->expect = true;
    } else if (sqlite_token_is(token, "into")) {
        scan->in_from[scan->depth] = false;
        scan->expect = true;
    } else if (sqlite_token_is(token, "references")) {
        scan->expect = true;
        scan->kind = "table";
    } else if (sqlite_token_is(token, "in") && sqlite_reading_at_name(reading)) {
        scan->expect = true;
    } else if (sqlite_token_is(token, "update") && updates_table(reading, before)) {
        scan->in_from[scan->depth] = false;
        scan->expect = true;
    } else if (ends_from(token) || sqlite_token_is(token, ";")) {
        scan->in_from[scan->depth] = false;
    }
}

void sqlite_reading_uses(struct sqlite_reading *reading)
{
    struct scan scan = {.depth = 0};
    const struct sqlite_token *before = reading->at ? &reading->tokens[reading->at - 1] : NULL;
    while (sqlite_reading_peek(reading, 0)->type != SQLITE_TOKEN_END) {
        const struct sqlite_token *token = sqlite_reading_peek(reading, 0);
        if (scan.expect)
            read_expected(reading, &scan);
        else
            read_token(reading, &scan, before);
        before = token;
    }
}
