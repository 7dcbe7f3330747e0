/* SPDX-License-Identifier: MIT */
/* Opening SQLite files, and what each mode may do to them. */
#include "sqlite-unit.h"

#include <sys/wait.h>

static void write_bytes(const char *name, const void *bytes, size_t length)
{
    DARA_FREE char *path = path_of(name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void make_database(const char *name)
{
    DARA_SESSION_LOCAL session = open_new(name);
    run(session, "create table t(a)");
    run(session, "insert into t values (1)");
}

static void assert_refused(const char *url, enum dara_mode mode, int code, const char *native, const char *piece)
{
    struct dara_session *session = NULL;
    assert_error(try_open(url, mode, &session), code, native, piece);
    assert_null(session);
}

static void test_open_errors(void **state)
{
    (void)state;
    char bytes[8192] = {0};
    DARA_FREE char *sub = path_of("sub"), *missing = path_of("missing.db"), *fifo = path_of("fifo");
    for (int mode = DARA_MODE_READ; mode <= DARA_MODE_WRITE; mode++) {
        assert_refused("sqlite:missing.db", (enum dara_mode)mode, DARA_ECONNECT, "ENOENT", "there is no database file");
        assert_string_equal(strstr(dara_error_last()->hint, "`dara setup-database sqlite`") ? "named" : "not named",
                            "named");
        assert_false(dara_file_exists(missing));
    }
    assert_int_equal(mkdir(sub, 0700), 0);
    assert_refused("sqlite:sub", DARA_MODE_READ, DARA_ECONNECT, "EISDIR", "is a directory");
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_refused("sqlite:fifo", DARA_MODE_READ, DARA_ECONNECT, NULL, "not a regular file");
    assert_refused("sqlite:missing/x.db", DARA_MODE_READ, DARA_ECONNECT, "ENOENT", "there is no database file");
    memset(bytes, 'x', sizeof(bytes));
    write_bytes("text.db", bytes, sizeof(bytes));
    assert_refused("sqlite:text.db", DARA_MODE_READ, DARA_ECONNECT, "SQLITE_NOTADB", "not a SQLite database");
    write_bytes("short.db", "hello", 5);
    assert_refused("sqlite:short.db", DARA_MODE_WRITE, DARA_ECONNECT, "SQLITE_NOTADB", "not a SQLite database");
}

static void test_damaged(void **state)
{
    (void)state;
    make_database("damaged.db");
    DARA_FREE char *path = path_of("damaged.db");
    char *bytes = NULL;
    size_t length = 0;
    assert_int_equal(dara_file_read(path, &bytes, &length), 0);
    /* the first page's b-tree header is overwritten: the schema cannot be read */
    memset(bytes + 100, 0xff, 200);
    write_bytes("damaged.db", bytes, length);
    assert_refused("sqlite:damaged.db", DARA_MODE_READ, DARA_ECONNECT, "SQLITE_CORRUPT", "damaged");
    /* half a page is left */
    write_bytes("cut.db", bytes, 512);
    struct dara_session *session = NULL;
    assert_int_equal(try_open("sqlite:cut.db", DARA_MODE_READ, &session), DARA_ECONNECT);
    free(bytes);
}

static void test_urls(void **state)
{
    (void)state;
    make_database("u.db");
    DARA_FREE char *path = path_of("u.db");
    DARA_FREE char *three = dara_format("sqlite://%s", path), *one = dara_format("file:%s", path),
                   *local = dara_format("file://localhost%s", path), *alias = dara_format("sqlite3:%s", path);
    const char *const good[] = {"sqlite:u.db", "sqlite:./u.db?mode=ro", three, one, local, alias};
    for (size_t i = 0; i < DARA_COUNT(good); i++) {
        DARA_SESSION_LOCAL session = open_session(good[i], DARA_MODE_READ);
        struct dara_server server = {.size = sizeof(server)};
        assert_int_equal(dara_session_describe(session, &server), 0);
        assert_string_equal(server.engine, "SQLite");
        DARA_FREE char *real = realpath(path, NULL);
        assert_string_equal(server.database, real);
        assert_int_equal(dara_session_ping(session), 0);
    }
    assert_refused("sqlite:u.db?mode=ro", DARA_MODE_WRITE, DARA_EREFUSED, NULL, "mode=ro");
    assert_refused("sqlite:u.db?mode=rwc", DARA_MODE_READ, DARA_EUSAGE, NULL, "not 'rwc'");
    assert_refused("sqlite:u.db?cache=shared", DARA_MODE_READ, DARA_EUSAGE, NULL, "'cache'");
    assert_refused("sqlite://folder/u.db", DARA_MODE_READ, DARA_EUSAGE, NULL, "'folder'");
    assert_refused("sqlite::memory:", DARA_MODE_READ, DARA_EUSAGE, NULL, "in memory");
}

static void test_create(void **state)
{
    (void)state;
    struct dara_url *url = url_of("sqlite:new.db"), *bad = url_of("sqlite:no/folder.db");
    DARA_FREE char *path = path_of("new.db");
    bool existed = true;
    assert_int_equal(dara_session_create_database(url, &existed), 0);
    assert_false(existed);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_size, 0);
    {
        DARA_SESSION_LOCAL session = open_session("sqlite:new.db", DARA_MODE_READ); /* empty is a database */
        assert_answer(session, "select count(*) from sqlite_schema", "0\n");
    }
    assert_int_equal(dara_session_create_database(url, &existed), 0);
    assert_true(existed);
    assert_int_equal(dara_session_create_database(bad, &existed), DARA_ECONNECT);
    dara_url_free(url);
    dara_url_free(bad);
}

/* ---- read ------------------------------------------------------------------------------------------------------------------ */

static void assert_same_file(const char *path, const char *before, size_t length, const struct stat *status)
{
    char *after = NULL;
    size_t after_length = 0;
    struct stat now;
    assert_int_equal(stat(path, &now), 0);
    assert_int_equal(now.st_mtim.tv_sec, status->st_mtim.tv_sec);
    assert_int_equal(now.st_mtim.tv_nsec, status->st_mtim.tv_nsec);
    assert_int_equal(dara_file_read(path, &after, &after_length), 0);
    assert_int_equal(after_length, length);
    assert_memory_equal(after, before, length);
    free(after);
}

static size_t count_files(void)
{
    char **names = NULL;
    size_t count = 0;
    assert_int_equal(dara_file_names(folder, &names, &count), 0);
    dara_file_names_free(names);
    return count;
}

static void test_read_cannot_write(void **state)
{
    static const char *const writes[] = {
        "insert into t values (2)",
        "delete from t",
        "create table u(a)",
        "create temp table u(a)",
        "drop table t",
        "pragma user_version = 7",
        "pragma application_id = 7",
        "vacuum",
        "attach 'other.db' as other",
        "attach '' as other",
        "attach ':memory:' as other",
        "vacuum into 'other.db'",
        "pragma writable_schema = on",
        "select load_extension('x')",
        "begin",
        "savepoint s",
        "commit",
    };
    (void)state;
    make_database("r.db");
    DARA_FREE char *path = path_of("r.db"), *before = NULL;
    size_t length = 0;
    struct stat status;
    assert_int_equal(dara_file_read(path, &before, &length), 0);
    assert_int_equal(stat(path, &status), 0);
    size_t files = count_files();
    {
        DARA_SESSION_LOCAL session = open_session("sqlite:r.db", DARA_MODE_READ);
        for (size_t i = 0; i < DARA_COUNT(writes); i++)
            if (try_run(session, writes[i]) != DARA_ESTATEMENT)
                fail_msg("%s: not refused", writes[i]);
        run(session, "pragma query_only = off");
        assert_error(try_run(session, "insert into t values (2)"), DARA_ESTATEMENT, "SQLITE_READONLY", "readonly");
        assert_non_null(dara_error_last()->hint);
        assert_error(try_run(session, "attach 'other.db' as other"), DARA_ESTATEMENT, "SQLITE_AUTH", "one file");
        assert_answer(session, "select a from t", "1\n");
        assert_int_equal(count_files(), files);
    }
    assert_same_file(path, before, length, &status);
    assert_int_equal(count_files(), files);
}

/* ---- rehearse ---------------------------------------------------------------------------------------------------------------- */

static void rehearse(const char *url)
{
    DARA_SESSION_LOCAL session = open_session(url, DARA_MODE_REHEARSE);
    assert_error(try_run(session, "insert into t values (5)"), DARA_EUNSUPPORTED, NULL, "outside a transaction");
    assert_int_equal(try_run(session, "vacuum"), DARA_EUNSUPPORTED);
    assert_int_equal(dara_session_begin(session, DARA_BEGIN_SCHEMA), 0);
    size_t files = count_files();
    run(session, "create table big(a, b)");
    /* far more than the page cache holds */
    run(session, "insert into big with recursive n(i) as (values (1) union all select i + 1 from n where i < 20000)"
                 " select i, hex(randomblob(200)) from n");
    run(session, "create index big_b on big(b)");
    run(session, "pragma user_version = 9");
    assert_answer(session, "select count(*) from big", "20000\n");
    assert_error(try_run(session, "commit"), DARA_ESTATEMENT, "SQLITE_AUTH",
                 "transactions are begun and ended by dara");
    assert_int_not_equal(dara_session_commit(session), 0);
    assert_int_equal(count_files(), files); /* no journal: it is in memory */
    assert_int_equal(dara_session_rollback(session), 0);
    assert_answer(session, "select count(*) from sqlite_schema where name = 'big'", "0\n");
}

static void test_rehearse_leaves_nothing(void **state)
{
    (void)state;
    make_database("h.db");
    DARA_FREE char *path = path_of("h.db"), *before = NULL;
    size_t length = 0;
    struct stat status;
    assert_int_equal(dara_file_read(path, &before, &length), 0);
    assert_int_equal(stat(path, &status), 0);
    size_t files = count_files();
    rehearse("sqlite:h.db");
    assert_same_file(path, before, length, &status);
    assert_int_equal(count_files(), files);
}

static void test_rehearse_wal(void **state)
{
    (void)state;
    make_database("w.db");
    {
        DARA_SESSION_LOCAL session = open_session("sqlite:w.db", DARA_MODE_WRITE);
        run(session, "pragma journal_mode = wal");
    }
    DARA_FREE char *path = path_of("w.db"), *before = NULL;
    size_t length = 0;
    struct stat status;
    assert_int_equal(dara_file_read(path, &before, &length), 0);
    assert_int_equal(stat(path, &status), 0);
    {
        DARA_SESSION_LOCAL session = open_session("sqlite:w.db", DARA_MODE_REHEARSE);
        assert_int_equal(dara_session_begin(session, DARA_BEGIN_SCHEMA), 0);
        run(session, "create table big(a)");
        assert_int_equal(dara_session_rollback(session), 0);
    }
    {
        DARA_SESSION_LOCAL session = open_session("sqlite:w.db", DARA_MODE_READ);
        assert_answer(session, "select a from t", "1\n");
    }
    assert_same_file(path, before, length, &status);
}

/* A process that dies while it writes leaves a journal; the next reader finds the state before. */
static void test_killed_writer(void **state)
{
    (void)state;
    make_database("k.db");
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct dara_session *session = open_session("sqlite:k.db", DARA_MODE_WRITE);
        run(session, "pragma cache_size = 5");
        if (dara_session_begin(session, DARA_BEGIN_SCHEMA))
            _exit(1);
        run(session, "delete from t");
        run(session,
            "create table big as with recursive n(i) as (values (1) union all select i + 1 from n where i < 5000)"
            " select i, hex(randomblob(100)) as x from n");
        _exit(0); /* as kill -9 does: nothing is rolled back */
    }
    int ended = 0;
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_int_equal(ended, 0);
    DARA_FREE char *journal = path_of("k.db-journal");
    assert_true(dara_file_exists(journal));
    DARA_SESSION_LOCAL session = open_session("sqlite:k.db", DARA_MODE_READ);
    assert_answer(session, "select a from t", "1\n");
    assert_answer(session, "select count(*) from sqlite_schema where name = 'big'", "0\n");
    assert_answer(session, "pragma integrity_check", "ok\n");
    assert_false(dara_file_exists(journal));
}

/* What a user without the rights sees; the numbers tell which check failed. */
static int check_unprivileged(void)
{
    struct dara_session *session = NULL;
    if (setgid(65534) || setuid(65534))
        return 1;
    if (try_open("sqlite:private.db", DARA_MODE_READ, &session) != DARA_ECONNECT ||
        !strstr(dara_error_last()->message, "cannot read"))
        return 2;
    if (try_open("sqlite:readable.db", DARA_MODE_READ, &session))
        return 3;
    dara_session_close(session);
    session = NULL;
    if (try_open("sqlite:readable.db", DARA_MODE_WRITE, &session) != DARA_ECONNECT ||
        !strstr(dara_error_last()->message, "cannot write"))
        return 4;
    if (try_open("sqlite:readable-wal.db", DARA_MODE_READ, &session) != DARA_ECONNECT ||
        !strstr(dara_error_last()->hint, "WAL"))
        return 5;
    if (try_open("sqlite:writable.db", DARA_MODE_WRITE, &session))
        return 6;
    if (dara_session_lock(session, "me", 0) != DARA_EFILE || !strstr(dara_error_last()->message, "lock file"))
        return 7;
    dara_session_close(session);
    return 0;
}

static void test_unprivileged(void **state)
{
    static const struct {
        const char *name;
        mode_t mode;
    } files[] = {{"private.db", 0600}, {"readable.db", 0644}, {"readable-wal.db", 0644}, {"writable.db", 0666}};
    (void)state;
    if (geteuid() != 0)
        skip(); /* only root can become somebody else */
    assert_int_equal(chmod(folder, 0755), 0);
    for (size_t i = 0; i < DARA_COUNT(files); i++) {
        make_database(files[i].name);
        DARA_FREE char *path = path_of(files[i].name);
        assert_int_equal(chmod(path, files[i].mode), 0);
    }
    {
        DARA_SESSION_LOCAL session = open_session("sqlite:readable-wal.db", DARA_MODE_WRITE);
        run(session, "pragma journal_mode = wal");
    }
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(check_unprivileged());
    int ended = 0;
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_true(WIFEXITED(ended));
    assert_int_equal(WEXITSTATUS(ended), 0);
}

static void test_scratch(void **state)
{
    (void)state;
    make_database("s.db");
    struct dara_url *url = url_of("sqlite:s.db");
    size_t files = count_files();
    struct dara_session *session = NULL;
    assert_int_equal(dara_session_open_scratch(url, NULL, &session), 0);
    assert_answer(session, "select count(*) from sqlite_schema", "0\n");
    assert_int_equal(dara_session_begin(session, DARA_BEGIN_SCHEMA), 0);
    run(session, "create table t(a)");
    assert_int_equal(dara_session_commit(session), 0);
    assert_answer(session, "select count(*) from t", "0\n");
    assert_int_equal(try_run(session, "attach 's.db' as x"), DARA_ESTATEMENT);
    dara_session_close(session);
    assert_int_equal(count_files(), files);
    dara_url_free(url);
}

static void test_scratch_encoding(void **state)
{
    (void)state;
    {
        DARA_SESSION_LOCAL session = open_new("utf16.db");
        run(session, "pragma encoding = 'UTF-16le'");
        run(session, "create table t(a)");
    }
    struct dara_url *url = url_of("sqlite:utf16.db");
    struct dara_session *session = NULL;
    assert_int_equal(dara_session_open_scratch(url, NULL, &session), 0);
    run(session, "create table t(a)");
    assert_answer(session, "pragma encoding", "UTF-16le\n");
    dara_session_close(session);
    dara_url_free(url);
}

static void test_diagnose(void **state)
{
    (void)state;
    make_database("d.db");
    DARA_FREE char *path = path_of("d.db");
    assert_int_equal(chmod(path, 0666), 0);
    DARA_SESSION_LOCAL session = open_session("sqlite:d.db", DARA_MODE_READ);
    DARA_SESSION_LOCAL writer = open_session("sqlite:d.db", DARA_MODE_WRITE);
    assert_int_equal(dara_session_lock(writer, "somebody", 0), 0);
    assert_int_equal(dara_session_begin(writer, DARA_BEGIN_DATA), 0);
    struct dara_checks *checks = dara_checks_new();
    assert_int_equal(dara_session_diagnose(session, checks), 0);
    bool mode = false, integrity = false, used = false, locked = false;
    for (size_t i = 0; i < dara_checks_count(checks); i++) {
        const struct dara_check *check = dara_checks_at(checks, i);
        mode |= strcmp(check->name, "file mode") == 0 && check->verdict == DARA_VERDICT_WARN;
        integrity |= strcmp(check->name, "integrity") == 0 && check->verdict == DARA_VERDICT_OK;
        used |= strcmp(check->name, "in use") == 0 && check->verdict == DARA_VERDICT_WARN;
        locked |= strcmp(check->name, "dara lock") == 0 && strcmp(check->detail, "somebody") == 0;
    }
    assert_true(mode && integrity && used && locked);
    dara_checks_free(checks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open_errors),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_urls),
        cmocka_unit_test(test_create),
        cmocka_unit_test(test_read_cannot_write),
        cmocka_unit_test(test_rehearse_leaves_nothing),
        cmocka_unit_test(test_rehearse_wal),
        cmocka_unit_test(test_killed_writer),
        cmocka_unit_test(test_unprivileged),
        cmocka_unit_test(test_scratch),
        cmocka_unit_test(test_scratch_encoding),
        cmocka_unit_test(test_diagnose),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
