/* SPDX-License-Identifier: MIT */
/*
 * Options of collections that DocumentDB has not: capped collections, time series, clustered indexes, collations, images for change streams.
 * It refuses them. Where a client's control file says {"keep": true} the gateway keeps them instead and shows them again, without any effect: for
 * tests of what is read, written and compared of a schema, which say in their names that nothing but the options is there.
 */
#include "mongodb-gateway.h"

#include <stdlib.h>
#include <string.h>

struct kept {
    char database[128];
    char collection[512];
    bson_t *options;
    struct kept *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct kept *all;

/* In the order in which MongoDB shows them. */
static const char *const lacking[] = {
    "capped",    "size", "max", "changeStreamPreAndPostImages", "collation", "clusteredIndex", "expireAfterSeconds",
    "timeseries"};
enum { LACKING = sizeof lacking / sizeof *lacking };

static bool is_lacking(const char *name)
{
    for (size_t i = 0; i < LACKING; i++)
        if (strcmp(lacking[i], name) == 0)
            return true;
    return false;
}

/* Under the lock: where a collection's options hang, or the end of the list. */
static struct kept **place(const char *database, const char *collection)
{
    struct kept **at = &all;
    while (*at != NULL && (strcmp((*at)->database, database) != 0 || strcmp((*at)->collection, collection) != 0))
        at = &(*at)->next;
    return at;
}

static void forget(struct kept **at)
{
    struct kept *kept = *at;
    if (kept == NULL)
        return;
    *at = kept->next;
    bson_destroy(kept->options);
    free(kept);
}

void keep_remember(const struct command *command, const bson_t *options)
{
    const char *database = command->database, *collection = command->collection;
    if (bson_empty(options))
        return;
    struct kept *kept = calloc(1, sizeof *kept);
    if (kept == NULL)
        return;
    snprintf(kept->database, sizeof kept->database, "%s", database);
    snprintf(kept->collection, sizeof kept->collection, "%s", collection);
    kept->options = bson_copy(options);
    pthread_mutex_lock(&lock);
    forget(place(database, collection));
    kept->next = all;
    all = kept;
    pthread_mutex_unlock(&lock);
}

static void nested(const bson_iter_t *at, bson_t *ret_document)
{
    const uint8_t *data;
    uint32_t size;
    bson_iter_document(at, &size, &data);
    if (!bson_init_static(ret_document, data, size))
        bson_init(ret_document);
}

/* The fields of `given` in the order of `defaults`, with those where it says nothing; then its others. */
static void complete(const char *name, const bson_t *given, const char *defaults, bson_t *options)
{
    bson_t whole, *standard = bson_new_from_json((const uint8_t *)defaults, -1, NULL);
    bson_iter_t each, iter;
    BSON_APPEND_DOCUMENT_BEGIN(options, name, &whole);
    bson_iter_init(&each, standard);
    while (bson_iter_next(&each)) {
        if (bson_iter_init_find(&iter, given, bson_iter_key(&each)))
            bson_append_iter(&whole, NULL, -1, &iter);
        else if (!BSON_ITER_HOLDS_NULL(&each))
            bson_append_iter(&whole, NULL, -1, &each);
    }
    bson_iter_init(&each, given);
    while (bson_iter_next(&each))
        if (!bson_has_field(standard, bson_iter_key(&each)))
            bson_append_iter(&whole, NULL, -1, &each);
    bson_append_document_end(options, &whole);
    bson_destroy(standard);
}

/* As MongoDB shows it: with what follows from it. */
static void add_option(const bson_iter_t *option, bson_t *options)
{
    static const struct {
        const char *name, *defaults;
    } completed[] = {
        {"timeseries",
         "{\"timeField\": null, \"metaField\": null, \"granularity\": \"seconds\", \"bucketMaxSpanSeconds\": 3600}"},
        {"clusteredIndex", "{\"v\": 2, \"key\": null, \"name\": \"_id_\", \"unique\": true}"},
        {"collation", "{\"locale\": null, \"caseLevel\": false, \"caseFirst\": \"off\", \"strength\": 3, "
                      "\"numericOrdering\": false, "
                      "\"alternate\": \"non-ignorable\", \"maxVariable\": \"punct\", \"normalization\": false, "
                      "\"backwards\": false, "
                      "\"version\": \"57.1\"}"},
    };
    bson_t given;
    for (size_t i = 0; i < sizeof completed / sizeof *completed; i++) {
        if (strcmp(completed[i].name, bson_iter_key(option)) != 0 || !BSON_ITER_HOLDS_DOCUMENT(option))
            continue;
        nested(option, &given);
        complete(completed[i].name, &given, completed[i].defaults, options);
        return;
    }
    bson_append_iter(options, NULL, -1, option);
}

void keep_create(const struct client *client, const struct command *command, bson_t *spec, bson_t *ret_options)
{
    bson_iter_t iter;
    bson_t rest = BSON_INITIALIZER;
    bson_init(ret_options);
    if (!control_keeps(client))
        return;
    for (size_t i = 0; i < LACKING; i++)
        if (bson_iter_init_find(&iter, &command->body, lacking[i]))
            add_option(&iter, ret_options);
    bson_iter_init(&iter, spec);
    while (bson_iter_next(&iter))
        if (!is_lacking(bson_iter_key(&iter)))
            bson_append_iter(&rest, NULL, -1, &iter);
    bson_reinit(spec);
    bson_concat(spec, &rest);
    bson_destroy(&rest);
}

/* Under the lock: fields of a collMod in the place of those that are kept. */
static void change(struct kept *kept, const bson_t *body)
{
    static const struct {
        const char *said, *kept;
    } names[] = {{"cappedSize", "size"},
                 {"cappedMax", "max"},
                 {"changeStreamPreAndPostImages", "changeStreamPreAndPostImages"},
                 {"expireAfterSeconds", "expireAfterSeconds"}};
    bson_iter_t iter;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!bson_iter_init_find(&iter, body, names[i].said))
            continue;
        bson_t *changed = bson_new();
        bson_copy_to_excluding_noinit(kept->options, changed, names[i].kept, NULL);
        bson_append_iter(changed, names[i].kept, -1, &iter);
        bson_destroy(kept->options);
        kept->options = changed;
    }
}

void keep_modify(const struct command *command, bson_t *spec)
{
    bson_t rest = BSON_INITIALIZER;
    pthread_mutex_lock(&lock);
    struct kept *kept = *place(command->database, command->collection);
    if (kept != NULL) {
        change(kept, &command->body);
        bson_copy_to_excluding_noinit(spec, &rest, "cappedSize", "cappedMax", "changeStreamPreAndPostImages",
                                      "expireAfterSeconds", NULL);
        bson_reinit(spec);
        bson_concat(spec, &rest);
    }
    pthread_mutex_unlock(&lock);
    bson_destroy(&rest);
}

static void rename_kept(const struct command *command)
{
    bson_iter_t iter;
    const char *from = strchr(command->collection, '.');
    if (!bson_iter_init_find(&iter, &command->body, "to") || !BSON_ITER_HOLDS_UTF8(&iter) || from == NULL)
        return;
    const char *to = bson_iter_utf8(&iter, NULL), *name = strchr(to, '.');
    char database[128];
    snprintf(database, sizeof database, "%.*s", (int)(from - command->collection), command->collection);
    struct kept *kept = *place(database, from + 1);
    if (kept == NULL || name == NULL)
        return;
    snprintf(kept->database, sizeof kept->database, "%.*s", (int)(name - to), to);
    snprintf(kept->collection, sizeof kept->collection, "%s", name + 1);
}

void keep_follow(const struct command *command)
{
    pthread_mutex_lock(&lock);
    if (strcmp(command->name, "drop") == 0)
        forget(place(command->database, command->collection));
    if (strcmp(command->name, "renameCollection") == 0)
        rename_kept(command);
    if (strcmp(command->name, "dropDatabase") == 0) {
        struct kept **at = &all;
        while (*at != NULL) {
            if (strcmp((*at)->database, command->database) == 0)
                forget(at);
            else
                at = &(*at)->next;
        }
    }
    pthread_mutex_unlock(&lock);
}

void keep_options(const char *database, const char *collection, bson_t *ret_options)
{
    bson_init(ret_options);
    pthread_mutex_lock(&lock);
    const struct kept *kept = *place(database, collection);
    if (kept != NULL)
        bson_concat(ret_options, kept->options);
    pthread_mutex_unlock(&lock);
}
