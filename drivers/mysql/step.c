/* SPDX-License-Identifier: MIT */
/*
 * A statement of the schema with what is recorded before it, in one packet: one entry of the journal, inserted by itself, and the statement.
 * The server runs them in this order, commits the first before it begins the second, and does not begin the second where the first fails.
 *
 * The one entry says all: that this statement starts, how the one before it ended (before_), and that a file was whole with that (whole_).
 * What is read is put together again: journal.c shows the statement before as done, history.c shows the file as applied. At the end of
 * the run, or when the next one takes the lock, entries of the history are moved to their table, in one transaction.
 */
#include <string.h>

#include "apply.h"
#include "queue.h"

enum { OUT_OF_RANGE = 1690, DUPLICATE = 1062 };

/* Whether the records are of the shape that one entry can hold. */
static bool is_plain(const struct dara_journal_step *step)
{
    const struct dara_journal_entry *last = step->count ? &step->entries[step->count - 1] : NULL;
    const struct dara_history_entry *whole = step->history;
    if (!last || step->count > 2 || strcmp(last->state, "started") != 0 || last->place < 1)
        return false;
    if (whole && (strcmp(whole->kind, "migration") != 0 || strcmp(whole->state, "applied") != 0 || whole->fingerprint))
        return false;
    if (step->count == 1)
        return !whole;
    const struct dara_journal_entry *before = &step->entries[0];
    return strcmp(before->state, "done") == 0 && !before->text && !before->error && before->finished_at &&
           before->place > 0 && before->place + 1 == last->place && strcmp(before->run, last->run) == 0;
}

static void add_values(struct dara_conn *conn, struct mysql_buffer *sql, const char *const *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        mysql_buffer_add(sql, ", ");
        mysql_value_add(conn, sql, values[i]);
    }
}

/* The lock is asked for in a way that fails: e to the power of 999 is out of range in every sql_mode. */
static void add_unknown_rows(struct dara_conn *conn, struct mysql_buffer *sql)
{
    if (!conn->lock_name) {
        mysql_buffer_add(sql, ", -1");
        return;
    }
    mysql_lock_condition(conn, sql, ", -EXP(999 * (1 - IFNULL(");
    mysql_buffer_add(sql, ", 0)))");
}

static void add_before(struct dara_conn *conn, struct mysql_buffer *sql, const struct dara_journal_entry *before)
{
    add_values(conn, sql, &before->finished_at, 1);
    mysql_buffer_format(sql, ", %lld, %lld", (long long)before->rows, (long long)before->duration_us);
}

static void add_whole(struct dara_conn *conn, struct mysql_buffer *sql, const struct dara_history_entry *whole)
{
    const char *const values[] = {whole->version,    whole->name,       whole->checksum,
                                  whole->applied_at, whole->applied_by, whole->tool};
    add_values(conn, sql, values, sizeof(values) / sizeof(values[0]));
    mysql_buffer_format(sql, ", %lld", (long long)whole->duration_ms);
}

static void add_entry(struct dara_conn *conn, struct mysql_buffer *sql, const struct dara_journal_step *step)
{
    const struct dara_journal_entry *entry = &step->entries[step->count - 1];
    const char *const names[] = {entry->kind, entry->version, entry->name};
    const char *const rest[] = {entry->checksum,   entry->text,  entry->state,
                                entry->started_at, entry->owner, entry->tool};
    mysql_buffer_add(sql, "INSERT INTO " MYSQL_JOURNAL_TABLE " (`run`, `place`, `piece`, `kind`, `version`, `name`,"
                          " `statement`, `total`, `checksum`, `text`, `state`, `started_at`, `owner`, `tool`,"
                          " `affected`, `duration_us`");
    if (step->count == 2)
        mysql_buffer_add(sql, ", `before_at`, `before_affected`, `before_us`");
    if (step->history)
        mysql_buffer_add(sql, ", `whole_version`, `whole_name`, `whole_checksum`, `whole_at`, `whole_by`, `whole_tool`,"
                              " `whole_ms`");
    mysql_buffer_add(sql, ") VALUES (");
    mysql_value_add(conn, sql, entry->run);
    mysql_buffer_format(sql, ", %u, 0", entry->place);
    add_values(conn, sql, names, sizeof(names) / sizeof(names[0]));
    mysql_buffer_format(sql, ", %u, %u", entry->statement, entry->total);
    add_values(conn, sql, rest, sizeof(rest) / sizeof(rest[0]));
    add_unknown_rows(conn, sql);
    mysql_buffer_add(sql, ", 0");
    if (step->count == 2)
        add_before(conn, sql, &step->entries[0]);
    if (step->history)
        add_whole(conn, sql, step->history);
    mysql_buffer_add(sql, ")");
}

/* In a transaction of their own, as many as they are. */
static int record_apart(struct dara_conn *conn, const struct dara_journal_step *step)
{
    int code = mysql_apply_begin(conn, DARA_BEGIN_DATA);
    if (code)
        return code;
    code = mysql_apply_journal_record(conn, step->entries, step->count);
    if (!code && step->history)
        code = mysql_apply_history_record(conn, step->history);
    code = code ? code : mysql_apply_commit(conn);
    if (code && code != DARA_ECONNECT)
        (void)mysql_apply_rollback(conn);
    return code;
}

/* Why the entry could not be made. */
static int fail_record(struct dara_conn *conn, unsigned number, int code)
{
    int lock = number == OUT_OF_RANGE ? mysql_lock_check(conn) : 0;
    return lock ? lock : code;
}

int mysql_apply_journal_step(struct dara_conn *conn, const struct dara_journal_step *step, struct dara_result *result,
                             bool *recorded)
{
    struct mysql_buffer entry = {0};
    int code;
    if (is_plain(step) && !conn->ask && !conn->confine && !memchr(step->text, ';', step->length)) {
        add_entry(conn, &entry, step);
        code = mysql_buffer_check(&entry);
        code = code ? code : mysql_apply_execute_behind(conn, &entry, step->text, step->length, result, recorded);
        unsigned number = code && !*recorded ? mysql_errno(conn->mysql) : 0;
        mysql_buffer_free(&entry);
        conn->carries = conn->carries || (*recorded && step->history);
        if (number != DUPLICATE)
            return number ? fail_record(conn, number, code) : code;
        dara_error_clear(); /* an attempt before this one made the entry, which is replaced */
    }
    code = record_apart(conn, step);
    *recorded = !code;
    return code ? code : mysql_apply_execute(conn, step->text, step->length, result);
}

int mysql_carried_settle(struct dara_conn *conn)
{
    bool found = false;
    int code = mysql_carried_find(conn, &found);
    if (code || !found)
        return code;
    code = mysql_apply_begin(conn, DARA_BEGIN_DATA);
    code = code ? code : mysql_carried_move(conn);
    code = code ? code : mysql_apply_commit(conn);
    if (code && code != DARA_ECONNECT)
        (void)mysql_apply_rollback(conn);
    return code;
}
