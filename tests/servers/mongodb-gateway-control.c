/* SPDX-License-Identifier: MIT */
/* The log of commands, and what a test wants to go wrong. */
#include "mongodb-gateway.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RULES = 64, LOGGED = 65536 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static FILE *log_file;
static const char *control_path;
static struct stat control_seen;
static struct rule {
    bson_t *json;
    int64_t met; /* commands it has seen since the file changed */
} rules[RULES];
static size_t rule_count;

void control_where(const char *log, const char *control)
{
    if (log != NULL)
        log_file = fopen(log, "ae");
    control_path = control;
}

void control_log(const struct client *client, const struct command *command)
{
    if (log_file == NULL)
        return;
    char *body = bson_as_relaxed_extended_json(&command->body, NULL);
    pthread_mutex_lock(&lock);
    fprintf(log_file, "%lld %s %.*s", (long long)client->id, command->name, LOGGED, body != NULL ? body : "");
    for (size_t i = 0; i < command->sequence_count; i++)
        fprintf(log_file, " %s:%zu", command->sequences[i].name, command->sequences[i].size);
    fputc('\n', log_file);
    fflush(log_file);
    pthread_mutex_unlock(&lock);
    bson_free(body);
}

static void read_rules(FILE *file)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t size;
    while ((size = getline(&line, &room, file)) > 0 && rule_count < RULES) {
        bson_error_t error;
        if (line[strspn(line, " \t\r\n")] == '\0' || line[0] == '#')
            continue;
        bson_t *json = bson_new_from_json((const uint8_t *)line, size, &error);
        if (json == NULL)
            fprintf(stderr, "%s: %s: %s", control_path, error.message, line);
        else
            rules[rule_count++] = (struct rule){.json = json};
    }
    free(line);
}

/* Under the lock. */
static void refresh(void)
{
    struct stat now = {0};
    if (control_path == NULL)
        return;
    const bool there = stat(control_path, &now) == 0;
    if (now.st_ino == control_seen.st_ino && now.st_size == control_seen.st_size &&
        now.st_mtim.tv_sec == control_seen.st_mtim.tv_sec && now.st_mtim.tv_nsec == control_seen.st_mtim.tv_nsec)
        return;
    control_seen = now;
    while (rule_count > 0)
        bson_destroy(rules[--rule_count].json);
    FILE *file = there ? fopen(control_path, "re") : NULL;
    if (file == NULL)
        return;
    read_rules(file);
    fclose(file);
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

static bool names(const bson_t *rule, const struct command *command)
{
    bson_iter_t iter;
    if (!bson_iter_init_find(&iter, rule, "command") || !BSON_ITER_HOLDS_UTF8(&iter))
        return false;
    const char *name = bson_iter_utf8(&iter, NULL);
    if (strcmp(name, "*") == 0)
        return strcasecmp(command->name, "hello") != 0 && strcasecmp(command->name, "isMaster") != 0;
    return strcmp(name, command->name) == 0;
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

enum fault control_fault(const struct command *command, bson_t *reply)
{
    enum fault fault = FAULT_NONE;
    int64_t delay = 0;
    pthread_mutex_lock(&lock);
    refresh();
    for (size_t i = 0; i < rule_count; i++)
        if (due(&rules[i], command) && fault == FAULT_NONE)
            fault = follow(rules[i].json, reply, &delay);
    pthread_mutex_unlock(&lock);
    if (delay > 0)
        usleep((useconds_t)delay * 1000);
    return fault;
}

static bool switched_on(const char *name)
{
    bool on = false;
    bson_iter_t iter;
    pthread_mutex_lock(&lock);
    refresh();
    for (size_t i = 0; i < rule_count; i++)
        on |= bson_iter_init_find(&iter, rules[i].json, name) && bson_iter_as_bool(&iter);
    pthread_mutex_unlock(&lock);
    return on;
}

bool control_refuses(void)
{
    return switched_on("refuse");
}

bool control_keeps(void)
{
    return switched_on("keep");
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

void control_hello(bson_t *reply)
{
    bson_iter_t iter, each;
    pthread_mutex_lock(&lock);
    refresh();
    for (size_t i = 0; i < rule_count; i++) {
        if (!bson_iter_init_find(&iter, rules[i].json, "hello") || !bson_iter_recurse(&iter, &each))
            continue;
        while (bson_iter_next(&each))
            replace(reply, &each);
    }
    pthread_mutex_unlock(&lock);
}
