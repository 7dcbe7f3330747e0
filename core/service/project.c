/* SPDX-License-Identifier: MIT */
#include "service/project.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "report/findings.h"
#include "service/project-yaml.h"

#define PROJECT_FILE "dara.yaml"

/* ---- dara.yaml ------------------------------------------------------------------------------------------------------ */

/* The form libcyaml loads into. Names of environments are free: their fields are made for each file. */
struct file_environment {
    char *url;
    bool production;
};
struct file_project {
    char *engine;
    char *directory;
    struct file_environment *environments;
    char **rules;
    char *rehearse;
};

static const cyaml_schema_field_t environment_fields[] = {
    CYAML_FIELD_STRING_PTR("url", CYAML_FLAG_POINTER, struct file_environment, url, 0, CYAML_UNLIMITED),
    CYAML_FIELD_BOOL("production", CYAML_FLAG_OPTIONAL, struct file_environment, production),
    CYAML_FIELD_END,
};

struct schema {
    cyaml_schema_field_t top[6];
    cyaml_schema_value_t value;
    cyaml_schema_field_t *names; /* one for each environment */
    size_t count;
    cyaml_schema_field_t *rules; /* one for each rule */
    size_t rule_count;
};

static void schema_done(struct schema *schema)
{
    free(schema->names);
    free(schema->rules);
}

/* A mapping whose keys are free: a field for each of them, all of one form, `size` bytes apart. The same name twice gives one row:
 * dara_yaml_check() then says that it stands there twice. */
static void add_names(struct dara_yaml *yaml, const yaml_node_t *mapping, const cyaml_schema_value_t *value,
                      size_t size, cyaml_schema_field_t **names, size_t *count)
{
    size_t room = 0;
    const yaml_node_t *key;
    for (size_t i = 0; (key = dara_yaml_pair(yaml, mapping, i, NULL)); i++) {
        const char *name = dara_yaml_text(key);
        if (!name)
            continue;
        DARA_GROW(*names, *count, room);
        (*names)[*count] =
            (cyaml_schema_field_t){.key = name, .data_offset = (uint32_t)(*count * size), .value = *value};
        ++*count;
    }
    DARA_GROW(*names, *count, room);
    (*names)[*count] = (cyaml_schema_field_t){.key = NULL};
}

static void add_free(struct dara_yaml *yaml, struct schema *schema)
{
    static const cyaml_schema_value_t environment = {.type = CYAML_MAPPING,
                                                     .flags = CYAML_FLAG_DEFAULT,
                                                     .data_size = sizeof(struct file_environment),
                                                     .mapping = {.fields = environment_fields}};
    static const cyaml_schema_value_t level = {.type = CYAML_STRING,
                                               .flags = CYAML_FLAG_POINTER,
                                               .data_size = sizeof(char),
                                               .string = {.min = 0, .max = CYAML_UNLIMITED}};
    const yaml_node_t *root = dara_yaml_root(yaml);
    add_names(yaml, dara_yaml_get(yaml, root, "environments"), &environment, sizeof(struct file_environment),
              &schema->names, &schema->count);
    add_names(yaml, dara_yaml_get(yaml, root, "rules"), &level, sizeof(char *), &schema->rules, &schema->rule_count);
}

static void schema_make(struct dara_yaml *yaml, struct schema *schema)
{
    static const cyaml_schema_field_t fixed[] = {
        CYAML_FIELD_STRING_PTR("engine", CYAML_FLAG_POINTER, struct file_project, engine, 0, CYAML_UNLIMITED),
        CYAML_FIELD_STRING_PTR("directory", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file_project, directory, 0,
                               CYAML_UNLIMITED),
        CYAML_FIELD_STRING_PTR("rehearse", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file_project, rehearse, 0,
                               CYAML_UNLIMITED),
    };
    add_free(yaml, schema);
    schema->top[0] = fixed[0];
    schema->top[1] = fixed[1];
    schema->top[2] =
        (cyaml_schema_field_t){.key = "environments",
                               .data_offset = offsetof(struct file_project, environments),
                               .value = {.type = CYAML_MAPPING,
                                         .flags = CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                                         .data_size = (uint32_t)((schema->count + 1) * sizeof(struct file_environment)),
                                         .mapping = {.fields = schema->names}}};
    schema->top[3] =
        (cyaml_schema_field_t){.key = "rules",
                               .data_offset = offsetof(struct file_project, rules),
                               .value = {.type = CYAML_MAPPING,
                                         .flags = CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                                         .data_size = (uint32_t)((schema->rule_count + 1) * sizeof(char *)),
                                         .mapping = {.fields = schema->rules}}};
    schema->top[4] = fixed[2];
    schema->top[5] = (cyaml_schema_field_t){.key = NULL};
    schema->value = (cyaml_schema_value_t){.type = CYAML_MAPPING,
                                           .flags = CYAML_FLAG_POINTER,
                                           .data_size = sizeof(struct file_project),
                                           .mapping = {.fields = schema->top}};
}

/* A name of a driver, an environment: safe in a path and at a shell. */
static bool is_word(const char *text, const char *extra)
{
    if (!isalnum((unsigned char)*text))
        return false;
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && !strchr(extra, *text))
            return false;
    return true;
}

bool dara_project_is_variable(const char *name)
{
    if (!isalpha((unsigned char)*name) && *name != '_')
        return false;
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && *name != '_')
            return false;
    return true;
}

/* What the schema cannot say. A URL in the file is not shown: it may hold a password. */
static int check_environment(struct dara_yaml *yaml, const char *name, const yaml_node_t *key, const yaml_node_t *body)
{
    const yaml_node_t *url = dara_yaml_get(yaml, body, "url");
    if (!is_word(name, "-_.")) {
        dara_yaml_error(yaml, key, "the name of an environment must be letters, digits, '-', '_' and '.'");
        return DARA_ECONFIG;
    }
    if (dara_project_is_variable(dara_yaml_text(url)))
        return 0;
    if (strpbrk(dara_yaml_text(url), ":@/"))
        dara_yaml_error(yaml, url, "'url' of environment '%s' must be the name of an environment variable, not a URL",
                        name);
    else
        dara_yaml_error(yaml, url, "'url' of environment '%s' is not the name of an environment variable", name);
    dara_error_hint("write 'url: DATABASE_URL' and put the URL into that variable or into .env: this file is shared");
    return DARA_ECONFIG;
}

static int check_levels(struct dara_yaml *yaml)
{
    const yaml_node_t *rules = dara_yaml_get(yaml, dara_yaml_root(yaml), "rules"), *value;
    for (size_t i = 0; dara_yaml_pair(yaml, rules, i, &value); i++) {
        bool known = false;
        dara_level_parse(dara_yaml_text(value), &known);
        if (known)
            continue;
        dara_yaml_error(yaml, value, "the level of a rule must be error, warn, info or off");
        return DARA_ECONFIG;
    }
    return 0;
}

bool dara_project_rehearse_parse(const char *text, int64_t *ret_above)
{
    static const char *const units[] = {"B", "KB", "MB", "GB", "TB"};
    char *end = NULL;
    if (!strcmp(text, "always") || !strcmp(text, "never")) {
        *ret_above = *text == 'a' ? DARA_REHEARSE_ALWAYS : DARA_REHEARSE_NEVER;
        return true;
    }
    if (!isdigit((unsigned char)*text) || strlen(text) > 12)
        return false;
    unsigned long long number = strtoull(text, &end, 10);
    end += *end == ' ';
    for (size_t i = 0; i < DARA_COUNT(units); i++) {
        if (strcmp(end, units[i]) != 0 || number == 0 || number > (unsigned long long)INT64_MAX >> 10 * i)
            continue;
        *ret_above = (int64_t)(number << 10 * i);
        return true;
    }
    return false;
}

static int check_rehearse(struct dara_yaml *yaml, const yaml_node_t *node)
{
    int64_t above;
    if (!node || dara_project_rehearse_parse(dara_yaml_text(node), &above))
        return 0;
    dara_yaml_error(yaml, node, "'rehearse' must be always, never, or a size");
    dara_error_hint("write it as 64MB or 2GB");
    return DARA_ECONFIG;
}

static int check_meaning(struct dara_yaml *yaml)
{
    const yaml_node_t *root = dara_yaml_root(yaml), *key, *body;
    const yaml_node_t *engine = dara_yaml_get(yaml, root, "engine");
    const yaml_node_t *directory = dara_yaml_get(yaml, root, "directory");
    const yaml_node_t *environments = dara_yaml_get(yaml, root, "environments");
    if (!is_word(dara_yaml_text(engine), ""))
        return dara_yaml_error(yaml, engine, "'engine' must be the name of a driver: letters and digits");
    const char *folder = directory ? dara_yaml_text(directory) : "db";
    bool above = !strcmp(folder, "..") || !strncmp(folder, "../", 3) || strstr(folder, "/../") ||
                 (strlen(folder) > 3 && !strcmp(folder + strlen(folder) - 3, "/.."));
    if (*folder == '/' || above)
        return dara_yaml_error(yaml, directory, "'directory' must be a folder inside the project");
    for (const char *c = folder; *c; c++)
        if (iscntrl((unsigned char)*c))
            return dara_yaml_error(yaml, directory, "'directory' holds a control character");
    for (size_t i = 0; (key = dara_yaml_pair(yaml, environments, i, &body)); i++) {
        int code = check_environment(yaml, dara_yaml_text(key), key, body);
        if (code)
            return code;
    }
    int code = check_rehearse(yaml, dara_yaml_get(yaml, root, "rehearse"));
    return code ? code : check_levels(yaml);
}

static struct dara_project *project_from(const struct file_project *file, const struct schema *schema)
{
    struct dara_project *project = dara_alloc(sizeof(*project));
    project->engine = dara_strdup(file->engine);
    project->directory = dara_strdup(file->directory ? file->directory : "db");
    if (file->rehearse)
        (void)dara_project_rehearse_parse(file->rehearse, &project->rehearse_above); /* checked */
    project->environments = dara_alloc((schema->count + 1) * sizeof(*project->environments));
    for (size_t i = 0; i < schema->count; i++)
        project->environments[project->environment_count++] =
            (struct dara_environment){.name = dara_strdup(schema->names[i].key),
                                      .url_variable = dara_strdup(file->environments[i].url),
                                      .production = file->environments[i].production};
    project->rules = dara_alloc((schema->rule_count + 1) * sizeof(*project->rules));
    for (size_t i = 0; i < schema->rule_count; i++) {
        bool known;
        project->rules[project->rule_count++] = (struct dara_project_rule){
            .name = dara_strdup(schema->rules[i].key), .level = (unsigned)dara_level_parse(file->rules[i], &known)};
    }
    return project;
}

int dara_project_parse(const char *yaml_text, size_t length, const char *file, struct dara_project **ret_project)
{
    DARA_YAML_LOCAL yaml = {.loaded = false};
    DARA_CLEANUP(schema_done) struct schema schema = {.names = NULL};
    void *data = NULL;
    int code = dara_yaml_parse(yaml_text, length, file, &yaml);
    if (code)
        return code;
    schema_make(&yaml, &schema);
    if ((code = dara_yaml_check(&yaml, &schema.value)) || (code = check_meaning(&yaml)) ||
        (code = dara_yaml_load(&yaml, &schema.value, &data)))
        return code;
    *ret_project = project_from(data, &schema);
    dara_yaml_free(&schema.value, data);
    return 0;
}

/* ---- finding and opening -------------------------------------------------------------------------------------------- */

char *dara_project_find(const char *start)
{
    DARA_FREE char *folder = realpath(start ? start : ".", NULL);
    while (folder) {
        DARA_FREE char *file = dara_file_join(folder, PROJECT_FILE);
        if (dara_file_exists(file))
            return dara_strdup(folder);
        char *slash = strrchr(folder, '/');
        if (!slash || !slash[1])
            return NULL;
        slash[slash == folder ? 1 : 0] = '\0';
    }
    return NULL;
}

/* Errors of files are DARA_EFILE; here they are errors of the configuration, with the same exit status. */
static int read_env(struct dara_project *project)
{
    DARA_FREE char *path = dara_file_join(project->root, ".env");
    char *text = NULL;
    size_t length = 0;
    if (!dara_file_exists(path))
        return 0;
    int code = dara_file_read(path, &text, &length);
    if (code)
        return code;
    code = dara_project_parse_env(project, text, length, path);
    explicit_bzero(text, length);
    free(text);
    return code;
}

static int adopt(const char *root, const char *text, size_t length, struct dara_project **ret_project)
{
    DARA_FREE char *file = dara_file_join(root, PROJECT_FILE);
    struct dara_project *project = NULL;
    int code = dara_project_parse(text, length, file, &project);
    if (code)
        return code;
    project->root = dara_strdup(root);
    project->file = dara_strdup(file);
    if ((code = read_env(project))) {
        dara_project_free(project);
        return code;
    }
    *ret_project = project;
    return 0;
}

int dara_project_adopt(const char *root, const char *yaml, struct dara_project **ret_project)
{
    return adopt(root, yaml, strlen(yaml), ret_project);
}

static int open_in(const char *root, struct dara_project **ret_project)
{
    DARA_FREE char *file = dara_file_join(root, PROJECT_FILE);
    DARA_FREE char *text = NULL;
    size_t length = 0;
    int code = dara_file_read(file, &text, &length);
    return code ? code : adopt(root, text, length, ret_project);
}

int dara_project_open(const char *start, struct dara_project **ret_project)
{
    if (start && access(start, F_OK))
        return dara_error_set(DARA_ECONFIG, "no folder '%s'", start);
    DARA_FREE char *root = dara_project_find(start);
    if (root)
        return open_in(root, ret_project);
    dara_error_set(DARA_ECONFIG, "no %s in %s%s%s or in a folder above it", PROJECT_FILE, start ? "'" : "",
                   start ? start : "this folder", start ? "'" : "");
    dara_error_hint("run dara setup-database TYPE in the project's folder, or name the folder with -C");
    return DARA_ECONFIG;
}

struct dara_project *dara_project_free(struct dara_project *project)
{
    if (!project)
        return NULL;
    for (size_t i = 0; i < project->environment_count; i++) {
        free((char *)(uintptr_t)project->environments[i].name);
        free((char *)(uintptr_t)project->environments[i].url_variable);
    }
    for (size_t i = 0; i < project->variable_count; i++) {
        explicit_bzero(project->variable_values[i], strlen(project->variable_values[i]));
        free(project->variable_values[i]);
        free(project->variable_names[i]);
    }
    for (size_t i = 0; i < project->rule_count; i++)
        free((char *)(uintptr_t)project->rules[i].name);
    free(project->rules);
    free(project->environments);
    free(project->variable_names);
    free(project->variable_values);
    free(project->root);
    free(project->file);
    free(project->engine);
    free(project->directory);
    free(project);
    return NULL;
}

/* ---- asking --------------------------------------------------------------------------------------------------------- */

char *dara_project_path(const struct dara_project *project, const char *name)
{
    DARA_FREE char *folder = dara_file_join(project->root, project->directory);
    return dara_file_join(folder, name);
}

const char *dara_project_variable(const struct dara_project *project, const char *name)
{
    const char *value = getenv(name);
    if (value && *value)
        return value;
    for (size_t i = 0; project && i < project->variable_count; i++)
        if (!strcmp(project->variable_names[i], name))
            return *project->variable_values[i] ? project->variable_values[i] : NULL;
    return NULL;
}

const struct dara_environment *dara_project_environment(const struct dara_project *project, const char *name)
{
    for (size_t i = 0; i < project->environment_count; i++)
        if (!strcmp(project->environments[i].name, name))
            return &project->environments[i];
    return NULL;
}
