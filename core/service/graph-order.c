/* SPDX-License-Identifier: MIT */
/* From the events of every object to needs between units, and from needs to an order. */
#include "service/graph-parts.h"

#include <string.h>

void dara_graph_need(struct dara_graph *graph, size_t unit, size_t before, size_t object)
{
    struct dara_graph_unit *from = &graph->units[unit];
    if (unit == before)
        return;
    if (from->count && from->needs[from->count - 1].unit == before && from->needs[from->count - 1].object == object)
        return;
    DARA_GROW(from->needs, from->count, from->room);
    from->needs[from->count++] = (struct dara_graph_need){.unit = before, .object = object};
}

/* ---- needs -------------------------------------------------------------------------------------------------------------- */

static void append_moved(const size_t *heads, const size_t *nexts, size_t at, size_t *order, size_t *count)
{
    for (size_t i = heads[at]; i != DARA_GRAPH_NONE; i = nexts[i])
        order[(*count)++] = i;
}

/* The events of one object in the order they should have: as they stand, but those that came too early right after what
 * makes the object, those that came too late right before what drops it. One pass over buckets: O(events). */
static void right_order(const struct dara_graph_node *node, size_t *order)
{
    size_t count = 0, size = (node->count + 1) * sizeof(size_t);
    DARA_FREE size_t *after = dara_alloc(size);
    DARA_FREE size_t *before = dara_alloc(size);
    DARA_FREE size_t *next = dara_alloc(size);
    memset(after, 0xff, size);
    memset(before, 0xff, size);
    /* Backwards, so that each list is in the order in which its events stand. */
    for (size_t i = node->count; i--;) {
        const struct dara_graph_event *event = &node->events[i];
        size_t *head = event->after != DARA_GRAPH_NONE    ? &after[event->after]
                       : event->before != DARA_GRAPH_NONE ? &before[event->before]
                                                          : NULL;
        next[i] = head ? *head : DARA_GRAPH_NONE;
        if (head)
            *head = i;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct dara_graph_event *event = &node->events[i];
        if (event->after != DARA_GRAPH_NONE || event->before != DARA_GRAPH_NONE)
            continue;
        append_moved(before, next, i, order, &count);
        order[count++] = i;
        append_moved(after, next, i, order, &count);
    }
}

/* Readers need the last writer; a writer needs the last writer and all who read since. */
static void add_needs(struct dara_graph *graph, size_t object)
{
    const struct dara_graph_node *node = &graph->nodes[object];
    DARA_FREE size_t *order = dara_alloc((node->count + 1) * sizeof(size_t));
    size_t writer = DARA_GRAPH_NONE, readers = 0;
    right_order(node, order);
    for (size_t i = 0; i < node->count; i++) {
        const struct dara_graph_event *event = &node->events[order[i]];
        if (writer != DARA_GRAPH_NONE)
            dara_graph_need(graph, event->unit, node->events[order[writer]].unit, object);
        if (event->role == DARA_ROLE_USES)
            continue;
        for (size_t j = readers; j < i; j++)
            dara_graph_need(graph, event->unit, node->events[order[j]].unit, object);
        writer = i;
        readers = i + 1;
    }
}

/* ---- order -------------------------------------------------------------------------------------------------------------- */

enum colour { WHITE, GREY, BLACK };

struct frame {
    size_t unit;
    size_t next;   /* need to follow next */
    size_t object; /* by which the frame before came here */
};

struct search {
    struct dara_graph *graph;
    unsigned char *colours;
    struct frame *stack;
    size_t depth, placed;
};

/* The path of objects from a unit that is under way back to itself. */
static void report_cycle(struct search *search, struct dara_graph_need closing)
{
    size_t start = search->depth;
    while (start && search->stack[start - 1].unit != closing.unit)
        start--;
    DARA_TEXT_LOCAL path = DARA_TEXT_INIT;
    const struct dara_graph_node *nodes = search->graph->nodes;
    dara_text_add_visible(&path, nodes[closing.object].key);
    for (size_t i = start; i < search->depth; i++) {
        dara_text_add(&path, " → ");
        dara_text_add_visible(&path, nodes[search->stack[i].object].key);
    }
    dara_text_add(&path, " → ");
    dara_text_add_visible(&path, nodes[closing.object].key);
    dara_graph_find(search->graph, "cycle", closing.unit, 0, dara_strdup(dara_text_string(&path)),
                    dara_format("each needs the next: %s; no order of whole units works", dara_text_string(&path)));
}

static void visit(struct search *search, size_t unit)
{
    search->stack[search->depth++] = (struct frame){.unit = unit};
    search->colours[unit] = GREY;
    while (search->depth) {
        struct frame *frame = &search->stack[search->depth - 1];
        const struct dara_graph_unit *from = &search->graph->units[frame->unit];
        if (frame->next == from->count) {
            search->colours[frame->unit] = BLACK;
            search->graph->order[search->placed++] = frame->unit;
            search->depth--;
            continue;
        }
        struct dara_graph_need need = from->needs[frame->next++];
        if (search->colours[need.unit] == GREY) {
            report_cycle(search, need);
        } else if (search->colours[need.unit] == WHITE) {
            search->colours[need.unit] = GREY;
            search->stack[search->depth++] = (struct frame){.unit = need.unit, .object = need.object};
        }
    }
}

static int by_unit(const void *left, const void *right)
{
    const struct dara_graph_need *a = left, *b = right;
    return (a->unit > b->unit) - (a->unit < b->unit);
}

void dara_graph_arrange(struct dara_graph *graph)
{
    DARA_FREE unsigned char *colours = dara_alloc(graph->unit_count + 1);
    DARA_FREE struct frame *stack = dara_alloc((graph->unit_count + 1) * sizeof(*stack));
    struct search search = {.graph = graph, .colours = colours, .stack = stack};
    for (size_t i = 0; i < graph->node_count; i++)
        add_needs(graph, i);
    for (size_t i = 0; i < graph->unit_count; i++)
        if (graph->units[i].count)
            qsort(graph->units[i].needs, graph->units[i].count, sizeof(struct dara_graph_need), by_unit);
    graph->order = dara_alloc((graph->unit_count + 1) * sizeof(size_t));
    for (size_t i = 0; i < graph->unit_count; i++)
        if (colours[i] == WHITE)
            visit(&search, i);
}
