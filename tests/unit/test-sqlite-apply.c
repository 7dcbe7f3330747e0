/* SPDX-License-Identifier: MIT */
/* Transactions, foreign keys, statements and the history on SQLite. */
#include "sqlite-unit.h"

#include <sys/wait.h>

static struct dara_session *open_with(const char *name, const char *const *statements)
{
    struct dara_session *session = open_new(name);
    for (; *statements; statements++)
        run(session, *statements);
    return session;
}

static void begin(struct dara_session *session, enum dara_begin_purpose purpose)
{
    if (dara_session_begin(session, purpose))
        fail_msg("begin: %s", dara_error_last()->message);
}

static const char *const family[] = {"create table parent(id integer primary key)",
                                     "create table child(id integer primary key, parent references parent(id))",
                                     "insert into parent values (1), (2)", "insert into child values (10, 1)", NULL};

static void test_schema_checks_at_the_end(void **state)
{
    (void)state;
    DARA_SESSION_LOCAL session = open_with("a.db", family);
    begin(session, DARA_BEGIN_SCHEMA);
    run(session, "insert into child values (11, 7), (12, 8)"); /* not refused here */
    assert_error(dara_session_validate(session), DARA_ESTATEMENT, "SQLITE_CONSTRAINT_FOREIGNKEY", "2 violations");
    assert_string_equal(dara_error_last()->detail,
                        "row 11 of table 'child' has no parent in 'parent'; row 12 of table 'child' has no parent in "
                        "'parent'");
    assert_int_equal(dara_session_commit(session), DARA_ESTATEMENT);
    run(session, "insert into parent values (7), (8)");
    assert_int_equal(dara_session_commit(session), 0);
    assert_answer(session, "select count(*) from child", "3\n");
}

static void test_old_violations_are_not_blamed(void **state)
{
    (void)state;
    DARA_SESSION_LOCAL session = open_with("b.db", family);
    run(session, "pragma foreign_keys = off");
    run(session, "insert into child values (99, 99)");
    run(session, "create table odd(a references parent(nowhere))"); /* cannot be checked at all */
    for (int i = 0; i < 2; i++) {
        begin(session, DARA_BEGIN_SCHEMA);
        run(session, i ? "create table y(a)" : "create table x(a)");
        assert_int_equal(dara_session_commit(session), 0);
    }
    begin(session, DARA_BEGIN_SCHEMA);
    run(session, "insert into child values (98, 98)");
    assert_error(dara_session_commit(session), DARA_ESTATEMENT, NULL, "1 new violation, besides");
    assert_string_equal(dara_error_last()->detail, "row 98 of table 'child' has no parent in 'parent'");
    assert_int_equal(dara_session_rollback(session), 0);
    /* One that goes does not make room for one that comes. */
    begin(session, DARA_BEGIN_SCHEMA);
    run(session, "delete from child where id = 99");
    run(session, "insert into child values (98, 98)");
    assert_error(dara_session_commit(session), DARA_ESTATEMENT, NULL, "1 new violation, besides");
    assert_int_equal(dara_session_rollback(session), 0);
    /* Another column between, and the table made again, change nothing. */
    begin(session, DARA_BEGIN_SCHEMA);
    run(session, "alter table child add column second references parent(id)");
    assert_int_equal(dara_session_commit(session), 0);
    begin(session, DARA_BEGIN_SCHEMA);
    run(session, "alter table child drop column second");
    assert_int_equal(dara_session_commit(session), 0);
    /* One that another connection added between two migrations is not blamed on the second. */
    DARA_SESSION_LOCAL other = open_session("sqlite:b.db", DARA_MODE_WRITE);
    run(other, "insert into child values (97, 97)");
    begin(session, DARA_BEGIN_SCHEMA);
    run(session, "create table z(a)");
    assert_int_equal(dara_session_commit(session), 0);
    /* Nor one that this connection added outside a migration. */
    run(session, "pragma foreign_keys = off");
    run(session, "insert into child values (96, 96)");
    begin(session, DARA_BEGIN_SCHEMA);
    run(session, "create table z2(a)");
    assert_int_equal(dara_session_commit(session), 0);
}

static void test_data_checks_each_statement(void **state)
{
    (void)state;
    DARA_SESSION_LOCAL session = open_with("c.db", family);
    begin(session, DARA_BEGIN_DATA);
    assert_error(try_run(session, "insert into child values (11, 7)"), DARA_ESTATEMENT, "SQLITE_CONSTRAINT_FOREIGNKEY",
                 "FOREIGN KEY constraint failed");
    run(session, "pragma defer_foreign_keys = on");
    run(session, "insert into child values (11, 7)");
    assert_error(dara_session_validate(session), DARA_ESTATEMENT, "SQLITE_CONSTRAINT_FOREIGNKEY", "deferred");
    assert_non_null(strstr(dara_error_last()->detail, "row 11"));
    assert_int_equal(dara_session_rollback(session), 0);
}

/* A script that says PRAGMA foreign_keys before its transaction means it; the next one starts from the default. */
static void test_asked_foreign_keys(void **state)
{
    (void)state;
    DARA_SESSION_LOCAL session = open_with("d.db", family);
    run(session, "pragma foreign_keys = on");
    begin(session, DARA_BEGIN_SCHEMA);
    assert_int_equal(try_run(session, "insert into child values (11, 7)"), DARA_ESTATEMENT);
    assert_int_equal(dara_session_rollback(session), 0);
    begin(session, DARA_BEGIN_SCHEMA);
    run(session, "insert into child values (11, 7)");
    assert_int_equal(dara_session_rollback(session), 0);
    run(session, "pragma foreign_keys = off");
    begin(session, DARA_BEGIN_DATA);
    run(session, "insert into child values (11, 7)");
    assert_error(dara_session_commit(session), DARA_ESTATEMENT, NULL, "1 violation");
    assert_int_equal(dara_session_rollback(session), 0);
}

/* The documented rebuild: the parent goes away and comes back. */
static void test_rebuild_keeps_children(void **state)
{
    (void)state;
    DARA_SESSION_LOCAL session = open_with("e.db", family);
    begin(session, DARA_BEGIN_SCHEMA);
    run(session, "create table new_parent(id integer primary key, name)");
    run(session, "insert into new_parent(id) select id from parent");
    run(session, "drop table parent");
    run(session, "alter table new_parent rename to parent");
    assert_int_equal(dara_session_commit(session), 0);
    assert_answer(session, "select id, parent from child", "10|1\n");
}

/* ---- statements -------------------------------------------------------------------------------------------------------------- */

static void test_statement_errors(void **state)
{
    static const char *const none[] = {NULL};
    static const struct {
        const char *sql;
        const char *native;
        const char *piece;
        long line;
    } cases[] = {
        {"create table t(\n  a,\n  b,,\n  c)", "SQLITE_ERROR", "near \",\": syntax error", 3},
        {"select 1\nfrom nowhere", "SQLITE_ERROR", "no such table: nowhere", 0},
        {"select 1; select 2", NULL, "more text follows", 1},
        {"select ?1", NULL, "'?1'", 0},
        {"select\n :name", NULL, "':name'", 0},
        {"insert into u values (1), (1)", "SQLITE_CONSTRAINT_UNIQUE", "UNIQUE constraint failed: u.a", 0},
        {"insert into u values (null)", "SQLITE_CONSTRAINT_NOTNULL", "NOT NULL", 0},
        {"select abs(-9223372036854775808)", "SQLITE_ERROR", "integer overflow", 0},
        {"rollback", "SQLITE_AUTH", "transactions are begun and ended by dara", 0},
    };
    (void)state;
    DARA_SESSION_LOCAL session = open_with("f.db", none);
    run(session, "create table u(a not null unique)");
    for (size_t i = 0; i < DARA_COUNT(cases); i++) {
        assert_error(try_run(session, cases[i].sql), DARA_ESTATEMENT, cases[i].native, cases[i].piece);
        if (cases[i].line)
            assert_int_equal(dara_error_last()->line, cases[i].line);
    }
    run(session, "select 1; -- and nothing more\n ; ");
    run(session, "-- only a comment");
    run(session, "vacuum");
    run(session, "create virtual table f using fts4(a)");
    run(session, "insert into f(f) values ('optimize')");                  /* runs a SAVEPOINT of its own */
    assert_int_equal(try_run(session, "attach '' as x"), DARA_ESTATEMENT); /* the limit is back */
}

static void test_values_and_counts(void **state)
{
    static const char *const none[] = {NULL};
    (void)state;
    DARA_SESSION_LOCAL session = open_with("g.db", none);
    uint64_t rows = 99;
    static const char insert[] = "insert into t values (1), (2), (3)", none_sql[] = "update t set a = 1 where a > 9";
    run(session, "create table t(a)");
    assert_int_equal(dara_session_execute(session, insert, strlen(insert), NULL, &rows), 0);
    assert_int_equal(rows, 3);
    assert_int_equal(dara_session_execute(session, none_sql, strlen(none_sql), NULL, &rows), 0);
    assert_int_equal(rows, 0);
    assert_answer(session, "select 1, 2.5, 'x', x'4142', null, '', x''", "1|2.5|x|AB|NULL||\n");
    assert_answer(session, "delete from t where a = 1 returning a", "1\n");
    assert_answer(session, "select 1 where 0", "");
}

/* SQLite ends the transaction by itself; nothing that follows may be committed outside it. */
static void test_rolled_back_by_sqlite(void **state)
{
    static const char *const none[] = {NULL};
    (void)state;
    DARA_SESSION_LOCAL session = open_with("h.db", none);
    run(session, "create table t(a unique)");
    begin(session, DARA_BEGIN_DATA);
    run(session, "insert into t values (1)");
    assert_int_equal(try_run(session, "insert or rollback into t values (1)"), DARA_ESTATEMENT);
    assert_error(try_run(session, "insert into t values (2)"), DARA_ESTATEMENT, "SQLITE_ABORT_ROLLBACK", "rolled");
    assert_int_not_equal(dara_session_commit(session), 0);
    assert_int_equal(dara_session_rollback(session), 0);
    assert_answer(session, "select count(*) from t", "0\n");
    begin(session, DARA_BEGIN_DATA);
    run(session, "insert into t values (3)");
    assert_int_equal(dara_session_commit(session), 0);
}

static void test_savepoints(void **state)
{
    static const char *const none[] = {NULL};
    (void)state;
    DARA_SESSION_LOCAL session = open_with("i.db", none);
    run(session, "create table t(a)");
    begin(session, DARA_BEGIN_DATA);
    assert_int_equal(dara_session_savepoint(session, "a\"b"), 0);
    run(session, "insert into t values (1)");
    assert_int_equal(dara_session_rollback_to(session, "a\"b"), 0);
    assert_int_equal(dara_session_release(session, "a\"b"), 0);
    run(session, "insert into t values (2)");
    assert_int_equal(dara_session_commit(session), 0);
    assert_answer(session, "select a from t", "2\n");
}

static void test_busy(void **state)
{
    static const char *const none[] = {NULL};
    (void)state;
    DARA_SESSION_LOCAL first = open_with("j.db", none);
    DARA_SESSION_LOCAL second = open_session("sqlite:j.db", DARA_MODE_WRITE);
    begin(first, DARA_BEGIN_SCHEMA);
    assert_error(dara_session_begin(second, DARA_BEGIN_SCHEMA), DARA_ELOCKED, "SQLITE_BUSY", "another program");
    assert_int_equal(dara_session_rollback(first), 0);
    begin(second, DARA_BEGIN_SCHEMA);
    assert_int_equal(dara_session_rollback(second), 0);
}

static void test_timeout(void **state)
{
    (void)state;
    dara_session_close(open_new("k.db"));
    struct dara_url *url = url_of("sqlite:k.db");
    struct dara_session_options options = {.mode = DARA_MODE_READ, .statement_timeout_ms = 50, .application = "test"};
    struct dara_session *session = NULL;
    assert_int_equal(dara_session_open(url, &options, &session), 0);
    assert_error(
        try_run(session, "with recursive n(i) as (values (1) union all select i + 1 from n) select max(i) from n"),
        DARA_ESTATEMENT, "SQLITE_INTERRUPT", "longer than 50 ms");
    assert_answer(session, "select 1", "1\n");
    dara_session_close(session);
    dara_url_free(url);
}

/* ---- history ------------------------------------------------------------------------------------------------------------------- */

static void record(struct dara_session *session, const char *version, const char *state_name, const char *fingerprint)
{
    const struct dara_history_entry entry = {
        .size = sizeof(entry),
        .kind = "migration",
        .version = version,
        .name = "it's; \"odd\"",
        .state = state_name,
        .checksum = "c",
        .fingerprint = fingerprint,
        .applied_at = "2026-11-20T09:30:00Z",
        .applied_by = "a@b",
        .tool = "dara",
        .duration_ms = 5,
    };
    assert_int_equal(dara_session_history_record(session, &entry), 0);
}

static void assert_history(struct dara_session *session, const char *wanted)
{
    DARA_HISTORY_LOCAL list = NULL;
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    assert_int_equal(dara_session_history_list(session, &list), 0);
    for (size_t i = 0; i < list->count; i++) {
        dara_text_format(&out, "%s:%s:%s ", list->entries[i].version, list->entries[i].state,
                         list->entries[i].fingerprint ? list->entries[i].fingerprint : "-");
        assert_string_equal(list->entries[i].name, "it's; \"odd\"");
    }
    assert_string_equal(dara_text_string(&out), wanted);
}

static void test_history(void **state)
{
    static const char *const none[] = {NULL};
    (void)state;
    DARA_SESSION_LOCAL session = open_with("l.db", none);
    assert_history(session, "");
    begin(session, DARA_BEGIN_SCHEMA);
    assert_int_equal(dara_session_history_ensure(session), 0);
    assert_int_equal(dara_session_history_ensure(session), 0);
    record(session, "2", "applied", "f");
    record(session, "1", "applied", NULL);
    record(session, "3", "applied", NULL);
    assert_int_equal(dara_session_commit(session), 0);
    assert_history(session, "2:applied:f 1:applied:- 3:applied:- ");
    begin(session, DARA_BEGIN_SCHEMA);
    record(session, "2", "rolled back", NULL);
    assert_history(session, "2:rolled back:- 1:applied:- 3:applied:- ");
    record(session, "2", "applied", NULL);
    assert_history(session, "1:applied:- 3:applied:- 2:applied:- ");
    record(session, "3", "applied", "again");
    assert_int_equal(dara_session_rollback(session), 0);
    assert_history(session, "2:applied:f 1:applied:- 3:applied:- ");
}

static void test_foreign_history(void **state)
{
    static const char *const other[] = {"create table dara_migrations(id integer)", NULL};
    (void)state;
    DARA_SESSION_LOCAL session = open_with("m.db", other);
    struct dara_history_list *list = NULL;
    assert_error(dara_session_history_list(session, &list), DARA_ECONFIG, NULL, "not made by dara");
    begin(session, DARA_BEGIN_SCHEMA);
    assert_error(dara_session_history_ensure(session), DARA_ECONFIG, NULL, "not made by dara");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schema_checks_at_the_end),
        cmocka_unit_test(test_old_violations_are_not_blamed),
        cmocka_unit_test(test_data_checks_each_statement),
        cmocka_unit_test(test_asked_foreign_keys),
        cmocka_unit_test(test_rebuild_keeps_children),
        cmocka_unit_test(test_statement_errors),
        cmocka_unit_test(test_values_and_counts),
        cmocka_unit_test(test_rolled_back_by_sqlite),
        cmocka_unit_test(test_savepoints),
        cmocka_unit_test(test_busy),
        cmocka_unit_test(test_timeout),
        cmocka_unit_test(test_history),
        cmocka_unit_test(test_foreign_history),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
