/* SPDX-License-Identifier: MIT */
/* Rules about indexes. */
#include <string.h>

#include "model/model.h"
#include "service/audit-look.h"

/* Whether the parts of `left` are the first of `right`. */
static bool begins(const struct dara_look_key *left, const struct dara_look_key *right)
{
    if (!left->desc.count || left->desc.count > right->desc.count)
        return false;
    for (size_t i = 0; i < left->desc.count; i++)
        if (!left->desc.parts[i] || !dara_string_same(left->desc.parts[i], right->desc.parts[i]))
            return false;
    return dara_string_same(left->desc.rest, right->desc.rest);
}

/* Whether `key` does nothing that `other` does not do as well. Of two that are alike the later one is too much. */
static bool is_duplicate(const struct dara_look_key *key, const struct dara_look_key *other)
{
    if (key == other || key->constraint || key->desc.count != other->desc.count || !begins(key, other))
        return false;
    bool same = key->desc.unique == other->desc.unique && !other->constraint &&
                key->desc.nulls_equal == other->desc.nulls_equal;
    if (same)
        return dara_object_index(key->object) > dara_object_index(other->object);
    return !key->desc.unique || (other->desc.unique && key->desc.nulls_equal == other->desc.nulls_equal);
}

static const struct dara_look_key *find_duplicate(const struct dara_look_table *table, const struct dara_look_key *key)
{
    for (size_t i = 0; i < table->key_count; i++)
        if (is_duplicate(key, &table->keys[i]))
            return &table->keys[i];
    return NULL;
}

void dara_look_duplicate_index(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    for (size_t i = 0; i < table->key_count; i++) {
        const struct dara_look_key *other = find_duplicate(table, &table->keys[i]);
        if (!other)
            continue;
        DARA_FREE char *name = dara_object_describe(other->object);
        dara_look_find(look, rule, table->keys[i].object, NULL, "does what %s does", name);
    }
}

void dara_look_redundant_index(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    for (size_t i = 0; i < table->key_count; i++) {
        const struct dara_look_key *key = &table->keys[i];
        if (key->constraint || key->desc.unique || !key->desc.ordered || find_duplicate(table, key))
            continue;
        for (size_t k = 0; k < table->key_count; k++) {
            const struct dara_look_key *other = &table->keys[k];
            if (!other->desc.ordered || key->desc.count >= other->desc.count || !begins(key, other))
                continue;
            DARA_FREE char *name = dara_object_describe(other->object);
            dara_look_find(look, rule, key->object, NULL, "has the first columns of %s", name);
            break;
        }
    }
}

/* A single column that is unique where it is there is often meant so; of several, one NULL lets the others repeat. */
void dara_look_nullable_unique(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    for (size_t i = 0; i < table->key_count; i++) {
        const struct dara_look_key *key = &table->keys[i];
        if (!key->desc.unique || key->primary || key->desc.partial || key->desc.nulls_equal || key->desc.count < 2)
            continue;
        for (size_t k = 0; k < key->desc.count; k++) {
            const struct dara_object *column = dara_look_column(table, key->desc.columns[k]);
            if (!column || dara_look_is_required(table, column))
                continue;
            dara_look_find(look, rule, key->object, NULL, "takes equal rows where '%s' is NULL",
                           dara_object_name(column));
            break;
        }
    }
}
