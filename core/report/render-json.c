/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "report/tree.h"

/* Length of the valid UTF-8 sequence at the start of `bytes`, or 0. */
static size_t sequence_length(const char *bytes, size_t length)
{
    for (size_t n = 1; n <= 4 && n <= length; n++)
        if (dara_utf8_valid(bytes, n))
            return n;
    return 0;
}

json_t *dara_report_string(const char *text)
{
    if (!text)
        return json_null();
    size_t length = strlen(text);
    if (dara_utf8_valid(text, length))
        return json_stringn_nocheck(text, length);
    DARA_TEXT_LOCAL clean = DARA_TEXT_INIT;
    for (size_t i = 0; i < length;) {
        size_t n = sequence_length(text + i, length - i);
        if (n) {
            dara_text_add_bytes(&clean, text + i, n);
            i += n;
        } else {
            dara_text_add(&clean, "\xef\xbf\xbd");
            i++;
        }
    }
    return json_stringn_nocheck(dara_text_string(&clean), clean.length);
}

static json_t *datum_json(const struct dara_datum *datum)
{
    switch (datum->type) {
    case DARA_DATUM_TEXT:
        return dara_report_string(datum->text);
    case DARA_DATUM_INT:
    case DARA_DATUM_BYTES:
    case DARA_DATUM_DURATION:
        return json_integer(datum->number);
    case DARA_DATUM_BOOL:
        return json_boolean(datum->number);
    case DARA_DATUM_JSON:
        return datum->json ? json_incref(datum->json) : json_null();
    case DARA_DATUM_NULL:
        break;
    }
    return json_null();
}

static json_t *table_json(const struct dara_table *table)
{
    json_t *rows = json_array();
    for (size_t row = 0; row < table->row_count; row++) {
        json_t *object = json_object();
        for (size_t column = 0; column < table->column_count; column++)
            json_object_set_new(object, table->columns[column].json, datum_json(dara_table_cell(table, row, column)));
        json_array_append_new(rows, object);
    }
    return rows;
}

static void fill(json_t *object, const struct dara_node *section, json_t *notes)
{
    for (size_t i = 0; i < section->child_count; i++) {
        const struct dara_node *node = section->children[i];
        switch (node->kind) {
        case DARA_NODE_SECTION: {
            /* A section opened again goes on where it was. */
            json_t *inner = node->json ? json_object_get(object, node->json) : object;
            if (!json_is_object(inner)) {
                inner = json_object();
                json_object_set_new(object, node->json, inner);
            }
            fill(inner, node, notes);
            break;
        }
        case DARA_NODE_TABLE:
            if (node->json)
                json_object_set_new(object, node->json, table_json(node->table));
            break;
        case DARA_NODE_NOTE:
            json_array_append_new(notes, json_pack("{s:s, s:o}", "level", dara_note_name(node->level), "text",
                                                   dara_report_string(node->datum.text)));
            break;
        case DARA_NODE_VALUE:
        case DARA_NODE_BLOCK:
            if (node->json)
                json_object_set_new(object, node->json, datum_json(&node->datum));
            break;
        }
    }
}

static json_t *error_json(const struct dara_error *error)
{
    json_t *object = json_object();
    json_object_set_new(object, "code", json_string(dara_error_name(error->code)));
    json_object_set_new(object, "message", dara_report_string(error->message));
    const struct {
        const char *name;
        const char *text;
    } parts[] = {{"detail", error->detail}, {"hint", error->hint}, {"native", error->native}, {"file", error->file}};
    for (size_t i = 0; i < DARA_COUNT(parts); i++)
        if (parts[i].text)
            json_object_set_new(object, parts[i].name, dara_report_string(parts[i].text));
    if (error->line > 0)
        json_object_set_new(object, "line", json_integer(error->line));
    return object;
}

static int append(const char *bytes, size_t length, void *out)
{
    dara_text_add_bytes(out, bytes, length);
    return 0;
}

/* What JSON does not have to escape may still be a control character to a terminal: DEL, and U+0080 to U+009F. They stand in strings
 * only, so they can be escaped in the text. */
void dara_report_add_json(const json_t *document, struct dara_text *out)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    json_dump_callback(document, append, &text, JSON_INDENT(2));
    const char *start = dara_text_string(&text), *at = start;
    for (; *at; at++) {
        unsigned char byte = (unsigned char)*at, next = (unsigned char)at[1];
        bool pair = byte == 0xc2 && next >= 0x80 && next <= 0x9f;
        if (!pair && byte != 0x7f)
            continue;
        dara_text_add_bytes(out, start, (size_t)(at - start));
        dara_text_format(out, "\\u%04x", (unsigned)(pair ? next : byte));
        at += pair;
        start = at + 1;
    }
    dara_text_add_bytes(out, start, (size_t)(at - start));
    dara_text_add(out, "\n");
}

void dara_report_render_json(const struct dara_report *report, const struct dara_error *error, struct dara_text *out)
{
    json_t *document = json_object();
    json_t *notes = json_array();
    json_object_set_new(document, "command", dara_report_string(report->name));
    json_object_set_new(document, "status", json_string(dara_error_name(error ? error->code : DARA_OK)));
    if (error && error->message)
        json_object_set_new(document, "error", error_json(error));
    fill(document, report->root, notes);
    json_object_set_new(document, "notes", notes);
    dara_report_add_json(document, out);
    json_decref(document);
}
