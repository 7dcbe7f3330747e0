/* SPDX-License-Identifier: MIT */
/* The parser on texts that are cut, or have lost a token: it says no, and reads nothing that is not there. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../../drivers/sqlite/ddl.h"

static const char *const texts[] = {
    "CREATE TABLE \"t\" (a DECIMAL(10, -5) CONSTRAINT c PRIMARY KEY DESC ON CONFLICT FAIL AUTOINCREMENT, "
    "b NOT NULL ON CONFLICT IGNORE DEFAULT -5 COLLATE [x] CHECK (a > (1 + 2)) UNIQUE, "
    "c REFERENCES p(x, y) ON DELETE SET NULL ON UPDATE NO ACTION MATCH m NOT DEFERRABLE INITIALLY IMMEDIATE, "
    "d INT GENERATED ALWAYS AS (a || 'x') STORED, e DEFAULT (abs(1)), CONSTRAINT u UNIQUE (a COLLATE z DESC, b) "
    "ON CONFLICT ROLLBACK CHECK (b IN (1, 2)), FOREIGN KEY (a, b) REFERENCES q DEFERRABLE INITIALLY DEFERRED) "
    "WITHOUT ROWID, STRICT",
    "CREATE UNIQUE INDEX IF NOT EXISTS main.i ON t (a COLLATE x DESC, lower(b)) WHERE a > 1",
    "CREATE TEMP VIEW IF NOT EXISTS v (a, \"b\") AS SELECT 1, (SELECT 2)",
    "CREATE TRIGGER g INSTEAD OF UPDATE OF a, b ON main.v FOR EACH ROW WHEN (1) BEGIN SELECT CASE 1 WHEN 2 THEN 3 END; "
    "END",
    "CREATE VIRTUAL TABLE IF NOT EXISTS f USING fts5 (a, b = 'x y', (c, d))",
};

/* How many of the five readers understand the text. */
static int read_all(struct sqlite_pool *pool, void *context)
{
    const char *text = context;
    struct sqlite_table table;
    struct sqlite_index index;
    struct sqlite_view view;
    struct sqlite_trigger trigger;
    struct sqlite_virtual virtual_table;
    int understood = 0;
    if (sqlite_ddl_table(pool, text, &table)) {
        understood++;
        for (const struct sqlite_column *c = table.columns; c; c = c->next) {
            sqlite_normal_type(pool, c->type);
            sqlite_normal_default(pool, c->default_value);
            sqlite_normal(pool, c->generated, &table.names);
            sqlite_span_text(pool, c->text);
        }
    }
    understood += sqlite_ddl_index(pool, text, NULL, &index);
    understood += sqlite_ddl_view(pool, text, &view);
    understood += sqlite_ddl_trigger(pool, text, &trigger);
    understood += sqlite_ddl_virtual(pool, text, &virtual_table);
    return understood;
}

static void test_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        char *text = strdup(texts[i]);
        assert_int_equal(sqlite_pool_run(read_all, text), 1);
        free(text);
    }
}

/* Every prefix, in memory that ends where it does, so that a read beyond is seen. */
static void test_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        for (size_t length = 0; length < strlen(texts[i]); length++) {
            char *text = strndup(texts[i], length);
            assert_true(sqlite_pool_run(read_all, text) <= 1);
            free(text);
        }
    }
}

/* Without each of its words in turn, and with each of them twice or replaced by something odd. */
static void test_without_a_word(void **state)
{
    static const char *const instead[] = {"", "(", ")", ",", "'", "x x", "\"\"", "/*", "NOT", "1e", "DEFAULT"};
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct sqlite_lexer lexer;
        struct sqlite_token token;
        sqlite_lex_begin(&lexer, texts[i], strlen(texts[i]));
        while (sqlite_lex_next(&lexer, &token) != SQLITE_TOKEN_END) {
            for (size_t k = 0; k < sizeof(instead) / sizeof(instead[0]); k++) {
                size_t before = (size_t)(token.start - texts[i]);
                char *text = calloc(1, strlen(texts[i]) + 16);
                memcpy(text, texts[i], before);
                memcpy(text + before, instead[k], strlen(instead[k]));
                memcpy(text + before + strlen(instead[k]), token.start + token.length,
                       strlen(token.start + token.length));
                assert_true(sqlite_pool_run(read_all, text) <= 1);
                free(text);
            }
        }
    }
}

static int read_table(struct sqlite_pool *pool, void *context)
{
    struct sqlite_table table;
    (void)context;
    assert_true(sqlite_ddl_table(pool, texts[0], &table));
    assert_string_equal(table.name, "t");
    assert_true(table.strict && table.without_rowid && table.autoincrement);
    assert_null(sqlite_ddl_rowid_alias(&table));
    const struct sqlite_column *b = sqlite_ddl_column(&table, "b");
    assert_true(b->not_null);
    assert_string_equal(b->not_null_conflict, "ignore");
    assert_string_equal(b->collation, "x");
    assert_string_equal(sqlite_normal_default(pool, b->default_value), "-5");
    assert_true(sqlite_ddl_column(&table, "d")->stored);
    static const char *const keys[] = {"c", "check:a > (1 + 2)", "unique(b)",        "foreign key(c)",
                                       "u", "check:b in (1, 2)", "foreign key(a, b)"};
    const struct sqlite_constraint *constraint = table.constraints;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++, constraint = constraint->next) {
        assert_non_null(constraint);
        assert_string_equal(constraint->key, keys[i]);
    }
    assert_null(constraint);
    return 0;
}

static void test_table(void **state)
{
    (void)state;
    assert_int_equal(sqlite_pool_run(read_table, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_without_a_word),
        cmocka_unit_test(test_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
