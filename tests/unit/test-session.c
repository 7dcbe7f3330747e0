/* SPDX-License-Identifier: MIT */
/* What stands between a command and a driver: modes, presence, errors, secrets, interruption. With the driver of
 * tests/drivers/fake.c. */
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/signal.h"
#include "driver/session.h"

#define PASSWORD "hunter2+%41"

static struct dara_url *url_of(const char *text)
{
    struct dara_url *url = NULL;
    assert_int_equal(dara_url_parse(text, NULL, &url), 0);
    return url;
}

static struct dara_session *open_mode(const struct dara_url *url, enum dara_mode mode)
{
    struct dara_session *session = NULL;
    assert_int_equal(dara_session_open(url, &(struct dara_session_options){.mode = mode}, &session), 0);
    assert_non_null(session);
    return session;
}

static int execute(struct dara_session *session, const char *text)
{
    return dara_session_execute(session, text, strlen(text), NULL, NULL);
}

static void message_is(const char *message)
{
    assert_non_null(dara_error_last());
    assert_string_equal(dara_error_last()->message, message);
}

/* ---- modes -------------------------------------------------------------------------------------------------------------- */

static void test_read_mode(void **state)
{
    (void)state;
    struct dara_url *url = url_of("fake:x");
    struct dara_session *session = open_mode(url, DARA_MODE_READ);
    assert_int_equal(dara_session_lock(session, "me", 0), DARA_EREFUSED);
    message_is("a read session cannot take the lock");
    assert_int_equal(dara_session_begin(session, DARA_BEGIN_SCHEMA), DARA_EREFUSED);
    assert_int_equal(dara_session_begin(session, DARA_BEGIN_DATA), DARA_EREFUSED);
    message_is("a read session cannot begin a transaction that writes");
    assert_int_equal(dara_session_begin(session, DARA_BEGIN_READ), 0);
    assert_int_equal(dara_session_commit(session), DARA_EREFUSED);
    assert_int_equal(dara_session_history_ensure(session), DARA_EREFUSED);
    struct dara_history_entry entry = {.size = sizeof(entry), .kind = "migration", .version = "1", .state = "applied"};
    assert_int_equal(dara_session_history_record(session, &entry), DARA_EREFUSED);
    message_is("a read session cannot record in the history");
    assert_int_equal(dara_session_rollback(session), 0);
    dara_session_close(session);
    dara_url_free(url);
}

static size_t count_tables(struct dara_session *session)
{
    DARA_MODEL_LOCAL model = NULL;
    assert_int_equal(dara_session_read(session, &model), 0);
    return dara_model_count(model);
}

static void test_rehearsal(void **state)
{
    (void)state;
    struct dara_url *url = url_of("fake:x");
    struct dara_session *session = open_mode(url, DARA_MODE_REHEARSE);
    assert_int_equal(dara_session_begin(session, DARA_BEGIN_SCHEMA), 0);
    assert_int_equal(execute(session, "create table a"), 0);
    assert_int_equal(count_tables(session), 1);
    assert_int_equal(dara_session_commit(session), DARA_EREFUSED);
    message_is("a rehearsal cannot be committed");
    assert_true(dara_session_in_transaction(session));
    dara_session_close(session); /* rolls back */
    session = open_mode(url, DARA_MODE_READ);
    assert_int_equal(count_tables(session), 0);
    dara_session_close(session);
    dara_url_free(url);
}

static void test_write_mode(void **state)
{
    (void)state;
    struct dara_url *url = url_of("fake:x");
    struct dara_session *session = open_mode(url, DARA_MODE_WRITE);
    assert_int_equal(dara_session_commit(session), DARA_EINTERNAL);
    assert_int_equal(dara_session_begin(session, DARA_BEGIN_SCHEMA), 0);
    assert_int_equal(dara_session_begin(session, DARA_BEGIN_SCHEMA), DARA_EINTERNAL);
    assert_int_equal(execute(session, "create table invalid"), 0);
    assert_int_equal(dara_session_commit(session), DARA_ESTATEMENT); /* validate comes first */
    message_is("the table 'invalid' is not valid");
    assert_true(dara_session_in_transaction(session));
    assert_int_equal(execute(session, "drop table invalid"), 0);
    assert_int_equal(execute(session, "create table a"), 0);
    assert_int_equal(dara_session_commit(session), 0);
    assert_false(dara_session_in_transaction(session));
    assert_int_equal(count_tables(session), 1);
    assert_int_equal(execute(session, "drop table a"), 0);
    dara_session_close(session);
    dara_url_free(url);
}

static void test_lock(void **state)
{
    (void)state;
    struct dara_url *url = url_of("fake:x");
    struct dara_session *one = open_mode(url, DARA_MODE_WRITE), *two = open_mode(url, DARA_MODE_WRITE);
    assert_int_equal(dara_session_lock(one, "ann@host pid 7", 0), 0);
    assert_int_equal(dara_session_lock(one, "ann@host pid 7", 0), DARA_EINTERNAL);
    assert_int_equal(dara_session_lock(two, "bob@host pid 8", 0), DARA_ELOCKED);
    message_is("the lock is held by another run");
    assert_string_equal(dara_error_last()->detail, "held by ann@host pid 7");
    assert_int_equal(dara_session_lock(two, "bob@host pid 8", 30), DARA_ELOCKED);
    assert_string_equal(dara_error_last()->detail, "waited 30 ms; held by ann@host pid 7");
    dara_session_close(one); /* unlocks */
    assert_int_equal(dara_session_lock(two, "bob@host pid 8", 0), 0);
    assert_int_equal(dara_session_unlock(two), 0);
    assert_int_equal(dara_session_unlock(two), 0);
    dara_session_close(two);
    dara_url_free(url);
}

/* ---- errors --------------------------------------------------------------------------------------------------------------- */

static void test_codes(void **state)
{
    (void)state;
    struct dara_url *url = url_of("fake:x");
    struct dara_session *session = open_mode(url, DARA_MODE_WRITE);
    assert_int_equal(execute(session, "fail it broke"), DARA_ESTATEMENT);
    message_is("it broke");
    assert_int_equal(execute(session, "code 5"), DARA_EDRIVER);
    message_is("the 'fake' driver broke its contract: 'apply.execute' returned 5, which is no error code");
    assert_int_equal(execute(session, "code -99"), DARA_EDRIVER);
    assert_int_equal(execute(session, "mute -6"), DARA_ESTATEMENT);
    message_is("the 'fake' driver failed in 'apply.execute' without saying why");
    assert_int_equal(execute(session, "code -3"), DARA_ECONNECT); /* the record follows the code */
    assert_int_equal(dara_error_last()->code, DARA_ECONNECT);
    message_is("a message");
    assert_int_equal(execute(session, "mute -70"), DARA_EINTERNAL);
    /* What succeeds afterwards does not hide what failed before. */
    assert_int_equal(execute(session, "fail first"), DARA_ESTATEMENT);
    assert_int_equal(dara_session_rollback(session), 0);
    message_is("first");
    dara_session_close(session);
    message_is("first");
    dara_error_clear();
    dara_url_free(url);
}

static void no_secret(const char *text)
{
    assert_true(!text || !strstr(text, "hunter2"));
}

static void no_secrets(void)
{
    const struct dara_error *error = dara_error_last();
    assert_non_null(error);
    no_secret(error->message);
    no_secret(error->detail);
    no_secret(error->hint);
    no_secret(error->native);
}

static void see_notice(void *context, const char *native, const char *message)
{
    snprintf(context, 64, "%s %s", native, message);
}

static void test_secrets(void **state)
{
    (void)state;
    struct dara_url *url = url_of("fake://me:hunter2%2B%2541@host/x");
    assert_string_equal(url->password, PASSWORD);
    struct dara_session *session = open_mode(url, DARA_MODE_WRITE);
    assert_int_equal(execute(session, "secret"), DARA_ESTATEMENT);
    no_secrets();
    message_is("login failed for password '***'");
    assert_string_equal(dara_error_last()->detail, "tried *** twice");
    /* A message that fills its room is cut: not even the beginning of a secret is left at its end. */
    for (size_t size = 1000; size < 1030; size++) {
        char text[1100] = "fail ";
        memset(text + 5, 'x', size);
        snprintf(text + 5 + size, sizeof(text) - 5 - size, "%s and more", PASSWORD);
        assert_int_equal(execute(session, text), DARA_ESTATEMENT);
        assert_null(strstr(dara_error_last()->message, "hun"));
    }
    char notice[64] = "";
    const struct dara_reader reader = {.notice = see_notice, .context = notice};
    assert_int_equal(dara_session_execute(session, "notice", 6, &reader, NULL), 0);
    assert_string_equal(notice, "N1 ***");
    struct dara_checks *checks = dara_checks_new();
    assert_int_equal(dara_session_diagnose(session, checks), 0);
    assert_int_equal(dara_checks_count(checks), 2);
    assert_string_equal(dara_checks_at(checks, 0)->detail, "logged in with ***");
    assert_string_equal(dara_checks_at(checks, 1)->hint, "use another driver");
    assert_null(dara_checks_at(checks, 2));
    dara_checks_free(checks);
    dara_session_close(session);
    dara_url_free(url);

    url = url_of("fake://me:hunter2%2B%2541@host/x?open=fail");
    session = NULL;
    assert_int_equal(dara_session_open(url, &(struct dara_session_options){.mode = DARA_MODE_READ}, &session),
                     DARA_ECONNECT);
    no_secrets();
    assert_null(session);
    dara_url_free(url);
    url = url_of("fake:x?open=nothing");
    assert_int_equal(dara_session_open(url, &(struct dara_session_options){.mode = DARA_MODE_READ}, &session),
                     DARA_EDRIVER);
    dara_error_clear();
    dara_url_free(url);
}

/* ---- trace -------------------------------------------------------------------------------------------------------------- */

static void test_trace(void **state)
{
    (void)state;
    char text[4096] = "";
    FILE *kept = tmpfile();
    int terminal = dup(STDERR_FILENO);
    assert_non_null(kept);
    assert_true(terminal >= 0);
    struct dara_url *url = url_of("fake://me:hunter2%2B%2541@host/x");
    dara_trace_enable(true);
    assert_true(dup2(fileno(kept), STDERR_FILENO) >= 0);
    struct dara_session *session = open_mode(url, DARA_MODE_WRITE);
    execute(session, "secret");
    dara_session_close(session);
    assert_true(dup2(terminal, STDERR_FILENO) >= 0);
    dara_trace_enable(false);
    close(terminal);
    rewind(kept);
    assert_true(fread(text, 1, sizeof(text) - 1, kept) > 0);
    fclose(kept);
    assert_non_null(strstr(text, "trace: fake session.open: ok, "));
    assert_non_null(strstr(text, "trace: fake apply.execute: statement, "));
    assert_non_null(strstr(text, "trace: fake session.close: ok, "));
    no_secret(text);
    dara_error_clear();
    dara_url_free(url);
}

/* ---- what a driver does not have --------------------------------------------------------------------------------------- */

static void test_absent(void **state)
{
    (void)state;
    struct dara_url *url = url_of("bare:x");
    struct dara_session *session = open_mode(url, DARA_MODE_WRITE);
    const struct dara_driver *driver = dara_session_driver(session);
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    struct dara_script *script = NULL;
    struct dara_checks *checks = dara_checks_new();
    bool existed;
    assert_int_equal(dara_session_lock(session, "me", 0), DARA_EUNSUPPORTED);
    message_is("the 'bare' driver cannot take the lock: it has no 'apply' operations");
    assert_string_equal(dara_error_last()->hint, "run 'dara drivers' to see what each driver can do");
    assert_int_equal(execute(session, "x"), DARA_EUNSUPPORTED);
    assert_int_equal(dara_dialect_quote(driver, "x", &text), DARA_EUNSUPPORTED);
    message_is("the 'bare' driver cannot quote names: it has no 'dialect' operations");
    assert_int_equal(dara_dialect_split(driver, "x", 1, &script), DARA_EUNSUPPORTED);
    assert_int_equal(dara_session_diagnose(session, checks), DARA_EUNSUPPORTED);
    message_is("the 'bare' driver cannot check its environment: it has no operation 'session.diagnose'");
    assert_int_equal(dara_session_create_database(url, &existed), DARA_EUNSUPPORTED);
    assert_int_equal(dara_session_require(session, "policy", "act as another user"), DARA_EUNSUPPORTED);
    message_is("the 'bare' driver cannot act as another user: it has no 'policy' operations");
    assert_int_equal(dara_session_require(session, "introspect", "read"), 0);
    struct dara_session *scratch = NULL;
    assert_int_equal(dara_session_open_scratch(url, NULL, &scratch), DARA_EUNSUPPORTED);
    assert_int_equal(dara_session_ping(session), 0);
    assert_int_equal(count_tables(session), 0);
    dara_checks_free(checks);
    dara_session_close(session);
    dara_error_clear();
    dara_url_free(url);

    url = url_of("fake:x");
    session = open_mode(url, DARA_MODE_WRITE);
    assert_int_equal(dara_session_begin(session, DARA_BEGIN_DATA), 0);
    assert_int_equal(dara_session_savepoint(session, "s"), DARA_EUNSUPPORTED);
    message_is("the 'fake' driver cannot nest transactions: it has no operation 'apply.savepoint'");
    dara_session_close(session);
    dara_error_clear();
    dara_url_free(url);
}

/* ---- rows, history, description ----------------------------------------------------------------------------------------- */

struct seen {
    size_t columns, rows, stop_at;
};

static void see_columns(void *context, size_t count, const char *const *names)
{
    assert_string_equal(names[1], "text");
    ((struct seen *)context)->columns = count;
}

static int see_row(void *context, size_t count, const struct dara_value *values)
{
    struct seen *seen = context;
    assert_int_equal(count, 2);
    assert_int_equal(values[0].integer, (int64_t)seen->rows);
    seen->rows++;
    return seen->rows == seen->stop_at ? dara_error_set(DARA_EFILE, "the reader has enough") : 0;
}

static void test_rows(void **state)
{
    (void)state;
    struct dara_url *url = url_of("fake:x");
    struct dara_session *session = open_mode(url, DARA_MODE_WRITE);
    struct seen seen = {0};
    const struct dara_reader reader = {.columns = see_columns, .row = see_row, .context = &seen};
    uint64_t affected = 99;
    assert_int_equal(dara_session_execute(session, "rows 5", 6, &reader, &affected), 0);
    assert_int_equal(seen.columns, 2);
    assert_int_equal(seen.rows, 5);
    assert_int_equal(affected, 0);
    assert_int_equal(dara_session_execute(session, "affect 7", 8, NULL, &affected), 0);
    assert_int_equal(affected, 7);
    seen = (struct seen){.stop_at = 2};
    assert_int_equal(dara_session_execute(session, "rows 5", 6, &reader, NULL), DARA_EFILE);
    message_is("the reader has enough");
    assert_int_equal(seen.rows, 2);
    dara_session_close(session);
    dara_error_clear();
    dara_url_free(url);
}

struct walked {
    size_t count;
    uint64_t affected[8];
};

static void see_next(void *context, uint64_t affected)
{
    struct walked *walked = context;
    walked->affected[walked->count++] = affected;
}

/* How many of three or four items were done. */
static size_t run_all(struct dara_session *session, const char *last, int expected)
{
    struct walked walked = {0};
    const struct dara_reader reader = {.next = see_next, .context = &walked};
    const struct dara_batch_item items[] = {{"affect 2", 8}, {.text = NULL}, {"affect 5", 8}, {last, strlen(last)}};
    assert_int_equal(dara_session_execute_all(session, items, 4, &reader), expected);
    assert_int_equal(walked.affected[0], 2);
    assert_int_equal(walked.affected[1], 0);
    assert_int_equal(walked.affected[2], 5);
    return walked.count;
}

/* Together inside a transaction, else one by one: it looks the same. */
static void test_all(void **state)
{
    (void)state;
    struct dara_url *url = url_of("fake:x");
    struct dara_session *session = open_mode(url, DARA_MODE_WRITE);
    for (int together = 0; together < 2; together++) {
        if (together)
            assert_int_equal(dara_session_begin(session, DARA_BEGIN_DATA), 0);
        assert_int_equal(run_all(session, "affect 1", 0), 4);
        assert_int_equal(run_all(session, "fail it broke", DARA_ESTATEMENT), 3);
        message_is("it broke");
        assert_int_equal(run_all(session, "mute -6", DARA_ESTATEMENT), 3);
        message_is(together ? "the 'fake' driver failed in 'apply.execute_all' without saying why"
                            : "the 'fake' driver failed in 'apply.execute' without saying why");
    }
    assert_int_equal(run_all(session, "forget", DARA_EDRIVER), 3);
    message_is("the 'fake' driver broke its contract: 'apply.execute_all' was done with 3 of 4 items");
    dara_session_close(session);
    dara_error_clear();
    dara_url_free(url);
}

static int stop_writing(void *context, const char *bytes, size_t length)
{
    (void)bytes, (void)length;
    return --*(int *)context == 0 ? dara_error_set(DARA_EFILE, "the disk is full") : 0;
}

static void test_objects(void **state)
{
    (void)state;
    struct dara_url *url = url_of("fake:x");
    struct dara_session *session = open_mode(url, DARA_MODE_WRITE);
    assert_int_equal(dara_session_begin(session, DARA_BEGIN_SCHEMA), 0);
    assert_int_equal(execute(session, "create table abc"), 0);
    DARA_MODEL_LOCAL model = NULL;
    assert_int_equal(dara_session_read(session, &model), 0);
    const struct dara_object *object = dara_model_at(model, 0);
    uint64_t rows = 0;
    assert_int_equal(dara_session_count_rows(session, object, &rows), 0);
    assert_int_equal(rows, 3);
    int room = 100;
    rows = 0;
    assert_int_equal(dara_session_export_rows(session, object, stop_writing, &room, &rows), 0);
    assert_int_equal(rows, 3);
    assert_int_equal(room, 97);
    room = 2;
    assert_int_equal(dara_session_export_rows(session, object, stop_writing, &room, &rows), DARA_EFILE);
    message_is("the disk is full");
    struct dara_server server = {.size = sizeof(server)};
    assert_int_equal(dara_session_describe(session, &server), 0);
    assert_string_equal(server.engine, "Fake");
    assert_true(dara_session_feature(session, DARA_FEATURE_TRANSACTIONAL_DDL));
    assert_false(dara_session_feature(session, DARA_FEATURE_FILE));
    dara_session_close(session);
    dara_error_clear();
    dara_url_free(url);
}

static void test_history(void **state)
{
    (void)state;
    struct dara_url *url = url_of("fake:x");
    struct dara_session *session = open_mode(url, DARA_MODE_WRITE);
    assert_int_equal(dara_session_begin(session, DARA_BEGIN_SCHEMA), 0);
    assert_int_equal(dara_session_history_ensure(session), 0);
    struct dara_history_entry entry = {.size = sizeof(entry), .kind = "migration", .version = "1", .state = "applied"};
    assert_int_equal(dara_session_history_record(session, &entry), 0);
    entry.version = "2";
    assert_int_equal(dara_session_history_record(session, &entry), 0);
    entry.state = "rolled back";
    assert_int_equal(dara_session_history_record(session, &entry), 0);
    assert_int_equal(dara_session_commit(session), 0);
    DARA_HISTORY_LOCAL list = NULL;
    assert_int_equal(dara_session_history_list(session, &list), 0);
    assert_int_equal(list->count, 2);
    assert_string_equal(list->entries[0].version, "1");
    assert_string_equal(list->entries[0].state, "applied");
    assert_string_equal(list->entries[1].version, "2");
    assert_string_equal(list->entries[1].state, "rolled back");
    assert_null(list->entries[1].fingerprint);
    dara_session_close(session);
    dara_url_free(url);
}

/* ---- dialect ---------------------------------------------------------------------------------------------------- */

static void test_dialect(void **state)
{
    (void)state;
    const struct dara_driver *driver;
    assert_int_equal(dara_driver_load("fake", &driver), 0);
    static const char text[] = "create table a;\n\ndrop table\nb;  wait;odd;";
    DARA_SCRIPT_LOCAL script = NULL;
    assert_int_equal(dara_dialect_split(driver, text, sizeof(text) - 1, &script), 0);
    assert_int_equal(script->count, 4);
    assert_string_equal(script->statements[1].text, "drop table\nb");
    assert_int_equal(script->statements[1].line, 3);
    assert_int_equal(script->statements[3].line, 4);

    DARA_FACTS_LOCAL create = NULL;
    DARA_FACTS_LOCAL wait = NULL;
    DARA_FACTS_LOCAL odd = NULL;
    assert_int_equal(dara_dialect_classify(driver, &script->statements[0], &create), 0);
    assert_string_equal(create->kind, "create table");
    assert_int_equal(create->flags, DARA_STATEMENT_SCHEMA);
    assert_int_equal(create->object_count, 1);
    assert_string_equal(create->objects[0].key, "a");
    assert_int_equal(dara_dialect_classify(driver, &script->statements[2], &wait), 0);
    assert_true(wait->flags & DARA_STATEMENT_REFUSED);
    assert_string_equal(wait->refusal_hint, "do not wait");
    assert_int_equal(dara_dialect_classify(driver, &script->statements[3], &odd), 0);
    assert_true(odd->flags & DARA_STATEMENT_UNREAD); /* the driver said nothing: never taken for clean */

    struct dara_script *none = NULL;
    assert_int_equal(dara_dialect_split(driver, "a;\nb", 4, &none), DARA_EFILE);
    assert_int_equal(dara_error_last()->line, 2);
    assert_int_equal(dara_dialect_split(driver, "a;\nb\0;", 6, &none), DARA_EFILE);
    message_is("the script holds a NUL byte");
    assert_int_equal(dara_error_last()->line, 2);
    assert_null(none);
    dara_error_clear();
}

/* ---- interruption ---------------------------------------------------------------------------------------------------------- */

static void on_alarm(int number)
{
    (void)number;
    raise(SIGINT);
}

/* In a process of its own: a signal noted stays noted. */
static int interrupted_child(void)
{
    struct dara_url *url = NULL;
    struct dara_session *session = NULL;
    if (dara_url_parse("fake:x", NULL, &url) ||
        dara_session_open(url, &(struct dara_session_options){.mode = DARA_MODE_WRITE}, &session))
        return 1;
    dara_signal_install();
    signal(SIGALRM, on_alarm);
    setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {.tv_usec = 50000}}, NULL);
    int first = execute(session, "wait");
    int second = execute(session, "create table never");
    dara_session_close(session);
    dara_url_free(url);
    return first != DARA_EINTERRUPTED ? 2 : second != DARA_EINTERRUPTED ? 3 : 0;
}

static void test_interrupt(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0)
        _exit(interrupted_child());
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static int use_test_drivers(void **state)
{
    (void)state;
    char path[1024];
    const char *build = getenv("builddir");
    snprintf(path, sizeof(path), "%s/tests/drivers/good", build ? build : ".");
    return setenv("DARA_DRIVER_PATH", path, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_mode), cmocka_unit_test(test_rehearsal), cmocka_unit_test(test_write_mode),
        cmocka_unit_test(test_lock),      cmocka_unit_test(test_codes),     cmocka_unit_test(test_secrets),
        cmocka_unit_test(test_absent),    cmocka_unit_test(test_rows),      cmocka_unit_test(test_all),
        cmocka_unit_test(test_objects),   cmocka_unit_test(test_history),   cmocka_unit_test(test_dialect),
        cmocka_unit_test(test_interrupt), cmocka_unit_test(test_trace),
    };
    return cmocka_run_group_tests(tests, use_test_drivers, NULL);
}
