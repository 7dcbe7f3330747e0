/* SPDX-License-Identifier: MIT */
/* A project: dara.yaml, the folders beside it, and .env. */
#ifndef DARA_SERVICE_PROJECT_H
#define DARA_SERVICE_PROJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <dara/error.h>

struct dara_environment {
    const char *name;
    const char *url_variable; /* name of the environment variable that holds the URL: never the URL itself */
    bool production;
};

/* A rule of audit and lint, and the level it is to have. */
struct dara_project_rule {
    const char *name;
    unsigned level; /* enum dara_rule_level */
};

/* When apply-migration rehearses first, where it cannot take schema changes back: a table that the files change has at least so many
 * bytes, or one of these. */
#define DARA_REHEARSE_UNSET   ((int64_t)0)
#define DARA_REHEARSE_NEVER   ((int64_t)-1)
#define DARA_REHEARSE_ALWAYS  ((int64_t)-2)
/* What is smaller is written again in seconds, and so is taken back in seconds when it fails. */
#define DARA_REHEARSE_DEFAULT ((int64_t)64 << 20)

struct dara_project {
    char *root;      /* folder of dara.yaml */
    char *file;      /* path of dara.yaml */
    char *engine;    /* driver name */
    char *directory; /* "db", relative to root */
    int64_t rehearse_above;
    size_t environment_count;
    struct dara_environment *environments;
    size_t rule_count;
    struct dara_project_rule *rules;
    /* .env */
    size_t variable_count;
    char **variable_names;
    char **variable_values;
};

/* Find dara.yaml in `start` (NULL = the current folder) or a parent, read it and .env. DARA_ECONFIG with file and line. */
int dara_project_open(const char *start, struct dara_project **ret_project);
/* A project that has no file yet: `yaml` as if it stood in `root`, and the .env that is there. */
int dara_project_adopt(const char *root, const char *yaml, struct dara_project **ret_project);
struct dara_project *dara_project_free(struct dara_project *project); /* wipes values; accepts NULL, returns NULL */
/* The folder of the dara.yaml that dara_project_open() would read, or NULL when there is none. free(). */
char *dara_project_find(const char *start);
/* Whether `name` can be the name of an environment variable. */
bool dara_project_is_variable(const char *name);
/* Parse text only (fuzzed): dara.yaml, .env. `file` is for messages. */
int dara_project_parse(const char *yaml, size_t length, const char *file, struct dara_project **ret_project);
int dara_project_parse_env(struct dara_project *project, const char *text, size_t length, const char *file);
/* "always", "never", or a size as "64MB" (B, KB, MB, GB, TB; each 1024 of the one before). False for anything else. */
bool dara_project_rehearse_parse(const char *text, int64_t *ret_above);
/* root/directory/`name`; free(). */
char *dara_project_path(const struct dara_project *project, const char *name);
/* Variable from the process, else from .env; NULL when in neither or empty. */
const char *dara_project_variable(const struct dara_project *project, const char *name);
const struct dara_environment *dara_project_environment(const struct dara_project *project, const char *name);

#endif
