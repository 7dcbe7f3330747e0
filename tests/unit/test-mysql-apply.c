/* SPDX-License-Identifier: MIT */
/*
 * What a run does to a server: lock, transactions, history, journal, settings, scratch databases. On each server that is named:
 * DARA_TEST_MARIADB_URI, DARA_TEST_MYSQL_URI, each a user who may make databases. Skipped when neither is.
 */
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/url.h"
#include "driver/session.h"

static const char *server; /* its URL, without a database */
static struct dara_url *url;

/* ---- help ------------------------------------------------------------------------------------------------------------------ */

static void good(int code)
{
    if (code < 0)
        fail_msg("%s", dara_error_last()->message);
}

static void check_error(int code, int expected, const char *part)
{
    assert_int_equal(code, expected);
    const char *message = dara_error_last()->message;
    if (!strstr(message, part))
        fail_msg("'%s' does not hold '%s'", message, part);
}

static struct dara_session *open_mode(enum dara_mode mode)
{
    const struct dara_session_options options = {.mode = mode, .lock_timeout_ms = 1000, .application = "dara test"};
    struct dara_session *session = NULL;
    good(dara_session_open(url, &options, &session));
    return session;
}

static int run(struct dara_session *session, const char *sql)
{
    return dara_session_execute(session, sql, strlen(sql), NULL, NULL);
}

static void add_value(struct dara_text *text, const struct dara_value *value)
{
    if (value->type == DARA_INTEGER)
        dara_text_format(text, "%lld", (long long)value->integer);
    else if (value->type == DARA_REAL)
        dara_text_format(text, "%g", value->real);
    else if (value->type == DARA_NULL)
        dara_text_add(text, "NULL");
    else
        dara_text_format(text, "%s'%.*s'", value->type == DARA_BYTES ? "x" : "", (int)value->length, value->bytes);
}

static int add_row(void *context, size_t count, const struct dara_value *values)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            dara_text_add(context, ",");
        add_value(context, &values[i]);
    }
    dara_text_add(context, ";");
    return 0;
}

static void add_notice(void *context, const char *native, const char *message)
{
    dara_text_format(context, "[%s %s]", native ? native : "-", message);
}

static void check_rows(struct dara_session *session, const char *sql, const char *expected)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    const struct dara_reader reader = {.row = add_row, .notice = add_notice, .context = &text};
    good(dara_session_execute(session, sql, strlen(sql), &reader, NULL));
    assert_string_equal(dara_text_string(&text), expected);
}

/* A database of the test's own. */
static int make_database(void **state)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    bool existed = true;
    (void)state;
    dara_text_format(&text, "%s/dara_unit_%ld", server, (long)getpid());
    good(dara_url_parse(dara_text_string(&text), NULL, &url));
    good(dara_session_create_database(url, &existed));
    assert_false(existed);
    return 0;
}

static int drop_database(void **state)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    DARA_SESSION_LOCAL session = open_mode(DARA_MODE_WRITE);
    (void)state;
    dara_text_format(&text, "DROP DATABASE dara_unit_%ld", (long)getpid());
    good(run(session, dara_text_string(&text)));
    session = dara_session_close(session);
    url = dara_url_free(url);
    return 0;
}

/* ---- lock ------------------------------------------------------------------------------------------------------------------ */

static void test_lock(void **state)
{
    DARA_SESSION_LOCAL first = open_mode(DARA_MODE_WRITE);
    DARA_SESSION_LOCAL second = open_mode(DARA_MODE_WRITE);
    (void)state;
    good(dara_session_lock(first, "ann@host pid 1", 0));
    check_error(dara_session_lock(second, "bob@host pid 2", 60), DARA_ELOCKED,
                "is held by ann@host pid 1 (connection ");
    good(run(first, "CREATE TABLE t (a INT)")); /* a commit leaves it alone */
    check_error(dara_session_lock(second, "bob", 0), DARA_ELOCKED, "ann@host");
    good(dara_session_unlock(first));
    good(dara_session_unlock(first));
    good(dara_session_lock(second, "bob@host pid 2", 0));
    check_error(dara_session_lock(first, "ann", 0), DARA_ELOCKED, "bob@host pid 2");
    good(run(second, "DROP TABLE t"));
}

/* The server itself says who holds it where the holder could not leave its name. */
static void test_lock_of_a_rehearsal(void **state)
{
    DARA_SESSION_LOCAL first = open_mode(DARA_MODE_REHEARSE);
    DARA_SESSION_LOCAL second = open_mode(DARA_MODE_WRITE);
    (void)state;
    good(dara_session_lock(first, "ann", 0));
    check_error(dara_session_lock(second, "bob", 0), DARA_ELOCKED, "is held by another run (connection ");
    check_error(dara_session_lock(second, "bob", 0), DARA_ELOCKED, " of 'root' from 'localhost");
}

/* A process of its own that does `hold` and waits to be killed; returns when it has done so. */
static pid_t start_holder(int (*hold)(void))
{
    int ready[2];
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails does not get to kill it */
        if (hold() == 0 && write(ready[1], "x", 1) == 1)
            pause();
        _exit(1);
    }
    close(ready[1]);
    if (read(ready[0], &byte, 1) != 1)
        fail_msg("the other process could not begin");
    close(ready[0]);
    return child;
}

static void kill_holder(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static int hold_lock(void)
{
    const struct dara_session_options options = {.mode = DARA_MODE_WRITE, .application = "dara test"};
    struct dara_session *session = NULL;
    int code = dara_session_open(url, &options, &session);
    return code ? code : dara_session_lock(session, "killed", 0);
}

static void test_killed_holder(void **state)
{
    (void)state;
    pid_t child = start_holder(hold_lock);
    DARA_SESSION_LOCAL session = open_mode(DARA_MODE_WRITE);
    check_error(dara_session_lock(session, "next", 0), DARA_ELOCKED, "killed");
    kill_holder(child);
    good(dara_session_lock(session, "next", 5000));
}

static struct dara_history_entry entry(const char *version, const char *state)
{
    return (struct dara_history_entry){.size = sizeof(struct dara_history_entry),
                                       .kind = "migration",
                                       .version = version,
                                       .name = "it's a \\ `name`",
                                       .state = state,
                                       .checksum = "c",
                                       .applied_at = "2026-11-20T09:30:00Z",
                                       .applied_by = "ann",
                                       .tool = "dara",
                                       .duration_ms = 7};
}

/* Somebody ended the session that held the lock, or the lock alone: nothing is recorded then. */
static void test_lost_lock(void **state)
{
    DARA_SESSION_LOCAL first = open_mode(DARA_MODE_WRITE);
    DARA_SESSION_LOCAL second = open_mode(DARA_MODE_WRITE);
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    const struct dara_history_entry one = entry("1", "applied");
    const struct dara_journal_entry steps[] = {
        {.size = sizeof(steps[0]), .run = "r", .place = 1, .state = "done", .rows = 1},
        {.size = sizeof(steps[0]), .run = "r", .place = 2, .state = "started", .rows = -1},
    };
    (void)state;
    good(dara_session_history_ensure(first));
    good(dara_session_lock(first, "ann", 0));
    dara_text_format(&text, "DO RELEASE_LOCK('dara:dara_unit_%ld')", (long)getpid());
    good(run(first, dara_text_string(&text)));
    good(dara_session_lock(second, "bob", 0));
    good(dara_session_begin(first, DARA_BEGIN_DATA));
    good(run(first, "DO 1"));
    check_error(dara_session_history_record(first, &one), DARA_ELOCKED, "was lost on the way");
    good(dara_session_rollback(first));
    /* What goes with its COMMIT in one packet looks by itself. */
    good(dara_session_journal_ensure(first));
    good(dara_session_begin(first, DARA_BEGIN_DATA));
    good(dara_session_journal_record(first, steps, 2));
    good(dara_session_history_record(first, &one));
    check_error(dara_session_commit(first), DARA_ELOCKED, "was lost on the way");
    good(dara_session_rollback(first));
    check_rows(second, "SELECT COUNT(*), (SELECT COUNT(*) FROM dara_journal) FROM dara_migrations", "0,0;");
    good(run(second, "DROP TABLE dara_journal"));
    good(run(second, "DROP TABLE dara_migrations"));
}

/* ---- transactions ------------------------------------------------------------------------------------------------------------ */

static void test_transactions(void **state)
{
    DARA_SESSION_LOCAL session = open_mode(DARA_MODE_WRITE);
    (void)state;
    good(run(session, "CREATE TABLE t (a INT PRIMARY KEY, b TEXT)"));
    good(dara_session_begin(session, DARA_BEGIN_DATA));
    good(run(session, "INSERT INTO t VALUES (1, 'x')"));
    good(dara_session_savepoint(session, "a`b"));
    good(run(session, "INSERT INTO t VALUES (2, 'y')"));
    good(dara_session_rollback_to(session, "a`b"));
    good(dara_session_release(session, "a`b"));
    check_error(run(session, "CREATE TABLE u (a INT)"), DARA_ESTATEMENT, "would commit");
    check_error(run(session, "COMMIT"), DARA_ESTATEMENT, "transaction control");
    good(dara_session_commit(session));
    check_rows(session, "SELECT * FROM t", "1,'x';");
    good(dara_session_begin(session, DARA_BEGIN_DATA));
    good(run(session, "DELETE FROM t WHERE a = 1"));
    good(dara_session_rollback(session));
    check_rows(session, "SELECT COUNT(*) FROM t", "1;");
    check_error(run(session, "SELECT 1;\nSELECT 2"), DARA_ESTATEMENT, "syntax");
    check_error(run(session, "SELECT\n1\nFROM FROM t"), DARA_ESTATEMENT, "syntax");
    assert_int_equal(dara_error_last()->line, 3);
    assert_string_equal(dara_error_last()->native, "1064 42000");
    good(run(session, "DROP TABLE t"));
}

static void test_values(void **state)
{
    DARA_SESSION_LOCAL session = open_mode(DARA_MODE_WRITE);
    uint64_t affected = 0;
    static const char insert[] =
        "INSERT INTO v VALUES (1, 18446744073709551615, 1.5, 2.50, x'00ff', 'é', b'101', NULL)";
    (void)state;
    good(run(session, "CREATE TABLE v (a INT, b BIGINT UNSIGNED, c DOUBLE, d DECIMAL(10,2), e VARBINARY(9), f TEXT, g "
                      "BIT(3), h INT)"));
    good(dara_session_execute(session, insert, strlen(insert), NULL, &affected));
    assert_int_equal(affected, 1);
    check_rows(session, "SELECT a, b, c, d, f, h FROM v", "1,'18446744073709551615',1.5,'2.50','é',NULL;");
    check_rows(session, "SELECT HEX(e), g = 5 FROM v", "'00FF',1;");
    check_rows(session, "SELECT CAST('1x' AS SIGNED)", "1;[1292 Truncated incorrect INTEGER value: '1x']");
    good(run(session, "DROP TABLE v"));
}

static void test_results_of_a_procedure(void **state)
{
    DARA_SESSION_LOCAL session = open_mode(DARA_MODE_WRITE);
    (void)state;
    good(run(session, "CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2, 3; END"));
    check_rows(session, "CALL p()", "1;[- it gave more than one result, of which only the first is shown]");
    good(run(session, "DROP PROCEDURE p"));
}

/* ---- modes ------------------------------------------------------------------------------------------------------------------- */

static void test_read_mode(void **state)
{
    static const char *const refused[] = {
        "INSERT INTO t VALUES (2)",
        "CREATE TABLE u (a INT)",
        "SET SESSION TRANSACTION READ WRITE",
        "SET transaction_read_only = 0",
        "SET @@session.tx_READ_ONLY = 0",
        "START TRANSACTION READ WRITE",
        "COMMIT",
        "CALL p()",
        "SELECT 1 INTO OUTFILE '/tmp/x'",
        "BEGIN NOT ATOMIC DELETE FROM t; END",
    };
    DARA_SESSION_LOCAL writing = open_mode(DARA_MODE_WRITE);
    DARA_SESSION_LOCAL session = open_mode(DARA_MODE_READ);
    (void)state;
    good(run(writing, "CREATE TABLE t (a INT)"));
    good(run(writing, "INSERT INTO t VALUES (1)"));
    good(run(writing, "CREATE FUNCTION f() RETURNS INT MODIFIES SQL DATA BEGIN DELETE FROM t; RETURN 1; END"));
    for (size_t i = 0; i < DARA_COUNT(refused); i++)
        if (run(session, refused[i]) != DARA_ESTATEMENT)
            fail_msg("'%s' was not refused", refused[i]);
    check_error(run(session, "SELECT f()"), DARA_ESTATEMENT, "READ ONLY transaction");
    good(run(session, "SET @a = 1, sql_mode = ''"));
    check_rows(session, "SELECT a + @a FROM t", "2;");
    good(dara_session_begin(session, DARA_BEGIN_READ));
    check_error(run(session, "SELECT f()"), DARA_ESTATEMENT, "READ ONLY transaction");
    good(dara_session_rollback(session));
    good(run(writing, "DROP FUNCTION f"));
    good(run(writing, "DROP TABLE t"));
}

static void test_rehearsal(void **state)
{
    DARA_SESSION_LOCAL writing = open_mode(DARA_MODE_WRITE);
    DARA_SESSION_LOCAL session = open_mode(DARA_MODE_REHEARSE);
    (void)state;
    good(run(writing, "CREATE TABLE t (a INT)"));
    check_error(dara_session_begin(session, DARA_BEGIN_SCHEMA), DARA_EUNSUPPORTED,
                "commits every change of the schema");
    good(dara_session_begin(session, DARA_BEGIN_DATA));
    good(run(session, "INSERT INTO t VALUES (1)"));
    good(dara_session_history_ensure(session));
    check_error(run(session, "DROP TABLE t"), DARA_EUNSUPPORTED, "commits by itself");
    check_error(run(session, "TRUNCATE t"), DARA_EUNSUPPORTED, "commits by itself");
    good(dara_session_rollback(session));
    check_rows(writing,
               "SELECT (SELECT COUNT(*) FROM t), COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
               "DATABASE() AND TABLE_NAME = 'dara_migrations'",
               "0,0;");
    good(run(writing, "CREATE TABLE m (a INT) ENGINE=MyISAM"));
    check_error(dara_session_begin(session, DARA_BEGIN_DATA), DARA_EUNSUPPORTED, "'m': MyISAM knows no transactions");
    good(run(writing, "DROP TABLE t, m"));
}

/* ---- history, journal ---------------------------------------------------------------------------------------------------------- */

static void check_history(struct dara_session *session, const char *expected)
{
    DARA_HISTORY_LOCAL list = NULL;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    good(dara_session_history_list(session, &list));
    for (size_t i = 0; i < list->count; i++)
        dara_text_format(&text, "%s %s %s %s;", list->entries[i].version, list->entries[i].state, list->entries[i].name,
                         list->entries[i].fingerprint ? list->entries[i].fingerprint : "-");
    assert_string_equal(dara_text_string(&text), expected);
}

static void test_history(void **state)
{
    DARA_SESSION_LOCAL session = open_mode(DARA_MODE_WRITE);
    struct dara_history_entry one = entry("1", "applied"), two = entry("2", "applied");
    (void)state;
    two.fingerprint = "f";
    check_history(session, "");
    /* Made inside a transaction, it does not end that. */
    good(run(session, "CREATE TABLE t (a INT)"));
    good(dara_session_begin(session, DARA_BEGIN_DATA));
    good(dara_session_history_ensure(session));
    good(run(session, "INSERT INTO t VALUES (1)"));
    good(dara_session_history_record(session, &one));
    good(dara_session_history_record(session, &two));
    check_history(session, "1 applied it's a \\ `name` -;2 applied it's a \\ `name` f;");
    good(dara_session_rollback(session));
    check_rows(session, "SELECT COUNT(*) FROM t", "0;");
    check_history(session, "");
    good(dara_session_begin(session, DARA_BEGIN_DATA));
    good(dara_session_history_record(session, &one));
    good(dara_session_history_record(session, &two));
    one.state = "rolled back";
    good(dara_session_history_record(session, &one));
    check_history(session, "1 rolled back it's a \\ `name` -;2 applied it's a \\ `name` f;");
    one.state = "applied";
    good(dara_session_history_record(session, &one));
    good(dara_session_commit(session));
    check_history(session, "2 applied it's a \\ `name` f;1 applied it's a \\ `name` -;");
    good(run(session, "DROP TABLE dara_migrations, t"));
    good(run(session, "CREATE TABLE dara_migrations (id INT)"));
    check_error(dara_session_history_ensure(session), DARA_ECONFIG, "was not made by dara");
    good(run(session, "DROP TABLE dara_migrations"));
}

static void check_journal(struct dara_session *session, bool texts, const char *expected)
{
    struct dara_journal_list *list = NULL;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    good(dara_session_journal_list(session, texts, &list));
    for (size_t i = 0; i < list->count; i++)
        dara_text_format(&text, "%s %u %s %s %lld;", list->entries[i].run, list->entries[i].place,
                         list->entries[i].state, list->entries[i].text ? list->entries[i].text : "-",
                         (long long)list->entries[i].rows);
    dara_journal_list_free(list);
    assert_string_equal(dara_text_string(&text), expected);
}

static void test_journal(void **state)
{
    DARA_SESSION_LOCAL session = open_mode(DARA_MODE_WRITE);
    DARA_SESSION_LOCAL other = open_mode(DARA_MODE_READ);
    struct dara_journal_entry items[] = {
        {.size = sizeof(items[0]), .run = "z", .place = 0, .state = "started", .text = "model", .rows = -1},
        {.size = sizeof(items[0]), .run = "z", .place = 1, .state = "started", .text = "it's \\", .rows = -1},
        {.size = sizeof(items[0]), .run = "a", .place = 1, .state = "done", .rows = 3},
    };
    (void)state;
    check_journal(other, false, "");
    good(dara_session_journal_ensure(session));
    good(dara_session_journal_ensure(session));
    good(dara_session_journal_record(session, items, 3));
    check_journal(other, false, "z 0 started - -1;z 1 started it's \\ -1;a 1 done - 3;");
    check_journal(other, true, "z 0 started model -1;z 1 started it's \\ -1;a 1 done - 3;");
    items[1].state = "done";
    items[1].text = NULL;
    items[1].rows = 2;
    good(dara_session_begin(session, DARA_BEGIN_DATA));
    good(dara_session_journal_record(session, &items[1], 1));
    check_journal(other, false, "z 0 started - -1;z 1 started it's \\ -1;a 1 done - 3;");
    good(dara_session_commit(session));
    check_journal(other, false, "z 0 started - -1;z 1 done it's \\ 2;a 1 done - 3;");
    good(dara_session_journal_forget(session, "z"));
    check_journal(other, false, "a 1 done - 3;");
    good(run(session, "DROP TABLE dara_journal"));
    good(dara_session_journal_forget(session, "a"));
}

/* ---- steps: a statement with its records in one packet -------------------------------------------------------------------------- */

/* The end of the one before (`place` > 1), the beginning of `place`, the file `whole` where not NULL, and the statement. */
static int step(struct dara_session *session, unsigned place, const char *whole, const char *sql, bool *ret_recorded)
{
    const struct dara_journal_entry entries[] = {
        {.size = sizeof(entries[0]),
         .run = "r",
         .place = place - 1,
         .state = "done",
         .finished_at = "2026-11-20T00:00:01Z",
         .rows = 7,
         .duration_us = 5},
        {.size = sizeof(entries[0]), .run = "r", .place = place, .state = "started", .text = sql, .rows = -1},
    };
    const struct dara_history_entry history = entry(whole, "applied");
    const struct dara_journal_step made = {.size = sizeof(made),
                                           .entries = place > 1 ? entries : entries + 1,
                                           .count = place > 1 ? 2 : 1,
                                           .history = whole ? &history : NULL,
                                           .text = sql,
                                           .length = strlen(sql)};
    uint64_t rows;
    *ret_recorded = false;
    return dara_session_journal_step(session, &made, NULL, ret_recorded, &rows);
}

static void check_applied(struct dara_session *session, const char *expected)
{
    DARA_HISTORY_LOCAL list = NULL;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    good(dara_session_history_list(session, &list));
    for (size_t i = 0; i < list->count; i++)
        dara_text_format(&text, "%s %s;", list->entries[i].version, list->entries[i].state);
    assert_string_equal(dara_text_string(&text), expected);
}

static void kill_session(struct dara_session *session)
{
    DARA_TEXT_LOCAL id = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL sql = DARA_TEXT_INIT;
    const struct dara_reader reader = {.row = add_row, .context = &id};
    good(dara_session_execute(session, "SELECT CONNECTION_ID()", 22, &reader, NULL));
    dara_text_format(&sql, "KILL %ld", strtol(dara_text_string(&id), NULL, 10));
    (void)run(session, dara_text_string(&sql));
    dara_session_close(session);
}

/* What is recorded before a statement is there for all readers at once, wherever the driver keeps it, and in its table at the latest when
 * another takes the lock. */
static void test_step(void **state)
{
    DARA_SESSION_LOCAL other = open_mode(DARA_MODE_READ);
    struct dara_session *session = open_mode(DARA_MODE_WRITE);
    const struct dara_history_entry first = entry("1", "rolled back");
    bool recorded;
    (void)state;
    good(dara_session_lock(session, "ann", 0));
    good(dara_session_history_ensure(session));
    good(dara_session_journal_ensure(session));
    good(dara_session_begin(session, DARA_BEGIN_DATA));
    good(dara_session_history_record(session, &first));
    good(dara_session_commit(session));
    good(step(session, 1, NULL, "CREATE TABLE s1 (a INT)", &recorded));
    good(step(session, 2, "1", "CREATE TABLE s2 (a INT)", &recorded));
    check_journal(other, false, "r 1 done CREATE TABLE s1 (a INT) 7;r 2 started CREATE TABLE s2 (a INT) -1;");
    check_applied(other, "1 applied;");
    /* Two statements, which are sent as one. */
    good(step(session, 3, "2", "CREATE TABLE s3 (a INT DEFAULT 59 /* ; */)", &recorded));
    check_applied(other, "1 applied;2 applied;");
    check_error(step(session, 4, "3", "CREATE TABLE s3 (a INT)", &recorded), DARA_ESTATEMENT, "already exists");
    assert_true(recorded);
    /* Again, behind a failure: its entry is there and is replaced. */
    good(step(session, 4, "3", "CREATE TABLE s4 (a INT)", &recorded));
    check_applied(other, "1 applied;2 applied;3 applied;");
    good(dara_session_begin(session, DARA_BEGIN_DATA));
    good(dara_session_journal_forget(session, "r"));
    good(dara_session_rollback(session));
    check_applied(other, "1 applied;2 applied;3 applied;");
    good(step(session, 5, "4", "CREATE TABLE s5 (a INT)", &recorded));
    kill_session(session);
    check_rows(other, "SELECT COUNT(*) FROM dara_migrations WHERE version = '4'", "0;");
    check_applied(other, "1 applied;2 applied;3 applied;4 applied;");
    session = open_mode(DARA_MODE_WRITE);
    good(dara_session_lock(session, "bob", 0));
    check_rows(
        other, "SELECT version, state, kind FROM dara_migrations ORDER BY place",
        "'1','applied','migration';'2','applied','migration';'3','applied','migration';'4','applied','migration';");
    check_applied(other, "1 applied;2 applied;3 applied;4 applied;");
    good(dara_session_journal_forget(session, "r"));
    check_applied(other, "1 applied;2 applied;3 applied;4 applied;");
    good(run(session, "DROP TABLE s1, s2, s3, s4, s5, dara_journal, dara_migrations"));
    dara_session_close(session);
}

/* Without the lock nothing is recorded, and the statement does not run. */
static void test_step_without_lock(void **state)
{
    DARA_SESSION_LOCAL session = open_mode(DARA_MODE_WRITE);
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    bool recorded;
    (void)state;
    good(dara_session_lock(session, "ann", 0));
    good(dara_session_journal_ensure(session));
    dara_text_format(&text, "DO RELEASE_LOCK('dara:dara_unit_%ld')", (long)getpid());
    good(run(session, dara_text_string(&text)));
    good(run(session, "SET sql_mode = ''"));
    check_error(step(session, 1, NULL, "CREATE TABLE s1 (a INT)", &recorded), DARA_ELOCKED, "was lost on the way");
    assert_false(recorded);
    check_journal(session, false, "");
    check_rows(session, "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_NAME = 's1'", "0;");
    good(run(session, "DROP TABLE dara_journal"));
}

/* ---- settings ------------------------------------------------------------------------------------------------------------------ */

static void test_reset(void **state)
{
    static const char ask[] = "SELECT @@sql_mode, @@foreign_key_checks, @@character_set_results, @@sql_select_limit, "
                              "@@time_zone, @a, @`b c`";
    DARA_SESSION_LOCAL session = open_mode(DARA_MODE_WRITE);
    DARA_TEXT_LOCAL before = DARA_TEXT_INIT;
    const struct dara_reader reader = {.row = add_row, .context = &before};
    (void)state;
    good(dara_session_execute(session, ask, strlen(ask), &reader, NULL));
    good(dara_session_reset(session));
    good(run(session, "SET sql_mode = 'ANSI_QUOTES', foreign_key_checks = 0, character_set_results = NULL, "
                      "sql_select_limit = 5, time_zone = '+01:00', @a = 1, @`b c` = @@sql_mode"));
    good(dara_session_reset(session));
    check_rows(session, ask, dara_text_string(&before));
    /* and a second time, from a transaction */
    good(dara_session_begin(session, DARA_BEGIN_DATA));
    good(run(session, "SET unique_checks = 0, @a = 2"));
    good(dara_session_reset(session));
    check_rows(session, ask, dara_text_string(&before));
    good(dara_session_rollback(session));
    good(dara_session_reset(session));
    check_rows(session, "SELECT @@unique_checks", "1;");
}

/* ---- scratch ------------------------------------------------------------------------------------------------------------------- */

static void check_scratches(const char *expected)
{
    DARA_SESSION_LOCAL session = open_mode(DARA_MODE_WRITE);
    check_rows(session, "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'dara\\_scratch\\_%'",
               expected);
}

static void test_scratch(void **state)
{
    struct dara_session *scratch = NULL;
    struct dara_model *model = NULL;
    (void)state;
    DARA_SESSION_LOCAL session = open_mode(DARA_MODE_WRITE);
    good(run(session, "DROP DATABASE IF EXISTS dara_scratch_1_mine")); /* of a run that was ended */
    check_rows(session, "CREATE DATABASE dara_scratch_1_mine", "");
    good(dara_session_open_scratch(url, NULL, &scratch));
    check_scratches("2;");
    good(run(scratch, "CREATE TABLE t (a INT)"));
    good(dara_session_read(scratch, &model));
    assert_int_equal(dara_object_has(dara_model_find(model, "table", NULL, NULL, "t"), "mysql.engine"), true);
    assert_null(dara_model_find(model, "table", NULL, NULL, "dara_lock"));
    dara_model_free(model);
    dara_session_close(scratch);
    check_scratches("1;"); /* what only looks like one is left alone */
    good(run(session, "DROP DATABASE dara_scratch_1_mine"));
}

static int hold_scratch(void)
{
    struct dara_session *scratch = NULL;
    return dara_session_open_scratch(url, NULL, &scratch);
}

/* The server takes a moment to see that a client is gone. */
static void wait_for_locks(void)
{
    static const char used[] = "SELECT COUNT(IS_USED_LOCK(SCHEMA_NAME)) FROM information_schema.SCHEMATA WHERE "
                               "SCHEMA_NAME LIKE 'dara\\_scratch\\_%'";
    DARA_SESSION_LOCAL session = open_mode(DARA_MODE_WRITE);
    for (int tries = 0; tries < 100; tries++) {
        DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
        const struct dara_reader reader = {.row = add_row, .context = &text};
        good(dara_session_execute(session, used, strlen(used), &reader, NULL));
        if (strcmp(dara_text_string(&text), "0;") == 0)
            return;
        usleep(50000);
    }
}

static void test_killed_scratch(void **state)
{
    struct dara_session *scratch = NULL;
    (void)state;
    pid_t child = start_holder(hold_scratch);
    good(dara_session_open_scratch(url, NULL, &scratch));
    check_scratches("2;"); /* the other lives */
    dara_session_close(scratch);
    kill_holder(child);
    wait_for_locks();
    good(dara_session_open_scratch(url, NULL, &scratch));
    check_scratches("1;");
    dara_session_close(scratch);
    check_scratches("0;");
}

static void test_scratch_denied(void **state)
{
    DARA_SESSION_LOCAL session = open_mode(DARA_MODE_WRITE);
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    struct dara_session *scratch = NULL;
    struct dara_url *plain = NULL;
    (void)state;
    good(run(session, "CREATE USER dara_plain@localhost IDENTIFIED BY 'Plain-1'"));
    dara_text_format(&text, "GRANT ALL ON dara_unit_%ld.* TO dara_plain@localhost", (long)getpid());
    good(run(session, dara_text_string(&text)));
    dara_text_clear(&text);
    dara_text_format(&text, "mysql://dara_plain:Plain-1@%s/dara_unit_%ld", strchr(server, '@') + 1, (long)getpid());
    good(dara_url_parse(dara_text_string(&text), NULL, &plain));
    check_error(dara_session_open_scratch(plain, NULL, &scratch), DARA_EUNSUPPORTED, "may not create databases");
    dara_url_free(plain);
    good(run(session, "DROP USER dara_plain@localhost"));
}

/* One plan for both servers: each has a test that makes its database before its others, and one behind them. */
static void begin_mariadb(void **state)
{
    server = getenv("DARA_TEST_MARIADB_URI");
    good(make_database(state));
}
static void begin_mysql(void **state)
{
    server = getenv("DARA_TEST_MYSQL_URI");
    good(make_database(state));
}
static void end(void **state)
{
    good(drop_database(state));
}
static const struct {
    const char *variable;
    CMUnitTestFunction begin;
} places[] = {{"DARA_TEST_MARIADB_URI", begin_mariadb}, {"DARA_TEST_MYSQL_URI", begin_mysql}};

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lock),
        cmocka_unit_test(test_lock_of_a_rehearsal),
        cmocka_unit_test(test_killed_holder),
        cmocka_unit_test(test_lost_lock),
        cmocka_unit_test(test_transactions),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_results_of_a_procedure),
        cmocka_unit_test(test_read_mode),
        cmocka_unit_test(test_rehearsal),
        cmocka_unit_test(test_history),
        cmocka_unit_test(test_journal),
        cmocka_unit_test(test_step),
        cmocka_unit_test(test_step_without_lock),
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_scratch),
        cmocka_unit_test(test_killed_scratch),
        cmocka_unit_test(test_scratch_denied),
    };
    struct CMUnitTest all[2 * (DARA_COUNT(tests) + 2)];
    size_t count = 0;
    for (size_t i = 0; i < DARA_COUNT(places); i++) {
        if (!getenv(places[i].variable))
            continue;
        all[count++] = (struct CMUnitTest){places[i].variable, places[i].begin, NULL, NULL, NULL};
        memcpy(all + count, tests, sizeof(tests));
        count += DARA_COUNT(tests);
        all[count++] = (struct CMUnitTest)cmocka_unit_test(end);
    }
    if (!count)
        printf("1..0 # SKIP neither DARA_TEST_MARIADB_URI nor DARA_TEST_MYSQL_URI names a server\n");
    return count ? _cmocka_run_group_tests("mysql-apply", all, count, NULL, NULL) : 0;
}
