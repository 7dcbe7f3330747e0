/* SPDX-License-Identifier: MIT */
/* Each command once, with exact results. */
#include "gateway-test.h"

#include <stdlib.h>
#include <string.h>

#define C "'dara_gateway."

static void test_hello(void **state)
{
    (void)state;
    part_is("{'hello': 1}", "isWritablePrimary", "true");
    part_is("{'hello': 1}", "maxBsonObjectSize", "16777216");
    part_is("{'hello': 1}", "ok", "1.0");
    says("{'ping': 1}", "{'ok': 1.0}");
    part_is("{'buildInfo': 1}", "maxBsonObjectSize", "16777216");
    fails("{'noSuchCommand': 1}", 59);
}

static void test_documents(void **state)
{
    (void)state;
    says("{'insert': 'c', 'documents': [{'_id': 1, 'a': 'x'}, {'_id': 2, 'a': 'y'}, {'_id': 3}]}",
         "{'n': 3, 'ok': 1.0}");
    says("{'find': 'c', 'filter': {'a': {'$exists': true}}, 'sort': {'_id': -1}}",
         "{'cursor': {'id': 0, 'ns': " C "c', 'firstBatch': [{'_id': 2, 'a': 'y'}, {'_id': 1, 'a': 'x'}]}, 'ok': 1.0}");
    part_is("{'update': 'c', 'updates': [{'q': {}, 'u': {'$set': {'b': 1}}, 'multi': true}]}", "nModified", "3");
    part_is("{'update': 'c', 'updates': [{'q': {'_id': 9}, 'u': {'$set': {'b': 1}}, 'upsert': true}]}", "upserted",
            "[ { 'index' : 0, '_id' : 9 } ]");
    part_is("{'count': 'c', 'query': {'b': 1}}", "n", "4");
    part_is("{'distinct': 'c', 'key': 'a'}", "values", "[ 'x', 'y' ]");
    says("{'delete': 'c', 'deletes': [{'q': {'_id': {'$gt': 2}}, 'limit': 0}]}", "{'n': 2, 'ok': 1.0}");
    part_is("{'findAndModify': 'c', 'query': {'_id': 1}, 'update': {'$inc': {'b': 2}}, 'new': true}", "value",
            "{ '_id' : 1, 'a' : 'x', 'b' : 3 }");
    part_is("{'aggregate': 'c', 'pipeline': [{'$group': {'_id': null, 's': {'$sum': '$b'}}}], 'cursor': {}}",
            "cursor.firstBatch", "[ { '_id' : null, 's' : 4 } ]");
    runs("{'aggregate': 'c', 'pipeline': [{'$match': {'_id': 1}}, {'$out': 'o'}], 'cursor': {}}");
    runs("{'aggregate': 'c', 'pipeline': [{'$match': {'_id': 2}}, {'$merge': {'into': 'o'}}], 'cursor': {}}");
    part_is("{'count': 'o'}", "n", "2");
}

/* A document of every type comes back byte for byte. */
static void test_types(void **state)
{
    (void)state;
    bson_error_t error;
    bson_t *document =
        parse("{'_id': {'$oid': '5f0000000000000000000001'}, 'd': 1.5, 'nan': {'$numberDouble': 'NaN'}, 'z': "
              "{'$numberDouble': '-0.0'}, 's': 'é',"
              " 'o': {'b': 1, 'a': {}}, 'l': [1, [], {'x': null}], 'u': {'$binary': {'base64': "
              "'AAECAwQFBgcICQoLDA0ODw==', 'subType': '04'}},"
              " 'g': {'$binary': {'base64': '', 'subType': '80'}}, 't': true, 'n': null, 'old': {'$date': "
              "{'$numberLong': '-62135596800000'}},"
              " 're': {'$regularExpression': {'pattern': '^a', 'options': 'im'}}, 'js': {'$code': 'f()'}, 'i': -1,"
              " 'ts': {'$timestamp': {'t': 5, 'i': 6}}, 'big': {'$numberLong': '9007199254740993'}, 'dec': "
              "{'$numberDecimal': '1.10'},"
              " 'inf': {'$numberDecimal': '-Infinity'}, 'min': {'$minKey': 1}, 'max': {'$maxKey': 1}, 'dot.ted': 1, "
              "'$dollar': 2, '': 'empty'}");
    mongoc_collection_t *collection = mongoc_client_get_collection(shared, DATABASE, "types");
    bson_t options = BSON_INITIALIZER;
    BSON_APPEND_BOOL(&options, "validate", false);
    if (!mongoc_collection_insert_one(collection, document, &options, NULL, &error))
        fail_msg("%s", error.message);
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(collection, &(bson_t)BSON_INITIALIZER, NULL, NULL);
    const bson_t *got;
    assert_true(mongoc_cursor_next(cursor, &got));
    assert_int_equal(got->len, document->len);
    assert_memory_equal(bson_get_data(got), bson_get_data(document), document->len);
    assert_false(mongoc_cursor_next(cursor, &got));
    mongoc_cursor_destroy(cursor);
    mongoc_collection_destroy(collection);
    bson_destroy(document);
}

static void test_write_errors(void **state)
{
    (void)state;
    runs("{'insert': 'c', 'documents': [{'_id': 1}]}");
    bson_t *reply = reply_of(shared, DATABASE, "{'insert': 'c', 'documents': [{'_id': 2}, {'_id': 1}, {'_id': 3}]}");
    assert_string_equal(part(reply, "n"), "1");
    assert_string_equal(part(reply, "writeErrors.0.index"), "1");
    assert_string_equal(part(reply, "writeErrors.0.code"), "11000");
    assert_string_equal(part(reply, "writeErrors.0.keyPattern"), "{ '_id' : 1 }");
    assert_string_equal(part(reply, "writeErrors.0.keyValue"), "{ '_id' : 1 }");
    assert_string_equal(part(reply, "writeErrors.1"), "absent");
    bson_destroy(reply);
    reply = reply_of(shared, DATABASE, "{'insert': 'c', 'documents': [{'_id': 1}, {'_id': 3}], 'ordered': false}");
    assert_string_equal(part(reply, "n"), "1");
    assert_string_equal(part(reply, "writeErrors.0.index"), "0");
    bson_destroy(reply);
    runs("{'create': 'v', 'validator': {'$jsonSchema': {'required': ['a']}}}");
    reply = reply_of(shared, DATABASE, "{'insert': 'v', 'documents': [{'_id': 1}]}");
    assert_string_equal(part(reply, "writeErrors.0.code"), "121");
    assert_string_equal(part(reply, "writeErrors.0.errInfo.failingDocumentId"), "1");
    bson_destroy(reply);
    runs("{'collMod': 'v', 'validationAction': 'warn'}");
    runs("{'insert': 'v', 'documents': [{'_id': 1}]}");
    fails("{'find': 'c', 'filter': {'$nonsense': 1}}", 2);
    fails("{'aggregate': 'c', 'pipeline': [{'$nonsense': 1}], 'cursor': {}}", 40324);
}

static void test_collections(void **state)
{
    (void)state;
    runs("{'create': 'a', 'validator': {'x': {'$type': 'int'}}, 'validationLevel': 'moderate', 'validationAction': "
         "'warn'}");
    runs("{'create': 'w', 'viewOn': 'a', 'pipeline': [{'$match': {'x': 1}}]}");
    part_is(
        "{'listCollections': 1, 'filter': {'name': 'a'}}", "cursor.firstBatch.0.options",
        "{ 'validator' : { 'x' : { '$type' : 'int' } }, 'validationLevel' : 'moderate', 'validationAction' : 'warn' }");
    part_is("{'listCollections': 1, 'filter': {'name': 'a'}}", "cursor.firstBatch.0.idIndex",
            "{ 'v' : 2, 'name' : '_id_', 'key' : { '_id' : 1 } }");
    part_is("{'listCollections': 1, 'filter': {'name': 'w'}}", "cursor.firstBatch",
            "[ { 'name' : 'w', 'type' : 'view', 'options' : { 'viewOn' : 'a', 'pipeline' : [ { '$match' : { 'x' : 1 } "
            "} ] }, 'info' : { 'readOnly' : true } } ]");
    part_is("{'listCollections': 1, 'nameOnly': true, 'filter': {'name': 'a'}}", "cursor.firstBatch",
            "[ { 'name' : 'a', 'type' : 'collection' } ]");
    fails("{'create': 'a'}", 48);
    fails("{'collMod': 'none', 'validator': {}}", 26);
    fails("{'listIndexes': 'none'}", 26);
    bson_t *reply = reply_of(shared, "admin", "{'renameCollection': " C "a', 'to': " C "b'}");
    assert_string_equal(part(reply, "ok"), "1.0");
    bson_destroy(reply);
    part_is("{'drop': 'b'}", "ns", C "b'");
    part_is("{'listCollections': 1, 'filter': {'name': {'$in': ['a', 'b']}}}", "cursor.firstBatch", "[  ]");
    part_is("{'dropDatabase': 1}", "dropped", "'dara_gateway'");
    part_is("{'listCollections': 1}", "cursor.firstBatch", "[  ]");
}

static void test_indexes(void **state)
{
    (void)state;
    says("{'createIndexes': 'i', 'indexes': ["
         "{'key': {'a': 1, 'b': -1}, 'name': 'u', 'unique': true}, {'key': {'c': 1}, 'name': 's', 'sparse': true},"
         "{'key': {'d': 1}, 'name': 'p', 'partialFilterExpression': {'d': {'$gt': 1}}}, {'key': {'e': 1}, 'name': 't', "
         "'expireAfterSeconds': 60},"
         "{'key': {'f': 1}, 'name': 'l', 'collation': {'locale': 'en', 'strength': 2}}, {'key': {'g': 'hashed'}, "
         "'name': 'h'},"
         "{'key': {'k': 1}, 'name': 'hid', 'hidden': true}, {'key': {'loc': '2dsphere'}, 'name': 'geo'}]}",
         "{'numIndexesBefore': 1, 'numIndexesAfter': 9, 'createdCollectionAutomatically': true, 'ok': 1.0}");
    says("{'listIndexes': 'i'}",
         "{'cursor': {'id': 0, 'ns': " C "i', 'firstBatch': [{'v': 2, 'key': {'_id': 1}, 'name': '_id_'},"
         "{'v': 2, 'key': {'a': 1, 'b': -1}, 'name': 'u', 'unique': true}, {'v': 2, 'key': {'c': 1}, 'name': 's', "
         "'sparse': true},"
         "{'v': 2, 'key': {'d': 1}, 'name': 'p', 'partialFilterExpression': {'d': {'$gt': 1}}},"
         "{'v': 2, 'key': {'e': 1}, 'name': 't', 'expireAfterSeconds': 60},"
         "{'v': 2, 'key': {'f': 1}, 'name': 'l', 'collation': {'locale': 'en', 'strength': 2}}, {'v': 2, 'key': {'g': "
         "'hashed'}, 'name': 'h'},"
         "{'v': 2, 'key': {'k': 1}, 'name': 'hid', 'hidden': true}, {'v': 2, 'key': {'loc': '2dsphere'}, 'name': "
         "'geo', '2dsphereIndexVersion': 3}]}, 'ok': 1.0}");
    part_is("{'collMod': 'i', 'index': {'name': 't', 'expireAfterSeconds': 90}}", "expireAfterSeconds_old", "60");
    part_is("{'collMod': 'i', 'index': {'name': 'hid', 'hidden': false}}", "hidden_new", "false");
    fails("{'createIndexes': 'i', 'indexes': [{'key': {'a': 1, 'b': -1}, 'name': 'u'}]}", 86);
    runs("{'insert': 'i', 'documents': [{'_id': 1, 'a': 1, 'b': 1}]}");
    part_is("{'insert': 'i', 'documents': [{'_id': 2, 'a': 1, 'b': 1}]}", "writeErrors.0.keyValue",
            "{ 'a' : 1, 'b' : 1 }");
    fails("{'dropIndexes': 'i', 'index': 'none'}", 27);
    says("{'dropIndexes': 'i', 'index': 'u'}", "{'nIndexesWas': 9, 'ok': 1.0}");
    runs("{'insert': 'i', 'documents': [{'_id': 2, 'a': 1, 'b': 1}]}");
    fails("{'createIndexes': 'i', 'indexes': [{'key': {'a': 1}, 'name': 'dup', 'unique': true}]}", 11000);
    part_is("{'listIndexes': 'i'}", "cursor.firstBatch.8", "absent");
    part_is("{'dropIndexes': 'i', 'index': '*'}", "nIndexesWas", "8");
}

static void test_statistics(void **state)
{
    (void)state;
    runs("{'insert': 'c', 'documents': [{'_id': 1}, {'_id': 2}]}");
    runs("{'createIndexes': 'c', 'indexes': [{'key': {'a': 1}, 'name': 'a_1'}]}");
    part_is("{'collStats': 'c'}", "nindexes", "2");
    part_is("{'dbStats': 1}", "db", "'dara_gateway'");
    part_is("{'validate': 'c'}", "valid", "true");
    part_is("{'aggregate': 'c', 'pipeline': [{'$indexStats': {}}, {'$project': {'name': 1, '_id': 0}}, {'$sort': "
            "{'name': 1}}], 'cursor': {}}",
            "cursor.firstBatch", "[ { 'name' : '_id_' }, { 'name' : 'a_1' } ]");
}

static void test_explain(void **state)
{
    (void)state;
    runs("{'insert': 'c', 'documents': [{'_id': 1, 'a': 1}, {'_id': 2, 'a': 2}, {'_id': 3, 'a': 3}]}");
    runs("{'createIndexes': 'c', 'indexes': [{'key': {'a': 1}, 'name': 'a_1'}]}");
    static const char by_index[] =
        "{'explain': {'find': 'c', 'filter': {'a': {'$gt': 1}}}, 'verbosity': 'executionStats'}";
    part_is(by_index, "queryPlanner.winningPlan.stage", "'FETCH'");
    part_is(by_index, "queryPlanner.winningPlan.inputStage.stage", "'IXSCAN'");
    part_is(by_index, "queryPlanner.winningPlan.inputStage.indexName", "'a_1'");
    part_is(by_index, "queryPlanner.winningPlan.inputStage.keyPattern", "{ 'a' : 1 }");
    part_is(by_index, "executionStats.nReturned", "2");
    part_is(by_index, "executionStats.totalDocsExamined", "2");
    part_is("{'explain': {'aggregate': 'c', 'pipeline': [{'$match': {'b': 1}}], 'cursor': {}}, 'verbosity': "
            "'queryPlanner'}",
            "queryPlanner.winningPlan.stage", "'COLLSCAN'");
    part_is("{'explain': {'find': 'c', 'filter': {'b': 1}}, 'verbosity': 'executionStats'}",
            "executionStats.totalDocsExamined", "3");
    part_is("{'explain': {'find': 'c'}, 'verbosity': 'queryPlanner'}", "executionStats", "absent");
    /* A write is not done. */
    part_is("{'explain': {'delete': 'c', 'deletes': [{'q': {'a': 1}, 'limit': 0}]}, 'verbosity': 'queryPlanner'}",
            "queryPlanner.winningPlan.stage", "'DELETE'");
    part_is("{'count': 'c'}", "n", "3");
}

const struct CMUnitTest command_tests[] = {
    cmocka_unit_test(test_hello),        cmocka_unit_test(test_documents),   cmocka_unit_test(test_types),
    cmocka_unit_test(test_write_errors), cmocka_unit_test(test_collections), cmocka_unit_test(test_indexes),
    cmocka_unit_test(test_statistics),   cmocka_unit_test(test_explain),
};
const size_t command_test_count = COUNT(command_tests);
