/* SPDX-License-Identifier: MIT */
/* JUnit's XML: one test case for each rule that found nothing, and one for each finding. What is below the level that fails the command
 * is a case that passed, with its words as output. */
#include "report/findings.h"
#include "report/tree.h"

/* Text of XML, or the value of an attribute; what is not UTF-8 becomes U+FFFD, control characters are shown. */
static void add_escaped(struct dara_text *out, const char *string)
{
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    json_t *clean = dara_report_string(string);
    dara_text_add_visible(&shown, json_string_value(clean));
    json_decref(clean);
    for (const char *s = dara_text_string(&shown); *s; s++) {
        const char *entity = *s == '&'   ? "&amp;"
                             : *s == '<' ? "&lt;"
                             : *s == '>' ? "&gt;"
                             : *s == '"' ? "&quot;"
                                         : NULL;
        if (entity)
            dara_text_add(out, entity);
        else
            dara_text_add_bytes(out, s, 1);
    }
}

static void add_attribute(struct dara_text *out, const char *name, const char *value)
{
    dara_text_format(out, " %s=\"", name);
    add_escaped(out, value);
    dara_text_add(out, "\"");
}

static void begin_case(struct dara_text *out, const char *command, const char *name)
{
    dara_text_add(out, "    <testcase");
    DARA_FREE char *class = dara_format("dara.%s", command);
    add_attribute(out, "classname", class);
    add_attribute(out, "name", name);
    dara_text_add(out, ">");
}

static void add_body(struct dara_text *out, const struct dara_ruled *rule, const struct dara_remark *found)
{
    add_escaped(out, found->subject);
    dara_text_add(out, ": ");
    add_escaped(out, found->message);
    dara_text_add(out, "\nwhy: ");
    add_escaped(out, rule->rule->why);
    dara_text_add(out, "\nfix: ");
    add_escaped(out, found->fix ? found->fix : rule->rule->fix);
    dara_text_add(out, "\n");
}

static bool fails(const struct dara_findings *findings, const struct dara_remark *found)
{
    return findings->fail_on && !found->suppressed && found->level >= findings->fail_on;
}

static void add_found(struct dara_text *out, const char *command, const struct dara_findings *findings,
                      const struct dara_remark *found)
{
    const struct dara_ruled *rule = &findings->rules[found->rule];
    DARA_FREE char *place = found->file ? dara_format("%s:%u", found->file, found->line) : NULL;
    DARA_FREE char *name = dara_format("%s: %s", rule->rule->id, place ? place : found->subject);
    begin_case(out, command, name);
    if (fails(findings, found)) {
        dara_text_add(out, "<failure");
        add_attribute(out, "type", dara_level_name(found->level));
        add_attribute(out, "message", found->message);
        dara_text_add(out, ">");
        add_body(out, rule, found);
        dara_text_add(out, "</failure></testcase>\n");
    } else {
        dara_text_add(out, "<system-out>");
        add_body(out, rule, found);
        dara_text_add(out, "</system-out></testcase>\n");
    }
}

static void add_rule(struct dara_text *out, const char *command, const struct dara_ruled *rule)
{
    begin_case(out, command, rule->rule->id);
    if (rule->unknown) {
        dara_text_add(out, "<skipped");
        add_attribute(out, "message", rule->unknown);
        dara_text_add(out, "/>");
    }
    dara_text_add(out, "</testcase>\n");
}

struct counts {
    size_t tests, failures, errors, skipped;
};

static struct counts count(const struct dara_findings *findings, bool failed)
{
    struct counts counts = {.tests = failed, .errors = failed};
    for (size_t i = 0; findings && i < findings->rule_count; i++) {
        const struct dara_ruled *rule = &findings->rules[i];
        counts.tests += rule->count + (!rule->count || rule->unknown);
        counts.skipped += rule->unknown != NULL;
    }
    for (size_t i = 0; findings && i < findings->count; i++)
        counts.failures += fails(findings, &findings->items[i]);
    return counts;
}

static void begin_suite(struct dara_text *out, const char *element, const char *name, const struct counts *counts)
{
    dara_text_format(out, "<%s", element);
    add_attribute(out, "name", name);
    dara_text_format(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n", counts->tests,
                     counts->failures, counts->errors, counts->skipped);
}

void dara_report_render_junit(const struct dara_report *report, const struct dara_error *error, struct dara_text *out)
{
    const struct dara_findings *findings = report->findings;
    bool failed = error && error->code != DARA_EDIFFERENT;
    struct counts counts = count(findings, failed);
    DARA_FREE char *name = dara_format("dara %s", report->name);
    dara_text_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    begin_suite(out, "testsuites", name, &counts);
    dara_text_add(out, "  ");
    begin_suite(out, "testsuite", name, &counts);
    for (size_t i = 0; findings && i < findings->count; i++)
        if (!findings->items[i].suppressed)
            add_found(out, report->name, findings, &findings->items[i]);
    for (size_t i = 0; findings && i < findings->rule_count; i++)
        if (!findings->rules[i].count || findings->rules[i].unknown)
            add_rule(out, report->name, &findings->rules[i]);
    if (failed) {
        begin_case(out, report->name, report->name);
        dara_text_add(out, "<error");
        add_attribute(out, "message", error->message ? error->message : "the command failed");
        dara_text_add(out, "/></testcase>\n");
    }
    dara_text_add(out, "  </testsuite>\n</testsuites>\n");
}
