/* SPDX-License-Identifier: MIT */
/* What actors may do with rows: found out, shown, kept and compared. */
#ifndef DARA_SERVICE_ACCESS_H
#define DARA_SERVICE_ACCESS_H

#include <jansson.h>

#include "report/report.h"
#include "service/context.h"

/* What a cell comes to, from the least to the most. */
enum dara_reach {
    DARA_REACH_DENIED,   /* it has not the right, or the policies refuse every row with an error */
    DARA_REACH_ERROR,    /* it fails */
    DARA_REACH_FILTERED, /* no row, in silence */
    DARA_REACH_UNTRIED,  /* not known; told why */
    DARA_REACH_SOME,
    DARA_REACH_ALL,
};
enum dara_reach dara_access_reach(const struct dara_access_cell *cell);

/* The document of a matrix: {"actors", "access"}, sorted, one object for each table, actor and command; the same matrix gives the same
 * document. New reference. */
json_t *dara_access_document(const struct dara_actors *actors, const struct dara_access *access);
/* Put it into the report: a table for people, the document's members for JSON, and what is remarkable as notes. */
void dara_access_show(const struct dara_actors *actors, const struct dara_access *access, struct dara_report *report);

/* Write a document to a file, or read one that was written. DARA_EFILE. */
int dara_access_save(const json_t *document, const char *path);
int dara_access_load(const char *path, json_t **ret_document);

/* Where `after` lets an actor do what `before` did not: put into the report as "widened" and "narrowed", with notes. Access that `allowed` names
 * ("actor:command:schema.table", any part may be '*'; NULL-ended, may be NULL) does not count. DARA_EDIFFERENT where any that counts is wider. */
int dara_access_compare(const json_t *before, const json_t *after, const char *const *allowed,
                        struct dara_report *report);

#endif
