/* SPDX-License-Identifier: MIT */
#include "service/smoke.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/error-keep.h"
#include "base/file.h"
#include "service/compare.h"
#include "service/journal.h"
#include "service/run.h"
#include "service/target.h"

/* ---- telling ----------------------------------------------------------------------------------------------------------------- */

void dara_smoke_found(struct dara_smoke *smoke, const struct dara_object *object, const char *subject, const char *file,
                      unsigned line, const char *format, ...)
{
    char message[1024];
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    dara_text_add_visible(&shown, message);
    const struct dara_object *owner = object ? dara_object_owner(object) : NULL;
    const char *parts[] = {smoke->findings->rules[smoke->current].rule->id,
                           object ? dara_object_kind(object)->name : subject, owner ? dara_object_key(owner) : file,
                           object ? dara_object_key(object) : NULL, message};
    const struct dara_remark found = {.rule = smoke->current,
                                      .level = smoke->findings->rules[smoke->current].level,
                                      .subject = object ? dara_object_describe(object) : dara_strdup(subject),
                                      .message = dara_text_steal(&shown),
                                      .kind = object ? dara_strdup(dara_object_kind(object)->name) : NULL,
                                      .space = object ? dara_strdup(dara_object_space(object)) : NULL,
                                      .owner = owner ? dara_strdup(dara_object_name(owner)) : NULL,
                                      .name = object ? dara_strdup(dara_object_name(object)) : NULL,
                                      .file = dara_strdup(file),
                                      .line = line,
                                      .end_line = line,
                                      .fingerprint = dara_audit_fingerprint(parts, DARA_COUNT(parts))};
    dara_findings_add(smoke->findings, &found);
}

void dara_smoke_unknown(struct dara_smoke *smoke, const char *why)
{
    dara_findings_unknown(smoke->findings, smoke->current, why);
}

/* ---- basic ------------------------------------------------------------------------------------------------------------------- */

static int test_connection(struct dara_smoke *smoke)
{
    return dara_session_ping(smoke->session);
}

static int test_history(struct dara_smoke *smoke)
{
    DARA_HISTORY_LOCAL history = NULL;
    DARA_INTERRUPTED_LOCAL interrupted = {0};
    if (!dara_driver_has_group(smoke->driver, "apply")) {
        dara_smoke_unknown(smoke, "this engine keeps no history");
        return 0;
    }
    int code = dara_session_history_list(smoke->session, &history);
    if (!code && dara_session_has_journal(smoke->session))
        code = dara_interrupted_find(smoke->session, false, &interrupted);
    if (!code && interrupted.run)
        dara_smoke_found(smoke, NULL, "history", NULL, 0, "a run was interrupted: 'dara status' tells what it left");
    return code;
}

static int test_schema(struct dara_smoke *smoke)
{
    DARA_HISTORY_LOCAL history = NULL;
    const struct dara_history_entry *entry = NULL;
    if (!dara_driver_has_group(smoke->driver, "apply")) {
        dara_smoke_unknown(smoke, "this engine keeps no history");
        return 0;
    }
    int code = dara_session_history_list(smoke->session, &history);
    if (code)
        return code;
    if (dara_run_drifted(history, smoke->model, &entry))
        dara_smoke_found(smoke, NULL, "schema", NULL, 0,
                         "is not the one that was left on %s: 'dara status --drift' shows how",
                         entry->applied_at ? entry->applied_at : "an unknown day");
    if (!entry)
        dara_smoke_unknown(smoke, "no run has recorded a schema");
    return 0;
}

/* ---- standard ---------------------------------------------------------------------------------------------------------------- */

static int test_audit(struct dara_smoke *smoke)
{
    DARA_FINDINGS_LOCAL found = dara_findings_new();
    int code = dara_audit_model(smoke->context, smoke->driver, smoke->model, found);
    for (size_t i = 0; !code && i < found->count; i++)
        if (found->items[i].level == DARA_RULE_ERROR)
            dara_smoke_found(smoke, NULL, found->items[i].subject, NULL, 0, "%s (%s)", found->items[i].message,
                             found->rules[found->items[i].rule].rule->id);
    return code;
}

struct answer {
    bool given;
    int64_t number;
};

static int take_answer(void *context, size_t count, const struct dara_value *values)
{
    struct answer *answer = context;
    answer->given = count == 1 && values[0].type == DARA_INTEGER;
    answer->number = answer->given ? values[0].integer : 0;
    return 0;
}

/* Each in a transaction of its own: one that fails must not take the next along. */
static int ask(struct dara_smoke *smoke, const struct dara_probed *probe)
{
    struct answer answer = {false, 0};
    const struct dara_reader reader = {.context = &answer, .row = probe->what ? take_answer : NULL};
    int code = dara_session_execute(smoke->session, probe->text, strlen(probe->text), &reader, NULL);
    if (code == DARA_ESTATEMENT) {
        dara_smoke_found(smoke, probe->object, NULL, NULL, 0, "%s", dara_error_last()->message);
        dara_error_clear();
        return 0;
    }
    if (!code && probe->what && !answer.given)
        dara_smoke_unknown(smoke, "a question got no number for an answer");
    if (!code && answer.number > 0)
        dara_smoke_found(smoke, probe->object, NULL, NULL, 0, "%s: %" PRId64, probe->what, answer.number);
    return code;
}

static int test_probes(struct dara_smoke *smoke)
{
    const char *test = smoke->findings->rules[smoke->current].rule->id;
    int code = 0;
    if (!smoke->probes)
        dara_smoke_unknown(smoke, "the driver does not say how to ask");
    for (size_t i = 0; !code && smoke->probes && i < dara_probes_count(smoke->probes); i++)
        if (strcmp(dara_probes_at(smoke->probes, i)->test, test) == 0)
            code = ask(smoke, dara_probes_at(smoke->probes, i));
    return code;
}

/* ---- comprehensive --------------------------------------------------------------------------------------------------------------- */

static int compare(struct dara_smoke *smoke, struct dara_session *scratch)
{
    DARA_MODEL_LOCAL made = NULL;
    DARA_DIFF_LOCAL diff = NULL;
    int code = dara_session_read(scratch, &made);
    if (!code)
        code = dara_diff_new(smoke->model, made, &diff);
    if (code || dara_diff_count(diff) == 0)
        return code;
    DARA_TEXT_LOCAL words = DARA_TEXT_INIT;
    dara_compare_words(diff, &words);
    dara_smoke_found(smoke, NULL, "schema", NULL, 0, "made anew it is another one: %s", dara_text_string(&words));
    return 0;
}

static int test_round_trip(struct dara_smoke *smoke)
{
    DARA_SESSION_LOCAL scratch = NULL;
    if (!dara_driver_has_group(smoke->driver, "scratch") || !dara_driver_has_group(smoke->driver, "dialect")) {
        dara_smoke_unknown(smoke, "this engine has no scratch databases");
        return 0;
    }
    int code = dara_target_scratch(smoke->context, &scratch);
    if (code == DARA_EUNSUPPORTED || code == DARA_ECONNECT) {
        dara_smoke_unknown(smoke, dara_error_last()->message);
        dara_error_clear();
        return 0;
    }
    if (!code)
        code = dara_target_make(scratch, smoke->model);
    if (code == DARA_ESTATEMENT) {
        dara_smoke_found(smoke, NULL, "schema", NULL, 0, "cannot be made anew: %s", dara_error_last()->message);
        dara_error_clear();
        return 0;
    }
    return code ? code : compare(smoke, scratch);
}

/* ---- the tests ------------------------------------------------------------------------------------------------------------------- */

#define TEST(test_suite, test_run, test_id, test_title, test_why, test_fix)                                 \
    {                                                                                                       \
        test_suite, test_run,                                                                               \
        {                                                                                                   \
            .size = sizeof(struct dara_rule), .id = test_id, .level = DARA_RULE_ERROR, .title = test_title, \
            .why = test_why, .fix = test_fix                                                                \
        }                                                                                                   \
    }

static const struct {
    enum dara_smoke_suite suite;
    int (*run)(struct dara_smoke *smoke);
    struct dara_rule rule;
} tests[] = {
    TEST(DARA_SMOKE_BASIC, test_connection, "connection", "the server does not answer", "nothing works without it",
         "dara env-check says what stands between"),
    TEST(DARA_SMOKE_BASIC, test_history, "history", "the history is not in order",
         "what is applied is not known for sure, and no run begins before it is", "dara status"),
    TEST(DARA_SMOKE_BASIC, test_schema, "schema", "the schema is not what the last run left",
         "somebody changed it by hand, and the next migration meets what nobody tested it on",
         "dara status --drift shows the difference"),
    TEST(DARA_SMOKE_STANDARD, test_audit, "audit", "security-audit finds errors",
         "they are of the level that somebody must see to", "dara security-audit schema"),
    TEST(DARA_SMOKE_STANDARD, test_probes, "readable", "a table or view cannot be read",
         "a view names what is gone, storage is damaged, or a right is missing",
         "read it by hand, and see what stops it"),
    TEST(DARA_SMOKE_STANDARD, test_probes, "references", "rows point to rows that are not there",
         "they came while the engine did not look, and joins lose them",
         "delete them, or bring back what they point to"),
    TEST(DARA_SMOKE_STANDARD, test_probes, "sequences", "a sequence is behind its rows",
         "the next number is taken already, and the insert fails", "set it to the largest number that is there"),
    TEST(DARA_SMOKE_STANDARD, test_probes, "valid", "an index or constraint is not valid",
         "no query uses the index; rows from before may break the constraint",
         "make the index anew, validate the constraint"),
    TEST(DARA_SMOKE_STANDARD, test_probes, "storage", "the engine finds damage in its own storage",
         "what is read may be wrong", "go back to a backup"),
    TEST(DARA_SMOKE_COMPREHENSIVE, test_round_trip, "round-trip", "the schema cannot be made anew as it is",
         "a snapshot of it would not bring it back", "compare-schemas shows what is other"),
    TEST(DARA_SMOKE_BASIC, dara_smoke_files, "project", "a test of the project fails", "somebody wrote it for a reason",
         "see the test's file"),
};

static void add_columns(struct dara_table *table)
{
    dara_table_column(table, "test", "test", DARA_CELL_TEXT);
    dara_table_column(table, "result", "result", DARA_CELL_STATUS);
    dara_table_column(table, "findings", "found", DARA_CELL_INT);
    dara_table_column(table, "duration_us", "time", DARA_CELL_DURATION);
}

static void add_row(struct dara_table *table, const struct dara_findings *findings, size_t before, int64_t us)
{
    const struct dara_ruled *rule = &findings->rules[findings->rule_count - 1];
    dara_table_row(table);
    dara_table_text(table, rule->rule->id);
    dara_table_text(table, findings->count > before ? "failed" : rule->unknown ? "not evaluated" : "passed");
    dara_table_int(table, (int64_t)(findings->count - before));
    dara_table_int(table, us);
}

static int run_tests(struct dara_smoke *smoke)
{
    struct dara_table *table = dara_report_table(smoke->report, "tests", NULL, NULL);
    int code = 0;
    add_columns(table);
    for (size_t i = 0; !code && i < DARA_COUNT(tests); i++) {
        if (tests[i].suite > smoke->request->suite)
            continue;
        size_t before = smoke->findings->count;
        int64_t start = dara_clock_monotonic_us();
        smoke->current = dara_findings_rule(smoke->findings, &tests[i].rule, DARA_RULE_ERROR);
        dara_context_say(smoke->context, "test %s", tests[i].rule.id);
        code = tests[i].run(smoke);
        add_row(table, smoke->findings, before, dara_clock_monotonic_us() - start);
    }
    return code;
}

/* ---- the report in the project's folder ------------------------------------------------------------------------------------------ */

static int write_report(const struct dara_smoke *smoke, int verdict)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    DARA_FREE char *folder = dara_file_join(smoke->context->project->root, "tests");
    DARA_FREE char *name = dara_format("smoke-test-%s.md", smoke->request->version);
    DARA_FREE char *path = dara_file_join(folder, name);
    const struct dara_error error = {.code = verdict};
    int code = dara_file_make_folder(folder);
    dara_report_render(smoke->report, DARA_FORMAT_MARKDOWN, verdict ? &error : NULL, 0, &text);
    if (!code)
        code = dara_file_write(path, dara_text_string(&text), text.length, 0644);
    if (!code)
        dara_report_text(smoke->report, "report", "report", dara_file_base(path));
    return code;
}

static int check_version(const char *version)
{
    if (!version || (*version && !strchr(version, '/') && *version != '.' && strlen(version) <= 64))
        return 0;
    dara_error_set(DARA_EUSAGE, "a version becomes part of a file's name: it has at most 64 bytes and no '/'");
    return DARA_EUSAGE;
}

static int open_all(struct dara_smoke *smoke)
{
    int code = check_version(smoke->request->version);
    if (!code && (smoke->request->version || !smoke->context->url_text))
        code = dara_context_project(smoke->context);
    if (!code)
        code = dara_context_driver(smoke->context, &smoke->driver);
    if (!code)
        code = dara_context_open(smoke->context, DARA_MODE_READ, &smoke->session);
    if (!code)
        code = dara_target_look(smoke->session, &smoke->model);
    if (code || !dara_audit_can_probe(smoke->driver))
        return code;
    smoke->probes = dara_probes_new();
    return dara_audit_probe(smoke->driver, smoke->model, smoke->probes);
}

static void smoke_done(struct dara_smoke *smoke)
{
    dara_probes_free(smoke->probes);
    dara_model_free(smoke->model);
    dara_session_close(smoke->session);
    dara_findings_free(smoke->findings);
}

int dara_smoke_test(struct dara_context *context, const struct dara_smoke_request *request, struct dara_report *report)
{
    DARA_CLEANUP(smoke_done)
    struct dara_smoke smoke = {
        .context = context, .request = request, .report = report, .findings = dara_findings_new()};
    int code = open_all(&smoke);
    if (!code)
        code = run_tests(&smoke);
    if (code)
        return code;
    struct dara_findings *given = smoke.findings;
    smoke.findings = NULL;
    code = dara_audit_report(given, &request->findings, report);
    if (request->version && (code == 0 || code == DARA_EDIFFERENT)) {
        int written = write_report(&smoke, code);
        code = written ? written : code;
    }
    return code;
}
