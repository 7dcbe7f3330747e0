/* SPDX-License-Identifier: MIT */
/* The grammar: strict JSON with comments, and each value of {"$word": …} looked at when it is closed. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

int mongodb_json_fail(const struct mongodb_reader *reader, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    dara_error_set(DARA_EFILE, "malformed JSON: %s", text);
    dara_error_at(NULL, (long)reader->line);
    return DARA_EFILE;
}

void mongodb_json_begin(struct mongodb_reader *reader, const char *text, size_t length)
{
    *reader = (struct mongodb_reader){.at = text, .end = text + length, .line = 1};
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        reader->at += 3; /* a byte order mark */
}

/* ---- white space and comments ----------------------------------------------------------------------------------------------------- */

static int skip_comment(struct mongodb_reader *reader)
{
    if (reader->at[1] == '/') {
        const char *end = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
        reader->at = end ? end : reader->end;
        return 0;
    }
    struct mongodb_reader begin = *reader;
    for (reader->at += 2; reader->at < reader->end; reader->at++) {
        if (reader->at[0] == '*' && reader->at[1] == '/') {
            reader->at += 2;
            return 0;
        }
        reader->line += *reader->at == '\n';
    }
    return mongodb_json_fail(&begin, "a comment that is not closed");
}

int mongodb_json_skip(struct mongodb_reader *reader, bool *ret_end)
{
    int code = 0;
    while (!code && reader->at < reader->end) {
        char c = *reader->at;
        if (c == '/' && (reader->at[1] == '/' || reader->at[1] == '*')) {
            code = skip_comment(reader);
            continue;
        }
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
            break;
        reader->line += c == '\n';
        reader->at++;
    }
    if (!code)
        *ret_end = reader->at >= reader->end;
    return code;
}

/* Go to the next token, which must be there. */
static int next(struct mongodb_reader *reader)
{
    bool ended = false;
    int code = mongodb_json_skip(reader, &ended);
    return code || !ended ? code : mongodb_json_fail(reader, "it ends in the middle of a document");
}

static int fail_token(const struct mongodb_reader *reader, const char *wanted)
{
    unsigned char c = (unsigned char)*reader->at;
    if (c > 0x20 && c < 0x7f)
        return mongodb_json_fail(reader, "'%c' where %s should stand", c, wanted);
    return mongodb_json_fail(reader, "the byte 0x%02x where %s should stand", c, wanted);
}

/* ---- strings ------------------------------------------------------------------------------------------------------------------------ */

static int read_hex(const struct mongodb_reader *reader, const char *at, unsigned *ret_value)
{
    unsigned value = 0;
    for (int i = 0; i < 4; i++) {
        char c = at[i]; /* at the text's end there is a NUL, which ends this */
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return mongodb_json_fail(reader, "'\\u' without four hex digits");
        value = value * 16 + (unsigned)digit;
    }
    *ret_value = value;
    return 0;
}

static void add_character(struct mongodb_buffer *out, unsigned c)
{
    char bytes[4];
    size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char heads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = length; i > 1; i--, c >>= 6)
        bytes[i - 1] = (char)(0x80 | (c & 0x3f));
    bytes[0] = (char)(heads[length] | c);
    mongodb_buffer_add_bytes(out, bytes, length);
}

/* Behind "\u". Two halves of a pair are one character; half a pair is none. */
static int read_unicode(struct mongodb_reader *reader, struct mongodb_buffer *out)
{
    unsigned c = 0, low = 0;
    int code = read_hex(reader, reader->at, &c);
    if (code)
        return code;
    reader->at += 4;
    if (c >= 0xd800 && c < 0xdc00 && reader->at[0] == '\\' && reader->at[1] == 'u') {
        code = read_hex(reader, reader->at + 2, &low);
        if (code)
            return code;
        reader->at += 6;
        c = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00) : 0xd800;
    }
    if (c >= 0xd800 && c < 0xe000)
        return mongodb_json_fail(reader, "half of a pair of '\\u' is no character");
    add_character(out, c);
    return 0;
}

static int read_escape(struct mongodb_reader *reader, struct mongodb_buffer *out)
{
    static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    char c = reader->at[1];
    const char *found = c ? strchr(names, c) : NULL;
    if (found) {
        mongodb_buffer_add_bytes(out, bytes + (found - names), 1);
        reader->at += 2;
        return 0;
    }
    if (c != 'u')
        return mongodb_json_fail(reader, "an escape that JSON does not have");
    reader->at += 2;
    return read_unicode(reader, out);
}

int mongodb_json_read_string(struct mongodb_reader *reader, struct mongodb_buffer *out)
{
    struct mongodb_reader begin = *reader;
    int code = 0;
    if (*reader->at != '"')
        return fail_token(reader, "a string");
    mongodb_buffer_add_bytes(out, "", 0); /* an empty one is one, too */
    for (reader->at++; !code;) {
        const char *from = reader->at;
        while (reader->at < reader->end && *reader->at != '"' && *reader->at != '\\' &&
               (unsigned char)*reader->at >= 0x20)
            reader->at++;
        if (!bson_utf8_validate(from, (size_t)(reader->at - from), false))
            return mongodb_json_fail(&begin, "a string that is not UTF-8");
        mongodb_buffer_add_bytes(out, from, (size_t)(reader->at - from));
        if (reader->at >= reader->end || *reader->at == '\n')
            return mongodb_json_fail(&begin, "a string that is not closed");
        if (*reader->at == '"')
            break;
        code = *reader->at == '\\'
                   ? read_escape(reader, out)
                   : mongodb_json_fail(reader, "a control character in a string: write it as \\u%04x", *reader->at);
    }
    if (!code)
        reader->at++;
    return code;
}

/* ---- numbers and words -------------------------------------------------------------------------------------------------------------- */

static const char *digits(const char *at)
{
    while (*at >= '0' && *at <= '9')
        at++;
    return at;
}

/* The end of the number that stands at `at`, or NULL; `*ret_whole` tells that it has neither a fraction nor an exponent. */
static const char *scan_number(const char *at, bool *ret_whole)
{
    const char *from = *at == '-' ? at + 1 : at, *end = digits(from);
    *ret_whole = true;
    if (end == from || (*from == '0' && end - from > 1))
        return NULL;
    if (*end == '.') {
        from = end + 1;
        end = digits(from);
        *ret_whole = false;
        if (end == from)
            return NULL;
    }
    if (*end == 'e' || *end == 'E') {
        from = end + 1 + (end[1] == '+' || end[1] == '-');
        end = digits(from);
        *ret_whole = false;
        if (end == from)
            return NULL;
    }
    return end;
}

static int read_number(struct mongodb_reader *reader, bson_t *to, const char *key, int length)
{
    bool whole = false;
    const char *end = scan_number(reader->at, &whole);
    char *stop = NULL;
    if (!end)
        return mongodb_json_fail(reader, "a number that is not written as JSON has them");
    errno = 0;
    long long value = whole ? strtoll(reader->at, &stop, 10) : 0;
    if (whole && errno == 0 && value >= INT32_MIN && value <= INT32_MAX) {
        bson_append_int32(to, key, length, (int32_t)value);
    } else if (whole && errno == 0) {
        bson_append_int64(to, key, length, value);
    } else {
        errno = 0;
        double real = strtod(reader->at, &stop);
        if (stop != end || isinf(real))
            return mongodb_json_fail(reader, "a number that is too large: write it as {\"$numberDecimal\": \"…\"}");
        bson_append_double(to, key, length, real);
    }
    reader->at = end;
    return 0;
}

static bool take_word(struct mongodb_reader *reader, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, word, length) != 0)
        return false;
    reader->at += length;
    return true;
}

/* ---- documents and arrays ------------------------------------------------------------------------------------------------------------ */

static int read_value(struct mongodb_reader *reader, bson_t *to, const char *key, int length);

static int enter(struct mongodb_reader *reader)
{
    reader->at++;
    if (++reader->depth <= MONGODB_JSON_DEPTH)
        return 0;
    return mongodb_json_fail(reader, "more than %d documents inside each other", (int)MONGODB_JSON_DEPTH);
}

/* Behind a member: a comma, or the end. */
static int after_member(struct mongodb_reader *reader, char close, bool *ret_more)
{
    int code = next(reader);
    if (code)
        return code;
    if (*reader->at != ',' && *reader->at != close)
        return fail_token(reader, close == '}' ? "',' or '}'" : "',' or ']'");
    *ret_more = *reader->at == ',';
    reader->at++;
    return *ret_more ? next(reader) : 0;
}

static int check_size(const struct mongodb_reader *reader, const bson_t *document)
{
    if (document->len <= MONGODB_DOCUMENT_MAX)
        return 0;
    int code = mongodb_json_fail(reader, "a document of more than 16 MiB");
    dara_error_hint("no server takes one: split it, an 'insert' into several");
    return code;
}

static int read_member(struct mongodb_reader *reader, bson_t *to)
{
    struct mongodb_buffer key = {0};
    int code = mongodb_json_read_string(reader, &key);
    if (!code && memchr(key.bytes, '\0', key.length))
        code = mongodb_json_fail(reader, "the name of a field cannot hold NUL");
    code = code ? code : next(reader);
    if (!code && *reader->at != ':')
        code = fail_token(reader, "':'");
    if (!code) {
        reader->at++;
        code = next(reader);
    }
    code = code ? code : read_value(reader, to, key.bytes, (int)key.length);
    mongodb_buffer_free(&key);
    return code ? code : check_size(reader, to);
}

/* From '{' to behind its '}'. */
static int read_members(struct mongodb_reader *reader, bson_t *to)
{
    int code = enter(reader);
    code = code ? code : next(reader);
    bool more = !code && *reader->at != '}';
    if (!code && !more)
        reader->at++;
    while (!code && more) {
        code = read_member(reader, to);
        code = code ? code : after_member(reader, '}', &more);
    }
    reader->depth--;
    return code;
}

static int read_array(struct mongodb_reader *reader, bson_t *to)
{
    int code = enter(reader);
    code = code ? code : next(reader);
    bool more = !code && *reader->at != ']';
    if (!code && !more)
        reader->at++;
    for (uint32_t i = 0; !code && more; i++) {
        char room[16];
        const char *key = NULL;
        size_t length = bson_uint32_to_string(i, &key, room, sizeof(room));
        code = read_value(reader, to, key, (int)length);
        code = code ? code : check_size(reader, to);
        code = code ? code : after_member(reader, ']', &more);
    }
    reader->depth--;
    return code;
}

static int read_document(struct mongodb_reader *reader, bson_t *to, const char *key, int length)
{
    bson_t *child = bson_new();
    bool value = false;
    int code = read_members(reader, child);
    code = code ? code : mongodb_json_wrapped(reader, child, to, key, length, &value);
    if (!code && !value)
        bson_append_document(to, key, length, child);
    bson_destroy(child);
    return code;
}

static int read_text(struct mongodb_reader *reader, bson_t *to, const char *key, int length)
{
    struct mongodb_buffer text = {0};
    int code = mongodb_json_read_string(reader, &text);
    if (!code && text.length > MONGODB_DOCUMENT_MAX)
        code = mongodb_json_fail(reader, "a string of more than 16 MiB");
    if (!code)
        bson_append_utf8(to, key, length, text.bytes, (int)text.length);
    mongodb_buffer_free(&text);
    return code;
}

static int read_value(struct mongodb_reader *reader, bson_t *to, const char *key, int length)
{
    char c = *reader->at;
    if (c == '{')
        return read_document(reader, to, key, length);
    if (c == '[') {
        bson_t *child = bson_new();
        int code = read_array(reader, child);
        if (!code)
            bson_append_array(to, key, length, child);
        bson_destroy(child);
        return code;
    }
    if (c == '"')
        return read_text(reader, to, key, length);
    if (c == '-' || (c >= '0' && c <= '9'))
        return read_number(reader, to, key, length);
    if (take_word(reader, "true"))
        bson_append_bool(to, key, length, true);
    else if (take_word(reader, "false"))
        bson_append_bool(to, key, length, false);
    else if (take_word(reader, "null"))
        bson_append_null(to, key, length);
    else
        return fail_token(reader, "a value");
    return 0;
}

/* ---- a whole document ---------------------------------------------------------------------------------------------------------------- */

int mongodb_json_read(struct mongodb_reader *reader, bson_t **ret_document)
{
    int code = next(reader);
    if (!code && *reader->at != '{')
        code = fail_token(reader, "the '{' of a document");
    if (code)
        return code;
    bson_t *document = bson_new();
    code = read_members(reader, document);
    if (code) {
        bson_destroy(document);
        return code;
    }
    *ret_document = document;
    return 0;
}

int mongodb_json_parse(const char *text, size_t length, bson_t **ret_document)
{
    struct mongodb_reader reader;
    bson_t *document = NULL;
    bool ended = false;
    mongodb_json_begin(&reader, text, length);
    int code = mongodb_json_read(&reader, &document);
    code = code ? code : mongodb_json_skip(&reader, &ended);
    if (!code && !ended)
        code = mongodb_json_fail(&reader, "something stands behind the document");
    if (code) {
        bson_destroy(document);
        return code;
    }
    *ret_document = document;
    return 0;
}
