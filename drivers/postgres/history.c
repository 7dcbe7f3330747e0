/* SPDX-License-Identifier: MIT */
/* The history table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pg.h"
#include "write.h"

#define TABLE   POSTGRES_HISTORY_TABLE
#define COLUMNS "kind, version, name, state, checksum, fingerprint, applied_at, applied_by, tool, duration_ms"
enum { COLUMN_COUNT = 10 };

static const char create_format[] = "CREATE TABLE %s." TABLE " (\n"
                                    "  kind text NOT NULL,\n"
                                    "  version text NOT NULL,\n"
                                    "  name text NOT NULL,\n"
                                    "  state text NOT NULL,\n"
                                    "  checksum text NOT NULL,\n"
                                    "  fingerprint text,\n"
                                    "  applied_at text NOT NULL,\n"
                                    "  applied_by text NOT NULL,\n"
                                    "  tool text NOT NULL,\n"
                                    "  duration_ms bigint NOT NULL,\n"
                                    "  place bigint NOT NULL,\n"
                                    "  PRIMARY KEY (kind, version)\n"
                                    ")";

/* `place` gives the order: an entry keeps its place when its state changes, and goes to the end when it is applied again. All entries are one
 * statement, an array for each column. */
static const char record_format[] =
    "INSERT INTO %s." TABLE " AS h (" COLUMNS ", place)"
    " SELECT e.kind, e.version, e.name, e.state, e.checksum, e.fingerprint, e.applied_at, e.applied_by, e.tool, "
    "e.duration_ms,"
    " m.place + e.i FROM ROWS FROM (unnest($1::text[]), unnest($2::text[]), unnest($3::text[]), unnest($4::text[]),"
    " unnest($5::text[]), unnest($6::text[]), unnest($7::text[]), unnest($8::text[]), unnest($9::text[]),"
    " unnest($10::bigint[])) WITH ORDINALITY AS e (" COLUMNS ", i)"
    " CROSS JOIN (SELECT coalesce(max(place), 0) AS place FROM %s." TABLE ") AS m ORDER BY e.i"
    " ON CONFLICT (kind, version) DO UPDATE SET name = excluded.name, checksum = excluded.checksum,"
    " fingerprint = excluded.fingerprint, applied_at = excluded.applied_at, applied_by = excluded.applied_by,"
    " tool = excluded.tool, duration_ms = excluded.duration_ms,"
    " place = CASE WHEN h.state <> 'applied' AND excluded.state = 'applied' THEN excluded.place ELSE h.place END,"
    " state = excluded.state";

static int find_table(struct dara_conn *conn, bool *ret_there, char **ret_schema)
{
    return postgres_own_find(conn, TABLE, "{" COLUMNS ", place}", "cannot look for the history table", ret_there,
                             ret_schema);
}

static int fail_nowhere(void)
{
    return postgres_own_fail_nowhere("the history table");
}

int postgres_apply_history_ensure(struct dara_conn *conn)
{
    char sql[1024], *schema = NULL;
    bool there = false;
    int code = find_table(conn, &there, &schema);
    if (!code && !schema)
        code = fail_nowhere();
    if (!code && !there) {
        snprintf(sql, sizeof(sql), create_format, schema);
        code = postgres_write_own(conn, sql, 0, NULL, "cannot make the history table");
    }
    PQfreemem(schema);
    return code;
}

void postgres_history_add_rows(const PGresult *result, struct dara_history *history)
{
    for (int row = 0; row < PQntuples(result); row++)
        dara_history_add(history, &(struct dara_history_entry){
                                      .size = sizeof(struct dara_history_entry),
                                      .kind = PQgetvalue(result, row, 0),
                                      .version = PQgetvalue(result, row, 1),
                                      .name = PQgetvalue(result, row, 2),
                                      .state = PQgetvalue(result, row, 3),
                                      .checksum = PQgetvalue(result, row, 4),
                                      .fingerprint = PQgetisnull(result, row, 5) ? NULL : PQgetvalue(result, row, 5),
                                      .applied_at = PQgetisnull(result, row, 6) ? NULL : PQgetvalue(result, row, 6),
                                      .applied_by = PQgetvalue(result, row, 7),
                                      .tool = PQgetvalue(result, row, 8),
                                      .duration_ms = strtoll(PQgetvalue(result, row, 9), NULL, 10),
                                  });
}

int postgres_apply_history_list(struct dara_conn *conn, struct dara_history *history)
{
    char sql[512], *schema = NULL;
    bool there = false;
    PGresult *result;
    int code = find_table(conn, &there, &schema);
    if (!code && there) {
        snprintf(sql, sizeof(sql), "SELECT " COLUMNS " FROM %s." TABLE " ORDER BY place, kind, version", schema);
        code = postgres_query(conn, sql, 0, NULL, "cannot read the history", &result);
        if (!code) {
            postgres_history_add_rows(result, history);
            PQclear(result);
        }
    }
    PQfreemem(schema);
    return code;
}

/* One of the columns; only the fingerprint may be absent. `duration` is room for one of them. */
static const char *value_of(const struct dara_history_entry *entry, int column, char duration[32])
{
    const char *const texts[] = {entry->kind,       entry->version,    entry->name,
                                 entry->state,      entry->checksum,   entry->fingerprint,
                                 entry->applied_at, entry->applied_by, entry->tool};
    snprintf(duration, 32, "%lld", (long long)entry->duration_ms);
    return column == 9 ? duration : texts[column] || column == 5 ? texts[column] : "";
}

/* Written as the server reads an array. */
static void add_element(struct postgres_writer *array, const char *value)
{
    if (!value) {
        postgres_write(array, "NULL");
        return;
    }
    postgres_write(array, "\"");
    while (*value) {
        int plain = (int)strcspn(value, "\"\\");
        postgres_write_format(array, value[plain] ? "%.*s\\%c" : "%.*s", plain, value, value[plain]);
        value += plain + (value[plain] != '\0');
    }
    postgres_write(array, "\"");
}

static void add_column(struct postgres_writer *array, const struct dara_history_entry *entries, size_t count,
                       int column)
{
    char duration[32];
    postgres_write(array, "{");
    for (size_t i = 0; i < count; i++) {
        postgres_write(array, i ? "," : "");
        add_element(array, value_of(&entries[i], column, duration));
    }
    postgres_write(array, "}");
}

static int record(struct dara_conn *conn, const char *sql, const struct dara_history_entry *entries, size_t count)
{
    struct postgres_writer arrays[COLUMN_COUNT] = {{.text = NULL}};
    const char *values[COLUMN_COUNT];
    for (int i = 0; i < COLUMN_COUNT; i++) {
        add_column(&arrays[i], entries, count, i);
        values[i] = arrays[i].text;
    }
    int code = postgres_write_own(conn, sql, COLUMN_COUNT, values, "cannot write the history");
    for (int i = 0; i < COLUMN_COUNT; i++)
        postgres_writer_free(&arrays[i]);
    return code;
}

int postgres_apply_history_record_all(struct dara_conn *conn, const struct dara_history_entry *entries, size_t count)
{
    char sql[2048], *schema = NULL;
    bool there = false;
    int code = find_table(conn, &there, &schema);
    if (!code && !there)
        code = fail_nowhere();
    if (!code)
        snprintf(sql, sizeof(sql), record_format, schema, schema);
    PQfreemem(schema);
    return code ? code : record(conn, sql, entries, count);
}

int postgres_apply_history_record(struct dara_conn *conn, const struct dara_history_entry *entry)
{
    return postgres_apply_history_record_all(conn, entry, 1);
}
