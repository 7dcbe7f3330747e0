/* SPDX-License-Identifier: MIT */
/* The journal table. */
#include <stdlib.h>

#include "apply.h"
#include "queue.h"

#define COLUMNS                                                                                                       \
    "`run`, `place`, `piece`, `kind`, `version`, `name`, `statement`, `total`, `checksum`, `text`, `state`, `error`," \
    " `started_at`, `finished_at`, `owner`, `tool`, `affected`, `duration_us`"

/* `id` tells in which order runs began. What begins with before_ says how the statement before this one ended, whose entry then still says
 * "started"; what begins with whole_ is an entry of the history that waits to be moved there: see step.c. */
static const struct mysql_own_table table = {
    .name = MYSQL_JOURNAL_TABLE,
    .columns = "  `run` varchar(40) NOT NULL,\n"
               "  `place` int unsigned NOT NULL,\n"
               "  `piece` int unsigned NOT NULL,\n"
               "  `kind` varchar(32),\n"
               "  `version` varchar(191),\n"
               "  `name` text,\n"
               "  `statement` int unsigned NOT NULL,\n"
               "  `total` int unsigned NOT NULL,\n"
               "  `checksum` varchar(64),\n"
               "  `text` mediumtext,\n"
               "  `state` varchar(32),\n"
               "  `error` mediumtext,\n"
               "  `started_at` varchar(32),\n"
               "  `finished_at` varchar(32),\n"
               "  `owner` text,\n"
               "  `tool` varchar(64),\n"
               "  `affected` bigint NOT NULL,\n"
               "  `duration_us` bigint NOT NULL,\n"
               "  `before_at` varchar(32),\n"
               "  `before_affected` bigint,\n"
               "  `before_us` bigint,\n"
               "  `whole_version` varchar(191),\n"
               "  `whole_name` text,\n"
               "  `whole_checksum` varchar(64),\n"
               "  `whole_at` varchar(32),\n"
               "  `whole_by` text,\n"
               "  `whole_tool` varchar(64),\n"
               "  `whole_ms` bigint,\n"
               "  `id` bigint unsigned NOT NULL AUTO_INCREMENT,\n"
               "  PRIMARY KEY (`run`, `place`, `piece`),\n"
               "  UNIQUE KEY `id` (`id`)",
    .count = 29,
};

int mysql_apply_journal_ensure(struct dara_conn *conn)
{
    return mysql_own_table_ensure(conn, &table);
}

static unsigned number(const char *text)
{
    return (unsigned)strtoul(text, NULL, 10);
}

static void add_row(struct dara_journal *journal, MYSQL_ROW row)
{
    dara_journal_add(journal, &(struct dara_journal_entry){
                                  .size = sizeof(struct dara_journal_entry),
                                  .run = row[0],
                                  .place = number(row[1]),
                                  .piece = number(row[2]),
                                  .kind = row[3],
                                  .version = row[4],
                                  .name = row[5],
                                  .statement = number(row[6]),
                                  .total = number(row[7]),
                                  .checksum = row[8],
                                  .text = row[9],
                                  .state = row[10],
                                  .error = row[11],
                                  .started_at = row[12],
                                  .finished_at = row[13],
                                  .owner = row[14],
                                  .tool = row[15],
                                  .rows = strtoll(row[16], NULL, 10),
                                  .duration_us = strtoll(row[17], NULL, 10),
                              });
}

int mysql_apply_journal_list(struct dara_conn *conn, bool pieces, struct dara_journal *journal)
{
#define ENDED(column, ended) "IF(n.`run` IS NULL, j.`" column "`, " ended ")"
#define QUERY                                                                                                                       \
    "SELECT j.`run`, j.`place`, j.`piece`, j.`kind`, j.`version`, j.`name`, j.`statement`, j.`total`, j.`checksum`,"                \
    " j.`text`, " ENDED("state", "'done'") ", j.`error`, j.`started_at`, " ENDED(                                                   \
        "finished_at",                                                                                                              \
        "n.`before_at`") ", j.`owner`, j.`tool`, " ENDED("affected",                                                                \
                                                         "n.`before_affected`") ", " ENDED("duration_us",                           \
                                                                                           "n.`before_us`") " FROM"                 \
                                                                                                            " " MYSQL_JOURNAL_TABLE \
                                                                                                            " j LEFT "              \
                                                                                                            "JOIN"                  \
                                                                                                            " " MYSQL_JOURNAL_TABLE \
                                                                                                            " n ON "                \
                                                                                                            "j.`"                   \
                                                                                                            "place` "               \
                                                                                                            "> 0 AND "              \
                                                                                                            "j.`"                   \
                                                                                                            "piece` "               \
                                                                                                            "= 0 AND"               \
                                                                                                            " j.`"                  \
                                                                                                            "state` "               \
                                                                                                            "= "                    \
                                                                                                            "'started"              \
                                                                                                            "' AND "                \
                                                                                                            "n.`run` "              \
                                                                                                            "= "                    \
                                                                                                            "j.`run` "              \
                                                                                                            "AND "                  \
                                                                                                            "n.`"                   \
                                                                                                            "place` "               \
                                                                                                            "= "                    \
                                                                                                            "j.`"                   \
                                                                                                            "place` "               \
                                                                                                            "+ 1 AND "              \
                                                                                                            "n.`"                   \
                                                                                                            "piece` "               \
                                                                                                            "= 0 AND"               \
                                                                                                            " n.`"                  \
                                                                                                            "before_"               \
                                                                                                            "at` IS "               \
                                                                                                            "NOT NULL"
#define ORDER                                                                                                    \
    " ORDER BY (SELECT MIN(k.`id`) FROM " MYSQL_JOURNAL_TABLE " k WHERE k.`run` = j.`run`), j.`run`, j.`place`," \
    " j.`piece`"
    static const char all[] = QUERY ORDER;
    static const char heads[] = QUERY " WHERE j.`piece` = 0" ORDER;
    MYSQL_RES *result = NULL;
    MYSQL_ROW row;
    int code = mysql_own_table_rows(conn, pieces ? all : heads, "cannot read the journal", &result);
    if (code || !result)
        return code;
    while ((row = mysql_fetch_row(result)))
        add_row(journal, row);
    mysql_free_result(result);
    return 0;
}

static void add_values(struct dara_conn *conn, struct mysql_buffer *sql, const struct dara_journal_entry *entry)
{
    const char *const before[] = {entry->kind, entry->version, entry->name};
    const char *const after[] = {entry->checksum,   entry->text,        entry->state, entry->error,
                                 entry->started_at, entry->finished_at, entry->owner, entry->tool};
    mysql_value_add(conn, sql, entry->run);
    mysql_buffer_format(sql, ", %u, %u", entry->place, entry->piece);
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        mysql_buffer_add(sql, ", ");
        mysql_value_add(conn, sql, before[i]);
    }
    mysql_buffer_format(sql, ", %u, %u", entry->statement, entry->total);
    for (size_t i = 0; i < sizeof(after) / sizeof(after[0]); i++) {
        mysql_buffer_add(sql, ", ");
        mysql_value_add(conn, sql, after[i]);
    }
    mysql_buffer_format(sql, ", %lld, %lld", (long long)entry->rows, (long long)entry->duration_us);
}

/* Each looks for the lock by itself: it may go in a packet with its COMMIT. */
static void add_entry(struct dara_conn *conn, struct mysql_buffer *sql, const struct dara_journal_entry *entry,
                      bool first)
{
    mysql_buffer_add(sql, first ? " SELECT " : " UNION ALL SELECT ");
    add_values(conn, sql, entry);
    mysql_buffer_add(sql, " FROM DUAL");
    mysql_lock_condition(conn, sql, " WHERE ");
}

int mysql_apply_journal_record(struct dara_conn *conn, const struct dara_journal_entry *entries, size_t count)
{
    static const char *const replaced[] = {"kind",     "version", "name",     "statement",  "total",
                                           "checksum", "state",   "error",    "started_at", "finished_at",
                                           "owner",    "tool",    "affected", "duration_us"};
    struct mysql_buffer sql = {0};
    if (!count)
        return 0;
    mysql_buffer_add(&sql, "INSERT INTO " MYSQL_JOURNAL_TABLE " (" COLUMNS ")");
    for (size_t i = 0; i < count; i++)
        add_entry(conn, &sql, &entries[i], i == 0);
    mysql_buffer_add(&sql, " ON DUPLICATE KEY UPDATE `text` = COALESCE(VALUES(`text`), `text`)");
    for (size_t i = 0; i < sizeof(replaced) / sizeof(replaced[0]); i++)
        mysql_buffer_format(&sql, ", `%s` = VALUES(`%s`)", replaced[i], replaced[i]);
    return mysql_queue_record(conn, &sql, "cannot write the journal", true);
}

int mysql_apply_journal_forget(struct dara_conn *conn, const char *run)
{
    struct mysql_buffer sql = {0};
    int code = !conn->carries ? 0 : conn->in_transaction ? mysql_carried_move(conn) : mysql_carried_settle(conn);
    if (code)
        return code;
    mysql_buffer_add(&sql, "DELETE FROM " MYSQL_JOURNAL_TABLE " WHERE `run` = ");
    mysql_value_add(conn, &sql, run);
    mysql_lock_condition(conn, &sql, " AND ");
    code = mysql_buffer_run(conn, &sql, "cannot clear the journal");
    if (code && mysql_errno(conn->mysql) == 1146) {
        dara_error_clear(); /* no table holds none of its entries */
        return 0;
    }
    return code;
}
