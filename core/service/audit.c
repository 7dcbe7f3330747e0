/* SPDX-License-Identifier: MIT */
#include "service/audit.h"

#include <string.h>

#include "base/error-keep.h"
#include "service/audit-look.h"
#include "service/show.h"
#include "service/target.h"

/* ---- rules and levels ----------------------------------------------------------------------------------------------------- */

static const struct dara_rule *find_own(unsigned flags, const char *id)
{
    for (size_t i = 0; flags & DARA_RULE_CATALOG && i < dara_look_rule_count; i++)
        if (strcmp(dara_look_rules[i].rule.id, id) == 0)
            return &dara_look_rules[i].rule;
    for (const struct dara_rule *const *rule = dara_lint_rules; flags & DARA_RULE_FILE && *rule; rule++)
        if (strcmp((*rule)->id, id) == 0)
            return *rule;
    return NULL;
}

const struct dara_rule *dara_audit_find_rule(const struct dara_driver *driver, unsigned flags, const char *id)
{
    const struct dara_rule *own = find_own(flags, id);
    for (const struct dara_rule *const *rule = dara_audit_rules(driver); !own && *rule; rule++)
        if ((*rule)->flags & flags && strcmp((*rule)->id, id) == 0)
            return *rule;
    return own;
}

enum dara_rule_level dara_audit_level(const struct dara_project *project, const struct dara_rule *rule)
{
    for (size_t i = 0; project && i < project->rule_count; i++)
        if (strcmp(project->rules[i].name, rule->id) == 0)
            return (enum dara_rule_level)project->rules[i].level;
    return rule->level;
}

int dara_audit_check_levels(const struct dara_project *project, const struct dara_driver *driver)
{
    for (size_t i = 0; project && i < project->rule_count; i++) {
        if (dara_audit_find_rule(driver, DARA_RULE_FILE | DARA_RULE_CATALOG, project->rules[i].name))
            continue;
        DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
        dara_text_add_visible(&shown, project->rules[i].name);
        dara_error_set(DARA_ECONFIG, "there is no rule '%s'", dara_text_string(&shown));
        dara_error_hint("'dara security-audit rules' lists them");
        dara_error_at(project->file, 0);
        return DARA_ECONFIG;
    }
    return 0;
}

/* ---- judging a model ------------------------------------------------------------------------------------------------------ */

struct audit {
    const struct dara_driver *driver;
    const struct dara_project *project;
    const struct dara_model *model;
    struct dara_audit *judged;
    struct dara_findings *findings;
    json_t *last; /* number of findings with each fingerprint: equal ones are told apart */
};

/* Whether the word `name[length]` of a rule's kinds could be read; else why not. `*ret_has`: the engine has such things at all. */
static const char *unread_family(const struct dara_model *model, const char *name, bool *ret_has)
{
    *ret_has = dara_model_kind(model, name) != NULL;
    for (size_t i = 0; *ret_has && i < dara_model_family_count(model); i++) {
        enum dara_family_state state;
        const char *why, *family = dara_model_family_at(model, i, &state, &why);
        if (strcmp(family, name) != 0)
            continue;
        if (state == DARA_FAMILY_DENIED)
            return why ? why : "it could not be read";
        if (state == DARA_FAMILY_SKIPPED)
            return "it was left out";
    }
    return NULL;
}

/* Whether the rule makes sense for this engine; what it could not look at is said. */
static bool begin_rule(struct audit *audit, const struct dara_rule *rule, size_t *ret_index)
{
    enum dara_rule_level level = dara_audit_level(audit->project, rule);
    DARA_TEXT_LOCAL why = DARA_TEXT_INIT;
    DARA_FREE char *kinds = dara_strdup(rule->kinds ? rule->kinds : "");
    for (char *rest = kinds, *kind; (kind = strsep(&rest, " "));) {
        bool has;
        const char *unread = *kind ? unread_family(audit->model, kind, &has) : NULL;
        if (*kind && !has)
            return false;
        if (unread)
            dara_text_format(&why, "%s%s: %s", why.length ? "; " : "", kind, unread);
    }
    if (level == DARA_RULE_OFF)
        return false;
    *ret_index = dara_findings_rule(audit->findings, rule, level);
    if (why.length)
        dara_findings_unknown(audit->findings, *ret_index, dara_text_string(&why));
    return !why.length;
}

/* Columns are known to be of types that nobody tells. */
static bool needs_types(const struct dara_rule *rule)
{
    static const char *const ids[] = {"float-money", "primary-key-small", "foreign-key-types"};
    for (size_t i = 0; i < DARA_COUNT(ids); i++)
        if (strcmp(rule->id, ids[i]) == 0)
            return true;
    return false;
}

static int run_own(struct audit *audit)
{
    DARA_LOOK_LOCAL look;
    int code = dara_look_begin(&look, audit->driver, audit->model, audit->judged);
    for (size_t i = 0; !code && i < dara_look_rule_count; i++) {
        const struct dara_look_rule *rule = &dara_look_rules[i];
        size_t index;
        if (!begin_rule(audit, &rule->rule, &index))
            continue;
        if (needs_types(&rule->rule) &&
            !(dara_driver_has_group(audit->driver, "audit") && DARA_HAS(audit->driver->audit, type))) {
            dara_findings_unknown(audit->findings, index, "the driver does not tell what types are");
            continue;
        }
        if (rule->whole)
            rule->whole(&look, rule->rule.id);
        for (size_t k = 0; rule->table && k < look.count; k++)
            if (!look.tables[k].follows)
                rule->table(&look, &look.tables[k], rule->rule.id);
    }
    return code;
}

static int run_driver(struct audit *audit)
{
    for (const struct dara_rule *const *rule = dara_audit_rules(audit->driver); *rule; rule++) {
        size_t index;
        if ((*rule)->flags & DARA_RULE_CATALOG && !find_own(DARA_RULE_CATALOG, (*rule)->id))
            (void)begin_rule(audit, *rule, &index);
    }
    return dara_audit_schema(audit->driver, audit->model, audit->judged);
}

/* ---- findings ------------------------------------------------------------------------------------------------------------- */

static char *fingerprint(struct audit *audit, const struct dara_judged *judged)
{
    const struct dara_object *owner = dara_object_owner(judged->object);
    const char *parts[] = {judged->rule,
                           dara_object_kind(judged->object)->name,
                           dara_object_space(judged->object),
                           owner ? dara_object_key(owner) : NULL,
                           dara_object_key(judged->object),
                           judged->mark,
                           NULL};
    DARA_FREE char *plain = dara_audit_fingerprint(parts, DARA_COUNT(parts) - 1);
    json_int_t nth = json_integer_value(json_object_get(audit->last, plain));
    json_object_set_new(audit->last, plain, json_integer(nth + 1));
    DARA_FREE char *number = dara_format("%lld", (long long)nth);
    parts[DARA_COUNT(parts) - 1] = number;
    return nth ? dara_audit_fingerprint(parts, DARA_COUNT(parts)) : dara_strdup(plain);
}

static char *visible(const char *text)
{
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    dara_text_add_visible(&shown, text);
    return dara_text_steal(&shown);
}

/* One that the driver told of a rule that is off, or is nobody's, is passed over. */
static void take(struct audit *audit, const struct dara_judged *judged)
{
    size_t rule = dara_findings_find(audit->findings, judged->rule);
    if (rule == audit->findings->rule_count)
        return;
    if (!judged->object) {
        dara_findings_unknown(audit->findings, rule, judged->message);
        return;
    }
    const struct dara_object *owner = dara_object_owner(judged->object);
    const struct dara_remark found = {.rule = rule,
                                      .level = audit->findings->rules[rule].level,
                                      .subject = dara_object_describe(judged->object),
                                      .message = visible(judged->message),
                                      .kind = dara_strdup(dara_object_kind(judged->object)->name),
                                      .space = dara_strdup(dara_object_space(judged->object)),
                                      .owner = owner ? dara_strdup(dara_object_name(owner)) : NULL,
                                      .name = dara_strdup(dara_object_name(judged->object)),
                                      .fix = dara_strdup(judged->fix),
                                      .fingerprint = fingerprint(audit, judged)};
    dara_findings_add(audit->findings, &found);
}

int dara_audit_model(struct dara_context *context, const struct dara_driver *driver, const struct dara_model *model,
                     struct dara_findings *findings)
{
    DARA_AUDIT_LOCAL judged = dara_audit_new();
    struct audit audit = {.driver = driver,
                          .project = context->project,
                          .model = model,
                          .judged = judged,
                          .findings = findings,
                          .last = json_object()};
    int code = run_own(&audit);
    if (!code)
        code = run_driver(&audit);
    for (size_t i = 0; !code && i < dara_audit_count(judged); i++)
        take(&audit, dara_audit_at(judged, i));
    json_decref(audit.last);
    return code;
}

int dara_security_audit(struct dara_context *context, const struct dara_audit_request *request,
                        struct dara_report *report)
{
    const struct dara_driver *driver;
    DARA_TARGET_LOCAL target = NULL;
    DARA_FINDINGS_LOCAL findings = dara_findings_new();
    const char *operand = request->target ? request->target : "live";
    int code = dara_context_driver(context, &driver);
    if (!code)
        code = dara_audit_check_levels(context->project, driver);
    if (!code)
        code = dara_target_open(context, operand, &target);
    if (!code)
        code = dara_audit_model(context, driver, target->model, findings);
    if (code)
        return code;
    dara_report_text(report, "schema", "audit of", target->title);
    dara_show_counts(report, target->model);
    dara_show_unrepresented(report, target->model);
    struct dara_findings *given = findings;
    findings = NULL;
    return dara_audit_report(given, request, report);
}

/* ---- the list of rules ---------------------------------------------------------------------------------------------------- */

static void list_rule(struct dara_table *table, const char *driver, const struct dara_rule *rule)
{
    dara_table_row(table);
    dara_table_text(table, rule->id);
    dara_table_text(table, dara_level_name(rule->level));
    dara_table_text(table, driver);
    dara_table_text(table, (rule->flags & ~(unsigned)DARA_RULE_ROWS) == DARA_RULE_FILE ? "statement"
                           : rule->flags == DARA_RULE_CATALOG                          ? "schema"
                                                                                       : "schema, statement");
    dara_table_text(table, rule->title);
    dara_table_text(table, rule->why);
    dara_table_text(table, rule->fix);
    dara_table_text(table, rule->since);
    dara_table_text(table, rule->peers);
}

static void list_driver(struct dara_table *table, const struct dara_driver *driver)
{
    for (const struct dara_rule *const *rule = dara_audit_rules(driver); *rule; rule++)
        if (!find_own((*rule)->flags, (*rule)->id))
            list_rule(table, driver->name, *rule);
}

int dara_audit_list(struct dara_report *report)
{
    static const struct {
        const char *json, *label;
    } columns[] = {{"id", "rule"}, {"level", "level"},         {"driver", "engine"},
                   {"of", "of a"}, {"title", "what is wrong"}, {"why", "why"},
                   {"fix", "fix"}, {"since", "since"},         {"peers", "known elsewhere as"}};
    const struct dara_found *drivers;
    size_t count;
    int code = dara_driver_scan(&drivers, &count);
    if (code)
        return code;
    struct dara_table *table = dara_report_table(report, "known_rules", NULL, NULL);
    for (size_t i = 0; i < DARA_COUNT(columns); i++)
        dara_table_column(table, columns[i].json, columns[i].label, DARA_CELL_TEXT);
    for (size_t i = 0; i < dara_look_rule_count; i++)
        list_rule(table, NULL, &dara_look_rules[i].rule);
    for (const struct dara_rule *const *rule = dara_lint_rules; *rule; rule++)
        list_rule(table, NULL, *rule);
    for (size_t i = 0; i < count; i++)
        if (drivers[i].driver)
            list_driver(table, drivers[i].driver);
    return 0;
}
