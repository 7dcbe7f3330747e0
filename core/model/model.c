/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "model/internal.h"

int dara_model_make(struct dara_arena *arena, const char *engine, const struct dara_kind *const *kinds,
                    struct dara_model **ret_model)
{
    struct dara_model *model = dara_alloc(sizeof(*model));
    model->arena = arena;
    model->engine = dara_arena_strdup(arena, engine);
    int result = dara_kind_adopt(model, kinds);
    if (result)
        dara_model_free(model);
    else
        *ret_model = model;
    return result;
}

int dara_model_new(const char *engine, const struct dara_kind *const *kinds, struct dara_model **ret_model)
{
    return dara_model_make(dara_arena_new(), engine, kinds, ret_model);
}

struct dara_model *dara_model_free(struct dara_model *model)
{
    if (!model)
        return NULL;
    dara_arena_free(model->arena);
    free(model->objects);
    free(model->buckets);
    free(model->names);
    free(model->families);
    free(model->unrepresented);
    free(model);
    return NULL;
}

const char *dara_model_engine(const struct dara_model *model)
{
    return model->engine;
}

/* ---- adding ---- */

static int refuse(const struct dara_object_desc *desc, const char *what)
{
    DARA_TEXT_LOCAL name = DARA_TEXT_INIT;
    dara_text_add_visible(&name, desc->name);
    return dara_error_set(DARA_EDRIVER, "%s '%s': %s", desc->kind, dara_text_string(&name), what);
}

static bool is_utf8(const char *string)
{
    return !string || dara_utf8_valid(string, strlen(string));
}

static int check_owner(const struct dara_model *model, const struct dara_object_desc *desc,
                       const struct dara_kind *kind)
{
    if (!kind->owner)
        return desc->owner ? refuse(desc, "has an owner, but its kind has none") : 0;
    if (!desc->owner)
        return refuse(desc, "has no owner");
    if (desc->owner->model != model)
        return refuse(desc, "its owner is in another model");
    if (!dara_kind_may_own(desc->owner->slot->kind, kind))
        return refuse(desc, "its owner is of the wrong kind");
    if (desc->owner->depth >= DARA_OWNER_DEPTH)
        return refuse(desc, "objects are nested too deeply");
    return 0;
}

static int check(const struct dara_model *model, const struct dara_object_desc *desc, struct kind_slot **ret_slot)
{
    if (model->finished)
        return dara_error_set(DARA_EINTERNAL, "a finished model cannot be added to");
    if (desc->size < sizeof(*desc))
        return dara_error_set(DARA_EDRIVER, "an object is described with a struct of %zu bytes, not at least %zu",
                              desc->size, sizeof(*desc));
    if (!desc->kind || !desc->name)
        return dara_error_set(DARA_EDRIVER, "an object without kind or name");
    struct kind_slot *slot = dara_kind_slot(model, desc->kind);
    if (!slot)
        return refuse(desc, "unknown kind");
    if (!is_utf8(desc->name) || !is_utf8(desc->key) || !is_utf8(desc->space) || !is_utf8(desc->comment))
        return refuse(desc, "its name, namespace or comment is not UTF-8");
    *ret_slot = slot;
    return check_owner(model, desc, slot->kind);
}

int dara_model_add(struct dara_model *model, const struct dara_object_desc *desc, struct dara_object **ret_object)
{
    struct kind_slot *slot = NULL;
    int result = check(model, desc, &slot);
    if (result)
        return result;
    const char *key = desc->key ? desc->key : desc->name;
    struct dara_object *object = dara_arena_alloc(model->arena, sizeof(*object));
    *object = (struct dara_object){
        .model = model,
        .slot = slot,
        .name = dara_arena_strdup(model->arena, desc->name),
        .space = dara_arena_strdup(model->arena, desc->space),
        .comment = dara_arena_strdup(model->arena, desc->comment),
        .owner = desc->owner,
        .values = dara_arena_alloc(model->arena, slot->property_count * sizeof(struct value)),
        .hash = dara_identity_hash(slot->kind->name, desc->space, desc->owner, key),
        .serial = model->count,
        .depth = desc->owner ? desc->owner->depth + 1 : 0,
    };
    object->key = strcmp(key, desc->name) == 0 ? object->name : dara_arena_strdup(model->arena, key);
    if (dara_model_same(model, object))
        return refuse(desc, "is there twice");
    dara_identity_insert(model, object);
    DARA_GROW(model->objects, model->count, model->room);
    model->objects[model->count++] = object;
    slot->object_count++;
    if (ret_object)
        *ret_object = object;
    return 0;
}

/* ---- families ---- */

static int check_note(const struct dara_model *model, const char *family, const char *name, const char *why)
{
    if (model->finished)
        return dara_error_set(DARA_EINTERNAL, "a finished model cannot be added to");
    if (!family || !is_utf8(family) || !is_utf8(name) || !is_utf8(why))
        return dara_error_set(DARA_EDRIVER, "a family without name, or a note on one that is not UTF-8");
    return 0;
}

int dara_model_family(struct dara_model *model, const char *family, enum dara_family_state state, const char *why)
{
    int result = check_note(model, family, NULL, why);
    if (result)
        return result;
    if (!dara_state_name(state))
        return dara_error_set(DARA_EDRIVER, "family '%s' has the unknown state %d", family, (int)state);
    struct family *found = NULL;
    for (size_t i = 0; i < model->family_count && !found; i++)
        if (strcmp(model->families[i].name, family) == 0)
            found = &model->families[i];
    if (!found) {
        DARA_GROW(model->families, model->family_count, model->family_room);
        found = &model->families[model->family_count++];
        found->name = dara_arena_strdup(model->arena, family);
    }
    found->state = state;
    found->why = dara_arena_strdup(model->arena, why);
    return 0;
}

int dara_model_unrepresented(struct dara_model *model, const char *family, const char *name, const char *why)
{
    int result = check_note(model, family, name, why);
    if (result)
        return result;
    DARA_GROW(model->unrepresented, model->unrepresented_count, model->unrepresented_room);
    model->unrepresented[model->unrepresented_count++] = (struct unrepresented){
        .family = dara_arena_strdup(model->arena, family),
        .name = dara_arena_strdup(model->arena, name ? name : ""),
        .why = dara_arena_strdup(model->arena, why),
    };
    return 0;
}

size_t dara_model_family_count(const struct dara_model *model)
{
    return model->family_count;
}

const char *dara_model_family_at(const struct dara_model *model, size_t index, enum dara_family_state *ret_state,
                                 const char **ret_why)
{
    if (index >= model->family_count)
        return NULL;
    if (ret_state)
        *ret_state = model->families[index].state;
    if (ret_why)
        *ret_why = model->families[index].why;
    return model->families[index].name;
}

size_t dara_model_unrepresented_count(const struct dara_model *model)
{
    return model->unrepresented_count;
}

void dara_model_unrepresented_at(const struct dara_model *model, size_t index, const char **ret_family,
                                 const char **ret_name, const char **ret_why)
{
    const struct unrepresented *row = &model->unrepresented[index];
    if (ret_family)
        *ret_family = row->family;
    if (ret_name)
        *ret_name = row->name;
    if (ret_why)
        *ret_why = row->why;
}
