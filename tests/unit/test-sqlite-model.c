/* SPDX-License-Identifier: MIT */
#include "unit-sqlite.h"

/* ---- spellings ---- */

/* Two scripts, and whether their schemas mean the same. */
static const struct spelling {
    const char *one, *other;
    bool same;
} spellings[] = {
    /* white space, comments, letter case, quotes */
    {"CREATE TABLE t(a INT, b)", "create  table\n[T] /* x */ ( \"A\" int -- y\n , `b` )", true},
    {"CREATE TABLE t(a)", "CREATE TABLE IF NOT EXISTS main.t(a)", true},
    {"CREATE TABLE t(a)", "CREATE TABLE 't'('a')", true},
    {"CREATE TABLE t(a INT)", "CREATE TABLE t(a TEXT)", false},
    {"CREATE TABLE t(a UNSIGNED BIG INT)", "CREATE TABLE t(a unsigned /**/ big\nint)", true},
    {"CREATE TABLE t(a DECIMAL(10,5))", "CREATE TABLE t(a decimal ( 10 , 5 ))", true},
    {"CREATE TABLE t(a DECIMAL(+10,-5))", "CREATE TABLE t(a DECIMAL(10,5))", false},
    {"CREATE TABLE t(a \"VARCHAR\")", "CREATE TABLE t(a varchar)", true},
    {"CREATE TABLE t(a NOT NULL ON CONFLICT ABORT)", "CREATE TABLE t(a NOT NULL)", true},
    {"CREATE TABLE t(a NOT NULL ON CONFLICT FAIL)", "CREATE TABLE t(a NOT NULL)", false},
    {"CREATE TABLE t(a NULL)", "CREATE TABLE t(a)", true},
    {"CREATE TABLE t(a COLLATE BINARY)", "CREATE TABLE t(a)", true},
    {"CREATE TABLE t(a COLLATE nocase)", "CREATE TABLE t(a COLLATE \"NOCASE\")", true},
    {"CREATE TABLE t(a CONSTRAINT x)", "CREATE TABLE t(a)", true},
    /* defaults */
    {"CREATE TABLE t(a DEFAULT 5)", "CREATE TABLE t(a DEFAULT 6)", false},
    {"CREATE TABLE t(a DEFAULT - 5)", "CREATE TABLE t(a DEFAULT -5)", true},
    {"CREATE TABLE t(a DEFAULT -5)", "CREATE TABLE t(a DEFAULT +5)", false},
    {"CREATE TABLE t(a DEFAULT abc)", "CREATE TABLE t(a DEFAULT 'abc')", true},
    {"CREATE TABLE t(a DEFAULT abc)", "CREATE TABLE t(a DEFAULT Abc)", false},
    {"CREATE TABLE t(a DEFAULT \"abc\")", "CREATE TABLE t(a DEFAULT 'abc')", true},
    {"CREATE TABLE t(a DEFAULT 'a')", "CREATE TABLE t(a DEFAULT 'A')", false},
    {"CREATE TABLE t(a DEFAULT NULL)", "CREATE TABLE t(a DEFAULT null)", true},
    {"CREATE TABLE t(a DEFAULT NULL)", "CREATE TABLE t(a DEFAULT 'null')", false},
    {"CREATE TABLE t(a DEFAULT TRUE)", "CREATE TABLE t(a DEFAULT true)", true},
    {"CREATE TABLE t(a DEFAULT 1E3)", "CREATE TABLE t(a DEFAULT 1e3)", true},
    {"CREATE TABLE t(a DEFAULT (datetime( 'now' )))", "CREATE TABLE t(a DEFAULT (DATETIME('now')))", true},
    {"CREATE TABLE t(a DEFAULT CURRENT_TIMESTAMP NOT NULL)", "CREATE TABLE t(a NOT NULL DEFAULT current_timestamp)",
     true},
    {"CREATE TABLE t(a DEFAULT x'0A')", "CREATE TABLE t(a DEFAULT '0A')", false},
    /* keys, behind a column and of the table */
    {"CREATE TABLE t(a PRIMARY KEY, b)", "CREATE TABLE t(a, b, PRIMARY KEY(a))", true},
    {"CREATE TABLE t(a INTEGER PRIMARY KEY ASC)", "CREATE TABLE t(a INTEGER, PRIMARY KEY(a))", true},
    {"CREATE TABLE t(a INTEGER PRIMARY KEY DESC)", "CREATE TABLE t(a INTEGER, PRIMARY KEY(a DESC))", false},
    {"CREATE TABLE t(a INTEGER PRIMARY KEY)", "CREATE TABLE t(a INT PRIMARY KEY)", false},
    {"CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT)", "CREATE TABLE t(a INTEGER, PRIMARY KEY(a AUTOINCREMENT))",
     true},
    {"CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT)", "CREATE TABLE t(a INTEGER PRIMARY KEY)", false},
    {"CREATE TABLE t(a UNIQUE, b)", "CREATE TABLE t(a, b, UNIQUE(\"A\"))", true},
    {"CREATE TABLE t(a, b, UNIQUE(a, b))", "CREATE TABLE t(a, b, UNIQUE(b, a))", false},
    {"CREATE TABLE t(a, b, UNIQUE(a COLLATE NOCASE DESC))", "CREATE TABLE t(a, b, UNIQUE(a collate nocase desc))",
     true},
    {"CREATE TABLE t(a UNIQUE ON CONFLICT IGNORE)", "CREATE TABLE t(a, UNIQUE(a) ON CONFLICT IGNORE)", true},
    {"CREATE TABLE t(a CONSTRAINT u UNIQUE)", "CREATE TABLE t(a, CONSTRAINT U UNIQUE(a))", true},
    {"CREATE TABLE t(a CONSTRAINT u UNIQUE)", "CREATE TABLE t(a UNIQUE)", false},
    {"CREATE TABLE t(a, b, UNIQUE(a) UNIQUE(b))", "CREATE TABLE t(a UNIQUE, b UNIQUE)", true},
    {"CREATE TABLE t(a UNIQUE UNIQUE)", "CREATE TABLE t(a UNIQUE)", false},
    /* checks */
    {"CREATE TABLE t(a CHECK(a>0 AND b<>1), b)", "CREATE TABLE t(a, b, CHECK ( A > 0 and \"b\" != 1 ))", true},
    {"CREATE TABLE t(a CHECK(a = \"x\"))", "CREATE TABLE t(a CHECK(a = \"X\"))", false},
    {"CREATE TABLE t(a CHECK(a = 'x'))", "CREATE TABLE t(a CHECK(a = x'00'))", false},
    {"CREATE TABLE t(a CHECK(a == 1))", "CREATE TABLE t(a CHECK(a=1))", true},
    {"CREATE TABLE t(\"null\" CHECK([null] IS 1))", "CREATE TABLE t(\"null\" CHECK(NULL IS 1))", false},
    {"CREATE TABLE t(a CHECK(a - -1))", "CREATE TABLE t(a CHECK(a-(-1)))", false},
    {"CREATE TABLE t(a, b CHECK((a + 1) * b))", "CREATE TABLE t(a, b CHECK(a + 1 * b))", false},
    /* foreign keys */
    {"CREATE TABLE t(a REFERENCES p)", "CREATE TABLE t(a, FOREIGN KEY(a) REFERENCES \"P\")", true},
    {"CREATE TABLE t(a REFERENCES p ON DELETE NO ACTION)", "CREATE TABLE t(a REFERENCES p)", true},
    {"CREATE TABLE t(a REFERENCES p(x) ON UPDATE CASCADE ON DELETE SET NULL MATCH FULL)",
     "CREATE TABLE t(a, FOREIGN KEY(a) REFERENCES p(x) MATCH full ON DELETE SET NULL ON UPDATE CASCADE)", true},
    {"CREATE TABLE t(a REFERENCES p ON DELETE RESTRICT)", "CREATE TABLE t(a REFERENCES p ON DELETE SET DEFAULT)",
     false},
    {"CREATE TABLE t(a REFERENCES p NOT DEFERRABLE INITIALLY DEFERRED)", "CREATE TABLE t(a REFERENCES p)", true},
    {"CREATE TABLE t(a REFERENCES p DEFERRABLE INITIALLY DEFERRED)", "CREATE TABLE t(a REFERENCES p)", false},
    {"CREATE TABLE t(a REFERENCES p NOT NULL DEFERRABLE INITIALLY DEFERRED)",
     "CREATE TABLE t(a NOT NULL, FOREIGN KEY(a) REFERENCES p DEFERRABLE INITIALLY DEFERRED)", true},
    {"CREATE TABLE t(a, b, FOREIGN KEY(a, b) REFERENCES p(x, y))",
     "CREATE TABLE t(a, b, FOREIGN KEY(a, b) REFERENCES p(y, x))", false},
    /* generated columns, options */
    {"CREATE TABLE t(a, b GENERATED ALWAYS AS (a))", "CREATE TABLE t(a, b AS (\"a\") VIRTUAL)", true},
    {"CREATE TABLE t(a, b INT GENERATED ALWAYS AS (a) STORED)", "CREATE TABLE t(a, b INT AS (a))", false},
    {"CREATE TABLE t(a, b generated)", "CREATE TABLE t(a, b)", false},
    {"CREATE TABLE t(a INT PRIMARY KEY) WITHOUT ROWID, STRICT",
     "CREATE TABLE t(a INT PRIMARY KEY) strict,without /**/ rowid", true},
    {"CREATE TABLE t(a INT PRIMARY KEY) WITHOUT ROWID", "CREATE TABLE t(a INT PRIMARY KEY)", false},
    {"CREATE TABLE t(a INT) STRICT", "CREATE TABLE t(a INT)", false},
    {"CREATE TABLE t(a, b)", "CREATE TABLE t(b, a)", false},
    {"CREATE TABLE t AS SELECT 1 AS a", "CREATE TABLE t(a)", true},
    /* words that are names */
    {"CREATE TABLE t(key, begin TEXT, \"end\" INT, temp, action, match, of, rowid)",
     "CREATE TABLE t([key], [begin] TEXT, \"END\" INT, `temp`, \"action\", \"match\", \"of\", \"rowid\")", true},
    /* indexes */
    {"CREATE TABLE t(a, b); CREATE INDEX i ON t(a, b DESC)",
     "CREATE TABLE t(a, b); CREATE INDEX main.I ON T(\"a\" ASC, [b] desc)", true},
    {"CREATE TABLE t(a, b); CREATE INDEX i ON t(a)", "CREATE TABLE t(a, b); CREATE UNIQUE INDEX i ON t(a)", false},
    {"CREATE TABLE t(a, b); CREATE INDEX i ON t(a) WHERE b IS NOT NULL",
     "CREATE TABLE t(a, b); CREATE INDEX IF NOT EXISTS i ON t(a) where \"b\" is not null", true},
    {"CREATE TABLE t(a, b); CREATE INDEX i ON t(lower(a), a||b COLLATE NOCASE)",
     "CREATE TABLE t(a, b); CREATE INDEX i ON t(LOWER( a ), a || b collate \"nocase\")", true},
    {"CREATE TABLE t(a, b); CREATE INDEX i ON t(a) WHERE b = 'x'",
     "CREATE TABLE t(a, b); CREATE INDEX i ON t(a) WHERE b = 'X'", false},
    /* views and triggers */
    {"CREATE TABLE t(a); CREATE VIEW v AS SELECT a FROM t",
     "CREATE TABLE t(a); CREATE VIEW v AS select /* all */ \"a\" from [t]", true},
    {"CREATE TABLE t(a); CREATE VIEW v(x) AS SELECT a FROM t",
     "CREATE TABLE t(a); CREATE VIEW v AS SELECT a AS x FROM t", false},
    {"CREATE TABLE t(a); CREATE VIEW v AS SELECT \"b\" FROM t",
     "CREATE TABLE t(a); CREATE VIEW v AS SELECT \"B\" FROM t", false},
    {"CREATE TABLE t(a); CREATE TRIGGER g INSERT ON t BEGIN SELECT 1; END",
     "CREATE TABLE t(a); CREATE TRIGGER g BEFORE INSERT ON \"t\" FOR EACH ROW BEGIN select 1 ; end", true},
    {"CREATE TABLE t(a); CREATE TRIGGER g INSERT ON t BEGIN SELECT 1; END",
     "CREATE TABLE t(a); CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END", false},
    {"CREATE TABLE t(a, b); CREATE TRIGGER g UPDATE OF a, b ON t WHEN NEW.a > 1 BEGIN SELECT CASE 1 WHEN 1 THEN 2 END; "
     "END",
     "CREATE TABLE t(a, b); CREATE TRIGGER g UPDATE OF \"a\", b ON t WHEN new.\"a\">1 BEGIN SELECT case 1 when 1 then "
     "2 end; END",
     true},
    {"CREATE TABLE t(a, b); CREATE TRIGGER g UPDATE OF a ON t BEGIN SELECT 1; END",
     "CREATE TABLE t(a, b); CREATE TRIGGER g UPDATE ON t BEGIN SELECT 1; END", false},
    /* virtual tables: letter case may matter to the module */
    {"CREATE VIRTUAL TABLE f USING fts5(a, tokenize = 'porter')",
     "CREATE VIRTUAL TABLE f USING FTS5( a , tokenize='porter' )", true},
    {"CREATE VIRTUAL TABLE f USING fts5(a)", "CREATE VIRTUAL TABLE f USING fts5(b)", false},
    {"CREATE VIRTUAL TABLE f USING fts5(a)", "CREATE TABLE f(a)", false},
    {"PRAGMA user_version = 1", "PRAGMA user_version = 2", false},
};

static void test_spellings(void **state)
{
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(spellings); i++) {
        sqlite3 *one = make(spellings[i].one), *other = make(spellings[i].other);
        struct dara_model *a = read_model(one), *b = read_model(other);
        char print_a[65], print_b[65];
        DARA_DIFF_LOCAL diff = NULL;
        dara_model_fingerprint(a, print_a);
        dara_model_fingerprint(b, print_b);
        assert_int_equal(dara_diff_new(a, b, &diff), 0);
        if ((dara_diff_count(diff) == 0) != spellings[i].same || (strcmp(print_a, print_b) == 0) != spellings[i].same)
            fail_msg("%s: %s\n%s", spellings[i].same ? "not the same" : "not different", spellings[i].one,
                     spellings[i].other);
        if (dara_model_unrepresented_count(a) || dara_model_unrepresented_count(b))
            fail_msg("not understood: %s\n%s", spellings[i].one, spellings[i].other);
        diff = dara_diff_free(diff);
        dara_model_free(a);
        dara_model_free(b);
        sqlite3_close(one);
        sqlite3_close(other);
    }
}

/* A model without the authors' texts still makes the same schema. */
static struct dara_model *without_text(const struct dara_model *model)
{
    json_t *json = dara_model_to_json(model), *value;
    size_t i;
    json_array_foreach(json_object_get(json, "objects"), i, value)
    {
        json_object_del(json_object_get(value, "properties"), "sql");
        json_object_del(json_object_get(value, "properties"), "declared");
    }
    char *text = json_dumps(json, 0);
    struct dara_model *read = NULL;
    if (dara_model_read_json(text, strlen(text), &read))
        fail_msg("%s", dara_error_last()->message);
    free(text);
    json_decref(json);
    return read;
}

static void test_made_from_properties(void **state)
{
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(spellings); i++) {
        sqlite3 *db = make(spellings[i].one);
        struct dara_model *model = read_model(db), *bare = without_text(model);
        DARA_FREE char *script = snapshot(bare);
        if (strstr(script, "sql_"))
            fail_msg("%s", script);
        sqlite3 *restored = make(script);
        struct dara_model *again = read_model(restored);
        char here[65], there[65];
        dara_model_fingerprint(model, here);
        dara_model_fingerprint(again, there);
        if (strcmp(here, there) != 0 && !strstr(spellings[i].one, "KEY DESC"))
            fail_msg("%s\nis not\n%s", script, spellings[i].one);
        dara_model_free(again);
        dara_model_free(bare);
        dara_model_free(model);
        sqlite3_close(restored);
        sqlite3_close(db);
    }
}

/* ---- restoring ---- */

/* Restored, sqlite_schema holds the very texts it held before. */
static void test_texts_survive(void **state)
{
    static const char *const scripts[] = {
        "CREATE TEMP TABLE gone(a); CREATE TABLE IF NOT EXISTS main.t ( a -- one\n, b /* two */ ) ;",
        "CREATE /* odd */ TABLE\n\n  \"T t\"  (\"a b\" INT) STRICT  ",
        "create table t as select 1 as [a b], 'x' as c",
        "CREATE TABLE t(a); CREATE UNIQUE INDEX IF NOT EXISTS main.\"i i\" ON t ( a   DESC ) /* tail */",
        "CREATE TABLE t(a); CREATE VIEW IF NOT EXISTS main.[v] (x) AS  SELECT a -- c\n FROM t ; -- tail",
        "CREATE TABLE t(a); CREATE TRIGGER IF NOT EXISTS main.g AFTER INSERT ON t BEGIN\n SELECT ';'; -- c\nEND ;",
        "CREATE VIRTUAL TABLE IF NOT EXISTS main.f USING fts5 ( a , b ) ; INSERT INTO f VALUES('x', 'y')",
        "CREATE VIRTUAL TABLE r USING rtree(id, x0, x1, +note)",
        "CREATE VIRTUAL TABLE f USING fts4(a, b)",
        "CREATE TABLE a(b REFERENCES b); CREATE TABLE b(a REFERENCES a)",
        "CREATE VIEW v AS SELECT * FROM late; CREATE TABLE late(a)",
        "CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT)",
        "PRAGMA encoding = 'UTF-16be'; PRAGMA auto_vacuum = 2; PRAGMA user_version = 9; PRAGMA application_id = -5;"
        "CREATE TABLE \"\xc3\xa9\"(\"\xf0\x9f\x98\x80\")",
        "CREATE TABLE \"x\"\"y\"(\"a]b\", [c\"d], `e``f`, 'g''h'); CREATE INDEX \"i;\" ON \"x\"\"y\"(\"a]b\")",
    };
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(scripts); i++) {
        sqlite3 *db = make(scripts[i]);
        struct dara_model *model = read_model(db);
        DARA_FREE char *script = snapshot(model), *here = schema(db);
        sqlite3 *restored = make(script);
        DARA_FREE char *there = schema(restored);
        assert_string_equal(there, here);
        struct dara_model *again = read_model(restored);
        DARA_TEXT_LOCAL json = DARA_TEXT_INIT, json_again = DARA_TEXT_INIT;
        dara_model_write_json(model, &json);
        dara_model_write_json(again, &json_again);
        assert_string_equal(dara_text_string(&json_again), dara_text_string(&json));
        dara_model_free(again);
        dara_model_free(model);
        sqlite3_close(restored);
        sqlite3_close(db);
    }
}

/* SQLite keeps a comment behind an index; a line comment gets the newline that ends it, and nothing else changes. */
static void test_comment_behind(void **state)
{
    (void)state;
    sqlite3 *db = make("CREATE TABLE t(a); CREATE INDEX i ON t(a) -- it's; open");
    struct dara_model *model = read_model(db);
    DARA_FREE char *script = snapshot(model);
    sqlite3 *restored = make(script);
    rows_are(restored, "SELECT sql FROM sqlite_schema WHERE name = 'i'", "CREATE INDEX i ON t(a) -- it's; open\n\n");
    struct dara_model *again = read_model(restored);
    DARA_FREE char *script_again = snapshot(again);
    assert_string_equal(script_again, script);
    dara_model_free(again);
    dara_model_free(model);
    sqlite3_close(restored);
    sqlite3_close(db);
}

/* ---- one rich schema, property by property ---- */

static const char rich[] =
    "CREATE TABLE p(id INTEGER PRIMARY KEY, code TEXT UNIQUE);"
    "CREATE TABLE t(\n"
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
    "  p INT NOT NULL ON CONFLICT FAIL CONSTRAINT to_p REFERENCES p(id) ON DELETE CASCADE ON UPDATE SET NULL\n"
    "    DEFERRABLE INITIALLY DEFERRED,\n"
    "  name VARCHAR(20) COLLATE NOCASE DEFAULT 'x' CHECK(length(name) > 0),\n"
    "  g AS (p * 2) STORED,\n"
    "  UNIQUE(p, name COLLATE RTRIM DESC) ON CONFLICT IGNORE\n"
    ");"
    "CREATE INDEX i ON t(name, p DESC) WHERE p > 1;"
    "CREATE VIEW v(a) AS SELECT name FROM t;"
    "CREATE TRIGGER g INSTEAD OF UPDATE OF a ON v WHEN NEW.a IS NULL BEGIN UPDATE t SET name = 'y'; END;"
    "CREATE VIRTUAL TABLE f USING fts5(name, content='t', content_rowid='id');"
    "CREATE TABLE dara_migrations(version); CREATE INDEX own ON dara_migrations(version);"
    "INSERT INTO p VALUES(1, 'x'); ANALYZE; PRAGMA user_version = 12;";

static const struct dara_object *find(const struct dara_model *model, const char *kind, const char *table,
                                      const char *key)
{
    const struct dara_object *owner = NULL;
    if (table)
        owner = dara_model_find(model, strcmp(table, "v") == 0 ? "view" : "table", NULL, NULL, table);
    const struct dara_object *object = dara_model_find(model, kind, NULL, owner, key);
    if (!object)
        fail_msg("no %s '%s'", kind, key);
    return object;
}

static void test_rich_schema(void **state)
{
    static const struct {
        const char *kind, *table, *key, *property, *value; /* NULL = absent */
    } wanted[] = {
        {"setting", NULL, "user_version", "value", "12"},
        {"setting", NULL, "encoding", "fixed_value", "UTF-8"},
        {"setting", NULL, "auto_vacuum", "observed_value", "none"},
        {"table", NULL, "t", "sqlite.autoincrement", "yes"},
        {"table", NULL, "p", "sqlite.autoincrement", NULL},
        {"column", "t", "p", "type", "int"},
        {"column", "t", "p", "not_null", "yes"},
        {"column", "t", "p", "sqlite.not_null_conflict", "fail"},
        {"column", "t", "name", "type", "varchar(20)"},
        {"column", "t", "name", "declared", "VARCHAR(20)"},
        {"column", "t", "name", "collation", "nocase"},
        {"column", "t", "name", "default", "'x'"},
        {"column", "t", "g", "type", NULL},
        {"column", "t", "g", "generated", "p * 2"},
        {"column", "t", "g", "sqlite.generated_stored", "yes"},
        {"constraint", "t", "primary key(id)", "sqlite.rowid_alias", "yes"},
        {"constraint", "t", "to_p", "references", "p"},
        {"constraint", "t", "to_p", "referenced_columns", "id"},
        {"constraint", "t", "to_p", "columns", "p"},
        {"constraint", "t", "to_p", "on_delete", "cascade"},
        {"constraint", "t", "to_p", "on_update", "set null"},
        {"constraint", "t", "to_p", "deferrable", "initially deferred"},
        {"constraint", "t", "check:length(name) > 0", "expression", "length(name) > 0"},
        {"constraint", "t", "unique(p, name collate rtrim desc)", "sqlite.conflict", "ignore"},
        {"constraint", "p", "unique(code)", "type", "unique"},
        {"index", "t", "i", "columns", "name, p desc"},
        {"index", "t", "i", "where", "p > 1"},
        {"index", "t", "i", "unique", "no"},
        {"index", "t", "i", "table", "t"},
        {"view", NULL, "v", "columns", "a"},
        {"view", NULL, "v", "definition", "select name from t"},
        {"trigger", "v", "g", "timing", "instead of"},
        {"trigger", "v", "g", "event", "update"},
        {"trigger", "v", "g", "update_of", "a"},
        {"trigger", "v", "g", "when", "new.a is null"},
        {"trigger", "v", "g", "definition", "update t set name = 'y';"},
        {"virtual_table", NULL, "f", "module", "fts5"},
    };
    (void)state;
    sqlite3 *db = make(rich);
    struct dara_model *model = read_model(db);
    for (size_t i = 0; i < DARA_COUNT(wanted); i++) {
        const struct dara_object *object = find(model, wanted[i].kind, wanted[i].table, wanted[i].key);
        DARA_FREE char *value = dara_object_property_text(object, wanted[i].property);
        if (!wanted[i].value ? value != NULL : !value || strcmp(value, wanted[i].value) != 0)
            fail_msg("%s '%s', %s: '%s', not '%s'", wanted[i].kind, wanted[i].key, wanted[i].property,
                     value ? value : "(absent)", wanted[i].value ? wanted[i].value : "(absent)");
    }
    assert_int_equal(dara_model_count_of(model, "table"), 2); /* no shadow tables, no history */
    assert_int_equal(dara_model_count_of(model, "index"), 1);
    assert_int_equal(dara_model_count_of(model, "column"), 6);
    assert_int_equal(dara_model_count_of(model, "constraint"), 6);
    /* what depends on what */
    const struct dara_object *const *needs = NULL;
    assert_int_equal(dara_object_depends(find(model, "table", NULL, "t"), &needs), 1);
    assert_string_equal(dara_object_key(needs[0]), "p");
    assert_int_equal(dara_object_depends(find(model, "view", NULL, "v"), &needs), 1);
    assert_string_equal(dara_object_key(needs[0]), "t");
    /* statistics are named, not kept */
    assert_int_equal(dara_model_unrepresented_count(model), 1);
    dara_model_free(model);
    sqlite3_close(db);
}

/* The text of a table that we do not understand is compared whole, its columns come from SQLite, and it is said. */
static void test_unknown_text(void **state)
{
    (void)state;
    sqlite3 *db = make("CREATE TABLE t(a); PRAGMA writable_schema = ON;"
                       "INSERT INTO sqlite_schema VALUES('odd', 'x', 'x', 0, NULL);");
    sqlite3_close(db);
    db = make("CREATE TABLE t(a INTEGER NOT NULL, b DEFAULT 3); PRAGMA writable_schema = ON;"
              "UPDATE sqlite_schema SET sql = 'CREATE TABLE t(a, b) NEW OPTION' WHERE name = 't'");
    struct dara_model *model = read_model(db);
    assert_int_equal(dara_model_unrepresented_count(model), 1);
    const struct dara_object *table = find(model, "table", NULL, "t");
    assert_string_equal(dara_object_text(table, "definition"), "create table t(a, b) new option");
    assert_int_equal(dara_model_count_of(model, "column"), 2);
    assert_true(dara_object_bool(find(model, "column", "t", "a"), "not_null", false));
    assert_string_equal(dara_object_text(find(model, "column", "t", "b"), "default"), "3");
    dara_model_free(model);
    sqlite3_close(db);
}

/* Bytes that are no UTF-8 are named, with everything that belongs to them; the rest is read. */
static void test_not_utf8(void **state)
{
    (void)state;
    sqlite3 *db = make("CREATE TABLE \"a\xff\"(x); CREATE INDEX i ON \"a\xff\"(x); CREATE TABLE b(y)");
    struct dara_model *model = read_model(db);
    assert_int_equal(dara_model_count_of(model, "table"), 1);
    assert_int_equal(dara_model_count_of(model, "index"), 0);
    assert_int_equal(dara_model_unrepresented_count(model), 2);
    dara_model_free(model);
    sqlite3_close(db);
}

/* Inside a transaction the uncommitted schema is read, and the transaction goes on. */
static void test_uncommitted(void **state)
{
    (void)state;
    sqlite3 *db = make("CREATE TABLE t(a); BEGIN; CREATE TABLE u(b)");
    struct dara_model *model = read_model(db);
    assert_int_equal(dara_model_count_of(model, "table"), 2);
    dara_model_free(model);
    run(db, "ROLLBACK");
    model = read_model(db);
    assert_int_equal(dara_model_count_of(model, "table"), 1);
    assert_int_equal(sqlite3_get_autocommit(db), 1);
    dara_model_free(model);
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spellings),     cmocka_unit_test(test_made_from_properties),
        cmocka_unit_test(test_texts_survive), cmocka_unit_test(test_comment_behind),
        cmocka_unit_test(test_rich_schema),   cmocka_unit_test(test_unknown_text),
        cmocka_unit_test(test_not_utf8),      cmocka_unit_test(test_uncommitted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
