/* SPDX-License-Identifier: MIT */
/*
 * Many statements in one pipeline: the server goes on with the next while the answer to the last is on its way. Each is a command of its
 * own to the server, with its own answer, so that an error, a timeout and Ctrl-C are those of one statement.
 */
#include <string.h>

#include "execute.h"
#include "lex.h"
#include "observe.h"

/* What is under way at once: enough to keep the server busy, little enough to be of no weight. */
enum { MAX_ITEMS = 256, MAX_BYTES = 256 * 1024 };

/* COPY needs an answer before its data, and transaction control is refused; what is not known goes alone as well. */
static bool can_follow(const struct dara_batch_item *item)
{
    static const char *const words[] = {"alter",    "comment", "create",  "delete",  "do",       "drop",
                                        "grant",    "insert",  "refresh", "reindex", "reset",    "revoke",
                                        "security", "select",  "set",     "update",  "truncate", "with"};
    struct postgres_lexer lexer;
    struct postgres_token first;
    if (!item->text)
        return true;
    postgres_lex_begin(&lexer, item->text, item->length);
    postgres_lex_next(&lexer, &first);
    bool known = false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && !known; i++)
        known = postgres_token_is(&first, words[i]);
    return known && !memchr(item->text, '\0', item->length);
}

/* How many from here go together. */
static size_t count_together(const struct dara_batch_item *items, size_t count)
{
    size_t end = 0, bytes = 0;
    while (end < count && end < MAX_ITEMS && bytes < MAX_BYTES && can_follow(&items[end]))
        bytes += items[end++].length;
    return end;
}

/* ---- sending -------------------------------------------------------------------------------------------------------------------- */

/* The answer is not to wait for those behind it: it says how far the server is, and to whom time and errors belong. */
static bool send_one(struct dara_conn *conn, const char *sql)
{
    return PQsendQueryParams(conn->pg, sql, 0, NULL, NULL, NULL, NULL, 0) == 1;
}

/* A pipeline has no commands of several statements. Their number goes to `ret_count`. */
static bool send_reset(struct dara_conn *conn, const char *reset, size_t *ret_count)
{
    char piece[POSTGRES_RESET_MAX];
    size_t count = 0;
    bool sent = true;
    for (const char *at = reset; sent && *at; count++) {
        size_t length = strcspn(at, ";");
        memcpy(piece, at, length);
        piece[length] = '\0';
        sent = send_one(conn, piece);
        at += length + (at[length] == ';');
    }
    *ret_count = count;
    return sent;
}

static bool send_all(struct dara_conn *conn, const char *reset, const struct dara_batch_item *items, size_t count,
                     size_t *ret_pieces)
{
    bool sent = true;
    for (size_t i = 0; i < count && sent; i++) {
        sent = items[i].text ? send_one(conn, items[i].text) : send_reset(conn, reset, ret_pieces);
        sent = sent && PQsendFlushRequest(conn->pg);
    }
    return sent && PQpipelineSync(conn->pg);
}

/* ---- answers -------------------------------------------------------------------------------------------------------------------- */

static int take_reset(struct dara_conn *conn, size_t pieces)
{
    int code = 0;
    for (size_t i = 0; i < pieces; i++)
        for (PGresult *result; (result = PQgetResult(conn->pg));) {
            if (!code && PQresultStatus(result) != PGRES_COMMAND_OK)
                code = postgres_fail(conn, result, 0, postgres_reset_doing, NULL);
            else
                PQclear(result);
        }
    return code;
}

static int take_one(struct dara_conn *conn, const struct dara_batch_item *item, size_t pieces,
                    struct dara_result *result)
{
    const struct postgres_sent sent = {.sql = item->text};
    int code = item->text ? postgres_execute_take(conn, &sent, result) : take_reset(conn, pieces);
    if (!code && PQstatus(conn->pg) != CONNECTION_OK)
        code = postgres_check_alive(conn, NULL);
    /* A request to cancel can come between two statements, and is lost then. */
    if (!code && conn->cancelled)
        code = dara_error_set(DARA_EINTERRUPTED, "interrupted");
    return code;
}

/* To the end of the pipeline; what still runs of it after an interruption is cancelled. */
static void drain(struct dara_conn *conn)
{
    char ignored[256];
    for (bool synced = false; !synced && PQstatus(conn->pg) == CONNECTION_OK;) {
        if (conn->cancelled && conn->cancel && PQisBusy(conn->pg))
            (void)PQcancel(conn->cancel, ignored, sizeof(ignored));
        PGresult *result = PQgetResult(conn->pg);
        synced = result && PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        PQclear(result);
    }
}

static int run_together(struct dara_conn *conn, const struct dara_batch_item *items, size_t count,
                        struct dara_result *result)
{
    char reset[POSTGRES_RESET_MAX];
    size_t pieces = 0;
    int code = 0;
    postgres_reset_text(conn, true, reset);
    if (!PQenterPipelineMode(conn->pg) || !send_all(conn, reset, items, count, &pieces))
        return postgres_fail(conn, NULL, 0, NULL, NULL);
    conn->notices = result;
    for (size_t i = 0; i < count && !code; i++) {
        code = take_one(conn, &items[i], pieces, result);
        if (!code)
            dara_result_next(result);
    }
    drain(conn);
    conn->notices = NULL;
    PQexitPipelineMode(conn->pg);
    return code;
}

/* ---- one by one where it must be -------------------------------------------------------------------------------------------------- */

static int run_alone(struct dara_conn *conn, const struct dara_batch_item *item, struct dara_result *result)
{
    int code = item->text ? postgres_apply_execute(conn, item->text, item->length, result) : postgres_apply_reset(conn);
    if (!code)
        dara_result_next(result);
    return code;
}

int postgres_apply_execute_all(struct dara_conn *conn, const struct dara_batch_item *items, size_t count,
                               struct dara_result *result)
{
    int code = 0;
    if (conn->cancelled) {
        conn->cancelled = false;
        return dara_error_set(DARA_EINTERRUPTED, "interrupted");
    }
    for (size_t at = 0, together; at < count && !code; at += together) {
        together = conn->in_transaction && !conn->observer ? count_together(items + at, count - at) : 0;
        if (together > 1)
            code = run_together(conn, items + at, together, result);
        else
            code = run_alone(conn, &items[at], result);
        together = together ? together : 1;
    }
    return code;
}
