/* SPDX-License-Identifier: MIT */
/*
 * Reading a schema of MongoDB. Without a server: what listCollections and listIndexes say, in the shapes of MongoDB's manual, becomes a model, and
 * that model the commands which make it. With the server that DARA_TEST_MONGODB_URI names (tests/servers/mongodb starts one): reading twice
 * gives the same bytes, the commands make the same again, and who may not look is told so.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "introspect.h"
#include "json.h"
#include "model/model.h"
#include "render.h"
#include "unit.h"

#include "base/alloc.h"
#include "base/text.h"

static bson_t *parse(const char *text)
{
    bson_t *document = NULL;
    if (mongodb_json_parse(text, strlen(text), &document))
        fail_msg("%s: %s", text, dara_error_last()->message);
    return document;
}

static struct dara_model *new_model(void)
{
    struct dara_model *model = NULL;
    assert_int_equal(dara_model_new("mongodb", mongodb_kinds, &model), 0);
    return model;
}

static void finish(struct dara_model *model)
{
    for (size_t i = 0; mongodb_kinds[i]; i++)
        assert_int_equal(dara_model_family(model, mongodb_kinds[i]->name, DARA_FAMILY_READ, NULL), 0);
    if (dara_model_finish(model))
        fail_msg("%s", dara_error_last()->message);
}

/* ---- the manual's shapes ------------------------------------------------------------------------------------------------ */

static const char *text_of(const bson_t *document, const char *name)
{
    bson_iter_t value;
    return bson_iter_init_find(&value, document, name) ? bson_iter_utf8(&value, NULL) : NULL;
}

static void add_shape(struct dara_model *model, const char *entry, const char *const *indexes)
{
    struct mongodb_found found = {.entry = parse(entry)};
    found.name = text_of(found.entry, "name");
    found.type = text_of(found.entry, "type");
    bool view = strcmp(found.type, "view") == 0;
    if (view ? mongodb_add_view(model, &found) : mongodb_add_collection(model, &found))
        fail_msg("%s", dara_error_last()->message);
    for (; indexes && *indexes; indexes++) {
        bson_t *spec = parse(*indexes);
        if (mongodb_add_index(model, &found, spec))
            fail_msg("%s", dara_error_last()->message);
        bson_destroy(spec);
    }
    bson_destroy(found.entry);
}

/* Every object of the model as its command, on one line each. */
static void assert_commands(const struct dara_model *model, const char *wanted)
{
    struct mongodb_buffer text = {0};
    for (size_t i = 0; i < dara_model_count(model); i++) {
        bson_t command = BSON_INITIALIZER;
        if (dara_object_kind(dara_model_at(model, i))->flags & DARA_KIND_PART)
            continue;
        assert_int_equal(mongodb_render_command(dara_model_at(model, i), &command), 0);
        mongodb_json_write(&command, -1, &text);
        mongodb_buffer_add(&text, "\n");
        bson_destroy(&command);
    }
    assert_string_equal(mongodb_buffer_get(&text), wanted);
    mongodb_buffer_free(&text);
}

static void manual_shapes_of_collections(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL model = new_model();
    add_shape(
        model,
        "{\"name\": \"log\", \"type\": \"collection\", \"options\": {\"capped\": true, \"size\": 8192, \"max\": 10},"
        " \"info\": {\"readOnly\": false, \"uuid\": {\"$uuid\": \"00112233-4455-6677-8899-aabbccddeeff\"}},"
        " \"idIndex\": {\"v\": 2, \"key\": {\"_id\": 1}, \"name\": \"_id_\"}}",
        NULL);
    add_shape(model,
              "{\"name\": \"weather\", \"type\": \"timeseries\", \"options\": {\"timeseries\": {\"timeField\": \"at\","
              " \"metaField\": \"sensor\", \"granularity\": \"minutes\", \"bucketMaxSpanSeconds\": 86400},"
              " \"expireAfterSeconds\": {\"$numberLong\": \"86400\"}}, \"info\": {}}",
              NULL);
    add_shape(
        model,
        "{\"name\": \"orders\", \"type\": \"collection\", \"options\": {\"clusteredIndex\": {\"v\": 2, \"key\": "
        "{\"_id\": 1}, \"name\": \"_id_\", \"unique\": true}, \"changeStreamPreAndPostImages\": {\"enabled\": "
        "true}, \"somethingNew\": {\"a\": 1}}, \"info\": {}}",
        (const char *const[]){
            "{\"v\": 2, \"key\": {\"_id\": 1}, \"name\": \"_id_\", \"unique\": true, \"clustered\": true}", NULL});
    add_shape(model,
              "{\"name\": \"plain\", \"type\": \"collection\", \"options\": {\"validator\": {}, \"validationLevel\": "
              "\"strict\", \"validationAction\": \"error\", \"autoIndexId\": true, \"changeStreamPreAndPostImages\": "
              "{\"enabled\": false}}}",
              NULL);
    finish(model);
    assert_commands(
        model,
        "{\"create\": \"log\", \"capped\": true, \"size\": 8192, \"max\": 10}\n"
        "{\"create\": \"orders\", \"clusteredIndex\": {\"v\": 2, \"key\": {\"_id\": 1}, \"name\": \"_id_\", "
        "\"unique\": "
        "true}, \"changeStreamPreAndPostImages\": {\"enabled\": true}, \"somethingNew\": {\"a\": 1}}\n"
        "{\"create\": \"plain\"}\n"
        "{\"create\": \"weather\", \"timeseries\": {\"timeField\": \"at\", \"metaField\": \"sensor\", \"granularity\": "
        "\"minutes\", \"bucketMaxSpanSeconds\": 86400}, \"expireAfterSeconds\": 86400}\n");
}

static void manual_shapes_of_indexes(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL model = new_model();
    add_shape(
        model, "{\"name\": \"c\", \"type\": \"collection\"}",
        (const char *const[]){
            "{\"v\": 2, \"key\": {\"_id\": 1}, \"name\": \"_id_\"}",
            "{\"v\": 2, \"key\": {\"a\": 1.0, \"b\": {\"$numberLong\": \"-1\"}}, \"name\": \"a\", \"unique\": true, "
            "\"sparse\": false, \"background\": true, \"ns\": \"d.c\"}",
            "{\"v\": 2, \"key\": {\"x\": 1, \"_fts\": \"text\", \"_ftsx\": 1}, \"name\": \"b\", \"weights\": "
            "{\"body\": 1, \"title\": 10}, \"default_language\": \"english\", \"language_override\": "
            "\"language\", \"textIndexVersion\": 3}",
            "{\"v\": 2, \"key\": {\"$**\": 1}, \"name\": \"c\", \"wildcardProjection\": {\"a\": 1}}",
            "{\"v\": 2, \"key\": {\"at\": 1}, \"name\": \"d\", \"expireAfterSeconds\": 60.0, \"hidden\": true}",
            "{\"v\": 2, \"key\": {\"place\": \"2dsphere\"}, \"name\": \"e\", \"2dsphereIndexVersion\": 3}",
            "{\"v\": 2, \"key\": {\"h\": \"hashed\"}, \"name\": \"f\"}",
            "{\"v\": 2, \"key\": {\"n\": 1}, \"name\": \"g\", \"collation\": {\"locale\": \"fr\", \"strength\": 2, "
            "\"version\": \"57.1\"}, \"partialFilterExpression\": {\"n\": {\"$gt\": {\"$numberLong\": \"5\"}}}}",
            NULL});
    finish(model);
    assert_commands(
        model,
        "{\"create\": \"c\"}\n"
        "{\"createIndexes\": \"c\", \"indexes\": [{\"name\": \"a\", \"key\": {\"a\": 1, \"b\": -1}, \"unique\": "
        "true}]}\n"
        "{\"createIndexes\": \"c\", \"indexes\": [{\"name\": \"b\", \"key\": {\"x\": 1, \"body\": \"text\", \"title\": "
        "\"text\"}, \"weights\": {\"body\": 1, \"title\": 10}, \"default_language\": \"english\", "
        "\"language_override\": \"language\", \"textIndexVersion\": 3}]}\n"
        "{\"createIndexes\": \"c\", \"indexes\": [{\"name\": \"c\", \"key\": {\"$**\": 1}, \"wildcardProjection\": "
        "{\"a\": 1}}]}\n"
        "{\"createIndexes\": \"c\", \"indexes\": [{\"name\": \"d\", \"key\": {\"at\": 1}, \"hidden\": true, "
        "\"expireAfterSeconds\": 60}]}\n"
        "{\"createIndexes\": \"c\", \"indexes\": [{\"name\": \"e\", \"key\": {\"place\": \"2dsphere\"}, "
        "\"2dsphereIndexVersion\": 3}]}\n"
        "{\"createIndexes\": \"c\", \"indexes\": [{\"name\": \"f\", \"key\": {\"h\": \"hashed\"}}]}\n"
        "{\"createIndexes\": \"c\", \"indexes\": [{\"name\": \"g\", \"key\": {\"n\": 1}, \"partialFilterExpression\": "
        "{\"n\": {\"$gt\": {\"$numberLong\": \"5\"}}}, \"collation\": {\"locale\": \"fr\", \"strength\": 2}}]}\n");
}

static void fields_of_a_validator(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL model = new_model();
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    add_shape(
        model,
        "{\"name\": \"users\", \"type\": \"collection\", \"options\": {\"validator\": {\"$jsonSchema\": {\"required\": "
        "[\"email\", \"home\"], \"properties\": {\"email\": {\"bsonType\": \"string\", \"pattern\": \"@\"}, "
        "\"age\": {\"bsonType\": [\"int\", \"null\"], \"minimum\": 0}, \"home\": {\"bsonType\": \"object\", "
        "\"required\": [\"city\"], \"properties\": {\"city\": {\"type\": \"string\"}}}, \"a.b\": {}}}}}}",
        NULL);
    finish(model);
    for (size_t i = 0; i < dara_model_count(model); i++) {
        const struct dara_object *it = dara_model_at(model, i);
        if (strcmp(dara_object_kind(it)->name, "field") != 0)
            continue;
        const char *type = dara_object_text(it, "type"), *rules = dara_object_text(it, "mongodb.rules");
        dara_text_format(&text, "%s %s%s %s|", dara_object_name(it), type ? type : "-",
                         dara_object_bool(it, "not_null", false) ? "!" : "", rules ? rules : "-");
    }
    assert_string_equal(dara_text_string(&text),
                        "age int | null {\"minimum\": 0}|email string! {\"pattern\": \"@\"}|home object! -|"
                        "home.city string! -|");
}

/* ---- with a server ------------------------------------------------------------------------------------------------------ */

static const char variable[] = "DARA_TEST_MONGODB_URI";

static struct dara_conn *connect_to(const char *suffix, enum dara_mode mode)
{
    char text[256], database[64];
    snprintf(database, sizeof(database), "dt_%ld_%s", (long)getpid(), suffix);
    snprintf(text, sizeof(text), "%s/%s", getenv(variable), database);
    const struct dara_url url = {
        .size = sizeof(url), .scheme = "mongodb", .path = database, .text = text, .redacted = text};
    const struct dara_open request = {.size = sizeof(request), .url = &url, .mode = mode, .application = "test"};
    struct dara_conn *conn = NULL;
    if (mongodb_session_open(&request, &conn))
        fail_msg("%s: %s", dara_error_last()->message, dara_error_last()->detail);
    return conn;
}

static void run(struct dara_conn *conn, const char *text)
{
    bson_t *command = parse(text);
    if (mongodb_run(conn, NULL, command, MONGODB_RUN_WRITES, NULL, NULL))
        fail_msg("%s: %s", text, dara_error_last()->message);
    bson_destroy(command);
}

static void drop_database(struct dara_conn *conn)
{
    run(conn, "{\"dropDatabase\": 1}");
    mongodb_session_close(conn);
}

static struct dara_model *read_model(struct dara_conn *conn)
{
    struct dara_model *model = new_model();
    if (mongodb_introspect_read(conn, NULL, model))
        fail_msg("%s", dara_error_last()->message);
    if (dara_model_finish(model))
        fail_msg("%s", dara_error_last()->message);
    return model;
}

/* One of every option that the test server has. */
static const char *const rich[] = {
    "{\"create\": \"plain\"}",
    "{\"create\": \"na\\\"me with a space and \\u00e4.dots\"}",
    "{\"create\": \"users\", \"validator\": {\"$jsonSchema\": {\"bsonType\": \"object\", \"required\": [\"email\"], "
    "\"properties\": {\"email\": {\"bsonType\": \"string\", \"pattern\": \"^.+@.+$\"}, \"age\": {\"bsonType\": "
    "[\"int\", \"long\"], \"minimum\": 0, \"maximum\": {\"$numberLong\": \"150\"}}}}}, \"validationLevel\": "
    "\"moderate\", \"validationAction\": \"warn\"}",
    "{\"createIndexes\": \"users\", \"indexes\": [{\"name\": \"email\", \"key\": {\"email\": 1}, \"unique\": true},"
    " {\"name\": \"two\", \"key\": {\"age\": -1, \"name\": 1}, \"sparse\": true},"
    " {\"name\": \"part\", \"key\": {\"age\": 1}, \"partialFilterExpression\": {\"age\": {\"$gt\": 5}}},"
    " {\"name\": \"ttl\", \"key\": {\"seen\": 1}, \"expireAfterSeconds\": 3600},"
    " {\"name\": \"words\", \"key\": {\"bio\": \"text\", \"title\": \"text\"}, \"weights\": {\"title\": 5}},"
    " {\"name\": \"hash\", \"key\": {\"h\": \"hashed\"}}, {\"name\": \"place\", \"key\": {\"at\": \"2dsphere\"}}]}",
    "{\"createIndexes\": \"plain\", \"indexes\": [{\"name\": \"wild\", \"key\": {\"$**\": 1}}]}",
    "{\"create\": \"adults\", \"viewOn\": \"users\", \"pipeline\": [{\"$match\": {\"age\": {\"$gte\": 18}}}]}",
    "{\"create\": \"aged\", \"viewOn\": \"adults\", \"pipeline\": [{\"$lookup\": {\"from\": \"plain\", \"localField\": "
    "\"a\", \"foreignField\": \"b\", \"as\": \"c\"}}, {\"$unionWith\": \"users\"}]}",
    "{\"create\": \"dara_migrations\"}",
};

static void same_again(void **state)
{
    (void)state;
    struct dara_conn *first = connect_to("one", DARA_MODE_WRITE), *second = connect_to("two", DARA_MODE_WRITE);
    for (size_t i = 0; i < DARA_COUNT(rich); i++)
        run(first, rich[i]);
    DARA_MODEL_LOCAL model = read_model(first);
    DARA_MODEL_LOCAL again = read_model(first);
    for (size_t i = 0; i < dara_model_count(model); i++) {
        bson_t command = BSON_INITIALIZER;
        if (!(dara_object_kind(dara_model_at(model, i))->flags & DARA_KIND_PART)) {
            assert_int_equal(mongodb_render_command(dara_model_at(model, i), &command), 0);
            if (mongodb_run(second, NULL, &command, MONGODB_RUN_WRITES, NULL, NULL))
                fail_msg("%s", dara_error_last()->message);
        }
        bson_destroy(&command);
    }
    DARA_MODEL_LOCAL copy = read_model(second);
    DARA_TEXT_LOCAL one = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL two = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL three = DARA_TEXT_INIT;
    dara_model_write_json(model, &one);
    dara_model_write_json(again, &two);
    dara_model_write_json(copy, &three);
    assert_string_equal(dara_text_string(&one), dara_text_string(&two));
    assert_string_equal(dara_text_string(&one), dara_text_string(&three));
    assert_int_equal(dara_model_count_of(model, "collection"), 3);
    assert_int_equal(dara_model_count_of(model, "index"), 8);
    assert_int_equal(dara_model_count_of(model, "view"), 2);
    assert_int_equal(dara_model_count_of(model, "field"), 2);
    drop_database(first);
    drop_database(second);
}

static void views_need_what_they_read(void **state)
{
    (void)state;
    struct dara_conn *conn = connect_to("views", DARA_MODE_WRITE);
    for (size_t i = 0; i < DARA_COUNT(rich); i++)
        run(conn, rich[i]);
    DARA_MODEL_LOCAL model = read_model(conn);
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    const struct dara_object *const *needs = NULL;
    size_t count = dara_object_depends(dara_model_find(model, "view", NULL, NULL, "aged"), &needs);
    for (size_t i = 0; i < count; i++)
        dara_text_format(&text, "%s ", dara_object_key(needs[i]));
    assert_string_equal(dara_text_string(&text), "plain users adults ");
    drop_database(conn);
}

/* More collections than one connection reads: all are there, whichever thread found them. */
static void many(void **state)
{
    (void)state;
    struct dara_conn *conn = connect_to("many", DARA_MODE_WRITE);
    char text[200];
    for (int i = 0; i < 30; i++) {
        snprintf(text, sizeof(text),
                 "{\"createIndexes\": \"c%02d\", \"indexes\": [{\"name\": \"i%02d\", \"key\": {\"a\": 1}}]}", i, i);
        run(conn, text);
    }
    DARA_MODEL_LOCAL model = read_model(conn);
    assert_int_equal(dara_model_count_of(model, "collection"), 30);
    for (int i = 0; i < 30; i++) {
        char collection[16], index[16];
        snprintf(collection, sizeof(collection), "c%02d", i);
        snprintf(index, sizeof(index), "i%02d", i);
        const struct dara_object *owner = dara_model_find(model, "collection", NULL, NULL, collection);
        assert_non_null(owner);
        assert_non_null(dara_model_find(model, "index", NULL, owner, index));
    }
    drop_database(conn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(manual_shapes_of_collections), cmocka_unit_test(manual_shapes_of_indexes),
        cmocka_unit_test(fields_of_a_validator),        cmocka_unit_test(same_again),
        cmocka_unit_test(views_need_what_they_read),    cmocka_unit_test(many),
    };
    const size_t alone = 3;
    bool server = getenv(variable) != NULL;
    for (size_t i = alone; !server && i < DARA_COUNT(tests); i++)
        print_message("# left out: %s (%s is not set)\n", tests[i].name, variable);
    return _cmocka_run_group_tests("mongodb-read", tests, server ? DARA_COUNT(tests) : alone, NULL, NULL);
}
