/* SPDX-License-Identifier: MIT */
/* One statement, its rows, its errors. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"
#include "lex.h"

#if SQLITE_VERSION_NUMBER >= 3037000
#define changed_rows(db) sqlite3_changes64(db)
#else
#define changed_rows(db) sqlite3_changes(db)
#endif

static long line_of(const char *text, size_t offset)
{
    long line = 1;
    for (size_t i = 0; i < offset; i++)
        line += text[i] == '\n';
    return line;
}

static int fail_statement(struct dara_conn *conn, const char *text, size_t length)
{
    int code = sqlite_fail(conn, 0, NULL);
#if SQLITE_VERSION_NUMBER >= 3038000
    int offset = sqlite3_error_offset(conn->db);
    if (offset >= 0 && (size_t)offset <= length)
        dara_error_at(NULL, line_of(text, (size_t)offset));
#else
    (void)text;
    (void)length;
#endif
    return code;
}

/* Whether anything but ';', white space and comments follows. */
static int check_tail(const char *text, size_t length, const char *tail)
{
    struct sqlite_lexer lexer;
    struct sqlite_token token;
    sqlite_lex_begin(&lexer, tail, length - (size_t)(tail - text));
    do {
        sqlite_lex_next(&lexer, &token);
    } while (sqlite_token_is(&token, ";"));
    if (token.type == SQLITE_TOKEN_END)
        return 0;
    dara_error_set(DARA_ESTATEMENT, "more text follows the first statement");
    dara_error_at(NULL, line_of(text, (size_t)(token.start - text)));
    return DARA_ESTATEMENT;
}

static int prepare(struct dara_conn *conn, const char *text, size_t length, sqlite3_stmt **ret_statement)
{
    sqlite3_stmt *statement = NULL;
    const char *tail = text + length;
    if (length > INT_MAX)
        return dara_error_set(DARA_ESTATEMENT, "the statement is longer than SQLite takes");
    if (memchr(text, '\0', length))
        return dara_error_set(DARA_ESTATEMENT, "the statement holds a NUL byte");
    /* Only while it is compiled: what it runs inside itself (VACUUM, the full-text modules) may use savepoints. */
    conn->scripted = true;
    int result = sqlite3_prepare_v3(conn->db, text, (int)length, 0, &statement, &tail);
    conn->scripted = false;
    if (result != SQLITE_OK)
        return fail_statement(conn, text, length);
    int code = check_tail(text, length, tail);
    if (!code && statement && sqlite3_bind_parameter_count(statement) > 0) {
        const char *name = sqlite3_bind_parameter_name(statement, 1);
        code = dara_error_set(DARA_ESTATEMENT, "the statement has the parameter '%s', and there is no value for it",
                              name ? name : "?");
    }
    if (code)
        sqlite3_finalize(statement);
    else
        *ret_statement = statement;
    return code;
}

/* ---- rows --------------------------------------------------------------------------------------------------------------------- */

static void read_value(sqlite3_stmt *statement, int column, struct dara_value *value)
{
    *value = (struct dara_value){.type = DARA_NULL};
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        value->type = DARA_INTEGER;
        value->integer = sqlite3_column_int64(statement, column);
        break;
    case SQLITE_FLOAT:
        value->type = DARA_REAL;
        value->real = sqlite3_column_double(statement, column);
        break;
    case SQLITE_TEXT:
        value->type = DARA_TEXT;
        value->bytes = (const char *)sqlite3_column_text(statement, column);
        value->length = (size_t)sqlite3_column_bytes(statement, column);
        break;
    case SQLITE_BLOB:
        value->type = DARA_BYTES;
        value->bytes = sqlite3_column_blob(statement, column);
        value->length = (size_t)sqlite3_column_bytes(statement, column);
        if (!value->bytes)
            value->bytes = ""; /* SQLite gives NULL for a blob of no bytes */
        break;
    default:
        break;
    }
}

/* Names and values of one row, for the length of one statement. */
struct row {
    int count;
    const char **names;
    struct dara_value *values;
};

static int begin_rows(sqlite3_stmt *statement, struct dara_result *result, struct row *row)
{
    row->count = sqlite3_column_count(statement);
    if (!row->count)
        return 0;
    row->names = calloc((size_t)row->count, sizeof(*row->names));
    row->values = calloc((size_t)row->count, sizeof(*row->values));
    if (!row->names || !row->values)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    for (int i = 0; i < row->count; i++) {
        row->names[i] = sqlite3_column_name(statement, i);
        if (!row->names[i])
            return dara_error_set(DARA_EINTERNAL, "out of memory");
    }
    dara_result_columns(result, (size_t)row->count, row->names);
    return 0;
}

static int step_rows(struct dara_conn *conn, sqlite3_stmt *statement, struct dara_result *result, struct row *row)
{
    int stepped;
    while ((stepped = sqlite3_step(statement)) == SQLITE_ROW) {
        if (!row->count || !result)
            continue;
        for (int i = 0; i < row->count; i++)
            read_value(statement, i, &row->values[i]);
        int code = dara_result_row(result, (size_t)row->count, row->values);
        if (code)
            return code;
    }
    return stepped == SQLITE_DONE ? 0 : sqlite_fail(conn, 0, NULL);
}

/* Only statements that change rows count them: after any other SQLite still tells the number of the last one that did. */
static bool counts_rows(sqlite3_stmt *statement)
{
    static const char *const verbs[] = {"insert", "replace", "update", "delete", "with"};
    struct sqlite_lexer lexer;
    struct sqlite_token token;
    const char *sql = sqlite3_sql(statement);
    if (!sql || sqlite3_stmt_readonly(statement) || sqlite3_stmt_isexplain(statement))
        return false;
    sqlite_lex_begin(&lexer, sql, strlen(sql));
    sqlite_lex_next(&lexer, &token);
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (sqlite_token_is(&token, verbs[i]))
            return true;
    return false;
}

static int run(struct dara_conn *conn, sqlite3_stmt *statement, struct dara_result *result)
{
    struct row row = {.count = 0};
    int code = begin_rows(statement, result, &row);
    if (!code)
        code = step_rows(conn, statement, result, &row);
    if (!code && counts_rows(statement))
        dara_result_affected(result, (uint64_t)changed_rows(conn->db));
    free(row.names);
    free(row.values);
    return code;
}

/* ---- execute --------------------------------------------------------------------------------------------------------------------- */

static bool is_vacuum(const char *text, size_t length)
{
    struct sqlite_lexer lexer;
    struct sqlite_token token;
    sqlite_lex_begin(&lexer, text, length);
    sqlite_lex_next(&lexer, &token);
    return sqlite_token_is(&token, "vacuum");
}

static int check_state(struct dara_conn *conn, sqlite3_stmt *statement)
{
    if (conn->in_transaction && sqlite3_get_autocommit(conn->db)) {
        dara_error_set(DARA_ESTATEMENT, "SQLite has rolled the transaction back, so nothing more is run in it");
        dara_error_native("SQLITE_ABORT_ROLLBACK");
        return DARA_ESTATEMENT;
    }
    if (sqlite3_stmt_readonly(statement))
        return 0;
    if (conn->mode == DARA_MODE_REHEARSE && !conn->in_transaction)
        return dara_error_set(DARA_EUNSUPPORTED, "a rehearsal cannot run what writes outside a transaction");
    if (!conn->schema_transaction)
        conn->violations_known = false;
    return 0;
}

static int execute(struct dara_conn *conn, const char *text, size_t length, struct dara_result *result)
{
    sqlite3_stmt *statement = NULL;
    int code = prepare(conn, text, length, &statement);
    if (code || !statement)
        return code;
    code = check_state(conn, statement);
    if (!code)
        code = run(conn, statement, result);
    sqlite3_finalize(statement);
    return code;
}

int sqlite_apply_execute(struct dara_conn *conn, const char *text, size_t length, struct dara_result *result)
{
    if (conn->cancelled) {
        conn->cancelled = 0;
        return dara_error_set(DARA_EINTERRUPTED, "interrupted");
    }
    bool vacuum = is_vacuum(text, length);
    conn->denied = NULL;
    conn->timed_out = false;
    conn->deadline_ms = conn->statement_timeout_ms ? sqlite_clock_ms() + conn->statement_timeout_ms : 0;
    if (vacuum) /* it attaches its nameless copy; the authorizer still refuses every name */
        sqlite3_limit(conn->db, SQLITE_LIMIT_ATTACHED, 1);
    int code = execute(conn, text, length, result);
    if (vacuum)
        sqlite3_limit(conn->db, SQLITE_LIMIT_ATTACHED, 0);
    conn->deadline_ms = 0;
    conn->cancelled = 0;
    return code;
}
