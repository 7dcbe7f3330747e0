/* SPDX-License-Identifier: MIT */
#include "service/stake.h"

#include <stdlib.h>
#include <string.h>

/* An object that a statement before gave another name. */
struct dara_stake_name {
    const struct dara_fact_object *now;
    const struct dara_object *object; /* NULL: the name is that of nothing that was there at first */
};

/* ---- names ------------------------------------------------------------------------------------------------------- */

static bool same_name(const struct dara_fact_object *left, const struct dara_fact_object *right)
{
    return !strcmp(left->key, right->key) && (!left->space || !right->space || !strcmp(left->space, right->space));
}

const struct dara_object *dara_stake_find(const struct dara_model *live, const struct dara_fact_object *named)
{
    for (size_t i = 0; i < dara_model_count(live); i++) {
        const struct dara_object *object = dara_model_at(live, i);
        const char *space = dara_object_space(object);
        if (dara_object_kind(object)->flags & DARA_KIND_ROWS && !strcmp(dara_object_key(object), named->key) &&
            (!named->space || (space && !strcmp(space, named->space))))
            return object;
    }
    return NULL;
}

/* The object of the live model that a name means at this point of the file, or NULL. */
static const struct dara_object *find(const struct dara_stake *stake, const struct dara_model *live,
                                      const struct dara_fact_object *named)
{
    for (size_t i = stake->name_count; i > 0; i--)
        if (same_name(stake->names[i - 1].now, named))
            return stake->names[i - 1].object;
    return dara_stake_find(live, named);
}

static void give_name(struct dara_stake *stake, const struct dara_fact_object *now, const struct dara_object *object)
{
    DARA_GROW(stake->names, stake->name_count, stake->name_room);
    stake->names[stake->name_count++] = (struct dara_stake_name){now, object};
}

/* A statement that makes one name go and another come, and destroys nothing, renames. */
static void follow_rename(struct dara_stake *stake, const struct dara_model *live,
                          const struct dara_statement_facts *facts)
{
    const struct dara_fact_object *from = NULL, *to = NULL;
    for (size_t i = 0; i < facts->object_count; i++) {
        if (facts->objects[i].owner)
            continue; /* nothing of that sort holds rows */
        from = facts->objects[i].role == DARA_ROLE_DROPS ? &facts->objects[i] : from;
        to = facts->objects[i].role == DARA_ROLE_MAKES ? &facts->objects[i] : to;
    }
    if (!from || !to)
        return;
    const struct dara_object *object = find(stake, live, from);
    give_name(stake, from, NULL);
    give_name(stake, to, object);
}

/* ---- what is at stake -------------------------------------------------------------------------------------------- */

static void put(struct dara_stake *stake, const struct dara_object *object, const char *message, bool schema)
{
    for (size_t i = 0; i < stake->count; i++) {
        if (stake->items[i].object != object)
            continue;
        stake->items[i].schema &= schema;
        return;
    }
    DARA_GROW(stake->items, stake->count, stake->room);
    stake->items[stake->count++] = (struct dara_staked){object, message, schema};
}

/* What the triggers of a table write is not told from what they read: all of it, and what the triggers there need. */
static void follow_triggers(struct dara_stake *stake, size_t from)
{
    for (size_t i = from; i < stake->count; i++) {
        const struct dara_object *object = stake->items[i].object, *trigger = NULL;
        while ((trigger = dara_object_owned(object, "trigger", trigger))) {
            const struct dara_object *const *needs;
            size_t count = dara_object_depends(trigger, &needs);
            for (size_t k = 0; k < count; k++)
                if (dara_object_kind(needs[k])->flags & DARA_KIND_ROWS)
                    put(stake, needs[k], "a trigger may change its rows", false);
        }
    }
}

static const char *danger_of(const struct dara_statement_facts *facts, bool data)
{
    for (size_t i = 0; i < facts->hazard_count; i++)
        if (facts->hazards[i].destroys)
            return facts->hazards[i].message;
    return data && facts->flags & DARA_STATEMENT_DATA ? "the file changes rows of it" : NULL;
}

void dara_stake_add(struct dara_stake *stake, const struct dara_model *live, const struct dara_statement_facts *facts,
                    bool data)
{
    const char *message = danger_of(facts, data);
    bool schema = facts->flags & DARA_STATEMENT_SCHEMA;
    size_t before = stake->count;
    if (!message)
        follow_rename(stake, live, facts);
    for (size_t i = 0; message && i < facts->object_count; i++) {
        const struct dara_fact_object *named = &facts->objects[i];
        bool makes = named->role == DARA_ROLE_MAKES || named->role == DARA_ROLE_MAKES_IF_ABSENT;
        if (makes || named->owner || (schema && named->role == DARA_ROLE_USES))
            continue;
        const struct dara_object *object = find(stake, live, named);
        if (object)
            put(stake, object, message, schema);
    }
    if (!schema)
        follow_triggers(stake, before);
}

void dara_stake_done(struct dara_stake *stake)
{
    free(stake->items);
    free(stake->names);
    *stake = (struct dara_stake){.count = 0};
}
