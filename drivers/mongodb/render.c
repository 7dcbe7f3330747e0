/* SPDX-License-Identifier: MIT */
/* Objects as the commands that make them. */
#include "render.h"

#include <string.h>

#include "json.h"
#include "mg.h"
#include "options.h"

static int render_index(const struct dara_object *index, bson_t *to)
{
    bson_t list, spec;
    BSON_APPEND_UTF8(to, "createIndexes", dara_object_key(dara_object_owner(index)));
    BSON_APPEND_ARRAY_BEGIN(to, "indexes", &list);
    BSON_APPEND_DOCUMENT_BEGIN(&list, "0", &spec);
    BSON_APPEND_UTF8(&spec, "name", dara_object_name(index));
    int code = mongodb_options_give(index, mongodb_index_options, &spec);
    bson_append_document_end(&list, &spec);
    bson_append_array_end(to, &list);
    return code;
}

int mongodb_render_command(const struct dara_object *object, bson_t *to)
{
    const char *kind = dara_object_kind(object)->name;
    if (strcmp(kind, "index") == 0)
        return render_index(object, to);
    BSON_APPEND_UTF8(to, "create", dara_object_name(object));
    bool view = strcmp(kind, "view") == 0;
    return mongodb_options_give(object, view ? mongodb_view_options : mongodb_collection_options, to);
}

int mongodb_dialect_render(const struct dara_object *object, struct dara_text *out)
{
    bson_t command = BSON_INITIALIZER;
    struct mongodb_buffer text = {0};
    int code = mongodb_render_command(object, &command);
    if (!code) {
        mongodb_json_write(&command, 0, &text);
        dara_text_add(out, mongodb_buffer_get(&text));
        dara_text_add(out, "\n");
    }
    mongodb_buffer_free(&text);
    bson_destroy(&command);
    return code;
}

int mongodb_dialect_begin_snapshot(const struct dara_model *model, struct dara_text *out)
{
    (void)model;
    dara_text_add(out, "// Database commands in Extended JSON, one for each step: dara runs them, and so does\n"
                       "// db.runCommand(EJSON.deserialize(…)) in the server's own shell.\n\n");
    return 0;
}
