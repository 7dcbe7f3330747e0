/* SPDX-License-Identifier: MIT */
/* The history table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pg.h"

#define TABLE   POSTGRES_HISTORY_TABLE
#define COLUMNS "kind, version, name, state, checksum, fingerprint, applied_at, applied_by, tool, duration_ms"

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

/* `place` gives the order: an entry keeps its place when its state changes, and goes to the end when it is applied again. */
static const char record_format[] =
    "INSERT INTO %s." TABLE " AS h (" COLUMNS ", place)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::bigint, (SELECT coalesce(max(place), 0) + 1 FROM %s." TABLE "))"
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

static void add_rows(PGresult *result, struct dara_history *history)
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
                                      .applied_at = PQgetvalue(result, row, 6),
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
            add_rows(result, history);
            PQclear(result);
        }
    }
    PQfreemem(schema);
    return code;
}

/* The values of an entry, borrowed; `duration` is one of them. */
static void list_values(const struct dara_history_entry *entry, char duration[32], const char *values[10])
{
    const char *const texts[] = {entry->kind,       entry->version,    entry->name,
                                 entry->state,      entry->checksum,   entry->fingerprint,
                                 entry->applied_at, entry->applied_by, entry->tool};
    for (int i = 0; i < 9; i++) /* only the fingerprint may be absent */
        values[i] = texts[i] || i == 5 ? texts[i] : "";
    snprintf(duration, 32, "%lld", (long long)entry->duration_ms);
    values[9] = duration;
}

/* All of them in one pipeline. The statement has no name, so that nothing is left behind, through a pooler either. */
static bool send_all(PGconn *pg, const char *sql, const struct dara_history_entry *entries, size_t count, bool inside)
{
    bool sent = postgres_send_hide(pg) && PQsendPrepare(pg, "", sql, 0, NULL);
    for (size_t i = 0; i < count && sent; i++) {
        char duration[32];
        const char *values[10];
        list_values(&entries[i], duration, values);
        sent = PQsendQueryPrepared(pg, "", 10, values, NULL, NULL, 0);
    }
    return sent && postgres_send_show(pg, inside) && PQpipelineSync(pg);
}

/* Read what each gave, up to the end of the pipeline; the first that is bad, or NULL. */
static PGresult *receive_all(PGconn *pg)
{
    PGresult *bad = NULL;
    for (bool synced = false; !synced && PQstatus(pg) == CONNECTION_OK;) {
        PGresult *result = PQgetResult(pg);
        ExecStatusType status = result ? PQresultStatus(result) : PGRES_COMMAND_OK;
        synced = status == PGRES_PIPELINE_SYNC;
        if (!synced && status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_SINGLE_TUPLE &&
            status != PGRES_PIPELINE_ABORTED && !bad)
            bad = result;
        else
            PQclear(result);
    }
    return bad;
}

static int record(struct dara_conn *conn, const char *sql, const struct dara_history_entry *entries, size_t count)
{
    bool inside = PQtransactionStatus(conn->pg) == PQTRANS_INTRANS;
    bool sent = PQenterPipelineMode(conn->pg) && send_all(conn->pg, sql, entries, count, inside);
    PGresult *bad = sent ? receive_all(conn->pg) : NULL;
    bool left = PQexitPipelineMode(conn->pg) == 1;
    return sent && left && !bad ? 0 : postgres_fail(conn, bad, 0, "cannot write the history", NULL);
}

int postgres_apply_history_record_all(struct dara_conn *conn, const struct dara_history_entry *entries, size_t count)
{
    enum {
        AT_ONCE = 1000
    }; /* what the server answers to so many fits between us, so that neither waits for the other to read */
    char sql[2048], *schema = NULL;
    bool there = false;
    int code = find_table(conn, &there, &schema);
    if (!code && !there)
        code = fail_nowhere();
    if (!code)
        snprintf(sql, sizeof(sql), record_format, schema, schema);
    PQfreemem(schema);
    for (size_t at = 0; at < count && !code; at += AT_ONCE)
        code = record(conn, sql, entries + at, count - at < AT_ONCE ? count - at : AT_ONCE);
    return code;
}

int postgres_apply_history_record(struct dara_conn *conn, const struct dara_history_entry *entry)
{
    return postgres_apply_history_record_all(conn, entry, 1);
}
