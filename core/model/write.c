/* SPDX-License-Identifier: MIT */
/* The JSON form, written as text at once: a value tree of a large model costs more than the model. */
#include <inttypes.h>
#include <string.h>

#include "model/internal.h"

/* What stands for a byte that a JSON string cannot hold as it is. */
static void add_escaped(struct dara_text *out, unsigned char byte)
{
    if (byte == '"' || byte == '\\')
        dara_text_format(out, "\\%c", byte);
    else if (byte == '\n')
        dara_text_add(out, "\\n");
    else if (byte == '\t')
        dara_text_add(out, "\\t");
    else
        dara_text_format(out, "\\u%04x", byte);
}

/* Whether eight bytes go into a JSON string as they are: none below 0x20, no quote and no backslash. */
static bool is_plain(const char *bytes)
{
    const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
    uint64_t eight;
    memcpy(&eight, bytes, sizeof(eight));
    uint64_t quote = eight ^ ones * '"', backslash = eight ^ ones * '\\';
    uint64_t found = ((eight - ones * 0x20) & ~eight) | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash);
    return (found & high) == 0;
}

static void add_string(struct dara_text *out, const char *string)
{
    const char *start = string, *end = string + strlen(string);
    dara_text_put(out, "\"", 1);
    while (string < end) {
        if (end - string >= 8 && is_plain(string)) {
            string += 8;
            continue;
        }
        unsigned char byte = (unsigned char)*string++;
        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        dara_text_put(out, start, (size_t)(string - 1 - start));
        start = string;
        add_escaped(out, byte);
    }
    dara_text_put(out, start, (size_t)(string - start));
    dara_text_put(out, "\"", 1);
}

static void new_line(struct dara_text *out, unsigned indent)
{
    static const char spaces[] = "\n                                                                ";
    dara_text_put(out, spaces, indent + 1 < sizeof(spaces) ? indent + 1 : sizeof(spaces) - 1);
}

/* A comma where there was something before, and a new line. */
static void next(struct dara_text *out, unsigned indent, bool *first)
{
    if (!*first)
        dara_text_put(out, ",", 1);
    *first = false;
    new_line(out, indent);
}

/* A comma where there was something before, and the name of a member. */
static void next_member(struct dara_text *out, bool *first, const char *name)
{
    if (!*first)
        dara_text_put(out, ", ", 2);
    *first = false;
    dara_text_put(out, "\"", 1);
    dara_text_put(out, name, strlen(name)); /* one of ours, or checked with its kind: nothing to escape */
    dara_text_put(out, "\": ", 3);
}

/* `"name": "value"`, left out where there is no value. */
static void add_member(struct dara_text *out, bool *first, const char *name, const char *value)
{
    if (!value)
        return;
    next_member(out, first, name);
    add_string(out, value);
}

static void add_value(struct dara_text *out, const struct value *value)
{
    switch (value->type) {
    case VALUE_TEXT:
        add_string(out, value->text);
        break;
    case VALUE_BOOL:
        dara_text_add(out, value->flag ? "true" : "false");
        break;
    case VALUE_INT:
        dara_text_format(out, "%" PRId64, value->number);
        break;
    default:
        dara_text_put(out, "[", 1);
        for (size_t i = 0; i < value->count; i++) {
            dara_text_add(out, i ? ", " : "");
            add_string(out, value->items[i]);
        }
        dara_text_put(out, "]", 1);
    }
}

static void add_properties(struct dara_text *out, bool *first, const struct dara_object *object)
{
    bool none = true;
    for (size_t i = 0; i < object->slot->property_count; i++) {
        if (object->values[i].type == VALUE_ABSENT)
            continue;
        if (none) {
            next_member(out, first, "properties");
            dara_text_put(out, "{", 1);
        }
        next_member(out, &none, object->slot->kind->properties[i].name);
        add_value(out, &object->values[i]);
    }
    if (!none)
        dara_text_put(out, "}", 1);
}

static void add_needs(struct dara_text *out, bool *first, const struct dara_object *object)
{
    if (!object->needs)
        return;
    next_member(out, first, "depends");
    for (const struct need *need = object->needs; need; need = need->next) {
        bool empty = true;
        dara_text_add(out, need == object->needs ? "[{" : ", {");
        add_member(out, &empty, "kind", need->kind);
        add_member(out, &empty, "space", need->space);
        add_member(out, &empty, "key", need->key);
        dara_text_put(out, "}", 1);
    }
    dara_text_put(out, "]", 1);
}

/* An object on one line, and each that it owns on a line below: short, and a change shows as the lines of what changed. */
static void add_object(struct dara_text *out, unsigned indent, const struct dara_object *object)
{
    bool first = true, none = true;
    dara_text_put(out, "{", 1);
    add_member(out, &first, "kind", object->slot->kind->name);
    add_member(out, &first, "space", object->space);
    add_member(out, &first, "name", object->name);
    add_member(out, &first, "key", object->key != object->name ? object->key : NULL);
    add_member(out, &first, "comment", object->comment);
    if (object->given) {
        next_member(out, &first, "given");
        dara_text_add(out, "true");
    }
    add_properties(out, &first, object);
    add_needs(out, &first, object);
    if (object->owned_count) {
        next_member(out, &first, "owned");
        dara_text_put(out, "[", 1);
        for (size_t i = 0; i < object->owned_count; i++) {
            next(out, indent + 1, &none);
            add_object(out, indent + 1, object->owned[i]);
        }
        new_line(out, indent);
        dara_text_put(out, "]", 1);
    }
    dara_text_put(out, "}", 1);
}

static void add_flags(struct dara_text *out, unsigned flags)
{
    bool none = true;
    dara_text_add(out, "[");
    for (unsigned bit = 0; dara_flag_name(bit); bit++) {
        if (!(flags & 1u << bit))
            continue;
        dara_text_add(out, none ? "" : ", ");
        none = false;
        add_string(out, dara_flag_name(bit));
    }
    dara_text_add(out, "]");
}

static void add_kind(struct dara_text *out, const struct dara_kind *kind)
{
    bool first = true, none = true;
    dara_text_add(out, "{");
    add_member(out, &first, "name", kind->name);
    add_member(out, &first, "plural", kind->plural);
    add_member(out, &first, "owner", kind->owner);
    next_member(out, &first, "order");
    dara_text_format(out, "%d", kind->order);
    next_member(out, &first, "flags");
    add_flags(out, kind->flags);
    next_member(out, &first, "properties");
    dara_text_add(out, "[");
    for (const struct dara_property *p = kind->properties; p && p->name; p++) {
        bool empty = true;
        next(out, 3, &none);
        dara_text_add(out, "{");
        add_member(out, &empty, "name", p->name);
        add_member(out, &empty, "mode", dara_mode_name(p->mode));
        dara_text_add(out, "}");
    }
    if (!none)
        new_line(out, 2);
    dara_text_add(out, "]}");
}

/* The end of a list of lines at the top. */
static void close(struct dara_text *out, bool empty)
{
    dara_text_add(out, empty ? "]" : "\n ]");
}

static void add_families(struct dara_text *out, const struct dara_model *model)
{
    bool none = true;
    dara_text_add(out, ",\n \"families\": [");
    for (size_t i = 0; i < model->family_count; i++) {
        const struct family *family = &model->families[i];
        bool empty = true;
        next(out, 2, &none);
        dara_text_add(out, "{");
        add_member(out, &empty, "name", family->name);
        add_member(out, &empty, "state", dara_state_name(family->state));
        add_member(out, &empty, "why", family->why);
        dara_text_add(out, "}");
    }
    close(out, none);
    dara_text_add(out, ",\n \"unrepresented\": [");
    none = true;
    for (size_t i = 0; i < model->unrepresented_count; i++) {
        const struct unrepresented *row = &model->unrepresented[i];
        bool empty = true;
        next(out, 2, &none);
        dara_text_add(out, "{");
        add_member(out, &empty, "family", row->family);
        add_member(out, &empty, "name", row->name);
        add_member(out, &empty, "why", row->why);
        dara_text_add(out, "}");
    }
    close(out, none);
}

/* From so many bytes on they are passed on. */
#define PIECE 32768

static int pass_on(struct dara_text *out, int (*put)(void *context, const char *bytes, size_t length), void *context)
{
    int r = put(context, dara_text_string(out), out->length);
    dara_text_clear(out);
    return r;
}

static void begin(const struct dara_model *model, struct dara_text *out)
{
    bool none = true;
    dara_text_format(out, "{\n \"format\": %d,\n \"engine\": ", DARA_MODEL_FORMAT);
    add_string(out, model->engine);
    dara_text_add(out, ",\n \"kinds\": [");
    for (size_t i = 0; i < model->kind_count; i++) {
        next(out, 2, &none);
        add_kind(out, model->kinds[i].kind);
    }
    close(out, none);
    add_families(out, model);
    dara_text_add(out, ",\n \"objects\": [");
}

int dara_model_stream_json(const struct dara_model *model, int (*put)(void *context, const char *bytes, size_t length),
                           void *context)
{
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    bool none = true;
    int r = 0;
    begin(model, &out);
    for (size_t i = 0; i < model->count && !r; i++) {
        if (model->objects[i]->owner)
            continue;
        next(&out, 2, &none);
        add_object(&out, 2, model->objects[i]);
        if (out.length >= PIECE)
            r = pass_on(&out, put, context);
    }
    close(&out, none);
    dara_text_add(&out, "\n}\n");
    return r ? r : pass_on(&out, put, context);
}

static int keep(void *context, const char *bytes, size_t length)
{
    dara_text_add_bytes(context, bytes, length);
    return 0;
}

void dara_model_write_json(const struct dara_model *model, struct dara_text *out)
{
    dara_model_stream_json(model, keep, out);
}

json_t *dara_model_to_json(const struct dara_model *model)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    dara_model_write_json(model, &text);
    return json_loadb(dara_text_string(&text), text.length, 0, NULL);
}
