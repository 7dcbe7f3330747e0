/* SPDX-License-Identifier: MIT */
#include "service/graph-parts.h"

#include <stdint.h>
#include <string.h>

struct dara_graph *dara_graph_new(void)
{
    return dara_alloc(sizeof(struct dara_graph));
}

struct dara_graph *dara_graph_free(struct dara_graph *graph)
{
    if (!graph)
        return NULL;
    for (size_t i = 0; i < graph->node_count; i++) {
        free(graph->nodes[i].object.name);
        free(graph->nodes[i].kind);
        free(graph->nodes[i].space);
        free(graph->nodes[i].owner);
        free(graph->nodes[i].key);
        free(graph->nodes[i].events);
    }
    for (size_t i = 0; i < graph->unit_count; i++) {
        free(graph->units[i].file);
        free(graph->units[i].needs);
    }
    for (size_t i = 0; i < graph->finding_count; i++) {
        free((char *)(uintptr_t)graph->findings[i].object);
        free((char *)(uintptr_t)graph->findings[i].message);
    }
    free(graph->nodes);
    free(graph->buckets);
    free(graph->units);
    free(graph->findings);
    free(graph->order);
    free(graph);
    return NULL;
}

/* ---- objects ------------------------------------------------------------------------------------------------------------ */

static size_t hash_of(const char *key)
{
    size_t hash = 5381;
    for (; *key; key++)
        hash = hash * 33 + (unsigned char)*key;
    return hash;
}

static void rehash(struct dara_graph *graph)
{
    graph->bucket_count = graph->bucket_count ? graph->bucket_count * 2 : 64;
    graph->buckets = dara_realloc_array(graph->buckets, graph->bucket_count, sizeof(*graph->buckets));
    for (size_t i = 0; i < graph->bucket_count; i++)
        graph->buckets[i] = DARA_GRAPH_NONE;
    for (size_t i = 0; i < graph->node_count; i++) {
        size_t *bucket = &graph->buckets[hash_of(graph->nodes[i].key) % graph->bucket_count];
        graph->nodes[i].next = *bucket;
        *bucket = i;
    }
}

/* A statement may not tell a table from a view, nor name the namespace: what is not said agrees with anything. */
static bool agrees(const char *a, const char *b)
{
    return !a || !b || !strcmp(a, b);
}

static char *name_of(const char *kind, const char *space, const char *owner, const char *key)
{
    struct dara_text name = DARA_TEXT_INIT;
    if (kind)
        dara_text_format(&name, "%s ", kind);
    if (space) {
        dara_text_add_visible(&name, space);
        dara_text_add(&name, ".");
    }
    if (owner) {
        dara_text_add_visible(&name, owner);
        dara_text_add(&name, ".");
    }
    dara_text_add_visible(&name, key);
    return dara_text_steal(&name);
}

/* What a later statement tells of the object is kept: its kind, its namespace. */
static void learn(struct dara_graph_node *node, const char *kind, const char *space)
{
    if ((node->kind || !kind) && (node->space || !space))
        return;
    if (!node->kind)
        node->kind = dara_strdup(kind);
    if (!node->space)
        node->space = dara_strdup(space);
    free(node->object.name);
    node->object.name = name_of(node->kind, node->space, node->owner, node->key);
}

static size_t intern(struct dara_graph *graph, const char *kind, const char *space, const char *owner, const char *key)
{
    if (graph->node_count >= graph->bucket_count)
        rehash(graph);
    size_t *bucket = &graph->buckets[hash_of(key) % graph->bucket_count];
    for (size_t i = *bucket; i != DARA_GRAPH_NONE; i = graph->nodes[i].next) {
        struct dara_graph_node *node = &graph->nodes[i];
        if (!strcmp(node->key, key) && agrees(node->kind, kind) && agrees(node->space, space) &&
            dara_string_same(node->owner, owner)) {
            learn(node, kind, space);
            return i;
        }
    }
    DARA_GROW(graph->nodes, graph->node_count, graph->node_room);
    graph->nodes[graph->node_count] = (struct dara_graph_node){.object.name = name_of(kind, space, owner, key),
                                                               .kind = dara_strdup(kind),
                                                               .space = dara_strdup(space),
                                                               .owner = dara_strdup(owner),
                                                               .key = dara_strdup(key),
                                                               .next = *bucket};
    return *bucket = graph->node_count++;
}

void dara_graph_exists(struct dara_graph *graph, const char *kind, const char *space, const char *key)
{
    dara_graph_exists_owned(graph, kind, space, NULL, key);
}

void dara_graph_exists_owned(struct dara_graph *graph, const char *kind, const char *space, const char *owner,
                             const char *key)
{
    size_t index = intern(graph, kind, space, owner, key);
    graph->nodes[index].live = true;
    graph->has_owned = graph->has_owned || owner;
}

/* ---- units -------------------------------------------------------------------------------------------------------------- */

size_t dara_graph_unit(struct dara_graph *graph, const char *file)
{
    DARA_GROW(graph->units, graph->unit_count, graph->unit_room);
    graph->units[graph->unit_count] = (struct dara_graph_unit){.file = dara_strdup(file)};
    return graph->unit_count++;
}

static void count_role(struct dara_graph_object *object, enum dara_role role)
{
    object->made += dara_graph_makes(role);
    object->dropped += dara_graph_drops(role);
    object->used += role == DARA_ROLE_USES;
    object->changed += role == DARA_ROLE_CHANGES;
}

static void add_event(struct dara_graph *graph, unsigned line, enum dara_role role, size_t index)
{
    struct dara_graph_node *node = &graph->nodes[index];
    struct dara_graph_event *last = node->count ? &node->events[node->count - 1] : NULL;
    size_t unit = graph->unit_count - 1;
    count_role(&node->object, role);
    /* Using it twice in one statement is using it once. */
    if (last && last->unit == unit && last->line == line && last->role == role && role == DARA_ROLE_USES)
        return;
    DARA_GROW(node->events, node->count, node->room);
    node->events[node->count++] = (struct dara_graph_event){
        .unit = unit, .line = line, .role = role, .after = DARA_GRAPH_NONE, .before = DARA_GRAPH_NONE};
}

/* What a statement makes it may also name: a table that refers to itself needs nothing. */
static bool makes_itself(const struct dara_statement_facts *facts, const struct dara_fact_object *used)
{
    for (size_t i = 0; i < facts->object_count; i++) {
        const struct dara_fact_object *made = &facts->objects[i];
        if (dara_graph_makes(made->role) && !strcmp(made->key, used->key) && agrees(made->kind, used->kind) &&
            agrees(made->space, used->space) && dara_string_same(made->owner, used->owner))
            return true;
    }
    return false;
}

/* What is known by its owner falls with it. */
static void drop_owned(struct dara_graph *graph, unsigned line, const struct dara_fact_object *owner)
{
    for (size_t i = 0; graph->has_owned && !owner->owner && i < graph->node_count; i++) {
        const struct dara_graph_node *node = &graph->nodes[i];
        if (node->owner && !strcmp(node->owner, owner->key) && agrees(node->space, owner->space))
            add_event(graph, line, DARA_ROLE_DROPS_IF_THERE, i);
    }
}

void dara_graph_statement(struct dara_graph *graph, unsigned line, const struct dara_statement_facts *facts)
{
    /* It needs first, then drops, then makes. */
    for (int pass = 0; pass < 3; pass++)
        for (size_t i = 0; i < facts->object_count; i++) {
            const struct dara_fact_object *object = &facts->objects[i];
            int turn = dara_graph_makes(object->role) ? 2 : dara_graph_drops(object->role) ? 1 : 0;
            if (turn != pass || (turn == 0 && makes_itself(facts, object)))
                continue;
            graph->has_owned = graph->has_owned || object->owner;
            add_event(graph, line, object->role,
                      intern(graph, object->kind, object->space, object->owner, object->key));
            if (turn == 1)
                drop_owned(graph, line, object);
        }
}

/* ---- answers ------------------------------------------------------------------------------------------------------------ */

void dara_graph_find(struct dara_graph *graph, const char *rule, size_t unit, unsigned line, char *object,
                     char *message)
{
    DARA_GROW(graph->findings, graph->finding_count, graph->finding_room);
    graph->findings[graph->finding_count++] =
        (struct dara_graph_finding){.rule = rule, .unit = unit, .line = line, .object = object, .message = message};
}

static int by_place(const void *left, const void *right)
{
    const struct dara_graph_finding *a = left, *b = right;
    if (a->unit != b->unit)
        return a->unit < b->unit ? -1 : 1;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    int order = strcmp(a->rule, b->rule);
    return order ? order : strcmp(a->object, b->object);
}

void dara_graph_solve(struct dara_graph *graph, bool catalog_known)
{
    dara_graph_check(graph, catalog_known);
    dara_graph_arrange(graph);
    if (graph->finding_count)
        qsort(graph->findings, graph->finding_count, sizeof(*graph->findings), by_place);
}

size_t dara_graph_finding_count(const struct dara_graph *graph)
{
    return graph->finding_count;
}

const struct dara_graph_finding *dara_graph_finding_at(const struct dara_graph *graph, size_t index)
{
    return &graph->findings[index];
}

size_t dara_graph_unit_count(const struct dara_graph *graph)
{
    return graph->unit_count;
}

size_t dara_graph_order_at(const struct dara_graph *graph, size_t place)
{
    return graph->order[place];
}

bool dara_graph_moved(const struct dara_graph *graph)
{
    for (size_t i = 0; i < graph->unit_count; i++)
        if (graph->order[i] != i)
            return true;
    return false;
}

size_t dara_graph_object_count(const struct dara_graph *graph)
{
    return graph->node_count;
}

const struct dara_graph_object *dara_graph_object_at(const struct dara_graph *graph, size_t index)
{
    return &graph->nodes[index].object;
}
