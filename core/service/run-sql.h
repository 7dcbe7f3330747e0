/* SPDX-License-Identifier: MIT */
/* Statements typed by a person: read-only unless they must write and the user agrees. */
#ifndef DARA_SERVICE_RUN_SQL_H
#define DARA_SERVICE_RUN_SQL_H

#include "report/report.h"
#include "service/context.h"

/* Receives pieces of output; 0 to go on. */
typedef int (*dara_run_sql_write)(void *context, const char *bytes, size_t length);

struct dara_run_sql_request {
    const char *script;     /* path of a file, "-" for `input`, else the statements themselves */
    FILE *input;            /* what "-" reads; borrowed */
    bool write;             /* the user agreed beforehand to writing */
    bool rollback;          /* run, show, take back */
    size_t limit;           /* rows shown of each statement, 0 = all */
    dara_run_sql_write csv; /* rows go there as CSV (RFC 4180) and nothing into the report; or NULL */
    void *csv_context;
};

/* Run the script in one transaction and put its rows into the report (or to `csv`). DARA_EREFUSED: it would write and the user
 * does not agree; DARA_ESTATEMENT with the line: nothing was changed. */
int dara_run_sql(struct dara_context *context, const struct dara_run_sql_request *request, struct dara_report *report);

/* One value as text for people and CSV: bytes as \x and hex digits, reals so that they read back the same. NULL for a null.
 * free(). */
char *dara_run_sql_text(const struct dara_value *value);
/* As JSON: bytes as {"bytes": hex}. New reference. */
json_t *dara_run_sql_json(const struct dara_value *value);
/* Append one CSV field; a null is nothing, an empty text is "". */
void dara_run_sql_csv(struct dara_text *out, const char *value);

/* The rows of one statement on their way to the report or to CSV. */
struct dara_run_sql_rows;
struct dara_run_sql_rows *dara_run_sql_rows_new(const struct dara_run_sql_request *request);
void dara_run_sql_rows_free(struct dara_run_sql_rows *rows);
struct dara_reader dara_run_sql_reader(struct dara_run_sql_rows *rows);
/* Put what was read into the report as a table headed by `heading`, and into `json` (an object) as "columns", "rows" and
 * "row_count"; then forget it. Does nothing where the statement returned no columns. Returns what went wrong with CSV that no row could say. */
int dara_run_sql_rows_report(struct dara_run_sql_rows *rows, struct dara_report *report, const char *heading,
                             json_t *json);

#endif
