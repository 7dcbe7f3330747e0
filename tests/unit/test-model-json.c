/* SPDX-License-Identifier: MIT */
/* The JSON form and the fingerprint. */
#include "unit.h"

#include <string.h>

#include "kinds.h"

static void small_model_is_written_as_documented(void **state)
{
    (void)state;
    static const struct dara_property properties[] = {
        {"sql", DARA_PROPERTY_INFO}, {"n", DARA_PROPERTY_FIXED}, {NULL, 0}};
    static const struct dara_kind table = {sizeof(table), "table", "tables", NULL, -2, DARA_KIND_ROWS, properties};
    static const struct dara_kind part = {sizeof(part), "part", "parts", "table", 1, DARA_KIND_PART | DARA_KIND_ORDERED,
                                          NULL};
    static const char wanted[] =
        "{\n"
        " \"format\": 1,\n"
        " \"engine\": \"fake\",\n"
        " \"kinds\": [\n"
        "  {\"name\": \"table\", \"plural\": \"tables\", \"order\": -2, \"flags\": [\"rows\"], "
        "\"properties\": [\n"
        "   {\"name\": \"sql\", \"mode\": \"info\"},\n"
        "   {\"name\": \"n\", \"mode\": \"fixed\"}\n"
        "  ]},\n"
        "  {\"name\": \"part\", \"plural\": \"parts\", \"owner\": \"table\", \"order\": 1, "
        "\"flags\": [\"part\", \"ordered\"], \"properties\": []}\n"
        " ],\n"
        " \"families\": [\n"
        "  {\"name\": \"table\", \"state\": \"read\"},\n"
        "  {\"name\": \"x\", \"state\": \"denied\", \"why\": \"no\"}\n"
        " ],\n"
        " \"unrepresented\": [\n"
        "  {\"family\": \"x\", \"name\": \"y\", \"why\": \"z\"}\n"
        " ],\n"
        " \"objects\": [\n"
        "  {\"kind\": \"table\", \"space\": \"s\", \"name\": \"A\\\"\\\\\\n\\u0001ü\", "
        "\"key\": \"a\", \"comment\": \"\", \"properties\": {\"sql\": \"\\tx\", \"n\": -1}, "
        "\"depends\": [{\"key\": \"q\"}, {\"kind\": \"table\", \"space\": \"s\", \"key\": "
        "\"r\"}], \"owned\": [\n"
        "   {\"kind\": \"part\", \"name\": \"p\"}\n"
        "  ]}\n"
        " ]\n"
        "}\n";
    DARA_MODEL_LOCAL model = NULL;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    assert_int_equal(dara_model_new("fake", (const struct dara_kind *const[]){&part, &table, NULL}, &model), 0);
    struct dara_object *object = NULL;
    const struct dara_object_desc desc = {
        .size = sizeof(desc), .kind = "table", .name = "A\"\\\n\x01ü", .key = "a", .space = "s", .comment = ""};
    assert_int_equal(dara_model_add(model, &desc, &object), 0);
    dara_object_set_int(object, "n", -1);
    dara_object_set_text(object, "sql", "\tx");
    dara_object_depend(object, "table", "s", "r");
    dara_object_depend(object, NULL, NULL, "q");
    add(model, "part", "p", object);
    dara_model_family(model, "table", DARA_FAMILY_READ, NULL);
    dara_model_family(model, "x", DARA_FAMILY_DENIED, "no");
    dara_model_unrepresented(model, "x", "y", "z");
    finished(model);
    dara_model_write_json(model, &text);
    assert_string_equal(dara_text_string(&text), wanted);
    json_t *json = dara_model_to_json(model);
    assert_string_equal(json_string_value(json_object_get(json, "engine")), "fake");
    json_decref(json);
}

struct pieces {
    struct dara_text text;
    size_t count, last;
};

static int take_piece(void *context, const char *bytes, size_t length)
{
    struct pieces *pieces = context;
    dara_text_add_bytes(&pieces->text, bytes, length);
    return ++pieces->count == pieces->last ? DARA_EFILE : 0;
}

static void large_model_is_streamed_in_pieces(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL model = NULL;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    struct pieces all = {.text = DARA_TEXT_INIT}, some = {.text = DARA_TEXT_INIT, .last = 2};
    static const struct dara_kind table = {sizeof(table), "table", "tables", NULL, 0, 0, NULL};
    assert_int_equal(dara_model_new("fake", (const struct dara_kind *const[]){&table, NULL}, &model), 0);
    for (int i = 0; i < 3000; i++) {
        DARA_FREE char *name = dara_format("table_%d", i);
        add(model, "table", name, NULL);
    }
    finished(model);
    dara_model_write_json(model, &text);
    assert_int_equal(dara_model_stream_json(model, take_piece, &all), 0);
    assert_true(all.count > 2);
    assert_string_equal(dara_text_string(&all.text), dara_text_string(&text));
    assert_int_equal(dara_model_stream_json(model, take_piece, &some), DARA_EFILE);
    assert_int_equal(some.count, 2);
    dara_text_done(&all.text);
    dara_text_done(&some.text);
}

/* Plain bytes are looked at in groups: one that must be escaped may stand at each place. */
static void escapes_are_found_at_each_place(void **state)
{
    (void)state;
    static const char bytes[] = "\"\\\n\t\x01\x1f \x7f!#[]";
    for (size_t at = 0; at < 20; at++)
        for (size_t i = 0; bytes[i]; i++) {
            char string[21] = "abcdefghijklmnopqrst";
            string[at] = bytes[i];
            DARA_MODEL_LOCAL model = new_model();
            dara_object_set_text(add(model, "view", "v", NULL), "definition", string);
            finished(model);
            DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
            dara_model_write_json(model, &text);
            DARA_MODEL_LOCAL again = NULL;
            assert_int_equal(dara_model_read_json(dara_text_string(&text), text.length, &again), 0);
            assert_string_equal(dara_object_text(dara_model_at(again, 0), "definition"), string);
        }
}

static uint32_t seed;
static uint32_t some(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static const char *some_name(void)
{
    static const char *const names[] = {"a",           "B",      "ä",     "with space", "new\nline", "quo\"te",
                                        "back\\slash", "",       "'; --", "日本",       "\t",        "\x01\x1f",
                                        "😀",           "select", "0",     "\x7f"};
    return names[some(DARA_COUNT(names))];
}

/* Objects of all kinds with names drawn from hostile ones; what is there twice is left out. */
static struct dara_model *random_model(uint32_t from)
{
    static const char *const wholes[] = {"table", "view", "routine", "setting"};
    static const char *const parts[] = {"column", "constraint", "index", "trigger"};
    struct dara_model *model = new_model();
    struct dara_object *list[64];
    size_t count = 0;
    seed = from;
    for (int i = 0; i < 60; i++) {
        bool part = count && some(3);
        struct dara_object_desc desc = {.size = sizeof(desc),
                                        .kind = part ? parts[some(4)] : wholes[some(4)],
                                        .name = some_name(),
                                        .key = some(4) ? NULL : some_name(),
                                        .space = some(2) ? NULL : some_name(),
                                        .owner = part ? list[some((uint32_t)count)] : NULL,
                                        .comment = some(3) ? NULL : some_name()};
        if (dara_model_add(model, &desc, &list[count]) != 0)
            continue;
        dara_object_set_text(list[count], "definition", some_name());
        dara_object_set_bool(list[count], "not_null", some(2));
        dara_object_set_int(list[count], "length", (int64_t)some(1000) - 500);
        dara_object_set_list(list[count], "values", (const char *const[]){some_name(), some_name()}, some(3));
        dara_object_depend(list[count], NULL, some(2) ? NULL : some_name(), some_name());
        count++;
    }
    return finished(model);
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    for (uint32_t from = 1; from <= 200; from++) {
        DARA_MODEL_LOCAL model = random_model(from);
        DARA_MODEL_LOCAL copy = NULL;
        DARA_DIFF_LOCAL diff = NULL;
        DARA_TEXT_LOCAL first = DARA_TEXT_INIT;
        DARA_TEXT_LOCAL second = DARA_TEXT_INIT;
        char fingerprint[65], again[65];
        dara_model_write_json(model, &first);
        if (dara_model_read_json(first.bytes, first.length, &copy) != 0)
            fail_msg("seed %u: %s", from, dara_error_last()->message);
        dara_model_write_json(copy, &second);
        if (strcmp(first.bytes, second.bytes) != 0)
            fail_msg("seed %u: another text", from);
        dara_model_fingerprint(model, fingerprint);
        dara_model_fingerprint(copy, again);
        assert_string_equal(fingerprint, again);
        assert_int_equal(dara_diff_new(model, copy, &diff), 0);
        assert_int_equal(dara_diff_count(diff), 0);
    }
}

/* The promise of the fingerprint, over pairs that are equal, nearly equal and different. */
static void fingerprints_are_equal_exactly_when_the_diff_is_empty(void **state)
{
    (void)state;
    size_t equal = 0, different = 0;
    for (uint32_t a = 1; a <= 40; a++)
        for (uint32_t b = a; b <= a + 3; b++) {
            DARA_MODEL_LOCAL left = random_model(a);
            DARA_MODEL_LOCAL right = random_model(b);
            DARA_DIFF_LOCAL diff = NULL;
            char one[65], two[65];
            dara_model_fingerprint(left, one);
            dara_model_fingerprint(right, two);
            assert_int_equal(dara_diff_new(left, right, &diff), 0);
            assert_int_equal(strcmp(one, two) == 0, dara_diff_count(diff) == 0);
            if (dara_diff_count(diff))
                different++;
            else
                equal++;
        }
    assert_int_equal(equal, 40);
    assert_int_equal(different, 120);
}

/* A table with two columns, of which one thing is changed. */
static void fingerprint_of(int change, char ret_hex[65])
{
    DARA_MODEL_LOCAL model = new_model();
    struct dara_object *table = NULL;
    const struct dara_object_desc desc = {.size = sizeof(desc),
                                          .kind = "table",
                                          .name = change == 1 ? "T" : "t",
                                          .key = "t",
                                          .comment = change == 2 ? "x" : NULL};
    assert_int_equal(dara_model_add(model, &desc, &table), 0);
    add_column(model, table, change == 3 ? "b" : "a", "x");
    add_column(model, table, change == 3 ? "a" : "b", "x");
    add(model, "constraint", change == 4 ? "l" : "k", table);
    add(model, "constraint", change == 4 ? "k" : "l", table);
    dara_object_set_text(table, "sql", change == 5 ? "x" : "y");
    dara_object_set_text(table, "strict", change == 6 ? "" : NULL);
    if (change == 7)
        dara_object_depend(table, NULL, NULL, "z");
    if (change == 8)
        dara_model_family(model, "view", DARA_FAMILY_SKIPPED, NULL);
    finished(model);
    dara_model_fingerprint(model, ret_hex);
}

static void fingerprint_counts_what_is_compared(void **state)
{
    (void)state;
    static const bool counts[] = {false, false, true, true, false, false, true, false, false};
    char plain[65], changed[65];
    fingerprint_of(0, plain);
    for (int change = 0; change <= 8; change++) {
        fingerprint_of(change, changed);
        if ((strcmp(plain, changed) != 0) != counts[change])
            fail_msg("change %d", change);
    }
}

#define KINDS(flags, mode)                                                       \
    "\"kinds\":[{\"name\":\"t\",\"plural\":\"ts\",\"order\":1,\"flags\":[" flags \
    "],\"properties\":[{\"name\":\"p\",\"mode\":\"" mode "\"}]}]"
#define HEAD    "{\"format\":1,\"engine\":\"x\","
#define GOOD    HEAD KINDS("", "alter")
#define OBJECTS GOOD ",\"objects\":["

static void malformed_text_is_refused(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"", "line"},
        {"nonsense", "line 1"},
        {"{\n\"format\": 1,\n\"engine\": }", "line 3"},
        {"[]", "not a JSON object"},
        {"{}", "'format'"},
        {"{\"format\":\"1\"}", "'format'"},
        {"{\"format\":2,\"engine\":\"x\"}", "has format 2"},
        {"{\"format\":1}", "'engine' is missing"},
        {"{\"format\":1,\"engine\":7}", "'engine' is not a text"},
        {"{\"format\":1,\"format\":1}", "line 1"},
        {HEAD "\"kinds\":{}}", "'kinds' is not a list"},
        {HEAD "\"kinds\":[7]}", "not an object"},
        {HEAD "\"kinds\":[{}]}", "'name' is missing"},
        {HEAD "\"kinds\":[{\"name\":\"t\",\"plural\":\"ts\"}]}", "'order'"},
        {HEAD "\"kinds\":[{\"name\":\"t\",\"plural\":\"ts\",\"order\":99999999999}]}", "'order'"},
        {HEAD "\"kinds\":[{\"name\":\"t\",\"plural\":\"ts\",\"order\":1,\"owner\":\"u\"}]}", "no kind"},
        {HEAD KINDS("\"glow\"", "alter") "}", "unknown flag"},
        {HEAD KINDS("7", "alter") "}", "unknown flag"},
        {HEAD KINDS("\"part\"", "alter") "}", "part"},
        {HEAD KINDS("", "glow") "}", "unknown mode"},
        {GOOD ",\"families\":[{\"name\":\"t\",\"state\":\"odd\"}]}", "unknown state"},
        {GOOD ",\"families\":[{\"state\":\"read\"}]}", "'name' is missing"},
        {GOOD ",\"unrepresented\":[{\"family\":\"t\"}]}", "'name' is missing"},
        {GOOD ",\"objects\":7}", "'objects' is not a list"},
        {OBJECTS "7]}", "not an object"},
        {OBJECTS "{\"kind\":\"t\"}]}", "'name' is missing"},
        {OBJECTS "{\"kind\":\"u\",\"name\":\"a\"}]}", "unknown kind"},
        {OBJECTS "{\"kind\":\"t\",\"name\":\"a\"},{\"kind\":\"t\",\"name\":\"a\"}]}", "twice"},
        {OBJECTS "{\"kind\":\"t\",\"name\":\"a\",\"key\":[]}]}", "'key' is not a text"},
        {OBJECTS "{\"kind\":\"t\",\"name\":\"a\",\"properties\":[]}]}", "'properties'"},
        {OBJECTS "{\"kind\":\"t\",\"name\":\"a\",\"properties\":{\"q\":1}}]}", "no property 'q'"},
        {OBJECTS "{\"kind\":\"t\",\"name\":\"a\",\"properties\":{\"p\":1.5}}]}", "neither"},
        {OBJECTS "{\"kind\":\"t\",\"name\":\"a\",\"properties\":{\"p\":null}}]}", "neither"},
        {OBJECTS "{\"kind\":\"t\",\"name\":\"a\",\"properties\":{\"p\":[1]}}]}", "other than texts"},
        {OBJECTS "{\"kind\":\"t\",\"name\":\"a\",\"properties\":{\"p\":99999999999999999999}}]}", "line 1"},
        {OBJECTS "{\"kind\":\"t\",\"name\":\"a\",\"depends\":[{}]}]}", "'key' is missing"},
        {OBJECTS "{\"kind\":\"t\",\"name\":\"a\",\"depends\":[{\"kind\":\"u\",\"key\":\"b\"}]}]}", "unknown kind"},
        {OBJECTS "{\"kind\":\"t\",\"name\":\"a\",\"owned\":[{\"kind\":\"t\",\"name\":\"b\"}]}]}", "has an owner"},
        {OBJECTS "{\"kind\":\"t\",\"name\":\"a\\u0000b\"}]}", "line 1"},
        {GOOD "}garbage", "line 1"},
    };
    for (size_t i = 0; i < DARA_COUNT(rows); i++) {
        struct dara_model *model = NULL;
        if (dara_model_read_json(rows[i][0], strlen(rows[i][0]), &model) != DARA_EFILE)
            fail_msg("taken: %s", rows[i][0]);
        assert_null(model);
        if (!strstr(dara_error_last()->message, rows[i][1]))
            fail_msg("'%s' is not in: %s", rows[i][1], dara_error_last()->message);
    }
    struct dara_model *model = NULL;
    dara_model_read_json("{\n\n!", 4, &model);
    assert_int_equal(dara_error_last()->line, 3);
    assert_int_equal(dara_model_read_json(GOOD "}", strlen(GOOD "}"), &model), 0);
    dara_model_free(model);
}

static void deep_nesting_is_refused(void **state)
{
    (void)state;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    struct dara_model *model = NULL;
    dara_text_add(&text,
                  HEAD "\"kinds\":[{\"name\":\"r\",\"plural\":\"rs\",\"order\":1},{\"name\":\"t\",\"plural\":\"ts\","
                       "\"owner\":\"t|r\",\"order\":1}],\"objects\":[{\"kind\":\"r\",\"name\":\"a\"");
    for (int i = 0; i < 500; i++)
        dara_text_add(&text, ",\"owned\":[{\"kind\":\"t\",\"name\":\"a\"");
    for (int i = 0; i < 500; i++)
        dara_text_add(&text, "}]");
    dara_text_add(&text, "}]}");
    assert_int_equal(dara_model_read_json(text.bytes, text.length, &model), DARA_EFILE);
    assert_non_null(strstr(dara_error_last()->message, "too deeply"));
    dara_text_clear(&text);
    for (int i = 0; i < 100000; i++)
        dara_text_add(&text, "[");
    assert_int_equal(dara_model_read_json(text.bytes, text.length, &model), DARA_EFILE);
    assert_null(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_model_is_written_as_documented),
        cmocka_unit_test(large_model_is_streamed_in_pieces),
        cmocka_unit_test(escapes_are_found_at_each_place),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(fingerprints_are_equal_exactly_when_the_diff_is_empty),
        cmocka_unit_test(fingerprint_counts_what_is_compared),
        cmocka_unit_test(malformed_text_is_refused),
        cmocka_unit_test(deep_nesting_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
