/* SPDX-License-Identifier: MIT */
/*
 * Rows as INSERT statements. Values come as the server's text protocol gives them, in UTC and without its own idea of dates: numbers as
 * they are, bytes as hexadecimal, everything else as strings, so that each comes back as it was.
 */
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "queue.h"
#include "render.h"

enum { ROWS_MOST = 1000, BYTES_MOST = 256 * 1024 };

struct export
{
    struct dara_conn *conn;
    const struct dara_object *object;
    int (*write)(void *context, const char *bytes, size_t length);
    void *context;
    struct mysql_buffer out;
    const struct dara_object **columns; /* those that take a value */
    size_t column_count;
    const struct dara_object *counting; /* the column with AUTO_INCREMENT, or NULL */
    size_t in_statement;
    uint64_t rows;
};

static int flush(struct export *it)
{
    int code = mysql_buffer_check(&it->out);
    if (!code && it->out.length)
        code = it->write(it->context, it->out.bytes, it->out.length);
    mysql_buffer_clear(&it->out);
    return code;
}

/* ---- values --------------------------------------------------------------------------------------------------------------------------- */

static bool is_number(enum enum_field_types type)
{
    switch (type) {
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE:
    case MYSQL_TYPE_YEAR:
        return true;
    default:
        return false;
    }
}

enum { BINARY_CHARSET = 63 };

static bool is_binary(const MYSQL_FIELD *field)
{
    switch (field->type) {
    case MYSQL_TYPE_BIT:
    case MYSQL_TYPE_GEOMETRY:
        return true;
    case MYSQL_TYPE_JSON:
        return false;
    case MYSQL_TYPE_STRING:
    case MYSQL_TYPE_VAR_STRING:
    case MYSQL_TYPE_VARCHAR:
    case MYSQL_TYPE_TINY_BLOB:
    case MYSQL_TYPE_MEDIUM_BLOB:
    case MYSQL_TYPE_LONG_BLOB:
    case MYSQL_TYPE_BLOB:
        return field->charsetnr == BINARY_CHARSET;
    default:
        /* MySQL 9's VECTOR has a number of its own, which not every library knows. */
        return field->charsetnr == BINARY_CHARSET && (unsigned)field->type == 242;
    }
}

static void add_hex(struct mysql_buffer *out, const char *bytes, size_t length)
{
    static const char digits[] = "0123456789ABCDEF";
    if (length == 0) {
        mysql_buffer_add(out, "''");
        return;
    }
    mysql_buffer_add(out, "0x");
    for (size_t i = 0; i < length; i++) {
        char pair[2] = {digits[(unsigned char)bytes[i] >> 4], digits[(unsigned char)bytes[i] & 15]};
        mysql_buffer_add_bytes(out, pair, 2);
    }
}

static void add_value(struct mysql_buffer *out, const MYSQL_FIELD *field, const char *bytes, size_t length)
{
    if (!bytes)
        mysql_buffer_add(out, "NULL");
    else if (is_binary(field))
        add_hex(out, bytes, length);
    else if (is_number(field->type))
        mysql_buffer_add_bytes(out, bytes, length);
    else
        mysql_buffer_add_string(out, bytes, length);
}

/* ---- statements ------------------------------------------------------------------------------------------------------------------------- */

static int end_statement(struct export *it)
{
    if (!it->in_statement)
        return 0;
    mysql_buffer_add(&it->out, ";\n");
    it->in_statement = 0;
    return flush(it);
}

static void begin_statement(struct export *it)
{
    mysql_buffer_add(&it->out, "INSERT INTO ");
    mysql_buffer_add_name(&it->out, dara_object_name(it->object));
    mysql_buffer_add(&it->out, " (");
    for (size_t i = 0; i < it->column_count; i++) {
        mysql_buffer_add(&it->out, i ? ", " : "");
        mysql_buffer_add_name(&it->out, dara_object_name(it->columns[i]));
    }
    mysql_buffer_add(&it->out, ") VALUES\n  (");
}

static int add_row(struct export *it, MYSQL_ROW row, const unsigned long *lengths, const MYSQL_FIELD *fields)
{
    it->rows++;
    if (it->in_statement++)
        mysql_buffer_add(&it->out, ",\n  (");
    else
        begin_statement(it);
    for (size_t i = 0; i < it->column_count; i++) {
        mysql_buffer_add(&it->out, i ? ", " : "");
        add_value(&it->out, &fields[i], row[i], lengths[i]);
    }
    mysql_buffer_add(&it->out, ")");
    if (it->in_statement >= ROWS_MOST || it->out.length >= BYTES_MOST)
        return end_statement(it);
    return 0;
}

/* ---- tables ------------------------------------------------------------------------------------------------------------------------------ */

static int find_columns(struct export *it)
{
    const struct dara_object *column = NULL;
    size_t count = 0;
    while ((column = dara_object_owned(it->object, "column", column)))
        count++;
    it->columns = malloc((count + 1) * sizeof(*it->columns));
    if (!it->columns)
        return mysql_out_of_memory();
    while ((column = dara_object_owned(it->object, "column", column)))
        if (!dara_object_has(column, "generated"))
            it->columns[it->column_count++] = column;
    for (size_t i = 0; i < it->column_count; i++)
        if (dara_object_bool(it->columns[i], "mysql.auto_increment", false))
            it->counting = it->columns[i];
    return 0;
}

/* The primary key gives an order, so that two exports of the same rows are the same text. */
static void add_order(struct mysql_buffer *sql, const struct dara_object *table)
{
    const struct dara_object *key = NULL;
    const char *const *columns = NULL;
    while ((key = dara_object_owned(table, "constraint", key)) && !mysql_has_text(key, "type", "primary key"))
        ;
    size_t count = key ? dara_object_list(key, "columns", &columns) : 0;
    for (size_t i = 0; i < count; i++) {
        mysql_buffer_add(sql, i ? ", " : " ORDER BY ");
        mysql_buffer_add_name(sql, columns[i]);
    }
}

/* A float is printed with too few digits unless it is made a double. */
static void add_select(struct mysql_buffer *sql, const struct export *it)
{
    mysql_buffer_add(sql, "SELECT ");
    for (size_t i = 0; i < it->column_count; i++) {
        const char *type = dara_object_text(it->columns[i], "type");
        bool real = type && strncmp(type, "float", 5) == 0;
        mysql_buffer_add(sql, i ? ", " : "");
        mysql_buffer_add_name(sql, dara_object_name(it->columns[i]));
        mysql_buffer_add(sql, real ? " + 0E0" : "");
    }
    mysql_buffer_add(sql, it->column_count ? " FROM " : "1 FROM ");
    mysql_buffer_add_name(sql, dara_object_name(it->object));
    add_order(sql, it->object);
}

static int export_result(struct export *it, MYSQL_RES *result)
{
    const MYSQL_FIELD *fields = mysql_fetch_fields(result);
    MYSQL_ROW row;
    int code = 0;
    while (!code && (row = mysql_fetch_row(result)))
        code = add_row(it, row, mysql_fetch_lengths(result), fields);
    if (!code && mysql_errno(it->conn->mysql))
        code = mysql_fail(it->conn, 0, "cannot read the rows");
    mysql_free_result(result); /* which reads what is left */
    return code ? code : end_statement(it);
}

/* The highest number that rows have. */
static int find_highest(struct export *it, uint64_t *ret_highest)
{
    struct mysql_buffer sql = {0};
    MYSQL_RES *result = NULL;
    mysql_buffer_add(&sql, "SELECT MAX(");
    mysql_buffer_add_name(&sql, dara_object_name(it->counting));
    mysql_buffer_add(&sql, ") FROM ");
    mysql_buffer_add_name(&sql, dara_object_name(it->object));
    int code = mysql_buffer_rows(it->conn, &sql, "cannot read the rows", &result);
    if (code)
        return code;
    MYSQL_ROW row = mysql_fetch_row(result);
    *ret_highest = row && row[0] && *row[0] != '-' ? strtoull(row[0], NULL, 10) : 0;
    mysql_free_result(result);
    return 0;
}

/* The next row is to get the next number, also where the rows with the highest ones are gone. Only then: ALTER TABLE makes MySQL write
 * the table's checks anew, and not always as they were. Before the rows: it would end a transaction that they are in. */
static int export_next_number(struct export *it)
{
    int64_t next = dara_object_int(it->object, "mysql.auto_increment", 0);
    uint64_t highest = 0;
    if (next <= 1 || !it->counting)
        return 0;
    int code = find_highest(it, &highest);
    if (code || (uint64_t)next <= highest + 1)
        return code;
    mysql_buffer_add(&it->out, "ALTER TABLE ");
    mysql_buffer_add_name(&it->out, dara_object_name(it->object));
    mysql_buffer_format(&it->out, " AUTO_INCREMENT = %lld;\n", (long long)next);
    return flush(it);
}

static int export_table(struct export *it)
{
    struct mysql_buffer sql = {0};
    int code = find_columns(it);
    code = code ? code : export_next_number(it);
    if (code)
        return code;
    add_select(&sql, it);
    code = mysql_buffer_check(&sql);
    code = code ? code : mysql_queue_send(it->conn);
    if (!code && mysql_real_query(it->conn->mysql, sql.bytes, (unsigned long)sql.length))
        code = mysql_fail(it->conn, 0, "cannot read the rows");
    MYSQL_RES *result = code ? NULL : mysql_use_result(it->conn->mysql);
    if (!code && !result)
        code = mysql_fail(it->conn, 0, "cannot read the rows");
    code = code ? code : export_result(it, result);
    mysql_buffer_free(&sql);
    return code;
}

/* What the next one is, cached or not: some numbers may be left out, none comes twice. */
static int export_sequence(struct export *it)
{
    struct mysql_buffer sql = {0};
    MYSQL_RES *result = NULL;
    mysql_buffer_add(&sql, "SELECT next_not_cached_value, cycle_count FROM ");
    mysql_buffer_add_name(&sql, dara_object_name(it->object));
    int code = mysql_buffer_rows(it->conn, &sql, "cannot read a sequence", &result);
    if (code)
        return code;
    MYSQL_ROW row = mysql_fetch_row(result);
    if (row && row[0] && row[1]) {
        mysql_buffer_add(&it->out, "SELECT SETVAL(");
        mysql_buffer_add_name(&it->out, dara_object_name(it->object));
        mysql_buffer_format(&it->out, ", %s, 0, %s);\n", row[0], row[1]);
        it->rows = 1;
    }
    mysql_free_result(result);
    return flush(it);
}

/* Under PAD_CHAR_TO_FULL_LENGTH a CHAR would come with blanks that it does not hold. */
static const char begin_sql[] =
    "SET @dara_zone = @@time_zone, @dara_mode = @@sql_mode, SESSION time_zone = '+00:00', SESSION sql_mode = ''";
static const char end_sql[] = "SET SESSION time_zone = @dara_zone, SESSION sql_mode = @dara_mode";

int mysql_bulk_export_rows(struct dara_conn *conn, const struct dara_object *object,
                           int (*write)(void *context, const char *bytes, size_t length), void *context,
                           uint64_t *ret_rows)
{
    struct export it = {.conn = conn, .object = object, .write = write, .context = context};
    int code = mysql_run(conn, begin_sql, "cannot read the rows");
    if (code)
        return code;
    code = mysql_is(object, "sequence") ? export_sequence(&it) : export_table(&it);
    if (!code)
        code = mysql_run(conn, end_sql, "cannot end reading the rows");
    mysql_buffer_free(&it.out);
    free(it.columns);
    if (!code)
        *ret_rows = it.rows;
    return code;
}

int mysql_bulk_restoring(struct dara_conn *conn, bool begins)
{
    static const char begin[] = "SET @dara_zone = @@time_zone, @dara_mode = @@sql_mode, SESSION time_zone = '+00:00',"
                                " SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO'";
    return mysql_run(conn, begins ? begin : end_sql, "cannot set the session for rows");
}
