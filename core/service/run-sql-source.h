/* SPDX-License-Identifier: MIT */
/* A script from anywhere (a file, standard input, the command line): read, split, classified. */
#ifndef DARA_SERVICE_RUN_SQL_SOURCE_H
#define DARA_SERVICE_RUN_SQL_SOURCE_H

#include "base/alloc.h"
#include "driver/session.h"

struct dara_source {
    char *path; /* for messages; NULL where it is text of the command line */
    char *text;
    size_t length;
    char checksum[65];
    struct dara_script *script;
    struct dara_statement_facts **facts; /* one for each statement */
};

/* Read a file. Errors name file and line: unreadable, not UTF-8, a NUL, malformed, no statement. */
int dara_source_read(const struct dara_driver *driver, const char *path, struct dara_source **ret_source);
/* Take text; `path` (copied, may be NULL) is for messages. */
int dara_source_take(const struct dara_driver *driver, const char *path, const char *text, size_t length,
                     struct dara_source **ret_source);
struct dara_source *dara_source_free(struct dara_source *source); /* accepts NULL, returns NULL */
static inline void dara_source_free_local(struct dara_source **source)
{
    dara_source_free(*source);
}
#define DARA_SOURCE_LOCAL DARA_CLEANUP(dara_source_free_local) struct dara_source *

/* All flags of its statements together. */
unsigned dara_source_flags(const struct dara_source *source);
/* Add to the error where the statement stands, the line within it counted in. Returns `code`. */
int dara_source_at(const struct dara_source *source, size_t statement, int code);
/* Refuse statements that `forbidden` (enum dara_statement_flag) flags, in words. DARA_EREFUSED with file and line. */
int dara_source_check(const struct dara_source *source, unsigned forbidden);

#endif
