/* SPDX-License-Identifier: MIT */
/* The history table. */
#include <stdlib.h>

#include "apply.h"
#include "batch.h"
#include "queue.h"

#define COLUMNS "kind, version, name, state, checksum, fingerprint, applied_at, applied_by, tool, duration_ms"

static const struct mysql_own_table table = {
    .name = MYSQL_HISTORY_TABLE,
    .columns = "  kind varchar(32) NOT NULL,\n"
               "  version varchar(191) NOT NULL,\n"
               "  name text NOT NULL,\n"
               "  state varchar(32) NOT NULL,\n"
               "  checksum varchar(64) NOT NULL,\n"
               "  fingerprint varchar(64),\n"
               "  applied_at varchar(32) NOT NULL,\n"
               "  applied_by text NOT NULL,\n"
               "  tool varchar(64) NOT NULL,\n"
               "  duration_ms bigint NOT NULL,\n"
               "  place bigint NOT NULL,\n"
               "  PRIMARY KEY (kind, version),\n"
               "  KEY place (place)",
    .count = 11,
};

int mysql_apply_history_ensure(struct dara_conn *conn)
{
    return mysql_own_table_ensure(conn, &table);
}

static void add_row(struct dara_history *history, MYSQL_ROW row)
{
    dara_history_add(history, &(struct dara_history_entry){
                                  .size = sizeof(struct dara_history_entry),
                                  .kind = row[0],
                                  .version = row[1],
                                  .name = row[2],
                                  .state = row[3],
                                  .checksum = row[4],
                                  .fingerprint = row[5],
                                  .applied_at = row[6],
                                  .applied_by = row[7],
                                  .tool = row[8],
                                  .duration_ms = strtoll(row[9], NULL, 10),
                              });
}

/* What waits in the journal was applied behind all that stands here, and is newer than what stands here of the same version. */
#define CARRIED                                                                                                       \
    "SELECT 'migration', whole_version, whole_name, 'applied', whole_checksum, NULL, whole_at, whole_by, whole_tool," \
    " whole_ms, "

#define CARRIES "SELECT 1 FROM " MYSQL_JOURNAL_TABLE " WHERE whole_version IS NOT NULL LIMIT 1"
enum { NO_TABLE = 1146 };

static int list_with_carried(struct dara_conn *conn, MYSQL_RES **ret_result)
{
    static const char sql[] =
        "SELECT " COLUMNS ", 0 AS wave, place FROM " MYSQL_HISTORY_TABLE
        " h WHERE NOT EXISTS (SELECT 1 FROM " MYSQL_JOURNAL_TABLE
        " j WHERE h.kind = 'migration' AND j.whole_version = h.version AND h.state <> 'applied') UNION ALL " CARRIED
        "1, j.place FROM " MYSQL_JOURNAL_TABLE " j WHERE whole_version IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
        " " MYSQL_HISTORY_TABLE " h WHERE h.kind = 'migration' AND h.version = j.whole_version AND h.state = 'applied')"
        " ORDER BY wave, place, kind, version";
    return mysql_own_table_rows(conn, sql, "cannot read the history", ret_result);
}

/* What stands here, and whether anything waits in the journal, in one round trip. */
static int list_plain(struct dara_conn *conn, struct mysql_batch *batch, bool *ret_carried)
{
    static const char plain[] = "SELECT " COLUMNS " FROM " MYSQL_HISTORY_TABLE " ORDER BY place, kind, version";
    static const char doing[] = "cannot read the history";
    int code = mysql_batch_add(batch, plain);
    code = code ? code : mysql_batch_add(batch, CARRIES);
    code = code ? code : mysql_batch_run(conn, batch, doing);
    for (size_t i = 0; !code && i < batch->count; i++)
        if (batch->answers[i].error && batch->answers[i].error != NO_TABLE)
            code = mysql_run(conn, i ? CARRIES : plain, doing); /* which says what is wrong, as it says it */
    if (!code)
        *ret_carried = batch->answers[1].result && mysql_num_rows(batch->answers[1].result) > 0;
    return code;
}

int mysql_apply_history_list(struct dara_conn *conn, struct dara_history *history)
{
    struct mysql_batch batch = {0};
    MYSQL_RES *whole = NULL;
    MYSQL_ROW row;
    bool carried = false;
    int code = list_plain(conn, &batch, &carried);
    if (!code && carried)
        code = list_with_carried(conn, &whole);
    MYSQL_RES *rows = code ? NULL : carried ? whole : batch.answers[0].result;
    while (rows && (row = mysql_fetch_row(rows)))
        add_row(history, row);
    mysql_free_result(whole);
    mysql_batch_free(&batch);
    return code;
}

/* `place` gives the order: an entry keeps its place when its state changes, and goes to the end when it is applied again. Assignments are
 * made from left to right, so that `state` is the last. */
#define REPLACE                                                                                 \
    " ON DUPLICATE KEY UPDATE name = VALUES(name), checksum = VALUES(checksum),"                \
    " fingerprint = VALUES(fingerprint), applied_at = VALUES(applied_at),"                      \
    " applied_by = VALUES(applied_by), tool = VALUES(tool), duration_ms = VALUES(duration_ms)," \
    " place = IF(" MYSQL_HISTORY_TABLE ".state <> 'applied' AND VALUES(state) = 'applied',"     \
    " VALUES(place), " MYSQL_HISTORY_TABLE ".place), state = VALUES(state)"

static const char doing[] = "cannot write the history";

int mysql_apply_history_record(struct dara_conn *conn, const struct dara_history_entry *entry)
{
    const char *const values[] = {entry->kind,       entry->version,    entry->name,
                                  entry->state,      entry->checksum,   entry->fingerprint,
                                  entry->applied_at, entry->applied_by, entry->tool};
    struct mysql_buffer sql = {0};
    int code = conn->carries ? mysql_carried_move(conn) : 0;
    if (code)
        return code;
    mysql_buffer_add(&sql, "INSERT INTO " MYSQL_HISTORY_TABLE " (" COLUMNS ", place) SELECT ");
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        mysql_value_add(conn, &sql, values[i] || i == 5 ? values[i] : "");
        mysql_buffer_add(&sql, ", ");
    }
    mysql_buffer_format(&sql,
                        "%lld, next.place FROM (SELECT COALESCE(MAX(h.place), 0) + 1 AS place FROM " MYSQL_HISTORY_TABLE
                        " h) AS next",
                        (long long)entry->duration_ms);
    mysql_lock_condition(conn, &sql, " WHERE ");
    mysql_buffer_add(&sql, REPLACE);
    /* No row: the lock was lost, or the entry is there already, letter by letter. */
    return mysql_queue_record(conn, &sql, doing, true);
}

/* ---- what waits in the journal ------------------------------------------------------------------------------------------------------ */

int mysql_carried_find(struct dara_conn *conn, bool *ret_found)
{
    MYSQL_RES *result = NULL;
    int code = mysql_own_table_rows(conn, CARRIES, "cannot read the history", &result);
    if (code)
        return code;
    *ret_found = result && mysql_num_rows(result) > 0;
    mysql_free_result(result);
    return 0;
}

/* That the lock is held is asked by whatever is recorded behind it in the same transaction. */
int mysql_carried_move(struct dara_conn *conn)
{
    struct mysql_buffer sql = {0};
    mysql_buffer_add(&sql,
                     "INSERT INTO " MYSQL_HISTORY_TABLE " (" COLUMNS ", place) " CARRIED
                     "next.place + j.step FROM (SELECT `place` AS step, whole_version, whole_name, whole_checksum,"
                     " whole_at, whole_by, whole_tool, whole_ms FROM " MYSQL_JOURNAL_TABLE
                     " WHERE whole_version IS NOT NULL) AS j JOIN (SELECT COALESCE(MAX(h.place), 0) AS place FROM"
                     " " MYSQL_HISTORY_TABLE " h) AS next ORDER BY j.step" REPLACE);
    int code = mysql_queue_record(conn, &sql, doing, false);
    mysql_buffer_add(&sql, "UPDATE " MYSQL_JOURNAL_TABLE " SET whole_version = NULL WHERE whole_version IS NOT NULL");
    code = code ? code : mysql_queue_record(conn, &sql, doing, false);
    mysql_buffer_free(&sql);
    if (!code) {
        conn->carries = false;
        conn->moved = true;
    }
    return code;
}
