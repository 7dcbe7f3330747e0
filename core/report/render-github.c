/* SPDX-License-Identifier: MIT */
/* Workflow commands of GitHub: annotations on the lines of a change. */
#include <string.h>

#include "report/findings.h"
#include "report/tree.h"

/* What is a sign of the command itself is written %XX; in a property so are ':' and ','. */
static void add_escaped(struct dara_text *out, const char *string, bool property)
{
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    dara_text_add_visible(&shown, string);
    for (const char *s = dara_text_string(&shown); *s; s++) {
        if (strchr(property ? "%\r\n:," : "%\r\n", *s))
            dara_text_format(out, "%%%02X", (unsigned)(unsigned char)*s);
        else
            dara_text_add_bytes(out, s, 1);
    }
}

static void add_command(struct dara_text *out, const char *word, const struct dara_remark *found, const char *title)
{
    dara_text_format(out, "::%s ", word);
    if (found && found->file) {
        dara_text_add(out, "file=");
        add_escaped(out, found->file, true);
        dara_text_format(out, ",line=%u", found->line ? found->line : 1);
        if (found->end_line > found->line)
            dara_text_format(out, ",endLine=%u", found->end_line);
        dara_text_add(out, ",");
    }
    dara_text_add(out, "title=");
    add_escaped(out, title, true);
    dara_text_add(out, "::");
}

static void add_found(struct dara_text *out, const struct dara_findings *findings, const struct dara_remark *found)
{
    static const char *const words[] = {"debug", "notice", "warning", "error"};
    const struct dara_ruled *rule = &findings->rules[found->rule];
    add_command(out, words[found->level], found, rule->rule->id);
    add_escaped(out, found->subject, false);
    dara_text_add(out, ": ");
    add_escaped(out, found->message, false);
    dara_text_add(out, ". Fix: ");
    add_escaped(out, found->fix ? found->fix : rule->rule->fix, false);
    dara_text_add(out, "\n");
}

/* One annotation for all rules that were not evaluated for one reason, at the first of them. */
static void add_unknown(struct dara_text *out, const struct dara_findings *findings, size_t rule)
{
    const char *why = findings->rules[rule].unknown;
    for (size_t i = 0; why && i < rule; i++)
        if (dara_string_same(findings->rules[i].unknown, why))
            return;
    if (!why)
        return;
    add_command(out, "notice", NULL, "not evaluated");
    for (size_t i = rule; i < findings->rule_count; i++)
        if (dara_string_same(findings->rules[i].unknown, why)) {
            dara_text_add(out, i > rule ? ", " : "");
            add_escaped(out, findings->rules[i].rule->id, false);
        }
    dara_text_add(out, ": ");
    add_escaped(out, why, false);
    dara_text_add(out, "\n");
}

void dara_report_render_github(const struct dara_report *report, const struct dara_error *error, struct dara_text *out)
{
    const struct dara_findings *findings = report->findings;
    for (size_t i = 0; findings && i < findings->count; i++)
        if (!findings->items[i].suppressed)
            add_found(out, findings, &findings->items[i]);
    for (size_t i = 0; findings && i < findings->rule_count; i++)
        add_unknown(out, findings, i);
    if (error && error->code != DARA_EDIFFERENT) {
        add_command(out, "error", NULL, "dara");
        add_escaped(out, error->message ? error->message : "the command failed", false);
        dara_text_add(out, "\n");
    }
}
