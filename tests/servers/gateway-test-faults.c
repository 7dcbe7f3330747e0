/* SPDX-License-Identifier: MIT */
/* Faults, scripted answers, the log, the ports. */
#include "gateway-test.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static mongoc_client_t *plain(void)
{
    char uri[256];
    snprintf(uri, sizeof uri, "%s/?retryWrites=false&retryReads=false", getenv("DARA_TEST_MONGODB_URI"));
    return connect_to(uri);
}

/* The connection is cut: there is no reply. */
static void broken(mongoc_client_t *client, const char *json)
{
    bson_t *reply = reply_of(client, DATABASE, json);
    if (strcmp(part(reply, "ok"), "absent") != 0)
        fail_msg("%s is answered", json);
    bson_destroy(reply);
}

static void test_cut(void **state)
{
    (void)state;
    mongoc_client_t *client = plain();
    control("{'command': 'insert', 'nth': 2, 'cut': 'before'}\n{'command': 'insert', 'nth': 3, 'cut': 'after'}\n");
    says_to(client, "{'insert': 'c', 'documents': [{'_id': 1}]}", "{'n': 1, 'ok': 1.0}");
    broken(client, "{'insert': 'c', 'documents': [{'_id': 2}]}");
    broken(client, "{'insert': 'c', 'documents': [{'_id': 3}]}");
    says_to(client, "{'insert': 'c', 'documents': [{'_id': 4}]}", "{'n': 1, 'ok': 1.0}");
    mongoc_client_destroy(client);
    part_is("{'find': 'c', 'sort': {'_id': 1}}", "cursor.firstBatch",
            "[ { '_id' : 1 }, { '_id' : 3 }, { '_id' : 4 } ]");
}

/* A commit whose answer is lost is committed, and says so when asked again. */
static void test_lost_commit(void **state)
{
    (void)state;
    bson_error_t error;
    bson_t reply, options = BSON_INITIALIZER;
    mongoc_client_session_t *session = mongoc_client_start_session(shared, NULL, &error);
    runs("{'create': 'c'}");
    assert_true(mongoc_client_session_start_transaction(session, NULL, &error));
    assert_true(mongoc_client_session_append(session, &options, &error));
    bson_t *command = parse("{'insert': 'c', 'documents': [{'_id': 1}]}");
    assert_true(mongoc_client_write_command_with_opts(shared, DATABASE, command, &options, &reply, &error));
    bson_destroy(&reply);
    control("{'command': 'commitTransaction', 'nth': 1, 'cut': 'after'}\n");
    const int before = logged(" commitTransaction ");
    if (!mongoc_client_session_commit_transaction(session, &reply, &error))
        fail_msg("%s", error.message);
    bson_destroy(&reply);
    bson_destroy(&options);
    bson_destroy(command);
    mongoc_client_session_destroy(session);
    assert_int_equal(logged(" commitTransaction ") - before, 2);
    part_is("{'count': 'c'}", "n", "1");
}

static void test_refuse(void **state)
{
    (void)state;
    control("{'refuse': true}\n");
    mongoc_client_t *client = plain();
    broken(client, "{'ping': 1}");
    mongoc_client_destroy(client);
    control("");
    client = plain();
    says_to(client, "{'ping': 1}", "{'ok': 1.0}");
    mongoc_client_destroy(client);
}

static void test_delay(void **state)
{
    (void)state;
    struct timespec before, after;
    control("{'command': 'ping', 'delay': 300}\n");
    clock_gettime(CLOCK_MONOTONIC, &before);
    says("{'ping': 1}", "{'ok': 1.0}");
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true((after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000 >= 299);
}

/* As `profile` would answer: the script's word, not the server's. */
static void test_scripted_reply(void **state)
{
    (void)state;
    control("# the profiler is none of DocumentDB's\n"
            "{'command': 'profile', 'match': {'profile': -1}, 'reply': {'was': 0, 'slowms': 100, 'sampleRate': 1.0, "
            "'ok': 1.0}}\n"
            "{'command': 'insert', 'match': {'insert': 'c', 'documents.0._id': null}, 'nth': 1, 'reply': {'ok': 0.0, "
            "'errmsg': 'not primary', "
            "'code': 10107, 'codeName': 'NotWritablePrimary', 'errorLabels': ['RetryableWriteError']}}\n");
    says("{'profile': -1}", "{'was': 0, 'slowms': 100, 'sampleRate': 1.0, 'ok': 1.0}");
    fails("{'profile': 1}", 59);
    runs("{'insert': 'd', 'documents': [{'_id': 1}]}");
    mongoc_client_t *client = plain();
    fails_for(client, "{'insert': 'c', 'documents': [{'_id': 1}]}", 10107);
    says_to(client, "{'insert': 'c', 'documents': [{'_id': 1}]}", "{'n': 1, 'ok': 1.0}");
    mongoc_client_destroy(client);
}

static void greeting(const char *variable, const char *path, const char *value)
{
    const char *uri = getenv(variable);
    assert_non_null(uri);
    mongoc_client_t *client = connect_to(uri);
    bson_t *reply = reply_of(client, "admin", "{'hello': 1}");
    if (strcmp(part(reply, path), value) != 0)
        fail_msg("%s: %s is %s, not %s", variable, path, part(reply, path), value);
    bson_destroy(reply);
    mongoc_client_destroy(client);
}

static void test_ports(void **state)
{
    (void)state;
    greeting("DARA_TEST_MONGODB_MONGOS_URI", "msg", "'isdbgrid'");
    greeting("DARA_TEST_MONGODB_MONGOS_URI", "setName", "absent");
    greeting("DARA_TEST_MONGODB_STANDALONE_URI", "logicalSessionTimeoutMinutes", "absent");
    greeting("DARA_TEST_MONGODB_STANDALONE_URI", "setName", "absent");
    greeting("DARA_TEST_MONGODB_LOGIN_URI", "setName", "'rs0'");
    control("{'hello': {'maxWireVersion': 3, 'helloOk': null}}\n");
    mongoc_client_t *client = plain();
    bson_error_t error;
    bson_t *ping = parse("{'ping': 1}");
    assert_false(mongoc_client_command_simple(client, "admin", ping, NULL, NULL, &error));
    assert_int_equal(error.code, MONGOC_ERROR_PROTOCOL_BAD_WIRE_VERSION);
    bson_destroy(ping);
    mongoc_client_destroy(client);
}

/* Scripted, as it were: the options are the gateway's, DocumentDB does not know them. */
static void test_kept_options(void **state)
{
    (void)state;
    control("");
    fails("{'create': 'a', 'capped': true, 'size': 4096}", 115);
    control("{'keep': true}\n");
    runs("{'create': 'a', 'capped': true, 'size': 4096, 'max': 10, 'validator': {'x': 1}}");
    runs("{'create': 't', 'timeseries': {'timeField': 'at', 'metaField': 'm'}, 'expireAfterSeconds': 60}");
    runs("{'create': 'l', 'clusteredIndex': {'key': {'_id': 1}, 'unique': true}, 'collation': {'locale': 'de', "
         "'strength': 1}}");
    runs("{'collMod': 'a', 'cappedSize': 8192}");
    bson_t *reply = reply_of(shared, "admin", "{'renameCollection': 'dara_gateway.a', 'to': 'dara_gateway.b'}");
    bson_destroy(reply);
    part_is("{'listCollections': 1, 'filter': {'name': 'b'}}", "cursor.firstBatch.0.options",
            "{ 'capped' : true, 'max' : 10, 'size' : 8192, 'validator' : { 'x' : 1 }, 'validationLevel' : 'strict', "
            "'validationAction' : 'error' }");
    part_is("{'listCollections': 1, 'filter': {'name': 't'}}", "cursor.firstBatch.0.options",
            "{ 'expireAfterSeconds' : 60, 'timeseries' : { 'timeField' : 'at', 'metaField' : 'm', "
            "'granularity' : 'seconds', 'bucketMaxSpanSeconds' : 3600 } }");
    part_is("{'listCollections': 1, 'filter': {'name': 't'}}", "cursor.firstBatch.0.type", "'timeseries'");
    part_is("{'listCollections': 1, 'filter': {'name': 't'}}", "cursor.firstBatch.0.idIndex", "absent");
    part_is("{'listIndexes': 'l'}", "cursor.firstBatch",
            "[ { 'v' : 2, 'key' : { '_id' : 1 }, 'name' : '_id_', 'unique' : true, 'clustered' : true } ]");
    part_is("{'listCollections': 1, 'filter': {'name': 'l'}}", "cursor.firstBatch.0.options.collation.caseFirst",
            "'off'");
    runs("{'drop': 'b'}");
    runs("{'create': 'b'}");
    part_is("{'listCollections': 1, 'filter': {'name': 'b'}}", "cursor.firstBatch.0.options", "{  }");
}

static void test_log(void **state)
{
    (void)state;
    const int inserts = logged(" insert "), finds = logged(" find ");
    runs("{'insert': 'c', 'documents': [{'_id': 1}]}");
    runs("{'insert': 'c', 'documents': [{'_id': 2}]}");
    assert_int_equal(logged(" insert ") - inserts, 2);
    assert_int_equal(logged(" find ") - finds, 0);
}

const struct CMUnitTest fault_tests[] = {
    NEEDS("DARA_TEST_MONGODB_CONTROL", test_cut),
    NEEDS("DARA_TEST_MONGODB_CONTROL", test_lost_commit),
    NEEDS("DARA_TEST_MONGODB_CONTROL", test_refuse),
    NEEDS("DARA_TEST_MONGODB_CONTROL", test_delay),
    NEEDS("DARA_TEST_MONGODB_CONTROL", test_scripted_reply),
    NEEDS("DARA_TEST_MONGODB_CONTROL", test_ports),
    NEEDS("DARA_TEST_MONGODB_CONTROL", test_kept_options),
    NEEDS("DARA_TEST_MONGODB_CONTROL", test_log),
};
const size_t fault_test_count = COUNT(fault_tests);
