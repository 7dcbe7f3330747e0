/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "model/internal.h"

static bool good_name(const char *name)
{
    if (!name || name[0] < 'a' || name[0] > 'z')
        return false;
    for (const char *at = name; *at; at++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_-. ", *at))
            return false;
    return strlen(name) <= 64;
}

static int check_properties(const struct dara_kind *kind)
{
    for (const struct dara_property *p = kind->properties; p && p->name; p++) {
        if (!good_name(p->name))
            return dara_error_set(DARA_EDRIVER, "kind '%s': a property has a malformed name", kind->name);
        if (strcmp(p->name, "comment") == 0 || strcmp(p->name, "order") == 0)
            return dara_error_set(DARA_EDRIVER, "kind '%s': property name '%s' has a meaning of its own in differences",
                                  kind->name, p->name);
        if (!dara_mode_name(p->mode))
            return dara_error_set(DARA_EDRIVER, "kind '%s': property '%s' has the unknown mode %d", kind->name, p->name,
                                  (int)p->mode);
        for (const struct dara_property *earlier = kind->properties; earlier < p; earlier++)
            if (strcmp(earlier->name, p->name) == 0)
                return dara_error_set(DARA_EDRIVER, "kind '%s' lists property '%s' twice", kind->name, p->name);
    }
    return 0;
}

static int check_kind(const struct dara_kind *kind)
{
    if (kind->size < sizeof(*kind))
        return dara_error_set(DARA_EDRIVER, "a kind gives its size as %zu, not at least %zu", kind->size,
                              sizeof(*kind));
    if (!good_name(kind->name) || !good_name(kind->plural))
        return dara_error_set(DARA_EDRIVER, "a kind has a malformed name or plural");
    if ((kind->flags & DARA_KIND_PART) && !kind->owner)
        return dara_error_set(DARA_EDRIVER, "kind '%s' is a part, but of nothing", kind->name);
    if ((kind->flags & (DARA_KIND_ORDERED | DARA_KIND_VALUES)) && !(kind->flags & DARA_KIND_PART))
        return dara_error_set(DARA_EDRIVER, "kind '%s' is ordered or holds values, but is no part", kind->name);
    if ((kind->flags & (DARA_KIND_PRIVILEGE | DARA_KIND_SESSION)) && (kind->flags & DARA_KIND_PART))
        return dara_error_set(DARA_EDRIVER, "kind '%s' is compared only where asked for, and a part", kind->name);
    return check_properties(kind);
}

/* The next name of a list separated by '|', or NULL. */
static const char *next_owner(const char **list, size_t *ret_length)
{
    const char *start = *list;
    if (!start)
        return NULL;
    *ret_length = strcspn(start, "|");
    *list = start[*ret_length] ? start + *ret_length + 1 : NULL;
    return start;
}

bool dara_kind_may_own(const struct dara_kind *owner, const struct dara_kind *owned)
{
    const char *list = owned->owner, *name;
    size_t length;
    while ((name = next_owner(&list, &length)))
        if (strlen(owner->name) == length && strncmp(owner->name, name, length) == 0)
            return true;
    return false;
}

static int check_owners(const struct dara_model *model, const struct dara_kind *kind)
{
    const char *list = kind->owner, *name;
    size_t length;
    while ((name = next_owner(&list, &length))) {
        DARA_FREE char *owner = dara_strndup(name, length);
        if (!dara_kind_slot(model, owner))
            return dara_error_set(DARA_EDRIVER, "kind '%s' names an owner that is no kind", kind->name);
    }
    return 0;
}

static int by_order(const void *a, const void *b)
{
    const struct dara_kind *left = ((const struct kind_slot *)a)->kind, *right = ((const struct kind_slot *)b)->kind;
    if (left->order != right->order)
        return left->order < right->order ? -1 : 1;
    return strcmp(left->name, right->name);
}

int dara_kind_adopt(struct dara_model *model, const struct dara_kind *const *kinds)
{
    size_t count = 0;
    while (kinds && kinds[count])
        count++;
    model->kinds = dara_arena_alloc(model->arena, (count + 1) * sizeof(*model->kinds));
    for (size_t i = 0; i < count; i++) {
        int result = check_kind(kinds[i]);
        if (result)
            return result;
        if (dara_kind_slot(model, kinds[i]->name))
            return dara_error_set(DARA_EDRIVER, "kind '%s' is there twice", kinds[i]->name);
        struct kind_slot *slot = &model->kinds[model->kind_count++];
        slot->kind = kinds[i];
        while (kinds[i]->properties && kinds[i]->properties[slot->property_count].name)
            slot->property_count++;
    }
    qsort(model->kinds, count, sizeof(*model->kinds), by_order);
    for (size_t i = 0; i < count; i++) {
        int result = check_owners(model, model->kinds[i].kind);
        if (result)
            return result;
    }
    return 0;
}

struct kind_slot *dara_kind_slot(const struct dara_model *model, const char *name)
{
    for (size_t i = 0; i < model->kind_count; i++)
        if (model->kinds[i].kind->name == name || strcmp(model->kinds[i].kind->name, name) == 0)
            return &model->kinds[i];
    return NULL;
}

int dara_kind_property(const struct dara_kind *kind, const char *name)
{
    const struct dara_property *properties = kind->properties;
    /* Most often it is the very string of the kind: compilers keep one of each in a driver. */
    for (int i = 0; properties && properties[i].name; i++)
        if (properties[i].name == name)
            return i;
    for (int i = 0; properties && properties[i].name; i++)
        if (strcmp(properties[i].name, name) == 0)
            return i;
    return -1;
}

const struct dara_kind *dara_model_kind(const struct dara_model *model, const char *name)
{
    const struct kind_slot *slot = dara_kind_slot(model, name);
    return slot ? slot->kind : NULL;
}

size_t dara_model_kind_count(const struct dara_model *model)
{
    return model->kind_count;
}

const struct dara_kind *dara_model_kind_at(const struct dara_model *model, size_t index)
{
    return index < model->kind_count ? model->kinds[index].kind : NULL;
}

size_t dara_model_count_of(const struct dara_model *model, const char *kind)
{
    const struct kind_slot *slot = dara_kind_slot(model, kind);
    return slot ? slot->object_count - slot->given_count : 0;
}

/* ---- names of enums ---- */

static const char *const modes[] = {"info", "alter", "replace", "recreate", "fixed", "owner"};
static const char *const flags[] = {"rows", "part", "ordered", "values", "setting", "privilege", "session", "later"};
static const char *const states[] = {"unsupported", "read", "denied", "skipped"};

static int find(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; name && i < count; i++)
        if (strcmp(names[i], name) == 0)
            return (int)i;
    return -1;
}

const char *dara_mode_name(enum dara_property_mode mode)
{
    return (size_t)mode < DARA_COUNT(modes) ? modes[mode] : NULL;
}

const char *dara_flag_name(unsigned bit)
{
    return bit < DARA_COUNT(flags) ? flags[bit] : NULL;
}

const char *dara_state_name(enum dara_family_state state)
{
    return (size_t)state < DARA_COUNT(states) ? states[state] : NULL;
}

int dara_mode_parse(const char *name)
{
    return find(modes, DARA_COUNT(modes), name);
}

int dara_flag_parse(const char *name)
{
    int bit = find(flags, DARA_COUNT(flags), name);
    return bit < 0 ? -1 : 1 << bit;
}

int dara_state_parse(const char *name)
{
    return find(states, DARA_COUNT(states), name);
}
