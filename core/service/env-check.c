/* SPDX-License-Identifier: MIT */
#include "service/env-check.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/clock.h"
#include "base/error-keep.h"
#include "base/file.h"

#define DISK_WARN_BYTES (100ull * 1024 * 1024)
#define EARLIEST_CLOCK  1767225600 /* 2026-01-01: no run of this program is earlier */

struct check {
    struct dara_context *context;
    struct dara_checks *checks;
    struct dara_error *failure; /* what ends the command, or NULL */
};

static void add(struct check *check, const char *name, enum dara_verdict verdict, const char *hint, const char *format,
                ...) DARA_PRINTF(5, 6);
static void add(struct check *check, const char *name, enum dara_verdict verdict, const char *hint, const char *format,
                ...)
{
    char detail[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(detail, sizeof(detail), format, arguments);
    va_end(arguments);
    dara_checks_add(check->checks, name, verdict, detail, hint);
}

static void add_error(struct check *check, const char *name, const char *hint)
{
    const struct dara_error *error = dara_error_last();
    DARA_FREE char *own = dara_strdup(error->hint);
    add(check, name, DARA_VERDICT_FAIL, own ? own : hint, "%s", error->message);
}

/* ---- what is configured ------------------------------------------------------------------------------------------------ */

static void check_private(struct check *check, const char *path)
{
    struct stat info;
    if (stat(path, &info))
        add(check, ".env", DARA_VERDICT_INFO, NULL, "not there");
    else if (info.st_mode & (S_IRWXG | S_IRWXO))
        add(check, ".env", DARA_VERDICT_WARN, "chmod 600 .env", "others may read it, and it may hold passwords");
    else
        add(check, ".env", DARA_VERDICT_OK, NULL, "private");
}

static void check_environment(struct check *check, const struct dara_environment *environment)
{
    const struct dara_context *context = check->context;
    const char *own = getenv(environment->url_variable);
    bool asked = context->environment && !strcmp(context->environment, environment->name);
    DARA_FREE char *name = dara_format("environment %s", environment->name);
    DARA_FREE char *hint = dara_format("set %s in the environment or in .env", environment->url_variable);
    if (dara_project_variable(context->project, environment->url_variable))
        add(check, name, DARA_VERDICT_OK, NULL, "%s is set (%s)%s", environment->url_variable,
            own && *own ? "process" : ".env", environment->production ? ", production" : "");
    else
        add(check, name, asked ? DARA_VERDICT_FAIL : DARA_VERDICT_INFO, asked ? hint : NULL, "%s is not set%s",
            environment->url_variable, environment->production ? ", production" : "");
}

/* A project that is there must be readable; without one, --url is enough. */
static int check_project(struct check *check)
{
    struct dara_context *context = check->context;
    DARA_FREE char *root = dara_project_find(context->folder);
    if (!root) {
        add(check, "dara.yaml", context->url_text ? DARA_VERDICT_INFO : DARA_VERDICT_FAIL,
            context->url_text ? NULL : "run dara setup-database TYPE in the project's folder", "there is none here");
        return 0;
    }
    int code = dara_context_project(context);
    if (code) {
        add_error(check, "dara.yaml", "correct the file");
        check->failure = dara_error_keep();
        return code;
    }
    DARA_FREE char *env = dara_file_join(context->project->root, ".env");
    DARA_FREE char *shown = dara_file_shown(context->project->file);
    add(check, "dara.yaml", DARA_VERDICT_OK, NULL, "%s", shown);
    check_private(check, env);
    for (size_t i = 0; i < context->project->environment_count; i++)
        check_environment(check, &context->project->environments[i]);
    return 0;
}

static int check_url(struct check *check)
{
    int code = dara_context_url(check->context);
    if (!code) {
        add(check, "url", DARA_VERDICT_OK, NULL, "%s", check->context->url->redacted);
        return 0;
    }
    add_error(check, "url", "correct the URL");
    check->failure = dara_error_keep();
    return code;
}

/* ---- the machine -------------------------------------------------------------------------------------------------------- */

static void check_clock(struct check *check)
{
    char now[21];
    time_t when = dara_clock_now();
    dara_clock_iso(when, now);
    add(check, "clock", when < EARLIEST_CLOCK ? DARA_VERDICT_WARN : DARA_VERDICT_OK,
        when < EARLIEST_CLOCK ? "set the clock: versions of migrations are times" : NULL, "%s", now);
}

/* The folder of snapshots, or the nearest above it that is there. */
static void check_disk(struct check *check)
{
    struct statvfs info;
    if (!check->context->project)
        return;
    DARA_FREE char *path = dara_project_path(check->context->project, "snapshots");
    while (statvfs(path, &info)) {
        char *slash = strrchr(path, '/');
        if (!slash || slash == path)
            return;
        *slash = '\0';
    }
    unsigned long long bytes = (unsigned long long)info.f_bavail * info.f_frsize;
    bool low = bytes < DISK_WARN_BYTES;
    DARA_TEXT_LOCAL size = DARA_TEXT_INIT;
    dara_report_add_size(&size, (int64_t)bytes);
    add(check, "disk for snapshots", low ? DARA_VERDICT_WARN : DARA_VERDICT_OK,
        low ? "free some room, or let dara snapshot prune remove old ones" : NULL, "%s available",
        dara_text_string(&size));
}

/* ---- the connection ------------------------------------------------------------------------------------------------------ */

static void say_server(struct check *check, struct dara_session *session)
{
    struct dara_server server = {.size = sizeof(server)};
    if (dara_session_describe(session, &server)) {
        add_error(check, "server", NULL);
        return;
    }
    add(check, "server", DARA_VERDICT_OK, NULL, "%s %s", server.engine ? server.engine : "?",
        server.version ? server.version : "");
    if (server.client)
        add(check, "client", DARA_VERDICT_OK, NULL, "%s", server.client);
    if (server.user)
        add(check, "user", DARA_VERDICT_OK, NULL, "%s", server.user);
    if (server.pooler)
        add(check, "pooler", DARA_VERDICT_INFO, NULL, "%s mode", server.pooler);
}

static void check_history(struct check *check, struct dara_session *session)
{
    DARA_HISTORY_LOCAL history = NULL;
    if (dara_session_history_list(session, &history)) {
        add_error(check, "history", NULL);
        return;
    }
    bool any = history->count > 0;
    add(check, "history", any ? DARA_VERDICT_OK : DARA_VERDICT_INFO, any ? NULL : "dara setup-database makes it",
        !any                  ? "none yet"
        : history->count == 1 ? "1 entry"
                              : "%zu entries",
        history->count);
}

static void check_lock(struct check *check)
{
    DARA_SESSION_LOCAL session = NULL;
    DARA_FREE char *owner = dara_context_owner(check->context);
    int code = dara_context_open(check->context, DARA_MODE_REHEARSE, &session);
    if (!code)
        code = dara_session_lock(session, owner, 0);
    if (!code)
        code = dara_session_unlock(session);
    if (!code)
        add(check, "lock", DARA_VERDICT_OK, NULL, "taken and given back");
    else if (code == DARA_ELOCKED)
        add(check, "lock", DARA_VERDICT_WARN, "wait until the other run ends", "%s", dara_error_last()->message);
    else
        add_error(check, "lock", "dara writes with this user: see what it may do");
}

static void check_connection(struct check *check)
{
    DARA_SESSION_LOCAL session = NULL;
    const struct dara_driver *driver = NULL;
    if (dara_driver_load(check->context->url->scheme, &driver)) {
        add_error(check, "driver", "dara drivers says what is there");
        check->failure = dara_error_keep();
        return;
    }
    add(check, "driver", DARA_VERDICT_OK, NULL, "%s %s", driver->name, driver->version);
    if (!(driver->features & DARA_FEATURE_FILE))
        dara_env_check_network(check->context->url, check->checks);
    if (dara_context_open(check->context, DARA_MODE_READ, &session)) {
        add_error(check, "connection", "see the URL, and that the database is there");
        check->failure = dara_error_keep();
        return;
    }
    add(check, "connection", DARA_VERDICT_OK, NULL, "opened for reading");
    say_server(check, session);
    if (DARA_HAS(driver->session, diagnose) && dara_session_diagnose(session, check->checks))
        add_error(check, "diagnosis", NULL);
    if (!dara_driver_has_group(driver, "apply")) {
        add(check, "writing", DARA_VERDICT_INFO, NULL, "this driver only reads");
        return;
    }
    check_history(check, session);
    session = dara_session_close(session);
    check_lock(check);
}

/* ---- report ---------------------------------------------------------------------------------------------------------------- */

static const char *verdict_name(enum dara_verdict verdict)
{
    static const char *const names[] = {"ok", "info", "warning", "failed"};
    return names[verdict];
}

/* The table, then what to do. Returns whether a check failed. */
static bool show(const struct check *check, struct dara_report *report)
{
    bool failed = false;
    size_t hints = 0;
    struct dara_table *table = dara_report_table(report, NULL, NULL, NULL);
    json_t *checks = json_array();
    dara_table_column(table, "check", "check", DARA_CELL_TEXT);
    dara_table_column(table, "state", "state", DARA_CELL_STATUS);
    dara_table_column(table, "detail", "detail", DARA_CELL_TEXT);
    for (size_t i = 0; i < dara_checks_count(check->checks); i++) {
        const struct dara_check *line = dara_checks_at(check->checks, i);
        dara_table_row(table);
        dara_table_text(table, line->name);
        dara_table_text(table, verdict_name(line->verdict));
        dara_table_text(table, line->detail);
        json_array_append_new(checks,
                              json_pack("{s:s, s:s, s:s, s:s?}", "check", line->name, "state",
                                        verdict_name(line->verdict), "detail", line->detail, "hint", line->hint));
        failed = failed || line->verdict == DARA_VERDICT_FAIL;
    }
    dara_report_json(report, "checks", checks);
    for (size_t i = 0; i < dara_checks_count(check->checks); i++) {
        const struct dara_check *line = dara_checks_at(check->checks, i);
        if (line->hint && line->verdict != DARA_VERDICT_OK) {
            dara_report_note(report, DARA_NOTE_HINT, "%s: %s", line->name, line->hint);
            hints++;
        }
    }
    if (!hints && !failed)
        dara_report_note(report, DARA_NOTE_OK, "everything is in order");
    return failed;
}

int dara_env_check(struct dara_context *context, struct dara_report *report)
{
    struct check check = {.context = context, .checks = dara_checks_new()};
    if (!check_project(&check)) {
        if (!check_url(&check))
            check_connection(&check);
        check_clock(&check);
        check_disk(&check);
    }
    bool failed = show(&check, report);
    dara_checks_free(check.checks);
    if (check.failure)
        return dara_error_restore(check.failure);
    dara_error_clear();
    return failed ? DARA_EDIFFERENT : 0;
}
