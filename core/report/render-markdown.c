/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "report/tree.h"

/* Text on one line, with what Markdown would take for markup escaped. */
static void add_escaped(struct dara_text *out, const char *string)
{
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    dara_text_add_visible(&shown, string);
    for (const char *s = dara_text_string(&shown); *s; s++) {
        if (strchr("\\`*_[]<>|&#~", *s))
            dara_text_add_bytes(out, "\\", 1);
        dara_text_add_bytes(out, s, 1);
    }
}

static void add_datum(struct dara_text *out, const struct dara_datum *datum)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    dara_datum_text(datum, &text);
    add_escaped(out, dara_text_string(&text));
}

/* Between two blocks stands one empty line. */
static void gap(struct dara_text *out)
{
    if (out->length)
        dara_text_add(out, "\n");
}

static void add_heading(struct dara_text *out, size_t level, const char *heading)
{
    if (!heading)
        return;
    gap(out);
    for (size_t i = 0; i < level && i < 6; i++)
        dara_text_add(out, "#");
    dara_text_add(out, " ");
    add_escaped(out, heading);
    dara_text_add(out, "\n");
}

static void add_table(struct dara_text *out, const struct dara_table *table)
{
    if (!table->row_count) {
        if (table->empty) {
            gap(out);
            add_escaped(out, table->empty);
            dara_text_add(out, "\n");
        }
        return;
    }
    gap(out);
    for (size_t i = 0; i < table->column_count; i++) {
        dara_text_add(out, "| ");
        add_escaped(out, table->columns[i].label);
        dara_text_add(out, " ");
    }
    dara_text_add(out, "|\n");
    for (size_t i = 0; i < table->column_count; i++) {
        enum dara_cell type = table->columns[i].type;
        bool right = type == DARA_CELL_INT || type == DARA_CELL_BYTES || type == DARA_CELL_DURATION;
        dara_text_add(out, right ? "| ---: " : "| --- ");
    }
    dara_text_add(out, "|\n");
    for (size_t row = 0; row < table->row_count; row++) {
        for (size_t i = 0; i < table->column_count; i++) {
            dara_text_add(out, "| ");
            add_datum(out, dara_table_cell(table, row, i));
            dara_text_add(out, " ");
        }
        dara_text_add(out, "|\n");
    }
}

/* The fence must be longer than any run of backticks in the text. */
static void add_block(struct dara_text *out, const char *language, const char *text)
{
    size_t longest = 2, run = 0;
    for (const char *s = text; *s; s++) {
        run = *s == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    char fence[64];
    size_t length = longest + 1 < sizeof(fence) ? longest + 1 : sizeof(fence) - 1;
    memset(fence, '`', length);
    fence[length] = '\0';
    gap(out);
    dara_text_format(out, "%s%s\n%s", fence, language ? language : "", text);
    if (*text && text[strlen(text) - 1] != '\n')
        dara_text_add(out, "\n");
    dara_text_format(out, "%s\n", fence);
}

static void add_note(struct dara_text *out, const char *word, const char *text)
{
    dara_text_format(out, "> **%s:** ", word);
    add_escaped(out, text);
    dara_text_add(out, "\n");
}

static void add_section(struct dara_text *out, const struct dara_node *section, size_t level)
{
    enum dara_node_kind before = DARA_NODE_SECTION;
    size_t count = 0;
    DARA_FREE const struct dara_node **nodes = dara_node_flatten(section, &count);
    for (size_t i = 0; i < count; i++) {
        const struct dara_node *node = nodes[i];
        switch (node->kind) {
        case DARA_NODE_SECTION:
            add_heading(out, level, node->label);
            add_section(out, node, level + 1);
            break;
        case DARA_NODE_VALUE:
            if (!node->label)
                continue;
            if (before != DARA_NODE_VALUE)
                gap(out);
            dara_text_add(out, "- **");
            add_escaped(out, node->label);
            dara_text_add(out, ":** ");
            add_datum(out, &node->datum);
            dara_text_add(out, "\n");
            break;
        case DARA_NODE_BLOCK:
            add_heading(out, level, node->label);
            add_block(out, node->language, node->datum.text ? node->datum.text : "");
            break;
        case DARA_NODE_NOTE:
            /* Two quotes without an empty line between would flow into one paragraph. */
            gap(out);
            add_note(out, dara_note_word(node->level), node->datum.text);
            break;
        case DARA_NODE_TABLE:
            if (node->table->row_count || node->table->empty)
                add_heading(out, level, node->label);
            add_table(out, node->table);
            break;
        }
        before = node->kind;
    }
}

void dara_report_render_markdown(const struct dara_report *report, const struct dara_error *error,
                                 struct dara_text *out)
{
    dara_text_add(out, "# dara ");
    add_escaped(out, report->name);
    dara_text_add(out, "\n");
    add_section(out, report->root, 2);
    if (!error || !error->message)
        return;
    gap(out);
    add_note(out, "error", error->message);
    if (error->detail) {
        gap(out);
        add_note(out, "detail", error->detail);
    }
    if (error->hint) {
        gap(out);
        add_note(out, "hint", error->hint);
    }
}
