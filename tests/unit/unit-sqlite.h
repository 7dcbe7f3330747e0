/* SPDX-License-Identifier: MIT */
/* Databases in memory for the tests of the SQLite driver: models of them, and plans run on them. */
#ifndef DARA_TESTS_UNIT_SQLITE_H
#define DARA_TESTS_UNIT_SQLITE_H

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../../drivers/sqlite/driver.h"
#include "../../drivers/sqlite/lex.h"
#include "base/alloc.h"
#include "base/text.h"
#include "driver/session.h"
#include "model/model.h"

static const struct dara_dialect_ops test_dialect = {
    .size = sizeof(test_dialect),
    .extension = "sql",
    .delimiter = ";\n",
    .quote = sqlite_dialect_quote,
    .render = sqlite_dialect_render,
    .change = sqlite_dialect_change,
    .prepare = sqlite_dialect_prepare,
    .begin_snapshot = sqlite_dialect_begin_snapshot,
    .end_snapshot = sqlite_dialect_end_snapshot,
};
DARA_UNUSED static const struct dara_driver test_driver = {
    .abi_major = DARA_DRIVER_ABI_MAJOR,
    .size = sizeof(test_driver),
    .name = "sqlite",
    .dialect = &test_dialect,
};

/* Run statements; the test fails with SQLite's message when they do. */
static void run(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s\n-- in: %s", message, sql);
}

static sqlite3 *make(const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    run(db, sql);
    return db;
}

static struct dara_model *read_model(sqlite3 *db)
{
    struct dara_conn conn = {.db = db, .mode = DARA_MODE_WRITE, .lock_fd = -1};
    struct dara_model *model = NULL;
    assert_int_equal(dara_model_new("sqlite", sqlite_kinds, &model), 0);
    if (sqlite_introspect_read(&conn, NULL, model) || dara_model_finish(model))
        fail_msg("%s", dara_error_last()->message);
    return model;
}

/* All rows of a query as text: values joined by '|', rows by newlines; free(). */
DARA_UNUSED static char *query(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s\n-- in: %s", sqlite3_errmsg(db), sql);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const char *value = (const char *)sqlite3_column_text(statement, i);
            dara_text_format(&text, "%s%s", i ? "|" : "", value ? value : "NULL");
        }
        dara_text_add(&text, "\n");
    }
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    return dara_text_steal(&text);
}

/* sqlite_schema without places, sorted; sqlite_sequence, once made, stays without a table that needs it. free(). */
DARA_UNUSED static char *schema(sqlite3 *db)
{
    return query(db, "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' AND name "
                     "!= 'sqlite_sequence' "
                     "ORDER BY type, name, tbl_name");
}

/* The model as a script that makes it. free(). */
DARA_UNUSED static char *snapshot(const struct dara_model *model)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    const struct dara_object **objects = NULL;
    size_t count = 0;
    assert_int_equal(sqlite_dialect_begin_snapshot(model, &text), 0);
    assert_int_equal(dara_model_order(model, &objects, &count), 0);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(sqlite_dialect_render(objects[i], &text), 0);
    free(objects);
    assert_int_equal(sqlite_dialect_end_snapshot(model, &text), 0);
    return dara_text_steal(&text);
}

/* Take a database to another's model, as dara does; fails where it does not arrive. `ret_plan` (may be NULL) gets the
 * statements as text, each after its flags in brackets; free(). */
DARA_UNUSED static void migrate(sqlite3 *db, const struct dara_model *target, char **ret_plan)
{
    struct dara_model *before = read_model(db);
    DARA_DIFF_LOCAL diff = NULL;
    DARA_PLAN_LOCAL plan = NULL;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    assert_int_equal(dara_diff_new(before, target, &diff), 0);
    if (dara_plan_new(&test_driver, diff, &plan))
        fail_msg("%s", dara_error_last()->message);
    if (dara_plan_cannot_count(plan))
        fail_msg("%s", dara_plan_cannot_at(plan, 0)->why);
    run(db, "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE");
    for (size_t i = 0; i < dara_plan_count(plan); i++) {
        const struct dara_planned *step = dara_plan_at(plan, i);
        dara_text_format(&text, "[%s%s%s] %s\n", step->flags & DARA_STEP_DESTROYS ? "D" : "",
                         step->flags & DARA_STEP_REWRITES ? "R" : "", step->flags & DARA_STEP_MAY_FAIL ? "F" : "",
                         step->text);
        run(db, step->text);
    }
    run(db, "COMMIT; PRAGMA foreign_keys = ON");
    struct dara_model *after = read_model(db);
    DARA_DIFF_LOCAL rest = NULL;
    assert_int_equal(dara_diff_new(after, target, &rest), 0);
    for (size_t i = 0; i < dara_diff_count(rest); i++) {
        const struct dara_change *change = dara_diff_at(rest, i);
        DARA_FREE char *what = dara_object_describe(change->after ? change->after : change->before);
        fail_msg("%s still differs after:\n%s", what, dara_text_string(&text));
    }
    char here[65], there[65];
    dara_model_fingerprint(after, here);
    dara_model_fingerprint(target, there);
    assert_string_equal(here, there);
    if (ret_plan)
        *ret_plan = dara_text_steal(&text);
    rest = dara_diff_free(rest);
    dara_model_free(after);
    plan = dara_plan_free(plan);
    diff = dara_diff_free(diff);
    dara_model_free(before);
}

/* The rows of a query, as query() gives them, must be these. */
DARA_UNUSED static void rows_are(sqlite3 *db, const char *sql, const char *wanted)
{
    DARA_FREE char *rows = query(db, sql);
    assert_string_equal(rows, wanted);
}

#endif
