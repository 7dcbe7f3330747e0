/* SPDX-License-Identifier: MIT */
/*
 * How the conformance suite reaches MongoDB past dara: what the server's own shell would do, by libmongoc and libbson's own reader of JSON.
 *
 *   mongodb-client load URL          commands from standard input, one document behind the other; lines of comments are left out
 *   mongodb-client run URL COMMAND…  what each gives: its documents, or its number, one on a line
 *   mongodb-client schema URL        what listCollections and listIndexes say, without dara's own
 *   mongodb-client rows URL          all documents without dara's own, byte for byte as canonical Extended JSON
 *   mongodb-client copy URL FROM     everything of the database FROM, dara's own included
 *   mongodb-client drop URL
 */
#include <mongoc/mongoc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static mongoc_client_t *client;
static const char *database;

static void die(const char *doing, const char *why)
{
    fprintf(stderr, "mongodb-client: %s: %s\n", doing, why);
    exit(1);
}

/* A command that must do all that it was to do. */
static void run_in(const char *name, const bson_t *command, bson_t *ret_reply)
{
    bson_error_t error;
    bson_iter_t value;
    char *text = bson_as_relaxed_extended_json(command, NULL);
    if (!mongoc_client_command_simple(client, name, command, NULL, ret_reply, &error))
        die(text, error.message);
    if (bson_iter_init_find(&value, ret_reply, "writeErrors"))
        die(text, bson_as_relaxed_extended_json(ret_reply, NULL));
    bson_free(text);
}

static bson_t *parse(const char *text)
{
    bson_error_t error;
    bson_t *document = bson_new_from_json((const uint8_t *)text, -1, &error);
    if (!document)
        die(text, error.message);
    return document;
}

static void print(const char *before, const bson_t *document)
{
    char *text = bson_as_canonical_extended_json(document, NULL);
    printf("%s%s\n", before, text);
    bson_free(text);
}

static const char *text_of(const bson_t *document, const char *name)
{
    bson_iter_t value;
    return bson_iter_init_find(&value, document, name) ? bson_iter_utf8(&value, NULL) : "";
}

/* ---- load, run ---- */

static void load(void)
{
    char *line = NULL, *text = NULL;
    size_t room = 0, length = 0;
    ssize_t got;
    while ((got = getline(&line, &room, stdin)) > 0) {
        if (strncmp(line, "//", 2) == 0)
            continue;
        text = bson_realloc(text, length + (size_t)got + 1);
        memcpy(text + length, line, (size_t)got + 1);
        length += (size_t)got;
    }
    bson_error_t error;
    bson_json_reader_t *reader = bson_json_data_reader_new(true, 0);
    bson_t command = BSON_INITIALIZER, reply;
    int more;
    bson_json_data_reader_ingest(reader, (const uint8_t *)text, length);
    while ((more = bson_json_reader_read(reader, &command, &error)) > 0) {
        run_in(database, &command, &reply);
        bson_destroy(&reply);
        bson_reinit(&command);
    }
    if (more < 0)
        die("standard input", error.message);
    bson_json_reader_destroy(reader);
    bson_destroy(&command);
    bson_free(text);
    free(line);
}

static void print_reply(bson_t *reply)
{
    bson_iter_t value;
    const bson_t *document;
    if (!bson_iter_init_find(&value, reply, "cursor")) {
        if (bson_iter_init_find(&value, reply, "n"))
            printf("%lld\n", (long long)bson_iter_as_int64(&value));
        bson_destroy(reply);
        return;
    }
    mongoc_cursor_t *cursor = mongoc_cursor_new_from_command_reply_with_opts(client, reply, NULL);
    while (mongoc_cursor_next(cursor, &document))
        print("", document);
    mongoc_cursor_destroy(cursor);
}

static void run(const char *text)
{
    bson_t reply, *command = parse(text);
    run_in(database, command, &reply);
    print_reply(&reply);
    bson_destroy(command);
}

/* ---- schema, rows, copy ---- */

static int by_name(const void *left, const void *right)
{
    const bson_t *const *a = left, *const *b = right;
    return strcmp(text_of(*a, "name"), text_of(*b, "name"));
}

/* The documents of a cursor, by their names; ends with NULL. */
static bson_t **list(const char *name, bson_t *command)
{
    bson_t reply, **items = NULL;
    size_t count = 0;
    const bson_t *document;
    run_in(name, command, &reply);
    mongoc_cursor_t *cursor = mongoc_cursor_new_from_command_reply_with_opts(client, &reply, NULL);
    while (mongoc_cursor_next(cursor, &document)) {
        items = bson_realloc(items, (count + 2) * sizeof(*items));
        items[count++] = bson_copy(document);
    }
    items = bson_realloc(items, (count + 1) * sizeof(*items));
    items[count] = NULL;
    if (count)
        qsort(items, count, sizeof(*items), by_name);
    mongoc_cursor_destroy(cursor);
    bson_destroy(command);
    return items;
}

static bson_t **list_collections(const char *name)
{
    return list(name, BCON_NEW("listCollections", BCON_INT32(1)));
}

static bson_t **list_indexes(const char *name, const char *collection)
{
    return list(name, BCON_NEW("listIndexes", BCON_UTF8(collection)));
}

static bool is_view(const bson_t *entry)
{
    return strcmp(text_of(entry, "type"), "view") == 0;
}

static void show_schema(void)
{
    for (bson_t **at = list_collections(database); *at; at++) {
        if (strncmp(text_of(*at, "name"), "dara_", 5) == 0)
            continue;
        bson_t shown = BSON_INITIALIZER;
        bson_copy_to_excluding_noinit(*at, &shown, "info", "idIndex", NULL);
        print("", &shown);
        bson_destroy(&shown);
        for (bson_t **index = is_view(*at) ? NULL : list_indexes(database, text_of(*at, "name")); index && *index;
             index++)
            print("    ", *index);
    }
}

static void each_row(const char *from, const char *collection, void (*put)(const char *collection, const bson_t *row))
{
    mongoc_collection_t *it = mongoc_client_get_collection(client, from, collection);
    bson_t all = BSON_INITIALIZER;
    const bson_t *row;
    bson_error_t error;
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(it, &all, NULL, NULL);
    while (mongoc_cursor_next(cursor, &row))
        put(collection, row);
    if (mongoc_cursor_error(cursor, &error))
        die(collection, error.message);
    mongoc_cursor_destroy(cursor);
    mongoc_collection_destroy(it);
}

static void print_row(const char *collection, const bson_t *row)
{
    printf("%s ", collection);
    for (uint32_t i = 0; i < row->len; i++)
        printf("%02x", bson_get_data(row)[i]);
    print(" ", row);
}

static void show_rows(void)
{
    for (bson_t **at = list_collections(database); *at; at++)
        if (!is_view(*at) && strncmp(text_of(*at, "name"), "dara_", 5) != 0)
            each_row(database, text_of(*at, "name"), print_row);
}

static void copy_row(const char *collection, const bson_t *row)
{
    bson_t reply, *command = BCON_NEW("insert", BCON_UTF8(collection), "documents", "[", BCON_DOCUMENT(row), "]");
    run_in(database, command, &reply);
    bson_destroy(&reply);
    bson_destroy(command);
}

/* A text index is made by its fields, and shown by its weights. */
static void copy_key(const bson_t *spec, bson_t *to)
{
    bson_iter_t key, part, weights, field;
    bson_iter_init_find(&key, spec, "key");
    for (bson_iter_recurse(&key, &part); bson_iter_next(&part);) {
        if (strcmp(bson_iter_key(&part), "_fts") == 0 && bson_iter_init_find(&weights, spec, "weights"))
            for (bson_iter_recurse(&weights, &field); bson_iter_next(&field);)
                bson_append_utf8(to, bson_iter_key(&field), -1, "text", -1);
        else if (strcmp(bson_iter_key(&part), "_ftsx") != 0)
            bson_append_iter(to, NULL, 0, &part);
    }
}

static void copy_index(const char *collection, const bson_t *spec)
{
    bson_t reply, plain = BSON_INITIALIZER, key = BSON_INITIALIZER;
    if (strcmp(text_of(spec, "name"), "_id_") == 0)
        return;
    copy_key(spec, &key);
    BSON_APPEND_DOCUMENT(&plain, "key", &key);
    bson_copy_to_excluding_noinit(spec, &plain, "v", "ns", "key", NULL);
    bson_t *command = BCON_NEW("createIndexes", BCON_UTF8(collection), "indexes", "[", BCON_DOCUMENT(&plain), "]");
    run_in(database, command, &reply);
    bson_destroy(&reply);
    bson_destroy(command);
    bson_destroy(&plain);
    bson_destroy(&key);
}

static void copy_one(const char *from, const bson_t *entry)
{
    bson_iter_t options, option;
    bson_t reply, *command = BCON_NEW("create", BCON_UTF8(text_of(entry, "name")));
    if (bson_iter_init_find(&options, entry, "options"))
        for (bson_iter_recurse(&options, &option); bson_iter_next(&option);)
            bson_append_iter(command, NULL, 0, &option);
    run_in(database, command, &reply);
    bson_destroy(&reply);
    bson_destroy(command);
    if (is_view(entry))
        return;
    each_row(from, text_of(entry, "name"), copy_row);
    for (bson_t **index = list_indexes(from, text_of(entry, "name")); *index; index++)
        copy_index(text_of(entry, "name"), *index);
}

static void copy(const char *from)
{
    bson_t **entries = list_collections(from);
    for (int views = 0; views < 2; views++)
        for (bson_t **at = entries; *at; at++)
            if (is_view(*at) == (views == 1))
                copy_one(from, *at);
}

int main(int argc, char **argv)
{
    bson_error_t error;
    if (argc < 3)
        die("usage", "mongodb-client load|run|schema|rows|copy|drop URL …");
    setenv("MONGOC_DISABLE_SHM", "1", 0); /* counters for nobody, and a warning where there is no room for them */
    mongoc_init();
    mongoc_uri_t *uri = mongoc_uri_new_with_error(argv[2], &error);
    if (!uri)
        die(argv[2], error.message);
    database = mongoc_uri_get_database(uri);
    client = mongoc_client_new_from_uri(uri);
    mongoc_client_set_error_api(client, MONGOC_ERROR_API_VERSION_2);
    if (strcmp(argv[1], "load") == 0)
        load();
    else if (strcmp(argv[1], "schema") == 0)
        show_schema();
    else if (strcmp(argv[1], "rows") == 0)
        show_rows();
    else if (strcmp(argv[1], "copy") == 0 && argc > 3)
        copy(argv[3]);
    else if (strcmp(argv[1], "drop") == 0)
        run("{\"dropDatabase\": 1}");
    else
        for (int i = 3; i < argc; i++)
            run(argv[i]);
    return 0;
}
