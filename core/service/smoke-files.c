/* SPDX-License-Identifier: MIT */
/*
 * The project's own tests: scripts whose statements give no rows where all is well, or lines of TAP, as pgTAP writes them. Each file runs in a
 * transaction that is rolled back.
 */
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "service/run-sql-source.h"
#include "service/smoke.h"

struct tap {
    struct dara_smoke *smoke;
    const struct dara_source *source;
    size_t statement;
    uint64_t rows;    /* of the statement, that are not lines of TAP */
    uint64_t points;  /* "ok" and "not ok" of the file */
    uint64_t planned; /* "1..N" */
    bool planned_at_all;
};

static void found(const struct tap *tap, const char *message)
{
    DARA_FREE char *shown = dara_file_shown(tap->source->path);
    dara_smoke_found(tap->smoke, NULL, dara_file_base(tap->source->path), shown,
                     tap->source->script->statements[tap->statement].line, "%s", message);
}

/* "1..4", "1..0 # SKIP why" */
static bool take_plan(struct tap *tap, const char *line)
{
    char *end;
    if (strncmp(line, "1..", 3) != 0 || line[3] < '0' || line[3] > '9')
        return false;
    unsigned long long planned = strtoull(line + 3, &end, 10);
    if (*end && *end != ' ' && *end != '#')
        return false;
    tap->planned = planned;
    tap->planned_at_all = true;
    return true;
}

static bool is_word(const char *line, const char *word)
{
    size_t length = strlen(word);
    return strncmp(line, word, length) == 0 && (!line[length] || line[length] == ' ');
}

/* A point that the protocol's directives excuse does not count as a failure. */
static bool is_excused(const char *line)
{
    const char *mark = strchr(line, '#');
    while (mark && *++mark == ' ') {
    }
    return mark && (strncasecmp(mark, "todo", 4) == 0 || strncasecmp(mark, "skip", 4) == 0);
}

static bool take_line(struct tap *tap, const char *line)
{
    bool bad = is_word(line, "not ok"), good = is_word(line, "ok");
    if (bad || good)
        tap->points++;
    if (bad && !is_excused(line))
        found(tap, line);
    if (is_word(line, "Bail out!"))
        found(tap, line);
    return bad || good || *line == '#' || is_word(line, "Bail out!") || take_plan(tap, line);
}

/* A value may hold several lines: what pgTAP's functions return does. */
static bool take_text(struct tap *tap, const char *bytes, size_t length)
{
    DARA_FREE char *text = dara_strndup(bytes, length);
    char *rest = text;
    bool all = true;
    for (char *line; (line = strsep(&rest, "\n"));)
        all = (!*line && rest) || take_line(tap, line) ? all : false;
    return all;
}

static int take_row(void *context, size_t count, const struct dara_value *values)
{
    struct tap *tap = context;
    if (count != 1 || values[0].type != DARA_TEXT || !take_text(tap, values[0].bytes, values[0].length))
        tap->rows++;
    return 0;
}

static int run_statement(struct dara_session *session, struct tap *tap)
{
    const struct dara_statement *statement = &tap->source->script->statements[tap->statement];
    const struct dara_reader reader = {.context = tap, .row = take_row};
    tap->rows = 0;
    int code = dara_session_execute(session, statement->text, statement->length, &reader, NULL);
    if (!code && tap->rows) {
        DARA_FREE char *message = dara_format("gives %llu %s where there should be none", (unsigned long long)tap->rows,
                                              tap->rows == 1 ? "row" : "rows");
        found(tap, message);
    }
    return code;
}

/* In a transaction: what the engine cannot take back a test must not do. */
static unsigned forbidden_by(const struct dara_session *session)
{
    unsigned flags = DARA_STATEMENT_REFUSED | DARA_STATEMENT_TRANSACTION | DARA_STATEMENT_NO_TRANSACTION |
                     DARA_STATEMENT_BEFORE_TRANSACTION;
    return dara_session_feature(session, DARA_FEATURE_TRANSACTIONAL_DDL) ? flags : flags | DARA_STATEMENT_SCHEMA;
}

static int run_file(struct dara_smoke *smoke, struct dara_session *session, const char *path)
{
    DARA_SOURCE_LOCAL source = NULL;
    int code = dara_source_read(smoke->driver, path, &source);
    struct tap tap = {.smoke = smoke, .source = source};
    if (!code)
        code = dara_source_check(source, forbidden_by(session));
    if (code)
        return code;
    bool schema = dara_source_flags(source) & DARA_STATEMENT_SCHEMA;
    code = dara_session_begin(session, schema ? DARA_BEGIN_SCHEMA : DARA_BEGIN_DATA);
    for (size_t i = 0; !code && i < source->script->count; i++) {
        tap.statement = i;
        code = run_statement(session, &tap);
    }
    if (code == DARA_ESTATEMENT) {
        found(&tap, dara_error_last()->message);
        dara_error_clear();
        code = 0;
    } else if (!code && tap.planned_at_all && tap.planned != tap.points) {
        DARA_FREE char *message = dara_format("planned %llu tests and ran %llu", (unsigned long long)tap.planned,
                                              (unsigned long long)tap.points);
        found(&tap, message);
    }
    int back = dara_session_rollback(session);
    return code ? code : back;
}

static bool is_test(const char *name, const char *extension)
{
    const char *dot = strrchr(name, '.');
    return *name != '.' && dot && strcmp(dot + 1, extension) == 0;
}

static int run_folder(struct dara_smoke *smoke, struct dara_session *session, const char *folder, size_t *ret_count)
{
    char **names = NULL;
    size_t count = 0;
    int code = dara_file_names(folder, &names, &count);
    for (size_t i = 0; !code && i < count; i++) {
        DARA_FREE char *path = dara_file_join(folder, names[i]);
        if (!is_test(names[i], smoke->driver->dialect->extension))
            continue;
        code = run_file(smoke, session, path);
        ++*ret_count;
    }
    dara_file_names_free(names);
    return code;
}

int dara_smoke_files(struct dara_smoke *smoke)
{
    DARA_SESSION_LOCAL session = NULL;
    struct stat info;
    const struct dara_project *project = smoke->context->project;
    DARA_FREE char *own = project ? dara_file_join(project->root, "tests") : NULL;
    const char *path = smoke->request->tests ? smoke->request->tests : own;
    size_t count = 0;
    if (!smoke->request->tests && (!path || stat(path, &info) != 0)) {
        dara_smoke_unknown(smoke, "the project has no folder 'tests'");
        return 0;
    }
    if (!dara_driver_has_group(smoke->driver, "apply") || !dara_driver_has_group(smoke->driver, "dialect")) {
        dara_smoke_unknown(smoke, "the driver runs no scripts in transactions");
        return 0;
    }
    /* The production guard is not asked: all is taken back. */
    int code = dara_context_open(smoke->context, DARA_MODE_REHEARSE, &session);
    if (code)
        return code;
    bool file = stat(path, &info) == 0 && !S_ISDIR(info.st_mode);
    code = file ? run_file(smoke, session, path) : run_folder(smoke, session, path, &count);
    if (!code && !file && !count)
        dara_smoke_unknown(smoke, "the folder of tests has none");
    return code;
}
