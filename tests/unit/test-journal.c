/* SPDX-License-Identifier: MIT */
/* Files that no transaction holds, with the driver of tests/drivers/journaled.c: every way a run can stop, go on and go back. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "service/journal.h"
#include "service/migrate.h"

static char folder[] = "/tmp/dara-journal-XXXXXX";

/* ---- helpers -------------------------------------------------------------------------------------------------------- */

/* A session of the test's own on the database in memory. */
static struct dara_session *open_session(struct dara_url **ret_url)
{
    struct dara_session *session = NULL;
    assert_int_equal(dara_url_parse("journaled:x", NULL, ret_url), 0);
    assert_int_equal(dara_session_open(*ret_url, &(struct dara_session_options){.mode = DARA_MODE_WRITE}, &session), 0);
    return session;
}

static void execute(const char *text)
{
    struct dara_url *url = NULL;
    struct dara_session *session = open_session(&url);
    assert_int_equal(dara_session_execute(session, text, strlen(text), NULL, NULL), 0);
    dara_session_close(session);
    dara_url_free(url);
}

static void write_file(const char *name, const char *text)
{
    DARA_FREE char *path = dara_file_join(folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) >= 0, 1);
    assert_int_equal(fclose(file), 0);
}

static void remove_file(const char *name)
{
    DARA_FREE char *path = dara_file_join(folder, name);
    (void)unlink(path);
}

#define FIRST  "20260101000000_first.steps"
#define SECOND "20260102000000_second.steps"

/* A fresh database, and files (NULL: none). */
static void begin(const char *first, const char *second)
{
    execute("reset everything");
    remove_file(FIRST);
    remove_file(SECOND);
    if (first)
        write_file(FIRST, first);
    if (second)
        write_file(SECOND, second);
}

enum deed { APPLY, RESUME, ABANDON, REHEARSE };

/* Run, on a URL with options, and keep the error for the checks that follow. */
static int run(enum deed deed, const char *options, const char *doubt)
{
    static const char *const words[] = {"ROLLBACK"};
    static const char *const allow[] = {"drop-table", NULL};
    DARA_FREE char *text = dara_format("journaled:x%s", options);
    struct dara_context context = {.url_text = text,
                                   .yes = true,
                                   .quiet = true,
                                   .command = "apply-migration",
                                   .confirms = words,
                                   .confirm_count = 1};
    struct dara_migrate_options wanted = {.path = folder, .allow = allow, .resume = deed == RESUME, .doubt = doubt};
    struct dara_report *report = dara_report_new("apply-migration");
    dara_error_clear();
    int code = deed == ABANDON    ? dara_migrate_abandon(&context, &wanted, report)
               : deed == REHEARSE ? dara_migrate_rehearse(&context, &wanted, report)
                                  : dara_migrate_apply(&context, &wanted, report);
    dara_report_free(report);
    dara_context_done(&context);
    return code;
}

/* The database, on one line: its tables, its rows, versions applied, and what the journal has open. */
static char *state_of(void)
{
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    DARA_MODEL_LOCAL model = NULL;
    DARA_HISTORY_LOCAL history = NULL;
    DARA_INTERRUPTED_LOCAL interrupted = {.list = NULL};
    struct dara_url *url = NULL;
    struct dara_session *session = open_session(&url);
    uint64_t rows = 0;
    assert_int_equal(dara_session_read(session, &model), 0);
    for (size_t i = 0; i < dara_model_count(model); i++)
        dara_text_format(&out, "%s ", dara_object_name(dara_model_at(model, i)));
    assert_int_equal(dara_session_execute(session, "count", 5, NULL, &rows), 0);
    dara_text_format(&out, "rows %d", (int)rows);
    assert_int_equal(dara_session_history_list(session, &history), 0);
    for (size_t i = 0; i < history->count; i++)
        dara_text_format(&out, ", %s %.8s", history->entries[i].state, history->entries[i].version);
    assert_int_equal(dara_interrupted_find(session, false, &interrupted), 0);
    for (size_t i = 0; interrupted.run && i < interrupted.count; i++)
        dara_text_format(&out, "; %u %s", interrupted.statements[i].statement, interrupted.statements[i].state);
    dara_text_add(&out, interrupted.run ? "; open" : "");
    dara_text_add(&out, interrupted.going_back ? ", going back" : "");
    dara_session_close(session);
    dara_url_free(url);
    return dara_text_steal(&out);
}

static void state_is(const char *wanted)
{
    DARA_FREE char *got = state_of();
    assert_string_equal(got, wanted);
}

static void detail_has(const char *wanted)
{
    const struct dara_error *last = dara_error_last();
    assert_non_null(last);
    assert_non_null(last->detail);
    if (!strstr(last->detail, wanted))
        assert_string_equal(last->detail, wanted);
}

static void message_is(const char *wanted)
{
    assert_non_null(dara_error_last());
    assert_string_equal(dara_error_last()->message, wanted);
}

/* ---- undisturbed ---------------------------------------------------------------------------------------------------- */

static void test_whole(void **state)
{
    (void)state;
    begin("make a\nwrite 3\nwrite 4\nmake b\n", "set 5\nneeds 5\nempty a\nwrite 1\n");
    assert_int_equal(run(APPLY, "", NULL), 0);
    state_is("b rows 8, applied 20260101, applied 20260102");
    assert_int_equal(run(APPLY, "", NULL), 0);
    state_is("b rows 8, applied 20260101, applied 20260102");
}

static void test_rehearsed(void **state)
{
    (void)state;
    begin("make a\nwrite 3\nmake b\n", NULL);
    assert_int_equal(run(REHEARSE, "", NULL), 0);
    state_is("rows 0");
    begin("make a\nmake a\n", NULL);
    assert_int_equal(run(REHEARSE, "", NULL), DARA_ESTATEMENT);
    detail_has("the database itself was not touched");
    state_is("rows 0");
    assert_int_equal(run(REHEARSE, "?scratch=no", NULL), DARA_EUNSUPPORTED);
}

/* ---- failures ------------------------------------------------------------------------------------------------------- */

static void test_taken_back(void **state)
{
    (void)state;
    begin("make a\nmake b\nfail\nmake c\n", NULL);
    assert_int_equal(run(APPLY, "", NULL), DARA_ESTATEMENT);
    message_is("it fails");
    detail_has("taken back: the schema is what it was before the file");
    state_is("rows 0");
    begin("fail\n", NULL);
    assert_int_equal(run(APPLY, "", NULL), DARA_ESTATEMENT);
    detail_has("nothing was changed");
    state_is("rows 0");
    /* The way back of the second file needs the schema between the two, which is replayed. */
    begin("make a\nwrite 0\n", "make b\nfail\n");
    assert_int_equal(run(APPLY, "", NULL), DARA_ESTATEMENT);
    detail_has("the 1 migration before it in this run stays applied, the last one is '20260101000000'");
    state_is("a rows 0, applied 20260101");
    assert_int_equal(run(RESUME, "", NULL), DARA_ESTATEMENT);
}

static void stops(const char *text, const char *state, const char *detail)
{
    begin(text, NULL);
    assert_int_equal(run(APPLY, "", NULL), DARA_EPARTIAL);
    detail_has(detail);
    state_is(state);
}

static void test_stopped(void **state)
{
    (void)state;
    stops("make a\nwrite 2\nfail\nmake c\n", "a rows 2; 1 done; 2 done; 3 failed; open",
          "done: statements 1 to 2; failed: statement 3; left: statement 4\nnot taken back: statement 2 wrote rows");
    message_is("stopped at statement 3 of 4: it fails");
    stops("make a\ncall 0\nfail\n", "a rows 0; 1 done; 2 done; 3 failed; open",
          "not taken back: statement 2 could not be read, so that what it did to rows is not known");
    stops("make a\ndrop a\nfail\n", "rows 0; 1 done; 2 done; 3 failed; open",
          "not taken back: statement 2 destroyed what no change of the schema brings back");
    execute("reset everything");
    write_file(FIRST, "make x\n");
    assert_int_equal(run(APPLY, "", NULL), 0);
    write_file(SECOND, "empty x\nfail\n");
    assert_int_equal(run(APPLY, "", NULL), DARA_EPARTIAL);
    detail_has("not taken back: table 'x' would come back empty");
    state_is("rows 0, applied 20260101; 1 done; 2 failed; open");
    /* Without a scratch database the schema before the second file is not known. */
    begin("make a\n", "make b\nfail\n");
    assert_int_equal(run(APPLY, "?scratch=no", NULL), DARA_EPARTIAL);
    detail_has("not taken back: no scratch");
    state_is("a b rows 0, applied 20260101; 1 done; 1 done; 2 failed; open");
    write_file(SECOND, "make b\nmake c\n");
    assert_int_equal(run(RESUME, "?scratch=no", NULL), 0);
    state_is("a b c rows 0, applied 20260101, applied 20260102");
}

static void test_refused_meanwhile(void **state)
{
    (void)state;
    stops("make a\nwrite 2\nfail\n", "a rows 2; 1 done; 2 done; 3 failed; open", "wrote rows");
    assert_int_equal(run(APPLY, "", NULL), DARA_EPARTIAL);
    message_is("a run was interrupted in migration '20260101000000' after 2 of 3 statements");
    assert_int_equal(run(REHEARSE, "", NULL), DARA_EPARTIAL);
    state_is("a rows 2; 1 done; 2 done; 3 failed; open");
}

/* ---- going on ------------------------------------------------------------------------------------------------------- */

static void test_mended(void **state)
{
    (void)state;
    stops("set 7\nmake a\nwrite 2\nfail\nmake c\n", "a rows 2; 1 done; 2 done; 3 done; 4 failed; open", "wrote rows");
    write_file(FIRST, "set 7\nmake a\nwrite 2\nneeds 7\nmake c\nmake d\n");
    assert_int_equal(run(RESUME, "", NULL), 0);
    state_is("a c d rows 2, applied 20260101");
}

static void test_edited(void **state)
{
    (void)state;
    stops("make a\nwrite 2\nfail\n", "a rows 2; 1 done; 2 done; 3 failed; open", "wrote rows");
    write_file(FIRST, "make a\nwrite 3\nmake b\n");
    assert_int_equal(run(RESUME, "", NULL), DARA_EREFUSED);
    message_is("statement 2 of the interrupted migration was edited after it ran");
    write_file(FIRST, "make a\n");
    assert_int_equal(run(RESUME, "", NULL), DARA_EREFUSED);
    remove_file(FIRST);
    write_file(SECOND, "make z\n");
    assert_int_equal(run(RESUME, "", NULL), DARA_EREFUSED);
    message_is("the file of the interrupted migration '20260101000000' is not there");
    state_is("a rows 2; 1 done; 2 done; 3 failed; open");
    /* One that waits behind it does not go first. */
    write_file(FIRST, "make a\nwrite 2\nmake b\n");
    assert_int_equal(run(RESUME, "", NULL), 0);
    state_is("a b z rows 2, applied 20260101, applied 20260102");
}

static void test_nothing_open(void **state)
{
    (void)state;
    begin("make a\n", NULL);
    assert_int_equal(run(RESUME, "", NULL), 0);
    state_is("a rows 0, applied 20260101");
    assert_int_equal(run(ABANDON, "", NULL), 0);
    state_is("a rows 0, applied 20260101");
}

static void test_abandoned(void **state)
{
    (void)state;
    stops("make a\nwrite 2\nmake b\nfail\n", "a b rows 2; 1 done; 2 done; 3 done; 4 failed; open", "wrote rows");
    /* Rows go with the tables; without a bulk group they cannot be saved, so that they stay. */
    assert_int_equal(run(ABANDON, "", NULL), DARA_EUNSUPPORTED);
    state_is("a b rows 2; 1 done; 2 done; 3 done; 4 failed; open");
}

/* ---- in doubt ------------------------------------------------------------------------------------------------------- */

/* The connection is lost around the second statement; then it is resumed with `options`. */
static void doubt(const char *text, const char *lose, const char *left, const char *options, const char *word, int code,
                  const char *end)
{
    DARA_FREE char *losing = dara_format("?lose=%s", lose);
    begin(text, NULL);
    assert_int_equal(run(APPLY, losing, NULL), DARA_EPARTIAL);
    detail_has("not taken back: the connection was lost");
    state_is(left);
    assert_int_equal(run(RESUME, options, word), code);
    state_is(end);
}

static void test_doubt(void **state)
{
    (void)state;
    static const char make[] = "write 1\nmake b\nwrite 1\n", whole[] = "b rows 2, applied 20260101";
    static const char before[] = "rows 1; 1 done; 2 started; open", after[] = "b rows 1; 1 done; 2 started; open";
    /* By replay, by names, by the driver. */
    doubt(make, "before-2", before, "", NULL, 0, whole);
    doubt(make, "after-2", after, "", NULL, 0, whole);
    doubt(make, "before-2", before, "?scratch=no", NULL, 0, whole);
    doubt(make, "after-2", after, "?scratch=no", NULL, 0, whole);
    doubt(make, "before-2", before, "?settle=nothing", NULL, 0, whole);
    doubt(make, "after-2", after, "?settle=done", NULL, 0, whole);
    /* What changes nothing of the schema runs again, unless it may have written rows. */
    doubt("write 1\nupkeep\nwrite 1\n", "after-2", "rows 1; 1 done; 2 started; open", "", NULL, 0,
          "rows 2, applied 20260101");
    doubt("write 1\ncall 5\nwrite 1\n", "after-2", "rows 6; 1 done; 2 started; open", "", NULL, DARA_EPARTIAL,
          "rows 6; 1 done; 2 started; open");
    message_is("whether statement 2 took effect cannot be told");
    assert_int_equal(run(RESUME, "", "done"), 0);
    state_is("rows 7, applied 20260101");
    doubt("write 1\ncall 5\nwrite 1\n", "before-2", "rows 1; 1 done; 2 started; open", "", "again", 0,
          "rows 7, applied 20260101");
}

/* A transaction leaves no doubt: it is there with its record, or not at all. */
static void test_no_doubt(void **state)
{
    (void)state;
    static const char text[] = "make a\nwrite 1\nwrite 2\nmake b\n";
    doubt(text, "before-2", "a rows 0; 1 done; open", "", NULL, 0, "a b rows 3, applied 20260101");
    doubt(text, "after-3", "a rows 0; 1 done; open", "", NULL, 0, "a b rows 3, applied 20260101");
}

/* The record is lost, at each place: the run, the first statement … */
static void test_records_lost(void **state)
{
    (void)state;
    for (int n = 1; n <= 5; n++) {
        DARA_FREE char *lose = dara_format("?lose=record-%d", n);
        begin("make a\nwrite 1\nmake b\nempty a\n", NULL);
        assert_true(run(APPLY, lose, NULL) < 0);
        assert_int_equal(run(RESUME, "", NULL), 0);
        state_is("b rows 1, applied 20260101");
    }
}

/* On its way back the connection is lost: the rest of the way is gone first. */
static void test_lost_going_back(void **state)
{
    (void)state;
    begin("make a\nmake b\nfail\n", NULL);
    assert_int_equal(run(APPLY, "?lose=before-5", NULL), DARA_EPARTIAL);
    DARA_FREE char *left = state_of();
    assert_non_null(strstr(left, "open, going back"));
    assert_int_equal(run(APPLY, "", NULL), DARA_EPARTIAL);
    message_is("a run was interrupted on its way back from migration '20260101000000'");
    write_file(FIRST, "make a\nmake c\n");
    assert_int_equal(run(RESUME, "", NULL), 0);
    state_is("a c rows 0, applied 20260101");
    begin("make a\nmake b\nfail\n", NULL);
    assert_int_equal(run(APPLY, "?lose=before-5", NULL), DARA_EPARTIAL);
    assert_int_equal(run(ABANDON, "", NULL), DARA_EUNSUPPORTED); /* a table goes, and rows cannot be saved here */
}

/* ---- pieces --------------------------------------------------------------------------------------------------------- */

static void test_pieces(void **state)
{
    (void)state;
    execute("reset everything");
    struct dara_url *url = NULL;
    struct dara_session *session = open_session(&url);
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    while (text.length < 3 * DARA_JOURNAL_TEXT_MAX)
        dara_text_add(&text, "x\xe2\x82\xac\xf0\x9f\x90\x98"); /* of 1, 3 and 4 bytes: pieces end within them */
    const struct dara_journal_entry entries[] = {
        {.size = sizeof(entries[0]), .run = "r", .place = 0, .text = dara_text_string(&text), .state = "started"},
        {.size = sizeof(entries[0]), .run = "r", .place = 1, .text = dara_text_string(&text), .state = "started"},
        {.size = sizeof(entries[0]), .run = "r", .place = 2, .text = "short", .state = "done"}};
    assert_int_equal(dara_session_journal_record(session, entries, 3), 0);
    DARA_JOURNAL_LOCAL list = NULL;
    assert_int_equal(dara_session_journal_list(session, true, &list), 0);
    assert_int_equal(list->count, 3);
    assert_string_equal(list->entries[0].text, dara_text_string(&text));
    assert_string_equal(list->entries[1].text, dara_text_string(&text));
    assert_string_equal(list->entries[2].text, "short");
    list = dara_journal_list_free(list);
    assert_int_equal(dara_session_journal_list(session, false, &list), 0);
    assert_int_equal(list->count, 3);
    assert_null(list->entries[0].text);
    assert_true(strlen(list->entries[1].text) <= DARA_JOURNAL_TEXT_MAX);
    /* A later record without a text leaves the text. */
    const struct dara_journal_entry done = {.size = sizeof(done), .run = "r", .place = 2, .state = "failed"};
    assert_int_equal(dara_session_journal_record(session, &done, 1), 0);
    list = dara_journal_list_free(list);
    assert_int_equal(dara_session_journal_list(session, true, &list), 0);
    assert_string_equal(list->entries[2].text, "short");
    assert_string_equal(list->entries[2].state, "failed");
    dara_session_close(session);
    dara_url_free(url);
}

static int find_drivers(void **state)
{
    char path[1024];
    const char *build = getenv("builddir");
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/tests/drivers/good", build ? build : ".");
    return setenv("DARA_DRIVER_PATH", path, 1);
}

static int clean(void **state)
{
    (void)state;
    remove_file(FIRST);
    remove_file(SECOND);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_rehearsed),
        cmocka_unit_test(test_taken_back),
        cmocka_unit_test(test_stopped),
        cmocka_unit_test(test_refused_meanwhile),
        cmocka_unit_test(test_mended),
        cmocka_unit_test(test_edited),
        cmocka_unit_test(test_nothing_open),
        cmocka_unit_test(test_abandoned),
        cmocka_unit_test(test_doubt),
        cmocka_unit_test(test_no_doubt),
        cmocka_unit_test(test_records_lost),
        cmocka_unit_test(test_lost_going_back),
        cmocka_unit_test(test_pieces),
    };
    return cmocka_run_group_tests(tests, find_drivers, clean);
}
