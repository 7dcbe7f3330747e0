/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <string.h>

#include "model/internal.h"

static void release(json_t **value)
{
    json_decref(*value);
}

static int malformed(const char *where, const char *what)
{
    return dara_error_set(DARA_EFILE, "malformed model: %s%s%s", where ? where : "", where ? ": " : "", what);
}

/* What the model itself refused is the file's fault here. */
static int refused(void)
{
    const struct dara_error *error = dara_error_last();
    return dara_error_set(DARA_EFILE, "malformed model: %s", error ? error->message : "refused");
}

/* A member that must be an array where it is there; NULL where it is not. */
static int get_array(const json_t *parent, const char *name, const char *where, json_t **ret_array)
{
    json_t *value = json_object_get(parent, name);
    if (value && !json_is_array(value))
        return dara_error_set(DARA_EFILE, "malformed model: %s%s'%s' is not a list", where ? where : "",
                              where ? ": " : "", name);
    *ret_array = value;
    return 0;
}

/* A member that must be a text where it is there. */
static int get_text(const json_t *parent, const char *name, bool must, const char **ret_text)
{
    const json_t *value = json_object_get(parent, name);
    if (!json_is_object(parent))
        return malformed(NULL, "a list holds something that is not an object");
    if (value ? !json_is_string(value) : must)
        return dara_error_set(DARA_EFILE, "malformed model: '%s' %s", name, value ? "is not a text" : "is missing");
    *ret_text = value ? json_string_value(value) : NULL;
    return 0;
}

/* ---- kinds ---- */

static int read_flags(const json_t *row, unsigned *ret_flags)
{
    json_t *list = NULL, *item;
    size_t index;
    unsigned flags = 0;
    int result = get_array(row, "flags", "a kind", &list);
    if (result)
        return result;
    json_array_foreach(list, index, item)
    {
        int flag = dara_flag_parse(json_string_value(item));
        if (flag < 0)
            return malformed("a kind", "unknown flag");
        flags |= (unsigned)flag;
    }
    *ret_flags = flags;
    return 0;
}

static int read_properties(struct dara_arena *arena, const json_t *row, const struct dara_property **ret_properties)
{
    json_t *list = NULL, *item;
    size_t index;
    int result = get_array(row, "properties", "a kind", &list);
    if (result)
        return result;
    struct dara_property *properties = dara_arena_alloc(arena, (json_array_size(list) + 1) * sizeof(*properties));
    json_array_foreach(list, index, item)
    {
        const char *name = NULL, *mode_name = NULL;
        result = get_text(item, "name", true, &name);
        if (!result)
            result = get_text(item, "mode", true, &mode_name);
        if (result)
            return result;
        int mode = dara_mode_parse(mode_name);
        if (mode < 0)
            return malformed("a kind", "a property with an unknown mode");
        properties[index].name = dara_arena_strdup(arena, name);
        properties[index].mode = (enum dara_property_mode)mode;
    }
    *ret_properties = properties;
    return 0;
}

static int read_kind(struct dara_arena *arena, const json_t *row, const struct dara_kind **ret_kind)
{
    const char *name = NULL, *plural = NULL, *owner = NULL;
    int result = get_text(row, "name", true, &name);
    if (!result)
        result = get_text(row, "plural", true, &plural);
    if (!result)
        result = get_text(row, "owner", false, &owner);
    if (result)
        return result;
    const json_t *order = json_object_get(row, "order");
    if (!json_is_integer(order) || json_integer_value(order) < INT_MIN || json_integer_value(order) > INT_MAX)
        return malformed("a kind", "'order' is not an integer");
    struct dara_kind *kind = dara_arena_alloc(arena, sizeof(*kind));
    *kind = (struct dara_kind){.size = sizeof(*kind),
                               .name = dara_arena_strdup(arena, name),
                               .plural = dara_arena_strdup(arena, plural),
                               .owner = dara_arena_strdup(arena, owner),
                               .order = (int)json_integer_value(order)};
    result = read_flags(row, &kind->flags);
    if (!result)
        result = read_properties(arena, row, &kind->properties);
    if (!result)
        *ret_kind = kind;
    return result;
}

static int read_kinds(struct dara_arena *arena, const json_t *root, const struct dara_kind *const **ret_kinds)
{
    json_t *list = NULL, *row;
    size_t index;
    int result = get_array(root, "kinds", NULL, &list);
    if (result)
        return result;
    const struct dara_kind **kinds = dara_arena_alloc(arena, (json_array_size(list) + 1) * sizeof(*kinds));
    json_array_foreach(list, index, row)
    {
        result = read_kind(arena, row, &kinds[index]);
        if (result)
            return result;
    }
    *ret_kinds = kinds;
    return 0;
}

/* ---- objects ---- */

static int set_list(struct dara_object *object, const char *name, const json_t *value)
{
    size_t count = json_array_size(value);
    DARA_FREE const char **items = dara_realloc_array(NULL, count, sizeof(*items));
    for (size_t i = 0; i < count; i++)
        if (!(items[i] = json_string_value(json_array_get(value, i))))
            return malformed(NULL, "a property holds a list of something other than texts");
    return dara_object_set_list(object, name, items, count) ? refused() : 0;
}

static int set_properties(struct dara_object *object, const json_t *row)
{
    json_t *members = json_object_get(row, "properties"), *value;
    const char *name;
    int result = 0;
    if (members && !json_is_object(members))
        return malformed(NULL, "'properties' of an object is not an object");
    json_object_foreach(members, name, value)
    {
        if (json_is_string(value))
            result = dara_object_set_text(object, name, json_string_value(value)) ? refused() : 0;
        else if (json_is_boolean(value))
            result = dara_object_set_bool(object, name, json_is_true(value)) ? refused() : 0;
        else if (json_is_integer(value))
            result = dara_object_set_int(object, name, json_integer_value(value)) ? refused() : 0;
        else if (json_is_array(value))
            result = set_list(object, name, value);
        else
            result = malformed(NULL, "a property is neither a text, true, false, an integer nor a list");
        if (result)
            return result;
    }
    return 0;
}

static int set_needs(struct dara_object *object, const json_t *row)
{
    json_t *list = NULL, *item;
    size_t index;
    int result = get_array(row, "depends", "an object", &list);
    if (result)
        return result;
    json_array_foreach(list, index, item)
    {
        const char *kind = NULL, *space = NULL, *key = NULL;
        result = get_text(item, "kind", false, &kind);
        if (!result)
            result = get_text(item, "space", false, &space);
        if (!result)
            result = get_text(item, "key", true, &key);
        if (!result && dara_object_depend(object, kind, space, key))
            result = refused();
        if (result)
            return result;
    }
    return 0;
}

static int read_given(struct dara_object *object, const json_t *row)
{
    const json_t *given = json_object_get(row, "given");
    if (given && !json_is_true(given))
        return malformed("an object", "'given' is not true");
    return given && dara_object_set_given(object) ? refused() : 0;
}

/* The depth is bounded by dara_model_add(). */
static int read_objects(struct dara_model *model, const json_t *parent, const char *member, struct dara_object *owner)
{
    json_t *list = NULL, *row;
    size_t index;
    int result = get_array(parent, member, NULL, &list);
    json_array_foreach(result ? NULL : list, index, row)
    {
        struct dara_object_desc desc = {.size = sizeof(desc), .owner = owner};
        struct dara_object *object = NULL;
        result = get_text(row, "kind", true, &desc.kind);
        if (!result)
            result = get_text(row, "name", true, &desc.name);
        if (!result)
            result = get_text(row, "key", false, &desc.key);
        if (!result)
            result = get_text(row, "space", false, &desc.space);
        if (!result)
            result = get_text(row, "comment", false, &desc.comment);
        if (!result && dara_model_add(model, &desc, &object))
            result = refused();
        if (!result)
            result = read_given(object, row);
        if (!result)
            result = set_properties(object, row);
        if (!result)
            result = set_needs(object, row);
        if (!result)
            result = read_objects(model, row, "owned", object);
        if (result)
            return result;
        json_array_set_new(list, index, json_null()); /* read: its memory serves the model */
    }
    return result;
}

/* ---- the rest ---- */

static int read_families(struct dara_model *model, const json_t *root)
{
    json_t *list = NULL, *row;
    size_t index;
    int result = get_array(root, "families", NULL, &list);
    json_array_foreach(result ? NULL : list, index, row)
    {
        const char *name = NULL, *state_name = NULL, *why = NULL;
        result = get_text(row, "name", true, &name);
        if (!result)
            result = get_text(row, "state", true, &state_name);
        if (!result)
            result = get_text(row, "why", false, &why);
        int state = dara_state_parse(state_name);
        if (!result && state < 0)
            result = malformed("a family", "unknown state");
        if (!result && dara_model_family(model, name, (enum dara_family_state)state, why))
            result = refused();
        if (result)
            return result;
    }
    return result;
}

static int read_unrepresented(struct dara_model *model, const json_t *root)
{
    json_t *list = NULL, *row;
    size_t index;
    int result = get_array(root, "unrepresented", NULL, &list);
    json_array_foreach(result ? NULL : list, index, row)
    {
        const char *family = NULL, *name = NULL, *why = NULL;
        result = get_text(row, "family", true, &family);
        if (!result)
            result = get_text(row, "name", true, &name);
        if (!result)
            result = get_text(row, "why", false, &why);
        if (!result && dara_model_unrepresented(model, family, name, why))
            result = refused();
        if (result)
            return result;
    }
    return result;
}

static int fill(struct dara_model *model, const json_t *root)
{
    int result = read_families(model, root);
    if (!result)
        result = read_unrepresented(model, root);
    if (!result)
        result = read_objects(model, root, "objects", NULL);
    return result ? result : dara_model_finish(model);
}

static int check_root(const json_t *root, const char **ret_engine)
{
    if (!json_is_object(root))
        return malformed(NULL, "not a JSON object");
    const json_t *format = json_object_get(root, "format");
    if (!json_is_integer(format))
        return malformed(NULL, "'format' is missing or not an integer");
    if (json_integer_value(format) != DARA_MODEL_FORMAT) {
        dara_error_set(DARA_EFILE, "the model has format %lld, this dara reads format %d",
                       (long long)json_integer_value(format), DARA_MODEL_FORMAT);
        dara_error_hint("use the dara that wrote it, or a newer one");
        return DARA_EFILE;
    }
    return get_text(root, "engine", true, ret_engine);
}

int dara_model_read_json(const char *text, size_t length, struct dara_model **ret_model)
{
    json_error_t error;
    DARA_CLEANUP(release) json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        DARA_TEXT_LOCAL why = DARA_TEXT_INIT;
        dara_text_add_visible(&why, error.text);
        dara_error_set(DARA_EFILE, "malformed model: line %d: %s", error.line, dara_text_string(&why));
        dara_error_at(NULL, error.line);
        return DARA_EFILE;
    }
    const char *engine = NULL;
    const struct dara_kind *const *kinds = NULL;
    int result = check_root(root, &engine);
    if (result)
        return result;
    struct dara_arena *arena = dara_arena_new();
    result = read_kinds(arena, root, &kinds);
    if (result) {
        dara_arena_free(arena);
        return result;
    }
    DARA_MODEL_LOCAL model = NULL;
    if (dara_model_make(arena, engine, kinds, &model))
        return refused();
    result = fill(model, root);
    if (result)
        return result;
    *ret_model = model;
    model = NULL;
    return 0;
}
