/* SPDX-License-Identifier: MIT */
/* The order in which the objects of a model can be made. */
#include <string.h>

#include "model/internal.h"

/* Nodes are the objects that are not parts, numbered in canonical order. An edge leads from a node to one that it needs. */
struct graph {
    const struct dara_object **nodes;
    size_t count;
    size_t *first;      /* edges of node i: first[i] … first[i + 1] - 1 */
    size_t *from, *to;  /* of each edge */
    bool *cut;          /* edges given up to break a cycle */
    bool *loose;        /* edges of what can be completed later */
    size_t *back_first; /* the same edges, by what they lead to */
    size_t *back;       /* numbers of edges */
    size_t *pending;    /* edges of a node that still wait */
    bool *done;
    size_t *heap, heap_count; /* nodes that wait for nothing, the smallest first */
    size_t *step, walk;       /* when a node was met while looking for a cycle */
};

static void push(struct graph *graph, size_t node)
{
    size_t at = graph->heap_count++;
    for (; at && graph->heap[(at - 1) / 2] > node; at = (at - 1) / 2)
        graph->heap[at] = graph->heap[(at - 1) / 2];
    graph->heap[at] = node;
}

static size_t pop(struct graph *graph)
{
    size_t top = graph->heap[0], last = graph->heap[--graph->heap_count], at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < graph->heap_count && graph->heap[child + 1] < graph->heap[child])
            child++;
        if (child >= graph->heap_count || graph->heap[child] >= last)
            break;
        graph->heap[at] = graph->heap[child];
        at = child;
    }
    graph->heap[at] = last;
    return top;
}

/* Number the nodes and gather their edges: those of its parts are a node's own. Parts follow what they belong to. */
static void build(struct graph *graph, const struct dara_model *model)
{
    size_t edges = 0, room = 1, count = 0;
    DARA_FREE size_t *number = dara_alloc(model->count * sizeof(size_t));
    for (size_t i = 0; i < model->count; i++) {
        room += model->objects[i]->depend_count;
        if (!dara_is_part(model->objects[i]))
            count++;
        number[i] = count - 1;
    }
    graph->count = count;
    graph->nodes = dara_alloc(count * sizeof(*graph->nodes));
    graph->first = dara_alloc((count + 1) * sizeof(size_t));
    graph->from = dara_alloc(room * sizeof(size_t));
    graph->to = dara_alloc(room * sizeof(size_t));
    graph->loose = dara_alloc(room * sizeof(bool));
    DARA_FREE size_t *seen = dara_alloc(count * sizeof(size_t)); /* last node, plus one, with an edge to it */
    for (size_t i = 0; i < model->count; i++) {
        const struct dara_object *object = model->objects[i];
        size_t node = number[i];
        if (!dara_is_part(object)) {
            graph->nodes[node] = object;
            graph->first[node] = edges;
        }
        for (size_t d = 0; d < object->depend_count; d++) {
            size_t target = number[object->depends[d]->index];
            if (target == node || seen[target] == node + 1)
                continue;
            seen[target] = node + 1;
            graph->from[edges] = node;
            graph->loose[edges] = (object->slot->kind->flags & DARA_KIND_LATER) != 0;
            graph->to[edges++] = target;
        }
    }
    graph->first[count] = edges;
}

static void prepare(struct graph *graph)
{
    size_t edges = graph->first[graph->count];
    graph->cut = dara_alloc(edges * sizeof(bool));
    graph->back = dara_alloc(edges * sizeof(size_t));
    graph->back_first = dara_alloc((graph->count + 2) * sizeof(size_t));
    graph->pending = dara_alloc(graph->count * sizeof(size_t));
    graph->done = dara_alloc(graph->count * sizeof(bool));
    graph->heap = dara_alloc(graph->count * sizeof(size_t));
    graph->step = dara_alloc(graph->count * sizeof(size_t));
    for (size_t i = 0; i < edges; i++)
        graph->back_first[graph->to[i] + 2]++;
    for (size_t i = 2; i < graph->count + 2; i++)
        graph->back_first[i] += graph->back_first[i - 1];
    for (size_t i = 0; i < edges; i++)
        graph->back[graph->back_first[graph->to[i] + 1]++] = i;
    for (size_t node = 0; node < graph->count; node++) {
        graph->pending[node] = graph->first[node + 1] - graph->first[node];
        if (!graph->pending[node])
            push(graph, node);
    }
}

static void release(struct graph *graph)
{
    free(graph->first);
    free(graph->from);
    free(graph->to);
    free(graph->cut);
    free(graph->loose);
    free(graph->back_first);
    free(graph->back);
    free(graph->pending);
    free(graph->done);
    free(graph->heap);
    free(graph->step);
    free(graph->nodes);
}

/* An edge of `node` to something that is not made yet. There is one while the node is pending. */
static size_t waiting_edge(const struct graph *graph, size_t node)
{
    size_t edge = graph->first[node];
    while (graph->cut[edge] || graph->done[graph->to[edge]])
        edge++;
    return edge;
}

/* How well an edge can be given up: best one of what can be completed later, then one between kinds far apart. */
static long distance(const struct graph *graph, size_t edge)
{
    long from = graph->nodes[graph->from[edge]]->slot->kind->order;
    long to = graph->nodes[graph->to[edge]]->slot->kind->order;
    long apart = from > to ? from - to : to - from;
    return graph->loose[edge] ? apart + 1000000 : apart;
}

/* Nothing can be made: walk along what is waited for until a node comes again, and give up one edge of that cycle: of
 * what can be completed later, between the kinds furthest apart, of the first node. */
static void break_cycle(struct graph *graph, size_t node)
{
    size_t start = graph->walk + 1;
    while (graph->step[node] < start) {
        graph->step[node] = ++graph->walk;
        node = graph->to[waiting_edge(graph, node)];
    }
    size_t last = node, worst = waiting_edge(graph, node);
    for (node = graph->to[worst]; node != last;) {
        size_t edge = waiting_edge(graph, node);
        long more = distance(graph, edge) - distance(graph, worst);
        if (more > 0 || (more == 0 && node < graph->from[worst]))
            worst = edge;
        node = graph->to[edge];
    }
    graph->cut[worst] = true;
    if (--graph->pending[graph->from[worst]] == 0)
        push(graph, graph->from[worst]);
}

static void make(struct graph *graph, size_t node)
{
    graph->done[node] = true;
    for (size_t i = graph->back_first[node]; i < graph->back_first[node + 1]; i++) {
        size_t edge = graph->back[i], from = graph->from[edge];
        if (!graph->cut[edge] && --graph->pending[from] == 0)
            push(graph, from);
    }
}

int dara_model_order(const struct dara_model *model, const struct dara_object ***ret_objects, size_t *ret_count)
{
    struct graph graph = {0};
    size_t count = 0, undone = 0;
    if (!model->finished)
        return dara_error_set(DARA_EINTERNAL, "only a finished model can be ordered");
    build(&graph, model);
    prepare(&graph);
    const struct dara_object **objects = dara_alloc(graph.count * sizeof(*objects));
    while (count < graph.count) {
        while (!graph.heap_count) {
            while (graph.done[undone])
                undone++;
            break_cycle(&graph, undone);
        }
        size_t node = pop(&graph);
        objects[count++] = graph.nodes[node];
        make(&graph, node);
    }
    release(&graph);
    *ret_objects = objects;
    *ret_count = count;
    return 0;
}
