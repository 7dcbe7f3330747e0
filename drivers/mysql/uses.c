/* SPDX-License-Identifier: MIT */
/* The tables and views that a statement uses: whatever stands behind FROM, JOIN, INTO, UPDATE, REFERENCES … */
#include <string.h>
#include <strings.h>

#include "classify.h"

#define DEPTH 256 /* deeper parentheses are no FROM lists of ours */

/* For each depth of parentheses, whether it is a FROM list, where a ',' is followed by another table. */
struct scan {
    bool in_from[DEPTH], in_function[DEPTH];
    size_t depth;
    bool expect; /* a table stands next */
    const char *kind;
    const struct mysql_token *before;
};

static bool is_any(const struct mysql_token *token, const char *const *words)
{
    for (; *words; words++)
        if (mysql_token_is(token, *words))
            return true;
    return false;
}

/* `name [(columns)] AS (SELECT …`: the name is none of a table. */
void mysql_reading_hide_ctes(struct mysql_reading *reading)
{
    static const char *const queries[] = {"select", "values", "with", "table", "(", NULL};
    const size_t start = reading->at;
    for (size_t i = 1; i + 2 < reading->count; i++) {
        if (!mysql_token_is(&reading->tokens[i], "as") || !mysql_token_is(&reading->tokens[i + 1], "(") ||
            !is_any(&reading->tokens[i + 2], queries))
            continue;
        size_t at = i - 1, depth = 0;
        do {
            depth += mysql_token_is(&reading->tokens[at], ")");
            depth -= mysql_token_is(&reading->tokens[at], "(") && depth;
        } while ((depth || mysql_token_is(&reading->tokens[at], "(")) && at-- > 0);
        reading->at = at < reading->count ? at : i;
        struct mysql_name name = mysql_reading_name(reading);
        mysql_reading_hide(reading, &name);
        mysql_name_free(&name);
    }
    reading->at = start;
}

static void set_depth(struct scan *scan, bool opens)
{
    /* A FROM of their own: EXTRACT(YEAR FROM a). */
    static const char *const functions[] = {"extract", "trim", "substring", "substr", "mid", NULL};
    if (opens && scan->depth + 1 < DEPTH) {
        scan->depth++;
        scan->in_from[scan->depth] = scan->expect;
        scan->in_function[scan->depth] = scan->before && is_any(scan->before, functions);
    } else if (!opens) {
        scan->expect = false;
        scan->in_from[scan->depth] = false;
        scan->depth -= scan->depth > 0;
    }
}

/* A table or a subquery is expected here. */
static void read_expected(struct mysql_reading *reading, struct scan *scan)
{
    static const char *const skipped[] = {"low_priority", "quick",   "ignore", "delayed", "high_priority",
                                          "table",        "lateral", "only",   NULL};
    static const char *const none[] = {"select", "values", "with", "dual", "outfile", "dumpfile", NULL};
    const struct mysql_token *token = mysql_reading_peek(reading, 0);
    if (mysql_token_is(token, "(")) {
        set_depth(scan, true);
        mysql_reading_advance(reading);
        return;
    }
    if (is_any(token, skipped) && mysql_reading_peek(reading, 1)->type != MYSQL_TOKEN_OTHER) {
        mysql_reading_advance(reading);
        return;
    }
    scan->expect = false;
    if (!mysql_reading_at_name(reading) || is_any(token, none))
        return;
    struct mysql_name name = mysql_reading_name(reading);
    if (!mysql_reading_is(reading, "(") || scan->kind || !scan->in_from[scan->depth])
        mysql_reading_object(reading, DARA_ROLE_USES, scan->kind, &name); /* else JSON_TABLE(…) */
    scan->kind = NULL;
    mysql_name_free(&name);
}

static void read_token(struct mysql_reading *reading, struct scan *scan)
{
    static const char *const ends[] = {"where",     "group",  "order",     "having", "limit", "window",
                                       "union",     "except", "intersect", "select", "set",   "values",
                                       "duplicate", "for",    ";",         NULL};
    static const char *const not_update[] = {"on", "for", "key", "before", "after", "of", NULL};
    const struct mysql_token *token = mysql_reading_peek(reading, 0);
    bool joins = mysql_token_is(token, "join") || mysql_token_is(token, "straight_join");
    mysql_reading_advance(reading);
    if (mysql_token_is(token, "(") || mysql_token_is(token, ")")) {
        set_depth(scan, *token->start == '(');
    } else if (mysql_token_is(token, "from") && !scan->in_function[scan->depth]) {
        scan->in_from[scan->depth] = scan->expect = true;
    } else if (joins || (mysql_token_is(token, ",") && scan->in_from[scan->depth])) {
        scan->in_from[scan->depth] = scan->expect = true;
    } else if (mysql_token_is(token, "into")) {
        scan->in_from[scan->depth] = false;
        scan->expect = !mysql_reading_is(reading, "@");
    } else if (mysql_token_is(token, "references")) {
        scan->expect = true;
        scan->kind = "table";
    } else if (mysql_token_is(token, "update") && !(scan->before && is_any(scan->before, not_update))) {
        scan->in_from[scan->depth] = scan->expect = true;
    } else if (is_any(token, ends)) {
        scan->in_from[scan->depth] = false;
    }
}

void mysql_reading_uses(struct mysql_reading *reading)
{
    struct scan scan = {.before = reading->at ? &reading->tokens[reading->at - 1] : NULL};
    while (!mysql_reading_ends(reading)) {
        const struct mysql_token *token = mysql_reading_peek(reading, 0);
        if (scan.expect)
            read_expected(reading, &scan);
        else
            read_token(reading, &scan);
        scan.before = token;
    }
}
