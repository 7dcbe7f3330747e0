/* SPDX-License-Identifier: MIT */
/* The inside of a graph: building it (graph.c), checking it (graph-check.c), ordering it (graph-order.c). */
#ifndef DARA_SERVICE_GRAPH_PARTS_H
#define DARA_SERVICE_GRAPH_PARTS_H

#include "service/graph.h"

#define DARA_GRAPH_NONE ((size_t)-1)

/* One statement does one thing to one object. */
struct dara_graph_event {
    size_t unit;
    unsigned line;
    enum dara_role role;
    size_t after;  /* graph-check.c: the event of the same object that this one must follow, or NONE: as it stands */
    size_t before; /* graph-check.c: the event of the same object that this one must precede, or NONE */
};

struct dara_graph_node {
    struct dara_graph_object object;
    char *kind, *space, *owner, *key;
    size_t next; /* with the same hash, or NONE */
    bool live;
    struct dara_graph_event *events;
    size_t count, room;
};

/* Unit `from` needs that `unit` comes before it, because of an object. */
struct dara_graph_need {
    size_t unit;
    size_t object;
};

struct dara_graph_unit {
    char *file;
    struct dara_graph_need *needs;
    size_t count, room;
};

struct dara_graph {
    struct dara_graph_node *nodes;
    size_t node_count, node_room;
    size_t *buckets;
    size_t bucket_count;
    struct dara_graph_unit *units;
    size_t unit_count, unit_room;
    struct dara_graph_finding *findings;
    size_t finding_count, finding_room;
    size_t *order;
    bool has_owned; /* some object is known by its owner */
};

/* Append a finding; `object` and `message` are taken over. */
void dara_graph_find(struct dara_graph *graph, const char *rule, size_t unit, unsigned line, char *object,
                     char *message);
void dara_graph_need(struct dara_graph *graph, size_t unit, size_t before, size_t object);
/* Findings of every object, and for each event where it must go. */
void dara_graph_check(struct dara_graph *graph, bool catalog_known);
/* Needs between units, the order, and cycles. */
void dara_graph_arrange(struct dara_graph *graph);

static inline bool dara_graph_makes(enum dara_role role)
{
    return role == DARA_ROLE_MAKES || role == DARA_ROLE_MAKES_IF_ABSENT;
}
static inline bool dara_graph_drops(enum dara_role role)
{
    return role == DARA_ROLE_DROPS || role == DARA_ROLE_DROPS_IF_THERE;
}

#endif
