/* SPDX-License-Identifier: MIT */
/* Rows written as statements come back exactly: every type, byte and rowid. */
#include "sqlite-unit.h"

static int collect(void *context, const char *bytes, size_t length)
{
    dara_text_add_bytes(context, bytes, length);
    return 0;
}

static const struct dara_object *object_of(const struct dara_model *model, const char *key)
{
    const struct dara_object *object = dara_model_find(model, "table", NULL, NULL, key);
    return object ? object : dara_model_find(model, "virtual_table", NULL, NULL, key);
}

static int export_rows(struct dara_session *session, const char *key, struct dara_text *out, uint64_t *ret_rows)
{
    DARA_MODEL_LOCAL model = NULL;
    if (dara_session_read(session, &model))
        fail_msg("read: %s", dara_error_last()->message);
    const struct dara_object *object = object_of(model, key);
    assert_non_null(object);
    return dara_session_export_rows(session, object, collect, out, ret_rows);
}

static void run_script(struct dara_session *session, const char *text, size_t length)
{
    DARA_SCRIPT_LOCAL script = NULL;
    if (dara_dialect_split(dara_session_driver(session), text, length, &script))
        fail_msg("split: %s", dara_error_last()->message);
    for (size_t i = 0; i < script->count; i++)
        run(session, script->statements[i].text);
}

/* Make the same table in two files, fill one by `fill`, carry the rows over, and compare what `look` (ordered) shows. */
static void carry(const char *pragma, const char *create, const char *key, const char *fill, const char *look,
                  uint64_t wanted_rows)
{
    static int number;
    static struct answer before, after;
    DARA_FREE char *from = dara_format("from%d.db", number), *to = dara_format("to%d.db", number);
    number++;
    DARA_SESSION_LOCAL source = open_new(from);
    DARA_SESSION_LOCAL target = open_new(to);
    if (pragma) {
        run(source, pragma);
        run(target, pragma);
    }
    run_script(source, create, strlen(create));
    run_script(target, create, strlen(create));
    run_script(source, fill, strlen(fill));
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    uint64_t rows = 0;
    if (export_rows(source, key, &out, &rows))
        fail_msg("export: %s", dara_error_last()->message);
    assert_int_equal(rows, wanted_rows);
    run_script(target, dara_text_string(&out), out.length);
    before.length = after.length = 0;
    struct dara_reader first = {.row = answer_row, .context = &before}, second = {.row = answer_row, .context = &after};
    assert_int_equal(dara_session_execute(source, look, strlen(look), &first, NULL), 0);
    assert_int_equal(dara_session_execute(target, look, strlen(look), &second, NULL), 0);
    assert_true(before.length > 0);
    assert_string_equal(after.text, before.text);
}

#define LOOK "select rowid, typeof(a), hex(a), quote(a), a from t order by rowid"

static const char hostile[] =
    "insert into t(a) values (null), (0), (1), (-1), (9223372036854775807), (-9223372036854775808), (''), (x''), "
    "('it''s'),"
    "('a' || char(10) || 'b'), ('a' || char(13) || char(10)), ('a' || char(0) || 'b'), (char(27) || '[31m'), (char(9)),"
    "('; drop table t; --'), ('\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80'), (x'00ff27'), (zeroblob(1000)), (9e999), "
    "(-9e999),"
    "(0.1), (1.0), (1e15), (1e16), (123456789012345678.0), (1e300), (-2.5e-300), (4.9406564584124654e-324),"
    "(2.2250738585072014e-308), (1.7976931348623157e308), (0.1 + 0.2), (1.0/3), ('123'), ('1e5'), (' '), ('NULL'), "
    "('x''00''')";

static void test_hostile_values(void **state)
{
    (void)state;
    carry(NULL, "create table t(a)", "t", hostile, LOOK, 37);
    /* a double shown by quote() has 15 digits only: compare all its bits through arithmetic that would show a difference */
    carry(NULL, "create table t(a)", "t", hostile,
          "select rowid, a - 0.1, a * 3, printf('%!.20g', a) from t where typeof(a) = 'real' order by rowid", 37);
    carry("pragma encoding = 'UTF-16le'", "create table t(a)", "t", hostile, LOOK, 37);
    carry("pragma encoding = 'UTF-16be'", "create table t(a)", "t", hostile, LOOK, 37);
    carry(NULL, "create table t(a)", "t",
          "insert into t values (cast(x'ff' as text)), (cast(x'c3' as text)), (cast(x'eda080' as text)), (cast(x'c080' "
          "as "
          "text)), (cast(x'610062' as text))",
          "select rowid, typeof(a), hex(a), length(a) from t order by rowid", 5);
}

static int take(void *context, size_t count, const struct dara_value *row)
{
    assert_int_equal(count, 1);
    assert_int_equal(row[0].type, DARA_REAL);
    *(double *)context = row[0].real;
    return 0;
}

/* Bits of doubles over the whole range, as SQLite's own reading of decimals is not exact everywhere. */
static void test_random_reals(void **state)
{
    (void)state;
    DARA_SESSION_LOCAL source = open_new("reals.db");
    run(source, "create table t(a)");
    uint64_t seed = 0x9e3779b97f4a7c15u;
    DARA_TEXT_LOCAL fill = DARA_TEXT_INIT;
    double values[500];
    for (size_t i = 0; i < DARA_COUNT(values); i++) {
        do {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            memcpy(&values[i], &seed, sizeof(seed));
        } while (values[i] != values[i] || values[i] - values[i] != 0);
        int exponent = 0;
        double left = values[i];
        /* exact: a whole number times powers of two */
        while (left != (double)(long long)left || left > 9e15 || left < -9e15) {
            bool large = left > 9e15 || left < -9e15;
            left *= large ? 0.5 : 2;
            exponent += large ? 1 : -1;
        }
        dara_text_format(&fill, "%s(%lld.0", i ? "," : "insert into t values ", (long long)left);
        for (; exponent > 0; exponent -= exponent >= 30 ? 30 : 1)
            dara_text_add(&fill, exponent >= 30 ? "*1073741824.0" : "*2.0");
        for (; exponent < 0; exponent += exponent <= -30 ? 30 : 1)
            dara_text_add(&fill, exponent <= -30 ? "/1073741824.0" : "/2.0");
        dara_text_add(&fill, ")");
    }
    run(source, dara_text_string(&fill));
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    uint64_t rows = 0;
    assert_int_equal(export_rows(source, "t", &out, &rows), 0);
    assert_int_equal(rows, DARA_COUNT(values));
    run(source, "delete from t");
    run_script(source, dara_text_string(&out), out.length);
    DARA_SESSION_LOCAL reader = open_session("sqlite:reals.db", DARA_MODE_READ);
    for (size_t i = 0; i < DARA_COUNT(values); i++) {
        DARA_FREE char *sql = dara_format("select a from t where rowid = %zu", i + 1);
        double read = 0;
        struct dara_reader rows_reader = {.row = take, .context = &read};
        assert_int_equal(dara_session_execute(reader, sql, strlen(sql), &rows_reader, NULL), 0);
        assert_memory_equal(&read, &values[i], sizeof(read));
    }
}

static void test_shapes(void **state)
{
    (void)state;
    carry(NULL, "create table t(a)", "t", "insert into t(rowid, a) values (-5, 1), (7, 2), (9223372036854775807, 3)",
          "select rowid, a from t order by rowid", 3);
    carry(NULL, "create table t(rowid, a)", "t", "insert into t(_rowid_, rowid, a) values (5, 'x', 1), (9, 'y', 2)",
          "select _rowid_, rowid, a from t order by 1", 2);
    carry(NULL, "create table t(rowid, _rowid_, oid)", "t", "insert into t values (1, 2, 3)", "select * from t", 1);
    carry(NULL, "create table t(id integer primary key, a)", "t", "insert into t values (5, 1), (3, 2)",
          "select id, rowid, a from t order by id", 2);
    carry(NULL, "create table t(id text primary key, a)", "t",
          "insert into t(rowid, id, a) values (5, 'a', 1), (3, 'b', 2)", "select id, rowid, a from t order by id", 2);
    carry(NULL, "create table t(a, b, primary key (b, a)) without rowid", "t", "insert into t values (1, 2), (2, 1)",
          "select a, b from t order by b", 2);
    carry(NULL, "create table t(a, b as (a * 2), c as (a * 3) stored, \"d\"\"e\" text)", "t",
          "insert into t(a, \"d\"\"e\") values (1, 'x'), (2, 'y')", "select rowid, * from t", 2);
    carry(NULL, "create table t(a int, b text, c real, d blob, e any) strict", "t",
          "insert into t values (1, 'x', 2.0, x'00', 'any'), (2, 'y', 3, x'', 5.5)",
          "select *, typeof(a), typeof(c), typeof(d), typeof(e) from t", 2);
    carry(NULL, "create table \"odd \"\"name\"\" t'x\"(\"a b\")", "odd \"name\" t'x",
          "insert into \"odd \"\"name\"\" t'x\" values (1)", "select * from \"odd \"\"name\"\" t'x\"", 1);
    /* a covering index must not lend its order */
    carry(NULL, "create table t(a, b); create index i on t(b, a)", "t", "insert into t values (1, 9), (2, 8), (3, 7)",
          "select rowid, a, b from t order by rowid", 3);
}

static void test_autoincrement(void **state)
{
    (void)state;
    static const char create[] = "create table t(id integer primary key autoincrement, a)";
    carry(NULL, create, "t", "insert into t(a) values (1), (2), (3); delete from t where id = 3",
          "select name, seq from sqlite_sequence", 2);
    carry(NULL, create, "t", "insert into t(a) values (1); delete from t", "select name, seq from sqlite_sequence", 0);
}

static void test_virtual_tables(void **state)
{
    (void)state;
    carry(NULL, "create virtual table t using fts5(a, b)", "t",
          "insert into t(rowid, a, b) values (10, 'one two', 'x'), (5, 'three', 'y')",
          "select rowid, a, b, (select count(*) from t where t match 'two') from t order by rowid", 2);
    carry(NULL, "create virtual table t using fts4(a)", "t", "insert into t(docid, a) values (10, 'one'), (5, 'two')",
          "select docid, a from t order by docid", 2);
    carry(NULL, "create virtual table t using rtree(id, x0, x1, +note)", "t",
          "insert into t values (7, 1.1, 2.2, 'n'), (2, -1e10, 3.3, null)", "select * from t order by id", 2);
    DARA_SESSION_LOCAL session = open_new("contentless.db");
    run(session, "create virtual table t using fts5(a, content='')");
    run(session, "insert into t(rowid, a) values (1, 'x')");
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    uint64_t rows = 0;
    assert_error(export_rows(session, "t", &out, &rows), DARA_EUNSUPPORTED, NULL, "'t' cannot be saved");
}

static void test_batches(void **state)
{
    (void)state;
    carry(NULL, "create table t(a, b)", "t",
          "insert into t with recursive n(i) as (values (1) union all select i + 1 from n where i < 2345)"
          " select i, hex(zeroblob(i % 300)) from n",
          "select count(*), sum(rowid), sum(a), sum(length(b)) from t", 2345);
}

static int stop(void *context, const char *bytes, size_t length)
{
    (void)bytes;
    (void)length;
    ++*(int *)context;
    return dara_error_set(DARA_EFILE, "no more");
}

static void test_stop(void **state)
{
    (void)state;
    DARA_SESSION_LOCAL session = open_new("stop.db");
    DARA_MODEL_LOCAL model = NULL;
    int calls = 0;
    uint64_t rows = 7;
    run(session, "create table t(a)");
    run(session, "insert into t with recursive n(i) as (values (1) union all select i + 1 from n where i < 2000)"
                 " select i from n");
    assert_int_equal(dara_session_read(session, &model), 0);
    assert_error(dara_session_export_rows(session, object_of(model, "t"), stop, &calls, &rows), DARA_EFILE, NULL,
                 "no more");
    assert_int_equal(calls, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile_values), cmocka_unit_test(test_random_reals),   cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_autoincrement),  cmocka_unit_test(test_virtual_tables), cmocka_unit_test(test_batches),
        cmocka_unit_test(test_stop),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
