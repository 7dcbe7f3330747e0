/* SPDX-License-Identifier: MIT */
/* Inside of a report, shared by what fills it and by the renderers. */
#ifndef DARA_REPORT_TREE_H
#define DARA_REPORT_TREE_H

#include "report/report.h"

/* One value: of a line, or of a cell. */
enum dara_datum_type {
    DARA_DATUM_NULL,
    DARA_DATUM_TEXT,
    DARA_DATUM_INT,
    DARA_DATUM_BOOL,
    DARA_DATUM_BYTES,
    DARA_DATUM_DURATION, /* microseconds */
    DARA_DATUM_JSON,
};
struct dara_datum {
    enum dara_datum_type type;
    int64_t number;
    char *text;
    json_t *json;
};

struct dara_column {
    char *json;
    char *label;
    enum dara_cell type;
};

struct dara_table {
    size_t column_count, column_room;
    struct dara_column *columns;
    size_t row_count;
    size_t cell_count, cell_room; /* the last row may still be short of cells */
    struct dara_datum *cells;
    char *empty;
};

enum dara_node_kind { DARA_NODE_SECTION, DARA_NODE_VALUE, DARA_NODE_BLOCK, DARA_NODE_NOTE, DARA_NODE_TABLE };

struct dara_node {
    enum dara_node_kind kind;
    char *json;               /* NULL for notes */
    char *label;              /* label or heading; NULL = none */
    struct dara_datum datum;  /* value, text of a block or a note */
    char *language;           /* block */
    enum dara_note level;     /* note */
    struct dara_table *table; /* table */
    struct dara_node *parent;
    size_t child_count, child_room; /* section */
    struct dara_node **children;
};

struct dara_report {
    char *name;
    struct dara_node *root;
    struct dara_node *current;      /* the open section */
    struct dara_findings *findings; /* NULL = none were put in */
};

/* The datum as people read it, not escaped: "-" for null, "yes"/"no", "12.4 KB", "1.2 s". */
void dara_datum_text(const struct dara_datum *datum, struct dara_text *out);
/* What is printed of a section one after the other: its children, and in the place of a section without a heading what is in that.
 * free() the array. */
const struct dara_node **dara_node_flatten(const struct dara_node *section, size_t *ret_count);
/* The cell of a row, or a null one where the row is short. */
const struct dara_datum *dara_table_cell(const struct dara_table *table, size_t row, size_t column);
/* "warning", "hint" … as people read it. */
const char *dara_note_word(enum dara_note level);
/* "json" names of a note's level. */
const char *dara_note_name(enum dara_note level);

/* Append the report to `out`. `width` in columns, 0 = no limit. `error` is what the command ended with, or NULL; in text it is
 * not rendered, but printed to standard error. */
void dara_report_render_text(const struct dara_report *report, size_t width, struct dara_text *out);
void dara_report_render_json(const struct dara_report *report, const struct dara_error *error, struct dara_text *out);
void dara_report_render_markdown(const struct dara_report *report, const struct dara_error *error,
                                 struct dara_text *out);
/* A JSON value, indented, with an end of line; free of characters that a terminal acts on. */
void dara_report_add_json(const json_t *document, struct dara_text *out);
/* Of findings: NULL where the command failed before there were any, or has none. Messages are on one line, free of control characters. */
struct dara_findings;
void dara_report_render_sarif(const struct dara_report *report, const struct dara_error *error, struct dara_text *out);
void dara_report_render_junit(const struct dara_report *report, const struct dara_error *error, struct dara_text *out);
void dara_report_render_github(const struct dara_report *report, const struct dara_error *error, struct dara_text *out);

#endif
