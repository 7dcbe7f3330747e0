/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "base/terminal.h"
#include "report/report.h"

static void check(const struct dara_report *report, enum dara_format format, const struct dara_error *error,
                  size_t width, const char *wanted)
{
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    dara_report_render(report, format, error, width, &out);
    assert_string_equal(dara_text_string(&out), wanted);
}

static struct dara_report *sample(void)
{
    struct dara_report *report = dara_report_new("status");
    dara_report_text(report, "database", "database", "app.db");
    dara_report_int(report, "applied", "applied", 3);
    dara_report_text(report, "secret", NULL, "only in json");
    dara_report_text(report, "label", "label", NULL);
    dara_report_section(report, "drift", "Drift");
    struct dara_table *table = dara_report_table(report, "objects", NULL, NULL);
    dara_table_column(table, "name", "name", DARA_CELL_TEXT);
    dara_table_column(table, "rows", "rows", DARA_CELL_INT);
    dara_table_column(table, "size_bytes", "size", DARA_CELL_BYTES);
    dara_table_column(table, "state", "state", DARA_CELL_STATUS);
    dara_table_row(table);
    dara_table_text(table, "orders");
    dara_table_int(table, 12);
    dara_table_int(table, 1536);
    dara_table_text(table, "ok");
    dara_table_row(table);
    dara_table_text(table, "a\nb");
    dara_table_int(table, 4096);
    dara_table_int(table, 12);
    dara_table_text(table, NULL);
    dara_report_end(report);
    dara_report_block(report, "diff", "Diff", "diff", "+ table orders\n\n    ~ column a\x1b[31m\n");
    dara_report_note(report, DARA_NOTE_WARN, "%d pending", 2);
    dara_report_note(report, DARA_NOTE_HINT, "run dara apply-migration");
    return report;
}

static void test_text(void **state)
{
    (void)state;
    struct dara_report *report = sample();
    check(report, DARA_FORMAT_TEXT, NULL, 0,
          "database:  app.db\n"
          "applied:   3\n"
          "label:     -\n"
          "\n"
          "Drift\n"
          "  name    rows    size  state\n"
          "  orders    12  1.5 KB  ok\n"
          "  a\\nb    4096    12 B  -\n"
          "\n"
          "Diff\n"
          "+ table orders\n"
          "\n"
          "    ~ column a\\x1b[31m\n"
          "\n"
          "warning: 2 pending\n"
          "hint: run dara apply-migration\n");
    dara_report_free(report);
}

static void test_json(void **state)
{
    (void)state;
    struct dara_report *report = sample();
    check(report, DARA_FORMAT_JSON, NULL, 0,
          "{\n"
          "  \"command\": \"status\",\n"
          "  \"status\": \"ok\",\n"
          "  \"database\": \"app.db\",\n"
          "  \"applied\": 3,\n"
          "  \"secret\": \"only in json\",\n"
          "  \"label\": null,\n"
          "  \"drift\": {\n"
          "    \"objects\": [\n"
          "      {\n"
          "        \"name\": \"orders\",\n"
          "        \"rows\": 12,\n"
          "        \"size_bytes\": 1536,\n"
          "        \"state\": \"ok\"\n"
          "      },\n"
          "      {\n"
          "        \"name\": \"a\\nb\",\n"
          "        \"rows\": 4096,\n"
          "        \"size_bytes\": 12,\n"
          "        \"state\": null\n"
          "      }\n"
          "    ]\n"
          "  },\n"
          "  \"diff\": \"+ table orders\\n\\n    ~ column a\\u001B[31m\\n\",\n"
          "  \"notes\": [\n"
          "    {\n"
          "      \"level\": \"warn\",\n"
          "      \"text\": \"2 pending\"\n"
          "    },\n"
          "    {\n"
          "      \"level\": \"hint\",\n"
          "      \"text\": \"run dara apply-migration\"\n"
          "    }\n"
          "  ]\n"
          "}\n");
    dara_report_free(report);
}

static void test_markdown(void **state)
{
    (void)state;
    struct dara_report *report = sample();
    struct dara_error error = {.code = DARA_ESTATEMENT, .message = "no such table: a|b", .hint = "create it"};
    check(report, DARA_FORMAT_MARKDOWN, &error, 0,
          "# dara status\n"
          "\n"
          "- **database:** app.db\n"
          "- **applied:** 3\n"
          "- **label:** -\n"
          "\n"
          "## Drift\n"
          "\n"
          "| name | rows | size | state |\n"
          "| --- | ---: | ---: | --- |\n"
          "| orders | 12 | 1.5 KB | ok |\n"
          "| a\\\\nb | 4096 | 12 B | - |\n"
          "\n"
          "## Diff\n"
          "\n"
          "```diff\n"
          "+ table orders\n"
          "\n"
          "    ~ column a\x1b[31m\n"
          "```\n"
          "\n"
          "> **warning:** 2 pending\n"
          "\n"
          "> **hint:** run dara apply-migration\n"
          "\n"
          "> **error:** no such table: a\\|b\n"
          "\n"
          "> **hint:** create it\n");
    dara_report_free(report);
}

static void test_error(void **state)
{
    (void)state;
    struct dara_report *report = dara_report_new("apply-migration");
    struct dara_error error = {.code = DARA_ESTATEMENT,
                               .message = "near \"\xff\": syntax error",
                               .hint = "look at the line",
                               .native = "E1",
                               .file = "db/x.sql",
                               .line = 37};
    check(report, DARA_FORMAT_JSON, &error, 0,
          "{\n"
          "  \"command\": \"apply-migration\",\n"
          "  \"status\": \"statement\",\n"
          "  \"error\": {\n"
          "    \"code\": \"statement\",\n"
          "    \"message\": \"near \\\"\xef\xbf\xbd\\\": syntax error\",\n"
          "    \"hint\": \"look at the line\",\n"
          "    \"native\": \"E1\",\n"
          "    \"file\": \"db/x.sql\",\n"
          "    \"line\": 37\n"
          "  },\n"
          "  \"notes\": []\n"
          "}\n");
    check(report, DARA_FORMAT_TEXT, &error, 0, "");
    /* Findings have no error of their own. */
    struct dara_error findings = {.code = DARA_EDIFFERENT};
    check(report, DARA_FORMAT_JSON, &findings, 0,
          "{\n"
          "  \"command\": \"apply-migration\",\n"
          "  \"status\": \"different\",\n"
          "  \"notes\": []\n"
          "}\n");
    dara_report_free(report);
}

/* Every broken sequence is replaced, every sound one kept. */
static void test_invalid_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        const char *wanted;
    } cases[] = {
        {"plain", "plain"},
        {"a\xc3\xa9", "a\xc3\xa9"},
        {"a\xc3", "a\xef\xbf\xbd"},
        {"\xc0\x80x", "\xef\xbf\xbd\xef\xbf\xbdx"},
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xf0\x9f\x90\x98!", "\xf0\x9f\x90\x98!"},
        {"\xf0\x9f\x90", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    };
    for (size_t i = 0; i < DARA_COUNT(cases); i++) {
        json_t *json = dara_report_string(cases[i].bytes);
        assert_string_equal(json_string_value(json), cases[i].wanted);
        json_decref(json);
    }
    json_t *null = dara_report_string(NULL);
    assert_true(json_is_null(null));
    json_decref(null);
}

static void test_width(void **state)
{
    (void)state;
    struct dara_report *report = dara_report_new("x");
    struct dara_table *table = dara_report_table(report, "t", NULL, NULL);
    dara_table_column(table, "id", "id", DARA_CELL_TEXT);
    dara_table_column(table, "a", "a", DARA_CELL_TEXT);
    dara_table_column(table, "n", "number", DARA_CELL_INT);
    dara_table_row(table);
    dara_table_text(table, "a_name_to_be_typed_again");
    dara_table_text(table, "abcdefghijklmnopqrstuvwxyz");
    dara_table_int(table, 123456);
    dara_table_row(table);
    dara_table_text(table, "b");
    dara_table_text(table, "\xe8\xa1\xa8\xe8\xa1\xa8\xe8\xa1\xa8\xe8\xa1\xa8\xe8\xa1\xa8\xe8\xa1\xa8\xe8\xa1\xa8");
    dara_table_int(table, 1);
    check(report, DARA_FORMAT_TEXT, NULL, 46,
          "id                        a             number\n"
          "a_name_to_be_typed_again  abcdefghijk\xe2\x80\xa6  123456\n"
          "b                         \xe8\xa1\xa8\xe8\xa1\xa8\xe8\xa1\xa8\xe8\xa1\xa8\xe8\xa1\xa8\xe2\x80\xa6        "
          "1\n");
    /* The name and numbers are never cut, other text not below eight columns. */
    check(report, DARA_FORMAT_TEXT, NULL, 3,
          "id                        a         number\n"
          "a_name_to_be_typed_again  abcdefg\xe2\x80\xa6  123456\n"
          "b                         \xe8\xa1\xa8\xe8\xa1\xa8\xe8\xa1\xa8\xe2\x80\xa6        1\n");
    dara_report_free(report);
}

/* The last column goes on below, at spaces; a word that is too long is cut. */
static void test_fold(void **state)
{
    (void)state;
    struct dara_report *report = dara_report_new("x");
    struct dara_table *table = dara_report_table(report, "t", NULL, NULL);
    dara_table_column(table, "id", "id", DARA_CELL_TEXT);
    dara_table_column(table, "why", "why", DARA_CELL_TEXT);
    dara_table_row(table);
    dara_table_text(table, "one");
    dara_table_text(table, "some words that have to go on below their beginning");
    dara_table_row(table);
    dara_table_text(table, "two");
    dara_table_text(table, "one_word_that_is_longer_than_its_column");
    check(report, DARA_FORMAT_TEXT, NULL, 27,
          "id   why\n"
          "one  some words that have\n"
          "     to go on below their\n"
          "     beginning\n"
          "two  one_word_that_is_long\xe2\x80\xa6\n");
    dara_report_free(report);
}

/* One huge value does not make every row huge. */
static void test_huge(void **state)
{
    (void)state;
    struct dara_report *report = dara_report_new("x");
    struct dara_table *table = dara_report_table(report, "t", NULL, NULL);
    size_t length = 2000000;
    DARA_FREE char *huge = dara_alloc(length + 1);
    memset(huge, 'x', length);
    dara_table_column(table, "a", "a", DARA_CELL_TEXT);
    dara_table_column(table, "b", "b", DARA_CELL_INT);
    dara_table_row(table);
    dara_table_text(table, huge);
    dara_table_int(table, 1);
    for (int i = 0; i < 1000; i++) {
        dara_table_row(table);
        dara_table_text(table, "s");
        dara_table_int(table, 2);
    }
    DARA_TEXT_LOCAL any = DARA_TEXT_INIT, narrow = DARA_TEXT_INIT;
    dara_report_render(report, DARA_FORMAT_TEXT, NULL, 0, &any);
    assert_int_equal(any.length, 204 + length + 4 + 1000 * 204);
    dara_report_render(report, DARA_FORMAT_TEXT, NULL, 40, &narrow);
    assert_int_equal(narrow.length, 1002 * 64 + 2); /* the first column keeps 60 */
    dara_report_free(report);
}

static void test_colour(void **state)
{
    (void)state;
    struct dara_report *report = dara_report_new("x");
    dara_report_block(report, "d", NULL, "diff", "+ a\n- b\n  ~ c\nd\n");
    dara_report_note(report, DARA_NOTE_WARN, "careful");
    dara_terminal_set_colour(true);
    DARA_TEXT_LOCAL wanted = DARA_TEXT_INIT;
    const char *end = dara_terminal_escape(DARA_PLAIN);
    dara_text_format(&wanted, "%s+ a%s\n%s- b%s\n%s  ~ c%s\nd\n\n%swarning:%s careful\n",
                     dara_terminal_escape(DARA_GREEN), end, dara_terminal_escape(DARA_RED), end,
                     dara_terminal_escape(DARA_YELLOW), end, dara_terminal_escape(DARA_YELLOW), end);
    check(report, DARA_FORMAT_TEXT, NULL, 0, dara_text_string(&wanted));
    dara_terminal_set_colour(false);
    check(report, DARA_FORMAT_TEXT, NULL, 0, "+ a\n- b\n  ~ c\nd\n\nwarning: careful\n");
    dara_report_free(report);
}

static void test_empty(void **state)
{
    (void)state;
    struct dara_report *report = dara_report_new("x");
    struct dara_table *table = dara_report_table(report, "list", "List", "nothing there");
    dara_table_column(table, "a", "a", DARA_CELL_TEXT);
    assert_int_equal(dara_table_rows(table), 0);
    dara_report_table(report, "quiet", "Quiet", NULL);
    dara_report_block(report, NULL, "Shown nowhere in JSON", "sql", "select 1");
    check(report, DARA_FORMAT_TEXT, NULL, 0, "List\nnothing there\n\nShown nowhere in JSON\nselect 1\n");
    check(report, DARA_FORMAT_JSON, NULL, 0,
          "{\n"
          "  \"command\": \"x\",\n"
          "  \"status\": \"ok\",\n"
          "  \"list\": [],\n"
          "  \"quiet\": [],\n"
          "  \"notes\": []\n"
          "}\n");
    dara_report_free(report);
}

/* A row that is short is filled with nulls, cells past its end are dropped. */
static void test_ragged(void **state)
{
    (void)state;
    struct dara_report *report = dara_report_new("x");
    struct dara_table *table = dara_report_table(report, "t", NULL, NULL);
    dara_table_column(table, "a", "a", DARA_CELL_TEXT);
    dara_table_column(table, "b", "b", DARA_CELL_BOOL);
    dara_table_row(table);
    dara_table_text(table, "short");
    dara_table_row(table);
    dara_table_text(table, "long");
    dara_table_bool(table, true);
    dara_table_text(table, "dropped");
    check(report, DARA_FORMAT_TEXT, NULL, 0, "a      b\nshort  -\nlong   yes\n");
    dara_report_free(report);
}

static void test_bytes(void **state)
{
    (void)state;
    struct dara_report *report = dara_report_new("x");
    dara_report_bytes(report, "a", "a", 1023);
    dara_report_bytes(report, "b", "b", 1024);
    dara_report_bytes(report, "c", "c", 1024 * 1024 - 1);
    dara_report_bytes(report, "d", "d", UINT64_MAX);
    dara_report_bool(report, "e", "e", false);
    dara_report_format(report, "f", "f", "%s-%d", "x", 7);
    check(report, DARA_FORMAT_TEXT, NULL, 0, "a:  1023 B\nb:  1.0 KB\nc:  1.0 MB\nd:  8.0 EB\ne:  no\nf:  x-7\n");
    dara_report_free(report);
}

static void test_format_names(void **state)
{
    (void)state;
    enum dara_format format = DARA_FORMAT_TEXT;
    assert_int_equal(dara_format_parse("markdown", &format), 0);
    assert_int_equal(format, DARA_FORMAT_MARKDOWN);
    assert_int_equal(dara_format_parse("xml\n", &format), DARA_EUSAGE);
    assert_int_equal(format, DARA_FORMAT_MARKDOWN);
    assert_string_equal(dara_error_last()->message, "there is no format 'xml\\n'");
    assert_string_equal(dara_error_last()->hint, "use one of text, json, markdown");
}

/* Sections without a heading are there for JSON: for people their values stand together. */
static void test_sections(void **state)
{
    (void)state;
    struct dara_report *report = dara_report_new("x");
    dara_report_section(report, "from", NULL);
    dara_report_text(report, "kind", "from", "live");
    dara_report_end(report);
    dara_report_section(report, "to", NULL);
    dara_report_text(report, "kind", "up to", "snapshot");
    dara_report_end(report);
    dara_report_end(report); /* one too many does no harm */
    dara_report_section(report, "outer", "Outer");
    dara_report_section(report, "inner", "Inner");
    dara_report_int(report, "n", "n", 1);
    dara_report_end(report);
    dara_report_section(report, "from", NULL);
    dara_report_end(report);
    dara_report_end(report);
    dara_report_section(report, "from", NULL);
    dara_report_int(report, "n", NULL, 2);
    dara_report_end(report);
    check(report, DARA_FORMAT_TEXT, NULL, 0, "from:   live\nup to:  snapshot\n\nOuter\n  Inner\n    n:  1\n");
    check(report, DARA_FORMAT_MARKDOWN, NULL, 0,
          "# dara x\n\n- **from:** live\n- **up to:** snapshot\n\n## Outer\n\n### Inner\n\n- **n:** 1\n");
    check(report, DARA_FORMAT_JSON, NULL, 0,
          "{\n"
          "  \"command\": \"x\",\n"
          "  \"status\": \"ok\",\n"
          "  \"from\": {\n"
          "    \"kind\": \"live\",\n"
          "    \"n\": 2\n"
          "  },\n"
          "  \"to\": {\n"
          "    \"kind\": \"snapshot\"\n"
          "  },\n"
          "  \"outer\": {\n"
          "    \"inner\": {\n"
          "      \"n\": 1\n"
          "    },\n"
          "    \"from\": {}\n"
          "  },\n"
          "  \"notes\": []\n"
          "}\n");
    dara_report_free(report);
}

/* The fence of a Markdown block is longer than any in the text. */
static void test_fence(void **state)
{
    (void)state;
    struct dara_report *report = dara_report_new("x");
    dara_report_block(report, "b", NULL, "sql", "-- ````\nselect 1");
    check(report, DARA_FORMAT_MARKDOWN, NULL, 0, "# dara x\n\n`````sql\n-- ````\nselect 1\n`````\n");
    dara_report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),   cmocka_unit_test(test_json),         cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_error),  cmocka_unit_test(test_invalid_utf8), cmocka_unit_test(test_width),
        cmocka_unit_test(test_fold),   cmocka_unit_test(test_colour),       cmocka_unit_test(test_empty),
        cmocka_unit_test(test_ragged), cmocka_unit_test(test_bytes),        cmocka_unit_test(test_format_names),
        cmocka_unit_test(test_fence),  cmocka_unit_test(test_sections),     cmocka_unit_test(test_huge),
    };
    dara_terminal_set_colour(false);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
