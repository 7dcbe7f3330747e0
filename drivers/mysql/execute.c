/* SPDX-License-Identifier: MIT */
/* One statement, its rows, its warnings, its errors. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "apply.h"
#include "ask.h"
#include "classify.h"
#include "lease.h"
#include "queue.h"

/* ---- values ----------------------------------------------------------------------------------------------------------------- */

#define BINARY 63 /* the number of the character set "binary" */

static void read_integer(const MYSQL_FIELD *field, struct dara_value *value)
{
    char *end = NULL;
    long long number = strtoll(value->bytes, &end, 10);
    if ((field->flags & UNSIGNED_FLAG) && number == INT64_MAX && strcmp(value->bytes, "9223372036854775807") != 0)
        return; /* does not fit: shown as the server writes it */
    value->type = DARA_INTEGER;
    value->integer = number;
}

static void read_real(struct dara_value *value)
{
    char *end = NULL;
    double real = strtod(value->bytes, &end);
    if (*end || !isfinite(real))
        return;
    value->type = DARA_REAL;
    value->real = real;
}

static struct dara_value read_value(const MYSQL_FIELD *field, const char *bytes, unsigned long length)
{
    struct dara_value value = {.type = DARA_NULL};
    if (!bytes)
        return value;
    value = (struct dara_value){.type = DARA_TEXT, .bytes = bytes, .length = length};
    switch (field->type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_YEAR:
        if (!(field->flags & ZEROFILL_FLAG))
            read_integer(field, &value);
        break;
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE:
        read_real(&value);
        break;
    case MYSQL_TYPE_BIT:
    case MYSQL_TYPE_GEOMETRY:
        value.type = DARA_BYTES;
        break;
    case MYSQL_TYPE_STRING:
    case MYSQL_TYPE_VAR_STRING:
    case MYSQL_TYPE_TINY_BLOB:
    case MYSQL_TYPE_BLOB:
    case MYSQL_TYPE_MEDIUM_BLOB:
    case MYSQL_TYPE_LONG_BLOB:
        value.type = field->charsetnr == BINARY ? DARA_BYTES : DARA_TEXT;
        break;
    default:
        break;
    }
    return value;
}

/* ---- rows ------------------------------------------------------------------------------------------------------------------- */

static int read_rows(struct dara_conn *conn, MYSQL_RES *rows, struct dara_result *reader)
{
    unsigned count = mysql_num_fields(rows);
    const MYSQL_FIELD *fields = mysql_fetch_fields(rows);
    const char **names = calloc(count + 1, sizeof(*names));
    struct dara_value *values = calloc(count + 1, sizeof(*values));
    int code = names && values ? 0 : mysql_out_of_memory();
    MYSQL_ROW row;
    for (unsigned i = 0; !code && i < count; i++)
        names[i] = fields[i].name;
    if (!code)
        dara_result_columns(reader, count, names);
    while (!code && (row = mysql_fetch_row(rows))) {
        const unsigned long *lengths = mysql_fetch_lengths(rows);
        for (unsigned i = 0; i < count; i++)
            values[i] = read_value(&fields[i], row[i], lengths[i]);
        code = dara_result_row(reader, count, values);
    }
    if (!code && mysql_errno(conn->mysql))
        code = mysql_fail(conn, 0, NULL);
    free(names);
    free(values);
    return code;
}

/* What a procedure selects comes as several results, of which only the first has a place. */
static int read_results(struct dara_conn *conn, struct dara_result *reader, bool counts, size_t *ret_skipped)
{
    size_t seen = 0;
    int code = 0, next;
    do {
        MYSQL_RES *rows = mysql_use_result(conn->mysql);
        if (!rows && mysql_errno(conn->mysql) && !code)
            code = mysql_fail(conn, 0, NULL);
        else if (rows && seen++ == 0 && !code)
            code = read_rows(conn, rows, reader);
        else if (!rows && counts && !code)
            dara_result_affected(reader, mysql_affected_rows(conn->mysql));
        mysql_free_result(rows); /* reads what is left of them */
        next = mysql_next_result(conn->mysql);
    } while (next == 0);
    if (next > 0 && !code)
        code = mysql_fail(conn, 0, NULL);
    *ret_skipped = seen > 1 ? seen - 1 : 0;
    return code;
}

/* ---- warnings --------------------------------------------------------------------------------------------------------------- */

static void tell_warnings(struct dara_conn *conn, struct dara_result *reader)
{
    MYSQL_RES *rows = NULL;
    MYSQL_ROW row;
    if (!reader || mysql_warning_count(conn->mysql) == 0)
        return;
    if (mysql_rows(conn, "SHOW WARNINGS", NULL, &rows)) {
        dara_error_clear(); /* the statement itself went well */
        return;
    }
    while ((row = mysql_fetch_row(rows)))
        dara_result_notice(reader, row[1], row[2]);
    mysql_free_result(rows);
}

static void tell_skipped(struct dara_result *reader, size_t skipped)
{
    if (skipped)
        dara_result_notice(reader, NULL, "it gave more than one result, of which only the first is shown");
}

/* ---- what may run here -------------------------------------------------------------------------------------------------------- */

static int refuse(int code, const char *why, const char *hint)
{
    dara_error_set(code, "%s", why);
    dara_error_hint("%s", hint);
    return code;
}

/* SET SESSION transaction_read_only = 0 and its like. */
static bool names_read_only(const char *text, size_t length)
{
    static const char word[] = "read_only";
    for (size_t i = 0; i + sizeof(word) - 1 <= length; i++)
        if (strncasecmp(text + i, word, sizeof(word) - 1) == 0)
            return true;
    return false;
}

/* The server refuses writes while the session's transactions are read-only; what could change that, or is not seen through, is not sent. */
static int check_read(const char *kind, unsigned flags, const char *text, size_t length)
{
    bool reads = (flags & DARA_STATEMENT_READS) && !(flags & DARA_STATEMENT_REFUSED);
    bool sets = flags == DARA_STATEMENT_SESSION && strcmp(kind, "set") == 0;
    if (reads || (sets && !names_read_only(text, length)))
        return 0;
    return refuse(DARA_ESTATEMENT,
                  "this connection only reads, and the statement does not, or dara cannot tell that it does",
                  "write with a command that writes");
}

static int check(struct dara_conn *conn, const char *text, size_t length, const char *kind, unsigned flags)
{
    bool commits = (flags & (DARA_STATEMENT_SCHEMA | DARA_STATEMENT_NO_TRANSACTION)) != 0;
    bool unseen = (flags & DARA_STATEMENT_UNREAD) != 0;
    if (conn->mode == DARA_MODE_READ)
        return check_read(kind, flags, text, length);
    if (flags & DARA_STATEMENT_TRANSACTION && (conn->in_transaction || conn->mode != DARA_MODE_WRITE))
        return refuse(DARA_ESTATEMENT, "transaction control is not run here: the transaction is dara's",
                      "take the statement out");
    if (conn->mode == DARA_MODE_REHEARSE && (commits || unseen))
        return refuse(DARA_EUNSUPPORTED, "a rehearsal cannot run what commits by itself, or may",
                      "rehearse on a scratch database");
    if (conn->in_transaction && conn->purpose == DARA_BEGIN_DATA && commits && !unseen)
        return refuse(DARA_ESTATEMENT, "it would commit the transaction around it", "put it into a migration");
    return 0;
}

/* Answers of the packet that nobody reads: what a statement stands behind. */
static int next_answer(struct dara_conn *conn)
{
    int next = mysql_next_result(conn->mysql);
    if (next < 0)
        return dara_error_set(DARA_EINTERNAL, "the server gave fewer answers than it got statements");
    return next ? mysql_fail(conn, 0, NULL) : 0;
}

/* What is sent: the statement as it is run, and what goes before it in the same packet. */
struct sent {
    const char *text;
    size_t length;
    const struct mysql_buffer *before; /* or NULL */
    bool *ran;                         /* `before` did */
    bool fenced; /* a lease is held, and looked for first: nothing of this process stands between that and the rest */
};

static int query_behind(struct dara_conn *conn, const struct sent *sent)
{
    struct mysql_buffer packet = {0};
    if (sent->fenced) {
        mysql_fence_add(conn, &packet);
        mysql_buffer_add(&packet, ";");
    }
    if (sent->before) {
        mysql_buffer_add_bytes(&packet, sent->before->bytes, sent->before->length);
        mysql_buffer_add(&packet, ";");
    }
    mysql_buffer_add_bytes(&packet, sent->text, sent->length);
    int code = mysql_buffer_check(&packet);
    code = code ? code : mysql_multi(conn, true);
    if (!code && mysql_real_query(conn->mysql, packet.bytes, (unsigned long)packet.length))
        code = sent->fenced ? mysql_fence_fail(conn) : mysql_fail(conn, 0, NULL);
    mysql_buffer_free(&packet);
    if (!code && sent->fenced)
        code = next_answer(conn);
    if (code || !sent->before)
        return code;
    *sent->ran = true;
    return next_answer(conn);
}

static int query(struct dara_conn *conn, const struct sent *sent)
{
    if (sent->before || sent->fenced)
        return query_behind(conn, sent);
    int failed = conn->ask ? mysql_ask_query(conn, sent->text, sent->length)
                           : mysql_real_query(conn->mysql, sent->text, (unsigned long)sent->length);
    return failed ? mysql_fail(conn, 0, NULL) : 0;
}

/* What commits by itself is guarded by itself, what runs in a transaction by what is recorded at its end. */
static int guard(struct dara_conn *conn, bool single, bool *ret_fenced)
{
    int code = mysql_beat_hold(conn);
    if (code || !conn->beat || conn->in_transaction)
        return code;
    *ret_fenced = single;
    return single ? 0 : mysql_fence_check(conn);
}

/* max_execution_time of MySQL holds for SELECT alone: what else runs is ended by the clock. */
static bool is_watched(const struct dara_conn *conn)
{
    return conn->statement_timeout_ms && !conn->mariadb && conn->canceller;
}

static int send(struct dara_conn *conn, const struct sent *sent, unsigned flags, struct dara_result *result)
{
    size_t skipped = 0;
    int code = query(conn, sent);
    if (code)
        return code;
    bool counts = (flags & (DARA_STATEMENT_DATA | DARA_STATEMENT_SCHEMA)) == DARA_STATEMENT_DATA;
    code = read_results(conn, result, counts, &skipped);
    if (!code) {
        conn->cancelled = false; /* meant for this statement, which went through or took it for its end: SLEEP() */
        tell_warnings(conn, result);
        tell_skipped(result, skipped);
    }
    return code;
}

static int execute(struct dara_conn *conn, struct sent sent, struct dara_result *result)
{
    const char *kind = NULL, *text = sent.text;
    const size_t length = sent.length;
    unsigned flags = 0;
    char *confined = NULL;
    bool single = !memchr(text, ';', length);
    int code = mysql_classify_text(text, length, NULL, &kind, &flags);
    code = code ? code : check(conn, text, length, kind, flags);
    code = code || !conn->confine ? code : mysql_confine(conn, text, length, kind, flags, &confined);
    code = code ? code : mysql_queue_send(conn);
    /* Without a ';' there is no second statement in it, however the server reads it. */
    code = code ? code : guard(conn, single, &sent.fenced);
    if (!code && (conn->ask || !single))
        code = mysql_multi(conn, false);
    if (!code && conn->mode == DARA_MODE_WRITE && (flags & (DARA_STATEMENT_SESSION | DARA_STATEMENT_UNREAD)))
        code = mysql_settings_keep(conn, text, length);
    sent.text = confined ? confined : text;
    if (!code && conn->ask)
        code = mysql_ask_begin(conn, sent.text, length, kind, flags);
    if (!code && is_watched(conn))
        mysql_canceller_limit(conn->canceller, conn->statement_timeout_ms);
    code = code ? code : send(conn, &sent, flags, result);
    if (is_watched(conn))
        mysql_canceller_limit(conn->canceller, 0);
    if (!code && conn->ask)
        code = mysql_ask_end(conn);
    free(confined);
    return code;
}

static int execute_whole(struct dara_conn *conn, const struct sent *sent, struct dara_result *result)
{
    if (conn->cancelled) {
        conn->cancelled = false;
        return dara_error_set(DARA_EINTERRUPTED, "interrupted");
    }
    int code = execute(conn, *sent, result);
    if (code == DARA_ELOCKED && result && (!sent->before || *sent->ran))
        mysql_tell_blockers(conn, sent->text, sent->length, result);
    if (conn->canceller)
        mysql_canceller_wait(conn->canceller);
    return code;
}

int mysql_apply_execute(struct dara_conn *conn, const char *text, size_t length, struct dara_result *result)
{
    return execute_whole(conn, &(struct sent){.text = text, .length = length}, result);
}

int mysql_apply_execute_behind(struct dara_conn *conn, const struct mysql_buffer *before, const char *text,
                               size_t length, struct dara_result *result, bool *ran)
{
    return execute_whole(conn, &(struct sent){.text = text, .length = length, .before = before, .ran = ran}, result);
}
