/* SPDX-License-Identifier: MIT */
/*
 * Pairs of schemas of a public project, each taken from the one to the other and back, with rows in the tables, on each server that is named
 * (DARA_TEST_MARIADB_URI, DARA_TEST_MYSQL_URI: a user who may make databases). The folder is $DARA_TEST_CORPORA, else ../shared/corpora
 * beside the source tree. DARA_TEST_VERBOSE=1 shows what no server took; DARA_TEST_ONLY=ID takes one pair and shows its plans.
 */
#include "unit-plan.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/url.h"

/* A database of its own, with a session on it. */
struct place {
    char name[64];
    struct dara_url *url;
    struct dara_session *session;
};

static const char *server, *pairs, *corpora;
static bool scripts_have_rows; /* a step that says that it may fail may then do so */
static struct place here, there;
static struct {
    size_t taken, unrunnable, refused, wrong, unrestored, lost, stopped, filled;
} counts;

/* ---- statements ------------------------------------------------------------------------------------------------------------ */

static bool try_run(struct place *place, const char *sql)
{
    return dara_session_execute(place->session, sql, strlen(sql), NULL, NULL) == 0;
}

static void run(struct place *place, const char *sql)
{
    if (!try_run(place, sql))
        fail_msg("%s: %s", sql, dara_error_last()->message);
}

static bool run_script(struct place *place, const char *text)
{
    DARA_SCRIPT_LOCAL script = NULL;
    bool good = dara_dialect_split(dara_session_driver(place->session), text, strlen(text), &script) == 0;
    for (size_t i = 0; good && i < script->count; i++)
        good = try_run(place, script->statements[i].text);
    return dara_session_reset(place->session) == 0 && good;
}

static void empty(struct place *place)
{
    DARA_FREE char *drop = dara_format("DROP DATABASE IF EXISTS %s", place->name);
    DARA_FREE char *create = dara_format("CREATE DATABASE %s CHARACTER SET utf8mb4", place->name);
    DARA_FREE char *use = dara_format("USE %s", place->name);
    run(place, drop);
    run(place, create);
    run(place, use);
}

static void open_place(struct place *place, const char *suffix)
{
    const struct dara_session_options options = {.mode = DARA_MODE_WRITE, .lock_timeout_ms = 5000, .application = "t"};
    bool existed;
    snprintf(place->name, sizeof(place->name), "dara_pairs_%ld_%s", (long)getpid(), suffix);
    DARA_FREE char *text = dara_format("%s/%s", server, place->name);
    if (dara_url_parse(text, NULL, &place->url) || dara_session_create_database(place->url, &existed) ||
        dara_session_open(place->url, &options, &place->session))
        fail_msg("%s", dara_error_last()->message);
}

static void close_place(struct place *place)
{
    DARA_FREE char *drop = dara_format("DROP DATABASE %s", place->name);
    run(place, drop);
    place->session = dara_session_close(place->session);
    place->url = dara_url_free(place->url);
}

static struct dara_model *read_model(struct place *place)
{
    struct dara_model *model = NULL;
    if (dara_session_read(place->session, &model))
        fail_msg("%s", dara_error_last()->message);
    return model;
}

/* False when the server refuses the script. */
static bool make(struct place *place, const char *script)
{
    empty(place);
    bool good = run_script(place, script);
    if (!good && getenv("DARA_TEST_VERBOSE"))
        print_message("#   unrunnable: %s\n", dara_error_last()->message);
    dara_error_clear();
    return good;
}

/* ---- rows ------------------------------------------------------------------------------------------------------------------ */

static bool is(const struct dara_object *object, const char *kind)
{
    return strcmp(dara_object_kind(object)->name, kind) == 0;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Values of the same number in all columns fit together as keys. */
static void add_value(struct dara_text *sql, const char *type, int row)
{
    static const char *const numbers[] = {"tinyint", "smallint", "mediumint", "int",  "bigint", "decimal",
                                          "float",   "double",   "bit",       "enum", "set"};
    static const char *const words[] = {"char",       "varchar",  "binary",   "varbinary", "tinytext",   "text",
                                        "mediumtext", "longtext", "tinyblob", "blob",      "mediumblob", "longblob"};
    for (size_t i = 0; i < DARA_COUNT(numbers); i++) {
        if (begins(type, numbers[i])) {
            dara_text_format(sql, "%d", begins(type, "enum") || begins(type, "set") || begins(type, "bit") ? 1 : row);
            return;
        }
    }
    for (size_t i = 0; i < DARA_COUNT(words); i++) {
        if (begins(type, words[i])) {
            dara_text_format(sql, "'%d'", row);
            return;
        }
    }
    if (begins(type, "json"))
        dara_text_format(sql, "'{\"a\": %d}'", row);
    else if (begins(type, "year"))
        dara_text_format(sql, "%d", 2000 + row);
    else if (begins(type, "time("))
        dara_text_format(sql, "'01:00:0%d'", row);
    else if (begins(type, "date") || begins(type, "timestamp"))
        dara_text_format(sql, "'2020-01-0%d'", row);
    else
        dara_text_add(sql, "DEFAULT");
}

static void add_row(struct place *place, const struct dara_object *table, int row)
{
    DARA_TEXT_LOCAL names = DARA_TEXT_INIT, values = DARA_TEXT_INIT;
    const struct dara_object *column = NULL;
    const struct dara_driver *driver = dara_session_driver(place->session);
    while ((column = dara_object_owned(table, "column", column))) {
        if (dara_object_has(column, "generated"))
            continue;
        dara_text_add(&names, names.length ? ", " : "");
        dara_text_add(&values, values.length ? ", " : "");
        dara_dialect_quote(driver, dara_object_name(column), &names);
        add_value(&values, dara_object_text(column, "type"), row);
    }
    DARA_TEXT_LOCAL sql = DARA_TEXT_INIT;
    dara_text_add(&sql, "INSERT IGNORE INTO ");
    dara_dialect_quote(driver, dara_object_name(table), &sql);
    dara_text_format(&sql, " (%s) VALUES (%s)", dara_text_string(&names), dara_text_string(&values));
    counts.filled += try_run(place, dara_text_string(&sql));
    dara_error_clear();
}

/* Those that need others are filled in a later round. */
static void fill_tables(struct place *place, const struct dara_model *model)
{
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < dara_model_count(model); i++)
            for (int row = 1; row <= 2 && is(dara_model_at(model, i), "table"); row++)
                add_row(place, dara_model_at(model, i), row);
}

static int keep_row(void *context, size_t count, const struct dara_value *values)
{
    for (size_t i = 0; i < count; i++)
        dara_text_add_bytes(context, values[i].type == DARA_NULL ? "NULL" : values[i].bytes,
                            values[i].type == DARA_NULL ? 4 : values[i].length);
    dara_text_add(context, "\n");
    return 0;
}

/* Whether a column is in both, of the same type. */
static bool is_kept(const struct dara_object *column, const struct dara_object *other)
{
    const struct dara_object *same = other ? dara_object_owned(other, "column", NULL) : NULL;
    for (; same; same = dara_object_owned(other, "column", same))
        if (strcmp(dara_object_key(same), dara_object_key(column)) == 0)
            return strcmp(dara_object_text(same, "type"), dara_object_text(column, "type")) == 0 &&
                   !dara_object_has(same, "generated") && !dara_object_has(column, "generated");
    return false;
}

/* The rows of every table that is in both, in the columns that are; free(). */
static char *read_rows(struct place *place, const struct dara_model *mine, const struct dara_model *other)
{
    DARA_TEXT_LOCAL rows = DARA_TEXT_INIT;
    const struct dara_driver *driver = dara_session_driver(place->session);
    for (size_t i = 0; i < dara_model_count(mine); i++) {
        const struct dara_object *table = dara_model_at(mine, i), *same = dara_model_same(other, table), *column = NULL;
        DARA_TEXT_LOCAL sql = DARA_TEXT_INIT;
        if (!is(table, "table") || !same)
            continue;
        dara_text_add(&sql, "SELECT CONCAT_WS('|', COUNT(*)");
        while ((column = dara_object_owned(table, "column", column))) {
            if (!is_kept(column, same))
                continue;
            DARA_TEXT_LOCAL name = DARA_TEXT_INIT;
            dara_dialect_quote(driver, dara_object_name(column), &name);
            dara_text_format(&sql, ", GROUP_CONCAT(HEX(%s) ORDER BY 1)", dara_text_string(&name));
        }
        dara_text_add(&sql, ") FROM ");
        dara_dialect_quote(driver, dara_object_name(table), &sql);
        const struct dara_reader reader = {.row = keep_row, .context = &rows};
        dara_text_format(&rows, "%s: ", dara_object_name(table));
        if (dara_session_execute(place->session, sql.bytes, sql.length, &reader, NULL))
            fail_msg("%s: %s", sql.bytes, dara_error_last()->message);
    }
    return dara_text_steal(&rows);
}

/* ---- plans ----------------------------------------------------------------------------------------------------------------- */

/* The flags of the step that failed, or -1. */
static int run_plan(struct place *place, const struct dara_plan *plan, struct dara_text *why)
{
    for (size_t i = 0; i < dara_plan_count(plan); i++) {
        const struct dara_planned *step = dara_plan_at(plan, i);
        if (try_run(place, step->text))
            continue;
        dara_text_format(why, "%s\n-- in: %s\n", dara_error_last()->message, step->text);
        dara_error_clear();
        return (int)step->flags;
    }
    return -1;
}

/* `here` holds `before`; take it to `after`. */
static void take(const char *id, const struct dara_plan *plan, const struct dara_model *after)
{
    DARA_TEXT_LOCAL why = DARA_TEXT_INIT;
    int flags = run_plan(&here, plan, &why);
    bool good = flags < 0;
    if (scripts_have_rows && !good && (unsigned)flags & DARA_STEP_MAY_FAIL) {
        counts.stopped++;
        return;
    }
    if (good) {
        struct dara_model *now = read_model(&here);
        good = same_model(now, after, &why);
        dara_model_free(now);
    }
    if (!good) {
        counts.wrong++;
        print_message("# %s: %s", id, dara_text_string(&why));
    }
}

static void take_rows(const char *id, const struct dara_plan *plan, const struct dara_model *before,
                      const struct dara_model *after)
{
    DARA_TEXT_LOCAL why = DARA_TEXT_INIT;
    fill_tables(&here, before);
    DARA_FREE char *was = read_rows(&here, before, after);
    int flags = run_plan(&here, plan, &why);
    if (flags >= 0 && (unsigned)flags & DARA_STEP_MAY_FAIL) {
        counts.stopped++;
        return;
    }
    if (flags >= 0) {
        counts.lost++;
        print_message("# %s with rows: %s", id, dara_text_string(&why));
        return;
    }
    DARA_FREE char *is_now = read_rows(&here, before, after);
    if (strcmp(is_now, was) != 0) {
        counts.lost++;
        print_message("# %s loses rows:\n%s-- became\n%s", id, was, is_now);
    }
}

static void take_way(const char *id, const char *old, const struct dara_model *before, const struct dara_model *after)
{
    DARA_DIFF_LOCAL diff = NULL;
    DARA_PLAN_LOCAL plan = NULL;
    assert_int_equal(dara_diff_new(before, after, &diff), 0);
    if (dara_plan_new(dara_session_driver(here.session), diff, &plan))
        fail_msg("%s: %s", id, dara_error_last()->message);
    counts.taken++;
    DARA_FREE char *text = plan_text(plan);
    if (getenv("DARA_TEST_ONLY"))
        print_message("%s", text);
    if (dara_plan_cannot_count(plan)) {
        counts.refused++;
        print_message("# %s refused: %s\n", id, dara_plan_cannot_at(plan, 0)->why);
        return;
    }
    assert_true(make(&here, old));
    take(id, plan, after);
    assert_true(make(&here, old));
    take_rows(id, plan, before, after);
}

/* What is written as a snapshot makes the same again. */
static void restore(const char *id, const struct dara_model *model)
{
    const struct dara_driver *driver = dara_session_driver(here.session);
    const struct dara_object **objects = NULL;
    size_t count = 0;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT, why = DARA_TEXT_INIT;
    dara_dialect_begin_snapshot(driver, model, &text);
    assert_int_equal(dara_model_order(model, &objects, &count), 0);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(dara_dialect_render(driver, objects[i], &text), 0);
    free(objects);
    dara_dialect_end_snapshot(driver, model, &text);
    bool good = make(&here, dara_text_string(&text));
    if (good) {
        struct dara_model *now = read_model(&here);
        good = same_model(now, model, &why);
        dara_model_free(now);
    }
    if (!good) {
        counts.unrestored++;
        print_message("# %s not restored: %s\n%s", id, dara_text_string(&why), dara_text_string(&text));
    }
}

static void take_pair(const char *id, const char *old, const char *new)
{
    struct dara_model *before = NULL, *after = NULL;
    if (!make(&there, new) || !make(&here, old)) {
        counts.unrunnable++;
        return;
    }
    before = read_model(&here);
    after = read_model(&there);
    restore(id, after);
    take_way(id, old, before, after);
    DARA_FREE char *back = dara_format("%s (back)", id);
    take_way(back, new, after, before);
    dara_model_free(before);
    dara_model_free(after);
}

static void test_pairs(void **state)
{
    const char *only = getenv("DARA_TEST_ONLY");
    (void)state;
    memset(&counts, 0, sizeof(counts));
    for (const char *line = pairs, *end; (end = strchr(line, '\n')); line = end + 1) {
        json_t *pair = json_loadb(line, (size_t)(end - line), 0, NULL);
        assert_non_null(pair);
        const char *id = json_string_value(json_object_get(pair, "id"));
        if (!only || strcmp(only, id) == 0)
            take_pair(id, json_string_value(json_object_get(pair, "old")),
                      json_string_value(json_object_get(pair, "new")));
        json_decref(pair);
    }
    print_message("# %zu plans, %zu wrong, %zu refused; %zu snapshots wrong; %zu rows, %zu stopped by rows, %zu wrong "
                  "with rows; %zu pairs not for this server\n",
                  counts.taken, counts.wrong, counts.refused, counts.unrestored, counts.filled, counts.stopped,
                  counts.lost, counts.unrunnable);
    assert_true(counts.taken > 0);
    assert_int_equal(counts.wrong + counts.unrestored + counts.lost + counts.refused, 0);
}

/* ---- whole schemas: to each from nothing and from each other ------------------------------------------------------------------ */

static char *read_script(const char *path)
{
    char *text = NULL;
    size_t length = 0;
    if (dara_file_read(path, &text, &length))
        fail_msg("%s", dara_error_last()->message);
    return text;
}

/* A script without what names a database. */
static void drop_lines(char *text, const char *const *words)
{
    for (; *words; words++)
        for (char *at = text; (at = strstr(at, *words));)
            if (at == text || at[-1] == '\n')
                memset(at, ' ', strcspn(at, "\n"));
            else
                at++;
}

static void test_schemas(void **state)
{
    static const char *const databases[] = {"DROP SCHEMA",     "CREATE SCHEMA", "DROP DATABASE",
                                            "CREATE DATABASE", "USE ",          NULL};
    const char *source = getenv("srcdir");
    DARA_FREE char *rich_path = dara_format("%s/tests/conformance/rich/mysql.sql", source ? source : ".");
    DARA_FREE char *sakila_path = dara_format("%s/sakila/mysql/sakila-mv-schema.sql", corpora);
    DARA_FREE char *rich = read_script(rich_path), *sakila = read_script(sakila_path);
    (void)state;
    if (getenv("DARA_TEST_ONLY"))
        return;
    drop_lines(sakila, databases);
    for (char *at = sakila; (at = strstr(at, "sakila."));)
        memset(at, ' ', strlen("sakila."));
    memset(&counts, 0, sizeof(counts));
    scripts_have_rows = true;
    take_pair("rich", "", rich);
    take_pair("sakila", "", sakila);
    take_pair("sakila to rich", sakila, rich);
    print_message(
        "# schemas: %zu plans, %zu wrong, %zu refused; %zu snapshots wrong; %zu rows, %zu stopped by rows, %zu "
        "wrong with rows; %zu pairs not for this server\n",
        counts.taken, counts.wrong, counts.refused, counts.unrestored, counts.filled, counts.stopped, counts.lost,
        counts.unrunnable);
    assert_int_equal(counts.taken, 6);
    assert_int_equal(counts.wrong + counts.unrestored + counts.lost + counts.refused, 0);
}

static void begin(const char *variable)
{
    server = getenv(variable);
    open_place(&here, "a");
    open_place(&there, "b");
}

static void begin_mariadb(void **state)
{
    (void)state;
    begin("DARA_TEST_MARIADB_URI");
}

static void begin_mysql(void **state)
{
    (void)state;
    begin("DARA_TEST_MYSQL_URI");
}

static void end(void **state)
{
    (void)state;
    close_place(&here);
    close_place(&there);
}

static int say_skipped(const char *why)
{
    printf("1..0 # SKIP %s\n", why);
    return 0;
}

int main(void)
{
    static const struct {
        const char *variable;
        void (*begin)(void **state);
    } servers[] = {{"DARA_TEST_MARIADB_URI", begin_mariadb}, {"DARA_TEST_MYSQL_URI", begin_mysql}};
    const char *given = getenv("DARA_TEST_CORPORA"), *source = getenv("srcdir");
    DARA_FREE char *folder = given ? dara_strdup(given) : dara_format("%s/../shared/corpora", source ? source : ".");
    DARA_FREE char *path = dara_format("%s/diff/sqldef-mysqldef.jsonl", folder);
    DARA_FREE char *text = NULL;
    struct CMUnitTest tests[2 * 4];
    size_t length = 0, count = 0;
    if (!dara_file_exists(path))
        return say_skipped("no corpora: name their folder in DARA_TEST_CORPORA");
    if (dara_file_read(path, &text, &length))
        return 1;
    pairs = text;
    corpora = folder;
    for (size_t i = 0; i < DARA_COUNT(servers); i++) {
        if (!getenv(servers[i].variable))
            continue;
        tests[count++] = (struct CMUnitTest){servers[i].variable, servers[i].begin, NULL, NULL, NULL};
        tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_pairs);
        tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_schemas);
        tests[count++] = (struct CMUnitTest)cmocka_unit_test(end);
    }
    return count ? _cmocka_run_group_tests("mysql-pairs", tests, count, NULL, NULL)
                 : say_skipped("neither DARA_TEST_MARIADB_URI nor DARA_TEST_MYSQL_URI names a server");
}
