/* SPDX-License-Identifier: MIT */
/* The journal table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pg.h"

#define TABLE POSTGRES_JOURNAL_TABLE
#define COLUMNS                                                                                            \
    "run, place, piece, kind, version, name, statement, total, checksum, text, state, error, started_at, " \
    "finished_at, owner, tool, rows, duration_us"
#define COUNT 18

static const char create_format[] = "CREATE TABLE %s." TABLE " (\n"
                                    "  run text NOT NULL,\n"
                                    "  place bigint NOT NULL,\n"
                                    "  piece bigint NOT NULL,\n"
                                    "  kind text,\n"
                                    "  version text,\n"
                                    "  name text,\n"
                                    "  statement bigint NOT NULL,\n"
                                    "  total bigint NOT NULL,\n"
                                    "  checksum text,\n"
                                    "  text text,\n"
                                    "  state text,\n"
                                    "  error text,\n"
                                    "  started_at text,\n"
                                    "  finished_at text,\n"
                                    "  owner text,\n"
                                    "  tool text,\n"
                                    "  rows bigint NOT NULL,\n"
                                    "  duration_us bigint NOT NULL,\n"
                                    "  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),\n"
                                    "  PRIMARY KEY (run, place, piece)\n"
                                    ")";

static const char list_format[] = "SELECT " COLUMNS " FROM %s." TABLE " WHERE $1::pg_catalog.bool OR piece = 0"
                                  " ORDER BY min(recorded_at) OVER (PARTITION BY run), run, place, piece";

static const char record_format[] =
    "INSERT INTO %s." TABLE " AS j (" COLUMNS ") VALUES ($1, $2::bigint, $3::bigint, $4, $5, $6, $7::bigint,"
    " $8::bigint, $9, $10, $11, $12, $13, $14, $15, $16, $17::bigint, $18::bigint)"
    " ON CONFLICT (run, place, piece) DO UPDATE SET kind = excluded.kind, version = excluded.version,"
    " name = excluded.name, statement = excluded.statement, total = excluded.total, checksum = excluded.checksum,"
    " text = coalesce(excluded.text, j.text), state = excluded.state, error = excluded.error,"
    " started_at = excluded.started_at, finished_at = excluded.finished_at, owner = excluded.owner,"
    " tool = excluded.tool, rows = excluded.rows, duration_us = excluded.duration_us";

/* ---- where it is -------------------------------------------------------------------------------------------------------- */

/* `*ret_place` is where it can be made while it is not there, NULL where it cannot; PQfreemem. */
static int look(struct dara_conn *conn, bool *ret_there, char **ret_place)
{
    char *schema = NULL;
    int code = postgres_own_find(conn, TABLE, "{" COLUMNS "}", "cannot look for the journal", ret_there, &schema);
    if (code)
        return code;
    *ret_place = *ret_there ? NULL : schema;
    if (*ret_there)
        conn->journal_schema = schema;
    return 0;
}

/* A file may set another search path, or another role: what was found before it is kept. */
static int find_table(struct dara_conn *conn, bool *ret_there)
{
    char *place = NULL;
    *ret_there = conn->journal_schema != NULL;
    int code = conn->journal_schema ? 0 : look(conn, ret_there, &place);
    PQfreemem(place);
    return code;
}

static int make_table(struct dara_conn *conn, char *place)
{
    char sql[1536];
    snprintf(sql, sizeof(sql), create_format, place);
    int code = postgres_write_own(conn, sql, 0, NULL, "cannot make the journal");
    if (code)
        PQfreemem(place);
    else
        conn->journal_schema = place;
    return code;
}

int postgres_apply_journal_ensure(struct dara_conn *conn)
{
    bool there = false;
    char *place = NULL;
    int code = conn->journal_schema ? 0 : look(conn, &there, &place);
    if (code || there || conn->journal_schema)
        return code;
    return place ? make_table(conn, place) : postgres_own_fail_nowhere("the journal");
}

/* ---- listing ------------------------------------------------------------------------------------------------------------ */

static const char *text_at(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

static unsigned number_at(const PGresult *result, int row, int column)
{
    return (unsigned)strtoul(PQgetvalue(result, row, column), NULL, 10);
}

static void add_rows(const PGresult *result, struct dara_journal *journal)
{
    for (int row = 0; row < PQntuples(result); row++)
        dara_journal_add(journal, &(struct dara_journal_entry){
                                      .size = sizeof(struct dara_journal_entry),
                                      .run = text_at(result, row, 0),
                                      .place = number_at(result, row, 1),
                                      .piece = number_at(result, row, 2),
                                      .kind = text_at(result, row, 3),
                                      .version = text_at(result, row, 4),
                                      .name = text_at(result, row, 5),
                                      .statement = number_at(result, row, 6),
                                      .total = number_at(result, row, 7),
                                      .checksum = text_at(result, row, 8),
                                      .text = text_at(result, row, 9),
                                      .state = text_at(result, row, 10),
                                      .error = text_at(result, row, 11),
                                      .started_at = text_at(result, row, 12),
                                      .finished_at = text_at(result, row, 13),
                                      .owner = text_at(result, row, 14),
                                      .tool = text_at(result, row, 15),
                                      .rows = strtoll(PQgetvalue(result, row, 16), NULL, 10),
                                      .duration_us = strtoll(PQgetvalue(result, row, 17), NULL, 10),
                                  });
}

int postgres_apply_journal_list(struct dara_conn *conn, bool pieces, struct dara_journal *journal)
{
    char sql[512];
    const char *const values[] = {pieces ? "t" : "f"};
    bool there;
    PGresult *result;
    int code = find_table(conn, &there);
    if (code || !there)
        return code;
    snprintf(sql, sizeof(sql), list_format, conn->journal_schema);
    code = postgres_query(conn, sql, 1, values, "cannot read the journal", &result);
    if (code)
        return code;
    add_rows(result, journal);
    PQclear(result);
    return 0;
}

/* ---- writing ------------------------------------------------------------------------------------------------------------ */

static int insert(struct dara_conn *conn, const struct dara_journal_entry *entry)
{
    char sql[1536], numbers[6][24];
    const int64_t values_of[] = {entry->place, entry->piece, entry->statement,
                                 entry->total, entry->rows,  entry->duration_us};
    for (size_t i = 0; i < 6; i++)
        snprintf(numbers[i], sizeof(numbers[i]), "%lld", (long long)values_of[i]);
    const char *const values[COUNT] = {
        entry->run,        numbers[0],         numbers[1],      entry->kind, entry->version, entry->name,
        numbers[2],        numbers[3],         entry->checksum, entry->text, entry->state,   entry->error,
        entry->started_at, entry->finished_at, entry->owner,    entry->tool, numbers[4],     numbers[5]};
    snprintf(sql, sizeof(sql), record_format, conn->journal_schema);
    return postgres_write_own(conn, sql, COUNT, values, "cannot write the journal");
}

/* Without a transaction it gets one: entries of one call are there together. A role that the file has set may not write here. */
static int begin(struct dara_conn *conn, bool *ret_own)
{
    *ret_own = PQtransactionStatus(conn->pg) == PQTRANS_IDLE;
    return postgres_run(conn, *ret_own ? "BEGIN; SET LOCAL ROLE NONE" : "SET LOCAL ROLE NONE",
                        "cannot write the journal");
}

static int end(struct dara_conn *conn, bool own, int code)
{
    if (!own)
        return code;
    if (!code)
        return postgres_run(conn, "COMMIT", "cannot write the journal");
    if (PQtransactionStatus(conn->pg) != PQTRANS_IDLE)
        PQclear(PQexec(conn->pg, "ROLLBACK"));
    return code;
}

int postgres_apply_journal_record(struct dara_conn *conn, const struct dara_journal_entry *entries, size_t count)
{
    bool own, there;
    int code = find_table(conn, &there);
    if (!code && !there)
        code = dara_error_set(DARA_EINTERNAL, "the journal is written before it was made");
    if (code || (code = begin(conn, &own)))
        return code;
    for (size_t i = 0; !code && i < count; i++)
        code = insert(conn, &entries[i]);
    return end(conn, own, code);
}

int postgres_apply_journal_forget(struct dara_conn *conn, const char *run)
{
    char sql[512];
    const char *const values[] = {run};
    bool own, there;
    int code = find_table(conn, &there);
    if (code || !there || (code = begin(conn, &own)))
        return code;
    snprintf(sql, sizeof(sql), "DELETE FROM %s." TABLE " WHERE run = $1", conn->journal_schema);
    code = postgres_write_own(conn, sql, 1, values, "cannot clear the journal");
    return end(conn, own, code);
}
