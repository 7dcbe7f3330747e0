/* SPDX-License-Identifier: MIT */
/*
 * What a command has to say, as one tree: values, tables, blocks of text, notes, in sections. A command fills it; a renderer
 * prints it as text for people, JSON for programs or Markdown for documents. No renderer knows a command.
 *
 * Every value, column, table, block and section has a JSON name (lower_snake_case): these names are an interface
 * (docs/schemas/). Strings are copied. A NULL JSON name leaves a table or block out of JSON, and puts what is in a section into
 * the object around it. In one section a name stands once; of two, the later holds; two sections of one name flow together.
 * In JSON bytes are bytes and durations are microseconds: call such values "…_bytes" and "…_us".
 */
#ifndef DARA_REPORT_REPORT_H
#define DARA_REPORT_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include <dara/error.h>

#include "base/alloc.h"
#include "base/text.h"

struct dara_report;
struct dara_table;

/* `name` is the command's ("status"). */
struct dara_report *dara_report_new(const char *name);
struct dara_report *dara_report_free(struct dara_report *report); /* accepts NULL, returns NULL */

/* Open a section: what follows goes into it, in JSON as an object of that name, until dara_report_end(). Sections nest. A NULL
 * heading prints none. */
void dara_report_section(struct dara_report *report, const char *json, const char *heading);
void dara_report_end(struct dara_report *report);

/* Values. A NULL label leaves the value out of text and Markdown (JSON only). */
void dara_report_text(struct dara_report *report, const char *json, const char *label,
                      const char *value); /* NULL = null */
void dara_report_format(struct dara_report *report, const char *json, const char *label, const char *format, ...)
    DARA_PRINTF(4, 5);
void dara_report_int(struct dara_report *report, const char *json, const char *label, int64_t value);
void dara_report_bool(struct dara_report *report, const char *json, const char *label, bool value);
void dara_report_bytes(struct dara_report *report, const char *json, const char *label, uint64_t bytes); /* "12.4 KB" */
/* A ready JSON value, shown only in JSON; takes over the reference. */
void dara_report_json(struct dara_report *report, const char *json, json_t *value);
/* A JSON string of any bytes, what is not UTF-8 replaced by U+FFFD; null for NULL. New reference. */
json_t *dara_report_string(const char *text);

/* A block of text: SQL, a diff, a file. `language` names it for Markdown ("sql", "diff"). In text, a "diff" block colours lines
 * that begin with + - ~. */
void dara_report_block(struct dara_report *report, const char *json, const char *heading, const char *language,
                       const char *text);

/* A remark; in JSON gathered in "notes" with its level. */
enum dara_note { DARA_NOTE_OK, DARA_NOTE_INFO, DARA_NOTE_WARN, DARA_NOTE_ERROR, DARA_NOTE_HINT };
void dara_report_note(struct dara_report *report, enum dara_note level, const char *format, ...) DARA_PRINTF(3, 4);

/* A table with typed cells: sorted as filled, aligned as text, objects with named fields in JSON. An empty table prints `empty`
 * (NULL: nothing) and [] in JSON. */
enum dara_cell { DARA_CELL_TEXT, DARA_CELL_INT, DARA_CELL_BOOL, DARA_CELL_BYTES, DARA_CELL_DURATION, DARA_CELL_STATUS };
struct dara_table *dara_report_table(struct dara_report *report, const char *json, const char *heading,
                                     const char *empty);
void dara_table_column(struct dara_table *table, const char *json, const char *label, enum dara_cell type);
void dara_table_row(struct dara_table *table); /* begin a row; then one cell for each column, in order */
void dara_table_text(struct dara_table *table, const char *value); /* TEXT and STATUS; NULL = null, shown as "-" */
void dara_table_int(struct dara_table *table, int64_t value);      /* INT, BYTES, DURATION (microseconds) */
void dara_table_bool(struct dara_table *table, bool value);
size_t dara_table_rows(const struct dara_table *table);

/* "12.4 KB": how a number of bytes is written everywhere. */
void dara_report_add_size(struct dara_text *out, int64_t bytes);

/* The last three are of findings alone (report/findings.h). */
enum dara_format {
    DARA_FORMAT_TEXT,
    DARA_FORMAT_JSON,
    DARA_FORMAT_MARKDOWN,
    DARA_FORMAT_SARIF,
    DARA_FORMAT_JUNIT,
    DARA_FORMAT_GITHUB
};
int dara_format_parse(const char *name, enum dara_format *ret_format); /* DARA_EUSAGE names the known ones */

/* Render. JSON is one document: {"command", "status": exit name, "error": {…} where there is one, …}. `error` may be NULL.
 * `width` 0 = do not shorten; `colour` only for text. */
void dara_report_render(const struct dara_report *report, enum dara_format format, const struct dara_error *error,
                        size_t width, struct dara_text *out);

#endif
