/* SPDX-License-Identifier: MIT */
/*
 * Pairs of schemas of public projects, each taken from the one to the other and back, on a server (DARA_TEST_POSTGRES_URI: a superuser of
 * a database that is empty), and of every kind of object (postgres-pairs.sql), each inside a transaction that is rolled back. The folder is $DARA_TEST_CORPORA, else
 * ../shared/corpora beside the source tree. DARA_TEST_VERBOSE=1 shows what failed; DARA_TEST_ONLY=ID takes one pair and shows its plan.
 */
#include "unit-postgres.h"

#include <jansson.h>

#include "base/file.h"

static char *folder;
static PGconn *server;
static struct {
    size_t taken, unrunnable, refused, wrong, unrestored, known, lost, stopped;
} counts;

static bool run_quietly(const char *sql, char **ret_message)
{
    PGresult *result = PQexec(server, sql);
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK ||
                PQresultStatus(result) == PGRES_EMPTY_QUERY;
    if (!good && ret_message)
        *ret_message = dara_strdup(PQerrorMessage(server));
    PQclear(result);
    return good;
}

static void run(const char *sql)
{
    if (!run_quietly(sql, NULL))
        fail_msg("%s: %s", sql, PQerrorMessage(server));
}

static struct dara_model *read_model(void)
{
    struct dara_conn conn = {
        .pg = server, .mode = DARA_MODE_WRITE, .version = PQserverVersion(server), .in_transaction = true};
    struct dara_model *model = NULL;
    assert_int_equal(dara_model_new("postgres", postgres_kinds, &model), 0);
    if (postgres_introspect_read(&conn, NULL, model) || dara_model_finish(model))
        fail_msg("%s: %s", dara_error_last()->message, dara_error_last()->detail);
    return model;
}

/* Rows behind COPY … FROM stdin are fed to it. */
static bool copy(const struct dara_statement *statement, char **ret_message)
{
    const char *data = strchr(statement->text, '\n');
    DARA_FREE char *head = dara_strndup(statement->text, (size_t)(data - statement->text));
    PGresult *result = PQexec(server, head);
    bool good = PQresultStatus(result) == PGRES_COPY_IN;
    if (good) {
        size_t length = statement->length - (size_t)(data + 1 - statement->text) - 2;
        good = PQputCopyData(server, data + 1, (int)length) == 1 && PQputCopyEnd(server, NULL) == 1;
    }
    PQclear(result);
    while ((result = PQgetResult(server))) {
        good = good && PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
    }
    if (!good)
        *ret_message = dara_strdup(PQerrorMessage(server));
    return good;
}

static bool run_script(const char *text, char **ret_message)
{
    DARA_SCRIPT_LOCAL script = NULL;
    bool good = true;
    if (dara_dialect_split(&test_driver, text, strlen(text), &script)) {
        *ret_message = dara_format("%s\n", dara_error_last()->message);
        return false;
    }
    for (size_t i = 0; good && i < script->count; i++) {
        const struct dara_statement *statement = &script->statements[i];
        bool rows = statement->length > 3 && memcmp(statement->text + statement->length - 3, "\n\\.", 3) == 0;
        good = rows ? copy(statement, ret_message) : run_quietly(statement->text, ret_message);
    }
    return good;
}

/* A script in a transaction that stays open; false when the server refuses it. */
static bool make(const char *script)
{
    char *message = NULL;
    run("BEGIN");
    bool good = run_quietly("SET LOCAL client_min_messages = error", NULL) && run_script(script, &message) &&
                PQtransactionStatus(server) == PQTRANS_INTRANS;
    if (!good && getenv("DARA_TEST_VERBOSE"))
        print_message("#   unrunnable: %s", message ? message : "it ends the transaction\n");
    free(message);
    if (!good)
        run_quietly("ROLLBACK", NULL);
    return good;
}

static bool run_plan(const struct dara_plan *plan, struct dara_text *why)
{
    for (size_t i = 0; i < dara_plan_count(plan); i++) {
        char *message = NULL;
        if (run_quietly(dara_plan_at(plan, i)->text, &message))
            continue;
        dara_text_format(why, "%s-- in: %s\n", message, dara_plan_at(plan, i)->text);
        free(message);
        return false;
    }
    return true;
}

/* What cannot be done yet, and why. */
static const char *known(const char *id)
{
    static const struct {
        const char *id, *why;
    } cases[] = {
        {"extversions", "a snapshot leaves the version of an extension to the server"},
        {"extversions (back)", "the server has no way back to an older version of an extension: refused"},
    };
    for (size_t i = 0; i < DARA_COUNT(cases); i++)
        if (strcmp(cases[i].id, id) == 0)
            return cases[i].why;
    return NULL;
}

/* ---- rows --------------------------------------------------------------------------------------------------------------- */

static char *ask(const char *sql)
{
    PGresult *result = PQexec(server, sql);
    char *value =
        PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) ? dara_strdup(PQgetvalue(result, 0, 0)) : NULL;
    PQclear(result);
    return value;
}

/* Two rows into every table that takes them by its defaults. */
static void fill_tables(const struct dara_model *model)
{
    for (size_t i = 0; i < dara_model_count(model); i++) {
        const struct dara_object *table = dara_model_at(model, i);
        DARA_TEXT_LOCAL insert = DARA_TEXT_INIT;
        if (strcmp(dara_object_kind(table)->name, "table") != 0)
            continue;
        dara_text_add(&insert, "INSERT INTO ");
        postgres_dialect_quote(NULL, dara_object_space(table), &insert);
        dara_text_add(&insert, ".");
        postgres_dialect_quote(NULL, dara_object_name(table), &insert);
        dara_text_add(&insert, " DEFAULT VALUES");
        for (size_t row = 0; row < 2; row++) {
            run("SAVEPOINT fill");
            if (!run_quietly(insert.bytes, NULL))
                run("ROLLBACK TO fill");
        }
    }
}

/* How many rows each table has that is in both models; free(). */
static char *count_rows(const struct dara_model *here, const struct dara_model *there)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    for (size_t i = 0; i < dara_model_count(here); i++) {
        const struct dara_object *table = dara_model_at(here, i), *same = dara_model_same(there, table);
        DARA_TEXT_LOCAL select = DARA_TEXT_INIT;
        if (strcmp(dara_object_kind(table)->name, "table") != 0 || !same)
            continue;
        dara_text_add(&select, "SELECT count(*) FROM ONLY ");
        postgres_dialect_quote(NULL, dara_object_space(table), &select);
        dara_text_add(&select, ".");
        postgres_dialect_quote(NULL, dara_object_name(table), &select);
        DARA_FREE char *count = ask(select.bytes);
        dara_text_format(&text, "%s %s\n", dara_object_name(table), count ? count : "?");
    }
    return dara_text_steal(&text);
}

static bool names_loss(const struct dara_plan *plan)
{
    for (size_t i = 0; i < dara_plan_count(plan); i++)
        if (strncmp(dara_plan_at(plan, i)->text, "DROP TABLE", 10) == 0)
            return true;
    return false;
}

/* The same plan with rows in the tables: none is lost. A step that says that it may fail may stop it. */
static void take_rows(const char *id, const struct dara_model *before, const struct dara_model *after)
{
    DARA_DIFF_LOCAL diff = NULL;
    DARA_PLAN_LOCAL plan = NULL;
    assert_int_equal(dara_diff_new(before, after, &diff), 0);
    assert_int_equal(dara_plan_new(&test_driver, diff, &plan), 0);
    if (dara_plan_cannot_count(plan))
        return;
    fill_tables(before);
    run_quietly("SET CONSTRAINTS ALL IMMEDIATE", NULL); /* no trigger events may be pending */
    DARA_FREE char *was = count_rows(before, after);
    for (size_t i = 0; i < dara_plan_count(plan); i++) {
        const struct dara_planned *step = dara_plan_at(plan, i);
        char *message = NULL;
        if (run_quietly(step->text, &message))
            continue;
        if (!(step->flags & DARA_STEP_MAY_FAIL) && !known(id)) {
            counts.lost++;
            print_message("# %s with rows: %s-- in: %s\n", id, message, step->text);
        } else {
            counts.stopped++;
        }
        free(message);
        return;
    }
    DARA_FREE char *is = count_rows(before, after);
    if (strcmp(is, was) != 0 && !names_loss(plan)) {
        counts.lost++;
        print_message("# %s loses rows:\n%s-- became\n%s", id, was, is);
    }
}

/* The open transaction holds `before`; take it to `after`. */
static void take(const char *id, const struct dara_model *before, const struct dara_model *after)
{
    DARA_DIFF_LOCAL diff = NULL;
    DARA_PLAN_LOCAL plan = NULL;
    DARA_TEXT_LOCAL why = DARA_TEXT_INIT;
    const char *only = getenv("DARA_TEST_ONLY");
    assert_int_equal(dara_diff_new(before, after, &diff), 0);
    if (dara_plan_new(&test_driver, diff, &plan))
        fail_msg("%s: %s", id, dara_error_last()->message);
    DARA_FREE char *text = plan_text(plan);
    if (only)
        print_message("%s", text);
    counts.taken++;
    if (dara_plan_cannot_count(plan)) {
        counts.refused++;
        counts.known += known(id) != NULL;
        print_message("# %s refused: %s\n", id, dara_plan_cannot_at(plan, 0)->why);
        return;
    }
    bool good = run_plan(plan, &why);
    if (good) {
        struct dara_model *now = read_model();
        good = same_model(now, after, &why);
        dara_model_free(now);
    }
    if (!good) {
        counts.wrong++;
        counts.known += known(id) != NULL;
        print_message("# %s: %s", id, dara_text_string(&why));
    }
}

static void restore(const char *id, const struct dara_model *model)
{
    DARA_FREE char *script = snapshot(model);
    DARA_TEXT_LOCAL why = DARA_TEXT_INIT;
    char *message = NULL;
    char *end = strstr(script, "COMMIT;\n"); /* stay inside */
    for (char *next = end; next; next = strstr(next + 1, "COMMIT;\n"))
        end = next;
    *end = '\0';
    bool good = run_quietly(strstr(script, "BEGIN;\n") + 7, &message);
    if (good) {
        struct dara_model *now = read_model();
        good = same_model(now, model, &why);
        dara_model_free(now);
    }
    if (!good) {
        counts.unrestored++;
        counts.known += known(id) != NULL;
        print_message("# %s not restored: %s%s", id, message ? message : "", dara_text_string(&why));
    }
    free(message);
}

static void take_pair(const char *id, const char *old, const char *new)
{
    struct dara_model *after = NULL, *before = NULL;
    if (!make(new)) {
        counts.unrunnable++;
        return;
    }
    after = read_model();
    run("ROLLBACK");
    run("BEGIN");
    restore(id, after);
    run("ROLLBACK");
    if (!make(old)) {
        counts.unrunnable++;
        dara_model_free(after);
        return;
    }
    before = read_model();
    take(id, before, after);
    run("ROLLBACK");
    assert_true(make(old));
    take_rows(id, before, after);
    run("ROLLBACK");
    assert_true(make(new));
    DARA_FREE char *back = dara_format("%s (back)", id);
    take(back, after, before);
    run("ROLLBACK");
    assert_true(make(new));
    take_rows(back, after, before);
    run("ROLLBACK");
    dara_model_free(before);
    dara_model_free(after);
}

static char *read_file(const char *path)
{
    DARA_FCLOSE FILE *file = fopen(path, "rb");
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    char piece[4096];
    if (!file)
        fail_msg("cannot read %s", path);
    for (size_t got; (got = fread(piece, 1, sizeof(piece), file)) > 0;)
        dara_text_add_bytes(&text, piece, got);
    return dara_text_steal(&text);
}

static void judge(const char *name)
{
    print_message("# %s: %zu plans, %zu wrong, %zu refused; %zu snapshots wrong; %zu stopped by rows, %zu wrong with "
                  "rows; %zu pairs not for this server\n",
                  name, counts.taken, counts.wrong, counts.refused, counts.unrestored, counts.stopped, counts.lost,
                  counts.unrunnable);
    if (getenv("DARA_TEST_ONLY"))
        return;
    assert_true(counts.taken > 0);
    assert_int_equal(counts.wrong + counts.refused + counts.unrestored, counts.known);
    assert_int_equal(counts.lost, 0);
}

static void take_file(const char *name)
{
    DARA_FREE char *path = dara_format("%s/%s", folder, name);
    DARA_FREE char *lines = read_file(path);
    const char *only = getenv("DARA_TEST_ONLY");
    memset(&counts, 0, sizeof(counts));
    for (char *line = lines, *end; (end = strchr(line, '\n')); line = end + 1) {
        json_t *pair = json_loadb(line, (size_t)(end - line), 0, NULL);
        assert_non_null(pair);
        const char *id = json_string_value(json_object_get(pair, "id"));
        if (!only || strcmp(only, id) == 0)
            take_pair(id, json_string_value(json_object_get(pair, "old")),
                      json_string_value(json_object_get(pair, "new")));
        json_decref(pair);
    }
    judge(name);
}

/* ---- pairs of every kind ------------------------------------------------------------------------------------------------ */

struct sections {
    char name[128];
    int version;
    struct dara_text both, old, new, *into;
};

static void take_sections(struct sections *sections)
{
    const char *only = getenv("DARA_TEST_ONLY");
    DARA_FREE char *old = dara_format("%s%s", dara_text_string(&sections->both), dara_text_string(&sections->old));
    DARA_FREE char *new = dara_format("%s%s", dara_text_string(&sections->both), dara_text_string(&sections->new));
    if (*sections->name && PQserverVersion(server) >= sections->version * 10000 &&
        (!only || strcmp(only, sections->name) == 0))
        take_pair(sections->name, old, new);
    sections->version = 0;
    dara_text_done(&sections->both);
    dara_text_done(&sections->old);
    dara_text_done(&sections->new);
}

/* A line of the file; those that begin a section are not part of it. */
static void take_line(struct sections *sections, const char *line)
{
    if (strncmp(line, "-- pair ", 8) == 0) {
        take_sections(sections);
        snprintf(sections->name, sizeof(sections->name), "%s", line + 8);
    } else if (strncmp(line, "-- from ", 8) == 0) {
        sections->version = (int)strtol(line + 8, NULL, 10);
    } else if (strncmp(line, "-- ", 3) == 0) {
        sections->into = strcmp(line, "-- both") == 0  ? &sections->both
                         : strcmp(line, "-- old") == 0 ? &sections->old
                         : strcmp(line, "-- new") == 0 ? &sections->new
                                                       : NULL;
    } else if (sections->into) {
        dara_text_format(sections->into, "%s\n", line);
    }
}

static void test_kinds(void **state)
{
    (void)state;
    const char *source = getenv("srcdir");
    DARA_FREE char *path = dara_format("%s/tests/unit/postgres-pairs.sql", source ? source : ".");
    DARA_FREE char *lines = read_file(path);
    struct sections sections = {.name = ""};
    memset(&counts, 0, sizeof(counts));
    for (char *line = lines, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        take_line(&sections, line);
    }
    take_sections(&sections);
    judge("postgres-pairs.sql");
    assert_int_equal(counts.unrunnable, 0);
}

static void test_migra(void **state)
{
    (void)state;
    take_file("diff/migra.jsonl");
}

static void test_apgdiff(void **state)
{
    (void)state;
    take_file("diff/apgdiff.jsonl");
}

static void test_psqldef(void **state)
{
    (void)state;
    take_file("diff/sqldef-psqldef.jsonl");
}

static int say_skipped(const char *why)
{
    printf("1..0 # SKIP %s\n", why);
    return 0;
}

/* Roles belong to the server and stay; scripts name these. */
static void make_roles(void)
{
    static const char *const roles[] = {
        "postgres", "fordfrog", "dv",    "asi", "readonly_user", "app_user", "krioweb2",   "anonymous",
        "admin",    "user1",    "user2", "be",  "intranet",      "webuser",  "admin_role", "schemainspect_test_role"};
    for (size_t i = 0; i < DARA_COUNT(roles); i++) {
        DARA_FREE char *sql =
            dara_format("DO $$ BEGIN CREATE ROLE %s; EXCEPTION WHEN duplicate_object THEN NULL; END $$", roles[i]);
        run_quietly(sql, NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_migra),
        cmocka_unit_test(test_apgdiff),
        cmocka_unit_test(test_psqldef),
    };
    const char *given = getenv("DARA_TEST_CORPORA"), *source = getenv("srcdir"),
               *uri = getenv("DARA_TEST_POSTGRES_URI");
    if (!uri)
        return say_skipped("no server: set DARA_TEST_POSTGRES_URI");
    folder = given ? dara_strdup(given) : dara_format("%s/../shared/corpora", source ? source : ".");
    server = PQconnectdb(uri);
    int failed = 0;
    if (PQstatus(server) != CONNECTION_OK) {
        failed = say_skipped("the server cannot be reached");
    } else {
        make_roles();
        bool corpora = dara_file_exists(folder);
        if (!corpora)
            print_message("# left out, for want of corpora (DARA_TEST_CORPORA): migra, apgdiff, psqldef\n");
        failed = _cmocka_run_group_tests("postgres-pairs", tests, corpora ? DARA_COUNT(tests) : 1, NULL, NULL);
    }
    PQfinish(server);
    free(folder);
    return failed;
}
