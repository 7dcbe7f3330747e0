/* SPDX-License-Identifier: MIT */
/* The log of commands, and what a test wants to go wrong. */
#include "mongodb-gateway.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RULES = 64, SETS = 128, LOGGED = 65536 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *log_folder, *control_folder;

/* What is to go wrong for the clients that call themselves by one name. */
static struct set {
    char name[128];
    struct stat seen;
    size_t count;
    struct rule {
        bson_t *json;
        int64_t met; /* commands it has seen since the file changed */
    } rules[RULES];
} * sets[SETS];

void control_where(const char *log, const char *control)
{
    log_folder = log;
    control_folder = control;
}

/* A file for this client in a folder; false: it has no name, or none for a file. */
static bool own_file(const struct client *client, const char *folder, char *ret_path, size_t room)
{
    static const char fit[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    const char *name = client->application;
    if (folder == NULL || name[0] == '\0' || name[strspn(name, fit)] != '\0')
        return false;
    snprintf(ret_path, room, "%s/%s", folder, name);
    return true;
}

void control_log(const struct client *client, const struct command *command)
{
    char path[4096];
    if (!own_file(client, log_folder, path, sizeof path))
        return;
    char *body = bson_as_relaxed_extended_json(&command->body, NULL);
    FILE *file = fopen(path, "ae");
    if (file != NULL && body != NULL) {
        setvbuf(file, NULL, _IOFBF, 2 * LOGGED);
        fprintf(file, "%lld %s %.*s", (long long)client->id, command->name, LOGGED, body);
        for (size_t i = 0; i < command->sequence_count; i++)
            fprintf(file, " %s:%zu", command->sequences[i].name, command->sequences[i].size);
        fputc('\n', file);
    }
    if (file != NULL)
        fclose(file);
    bson_free(body);
}

static void read_rules(struct set *set, FILE *file)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t size;
    while ((size = getline(&line, &room, file)) > 0 && set->count < RULES) {
        bson_error_t error;
        if (line[strspn(line, " \t\r\n")] == '\0' || line[0] == '#')
            continue;
        bson_t *json = bson_new_from_json((const uint8_t *)line, size, &error);
        if (json == NULL)
            fprintf(stderr, "%s: %s: %s", set->name, error.message, line);
        else
            set->rules[set->count++] = (struct rule){.json = json};
    }
    free(line);
}

/* Under the lock: the rules of a name. */
static struct set *set_of(const char *name)
{
    size_t i = 0;
    while (i < SETS && sets[i] != NULL && strcmp(sets[i]->name, name) != 0)
        i++;
    if (i == SETS)
        return NULL;
    if (sets[i] == NULL && (sets[i] = calloc(1, sizeof *sets[i])) != NULL)
        snprintf(sets[i]->name, sizeof sets[i]->name, "%s", name);
    return sets[i];
}

static bool unchanged(const struct stat *one, const struct stat *other)
{
    return one->st_ino == other->st_ino && one->st_size == other->st_size &&
           one->st_mtim.tv_sec == other->st_mtim.tv_sec && one->st_mtim.tv_nsec == other->st_mtim.tv_nsec;
}

/* Under the lock: a client's rules as they are now; NULL: it has none. */
static struct set *refreshed(const struct client *client)
{
    char path[4096];
    struct stat now = {0};
    struct set *set = own_file(client, control_folder, path, sizeof path) ? set_of(client->application) : NULL;
    if (set == NULL)
        return NULL;
    const bool there = stat(path, &now) == 0;
    if (unchanged(&now, &set->seen))
        return set;
    set->seen = now;
    while (set->count > 0)
        bson_destroy(set->rules[--set->count].json);
    FILE *file = there ? fopen(path, "re") : NULL;
    if (file != NULL) {
        read_rules(set, file);
        fclose(file);
    }
    return set;
}

/* Equal, where numbers of any type are numbers; null in the rule is anything. */
static bool same_value(bson_iter_t *wanted, bson_iter_t *got)
{
    bson_t one = BSON_INITIALIZER, other = BSON_INITIALIZER;
    if (BSON_ITER_HOLDS_NULL(wanted))
        return true;
    if (BSON_ITER_HOLDS_NUMBER(wanted) && BSON_ITER_HOLDS_NUMBER(got))
        return bson_iter_as_double(wanted) == bson_iter_as_double(got);
    bson_append_iter(&one, "v", -1, wanted);
    bson_append_iter(&other, "v", -1, got);
    const bool same = bson_equal(&one, &other);
    bson_destroy(&one);
    bson_destroy(&other);
    return same;
}

static bool matches(const bson_t *rule, const struct command *command)
{
    bson_iter_t iter, each, body, got;
    if (!bson_iter_init_find(&iter, rule, "match"))
        return true;
    if (!bson_iter_recurse(&iter, &each))
        return false;
    while (bson_iter_next(&each)) {
        if (!bson_iter_init(&body, &command->body) || !bson_iter_find_descendant(&body, bson_iter_key(&each), &got) ||
            !same_value(&each, &got))
            return false;
    }
    return true;
}

static bool greets(const struct command *command)
{
    return strcasecmp(command->name, "hello") == 0 || strcasecmp(command->name, "isMaster") == 0;
}

static bool names(const bson_t *rule, const struct command *command)
{
    bson_iter_t iter;
    if (!bson_iter_init_find(&iter, rule, "command") || !BSON_ITER_HOLDS_UTF8(&iter))
        return false;
    const char *name = bson_iter_utf8(&iter, NULL);
    return strcmp(name, "*") == 0 ? !greets(command) : strcmp(name, command->name) == 0;
}

/* Whether it is this rule's turn: it counts what it sees. */
static bool due(struct rule *rule, const struct command *command)
{
    bson_iter_t iter;
    if (!names(rule->json, command) || !matches(rule->json, command))
        return false;
    rule->met++;
    return !bson_iter_init_find(&iter, rule->json, "nth") || bson_iter_as_int64(&iter) == rule->met;
}

static enum fault follow(const bson_t *rule, bson_t *reply, int64_t *delay)
{
    bson_iter_t iter;
    if (bson_iter_init_find(&iter, rule, "delay"))
        *delay += bson_iter_as_int64(&iter);
    if (bson_iter_init_find(&iter, rule, "cut") && BSON_ITER_HOLDS_UTF8(&iter))
        return strcmp(bson_iter_utf8(&iter, NULL), "after") == 0 ? FAULT_AFTER : FAULT_BEFORE;
    if (bson_iter_init_find(&iter, rule, "reply") && BSON_ITER_HOLDS_DOCUMENT(&iter)) {
        const uint8_t *data;
        uint32_t size;
        bson_t scripted;
        bson_iter_document(&iter, &size, &data);
        if (bson_init_static(&scripted, data, size))
            bson_concat(reply, &scripted);
        return FAULT_ANSWERED;
    }
    return FAULT_NONE;
}

static bool switched_on(const struct set *set, const char *name)
{
    bool on = false;
    bson_iter_t iter;
    for (size_t i = 0; set != NULL && i < set->count; i++)
        on |= bson_iter_init_find(&iter, set->rules[i].json, name) && bson_iter_as_bool(&iter);
    return on;
}

enum fault control_fault(const struct client *client, const struct command *command, bson_t *reply)
{
    enum fault fault = FAULT_NONE;
    int64_t delay = 0;
    pthread_mutex_lock(&lock);
    struct set *set = refreshed(client);
    if (greets(command) && switched_on(set, "refuse"))
        fault = FAULT_BEFORE;
    for (size_t i = 0; set != NULL && i < set->count; i++)
        if (due(&set->rules[i], command) && fault == FAULT_NONE)
            fault = follow(set->rules[i].json, reply, &delay);
    pthread_mutex_unlock(&lock);
    if (delay > 0)
        usleep((useconds_t)delay * 1000);
    return fault;
}

bool control_keeps(const struct client *client)
{
    pthread_mutex_lock(&lock);
    const bool keeps = switched_on(refreshed(client), "keep");
    pthread_mutex_unlock(&lock);
    return keeps;
}

/* Put `field` into the document, in the place of one with that name. */
static void replace(bson_t *document, const bson_iter_t *field)
{
    bson_t rest = BSON_INITIALIZER;
    bson_copy_to_excluding_noinit(document, &rest, bson_iter_key(field), NULL);
    if (!BSON_ITER_HOLDS_NULL(field))
        bson_append_iter(&rest, NULL, -1, field);
    bson_reinit(document);
    bson_concat(document, &rest);
    bson_destroy(&rest);
}

void control_hello(const struct client *client, bson_t *reply)
{
    bson_iter_t iter, each;
    pthread_mutex_lock(&lock);
    const struct set *set = refreshed(client);
    for (size_t i = 0; set != NULL && i < set->count; i++) {
        if (!bson_iter_init_find(&iter, set->rules[i].json, "hello") || !bson_iter_recurse(&iter, &each))
            continue;
        while (bson_iter_next(&each))
            replace(reply, &each);
    }
    pthread_mutex_unlock(&lock);
}
