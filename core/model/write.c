/* SPDX-License-Identifier: MIT */
/* The JSON form, written as text at once: a value tree of a large model costs more than the model. */
#include <inttypes.h>
#include <string.h>

#include "model/internal.h"

static void add_string(struct dara_text *out, const char *string)
{
    dara_text_add_bytes(out, "\"", 1);
    const char *start = string;
    for (; *string; string++) {
        unsigned char byte = (unsigned char)*string;
        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        dara_text_add_bytes(out, start, (size_t)(string - start));
        start = string + 1;
        if (byte == '"' || byte == '\\')
            dara_text_format(out, "\\%c", byte);
        else if (byte == '\n')
            dara_text_add(out, "\\n");
        else if (byte == '\t')
            dara_text_add(out, "\\t");
        else
            dara_text_format(out, "\\u%04x", byte);
    }
    dara_text_add_bytes(out, start, (size_t)(string - start));
    dara_text_add_bytes(out, "\"", 1);
}

static void new_line(struct dara_text *out, unsigned indent)
{
    static const char spaces[] = "                                                                ";
    dara_text_add_bytes(out, "\n", 1);
    for (; indent > sizeof(spaces) - 1; indent -= (unsigned)sizeof(spaces) - 1)
        dara_text_add_bytes(out, spaces, sizeof(spaces) - 1);
    dara_text_add_bytes(out, spaces, indent);
}

/* A comma where there was something before, and a new line. */
static void next(struct dara_text *out, unsigned indent, bool *first)
{
    if (!*first)
        dara_text_add_bytes(out, ",", 1);
    *first = false;
    new_line(out, indent);
}

static void close(struct dara_text *out, unsigned indent, bool empty, const char *bracket)
{
    if (!empty)
        new_line(out, indent);
    dara_text_add_bytes(out, bracket, 1);
}

static void add_name(struct dara_text *out, const char *name)
{
    add_string(out, name);
    dara_text_add_bytes(out, ": ", 2);
}

/* `"name": "value"`, left out where there is no value. */
static void add_member(struct dara_text *out, unsigned indent, bool *first, const char *name, const char *value)
{
    if (!value)
        return;
    next(out, indent, first);
    add_name(out, name);
    add_string(out, value);
}

/* The same on one line: `{"a": "b", "c": "d"}`. */
static void add_inline(struct dara_text *out, bool *first, const char *name, const char *value)
{
    if (!value)
        return;
    dara_text_add(out, *first ? "" : ", ");
    *first = false;
    add_name(out, name);
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
        dara_text_add_bytes(out, "[", 1);
        for (size_t i = 0; i < value->list.count; i++) {
            dara_text_add(out, i ? ", " : "");
            add_string(out, value->list.items[i]);
        }
        dara_text_add_bytes(out, "]", 1);
    }
}

static void add_properties(struct dara_text *out, unsigned indent, bool *first, const struct dara_object *object)
{
    bool none = true;
    for (size_t i = 0; i < object->slot->property_count; i++) {
        if (object->values[i].type == VALUE_ABSENT)
            continue;
        if (none) {
            next(out, indent, first);
            dara_text_add(out, "\"properties\": {");
        }
        next(out, indent + 1, &none);
        add_name(out, object->slot->kind->properties[i].name);
        add_value(out, &object->values[i]);
    }
    if (!none)
        close(out, indent, false, "}");
}

static void add_needs(struct dara_text *out, unsigned indent, bool *first, const struct dara_object *object)
{
    if (!object->needs)
        return;
    bool none = true;
    next(out, indent, first);
    dara_text_add(out, "\"depends\": [");
    for (const struct need *need = object->needs; need; need = need->next) {
        bool empty = true;
        next(out, indent + 1, &none);
        dara_text_add(out, "{");
        add_inline(out, &empty, "kind", need->kind);
        add_inline(out, &empty, "space", need->space);
        add_inline(out, &empty, "key", need->key);
        dara_text_add(out, "}");
    }
    close(out, indent, false, "]");
}

static void add_object(struct dara_text *out, unsigned indent, const struct dara_object *object)
{
    bool first = true, none = true;
    dara_text_add_bytes(out, "{", 1);
    add_member(out, indent + 1, &first, "kind", object->slot->kind->name);
    add_member(out, indent + 1, &first, "space", object->space);
    add_member(out, indent + 1, &first, "name", object->name);
    add_member(out, indent + 1, &first, "key", strcmp(object->key, object->name) ? object->key : NULL);
    add_member(out, indent + 1, &first, "comment", object->comment);
    add_properties(out, indent + 1, &first, object);
    add_needs(out, indent + 1, &first, object);
    if (object->owned_count) {
        next(out, indent + 1, &first);
        dara_text_add(out, "\"owned\": [");
        for (size_t i = 0; i < object->owned_count; i++) {
            next(out, indent + 2, &none);
            add_object(out, indent + 2, object->owned[i]);
        }
        close(out, indent + 1, false, "]");
    }
    close(out, indent, false, "}");
}

static void add_kind(struct dara_text *out, const struct dara_kind *kind)
{
    bool first = true, none = true;
    dara_text_add(out, "{");
    add_member(out, 3, &first, "name", kind->name);
    add_member(out, 3, &first, "plural", kind->plural);
    add_member(out, 3, &first, "owner", kind->owner);
    next(out, 3, &first);
    dara_text_format(out, "\"order\": %d", kind->order);
    next(out, 3, &first);
    dara_text_add(out, "\"flags\": [");
    for (unsigned bit = 0; dara_flag_name(bit); bit++) {
        if (!(kind->flags & 1u << bit))
            continue;
        dara_text_add(out, none ? "" : ", ");
        none = false;
        add_string(out, dara_flag_name(bit));
    }
    dara_text_add(out, "]");
    next(out, 3, &first);
    dara_text_add(out, "\"properties\": [");
    none = true;
    for (const struct dara_property *p = kind->properties; p && p->name; p++) {
        bool empty = true;
        next(out, 4, &none);
        dara_text_add(out, "{");
        add_inline(out, &empty, "name", p->name);
        add_inline(out, &empty, "mode", dara_mode_name(p->mode));
        dara_text_add(out, "}");
    }
    close(out, 3, none, "]");
    close(out, 2, false, "}");
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
        add_inline(out, &empty, "name", family->name);
        add_inline(out, &empty, "state", dara_state_name(family->state));
        add_inline(out, &empty, "why", family->why);
        dara_text_add(out, "}");
    }
    close(out, 1, none, "]");
    dara_text_add(out, ",\n \"unrepresented\": [");
    none = true;
    for (size_t i = 0; i < model->unrepresented_count; i++) {
        const struct unrepresented *row = &model->unrepresented[i];
        bool empty = true;
        next(out, 2, &none);
        dara_text_add(out, "{");
        add_inline(out, &empty, "family", row->family);
        add_inline(out, &empty, "name", row->name);
        add_inline(out, &empty, "why", row->why);
        dara_text_add(out, "}");
    }
    close(out, 1, none, "]");
}

void dara_model_write_json(const struct dara_model *model, struct dara_text *out)
{
    bool none = true;
    dara_text_format(out, "{\n \"format\": %d,\n \"engine\": ", DARA_MODEL_FORMAT);
    add_string(out, model->engine);
    dara_text_add(out, ",\n \"kinds\": [");
    for (size_t i = 0; i < model->kind_count; i++) {
        next(out, 2, &none);
        add_kind(out, model->kinds[i].kind);
    }
    close(out, 1, none, "]");
    add_families(out, model);
    dara_text_add(out, ",\n \"objects\": [");
    none = true;
    for (size_t i = 0; i < model->count; i++) {
        if (model->objects[i]->owner)
            continue;
        next(out, 2, &none);
        add_object(out, 2, model->objects[i]);
    }
    close(out, 1, none, "]");
    dara_text_add(out, "\n}\n");
}

json_t *dara_model_to_json(const struct dara_model *model)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    dara_model_write_json(model, &text);
    return json_loadb(dara_text_string(&text), text.length, 0, NULL);
}
