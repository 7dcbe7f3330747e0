/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli/call.h"
#include "service/snapshot.h"

struct candidates {
    struct dara_text *out;
    const char *prefix; /* what is typed of the word */
    const char *before; /* what stands before each candidate ("--format=") */
};

/* `help` may be NULL. What does not begin as typed is left out. */
static void offer(const struct candidates *c, const char *word, const char *help)
{
    if (strncmp(word, c->prefix, strlen(c->prefix)) != 0)
        return;
    dara_text_add(c->out, c->before);
    dara_text_add(c->out, word);
    if (help)
        dara_text_format(c->out, "\t%s", help);
    dara_text_add(c->out, "\n");
}

static void offer_word(void *context, const char *word)
{
    offer(context, word, NULL);
}

static void offer_commands(const struct candidates *c)
{
    for (const struct dara_command *const *d = dara_commands; *d; d++)
        if (!((*d)->flags & DARA_COMMAND_HIDDEN))
            offer(c, (*d)->name, (*d)->summary);
}

static void offer_options(const struct candidates *c, const struct dara_option *options)
{
    for (const struct dara_option *o = options; o && o->name; o++) {
        DARA_FREE char *word = dara_format("--%s", o->name);
        offer(c, word, o->help);
    }
}

/* The newest of its label, which is a plain word: no shell has to quote it. */
static bool stands_for_label(struct dara_snapshot *const *list, size_t count, size_t at)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    const char *label = list[at]->label;
    if (label[strspn(label, plain)])
        return false;
    for (size_t i = at + 1; i < count; i++)
        if (!strcmp(list[i]->label, label))
            return false;
    return true;
}

static void offer_snapshots(const struct candidates *c, struct dara_context *context)
{
    struct dara_snapshot **list = NULL;
    size_t count = 0;
    if (dara_context_project(context) || dara_snapshot_list(context, &list, &count))
        return;
    offer(c, "latest", "the newest snapshot");
    for (size_t i = count; i-- > 0;)
        offer(c, list[i]->id, list[i]->label);
    for (size_t i = count; i-- > 0 && *c->prefix;)
        if (stands_for_label(list, count, i))
            offer(c, list[i]->label, list[i]->id);
    dara_snapshot_list_free(list, count);
}

static void offer_environments(const struct candidates *c, struct dara_context *context, const char *before)
{
    if (dara_context_project(context))
        return;
    for (size_t i = 0; i < context->project->environment_count; i++) {
        DARA_FREE char *word = dara_format("%s%s", before, context->project->environments[i].name);
        offer(c, word, NULL);
    }
}

/* What compare-schemas and create-migration --to take. */
static void offer_targets(const struct candidates *c, struct dara_context *context)
{
    offer(c, "live", "the schema as it is");
    offer(c, "migrations", "the project's migrations, run on a scratch database");
    offer_snapshots(c, context);
    offer_environments(c, context, "env:");
    dara_text_add(c->out, ":file\n");
}

/* `what`: "file", "folder", "snapshot", "target", "environment", "command", "table", or the words themselves. A word among them that is one
 * of these names stands for what it names. */
static void offer_kind(void *context, const char *what);

struct kinds {
    const struct candidates *candidates;
    struct dara_context *context;
};

static void offer_kind(void *context, const char *what)
{
    const struct kinds *kinds = context;
    const struct candidates *c = kinds->candidates;
    if (strcmp(what, "file") == 0)
        dara_text_add(c->out, ":file\n");
    else if (strcmp(what, "folder") == 0)
        dara_text_add(c->out, ":folder\n");
    else if (strcmp(what, "snapshot") == 0)
        offer_snapshots(c, kinds->context);
    else if (strcmp(what, "environment") == 0)
        offer_environments(c, kinds->context, "");
    else if (strcmp(what, "target") == 0)
        offer_targets(c, kinds->context);
    else if (strcmp(what, "command") == 0)
        offer_commands(c);
    else if (strcmp(what, "table") != 0) /* tables would need a connection, which nobody wants at a Tab */
        offer_word((void *)c, what);
}

static void offer_values(const struct candidates *c, struct dara_context *context, const struct dara_option *option)
{
    struct kinds kinds = {c, context};
    if (option->values) {
        dara_words_each(option->values, offer_word, (void *)c);
        return;
    }
    static const struct {
        const char *argument;
        const char *kind;
    } known[] = {{"DIR", "folder"}, {"FOLDER", "folder"},     {"FILE", "file"},
                 {"PATH", "file"},  {"SNAPSHOT", "snapshot"}, {"TARGET", "target"}};
    if (strcmp(option->name, "env") == 0)
        offer_environments(c, context, "");
    for (size_t i = 0; i < DARA_COUNT(known); i++)
        if (strcmp(option->argument, known[i].argument) == 0)
            offer_kind(&kinds, known[i].kind);
}

/* What the words before the one to complete tell. */
struct place {
    const struct dara_command *command;
    const struct dara_option *pending; /* the word is this option's value */
    bool only_arguments;               /* "--" has been given */
    size_t arguments;                  /* of the command, so far */
};

static const struct dara_option *option_of(const struct dara_command *command, const char *word)
{
    if (word[1] == '-')
        return strchr(word, '=') ? NULL : dara_option_find(command, word + 2, strlen(word + 2));
    return dara_option_find_letter(command, word[strlen(word) - 1]);
}

static struct place find_place(size_t count, const char *const *words, struct dara_context *context)
{
    struct place place = {0};
    for (size_t i = 0; i < count; i++) {
        const char *word = words[i];
        if (place.pending) {
            if (strcmp(place.pending->name, "directory") == 0)
                context->folder = word;
            place.pending = NULL;
        } else if (!place.only_arguments && strcmp(word, "--") == 0) {
            place.only_arguments = true;
        } else if (!place.only_arguments && word[0] == '-' && word[1]) {
            const struct dara_option *option = option_of(place.command, word);
            place.pending = option && option->argument ? option : NULL;
        } else if (!place.command) {
            place.command = dara_command_find(word);
            if (!place.command)
                break;
        } else {
            place.arguments++;
        }
    }
    return place;
}

static void complete_at(const struct place *place, const char *word, struct dara_context *context,
                        struct dara_text *out)
{
    struct candidates candidates = {.out = out, .prefix = word, .before = ""};
    struct kinds kinds = {&candidates, context};
    if (place->pending) {
        offer_values(&candidates, context, place->pending);
        return;
    }
    const char *equals = strchr(word, '=');
    if (!place->only_arguments && strncmp(word, "--", 2) == 0 && equals) {
        const struct dara_option *option = dara_option_find(place->command, word + 2, (size_t)(equals - word) - 2);
        DARA_FREE char *before = dara_strndup(word, (size_t)(equals - word) + 1);
        candidates.prefix = equals + 1;
        candidates.before = before;
        if (option && option->argument)
            offer_values(&candidates, context, option);
        return;
    }
    if (!place->only_arguments && word[0] == '-') {
        offer_options(&candidates, place->command ? place->command->options : NULL);
        offer_options(&candidates, dara_global_options);
        return;
    }
    if (!place->command)
        offer_commands(&candidates);
    else if (place->arguments && place->command->complete_next)
        dara_words_each(place->command->complete_next, offer_kind, &kinds);
    else
        dara_words_each(place->command->complete, offer_kind, &kinds);
}

void dara_complete(size_t count, const char *const *words, struct dara_text *out)
{
    if (!count)
        return;
    struct dara_context context = {.quiet = true};
    struct place place = find_place(count - 1, words, &context);
    bool unknown = false;
    for (size_t i = 0; i + 1 < count && !place.command; i++)
        unknown |= words[i][0] != '-' && !place.pending && !dara_command_find(words[i]) && i == 0;
    if (!unknown)
        complete_at(&place, words[count - 1], &context, out);
    dara_context_done(&context);
    dara_error_clear();
}
