/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/terminal.h"
#include "report/tree.h"

#define NARROWEST 8  /* a text column is not shortened below this */
#define LONG_NAME 60 /* nor the first column below this */
#define WRAPPED   20 /* the last column goes on below where it is this wide, and is shortened where it is not */
#define ALIGNED \
    200 /* what is wider is not shortened where any width will do, but the rows around it are not filled up to it */

struct renderer {
    struct dara_text *out;
    size_t width; /* 0 = any */
    size_t indent;
    bool fresh; /* nothing printed yet, or a heading just now: no empty line before what comes */
};

static void gap(struct renderer *r)
{
    if (!r->fresh)
        dara_text_add(r->out, "\n");
    r->fresh = false;
}

static void add_spaces(struct renderer *r, size_t count)
{
    while (count-- > 0)
        dara_text_add_bytes(r->out, " ", 1);
}

static void add_coloured(struct renderer *r, enum dara_colour colour, const char *text)
{
    const char *escape = colour == DARA_PLAIN ? "" : dara_terminal_escape(colour);
    dara_text_add(r->out, escape);
    dara_text_add(r->out, text);
    if (*escape)
        dara_text_add(r->out, dara_terminal_escape(DARA_PLAIN));
}

static void add_heading(struct renderer *r, const char *heading)
{
    if (!heading)
        return;
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    dara_text_add_visible(&shown, heading);
    gap(r);
    add_spaces(r, r->indent);
    add_coloured(r, DARA_BOLD, dara_text_string(&shown));
    dara_text_add(r->out, "\n");
    r->fresh = true;
}

/* The datum on one line. free(). */
static char *datum_shown(const struct dara_datum *datum)
{
    DARA_TEXT_LOCAL raw = DARA_TEXT_INIT;
    struct dara_text shown = DARA_TEXT_INIT;
    dara_datum_text(datum, &raw);
    dara_text_add_visible(&shown, dara_text_string(&raw));
    return dara_text_steal(&shown);
}

/* ---- values ---------------------------------------------------------------------------------------------------------- */

static bool is_line(const struct dara_node *node)
{
    return node->kind == DARA_NODE_VALUE && node->label;
}

/* Consecutive values stand in one group with their values in a column. Returns the index after the last of them. */
static size_t add_values(struct renderer *r, const struct dara_node **nodes, size_t first, size_t count)
{
    size_t end = first, widest = 0;
    for (; end < count && nodes[end]->kind == DARA_NODE_VALUE; end++) {
        if (!is_line(nodes[end]))
            continue;
        size_t width = dara_utf8_width(nodes[end]->label);
        widest = width > widest ? width : widest;
    }
    bool begun = false;
    for (size_t i = first; i < end; i++) {
        const struct dara_node *node = nodes[i];
        if (!is_line(node))
            continue;
        if (!begun)
            gap(r);
        begun = true;
        DARA_FREE char *value = datum_shown(&node->datum);
        add_spaces(r, r->indent);
        dara_text_format(r->out, "%s:", node->label);
        if (*value)
            add_spaces(r, widest - dara_utf8_width(node->label) + 2);
        dara_text_format(r->out, "%s\n", value);
    }
    return end;
}

/* ---- tables ---------------------------------------------------------------------------------------------------------- */

static bool is_right(enum dara_cell type)
{
    return type == DARA_CELL_INT || type == DARA_CELL_BYTES || type == DARA_CELL_DURATION;
}

static enum dara_colour status_colour(const char *word)
{
    static const char *const good[] = {"ok", "applied", "loaded", "valid", "verified", "set", "yes", "passed", NULL};
    static const char *const bad[] = {"failed", "refused", "error", "missing", "edited", "invalid", "damaged", NULL};
    static const char *const odd[] = {"pending", "warning", "warn", "interrupted", "unknown", "skipped", NULL};
    const struct {
        const char *const *words;
        enum dara_colour colour;
    } lists[] = {{good, DARA_GREEN}, {bad, DARA_RED}, {odd, DARA_YELLOW}};
    for (size_t i = 0; i < DARA_COUNT(lists); i++)
        for (const char *const *w = lists[i].words; *w; w++)
            if (strcmp(*w, word) == 0)
                return lists[i].colour;
    return DARA_PLAIN;
}

/* Shorten `text` in place to `width` columns, the last of them an ellipsis. `text` has room for it. */
static void shorten(char *text, size_t width)
{
    size_t end = 0, used = 0;
    while (text[end]) {
        char character[8] = {text[end]};
        size_t length = 1;
        while (length < 4 && ((unsigned char)text[end + length] & 0xc0u) == 0x80u) {
            character[length] = text[end + length];
            length++;
        }
        used += dara_utf8_width(character);
        if (used > width - 1)
            break;
        end += length;
    }
    memcpy(text + end, "\xe2\x80\xa6", 4);
}

/* Take columns from the widest text column until the line fits; from the first, which names the row, only down to what names
 * are long: a line that is too long is better than a name that cannot be used. */
static void fit(const struct dara_table *table, size_t *widths, size_t room)
{
    for (;;) {
        size_t total = 0, widest = table->column_count;
        for (size_t i = 0; i < table->column_count; i++) {
            total += widths[i] + (i ? 2 : 0);
            if (table->columns[i].type == DARA_CELL_TEXT && widths[i] > (i ? NARROWEST : LONG_NAME) &&
                (widest == table->column_count || widest == 0 || widths[i] > widths[widest]))
                widest = i;
        }
        if (total <= room || widest == table->column_count)
            return;
        widths[widest]--;
    }
}

/* Cut `text` at the last space within `width` columns; what follows is returned, or NULL where there is no such space. free(). */
static char *fold(char *text, size_t width)
{
    char *cut = NULL;
    for (char *space = strchr(text, ' '); space; space = strchr(space + 1, ' ')) {
        *space = '\0';
        bool fits = dara_utf8_width(text) <= width;
        *space = ' ';
        if (!fits)
            break;
        cut = space;
    }
    if (!cut || cut == text)
        return NULL;
    *cut = '\0';
    return dara_strdup(cut + 1);
}

/* What the last cell still has to say, below its beginning. */
static void add_rest(struct renderer *r, const char *rest, const size_t *widths, size_t column)
{
    size_t indent = r->indent;
    for (size_t i = 0; i < column; i++)
        indent += widths[i] + 2;
    DARA_FREE char *line = rest ? dara_strdup(rest) : NULL;
    while (line) {
        char *next = dara_utf8_width(line) > widths[column] ? fold(line, widths[column]) : NULL;
        dara_text_add(r->out, "\n");
        add_spaces(r, indent);
        dara_text_add(r->out, line);
        free(line);
        line = next;
    }
}

static void add_cells(struct renderer *r, const struct dara_table *table, const size_t *widths, char **cells, bool head)
{
    size_t pending = r->indent;
    for (size_t i = 0; i < table->column_count; i++) {
        DARA_FREE char *cell = dara_format("%s    ", cells[i]);
        cell[strlen(cells[i])] = '\0';
        size_t width = dara_utf8_width(cell);
        DARA_FREE char *rest = NULL;
        if (r->width && width > widths[i] && i + 1 == table->column_count && widths[i] >= WRAPPED) {
            rest = fold(cell, widths[i]);
            width = dara_utf8_width(cell);
        }
        if (r->width && width > widths[i]) {
            shorten(cell, widths[i]);
            width = dara_utf8_width(cell);
        }
        size_t space = widths[i] > width ? widths[i] - width : 0;
        bool right = is_right(table->columns[i].type);
        pending += right ? space : 0;
        if (*cell) {
            add_spaces(r, pending);
            pending = 0;
            enum dara_colour colour = head                                         ? DARA_DIM
                                      : table->columns[i].type == DARA_CELL_STATUS ? status_colour(cell)
                                                                                   : DARA_PLAIN;
            add_coloured(r, colour, cell);
        }
        pending += (right ? 0 : space) + 2;
        add_rest(r, rest, widths, i);
    }
    dara_text_add(r->out, "\n");
}

static void add_filled_table(struct renderer *r, const struct dara_table *table)
{
    size_t columns = table->column_count, count = (table->row_count + 1) * columns;
    DARA_FREE char **shown = dara_alloc(count * sizeof(*shown));
    DARA_FREE size_t *widths = dara_alloc(columns * sizeof(*widths));
    for (size_t i = 0; i < count; i++) {
        size_t row = i / columns, column = i % columns;
        shown[i] =
            row ? datum_shown(dara_table_cell(table, row - 1, column)) : dara_strdup(table->columns[column].label);
        size_t width = dara_utf8_width(shown[i]);
        width = !r->width && width > ALIGNED ? ALIGNED : width;
        widths[column] = width > widths[column] ? width : widths[column];
    }
    if (r->width)
        fit(table, widths, r->width > r->indent ? r->width - r->indent : 1);
    gap(r);
    for (size_t row = 0; row <= table->row_count; row++)
        add_cells(r, table, widths, shown + row * columns, row == 0);
    for (size_t i = 0; i < count; i++)
        free(shown[i]);
}

static void add_table(struct renderer *r, const struct dara_node *node)
{
    const struct dara_table *table = node->table;
    if (table->row_count && table->column_count) {
        add_heading(r, node->label);
        add_filled_table(r, table);
    } else if (table->empty) {
        add_heading(r, node->label);
        gap(r);
        add_spaces(r, r->indent);
        dara_text_format(r->out, "%s\n", table->empty);
    }
}

/* ---- blocks and notes ------------------------------------------------------------------------------------------------- */

static enum dara_colour diff_colour(const char *line)
{
    line += strspn(line, " ");
    switch (*line) {
    case '+':
        return DARA_GREEN;
    case '-':
        return DARA_RED;
    case '~':
        return DARA_YELLOW;
    default:
        return DARA_PLAIN;
    }
}

/* Tabs and line ends of text keep their meaning; every other control character is shown. */
static void add_line(struct renderer *r, const char *line, size_t length, bool diff)
{
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    DARA_FREE char *rest = dara_strndup(line, length);
    if (length && rest[length - 1] == '\r')
        rest[length - 1] = '\0';
    for (char *piece = rest, *tab; piece; piece = tab) {
        tab = strchr(piece, '\t');
        if (tab)
            *tab++ = '\0';
        dara_text_add_visible(&shown, piece);
        if (tab)
            dara_text_add(&shown, "\t");
    }
    const char *text = dara_text_string(&shown);
    if (*text) {
        add_spaces(r, r->indent);
        add_coloured(r, diff ? diff_colour(text) : DARA_PLAIN, text);
    }
    dara_text_add(r->out, "\n");
}

static void add_block(struct renderer *r, const struct dara_node *node)
{
    const char *text = node->datum.text;
    if (!text || !*text)
        return;
    bool diff = node->language && strcmp(node->language, "diff") == 0;
    add_heading(r, node->label);
    gap(r);
    while (*text) {
        size_t length = strcspn(text, "\n");
        add_line(r, text, length, diff);
        text += length + (text[length] ? 1 : 0);
    }
}

static void add_note(struct renderer *r, const struct dara_node *node)
{
    static const enum dara_colour colours[] = {DARA_GREEN, DARA_DIM, DARA_YELLOW, DARA_RED, DARA_CYAN};
    DARA_FREE char *prefix = dara_format("%s:", dara_note_word(node->level));
    DARA_FREE char *shown = datum_shown(&node->datum);
    add_spaces(r, r->indent);
    add_coloured(r, colours[node->level], prefix);
    dara_text_format(r->out, " %s\n", shown);
}

/* ---- the tree --------------------------------------------------------------------------------------------------------- */

/* What prints nothing does not part what stands around it. */
static bool is_shown(const struct dara_node *node)
{
    if (node->kind == DARA_NODE_TABLE)
        return node->table->empty || (node->table->row_count && node->table->column_count);
    if (node->kind == DARA_NODE_BLOCK)
        return node->datum.text && *node->datum.text;
    return node->kind != DARA_NODE_VALUE || is_line(node);
}

static size_t keep_shown(const struct dara_node **nodes, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (is_shown(nodes[i]))
            nodes[kept++] = nodes[i];
    return kept;
}

static void add_section(struct renderer *r, const struct dara_node *section)
{
    size_t count = 0;
    DARA_FREE const struct dara_node **nodes = dara_node_flatten(section, &count);
    count = keep_shown(nodes, count);
    for (size_t i = 0; i < count;) {
        const struct dara_node *node = nodes[i];
        switch (node->kind) {
        case DARA_NODE_VALUE:
            i = add_values(r, nodes, i, count);
            continue;
        case DARA_NODE_SECTION:
            add_heading(r, node->label);
            r->indent += 2;
            add_section(r, node);
            r->indent -= 2;
            break;
        case DARA_NODE_TABLE:
            add_table(r, node);
            break;
        case DARA_NODE_BLOCK:
            add_block(r, node);
            break;
        case DARA_NODE_NOTE:
            if (i == 0 || nodes[i - 1]->kind != DARA_NODE_NOTE)
                gap(r);
            add_note(r, node);
            break;
        }
        i++;
    }
}

void dara_report_render_text(const struct dara_report *report, size_t width, struct dara_text *out)
{
    struct renderer renderer = {.out = out, .width = width, .fresh = true};
    add_section(&renderer, report->root);
}
