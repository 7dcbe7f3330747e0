/* SPDX-License-Identifier: MIT */
/* SARIF 2.1.0: what code scanning of forges and editors reads. */
#include <ctype.h>
#include <string.h>

#include <dara/version.h>

#include "report/findings.h"
#include "report/tree.h"

static const char *level_of(enum dara_rule_level level)
{
    static const char *const names[] = {"none", "note", "warning", "error"};
    return names[level];
}

static json_t *visible(const char *text)
{
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    dara_text_add_visible(&shown, text);
    return dara_report_string(dara_text_string(&shown));
}

static json_t *message(const char *text)
{
    return json_pack("{s:o}", "text", visible(text));
}

/* A path as a relative reference: what RFC 3986 reserves is written %XX. */
static json_t *uri(const char *path)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    for (const char *at = path; *at; at++) {
        bool plain = isalnum((unsigned char)*at) || strchr("-._~/", *at);
        if (plain && (unsigned char)*at < 0x80)
            dara_text_add_bytes(&text, at, 1);
        else
            dara_text_format(&text, "%%%02X", (unsigned)(unsigned char)*at);
    }
    return dara_report_string(dara_text_string(&text));
}

static json_t *rule_json(const struct dara_ruled *rule)
{
    json_t *properties = json_object();
    if (rule->rule->peers)
        json_object_set_new(properties, "peers", dara_report_string(rule->rule->peers));
    return json_pack("{s:s, s:o, s:o, s:o, s:{s:s}, s:o}", "id", rule->rule->id, "shortDescription",
                     message(rule->rule->title), "fullDescription", message(rule->rule->why), "help",
                     message(rule->rule->fix), "defaultConfiguration", "level", level_of(rule->level), "properties",
                     properties);
}

static json_t *location_json(const struct dara_remark *found)
{
    json_t *location = json_object();
    if (found->file) {
        json_t *region = json_pack("{s:I}", "startLine", (json_int_t)(found->line ? found->line : 1));
        if (found->end_line > found->line)
            json_object_set_new(region, "endLine", json_integer(found->end_line));
        json_object_set_new(location, "physicalLocation",
                            json_pack("{s:{s:o}, s:o}", "artifactLocation", "uri", uri(found->file), "region", region));
    }
    if (found->name)
        json_object_set_new(location, "logicalLocations",
                            json_pack("[{s:o, s:o, s:o}]", "name", visible(found->name), "fullyQualifiedName",
                                      visible(found->subject), "kind", visible(found->kind ? found->kind : "object")));
    return location;
}

static json_t *result_json(const struct dara_findings *findings, const struct dara_remark *found)
{
    const struct dara_ruled *rule = &findings->rules[found->rule];
    DARA_FREE char *text = dara_format("%s: %s", found->subject, found->message);
    json_t *result =
        json_pack("{s:s, s:I, s:s, s:o, s:[o], s:{s:o}}", "ruleId", rule->rule->id, "ruleIndex",
                  (json_int_t)found->rule, "level", level_of(found->level), "message", message(text), "locations",
                  location_json(found), "partialFingerprints", "dara/v1", dara_report_string(found->fingerprint));
    if (found->suppressed)
        json_object_set_new(
            result, "suppressions",
            json_pack("[{s:s}]", "kind", found->suppressed == DARA_SUPPRESSED_ALLOWED ? "inSource" : "external"));
    if (found->fix)
        json_object_set_new(result, "properties", json_pack("{s:o}", "fix", dara_report_string(found->fix)));
    return result;
}

static void add_notification(json_t *list, const char *level, const char *rule, const char *text)
{
    json_t *notification = json_pack("{s:s, s:o}", "level", level, "message", message(text));
    if (rule)
        json_object_set_new(notification, "associatedRule", json_pack("{s:s}", "id", rule));
    json_array_append_new(list, notification);
}

static json_t *invocation_json(const struct dara_findings *findings, const struct dara_error *error)
{
    bool failed = error && error->code != DARA_EDIFFERENT;
    json_t *notifications = json_array();
    for (size_t i = 0; findings && i < findings->rule_count; i++)
        if (findings->rules[i].unknown)
            add_notification(notifications, "note", findings->rules[i].rule->id, findings->rules[i].unknown);
    if (failed && error->message)
        add_notification(notifications, "error", NULL, error->message);
    return json_pack("{s:b, s:o}", "executionSuccessful", !failed, "toolExecutionNotifications", notifications);
}

void dara_report_render_sarif(const struct dara_report *report, const struct dara_error *error, struct dara_text *out)
{
    const struct dara_findings *findings = report->findings;
    json_t *rules = json_array(), *results = json_array();
    for (size_t i = 0; findings && i < findings->rule_count; i++)
        json_array_append_new(rules, rule_json(&findings->rules[i]));
    for (size_t i = 0; findings && i < findings->count; i++)
        json_array_append_new(results, result_json(findings, &findings->items[i]));
    json_t *document = json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:o}}, s:[o], s:o, s:s}]}", "$schema",
                                 "https://json.schemastore.org/sarif-2.1.0.json", "version", "2.1.0", "runs", "tool",
                                 "driver", "name", "dara", "version", DARA_VERSION, "rules", rules, "invocations",
                                 invocation_json(findings, error), "results", results, "columnKind", "utf16CodeUnits");
    dara_report_add_json(document, out);
    json_decref(document);
}
