/* SPDX-License-Identifier: MIT */
#include "service/rollback-aim.h"

#include <jansson.h>
#include <string.h>

/* ---- writing ------------------------------------------------------------------------------------------------------ */

static void set_text(json_t *object, const char *name, const char *value)
{
    if (value)
        json_object_set_new(object, name, json_string(value));
}

static json_t *list_of(const char *const *items, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_string(items[i]));
    return list;
}

static json_t *list_of_rows(const struct dara_snapshot_rows *rows, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *item = json_object();
        set_text(item, "kind", rows[i].kind);
        set_text(item, "space", rows[i].space);
        set_text(item, "key", rows[i].key);
        json_object_set_new(item, "rows", json_integer((json_int_t)rows[i].rows));
        json_array_append_new(list, item);
    }
    return list;
}

void dara_rollback_aim_write(const struct dara_rollback_aim *aim, struct dara_text *out)
{
    json_t *document = json_object();
    set_text(document, "snapshot", aim->snapshot);
    set_text(document, "file", aim->file);
    set_text(document, "label", aim->label);
    set_text(document, "sha256", aim->sha256);
    set_text(document, "emergency", aim->emergency);
    set_text(document, "emergency_sha256", aim->emergency_sha256);
    json_object_set_new(document, "scope", json_integer((json_int_t)aim->scope));
    json_object_set_new(document, "rebuild", json_boolean(aim->rebuild));
    json_object_set_new(document, "applied", list_of((const char *const *)aim->applied, aim->applied_count));
    json_object_set_new(document, "renames", list_of((const char *const *)aim->renames, aim->rename_count));
    json_object_set_new(document, "rows", list_of_rows(aim->rows, aim->rows_count));
    json_object_set_new(document, "emergency_rows", list_of_rows(aim->emergency_rows, aim->emergency_rows_count));
    json_object_set_new(document, "before", dara_model_to_json(aim->before));
    json_object_set_new(document, "target", dara_model_to_json(aim->target));
    char *text = json_dumps(document, JSON_COMPACT);
    dara_text_add(out, text ? text : "");
    free(text);
    json_decref(document);
}

/* ---- reading ------------------------------------------------------------------------------------------------------ */

static const char *text_in(struct dara_arena *arena, const json_t *document, const char *name)
{
    const char *value = json_string_value(json_object_get(document, name));
    return value ? dara_arena_strdup(arena, value) : NULL;
}

static const char **list_in(struct dara_arena *arena, const json_t *document, const char *name, size_t *ret_count)
{
    const json_t *list = json_object_get(document, name);
    size_t count = json_array_size(list);
    const char **items = dara_arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        const char *item = json_string_value(json_array_get(list, i));
        items[i] = dara_arena_strdup(arena, item ? item : "");
    }
    *ret_count = count;
    return items;
}

static struct dara_snapshot_rows *rows_in(struct dara_arena *arena, const json_t *document, const char *name,
                                          size_t *ret_count)
{
    const json_t *list = json_object_get(document, name);
    size_t count = json_array_size(list);
    struct dara_snapshot_rows *rows = dara_arena_alloc(arena, (count + 1) * sizeof(*rows));
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i);
        rows[i].kind = text_in(arena, item, "kind");
        rows[i].space = text_in(arena, item, "space");
        rows[i].key = text_in(arena, item, "key");
        rows[i].rows = (uint64_t)json_integer_value(json_object_get(item, "rows"));
    }
    *ret_count = count;
    return rows;
}

static int model_in(const json_t *document, const char *name, struct dara_model **ret_model)
{
    const json_t *value = json_object_get(document, name);
    char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;
    if (!text)
        return dara_error_set(DARA_EFILE, "the journal does not hold the schema that the rollback needs");
    int r = dara_model_read_json(text, strlen(text), ret_model);
    free(text);
    return r;
}

static int read_document(const json_t *document, struct dara_rollback_aim *aim)
{
    aim->snapshot = text_in(aim->arena, document, "snapshot");
    aim->file = text_in(aim->arena, document, "file");
    aim->label = text_in(aim->arena, document, "label");
    aim->sha256 = text_in(aim->arena, document, "sha256");
    aim->emergency = text_in(aim->arena, document, "emergency");
    aim->emergency_sha256 = text_in(aim->arena, document, "emergency_sha256");
    aim->scope = (unsigned)json_integer_value(json_object_get(document, "scope"));
    aim->rebuild = json_is_true(json_object_get(document, "rebuild"));
    aim->applied = (char **)list_in(aim->arena, document, "applied", &aim->applied_count);
    aim->renames = list_in(aim->arena, document, "renames", &aim->rename_count);
    aim->rows = rows_in(aim->arena, document, "rows", &aim->rows_count);
    aim->emergency_rows = rows_in(aim->arena, document, "emergency_rows", &aim->emergency_rows_count);
    int r = model_in(document, "before", &aim->before);
    return r < 0 ? r : model_in(document, "target", &aim->target);
}

int dara_rollback_aim_before(const char *text, struct dara_model **ret_model)
{
    DARA_ROLLBACK_AIM_LOCAL aim = NULL;
    int r = dara_rollback_aim_read(text, &aim);
    if (r < 0)
        return r;
    *ret_model = aim->before;
    aim->before = NULL;
    return 0;
}

int dara_rollback_aim_read(const char *text, struct dara_rollback_aim **ret_aim)
{
    json_t *document = text ? json_loads(text, 0, NULL) : NULL;
    if (!document)
        return dara_error_set(DARA_EFILE, "the journal does not hold where the rollback goes");
    DARA_ROLLBACK_AIM_LOCAL aim = dara_alloc(sizeof(*aim));
    aim->arena = dara_arena_new();
    int r = read_document(document, aim);
    json_decref(document);
    if (r < 0)
        return r;
    *ret_aim = aim;
    aim = NULL;
    return 0;
}

struct dara_rollback_aim *dara_rollback_aim_free(struct dara_rollback_aim *aim)
{
    if (!aim)
        return NULL;
    dara_model_free(aim->before);
    dara_model_free(aim->target);
    dara_arena_free(aim->arena);
    free(aim);
    return NULL;
}
