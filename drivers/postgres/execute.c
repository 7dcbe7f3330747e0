/* SPDX-License-Identifier: MIT */
/*
 * One statement, its rows, its errors. The extended protocol takes one statement and no more, so that nothing can be slipped in
 * behind a reading one; rows come one by one.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "execute.h"
#include "lex.h"
#include "observe.h"

/* ---- values ----------------------------------------------------------------------------------------------------------------- */

enum type { BOOLEAN = 16, BYTEA = 17, INT8 = 20, INT2 = 21, INT4 = 23, OID = 26, FLOAT4 = 700, FLOAT8 = 701 };

/* Names and values of one row, for the length of one statement. */
struct row {
    int count;
    const char **names;
    struct dara_value *values;
    unsigned char **unescaped; /* freed after the row */
    bool begun;
};

static void read_number(const char *text, struct dara_value *value)
{
    char *end = NULL;
    double real = strtod(text, &end);
    if (*end || !isfinite(real))
        return; /* NaN, Infinity: shown as the server writes them */
    value->type = DARA_REAL;
    value->real = real;
}

static void read_value(const PGresult *result, int row, int column, struct dara_value *value,
                       unsigned char **ret_unescaped)
{
    *value = (struct dara_value){.type = DARA_NULL};
    if (PQgetisnull(result, row, column))
        return;
    const char *text = PQgetvalue(result, row, column);
    *value = (struct dara_value){.type = DARA_TEXT, .bytes = text, .length = (size_t)PQgetlength(result, row, column)};
    switch (PQftype(result, column)) {
    case INT2:
    case INT4:
    case INT8:
    case OID:
        value->type = DARA_INTEGER;
        value->integer = strtoll(text, NULL, 10);
        break;
    case FLOAT4:
    case FLOAT8:
        read_number(text, value);
        break;
    case BOOLEAN:
        value->bytes = *text == 't' ? "true" : "false";
        value->length = strlen(value->bytes);
        break;
    case BYTEA:
        *ret_unescaped = PQunescapeBytea((const unsigned char *)text, &value->length);
        value->type = DARA_BYTES;
        value->bytes = *ret_unescaped ? (const char *)*ret_unescaped : "";
        break;
    default:
        break;
    }
}

/* ---- rows ------------------------------------------------------------------------------------------------------------------- */

static int begin_rows(const PGresult *result, struct dara_result *reader, struct row *row)
{
    size_t count = (size_t)PQnfields(result);
    row->begun = true;
    row->count = (int)count;
    row->names = calloc(count + 1, sizeof(*row->names));
    row->values = calloc(count + 1, sizeof(*row->values));
    row->unescaped = calloc(count + 1, sizeof(*row->unescaped));
    if (!row->names || !row->values || !row->unescaped)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    for (size_t i = 0; i < count; i++)
        row->names[i] = PQfname(result, (int)i);
    dara_result_columns(reader, count, row->names);
    return 0;
}

static int add_rows(const PGresult *result, struct dara_result *reader, struct row *row)
{
    int code = row->begun ? 0 : begin_rows(result, reader, row);
    for (int at = 0; !code && at < PQntuples(result); at++) {
        for (int i = 0; i < row->count; i++)
            read_value(result, at, i, &row->values[i], &row->unescaped[i]);
        code = dara_result_row(reader, (size_t)row->count, row->values);
        for (int i = 0; i < row->count; i++) {
            PQfreemem(row->unescaped[i]);
            row->unescaped[i] = NULL;
        }
    }
    return code;
}

static void end_rows(struct row *row)
{
    free(row->names);
    free(row->values);
    free(row->unescaped);
}

/* Only what changes rows counts them: the server also counts those that a SELECT returns. */
static void count_rows(PGresult *result, struct dara_result *reader)
{
    static const char *const verbs[] = {"INSERT ", "UPDATE ", "DELETE ", "MERGE ", "COPY "};
    const char *tag = PQcmdStatus(result);
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (!strncmp(tag, verbs[i], strlen(verbs[i])))
            dara_result_affected(reader, strtoull(PQcmdTuples(result), NULL, 10));
}

/* ---- COPY ------------------------------------------------------------------------------------------------------------------- */

/* The rows stand behind the statement's ';' and its line end, up to a line "\.". */
static int copy_in(struct dara_conn *conn, const char *data, size_t length)
{
    if (!data) {
        PQputCopyEnd(conn->pg, "the statement has no data: give the rows after it, and end them with a line \\.");
        return 0; /* the server's answer says it */
    }
    while (length > 0) {
        size_t piece = length < 65536 ? length : 65536;
        if (PQputCopyData(conn->pg, data, (int)piece) < 0)
            break; /* the result that follows tells why */
        data += piece;
        length -= piece;
    }
    PQputCopyEnd(conn->pg, NULL);
    return 0;
}

/* Lines as rows with one column. */
static int copy_out(struct dara_conn *conn, struct dara_result *reader)
{
    static const char *const names[] = {"copy"};
    int code = 0, length;
    char *line = NULL;
    dara_result_columns(reader, 1, names);
    while ((length = PQgetCopyData(conn->pg, &line, 0)) > 0) {
        size_t kept = (size_t)length - (line[length - 1] == '\n');
        const struct dara_value value = {.type = DARA_TEXT, .bytes = line, .length = kept};
        if (!code)
            code = dara_result_row(reader, 1, &value);
        PQfreemem(line);
    }
    return code;
}

/* ---- one statement ------------------------------------------------------------------------------------------------------------ */

static int take(struct dara_conn *conn, PGresult *result, const struct postgres_sent *sent, struct dara_result *reader,
                struct row *row)
{
    int code = 0;
    switch (PQresultStatus(result)) {
    case PGRES_SINGLE_TUPLE:
    case PGRES_TUPLES_OK:
        code = add_rows(result, reader, row);
        count_rows(result, reader);
        break;
    case PGRES_COMMAND_OK:
        count_rows(result, reader);
        break;
    case PGRES_EMPTY_QUERY:
        break;
    case PGRES_COPY_IN:
        code = copy_in(conn, sent->data, sent->data_length);
        break;
    case PGRES_COPY_OUT:
        code = copy_out(conn, reader);
        break;
    default:
        return postgres_fail(conn, result, 0, NULL, sent->sql);
    }
    PQclear(result);
    return code;
}

/* All results are read to the end, whatever comes: the connection is to be used again. A reader that wants no more rows of a statement
 * that only reads need not wait for them. */
int postgres_execute_take(struct dara_conn *conn, const struct postgres_sent *sent, struct dara_result *reader)
{
    struct row row = {.begun = false};
    PGresult *result;
    int code = 0;
    PQsetSingleRowMode(conn->pg);
    postgres_watch(conn, reader);
    while ((result = PQgetResult(conn->pg))) {
        if (code) {
            PQclear(result);
            continue;
        }
        bool stopped = PQresultStatus(result) == PGRES_SINGLE_TUPLE;
        code = take(conn, result, sent, reader, &row);
        char ignored[256];
        if (code && stopped && conn->mode == DARA_MODE_READ && conn->cancel)
            PQcancel(conn->cancel, ignored, sizeof(ignored));
    }
    end_rows(&row);
    return code;
}

static int run(struct dara_conn *conn, const struct postgres_sent *sent, struct dara_result *reader)
{
    if (!PQsendQueryParams(conn->pg, sent->sql, 0, NULL, NULL, NULL, NULL, 0))
        return postgres_fail(conn, NULL, 0, NULL, NULL);
    int code = postgres_execute_take(conn, sent, reader);
    return code ? code : postgres_check_alive(conn, NULL);
}

/* The same, and the question about locks goes with it; COPY does not go together with other statements. */
static int run_observed(struct dara_conn *conn, const struct postgres_sent *sent, struct dara_result *reader)
{
    PGresult *result;
    if (!PQenterPipelineMode(conn->pg))
        return postgres_fail(conn, NULL, 0, NULL, NULL);
    if (!PQsendQueryParams(conn->pg, sent->sql, 0, NULL, NULL, NULL, NULL, 0) || !postgres_observe_send(conn) ||
        !PQpipelineSync(conn->pg))
        return postgres_fail(conn, NULL, 0, NULL, NULL);
    int code = postgres_execute_take(conn, sent, reader);
    for (bool synced = false; !synced && PQstatus(conn->pg) == CONNECTION_OK;)
        if ((result = PQgetResult(conn->pg))) {
            synced = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
            postgres_observe_take(conn, result);
        }
    PQexitPipelineMode(conn->pg);
    return code ? code : postgres_check_alive(conn, NULL);
}

/* ---- outside a transaction ------------------------------------------------------------------------------------------------------- */

/* What a statement that may not write finds around it: a read-only transaction of its own. */
static int run_shielded(struct dara_conn *conn, const struct postgres_sent *sent, struct dara_result *reader)
{
    int code = postgres_run(conn, "BEGIN READ ONLY; SELECT 1", "cannot begin");
    if (code)
        return code;
    code = run(conn, sent, reader);
    const char *native = code ? dara_error_last()->native : NULL;
    bool refused = native && (!strcmp(native, "25006") || !strcmp(native, "25001"));
    PQclear(PQexec(conn->pg, code || conn->pooled ? "ROLLBACK" : "COMMIT"));
    if (refused && conn->mode == DARA_MODE_REHEARSE)
        return dara_error_set(DARA_EUNSUPPORTED, "a rehearsal cannot run what writes outside a transaction");
    return code;
}

/* Transactions are dara's: a COMMIT in a script would make the rest of it permanent piece by piece. */
static int check_control(const struct dara_conn *conn, const char *text, size_t length)
{
    static const char *const words[] = {"begin", "start", "commit", "end", "rollback", "abort"};
    struct postgres_lexer lexer;
    struct postgres_token first, next;
    postgres_lex_begin(&lexer, text, length);
    postgres_lex_next(&lexer, &first);
    bool control = false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        control = control || postgres_token_is(&first, words[i]);
    postgres_lex_next(&lexer, &next);
    if (postgres_token_is(&first, "prepare") && postgres_token_is(&next, "transaction"))
        control = true;
    if (!control || (!conn->in_transaction && conn->mode == DARA_MODE_WRITE))
        return 0;
    while (postgres_token_is(&next, "work") || postgres_token_is(&next, "transaction"))
        postgres_lex_next(&lexer, &next);
    if (postgres_token_is(&first, "rollback") && postgres_token_is(&next, "to"))
        return 0;
    dara_error_set(DARA_ESTATEMENT, "transaction control is not run here: the transaction is dara's");
    dara_error_hint("take the statement out");
    return DARA_ESTATEMENT;
}

/* Where the data of a COPY begin; the statement before them goes to the server alone, as `*ret_sql`, to be freed. */
static int cut(const char *text, size_t length, struct postgres_sent *ret_sent, char **ret_sql)
{
    struct postgres_lexer lexer;
    struct postgres_token first;
    struct postgres_sent sent = {.data = NULL};
    size_t end = length;
    postgres_lex_begin(&lexer, text, length);
    postgres_lex_next(&lexer, &first);
    if (postgres_token_is(&first, "copy")) {
        sent.copies = true;
        end = postgres_lex_statement(text, length);
        const char *newline = end < length ? memchr(text + end, '\n', length - end) : NULL;
        if (newline) {
            sent.data = newline + 1;
            sent.data_length = length - (size_t)(sent.data - text);
            /* The line that ends the data is not of them. */
            const char *last = sent.data + sent.data_length;
            if (sent.data_length >= 2 && !memcmp(last - 2, "\\.", 2) && (sent.data_length == 2 || last[-3] == '\n'))
                sent.data_length -= 2;
        }
    }
    if (memchr(text, '\0', end))
        return dara_error_set(DARA_ESTATEMENT, "the statement holds a NUL byte");
    char *sql = strndup(text, end);
    if (!sql)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    sent.sql = *ret_sql = sql;
    *ret_sent = sent;
    return 0;
}

int postgres_apply_execute(struct dara_conn *conn, const char *text, size_t length, struct dara_result *result)
{
    struct postgres_sent sent = {.sql = NULL};
    char *sql = NULL;
    if (conn->cancelled) {
        conn->cancelled = false;
        return dara_error_set(DARA_EINTERRUPTED, "interrupted");
    }
    int code = check_control(conn, text, length);
    if (!code)
        code = cut(text, length, &sent, &sql);
    if (code)
        return code;
    conn->row_view_used = true;
    conn->notices = result;
    bool shielded = !conn->in_transaction && conn->mode != DARA_MODE_WRITE;
    bool observed = conn->observer && conn->in_transaction && !sent.copies;
    code = shielded   ? run_shielded(conn, &sent, result)
           : observed ? run_observed(conn, &sent, result)
                      : run(conn, &sent, result);
    conn->notices = NULL;
    free(sql);
    return code;
}
