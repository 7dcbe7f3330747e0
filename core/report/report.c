/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "report/findings.h"
#include "report/tree.h"

/* ---- the tree -------------------------------------------------------------------------------------------------------- */

static struct dara_node *node_new(enum dara_node_kind kind, const char *json, const char *label)
{
    struct dara_node *node = dara_alloc(sizeof(*node));
    node->kind = kind;
    node->json = dara_strdup(json);
    node->label = dara_strdup(label);
    return node;
}

static void datum_done(struct dara_datum *datum)
{
    free(datum->text);
    json_decref(datum->json);
}

static struct dara_table *table_free(struct dara_table *table)
{
    if (!table)
        return NULL;
    for (size_t i = 0; i < table->column_count; i++) {
        free(table->columns[i].json);
        free(table->columns[i].label);
    }
    for (size_t i = 0; i < table->cell_count; i++)
        datum_done(&table->cells[i]);
    free(table->columns);
    free(table->cells);
    free(table->empty);
    free(table);
    return NULL;
}

static struct dara_node *node_free(struct dara_node *node)
{
    for (size_t i = 0; i < node->child_count; i++)
        node_free(node->children[i]);
    free(node->children);
    table_free(node->table);
    datum_done(&node->datum);
    free(node->language);
    free(node->label);
    free(node->json);
    free(node);
    return NULL;
}

struct dara_report *dara_report_new(const char *name)
{
    struct dara_report *report = dara_alloc(sizeof(*report));
    report->name = dara_strdup(name);
    report->root = node_new(DARA_NODE_SECTION, NULL, NULL);
    report->current = report->root;
    return report;
}

struct dara_report *dara_report_free(struct dara_report *report)
{
    if (!report)
        return NULL;
    node_free(report->root);
    dara_findings_free(report->findings);
    free(report->name);
    free(report);
    return NULL;
}

static struct dara_node *add(struct dara_report *report, enum dara_node_kind kind, const char *json, const char *label)
{
    struct dara_node *parent = report->current;
    struct dara_node *node = node_new(kind, json, label);
    node->parent = parent;
    DARA_GROW(parent->children, parent->child_count, parent->child_room);
    parent->children[parent->child_count++] = node;
    return node;
}

void dara_report_section(struct dara_report *report, const char *json, const char *heading)
{
    report->current = add(report, DARA_NODE_SECTION, json, heading);
}

void dara_report_end(struct dara_report *report)
{
    if (report->current->parent)
        report->current = report->current->parent;
}

/* ---- values ---------------------------------------------------------------------------------------------------------- */

static struct dara_datum text_datum(const char *value)
{
    return (struct dara_datum){.type = value ? DARA_DATUM_TEXT : DARA_DATUM_NULL, .text = dara_strdup(value)};
}

void dara_report_text(struct dara_report *report, const char *json, const char *label, const char *value)
{
    add(report, DARA_NODE_VALUE, json, label)->datum = text_datum(value);
}

static char *format_new(const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    size_t room = length < 0 ? 1 : (size_t)length + 1;
    char *text = dara_alloc(room);
    if (length > 0)
        vsnprintf(text, room, format, arguments);
    return text;
}

void dara_report_format(struct dara_report *report, const char *json, const char *label, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct dara_node *node = add(report, DARA_NODE_VALUE, json, label);
    node->datum.type = DARA_DATUM_TEXT;
    node->datum.text = format_new(format, arguments);
    va_end(arguments);
}

static void add_number(struct dara_report *report, const char *json, const char *label, enum dara_datum_type type,
                       int64_t number)
{
    add(report, DARA_NODE_VALUE, json, label)->datum = (struct dara_datum){.type = type, .number = number};
}

void dara_report_int(struct dara_report *report, const char *json, const char *label, int64_t value)
{
    add_number(report, json, label, DARA_DATUM_INT, value);
}

void dara_report_bool(struct dara_report *report, const char *json, const char *label, bool value)
{
    add_number(report, json, label, DARA_DATUM_BOOL, value);
}

void dara_report_bytes(struct dara_report *report, const char *json, const char *label, uint64_t bytes)
{
    add_number(report, json, label, DARA_DATUM_BYTES, bytes > INT64_MAX ? INT64_MAX : (int64_t)bytes);
}

void dara_report_json(struct dara_report *report, const char *json, json_t *value)
{
    add(report, DARA_NODE_VALUE, json, NULL)->datum = (struct dara_datum){.type = DARA_DATUM_JSON, .json = value};
}

void dara_report_block(struct dara_report *report, const char *json, const char *heading, const char *language,
                       const char *text)
{
    struct dara_node *node = add(report, DARA_NODE_BLOCK, json, heading);
    node->language = dara_strdup(language);
    node->datum = text_datum(text);
}

void dara_report_note(struct dara_report *report, enum dara_note level, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct dara_node *node = add(report, DARA_NODE_NOTE, NULL, NULL);
    node->level = level;
    node->datum.type = DARA_DATUM_TEXT;
    node->datum.text = format_new(format, arguments);
    va_end(arguments);
}

/* ---- tables ---------------------------------------------------------------------------------------------------------- */

struct dara_table *dara_report_table(struct dara_report *report, const char *json, const char *heading,
                                     const char *empty)
{
    struct dara_table *table = dara_alloc(sizeof(*table));
    table->empty = dara_strdup(empty);
    add(report, DARA_NODE_TABLE, json, heading)->table = table;
    return table;
}

void dara_table_column(struct dara_table *table, const char *json, const char *label, enum dara_cell type)
{
    DARA_GROW(table->columns, table->column_count, table->column_room);
    table->columns[table->column_count++] =
        (struct dara_column){.json = dara_strdup(json), .label = dara_strdup(label), .type = type};
}

static void add_cell(struct dara_table *table, struct dara_datum datum)
{
    DARA_GROW(table->cells, table->cell_count, table->cell_room);
    table->cells[table->cell_count++] = datum;
}

/* Fill the row with nulls where the caller gave fewer cells than there are columns. */
static void finish_row(struct dara_table *table)
{
    while (table->cell_count < table->row_count * table->column_count)
        add_cell(table, (struct dara_datum){.type = DARA_DATUM_NULL});
}

void dara_table_row(struct dara_table *table)
{
    finish_row(table);
    table->row_count++;
}

/* The column the next cell goes to, or NULL when the row is full already. */
static const struct dara_column *next_column(const struct dara_table *table)
{
    if (table->cell_count >= table->row_count * table->column_count)
        return NULL;
    return &table->columns[table->cell_count % table->column_count];
}

void dara_table_text(struct dara_table *table, const char *value)
{
    if (next_column(table))
        add_cell(table, text_datum(value));
}

void dara_table_int(struct dara_table *table, int64_t value)
{
    const struct dara_column *column = next_column(table);
    if (!column)
        return;
    enum dara_datum_type type = column->type == DARA_CELL_BYTES      ? DARA_DATUM_BYTES
                                : column->type == DARA_CELL_DURATION ? DARA_DATUM_DURATION
                                                                     : DARA_DATUM_INT;
    add_cell(table, (struct dara_datum){.type = type, .number = value});
}

void dara_table_bool(struct dara_table *table, bool value)
{
    if (next_column(table))
        add_cell(table, (struct dara_datum){.type = DARA_DATUM_BOOL, .number = value});
}

size_t dara_table_rows(const struct dara_table *table)
{
    return table->row_count;
}

const struct dara_datum *dara_table_cell(const struct dara_table *table, size_t row, size_t column)
{
    static const struct dara_datum null = {.type = DARA_DATUM_NULL};
    size_t index = row * table->column_count + column;
    return index < table->cell_count ? &table->cells[index] : &null;
}

/* ---- for renderers --------------------------------------------------------------------------------------------------- */

struct flat {
    const struct dara_node **items;
    size_t count, room;
};

static void flatten(const struct dara_node *section, struct flat *flat)
{
    for (size_t i = 0; i < section->child_count; i++) {
        const struct dara_node *node = section->children[i];
        if (node->kind == DARA_NODE_SECTION && !node->label) {
            flatten(node, flat);
            continue;
        }
        DARA_GROW(flat->items, flat->count, flat->room);
        flat->items[flat->count++] = node;
    }
}

const struct dara_node **dara_node_flatten(const struct dara_node *section, size_t *ret_count)
{
    struct flat flat = {NULL, 0, 0};
    flatten(section, &flat);
    *ret_count = flat.count;
    return flat.items;
}

/* ---- words ----------------------------------------------------------------------------------------------------------- */

void dara_report_add_size(struct dara_text *out, int64_t bytes)
{
    static const char *const units[] = {"B", "KB", "MB", "GB", "TB", "PB", "EB"};
    double value = (double)bytes;
    size_t unit = 0;
    /* 1023.95 would be printed as 1024.0 */
    while (value >= 1023.95 && unit + 1 < DARA_COUNT(units)) {
        value /= 1024;
        unit++;
    }
    dara_text_format(out, unit ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

void dara_datum_text(const struct dara_datum *datum, struct dara_text *out)
{
    char room[64];
    switch (datum->type) {
    case DARA_DATUM_NULL:
    case DARA_DATUM_JSON:
        dara_text_add(out, "-");
        break;
    case DARA_DATUM_TEXT:
        dara_text_add(out, datum->text);
        break;
    case DARA_DATUM_INT:
        dara_text_format(out, "%lld", (long long)datum->number);
        break;
    case DARA_DATUM_BOOL:
        dara_text_add(out, datum->number ? "yes" : "no");
        break;
    case DARA_DATUM_BYTES:
        dara_report_add_size(out, datum->number);
        break;
    case DARA_DATUM_DURATION:
        dara_clock_duration(datum->number, room, sizeof(room));
        dara_text_add(out, room);
        break;
    }
}

const char *dara_note_word(enum dara_note level)
{
    static const char *const words[] = {"ok", "note", "warning", "error", "hint"};
    return words[level];
}

const char *dara_note_name(enum dara_note level)
{
    static const char *const names[] = {"ok", "info", "warn", "error", "hint"};
    return names[level];
}

/* ---- rendering ------------------------------------------------------------------------------------------------------- */

static const char *const format_names[] = {"text", "json", "markdown", "sarif", "junit", "github"};

int dara_format_parse(const char *name, enum dara_format *ret_format)
{
    for (size_t i = 0; i < DARA_COUNT(format_names); i++) {
        if (strcmp(name, format_names[i]) == 0) {
            *ret_format = (enum dara_format)i;
            return 0;
        }
    }
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    dara_text_add_visible(&shown, name);
    int code = dara_error_set(DARA_EUSAGE, "there is no format '%s'", dara_text_string(&shown));
    dara_error_hint("use one of text, json, markdown");
    return code;
}

void dara_report_render(const struct dara_report *report, enum dara_format format, const struct dara_error *error,
                        size_t width, struct dara_text *out)
{
    switch (format) {
    case DARA_FORMAT_TEXT:
        dara_report_render_text(report, width, out);
        break;
    case DARA_FORMAT_JSON:
        dara_report_render_json(report, error, out);
        break;
    case DARA_FORMAT_MARKDOWN:
        dara_report_render_markdown(report, error, out);
        break;
    case DARA_FORMAT_SARIF:
        dara_report_render_sarif(report, error, out);
        break;
    case DARA_FORMAT_JUNIT:
        dara_report_render_junit(report, error, out);
        break;
    case DARA_FORMAT_GITHUB:
        dara_report_render_github(report, error, out);
        break;
    }
}
