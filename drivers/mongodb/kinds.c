/* SPDX-License-Identifier: MIT */
/* The kinds of objects of MongoDB, as data. */
#include "mg.h"
#include "options.h"

static const struct dara_property collection_properties[] = {
    {"mongodb.capped", DARA_PROPERTY_RECREATE},
    {"mongodb.size", DARA_PROPERTY_ALTER},
    {"mongodb.max", DARA_PROPERTY_ALTER},
    {"mongodb.timeseries", DARA_PROPERTY_RECREATE},
    {"mongodb.expire_after_seconds", DARA_PROPERTY_ALTER},
    {"mongodb.clustered_index", DARA_PROPERTY_RECREATE},
    {"mongodb.change_stream_images", DARA_PROPERTY_ALTER},
    {"collation", DARA_PROPERTY_RECREATE},
    {"mongodb.validator", DARA_PROPERTY_ALTER},
    {"mongodb.validation_level", DARA_PROPERTY_ALTER},
    {"mongodb.validation_action", DARA_PROPERTY_ALTER},
    {"mongodb.storage_engine", DARA_PROPERTY_RECREATE},
    {"mongodb.index_option_defaults", DARA_PROPERTY_RECREATE},
    {"mongodb.encrypted_fields", DARA_PROPERTY_RECREATE},
    {MONGODB_OTHER_OPTIONS, DARA_PROPERTY_RECREATE},
    {NULL, DARA_PROPERTY_INFO},
};
static const struct dara_kind collection = {
    .size = sizeof(struct dara_kind),
    .name = "collection",
    .plural = "collections",
    .order = 10,
    .flags = DARA_KIND_ROWS,
    .properties = collection_properties,
};

/* What the validator declares; the validator itself is what is changed. */
static const struct dara_property field_properties[] = {
    {"type", DARA_PROPERTY_ALTER},
    {"not_null", DARA_PROPERTY_ALTER},
    {"mongodb.rules", DARA_PROPERTY_ALTER}, /* the other keywords of its schema */
    {NULL, DARA_PROPERTY_INFO},
};
static const struct dara_kind field = {
    .size = sizeof(struct dara_kind),
    .name = "field",
    .plural = "fields",
    .owner = "collection",
    .order = 11,
    .flags = DARA_KIND_PART,
    .properties = field_properties,
};

static const struct dara_property index_properties[] = {
    {"columns", DARA_PROPERTY_INFO}, /* the fields, for people; the key says all */
    {"mongodb.key", DARA_PROPERTY_RECREATE},
    {"unique", DARA_PROPERTY_RECREATE},
    {"mongodb.sparse", DARA_PROPERTY_RECREATE},
    {"mongodb.hidden", DARA_PROPERTY_ALTER},
    {"mongodb.prepare_unique", DARA_PROPERTY_ALTER},
    {"where", DARA_PROPERTY_RECREATE},
    {"mongodb.expire_after_seconds", DARA_PROPERTY_ALTER},
    {"collation", DARA_PROPERTY_RECREATE},
    {"mongodb.weights", DARA_PROPERTY_RECREATE},
    {"mongodb.default_language", DARA_PROPERTY_RECREATE},
    {"mongodb.language_override", DARA_PROPERTY_RECREATE},
    {"mongodb.text_version", DARA_PROPERTY_RECREATE},
    {"mongodb.sphere_version", DARA_PROPERTY_RECREATE},
    {"mongodb.bits", DARA_PROPERTY_RECREATE},
    {"mongodb.min", DARA_PROPERTY_RECREATE},
    {"mongodb.max", DARA_PROPERTY_RECREATE},
    {"mongodb.wildcard_projection", DARA_PROPERTY_RECREATE},
    {"mongodb.storage_engine", DARA_PROPERTY_RECREATE},
    {MONGODB_OTHER_OPTIONS, DARA_PROPERTY_RECREATE},
    {NULL, DARA_PROPERTY_INFO},
};
static const struct dara_kind index_kind = {
    .size = sizeof(struct dara_kind),
    .name = "index",
    .plural = "indexes",
    .owner = "collection",
    .order = 30,
    .properties = index_properties,
};

static const struct dara_property view_properties[] = {
    {"mongodb.view_on", DARA_PROPERTY_ALTER},
    {"definition", DARA_PROPERTY_ALTER},
    {"collation", DARA_PROPERTY_RECREATE},
    {MONGODB_OTHER_OPTIONS, DARA_PROPERTY_RECREATE},
    {NULL, DARA_PROPERTY_INFO},
};
static const struct dara_kind view = {
    .size = sizeof(struct dara_kind),
    .name = "view",
    .plural = "views",
    .order = 40,
    .properties = view_properties,
};

const struct dara_kind *const mongodb_kinds[] = {&collection, &field, &index_kind, &view, NULL};
