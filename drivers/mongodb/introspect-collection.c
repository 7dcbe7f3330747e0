/* SPDX-License-Identifier: MIT */
/* Collections with their options and the fields that their validator declares; views. */
#include <string.h>

#include "introspect.h"
#include "json.h"
#include "options.h"

/* ---- options ------------------------------------------------------------------------------------------------------------------------ */

static bool find_options(const struct mongodb_found *found, bson_t *ret_options)
{
    bson_iter_t value;
    uint32_t length = 0;
    const uint8_t *bytes = NULL;
    if (!bson_iter_init_find(&value, found->entry, "options") || !BSON_ITER_HOLDS_DOCUMENT(&value))
        return false;
    bson_iter_document(&value, &length, &bytes);
    return bson_init_static(ret_options, bytes, length);
}

static bool is_empty(const bson_iter_t *value)
{
    bson_iter_t inside;
    return BSON_ITER_HOLDS_DOCUMENT(value) && bson_iter_recurse(value, &inside) && !bson_iter_next(&inside);
}

/* What holds anyway is not said, since not every version of the server says it. */
static bool is_default(const bson_t *options, const char *name, const bson_iter_t *value)
{
    bson_iter_t other;
    const char *text = BSON_ITER_HOLDS_UTF8(value) ? bson_iter_utf8(value, NULL) : "";
    if (strcmp(name, "validationLevel") == 0)
        return strcmp(text, "strict") == 0;
    if (strcmp(name, "validationAction") == 0)
        return strcmp(text, "error") == 0;
    if (strcmp(name, "validator") == 0)
        return is_empty(value);
    if (strcmp(name, "changeStreamPreAndPostImages") == 0)
        return BSON_ITER_HOLDS_DOCUMENT(value) && bson_iter_recurse(value, &other) &&
               bson_iter_find(&other, "enabled") && !bson_iter_as_bool(&other);
    return strcmp(name, "autoIndexId") == 0 || strcmp(name, "uuid") == 0 || strcmp(name, "flags") == 0 ||
           (strcmp(name, "size") == 0 && !bson_iter_init_find(&other, options, "capped"));
}

/* The version of the collation's library is the server's affair. */
static int take_collation(struct dara_object *object, const struct mongodb_option *option, const bson_iter_t *value)
{
    bson_t whole = BSON_INITIALIZER, plain;
    bson_iter_t field;
    BSON_APPEND_DOCUMENT_BEGIN(&whole, "collation", &plain);
    for (bool any = bson_iter_recurse(value, &field); any && bson_iter_next(&field);)
        if (strcmp(bson_iter_key(&field), "version") != 0)
            bson_append_iter(&plain, NULL, 0, &field);
    bson_append_document_end(&whole, &plain);
    bson_iter_init_find(&field, &whole, "collation");
    int code = mongodb_option_take(object, option, &field);
    bson_destroy(&whole);
    return code;
}

static const struct mongodb_option *find_option(const struct mongodb_option *options, const char *name)
{
    for (; options->name; options++)
        if (strcmp(options->name, name) == 0)
            return options;
    return NULL;
}

static int take_options(struct dara_object *object, const struct mongodb_option *known, const bson_t *options)
{
    bson_t others = BSON_INITIALIZER, whole = BSON_INITIALIZER;
    bson_iter_t value;
    int code = 0;
    for (bool any = bson_iter_init(&value, options); !code && any && bson_iter_next(&value);) {
        const char *name = bson_iter_key(&value);
        const struct mongodb_option *option = find_option(known, name);
        if (is_default(options, name, &value))
            continue;
        if (!option)
            bson_append_iter(&others, NULL, 0, &value);
        else if (strcmp(name, "collation") == 0 && BSON_ITER_HOLDS_DOCUMENT(&value))
            code = take_collation(object, option, &value);
        else
            code = mongodb_option_take(object, option, &value);
    }
    if (!code && !bson_empty(&others)) {
        BSON_APPEND_DOCUMENT(&whole, "others", &others);
        bson_iter_init_find(&value, &whole, "others");
        const struct mongodb_option rest = {"others", MONGODB_OTHER_OPTIONS, MONGODB_OPTION_JSON};
        code = mongodb_option_take(object, &rest, &value);
    }
    bson_destroy(&others);
    bson_destroy(&whole);
    return code;
}

/* ---- fields of a validator ---------------------------------------------------------------------------------------------------------- */

enum { FIELD_DEPTH = 32 };

struct schema {
    struct dara_model *model;
    struct dara_object *owner;
    struct mongodb_buffer path;
    unsigned depth;
};

static int add_fields(struct schema *schema, const bson_iter_t *of);

static bool child(const bson_iter_t *document, const char *name, bson_iter_t *ret_value)
{
    return BSON_ITER_HOLDS_DOCUMENT(document) && bson_iter_recurse(document, ret_value) &&
           bson_iter_find(ret_value, name);
}

static bool is_required(const bson_iter_t *schema, const char *name)
{
    bson_iter_t list, item;
    if (!child(schema, "required", &list) || !BSON_ITER_HOLDS_ARRAY(&list) || !bson_iter_recurse(&list, &item))
        return false;
    while (bson_iter_next(&item))
        if (BSON_ITER_HOLDS_UTF8(&item) && strcmp(bson_iter_utf8(&item, NULL), name) == 0)
            return true;
    return false;
}

/* "string", or "string | null" of a list. */
static void write_type(const bson_iter_t *field, struct mongodb_buffer *out)
{
    bson_iter_t type, item;
    if (!child(field, "bsonType", &type) && !child(field, "type", &type))
        return;
    if (BSON_ITER_HOLDS_UTF8(&type))
        mongodb_buffer_add(out, bson_iter_utf8(&type, NULL));
    if (!BSON_ITER_HOLDS_ARRAY(&type) || !bson_iter_recurse(&type, &item))
        return;
    while (bson_iter_next(&item))
        if (BSON_ITER_HOLDS_UTF8(&item))
            mongodb_buffer_format(out, "%s%s", out->length ? " | " : "", bson_iter_utf8(&item, NULL));
}

/* Keywords that are neither the type nor told by the fields below. */
static int take_rules(struct dara_object *object, const bson_iter_t *field)
{
    static const char *const told[] = {"bsonType", "type", "properties", "required"};
    bson_t rules = BSON_INITIALIZER;
    bson_iter_t rule;
    int code = 0;
    for (bool any = BSON_ITER_HOLDS_DOCUMENT(field) && bson_iter_recurse(field, &rule); any && bson_iter_next(&rule);) {
        bool known = false;
        for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
            known |= strcmp(bson_iter_key(&rule), told[i]) == 0;
        if (!known)
            bson_append_iter(&rules, NULL, 0, &rule);
    }
    if (!bson_empty(&rules)) {
        struct mongodb_buffer text = {0};
        mongodb_json_write(&rules, 0, &text);
        code = dara_object_set_text(object, "mongodb.rules", mongodb_buffer_get(&text));
        mongodb_buffer_free(&text);
    }
    bson_destroy(&rules);
    return code;
}

static int add_field(struct schema *schema, const bson_iter_t *of, const bson_iter_t *field)
{
    struct mongodb_buffer type = {0};
    struct dara_object *object = NULL;
    size_t before = schema->path.length;
    mongodb_buffer_format(&schema->path, "%s%s", before ? "." : "", bson_iter_key(field));
    write_type(field, &type);
    int code = dara_model_add(schema->model,
                              &(struct dara_object_desc){.size = sizeof(struct dara_object_desc),
                                                         .kind = "field",
                                                         .name = mongodb_buffer_get(&schema->path),
                                                         .owner = schema->owner},
                              &object);
    code = code || !type.length ? code : dara_object_set_text(object, "type", mongodb_buffer_get(&type));
    if (!code && is_required(of, bson_iter_key(field)))
        code = dara_object_set_bool(object, "not_null", true);
    code = code ? code : take_rules(object, field);
    code = code ? code : add_fields(schema, field);
    mongodb_buffer_free(&type);
    mongodb_buffer_cut(&schema->path, before);
    return code;
}

/* The fields that a schema names, and those inside them. A name with a dot in it would look like one inside another: left to the validator. */
static int add_fields(struct schema *schema, const bson_iter_t *of)
{
    bson_iter_t properties, field;
    int code = 0;
    if (!child(of, "properties", &properties) || !BSON_ITER_HOLDS_DOCUMENT(&properties) ||
        schema->depth >= FIELD_DEPTH || !bson_iter_recurse(&properties, &field))
        return 0;
    schema->depth++;
    while (!code && bson_iter_next(&field))
        if (*bson_iter_key(&field) && !strchr(bson_iter_key(&field), '.'))
            code = add_field(schema, of, &field);
    schema->depth--;
    return code;
}

static int add_declared(struct dara_model *model, struct dara_object *owner, const bson_t *options)
{
    struct schema schema = {.model = model, .owner = owner};
    bson_iter_t validator, declared;
    if (!bson_iter_init_find(&validator, options, "validator") || !child(&validator, "$jsonSchema", &declared))
        return 0;
    int code = add_fields(&schema, &declared);
    mongodb_buffer_free(&schema.path);
    return code;
}

/* ---- collections and views ---------------------------------------------------------------------------------------------------------- */

static int add_object(struct dara_model *model, struct mongodb_found *found, const char *kind)
{
    return dara_model_add(
        model, &(struct dara_object_desc){.size = sizeof(struct dara_object_desc), .kind = kind, .name = found->name},
        &found->object);
}

int mongodb_add_collection(struct dara_model *model, struct mongodb_found *found)
{
    bson_t options;
    int code = add_object(model, found, "collection");
    if (code || !find_options(found, &options))
        return code;
    code = take_options(found->object, mongodb_collection_options, &options);
    return code ? code : add_declared(model, found->object, &options);
}

/* Every collection that a pipeline reads: from of $lookup and $graphLookup, $unionWith, wherever they stand. */
static int depend_on(struct dara_object *view, const bson_iter_t *within, unsigned depth)
{
    bson_iter_t item, inside;
    int code = 0;
    if (depth > FIELD_DEPTH || !bson_iter_recurse(within, &item))
        return 0;
    while (!code && bson_iter_next(&item)) {
        const char *key = bson_iter_key(&item), *name = NULL;
        bool joins = strcmp(key, "$lookup") == 0 || strcmp(key, "$graphLookup") == 0;
        bool united = strcmp(key, "$unionWith") == 0;
        if (united && BSON_ITER_HOLDS_UTF8(&item))
            name = bson_iter_utf8(&item, NULL);
        else if ((joins && child(&item, "from", &inside)) || (united && child(&item, "coll", &inside)))
            name = BSON_ITER_HOLDS_UTF8(&inside) ? bson_iter_utf8(&inside, NULL) : NULL;
        if (name && strcmp(name, dara_object_key((const struct dara_object *)view)) != 0)
            code = dara_object_depend(view, NULL, NULL, name);
        if (!code && (BSON_ITER_HOLDS_DOCUMENT(&item) || BSON_ITER_HOLDS_ARRAY(&item)))
            code = depend_on(view, &item, depth + 1);
    }
    return code;
}

int mongodb_add_view(struct dara_model *model, struct mongodb_found *found)
{
    bson_t options;
    bson_iter_t value;
    int code = add_object(model, found, "view");
    if (code || !find_options(found, &options))
        return code;
    code = take_options(found->object, mongodb_view_options, &options);
    if (!code && bson_iter_init_find(&value, &options, "viewOn") && BSON_ITER_HOLDS_UTF8(&value))
        code = dara_object_depend(found->object, NULL, NULL, bson_iter_utf8(&value, NULL));
    if (!code && bson_iter_init_find(&value, &options, "pipeline") && BSON_ITER_HOLDS_ARRAY(&value))
        code = depend_on(found->object, &value, 0);
    return code;
}
