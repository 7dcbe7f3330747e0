/* SPDX-License-Identifier: MIT */
/*
 * Which statement needs which object, and an order in which all of them work. Knows of objects only what dialects tell
 * (struct dara_statement_facts). A unit is what moves as a whole: a statement of a file, or a file of a folder.
 */
#ifndef DARA_SERVICE_GRAPH_H
#define DARA_SERVICE_GRAPH_H

#include <stdbool.h>
#include <stddef.h>

#include "driver/session.h"

struct dara_graph;

struct dara_graph_finding {
    const char
        *rule; /* "used-before-made", "made-twice", "already-there", "dropped-while-needed", "missing", "cycle" */
    size_t unit;
    unsigned line;       /* in the unit's file; 0 for a cycle */
    const char *object;  /* as people read it; a path "a → b → a" for a cycle */
    const char *message; /* one line */
};

/* An empty one; dara_graph_free(). */
struct dara_graph *dara_graph_new(void);
struct dara_graph *dara_graph_free(struct dara_graph *graph); /* accepts NULL, returns NULL */

/* Say that an object is in the database already. With `catalog_known` in dara_graph_solve, what was not said is not there. */
void dara_graph_exists(struct dara_graph *graph, const char *kind, const char *space, const char *key);
/* The same for one that is known by its owner and its name together. */
void dara_graph_exists_owned(struct dara_graph *graph, const char *kind, const char *space, const char *owner,
                             const char *key);
/* Begin the next unit; `file` (copied) is for messages. Returns its index. */
size_t dara_graph_unit(struct dara_graph *graph, const char *file);
/* Add a statement of the last unit. `facts` is read now, and not kept. */
void dara_graph_statement(struct dara_graph *graph, unsigned line, const struct dara_statement_facts *facts);

/* Find what is wrong and an order that works, which leaves every unit where it is but for those that must come earlier. O(n + e)
 * for n events and e needs. */
void dara_graph_solve(struct dara_graph *graph, bool catalog_known);

/* After dara_graph_solve: findings by unit and line, borrowed from the graph. */
size_t dara_graph_finding_count(const struct dara_graph *graph);
const struct dara_graph_finding *dara_graph_finding_at(const struct dara_graph *graph, size_t index);
/* Units begun so far. */
size_t dara_graph_unit_count(const struct dara_graph *graph);
/* The unit that stands at `place` in the proposed order. */
size_t dara_graph_order_at(const struct dara_graph *graph, size_t place);
bool dara_graph_moved(const struct dara_graph *graph); /* whether the order is another than the given one */

/* Objects in the order they were met: what is made, used, dropped. */
struct dara_graph_object {
    char *name;                          /* kind and name, on one line */
    size_t made, used, changed, dropped; /* by how many statements */
    bool outside;                        /* used, but neither made here nor known to be there */
};
size_t dara_graph_object_count(const struct dara_graph *graph);
const struct dara_graph_object *dara_graph_object_at(const struct dara_graph *graph, size_t index);

#endif
