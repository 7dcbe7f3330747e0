/* SPDX-License-Identifier: MIT */
/* Extended JSON that reads back as the same bytes: see json.h. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "json.h"

enum { LINE = 100 };

/* ---- scalars ------------------------------------------------------------------------------------------------------------------------ */

void mongodb_json_write_string(const char *bytes, size_t length, struct mongodb_buffer *out)
{
    static const char named[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
    mongodb_buffer_add(out, "\"");
    for (size_t from = 0, i = 0; i <= length; i++) {
        unsigned char c = i < length ? (unsigned char)bytes[i] : 0;
        if (i < length && c >= 0x20 && c != '"' && c != '\\')
            continue;
        mongodb_buffer_add_bytes(out, bytes + from, i - from);
        from = i + 1;
        const char *found = c ? strchr(named, (char)c) : NULL;
        if (i < length && found)
            mongodb_buffer_format(out, "\\%c", names[found - named]);
        else if (i < length)
            mongodb_buffer_format(out, "\\u%04x", c);
    }
    mongodb_buffer_add(out, "\"");
}

static void write_text(const char *text, struct mongodb_buffer *out)
{
    mongodb_json_write_string(text ? text : "", text ? strlen(text) : 0, out);
}

/* The fewest digits that read back as the same number. */
static void write_double(double value, struct mongodb_buffer *out)
{
    char text[40];
    if (!isfinite(value)) {
        mongodb_buffer_format(out, "{\"$numberDouble\": \"%s\"}",
                              isnan(value) ? "NaN"
                              : value > 0  ? "Infinity"
                                           : "-Infinity");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, value);
        if (digits == 17 || strtod(text, NULL) == value)
            break;
    }
    mongodb_buffer_add(out, text);
    if (!strpbrk(text, ".e"))
        mongodb_buffer_add(out, ".0");
}

static void write_binary(const bson_iter_t *value, struct mongodb_buffer *out)
{
    bson_subtype_t subtype;
    uint32_t length = 0;
    const uint8_t *bytes = NULL;
    bson_iter_binary(value, &subtype, &length, &bytes);
    mongodb_buffer_add(out, "{\"$binary\": {\"base64\": \"");
    mongodb_base64_add(out, bytes, length);
    mongodb_buffer_format(out, "\", \"subType\": \"%02x\"}}", (unsigned)subtype);
}

static void write_decimal(const bson_iter_t *value, struct mongodb_buffer *out)
{
    bson_decimal128_t decimal;
    char text[BSON_DECIMAL128_STRING];
    bson_iter_decimal128(value, &decimal);
    bson_decimal128_to_string(&decimal, text);
    mongodb_buffer_format(out, "{\"$numberDecimal\": \"%s\"}", text);
}

static void write_regex(const bson_iter_t *value, struct mongodb_buffer *out)
{
    const char *options = NULL, *pattern = bson_iter_regex(value, &options);
    mongodb_buffer_add(out, "{\"$regularExpression\": {\"pattern\": ");
    write_text(pattern, out);
    mongodb_buffer_add(out, ", \"options\": ");
    write_text(options, out);
    mongodb_buffer_add(out, "}}");
}

static void write_oid(const bson_oid_t *oid, struct mongodb_buffer *out)
{
    char text[25];
    bson_oid_to_string(oid, text);
    mongodb_buffer_format(out, "{\"$oid\": \"%s\"}", text);
}

static void write_code(const bson_iter_t *value, struct mongodb_buffer *out)
{
    uint32_t length = 0, scope_length = 0;
    const uint8_t *scope = NULL;
    bson_t inside;
    bool scoped = BSON_ITER_HOLDS_CODEWSCOPE(value);
    const char *code =
        scoped ? bson_iter_codewscope(value, &length, &scope_length, &scope) : bson_iter_code(value, &length);
    mongodb_buffer_add(out, "{\"$code\": ");
    mongodb_json_write_string(code, length, out);
    if (scoped && bson_init_static(&inside, scope, scope_length)) {
        mongodb_buffer_add(out, ", \"$scope\": ");
        mongodb_json_write(&inside, -1, out);
    }
    mongodb_buffer_add(out, "}");
}

static void write_pointer(const bson_iter_t *value, struct mongodb_buffer *out)
{
    uint32_t length = 0;
    const char *collection = NULL;
    const bson_oid_t *oid = NULL;
    bson_iter_dbpointer(value, &length, &collection, &oid);
    mongodb_buffer_add(out, "{\"$dbPointer\": {\"$ref\": ");
    mongodb_json_write_string(collection, length, out);
    mongodb_buffer_add(out, ", \"$id\": ");
    write_oid(oid, out);
    mongodb_buffer_add(out, "}}");
}

static void write_counted(const bson_iter_t *value, struct mongodb_buffer *out)
{
    uint32_t length = 0, seconds = 0, count = 0;
    const char *text = NULL;
    switch (bson_iter_type(value)) {
    case BSON_TYPE_TIMESTAMP:
        bson_iter_timestamp(value, &seconds, &count);
        mongodb_buffer_format(out, "{\"$timestamp\": {\"t\": %" PRIu32 ", \"i\": %" PRIu32 "}}", seconds, count);
        break;
    case BSON_TYPE_SYMBOL:
        text = bson_iter_symbol(value, &length);
        mongodb_buffer_add(out, "{\"$symbol\": ");
        mongodb_json_write_string(text, length, out);
        mongodb_buffer_add(out, "}");
        break;
    default:
        text = bson_iter_utf8(value, &length);
        mongodb_json_write_string(text, length, out);
        break;
    }
}

/* ---- documents ---------------------------------------------------------------------------------------------------------------------- */

static void write_value(const bson_iter_t *value, int indent, struct mongodb_buffer *out);

static void new_line(int indent, struct mongodb_buffer *out)
{
    mongodb_buffer_format(out, "\n%*s", indent, "");
}

static void write_members(const bson_t *document, bool array, int indent, struct mongodb_buffer *out)
{
    bson_iter_t field;
    bool first = true;
    mongodb_buffer_add(out, array ? "[" : "{");
    for (bool any = bson_iter_init(&field, document); any && bson_iter_next(&field); first = false) {
        mongodb_buffer_add(out, first ? "" : indent < 0 ? ", " : ",");
        if (indent >= 0)
            new_line(indent + 2, out);
        if (!array) {
            mongodb_json_write_string(bson_iter_key(&field), bson_iter_key_len(&field), out);
            mongodb_buffer_add(out, ": ");
        }
        write_value(&field, indent < 0 ? -1 : indent + 2, out);
    }
    if (indent >= 0 && !first)
        new_line(indent, out);
    mongodb_buffer_add(out, array ? "]" : "}");
}

/* On one line where it fits. */
static void write_container(const bson_t *document, bool array, int indent, struct mongodb_buffer *out)
{
    size_t before = out->length;
    if (indent >= 0 && document->len < 4 * LINE) {
        write_members(document, array, -1, out);
        if (out->length - before + (size_t)indent <= LINE)
            return;
        mongodb_buffer_cut(out, before);
    }
    write_members(document, array, indent, out);
}

static void write_inside(const bson_iter_t *value, int indent, struct mongodb_buffer *out)
{
    uint32_t length = 0;
    const uint8_t *bytes = NULL;
    bson_t inside;
    bool array = BSON_ITER_HOLDS_ARRAY(value);
    if (array)
        bson_iter_array(value, &length, &bytes);
    else
        bson_iter_document(value, &length, &bytes);
    if (bytes && bson_init_static(&inside, bytes, length))
        write_container(&inside, array, indent, out);
}

static void write_value(const bson_iter_t *value, int indent, struct mongodb_buffer *out)
{
    switch (bson_iter_type(value)) {
    case BSON_TYPE_DOCUMENT:
    case BSON_TYPE_ARRAY:
        write_inside(value, indent, out);
        break;
    case BSON_TYPE_DOUBLE:
        write_double(bson_iter_double(value), out);
        break;
    case BSON_TYPE_INT32:
        mongodb_buffer_format(out, "%" PRId32, bson_iter_int32(value));
        break;
    case BSON_TYPE_INT64:
        mongodb_buffer_format(out, "{\"$numberLong\": \"%" PRId64 "\"}", bson_iter_int64(value));
        break;
    case BSON_TYPE_DATE_TIME:
        mongodb_buffer_format(out, "{\"$date\": {\"$numberLong\": \"%" PRId64 "\"}}", bson_iter_date_time(value));
        break;
    case BSON_TYPE_BOOL:
        mongodb_buffer_add(out, bson_iter_bool(value) ? "true" : "false");
        break;
    case BSON_TYPE_OID:
        write_oid(bson_iter_oid(value), out);
        break;
    case BSON_TYPE_BINARY:
        write_binary(value, out);
        break;
    case BSON_TYPE_DECIMAL128:
        write_decimal(value, out);
        break;
    case BSON_TYPE_REGEX:
        write_regex(value, out);
        break;
    case BSON_TYPE_CODE:
    case BSON_TYPE_CODEWSCOPE:
        write_code(value, out);
        break;
    case BSON_TYPE_DBPOINTER:
        write_pointer(value, out);
        break;
    case BSON_TYPE_UTF8:
    case BSON_TYPE_SYMBOL:
    case BSON_TYPE_TIMESTAMP:
        write_counted(value, out);
        break;
    case BSON_TYPE_UNDEFINED:
        mongodb_buffer_add(out, "{\"$undefined\": true}");
        break;
    case BSON_TYPE_MINKEY:
        mongodb_buffer_add(out, "{\"$minKey\": 1}");
        break;
    case BSON_TYPE_MAXKEY:
        mongodb_buffer_add(out, "{\"$maxKey\": 1}");
        break;
    default: /* null, and what is no type */
        mongodb_buffer_add(out, "null");
        break;
    }
}

void mongodb_json_write(const bson_t *document, int indent, struct mongodb_buffer *out)
{
    write_container(document, false, indent, out);
}

void mongodb_json_write_array(const bson_t *array, int indent, struct mongodb_buffer *out)
{
    write_container(array, true, indent, out);
}

void mongodb_json_write_value(const bson_iter_t *value, struct mongodb_buffer *out)
{
    write_value(value, -1, out);
}
