/* SPDX-License-Identifier: MIT */
/* dara.yaml, .env, and which variable wins. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "service/project.h"

static struct dara_project *parse(const char *text)
{
    struct dara_project *project = NULL;
    int code = dara_project_parse(text, strlen(text), "dara.yaml", &project);
    if (code)
        fail_msg("%s", dara_error_last()->message);
    return project;
}

static void reads_a_project(void **state)
{
    (void)state;
    struct dara_project *project = parse("# a comment\n"
                                         "engine: sqlite\n"
                                         "directory: schema\n"
                                         "environments:\n"
                                         "  local:\n"
                                         "    url: DATABASE_URL\n"
                                         "  production:\n"
                                         "    url: PROD_DATABASE_URL\n"
                                         "    production: true\n");
    assert_string_equal(project->engine, "sqlite");
    assert_string_equal(project->directory, "schema");
    assert_int_equal(project->environment_count, 2);
    assert_string_equal(project->environments[0].name, "local");
    assert_string_equal(project->environments[0].url_variable, "DATABASE_URL");
    assert_false(project->environments[0].production);
    assert_string_equal(project->environments[1].url_variable, "PROD_DATABASE_URL");
    assert_true(project->environments[1].production);
    assert_ptr_equal(dara_project_environment(project, "production"), &project->environments[1]);
    assert_null(dara_project_environment(project, "staging"));
    assert_null(dara_project_free(project));
}

static void defaults(void **state)
{
    (void)state;
    struct dara_project *project = parse("engine: x\n");
    assert_string_equal(project->directory, "db");
    assert_int_equal(project->environment_count, 0);
    dara_project_free(project);
    project = parse("engine: x\nenvironments: {}\n");
    assert_int_equal(project->environment_count, 0);
    dara_project_free(project);
}

/* A wrong reading of this word writes to production unasked. */
static void words_for_true(void **state)
{
    static const struct {
        const char *word;
        bool value;
    } rows[] = {{"true", true}, {"yes", true}, {"on", true}, {"false", false}, {"no", false}, {"off", false}};
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(rows); i++) {
        DARA_FREE char *text = dara_format("engine: x\nenvironments:\n  a: {url: A, production: %s}\n", rows[i].word);
        struct dara_project *project = parse(text);
        assert_int_equal(project->environments[0].production, rows[i].value);
        dara_project_free(project);
    }
}

struct bad {
    const char *text;
    long line;
    const char *message;
};

static void bad_projects(void **state)
{
    static const struct bad rows[] = {
        {"", 1, "empty"},
        {"# only\n", 1, "empty"},
        {"directory: db\n", 1, "'engine' is missing"},
        {"engine: x\nengin: y\n", 2, "unknown key 'engin'"},
        {"engine: x\n\nengine: y\n", 3, "'engine' stands here twice"},
        {"engine: x\nenvironments:\n  a:\n    url: A\n    prod: true\n", 5, "unknown key 'prod'"},
        {"engine: x\nenvironments:\n  a:\n    production: true\n", 4, "'url' is missing in 'a'"},
        {"engine: x\nenvironments:\n  a:\n    url: A\n    production: maybe\n", 5, "true or false"},
        {"engine: x\nenvironments:\n  a:\n    url: A\n  a:\n    url: B\n", 5, "twice"},
        {"engine: x\nenvironments:\n", 2, "'environments' must hold"},
        {"engine: x\nenvironments: [a]\n", 2, "'environments' must hold"},
        {"engine: x\nenvironments:\n  a: A\n", 3, "'a' must hold"},
        {"engine: [x]\n", 1, "must be one value"},
        {"engine:\n", 1, "no value"},
        {"engine: ../x\n", 1, "name of a driver"},
        {"engine: x\ndirectory: /etc\n", 2, "inside the project"},
        {"engine: x\ndirectory: a/../../b\n", 2, "inside the project"},
        {"engine: x\ndirectory: ..\n", 2, "inside the project"},
        {"engine: x\nenvironments:\n  a:\n    url: mysql://u:hunter2@h/d\n", 4, "not a URL"},
        {"engine: x\nenvironments:\n  a:\n    url: hunter2-\n", 4, "not the name of an environment variable"},
        {"engine: x\nenvironments:\n  'a b':\n    url: A\n", 3, "name of an environment"},
        {"- engine\n", 1, "must hold"},
        {"engine: x\n---\nengine: y\n", 2, "second document"},
        {"engine: x\nenvironments: &e\n  a: &b\n    url: A\n  c: *b\n", 2, "aliases"},
        {"engine: \"x\n", 2, ""},
        {"engine: x\n\tdirectory: y\n", 2, ""},
        {"engine: x\n? [a]\n: b\n", 2, "a key must be a word"},
        {"a: &a [*a]\n", 1, "aliases"},
        {"&a [*a]\n", 1, "aliases"},
    };
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(rows); i++) {
        struct dara_project *project = NULL;
        assert_int_equal(dara_project_parse(rows[i].text, strlen(rows[i].text), "p/dara.yaml", &project), DARA_ECONFIG);
        const struct dara_error *error = dara_error_last();
        if (!strstr(error->message, rows[i].message) || error->line != rows[i].line)
            fail_msg("row %zu: '%s' at line %ld", i, error->message, error->line);
        assert_string_equal(error->file, "p/dara.yaml");
        assert_null(strstr(error->message, "hunter2"));
        assert_null(project);
    }
}

static void too_large(void **state)
{
    (void)state;
    size_t length = 1024 * 1024 + 1;
    DARA_FREE char *text = dara_alloc(length + 1);
    struct dara_project *project = NULL;
    memset(text, '#', length);
    assert_int_equal(dara_project_parse(text, length, "f", &project), DARA_ECONFIG);
    assert_non_null(strstr(dara_error_last()->message, "1 MiB"));
    assert_int_equal(dara_project_parse("engine: \xff\n", 10, "f", &project), DARA_ECONFIG);
    assert_non_null(strstr(dara_error_last()->message, "UTF-8"));
}

static const char *value(const struct dara_project *project, const char *name)
{
    for (size_t i = 0; i < project->variable_count; i++)
        if (!strcmp(project->variable_names[i], name))
            return project->variable_values[i];
    return NULL;
}

static void reads_env(void **state)
{
    static const char text[] = "# comment\n"
                               "\n"
                               "PLAIN=one two  # rest\n"
                               "export EXPORTED=yes\r\n"
                               "  SPACED = around \n"
                               "SINGLE='a\\n#b' # c\n"
                               "DOUBLE=\"a\\n\\\"b\\\\\\$\\q\"\n"
                               "LINES=\"first\nsecond\"\n"
                               "EMPTY=\n"
                               "HASH=a#b\n"
                               "URL=sqlite:db.sqlite?x=1&y=a=b\n"
                               "PLAIN=again";
    (void)state;
    struct dara_project *project = parse("engine: x\n");
    assert_int_equal(dara_project_parse_env(project, text, sizeof(text) - 1, ".env"), 0);
    assert_string_equal(value(project, "PLAIN"), "again");
    assert_string_equal(value(project, "EXPORTED"), "yes");
    assert_string_equal(value(project, "SPACED"), "around");
    assert_string_equal(value(project, "SINGLE"), "a\\n#b");
    assert_string_equal(value(project, "DOUBLE"), "a\n\"b\\$\\q");
    assert_string_equal(value(project, "LINES"), "first\nsecond");
    assert_string_equal(value(project, "EMPTY"), "");
    assert_string_equal(value(project, "HASH"), "a#b");
    assert_string_equal(value(project, "URL"), "sqlite:db.sqlite?x=1&y=a=b");
    assert_int_equal(project->variable_count, 9);
    dara_project_free(project);
}

static void bad_env(void **state)
{
    static const struct bad rows[] = {
        {"A=1\nhunter2\n", 2, "NAME=VALUE"},
        {"\n\n1A=hunter2\n", 3, "NAME=VALUE"},
        {"=hunter2\n", 1, "NAME=VALUE"},
        {"A='x\ny'\nB=\"hunter2\n", 3, "not closed"},
        {"A='hunter2\n", 1, "not closed"},
        {"A='x'hunter2\n", 1, "after the closing quote"},
        {"A=hunter2\x01\n", 1, "control character"},
        {"A=\xff\n", 0, "UTF-8"},
    };
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(rows); i++) {
        struct dara_project *project = parse("engine: x\n");
        assert_int_equal(dara_project_parse_env(project, rows[i].text, strlen(rows[i].text), "x/.env"), DARA_ECONFIG);
        const struct dara_error *error = dara_error_last();
        if (!strstr(error->message, rows[i].message) || error->line != rows[i].line)
            fail_msg("row %zu: '%s' at line %ld", i, error->message, error->line);
        assert_null(strstr(error->message, "hunter2"));
        dara_project_free(project);
    }
}

static void the_process_wins(void **state)
{
    (void)state;
    struct dara_project *project = parse("engine: x\n");
    assert_int_equal(dara_project_parse_env(project, "DARA_UT=file\nDARA_UT_EMPTY=\n", 28, ".env"), 0);
    unsetenv("DARA_UT");
    assert_string_equal(dara_project_variable(project, "DARA_UT"), "file");
    setenv("DARA_UT", "", 1);
    assert_string_equal(dara_project_variable(project, "DARA_UT"), "file");
    setenv("DARA_UT", "process", 1);
    assert_string_equal(dara_project_variable(project, "DARA_UT"), "process");
    assert_string_equal(dara_project_variable(NULL, "DARA_UT"), "process");
    assert_null(dara_project_variable(project, "DARA_UT_EMPTY"));
    assert_null(dara_project_variable(project, "DARA_UT_NOWHERE"));
    unsetenv("DARA_UT");
    dara_project_free(project);
}

static void opens_from_below(void **state)
{
    (void)state;
    char folder[] = "/tmp/dara-ut.XXXXXX";
    struct dara_project *project = NULL;
    assert_non_null(mkdtemp(folder));
    DARA_FREE char *below = dara_file_join(folder, "a/b");
    DARA_FREE char *file = dara_file_join(folder, "dara.yaml");
    DARA_FREE char *env = dara_file_join(folder, ".env");
    DARA_FREE char *middle = dara_file_join(folder, "a");
    assert_int_equal(dara_file_make_folder(below), 0);
    assert_int_equal(dara_file_write(file, "engine: x\n", 10, 0644), 0);
    assert_int_equal(dara_file_write(env, "K=v\n", 4, 0600), 0);
    assert_int_equal(dara_project_open(below, &project), 0);
    assert_string_equal(project->root, folder);
    assert_string_equal(value(project, "K"), "v");
    DARA_FREE char *path = dara_project_path(project, "seeds");
    assert_string_equal(path + strlen(folder), "/db/seeds");
    project = dara_project_free(project);
    assert_int_equal(dara_file_write(env, "K=v\noops\n", 9, 0600), 0);
    assert_int_equal(dara_project_open(below, &project), DARA_ECONFIG);
    assert_string_equal(dara_error_last()->file, env);
    assert_int_equal(dara_error_last()->line, 2);
    unlink(env);
    unlink(file);
    assert_int_equal(dara_project_open(below, &project), DARA_ECONFIG);
    assert_non_null(strstr(dara_error_last()->hint, "dara setup-database"));
    rmdir(below);
    rmdir(middle);
    rmdir(folder);
    assert_int_equal(dara_project_open(folder, &project), DARA_ECONFIG);
    assert_null(project);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_project), cmocka_unit_test(defaults),         cmocka_unit_test(words_for_true),
        cmocka_unit_test(bad_projects),    cmocka_unit_test(too_large),        cmocka_unit_test(reads_env),
        cmocka_unit_test(bad_env),         cmocka_unit_test(the_process_wins), cmocka_unit_test(opens_from_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
