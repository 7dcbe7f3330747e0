/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <string.h>

#include "json.h"

const struct mongodb_option mongodb_collection_options[] = {
    {"capped", "mongodb.capped", MONGODB_OPTION_BOOL},
    {"size", "mongodb.size", MONGODB_OPTION_INT},
    {"max", "mongodb.max", MONGODB_OPTION_INT},
    {"timeseries", "mongodb.timeseries", MONGODB_OPTION_JSON},
    {"expireAfterSeconds", "mongodb.expire_after_seconds", MONGODB_OPTION_INT},
    {"clusteredIndex", "mongodb.clustered_index", MONGODB_OPTION_JSON},
    {"changeStreamPreAndPostImages", "mongodb.change_stream_images", MONGODB_OPTION_JSON},
    {"collation", "collation", MONGODB_OPTION_JSON},
    {"validator", "mongodb.validator", MONGODB_OPTION_JSON},
    {"validationLevel", "mongodb.validation_level", MONGODB_OPTION_TEXT},
    {"validationAction", "mongodb.validation_action", MONGODB_OPTION_TEXT},
    {"storageEngine", "mongodb.storage_engine", MONGODB_OPTION_JSON},
    {"indexOptionDefaults", "mongodb.index_option_defaults", MONGODB_OPTION_JSON},
    {"encryptedFields", "mongodb.encrypted_fields", MONGODB_OPTION_JSON},
    {NULL, NULL, MONGODB_OPTION_JSON},
};

const struct mongodb_option mongodb_view_options[] = {
    {"viewOn", "mongodb.view_on", MONGODB_OPTION_TEXT},
    {"pipeline", "definition", MONGODB_OPTION_JSON},
    {"collation", "collation", MONGODB_OPTION_JSON},
    {NULL, NULL, MONGODB_OPTION_JSON},
};

const struct mongodb_option mongodb_index_options[] = {
    {"key", "mongodb.key", MONGODB_OPTION_JSON},
    {"unique", "unique", MONGODB_OPTION_BOOL},
    {"sparse", "mongodb.sparse", MONGODB_OPTION_BOOL},
    {"hidden", "mongodb.hidden", MONGODB_OPTION_BOOL},
    {"prepareUnique", "mongodb.prepare_unique", MONGODB_OPTION_BOOL},
    {"partialFilterExpression", "where", MONGODB_OPTION_JSON},
    {"expireAfterSeconds", "mongodb.expire_after_seconds", MONGODB_OPTION_INT},
    {"collation", "collation", MONGODB_OPTION_JSON},
    {"weights", "mongodb.weights", MONGODB_OPTION_JSON},
    {"default_language", "mongodb.default_language", MONGODB_OPTION_TEXT},
    {"language_override", "mongodb.language_override", MONGODB_OPTION_TEXT},
    {"textIndexVersion", "mongodb.text_version", MONGODB_OPTION_INT},
    {"2dsphereIndexVersion", "mongodb.sphere_version", MONGODB_OPTION_INT},
    {"bits", "mongodb.bits", MONGODB_OPTION_INT},
    {"min", "mongodb.min", MONGODB_OPTION_JSON},
    {"max", "mongodb.max", MONGODB_OPTION_JSON},
    {"wildcardProjection", "mongodb.wildcard_projection", MONGODB_OPTION_JSON},
    {"storageEngine", "mongodb.storage_engine", MONGODB_OPTION_JSON},
    {NULL, NULL, MONGODB_OPTION_JSON},
};

/* ---- from the server ---------------------------------------------------------------------------------------------------------------- */

/* A document or an array over several lines where it is long, so that differences can be read. */
static void write_value(const bson_iter_t *value, struct mongodb_buffer *out)
{
    uint32_t length = 0;
    const uint8_t *bytes = NULL;
    bson_t inside;
    if (BSON_ITER_HOLDS_DOCUMENT(value)) {
        bson_iter_document(value, &length, &bytes);
        if (bson_init_static(&inside, bytes, length))
            mongodb_json_write(&inside, 0, out);
    } else if (BSON_ITER_HOLDS_ARRAY(value)) {
        bson_iter_array(value, &length, &bytes);
        if (bson_init_static(&inside, bytes, length))
            mongodb_json_write_array(&inside, 0, out);
    } else {
        mongodb_json_write_value(value, out);
    }
}

int mongodb_option_take(struct dara_object *object, const struct mongodb_option *option, const bson_iter_t *value)
{
    struct mongodb_buffer text = {0};
    int code = 0;
    if (option->form == MONGODB_OPTION_BOOL)
        return bson_iter_as_bool(value) ? dara_object_set_bool(object, option->property, true) : 0;
    if (option->form == MONGODB_OPTION_INT)
        return dara_object_set_int(object, option->property, bson_iter_as_int64(value));
    if (option->form == MONGODB_OPTION_TEXT && BSON_ITER_HOLDS_UTF8(value))
        return dara_object_set_text(object, option->property, bson_iter_utf8(value, NULL));
    write_value(value, &text);
    code = dara_object_set_text(object, option->property, mongodb_buffer_get(&text));
    mongodb_buffer_free(&text);
    return code;
}

/* ---- and back ----------------------------------------------------------------------------------------------------------------------- */

int mongodb_json_give(const char *text, const char *name, bson_t *to)
{
    struct mongodb_buffer whole = {0};
    bson_t *document = NULL;
    bson_iter_t value;
    mongodb_buffer_add(&whole, "{\"value\": ");
    mongodb_buffer_add(&whole, text);
    mongodb_buffer_add(&whole, "\n}");
    int code = mongodb_json_parse(mongodb_buffer_get(&whole), whole.length, &document);
    mongodb_buffer_free(&whole);
    if (code)
        return code;
    if (bson_iter_init_find(&value, document, "value"))
        bson_append_iter(to, name, -1, &value);
    bson_destroy(document);
    return 0;
}

static void give_int(int64_t value, const char *name, bson_t *to)
{
    if (value >= INT32_MIN && value <= INT32_MAX)
        BSON_APPEND_INT32(to, name, (int32_t)value);
    else
        BSON_APPEND_INT64(to, name, value);
}

int mongodb_option_give(const struct dara_object *object, const struct mongodb_option *option, bson_t *to)
{
    if (!dara_object_has(object, option->property))
        return 0;
    switch (option->form) {
    case MONGODB_OPTION_BOOL:
        if (dara_object_bool(object, option->property, false))
            BSON_APPEND_BOOL(to, option->name, true);
        return 0;
    case MONGODB_OPTION_INT:
        give_int(dara_object_int(object, option->property, 0), option->name, to);
        return 0;
    case MONGODB_OPTION_TEXT:
        BSON_APPEND_UTF8(to, option->name, dara_object_text(object, option->property));
        return 0;
    default:
        return mongodb_json_give(dara_object_text(object, option->property), option->name, to);
    }
}

/* Fields of the document that holds what dara has no name for. */
static int give_others(const struct dara_object *object, bson_t *to)
{
    bson_t *others = NULL;
    bson_iter_t field;
    const char *text = dara_object_text(object, MONGODB_OTHER_OPTIONS);
    if (!text)
        return 0;
    int code = mongodb_json_parse(text, strlen(text), &others);
    if (code)
        return code;
    for (bool any = bson_iter_init(&field, others); any && bson_iter_next(&field);)
        bson_append_iter(to, bson_iter_key(&field), -1, &field);
    bson_destroy(others);
    return 0;
}

int mongodb_options_give(const struct dara_object *object, const struct mongodb_option *options, bson_t *to)
{
    int code = 0;
    for (const struct mongodb_option *it = options; !code && it->name; it++)
        code = mongodb_option_give(object, it, to);
    return code ? code : give_others(object, to);
}
