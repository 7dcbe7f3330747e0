/* SPDX-License-Identifier: MIT */
/* The parser of the command line, over a table of its own. */
#include "unit.h"

#include <string.h>

#include "cli/call.h"

static int run(struct dara_call *call, struct dara_report *report)
{
    (void)call;
    (void)report;
    return 0;
}

static const struct dara_option apply_options[] = {
    {"dry-run", 'n', NULL, "only show", false, NULL},  {"purpose", 'p', "TEXT", "why", false, NULL},
    {"allow", 'a', "RULE", "let it pass", true, NULL}, {"mode", 'm', "MODE", "how", false, "fast slow"},
    {"limit", 0, "N", "how many", false, NULL},        {0},
};
static const struct dara_command apply = {.name = "apply-migration",
                                          .aliases = "apply migrate",
                                          .group = "Migrate",
                                          .summary = "apply",
                                          .arguments = "PATH",
                                          .min = 1,
                                          .max = 1,
                                          .options = apply_options,
                                          .run = run};
static const struct dara_command list = {
    .name = "list", .group = "Migrate", .summary = "list", .arguments = "[NAME\xe2\x80\xa6]", .max = -1, .run = run};
static const struct dara_command status = {
    .name = "status", .group = "Migrate", .summary = "status", .arguments = "", .run = run};

const struct dara_command *const dara_commands[] = {&apply, &list, &status, NULL};

const struct dara_command *dara_command_find(const char *name)
{
    for (const struct dara_command *const *c = dara_commands; *c; c++)
        if (strcmp((*c)->name, name) == 0 || dara_words_hold((*c)->aliases, name))
            return *c;
    return NULL;
}

/* The parser only ever releases a context. */
void dara_context_done(struct dara_context *context)
{
    (void)context;
}

#define PARSE(call, ...)                                                                 \
    dara_call_parse(&(call), DARA_COUNT(((const char *const[]){NULL, __VA_ARGS__})) - 1, \
                    ((const char *const[]){NULL, __VA_ARGS__}) + 1)

static void assert_error(const char *message, const char *hint)
{
    const struct dara_error *error = dara_error_last();
    assert_non_null(error);
    assert_int_equal(error->code, DARA_EUSAGE);
    assert_string_equal(error->message, message);
    if (hint)
        assert_string_equal(error->hint, hint);
    else
        assert_null(error->hint);
}

#define ASSERT_USAGE(message, hint, ...)                          \
    do {                                                          \
        struct dara_call call_;                                   \
        assert_int_equal(PARSE(call_, __VA_ARGS__), DARA_EUSAGE); \
        assert_error(message, hint);                              \
        dara_call_done(&call_);                                   \
    } while (0)

static void test_forms(void **state)
{
    (void)state;
    struct dara_call call;
    assert_int_equal(PARSE(call, "apply", "--purpose=why not", "db/x.sql", "-nqv", "-v"), 0);
    assert_ptr_equal(call.command, &apply);
    assert_string_equal(call.context.command, "apply-migration");
    assert_int_equal(dara_call_count(&call), 1);
    assert_string_equal(dara_call_argument(&call, 0), "db/x.sql");
    assert_null(dara_call_argument(&call, 1));
    assert_string_equal(dara_call_value(&call, "purpose"), "why not");
    assert_true(dara_call_given(&call, "dry-run"));
    assert_false(dara_call_given(&call, "allow"));
    assert_true(call.context.quiet);
    assert_int_equal(call.context.verbose, 2);
    dara_call_done(&call);

    assert_int_equal(PARSE(call, "apply", "-pwhy", "x", "-m", "slow"), 0);
    assert_string_equal(dara_call_value(&call, "purpose"), "why");
    assert_string_equal(dara_call_value(&call, "mode"), "slow");
    dara_call_done(&call);

    /* An empty value is a value. */
    assert_int_equal(PARSE(call, "apply", "--purpose=", "x"), 0);
    assert_string_equal(dara_call_value(&call, "purpose"), "");
    dara_call_done(&call);
}

static void test_globals(void **state)
{
    (void)state;
    struct dara_call call;
    assert_int_equal(PARSE(call, "-C", "folder", "--env=test", "-y", "status", "--format", "markdown", "--lock-timeout",
                           "500ms", "--statement-timeout=2m", "--url", "x:y", "--no-color"),
                     0);
    assert_string_equal(call.context.folder, "folder");
    assert_string_equal(call.context.environment, "test");
    assert_string_equal(call.context.url_text, "x:y");
    assert_true(call.context.yes);
    assert_true(call.no_colour);
    assert_int_equal(call.format, DARA_FORMAT_MARKDOWN);
    assert_int_equal(call.context.lock_timeout_ms, 500);
    assert_int_equal(call.context.statement_timeout_ms, 120000);
    dara_call_done(&call);

    assert_int_equal(PARSE(call, "status"), 0);
    assert_int_equal(call.context.lock_timeout_ms, 10000);
    assert_int_equal(call.context.statement_timeout_ms, 0);
    assert_int_equal(call.format, DARA_FORMAT_TEXT);
    assert_int_equal(call.context.confirm_count, 0);
    dara_call_done(&call);

    /* The value of a global option is never taken for the command. */
    assert_int_equal(PARSE(call, "-qe", "status", "list"), 0);
    assert_ptr_equal(call.command, &list);
    assert_string_equal(call.context.environment, "status");
    dara_call_done(&call);

    assert_int_equal(PARSE(call, "--confirm", "one", "list", "a", "--confirm=two"), 0);
    assert_int_equal(call.context.confirm_count, 2);
    assert_string_equal(call.context.confirms[0], "one");
    assert_string_equal(call.context.confirms[1], "two");
    dara_call_done(&call);
}

static void test_before_the_command(void **state)
{
    (void)state;
    struct dara_call call;
    assert_int_equal(PARSE(call, "--dry-run", "--mode=fast", "apply", "x"), 0);
    assert_true(dara_call_given(&call, "dry-run"));
    assert_string_equal(dara_call_value(&call, "mode"), "fast");
    dara_call_done(&call);
}

static void test_end_of_options(void **state)
{
    (void)state;
    struct dara_call call;
    assert_int_equal(PARSE(call, "list", "-", "--", "--help", "-q", "--"), 0);
    assert_int_equal(dara_call_count(&call), 4);
    assert_string_equal(dara_call_argument(&call, 0), "-");
    assert_string_equal(dara_call_argument(&call, 1), "--help");
    assert_string_equal(dara_call_argument(&call, 3), "--");
    assert_false(call.help);
    dara_call_done(&call);
    assert_int_equal(PARSE(call, "--", "list", "x"), 0);
    assert_ptr_equal(call.command, &list);
    assert_int_equal(dara_call_count(&call), 1);
    dara_call_done(&call);
}

static void test_repeated(void **state)
{
    (void)state;
    struct dara_call call;
    const char *const *values = NULL;
    assert_int_equal(PARSE(call, "apply", "-a", "b", "--purpose=p", "x", "--allow=a", "-n", "-ac"), 0);
    assert_int_equal(dara_call_values(&call, "allow", &values), 3);
    assert_string_equal(values[0], "b");
    assert_string_equal(values[1], "a");
    assert_string_equal(values[2], "c");
    assert_string_equal(dara_call_value(&call, "allow"), "c");
    assert_int_equal(dara_call_values(&call, "limit", &values), 0);
    assert_null(values);
    dara_call_done(&call);
    ASSERT_USAGE("option '--purpose' is given more than once", NULL, "apply", "-px", "--purpose", "y", "z");
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        long wanted; /* -1 = refused */
    } cases[] = {{"0", 0}, {"12", 12}, {"", -1}, {"-1", -1}, {"1x", -1}, {" 1", -1}, {"99999999999999999999", -1}};
    for (size_t i = 0; i < DARA_COUNT(cases); i++) {
        struct dara_call call;
        long number = 77;
        assert_int_equal(PARSE(call, "apply", "x", "--limit", cases[i].text), 0);
        int code = dara_call_number(&call, "limit", 5, &number);
        assert_int_equal(code, cases[i].wanted < 0 ? DARA_EUSAGE : 0);
        assert_int_equal(number, cases[i].wanted < 0 ? 77 : cases[i].wanted);
        dara_call_done(&call);
    }
    struct dara_call call;
    long number = 0;
    assert_int_equal(PARSE(call, "apply", "x"), 0);
    assert_int_equal(dara_call_number(&call, "limit", 5, &number), 0);
    assert_int_equal(number, 5);
    dara_call_done(&call);
}

static void test_timeouts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned wanted;
    } good[] = {{"0", 0}, {"10", 10000}, {"500ms", 500}, {"3s", 3000}, {"2m", 120000}, {"1h", 3600000}};
    static const char *const bad[] = {"", "s", "-1", "1.5s", "10 s", "5d", "4294968", "99999999999999999999ms", "+1"};
    unsigned ms = 7;
    for (size_t i = 0; i < DARA_COUNT(good); i++) {
        assert_int_equal(dara_timeout_parse("t", good[i].text, &ms), 0);
        assert_int_equal(ms, good[i].wanted);
    }
    ms = 7;
    for (size_t i = 0; i < DARA_COUNT(bad); i++) {
        assert_int_equal(dara_timeout_parse("t", bad[i], &ms), DARA_EUSAGE);
        assert_int_equal(ms, 7);
    }
    assert_error("'+1' is no time for '--t'", "write it as 500ms, 10s or 2m");
}

static void test_errors(void **state)
{
    (void)state;
    ASSERT_USAGE("there is no command 'stauts'", "did you mean 'status'?", "stauts");
    ASSERT_USAGE("there is no command 'migrat'", "did you mean 'apply-migration'?", "migrat");
    ASSERT_USAGE("there is no command 'frobnicate'", "run 'dara help' for the commands", "frobnicate");
    ASSERT_USAGE("there is no command 'x\\ny'", "run 'dara help' for the commands", "x\ny");
    ASSERT_USAGE("dara apply-migration has no option '--porpuse'", "did you mean '--purpose'?", "apply", "--porpuse=x");
    ASSERT_USAGE("dara apply-migration has no option '--dryrun'", "did you mean '--dry-run'?", "apply", "x",
                 "--dryrun");
    ASSERT_USAGE("dara status has no option '--zzzzzz'", "run 'dara help status' for the options", "status",
                 "--zzzzzz");
    ASSERT_USAGE("there is no option '--zzzzzz'", "run 'dara help' for the options", "--zzzzzz");
    ASSERT_USAGE("there is no option '-z'", "run 'dara help status' for the options", "status", "-z");
    ASSERT_USAGE("there is no option '-z' (in '-qz')", "run 'dara help status' for the options", "status", "-qz");
    ASSERT_USAGE("option '--purpose' needs a value: TEXT", NULL, "apply", "x", "--purpose");
    ASSERT_USAGE("option '--purpose' needs a value: TEXT", NULL, "apply", "x", "-np");
    ASSERT_USAGE("option '--dry-run' takes no value", NULL, "apply", "x", "--dry-run=yes");
    ASSERT_USAGE("'medium' is not a value of '--mode'", "use one of fast, slow", "apply", "x", "--mode", "medium");
    ASSERT_USAGE("'xml' is not a value of '--format'", "use one of text, json, markdown", "status", "-fxml");
    ASSERT_USAGE("dara apply-migration needs PATH", "usage: dara apply-migration PATH", "apply");
    ASSERT_USAGE("'b' is one argument too many for dara apply-migration", "usage: dara apply-migration PATH", "apply",
                 "a", "b");
    ASSERT_USAGE("dara status takes no argument, but 'a' was given", "usage: dara status", "status", "a");
}

/* Help is shown whatever is missing; errors come out in the format that was wanted. */
static void test_help_and_format(void **state)
{
    (void)state;
    struct dara_call call;
    assert_int_equal(PARSE(call, "apply", "--help"), 0);
    assert_true(call.help);
    dara_call_done(&call);
    assert_int_equal(PARSE(call, "nothing", "--format", "json"), DARA_EUSAGE);
    assert_int_equal(call.format, DARA_FORMAT_JSON);
    dara_call_done(&call);
    assert_int_equal(PARSE(call, "-fjson", "apply"), DARA_EUSAGE);
    assert_int_equal(call.format, DARA_FORMAT_JSON);
    dara_call_done(&call);
    assert_int_equal(PARSE(call, "list", "--nothing", "--", "-fjson"), DARA_EUSAGE);
    assert_int_equal(call.format, DARA_FORMAT_TEXT);
    dara_call_done(&call);
    assert_int_equal(dara_call_parse(&call, 0, NULL), 0);
    assert_null(call.command);
    dara_call_done(&call);
}

static void test_distance(void **state)
{
    (void)state;
    assert_int_equal(dara_suggest_distance("", ""), 0);
    assert_int_equal(dara_suggest_distance("abc", ""), 3);
    assert_int_equal(dara_suggest_distance("status", "status"), 0);
    assert_int_equal(dara_suggest_distance("stauts", "status"), 1);
    assert_int_equal(dara_suggest_distance("statu", "status"), 1);
    assert_int_equal(dara_suggest_distance("sstatus", "status"), 1);
    assert_int_equal(dara_suggest_distance("stotus", "status"), 1);
    assert_int_equal(dara_suggest_distance("kitten", "sitting"), 3);
}

static void test_suggestions(void **state)
{
    (void)state;
    struct dara_suggestion suggestion;
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    dara_suggest_begin(&suggestion, "cat");
    dara_suggest_offer(&suggestion, "dog");
    assert_false(dara_suggest_text(&suggestion, "", &out));
    dara_suggest_offer(&suggestion, "bath");
    dara_suggest_offer(&suggestion, "bat");
    dara_suggest_offer(&suggestion, "car");
    dara_suggest_offer(&suggestion, "bat");
    dara_suggest_offer(&suggestion, "cut");
    dara_suggest_offer(&suggestion, "rat");
    assert_true(dara_suggest_text(&suggestion, "-", &out));
    assert_string_equal(dara_text_string(&out), "did you mean '-bat', '-car' or '-cut'?");
    char longest[200];
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    dara_suggest_begin(&suggestion, longest);
    dara_suggest_offer(&suggestion, longest);
    assert_int_equal(suggestion.count, 0);
}

static void check_split(const char *line, bool open, size_t count, const char *const *wanted)
{
    char **words = NULL;
    size_t got = 0;
    assert_int_equal(dara_words_split(line, open, &words, &got), 0);
    assert_int_equal(got, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(words[i], wanted[i]);
    free(words);
}
#define CHECK_SPLIT(line, open, ...) \
    check_split(line, open, DARA_COUNT(((const char *const[]){__VA_ARGS__})), (const char *const[]){__VA_ARGS__})

static void test_words(void **state)
{
    (void)state;
    check_split("", false, 0, NULL);
    check_split(" \t\n", false, 0, NULL);
    CHECK_SPLIT("a b\tc", false, "a", "b", "c");
    CHECK_SPLIT(" a  'b c' ", false, "a", "b c");
    CHECK_SPLIT("a\\ b \"x \\\"y\\\" \\n\" 'it\\s'", false, "a b", "x \"y\" \\n", "it\\s");
    CHECK_SPLIT("'' \"\"", false, "", "");
    CHECK_SPLIT("x'y'\"z\"", false, "xyz");
    CHECK_SPLIT("a \"b c", true, "a", "b c");
    CHECK_SPLIT("a\\", false, "a\\");
    char **words = NULL;
    size_t count = 9;
    assert_int_equal(dara_words_split("a 'b", false, &words, &count), DARA_EUSAGE);
    assert_null(words);
    assert_int_equal(count, 9);
    assert_true(dara_words_hold("one two", "two"));
    assert_false(dara_words_hold("one two", "tw"));
    assert_false(dara_words_hold(NULL, "x"));
    assert_false(dara_words_hold("a", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_globals),
        cmocka_unit_test(test_before_the_command),
        cmocka_unit_test(test_end_of_options),
        cmocka_unit_test(test_repeated),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_timeouts),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_help_and_format),
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_suggestions),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
