/* SPDX-License-Identifier: MIT */
#include "report/findings.h"

#include <string.h>

static const char *const level_names[] = {"off", "info", "warn", "error"};

const char *dara_level_name(enum dara_rule_level level)
{
    return level_names[level];
}

enum dara_rule_level dara_level_parse(const char *name, bool *ret_known)
{
    for (size_t i = 0; i < DARA_COUNT(level_names); i++)
        if (strcmp(name, level_names[i]) == 0) {
            *ret_known = true;
            return (enum dara_rule_level)i;
        }
    *ret_known = false;
    return DARA_RULE_OFF;
}

/* ---- the list ------------------------------------------------------------------------------------------------------------- */

struct dara_findings *dara_findings_new(void)
{
    struct dara_findings *findings = dara_alloc(sizeof(*findings));
    findings->fail_on = DARA_RULE_WARN;
    return findings;
}

struct dara_findings *dara_findings_free(struct dara_findings *findings)
{
    if (!findings)
        return NULL;
    for (size_t i = 0; i < findings->count; i++) {
        struct dara_remark *found = &findings->items[i];
        char *const strings[] = {found->subject, found->message, found->kind, found->space,      found->owner,
                                 found->name,    found->file,    found->fix,  found->fingerprint};
        for (size_t k = 0; k < DARA_COUNT(strings); k++)
            free(strings[k]);
    }
    for (size_t i = 0; i < findings->rule_count; i++)
        free(findings->rules[i].unknown);
    for (size_t i = 0; i < findings->own_count; i++) {
        free((char *)(uintptr_t)findings->own[i]->id);
        free((char *)(uintptr_t)findings->own[i]->title);
        free(findings->own[i]);
    }
    free(findings->own);
    free(findings->items);
    free(findings->rules);
    free(findings);
    return NULL;
}

size_t dara_findings_rule(struct dara_findings *findings, const struct dara_rule *rule, enum dara_rule_level level)
{
    DARA_GROW(findings->rules, findings->rule_count, findings->rule_room);
    findings->rules[findings->rule_count] = (struct dara_ruled){.rule = rule, .level = level};
    return findings->rule_count++;
}

size_t dara_findings_own(struct dara_findings *findings, const char *id, const char *message,
                         enum dara_rule_level level)
{
    struct dara_rule *rule = dara_alloc(sizeof(*rule));
    *rule = (struct dara_rule){.size = sizeof(*rule),
                               .id = dara_strdup(id),
                               .level = level,
                               .flags = DARA_RULE_FILE,
                               .title = dara_strdup(message),
                               .why = "the driver says so",
                               .fix = "leave it out, or allow it with a reason"};
    DARA_GROW(findings->own, findings->own_count, findings->own_room);
    findings->own[findings->own_count++] = rule;
    return dara_findings_rule(findings, rule, level);
}

size_t dara_findings_find(const struct dara_findings *findings, const char *id)
{
    size_t i = 0;
    while (i < findings->rule_count && strcmp(findings->rules[i].rule->id, id) != 0)
        i++;
    return i;
}

void dara_findings_unknown(struct dara_findings *findings, size_t rule, const char *why)
{
    if (!findings->rules[rule].unknown)
        findings->rules[rule].unknown = dara_strdup(why);
}

void dara_findings_add(struct dara_findings *findings, const struct dara_remark *found)
{
    DARA_GROW(findings->items, findings->count, findings->room);
    findings->items[findings->count++] = *found;
}

/* ---- order ---------------------------------------------------------------------------------------------------------------- */

static int compare_text(const char *left, const char *right)
{
    return strcmp(left ? left : "", right ? right : "");
}

/* For qsort() a finding carries its rule's level and id with it. */
struct ranked {
    struct dara_remark found;
    enum dara_rule_level level;
    const char *id;
    size_t place;
};

static int compare(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;
    if (left->level != right->level)
        return left->level > right->level ? -1 : 1;
    int order = strcmp(left->id, right->id);
    if (!order)
        order = compare_text(left->found.file, right->found.file);
    if (!order && left->found.line != right->found.line)
        order = left->found.line < right->found.line ? -1 : 1;
    if (!order)
        order = compare_text(left->found.subject, right->found.subject);
    if (!order)
        order = left->place < right->place ? -1 : 1;
    return order;
}

void dara_findings_sort(struct dara_findings *findings)
{
    DARA_FREE struct ranked *ranked = dara_alloc((findings->count + 1) * sizeof(*ranked));
    for (size_t i = 0; i < findings->count; i++) {
        const struct dara_ruled *rule = &findings->rules[findings->items[i].rule];
        ranked[i] = (struct ranked){findings->items[i], findings->items[i].level, rule->rule->id, i};
    }
    qsort(ranked, findings->count, sizeof(*ranked), compare);
    for (size_t i = 0; i < findings->count; i++)
        findings->items[i] = ranked[i].found;
}

void dara_findings_count(struct dara_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        findings->rules[findings->items[i].rule].count += !findings->items[i].suppressed;
}

bool dara_findings_failed(const struct dara_findings *findings)
{
    for (size_t i = 0; findings->fail_on && i < findings->count; i++)
        if (!findings->items[i].suppressed && findings->items[i].level >= findings->fail_on)
            return true;
    return false;
}
