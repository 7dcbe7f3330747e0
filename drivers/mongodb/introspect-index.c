/* SPDX-License-Identifier: MIT */
/* Indexes, in the form in which createIndexes takes them. */
#include <inttypes.h>
#include <string.h>

#include "introspect.h"
#include "json.h"
#include "options.h"

/* ---- the key ------------------------------------------------------------------------------------------------------------------------ */

/* 1, 1.0 and NumberLong(1) are the same direction. */
static void append_part(bson_t *key, const bson_iter_t *part)
{
    double value = BSON_ITER_HOLDS_NUMBER(part) ? bson_iter_as_double(part) : 0.5;
    if (value >= -1000 && value <= 1000 && value == (int32_t)value)
        bson_append_int32(key, bson_iter_key(part), -1, (int32_t)value);
    else
        bson_append_iter(key, NULL, 0, part);
}

static void append_texts(bson_t *key, const bson_t *spec)
{
    bson_iter_t weights, field;
    bool any = bson_iter_init_find(&weights, spec, "weights") && BSON_ITER_HOLDS_DOCUMENT(&weights) &&
               bson_iter_recurse(&weights, &field);
    while (any && bson_iter_next(&field))
        bson_append_utf8(key, bson_iter_key(&field), -1, "text", -1);
}

/* Of a text index the server shows {"_fts": "text", "_ftsx": 1}, and the fields as its weights. */
static void build_key(const bson_t *spec, bson_t *ret_key)
{
    bson_iter_t value, part;
    bool any = bson_iter_init_find(&value, spec, "key") && BSON_ITER_HOLDS_DOCUMENT(&value) &&
               bson_iter_recurse(&value, &part);
    while (any && bson_iter_next(&part)) {
        if (strcmp(bson_iter_key(&part), "_fts") == 0)
            append_texts(ret_key, spec);
        else if (strcmp(bson_iter_key(&part), "_ftsx") != 0)
            append_part(ret_key, &part);
    }
}

/* For people: "email", "created desc", "place 2dsphere". */
static int set_columns(struct dara_object *object, const bson_t *key)
{
    struct mongodb_buffer texts[64] = {{0}};
    const char *names[64];
    bson_iter_t part;
    size_t count = 0;
    for (bool any = bson_iter_init(&part, key); any && count < 64 && bson_iter_next(&part); count++) {
        mongodb_buffer_add(&texts[count], bson_iter_key(&part));
        if (BSON_ITER_HOLDS_UTF8(&part))
            mongodb_buffer_format(&texts[count], " %s", bson_iter_utf8(&part, NULL));
        else if (bson_iter_as_int64(&part) < 0)
            mongodb_buffer_add(&texts[count], " desc");
    }
    for (size_t i = 0; i < count; i++)
        names[i] = mongodb_buffer_get(&texts[i]);
    int code = dara_object_set_list(object, "columns", names, count);
    for (size_t i = 0; i < count; i++)
        mongodb_buffer_free(&texts[i]);
    return code;
}

/* ---- the rest ----------------------------------------------------------------------------------------------------------------------- */

static const struct mongodb_option *find_option(const char *name)
{
    for (const struct mongodb_option *it = mongodb_index_options; it->name; it++)
        if (strcmp(it->name, name) == 0)
            return it;
    return NULL;
}

/* What is not part of what an index does. */
static bool is_passed_over(const char *name)
{
    static const char *const names[] = {"v", "ns", "name", "key", "background", "clustered", "buildUUID", "spec"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* A copy of the spec with the key as createIndexes takes it, without what is the server's affair. */
static void build_spec(const bson_t *spec, bson_t *ret_plain, bson_t *ret_others)
{
    bson_t key = BSON_INITIALIZER, collation;
    bson_iter_t field, inside;
    build_key(spec, &key);
    BSON_APPEND_DOCUMENT(ret_plain, "key", &key);
    bson_destroy(&key);
    for (bool any = bson_iter_init(&field, spec); any && bson_iter_next(&field);) {
        const char *name = bson_iter_key(&field);
        if (is_passed_over(name))
            continue;
        if (strcmp(name, "collation") == 0 && bson_iter_recurse(&field, &inside)) {
            BSON_APPEND_DOCUMENT_BEGIN(ret_plain, "collation", &collation);
            while (bson_iter_next(&inside))
                if (strcmp(bson_iter_key(&inside), "version") != 0)
                    bson_append_iter(&collation, NULL, 0, &inside);
            bson_append_document_end(ret_plain, &collation);
        } else {
            bson_append_iter(find_option(name) ? ret_plain : ret_others, NULL, 0, &field);
        }
    }
}

static int take_spec(struct dara_object *object, const bson_t *spec)
{
    bson_t plain = BSON_INITIALIZER, others = BSON_INITIALIZER, key;
    bson_iter_t value;
    const uint8_t *bytes = NULL;
    uint32_t length = 0;
    int code = 0;
    build_spec(spec, &plain, &others);
    for (bool any = bson_iter_init(&value, &plain); !code && any && bson_iter_next(&value);)
        code = mongodb_option_take(object, find_option(bson_iter_key(&value)), &value);
    if (!code && bson_iter_init_find(&value, &plain, "key")) {
        bson_iter_document(&value, &length, &bytes);
        code = bson_init_static(&key, bytes, length) ? set_columns(object, &key) : 0;
    }
    if (!code && !bson_empty(&others)) {
        struct mongodb_buffer text = {0};
        mongodb_json_write(&others, 0, &text);
        code = dara_object_set_text(object, MONGODB_OTHER_OPTIONS, mongodb_buffer_get(&text));
        mongodb_buffer_free(&text);
    }
    bson_destroy(&plain);
    bson_destroy(&others);
    return code;
}

static bool flag(const bson_t *spec, const char *name)
{
    bson_iter_t value;
    return bson_iter_init_find(&value, spec, name) && bson_iter_as_bool(&value);
}

int mongodb_add_index(struct dara_model *model, const struct mongodb_found *found, const bson_t *spec)
{
    struct dara_object *object = NULL;
    bson_iter_t value;
    bool building = bson_iter_init_find(&value, spec, "buildUUID");
    const char *name =
        bson_iter_init_find(&value, spec, "name") && BSON_ITER_HOLDS_UTF8(&value) ? bson_iter_utf8(&value, NULL) : NULL;
    if (!name || strcmp(name, "_id_") == 0 || flag(spec, "clustered"))
        return 0; /* every collection has it, or is it */
    if (building)
        return dara_model_unrepresented(model, "index", name, "it is being built");
    int code = dara_model_add(
        model,
        &(struct dara_object_desc){
            .size = sizeof(struct dara_object_desc), .kind = "index", .name = name, .owner = found->object},
        &object);
    return code ? code : take_spec(object, spec);
}
