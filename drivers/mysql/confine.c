/* SPDX-License-Identifier: MIT */
/*
 * A statement that runs on a scratch database may not reach past it: whoever writes `shop.orders` means the real one. The name of the
 * database that the scratch stands for is taken out, so that the scratch is meant; what names another database is not run, but for what
 * only makes a view or a body that does. Once there is one of those, no rows are touched any more: a trigger could carry it out.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "apply.h"
#include "classify.h"

struct mysql_confine {
    char *home;    /* the database that the scratch stands for */
    char **others; /* every other one that the account sees */
    size_t count;
    bool reaches; /* something was made that names another database, or home by its name */
    bool blind;   /* what makes a statement at run time was left out */
};

/* ---- the databases that there are ------------------------------------------------------------------------------------------------- */

void mysql_confine_free(struct mysql_confine *confine)
{
    if (!confine)
        return;
    for (size_t i = 0; i < confine->count; i++)
        free(confine->others[i]);
    free(confine->others);
    free(confine->home);
    free(confine);
}

/* What the server only shows cannot be written to. */
static bool is_virtual(const char *name)
{
    return strcasecmp(name, "information_schema") == 0 || strcasecmp(name, "performance_schema") == 0;
}

static int take_names(struct dara_conn *conn, struct mysql_confine *confine, MYSQL_RES *names)
{
    MYSQL_ROW row;
    confine->others = calloc((size_t)mysql_num_rows(names) + 1, sizeof(*confine->others));
    if (!confine->others)
        return mysql_out_of_memory();
    while ((row = mysql_fetch_row(names))) {
        if (is_virtual(row[0]) || strcmp(row[0], conn->scratch_database) == 0 || strcmp(row[0], confine->home) == 0)
            continue;
        if (!(confine->others[confine->count] = mysql_copy(row[0])))
            return DARA_EINTERNAL;
        confine->count++;
    }
    return 0;
}

int mysql_confine_begin(struct dara_conn *conn, const char *home)
{
    MYSQL_RES *names = NULL;
    conn->confine = calloc(1, sizeof(*conn->confine));
    if (!conn->confine || !(conn->confine->home = mysql_copy(home)))
        return mysql_out_of_memory();
    int code = mysql_rows(conn, "SHOW DATABASES", "cannot list the databases", &names);
    code = code ? code : take_names(conn, conn->confine, names);
    mysql_free_result(names);
    return code;
}

/* ---- what a statement names --------------------------------------------------------------------------------------------------------- */

enum reach { NOWHERE, HOME, ELSEWHERE };

static enum reach reach_of(const struct dara_conn *conn, const char *name)
{
    const struct mysql_confine *confine = conn->confine;
    if (strcmp(name, confine->home) == 0 || (conn->folded && strcasecmp(name, confine->home) == 0))
        return HOME;
    for (size_t i = 0; i < confine->count; i++)
        if (strcasecmp(name, confine->others[i]) == 0)
            return ELSEWHERE;
    return NOWHERE;
}

/* The same anywhere in a text that may become a statement: PREPARE … FROM 'DELETE FROM shop.orders'. */
static enum reach reach_in(const struct dara_conn *conn, const char *text, size_t length)
{
    struct mysql_lexer lexer;
    struct mysql_token token, before = {.type = MYSQL_TOKEN_END};
    enum reach most = NOWHERE;
    for (mysql_lex_begin(&lexer, text, length); mysql_lex_next(&lexer, &token) != MYSQL_TOKEN_END; before = token) {
        if (token.type == MYSQL_TOKEN_BAD)
            break;
        if (!mysql_token_is(&token, ".") || before.type == MYSQL_TOKEN_END)
            continue;
        char *name = mysql_token_text(&before, 0);
        enum reach reach = name ? reach_of(conn, name) : ELSEWHERE;
        free(name);
        most = reach > most ? reach : most;
    }
    return most;
}

struct scan {
    struct dara_conn *conn;
    const char *kind;
    char *copy; /* of the text, without the name of home where that is taken out; NULL until then */
    const char *text;
    size_t length;
    bool body;             /* in what runs later */
    enum reach now, later; /* what runs now, or later, names */
};

static bool is_name(const struct mysql_token *token)
{
    return token->type == MYSQL_TOKEN_WORD || token->type == MYSQL_TOKEN_QUOTED || token->type == MYSQL_TOKEN_STRING;
}

static void take_out(struct scan *scan, const struct mysql_token *from, const struct mysql_token *to)
{
    if (!scan->copy && !(scan->copy = strndup(scan->text, scan->length)))
        return;
    size_t start = (size_t)(from->start - scan->text), end = (size_t)(to->start - scan->text) + to->length;
    memset(scan->copy + start, ' ', end - start);
}

/* `name` stands between `before` and `dot`, and begins a chain of names. A foreign key only looks at what it references. */
static void meet(struct scan *scan, const struct mysql_token *before, const struct mysql_token *name,
                 const struct mysql_token *dot)
{
    char *text = mysql_token_text(name, 0);
    enum reach reach = text ? reach_of(scan->conn, text) : ELSEWHERE;
    free(text);
    if (scan->body) {
        scan->later = reach > scan->later ? reach : scan->later;
    } else if (reach == HOME) {
        take_out(scan, name, dot);
    } else if (!mysql_token_is(before, "references")) {
        scan->now = reach > scan->now ? reach : scan->now;
    }
}

/* Where the body of what a statement makes begins: it is looked at when it runs. A view's query is looked at now, and writes later. */
static bool begins_body(const struct scan *scan, const struct mysql_token *token)
{
    static const struct {
        const char *kind, *word;
    } starts[] = {{"create trigger", "row"}, {"create procedure", "("},     {"create function", "("},
                  {"create event", "do"},    {"alter event", "do"},         {"create package", "as"},
                  {"create package", "is"},  {"create package body", "as"}, {"create package body", "is"}};
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
        if (strcmp(scan->kind, starts[i].kind) == 0 && mysql_token_is(token, starts[i].word))
            return true;
    return false;
}

/* Strings that a statement may make statements of. */
static bool is_dynamic(const struct scan *scan, unsigned flags)
{
    return flags & (DARA_STATEMENT_UNREAD | DARA_STATEMENT_SESSION) || strcmp(scan->kind, "do") == 0 || scan->body;
}

static void meet_string(struct scan *scan, const struct mysql_token *token)
{
    enum reach reach = token->length > 2 ? reach_in(scan->conn, token->start + 1, token->length - 2) : NOWHERE;
    enum reach *most = scan->body ? &scan->later : &scan->now;
    *most = reach > *most ? reach : *most;
}

/* ALTER DATABASE shop …: without a name it is the one in use. */
static bool names_database(const struct scan *scan, const struct mysql_token *before)
{
    return strcmp(scan->kind, "alter database") == 0 &&
           (mysql_token_is(before, "database") || mysql_token_is(before, "schema"));
}

static void scan_text(struct scan *scan, unsigned flags)
{
    struct mysql_lexer lexer;
    struct mysql_token token, name = {.type = MYSQL_TOKEN_END}, before = name;
    mysql_lex_begin(&lexer, scan->text, scan->length);
    while (mysql_lex_next(&lexer, &token) != MYSQL_TOKEN_END && token.type != MYSQL_TOKEN_BAD) {
        if (token.type == MYSQL_TOKEN_OPEN || token.type == MYSQL_TOKEN_CLOSE)
            continue;
        scan->body = scan->body || begins_body(scan, &token);
        if (mysql_token_is(&token, ".") && is_name(&name) && !mysql_token_is(&before, "."))
            meet(scan, &before, &name, &token);
        else if (is_name(&token) && names_database(scan, &name))
            meet(scan, &name, &token, &token);
        else if (token.type == MYSQL_TOKEN_STRING && is_dynamic(scan, flags))
            meet_string(scan, &token);
        before = name;
        name = token;
    }
}

/* ---- what becomes of it -------------------------------------------------------------------------------------------------------------- */

static int refuse(const char *why)
{
    dara_error_set(DARA_EUNSUPPORTED, "%s", why);
    dara_error_hint("a scratch database stands for one database: go without it here");
    return DARA_EUNSUPPORTED;
}

static int judge(struct scan *scan, unsigned flags)
{
    struct mysql_confine *confine = scan->conn->confine;
    bool view = strcmp(scan->kind, "create view") == 0 || strcmp(scan->kind, "alter view") == 0;
    bool rows = (flags & (DARA_STATEMENT_DATA | DARA_STATEMENT_READS | DARA_STATEMENT_UNREAD)) != 0;
    if (flags & DARA_STATEMENT_ELSEWHERE)
        return refuse("its effect is not in the database alone, so it is not run on a scratch copy");
    if (scan->now != NOWHERE && !view)
        return refuse("it names another database, so it is not run on a scratch copy");
    if (scan->later != NOWHERE && strstr(scan->kind, "event"))
        return refuse("the event names a database, and would run there also from a scratch copy");
    if (confine->reaches && rows)
        return refuse("a trigger, routine or view names a database, and could carry it out there from a scratch copy");
    if (confine->blind && flags & DARA_STATEMENT_UNREAD)
        return refuse("it may be made of what was not run here, so it is not run on a scratch copy");
    confine->reaches = confine->reaches || scan->now != NOWHERE || scan->later != NOWHERE;
    return 0;
}

int mysql_confine(struct dara_conn *conn, const char *text, size_t length, const char *kind, unsigned flags,
                  char **ret_text)
{
    struct scan scan = {.conn = conn, .kind = kind, .text = text, .length = length};
    scan_text(&scan, flags);
    int code = judge(&scan, flags);
    if (code) {
        /* What is made of a variable that was not set here is not what the file means. */
        conn->confine->blind = conn->confine->blind || is_dynamic(&scan, flags);
        free(scan.copy);
        return code;
    }
    *ret_text = scan.copy;
    return 0;
}
