/* SPDX-License-Identifier: MIT */
/* Values that JSON has no form for: {"$oid": "…"} and its like. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "json.h"

/* What is being read, and where it goes. */
struct wrapped {
    const struct mongodb_reader *reader;
    const bson_t *document;
    bson_iter_t value; /* of the first field */
    bson_t *to;
    const char *key;
    int length;
};

static int fail(const struct wrapped *it, const char *word, const char *wanted)
{
    return mongodb_json_fail(it->reader, "'%s' takes %s", word, wanted);
}

/* The text of a field, without NUL in it; or NULL. */
static const char *text_of(const bson_iter_t *value)
{
    uint32_t length = 0;
    const char *text = BSON_ITER_HOLDS_UTF8(value) ? bson_iter_utf8(value, &length) : NULL;
    return text && strlen(text) == length ? text : NULL;
}

static bool find(const bson_t *document, const char *name, bson_iter_t *ret_value)
{
    return bson_iter_init_find(ret_value, document, name);
}

/* ---- numbers ------------------------------------------------------------------------------------------------------------------------ */

static bool is_whole(const char *text)
{
    const char *at = *text == '-' || *text == '+' ? text + 1 : text;
    return *at && at[strspn(at, "0123456789")] == '\0';
}

static int read_int(const struct wrapped *it, const char *word)
{
    const char *text = text_of(&it->value);
    char *end = NULL;
    errno = 0;
    long long value = text && is_whole(text) ? strtoll(text, &end, 10) : 0;
    bool large = strcmp(word, "$numberInt") != 0;
    if (!text || !is_whole(text) || errno || (!large && (value < INT32_MIN || value > INT32_MAX)))
        return fail(it, word, large ? "a whole number of 64 bits in quotes" : "a whole number of 32 bits in quotes");
    if (large)
        bson_append_int64(it->to, it->key, it->length, value);
    else
        bson_append_int32(it->to, it->key, it->length, (int32_t)value);
    return 0;
}

static int read_double(const struct wrapped *it, const char *word)
{
    const char *text = text_of(&it->value);
    char *end = NULL;
    double value = text && *text && !strchr(" \t\n\r\f\v", *text) ? strtod(text, &end) : 0;
    if (!end || *end)
        return fail(it, word, "a number in quotes, \"Infinity\", \"-Infinity\" or \"NaN\"");
    bson_append_double(it->to, it->key, it->length, value);
    return 0;
}

static int read_decimal(const struct wrapped *it, const char *word)
{
    const char *text = text_of(&it->value);
    bson_decimal128_t value;
    if (!text || !bson_decimal128_from_string(text, &value))
        return fail(it, word, "a decimal number of 34 digits in quotes");
    bson_append_decimal128(it->to, it->key, it->length, &value);
    return 0;
}

/* ---- dates -------------------------------------------------------------------------------------------------------------------------- */

static int64_t days_before(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool read_zone(const char *at, int64_t *ret_minutes)
{
    int hours = 0, minutes = 0, used = 0;
    if (strcmp(at, "Z") == 0) {
        *ret_minutes = 0;
        return true;
    }
    if (*at != '+' && *at != '-')
        return false;
    bool good = (sscanf(at + 1, "%2d:%2d%n", &hours, &minutes, &used) == 2 && used == 5) ||
                (sscanf(at + 1, "%2d%2d%n", &hours, &minutes, &used) == 2 && used == 4);
    if (!good || at[1 + used] || hours < 0 || minutes < 0 || hours > 23 || minutes > 59)
        return false;
    *ret_minutes = (*at == '-' ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

/* "2026-11-20T09:30:00.123Z" as milliseconds. */
static bool read_iso(const char *text, int64_t *ret_value)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd";
    static const int month_days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int part[6] = {0}, milliseconds = 0;
    int64_t zone = 0;
    for (size_t i = 0; shape[i]; i++)
        if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
            return false;
    sscanf(text, "%d-%d-%dT%d:%d:%d", &part[0], &part[1], &part[2], &part[3], &part[4], &part[5]);
    const char *at = text + sizeof(shape) - 1;
    if (*at == '.') {
        size_t count = strspn(++at, "0123456789");
        if (count < 1 || count > 3)
            return false;
        for (size_t i = 0; i < 3; i++)
            milliseconds = milliseconds * 10 + (i < count ? at[i] - '0' : 0);
        at += count;
    }
    bool good = part[1] >= 1 && part[1] <= 12 && part[2] >= 1 && part[2] <= month_days[part[1] - 1] && part[3] < 24 &&
                part[4] < 60 && part[5] < 61;
    if (!good || !read_zone(at, &zone))
        return false;
    int64_t minutes = (days_before(part[0], part[1], part[2]) * 24 + part[3]) * 60 + part[4] - zone;
    *ret_value = (minutes * 60 + part[5]) * 1000 + milliseconds;
    return true;
}

static int read_date(const struct wrapped *it, const char *word)
{
    const char *text = text_of(&it->value);
    int64_t value = 0;
    if (BSON_ITER_HOLDS_INT32(&it->value) || BSON_ITER_HOLDS_INT64(&it->value))
        value = bson_iter_as_int64(&it->value);
    else if (!text || !read_iso(text, &value))
        return fail(it, word, "a time as \"2026-11-20T09:30:00Z\", or {\"$numberLong\": \"milliseconds\"}");
    bson_append_date_time(it->to, it->key, it->length, value);
    return 0;
}

static bool small(const bson_iter_t *value, uint32_t *ret_value)
{
    bool whole = BSON_ITER_HOLDS_INT32(value) || BSON_ITER_HOLDS_INT64(value);
    int64_t number = whole ? bson_iter_as_int64(value) : -1;
    if (number < 0 || number > UINT32_MAX)
        return false;
    *ret_value = (uint32_t)number;
    return true;
}

static int read_timestamp(const struct wrapped *it, const char *word)
{
    bson_iter_t inside, t, i;
    uint32_t seconds = 0, count = 0;
    bool good =
        BSON_ITER_HOLDS_DOCUMENT(&it->value) && bson_iter_recurse(&it->value, &inside) && bson_iter_find(&inside, "t");
    t = inside;
    good = good && bson_iter_recurse(&it->value, &inside) && bson_iter_find(&inside, "i");
    i = inside;
    if (!good || !small(&t, &seconds) || !small(&i, &count))
        return fail(it, word, "{\"t\": seconds, \"i\": count}");
    bson_append_timestamp(it->to, it->key, it->length, seconds, count);
    return 0;
}

/* ---- bytes and texts ---------------------------------------------------------------------------------------------------------------- */

static int read_oid(const struct wrapped *it, const char *word)
{
    const char *text = text_of(&it->value);
    bson_oid_t oid;
    if (!text || !bson_oid_is_valid(text, strlen(text)))
        return fail(it, word, "24 hex digits in quotes");
    bson_oid_init_from_string(&oid, text);
    bson_append_oid(it->to, it->key, it->length, &oid);
    return 0;
}

static bool read_subtype(const char *text, unsigned *ret_subtype)
{
    char *end = NULL;
    if (!text || !*text || strlen(text) > 2)
        return false;
    *ret_subtype = (unsigned)strtoul(text, &end, 16);
    return *end == '\0';
}

/* {"$binary": {"base64": "…", "subType": "00"}}, or as it was: {"$binary": "…", "$type": "00"}. */
static int read_binary(const struct wrapped *it, const char *word)
{
    struct mongodb_buffer bytes = {0};
    bson_iter_t inside;
    const char *base64 = NULL, *type = NULL;
    unsigned subtype = 0;
    if (BSON_ITER_HOLDS_DOCUMENT(&it->value)) {
        if (bson_iter_recurse(&it->value, &inside) && bson_iter_find(&inside, "base64"))
            base64 = text_of(&inside);
        if (bson_iter_recurse(&it->value, &inside) && bson_iter_find(&inside, "subType"))
            type = text_of(&inside);
    } else {
        base64 = text_of(&it->value);
        type = find(it->document, "$type", &inside) ? text_of(&inside) : NULL;
    }
    bool good = base64 && read_subtype(type, &subtype) && mongodb_base64_read(base64, strlen(base64), &bytes);
    if (good)
        bson_append_binary(it->to, it->key, it->length, (bson_subtype_t)subtype,
                           (const uint8_t *)mongodb_buffer_get(&bytes), (uint32_t)bytes.length);
    mongodb_buffer_free(&bytes);
    return good ? 0 : fail(it, word, "{\"base64\": \"…\", \"subType\": \"two hex digits\"}");
}

static int read_uuid(const struct wrapped *it, const char *word)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    const char *text = text_of(&it->value);
    uint8_t bytes[16];
    size_t count = 0;
    bool good = text && strlen(text) == sizeof(shape) - 1;
    for (size_t i = 0; good && shape[i]; i++)
        good = shape[i] == 'x' ? strchr("0123456789abcdefABCDEF", text[i]) != NULL : text[i] == '-';
    if (!good)
        return fail(it, word, "a UUID in quotes");
    for (const char *at = text; *at; at += *at == '-' ? 1 : 2)
        if (*at != '-')
            bytes[count++] = (uint8_t)strtoul((char[]){at[0], at[1], '\0'}, NULL, 16);
    bson_append_binary(it->to, it->key, it->length, BSON_SUBTYPE_UUID, bytes, sizeof(bytes));
    return 0;
}

static int read_regex(const struct wrapped *it, const char *word)
{
    bson_iter_t inside;
    const char *pattern = NULL, *options = NULL;
    if (BSON_ITER_HOLDS_DOCUMENT(&it->value)) {
        if (bson_iter_recurse(&it->value, &inside) && bson_iter_find(&inside, "pattern"))
            pattern = text_of(&inside);
        if (bson_iter_recurse(&it->value, &inside) && bson_iter_find(&inside, "options"))
            options = text_of(&inside);
    }
    if (!pattern || !options)
        return fail(it, word, "{\"pattern\": \"…\", \"options\": \"…\"}");
    bson_append_regex(it->to, it->key, it->length, pattern, options);
    return 0;
}

static int read_symbol(const struct wrapped *it, const char *word)
{
    uint32_t length = 0;
    const char *text = BSON_ITER_HOLDS_UTF8(&it->value) ? bson_iter_utf8(&it->value, &length) : NULL;
    if (!text)
        return fail(it, word, "a string");
    bson_append_symbol(it->to, it->key, it->length, text, (int)length);
    return 0;
}

static int read_code(const struct wrapped *it, const char *word)
{
    const char *text = text_of(&it->value);
    const uint8_t *bytes = NULL;
    uint32_t length = 0;
    bson_iter_t scope;
    bson_t inside;
    if (!text)
        return fail(it, word, "a string");
    if (!find(it->document, "$scope", &scope)) {
        bson_append_code(it->to, it->key, it->length, text);
        return 0;
    }
    if (!BSON_ITER_HOLDS_DOCUMENT(&scope))
        return fail(it, "$scope", "a document");
    bson_iter_document(&scope, &length, &bytes);
    if (bson_init_static(&inside, bytes, length))
        bson_append_code_with_scope(it->to, it->key, it->length, text, &inside);
    return 0;
}

static int read_pointer(const struct wrapped *it, const char *word)
{
    bson_iter_t inside;
    const char *collection = NULL;
    const bson_oid_t *oid = NULL;
    if (BSON_ITER_HOLDS_DOCUMENT(&it->value)) {
        if (bson_iter_recurse(&it->value, &inside) && bson_iter_find(&inside, "$ref"))
            collection = text_of(&inside);
        if (bson_iter_recurse(&it->value, &inside) && bson_iter_find(&inside, "$id") && BSON_ITER_HOLDS_OID(&inside))
            oid = bson_iter_oid(&inside);
    }
    if (!collection || !oid)
        return fail(it, word, "{\"$ref\": \"…\", \"$id\": {\"$oid\": \"…\"}}");
    bson_append_dbpointer(it->to, it->key, it->length, collection, oid);
    return 0;
}

static int read_raw(const struct wrapped *it, const char *word)
{
    const char *text = text_of(&it->value);
    struct mongodb_buffer bytes = {0};
    bson_t inside;
    bool good = text && mongodb_base64_read(text, strlen(text), &bytes) &&
                bson_init_static(&inside, (const uint8_t *)mongodb_buffer_get(&bytes), bytes.length) &&
                bson_validate(&inside, BSON_VALIDATE_NONE, NULL);
    if (good)
        bson_append_document(it->to, it->key, it->length, &inside);
    mongodb_buffer_free(&bytes);
    return good ? 0 : fail(it, word, "a document's bytes in base64");
}

/* ---- words that stand alone --------------------------------------------------------------------------------------------------------- */

static int read_end(const struct wrapped *it, const char *word)
{
    if (strcmp(word, "$undefined") == 0) {
        if (!BSON_ITER_HOLDS_BOOL(&it->value) || !bson_iter_bool(&it->value))
            return fail(it, word, "true");
        bson_append_undefined(it->to, it->key, it->length);
        return 0;
    }
    if (!BSON_ITER_HOLDS_INT32(&it->value) || bson_iter_int32(&it->value) != 1)
        return fail(it, word, "1");
    if (strcmp(word, "$minKey") == 0)
        bson_append_minkey(it->to, it->key, it->length);
    else
        bson_append_maxkey(it->to, it->key, it->length);
    return 0;
}

static const struct form {
    const char *word, *second; /* another field that may stand behind it; or NULL */
    int (*read)(const struct wrapped *it, const char *word);
} forms[] = {
    {"$oid", NULL, read_oid},
    {"$numberInt", NULL, read_int},
    {"$numberLong", NULL, read_int},
    {"$numberDouble", NULL, read_double},
    {"$numberDecimal", NULL, read_decimal},
    {"$date", NULL, read_date},
    {"$timestamp", NULL, read_timestamp},
    {"$binary", "$type", read_binary},
    {"$uuid", NULL, read_uuid},
    {"$regularExpression", NULL, read_regex},
    {"$symbol", NULL, read_symbol},
    {"$code", "$scope", read_code},
    {"$dbPointer", NULL, read_pointer},
    {MONGODB_JSON_RAW, NULL, read_raw},
    {"$undefined", NULL, read_end},
    {"$minKey", NULL, read_end},
    {"$maxKey", NULL, read_end},
};

/* Whether nothing else stands in it than the form has. */
static bool is_pure(const bson_t *document, const struct form *form)
{
    bson_iter_t field;
    uint32_t count = bson_count_keys(document);
    if (count == 1)
        return true;
    return count == 2 && form->second && find(document, form->second, &field);
}

int mongodb_json_wrapped(const struct mongodb_reader *reader, const bson_t *document, bson_t *to, const char *key,
                         int key_length, bool *ret_is)
{
    struct wrapped it = {.reader = reader, .document = document, .to = to, .key = key, .length = key_length};
    *ret_is = false;
    if (!bson_iter_init(&it.value, document) || !bson_iter_next(&it.value))
        return 0;
    const char *word = bson_iter_key(&it.value);
    for (size_t i = 0; *word == '$' && i < sizeof(forms) / sizeof(forms[0]); i++)
        if (strcmp(word, forms[i].word) == 0 && is_pure(document, &forms[i])) {
            *ret_is = true;
            return forms[i].read(&it, word);
        }
    return 0;
}
