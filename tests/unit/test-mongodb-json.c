/* SPDX-License-Identifier: MIT */
/* Extended JSON of the driver for MongoDB: what is read, what is written, and that both are the same bytes. No server. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../../drivers/mongodb/json.h"
#include "base/alloc.h"
#include "base/text.h"

static bson_t *parse(const char *text)
{
    bson_t *document = NULL;
    if (mongodb_json_parse(text, strlen(text), &document))
        fail_msg("%s: line %ld: %s", text, dara_error_last()->line, dara_error_last()->message);
    return document;
}

/* ---- forms -------------------------------------------------------------------------------------------------------------- */

/* What is read, and how it is written again; NULL: as it was. */
static const struct form {
    const char *read, *written;
} forms[] = {
    {"{}", NULL},
    {"{\"a\": 1, \"b\": -2147483648, \"c\": 2147483647}", NULL},
    {"{\"a\": 2147483648, \"b\": {\"$numberLong\": \"5\"}, \"c\": -9223372036854775808}",
     "{\"a\": {\"$numberLong\": \"2147483648\"}, \"b\": {\"$numberLong\": \"5\"}, \"c\": {\"$numberLong\": "
     "\"-9223372036854775808\"}}"},
    {"{\"a\": 1.0, \"b\": -0.0, \"c\": 1e+300, \"d\": 0.1, \"e\": 5e-324}",
     "{\"a\": 1.0, \"b\": -0.0, \"c\": 1e+300, \"d\": 0.1, \"e\": 4.94065645841247e-324}"},
    {"{\"a\": 18446744073709551616}", "{\"a\": 1.8446744073709552e+19}"},
    {"{\"a\": {\"$numberDouble\": \"NaN\"}, \"b\": {\"$numberDouble\": \"-Infinity\"}, \"c\": {\"$numberDouble\": "
     "\"Infinity\"}}",
     NULL},
    {"{\"a\": {\"$numberInt\": \"7\"}, \"b\": {\"$numberDouble\": \"7\"}}", "{\"a\": 7, \"b\": 7.0}"},
    {"{\"a\": {\"$numberDecimal\": \"1234567890123456789012345678901234\"}, \"b\": {\"$numberDecimal\": \"0.10\"}}",
     NULL},
    {"{\"a\": {\"$oid\": \"5f0c1a2b3c4d5e6f70819203\"}}", NULL},
    {"{\"a\": {\"$date\": \"1969-12-31T23:59:59.999Z\"}, \"b\": {\"$date\": \"2026-11-20T10:30:00+01:00\"}, \"c\": "
     "{\"$date\": 5}}",
     "{\"a\": {\"$date\": {\"$numberLong\": \"-1\"}}, \"b\": {\"$date\": {\"$numberLong\": \"1795167000000\"}}, \"c\": "
     "{\"$date\": {\"$numberLong\": \"5\"}}}"},
    {"{\"a\": {\"$date\": {\"$numberLong\": \"-62135596800000\"}}}", NULL},
    {"{\"a\": {\"$date\": \"0001-01-01T00:00:00Z\"}, \"b\": {\"$date\": \"2000-02-29T00:00:00.5Z\"}}",
     "{\"a\": {\"$date\": {\"$numberLong\": \"-62135596800000\"}}, \"b\": {\"$date\": {\"$numberLong\": "
     "\"951782400500\"}}}"},
    {"{\"a\": {\"$binary\": {\"base64\": \"AAECAw==\", \"subType\": \"80\"}}, \"b\": {\"$binary\": {\"base64\": \"\", "
     "\"subType\": \"00\"}}, \"c\": {\"$binary\": {\"base64\": \"AQID\", \"subType\": \"02\"}}}",
     NULL},
    {"{\"a\": {\"$binary\": \"AAE=\", \"$type\": \"05\"}}",
     "{\"a\": {\"$binary\": {\"base64\": \"AAE=\", \"subType\": \"05\"}}}"},
    {"{\"a\": {\"$uuid\": \"00112233-4455-6677-8899-aabbccddeeff\"}}",
     "{\"a\": {\"$binary\": {\"base64\": \"ABEiM0RVZneImaq7zN3u/w==\", \"subType\": \"04\"}}}"},
    {"{\"a\": {\"$regularExpression\": {\"pattern\": \"^a\\\"b\", \"options\": \"im\"}}}", NULL},
    {"{\"a\": {\"$regex\": \"^a\", \"$options\": \"i\"}, \"b\": {\"$type\": 2}}", NULL}, /* operators */
    {"{\"a\": {\"$timestamp\": {\"t\": 4294967295, \"i\": 1}}}", NULL},
    {"{\"a\": {\"$minKey\": 1}, \"b\": {\"$maxKey\": 1}, \"c\": {\"$undefined\": true}, \"d\": null}", NULL},
    {"{\"a\": {\"$symbol\": \"s\"}, \"b\": {\"$code\": \"f()\"}, \"c\": {\"$code\": \"f()\", \"$scope\": {\"x\": 1}}}",
     NULL},
    {"{\"a\": {\"$dbPointer\": {\"$ref\": \"c\", \"$id\": {\"$oid\": \"5f0c1a2b3c4d5e6f70819203\"}}}}", NULL},
    {"{\"a\": {\"$ref\": \"c\", \"$id\": 1}}", NULL}, /* a document by convention */
    {"{\"a.b\": 1, \"$price\": {\"$set\": {}}, \"\": [], \"n\": [[], {}, [1, [2]]]}", NULL},
    {"{\"\\u00e4\\ud83d\\ude00\": \"\\u0000\\b\\f\\n\\r\\t\\\"\\\\\\/\\u001f\"}",
     "{\"\xc3\xa4\xf0\x9f\x98\x80\": \"\\u0000\\b\\f\\n\\r\\t\\\"\\\\/\\u001f\"}"},
    {"\xef\xbb\xbf// one\n{ /* two\n */ \"a\" // three\n : true, \"b\":false}//end", "{\"a\": true, \"b\": false}"},
};

static void test_forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(forms); i++) {
        struct mongodb_buffer text = {0}, again = {0};
        bson_t *document = parse(forms[i].read);
        mongodb_json_write(document, -1, &text);
        assert_string_equal(mongodb_buffer_get(&text), forms[i].written ? forms[i].written : forms[i].read);
        /* And over several lines: what was written is the same bytes. */
        mongodb_json_write(document, 0, &again);
        bson_t *other = parse(mongodb_buffer_get(&again));
        assert_true(bson_equal(document, other));
        assert_int_equal(bson_validate(document, BSON_VALIDATE_UTF8 | BSON_VALIDATE_UTF8_ALLOW_NULL, NULL), true);
        bson_destroy(document);
        bson_destroy(other);
        mongodb_buffer_free(&text);
        mongodb_buffer_free(&again);
    }
}

/* ---- what is refused ---------------------------------------------------------------------------------------------------- */

static const struct {
    const char *text;
    long line;
    const char *message;
} bad[] = {
    {"", 1, "it ends in the middle of a document"},
    {"[]", 1, "'[' where the '{' of a document should stand"},
    {"{\n\"a\": 1", 2, "it ends in the middle of a document"},
    {"{\"a\" 1}", 1, "'1' where ':' should stand"},
    {"{\"a\": 1,\n}", 2, "'}' where a string should stand"},
    {"{\"a\": 1 \"b\": 2}", 1, "'\"' where ',' or '}' should stand"},
    {"{\"a\": [1 2]}", 1, "'2' where ',' or ']' should stand"},
    {"{\"a\": [1,]}", 1, "']' where a value should stand"},
    {"{a: 1}", 1, "'a' where a string should stand"},
    {"{'a': 1}", 1, "''' where a string should stand"},
    {"{\"a\": 01}", 1, "a number that is not written as JSON has them"},
    {"{\"a\": 1.}", 1, "a number that is not written as JSON has them"},
    {"{\"a\": -}", 1, "a number that is not written as JSON has them"},
    {"{\"a\": 1e}", 1, "a number that is not written as JSON has them"},
    {"{\"a\": .5}", 1, "'.' where a value should stand"},
    {"{\"a\": 1e999}", 1, "a number that is too large: write it as {\"$numberDecimal\": \"…\"}"},
    {"{\"a\": NaN}", 1, "'N' where a value should stand"},
    {"{\"a\": ISODate(\"x\")}", 1, "'I' where a value should stand"},
    {"{\n\"a\":\n\"b\n\"}", 3, "a string that is not closed"},
    {"{\"a\": \"\\x\"}", 1, "an escape that JSON does not have"},
    {"{\"a\": \"\\u12\"}", 1, "'\\u' without four hex digits"},
    {"{\"a\": \"\\ud800x\"}", 1, "half of a pair of '\\u' is no character"},
    {"{\"a\": \"\\udc00\"}", 1, "half of a pair of '\\u' is no character"},
    {"{\"a\": \"\\ud800\\u0041\"}", 1, "half of a pair of '\\u' is no character"},
    {"{\"a\": \"\xff\"}", 1, "a string that is not UTF-8"},
    {"{\"a\": \"\xed\xa0\x80\"}", 1, "a string that is not UTF-8"},
    {"{\"a\": \"\x01\"}", 1, "a control character in a string: write it as \\u0001"},
    {"{\"a\\u0000b\": 1}", 1, "the name of a field cannot hold NUL"},
    {"{\"a\": /* 1}", 1, "a comment that is not closed"},
    {"{} x", 1, "something stands behind the document"},
    {"{\"a\": \xe4}", 1, "the byte 0xe4 where a value should stand"},
    {"{\"a\": {\"$oid\": \"12\"}}", 1, "'$oid' takes 24 hex digits in quotes"},
    {"{\"a\": {\"$numberInt\": \"2147483648\"}}", 1, "'$numberInt' takes a whole number of 32 bits in quotes"},
    {"{\"a\": {\"$numberLong\": \"9223372036854775808\"}}", 1,
     "'$numberLong' takes a whole number of 64 bits in quotes"},
    {"{\"a\": {\"$numberLong\": 5}}", 1, "'$numberLong' takes a whole number of 64 bits in quotes"},
    {"{\"a\": {\"$numberDouble\": \"x\"}}", 1,
     "'$numberDouble' takes a number in quotes, \"Infinity\", \"-Infinity\" or \"NaN\""},
    {"{\"a\": {\"$numberDecimal\": \"1,5\"}}", 1, "'$numberDecimal' takes a decimal number of 34 digits in quotes"},
    {"{\"a\": {\"$date\": \"2026-02-30\"}}", 1,
     "'$date' takes a time as \"2026-11-20T09:30:00Z\", or {\"$numberLong\": \"milliseconds\"}"},
    {"{\"a\": {\"$binary\": {\"base64\": \"A\", \"subType\": \"00\"}}}", 1,
     "'$binary' takes {\"base64\": \"…\", \"subType\": \"two hex digits\"}"},
    {"{\"a\": {\"$minKey\": 2}}", 1, "'$minKey' takes 1"},
};

static void test_bad(void **state)
{
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(bad); i++) {
        bson_t *document = NULL;
        if (!mongodb_json_parse(bad[i].text, strlen(bad[i].text), &document))
            fail_msg("no error: %s", bad[i].text);
        DARA_FREE char *wanted = dara_format("malformed JSON: %s", bad[i].message);
        assert_string_equal(dara_error_last()->message, wanted);
        assert_int_equal(dara_error_last()->line, bad[i].line);
        assert_int_equal(dara_error_last()->code, DARA_EFILE);
    }
}

static char *nested(size_t depth)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    for (size_t i = 0; i < depth; i++)
        dara_text_add(&text, i % 2 ? "[" : i ? "{\"a\": " : "{\"a\": ");
    dara_text_add(&text, "1");
    for (size_t i = depth; i > 0; i--)
        dara_text_add(&text, (i - 1) % 2 ? "]" : "}");
    return dara_text_steal(&text);
}

static void test_limits(void **state)
{
    (void)state;
    bson_t *document = NULL;
    DARA_FREE char *deep = nested(MONGODB_JSON_DEPTH), *deeper = nested(MONGODB_JSON_DEPTH + 1),
                   *abyss = nested(1000000);
    document = parse(deep);
    bson_destroy(document);
    assert_int_equal(mongodb_json_parse(deeper, strlen(deeper), &document), DARA_EFILE);
    assert_int_equal(mongodb_json_parse(abyss, strlen(abyss), &document), DARA_EFILE);
    assert_string_equal(dara_error_last()->message, "malformed JSON: more than 180 documents inside each other");

    /* 17 strings of 1 MiB */
    DARA_FREE char *mebibyte = dara_alloc(1024 * 1024 + 1);
    memset(mebibyte, 'x', 1024 * 1024);
    mebibyte[1024 * 1024] = '\0';
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    dara_text_add(&text, "{\"a\": [");
    for (int i = 0; i < 17; i++)
        dara_text_format(&text, "%s\n\"%s\"", i ? "," : "", mebibyte);
    dara_text_add(&text, "]}");
    assert_int_equal(mongodb_json_parse(dara_text_string(&text), text.length, &document), DARA_EFILE);
    assert_string_equal(dara_error_last()->message, "malformed JSON: a document of more than 16 MiB");
    assert_int_equal(dara_error_last()->line, 17);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests_name("mongodb-json", tests, NULL, NULL);
}
