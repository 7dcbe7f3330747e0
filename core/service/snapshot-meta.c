/* SPDX-License-Identifier: MIT */
/* The meta file of a snapshot: written from a model, parsed with every field checked. */
#include <ctype.h>
#include <string.h>

#include "base/file.h"
#include "report/report.h"
#include "service/show.h"
#include "service/snapshot-parts.h"

struct dara_snapshot *dara_snapshot_new(void)
{
    struct dara_snapshot *snapshot = dara_alloc(sizeof(*snapshot));
    snapshot->memory = dara_arena_new();
    snapshot->serial = 1;
    return snapshot;
}

struct dara_snapshot *dara_snapshot_free(struct dara_snapshot *snapshot)
{
    if (!snapshot)
        return NULL;
    dara_arena_free(snapshot->memory);
    free(snapshot->applied);
    free(snapshot->rows);
    free(snapshot);
    return NULL;
}

/* ---- writing ------------------------------------------------------------------------------------------------------ */

static json_t *counts_json(const struct dara_model *model)
{
    json_t *counts = json_object();
    for (size_t i = 0; i < dara_model_kind_count(model); i++) {
        const char *kind = dara_model_kind_at(model, i)->name;
        json_object_set_new(counts, kind, json_integer((json_int_t)dara_model_count_of(model, kind)));
    }
    return counts;
}

static json_t *families_json(const struct dara_model *model)
{
    json_t *families = json_array();
    for (size_t i = 0; i < dara_model_family_count(model); i++) {
        enum dara_family_state state;
        const char *why;
        const char *family = dara_model_family_at(model, i, &state, &why);
        if (state == DARA_FAMILY_READ)
            continue;
        json_array_append_new(families, json_pack("{s:s, s:s, s:o}", "family", family, "state", dara_state_name(state),
                                                  "why", dara_report_string(why)));
    }
    return families;
}

static json_t *unrepresented_json(const struct dara_model *model)
{
    json_t *list = json_array();
    for (size_t i = 0; i < dara_model_unrepresented_count(model); i++) {
        const char *family, *name, *why;
        dara_model_unrepresented_at(model, i, &family, &name, &why);
        json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "family", dara_report_string(family), "name",
                                              dara_report_string(name), "why", dara_report_string(why)));
    }
    return list;
}

static json_t *rows_json(const struct dara_snapshot *snapshot)
{
    json_t *list = json_array();
    for (size_t i = 0; i < snapshot->rows_count; i++) {
        const struct dara_snapshot_rows *rows = &snapshot->rows[i];
        json_array_append_new(list, json_pack("{s:s, s:o, s:s, s:I, s:I, s:I}", "kind", rows->kind, "space",
                                              dara_report_string(rows->space), "key", rows->key, "offset",
                                              (json_int_t)rows->offset, "length", (json_int_t)rows->length, "rows",
                                              (json_int_t)rows->rows));
    }
    return list;
}

static json_t *spaces_json(const struct dara_snapshot *snapshot)
{
    json_t *list = snapshot->spaces ? json_array() : json_null();
    for (size_t i = 0; snapshot->spaces && snapshot->spaces[i]; i++)
        json_array_append_new(list, json_string(snapshot->spaces[i]));
    return list;
}

static json_t *applied_json(const struct dara_snapshot *snapshot)
{
    json_t *list = json_array();
    for (size_t i = 0; i < snapshot->applied_count; i++)
        json_array_append_new(list, json_string(snapshot->applied[i]));
    return list;
}

void dara_snapshot_write_meta(const struct dara_snapshot *snapshot, const struct dara_model *model,
                              struct dara_text *out)
{
    const struct {
        const char *name;
        json_t *value;
    } fields[] = {
        {"format", json_integer(DARA_SNAPSHOT_FORMAT)},
        {"label", json_string(snapshot->label)},
        {"purpose", dara_report_string(snapshot->purpose)},
        {"created_at", json_string(snapshot->created_at)},
        {"serial", json_integer(snapshot->serial)},
        {"engine", json_string(snapshot->engine)},
        {"server", dara_report_string(snapshot->server)},
        {"url", dara_report_string(snapshot->url)},
        {"tool", dara_report_string(snapshot->tool)},
        {"file", json_string(dara_file_base(snapshot->text_path))},
        {"size", json_integer((json_int_t)snapshot->size)},
        {"sha256", json_string(snapshot->sha256)},
        {"model_file", json_string(dara_file_base(snapshot->model_path))},
        {"model_sha256", json_string(snapshot->model_sha256)},
        {"fingerprint", json_string(snapshot->fingerprint)},
        {"objects", json_integer((json_int_t)snapshot->objects)},
        {"counts", counts_json(model)},
        {"not_read", families_json(model)},
        {"unrepresented", unrepresented_json(model)},
        {"has_data", json_boolean(snapshot->has_data)},
        {"data", rows_json(snapshot)},
        {"owner", json_boolean(snapshot->scope & DARA_SCOPE_OWNER)},
        {"privileges", json_boolean(snapshot->scope & DARA_SCOPE_PRIVILEGES)},
        {"settings", json_boolean(snapshot->scope & DARA_SCOPE_SETTINGS)},
        {"schemas", spaces_json(snapshot)},
        {"left_out", dara_show_left_out(model, snapshot->scope)},
        {"applied", applied_json(snapshot)},
        {"keep", json_boolean(snapshot->keep)},
    };
    json_t *meta = json_object();
    for (size_t i = 0; i < DARA_COUNT(fields); i++)
        json_object_set_new(meta, fields[i].name, fields[i].value);
    char *text = json_dumps(meta, JSON_INDENT(2));
    dara_text_add(out, text);
    dara_text_add(out, "\n");
    free(text);
    json_decref(meta);
}

/* ---- parsing ------------------------------------------------------------------------------------------------------ */

static int wrong(const char *field, const char *wanted)
{
    return dara_error_set(DARA_EFILE, "malformed snapshot meta: '%s' is not %s", field, wanted);
}

static int get_text(const json_t *meta, struct dara_arena *memory, const char *field, bool must, char **ret_text)
{
    const json_t *value = json_object_get(meta, field);
    if (json_is_string(value)) {
        *ret_text = dara_arena_strdup(memory, json_string_value(value));
        return 0;
    }
    if (!must && (!value || json_is_null(value)))
        return 0;
    return wrong(field, "a text");
}

static int get_hash(const json_t *meta, struct dara_arena *memory, const char *field, char **ret_text)
{
    int r = get_text(meta, memory, field, true, ret_text);
    if (r < 0)
        return r;
    return strlen(*ret_text) == 64 && strspn(*ret_text, "0123456789abcdef") == 64 ? 0 : wrong(field, "a sha-256");
}

static int get_size(const json_t *meta, const char *field, bool must, uint64_t *ret_size)
{
    const json_t *value = json_object_get(meta, field);
    if (!value && !must)
        return 0;
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return wrong(field, "a number of 0 or more");
    *ret_size = (uint64_t)json_integer_value(value);
    return 0;
}

static int get_bool(const json_t *meta, const char *field, bool *ret_value)
{
    const json_t *value = json_object_get(meta, field);
    if (value && !json_is_boolean(value))
        return wrong(field, "true or false");
    *ret_value = json_is_true(value);
    return 0;
}

static int get_scope(const json_t *meta, unsigned *ret_scope)
{
    static const char *const names[] = {"owner", "privileges", "settings"}; /* bits of enum dara_scope */
    for (unsigned i = 0; i < DARA_COUNT(names); i++) {
        bool asked = false;
        int r = get_bool(meta, names[i], &asked);
        if (r < 0)
            return r;
        *ret_scope |= asked ? 1u << i : 0u;
    }
    return 0;
}

/* A name in the same folder: a meta must not lead to files elsewhere. */
static int get_file(const json_t *meta, struct dara_arena *memory, const char *field, char **ret_name)
{
    int r = get_text(meta, memory, field, true, ret_name);
    if (r < 0)
        return r;
    const char *name = *ret_name;
    if (!*name || *name == '.' || strchr(name, '/'))
        return wrong(field, "a file name without folder");
    for (const char *at = name; *at; at++)
        if (iscntrl((unsigned char)*at))
            return wrong(field, "a file name without control characters");
    return 0;
}

static int parse_rows(const json_t *list, struct dara_snapshot *snapshot)
{
    if (!list)
        return 0;
    if (!json_is_array(list))
        return wrong("data", "a list");
    snapshot->rows = dara_alloc((json_array_size(list) + 1) * sizeof(*snapshot->rows));
    uint64_t end = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        struct dara_snapshot_rows *rows = &snapshot->rows[i];
        char *kind = NULL, *space = NULL, *key = NULL;
        int r;
        if ((r = get_text(item, snapshot->memory, "kind", true, &kind)) < 0 ||
            (r = get_text(item, snapshot->memory, "space", false, &space)) < 0 ||
            (r = get_text(item, snapshot->memory, "key", true, &key)) < 0 ||
            (r = get_size(item, "offset", true, &rows->offset)) < 0 ||
            (r = get_size(item, "length", true, &rows->length)) < 0 ||
            (r = get_size(item, "rows", true, &rows->rows)) < 0)
            return r;
        rows->kind = kind, rows->space = space, rows->key = key;
        if (rows->offset < end || rows->offset > snapshot->size || rows->length > snapshot->size - rows->offset)
            return wrong("data", "a list of ordered places inside the file");
        end = rows->offset + rows->length;
        snapshot->rows_count++;
    }
    return 0;
}

static int parse_applied(const json_t *list, struct dara_snapshot *snapshot)
{
    if (!list)
        return 0;
    if (!json_is_array(list))
        return wrong("applied", "a list");
    snapshot->applied = dara_alloc((json_array_size(list) + 1) * sizeof(*snapshot->applied));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *version = json_string_value(json_array_get(list, i));
        if (!version)
            return wrong("applied", "a list of texts");
        snapshot->applied[snapshot->applied_count++] = dara_arena_strdup(snapshot->memory, version);
    }
    return 0;
}

static int parse_spaces(const json_t *list, struct dara_snapshot *snapshot)
{
    if (!list || json_is_null(list))
        return 0;
    if (!json_is_array(list) || !json_array_size(list))
        return wrong("schemas", "a list");
    const char **spaces = dara_arena_alloc(snapshot->memory, (json_array_size(list) + 1) * sizeof(*spaces));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *space = json_string_value(json_array_get(list, i));
        if (!space)
            return wrong("schemas", "a list of texts");
        spaces[i] = dara_arena_strdup(snapshot->memory, space);
    }
    spaces[json_array_size(list)] = NULL;
    snapshot->spaces = spaces;
    return 0;
}

static int parse_fields(const json_t *meta, struct dara_snapshot *snapshot)
{
    struct dara_arena *memory = snapshot->memory;
    uint64_t format = 0, serial = 1;
    int r;
    if ((r = get_size(meta, "format", true, &format)) < 0)
        return r;
    if (format == 0 || format > DARA_SNAPSHOT_FORMAT) {
        dara_error_set(DARA_EFILE, "snapshot format %llu is not known to this version of dara",
                       (unsigned long long)format);
        dara_error_hint("use the version of dara that wrote it, or a newer one");
        return DARA_EFILE;
    }
    if ((r = get_text(meta, memory, "label", true, &snapshot->label)) < 0 ||
        (r = get_text(meta, memory, "purpose", false, &snapshot->purpose)) < 0 ||
        (r = get_text(meta, memory, "created_at", true, &snapshot->created_at)) < 0 ||
        (r = get_text(meta, memory, "engine", true, &snapshot->engine)) < 0 ||
        (r = get_text(meta, memory, "server", false, &snapshot->server)) < 0 ||
        (r = get_text(meta, memory, "url", false, &snapshot->url)) < 0 ||
        (r = get_text(meta, memory, "tool", false, &snapshot->tool)) < 0 ||
        (r = get_file(meta, memory, "file", &snapshot->text_path)) < 0 ||
        (r = get_file(meta, memory, "model_file", &snapshot->model_path)) < 0 ||
        (r = get_hash(meta, memory, "sha256", &snapshot->sha256)) < 0 ||
        (r = get_hash(meta, memory, "model_sha256", &snapshot->model_sha256)) < 0 ||
        (r = get_hash(meta, memory, "fingerprint", &snapshot->fingerprint)) < 0 ||
        (r = get_size(meta, "size", true, &snapshot->size)) < 0 ||
        (r = get_size(meta, "objects", false, &snapshot->objects)) < 0 ||
        (r = get_size(meta, "serial", false, &serial)) < 0 ||
        (r = get_bool(meta, "has_data", &snapshot->has_data)) < 0 ||
        (r = get_bool(meta, "keep", &snapshot->keep)) < 0 || (r = get_scope(meta, &snapshot->scope)) < 0 ||
        (r = parse_spaces(json_object_get(meta, "schemas"), snapshot)) < 0 ||
        (r = parse_rows(json_object_get(meta, "data"), snapshot)) < 0 ||
        (r = parse_applied(json_object_get(meta, "applied"), snapshot)) < 0)
        return r;
    snapshot->serial = serial > 1000000 ? 1000000 : (unsigned)serial;
    const char *dot = strrchr(snapshot->text_path, '.');
    snapshot->id = dot ? dara_arena_strndup(memory, snapshot->text_path, (size_t)(dot - snapshot->text_path))
                       : snapshot->text_path;
    return 0;
}

int dara_snapshot_parse_meta(const char *text, size_t length, struct dara_snapshot **ret_snapshot)
{
    json_error_t error;
    json_t *meta = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (!meta) {
        dara_error_set(DARA_EFILE, "malformed snapshot meta: %s", error.text);
        dara_error_at(NULL, error.line > 0 ? error.line : 1);
        return DARA_EFILE;
    }
    struct dara_snapshot *snapshot = dara_snapshot_new();
    int r = json_is_object(meta) ? parse_fields(meta, snapshot) : wrong("meta", "a JSON object");
    json_decref(meta);
    if (r < 0) {
        dara_snapshot_free(snapshot);
        return r;
    }
    *ret_snapshot = snapshot;
    return 0;
}
