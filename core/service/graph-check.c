/* SPDX-License-Identifier: MIT */
/* One object at a time: its events in the order they stand, and what is wrong with them. */
#include "service/graph-parts.h"

#include <string.h>

enum presence { UNKNOWN, ABSENT, PRESENT };

struct walk {
    struct dara_graph *graph;
    struct dara_graph_node *node;
    enum presence presence;
    size_t maker;   /* the event that made it, or NONE */
    size_t dropper; /* the event that dropped it, or NONE */
    bool said;      /* the dropper was reported */
};

static char *place(const struct walk *walk, const struct dara_graph_event *from, const struct dara_graph_event *to)
{
    const struct dara_graph_unit *unit = &walk->graph->units[to->unit];
    const char *here = walk->graph->units[from->unit].file;
    bool same = from->unit == to->unit || (here && unit->file && !strcmp(here, unit->file));
    if (same || !unit->file)
        return dara_format("on line %u", to->line);
    return dara_format("in %s:%u", unit->file, to->line);
}

static void report(struct walk *walk, const char *rule, size_t at, size_t other, const char *before, const char *after)
{
    const struct dara_graph_event *event = &walk->node->events[at];
    const char *name = walk->node->object.name;
    DARA_FREE char *where = other == DARA_GRAPH_NONE ? NULL : place(walk, event, &walk->node->events[other]);
    dara_graph_find(walk->graph, rule, event->unit, event->line, dara_strdup(name),
                    dara_format("%s %s%s%s", name, before, where ? where : "", after));
}

/* The next event that makes the object, from `index` on; NONE when there is none. */
static size_t next_maker(const struct dara_graph_node *node, size_t index)
{
    for (; index < node->count; index++)
        if (dara_graph_makes(node->events[index].role))
            return index;
    return DARA_GRAPH_NONE;
}

static void check_make(struct walk *walk, size_t index)
{
    struct dara_graph_event *event = &walk->node->events[index];
    if (event->role == DARA_ROLE_MAKES && walk->presence == PRESENT) {
        if (walk->maker != DARA_GRAPH_NONE)
            report(walk, "made-twice", index, walk->maker, "is made twice: first ", "");
        else
            report(walk, "already-there", index, DARA_GRAPH_NONE, "is in the database already", "");
    }
    if (walk->presence != PRESENT)
        walk->maker = index;
    walk->presence = PRESENT;
}

/* Something needs the object: to read it, to change it, to drop it. */
static void check_need(struct walk *walk, size_t index)
{
    struct dara_graph_event *event = &walk->node->events[index];
    size_t maker = next_maker(walk->node, index + 1);
    bool drop = event->role == DARA_ROLE_DROPS;
    if (walk->presence == PRESENT)
        return;
    if (walk->presence == ABSENT && walk->dropper != DARA_GRAPH_NONE) {
        if (drop) {
            report(walk, "missing", index, walk->dropper, "is dropped again: it fell ", "");
            return;
        }
        if (!walk->said)
            report(walk, "dropped-while-needed", walk->dropper, index, "is dropped, but needed later ", "");
        walk->said = true;
        event->before = walk->dropper;
    } else if (maker != DARA_GRAPH_NONE && !drop) {
        report(walk, "used-before-made", index, maker, "is used before it is made ", "");
        event->after = maker;
    } else if (walk->presence == ABSENT) {
        report(walk, "missing", index, DARA_GRAPH_NONE, "is neither made here nor in the database", "");
        walk->node->object.outside = true;
    } else {
        walk->node->object.outside = true;
    }
}

static void check_drop(struct walk *walk, size_t index)
{
    if (walk->node->events[index].role == DARA_ROLE_DROPS)
        check_need(walk, index);
    /* One that drops only what is there drops nothing where there is nothing. */
    if (walk->node->events[index].role == DARA_ROLE_DROPS || walk->presence == PRESENT) {
        walk->dropper = index;
        walk->said = false;
        walk->presence = ABSENT;
    }
}

static void check_node(struct dara_graph *graph, struct dara_graph_node *node, bool catalog_known)
{
    struct walk walk = {.graph = graph,
                        .node = node,
                        .presence = node->live      ? PRESENT
                                    : catalog_known ? ABSENT
                                                    : UNKNOWN,
                        .maker = DARA_GRAPH_NONE,
                        .dropper = DARA_GRAPH_NONE};
    for (size_t i = 0; i < node->count; i++) {
        if (dara_graph_makes(node->events[i].role))
            check_make(&walk, i);
        else if (dara_graph_drops(node->events[i].role))
            check_drop(&walk, i);
        else
            check_need(&walk, i);
    }
}

void dara_graph_check(struct dara_graph *graph, bool catalog_known)
{
    for (size_t i = 0; i < graph->node_count; i++)
        check_node(graph, &graph->nodes[i], catalog_known);
}
