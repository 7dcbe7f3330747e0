/* SPDX-License-Identifier: MIT */
/* Which columns an export writes, and in what order it reads the rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bulk.h"
#include "lex.h"

static int out_of_memory(void)
{
    return dara_error_set(DARA_EINTERNAL, "out of memory");
}

static int add_column(struct sqlite_export *it, const char *name)
{
    char **larger = realloc(it->columns, (it->column_count + 1) * sizeof(*larger));
    if (!larger)
        return out_of_memory();
    it->columns = larger;
    it->columns[it->column_count] = strdup(name);
    if (!it->columns[it->column_count])
        return out_of_memory();
    it->column_count++;
    return 0;
}

static int fail(struct sqlite_export *it)
{
    return sqlite_fail(it->conn, 0, "cannot read the table's columns");
}

/* A query about the table, bound to ?1; NULL when it fails. */
static sqlite3_stmt *prepare_for(struct sqlite_export *it, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(it->conn->db, sql, -1, &statement, NULL) == SQLITE_OK)
        sqlite3_bind_text(statement, 1, it->table, -1, SQLITE_STATIC);
    return statement;
}

static int end(struct sqlite_export *it, sqlite3_stmt *statement)
{
    return sqlite3_finalize(statement) == SQLITE_OK ? 0 : fail(it);
}

/* ---- virtual tables --------------------------------------------------------------------------------------------------------- */

enum module_rows {
    ROWS_WITH_ROWID, /* rows can be written with their rowid */
    ROWS_WITH_KEY,   /* the first column is the rowid */
    ROWS_OF_OTHERS,  /* shows what other tables hold */
    ROWS_UNKNOWN,
};

static enum module_rows find_module(const char *module)
{
    static const struct {
        const char *name;
        enum module_rows rows;
    } modules[] = {
        {"fts3", ROWS_WITH_ROWID},     {"fts4", ROWS_WITH_ROWID},        {"fts5", ROWS_WITH_ROWID},
        {"geopoly", ROWS_WITH_ROWID},  {"rtree", ROWS_WITH_KEY},         {"rtree_i32", ROWS_WITH_KEY},
        {"fts5vocab", ROWS_OF_OTHERS}, {"fts3tokenize", ROWS_OF_OTHERS}, {"fts4aux", ROWS_OF_OTHERS},
        {"dbstat", ROWS_OF_OTHERS},
    };
    for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
        if (strcmp(modules[i].name, module) == 0)
            return modules[i].rows;
    return ROWS_UNKNOWN;
}

/* content='' or content="": the index without the text. */
static bool is_contentless(struct sqlite_lexer lexer)
{
    struct sqlite_token token, before = {.start = NULL};
    bool content = false;
    while (sqlite_lex_next(&lexer, &token) != SQLITE_TOKEN_END && token.type != SQLITE_TOKEN_BAD) {
        if (sqlite_token_is(&token, "=") && sqlite_token_is(&before, "content"))
            content = true;
        else if (content)
            return (token.type == SQLITE_TOKEN_STRING || token.type == SQLITE_TOKEN_QUOTED) && token.length == 2;
        before = token;
    }
    return false;
}

static int fail_rows(const struct sqlite_export *it, const char *why)
{
    dara_error_set(DARA_EUNSUPPORTED, "the rows of the virtual table '%s' cannot be saved: %s", it->table, why);
    dara_error_hint("leave it out, and fill it from its source after a restore");
    return DARA_EUNSUPPORTED;
}

static int describe_module(struct sqlite_export *it, const char *sql, enum module_rows *ret_rows)
{
    struct sqlite_lexer lexer;
    struct sqlite_token token;
    sqlite_lex_begin(&lexer, sql, strlen(sql));
    while (sqlite_lex_next(&lexer, &token) != SQLITE_TOKEN_END && token.type != SQLITE_TOKEN_BAD)
        if (sqlite_token_is(&token, "using"))
            break;
    sqlite_lex_next(&lexer, &token);
    char *name = sqlite_token_name(&token), *module = name ? sqlite_fold(name) : NULL;
    free(name);
    if (!module)
        return out_of_memory();
    int code = 0;
    *ret_rows = find_module(module);
    if (*ret_rows == ROWS_UNKNOWN) {
        char why[128];
        snprintf(why, sizeof(why), "its module '%.60s' is not known", module);
        code = fail_rows(it, why);
    } else if (strncmp(module, "fts", 3) == 0 && is_contentless(lexer)) {
        code = fail_rows(it, "it is contentless, it keeps an index but not the text");
    }
    free(module);
    return code;
}

/* `*ret_sql` is the CREATE VIRTUAL TABLE text, free(); NULL for other tables. */
static int find_virtual(struct sqlite_export *it, char **ret_sql)
{
    sqlite3_stmt *row = prepare_for(
        it, "SELECT sql FROM main.sqlite_schema WHERE name = ?1 AND type = 'table' AND coalesce(rootpage, 0) = 0");
    if (!row)
        return fail(it);
    char *sql = NULL;
    int code = 0;
    if (sqlite3_step(row) == SQLITE_ROW && sqlite3_column_text(row, 0)) {
        sql = strdup((const char *)sqlite3_column_text(row, 0));
        if (!sql)
            code = out_of_memory();
    }
    int ended = end(it, row);
    if (code || ended) {
        free(sql);
        return code ? code : ended;
    }
    *ret_sql = sql;
    return 0;
}

/* ---- the rowid ---------------------------------------------------------------------------------------------------------------- */

struct shape {
    bool taken[3]; /* of the names of the rowid, those that columns have */
    size_t columns, key_columns;
};

static const char *const rowid_names[] = {"rowid", "_rowid_", "oid"};

static bool has_rowid(struct sqlite_export *it, const char *name)
{
    sqlite3_str *sql = sqlite3_str_new(it->conn->db);
    sqlite3_str_appendf(sql, "SELECT %s FROM main.\"%w\" LIMIT 0", name, it->table);
    char *text = sqlite3_str_finish(sql);
    sqlite3_stmt *statement = NULL;
    bool there = text && sqlite3_prepare_v2(it->conn->db, text, -1, &statement, NULL) == SQLITE_OK;
    sqlite3_finalize(statement);
    sqlite3_free(text);
    return there;
}

/* Whether the primary key of a table with rowids is the rowid itself: it then has no index of its own. */
static int is_alias(struct sqlite_export *it, bool *ret_alias)
{
    sqlite3_stmt *row = prepare_for(it, "SELECT count(*) FROM pragma_index_list(?1, 'main') WHERE origin = 'pk'");
    if (!row)
        return fail(it);
    if (sqlite3_step(row) == SQLITE_ROW)
        *ret_alias = sqlite3_column_int64(row, 0) == 0;
    return end(it, row);
}

static int set_order(struct sqlite_export *it, const char *order)
{
    it->order = strdup(order);
    return it->order ? 0 : out_of_memory();
}

static int order_by_key(struct sqlite_export *it)
{
    sqlite3_stmt *row = prepare_for(it, "SELECT group_concat('\"' || replace(name, '\"', '\"\"') || '\"', ',') FROM"
                                        " (SELECT name FROM pragma_table_xinfo(?1, 'main') WHERE pk > 0 ORDER BY pk)");
    if (!row)
        return fail(it);
    int code = 0;
    if (sqlite3_step(row) == SQLITE_ROW && sqlite3_column_text(row, 0))
        code = set_order(it, (const char *)sqlite3_column_text(row, 0));
    int ended = end(it, row);
    return code ? code : ended;
}

/* The rowid is kept where it has a name that no column took, and is not a column already. */
static int choose_rowid(struct sqlite_export *it, const struct shape *shape)
{
    const char *name = NULL;
    bool alias = false;
    for (size_t i = 0; i < 3 && !name; i++)
        if (!shape->taken[i])
            name = rowid_names[i];
    if (!name)
        return 0;
    if (!has_rowid(it, name))
        return order_by_key(it); /* WITHOUT ROWID */
    int code = set_order(it, name);
    if (!code && shape->key_columns)
        code = is_alias(it, &alias);
    /* A table of as many columns as SQLite has room for leaves none for the rowid, in SELECT as in INSERT. */
    if (code || alias || shape->columns >= (size_t)sqlite3_limit(it->conn->db, SQLITE_LIMIT_COLUMN, -1))
        return code;
    it->rowid = true;
    return add_column(it, name);
}

/* ---- columns -------------------------------------------------------------------------------------------------------------------- */

/* Generated columns (hidden 2 and 3) make themselves, hidden ones of virtual tables (1) hold nothing. */
static const char columns_sql[] = "SELECT name, pk FROM pragma_table_xinfo(?1, 'main') WHERE hidden = 0 ORDER BY cid";
static const char names_sql[] = "SELECT name, pk FROM pragma_table_xinfo(?1, 'main') ORDER BY cid";

static int read_shape(struct sqlite_export *it, struct shape *shape)
{
    sqlite3_stmt *row = prepare_for(it, names_sql);
    if (!row)
        return fail(it);
    while (sqlite3_step(row) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(row, 0);
        for (size_t i = 0; i < 3; i++)
            shape->taken[i] = shape->taken[i] || (name && strcasecmp(name, rowid_names[i]) == 0);
        shape->columns++;
        shape->key_columns += sqlite3_column_int(row, 1) > 0;
    }
    return end(it, row);
}

static int read_columns(struct sqlite_export *it)
{
    sqlite3_stmt *row = prepare_for(it, columns_sql);
    if (!row)
        return fail(it);
    int code = 0;
    while (!code && sqlite3_step(row) == SQLITE_ROW)
        code = add_column(it, (const char *)sqlite3_column_text(row, 0));
    int ended = end(it, row);
    return code ? code : ended;
}

int sqlite_export_describe(struct sqlite_export *it, bool *ret_has_rows)
{
    struct shape shape = {.key_columns = 0};
    enum module_rows rows = ROWS_WITH_ROWID;
    char *sql = NULL;
    int code = find_virtual(it, &sql);
    if (!code && sql)
        code = describe_module(it, sql, &rows);
    free(sql);
    if (code || rows == ROWS_OF_OTHERS) {
        if (!code)
            *ret_has_rows = false;
        return code;
    }
    code = read_shape(it, &shape);
    if (!code && rows == ROWS_WITH_ROWID)
        code = choose_rowid(it, &shape);
    if (!code && rows == ROWS_WITH_KEY)
        code = set_order(it, "1");
    return code ? code : read_columns(it);
}
