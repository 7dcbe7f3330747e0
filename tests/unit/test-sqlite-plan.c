/* SPDX-License-Identifier: MIT */
#include "unit-sqlite.h"

static const char hard_before[] =
    "CREATE TABLE log(id INTEGER PRIMARY KEY, what);"
    "CREATE TABLE \"Tree node\" (\n"
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key\n"
    "  parent INT REFERENCES \"Tree node\"(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,\n"
    "  name TEXT NOT NULL COLLATE NOCASE,\n"
    "  twice GENERATED ALWAYS AS (name || name) STORED,\n"
    "  size INT DEFAULT 7 CHECK (size > 0)\n"
    ");"
    "CREATE TABLE leaf(node REFERENCES \"Tree node\" ON DELETE SET NULL, note);"
    "CREATE INDEX by_name ON \"Tree node\"(name COLLATE NOCASE DESC, lower(name)) WHERE size > 1;"
    "CREATE UNIQUE INDEX by_size ON \"Tree node\"(size);"
    "CREATE TRIGGER on_add AFTER INSERT ON \"Tree node\" BEGIN\n"
    "  INSERT INTO log(what) VALUES('add; ' || NEW.name); -- end\n"
    "  UPDATE leaf SET note = CASE WHEN node IS NULL THEN 'none' ELSE note END;\n"
    "END;"
    "CREATE TRIGGER other AFTER DELETE ON leaf BEGIN UPDATE \"Tree node\" SET size = size + 1 WHERE id = OLD.node; END;"
    "CREATE VIEW v AS SELECT t.name, l.note FROM [Tree node] AS t JOIN leaf AS l ON l.node = t.id;"
    "CREATE VIEW w AS SELECT * FROM v;"
    "CREATE TRIGGER on_view INSTEAD OF INSERT ON v BEGIN INSERT INTO \"Tree node\"(name) VALUES(NEW.name); END;"
    "INSERT INTO \"Tree node\"(id, parent, name, size) VALUES(1, NULL, 'root', 1), (5, 1, 'five', 5), (9, 5, 'n', 9);"
    "INSERT INTO \"Tree node\"(id, name, size) VALUES(100, 'gone', 100); DELETE FROM \"Tree node\" WHERE id = 100;"
    "INSERT INTO leaf(rowid, node, note) VALUES(3, 5, 'x'), (8, 9, 'y');";

static const char hard_after[] =
    "CREATE TABLE log(id INTEGER PRIMARY KEY, what);"
    "CREATE TABLE \"Tree node\" (\n"
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key\n"
    "  weight REAL NOT NULL DEFAULT (1 + 1), /* new, in the middle */\n"
    "  parent INT REFERENCES \"Tree node\"(id) ON DELETE SET NULL,\n"
    "  name TEXT NOT NULL COLLATE NOCASE,\n"
    "  thrice GENERATED ALWAYS AS (name || name || name) VIRTUAL,\n"
    "  size INT DEFAULT 8 CHECK (size >= 0)\n"
    ");"
    "CREATE TABLE leaf(node REFERENCES \"Tree node\" ON DELETE SET NULL, note NOT NULL ON CONFLICT IGNORE);"
    "CREATE INDEX by_name ON \"Tree node\"(name COLLATE NOCASE DESC, lower(name)) WHERE size > 1;"
    "CREATE INDEX by_size ON \"Tree node\"(size);"
    "CREATE TRIGGER on_add AFTER INSERT ON \"Tree node\" BEGIN\n"
    "  INSERT INTO log(what) VALUES('add; ' || NEW.name); -- end\n"
    "  UPDATE leaf SET note = CASE WHEN node IS NULL THEN 'none' ELSE note END;\n"
    "END;"
    "CREATE TRIGGER other AFTER DELETE ON leaf BEGIN UPDATE \"Tree node\" SET size = size + 1 WHERE id = OLD.node; END;"
    "CREATE VIEW v AS SELECT t.name, l.note FROM [Tree node] AS t JOIN leaf AS l ON l.node = t.id;"
    "CREATE VIEW w AS SELECT * FROM v;"
    "CREATE TRIGGER on_view INSTEAD OF INSERT ON v BEGIN INSERT INTO \"Tree node\"(name) VALUES(NEW.name); END;";

/* Rows, rowids, counters, triggers, views and keys outlive a rebuild; the text is the target's to the byte. */
static void test_hard_rebuild(void **state)
{
    (void)state;
    sqlite3 *db = make(hard_before), *target = make(hard_after);
    struct dara_model *model = read_model(target);
    DARA_FREE char *plan = NULL;
    migrate(db, model, &plan);
    DARA_FREE char *here = schema(db), *there = schema(target);
    assert_string_equal(here, there);
    rows_are(db, "SELECT id, weight, parent, name, thrice, size FROM \"Tree node\" ORDER BY id",
             "1|2.0|NULL|root|rootrootroot|1\n5|2.0|1|five|fivefivefive|5\n9|2.0|5|n|nnn|9\n");
    rows_are(db, "SELECT rowid, node, note FROM leaf ORDER BY rowid", "3|5|x\n8|9|y\n");
    rows_are(db, "SELECT name, seq FROM sqlite_sequence", "Tree node|100\n");
    rows_are(db, "SELECT what FROM log", "add; root\nadd; five\nadd; n\nadd; gone\n"); /* none fired by the move */
    rows_are(db, "PRAGMA foreign_key_check", "");
    rows_are(db, "PRAGMA integrity_check", "ok\n");
    rows_are(db, "SELECT * FROM w ORDER BY note", "five|x\nn|y\n");
    assert_null(strstr(plan, "[D] DROP TABLE \"log\""));
    assert_non_null(strstr(plan, "[RF] INSERT OR ABORT INTO \"Tree node\""));
    /* alive: the trigger fires, the key cascades, the counter goes on */
    run(db, "INSERT INTO v(name) VALUES('new')");
    rows_are(db, "SELECT id, name, size FROM \"Tree node\" WHERE id > 9", "101|new|8\n");
    run(db, "DELETE FROM \"Tree node\" WHERE id = 5");
    rows_are(db, "SELECT id, parent FROM \"Tree node\" WHERE id = 9", "9|NULL\n");
    rows_are(db, "SELECT rowid, node FROM leaf ORDER BY rowid", "3|NULL\n8|9\n");
    dara_model_free(model);
    sqlite3_close(target);
    sqlite3_close(db);
}

struct pair {
    const char *name, *before, *after;
    const char *query, *rows; /* what must be there afterwards */
    const char *plan;         /* what the plan must say; NULL = anything */
    const char *not_plan;     /* what it must not */
};

static const struct pair pairs[] = {
    {"add a column", "CREATE TABLE t(a); INSERT INTO t VALUES(1)", "CREATE TABLE t(a, b TEXT NOT NULL DEFAULT 'x;y')",
     "SELECT * FROM t", "1|x;y\n", "[] ALTER TABLE \"t\" ADD COLUMN b TEXT NOT NULL DEFAULT 'x;y'\n", "INSERT"},
    {"add two columns with their constraints", "CREATE TABLE t(a); INSERT INTO t VALUES(1)",
     "CREATE TABLE t(a, b CHECK(b > 0), c /* why */ INT REFERENCES t(a) -- so\n)", "SELECT * FROM t", "1|NULL|NULL\n",
     "[F] ALTER TABLE \"t\" ADD COLUMN c /* why */ INT REFERENCES t(a)\n", "INSERT"},
    {"add a virtual generated column", "CREATE TABLE t(a); INSERT INTO t VALUES(1)",
     "CREATE TABLE t(a, b INT AS (a + 1))", "SELECT * FROM t", "1|2\n", "ADD COLUMN", "INSERT"},
    {"add a stored generated column", "CREATE TABLE t(a); INSERT INTO t VALUES(1)",
     "CREATE TABLE t(a, b INT AS (a + 1) STORED)", "SELECT * FROM t", "1|2\n", "[R] INSERT", "ADD COLUMN"},
    {"add a column with a default that is no constant", "CREATE TABLE t(a); INSERT INTO t VALUES(1)",
     "CREATE TABLE t(a, b DEFAULT CURRENT_DATE, c DEFAULT (abs(-3)))", "SELECT a, length(b), c FROM t", "1|10|3\n",
     "[R] INSERT", "ADD COLUMN"},
    {"add a unique column", "CREATE TABLE t(a); INSERT INTO t VALUES(1)", "CREATE TABLE t(a, b UNIQUE)",
     "SELECT * FROM t", "1|NULL\n", "[RF] INSERT", "ADD COLUMN"},
    {"add NOT NULL without default to no rows", "CREATE TABLE t(a)", "CREATE TABLE t(a, b NOT NULL)",
     "SELECT count(*) FROM t", "0\n", "[RF] INSERT", NULL},
    {"add a column before a table constraint", "CREATE TABLE t(a, b, UNIQUE(a, b)); INSERT INTO t VALUES(1, 2)",
     "CREATE TABLE t(a, b, c DEFAULT 3, UNIQUE(a, b))", "SELECT * FROM t", "1|2|3\n", "ADD COLUMN", "INSERT"},
    {"drop a column", "CREATE TABLE t(a, b, c); INSERT INTO t(rowid, a, b, c) VALUES(7, 1, 2, 3)",
     "CREATE TABLE t(a, c)", "SELECT rowid, * FROM t", "7|1|3\n", "[D] DROP TABLE \"dara_old_t\"", NULL},
    {"change the order of columns", "CREATE TABLE t(a, b, c); INSERT INTO t VALUES(1, 2, 3)", "CREATE TABLE t(c, a, b)",
     "SELECT * FROM t", "3|1|2\n", NULL, "[D]"},
    {"change a type", "CREATE TABLE t(a TEXT); INSERT INTO t VALUES('12'), ('x')", "CREATE TABLE t(a INTEGER)",
     "SELECT a, typeof(a) FROM t", "12|integer\nx|text\n", "[D] DROP TABLE", NULL},
    {"change a type that keeps every value", "CREATE TABLE t(a INTEGER); INSERT INTO t VALUES(12)",
     "CREATE TABLE t(a TEXT)", "SELECT a, typeof(a) FROM t", "12|text\n", "[R] INSERT", "[D]"},
    {"change a collation", "CREATE TABLE t(a UNIQUE); INSERT INTO t VALUES('a')",
     "CREATE TABLE t(a COLLATE NOCASE UNIQUE)", "SELECT a FROM t WHERE a = 'A'", "a\n", "[RF] INSERT", "[D]"},
    {"become WITHOUT ROWID", "CREATE TABLE t(a PRIMARY KEY, b); INSERT INTO t VALUES('x', 1), ('y', 2)",
     "CREATE TABLE t(a PRIMARY KEY, b) WITHOUT ROWID", "SELECT * FROM t", "x|1\ny|2\n", "[RF]", NULL},
    {"stop being WITHOUT ROWID",
     "CREATE TABLE t(a PRIMARY KEY, b) WITHOUT ROWID; INSERT INTO t VALUES('y', 1), ('x', 2)",
     "CREATE TABLE t(a PRIMARY KEY, b)", "SELECT rowid, * FROM t", "1|x|2\n2|y|1\n", NULL, NULL},
    {"become STRICT", "CREATE TABLE t(a INT, b TEXT); INSERT INTO t VALUES(1, 'x')",
     "CREATE TABLE t(a INT, b TEXT) STRICT", "SELECT * FROM t", "1|x\n", "[RF]", NULL},
    {"gain an integer primary key", "CREATE TABLE t(a); INSERT INTO t(rowid, a) VALUES(4, 'x'), (6, 'y')",
     "CREATE TABLE t(id INTEGER PRIMARY KEY, a)", "SELECT id, a FROM t", "4|x\n6|y\n", NULL, NULL},
    {"lose an integer primary key", "CREATE TABLE t(id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES(4, 'x'), (6, 'y')",
     "CREATE TABLE t(a)", "SELECT rowid, a FROM t", "4|x\n6|y\n", "[D]", NULL},
    {"all names of the rowid are columns", "CREATE TABLE t(rowid, oid, _rowid_); INSERT INTO t VALUES(1, 2, 3)",
     "CREATE TABLE t(rowid INT, oid, _rowid_)", "SELECT * FROM t", "1|2|3\n", NULL, NULL},
    {"one name of the rowid is a column", "CREATE TABLE t(RowId, a); INSERT INTO t(_rowid_, rowid, a) VALUES(9, 2, 3)",
     "CREATE TABLE t(rowid INT, a INT)", "SELECT _rowid_, * FROM t", "9|2|3\n", NULL, NULL},
    {"gain AUTOINCREMENT", "CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES(41)",
     "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT)", "SELECT * FROM sqlite_sequence", "t|41\n", NULL, NULL},
    {"keep the counter of an empty table",
     "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a); INSERT INTO t VALUES(41, 1); DELETE FROM t",
     "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a INT)", "SELECT * FROM sqlite_sequence", "t|41\n", NULL,
     NULL},
    {"lose AUTOINCREMENT", "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO t VALUES(41)",
     "CREATE TABLE t(id INTEGER PRIMARY KEY)", "SELECT * FROM sqlite_sequence", "", NULL, NULL},
    {"conflict clauses drop no row", "CREATE TABLE t(a, b); INSERT INTO t VALUES(1, 2), (3, NULL)",
     "CREATE TABLE t(a UNIQUE ON CONFLICT REPLACE, b)", "SELECT * FROM t", "1|2\n3|NULL\n", "OR ABORT", NULL},
    {"letter case alone is no change", "CREATE TABLE T(A INT); INSERT INTO t VALUES(1)", "create table t(a int)",
     "SELECT * FROM t", "1\n", NULL, "t"},
    {"the name of the table keeps the target's letter case", "CREATE TABLE T(A INT); INSERT INTO t VALUES(1)",
     "CREATE TABLE t(a TEXT)", "SELECT * FROM sqlite_schema AS s, t WHERE s.name = 't'", NULL, "RENAME", NULL},
    {"a name that is taken", "CREATE TABLE t(a); CREATE TABLE dara_old_t(b); INSERT INTO t VALUES(1)",
     "CREATE TABLE t(a INT); CREATE TABLE dara_old_t(b)", "SELECT * FROM t", "1\n", "dara_old_t_2", NULL},
    {"a trigger changes with its table",
     "CREATE TABLE t(a); CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END; INSERT INTO t VALUES(1)",
     "CREATE TABLE t(a INT); CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 2; END", "SELECT * FROM t", "1\n",
     "DROP TRIGGER \"g\"", NULL},
    {"an index goes, its table changes", "CREATE TABLE t(a, b); CREATE INDEX i ON t(b); INSERT INTO t VALUES(1, 2)",
     "CREATE TABLE t(a)", "SELECT * FROM t", "1\n", "DROP INDEX \"i\"", NULL},
    {"a view's trigger comes back with the view",
     "CREATE TABLE t(a); CREATE VIEW v AS SELECT a FROM t;"
     "CREATE TRIGGER g INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES(NEW.a); END",
     "CREATE TABLE t(a); CREATE VIEW v AS SELECT a FROM t WHERE a > 0;"
     "CREATE TRIGGER g INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES(NEW.a); END",
     "SELECT count(*) FROM sqlite_schema", "3\n", NULL, NULL},
    {"a broken view stays", "CREATE TABLE t(a); CREATE VIEW v AS SELECT missing FROM nowhere; INSERT INTO t VALUES(1)",
     "CREATE TABLE t(a INT); CREATE VIEW v AS SELECT missing FROM nowhere", "SELECT * FROM t", "1\n", NULL, "VIEW"},
    {"settings", "PRAGMA user_version = 3", "PRAGMA user_version = -4; PRAGMA application_id = 17",
     "SELECT * FROM pragma_user_version, pragma_application_id", "-4|17\n", "[] PRAGMA user_version = -4", NULL},
    {"a full-text table changes", "CREATE VIRTUAL TABLE f USING fts5(a); INSERT INTO f VALUES('x')",
     "CREATE VIRTUAL TABLE f USING fts5(a, b)", "SELECT count(*) FROM f", "0\n", "[D] DROP TABLE \"f\"", NULL},
    {"a table becomes a view", "CREATE TABLE t(a)", "CREATE VIEW t AS SELECT 1 AS a", "SELECT * FROM t", "1\n",
     "[D] DROP TABLE \"t\"", NULL},
    {"hostile names", "CREATE TABLE \"a\"\"b;--\"(\"c'\"\"d\", [e\"]); INSERT INTO \"a\"\"b;--\" VALUES(1, 2)",
     "CREATE TABLE \"a\"\"b;--\"(\"c'\"\"d\" INT, \"new\nline\" UNIQUE)", "SELECT * FROM \"a\"\"b;--\"", "1|NULL\n",
     NULL, NULL},
    {"keys in a ring",
     "CREATE TABLE a(id INTEGER PRIMARY KEY, b REFERENCES b); CREATE TABLE b(id INTEGER PRIMARY KEY, a REFERENCES a);"
     "INSERT INTO a VALUES(1, 1); INSERT INTO b VALUES(1, 1)",
     "CREATE TABLE a(id INTEGER PRIMARY KEY, b INT REFERENCES b); CREATE TABLE b(id INTEGER PRIMARY KEY, a INT "
     "REFERENCES a)",
     "SELECT * FROM a, b", "1|1|1|1\n", NULL, NULL},
};

static void take(const struct pair *pair, const char *from, const char *to, bool check)
{
    sqlite3 *db = make(from), *target = make(to);
    struct dara_model *model = read_model(target);
    DARA_FREE char *plan = NULL;
    migrate(db, model, &plan);
    if (check && pair->rows)
        rows_are(db, pair->query, pair->rows);
    if (check && pair->plan && !strstr(plan, pair->plan))
        fail_msg("%s: the plan lacks '%s':\n%s", pair->name, pair->plan, plan);
    if (check && pair->not_plan && strstr(plan, pair->not_plan))
        fail_msg("%s: the plan has '%s':\n%s", pair->name, pair->not_plan, plan);
    rows_are(db, "PRAGMA integrity_check", "ok\n");
    dara_model_free(model);
    sqlite3_close(target);
    sqlite3_close(db);
}

static void test_pairs(void **state)
{
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(pairs); i++) {
        print_message("# %s\n", pairs[i].name);
        take(&pairs[i], pairs[i].before, pairs[i].after, true);
        take(&pairs[i], pairs[i].after, pairs[i].before, false);
        take(&pairs[i], "", pairs[i].after, false);
        take(&pairs[i], pairs[i].before, "", false);
    }
}

/* What SQLite cannot do is said, not tried. */
static void test_cannot(void **state)
{
    (void)state;
    sqlite3 *db = make("CREATE TABLE t(a)"), *target = make("PRAGMA encoding = 'UTF-16le'; CREATE TABLE t(a)");
    struct dara_model *before = read_model(db), *after = read_model(target);
    DARA_DIFF_LOCAL diff = NULL;
    DARA_PLAN_LOCAL plan = NULL;
    assert_int_equal(dara_diff_new(before, after, &diff), 0);
    assert_int_equal(dara_plan_new(&test_driver, diff, &plan), 0);
    assert_int_equal(dara_plan_cannot_count(plan), 1);
    assert_int_equal(dara_plan_runnable(plan), DARA_EUNSUPPORTED);
    plan = dara_plan_free(plan);
    diff = dara_diff_free(diff);
    dara_model_free(before);
    dara_model_free(after);
    sqlite3_close(db);
    sqlite3_close(target);
}

/* A move that would have to invent a value fails, and changes nothing. */
static void test_never_invents(void **state)
{
    (void)state;
    sqlite3 *db = make("CREATE TABLE t(a); INSERT INTO t VALUES(NULL)");
    sqlite3 *target = make("CREATE TABLE t(a NOT NULL ON CONFLICT REPLACE DEFAULT 5)");
    struct dara_model *before = read_model(db), *after = read_model(target);
    DARA_DIFF_LOCAL diff = NULL;
    DARA_PLAN_LOCAL plan = NULL;
    assert_int_equal(dara_diff_new(before, after, &diff), 0);
    assert_int_equal(dara_plan_new(&test_driver, diff, &plan), 0);
    DARA_FREE char *was = schema(db);
    run(db, "BEGIN");
    int failed = 0;
    for (size_t i = 0; i < dara_plan_count(plan) && !failed; i++) {
        failed = sqlite3_exec(db, dara_plan_at(plan, i)->text, NULL, NULL, NULL);
        if (failed)
            assert_true(dara_plan_at(plan, i)->flags & DARA_STEP_MAY_FAIL);
    }
    assert_int_equal(failed, SQLITE_CONSTRAINT);
    run(db, "ROLLBACK");
    DARA_FREE char *is = schema(db);
    assert_string_equal(is, was);
    plan = dara_plan_free(plan);
    diff = dara_diff_free(diff);
    dara_model_free(before);
    dara_model_free(after);
    sqlite3_close(db);
    sqlite3_close(target);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hard_rebuild),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_cannot),
        cmocka_unit_test(test_never_invents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
