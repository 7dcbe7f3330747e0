/* SPDX-License-Identifier: MIT */
/* Cursors, transactions, writes sent again, logins, what is at work. */
#include "gateway-test.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void insert_many(const char *name, int count)
{
    mongoc_collection_t *collection = mongoc_client_get_collection(shared, DATABASE, name);
    mongoc_bulk_operation_t *bulk = mongoc_collection_create_bulk_operation_with_opts(collection, NULL);
    bson_error_t error;
    for (int i = 0; i < count; i++) {
        bson_t *document = BCON_NEW("_id", BCON_INT32(i), "r", BCON_INT32((i * 7919) % count));
        mongoc_bulk_operation_insert(bulk, document);
        bson_destroy(document);
    }
    assert_true(mongoc_bulk_operation_execute(bulk, NULL, &error));
    mongoc_bulk_operation_destroy(bulk);
    mongoc_collection_destroy(collection);
}

/* All documents come, each once, in order where there is one. */
static void read_all(const char *options, const char *field)
{
    mongoc_collection_t *collection = mongoc_client_get_collection(shared, DATABASE, "many");
    bson_t *opts = parse(options);
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(collection, &(bson_t)BSON_INITIALIZER, opts, NULL);
    const bson_t *document;
    char wanted[16];
    int count = 0;
    long sum = 0;
    while (mongoc_cursor_next(cursor, &document)) {
        snprintf(wanted, sizeof wanted, "%d", count++);
        if (field != NULL)
            assert_string_equal(part(document, field), wanted);
        sum += strtol(part(document, "_id"), NULL, 10);
    }
    assert_false(mongoc_cursor_error(cursor, NULL));
    assert_int_equal(count, 1000);
    assert_int_equal(sum, 999 * 1000 / 2);
    mongoc_cursor_destroy(cursor);
    mongoc_collection_destroy(collection);
    bson_destroy(opts);
}

static void test_cursors(void **state)
{
    (void)state;
    insert_many("many", 1000);
    read_all("{'batchSize': 99}", NULL);
    read_all("{'batchSize': 99, 'sort': {'r': 1}}", "r");
    read_all("{}", NULL);
    fails("{'getMore': {'$numberLong': '123456789'}, 'collection': 'many'}", 43);
}

/* A cursor belongs to the server, not to the connection. */
static void test_cursor_elsewhere(void **state)
{
    (void)state;
    insert_many("many", 1000);
    for (int sorted = 0; sorted < 2; sorted++) {
        bson_t *reply = reply_of(shared, DATABASE,
                                 sorted ? "{'find': 'many', 'batchSize': 10, 'sort': {'r': 1}}"
                                        : "{'find': 'many', 'batchSize': 10}");
        char command[128];
        snprintf(command, sizeof command, "{'getMore': {'$numberLong': '%s'}, 'collection': 'many', 'batchSize': 2}",
                 part(reply, "cursor.id"));
        bson_destroy(reply);
        mongoc_client_t *other = connect_to(getenv("DARA_TEST_MONGODB_URI"));
        reply = reply_of(other, DATABASE, command);
        assert_string_equal(part(reply, sorted ? "cursor.nextBatch.1.r" : "cursor.nextBatch.1._id"), "11");
        assert_string_equal(part(reply, "cursor.nextBatch.2"), "absent");
        char kill[128];
        snprintf(kill, sizeof kill, "{'killCursors': 'many', 'cursors': [{'$numberLong': '%s'}]}",
                 part(reply, "cursor.id"));
        bson_destroy(reply);
        reply = reply_of(other, DATABASE, kill);
        assert_string_not_equal(part(reply, "cursorsKilled.0"), "absent");
        bson_destroy(reply);
        fails_for(other, command, 43);
        mongoc_client_destroy(other);
    }
}

/* A command in a session's transaction; its reply. */
static bson_t *within(mongoc_client_t *client, mongoc_client_session_t *session, const char *json)
{
    bson_error_t error;
    bson_t options = BSON_INITIALIZER, reply, *command = parse(json);
    assert_true(mongoc_client_session_append(session, &options, &error));
    mongoc_client_write_command_with_opts(client, DATABASE, command, &options, &reply, &error);
    bson_t *copy = bson_copy(&reply);
    bson_destroy(&reply);
    bson_destroy(command);
    bson_destroy(&options);
    return copy;
}

static mongoc_client_session_t *begin(mongoc_client_t *client)
{
    bson_error_t error;
    mongoc_client_session_t *session = mongoc_client_start_session(client, NULL, &error);
    if (session == NULL || !mongoc_client_session_start_transaction(session, NULL, &error))
        fail_msg("%s", error.message);
    return session;
}

static void does(mongoc_client_session_t *session, const char *json)
{
    bson_t *reply = within(shared, session, json);
    if (strcmp(part(reply, "ok"), "1.0") != 0 || strcmp(part(reply, "writeErrors"), "absent") != 0)
        fail_msg("%s: %s", json, part(reply, "errmsg"));
    bson_destroy(reply);
}

static void test_transactions(void **state)
{
    (void)state;
    bson_error_t error;
    bson_t reply;
    runs("{'insert': 'c', 'documents': [{'_id': 1}]}");
    mongoc_client_session_t *session = begin(shared);
    does(session, "{'insert': 'c', 'documents': [{'_id': 2}]}");
    does(session, "{'update': 'c', 'updates': [{'q': {'_id': 1}, 'u': {'$set': {'a': 1}}}]}");
    part_is("{'count': 'c', 'query': {}}", "n", "1");
    assert_true(mongoc_client_session_abort_transaction(session, &error));
    part_is("{'find': 'c'}", "cursor.firstBatch", "[ { '_id' : 1 } ]");
    assert_true(mongoc_client_session_start_transaction(session, NULL, &error));
    does(session, "{'insert': 'c', 'documents': [{'_id': 3}]}");
    assert_true(mongoc_client_session_commit_transaction(session, &reply, &error));
    bson_destroy(&reply);
    /* Once more is no error. */
    assert_true(mongoc_client_session_commit_transaction(session, &reply, &error));
    bson_destroy(&reply);
    part_is("{'find': 'c', 'sort': {'_id': 1}}", "cursor.firstBatch", "[ { '_id' : 1 }, { '_id' : 3 } ]");
    mongoc_client_session_destroy(session);
}

/* An error ends the transaction: what follows in it is refused, with the label that says to begin anew. */
static void test_failed_transaction(void **state)
{
    (void)state;
    runs("{'insert': 'c', 'documents': [{'_id': 1}]}");
    mongoc_client_session_t *session = begin(shared);
    does(session, "{'insert': 'c', 'documents': [{'_id': 2}]}");
    bson_t *reply = within(shared, session, "{'insert': 'c', 'documents': [{'_id': 1}]}");
    assert_string_equal(part(reply, "writeErrors.0.code"), "11000");
    bson_destroy(reply);
    reply = within(shared, session, "{'insert': 'c', 'documents': [{'_id': 4}]}");
    assert_string_equal(part(reply, "code"), "251");
    assert_string_equal(part(reply, "errorLabels"), "[ 'TransientTransactionError' ]");
    bson_destroy(reply);
    mongoc_client_session_destroy(session);
    part_is("{'count': 'c'}", "n", "1");
}

static void test_conflict(void **state)
{
    (void)state;
    bson_error_t error;
    bson_t reply;
    runs("{'insert': 'c', 'documents': [{'_id': 1}]}");
    mongoc_client_session_t *one = begin(shared), *other = begin(shared);
    does(one, "{'update': 'c', 'updates': [{'q': {'_id': 1}, 'u': {'$set': {'a': 1}}}]}");
    bson_t *refused = within(shared, other, "{'update': 'c', 'updates': [{'q': {'_id': 1}, 'u': {'$set': {'a': 2}}}]}");
    assert_string_equal(part(refused, "ok"), "0.0");
    assert_string_equal(part(refused, "code"), "112");
    assert_string_equal(part(refused, "errorLabels"), "[ 'TransientTransactionError' ]");
    bson_destroy(refused);
    assert_true(mongoc_client_session_commit_transaction(one, &reply, &error));
    bson_destroy(&reply);
    mongoc_client_session_destroy(one);
    mongoc_client_session_destroy(other);
    part_is("{'find': 'c'}", "cursor.firstBatch", "[ { '_id' : 1, 'a' : 1 } ]");
}

/* The same number twice: done once. */
static void test_retry(void **state)
{
    (void)state;
    static const char session[] =
        "'lsid': {'id': {'$binary': {'base64': 'AAECAwQFBgcICQoLDA0ODw==', 'subType': '04'}}}";
    char command[512];
    for (int i = 0; i < 2; i++) {
        snprintf(command, sizeof command,
                 "{'update': 'c', 'updates': [{'q': {'_id': 1}, 'u': {'$inc': {'n': 1}}, 'upsert': true}], "
                 "'txnNumber': {'$numberLong': '%d'}, %s}",
                 7, session);
        runs(command);
    }
    part_is("{'find': 'c'}", "cursor.firstBatch", "[ { '_id' : 1, 'n' : 1 } ]");
}

static void make_user(const char *name, const char *roles)
{
    char command[512];
    snprintf(command, sizeof command, "{'createUser': '%s', 'pwd': 'Geheim.12345', 'roles': [%s]}", name, roles);
    bson_t *reply = reply_of(shared, "admin", command);
    if (strcmp(part(reply, "ok"), "1.0") != 0)
        fail_msg("%s: %s", command, part(reply, "errmsg"));
    bson_destroy(reply);
}

static void drop_user(const char *name)
{
    char command[128];
    snprintf(command, sizeof command, "{'dropUser': '%s'}", name);
    bson_destroy(reply_of(shared, "admin", command));
}

static mongoc_client_t *login(const char *user, const char *password)
{
    const char *uri = getenv("DARA_TEST_MONGODB_LOGIN_URI");
    char whole[256];
    assert_non_null(uri);
    snprintf(whole, sizeof whole, "mongodb://%s%s%s@%s", user, password[0] != '\0' ? ":" : "", password,
             uri + strlen("mongodb://"));
    return connect_to(user[0] != '\0' ? whole : uri);
}

static void test_login(void **state)
{
    (void)state;
    mongoc_client_t *nobody = login("", "");
    fails_for(nobody, "{'find': 'c'}", 13);
    mongoc_client_destroy(nobody);
    drop_user("dara_reader");
    drop_user("dara_writer");
    make_user("dara_reader", "{'role': 'readAnyDatabase', 'db': 'admin'}");
    make_user("dara_writer",
              "{'role': 'readWriteAnyDatabase', 'db': 'admin'}, {'role': 'clusterAdmin', 'db': 'admin'}");
    mongoc_client_t *writer = login("dara_writer", "Geheim.12345"), *reader = login("dara_reader", "Geheim.12345");
    says_to(writer, "{'insert': 'c', 'documents': [{'_id': 1}]}", "{'n': 1, 'ok': 1.0}");
    says_to(reader, "{'find': 'c'}",
            "{'cursor': {'id': 0, 'ns': 'dara_gateway.c', 'firstBatch': [{'_id': 1}]}, 'ok': 1.0}");
    fails_for(reader, "{'insert': 'c', 'documents': [{'_id': 2}]}", 13);
    fails_for(reader, "{'create': 'd'}", 13);
    bson_t *reply = reply_of(reader, DATABASE, "{'connectionStatus': 1}");
    assert_string_equal(part(reply, "authInfo.authenticatedUsers"), "[ { 'user' : 'dara_reader', 'db' : 'admin' } ]");
    bson_destroy(reply);
    mongoc_client_destroy(writer);
    mongoc_client_destroy(reader);
    const int before = logged("Falsch");
    mongoc_client_t *wrong = login("dara_reader", "Falsch.12345");
    reply = reply_of(wrong, DATABASE, "{'ping': 1}");
    assert_string_equal(part(reply, "ok"), "absent");
    bson_destroy(reply);
    mongoc_client_destroy(wrong);
    assert_int_equal(logged("Falsch"), before);
    drop_user("dara_reader");
    drop_user("dara_writer");
}

static void *blocked(void *arg)
{
    mongoc_client_t *client = connect_to(getenv("DARA_TEST_MONGODB_URI"));
    *(bson_t **)arg =
        reply_of(client, DATABASE, "{'update': 'c', 'updates': [{'q': {'_id': 1}, 'u': {'$set': {'a': 2}}}]}");
    mongoc_client_destroy(client);
    return NULL;
}

/* A write that waits for a transaction is seen, and can be ended. */
static void test_operations(void **state)
{
    (void)state;
    pthread_t thread;
    bson_t *ended = NULL, *seen = NULL;
    runs("{'insert': 'c', 'documents': [{'_id': 1}]}");
    mongoc_client_session_t *session = begin(shared);
    does(session, "{'update': 'c', 'updates': [{'q': {'_id': 1}, 'u': {'$set': {'a': 1}}}]}");
    assert_int_equal(pthread_create(&thread, NULL, blocked, &ended), 0);
    for (int i = 0; i < 200 && (seen == NULL || strcmp(part(seen, "inprog.0.waitingForLock"), "true") != 0); i++) {
        usleep(20000);
        if (seen != NULL)
            bson_destroy(seen);
        seen = reply_of(shared, "admin", "{'currentOp': 1, 'op': 'update', 'ns': 'dara_gateway.c'}");
    }
    assert_string_equal(part(seen, "inprog.0.waitingForLock"), "true");
    assert_string_equal(part(seen, "inprog.0.command.update"), "'c'");
    assert_string_equal(part(seen, "inprog.1"), "absent");
    char kill[64];
    snprintf(kill, sizeof kill, "{'killOp': 1, 'op': %s}", part(seen, "inprog.0.opid"));
    bson_destroy(seen);
    bson_destroy(reply_of(shared, "admin", kill));
    pthread_join(thread, NULL);
    assert_string_equal(part(ended, "code"), "11601");
    bson_destroy(ended);
    mongoc_client_session_destroy(session);
}

const struct CMUnitTest session_tests[] = {
    cmocka_unit_test(test_cursors),
    cmocka_unit_test(test_cursor_elsewhere),
    cmocka_unit_test(test_transactions),
    cmocka_unit_test(test_failed_transaction),
    cmocka_unit_test(test_conflict),
    cmocka_unit_test(test_retry),
    NEEDS("DARA_TEST_MONGODB_LOGIN_URI", test_login),
    cmocka_unit_test(test_operations),
};
const size_t session_test_count = COUNT(session_tests);
