/* SPDX-License-Identifier: MIT */
/* Schemas of public projects: read, rendered, restored, and taken from one to the other with rows. The folder is
 * $DARA_TEST_CORPORA, else ../shared/corpora beside the source tree; without it the tests say that they are skipped. */
#include "unit-sqlite.h"

#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>

static char *folder; /* of the corpora */

static char *read_file(const char *name)
{
    DARA_FREE char *path = dara_format("%s/%s", folder, name);
    DARA_FCLOSE FILE *file = fopen(path, "rb");
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    char piece[4096];
    if (!file)
        fail_msg("cannot read %s", path);
    for (size_t got; (got = fread(piece, 1, sizeof(piece), file)) > 0;)
        dara_text_add_bytes(&text, piece, got);
    return dara_text_steal(&text);
}

/* Restored from its snapshot, a schema has the same texts and the same model. */
static void round_trip(sqlite3 *db)
{
    struct dara_model *model = read_model(db);
    DARA_FREE char *script = snapshot(model), *here = schema(db);
    sqlite3 *restored = make(script);
    struct dara_model *again = read_model(restored);
    DARA_FREE char *there = schema(restored);
    DARA_TEXT_LOCAL json = DARA_TEXT_INIT, json_again = DARA_TEXT_INIT;
    assert_string_equal(there, here);
    dara_model_write_json(model, &json);
    dara_model_write_json(again, &json_again);
    assert_string_equal(dara_text_string(&json_again), dara_text_string(&json));
    assert_int_equal(dara_model_unrepresented_count(model), 0);
    dara_model_free(again);
    dara_model_free(model);
    sqlite3_close(restored);
}

static void test_whole_schemas(void **state)
{
    static const char *const files[] = {"chinook/Chinook_Sqlite_AutoIncrementPKs.sql",
                                        "sakila/sqlite/sqlite-sakila-schema.sql"};
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(files); i++) {
        DARA_FREE char *script = read_file(files[i]);
        sqlite3 *db = make("PRAGMA foreign_keys = OFF");
        run(db, script);
        round_trip(db);
        sqlite3_close(db);
    }
}

/* The tables of Chinook are rebuilt for other types: all rows are there as before. */
static void test_rebuild_with_rows(void **state)
{
    (void)state;
    DARA_FREE char *script = read_file("chinook/Chinook_Sqlite_AutoIncrementPKs.sql");
    sqlite3 *db = make("PRAGMA foreign_keys = OFF"), *target = make("");
    run(db, script);
    DARA_FREE char *texts = query(db, "SELECT replace(sql, 'NVARCHAR(', 'VARCHAR(') || ';' FROM sqlite_schema "
                                      "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'");
    run(target, texts);
    DARA_FREE char *tracks = query(db, "SELECT rowid, * FROM Track ORDER BY rowid");
    DARA_FREE char *customers = query(db, "SELECT rowid, * FROM Customer ORDER BY rowid");
    DARA_FREE char *links = query(db, "SELECT rowid, * FROM PlaylistTrack ORDER BY rowid");
    DARA_FREE char *sequence = query(db, "SELECT name, seq FROM sqlite_sequence ORDER BY name");
    struct dara_model *model = read_model(target);
    DARA_FREE char *plan = NULL;
    migrate(db, model, &plan);
    assert_non_null(strstr(plan, "[R] INSERT OR ABORT INTO \"Track\""));
    rows_are(db, "SELECT rowid, * FROM Track ORDER BY rowid", tracks);
    rows_are(db, "SELECT rowid, * FROM Customer ORDER BY rowid", customers);
    rows_are(db, "SELECT rowid, * FROM PlaylistTrack ORDER BY rowid", links);
    rows_are(db, "SELECT name, seq FROM sqlite_sequence ORDER BY name", sequence);
    rows_are(db, "PRAGMA foreign_key_check", "");
    DARA_FREE char *here = schema(db), *there = schema(target);
    assert_string_equal(here, there);
    dara_model_free(model);
    sqlite3_close(target);
    sqlite3_close(db);
}

/* Two rows into every table that takes them. */
static void fill(sqlite3 *db)
{
    DARA_FREE char *names =
        query(db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    for (char *name = names, *end; (end = strchr(name, '\n')); name = end + 1) {
        *end = '\0';
        char *count = sqlite3_mprintf("SELECT count(*) FROM pragma_table_info(%Q)", name);
        DARA_FREE char *columns = query(db, count);
        for (int row = 1; row <= 2; row++) {
            DARA_TEXT_LOCAL insert = DARA_TEXT_INIT;
            dara_text_format(&insert, "INSERT OR IGNORE INTO \"%s\" VALUES(", name);
            for (long i = strtol(columns, NULL, 10); i; i--)
                dara_text_format(&insert, "%d%s", row, i > 1 ? ", " : ")");
            sqlite3_exec(db, dara_text_string(&insert), NULL, NULL, NULL);
        }
        sqlite3_free(count);
    }
}

/* The rows of the columns that two models share, table by table. free(). */
static char *common_rows(sqlite3 *db, const struct dara_model *here, const struct dara_model *there)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    for (size_t i = 0; i < dara_model_count(here); i++) {
        const struct dara_object *table = dara_model_at(here, i), *column = NULL;
        if (strcmp(dara_object_kind(table)->name, "table") != 0 || !dara_model_same(there, table))
            continue;
        DARA_TEXT_LOCAL select = DARA_TEXT_INIT;
        dara_text_add(&select, "SELECT 0");
        while ((column = dara_object_owned(table, "column", column)))
            if (dara_model_same(there, column)) {
                dara_text_add(&select, ", CAST(");
                sqlite_quote(&select, dara_object_name(column));
                dara_text_add(&select, " AS TEXT)");
            }
        dara_text_add(&select, " FROM ");
        sqlite_quote(&select, dara_object_name(table));
        DARA_FREE char *rows = query(db, dara_text_string(&select));
        dara_text_format(&text, "%s:\n%s", dara_object_key(table), rows);
    }
    return dara_text_steal(&text);
}

static void take(const char *id, const char *from, const char *to)
{
    sqlite3 *db = make(from), *target = make(to);
    round_trip(db);
    round_trip(target);
    fill(db);
    struct dara_model *before = read_model(db), *after = read_model(target);
    print_message("# %s\n", id);
    DARA_FREE char *was = common_rows(db, before, after);
    migrate(db, after, NULL);
    DARA_FREE char *is = common_rows(db, before, after);
    assert_string_equal(is, was);
    rows_are(db, "PRAGMA integrity_check", "ok\n");
    dara_model_free(before);
    dara_model_free(after);
    sqlite3_close(target);
    sqlite3_close(db);
}

static void test_pairs(void **state)
{
    (void)state;
    DARA_FREE char *lines = read_file("diff/sqldef-sqlite3def.jsonl");
    size_t count = 0;
    for (char *line = lines, *end; (end = strchr(line, '\n')); line = end + 1) {
        json_t *pair = json_loadb(line, (size_t)(end - line), 0, NULL);
        assert_non_null(pair);
        const char *id = json_string_value(json_object_get(pair, "id"));
        const char *old = json_string_value(json_object_get(pair, "old"));
        const char *new = json_string_value(json_object_get(pair, "new"));
        assert_true(id && old && new);
        take(id, old, new);
        take(id, new, old);
        json_decref(pair);
        count++;
    }
    assert_int_equal(count, 29);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_schemas),
        cmocka_unit_test(test_rebuild_with_rows),
        cmocka_unit_test(test_pairs),
    };
    const char *given = getenv("DARA_TEST_CORPORA"), *source = getenv("srcdir");
    struct stat status;
    folder = given ? dara_strdup(given) : dara_format("%s/../shared/corpora", source ? source : ".");
    int failed = 0;
    if (stat(folder, &status) == 0)
        failed = cmocka_run_group_tests(tests, NULL, NULL);
    else
        printf("1..0 # SKIP no corpora at '%s': set DARA_TEST_CORPORA\n", folder);
    free(folder);
    return failed;
}
