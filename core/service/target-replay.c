/* SPDX-License-Identifier: MIT */
/* Files and plans run on a scratch database, to see the schema they give. Nothing here touches the user's database. */
#include <string.h>

#include "base/file.h"
#include "service/migration.h"
#include "service/target.h"

int dara_target_scratch(struct dara_context *context, struct dara_session **ret_session)
{
    int code = dara_context_url(context);

    if (code < 0)
        return code;
    DARA_FREE char *application = dara_format("dara %s", context->command ? context->command : "");
    return dara_session_open_scratch(context->url, application, ret_session);
}

/* The driver counts lines within the statement; people count lines of the file. */
static int at_file(int code, const char *path, unsigned line)
{
    const struct dara_error *error = dara_error_last();
    long inside = error ? error->line : 0;

    dara_error_at(path, (long)line + (inside > 0 ? inside - 1 : 0));
    return code;
}

static int leave_transaction(struct dara_session *session)
{
    return dara_session_in_transaction(session) ? dara_session_commit(session) : 0;
}

static int run_statement(struct dara_session *session, const struct dara_statement *statement, unsigned flags)
{
    int code = 0;

    if (flags & DARA_STATEMENT_TRANSACTION) /* dumps bracket themselves; scratch needs no brackets */
        return 0;
    if (flags & (DARA_STATEMENT_NO_TRANSACTION | DARA_STATEMENT_BEFORE_TRANSACTION))
        code = leave_transaction(session);
    else if (!dara_session_in_transaction(session))
        code = dara_session_begin(session, DARA_BEGIN_SCHEMA);
    if (code < 0)
        return code;
    return dara_session_execute(session, statement->text, statement->length, NULL, NULL);
}

int dara_target_replay_statement(struct dara_session *session, const char *path, const struct dara_statement *statement,
                                 const struct dara_statement_facts *facts)
{
    if (facts->flags & DARA_STATEMENT_REFUSED) {
        int code = dara_error_set(DARA_EFILE, "%s", facts->refusal ? facts->refusal : "statement refused");
        if (facts->refusal_hint)
            dara_error_hint("%s", facts->refusal_hint);
        dara_error_at(path, (long)statement->line);
        return code;
    }
    if (facts->flags & DARA_STATEMENT_ELSEWHERE) /* what it does is not in the schema */
        return 0;
    int code = run_statement(session, statement, facts->flags);
    return code < 0 ? at_file(code, path, statement->line) : 0;
}

static int replay_script(struct dara_session *session, const char *path, const struct dara_script *script)
{
    const struct dara_driver *driver = dara_session_driver(session);

    for (size_t i = 0; i < script->count; i++) {
        DARA_FACTS_LOCAL facts = NULL;
        int code = dara_dialect_classify(driver, &script->statements[i], &facts);
        if (code < 0)
            return at_file(code, path, script->statements[i].line);
        code = dara_target_replay_statement(session, path, &script->statements[i], facts);
        if (code < 0)
            return code;
    }
    return 0;
}

/* Of what was made on scratch, what is asked for. */
static int read_limited(const struct dara_context *context, struct dara_session *session, struct dara_model **ret_model)
{
    dara_session_limit(session, (const char *const *)context->spaces);
    return dara_target_read(session, ret_model);
}

int dara_target_replay_file(struct dara_context *context, const char *path, struct dara_model **ret_model)
{
    DARA_FREE char *bytes = NULL;
    size_t length;
    int code = dara_file_read(path, &bytes, &length);

    if (code < 0)
        return code;
    if (!dara_utf8_valid(bytes, length))
        return dara_error_set(DARA_EFILE, "'%s' is not UTF-8 text", path);
    DARA_SESSION_LOCAL session = NULL;
    code = dara_target_scratch(context, &session);
    if (code < 0)
        return code;
    DARA_SCRIPT_LOCAL script = NULL;
    code = dara_dialect_split(dara_session_driver(session), bytes, length, &script);
    if (code < 0) {
        dara_error_at(path, 0);
        return code;
    }
    code = replay_script(session, path, script);
    return code < 0 ? code : read_limited(context, session, ret_model);
}

int dara_target_run_plan(struct dara_session *session, const struct dara_plan *plan)
{
    for (size_t i = 0; i < dara_plan_count(plan); i++) {
        const char *text = dara_plan_at(plan, i)->text;
        int code = dara_session_execute(session, text, strlen(text), NULL, NULL);
        if (code < 0) {
            const struct dara_error *error = dara_error_last();
            if (!error || !error->detail)
                dara_error_detail("statement %zu of the plan: %s", i + 1, text);
            return code;
        }
    }
    return 0;
}

int dara_target_make(struct dara_session *session, const struct dara_model *model)
{
    return dara_target_make_of(session, model, 0);
}

int dara_target_make_of(struct dara_session *session, const struct dara_model *model, unsigned scope)
{
    DARA_MODEL_LOCAL before = NULL;
    int code = dara_session_begin(session, DARA_BEGIN_SCHEMA);
    if (code == 0)
        code = dara_session_read(session, &before);
    if (code < 0)
        return code;
    DARA_DIFF_LOCAL diff = NULL;
    code = dara_diff_new_of(before, model, scope, &diff);
    if (code < 0)
        return code;
    DARA_PLAN_LOCAL plan = NULL;
    code = dara_plan_new(dara_session_driver(session), diff, &plan);
    if (code < 0)
        return code;
    code = dara_plan_runnable(plan);
    return code < 0 ? code : dara_target_run_plan(session, plan);
}

static int replay_snapshot(struct dara_session *session, const struct dara_snapshot *snapshot)
{
    DARA_MODEL_LOCAL model = NULL;
    int code = dara_snapshot_model(snapshot, &model);

    return code < 0 ? code : dara_target_make(session, model);
}

static int change_on_scratch(struct dara_context *context, const struct dara_model *model, const struct dara_plan *plan,
                             unsigned scope, struct dara_model **ret_model)
{
    DARA_SESSION_LOCAL session = NULL;
    int code = dara_target_scratch(context, &session);

    if (code == 0)
        code = dara_target_make_of(session, model, scope);
    if (code == 0)
        code = dara_target_run_plan(session, plan);
    return code < 0 ? code : read_limited(context, session, ret_model);
}

int dara_target_changed(struct dara_context *context, const struct dara_model *model, const struct dara_plan *plan,
                        struct dara_model **ret_model)
{
    /* Owners and rights, too: a plan that begins here must know what is to be given back. Who may not give them all does without, unless
     * they were asked for. */
    int code = change_on_scratch(context, model, plan, DARA_SCOPE_ALL, ret_model);
    if (code != DARA_ESTATEMENT || context->scope)
        return code;
    dara_error_clear();
    return change_on_scratch(context, model, plan, 0, ret_model);
}

/* The snapshot an adopted database began with: its schema was not made by a migration, so replaying must start from it. */
static const struct dara_snapshot *find_baseline(struct dara_snapshot *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i]->label && strcmp(list[i]->label, "baseline") == 0 && !list[i]->spaces)
            return list[i];
    }
    return NULL;
}

static bool in_baseline(const struct dara_snapshot *baseline, const char *version)
{
    for (size_t i = 0; baseline && i < baseline->applied_count; i++) {
        if (strcmp(baseline->applied[i], version) == 0)
            return true;
    }
    return false;
}

static int replay_migration(struct dara_session *session, const struct dara_migration *migration)
{
    for (size_t i = 0; i < migration->script->count; i++) {
        int code = dara_target_replay_statement(session, migration->path, &migration->script->statements[i],
                                                migration->facts[i]);
        if (code < 0)
            return code;
    }
    return 0;
}

static int replay_all(struct dara_session *session, const struct dara_snapshot *baseline,
                      const struct dara_migrations *migrations)
{
    int code = baseline ? replay_snapshot(session, baseline) : 0;

    for (size_t i = 0; code == 0 && i < migrations->count; i++) {
        if (!in_baseline(baseline, migrations->items[i].version))
            code = replay_migration(session, &migrations->items[i]);
    }
    return code;
}

int dara_target_replay_migrations(struct dara_context *context, struct dara_model **ret_model)
{
    int code = dara_context_project(context);
    if (code < 0)
        return code;
    DARA_SESSION_LOCAL session = NULL;
    code = dara_target_scratch(context, &session);
    if (code < 0)
        return code;
    DARA_FREE char *folder = dara_project_path(context->project, "migrations");
    DARA_MIGRATIONS_LOCAL migrations = NULL;
    code = dara_migrations_read(dara_session_driver(session), folder, &migrations);
    if (code < 0)
        return code;
    struct dara_snapshot **list = NULL;
    size_t count = 0;
    code = dara_snapshot_list(context, &list, &count);
    if (code < 0)
        return code;
    code = replay_all(session, find_baseline(list, count), migrations);
    dara_snapshot_list_free(list, count);
    return code < 0 ? code : read_limited(context, session, ret_model);
}

int dara_target_empty(struct dara_context *context, struct dara_model **ret_model)
{
    const struct dara_driver *driver;
    int code = dara_context_driver(context, &driver);

    if (code < 0)
        return code;
    if (driver->scratch) {
        DARA_SESSION_LOCAL session = NULL;
        code = dara_target_scratch(context, &session);
        return code < 0 ? code : read_limited(context, session, ret_model);
    }
    DARA_MODEL_LOCAL model = NULL;
    code = dara_model_new(driver->name, driver->introspect->kinds, &model);
    if (code == 0)
        code = dara_model_finish(model);
    if (code < 0)
        return code;
    *ret_model = model;
    model = NULL;
    return 0;
}
