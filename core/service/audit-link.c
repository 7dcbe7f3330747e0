/* SPDX-License-Identifier: MIT */
/* Rules about foreign keys. */
#include <string.h>

#include "model/model.h"
#include "service/audit-look.h"

static bool is_inherited(const struct dara_look_link *link)
{
    return dara_object_bool(link->object, "inherited", false);
}

/* Whether the first `count` columns of a key are these, in whatever order. */
static bool covers(const struct dara_look_key *key, const char *const *columns, size_t count)
{
    if (!key->desc.ordered || key->desc.partial || key->desc.count < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < count && !dara_string_same(key->desc.columns[k], columns[i]))
            k++;
        if (k == count)
            return false;
    }
    return true;
}

static bool same_columns(const struct dara_look_link *left, const struct dara_look_link *right)
{
    bool same = left->count == right->count;
    for (size_t i = 0; same && i < left->count; i++)
        same = strcmp(left->columns[i], right->columns[i]) == 0;
    return same;
}

void dara_look_link_index(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    for (size_t i = 0; i < table->link_count; i++) {
        const struct dara_look_link *link = &table->links[i];
        bool found = !link->count || is_inherited(link);
        for (size_t k = 0; k < table->key_count && !found; k++)
            found = covers(&table->keys[k], link->columns, link->count);
        for (size_t k = 0; k < i && !found; k++)
            found = same_columns(link, &table->links[k]); /* one index is enough */
        if (!found)
            dara_look_find(look, rule, link->object, NULL, "has no index on its columns");
    }
}

void dara_look_link_types(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    for (size_t i = 0; i < table->link_count; i++) {
        const struct dara_look_link *link = &table->links[i];
        for (size_t k = 0; link->parent && link->referenced && !is_inherited(link) && k < link->count; k++) {
            const struct dara_object *from = dara_look_column(table, link->columns[k]);
            const struct dara_object *to = dara_look_column(link->parent, link->referenced[k]);
            bool known;
            unsigned left = from ? dara_audit_type(look->driver, from, &known) : 0;
            unsigned right = to ? dara_audit_type(look->driver, to, &known) : 0;
            if (!left || !right || left == right)
                continue;
            DARA_FREE char *parent = dara_object_describe(to);
            dara_look_find(look, rule, link->object, link->columns[k], "joins '%s', which is %s, with %s, which is %s",
                           dara_object_name(from), dara_object_text(from, "type"), parent,
                           dara_object_text(to, "type"));
        }
    }
}

static bool refers_to_itself(const struct dara_look_table *table, const struct dara_look_link *link)
{
    bool same = link->parent == table && link->referenced && link->count;
    for (size_t k = 0; same && k < link->count; k++)
        same = dara_string_same(link->columns[k], link->referenced[k]);
    return same;
}

void dara_look_link_itself(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    for (size_t i = 0; i < table->link_count; i++)
        if (refers_to_itself(table, &table->links[i]))
            dara_look_find(look, rule, table->links[i].object, NULL, "refers to its own columns: every row fulfils it");
}

void dara_look_link_missing(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    for (size_t i = 0; i < table->link_count; i++) {
        const struct dara_look_link *link = &table->links[i];
        if (!link->parent && link->parent_name && !link->elsewhere)
            dara_look_find(look, rule, link->object, NULL, "refers to table '%s', which is not there",
                           link->parent_name);
    }
}

void dara_look_link_not_unique(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    for (size_t i = 0; i < table->link_count; i++) {
        const struct dara_look_link *link = &table->links[i];
        if (!link->parent || is_inherited(link) || refers_to_itself(table, link))
            continue;
        bool found = false;
        for (size_t k = 0; link->referenced && k < link->parent->key_count && !found; k++) {
            const struct dara_look_key *key = &link->parent->keys[k];
            found = key->desc.unique && key->desc.count == link->count && covers(key, link->referenced, link->count);
        }
        if (found)
            continue;
        DARA_FREE char *parent = dara_object_describe(link->parent->object);
        dara_look_find(look, rule, link->object, NULL, "refers to columns of %s that no key makes unique", parent);
    }
}

static bool same_link(const struct dara_look_link *left, const struct dara_look_link *right)
{
    if (!same_columns(left, right) || !left->parent || left->parent != right->parent || !left->referenced ||
        !right->referenced)
        return false;
    for (size_t i = 0; i < left->count; i++)
        if (!dara_string_same(left->referenced[i], right->referenced[i]))
            return false;
    return true;
}

void dara_look_link_duplicate(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    for (size_t i = 1; i < table->link_count; i++)
        for (size_t k = 0; k < i; k++) {
            if (!same_link(&table->links[i], &table->links[k]) || is_inherited(&table->links[i]))
                continue;
            DARA_FREE char *other = dara_object_describe(table->links[k].object);
            dara_look_find(look, rule, table->links[i].object, NULL, "says what %s says", other);
            break;
        }
}

/* ---- circles -------------------------------------------------------------------------------------------------------------- */

/* Tarjan's walk over the tables, without recursion: what refers to each other in a circle is one component. */
struct walk {
    const struct dara_look *look;
    const char *rule;
    size_t *low, *order, *stack, *path, *next; /* by table; 0 = not met */
    bool *held;
    size_t met, stacked, depth;
};

static void tell(struct walk *walk, size_t first)
{
    DARA_TEXT_LOCAL path = DARA_TEXT_INIT;
    size_t lowest = walk->stack[first];
    for (size_t i = first; i < walk->stacked; i++)
        lowest = walk->stack[i] < lowest ? walk->stack[i] : lowest;
    for (size_t i = first; i < walk->stacked; i++) {
        dara_text_format(&path, "%s'", i > first ? ", " : "");
        dara_text_add_visible(&path, dara_object_name(walk->look->tables[walk->stack[i]].object));
        dara_text_add(&path, "'");
    }
    dara_look_find(walk->look, walk->rule, walk->look->tables[lowest].object, NULL,
                   "refers in a circle to itself, through %zu tables: %s", walk->stacked - first,
                   dara_text_string(&path));
}

static void enter(struct walk *walk, size_t table)
{
    walk->order[table] = walk->low[table] = ++walk->met;
    walk->stack[walk->stacked++] = table;
    walk->held[table] = true;
    walk->path[walk->depth++] = table;
}

static void leave(struct walk *walk, size_t table)
{
    walk->depth--;
    if (walk->depth && walk->low[table] < walk->low[walk->path[walk->depth - 1]])
        walk->low[walk->path[walk->depth - 1]] = walk->low[table];
    if (walk->low[table] != walk->order[table])
        return;
    size_t first = walk->stacked;
    while (walk->stack[--first] != table)
        continue;
    if (walk->stacked - first > 1)
        tell(walk, first);
    while (walk->stacked > first)
        walk->held[walk->stack[--walk->stacked]] = false;
}

static void visit(struct walk *walk, size_t start)
{
    enter(walk, start);
    while (walk->depth) {
        size_t at = walk->path[walk->depth - 1];
        const struct dara_look_table *table = &walk->look->tables[at];
        if (walk->next[at] == table->link_count) {
            leave(walk, at);
            continue;
        }
        const struct dara_look_table *parent = table->links[walk->next[at]++].parent;
        size_t to = parent ? (size_t)(parent - walk->look->tables) : at;
        if (!walk->order[to])
            enter(walk, to);
        else if (walk->held[to] && walk->order[to] < walk->low[at])
            walk->low[at] = walk->order[to];
    }
}

void dara_look_link_cycle(const struct dara_look *look, const char *rule)
{
    size_t count = look->count + 1;
    DARA_FREE size_t *numbers = dara_alloc(5 * count * sizeof(size_t));
    DARA_FREE bool *held = dara_alloc(count);
    struct walk walk = {.look = look,
                        .rule = rule,
                        .low = numbers,
                        .order = numbers + count,
                        .stack = numbers + 2 * count,
                        .path = numbers + 3 * count,
                        .next = numbers + 4 * count,
                        .held = held};
    for (size_t i = 0; i < look->count; i++)
        if (!walk.order[i])
            visit(&walk, i);
}
