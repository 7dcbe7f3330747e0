/* SPDX-License-Identifier: MIT */
/* Making a project: its folders and files, its connection, the baseline of its database. Nothing that is there is ever
 * overwritten, and a second run changes nothing. */
#ifndef DARA_SERVICE_SETUP_H
#define DARA_SERVICE_SETUP_H

#include "report/report.h"
#include "service/context.h"

struct dara_setup_request {
    const char *type;      /* a driver's name or one of its schemes; NULL = what dara.yaml says */
    const char *directory; /* folder of the project's files, NULL = what dara.yaml says, or "db" */
    const char *import;    /* take over the history of this tool, or NULL */
    bool create;           /* make the database where it is not a file */
    bool dry_run;          /* only say what would be made */
};

/* `dara bootstrap`: folders and files only, without a connection. */
int dara_setup_bootstrap(struct dara_context *context, const struct dara_setup_request *request,
                         struct dara_report *report);

/* `dara setup-database`: the same, then the connection, the database, history table, baseline and its snapshot. The database
 * is looked at before any file is made: where it cannot be opened, nothing is left behind. */
int dara_setup_database(struct dara_context *context, const struct dara_setup_request *request,
                        struct dara_report *report);

/* ---- parts ---------------------------------------------------------------------------------------------------------- */

/* What was there and what was made, for the report's table. */
struct dara_setup_files {
    struct dara_context *context; /* with its project, which may not be on disk yet */
    struct dara_table *table;
    char *yaml;          /* text of dara.yaml, where it is to be made */
    const char *ignored; /* a file of the project that .gitignore should name too, or NULL */
    size_t made;
    bool dry_run; /* count and say, but make nothing */
};

/* Make what is missing, in the project's root. */
int dara_setup_make_files(struct dara_setup_files *files);
/* Append `name`=`value` to .env, which is private (0600). */
int dara_setup_add_variable(struct dara_setup_files *files, const char *name, const char *value);
/* Say of one path whether it was made. */
void dara_setup_say_path(struct dara_setup_files *files, const char *path, bool made);

/* The history of another tool, found by the names of its table and columns. */
struct dara_foreign {
    const char *tool; /* borrowed from `name` or static */
    char *name;       /* owned, or NULL */
    const struct dara_object *table;
    const struct dara_foreign_form *form;
};
/* All that are in the model. `*ret_found` is freed with dara_foreign_free(). */
size_t dara_foreign_find(const struct dara_model *model, struct dara_foreign **ret_found);
void dara_foreign_free(struct dara_foreign *found, size_t count);
/* What the user should know of an import, or NULL. Static. */
const char *dara_foreign_remark(const struct dara_foreign *foreign);
/* Record the versions it holds as applied migrations, in the running transaction, but for those already in `history`.
 * `*ret_count` gets how many. DARA_ECONFIG where its last run stopped half-way. */
int dara_foreign_import(struct dara_context *context, struct dara_session *session, const struct dara_foreign *foreign,
                        const struct dara_history_list *history, size_t *ret_count);

#endif
