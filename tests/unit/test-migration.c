/* SPDX-License-Identifier: MIT */
/* Migration files: what is read, and every way in which one is refused. The dialect is a small one of this test. */
#include "unit.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "service/gate.h"
#include "service/migration.h"
#include "service/status.h"

/* ---- a dialect: statements end in ';', a line that begins with "--" is a comment, '"' opens a quote ------------------- */

static int stub_split(struct dara_conn *conn, const char *script, size_t length, struct dara_statements *statements)
{
    (void)conn;
    unsigned line = 1, first = 0;
    size_t start = 0;
    for (size_t i = 0; i <= length; i++) {
        char c = script[i];
        if (!first && c == '-' && script[i + 1] == '-') {
            while (i < length && script[i] != '\n')
                i++;
            c = script[i];
        }
        if (!first && c && !strchr(" \t\r\n;", c))
            start = i, first = line;
        if (c == '"' && !memchr(script + i + 1, '"', length - i - 1)) {
            dara_error_set(DARA_EFILE, "a quote is not closed");
            dara_error_at(NULL, (long)line);
            return DARA_EFILE;
        }
        if (first && (c == ';' || i == length)) {
            dara_statements_add(statements, script + start, i - start, first);
            first = 0;
        }
        line += c == '\n';
    }
    return 0;
}

static int stub_classify(struct dara_conn *conn, const char *text, size_t length, struct dara_facts *facts)
{
    (void)conn;
    (void)length;
    if (!strncmp(text, "begin", 5))
        dara_facts_kind(facts, "begin", DARA_STATEMENT_TRANSACTION);
    else if (!strncmp(text, "vacuum", 6))
        dara_facts_kind(facts, "vacuum", DARA_STATEMENT_NO_TRANSACTION);
    else if (!strncmp(text, "set", 3))
        dara_facts_kind(facts, "set", DARA_STATEMENT_BEFORE_TRANSACTION);
    else if (!strncmp(text, "attach", 6)) {
        dara_facts_kind(facts, "attach", DARA_STATEMENT_REFUSED);
        dara_facts_refuse(facts, "it reaches another file", "work on one file");
    } else
        dara_facts_kind(facts, "statement", DARA_STATEMENT_SCHEMA);
    if (!strncmp(text, "drop", 4))
        dara_facts_hazard(facts, "drop-table", true, "drops a table with its rows");
    return 0;
}

static const struct dara_dialect_ops stub_dialect = {
    .size = sizeof(stub_dialect),
    .extension = "sql",
    .delimiter = ";\n",
    .split = stub_split,
    .classify = stub_classify,
};

static const struct dara_driver stub = {
    .abi_major = DARA_DRIVER_ABI_MAJOR,
    .size = sizeof(stub),
    .name = "stub",
    .dialect = &stub_dialect,
};

/* ---- files ------------------------------------------------------------------------------------------------------------ */

static char folder[] = "/tmp/dara-test-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    char **names;
    size_t count;
    if (dara_file_names(folder, &names, &count))
        return -1;
    for (size_t i = 0; i < count; i++) {
        DARA_FREE char *path = dara_file_join(folder, names[i]);
        unlink(path);
    }
    dara_file_names_free(names);
    return rmdir(folder);
}

static void put_bytes(const char *name, const char *bytes, size_t length)
{
    DARA_FREE char *path = dara_file_join(folder, name);
    assert_int_equal(dara_file_write(path, bytes, length, 0600), 0);
}

static void put(const char *name, const char *text)
{
    put_bytes(name, text, strlen(text));
}

static struct dara_migrations *read_good(void)
{
    struct dara_migrations *migrations = NULL;
    assert_int_equal(dara_migrations_read(&stub, folder, &migrations), 0);
    return migrations;
}

/* Reading fails with this code, at this line, with `words` in the message, and names the file. */
static void read_bad(int code, long line, const char *words)
{
    struct dara_migrations *migrations = NULL;
    assert_int_equal(dara_migrations_read(&stub, folder, &migrations), code);
    assert_null(migrations);
    const struct dara_error *error = dara_error_last();
    assert_non_null(error);
    assert_non_null(strstr(error->message, words));
    assert_non_null(error->file);
    assert_int_equal(error->line, line);
}

static void reads_in_order(void **state)
{
    (void)state;
    put("20260102000000_b.sql", "create b;\ncreate c");
    put("20260101000000_a-1.x.sql", "-- first\n\ncreate a;\n");
    put("README.md", "not one");
    put(".20260103000000_hidden.sql", "junk");
    DARA_MIGRATIONS_LOCAL migrations = read_good();
    assert_int_equal(migrations->count, 2);
    assert_string_equal(migrations->items[0].version, "20260101000000");
    assert_string_equal(migrations->items[0].name, "a-1.x");
    assert_int_equal(migrations->items[0].script->statements[0].line, 3);
    assert_string_equal(migrations->items[1].name, "b");
    assert_int_equal(migrations->items[1].script->count, 2);
    assert_int_equal(migrations->items[1].script->statements[1].line, 2);
}

static void reads_one_file(void **state)
{
    (void)state;
    put("20260101000000_a.sql", "create a;");
    put("20260102000000_b.sql", "create b;");
    DARA_FREE char *path = dara_file_join(folder, "20260102000000_b.sql");
    DARA_MIGRATIONS_LOCAL migrations = NULL;
    assert_int_equal(dara_migrations_read(&stub, path, &migrations), 0);
    assert_int_equal(migrations->count, 1);
    assert_string_equal(migrations->items[0].version, "20260102000000");
    assert_int_equal(strlen(migrations->items[0].checksum), 64);
}

static void refuses_names(void **state)
{
    (void)state;
    static const char *const names[] = {"add_orders.sql",           "2026_a.sql",
                                        "20260101000000.sql",       "20260101000000_.sql",
                                        "20260101000000_a b.sql",   "20260101000000_a\nb.sql",
                                        "202601010000001_long.sql", "20260101000000_a'b.sql"};
    for (size_t i = 0; i < DARA_COUNT(names); i++) {
        put(names[i], "create a;");
        read_bad(DARA_EFILE, 0, "is not the name of a migration");
        assert_null(strchr(dara_error_last()->message, '\n'));
        DARA_FREE char *path = dara_file_join(folder, names[i]);
        unlink(path);
    }
}

static void refuses_two_of_one_version(void **state)
{
    (void)state;
    put("20260101000000_a.sql", "create a;");
    put("20260101000000_b.sql", "create b;");
    read_bad(DARA_EFILE, 0, "'20260101000000_a.sql' and '20260101000000_b.sql' have the same version");
}

static void refuses_empty(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\n\n", "-- only a comment\n", "\xef\xbb\xbf"};
    for (size_t i = 0; i < DARA_COUNT(texts); i++) {
        put("20260101000000_a.sql", texts[i]);
        read_bad(DARA_EFILE, 1, "empty");
    }
}

static void refuses_bytes(void **state)
{
    (void)state;
    put("20260101000000_a.sql", "create a;\ncreate \xff;\n");
    read_bad(DARA_EFILE, 2, "not UTF-8");
    put_bytes("20260101000000_a.sql", "create a;\n\ncreate \0;", 19);
    read_bad(DARA_EFILE, 3, "NUL");
    put("20260101000000_a.sql", "create a;\n\n\ncreate \"b;");
    read_bad(DARA_EFILE, 4, "not closed");
}

static void refuses_statements(void **state)
{
    (void)state;
    put("20260101000000_a.sql", "create a;\nbegin;");
    read_bad(DARA_EFILE, 2, "begins or ends a transaction");
    put("20260101000000_a.sql", "create a;\n\nattach x;");
    read_bad(DARA_EFILE, 3, "it reaches another file");
    assert_string_equal(dara_error_last()->hint, "work on one file");
}

static void takes_line_ends_and_marks(void **state)
{
    (void)state;
    put("20260101000000_a.sql", "\xef\xbb\xbf"
                                "create a;\r\n-- dara:allow drop-table old\r\ndrop b;\r\n");
    DARA_MIGRATIONS_LOCAL migrations = read_good();
    assert_int_equal(migrations->items[0].script->count, 2);
    assert_string_equal(migrations->items[0].script->statements[0].text, "create a");
    assert_int_equal(migrations->items[0].script->statements[1].line, 3);
    assert_true(dara_migration_allows(&migrations->items[0], 1, "drop-table"));
}

static void a_folder_without_migrations(void **state)
{
    (void)state;
    DARA_MIGRATIONS_LOCAL migrations = read_good();
    assert_int_equal(migrations->count, 0);
}

/* ---- comments that allow ---------------------------------------------------------------------------------------------- */

static bool allowed(const char *text, size_t statement, const char *rule)
{
    put("20260101000000_a.sql", text);
    DARA_MIGRATIONS_LOCAL migrations = read_good();
    return dara_migration_allows(&migrations->items[0], statement, rule);
}

static void allows_by_comment(void **state)
{
    (void)state;
    assert_true(allowed("-- dara:allow drop-table no rows\ndrop a;", 0, "drop-table"));
    assert_true(allowed("--dara:allow drop-table\ndrop a;", 0, "drop-table"));
    assert_true(allowed("drop a; -- dara:allow drop-table gone\n", 0, "drop-table"));
    assert_true(allowed("-- dara:allow drop-table x\n-- dara:allow other y\ndrop a;", 0, "drop-table"));
    assert_true(allowed("-- dara:allow drop-table x\n-- dara:allow other y\ndrop a;", 0, "other"));
    assert_false(allowed("-- dara:allow drop-table x\n\ndrop a;", 0, "drop-table"));
    assert_false(allowed("-- dara:allow drop-tables x\ndrop a;", 0, "drop-table"));
    assert_false(allowed("-- dara:allow drop\ndrop a;", 0, "drop-table"));
    assert_false(allowed("-- dara:allowdrop-table\ndrop a;", 0, "drop-table"));
    assert_false(allowed("create x; dara:allow drop-table\ndrop a;", 0, "drop-table"));
    assert_false(allowed("drop a;\n-- dara:allow drop-table below\n", 0, "drop-table"));
    assert_false(allowed("create x; -- dara:allow drop-table x\ndrop a;", 1, "drop-table"));
}

/* ---- shape and hazards ------------------------------------------------------------------------------------------------ */

static int shape(const char *text, struct dara_gate_shape *ret_shape)
{
    put("20260101000000_a.sql", text);
    DARA_MIGRATIONS_LOCAL migrations = read_good();
    return dara_gate_shape(&migrations->items[0], DARA_GATE_NO_JOURNAL, ret_shape);
}

static void tells_the_shape(void **state)
{
    (void)state;
    struct dara_gate_shape got;
    assert_int_equal(shape("create a;", &got), 0);
    assert_true(got.leading == 0 && got.trailing == 0 && !got.outside);
    assert_int_equal(shape("set a; set b; create a; set c;", &got), 0);
    assert_true(got.leading == 2 && got.trailing == 1 && !got.outside);
    assert_int_equal(shape("set a;", &got), 0);
    assert_true(got.leading == 1 && got.trailing == 0);
    assert_int_equal(shape("vacuum;", &got), 0);
    assert_true(got.outside);
    assert_int_equal(shape("create a;\nvacuum;", &got), DARA_EFILE);
    assert_int_equal(dara_error_last()->line, 2);
    assert_int_equal(shape("create a;\nset b;\ncreate c;", &got), DARA_EFILE);
    assert_int_equal(dara_error_last()->line, 2);
}

static int gate(const char *text, const char *const *allow)
{
    put("20260101000000_a.sql", text);
    DARA_MIGRATIONS_LOCAL migrations = read_good();
    struct dara_context context = {.yes = true};
    struct dara_report *report = dara_report_new("test");
    const struct dara_migration *pending = &migrations->items[0];
    int code = dara_gate_check(&context, &pending, 1, 0, allow, report);
    dara_report_free(report);
    return code;
}

static void gates_destruction(void **state)
{
    (void)state;
    static const char *const allow[] = {"drop-column", "drop-table", NULL}, *const other[] = {"drop-column", NULL};
    assert_int_equal(gate("create a;", NULL), 0);
    assert_int_equal(gate("create a;\n\ndrop b;", NULL), DARA_EREFUSED);
    assert_int_equal(dara_error_last()->line, 3);
    assert_non_null(strstr(dara_error_last()->message, "drop-table"));
    assert_non_null(strstr(dara_error_last()->hint, "--allow drop-table"));
    assert_int_equal(gate("drop b;", other), DARA_EREFUSED);
    assert_int_equal(gate("drop b;", allow), 0);
    assert_int_equal(gate("-- dara:allow drop-table r\ndrop b;", NULL), 0);
    assert_int_equal(gate("-- dara:allow drop-table r\ndrop b;\ndrop c;", NULL), DARA_EREFUSED);
}

/* ---- status ----------------------------------------------------------------------------------------------------------- */

static void tells_the_state(void **state)
{
    (void)state;
    struct dara_migration migration = {.version = (char *)"20260102000000", .checksum = "aa"};
    struct dara_history_entry entry = {.state = "applied", .checksum = "aa"};
    assert_int_equal(dara_status_of(&entry, &migration, ""), DARA_STATUS_APPLIED);
    assert_int_equal(dara_status_of(&entry, NULL, ""), DARA_STATUS_MISSING);
    entry.checksum = "bb";
    assert_int_equal(dara_status_of(&entry, &migration, ""), DARA_STATUS_EDITED);
    entry.checksum = NULL; /* imported from another tool */
    assert_int_equal(dara_status_of(&entry, &migration, ""), DARA_STATUS_APPLIED);
    entry.state = "rolled back";
    assert_int_equal(dara_status_of(&entry, &migration, "20260101000000"), DARA_STATUS_ROLLED_BACK);
    assert_int_equal(dara_status_of(&entry, &migration, "20260103000000"), DARA_STATUS_OUT_OF_ORDER);
    assert_int_equal(dara_status_of(NULL, &migration, "20260101000000"), DARA_STATUS_PENDING);
    assert_int_equal(dara_status_of(NULL, &migration, "20260103000000"), DARA_STATUS_OUT_OF_ORDER);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(reads_in_order),
        WITH_FOLDER(reads_one_file),
        WITH_FOLDER(refuses_names),
        WITH_FOLDER(refuses_two_of_one_version),
        WITH_FOLDER(refuses_empty),
        WITH_FOLDER(refuses_bytes),
        WITH_FOLDER(refuses_statements),
        WITH_FOLDER(takes_line_ends_and_marks),
        WITH_FOLDER(a_folder_without_migrations),
        WITH_FOLDER(allows_by_comment),
        WITH_FOLDER(tells_the_shape),
        WITH_FOLDER(gates_destruction),
        cmocka_unit_test(tells_the_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
