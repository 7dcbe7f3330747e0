/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>

#include "base/error-keep.h"
#include "base/file.h"
#include "service/target.h"

/* scheme:… with at least two letters, so that a drive letter or a label with a colon is no scheme. */
static bool looks_like_url(const char *operand)
{
    const char *at = operand;

    if (!islower((unsigned char)*at))
        return false;
    while (islower((unsigned char)*at) || isdigit((unsigned char)*at) || *at == '+')
        at++;
    return at - operand >= 2 && *at == ':' && at[1];
}

/* A file of the dialect that is not the text of a snapshot: those have a meta beside them. */
static bool is_schema_file(const struct dara_driver *driver, const char *operand)
{
    if (!driver->dialect || !dara_file_exists(operand))
        return false;
    DARA_FREE char *end = dara_format(".%s", driver->dialect->extension);
    if (!dara_string_ends(operand, end, strlen(end)))
        return false;
    DARA_FREE char *stem = dara_strndup(operand, strlen(operand) - strlen(end));
    DARA_FREE char *meta = dara_format("%s.meta", stem);
    return !dara_file_exists(meta);
}

enum dara_target_type dara_target_type(const struct dara_driver *driver, const char *operand)
{
    if (strcmp(operand, "live") == 0)
        return DARA_TARGET_LIVE;
    if (strcmp(operand, "empty") == 0)
        return DARA_TARGET_EMPTY;
    if (strcmp(operand, "migrations") == 0)
        return DARA_TARGET_MIGRATIONS;
    if (strncmp(operand, "env:", 4) == 0)
        return DARA_TARGET_URL;
    if (is_schema_file(driver, operand))
        return DARA_TARGET_FILE;
    if (looks_like_url(operand) && !dara_file_exists(operand))
        return DARA_TARGET_URL;
    return DARA_TARGET_SNAPSHOT;
}

static char *visible(const char *prefix, const char *string)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;

    dara_text_add(&text, prefix);
    dara_text_add_visible(&text, string);
    return dara_text_steal(&text);
}

int dara_target_read(struct dara_session *session, struct dara_model **ret_model)
{
    bool begin = !dara_session_in_transaction(session) && dara_driver_has_group(dara_session_driver(session), "apply");
    int code = begin ? dara_session_begin(session, DARA_BEGIN_READ) : 0;

    return code < 0 ? code : dara_session_read(session, ret_model);
}

int dara_target_look(struct dara_session *session, struct dara_model **ret_model)
{
    DARA_MODEL_LOCAL model = NULL;
    int code = dara_target_read(session, &model);
    struct dara_error *kept = code < 0 ? dara_error_keep() : NULL;
    int ended = dara_session_rollback(session);

    if (kept)
        return dara_error_restore(kept);
    if (ended < 0)
        return ended;
    *ret_model = model;
    model = NULL;
    return 0;
}

static int open_live(struct dara_context *context, struct dara_target *target)
{
    DARA_SESSION_LOCAL session = NULL;
    int code = dara_context_open(context, DARA_MODE_READ, &session);

    if (code < 0)
        return code;
    target->title = dara_strdup("live");
    return dara_target_read(session, &target->model);
}

/* The URL text that env:NAME stands for. Borrowed from the process or the project. */
static int environment_url(struct dara_context *context, const char *name, const char **ret_text)
{
    int code = dara_context_project(context);
    if (code < 0)
        return code;
    const struct dara_environment *environment = dara_project_environment(context->project, name);
    if (!environment) {
        code = dara_error_set(DARA_ECONFIG, "no environment '%s'", name);
        dara_error_at(context->project->file, 0);
        dara_error_hint("add it under 'environments:', or name one that is there");
        return code;
    }
    *ret_text = dara_project_variable(context->project, environment->url_variable);
    if (*ret_text)
        return 0;
    code = dara_error_set(DARA_ECONFIG, "environment '%s': variable '%s' is not set", name, environment->url_variable);
    dara_error_hint("set %s to the URL of that database, in the process or in .env", environment->url_variable);
    return code;
}

static void free_url(struct dara_url **url)
{
    dara_url_free(*url);
}

static int open_url(struct dara_context *context, const char *operand, struct dara_target *target)
{
    bool named = strncmp(operand, "env:", 4) == 0;
    const char *text = operand;
    int code;

    if (named) {
        code = environment_url(context, operand + 4, &text);
        if (code < 0)
            return code;
    }
    const char *base = context->project ? context->project->root : context->folder;
    DARA_CLEANUP(free_url) struct dara_url *url = NULL;
    code = dara_url_parse(text, base, &url);
    if (code < 0 || (code = dara_driver_adopt(url, context->project ? context->project->engine : NULL)) < 0)
        return code;
    DARA_FREE char *application = dara_format("dara %s", context->command ? context->command : "");
    const struct dara_session_options options = {.mode = DARA_MODE_READ,
                                                 .lock_timeout_ms = context->lock_timeout_ms,
                                                 .statement_timeout_ms = context->statement_timeout_ms,
                                                 .application = application};
    DARA_SESSION_LOCAL session = NULL;
    code = dara_session_open(url, &options, &session);
    if (code < 0)
        return code;
    dara_session_limit(session, context->spaces);
    target->title = visible(named ? "environment " : "", named ? operand + 4 : url->redacted);
    return dara_target_read(session, &target->model);
}

static int open_snapshot(struct dara_context *context, const char *operand, struct dara_target *target)
{
    int code = dara_snapshot_find(context, operand, &target->snapshot);

    if (code < 0)
        return code;
    target->title = visible("snapshot ", target->snapshot->id);
    return dara_snapshot_model(target->snapshot, &target->model);
}

static int open_operand(struct dara_context *context, const char *operand, struct dara_target *target)
{
    switch (target->type) {
    case DARA_TARGET_LIVE:
        return open_live(context, target);
    case DARA_TARGET_EMPTY:
        target->title = dara_strdup("empty");
        return dara_target_empty(context, &target->model);
    case DARA_TARGET_MIGRATIONS:
        target->title = dara_strdup("migrations");
        return dara_target_replay_migrations(context, &target->model);
    case DARA_TARGET_URL:
        return open_url(context, operand, target);
    case DARA_TARGET_FILE:
        target->title = visible("file ", operand);
        return dara_target_replay_file(context, operand, &target->model);
    case DARA_TARGET_SNAPSHOT:
        return open_snapshot(context, operand, target);
    }
    return dara_error_set(DARA_EINTERNAL, "target of unknown type %d", (int)target->type);
}

static bool same_spaces(const char *const *left, const char *const *right)
{
    size_t i = 0;
    for (; left && right && left[i] && right[i]; i++)
        if (strcmp(left[i], right[i]) != 0)
            return false;
    return left && right ? !left[i] && !right[i] : left == right;
}

int dara_target_limit(struct dara_context *context, const char *const *operands, size_t count)
{
    const struct dara_driver *driver;
    bool whole = false;
    int code = dara_context_driver(context, &driver);
    for (size_t i = 0; code == 0 && i < count; i++) {
        struct dara_snapshot *snapshot = NULL;
        if (dara_target_type(driver, operands[i]) != DARA_TARGET_SNAPSHOT)
            continue;
        code = dara_snapshot_find(context, operands[i], &snapshot);
        const char *const *spaces = code == 0 ? snapshot->spaces : NULL;
        const char *const *before = (const char *const *)context->spaces;
        if (code == 0 && ((spaces && whole) || (before && !same_spaces(spaces, before))))
            code = dara_error_set(DARA_EUSAGE, "the snapshots do not hold the same schemas of the database");
        else if (code == 0 && spaces && !before)
            code = dara_context_limit(context, spaces);
        whole = whole || !spaces;
        dara_snapshot_free(snapshot);
    }
    return code;
}

int dara_target_open(struct dara_context *context, const char *operand, struct dara_target **ret_target)
{
    const struct dara_driver *driver;
    int code = dara_context_driver(context, &driver);

    if (code < 0)
        return code;
    DARA_TARGET_LOCAL target = dara_alloc(sizeof(*target));
    target->type = dara_target_type(driver, operand);
    code = open_operand(context, operand, target);
    if (code < 0)
        return code;
    *ret_target = target;
    target = NULL;
    return 0;
}

struct dara_target *dara_target_free(struct dara_target *target)
{
    if (!target)
        return NULL;
    free(target->title);
    dara_model_free(target->model);
    dara_snapshot_free(target->snapshot);
    free(target);
    return NULL;
}
