/* SPDX-License-Identifier: MIT */
/* Migration files: 14 digits, underscore, name, the dialect's extension. */
#ifndef DARA_SERVICE_MIGRATION_H
#define DARA_SERVICE_MIGRATION_H

#include <stdbool.h>
#include <stddef.h>

#include "service/context.h"

struct dara_migration {
    char *path;
    char *version; /* "20261120093000" */
    char *name;    /* "add_orders" */
    char *text;    /* NUL-ended */
    size_t length;
    size_t line_count;
    const char **lines; /* where each begins, in text */
    char checksum[65];
    struct dara_script *script;          /* split */
    struct dara_statement_facts **facts; /* one for each statement */
};

struct dara_migrations {
    size_t count;
    struct dara_migration *items; /* by version */
};

/* Read a file, or all migration files of a folder; split and classify. Errors name file and line: unreadable, not UTF-8, a NUL,
 * malformed, two with one version, a name of another form, an empty file (no statement), a transaction statement, a statement
 * that is not for migrations. */
int dara_migrations_read(const struct dara_driver *driver, const char *path, struct dara_migrations **ret_migrations);
/* Read a file or all files of a folder for looking at them: whatever they are called and whatever is in them (version and name NULL). What
 * cannot be split is an error with file and line. */
int dara_migrations_read_any(const struct dara_driver *driver, const char *path,
                             struct dara_migrations **ret_migrations);
struct dara_migrations *dara_migrations_free(struct dara_migrations *migrations); /* accepts NULL, returns NULL */
static inline void dara_migrations_free_local(struct dara_migrations **migrations)
{
    dara_migrations_free(*migrations);
}
#define DARA_MIGRATIONS_LOCAL DARA_CLEANUP(dara_migrations_free_local) struct dara_migrations *

/* Whether a line `-- dara:allow RULE reason` stands on the statement's first line or on the line above it. */
bool dara_migration_allows(const struct dara_migration *migration, size_t statement, const char *rule);

/* Mark the hazards that are about what the file made itself. Reading a file does so. */
void dara_migration_mark_fresh(const struct dara_migration *migration);

/* A comment that allows something. */
struct dara_allow {
    unsigned line;
    size_t statement; /* that it is for; the number of statements where there is none */
    const char *rule; /* as it is written */
    bool reason;      /* whether words follow */
};
/* Call `each` with every allow comment of the file. */
void dara_migration_each_allow(const struct dara_migration *migration,
                               void (*each)(void *context, const struct dara_allow *allow), void *context);

#endif
