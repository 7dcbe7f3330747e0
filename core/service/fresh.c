/* SPDX-License-Identifier: MIT */
/* What a file makes itself holds no rows that it could lose, and nobody uses it yet: hazards about it are marked. */
#include <string.h>

#include "service/migration.h"

/* A table, or whatever a statement made, under the name that it has now. */
struct made {
    const struct dara_fact_object *object;
    bool gone;
    bool sure; /* the search path is what it was when it was made */
};

struct fresh {
    struct made *items;
    size_t count, room;
};

static bool is_name_of(const struct dara_fact_object *left, const struct dara_fact_object *right)
{
    if (strcmp(left->key, right->key) != 0)
        return false;
    return left->space && right->space ? strcmp(left->space, right->space) == 0 : left->space == right->space;
}

static struct made *find(const struct fresh *fresh, const struct dara_fact_object *object)
{
    for (size_t i = fresh->count; i > 0; i--) {
        struct made *made = &fresh->items[i - 1];
        /* What stands on a table is as new as that. */
        const struct dara_fact_object owner = {.key = object->owner, .space = object->space};
        if (!made->gone && is_name_of(made->object, object->owner ? &owner : object))
            return made;
    }
    return NULL;
}

/* Whether all that the statement changes is new; of one that changes nothing by name, all that it uses. */
static bool is_about_new(const struct fresh *fresh, const struct dara_statement_facts *facts, bool destroys)
{
    size_t changed = 0, old = 0, used = 0, old_used = 0;
    for (size_t i = 0; i < facts->object_count; i++) {
        const struct dara_fact_object *object = &facts->objects[i];
        if (object->role == DARA_ROLE_MAKES || object->role == DARA_ROLE_MAKES_IF_ABSENT)
            continue;
        const struct made *made = find(fresh, object);
        bool known = made && (made->sure || !destroys);
        bool uses = object->role == DARA_ROLE_USES;
        changed += !uses;
        old += !uses && !known;
        used += uses;
        old_used += uses && !known;
    }
    return changed ? !old : used && !old_used;
}

/* Only CREATE makes something without rows: a table that got its name by a rename has those that it had. */
static void follow(struct fresh *fresh, const struct dara_statement_facts *facts)
{
    bool creates = facts->kind && strncmp(facts->kind, "create ", 7) == 0;
    for (size_t i = 0; i < facts->object_count; i++) {
        const struct dara_fact_object *object = &facts->objects[i];
        bool makes = object->role == DARA_ROLE_MAKES;
        struct made *made =
            object->role == DARA_ROLE_USES || object->role == DARA_ROLE_CHANGES ? NULL : find(fresh, object);
        if (made && !object->owner)
            made->gone = true;
        if (!makes || !creates || object->owner)
            continue;
        DARA_GROW(fresh->items, fresh->count, fresh->room);
        fresh->items[fresh->count++] = (struct made){.object = object, .sure = true};
    }
    /* A setting may be the search path, and a name then another thing. */
    for (size_t i = 0; facts->flags & (DARA_STATEMENT_SESSION | DARA_STATEMENT_UNREAD) && i < fresh->count; i++)
        fresh->items[i].sure = fresh->items[i].object->space != NULL;
}

void dara_migration_mark_fresh(const struct dara_migration *migration)
{
    struct fresh fresh = {.count = 0};
    for (size_t i = 0; i < migration->script->count; i++) {
        struct dara_statement_facts *facts = migration->facts[i];
        for (size_t k = 0; k < facts->hazard_count; k++)
            facts->hazards[k].fresh =
                !facts->hazards[k].remark && is_about_new(&fresh, facts, facts->hazards[k].destroys);
        follow(&fresh, facts);
    }
    free(fresh.items);
}
