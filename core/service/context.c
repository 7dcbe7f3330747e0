/* SPDX-License-Identifier: MIT */
#include "service/context.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/suggest.h"

#define USUAL_VARIABLE "DATABASE_URL"

int dara_context_project(struct dara_context *context)
{
    if (context->project)
        return 0;
    return dara_project_open(context->folder, &context->project);
}

/* A project that is not there is fine where the connection does not need it; one that cannot be read never is. */
static int project_if_any(struct dara_context *context)
{
    if (context->project)
        return 0;
    DARA_FREE char *root = dara_project_find(context->folder);
    return root ? dara_context_project(context) : 0;
}

/* ---- which URL ------------------------------------------------------------------------------------------------------ */

struct choice {
    const char *text;     /* the URL, or NULL while none was found */
    const char *variable; /* where it came from; NULL for --url */
};

static bool try_variable(const struct dara_context *context, const char *name, struct choice *choice)
{
    choice->text = dara_project_variable(context->project, name);
    choice->variable = name;
    return choice->text != NULL;
}

static int unset(const char *names)
{
    dara_error_set(DARA_ECONFIG, "no connection: %s", names);
    dara_error_hint("set it in the environment or in the project's .env, or give --url");
    return DARA_ECONFIG;
}

static int choose_environment(struct dara_context *context, struct choice *choice)
{
    int code = dara_context_project(context);
    if (code)
        return code;
    context->active = dara_project_environment(context->project, context->environment);
    if (!context->active) {
        DARA_TEXT_LOCAL names = DARA_TEXT_INIT;
        for (size_t i = 0; i < context->project->environment_count; i++)
            dara_text_format(&names, "%s%s", i ? ", " : "", context->project->environments[i].name);
        DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
        dara_text_add_visible(&shown, context->environment);
        dara_error_set(DARA_ECONFIG, "no environment '%s'", dara_text_string(&shown));
        dara_error_at(context->project->file, 0);
        DARA_TEXT_LOCAL nearest = DARA_TEXT_INIT;
        struct dara_suggestion suggestion;
        dara_suggest_begin(&suggestion, context->environment);
        for (size_t i = 0; i < context->project->environment_count; i++)
            dara_suggest_offer(&suggestion, context->project->environments[i].name);
        bool any = dara_suggest_text(&suggestion, "", &nearest);
        dara_error_hint("%s%sknown there: %s", dara_text_string(&nearest), any ? " " : "",
                        names.length ? dara_text_string(&names) : "none");
        return DARA_ECONFIG;
    }
    if (try_variable(context, context->active->url_variable, choice))
        return 0;
    DARA_FREE char *what =
        dara_format("'%s' of environment '%s' is not set", context->active->url_variable, context->active->name);
    return unset(what);
}

/* The driver's own variables, DATABASE_URL, and last the variable of the project's only environment. */
static int choose_usual(struct dara_context *context, struct choice *choice)
{
    const struct dara_project *project = context->project;
    const struct dara_driver *driver = NULL;
    if (project) {
        int code = dara_driver_load(project->engine, &driver);
        if (code)
            return code;
    }
    const char *own = driver ? driver->url_variable : NULL;
    const char *direct =
        context->direct && driver && DARA_HAS(driver, direct_variable) ? driver->direct_variable : NULL;
    const char *only = project && project->environment_count == 1 ? project->environments[0].url_variable : NULL;
    if ((direct && try_variable(context, direct, choice)) || (own && try_variable(context, own, choice)) ||
        try_variable(context, USUAL_VARIABLE, choice) || (only && try_variable(context, only, choice)))
        return 0;
    if (!project)
        return dara_context_project(context); /* says that there is no project */
    if (only && (!strcmp(only, USUAL_VARIABLE) || (own && !strcmp(only, own))))
        only = NULL;
    DARA_FREE char *what =
        dara_format("%s%s%s%s%s%s", own ? own : "", own ? " and " : "", USUAL_VARIABLE, only ? " and " : "",
                    only ? only : "", own || only ? " are not set" : " is not set");
    return unset(what);
}

static int choose(struct dara_context *context, struct choice *choice)
{
    *choice = (struct choice){.text = NULL};
    if (context->environment && context->url_text)
        return dara_error_set(DARA_EUSAGE, "--url and --env exclude each other");
    if (context->environment)
        return choose_environment(context, choice);
    int code = project_if_any(context);
    if (code)
        return code;
    if (context->url_text) {
        choice->text = context->url_text;
        return 0;
    }
    return choose_usual(context, choice);
}

/* ---- which environment ---------------------------------------------------------------------------------------------- */

static bool same_file(const struct dara_url *a, const struct dara_url *b)
{
    DARA_FREE char *path_a = dara_file_join(a->base, a->path ? a->path : ""),
                   *path_b = dara_file_join(b->base, b->path ? b->path : "");
    DARA_FREE char *real_a = realpath(path_a, NULL);
    DARA_FREE char *real_b = realpath(path_b, NULL);
    return real_a && real_b && !strcmp(real_a, real_b);
}

/* Whether two URLs lead to one database, whoever logs in and with whatever options. */
static bool same_database(const struct dara_url *a, const struct dara_url *b)
{
    if (dara_string_same(a->host, b->host) && dara_string_same(a->port, b->port) && dara_string_same(a->path, b->path))
        return true;
    return !a->host && !b->host && same_file(a, b);
}

static bool leads_to(const struct dara_context *context, const struct dara_environment *environment)
{
    const char *text = dara_project_variable(context->project, environment->url_variable);
    struct dara_url *other = NULL;
    if (!text || dara_url_parse(text, context->project->root, &other)) {
        dara_error_clear(); /* a malformed URL of another environment is not this call's concern */
        return text && !strcmp(text, context->url->text);
    }
    bool same = same_database(context->url, other);
    dara_url_free(other);
    return same;
}

/* A production database stays one whichever way it is named: by --url, by another variable, by another environment. */
static void find_active(struct dara_context *context, const struct choice *choice)
{
    const struct dara_project *project = context->project;
    if (!project || (context->active && context->active->production))
        return;
    for (size_t i = 0; i < project->environment_count; i++)
        if (project->environments[i].production && leads_to(context, &project->environments[i])) {
            context->active = &project->environments[i];
            return;
        }
    for (size_t i = 0; !context->active && choice->variable && i < project->environment_count; i++)
        if (!strcmp(project->environments[i].url_variable, choice->variable))
            context->active = &project->environments[i];
    if (!context->active && choice->variable && project->environment_count == 1)
        context->active = &project->environments[0];
}

static int check_engine(const struct dara_context *context, const struct choice *choice)
{
    const struct dara_driver *driver = NULL;
    if (!context->project)
        return 0;
    int code = dara_driver_load(context->url->scheme, &driver);
    if (code || !strcmp(driver->name, context->project->engine))
        return code;
    dara_error_set(DARA_ECONFIG, "the project's engine is '%s', but %s%s holds a URL for '%s'",
                   context->project->engine, choice->variable ? "variable " : "",
                   choice->variable ? choice->variable : "--url", driver->name);
    dara_error_at(context->project->file, 0);
    dara_error_hint("correct 'engine' in dara.yaml, or the URL");
    return DARA_ECONFIG;
}

static char *base_folder(const struct dara_context *context)
{
    if (context->project)
        return dara_strdup(context->project->root);
    return realpath(context->folder ? context->folder : ".", NULL);
}

int dara_context_url(struct dara_context *context)
{
    struct choice choice;
    if (context->url)
        return 0;
    int code = choose(context, &choice);
    if (code)
        return code;
    DARA_FREE char *base = base_folder(context);
    if (dara_url_parse(choice.text, base, &context->url)) {
        if (choice.variable) {
            /* Name the variable: the message of the parser cannot. */
            DARA_FREE char *why = dara_strdup(dara_error_last()->message);
            dara_error_set(DARA_ECONFIG, "the URL in %s: %s", choice.variable, why);
            return DARA_ECONFIG;
        }
        return dara_error_last()->code;
    }
    if ((code = dara_driver_adopt(context->url, context->project ? context->project->engine : NULL)) ||
        (code = check_engine(context, &choice))) {
        context->url = dara_url_free(context->url);
        return code;
    }
    find_active(context, &choice);
    return 0;
}

/* The driver, if it has what the options ask for. */
static int load_driver(const struct dara_context *context, const char *name, const struct dara_driver **ret_driver)
{
    int code = dara_driver_load(name, ret_driver);
    return code ? code : dara_driver_require_scope(*ret_driver, context->scope);
}

int dara_context_driver(struct dara_context *context, const struct dara_driver **ret_driver)
{
    if (!context->url && !context->url_text && !context->environment) {
        int code = project_if_any(context);
        if (code)
            return code;
        if (context->project)
            return load_driver(context, context->project->engine, ret_driver);
    }
    int code = dara_context_url(context);
    return code ? code : load_driver(context, context->url->scheme, ret_driver);
}

int dara_context_open(struct dara_context *context, enum dara_mode mode, struct dara_session **ret_session)
{
    const struct dara_driver *driver = NULL;
    int code = dara_context_url(context);
    if (code || (code = load_driver(context, context->url->scheme, &driver)))
        return code;
    DARA_FREE char *application = dara_format("dara %s", context->command ? context->command : "");
    struct dara_session_options options = {.mode = mode,
                                           .lock_timeout_ms = context->lock_timeout_ms,
                                           .lock_step_ms = context->lock_step_ms,
                                           .statement_timeout_ms = context->statement_timeout_ms,
                                           .application = application};
    code = dara_session_open(context->url, &options, ret_session);
    if (code == 0)
        dara_session_limit(*ret_session, context->spaces);
    return code;
}

static void free_spaces(struct dara_context *context)
{
    for (size_t i = 0; context->spaces && context->spaces[i]; i++)
        free((char *)(uintptr_t)context->spaces[i]);
    free(context->spaces);
    context->spaces = NULL;
}

static bool has_namespaces(const struct dara_driver *driver)
{
    for (const struct dara_kind *const *kind = driver->introspect->kinds; *kind; kind++)
        if (!strcmp((*kind)->name, "namespace"))
            return true;
    return false;
}

int dara_context_limit(struct dara_context *context, const char *const *spaces)
{
    const struct dara_driver *driver;
    size_t count = 0;
    int code = dara_context_driver(context, &driver);
    if (code)
        return code;
    if (!has_namespaces(driver)) {
        dara_error_set(DARA_EUNSUPPORTED,
                       "the '%s' driver cannot save one schema of a database: its databases have no schemas",
                       driver->name);
        dara_error_hint("leave out '--schema': a snapshot holds the whole database");
        return DARA_EUNSUPPORTED;
    }
    free_spaces(context);
    while (spaces[count])
        count++;
    context->spaces = dara_alloc((count + 1) * sizeof(*context->spaces));
    for (size_t i = 0; i < count; i++)
        context->spaces[i] = dara_strdup(spaces[i]);
    return 0;
}

void dara_context_done(struct dara_context *context)
{
    free_spaces(context);
    context->url = dara_url_free(context->url);
    context->active = NULL;
    context->project = dara_project_free(context->project);
}

char *dara_context_owner(const struct dara_context *context)
{
    char since[21];
    DARA_FREE char *who = dara_clock_whoami();
    dara_clock_iso(dara_clock_now(), since);
    return dara_format("%s pid %ld, dara %s, since %s", who, (long)getpid(), context->command ? context->command : "",
                       since);
}
