/* SPDX-License-Identifier: MIT */
/* The baseline: findings that an old project begins with, so that only new ones fail. */
#include <string.h>

#include "base/file.h"
#include "service/audit.h"

#define FORMAT 1

char *dara_audit_fingerprint(const char *const *parts, size_t count)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    char hex[65];
    for (size_t i = 0; i < count; i++) {
        dara_text_format(&text, "%zu:", parts[i] ? strlen(parts[i]) : 0);
        dara_text_add(&text, parts[i] ? parts[i] : "");
    }
    dara_sha256(dara_text_string(&text), text.length, hex);
    return dara_strndup(hex, 32);
}

/* ---- reading -------------------------------------------------------------------------------------------------------------- */

static int fail(const char *path, long line, const char *message)
{
    dara_error_set(DARA_EFILE, "%s", message);
    dara_error_hint("write a new one with --write-baseline");
    dara_error_at(path, line);
    return DARA_EFILE;
}

static int load(const char *path, json_t **ret_document)
{
    DARA_FREE char *text = NULL;
    size_t length;
    json_error_t error;
    int code = dara_file_read(path, &text, &length);
    if (code)
        return code;
    json_t *document = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (!document)
        return fail(path, error.line, "the baseline is no JSON");
    if (json_integer_value(json_object_get(document, "format")) != FORMAT ||
        !json_is_array(json_object_get(document, "findings"))) {
        json_decref(document);
        return fail(path, 0, "this is no baseline of this version of dara");
    }
    *ret_document = document;
    return 0;
}

/* Fingerprints that the file has, each true until it is found. */
static json_t *known_of(const json_t *document)
{
    json_t *known = json_object();
    const json_t *entry;
    size_t i;
    json_array_foreach(json_object_get(document, "findings"), i, entry)
    {
        const char *fingerprint = json_string_value(json_object_get(entry, "fingerprint"));
        if (fingerprint)
            json_object_set_new(known, fingerprint, json_true());
    }
    return known;
}

static void mark(struct dara_findings *findings, json_t *known)
{
    const char *key;
    json_t *value;
    for (size_t i = 0; i < findings->count; i++) {
        struct dara_remark *found = &findings->items[i];
        if (!json_object_get(known, found->fingerprint))
            continue;
        json_object_set_new(known, found->fingerprint, json_false());
        found->suppressed = found->suppressed ? found->suppressed : DARA_SUPPRESSED_BASELINE;
    }
    json_object_foreach(known, key, value) findings->gone += json_is_true(value);
}

static int read_baseline(struct dara_findings *findings, const char *path)
{
    json_t *document = NULL;
    int code = load(path, &document);
    if (code)
        return code;
    json_t *known = known_of(document);
    mark(findings, known);
    json_decref(known);
    json_decref(document);
    return 0;
}

/* ---- writing -------------------------------------------------------------------------------------------------------------- */

static int write_baseline(const struct dara_findings *findings, const char *path)
{
    json_t *list = json_array();
    for (size_t i = 0; i < findings->count; i++) {
        const struct dara_remark *found = &findings->items[i];
        if (found->suppressed != DARA_SUPPRESSED_ALLOWED)
            json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "rule", findings->rules[found->rule].rule->id,
                                                  "subject", dara_report_string(found->subject), "fingerprint",
                                                  dara_report_string(found->fingerprint)));
    }
    json_t *document = json_pack("{s:i, s:o}", "format", FORMAT, "findings", list);
    DARA_FREE char *text = json_dumps(document, JSON_INDENT(1));
    json_decref(document);
    DARA_FREE char *lines = dara_format("%s\n", text ? text : "");
    return dara_file_write(path, lines, strlen(lines), 0644);
}

/* ---- both ----------------------------------------------------------------------------------------------------------------- */

int dara_audit_report(struct dara_findings *findings, const struct dara_audit_request *request,
                      struct dara_report *report)
{
    int code = 0;
    findings->fail_on = request->fail_on;
    dara_findings_sort(findings);
    if (request->write_baseline && (code = write_baseline(findings, request->write_baseline)) == 0)
        dara_report_text(report, "baseline_written", "baseline written", request->write_baseline);
    const char *baseline = request->write_baseline ? request->write_baseline : request->baseline;
    if (!code && baseline)
        code = read_baseline(findings, baseline);
    if (code) {
        dara_findings_free(findings);
        return code;
    }
    dara_findings_count(findings);
    dara_report_findings(report, findings);
    return dara_findings_failed(findings) ? DARA_EDIFFERENT : 0;
}
