/* SPDX-License-Identifier: MIT */
/* The history table. */
#include <string.h>

#include "driver.h"

#define TABLE SQLITE_HISTORY_TABLE

/* `place` gives the order: an entry keeps its place when its state changes, and goes to the end when it is applied again. */
static const char create_sql[] = "CREATE TABLE IF NOT EXISTS main." TABLE " (\n"
                                 "  kind TEXT NOT NULL,\n"
                                 "  version TEXT NOT NULL,\n"
                                 "  name TEXT NOT NULL,\n"
                                 "  state TEXT NOT NULL,\n"
                                 "  checksum TEXT NOT NULL,\n"
                                 "  fingerprint TEXT,\n"
                                 "  applied_at TEXT NOT NULL,\n"
                                 "  applied_by TEXT NOT NULL,\n"
                                 "  tool TEXT NOT NULL,\n"
                                 "  duration_ms INTEGER NOT NULL,\n"
                                 "  place INTEGER NOT NULL,\n"
                                 "  PRIMARY KEY (kind, version)\n"
                                 ")";

static const char list_sql[] = "SELECT kind, version, name, state, checksum, fingerprint, applied_at, applied_by, tool,"
                               " duration_ms FROM main." TABLE " ORDER BY place, kind, version";

static const char record_sql[] =
    "INSERT INTO main." TABLE " (kind, version, name, state, checksum, fingerprint, applied_at, applied_by, tool,"
    " duration_ms, place)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, (SELECT coalesce(max(place), 0) + 1 FROM main." TABLE "))"
    " ON CONFLICT (kind, version) DO UPDATE SET name = excluded.name, checksum = excluded.checksum,"
    " fingerprint = excluded.fingerprint, applied_at = excluded.applied_at, applied_by = excluded.applied_by,"
    " tool = excluded.tool, duration_ms = excluded.duration_ms,"
    " place = CASE WHEN state <> 'applied' AND excluded.state = 'applied' THEN excluded.place ELSE place END,"
    " state = excluded.state";

/* Whether the table is there; one of that name with other columns is somebody else's. */
static int find_table(struct dara_conn *conn, bool *ret_there)
{
    sqlite3_int64 there = 0, columns = 0;
    int code = sqlite_run_int(conn, "SELECT count(*) FROM main.sqlite_schema WHERE name = '" TABLE "' COLLATE NOCASE",
                              0, &there);
    if (code || !there) {
        if (!code)
            *ret_there = false;
        return code;
    }
    code = sqlite_run_int(conn,
                          "SELECT count(*) FROM pragma_table_info('" TABLE "', 'main') WHERE lower(name) IN ('kind',"
                          " 'version', 'name', 'state', 'checksum', 'fingerprint', 'applied_at', 'applied_by', 'tool',"
                          " 'duration_ms', 'place')",
                          0, &columns);
    if (code)
        return code;
    if (columns != 11) {
        dara_error_set(DARA_ECONFIG, "the table '" TABLE "' was not made by dara: it has other columns");
        dara_error_hint("rename that table; dara keeps its history under this name");
        return DARA_ECONFIG;
    }
    *ret_there = true;
    return 0;
}

int sqlite_apply_history_ensure(struct dara_conn *conn)
{
    bool there = false;
    int code = find_table(conn, &there);
    if (code || there)
        return code;
    return sqlite_run(conn, create_sql, "cannot make the history table");
}

static const char *text_at(sqlite3_stmt *row, int column)
{
    return (const char *)sqlite3_column_text(row, column);
}

int sqlite_apply_history_list(struct dara_conn *conn, struct dara_history *history)
{
    bool there = false;
    int code = find_table(conn, &there);
    if (code || !there)
        return code;
    sqlite3_stmt *row = NULL;
    if (sqlite3_prepare_v2(conn->db, list_sql, -1, &row, NULL) != SQLITE_OK)
        return sqlite_fail(conn, 0, "cannot read the history");
    while (sqlite3_step(row) == SQLITE_ROW)
        dara_history_add(history, &(struct dara_history_entry){
                                      .size = sizeof(struct dara_history_entry),
                                      .kind = text_at(row, 0),
                                      .version = text_at(row, 1),
                                      .name = text_at(row, 2),
                                      .state = text_at(row, 3),
                                      .checksum = text_at(row, 4),
                                      .fingerprint = text_at(row, 5),
                                      .applied_at = text_at(row, 6),
                                      .applied_by = text_at(row, 7),
                                      .tool = text_at(row, 8),
                                      .duration_ms = sqlite3_column_int64(row, 9),
                                  });
    return sqlite3_finalize(row) == SQLITE_OK ? 0 : sqlite_fail(conn, 0, "cannot read the history");
}

int sqlite_apply_history_record(struct dara_conn *conn, const struct dara_history_entry *entry)
{
    const char *const texts[] = {entry->kind,       entry->version,    entry->name,
                                 entry->state,      entry->checksum,   entry->fingerprint,
                                 entry->applied_at, entry->applied_by, entry->tool};
    /* Compiled once: a run may record hundreds of migrations. */
    if (!conn->record && sqlite3_prepare_v2(conn->db, record_sql, -1, &conn->record, NULL) != SQLITE_OK)
        return sqlite_fail(conn, 0, "cannot write the history");
    sqlite3_stmt *statement = conn->record;
    for (int i = 0; i < 9; i++) {
        /* Only the fingerprint may be absent. */
        const char *text = texts[i] || i == 5 ? texts[i] : "";
        sqlite3_bind_text(statement, i + 1, text, -1, SQLITE_STATIC);
    }
    sqlite3_bind_int64(statement, 10, entry->duration_ms);
    sqlite3_step(statement);
    int code = sqlite3_reset(statement) == SQLITE_OK ? 0 : sqlite_fail(conn, 0, "cannot write the history");
    sqlite3_clear_bindings(statement); /* the texts are the caller's */
    return code;
}
