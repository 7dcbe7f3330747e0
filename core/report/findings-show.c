/* SPDX-License-Identifier: MIT */
/* Findings as a report: what people read, grouped by rule, the worst first; and the JSON form. */
#include <string.h>

#include "report/findings.h"
#include "report/tree.h"

static const char *suppression_name(enum dara_suppression suppression)
{
    return suppression == DARA_SUPPRESSED_ALLOWED    ? "allowed"
           : suppression == DARA_SUPPRESSED_BASELINE ? "baseline"
                                                     : NULL;
}

/* ---- JSON ----------------------------------------------------------------------------------------------------------------- */

static json_t *found_json(const struct dara_findings *findings, const struct dara_remark *found)
{
    const struct dara_ruled *rule = &findings->rules[found->rule];
    json_t *object = json_object();
    const struct {
        const char *name, *text;
    } parts[] = {{"rule", rule->rule->id},
                 {"level", dara_level_name(found->level)},
                 {"subject", found->subject},
                 {"message", found->message},
                 {"kind", found->kind},
                 {"space", found->space},
                 {"owner", found->owner},
                 {"name", found->name},
                 {"file", found->file},
                 {"fix", found->fix},
                 {"fingerprint", found->fingerprint},
                 {"suppressed", suppression_name(found->suppressed)}};
    for (size_t i = 0; i < DARA_COUNT(parts); i++)
        json_object_set_new(object, parts[i].name, dara_report_string(parts[i].text));
    json_object_set_new(object, "line", found->line ? json_integer(found->line) : json_null());
    return object;
}

static const char *verdict_of(const struct dara_ruled *rule)
{
    return rule->count ? "finding" : rule->unknown ? "not evaluated" : "clean";
}

static json_t *rule_json(const struct dara_ruled *rule)
{
    return json_pack("{s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:I}", "id", dara_report_string(rule->rule->id), "level",
                     dara_level_name(rule->level), "verdict", verdict_of(rule), "title",
                     dara_report_string(rule->rule->title), "why", dara_report_string(rule->rule->why), "fix",
                     dara_report_string(rule->rule->fix), "peers", dara_report_string(rule->rule->peers),
                     "not_evaluated", dara_report_string(rule->unknown), "count", (json_int_t)rule->count);
}

static void add_json(struct dara_report *report, const struct dara_findings *findings)
{
    json_t *items = json_array(), *rules = json_array();
    size_t clean = 0, unknown = 0, suppressed = 0, levels[DARA_RULE_ERROR + 1] = {0};
    for (size_t i = 0; i < findings->count; i++) {
        json_array_append_new(items, found_json(findings, &findings->items[i]));
        suppressed += findings->items[i].suppressed != DARA_SUPPRESSED_NOT;
        levels[findings->items[i].level] += !findings->items[i].suppressed;
    }
    for (size_t i = 0; i < findings->rule_count; i++) {
        const struct dara_ruled *rule = &findings->rules[i];
        json_array_append_new(rules, rule_json(rule));
        clean += !rule->count && !rule->unknown;
        unknown += rule->unknown != NULL;
    }
    dara_report_json(report, "findings", items);
    dara_report_json(report, "rules", rules);
    dara_report_json(report, "totals",
                     json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "error", (json_int_t)levels[DARA_RULE_ERROR],
                               "warn", (json_int_t)levels[DARA_RULE_WARN], "info", (json_int_t)levels[DARA_RULE_INFO],
                               "suppressed", (json_int_t)suppressed, "clean_rules", (json_int_t)clean,
                               "not_evaluated_rules", (json_int_t)unknown, "gone", (json_int_t)findings->gone));
}

/* ---- for people ----------------------------------------------------------------------------------------------------------- */

/* The next rule that has something to show, at one level, from the item `*at` on; NULL at the end. `*ret_end`: behind its last item. */
static const struct dara_ruled *next_rule(const struct dara_findings *findings, size_t *at, size_t *ret_end,
                                          size_t *ret_shown)
{
    while (*at < findings->count) {
        size_t rule = findings->items[*at].rule, end = *at;
        size_t shown = 0;
        for (; end < findings->count && findings->items[end].rule == rule &&
               findings->items[end].level == findings->items[*at].level;
             end++)
            shown += !findings->items[end].suppressed;
        *ret_end = end;
        *ret_shown = shown;
        if (shown)
            return &findings->rules[rule];
        *at = end;
    }
    return NULL;
}

static void add_overview(struct dara_report *report, const struct dara_findings *findings)
{
    struct dara_table *table = dara_report_table(report, NULL, "Findings", NULL);
    dara_table_column(table, NULL, "level", DARA_CELL_STATUS);
    dara_table_column(table, NULL, "rule", DARA_CELL_TEXT);
    dara_table_column(table, NULL, "found", DARA_CELL_INT);
    dara_table_column(table, NULL, "what is wrong", DARA_CELL_TEXT);
    const struct dara_ruled *rule;
    size_t at = 0, end, shown;
    for (; (rule = next_rule(findings, &at, &end, &shown)); at = end) {
        dara_table_row(table);
        dara_table_text(table, dara_level_name(findings->items[at].level));
        dara_table_text(table, rule->rule->id);
        dara_table_int(table, (int64_t)shown);
        dara_table_text(table, rule->rule->title);
    }
}

static void add_place(struct dara_table *table, const struct dara_remark *found)
{
    DARA_FREE char *place = found->file ? dara_format("%s:%u", found->file, found->line) : NULL;
    dara_table_text(table, place ? place : found->subject);
}

static void add_items(struct dara_report *report, const struct dara_findings *findings, size_t first, size_t end)
{
    struct dara_table *table = dara_report_table(report, NULL, NULL, NULL);
    DARA_TEXT_LOCAL fixes = DARA_TEXT_INIT;
    dara_table_column(table, NULL, findings->items[first].file ? "where" : "object", DARA_CELL_TEXT);
    dara_table_column(table, NULL, "what", DARA_CELL_TEXT);
    for (size_t i = first; i < end; i++) {
        const struct dara_remark *found = &findings->items[i];
        if (found->suppressed)
            continue;
        dara_table_row(table);
        add_place(table, found);
        dara_table_text(table, found->message);
        if (found->fix)
            dara_text_format(&fixes, "%s;\n", found->fix);
    }
    if (fixes.length)
        dara_report_block(report, NULL, NULL, "sql", dara_text_string(&fixes));
}

static void add_rules(struct dara_report *report, const struct dara_findings *findings)
{
    const struct dara_ruled *rule;
    size_t at = 0, end, shown;
    for (; (rule = next_rule(findings, &at, &end, &shown)); at = end) {
        DARA_FREE char *heading = dara_format("%s (%s)", rule->rule->id, dara_level_name(findings->items[at].level));
        dara_report_section(report, NULL, heading);
        dara_report_text(report, NULL, "why", rule->rule->why);
        dara_report_text(report, NULL, "fix", rule->rule->fix);
        add_items(report, findings, at, end);
        dara_report_end(report);
    }
}

static void add_unknown(struct dara_report *report, const struct dara_findings *findings)
{
    struct dara_table *table = dara_report_table(report, NULL, "Not evaluated", NULL);
    dara_table_column(table, NULL, "because", DARA_CELL_TEXT);
    dara_table_column(table, NULL, "rules", DARA_CELL_TEXT);
    for (size_t i = 0; i < findings->rule_count; i++) {
        const char *why = findings->rules[i].unknown;
        DARA_TEXT_LOCAL ids = DARA_TEXT_INIT;
        size_t first = 0;
        while (why && !dara_string_same(findings->rules[first].unknown, why))
            first++;
        for (size_t k = i; why && first == i && k < findings->rule_count; k++)
            if (dara_string_same(findings->rules[k].unknown, why))
                dara_text_format(&ids, "%s%s", ids.length ? ", " : "", findings->rules[k].rule->id);
        if (!ids.length)
            continue;
        dara_table_row(table);
        dara_table_text(table, why);
        dara_table_text(table, dara_text_string(&ids));
    }
}

static void add_verdict(struct dara_report *report, const struct dara_findings *findings)
{
    size_t clean = 0, levels[DARA_RULE_ERROR + 1] = {0}, allowed = 0, known = 0;
    for (size_t i = 0; i < findings->rule_count; i++) {
        clean += !findings->rules[i].count && !findings->rules[i].unknown;
    }
    for (size_t i = 0; i < findings->count; i++) {
        allowed += findings->items[i].suppressed == DARA_SUPPRESSED_ALLOWED;
        known += findings->items[i].suppressed == DARA_SUPPRESSED_BASELINE;
        levels[findings->items[i].level] += !findings->items[i].suppressed;
    }
    if (allowed)
        dara_report_note(report, DARA_NOTE_INFO, "allowed by a comment: %zu", allowed);
    if (known)
        dara_report_note(report, DARA_NOTE_INFO, "in the baseline: %zu", known);
    if (findings->gone)
        dara_report_note(report, DARA_NOTE_HINT,
                         "%zu of the baseline %s no longer found: --write-baseline writes it anew", findings->gone,
                         findings->gone == 1 ? "is" : "are");
    bool none = !levels[DARA_RULE_ERROR] && !levels[DARA_RULE_WARN] && !levels[DARA_RULE_INFO];
    dara_report_note(report, none ? DARA_NOTE_OK : DARA_NOTE_INFO,
                     "error: %zu, warn: %zu, info: %zu; rules that found nothing: %zu of %zu", levels[DARA_RULE_ERROR],
                     levels[DARA_RULE_WARN], levels[DARA_RULE_INFO], clean, findings->rule_count);
}

void dara_report_findings(struct dara_report *report, struct dara_findings *findings)
{
    report->findings = findings;
    add_json(report, findings);
    add_overview(report, findings);
    add_rules(report, findings);
    add_unknown(report, findings);
    add_verdict(report, findings);
}
