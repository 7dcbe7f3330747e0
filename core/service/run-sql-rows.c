/* SPDX-License-Identifier: MIT */
/* Rows: into tables of the report, JSON and CSV. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "service/run-sql.h"

/* ---- values --------------------------------------------------------------------------------------------------------- */

static void add_hex(struct dara_text *out, const struct dara_value *value)
{
    for (size_t i = 0; i < value->length; i++)
        dara_text_format(out, "%02x", (unsigned char)value->bytes[i]);
}

static char *real_text(double real)
{
    char *text = dara_format("%.15g", real);
    if (isfinite(real) && strtod(text, NULL) != real) {
        free(text);
        text = dara_format("%.17g", real);
    }
    return text;
}

static bool is_text(const struct dara_value *value)
{
    return value->type == DARA_TEXT && dara_utf8_valid(value->bytes, value->length);
}

char *dara_run_sql_text(const struct dara_value *value)
{
    struct dara_text out = DARA_TEXT_INIT;
    if (value->type == DARA_NULL)
        return NULL;
    if (value->type == DARA_INTEGER)
        return dara_format("%lld", (long long)value->integer);
    if (value->type == DARA_REAL)
        return real_text(value->real);
    if (is_text(value)) {
        dara_text_add_bytes(&out, value->bytes, value->length);
    } else {
        dara_text_add(&out, "\\x");
        add_hex(&out, value);
    }
    return dara_text_steal(&out);
}

json_t *dara_run_sql_json(const struct dara_value *value)
{
    if (value->type == DARA_NULL)
        return json_null();
    if (value->type == DARA_INTEGER)
        return json_integer(value->integer);
    if (value->type == DARA_REAL && isfinite(value->real))
        return json_real(value->real);
    if (is_text(value))
        return json_stringn(value->length ? value->bytes : "", value->length);
    DARA_TEXT_LOCAL hex = DARA_TEXT_INIT;
    if (value->type == DARA_REAL)
        return json_null();
    add_hex(&hex, value);
    return json_pack("{s:s}", "bytes", dara_text_string(&hex));
}

void dara_run_sql_csv(struct dara_text *out, const char *value)
{
    if (!value)
        return;
    if (*value && !strpbrk(value, "\",\r\n")) {
        dara_text_add(out, value);
        return;
    }
    dara_text_add(out, "\"");
    for (; *value; value++) {
        if (*value == '"')
            dara_text_add(out, "\"");
        dara_text_add_bytes(out, value, 1);
    }
    dara_text_add(out, "\"");
}

/* ---- rows ----------------------------------------------------------------------------------------------------------- */

struct dara_run_sql_rows {
    const struct dara_run_sql_request *request;
    size_t column_count;
    char **columns;
    bool *numbers; /* of each column: integers and nulls only */
    char **cells;  /* shown, row by row */
    size_t cell_count, cell_room;
    json_t *json;
    size_t row_count; /* read, shown or not */
    bool csv_begun;
    int failed; /* what went wrong where nothing can be returned */
};

static void forget(struct dara_run_sql_rows *rows)
{
    for (size_t i = 0; i < rows->column_count; i++)
        free(rows->columns[i]);
    for (size_t i = 0; i < rows->cell_count; i++)
        free(rows->cells[i]);
    free(rows->columns);
    free(rows->numbers);
    json_decref(rows->json);
    rows->columns = NULL;
    rows->numbers = NULL;
    rows->json = NULL;
    rows->column_count = rows->cell_count = rows->row_count = 0;
}

struct dara_run_sql_rows *dara_run_sql_rows_new(const struct dara_run_sql_request *request)
{
    struct dara_run_sql_rows *rows = dara_alloc(sizeof(*rows));
    rows->request = request;
    return rows;
}

void dara_run_sql_rows_free(struct dara_run_sql_rows *rows)
{
    if (!rows)
        return;
    forget(rows);
    free(rows->cells);
    free(rows);
}

static int write_csv(struct dara_run_sql_rows *rows, char *const *fields, size_t count)
{
    DARA_TEXT_LOCAL line = DARA_TEXT_INIT;
    for (size_t i = 0; i < count; i++) {
        dara_text_add(&line, i ? "," : "");
        dara_run_sql_csv(&line, fields[i]);
    }
    dara_text_add(&line, "\r\n");
    return rows->request->csv(rows->request->csv_context, dara_text_string(&line), line.length);
}

static int begin_csv(struct dara_run_sql_rows *rows)
{
    if (rows->csv_begun)
        return dara_error_set(DARA_EUSAGE, "--csv takes one statement that returns rows, and this is a second");
    rows->csv_begun = true;
    return write_csv(rows, rows->columns, rows->column_count);
}

static void take_columns(void *context, size_t count, const char *const *names)
{
    struct dara_run_sql_rows *rows = context;
    forget(rows);
    rows->column_count = count;
    rows->columns = dara_alloc((count + 1) * sizeof(char *));
    rows->numbers = dara_alloc((count + 1) * sizeof(bool));
    rows->json = json_array();
    for (size_t i = 0; i < count; i++) {
        rows->columns[i] = dara_strdup(names[i] ? names[i] : "");
        rows->numbers[i] = true;
    }
    if (rows->request->csv && count && !rows->failed)
        rows->failed = begin_csv(rows);
}

static int take_csv(struct dara_run_sql_rows *rows, size_t count, const struct dara_value *values)
{
    if (rows->failed)
        return rows->failed;
    DARA_FREE char **fields = dara_alloc((count + 1) * sizeof(char *));
    for (size_t i = 0; i < count; i++)
        fields[i] = dara_run_sql_text(&values[i]);
    int code = write_csv(rows, fields, count);
    for (size_t i = 0; i < count; i++)
        free(fields[i]);
    return code;
}

static int take_row(void *context, size_t count, const struct dara_value *values)
{
    struct dara_run_sql_rows *rows = context;
    rows->row_count++;
    if (rows->request->limit && rows->row_count > rows->request->limit)
        return 0;
    if (rows->request->csv)
        return take_csv(rows, count, values);
    json_t *row = json_array();
    for (size_t i = 0; i < count && i < rows->column_count; i++) {
        rows->numbers[i] = rows->numbers[i] && (values[i].type == DARA_INTEGER || values[i].type == DARA_NULL);
        DARA_GROW(rows->cells, rows->cell_count, rows->cell_room);
        rows->cells[rows->cell_count++] = dara_run_sql_text(&values[i]);
        json_array_append_new(row, dara_run_sql_json(&values[i]));
    }
    json_array_append_new(rows->json, row);
    return 0;
}

struct dara_reader dara_run_sql_reader(struct dara_run_sql_rows *rows)
{
    return (struct dara_reader){.columns = take_columns, .row = take_row, .context = rows};
}

static void add_table(const struct dara_run_sql_rows *rows, struct dara_report *report, const char *heading)
{
    struct dara_table *table = dara_report_table(report, NULL, heading, "no rows");
    for (size_t i = 0; i < rows->column_count; i++)
        dara_table_column(table, NULL, rows->columns[i],
                          rows->numbers[i] && rows->cell_count ? DARA_CELL_INT : DARA_CELL_TEXT);
    for (size_t i = 0; i < rows->cell_count; i++) {
        size_t column = i % rows->column_count;
        if (!column)
            dara_table_row(table);
        if (rows->numbers[column] && rows->cells[i])
            dara_table_int(table, strtoll(rows->cells[i], NULL, 10));
        else
            dara_table_text(table, rows->cells[i]);
    }
}

int dara_run_sql_rows_report(struct dara_run_sql_rows *rows, struct dara_report *report, const char *heading,
                             json_t *json)
{
    if (!rows->column_count || rows->request->csv)
        return rows->failed;
    size_t shown = json_array_size(rows->json);
    add_table(rows, report, heading);
    if (shown < rows->row_count)
        dara_report_note(report, DARA_NOTE_WARN, "%zu of %zu rows are shown; --limit 0 shows all", shown,
                         rows->row_count);
    json_t *columns = json_array();
    for (size_t i = 0; i < rows->column_count; i++)
        json_array_append_new(columns, json_string(rows->columns[i]));
    json_object_set_new(json, "columns", columns);
    json_object_set(json, "rows", rows->json);
    json_object_set_new(json, "row_count", json_integer((json_int_t)rows->row_count));
    forget(rows);
    return 0;
}
