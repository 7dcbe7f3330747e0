/* SPDX-License-Identifier: MIT */
/*
 * Rows as INSERT statements: psql and dara read them alike, a cut between two statements can be found, and a literal is read by the
 * input function of its column's type, which takes what the output function wrote.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pg.h"

enum { ROWS_MOST = 500, BYTES_MOST = 256 * 1024 };

struct export
{
    struct dara_conn *conn;
    int (*write)(void *context, const char *bytes, size_t length);
    void *context;
    char *table;   /* quoted, with its schema */
    char *columns; /* quoted list of those that take a value; "" = none */
    bool identity; /* a column says GENERATED ALWAYS AS IDENTITY */
    char *bytes;   /* not yet handed on */
    size_t length, room;
    char doing[320];
    bool failed; /* out of memory */
    int in_statement;
    uint64_t rows;
};

/* ---- text ----------------------------------------------------------------------------------------------------------------------- */

static void add_bytes(struct export *it, const char *bytes, size_t length)
{
    if (!it->failed && it->room - it->length < length) {
        size_t room = (it->length + length) * 2 + 1024;
        char *larger = realloc(it->bytes, room);
        it->failed = !larger;
        if (larger) {
            it->bytes = larger;
            it->room = room;
        }
    }
    if (it->failed)
        return;
    memcpy(it->bytes + it->length, bytes, length);
    it->length += length;
}

static void add(struct export *it, const char *string)
{
    add_bytes(it, string, strlen(string));
}

static int flush(struct export *it)
{
    if (it->failed)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    int code = it->length ? it->write(it->context, it->bytes, it->length) : 0;
    it->length = 0;
    return code;
}

/* The literal of a value, put in quotes by the client library. */
static int add_literal(struct export *it, const char *value, size_t length)
{
    char *literal = PQescapeLiteral(it->conn->pg, value, length);
    if (!literal)
        return postgres_fail(it->conn, NULL, DARA_EINTERNAL, "cannot write a value", NULL);
    add(it, literal + (*literal == ' ')); /* it puts a space before E'…' */
    PQfreemem(literal);
    return 0;
}

/* ---- what to export ------------------------------------------------------------------------------------------------------------- */

/* What was being done to which relation: the server's own words leave its schema out. */
static const char *doing(struct export *it, const char *what)
{
    snprintf(it->doing, sizeof(it->doing), "cannot read %s of %s", what, it->table);
    return it->doing;
}

/* The kind of relation ("r", "p", "m", …), and for a table its columns. */
static int describe(struct export *it, char *ret_kind)
{
    static const char sql[] =
        "SELECT c.relkind, c.relispopulated, coalesce(pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', '"
        " ORDER BY a.attnum), ''), coalesce(pg_catalog.bool_or(a.attidentity = 'a'), false)"
        " FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
        " AND NOT a.attisdropped AND a.attgenerated = '' WHERE c.oid = $1::pg_catalog.regclass GROUP BY c.oid, "
        "c.relkind,"
        " c.relispopulated";
    const char *const values[] = {it->table};
    PGresult *result;
    int code = postgres_query(it->conn, sql, 1, values, doing(it, "the columns"), &result);
    if (code)
        return code;
    bool there = PQntuples(result) == 1;
    if (there) {
        *ret_kind = *PQgetvalue(result, 0, 0);
        if (*ret_kind == 'm' && !strcmp(PQgetvalue(result, 0, 1), "f"))
            *ret_kind = ' '; /* never filled: left so */
        it->identity = !strcmp(PQgetvalue(result, 0, 3), "t");
        it->columns = postgres_strdup(PQgetvalue(result, 0, 2));
    }
    PQclear(result);
    if (!there)
        return dara_error_set(DARA_EINTERNAL, "the table is gone");
    return it->columns ? 0 : DARA_EINTERNAL;
}

/* ---- rows ----------------------------------------------------------------------------------------------------------------------- */

static int end_statement(struct export *it)
{
    if (!it->in_statement)
        return 0;
    add(it, ";\n");
    it->in_statement = 0;
    return flush(it);
}

static int add_value(struct export *it, const PGresult *row, int column)
{
    if (PQgetisnull(row, 0, column)) {
        add(it, "NULL");
        return 0;
    }
    return add_literal(it, PQgetvalue(row, 0, column), (size_t)PQgetlength(row, 0, column));
}

static void begin_statement(struct export *it)
{
    add(it, "INSERT INTO ");
    add(it, it->table);
    add(it, " (");
    add(it, it->columns);
    add(it, it->identity ? ") OVERRIDING SYSTEM VALUE VALUES\n  (" : ") VALUES\n  (");
}

static int add_row(struct export *it, const PGresult *row)
{
    it->rows++;
    if (!*it->columns) {
        add(it, "INSERT INTO ");
        add(it, it->table);
        add(it, " DEFAULT VALUES");
        it->in_statement = 1;
        return end_statement(it);
    }
    if (it->in_statement++)
        add(it, ",\n  (");
    else
        begin_statement(it);
    for (int i = 0; i < PQnfields(row); i++) {
        if (i)
            add(it, ", ");
        int code = add_value(it, row, i);
        if (code)
            return code;
    }
    add(it, ")");
    return it->in_statement >= ROWS_MOST || it->length >= BYTES_MOST ? end_statement(it) : 0;
}

/* Read to the end, whatever comes: the connection is to be used again. */
static int export_table(struct export *it)
{
    PGresult *row;
    int code = 0;
    add(it, "SELECT ");
    add(it, it->columns);
    add(it, " FROM ONLY ");
    add(it, it->table);
    add_bytes(it, "", 1);
    if (it->failed)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    it->length = 0;
    bool sent = PQsendQuery(it->conn->pg, it->bytes);
    if (!sent)
        return postgres_fail(it->conn, NULL, DARA_ECONNECT, doing(it, "the rows"), NULL);
    PQsetSingleRowMode(it->conn->pg);
    while ((row = PQgetResult(it->conn->pg))) {
        ExecStatusType status = PQresultStatus(row);
        if (!code && status == PGRES_SINGLE_TUPLE) {
            code = add_row(it, row);
        } else if (!code && status != PGRES_TUPLES_OK) {
            code = postgres_fail(it->conn, row, 0, doing(it, "the rows"), NULL);
            continue;
        }
        PQclear(row);
    }
    return code ? code : end_statement(it);
}

/* ---- sequences ------------------------------------------------------------------------------------------------------------------ */

/* Those that columns of the table own or take their defaults from: the next row is to get the next number. */
static int export_sequences(struct export *it)
{
    static const char list_sql[] =
        "SELECT DISTINCT pg_catalog.format('%I.%I', n.nspname, s.relname) FROM pg_catalog.pg_depend d"
        " LEFT JOIN pg_catalog.pg_attrdef f ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND f.oid = "
        "d.objid"
        " JOIN pg_catalog.pg_class s ON s.relkind = 'S' AND s.oid = CASE WHEN f.oid IS NULL THEN d.objid ELSE "
        "d.refobjid END"
        " JOIN pg_catalog.pg_namespace n ON n.oid = s.relnamespace"
        " WHERE (d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')"
        " AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = $1::pg_catalog.regclass)"
        " OR (f.adrelid = $1::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass)"
        " ORDER BY 1";
    const char *const values[] = {it->table};
    PGresult *names = NULL, *state;
    int code = postgres_query(it->conn, list_sql, 1, values, doing(it, "the sequences"), &names);
    for (int i = 0; !code && i < PQntuples(names); i++) {
        const char *name = PQgetvalue(names, i, 0);
        char sql[320]; /* a qualified name with every character doubled, and some words */
        snprintf(sql, sizeof(sql), "SELECT last_value, is_called FROM %s", name);
        if ((code = postgres_query(it->conn, sql, 0, NULL, doing(it, "a sequence"), &state)))
            break;
        add(it, "SELECT pg_catalog.setval(");
        code = add_literal(it, name, strlen(name));
        add(it, ", ");
        add(it, PQgetvalue(state, 0, 0));
        add(it, *PQgetvalue(state, 0, 1) == 't' ? ", true);\n" : ", false);\n");
        PQclear(state);
        code = code ? code : flush(it);
    }
    PQclear(names);
    return code;
}

/* ---- one object ------------------------------------------------------------------------------------------------------------------ */

/* Values are written the same way whatever the session has set, names in them with their schema, and rows that a policy would hide
 * are an error. */
static const char settings_sql[] =
    "SELECT pg_catalog.set_config('datestyle', 'ISO', true), pg_catalog.set_config('intervalstyle', 'postgres', true),"
    " pg_catalog.set_config('extra_float_digits', '3', true), pg_catalog.set_config('bytea_output', 'hex', true),"
    " pg_catalog.set_config('row_security', 'off', true), pg_catalog.set_config('search_path', '', true)";

static int export_relation(struct export *it)
{
    char kind = 0;
    int code = postgres_run(it->conn, settings_sql, "cannot read the rows");
    if (!code)
        code = describe(it, &kind);
    if (code)
        return code;
    if (kind == 'm') {
        add(it, "REFRESH MATERIALIZED VIEW ");
        add(it, it->table);
        add(it, ";\n");
        return flush(it);
    }
    if (kind != 'r')
        return 0; /* the rows of a partitioned table are those of its partitions */
    code = export_table(it);
    return code ? code : export_sequences(it);
}

int postgres_bulk_export_rows(struct dara_conn *conn, const struct dara_object *object,
                              int (*write)(void *context, const char *bytes, size_t length), void *context,
                              uint64_t *ret_rows)
{
    struct export it = {.conn = conn,
                        .write = write,
                        .context = context,
                        .table = postgres_quoted(conn, dara_object_space(object), dara_object_name(object))};
    if (!it.table)
        return DARA_EINTERNAL;
    bool inside = PQtransactionStatus(conn->pg) == PQTRANS_INTRANS;
    int code = postgres_run(conn, inside ? "SAVEPOINT dara_rows" : "BEGIN READ ONLY", "cannot read the rows");
    if (!code)
        code = export_relation(&it);
    if (!code)
        code = postgres_run(conn, inside ? "ROLLBACK TO SAVEPOINT dara_rows; RELEASE SAVEPOINT dara_rows" : "ROLLBACK",
                            "cannot end reading the rows");
    else if (!inside)
        PQclear(PQexec(conn->pg, "ROLLBACK"));
    else if (PQtransactionStatus(conn->pg) != PQTRANS_UNKNOWN)
        PQclear(PQexec(conn->pg, "ROLLBACK TO SAVEPOINT dara_rows; RELEASE SAVEPOINT dara_rows"));
    free(it.bytes);
    free(it.table);
    free(it.columns);
    if (!code)
        *ret_rows = it.rows;
    return code;
}
