/* SPDX-License-Identifier: MIT */
/* Random schemas: each is restored from its snapshot, and taken to the next one with rows. DARA_TEST_SEED repeats a run. */
#include "unit-sqlite.h"

#include <stdio.h>
#include <time.h>

static unsigned long seed;

static unsigned pick(unsigned below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((seed >> 33) % below);
}

#define ONE_OF(...) one_of((const char *const[]){__VA_ARGS__, NULL})
static const char *one_of(const char *const *choices)
{
    unsigned count = 0;
    while (choices[count])
        count++;
    return choices[pick(count)];
}

static const char *const column_names[] = {"a", "\"B b\"", "[c]", "`d\"`", "rowid", "\"select\"", "e"};
static const char *const table_names[] = {"t", "\"T two\"", "[order]", "u"};

static void add_column(struct dara_text *sql, const char *name, bool strict, const char *other)
{
    dara_text_format(sql, "%s %s", name,
                     strict ? ONE_OF("INT", "INTEGER", "TEXT", "REAL", "BLOB", "ANY")
                            : ONE_OF("", "INT", "INTEGER", "TEXT", "VARCHAR(10)", "UNSIGNED BIG INT", "real"));
    if (other && pick(6) == 0) {
        dara_text_format(sql, " AS (%s || 'x') %s", other, ONE_OF("STORED", "VIRTUAL", ""));
        return;
    }
    dara_text_add(sql, ONE_OF("", "", " NOT NULL", " NOT NULL DEFAULT 5", " DEFAULT 'x y'", " DEFAULT (1 + 2)",
                              " COLLATE NOCASE", " DEFAULT -3 NOT NULL ON CONFLICT REPLACE"));
    if (pick(5) == 0)
        dara_text_format(sql, " CHECK (%s IS NOT 'bad')", name);
    if (pick(6) == 0)
        dara_text_format(sql, " UNIQUE%s", ONE_OF("", " ON CONFLICT IGNORE"));
    if (pick(5) == 0)
        dara_text_format(sql, " REFERENCES %s%s", table_names[pick(DARA_COUNT(table_names))],
                         ONE_OF("", " ON DELETE CASCADE", " DEFERRABLE INITIALLY DEFERRED"));
}

static void add_table(struct dara_text *sql, const char *name)
{
    unsigned first = pick(3), count = 1 + pick(4);
    bool strict = pick(4) == 0, key = pick(2) == 0, without = key && pick(3) == 0;
    dara_text_format(sql, "CREATE TABLE %s (%s", name, ONE_OF("", "\n  ", "/* c */ "));
    if (key)
        dara_text_format(sql, "id %s, ",
                         without ? "INTEGER PRIMARY KEY"
                                 : ONE_OF("INTEGER PRIMARY KEY AUTOINCREMENT", "INTEGER PRIMARY KEY", "INT PRIMARY KEY",
                                          "INTEGER PRIMARY KEY DESC"));
    for (unsigned i = 0; i < count; i++) {
        dara_text_add(sql, i ? ", " : "");
        add_column(sql, column_names[first + i], strict, i ? column_names[first] : NULL);
    }
    if (pick(4) == 0)
        dara_text_format(sql, ", CONSTRAINT both UNIQUE (%s, %s DESC)", column_names[first],
                         column_names[first + count - 1]);
    dara_text_format(sql, ")%s;\n",
                     strict && without ? " STRICT, WITHOUT ROWID"
                     : strict          ? " STRICT"
                     : without         ? " WITHOUT ROWID"
                                       : "");
    for (unsigned i = 0; i < pick(3); i++)
        dara_text_format(sql, "CREATE %s INDEX i%u_%.1s ON %s(%s%s)%s;\n", ONE_OF("", "UNIQUE"), i, name + 1, name,
                         column_names[first], ONE_OF("", " DESC", " COLLATE RTRIM"),
                         pick(3) == 0 ? " WHERE 1 = 1" : "");
    if (pick(2) == 0)
        dara_text_format(sql, "CREATE TRIGGER g%.1s %s ON %s BEGIN %s; END;\n", name + 1,
                         ONE_OF("AFTER INSERT", "BEFORE DELETE", "AFTER UPDATE"), name,
                         ONE_OF("SELECT 1", "SELECT CASE WHEN 1 THEN 'end;' END", "UPDATE later SET x = NEW.y"));
    if (pick(3) == 0)
        dara_text_format(sql, "CREATE VIEW v%.1s AS SELECT %s FROM %s;\n", name + 1, column_names[first], name);
}

static char *random_schema(void)
{
    DARA_TEXT_LOCAL sql = DARA_TEXT_INIT;
    dara_text_format(&sql, "PRAGMA user_version = %u;\n", pick(3));
    for (size_t i = 0; i < DARA_COUNT(table_names); i++)
        if (pick(4))
            add_table(&sql, table_names[i]);
    if (pick(4) == 0)
        dara_text_format(&sql, "CREATE VIRTUAL TABLE f USING fts5(%s);\n", ONE_OF("x", "x, y"));
    return dara_text_steal(&sql);
}

/* NEW in a DELETE trigger, or a random name twice: not every script is one SQLite takes. */
static sqlite3 *open_random(char **ret_script)
{
    for (;;) {
        sqlite3 *db = NULL;
        char *script = random_schema();
        sqlite3_open(":memory:", &db);
        if (sqlite3_exec(db, script, NULL, NULL, NULL) == SQLITE_OK) {
            *ret_script = script;
            return db;
        }
        sqlite3_close(db);
        free(script);
    }
}

static void round_trip(sqlite3 *db)
{
    struct dara_model *model = read_model(db);
    DARA_FREE char *script = snapshot(model), *here = schema(db);
    sqlite3 *restored = make(script);
    struct dara_model *again = read_model(restored);
    DARA_FREE char *there = schema(restored);
    DARA_TEXT_LOCAL json = DARA_TEXT_INIT, json_again = DARA_TEXT_INIT;
    dara_model_write_json(model, &json);
    dara_model_write_json(again, &json_again);
    assert_string_equal(there, here);
    assert_string_equal(dara_text_string(&json_again), dara_text_string(&json));
    dara_model_free(again);
    dara_model_free(model);
    sqlite3_close(restored);
}

static void test_random(void **state)
{
    (void)state;
    const char *given = getenv("DARA_TEST_SEED");
    seed = given ? strtoul(given, NULL, 10) : (unsigned long)time(NULL);
    print_message("# DARA_TEST_SEED=%lu\n", seed);
    for (int i = 0; i < 150; i++) {
        DARA_FREE char *from = NULL, *to = NULL;
        sqlite3 *db = open_random(&from), *target = open_random(&to);
        struct dara_model *model = read_model(target);
        round_trip(db);
        migrate(db, model, NULL);
        round_trip(db);
        rows_are(db, "PRAGMA integrity_check", "ok\n");
        dara_model_free(model);
        sqlite3_close(target);
        sqlite3_close(db);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
