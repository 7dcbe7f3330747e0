/* SPDX-License-Identifier: MIT */
/*
 * Tests of MongoDB's test server, tests/servers/mongodb: what the driver's tests stand on. With DARA_TEST_MONGODB_URI of a real mongod those
 * that are about MongoDB's protocol run there as well, those about the gateway's faults, log and ports skip.
 */
#include "gateway-test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

mongoc_client_t *shared;

mongoc_client_t *connect_to(const char *uri)
{
    bson_error_t error;
    mongoc_uri_t *parsed = mongoc_uri_new_with_error(uri, &error);
    if (parsed == NULL)
        fail_msg("%s: %s", uri, error.message);
    mongoc_client_t *client = mongoc_client_new_from_uri_with_error(parsed, &error);
    mongoc_uri_destroy(parsed);
    if (client == NULL)
        fail_msg("%s: %s", uri, error.message);
    mongoc_client_set_appname(client, NAME);
    mongoc_client_set_error_api(client, MONGOC_ERROR_API_VERSION_2);
    return client;
}

static void swap(char *text, char from, char to)
{
    for (; *text != '\0'; text++)
        if (*text == from)
            *text = to;
}

bson_t *parse(const char *json)
{
    bson_error_t error;
    char *copy = bson_strdup(json);
    swap(copy, '\'', '"');
    bson_t *document = bson_new_from_json((const uint8_t *)copy, -1, &error);
    if (document == NULL)
        fail_msg("%s: %s", copy, error.message);
    bson_free(copy);
    return document;
}

static char *shown(const bson_t *document)
{
    char *text = bson_as_relaxed_extended_json(document, NULL);
    swap(text, '"', '\'');
    return text;
}

bson_t *reply_of(mongoc_client_t *client, const char *database, const char *json)
{
    bson_error_t error;
    bson_t *command = parse(json), reply;
    mongoc_client_command_simple(client, database, command, NULL, &reply, &error);
    bson_t *copy = bson_copy(&reply);
    bson_destroy(&reply);
    bson_destroy(command);
    return copy;
}

static bool ok(const bson_t *reply)
{
    bson_iter_t iter;
    return bson_iter_init_find(&iter, reply, "ok") && bson_iter_as_bool(&iter);
}

void says_to(mongoc_client_t *client, const char *json, const char *reply)
{
    bson_t *got = reply_of(client, DATABASE, json), *wanted = parse(reply);
    char *got_text = shown(got), *wanted_text = shown(wanted);
    if (strcmp(got_text, wanted_text) != 0)
        fail_msg("%s\n  says   %s\n  not    %s", json, got_text, wanted_text);
    bson_free(got_text);
    bson_free(wanted_text);
    bson_destroy(got);
    bson_destroy(wanted);
}

void says(const char *json, const char *reply)
{
    says_to(shared, json, reply);
}

const char *part(const bson_t *document, const char *path)
{
    static char *text;
    bson_iter_t iter, at;
    bson_t value = BSON_INITIALIZER;
    bson_free(text);
    text = bson_strdup("absent");
    if (bson_iter_init(&iter, document) && bson_iter_find_descendant(&iter, path, &at)) {
        bson_append_iter(&value, "v", 1, &at);
        char *whole = shown(&value);
        bson_free(text);
        /* Without { 'v' : and } */
        whole[strlen(whole) - 2] = '\0';
        text = bson_strdup(whole + strlen("{ 'v' : "));
        bson_free(whole);
    }
    bson_destroy(&value);
    return text;
}

void part_is(const char *json, const char *path, const char *value)
{
    bson_t *reply = reply_of(shared, DATABASE, json);
    if (!ok(reply))
        fail_msg("%s fails: %s", json, part(reply, "errmsg"));
    if (strcmp(part(reply, path), value) != 0)
        fail_msg("%s\n  %s is  %s\n  not    %s", json, path, part(reply, path), value);
    bson_destroy(reply);
}

void fails_for(mongoc_client_t *client, const char *json, int code)
{
    char wanted[16];
    bson_t *reply = reply_of(client, DATABASE, json);
    snprintf(wanted, sizeof wanted, "%d", code);
    if (ok(reply) || strcmp(part(reply, "code"), wanted) != 0) {
        char *text = shown(reply);
        fail_msg("%s\n  says   %s\n  not    code %d", json, text, code);
    }
    bson_destroy(reply);
}

void fails(const char *json, int code)
{
    fails_for(shared, json, code);
}

void runs(const char *json)
{
    bson_t *reply = reply_of(shared, DATABASE, json);
    if (!ok(reply) || strcmp(part(reply, "writeErrors"), "absent") != 0)
        fail_msg("%s fails: %s", json, shown(reply));
    bson_destroy(reply);
}

static char *own_file(const char *variable)
{
    const char *folder = getenv(variable);
    return folder != NULL ? bson_strdup_printf("%s/%s", folder, NAME) : NULL;
}

void control(const char *lines)
{
    char *path = own_file("DARA_TEST_MONGODB_CONTROL"), *copy = bson_strdup_printf("%s.new", path);
    FILE *file = fopen(copy, "w");
    assert_non_null(file);
    for (const char *at = lines; *at != '\0'; at++)
        fputc(*at == '\'' ? '"' : *at, file);
    fclose(file);
    assert_int_equal(rename(copy, path), 0);
    bson_free(copy);
    bson_free(path);
}

int logged(const char *text)
{
    char *line = NULL, *path = own_file("DARA_TEST_MONGODB_LOG");
    size_t room = 0;
    int count = 0;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (getline(&line, &room, file) > 0)
        count += strstr(line, text) != NULL;
    free(line);
    fclose(file);
    bson_free(path);
    return count;
}

static int fresh(void **state)
{
    (void)state;
    bson_t *reply = reply_of(shared, DATABASE, "{'dropDatabase': 1}");
    bson_destroy(reply);
    return 0;
}

static int calm(void **state)
{
    char *path = own_file("DARA_TEST_MONGODB_CONTROL");
    if (path != NULL)
        unlink(path);
    bson_free(path);
    return fresh(state);
}

static void nothing(void **state)
{
    (void)state;
}

/* cmocka's own word for a skipped test is none of TAP's: the name says it. */
static struct CMUnitTest skipped(const struct CMUnitTest *test)
{
    return (struct CMUnitTest){
        .name = bson_strdup_printf("%s # SKIP %s is not set", test->name, (const char *)test->initial_state),
        .test_func = nothing};
}

static size_t add(struct CMUnitTest *all, size_t count, const struct CMUnitTest *tests, size_t more)
{
    for (size_t i = 0; i < more; i++) {
        all[count + i] = tests[i];
        all[count + i].setup_func = fresh;
        all[count + i].teardown_func = calm;
        if (tests[i].initial_state != NULL && getenv(tests[i].initial_state) == NULL)
            all[count + i] = skipped(&tests[i]);
    }
    return count + more;
}

int main(void)
{
    static struct CMUnitTest all[128];
    size_t count = 0;
    const char *uri = getenv("DARA_TEST_MONGODB_URI");
    if (uri == NULL) {
        puts("1..0 # SKIP the environment does not name one: DARA_TEST_MONGODB_URI");
        return 0;
    }
    mongoc_init();
    shared = connect_to(uri);
    count = add(all, count, command_tests, command_test_count);
    count = add(all, count, session_tests, session_test_count);
    count = add(all, count, fault_tests, fault_test_count);
    count = add(all, count, wire_tests, wire_test_count);
    count = add(all, count, corpora_tests, corpora_test_count);
    const int failed = _cmocka_run_group_tests("mongodb-gateway", all, count, NULL, NULL);
    mongoc_client_destroy(shared);
    mongoc_cleanup();
    return failed;
}
