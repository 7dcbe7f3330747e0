/* SPDX-License-Identifier: MIT */
/* Documents in number: sample collections in and out again byte for byte, and with DARA_TEST_THOROUGH a million. */
#include "gateway-test.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST = 4096, MILLION = 1000000, BATCH = 20000 };

static void insert(mongoc_bulk_operation_t *bulk)
{
    bson_error_t error;
    if (!mongoc_bulk_operation_execute(bulk, NULL, &error))
        fail_msg("%s", error.message);
    mongoc_bulk_operation_destroy(bulk);
}

/* A server puts _id before the rest. */
static bson_t *by_id(bson_t *document)
{
    bson_iter_t iter;
    bson_t *ordered = bson_new();
    assert_true(bson_iter_init_find(&iter, document, "_id"));
    bson_append_iter(ordered, NULL, -1, &iter);
    bson_copy_to_excluding_noinit(document, ordered, "_id", NULL);
    bson_destroy(document);
    return ordered;
}

/* The documents of a file, one a line, put into the collection. */
static size_t load(mongoc_collection_t *collection, const char *path, bson_t **documents)
{
    bson_error_t error;
    mongoc_bulk_operation_t *bulk = mongoc_collection_create_bulk_operation_with_opts(collection, NULL);
    bson_json_reader_t *reader = bson_json_reader_new_from_file(path, &error);
    size_t count = 0;
    int more;
    if (reader == NULL)
        fail_msg("%s: %s", path, error.message);
    while (count < MOST && (more = bson_json_reader_read(reader, documents[count] = bson_new(), &error)) > 0) {
        mongoc_bulk_operation_insert(bulk, documents[count]);
        documents[count] = by_id(documents[count]);
        count++;
    }
    if (more < 0)
        fail_msg("%s: document %zu: %s", path, count + 1, error.message);
    bson_destroy(documents[count]);
    bson_json_reader_destroy(reader);
    insert(bulk);
    return count;
}

static void round_trip(const char *folder, const char *name, size_t wanted)
{
    static bson_t *documents[MOST];
    char path[1024];
    snprintf(path, sizeof path, "%s/mongodb/%s.json", folder, name);
    mongoc_collection_t *collection = mongoc_client_get_collection(shared, DATABASE, name);
    const size_t count = load(collection, path, documents);
    assert_int_equal(count, wanted);
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(collection, &(bson_t)BSON_INITIALIZER, NULL, NULL);
    const bson_t *got;
    size_t read = 0;
    while (mongoc_cursor_next(cursor, &got)) {
        size_t at = read;
        while (at < read + count && !bson_equal(got, documents[at % count]))
            at++;
        if (at == read + count)
            fail_msg("%s: a document came back changed: %s", name, part(got, "_id"));
        read++;
    }
    assert_false(mongoc_cursor_error(cursor, NULL));
    assert_int_equal(read, count);
    mongoc_cursor_destroy(cursor);
    mongoc_collection_destroy(collection);
    for (size_t i = 0; i < count; i++)
        bson_destroy(documents[i]);
}

static void test_corpora(void **state)
{
    (void)state;
    const char *folder = getenv("DARA_TEST_CORPORA");
    round_trip(folder, "books", 431);
    round_trip(folder, "grades", 280);
    round_trip(folder, "products", 11);
    round_trip(folder, "restaurant", 2548);
    round_trip(folder, "students", 200);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void fill(mongoc_collection_t *collection)
{
    for (int from = 0; from < MILLION; from += BATCH) {
        mongoc_bulk_operation_t *bulk = mongoc_collection_create_bulk_operation_with_opts(collection, NULL);
        for (int i = from; i < from + BATCH; i++) {
            bson_t *document = BCON_NEW("_id", BCON_INT32(i), "name", BCON_UTF8("somebody of some name"), "n",
                                        BCON_INT64((int64_t)i * i));
            mongoc_bulk_operation_insert(bulk, document);
            bson_destroy(document);
        }
        insert(bulk);
    }
}

static void test_million(void **state)
{
    (void)state;
    mongoc_collection_t *collection = mongoc_client_get_collection(shared, DATABASE, "million");
    const double begun = seconds();
    fill(collection);
    const double filled = seconds();
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(collection, &(bson_t)BSON_INITIALIZER, NULL, NULL);
    const bson_t *got;
    bson_iter_t iter;
    int64_t count = 0, sum = 0;
    while (mongoc_cursor_next(cursor, &got)) {
        assert_true(bson_iter_init_find(&iter, got, "_id"));
        sum += bson_iter_int32(&iter);
        count++;
    }
    assert_false(mongoc_cursor_error(cursor, NULL));
    assert_int_equal(count, MILLION);
    assert_int_equal(sum, (int64_t)MILLION * (MILLION - 1) / 2);
    print_message("# %d documents: in %.0f/s, out %.0f/s\n", MILLION, MILLION / (filled - begun),
                  MILLION / (seconds() - filled));
    mongoc_cursor_destroy(cursor);
    mongoc_collection_destroy(collection);
}

const struct CMUnitTest corpora_tests[] = {
    NEEDS("DARA_TEST_CORPORA", test_corpora),
    NEEDS("DARA_TEST_THOROUGH", test_million),
};
const size_t corpora_test_count = COUNT(corpora_tests);
