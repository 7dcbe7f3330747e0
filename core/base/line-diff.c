/* SPDX-License-Identifier: MIT */
#include "base/line-diff.h"

#include <stdint.h>

#define MOST_CELLS 1000000u

struct line {
    const char *bytes;
    size_t length;
};
struct lines {
    struct line *items;
    size_t count, room;
};

static struct lines split(const char *text)
{
    struct lines lines = {NULL, 0, 0};
    while (*text) {
        size_t length = strcspn(text, "\n");
        DARA_GROW(lines.items, lines.count, lines.room);
        lines.items[lines.count++] = (struct line){text, length};
        text += length + (text[length] == '\n');
    }
    return lines;
}

static bool same(struct line a, struct line b)
{
    return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
}

/* What is printed. A line that is in both texts is held back until it is known whether a change stands next to it. */
struct printer {
    struct dara_text *out;
    const char *indent;
    const struct line *held; /* the last unchanged line, not printed yet */
    bool any, near, gap;     /* something was printed; a change just before; lines were left out since */
};

static void print(struct printer *printer, char sign, struct line line)
{
    DARA_FREE char *copy = dara_strndup(line.bytes, line.length);
    dara_text_format(printer->out, "%s%c ", printer->indent, sign);
    dara_text_add_visible(printer->out, copy);
    dara_text_add(printer->out, "\n");
    printer->any = true;
}

static void print_change(struct printer *printer, char sign, struct line line)
{
    if (printer->gap && printer->any)
        dara_text_format(printer->out, "%s  …\n", printer->indent);
    if (printer->held)
        print(printer, ' ', *printer->held);
    print(printer, sign, line);
    printer->held = NULL;
    printer->gap = false;
    printer->near = true;
}

static void print_kept(struct printer *printer, const struct line *line)
{
    if (printer->near) {
        print(printer, ' ', *line);
        printer->near = false;
        return;
    }
    printer->gap = printer->gap || printer->held;
    printer->held = line;
}

/* cells[i * (m + 1) + j]: how many lines the rests from a[i] and b[j] on have in common. NULL: too many. */
static uint32_t *count_common(const struct line *a, size_t n, const struct line *b, size_t m)
{
    if ((n + 1) > MOST_CELLS / (m + 1))
        return NULL;
    uint32_t *cells = dara_alloc((n + 1) * (m + 1) * sizeof(*cells));
    for (size_t i = n; i-- > 0;)
        for (size_t j = m; j-- > 0;) {
            uint32_t *cell = &cells[i * (m + 1) + j], down = cell[m + 1], right = cell[1];
            *cell = same(a[i], b[j]) ? cell[m + 2] + 1 : down > right ? down : right;
        }
    return cells;
}

static void print_middle(struct printer *printer, const struct line *a, size_t n, const struct line *b, size_t m)
{
    DARA_FREE uint32_t *cells = count_common(a, n, b, m);
    size_t i = 0, j = 0;
    while (i < n || j < m) {
        if (cells && i < n && j < m && same(a[i], b[j])) {
            print_kept(printer, &a[i]);
            i++;
            j++;
        } else if (i < n && (!cells || j == m || cells[(i + 1) * (m + 1) + j] >= cells[i * (m + 1) + j + 1])) {
            print_change(printer, '-', a[i++]);
        } else {
            print_change(printer, '+', b[j++]);
        }
    }
}

void dara_line_diff(const char *before, const char *after, const char *indent, struct dara_text *out)
{
    struct lines a = split(before), b = split(after);
    struct printer printer = {.out = out, .indent = indent};
    size_t head = 0, tail = 0;
    while (head < a.count && head < b.count && same(a.items[head], b.items[head]))
        print_kept(&printer, &a.items[head++]);
    while (tail < a.count - head && tail < b.count - head &&
           same(a.items[a.count - 1 - tail], b.items[b.count - 1 - tail]))
        tail++;
    print_middle(&printer, a.items + head, a.count - head - tail, b.items + head, b.count - head - tail);
    for (size_t i = a.count - tail; i < a.count; i++)
        print_kept(&printer, &a.items[i]);
    free(a.items);
    free(b.items);
}
