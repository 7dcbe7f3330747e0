/* SPDX-License-Identifier: MIT */
/*
 * The server decides by itself how it carries out an ALTER, and tells it only by refusing what it is asked for and cannot do. So on a
 * scratch copy the statement is sent with one way after another, and the first that is taken is the one that the statement without a clause
 * would have got. Such a statement is atomic on every server that dara takes: an attempt that is refused leaves nothing, and the one that
 * is taken has the effect that the plain statement would have. No second copy of the table is needed, which would lack the foreign keys.
 */
#include "ask-parts.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "lex.h"

static const struct way {
    const char *method, *lock;
    bool mariadb; /* only there */
} ways[] = {{"INSTANT", NULL, false},   {"NOCOPY", "NONE", true},     {"NOCOPY", "SHARED", true},
            {"INPLACE", "NONE", false}, {"INPLACE", "SHARED", false}, {"INPLACE", "EXCLUSIVE", false},
            {"COPY", "NONE", true},     {"COPY", "SHARED", false},    {"COPY", "EXCLUSIVE", false}};

/* ---- where in the text --------------------------------------------------------------------------------------------------------------- */

struct cursor {
    struct mysql_lexer lexer;
    struct mysql_token token;
    const char *gap; /* where what stands before the token and is no token begins: an executable comment */
};

static void step(struct cursor *cursor)
{
    cursor->gap = NULL;
    do {
        mysql_lex_next(&cursor->lexer, &cursor->token);
        if (!cursor->gap)
            cursor->gap = cursor->token.start;
    } while (cursor->token.type == MYSQL_TOKEN_OPEN || cursor->token.type == MYSQL_TOKEN_CLOSE);
}

static bool at_end(const struct cursor *cursor)
{
    return cursor->token.type == MYSQL_TOKEN_END || cursor->token.type == MYSQL_TOKEN_BAD;
}

static bool accept(struct cursor *cursor, const char *word)
{
    if (!mysql_token_is(&cursor->token, word))
        return false;
    step(cursor);
    return true;
}

static int take_table(struct mysql_ask *ask, struct cursor *cursor)
{
    for (;;) {
        free(ask->table);
        if (!(ask->table = mysql_token_text(&cursor->token, 0)))
            return mysql_out_of_memory();
        step(cursor);
        if (!accept(cursor, "."))
            return 0;
    }
}

static char *upper(const struct mysql_token *token)
{
    char *text = mysql_token_text(token, 0);
    for (char *at = text; at && *at; at++)
        if (*at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
    return text;
}

static bool is_clause(const struct mysql_token *token)
{
    static const char *const values[] = {"default", "instant", "nocopy", "inplace",
                                         "copy",    "none",    "shared", "exclusive"};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        if (mysql_token_is(token, values[i]))
            return true;
    return false;
}

/* ALGORITHM = COPY, LOCK NONE: what the author wants is not asked for. */
static void find_clauses(struct mysql_ask *ask, struct cursor *cursor)
{
    for (; !at_end(cursor); step(cursor)) {
        bool method = mysql_token_is(&cursor->token, "algorithm"), lock = mysql_token_is(&cursor->token, "lock");
        if (!method && !lock)
            continue;
        step(cursor);
        accept(cursor, "=");
        if (!is_clause(&cursor->token))
            continue;
        char **to = method ? &ask->own_method : &ask->own_lock;
        free(*to);
        *to = upper(&cursor->token);
        ask->named = true;
    }
}

/* Partitions are added and taken away as files are; only what moves rows between them writes those again. */
static enum dara_work work_of_partitions(struct cursor cursor)
{
    static const struct {
        const char *verb;
        enum dara_work work;
    } verbs[] = {{"add", DARA_WORK_NOTHING},      {"drop", DARA_WORK_NOTHING},   {"truncate", DARA_WORK_NOTHING},
                 {"discard", DARA_WORK_NOTHING},  {"import", DARA_WORK_NOTHING}, {"rebuild", DARA_WORK_TABLE},
                 {"reorganize", DARA_WORK_TABLE}, {"coalesce", DARA_WORK_TABLE}};
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (!accept(&cursor, verbs[i].verb))
            continue;
        if (!accept(&cursor, "partition"))
            break;
        /* ADD PARTITION PARTITIONS 4: of a hash, which moves rows. */
        return mysql_token_is(&cursor.token, "partitions") ? DARA_WORK_TABLE : verbs[i].work;
    }
    return DARA_WORK_UNKNOWN;
}

/* ALTER [ONLINE] [IGNORE] TABLE [IF EXISTS] name [WAIT n | NOWAIT] … */
static int place_alter(struct mysql_ask *ask, struct cursor *cursor, const char *text)
{
    while (!at_end(cursor) && !accept(cursor, "table")) {
        ask->named = ask->named || mysql_token_is(&cursor->token, "online");
        step(cursor);
    }
    if (accept(cursor, "if"))
        accept(cursor, "exists");
    int code = take_table(ask, cursor);
    if (!accept(cursor, "nowait") && accept(cursor, "wait"))
        step(cursor);
    ask->at = (size_t)(cursor->gap - text);
    ask->comma =
        !at_end(cursor) && !mysql_token_is(&cursor->token, "partition") && !mysql_token_is(&cursor->token, "remove");
    ask->work = work_of_partitions(*cursor);
    return code;
}

/* DROP INDEX takes no clause everywhere; ALTER TABLE … DROP INDEX … is the same. */
static int turn_drop(struct mysql_ask *ask, const char *name, size_t length)
{
    struct mysql_buffer sql = {0};
    mysql_buffer_add(&sql, "ALTER TABLE ");
    mysql_buffer_add_name(&sql, ask->table);
    ask->at = sql.length;
    mysql_buffer_add(&sql, " DROP INDEX ");
    mysql_buffer_add_bytes(&sql, name, length);
    ask->text = sql.bytes;
    ask->comma = true;
    return mysql_buffer_check(&sql);
}

/* CREATE … INDEX … ON name …, DROP INDEX … ON name … */
static int place_index(struct mysql_ask *ask, struct cursor *cursor, size_t length, bool drops)
{
    while (!at_end(cursor) && !accept(cursor, "index"))
        step(cursor);
    const char *name = cursor->token.start;
    while (!at_end(cursor) && !mysql_token_is(&cursor->token, "on"))
        step(cursor);
    size_t size = (size_t)(cursor->token.start - name);
    accept(cursor, "on");
    ask->behind = !drops;
    ask->at = length;
    ask->work = DARA_WORK_UNKNOWN;
    int code = take_table(ask, cursor);
    return code || !drops ? code : turn_drop(ask, name, size);
}

static int place(struct mysql_ask *ask, const char *text, size_t length, const char *kind)
{
    struct cursor cursor = {.gap = text};
    mysql_lex_begin(&cursor.lexer, text, length);
    step(&cursor);
    int code = strcmp(kind, "alter table") == 0 ? place_alter(ask, &cursor, text)
                                                : place_index(ask, &cursor, length, strcmp(kind, "drop index") == 0);
    find_clauses(ask, &cursor);
    return code;
}

/* ---- asking --------------------------------------------------------------------------------------------------------------------------- */

static void forget(struct mysql_ask *ask)
{
    free(ask->table);
    free(ask->text);
    free(ask->own_method);
    free(ask->own_lock);
    mysql_look_free(&ask->before);
    *ask = (struct mysql_ask){0};
}

void mysql_ask_free(struct mysql_ask *ask)
{
    if (!ask)
        return;
    forget(ask);
    free(ask);
}

int mysql_ask_begin(struct dara_conn *conn, const char *text, size_t length, const char *kind, unsigned flags)
{
    struct mysql_ask *ask = conn->ask;
    forget(ask);
    if (strcmp(kind, "alter table") != 0 && strcmp(kind, "create index") != 0 && strcmp(kind, "drop index") != 0)
        return 0;
    ask->asks = true;
    ask->flags = flags;
    int code = place(ask, text, length, kind);
    code = code ? code : mysql_look_take(conn, &ask->before);
    return code ? code : mysql_multi(conn, false);
}

static int write_with(const struct mysql_ask *ask, const char *text, size_t length, const struct way *way,
                      struct mysql_buffer *sql)
{
    const char *part = ask->behind ? " " : ", ";
    mysql_buffer_clear(sql);
    mysql_buffer_add_bytes(sql, text, ask->at);
    mysql_buffer_add(sql, ask->behind ? "\nALGORITHM=" : " ALGORITHM=");
    mysql_buffer_add(sql, way->method);
    if (way->lock) {
        mysql_buffer_add(sql, part);
        mysql_buffer_add(sql, "LOCK=");
        mysql_buffer_add(sql, way->lock);
    }
    mysql_buffer_add(sql, ask->comma ? ", " : " ");
    mysql_buffer_add_bytes(sql, text + ask->at, length - ask->at);
    return mysql_buffer_check(sql);
}

/* Whether asking for another way has a point: not where the connection or the statement is at an end, nor where no clause may stand. */
static bool is_worth_another(unsigned number)
{
    return number < 2000 ? number != 1064 && number != 1317 && number != 1053 && number != 1927 : number >= 3000;
}

static int try_ways(struct dara_conn *conn, const char *text, size_t length, bool *ret_done)
{
    struct mysql_ask *ask = conn->ask;
    struct mysql_buffer sql = {0};
    int code = 0;
    length = ask->text ? strlen(ask->text) : length;
    text = ask->text ? ask->text : text;
    for (size_t i = 0; !code && i < sizeof(ways) / sizeof(ways[0]); i++) {
        if ((ways[i].mariadb && !conn->mariadb) || (ask->copies && strcmp(ways[i].method, "COPY") != 0))
            continue;
        if ((code = write_with(ask, text, length, &ways[i], &sql)))
            break;
        *ret_done = mysql_real_query(conn->mysql, sql.bytes, (unsigned long)sql.length) == 0;
        if (*ret_done) {
            ask->method = ways[i].method;
            ask->lock = ways[i].lock;
        }
        if (*ret_done || !is_worth_another(mysql_errno(conn->mysql)))
            break;
    }
    mysql_buffer_free(&sql);
    return code;
}

int mysql_ask_query(struct dara_conn *conn, const char *text, size_t length)
{
    bool done = false;
    if (conn->ask->asks && !conn->ask->named && try_ways(conn, text, length, &done))
        dara_error_clear(); /* no memory for the question: run without it */
    return done ? 0 : mysql_real_query(conn->mysql, text, (unsigned long)length);
}

int mysql_ask_end(struct dara_conn *conn)
{
    struct mysql_ask *ask = conn->ask;
    struct mysql_look after = {0};
    if (!ask->asks)
        return 0;
    ask->method = ask->own_method ? ask->own_method : ask->method;
    ask->lock = ask->own_lock ? ask->own_lock : ask->lock;
    int code = mysql_look_take(conn, &after);
    if (code)
        return code;
    ask->found = mysql_look_work(conn, &after);
    ask->seen = true;
    mysql_look_free(&after);
    return mysql_multi(conn, false);
}

/* ---- telling -------------------------------------------------------------------------------------------------------------------------- */

static const char *effect_of(const struct mysql_ask *ask)
{
    const char *lock = ask->lock ? ask->lock : ask->method && !strcmp(ask->method, "INSTANT") ? "NONE" : "";
    return !strcmp(lock, "NONE")        ? "reads and writes go on, but for a moment"
           : !strcmp(lock, "SHARED")    ? "blocks writes"
           : !strcmp(lock, "EXCLUSIVE") ? "blocks reads and writes"
                                        : NULL;
}

int mysql_apply_observe(struct dara_conn *conn, struct dara_observed *observed)
{
    struct mysql_ask *ask = conn->ask;
    if (!ask) {
        conn->ask = calloc(1, sizeof(*conn->ask));
        return conn->ask ? 0 : mysql_out_of_memory();
    }
    if (ask->seen)
        dara_observed_way(observed, "table", NULL, ask->table, ask->method, ask->lock, effect_of(ask), ask->found);
    forget(ask);
    return 0;
}
