/* SPDX-License-Identifier: MIT */
#include "service/lint.h"

#include <string.h>

#include "base/file.h"
#include "service/gate.h"
#include "service/lint-live.h"

enum dara_rule_level dara_lint_level(const struct dara_project *project, const struct dara_rule *rule,
                                     const struct dara_fact_hazard *hazard)
{
    for (size_t i = 0; project && i < project->rule_count; i++)
        if (strcmp(project->rules[i].name, hazard->rule) == 0)
            return (enum dara_rule_level)project->rules[i].level;
    if (hazard->destroys)
        return DARA_RULE_ERROR;
    return rule && rule->level < DARA_RULE_WARN ? rule->level : DARA_RULE_WARN;
}

/* ---- hazards that flags tell ---------------------------------------------------------------------------------------------- */

static void add_flagged(struct dara_statement_facts *facts)
{
    static const struct {
        unsigned flag;
        const char *rule, *message;
    } rows[] = {{DARA_STATEMENT_REWRITES, "table-rewrite", "writes every row of the table again"},
                {DARA_STATEMENT_TRANSACTION, "transaction-in-file", "begins or ends a transaction"},
                {DARA_STATEMENT_UNREAD, "dynamic-sql", "what it does cannot be read from its text"}};
    for (size_t i = 0; i < DARA_COUNT(rows); i++)
        if (facts->flags & rows[i].flag)
            dara_facts_hazard((struct dara_facts *)facts, rows[i].rule, false, rows[i].message);
    if (facts->flags & DARA_STATEMENT_REFUSED)
        dara_facts_hazard((struct dara_facts *)facts, "not-for-migrations", false, facts->refusal);
}

int dara_lint_complete(const struct dara_driver *driver, const struct dara_migration *migration)
{
    int code = dara_audit_file(driver, migration->script, migration->facts);
    if (code)
        return code;
    for (size_t i = 0; i < migration->script->count; i++)
        add_flagged(migration->facts[i]);
    dara_migration_mark_fresh(migration);
    return 0;
}

/* ---- findings ------------------------------------------------------------------------------------------------------------- */

struct lint {
    const struct dara_driver *driver;
    const struct dara_project *project;
    const char *const *allow;
    struct dara_findings *findings;
    struct dara_lint_live *live; /* or NULL */
    const struct dara_migration *migration;
    char *file;   /* as people read it */
    json_t *last; /* how many findings had each fingerprint */
    json_t *met;  /* "LINE RULE" of allow comments that covered something */
};

static char *fingerprint(struct lint *lint, const char *rule, const char *text)
{
    const char *parts[] = {rule, dara_file_base(lint->file), text, NULL};
    DARA_FREE char *plain = dara_audit_fingerprint(parts, 3);
    json_int_t nth = json_integer_value(json_object_get(lint->last, plain));
    json_object_set_new(lint->last, plain, json_integer(nth + 1));
    DARA_FREE char *number = dara_format("%lld", (long long)nth);
    parts[3] = number;
    return nth ? dara_audit_fingerprint(parts, 4) : dara_strdup(plain);
}

/* "alter table 'users'" */
static char *subject_of(const struct dara_statement_facts *facts)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    const struct dara_fact_object *named = NULL;
    for (size_t i = 0; i < facts->object_count && (!named || named->role == DARA_ROLE_USES); i++)
        named = !named || facts->objects[i].role != DARA_ROLE_USES ? &facts->objects[i] : named;
    dara_text_add_visible(&text, facts->kind ? facts->kind : "statement");
    if (named) {
        dara_text_add(&text, " '");
        dara_text_add_visible(&text, named->key);
        dara_text_add(&text, "'");
    }
    return dara_text_steal(&text);
}

static unsigned end_of(const struct dara_statement *statement)
{
    unsigned line = statement->line;
    for (const char *at = statement->text; (at = strchr(at, '\n')); at++)
        line++;
    return line;
}

/* The index of the rule of a hazard, which an unknown one gets from its message. */
static size_t rule_of(struct lint *lint, const struct dara_fact_hazard *hazard)
{
    size_t index = dara_findings_find(lint->findings, hazard->rule);
    return index < lint->findings->rule_count ? index
                                              : dara_findings_own(lint->findings, hazard->rule, hazard->message,
                                                                  hazard->destroys ? DARA_RULE_ERROR : DARA_RULE_WARN);
}

/* dara.yaml's level stays as it is. What destroys rows still does when some came in the meantime. */
static int look(struct lint *lint, size_t statement, const struct dara_rule *rule,
                const struct dara_fact_hazard *hazard, enum dara_rule_level *level, struct dara_text *message)
{
    bool empty = false, asked = false;
    if (!lint->live || hazard->remark || !(hazard->destroys || (rule && rule->flags & DARA_RULE_ROWS)))
        return 0;
    int code = dara_lint_live_look(lint->live, lint->migration->facts[statement], &empty, message);
    for (size_t i = 0; lint->project && i < lint->project->rule_count; i++)
        asked = asked || strcmp(lint->project->rules[i].name, hazard->rule) == 0;
    if (!code && empty && !asked && !hazard->destroys && *level > DARA_RULE_INFO)
        *level = DARA_RULE_INFO;
    return code;
}

static int take(struct lint *lint, size_t statement, const struct dara_fact_hazard *hazard)
{
    const struct dara_statement *at = &lint->migration->script->statements[statement];
    const struct dara_rule *rule = dara_audit_find_rule(lint->driver, DARA_RULE_FILE, hazard->rule);
    enum dara_rule_level level = dara_lint_level(lint->project, rule, hazard);
    bool commented = dara_migration_allows(lint->migration, statement, hazard->rule);
    if (commented) {
        DARA_FREE char *key = dara_format("%zu %s", statement, hazard->rule);
        json_object_set_new(lint->met, key, json_true());
    }
    if (level == DARA_RULE_OFF)
        return 0;
    bool allowed = commented || dara_gate_listed(lint->allow, hazard->rule);
    DARA_TEXT_LOCAL message = DARA_TEXT_INIT;
    dara_text_add_visible(&message, hazard->message);
    int code = look(lint, statement, rule, hazard, &level, &message);
    if (code)
        return code;
    const struct dara_remark found = {.rule = rule_of(lint, hazard),
                                      .level = level,
                                      .subject = subject_of(lint->migration->facts[statement]),
                                      .message = dara_text_steal(&message),
                                      .file = dara_strdup(lint->file),
                                      .line = at->line,
                                      .end_line = end_of(at),
                                      .fingerprint = fingerprint(lint, hazard->rule, at->text),
                                      .suppressed = allowed ? DARA_SUPPRESSED_ALLOWED : DARA_SUPPRESSED_NOT};
    dara_findings_add(lint->findings, &found);
    return 0;
}

/* A comment that covers nothing, or does not say why. */
static void judge_allow(void *context, const struct dara_allow *allow)
{
    struct lint *lint = context;
    DARA_FREE char *key = dara_format("%zu %s", allow->statement, allow->rule);
    bool unused = !json_object_get(lint->met, key);
    const char *rule = unused ? "unused-allow" : "allow-without-reason";
    size_t index = dara_findings_find(lint->findings, rule);
    if ((!unused && allow->reason) || index == lint->findings->rule_count)
        return;
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    dara_text_add_visible(&shown, allow->rule);
    const struct dara_remark found = {
        .rule = index,
        .level = lint->findings->rules[index].level,
        .subject = dara_format("comment dara:allow %s", dara_text_string(&shown)),
        .message = dara_strdup(unused ? "covers nothing: there is no finding of that rule" : "does not say why"),
        .file = dara_strdup(lint->file),
        .line = allow->line,
        .end_line = allow->line,
        .fingerprint = fingerprint(lint, rule, allow->rule)};
    dara_findings_add(lint->findings, &found);
}

/* Of a statement that cannot be read some things are known all the same. */
static void tell_unread(struct lint *lint, unsigned line)
{
    static const char *const known[] = {"dynamic-sql", "transaction-in-file", "not-for-migrations", "unused-allow",
                                        "allow-without-reason"};
    DARA_FREE char *why = dara_format("%s:%u cannot be read", lint->file, line);
    for (size_t i = 0; i < lint->findings->rule_count; i++) {
        size_t k = 0;
        while (k < DARA_COUNT(known) && strcmp(known[k], lint->findings->rules[i].rule->id) != 0)
            k++;
        if (k == DARA_COUNT(known))
            dara_findings_unknown(lint->findings, i, why);
    }
}

static int judge(struct lint *lint, const struct dara_migration *migration)
{
    unsigned unread = 0;
    int code = dara_lint_complete(lint->driver, migration);
    if (code)
        return code;
    lint->migration = migration;
    lint->file = dara_file_shown(migration->path);
    lint->met = json_object();
    for (size_t i = 0; !code && i < migration->script->count; i++) {
        const struct dara_statement_facts *facts = migration->facts[i];
        for (size_t k = 0; !code && k < facts->hazard_count; k++)
            if (!facts->hazards[k].fresh)
                code = take(lint, i, &facts->hazards[k]);
        if (facts->flags & DARA_STATEMENT_UNREAD && !unread)
            unread = migration->script->statements[i].line;
    }
    dara_migration_each_allow(migration, judge_allow, lint);
    if (unread)
        tell_unread(lint, unread);
    json_decref(lint->met);
    free(lint->file);
    return code;
}

static void begin_rules(struct lint *lint)
{
    for (const struct dara_rule *const *rule = dara_lint_rules; *rule; rule++) {
        enum dara_rule_level level = dara_audit_level(lint->project, *rule);
        if (level)
            dara_findings_rule(lint->findings, *rule, level);
    }
    for (const struct dara_rule *const *rule = dara_audit_rules(lint->driver); *rule; rule++) {
        enum dara_rule_level level = dara_audit_level(lint->project, *rule);
        if (level && (*rule)->flags & DARA_RULE_FILE &&
            dara_findings_find(lint->findings, (*rule)->id) == lint->findings->rule_count)
            dara_findings_rule(lint->findings, *rule, level);
    }
}

int dara_lint(struct dara_context *context, const struct dara_audit_request *request, const char *const *allow,
              bool live, struct dara_report *report)
{
    DARA_LINT_LIVE_LOCAL opened = NULL;
    DARA_MIGRATIONS_LOCAL files = NULL;
    DARA_FINDINGS_LOCAL findings = dara_findings_new();
    struct lint lint = {.allow = allow, .findings = findings, .last = json_object()};
    int code = dara_context_driver(context, &lint.driver);
    lint.project = context->project;
    if (!code)
        code = dara_audit_check_levels(lint.project, lint.driver);
    if (!code)
        code = dara_migrations_read_any(lint.driver, request->target, &files);
    if (!code && live)
        code = dara_lint_live_open(context, &opened);
    lint.live = opened;
    if (!code)
        begin_rules(&lint);
    size_t statements = 0;
    for (size_t i = 0; !code && i < files->count; i++) {
        statements += files->items[i].script->count;
        code = judge(&lint, &files->items[i]);
    }
    json_decref(lint.last);
    if (code)
        return code;
    dara_report_int(report, "files", "files", (int64_t)files->count);
    dara_report_int(report, "statements", "statements", (int64_t)statements);
    findings = NULL;
    return dara_audit_report(lint.findings, request, report);
}
