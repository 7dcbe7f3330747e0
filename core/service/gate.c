/* SPDX-License-Identifier: MIT */
#include "service/gate.h"

#include <string.h>

#include "base/file.h"
#include "base/terminal.h"
#include "service/lint.h"

#define WORD "DESTROY"

bool dara_gate_listed(const char *const *allow, const char *rule)
{
    for (; allow && *allow; allow++)
        if (!strcmp(*allow, rule))
            return true;
    return false;
}

/* ---- shape -------------------------------------------------------------------------------------------------------- */

static bool has(const struct dara_migration *migration, size_t index, unsigned flag)
{
    return (migration->facts[index]->flags & flag) != 0;
}

static const char *kind_of(const struct dara_migration *migration, size_t index)
{
    return migration->facts[index]->kind ? migration->facts[index]->kind : "this statement";
}

static int fail_at(int code, const struct dara_migration *migration, size_t index)
{
    dara_error_at(migration->path, (long)migration->script->statements[index].line);
    return code;
}

static bool needs_journal(const struct dara_migration *migration, enum dara_gate_journal journal)
{
    bool needs = journal == DARA_GATE_ALL_JOURNALED;
    for (size_t i = 0; journal == DARA_GATE_JOURNAL && i < migration->script->count && !needs; i++)
        needs = has(migration, i, DARA_STATEMENT_NO_TRANSACTION);
    return needs;
}

int dara_gate_shape(const struct dara_migration *migration, enum dara_gate_journal journal,
                    struct dara_gate_shape *ret_shape)
{
    size_t count = migration->script->count;
    struct dara_gate_shape shape = {.journaled = needs_journal(migration, journal)};
    if (shape.journaled) {
        *ret_shape = shape;
        return 0;
    }
    while (shape.leading < count && has(migration, shape.leading, DARA_STATEMENT_BEFORE_TRANSACTION))
        shape.leading++;
    while (shape.leading + shape.trailing < count &&
           has(migration, count - shape.trailing - 1, DARA_STATEMENT_BEFORE_TRANSACTION))
        shape.trailing++;
    for (size_t i = shape.leading; i < count - shape.trailing; i++) {
        if (has(migration, i, DARA_STATEMENT_BEFORE_TRANSACTION)) {
            dara_error_set(DARA_EFILE, "'%s' has no effect inside a transaction", kind_of(migration, i));
            dara_error_hint("move it to the beginning of the file");
            return fail_at(DARA_EFILE, migration, i);
        }
        if (!has(migration, i, DARA_STATEMENT_NO_TRANSACTION))
            continue;
        if (count > 1) {
            dara_error_set(DARA_EFILE, "'%s' cannot run inside a transaction", kind_of(migration, i));
            dara_error_hint("put it alone into a migration of its own");
            return fail_at(DARA_EFILE, migration, i);
        }
        shape.outside = true;
    }
    *ret_shape = shape;
    return 0;
}

/* ---- hazards ------------------------------------------------------------------------------------------------------ */

void dara_gate_hazards_at(const struct dara_project *project, const struct dara_migration *migration, size_t statement,
                          const char *const *allow, void (*meet)(void *context, const struct dara_gate_hazard *hazard),
                          void *context)
{
    for (size_t i = 0; i < migration->facts[statement]->hazard_count; i++) {
        const struct dara_fact_hazard *hazard = &migration->facts[statement]->hazards[i];
        enum dara_rule_level level = dara_lint_level(project, NULL, hazard);
        if (hazard->fresh || level == DARA_RULE_OFF)
            continue;
        bool allowed =
            dara_gate_listed(allow, hazard->rule) || dara_migration_allows(migration, statement, hazard->rule);
        meet(context, &(struct dara_gate_hazard){migration, statement, hazard, level, allowed});
    }
}

void dara_gate_hazards(const struct dara_project *project, const struct dara_migration *migration,
                       const char *const *allow, void (*meet)(void *context, const struct dara_gate_hazard *hazard),
                       void *context)
{
    for (size_t i = 0; i < migration->script->count; i++)
        dara_gate_hazards_at(project, migration, i, allow, meet, context);
}

int dara_gate_weigh(struct dara_session *session, const struct dara_migration *const *migrations, size_t count)
{
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++) {
        for (size_t k = 0; r == 0 && k < migrations[i]->script->count; k++)
            r = dara_session_weigh(session, &migrations[i]->script->statements[k], migrations[i]->facts[k]);
        dara_migration_mark_fresh(migrations[i]);
    }
    return r;
}

struct gathering {
    struct dara_text text; /* one line each */
    struct dara_table *table;
    struct dara_report *report; /* NULL when the user is asked: the question shows it */
    size_t count;
    struct dara_gate_hazard first;
};

static void begin_table(struct gathering *gathering)
{
    gathering->table = dara_report_table(gathering->report, "refused", "Refused", NULL);
    dara_table_column(gathering->table, "file", "file", DARA_CELL_TEXT);
    dara_table_column(gathering->table, "line", "line", DARA_CELL_INT);
    dara_table_column(gathering->table, "rule", "rule", DARA_CELL_TEXT);
    dara_table_column(gathering->table, "message", "what it does", DARA_CELL_TEXT);
}

static void gather(void *context, const struct dara_gate_hazard *met)
{
    struct gathering *gathering = context;
    if (met->level < DARA_RULE_ERROR || met->allowed)
        return;
    const char *file = dara_file_base(met->migration->path);
    unsigned line = met->migration->script->statements[met->statement].line;
    if (gathering->count == 0)
        gathering->first = *met;
    dara_text_format(&gathering->text, "%s%s:%u: %s: %s", gathering->count++ ? "\n" : "", file, line, met->hazard->rule,
                     met->hazard->message);
    if (!gathering->report)
        return;
    if (!gathering->table)
        begin_table(gathering);
    dara_table_row(gathering->table);
    dara_table_text(gathering->table, file);
    dara_table_int(gathering->table, line);
    dara_table_text(gathering->table, met->hazard->rule);
    dara_table_text(gathering->table, met->hazard->message);
}

static int refuse(const struct gathering *gathering)
{
    const struct dara_gate_hazard *first = &gathering->first;
    const char *rule = first->hazard->rule;
    dara_error_set(DARA_EREFUSED, "%s: %s", rule, first->hazard->message);
    if (gathering->count > 1)
        dara_error_detail("%s", dara_text_string(&gathering->text));
    dara_error_hint("if it is meant, give --allow %s, or write '-- dara:allow %s REASON' on the line above it", rule,
                    rule);
    return fail_at(DARA_EREFUSED, first->migration, first->statement);
}

/* What only rules ask for is looked for where dara.yaml makes one of them an error. */
static int complete(struct dara_context *context, const struct dara_migration *const *migrations, size_t count)
{
    const struct dara_driver *driver;
    const struct dara_project *project = context->project;
    bool wanted = false;
    for (size_t i = 0; project && i < project->rule_count; i++)
        wanted = wanted || project->rules[i].level == DARA_RULE_ERROR;
    if (!wanted)
        return 0;
    int r = dara_context_driver(context, &driver);
    if (!r)
        r = dara_audit_check_levels(project, driver);
    for (size_t i = 0; !r && i < count; i++)
        r = dara_lint_complete(driver, migrations[i]);
    return r;
}

int dara_gate_check(struct dara_context *context, const struct dara_migration *const *migrations, size_t count,
                    size_t done, const char *const *allow, struct dara_report *report)
{
    bool ask = dara_terminal_interactive();
    int r = complete(context, migrations, count);
    if (r < 0)
        return r;
    struct gathering gathering = {.text = DARA_TEXT_INIT, .report = ask ? NULL : report};
    for (size_t i = 0; i < count; i++)
        for (size_t k = i == 0 ? done : 0; k < migrations[i]->script->count; k++)
            dara_gate_hazards_at(context->project, migrations[i], k, allow, gather, &gathering);
    if (gathering.count > 0)
        r = ask ? dara_context_ask_word(context, WORD, "this destroys data", dara_text_string(&gathering.text))
                : refuse(&gathering);
    dara_text_done(&gathering.text);
    return r;
}
