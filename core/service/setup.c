/* SPDX-License-Identifier: MIT */
#include "service/setup-parts.h"

#include <ctype.h>
#include <string.h>

#include "base/file.h"
#include "service/show.h"

#define USUAL_VARIABLE "DATABASE_URL"

static void setup_done(struct dara_setup *setup)
{
    free(setup->files.yaml);
    free(setup->type);
    free(setup->value);
    dara_model_free(setup->model);
    dara_history_list_free(setup->history);
}

static bool is_file_engine(const struct dara_setup *setup)
{
    return setup->driver->features & DARA_FEATURE_FILE;
}

/* ---- the project ---------------------------------------------------------------------------------------------------- */

static char *yaml_text(const struct dara_setup *setup)
{
    const struct dara_driver *driver = setup->driver;
    const char *local = DARA_HAS(driver, local_variable) ? driver->local_variable : NULL;
    const char *directory = setup->request->directory     ? setup->request->directory
                            : DARA_HAS(driver, directory) ? driver->directory
                                                          : NULL;
    return dara_format(
        "# A project of dara. No secret belongs here: 'url' names an environment variable, which is read from\n"
        "# the process or from .env.\n"
        "engine: %s\n"
        "directory: %s\n"
        "environments:\n"
        "  local:\n"
        "    url: %s\n"
        "#  production:\n"
        "#    url: PROD_DATABASE_URL\n"
        "#    production: true   # its name must be typed before anything is written\n",
        setup->driver->name, directory ? directory : "db", local ? local : setup->variable);
}

static int check_project(const struct dara_setup *setup)
{
    const struct dara_project *project = setup->context->project;
    const struct dara_driver *driver = NULL;
    int code = setup->type ? dara_driver_load(setup->type, &driver) : 0;
    if (code)
        return code;
    if (driver && strcmp(driver->name, project->engine)) {
        dara_error_set(DARA_ECONFIG, "the project's engine is '%s', not '%s'", project->engine, driver->name);
        dara_error_at(project->file, 0);
        dara_error_hint("use another folder, or change 'engine' in dara.yaml");
        return DARA_ECONFIG;
    }
    if (setup->request->directory && strcmp(setup->request->directory, project->directory)) {
        dara_error_set(DARA_ECONFIG, "the project's directory is '%s' already", project->directory);
        dara_error_at(project->file, 0);
        dara_error_hint("leave --folder out, or change 'directory' in dara.yaml");
        return DARA_ECONFIG;
    }
    return 0;
}

/* The project that is there, or in memory the one that will be. */
static int find_project(struct dara_setup *setup)
{
    struct dara_context *context = setup->context;
    setup->files = (struct dara_setup_files){.context = context, .dry_run = setup->request->dry_run};
    DARA_FREE char *root = dara_project_find(context->folder);
    int code = 0;
    if (setup->request->type)
        setup->type = dara_strdup(setup->request->type);
    else if (context->url_text)
        setup->type = dara_strndup(context->url_text, strcspn(context->url_text, ":"));
    if (root) {
        if ((code = dara_context_project(context)) || (code = check_project(setup)))
            return code;
        code = dara_driver_load(context->project->engine, &setup->driver);
    } else if (!setup->type) {
        dara_error_set(DARA_EUSAGE, "which engine? there is no dara.yaml that says it");
        dara_error_hint("give a TYPE, or --url; dara drivers lists the types that are there");
        return DARA_EUSAGE;
    } else {
        code = dara_driver_load(setup->type, &setup->driver);
    }
    if (code)
        return code;
    setup->variable = setup->driver->url_variable ? setup->driver->url_variable : USUAL_VARIABLE;
    if (root)
        return 0;
    DARA_FREE char *here = realpath(context->folder ? context->folder : ".", NULL);
    if (!here)
        return dara_error_set(DARA_EFILE, "no folder '%s'", context->folder ? context->folder : ".");
    setup->files.yaml = yaml_text(setup);
    return dara_project_adopt(here, setup->files.yaml, &context->project);
}

static void begin_report(struct dara_setup *setup)
{
    struct dara_report *report = setup->report;
    dara_report_text(report, "project", "project", setup->context->project->root);
    dara_report_text(report, "engine", "engine", setup->driver->name);
    setup->files.table = dara_report_table(report, "paths", "Files", NULL);
    dara_table_column(setup->files.table, "path", "path", DARA_CELL_TEXT);
    dara_table_column(setup->files.table, "state", "state", DARA_CELL_STATUS);
}

/* A .gitignore of the user's own is left alone, so say it when secrets are not kept out. */
static void check_ignored(struct dara_setup *setup)
{
    DARA_FREE char *path = dara_file_join(setup->context->project->root, ".gitignore");
    DARA_FREE char *text = NULL;
    size_t length = 0;
    if (!dara_file_exists(path))
        return;
    if (dara_file_read(path, &text, &length)) {
        dara_error_clear();
        return;
    }
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        size_t end = strcspn(line, "\r\n");
        if ((end == 4 && !strncmp(line, ".env", 4)) ||
            (end == 5 && (!strncmp(line, "/.env", 5) || !strncmp(line, ".env*", 5))))
            return;
    }
    dara_report_note(setup->report, DARA_NOTE_WARN,
                     ".gitignore does not name .env, which may hold passwords: add the line .env");
}

static int make_files(struct dara_setup *setup)
{
    int code = dara_setup_make_files(&setup->files);
    if (!code)
        check_ignored(setup);
    return code;
}

int dara_setup_bootstrap(struct dara_context *context, const struct dara_setup_request *request,
                         struct dara_report *report)
{
    DARA_CLEANUP(setup_done)
    struct dara_setup setup = {.context = context, .request = request, .report = report};
    int code = find_project(&setup);
    if (code)
        return code;
    begin_report(&setup);
    if ((code = make_files(&setup)))
        return code;
    if (!setup.files.made)
        dara_report_note(report, DARA_NOTE_OK, "everything is there; nothing was changed");
    else if (request->dry_run)
        dara_report_note(report, DARA_NOTE_INFO, "nothing was made");
    else
        dara_report_note(report, DARA_NOTE_HINT, "dara setup-database %s makes the database", setup.driver->name);
    return 0;
}

/* ---- the connection --------------------------------------------------------------------------------------------------- */

static bool has_url(const struct dara_setup *setup)
{
    const struct dara_context *context = setup->context;
    if (context->url_text || context->environment || dara_project_variable(context->project, setup->variable) ||
        dara_project_variable(context->project, USUAL_VARIABLE))
        return true;
    const struct dara_project *project = context->project;
    return project->environment_count == 1 && dara_project_variable(project, project->environments[0].url_variable);
}

/* A file named like the folder, in letters that need no quoting anywhere. */
static char *usual_file(const struct dara_setup *setup)
{
    char *name = dara_format("%s.db", dara_file_base(setup->context->project->root));
    for (char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("._-", *c))
            *c = '_';
    if (*name == '.' || *name == '-')
        *name = '_';
    return name;
}

static int find_connection(struct dara_setup *setup)
{
    struct dara_context *context = setup->context;
    if (!has_url(setup) && is_file_engine(setup)) {
        DARA_FREE char *file = usual_file(setup);
        setup->value = dara_format("%s:%s", setup->driver->schemes[0], file);
        DARA_FREE char *line = dara_format("%s=%s\n", setup->variable, setup->value);
        int code = dara_project_parse_env(context->project, line, strlen(line), ".env");
        if (code)
            return code;
    }
    int code = dara_context_url(context);
    if (code)
        return code;
    if (context->url_text && is_file_engine(setup) && !dara_project_variable(context->project, setup->variable))
        setup->value = dara_strdup(context->url_text);
    /* Below the root: what stands elsewhere is no concern of the project's .gitignore. */
    const char *path = context->url->path;
    if (is_file_engine(setup) && path && *path != '/' && !strpbrk(path, "*?[]!\\ \n") && strncmp(path, "..", 2))
        setup->files.ignored = strncmp(path, "./", 2) ? path : path + 2;
    return 0;
}

/* Where no URL is known and none can be guessed, the files are still made, and the error says what to set. */
static int without_connection(struct dara_setup *setup, int code)
{
    DARA_FREE char *message = dara_strdup(dara_error_last()->message);
    begin_report(setup);
    int made = make_files(setup);
    if (made)
        return made;
    dara_error_set(code, "%s", message);
    dara_error_hint("set %s (%s) in the environment or in .env, then run this again", setup->variable,
                    setup->driver->url_help);
    return code;
}

/* ---- the database ----------------------------------------------------------------------------------------------------- */

/* Make the database where that is wanted, and see that it opens and reads, before anything else is touched. */
static int probe(struct dara_setup *setup)
{
    struct dara_context *context = setup->context;
    DARA_SESSION_LOCAL session = NULL;
    if ((is_file_engine(setup) || setup->request->create) && !setup->request->dry_run) {
        bool existed = false;
        int code = dara_session_create_database(context->url, &existed);
        if (code)
            return code;
        setup->created = !existed;
    }
    int code = dara_context_open(context, DARA_MODE_READ, &session);
    if (!code)
        code = dara_session_require(session, "apply", "set up a database");
    if (!code)
        code = dara_session_begin(session, DARA_BEGIN_READ);
    if (!code)
        code = dara_session_read(session, &setup->model);
    if (!code)
        code = dara_session_history_list(session, &setup->history);
    return code ? code : dara_session_rollback(session);
}

static void say_database(struct dara_setup *setup)
{
    struct dara_report *report = setup->report;
    dara_report_text(report, "url", "database", setup->context->url->redacted);
    dara_report_text(report, "database", "database state", setup->created ? "made" : "there");
    dara_show_counts(report, setup->model);
}

static int make_project(struct dara_setup *setup)
{
    begin_report(setup);
    int code = make_files(setup);
    if (!code && setup->value)
        code = dara_setup_add_variable(&setup->files, setup->variable, setup->value);
    return code;
}

/* A rehearsal makes no database, so one that cannot be opened ends it, without harm where it would be made. */
static int without_database(struct dara_setup *setup, int code)
{
    DARA_FREE char *message = dara_strdup(dara_error_last()->message);
    int made = make_project(setup);
    if (made)
        return made;
    if (code != DARA_ECONNECT || !(is_file_engine(setup) || setup->request->create))
        return code;
    dara_report_text(setup->report, "url", "database", setup->context->url->redacted);
    dara_report_text(setup->report, "database", "database state", "would be made");
    dara_report_json(setup->report, "foreign_histories", json_array());
    dara_report_note(setup->report, DARA_NOTE_INFO, "nothing was made; now the database cannot be opened: %s", message);
    dara_error_clear();
    return 0;
}

int dara_setup_database(struct dara_context *context, const struct dara_setup_request *request,
                        struct dara_report *report)
{
    DARA_CLEANUP(setup_done)
    struct dara_setup setup = {.context = context, .request = request, .report = report};
    int code = find_project(&setup);
    if (code)
        return code;
    bool known = has_url(&setup) || is_file_engine(&setup);
    if ((code = find_connection(&setup)))
        return known ? code : without_connection(&setup, code);
    if ((code = probe(&setup)))
        return request->dry_run ? without_database(&setup, code) : code;
    if ((code = make_project(&setup)))
        return code;
    say_database(&setup);
    return dara_setup_settle(&setup);
}
