/* SPDX-License-Identifier: MIT */
/* What dara's own rules need to know of an index. */
#include <string.h>

#include "audit.h"
#include "json.h"
#include "options.h"

const struct dara_rule *const mongodb_audit_rules[] = {NULL};

/* Whether the parts are fields in order, and nothing else ("text", "hashed", "$**"): then a longer index does the same. */
static bool is_plain(const char *const *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *space = strrchr(columns[i], ' ');
        if (strstr(columns[i], "$**") || (space && strcmp(space, " desc") != 0))
            return false;
    }
    return true;
}

/* All options but the key, as one text. */
static int write_rest(const struct dara_object *index, struct mongodb_buffer *out)
{
    bson_t rest = BSON_INITIALIZER;
    int code = 0;
    for (const struct mongodb_option *it = mongodb_index_options; !code && it->name; it++)
        if (strcmp(it->name, "key") != 0 && strcmp(it->name, "unique") != 0)
            code = mongodb_option_give(index, it, &rest);
    if (!code && !bson_empty(&rest))
        mongodb_json_write(&rest, -1, out);
    bson_destroy(&rest);
    return code;
}

int mongodb_audit_index(const struct dara_object *object, struct dara_index *index)
{
    const char *const *columns = NULL;
    struct mongodb_buffer rest = {0};
    size_t count = dara_object_list(object, "columns", &columns);
    int code = write_rest(object, &rest);
    if (!code)
        dara_index_describe(
            index, &(struct dara_index_desc){
                       .size = sizeof(struct dara_index_desc),
                       .count = count,
                       .columns = columns,
                       .rest = rest.length ? mongodb_buffer_get(&rest) : NULL,
                       .unique = dara_object_bool(object, "unique", false),
                       .partial = dara_object_has(object, "where") || dara_object_bool(object, "mongodb.sparse", false),
                       .ordered = is_plain(columns, count),
                       .nulls_equal = true,
                   });
    mongodb_buffer_free(&rest);
    return code;
}
